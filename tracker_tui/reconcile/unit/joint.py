"""What Sonarr or Radarr and the clients know about one unit, and how their lists are split by episode."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker_tui.model.arr import Command, Episode, HistoryRecord, MediaFile, QueueRecord
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.reconcile.case import Download
from tracker_tui.reconcile.unit.verdict import Step


class Joint(Fact):
    """What Sonarr or Radarr and the clients know about one unit, joined."""

    has_file: bool
    file: MediaFile | None
    history: tuple[HistoryRecord, ...]
    downloads: tuple[Download, ...]
    idle: tuple[State, Step]
    since: datetime | None
    searching: datetime | None
    rivals: tuple[str, ...] | None


def by_episode(history: Iterable[HistoryRecord]) -> dict[int, list[HistoryRecord]]:
    """Group events by episode."""
    grouped: dict[int, list[HistoryRecord]] = {}
    for event in history:
        if event.episode_id is not None:
            grouped.setdefault(event.episode_id, []).append(event)
    return grouped


def records_by_episode(
    records: Iterable[QueueRecord], history: Mapping[int, Sequence[HistoryRecord]]
) -> dict[int, list[QueueRecord]]:
    """Group queue records by episode; one that names no episode goes to those whose grab it is (E1)."""
    grabbed: dict[str, set[int]] = {}
    for number, events in history.items():
        for event in events:
            if event.download_key:
                grabbed.setdefault(event.download_key, set()).add(number)
    grouped: dict[int, list[QueueRecord]] = {}
    for record in records:
        key = record.download_key
        owners = [record.episode_id] if record.episode_id is not None else sorted(grabbed.get(key, ())) if key else []
        for number in owners:
            grouped.setdefault(number, []).append(record)
    return grouped


def searches(command: Command) -> bool:
    """Return whether it is a search that is queued or running."""
    return command.running and "search" in command.name.lower()


def covers(command: Command, episode: Episode) -> bool:
    """Return whether a search is for `episode`."""
    if command.episode_ids:
        return episode.id in command.episode_ids
    return command.season is None or command.season == episode.season

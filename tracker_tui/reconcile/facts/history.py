"""What happened at one Sonarr or Radarr, by series or film, and which of them each download was grabbed for."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tracker_tui.model.arr import HistoryRecord
from tracker_tui.model.observation import HistoryRead
from tracker_tui.reconcile.facts.clocks import moved


class History:
    """The events of one instance; `films` = they are told apart by film, not by series."""

    def __init__(self, *, films: bool) -> None:
        self._films = films
        self.records: dict[int, dict[int, HistoryRecord]] = {}
        """Entry -> its events by id."""
        self.heard_at: datetime | None = None
        """When it was last asked what is new."""
        self.gap_at: datetime | None = None
        """When an answer last held events that could not be decoded: what happened before may be unknown."""
        self.read_alone: set[int] = set()
        """Entries whose own history was read, however far back it goes."""
        self.entries_of_download: dict[str, set[int]] = {}

    def of(self, number: int) -> list[HistoryRecord]:
        """Return the events of an entry, oldest first."""
        return sorted(self.records.get(number, {}).values(), key=lambda record: (record.at, record.id))

    def take(self, payload: HistoryRead, at: datetime, *, whole: bool) -> list[tuple[int, HistoryRecord]]:
        """Merge events by id; return those that are new or told anew, each with its entry."""
        owned = [(owner, record) for record in payload.records if (owner := self._owner(record)) is not None]
        fresh = [(owner, one) for owner, one in owned if self.records.get(owner, {}).get(one.id) != one]
        for owner, record in fresh:
            self.records.setdefault(owner, {})[record.id] = record
            if record.download_key:
                self.entries_of_download.setdefault(record.download_key, set()).add(owner)
        if not whole:
            self.gap_at = at
        if payload.since is None:
            self.read_alone.update(owner for owner, _ in owned)
        else:
            self.heard_at = at
        return fresh

    def _owner(self, record: HistoryRecord) -> int | None:
        return record.movie_id if self._films else record.series_id

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`."""
        self.records = moved(self.records, back)

    def prune(self, kept: Collection[int], before: datetime) -> None:
        """Forget events from before `before` of entries that nobody looks at: a long run must not grow."""
        for owner in self.records.keys() - kept:
            events = self.records[owner]
            young = {number: event for number, event in events.items() if event.at >= before}
            if len(young) == len(events):
                continue
            keys = {event.download_key for event in young.values()}
            for key in {event.download_key for event in events.values()} - keys:
                owners = self.entries_of_download.get(key, set()) if key is not None else set()
                owners.discard(owner)
                if key is not None and not owners:
                    self.entries_of_download.pop(key, None)
            if young:
                self.records[owner] = young
            else:
                del self.records[owner]
        self.read_alone.intersection_update(kept)

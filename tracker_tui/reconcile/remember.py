"""From what is shown now to what is worth remembering: only durable facts, and no new object where nothing changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from tracker_tui.model.fractions import four_decimals
from tracker_tui.model.states import SETTLED, Flag, State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.case import Seen
from tracker_tui.reconcile.memory import EpisodeMemory, Gone, RequestMemory
from tracker_tui.reconcile.unit.downloads import is_usenet
from tracker_tui.reconcile.unit.verdict import Step, Verdict

_ONE_STEP = {Step.STALLED: Step.TRANSFER, Step.CHECKING: Step.TRANSFER, Step.MOVING: Step.TRANSFER}
"""Steps that come and go within seconds are remembered as one, so that they write nothing."""


_JELLYFIN_NEXT = {State.IMPORTING, State.ANIME_MATCHING, State.MATCH_FAILED}
_BEFORE_JELLYFIN = {State.GRABBING, State.DOWNLOADING, State.DOWNLOADED}


def since_of(verdict: Verdict, memory: EpisodeMemory | None, now: datetime) -> datetime:
    """Return since when it is in its state: as remembered, else as the services say, never in the future.

    A file that was complete before its download begins to wait for its import when the download is.
    """
    at = min(verdict.at or now, now)
    if memory is not None and memory.state is verdict.state and memory.since is not None:
        if memory.step == Step.FILE_COMPLETE and verdict.step is not Step.FILE_COMPLETE:
            return at if at > memory.since else now
        return memory.since
    return max(at, memory.since) if memory is not None and memory.since is not None else at


def ready_at(verdict: Verdict, memory: EpisodeMemory | None, now: datetime) -> datetime | None:
    """Return when it became AVAILABLE: first seen in Jellyfin as far as memory knows, else the import."""
    if verdict.state is not State.AVAILABLE:
        return None
    if memory is not None and memory.state is State.AVAILABLE and memory.ready_at is not None:
        return memory.ready_at
    return now if _awaited(memory) else min(verdict.at or now, now)


def witnessed(verdict: Verdict, memory: EpisodeMemory | None) -> bool:
    """Return whether it was seen to appear in Jellyfin: it was something else in an earlier look."""
    if verdict.state is not State.AVAILABLE or memory is None:
        return False
    if memory.state is State.AVAILABLE:
        return memory.witnessed
    return _awaited(memory) and verdict.step in {Step.PLAYABLE, Step.INCOMPLETE}


def _awaited(memory: EpisodeMemory | None) -> bool:
    """Return whether an earlier look knew that it was not in Jellyfin: not merely that nobody had answered yet."""
    return memory is not None and (memory.missed or memory.state in _BEFORE_JELLYFIN)


def episode_memory(seen: Seen, counted: bool, quality: str | None, now: datetime) -> EpisodeMemory:
    """Return the document of one unit; the very same object if nothing durable changed."""
    unit, known = seen.unit, seen.unit.memory
    verdict, episode = unit.verdict, unit.episode
    step = _ONE_STEP.get(verdict.step, verdict.step)
    entered = known is None or known.state is not verdict.state or known.step != step
    fresh = EpisodeMemory(
        season=seen.season,
        number=seen.number,
        state=verdict.state,
        step=step.value,
        since=since_of(verdict, known, now),
        counted=counted,
        progress=known.progress if known is not None else _kept(verdict),
        estimate=known.estimate if known is not None else verdict.estimate,
        lost=verdict.lost,
        downloads=verdict.downloads,
        usenet=_usenet(seen, known),
        file_id=verdict.file_id,
        item_id=verdict.item_id,
        ready_at=ready_at(verdict, known, now),
        missed=_missed(seen, known),
        witnessed=witnessed(verdict, known),
        gone=seen.gone,
        absolute=episode.absolute if episode is not None else known.absolute if known is not None else None,
        title=episode.title if episode is not None else known.title if known is not None else None,
        air_at=episode.air_at if episode is not None else known.air_at if known is not None else None,
        quality=quality or (known.quality if known is not None else None),  # type: ignore[arg-type]
        size_bytes=verdict.size_bytes if verdict.size_bytes is not None else known.size_bytes if known else None,
        note=verdict.note,
        evidence=verdict.evidence if entered or known is None else known.evidence,
    )
    if known is not None and fresh == known:
        return known
    return replace(fresh, progress=_kept(verdict), estimate=verdict.estimate)


def _usenet(seen: Seen, known: EpisodeMemory | None) -> bool:
    keys = seen.unit.verdict.downloads
    told = [one for one in seen.unit.downloads if one.key in keys]
    if told:
        return any(is_usenet(one) for one in told)
    return known is not None and known.usenet and known.downloads == keys


def _missed(seen: Seen, known: EpisodeMemory | None) -> bool:
    if seen.unit.verdict.state not in _JELLYFIN_NEXT:
        return False
    found = seen.unit.jellyfin
    return (known is not None and known.missed) or (found is not None and found.found.item is None and found.looked)


def _kept(verdict: Verdict) -> float | None:
    return four_decimals(verdict.progress) if verdict.progress is not None else None


def request_memory(
    row: RequestRow,
    known: RequestMemory | None,
    episodes: Sequence[EpisodeMemory],
    now: datetime,
    *,
    gone: Iterable[Gone],
    closed_at: datetime | None,
    removed_from: str | None,
    library: str | None,
    already_there: bool,
    entry_id: int | None,
    decided_by: SafeText | None = None,
) -> RequestMemory:
    """Return the document of a request; the very same object if nothing durable changed."""
    same = known is not None and known.state is row.state
    fresh = RequestMemory(
        id=row.id,
        title=row.title,
        is_movie=row.is_movie,
        state=row.state,
        first_seen_at=known.first_seen_at if known is not None else now,
        since=known.since if known is not None and same else row.since,
        available_at=row.available_at,
        closed_at=closed_at if row.state in SETTLED else None,
        original_title=row.original_title,
        titles=row.titles,
        year=row.year,
        is_4k=row.is_4k,
        anime=row.anime,
        requested_by=row.requested_by,
        decided_by=decided_by,
        requested_at=row.requested_at,
        seasons_requested=row.seasons_requested,
        instance=row.instance.name if row.instance is not None else known.instance if known is not None else None,
        arr_id=entry_id if entry_id is not None else known.arr_id if known is not None else None,
        ids=row.ids,
        already_there=already_there,
        gone=tuple(gone),
        library=library or (known.library if known is not None else None),
        removed_from=removed_from,
        torrents=tuple(sorted({*row.torrents, *(known.torrents if known is not None else ())})),
        episodes=tuple(episodes),
        timeline=row.timeline,
    )
    return known if known is not None and fresh == known else fresh


def restored(one: EpisodeMemory, flags: tuple[Flag, ...]) -> Verdict:
    """Return the verdict that is remembered, marked with `flags`."""
    return Verdict(
        state=one.state,
        step=Step(one.step) if one.step else Step.WANTED,
        progress=one.progress,
        estimate=one.estimate,
        size_bytes=one.size_bytes,
        at=one.since,
        downloads=one.downloads,
        file_id=one.file_id,
        item_id=one.item_id,
        lost=one.lost,
        note=one.note,
        flags=flags,
        evidence=one.evidence,
    )

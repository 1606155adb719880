"""From episodes to seasons and requests: headline, counts, progress, speed, ETA, attention (R2, SPEC 2.1.1, 2.1.7)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker_tui.model.fractions import four_decimals
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import Thresholds
from tracker_tui.model.states import Attention, State
from tracker_tui.reconcile.case import Download, Route, Unit
from tracker_tui.reconcile.unit.ladder import RANK
from tracker_tui.reconcile.unit.verdict import Step, Verdict

_IN_FLIGHT_ORDER = (State.GRABBING, State.DOWNLOADED, State.IMPORTING, State.MATCH_FAILED, State.ANIME_MATCHING)


def headline(states: Sequence[State], idle: State = State.APPROVED) -> State:
    """Return the one state of many counted ones (SPEC 2.1.1, a total order); `idle` = nothing moves."""
    present = set(states)
    if State.DOWNLOADING in present:
        return State.DOWNLOADING
    for state in _IN_FLIGHT_ORDER:
        if state in present:
            return state
    if states and present == {State.AVAILABLE}:
        return State.AVAILABLE
    return State.FAILED if State.FAILED in present else idle


def season_idle(states: Iterable[State]) -> State:
    """Return the idle word of a season: UNAIRED only if nothing of it has aired, SKIPPED if nothing is wanted."""
    present = set(states)
    if present & {State.PENDING, State.AVAILABLE}:
        return State.PENDING
    return State.UNAIRED if State.UNAIRED in present else State.SKIPPED if present == {State.SKIPPED} else State.PENDING


def count_states(states: Iterable[State]) -> tuple[tuple[State, int], ...]:
    """Return how many counted episodes are in each state, in the order of the pipeline."""
    found = Counter(states)
    return tuple((state, found[state]) for state in State if found[state])


_UNFINISHED = {State.GRABBING, State.DOWNLOADING}


class Transfer(Fact):
    """The data behind some episodes: what is still carried by downloads, else what is in place."""

    progress: float | None = None
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    eta_s: int | None = None


class _Carrier(Fact):
    """One distinct download that still carries something."""

    size: int | None
    progress: float | None
    speed: int | None
    eta: int | None


def transfer_of(units: Sequence[Unit]) -> Transfer:
    """Return progress (weighted by size over distinct unimported downloads), size, speed sum and longest ETA.

    A download that no service shows now counts as remembered; without its size all weigh the same. Without any
    download: progress 1 when all data is complete, else unknown.
    """
    carriers: dict[str, _Carrier] = {}
    remembered: dict[str, list[Verdict]] = {}
    nothing_moves = True
    for unit in units:
        verdict = unit.verdict
        if not 0 < RANK[verdict.state] <= RANK[State.IMPORTING] or verdict.file_id:
            continue
        nothing_moves = nothing_moves and not unit.live
        shown = [one for one in unit.live if one.key in verdict.downloads and (one.torrent or one.records)]
        for download in shown:
            if download.key not in carriers:
                carriers[download.key] = _carrier(download, verdict)
        if not shown and verdict.downloads and verdict.progress is not None:
            remembered.setdefault(verdict.downloads[0], []).append(verdict)
    carriers |= {key: _remembered(verdicts) for key, verdicts in remembered.items() if key not in carriers}
    if not carriers:
        done = bool(units) and all(RANK[unit.verdict.state] >= RANK[State.DOWNLOADED] for unit in units)
        return Transfer(progress=1.0 if done else None, size_bytes=_in_place(units) if nothing_moves else None)
    sized = [one for one in carriers.values() if one.size and one.progress is not None]
    share = _share([(one.progress or 0.0, one.size) for one in sized])
    if any(key in carriers and not carriers[key].size for key in remembered):
        share = _share([(one.progress, None) for one in carriers.values() if one.progress is not None])
    if share is not None and share >= 1 and any(unit.verdict.state in _UNFINISHED for unit in units):
        share = None  # nobody tells how far the rest is
    return Transfer(
        progress=four_decimals(share) if share is not None else None,
        size_bytes=sum(one.size or 0 for one in sized) or None,
        speed_bytes_s=_sum(one.speed for one in carriers.values()),
        eta_s=max((one.eta for one in carriers.values() if one.eta is not None), default=None),
    )


def _remembered(verdicts: Sequence[Verdict]) -> _Carrier:
    """Return what is left of a download in the memory of its episodes."""
    parts = [(one.progress or 0.0, one.size_bytes) for one in verdicts]
    sizes = [size for _, size in parts]
    whole = _sum(sizes) if None not in sizes else None
    return _Carrier(size=whole, progress=_share(parts), speed=None, eta=None)


def _share(parts: Sequence[tuple[float, int | None]]) -> float | None:
    """Return how much of some parts is done, weighted by size where every size is known."""
    sizes = [size for _, size in parts]
    total = sum(size for size in sizes if size is not None)
    if total and None not in sizes:
        return sum(done * (size or 0) for done, size in parts) / total
    return sum(done for done, _ in parts) / len(parts) if parts else None


def _carrier(download: Download, verdict: Verdict) -> _Carrier:
    record = download.records[0] if download.records else None
    if download.torrent is None:
        size = record.size_bytes if record is not None else verdict.size_bytes
        return _Carrier(size=size, progress=verdict.progress, speed=None, eta=verdict.eta_s)
    torrent = download.torrent.torrent
    settled = RANK[verdict.state] >= RANK[State.DOWNLOADED] and verdict.step is not Step.FILE_COMPLETE
    kept = verdict.step is Step.CHECKING and not download.shared
    progress = 1.0 if settled else verdict.progress if kept else torrent.progress
    moving = verdict.step not in {Step.CHECKING, Step.METADATA}
    return _Carrier(
        size=torrent.size_bytes,
        progress=progress if moving or kept else None,
        speed=torrent.speed_bytes_s if moving else None,
        eta=None if settled else torrent.eta_s if download.shared else verdict.eta_s,
    )


def _in_place(units: Iterable[Unit]) -> int | None:
    files = {unit.file.id: unit.file.size_bytes for unit in units if unit.file is not None}
    return _sum(files.values())


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


IMPORT_SPAN_S = (60, 600)
"""From the last byte to the file in the library: Sonarr and Radarr look once a minute; copying takes minutes."""
SCAN_SPAN_S = (60, 900)
"""From the file to the item: Jellyfin waits a minute after a change it watches; a scan of a library takes minutes."""
MATCH_SPAN_S = (60, 1800)
"""Hashing and AniDB's answer in between, for anime: seconds to half an hour."""


def watchable_in(units: Sequence[Unit], *, jellyfin: bool) -> tuple[int, int] | None:
    """Return in how many seconds, at best and at worst, all of it can be watched.

    Known only while everything that is left is downloading and the client knows how long each of it takes.
    """
    left = [unit for unit in units if unit.verdict.state is not State.AVAILABLE]
    moving = [unit for unit in left if unit.verdict.step is not Step.FILE_COMPLETE]
    etas = [unit.verdict.eta_s for unit in moving if unit.verdict.state is State.DOWNLOADING]
    known = [eta for eta in etas if eta is not None]
    if not moving or len(known) != len(moving):
        return None
    spans = [IMPORT_SPAN_S]
    if jellyfin:
        spans.append(SCAN_SPAN_S)
        if any(unit.route is Route.ANIME for unit in left):
            spans.append(MATCH_SPAN_S)
    return max(known) + sum(low for low, _ in spans), max(known) + sum(high for _, high in spans)


_TROUBLE = {
    Step.ERROR: Attention.ERROR,
    Step.MISSING_FILES: Attention.ERROR,
    Step.IMPORT_BLOCKED: Attention.ERROR,
    Step.PAUSED: Attention.WARN,
    Step.DESELECTED: Attention.WARN,
    Step.INCOMPLETE: Attention.WARN,
}
_CALM = {State.AVAILABLE, State.UNAIRED, State.SKIPPED, State.DECLINED, State.REMOVED}


def attention_of(
    verdict: Verdict, since: datetime | None, now: datetime, thresholds: Thresholds
) -> tuple[Attention, datetime | None]:
    """Return the attention that state, step and time alone justify (R8), and when time will raise it."""
    if verdict.step in _TROUBLE:
        return _TROUBLE[verdict.step], None
    if verdict.state in _CALM:
        return Attention.NONE, None
    if verdict.state in {State.FAILED, State.MATCH_FAILED}:
        return Attention.ERROR, None
    waits_for_others = verdict.step is Step.FILE_COMPLETE
    limit = thresholds.downloading if waits_for_others else thresholds.of_state(verdict.state)
    if limit is None or since is None or verdict.step is Step.UPCOMING:
        return Attention.WAIT, None
    return (Attention.WARN, None) if now - since >= limit else (Attention.WAIT, since + limit)

"""The summary line of a request or season as data: which clauses, with which numbers (R10, SPEC 2.1.18)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tracker_tui.model.clauses import REPLACEABLE, Clause
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import Thresholds
from tracker_tui.model.states import State
from tracker_tui.model.world import Phrase
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.request.rollup import Transfer
from tracker_tui.reconcile.unit.ladder import RANK
from tracker_tui.reconcile.unit.verdict import Step

Phrases = tuple[Phrase, ...]

_IN_PLACE = RANK[State.IMPORTING]


class Told(Fact):
    """What a summary is written from: `units` are the counted ones, `upcoming` the unaired; `arr`: Sonarr or Radarr."""

    state: State
    is_movie: bool
    units: tuple[Unit, ...]
    transfer: Transfer
    arr: str
    now: datetime
    thresholds: Thresholds
    upcoming: int = 0
    next_at: datetime | None = None
    entry_known: bool | None = None
    no_episodes: bool = False
    added_at: datetime | None = None
    requested_before: datetime | None = None
    already_there: bool = False
    extra_files: int = 0
    shoko_jobs: int | None = None
    quality: str | None = None

    def count(self, *states: State) -> int:
        """Return how many counted units are in one of the states."""
        return sum(unit.verdict.state in states for unit in self.units)

    def steps(self, *steps: Step) -> int:
        """Return how many counted units are in one of the steps."""
        return sum(unit.verdict.step in steps for unit in self.units)

    @property
    def total(self) -> int:
        """Return the denominator."""
        return len(self.units)

    @property
    def ready(self) -> int:
        """Return how many are AVAILABLE."""
        return self.count(State.AVAILABLE)

    @property
    def searching(self) -> int:
        """Return how many are wanted and not grabbed."""
        return self.count(State.PENDING, State.APPROVED)


def summarise(told: Told) -> Phrases:
    """Return the clauses of a request or season that Seerr neither holds back nor has closed."""
    writer: Callable[[Told], list[Phrase]] = _WRITERS[told.state]
    phrases = writer(told)
    if told.upcoming and told.state is not State.UNAIRED and told.total:
        phrases.append(Phrase(code=Clause.UPCOMING, n=told.upcoming, at=told.next_at))
    if told.extra_files:
        phrases.append(Phrase(code=Clause.EXTRA_FILES, n=told.extra_files))
    return tuple(phrases)


def explain(phrases: Phrases, phrase: Phrase) -> Phrases:
    """Return `phrases` with the waiting clause replaced by a diagnosis's `phrase`, or with it at the end."""
    for index, one in enumerate(phrases):
        if one.code in REPLACEABLE:
            return (*phrases[:index], phrase, *phrases[index + 1 :])
    return (*phrases, phrase)


def _ready_of(told: Told) -> Phrase:
    return Phrase(code=Clause.READY_OF_AIRED if told.upcoming else Clause.READY_OF, n=told.ready, of=told.total)


def _searching(told: Told) -> list[Phrase]:
    """APPROVED, PENDING: nothing is on its way."""
    if told.entry_known is False:
        return [Phrase(code=Clause.APPROVED), Phrase(code=Clause.AWAITING_ARR, text=told.arr)]
    if told.entry_known is None and not told.units:
        return [Phrase(code=Clause.APPROVED)]
    if told.no_episodes:
        return [Phrase(code=Clause.NO_EPISODES)]
    if not told.total and not told.upcoming:
        return [Phrase(code=Clause.APPROVED)]
    if not told.total:
        return [Phrase(code=Clause.UPCOMING_ONLY, n=told.upcoming, at=told.next_at)]
    if told.is_movie:
        return _searching_film(told)
    unmonitored = told.steps(Step.UNMONITORED)
    if unmonitored == told.searching and unmonitored:
        count = Phrase(code=Clause.READY_OF if told.ready else Clause.COUNT_OF, n=told.ready, of=told.total)
        return [count, Phrase(code=Clause.NOT_MONITORED, text=told.arr)]
    if told.ready:
        return [_ready_of(told), Phrase(code=Clause.STILL_SEARCHING, n=told.searching), *_remarks(told)]
    lost = _lost(told)
    if lost:
        return [Phrase(code=Clause.SEARCHING), *lost, *_remarks(told)]
    return [Phrase(code=Clause.SEARCHING_FOR, n=told.searching), *_remarks(told)]


def _searching_film(told: Told) -> list[Phrase]:
    verdict = told.units[0].verdict
    if verdict.step is Step.UPCOMING:
        return [Phrase(code=Clause.NOT_RELEASED, at=told.next_at)]
    phrases = [Phrase(code=Clause.SEARCHING), *_lost(told)]
    if verdict.step is Step.UNMONITORED:
        phrases = [Phrase(code=Clause.APPROVED), Phrase(code=Clause.NOT_MONITORED, text=told.arr)]
    return phrases + _remarks(told)


def _lost(told: Told) -> list[Phrase]:
    removed = [unit.verdict for unit in told.units if unit.verdict.step is Step.REMOVED]
    if removed:
        return [Phrase(code=Clause.DOWNLOAD_REMOVED, fraction=max(one.lost or 0.0 for one in removed) or None)]
    if told.steps(Step.DELETED):
        return [Phrase(code=Clause.FILE_DELETED)]
    return [Phrase(code=Clause.DESELECTED)] if told.steps(Step.DESELECTED) else []


def _remarks(told: Told) -> list[Phrase]:
    if told.requested_before is not None:
        return [Phrase(code=Clause.REQUESTED_BEFORE, at=told.requested_before)]
    if told.added_at is not None:
        return [Phrase(code=Clause.ADDED, text=told.arr, at=told.added_at)]
    return []


def _grabbing(told: Told) -> list[Phrase]:
    waits = (
        Clause.QUEUED
        if told.steps(Step.QUEUED)
        else Clause.DELAYED
        if told.steps(Step.DELAYED)
        else Clause.AWAITING_CLIENT
    )
    if told.is_movie:
        return [Phrase(code=Clause.GRABBED), Phrase(code=waits)]
    grabbed = [unit for unit in told.units if unit.verdict.state is State.GRABBING]
    keys = {unit.verdict.downloads[:1] for unit in grabbed}
    if len(grabbed) > 1 and len(keys) == 1:
        phrases = [Phrase(code=Clause.PACK_GRABBED, n=len(grabbed), of=told.total)]
    else:
        phrases = [Phrase(code=Clause.GRABBING, n=len(grabbed), of=told.total)]
    if told.searching:
        phrases.append(Phrase(code=Clause.STILL_SEARCHING, n=told.searching))
    if told.ready:
        phrases.append(_ready_of(told))
    return phrases


def _downloading(told: Told) -> list[Phrase]:
    phrases = [Phrase(code=Clause.DOWNLOADING)]
    if not told.is_movie:
        phrases += _download_counts(told)
    phrases += _transfer(told)
    attempt = max((_attempt(unit) for unit in told.units if unit.verdict.state is State.DOWNLOADING), default=1)
    if attempt > 1:
        phrases.append(Phrase(code=Clause.ATTEMPT, n=attempt))
    if told.is_movie and told.quality is not None:
        phrases.append(Phrase(code=Clause.QUALITY, text=told.quality))
    return phrases


def _download_counts(told: Told) -> list[Phrase]:
    downloaded = told.count(State.DOWNLOADED, State.IMPORTING)
    queued, searching = told.count(State.GRABBING), told.searching
    if queued or searching:
        words = (
            (told.count(State.DOWNLOADING), "downloading"),
            (downloaded, "downloaded"),
            (queued, "queued"),
            (searching, "searching"),
            (told.ready, "ready"),
        )
        return [Phrase(code=Clause.STATES, text=", ".join(f"{count} {word}" for count, word in words if count))]
    if downloaded:
        return [Phrase(code=Clause.DOWNLOADED_READY, n=downloaded, of=told.total, text=str(told.ready))]
    return [_ready_of(told)]


_CLIENT_CLAUSES = {
    Step.METADATA: Clause.METADATA,
    Step.CHECKING: Clause.CHECKING,
    Step.MOVING: Clause.MOVING,
    Step.ERROR: Clause.CLIENT_ERROR,
    Step.MISSING_FILES: Clause.MISSING_FILES,
    Step.UNKNOWN: Clause.CLIENT_WORD,
    Step.PAUSED: Clause.PAUSED,
}


def _transfer(told: Told) -> list[Phrase]:
    """Return the numbers of the transfer, or the one word that explains why there are none."""
    moving = [unit.verdict for unit in told.units if unit.verdict.state is State.DOWNLOADING]
    steps = {verdict.step for verdict in moving}
    progress, size = told.transfer.progress, told.transfer.size_bytes
    phrases: list[Phrase] = []
    only = next(iter(steps)) if len(steps) == 1 else None
    if only is Step.PAUSED:
        return [Phrase(code=Clause.PAUSED, fraction=progress)]
    if progress is not None and only is not Step.METADATA:
        phrases.append(Phrase(code=Clause.PROGRESS, fraction=progress, size_bytes=size))
    if only in _CLIENT_CLAUSES:
        word = next((verdict.word for verdict in moving if verdict.word), None)
        return [*phrases, Phrase(code=_CLIENT_CLAUSES[only], text=word)]
    if told.transfer.speed_bytes_s is not None and only is not Step.STALLED:
        phrases.append(Phrase(code=Clause.SPEED, speed_bytes_s=told.transfer.speed_bytes_s))
    if told.transfer.eta_s is not None:
        phrases.append(Phrase(code=Clause.ETA, seconds=told.transfer.eta_s))
    some = sorted((steps & _CLIENT_CLAUSES.keys()) - {Step.PAUSED})
    return phrases + [Phrase(code=_CLIENT_CLAUSES[step]) for step in some]


def _attempt(unit: Unit) -> int:
    """Return which try this is: one more than the failed downloads before it."""
    failed = [one for one in unit.downloads if one.newest is not None and one.newest.kind == "failed"]
    return 1 + len(failed)


def _downloaded(told: Told) -> list[Phrase]:
    blocked = told.steps(Step.IMPORT_BLOCKED)
    waits = Phrase(code=Clause.IMPORT_BLOCKED if blocked else Clause.AWAITING_IMPORT)
    if told.is_movie:
        return [Phrase(code=Clause.DOWNLOADED), waits]
    count = told.count(State.DOWNLOADED)
    phrases = [Phrase(code=Clause.DOWNLOADED, n=count, of=told.total)]
    if told.ready:
        phrases.append(_ready_of(told))
    if told.searching:
        phrases.append(Phrase(code=Clause.STILL_SEARCHING, n=told.searching))
    return [*phrases, waits]


def _importing(told: Told) -> list[Phrase]:
    """IMPORTING: the queue imports, or files are in place and Jellyfin lacks them."""
    imported = sum(
        RANK[unit.verdict.state] >= _IN_PLACE and unit.verdict.step is not Step.IMPORTS for unit in told.units
    )
    if told.steps(Step.IMPORTS):
        return [Phrase(code=Clause.IMPORTING, n=imported or None, of=told.total)]
    waiting = [unit.verdict for unit in told.units if unit.verdict.step is Step.IMPORTED]
    since = min((one.at for one in waiting if one.at is not None), default=None)
    late = since is not None and told.now - since >= told.thresholds.importing
    if told.is_movie:
        if late:
            return [Phrase(code=Clause.IMPORTED_AT, at=since), Phrase(code=Clause.NOT_IN_JELLYFIN)]
        return [Phrase(code=Clause.IMPORTED), Phrase(code=Clause.AWAITING_JELLYFIN)]
    phrases = [Phrase(code=Clause.IMPORTED, n=imported, of=told.total)]
    if told.ready:
        phrases.append(_ready_of(told))
    if told.searching:
        phrases.append(Phrase(code=Clause.STILL_SEARCHING, n=told.searching))
    wait = Phrase(code=Clause.NOT_IN_JELLYFIN_SINCE, at=since) if late else Phrase(code=Clause.AWAITING_JELLYFIN)
    return [*phrases, wait]


def _matching(told: Told) -> list[Phrase]:
    """ANIME_MATCHING: how far Shoko is, or what Jellyfin lacks."""
    units = [unit for unit in told.units if unit.verdict.state in {State.ANIME_MATCHING, State.MATCH_FAILED}]
    matched = sum(unit.verdict.step is Step.MATCHED for unit in units)
    if matched == len(units):
        return _matched(told, units)
    label = Phrase(code=Clause.MATCHING)
    hashing = told.steps(Step.HASHING)
    known = matched + told.ready
    if hashing and told.shoko_jobs is not None and told.shoko_jobs > 2 * hashing + 10:
        counts = [] if told.is_movie else [Phrase(code=Clause.MATCHED_OF, n=known, of=told.total)]
        return [label, *counts, Phrase(code=Clause.SHOKO_BUSY, n=told.shoko_jobs)]
    ready = [] if told.is_movie else [_ready_of(told)]
    words = (
        (matched, "matched"),
        (hashing, "hashing"),
        (told.steps(Step.IDENTIFYING), "identifying"),
        (told.steps(Step.LIMBO), "waiting for AniDB data"),
        (told.steps(Step.NOT_SEEN), "not seen"),
        (told.steps(Step.UNRECOGNISED), "unrecognised"),
    )
    present = [(count, word) for count, word in words if count]
    if len(present) > 1:
        text = "Shoko: " + ", ".join(f"{count} {word}" for count, word in present)
        return [label, *ready, Phrase(code=Clause.SHOKO_COUNTS, text=text)]
    if told.steps(Step.NOT_SEEN) == len(units):
        imported = (
            Phrase(code=Clause.IMPORTED)
            if told.is_movie
            else Phrase(code=Clause.IMPORTED, n=len(units) + told.ready, of=told.total)
        )
        return [imported, Phrase(code=Clause.SHOKO_NOT_SEEN)]
    alone = {
        Step.HASHING: Clause.SHOKO_HASHING,
        Step.LIMBO: Clause.SHOKO_LIMBO,
        Step.IDENTIFYING: Clause.SHOKO_IDENTIFYING,
    }
    step = next((unit.verdict.step for unit in units if unit.verdict.step in alone), None)
    return [label, *ready, Phrase(code=alone[step] if step is not None else Clause.AWAITING_SHOKO)]


def _matched(told: Told, units: Sequence[Unit]) -> list[Phrase]:
    since = matched_since(units)
    late = since is not None and told.now - since >= told.thresholds.not_in_jellyfin
    wait = Phrase(code=Clause.NOT_IN_JELLYFIN_SINCE, at=since) if late else Phrase(code=Clause.AWAITING_JELLYFIN)
    if told.is_movie:
        return [Phrase(code=Clause.MATCHED), wait]
    if told.ready:
        mixed = wait if late else Phrase(code=Clause.MATCHED_AWAITING, n=len(units))
        return [Phrase(code=Clause.MATCHING), _ready_of(told), mixed]
    return [Phrase(code=Clause.MATCHED, n=len(units), of=told.total), wait]


def matched_since(units: Sequence[Unit]) -> datetime | None:
    """Return since when all of these have been matched in Shoko, by its own dates, else by when it was noticed."""
    times = [
        (unit.shoko.match.file.imported_at if unit.shoko is not None and unit.shoko.match.file is not None else None)
        or unit.verdict.at
        for unit in units
    ]
    return max((at for at in times if at is not None), default=None)


def _needs_link(told: Told) -> list[Phrase]:
    if told.is_movie or told.total == 1:
        return [Phrase(code=Clause.NEEDS_LINK)]
    return [
        Phrase(code=Clause.NEEDS_LINK),
        _ready_of(told),
        Phrase(code=Clause.NEED_LINK, n=told.count(State.MATCH_FAILED)),
    ]


def _ready(told: Told) -> list[Phrase]:
    label = Phrase(code=Clause.READY) if told.is_movie else Phrase(code=Clause.READY, n=told.ready, of=told.total)
    upgrading = [unit.verdict for unit in told.units if unit.verdict.upgrading]
    if upgrading and all(one.upgrade_blocked for one in upgrading):
        return [label, Phrase(code=Clause.UPGRADE_BLOCKED)]
    if upgrading:
        known = [one.upgrade for one in upgrading if one.upgrade is not None]
        fraction = sum(known) / len(known) if known else None
        return [label, Phrase(code=Clause.UPGRADING, n=len(upgrading), fraction=fraction)]
    if incomplete := told.steps(Step.INCOMPLETE):
        if told.is_movie:
            return [label, Phrase(code=Clause.INCOMPLETE)]
        return [_ready_of(told), Phrase(code=Clause.INCOMPLETE, n=incomplete)]
    if told.steps(Step.REPLACED):
        return [label, Phrase(code=Clause.AWAITING_RESCAN)]
    if told.steps(Step.UNCHECKED):
        return [label, Phrase(code=Clause.NOT_CHECKED)]
    return [label, Phrase(code=Clause.ALREADY_THERE)] if told.already_there else [label]


def _failed(told: Told) -> list[Phrase]:
    word = next((unit.verdict.word for unit in told.units if unit.verdict.state is State.FAILED), None)
    phrases = [Phrase(code=Clause.FAILED, text=word)]
    if told.is_movie:
        return phrases
    phrases.append(Phrase(code=Clause.FAILED_COUNT, n=told.count(State.FAILED)))
    return [*phrases, _ready_of(told)]


def _upcoming(told: Told) -> list[Phrase]:
    return [Phrase(code=Clause.UPCOMING_ONLY, n=told.upcoming, at=told.next_at)]


_WRITERS: dict[State, Callable[[Told], list[Phrase]]] = {
    State.APPROVED: _searching,
    State.PENDING: _searching,
    State.UNAIRED: _upcoming,
    State.SKIPPED: lambda _told: [],
    State.GRABBING: _grabbing,
    State.DOWNLOADING: _downloading,
    State.DOWNLOADED: _downloaded,
    State.IMPORTING: _importing,
    State.ANIME_MATCHING: _matching,
    State.MATCH_FAILED: _needs_link,
    State.AVAILABLE: _ready,
    State.FAILED: _failed,
}

"""Laws that hold at every step of every story, whatever happens in it; each yields what breaks it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.endtoend.stories.tale import Tale
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.world import Diagnosis, RequestRow, World
from tracker_tui.reconcile.unit.ladder import RANK
from tracker_tui.simulate.household.downloads import Fetch, Stage
from tracker_tui.simulate.household.titles import FILM, Number, Wanted

REASON_LASTS = timedelta(minutes=45)
"""So long after a reason a state may still fall: an emptied library is doubted for half an hour."""
UNFINISHED = {State.GRABBING, State.DOWNLOADING}
ASKED_WITHIN = timedelta(seconds=8)
"""After so long the client has been asked what happened."""
CALM = {Attention.NONE, Attention.INFO, Attention.WAIT}
"""What is said at these levels may be a minute old."""
HELD = {Flag.STALE, Flag.RESTORED, Flag.DOUBTFUL}

States = dict[tuple[str, Number], State]


class Shown(NamedTuple):
    """One episode or film as shown."""

    state: State
    progress: float | None
    flags: frozenset[Flag]
    note: str | None


def units_of(row: RequestRow) -> dict[Number, Shown]:
    """Return the episodes of a request, or the film."""
    if row.is_movie:
        return {FILM: Shown(row.state, row.progress, frozenset(row.flags), None)}
    return {
        (part.number, one.number): Shown(one.state, one.progress, frozenset(one.flags) | set(row.flags), one.note)
        for part in row.seasons
        for one in part.episodes
    }


def states_of(world: World) -> States:
    """Return the state of every episode and film."""
    return {(row.title, number): one.state for row in world.requests for number, one in units_of(row).items()}


def diagnoses_of(row: RequestRow) -> list[Diagnosis]:
    """Return all diagnoses of a request, wherever they stand."""
    seasons = [one for part in row.seasons for one in part.diagnoses]
    episodes = [one for part in row.seasons for each in part.episodes for one in each.diagnoses]
    return [*row.diagnoses, *seasons, *episodes]


def sums(world: World) -> Iterator[str]:
    """Counts agree with the rows they count."""
    settled = {State.AVAILABLE, State.DECLINED, State.REMOVED}
    if world.counts.ready != sum(row.state is State.AVAILABLE for row in world.requests):
        yield "the header counts other ready ones than the rows"
    if world.counts.in_progress != sum(row.state not in settled for row in world.requests):
        yield "the header counts others in progress than the rows"
    for row in world.requests:
        units = [one for part in row.seasons for one in part.episodes]
        counted = [one for one in units if one.counted]
        if not row.is_movie and row.total != len(counted):
            yield f"{row.title}: total {row.total}, {len(counted)} are counted"
        if sum(number for _, number in row.counts) != row.total:
            yield f"{row.title}: counts {row.counts} do not add up to {row.total}"
        if row.ready > row.total:
            yield f"{row.title}: {row.ready} of {row.total} ready"
        if not row.is_movie and row.ready != sum(one.state is State.AVAILABLE for one in counted):
            yield f"{row.title}: ready {row.ready} is not what its episodes say"
        if row.state is State.AVAILABLE and (row.ready != row.total or not row.total):
            yield f"{row.title}: ready with {row.ready} of {row.total}"


def nothing_unfinished_is_whole(world: World) -> Iterator[str]:
    """What still downloads reads less than 100 %."""
    for row in world.requests:
        if row.state in UNFINISHED and row.progress is not None and row.progress >= 1.0:
            yield f"{row.title}: {row.state} at {row.progress}"
        for number, one in units_of(row).items():
            if one.state in UNFINISHED and one.progress is not None and one.progress >= 1.0:
                yield f"{row.title} {number}: {one.state} at {one.progress}"
            if one.progress is not None and not 0 <= one.progress <= 1:
                yield f"{row.title} {number}: progress {one.progress}"


def ready_is_playable(world: World, tale: Tale, seen: set[tuple[str, Number]]) -> Iterator[str]:
    """Nothing is ready that Jellyfin never played."""
    for wanted in tale.wanted:
        for row in rows_of(world, wanted):
            for number, one in units_of(row).items():
                if one.state is State.AVAILABLE and (wanted.name, number) not in seen:
                    yield f"{wanted.name} {number}: ready, and Jellyfin never had it"


def no_regress(before: States, after: States, tale: Tale, looked_at: datetime) -> Iterator[str]:
    """A state falls only after something that gives it reason to: since the last look, or not long before it."""
    for (title, number), state in after.items():
        old = before.get((title, number))
        if old is None or old not in RANK or state not in RANK or RANK[state] >= RANK[old]:
            continue
        reason = tale.lowered.get(title)
        if reason is None or looked_at - reason > REASON_LASTS:
            yield f"{title} {number}: fell from {old} to {state}, and nothing gave it reason"


def said_once(world: World) -> Iterator[str]:
    """Each diagnosis stands once: never at a request and below it, never at a request and as everybody's problem."""
    problems = Counter((one.diagnosis.code, one.kind, one.name, one.scope) for one in world.problems)
    for known, times in problems.items():
        if times > 1:
            yield f"problem {known} {times} times"
    common = {one.diagnosis.code for one in world.problems}
    for row in world.requests:
        told = Counter((one.code, one.message) for one in diagnoses_of(row))
        for said, times in told.items():
            if times > 1:
                yield f"{row.title}: {said} {times} times"
        for code, _ in told:
            if code in common:
                yield f"{row.title}: {code} is everybody's problem, too"


def timeline_is_a_line(world: World) -> Iterator[str]:
    """The timeline runs forward, never into the future, and says nothing twice."""
    for row in world.requests:
        times = [one.at for one in row.timeline]
        if times != sorted(times):
            yield f"{row.title}: its timeline runs back: {times}"
        if times and times[-1] > world.generated_at + timedelta(seconds=2):
            yield f"{row.title}: its timeline is ahead of now: {row.timeline[-1]}"
        twice = [one for one, number in Counter((one.at, one.text) for one in row.timeline).items() if number > 1]
        if twice:
            yield f"{row.title}: told twice: {twice}"
        late = [one for one in (row.since, row.available_at) if one and one > world.generated_at + timedelta(seconds=2)]
        if late:
            yield f"{row.title}: since {late} is ahead of now"


def rows_of(world: World, wanted: Wanted) -> list[RequestRow]:
    """Return the rows of a title."""
    return [row for row in world.requests if row.title == wanted.name]


def not_contradicted(world: World, tale: Tale, steady: bool) -> Iterator[str]:
    """No diagnosis says what is not so. `steady` = nothing has happened for so long that everybody knows it."""
    down = {row.kind for row in world.services if row.status is not ServiceStatus.OK}
    for one in world.problems:
        code = one.diagnosis.code
        if code == "SERVICE_DOWN" and steady and one.kind and one.kind not in tale.home.down | tale.starting():
            yield f"{one.kind} is up: {one.diagnosis.message}"
        if code == "CLIENT_OFFLINE" and Kind.QBITTORRENT not in down:
            yield f"qBittorrent is connected: {one.diagnosis.message}"
    for wanted in tale.wanted:
        for row in rows_of(world, wanted):
            codes = {one.code: one.message for one in diagnoses_of(row) if one.attention not in CALM}
            yield from (f"{row.title}: {said}" for said in _lies(codes, wanted, tale, down, steady))


def _lies(codes: dict[str, str], wanted: Wanted, tale: Tale, down: set[Kind], steady: bool) -> Iterable[str]:
    home = tale.home
    fetches = [one for one in home.fetches.values() if one.wanted is wanted and one.stage is not Stage.FAILED]
    torrents = [
        home.qbittorrent.torrents[one.release.hash] for one in fetches if one.release.hash in home.qbittorrent.torrents
    ]
    flowing = [one for one in torrents if not one.finished]
    if Kind.QBITTORRENT not in down and (steady or tale.clock.now() - tale.happened_at >= ASKED_WITHIN):
        if "STALLED" in codes and flowing and all(one.rate for one in flowing):
            yield f"bytes flow: {codes['STALLED']}"
        if "PAUSED" in codes and not any(one.stopped for one in torrents):
            yield f"nothing is stopped: {codes['PAUSED']}"
        if "TORRENT_ERROR" in codes and not any(one.failure for one in torrents):
            yield f"nothing is in error: {codes['TORRENT_ERROR']}"
        lost = [one for one in home.fetches.values() if one.wanted is wanted and one.stage is Stage.FAILED]
        if "TORRENT_GONE" in codes and not lost:
            yield f"it is there: {codes['TORRENT_GONE']}"
    if steady and tale.is_there(wanted):
        yield from _late_lies(codes, wanted, tale, down, fetches)


def _late_lies(
    codes: dict[str, str], wanted: Wanted, tale: Tale, down: set[Kind], fetches: list[Fetch]
) -> Iterable[str]:
    """Yield what everybody knows to be wrong by now."""
    shoko = tale.home.shoko
    numbers = [one for one in tale.numbers(wanted) if tale.path_of(wanted, one) is not None]
    absent = [one for one in numbers if not tale.plays(wanted, one)]
    for code in ("NOT_SCANNED", "VFS_MISSING_ENTRY"):
        if code in codes and not absent and Kind.JELLYFIN not in down:
            yield f"Jellyfin has it all: {codes[code]}"
    blocked = [one for one in fetches if one.stage is Stage.BLOCKED]
    if "IMPORT_BLOCKED" in codes and not blocked:
        yield f"nothing is blocked: {codes['IMPORT_BLOCKED']}"
    if "QUEUE_DESYNC" in codes:
        yield f"the queue knows it: {codes['QUEUE_DESYNC']}"
    if "SHOKO_UNRECOGNIZED" in codes and all(one.links for one in shoko.files.values() if tale.is_of(one.id, wanted)):
        yield f"Shoko knows them all: {codes['SHOKO_UNRECOGNIZED']}"
    if "SHOKO_NOT_SEEN" in codes and all(tale.in_shoko(wanted, one) for one in numbers):
        yield f"Shoko has them all: {codes['SHOKO_NOT_SEEN']}"
    if "NOT_IN_ARR" in codes:
        yield f"it is there: {codes['NOT_IN_ARR']}"


def counted(row: RequestRow) -> str:
    """Return a request in one line, for whoever reads of a broken law."""
    units = " ".join(f"{a}x{b}={one.state}" for (a, b), one in units_of(row).items())
    return f"{row.state} {row.ready}/{row.total} {units} {sorted({one.code for one in diagnoses_of(row)})}"


def true_at_rest(row: RequestRow, wanted: Wanted, tale: Tale) -> Iterator[str]:
    """When nothing has moved for long, states are what is so."""
    if not tale.is_there(wanted) or row.state in {State.DECLINED, State.REMOVED, State.REQUESTED}:
        return
    for number, one in units_of(row).items():
        plays, path = tale.plays(wanted, number), tale.path_of(wanted, number)
        if one.state is State.AVAILABLE and tale.in_jellyfin(wanted, number):
            continue  # perhaps by a file that is deleted or replaced, which Jellyfin has not noticed
        if plays != (one.state is State.AVAILABLE):
            yield f"{wanted.name} {number}: {one.state}, and Jellyfin {'plays' if plays else 'lacks'} {path}"
        if (path is not None) != (RANK.get(one.state, 0) >= RANK[State.IMPORTING]):
            yield f"{wanted.name} {number}: {one.state}, and its file is {path}"
        if one.flags & HELD:
            yield f"{wanted.name} {number}: still {sorted(one.flags)}"

"""Imported anime that Shoko works on: hashing, asking AniDB, loading series data, and what stops that work."""

from collections.abc import Generator, Iterable
from datetime import timedelta

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Later, Rule, Word, at, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.shoko import ids_of, matched_file, shoko_of
from tracker_tui.diagnose.words import joined, listed
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.shoko import JobKind, ShokoQueue
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, Evidence, Phrase
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.unit.verdict import Step

SHOKO_HASHING = Code(name="SHOKO_HASHING", levels=(Attention.WAIT,), means="Shoko reads the file to recognise it.")
SHOKO_QUEUE = Code(
    name="SHOKO_QUEUE",
    levels=(Attention.WAIT,),
    means="The file waits behind many other jobs in Shoko's queue, and the queue moves.",
)
SHOKO_QUEUE_STALLED = Code(
    name="SHOKO_QUEUE_STALLED",
    levels=(Attention.WARN,),
    means="Shoko's queue holds jobs, runs none, and has not moved for some time: probably paused.",
)
SHOKO_IDENTIFYING = Code(
    name="SHOKO_IDENTIFYING", levels=(Attention.WAIT, Attention.WARN), means="Shoko asks AniDB what the file is."
)
ANIDB_BANNED = Code(
    name="ANIDB_BANNED",
    levels=(Attention.WARN,),
    means="AniDB bans Shoko's address for a while; nothing can be identified until it lifts.",
)
SHOKO_NO_INTERNET = Code(
    name="SHOKO_NO_INTERNET", levels=(Attention.WARN,), means="Shoko itself has no way to the internet."
)
SHOKO_LIMBO = Code(
    name="SHOKO_LIMBO",
    levels=(Attention.WAIT, Attention.WARN),
    means="AniDB says what the file is; Shoko has no data of the series yet. It looks matched and is not.",
)

_FETCH_DATA = (
    "Shoko → Actions → Download Missing AniDB Data; where that changes nothing, its API's "
    "/api/v3/Action/CreateMissingSeries (5.2 and later, no button)"
)
"""Both are actions of the server; its web page offers the first alone (Shoko-WebUI, src/core/quick-actions.ts)."""
_QUEUE = "Shoko → Dashboard → Queue Processor"
_SEE_QUEUE = f"{_QUEUE}: see what blocks it"
_BACKLOG = 10
"""So many jobs more than files of ours make it the queue that is waited for."""


def hashing(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Shoko works, how much is before us, and when it no longer moves (F1)."""
    units = [unit for unit in matter.units(Step.HASHING) if unit.shoko is not None]
    if not units:
        return
    ref = shoko_of(units)
    state = scene.shoko(ref).state
    queue = state.queue if state is not None else None
    standing = yield from _standing(scene, ref, units, queue)
    if standing:
        return
    jobs = queue.total if queue is not None else None
    if jobs is not None and jobs > 2 * len(units) + _BACKLOG:
        yield over(
            units,
            SHOKO_QUEUE(
                f"{scene.name(ref)} works through its queue of {_roughly(jobs)} jobs; "
                f"{matter.does(units, 'waits')} to be hashed",
                None,
                scene.saw(ref, "queue", f"{_roughly(jobs)} jobs"),
            ),
            calms=True,
        )
        return
    for (message, step), some in _by_words(scene, matter, ref, units).items():
        yield over(
            some,
            SHOKO_HASHING(
                message.format(matter.what(some)),
                step,
                scene.saw(ref, "file", "not hashed yet"),
                *_jobs(scene, ref, some),
            ),
            calms=queue is not None and not queue.idle and step is None,
        )


def _by_words(
    scene: Scene, matter: Matter, ref: InstanceRef, units: list[Unit]
) -> dict[tuple[str, str | None], list[Unit]]:
    """Return the units by what Shoko does for them: hash, find out what is new, or hold the job back (check 3)."""
    found: dict[tuple[str, str | None], list[Unit]] = {}
    name = scene.name(ref)
    for unit in units:
        job = unit.shoko.job if unit.shoko is not None else None
        words: tuple[str, str | None] = (f"{name} hashes {{}}", None)
        if job is not None and job.blocked:
            words = (f"{name} holds back the job that hashes {{}}", _SEE_QUEUE)
        elif job is not None and job.kind is JobKind.DISCOVER:
            words = (f"{name} has discovered {{}} and hashes {matter.it(units)} next", None)
        found.setdefault(words, []).append(unit)
    return found


def _jobs(scene: Scene, ref: InstanceRef, units: list[Unit]) -> list[Evidence]:
    """Return what the queue holds for the files, as far as it was asked."""
    jobs = dict.fromkeys(unit.shoko.job for unit in units if unit.shoko is not None and unit.shoko.job is not None)
    words = {True: "running", False: "waiting"}
    return [
        scene.saw(ref, "job", f"{job.type}, {'blocked' if job.blocked else words[job.running]}")
        for job in list(jobs)[:3]
    ]


def _roughly(jobs: int) -> str:
    """Return a number that does not change with every job: "412" only below 1000."""
    return str(jobs) if jobs < 1000 else f"about {jobs // 100 * 100}"


def _standing(
    scene: Scene, ref: InstanceRef, units: list[Unit], queue: ShokoQueue | None
) -> Generator[Word, None, bool]:
    """Yield the verdict about a queue that does not move; tell whether it stands still. 4.2 cannot say it."""
    view = scene.shoko(ref)
    if queue is None or queue.waiting is None or not queue.total or queue.running or view.moved_at is None:
        return False
    if queue.blocked is not None and queue.blocked >= queue.total:
        return False
    late_at = view.moved_at + scene.limits.shoko_queue_stalled
    if scene.now < late_at:
        yield Later(at=late_at)
        return False
    yield over(
        units,
        SHOKO_QUEUE_STALLED(
            f"{scene.name(ref)} has {queue.total} jobs and runs none since {scene.clock(view.moved_at)}: paused?",
            f"{_QUEUE} → resume it",
            scene.saw(ref, "queue", f"{queue.total} jobs, none running", view.moved_at),
            phrase=Phrase(code=Clause.SAID, text="Shoko's queue stands still"),
        ),
        place=at(ref),
    )
    return True


def identifying(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the answer is on its way, or what holds it back for everybody: a ban, no internet (F4)."""
    units = [unit for unit in matter.units(Step.IDENTIFYING) if unit.shoko is not None]
    if not units:
        return
    ref = shoko_of(units)
    common = _held_back(scene, ref, http_only=False)
    if common is not None:
        yield over(units, common, place=at(ref))
        return
    state = scene.shoko(ref).state
    if (yield from _standing(scene, ref, units, state.queue if state is not None else None)):
        return
    held = [unit for unit in units if unit.shoko is not None and unit.shoko.job is not None and unit.shoko.job.blocked]
    asks = [unit for unit in units if unit not in held]
    for words, step, some in (
        ("holds back the job that asks AniDB about", _SEE_QUEUE, held),
        ("asks AniDB about", f"{_QUEUE}: see whether its jobs go on", asks),
    ):
        if some:
            yield over(
                some,
                SHOKO_IDENTIFYING(
                    f"{scene.name(ref)} {words} {matter.what(some)}",
                    step,
                    scene.saw(ref, "file", f"{ids_of(some)}: hashed, not recognised yet"),
                    *_jobs(scene, ref, some),
                ),
            )


def limbo(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that it is identified and still of no use: the data of the series is missing (F4)."""
    units = [unit for unit in matter.units(Step.LIMBO) if unit.shoko is not None]
    if not units:
        return
    ref = shoko_of(units)
    common = _held_back(scene, ref, http_only=True)
    if common is not None:
        yield over(units, common, place=at(ref))
    loads = [unit for unit in units if unit.shoko is not None and (unit.shoko.loading or common is not None)]
    for some, data, step in (
        (loads, "is on its way" if common is None else "is missing", None),
        ([unit for unit in units if unit not in loads], "is missing", _FETCH_DATA),
    ):
        if some:
            identified = f"{scene.name(ref)} has identified {matter.what(some)}"
            yield over(
                some,
                SHOKO_LIMBO(
                    f"{identified}; the data of the series {data}{_anidb(some)}",
                    step,
                    scene.saw(ref, "file", f"{ids_of(some)}: cross-reference without a local series"),
                    *_jobs(scene, ref, some),
                ),
            )


def _anidb(units: list[Unit]) -> str:
    ids = {link.anidb_id for unit in units if (file := matched_file(unit)) is not None for link in file.links}
    known = sorted(str(one) for one in ids if one is not None)
    return f" (AniDB {listed(known)})" if known else ""


def _held_back(scene: Scene, ref: InstanceRef, *, http_only: bool) -> Diagnosis | None:
    """Return what keeps Shoko from asking AniDB at all."""
    state = scene.shoko(ref).state
    connectivity = state.connectivity if state is not None else None
    if connectivity is None:
        return None
    if connectivity.http_banned or (connectivity.udp_banned and not http_only):
        return _banned(scene, ref, connectivity.http_banned, connectivity.udp_banned)
    if connectivity.network not in {None, "Internet"}:
        return SHOKO_NO_INTERNET(
            f"{scene.name(ref)} has no internet ({connectivity.network}), so it cannot ask AniDB",
            "check the network of Shoko's container",
            scene.saw(ref, "network", connectivity.network),
            phrase=Phrase(code=Clause.SAID, text="Shoko has no internet"),
        )
    return None


def _banned(scene: Scene, ref: InstanceRef, http: bool | None, udp: bool | None) -> Diagnosis:
    which = joined(word for word, banned in (("HTTP", http), ("UDP", udp)) if banned)
    ends = [
        one.since + timedelta(seconds=one.duration_s)
        for one in scene.shoko(ref).bans
        if one.banned and one.since is not None and one.duration_s is not None
    ]
    until = f"until about {scene.clock(max(ends))}" if ends else "usually lifts within a day"
    return ANIDB_BANNED(
        f"{scene.name(ref)} is banned by AniDB ({which}): {until}",
        "wait until the ban lifts; start no rescans meanwhile",
        scene.saw(ref, "AniDB ban", which),
        phrase=Phrase(code=Clause.SAID, text="Shoko is banned by AniDB"),
    )


CODES = (
    SHOKO_HASHING,
    SHOKO_QUEUE,
    SHOKO_QUEUE_STALLED,
    SHOKO_IDENTIFYING,
    SHOKO_LIMBO,
    ANIDB_BANNED,
    SHOKO_NO_INTERNET,
)
RULES: tuple[Rule, ...] = (hashing, identifying, limbo)

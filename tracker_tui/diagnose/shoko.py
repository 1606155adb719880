"""Imported anime that Shoko has not matched: seen, hashed, identified, linked (checks 1 to 7 of the decision tree)."""

from collections.abc import Generator, Iterable
from datetime import datetime, timedelta

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Later, Rule, Word, at, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import joined, listed
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.shoko import ShokoFile, ShokoFolder, ShokoQueue
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, Evidence, Phrase
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.shokojoin import Inside
from tracker_tui.reconcile.verdict import Step

SHOKO_NOT_SEEN = Code(
    name="SHOKO_NOT_SEEN",
    levels=(Attention.WAIT, Attention.WARN),
    means="The file is imported and Shoko does not list it, though one of its folders can hold it.",
)
OUTSIDE_SHOKO = Code(
    name="OUTSIDE_SHOKO", levels=(Attention.ERROR,), means="The file lies outside every folder that Shoko watches over."
)
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
SHOKO_UNRECOGNIZED = Code(
    name="SHOKO_UNRECOGNIZED",
    levels=(Attention.ERROR,),
    means="Shoko has hashed the file, AniDB does not know it, and nothing is left that could name it: link it by hand.",
    lasting=True,
)
SHOKO_LIMBO = Code(
    name="SHOKO_LIMBO",
    levels=(Attention.WAIT, Attention.WARN),
    means="AniDB says what the file is; Shoko has no data of the series yet. It looks matched and is not.",
)
SHOKO_IGNORED = Code(name="SHOKO_IGNORED", levels=(Attention.WARN,), means="The file is marked as ignored in Shoko.")
SHOKO_INACCESSIBLE = Code(
    name="SHOKO_INACCESSIBLE", levels=(Attention.ERROR,), means="Shoko knows the file and cannot see it on its disk."
)
PARTIAL_FILE = Code(
    name="PARTIAL_FILE",
    levels=(Attention.WARN,),
    means="Shoko's cross-reference covers only a part of the episode: another file holds the rest.",
    lasting=True,
)

_BACKLOG = 10
"""So many jobs more than files of ours make it the queue that is waited for."""


def not_seen(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Shoko does not list the files, and why it may never do (F5)."""
    outside: list[Unit] = []
    inside: dict[tuple[ShokoFolder, ...], list[Unit]] = {}
    for unit in matter.units(Step.NOT_SEEN):
        if unit.shoko is None or unit.shoko.asked_at is None:
            continue
        where = unit.shoko.where
        if where is not None and where.inside is Inside.NO:
            outside.append(unit)
        else:
            inside.setdefault(where.folders if where is not None else (), []).append(unit)
    if outside:
        yield _outside(matter, scene, outside)
    for folders, units in inside.items():
        yield _unseen(matter, scene, units, folders)


def _outside(matter: Matter, scene: Scene, units: list[Unit]) -> Word:
    ref = _shoko(units)
    folders = scene.shoko(ref).folders or ()
    known = listed([one.path or one.name or str(one.id) for one in folders]) or "none"
    path = _path(units[0])
    return over(
        units,
        OUTSIDE_SHOKO(
            f"{matter.what(units)} lies outside every folder of {scene.name(ref)}: {path} is in none of {known}",
            "Shoko → Settings → Import Folders → add the folder, or move the root folder into one of them",
            scene.saw(matter.arr, "file", path, _imported_at(units)),
            scene.saw(ref, "folders", known),
        ),
    )


def _unseen(matter: Matter, scene: Scene, units: list[Unit], folders: tuple[ShokoFolder, ...]) -> Word:
    ref, since = _shoko(units), _imported_at(units)
    late_at = since + scene.limits.anime_matching if since is not None else None
    unwatched = [one for one in folders if one.watched is False]
    path = _path(units[0])
    evidence = [scene.saw(ref, "look-up", f"no file ends with {path}"), scene.saw(matter.arr, "file", path, since)]
    evidence += [scene.saw(ref, f"folder {_named(one)}", "not watched") for one in unwatched]
    seen = f"{scene.name(ref)} has not seen {matter.what(units)}"
    name = _named(folders[0]) if folders else "that should hold it"
    if unwatched and len(unwatched) == len(folders):
        return over(
            units,
            SHOKO_NOT_SEEN(
                f"{seen}: its folder {_named(unwatched[0])} is not watched",
                f"Shoko → Import Folders → {_named(unwatched[0])}: enable watching, then scan it",
                *evidence,
                level=Attention.WARN,
            ),
        )
    if late_at is None or scene.now < late_at:
        return over(units, SHOKO_NOT_SEEN(f"{seen} yet", None, *evidence), calms=True, until=late_at)
    return over(
        units,
        SHOKO_NOT_SEEN(
            f"{seen}, imported at {scene.clock(since)}" if since is not None else seen,
            f"Shoko → Import Folders → scan the folder {name}",
            *evidence,
            level=Attention.WARN,
        ),
    )


def hashing(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Shoko works, how much is before us, and when it no longer moves (F1)."""
    units = [unit for unit in matter.units(Step.HASHING) if unit.shoko is not None]
    if not units:
        return
    ref = _shoko(units)
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
                f"{matter.what(units)} waits to be hashed",
                None,
                scene.saw(ref, "queue", f"{_roughly(jobs)} jobs"),
            ),
            calms=True,
        )
        return
    yield over(
        units,
        SHOKO_HASHING(f"{scene.name(ref)} hashes {matter.what(units)}", None, scene.saw(ref, "file", "not hashed yet")),
        calms=queue is not None and not queue.idle,
    )


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
            "Shoko → Queue → resume it",
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
    ref = _shoko(units)
    common = _held_back(scene, ref, http_only=False)
    if common is not None:
        yield over(units, common, place=at(ref))
        return
    state = scene.shoko(ref).state
    if (yield from _standing(scene, ref, units, state.queue if state is not None else None)):
        return
    yield over(
        units,
        SHOKO_IDENTIFYING(
            f"{scene.name(ref)} asks AniDB what {matter.what(units)} is",
            "Shoko → Queue: see whether its jobs go on",
            scene.saw(ref, "file", f"{_ids(units)}: hashed, not recognised yet"),
        ),
    )


def limbo(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that it is identified and still of no use: the data of the series is missing (F4)."""
    units = [unit for unit in matter.units(Step.LIMBO) if unit.shoko is not None]
    if not units:
        return
    ref = _shoko(units)
    common = _held_back(scene, ref, http_only=True)
    if common is not None:
        yield over(units, common, place=at(ref))
    step = None if common is not None else "Shoko → Actions → Download Missing AniDB Data"
    yield over(
        units,
        SHOKO_LIMBO(
            f"{scene.name(ref)} has identified {matter.what(units)}; the data of the series is missing{_anidb(units)}",
            step,
            scene.saw(ref, "file", f"{_ids(units)}: cross-reference without a local series"),
        ),
    )


def _anidb(units: list[Unit]) -> str:
    ids = {link.anidb_id for unit in units if (file := _file(unit)) is not None for link in file.links}
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


def unrecognized(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name the files that need a link by hand (F2)."""
    units = [unit for unit in matter.units(Step.UNRECOGNISED) if unit.shoko is not None]
    if not units:
        return
    ref = _shoko(units)
    names = [_path(unit).rpartition("/")[2] for unit in units]
    yield over(
        units,
        SHOKO_UNRECOGNIZED(
            f"{scene.name(ref)} does not recognise {listed(names)} (Shoko file {_ids(units)}): AniDB does not know it",
            "Shoko → Utilities → Unrecognized Files → link it to the series",
            *_file_evidence(scene, ref, units, "hashed, no cross-reference"),
        ),
    )


def ignored(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that somebody told Shoko to ignore it."""
    units = [unit for unit in matter.units(Step.IGNORED) if unit.shoko is not None]
    if units:
        ref = _shoko(units)
        yield over(
            units,
            SHOKO_IGNORED(
                f"{scene.name(ref)} ignores {matter.what(units)} (file {_ids(units)})",
                "Shoko → Utilities → Ignored Files → un-ignore it",
                *_file_evidence(scene, ref, units, "ignored"),
            ),
        )


def inaccessible(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Shoko knows it and cannot see it."""
    units = [unit for unit in matter.units(Step.INACCESSIBLE) if unit.shoko is not None]
    if units:
        ref = _shoko(units)
        yield over(
            units,
            SHOKO_INACCESSIBLE(
                f"{scene.name(ref)} cannot see {matter.what(units)} on its disk ({_path(units[0])})",
                "check that the folder is mounted in Shoko's container",
                *_file_evidence(scene, ref, units, "not accessible"),
            ),
        )


def partial_file(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that only a part of an episode is there (B9)."""
    for unit in matter.units(Step.INCOMPLETE, Step.MATCHED):
        held = unit.shoko.covers if unit.shoko is not None else None
        file = _file(unit)
        if unit.shoko is None or held is None or file is None:
            continue
        yield over(
            [unit],
            PARTIAL_FILE(
                f"{scene.name(unit.shoko.ref)} covers {held.text} of the episode with {matter.what([unit])}",
                f"find the second part and import it in {matter.arr.kind.title}",
                scene.saw(unit.shoko.ref, f"file {file.id} covers", held.text),
            ),
        )


# --- joins -----------------------------------------------------------------------------------------------------------


def _file(unit: Unit) -> ShokoFile | None:
    return unit.shoko.match.file if unit.shoko is not None else None


def _ids(units: list[Unit]) -> str:
    return listed([str(file.id) for unit in units if (file := _file(unit)) is not None], 5)


def _file_evidence(scene: Scene, ref: InstanceRef, units: list[Unit], value: str) -> list[Evidence]:
    return [scene.saw(ref, f"file {file.id}", value) for unit in units[:5] if (file := _file(unit)) is not None]


def _shoko(units: list[Unit]) -> InstanceRef:
    return next(unit.shoko.ref for unit in units if unit.shoko is not None)


def _path(unit: Unit) -> str:
    return (unit.file.path if unit.file is not None else None) or "its file"


def _imported_at(units: list[Unit]) -> datetime | None:
    return max((unit.verdict.at for unit in units if unit.verdict.at is not None), default=None)


def _named(folder: ShokoFolder) -> str:
    return folder.name or folder.path or str(folder.id)


CODES = (
    SHOKO_NOT_SEEN,
    OUTSIDE_SHOKO,
    SHOKO_HASHING,
    SHOKO_QUEUE,
    SHOKO_QUEUE_STALLED,
    SHOKO_IDENTIFYING,
    ANIDB_BANNED,
    SHOKO_NO_INTERNET,
    SHOKO_UNRECOGNIZED,
    SHOKO_LIMBO,
    SHOKO_IGNORED,
    SHOKO_INACCESSIBLE,
    PARTIAL_FILE,
)
RULES: tuple[Rule, ...] = (
    not_seen,
    hashing,
    identifying,
    limbo,
    unrecognized,
    ignored,
    inaccessible,
    partial_file,
)

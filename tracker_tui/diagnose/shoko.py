"""Imported anime whose files Shoko does not see, does not know, or holds only in part (checks 1 to 6 of the tree)."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Word, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import listed
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.shoko import JobKind, ShokoFile, ShokoFolder, job_kind
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Evidence
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.joins.shokojoin import Inside
from tracker_tui.reconcile.unit.verdict import Step

SHOKO_NOT_SEEN = Code(
    name="SHOKO_NOT_SEEN",
    levels=(Attention.WAIT, Attention.WARN),
    means="The file is imported and Shoko does not list it, though one of its folders can hold it.",
)
OUTSIDE_SHOKO = Code(
    name="OUTSIDE_SHOKO", levels=(Attention.ERROR,), means="The file lies outside every folder that Shoko watches over."
)
SHOKO_UNRECOGNIZED = Code(
    name="SHOKO_UNRECOGNIZED",
    levels=(Attention.ERROR,),
    means="Shoko has hashed the file, AniDB does not know it, and nothing is left that could name it: link it by hand.",
    lasting=True,
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

_FOLDERS = "Shoko → Dashboard → Import Folders"
"""A panel of its web page, called Managed Folders since 6 (ShokoAnime/Shoko-WebUI, src/pages/dashboard)."""


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
        yield from _unseen(matter, scene, units, folders)


def _outside(matter: Matter, scene: Scene, units: list[Unit]) -> Word:
    ref = shoko_of(units)
    known = _places(scene, ref)
    path = _path(units[0])
    return over(
        units,
        OUTSIDE_SHOKO(
            f"{matter.does(units, 'lies')} outside every folder of {scene.name(ref)}: {path} is in none of {known}",
            f"{_FOLDERS} → add the folder, or move the root folder into one of them",
            scene.saw(matter.arr, "file", path, _imported_at(units)),
            scene.saw(ref, "folders", known),
        ),
    )


def _unseen(matter: Matter, scene: Scene, units: list[Unit], folders: tuple[ShokoFolder, ...]) -> Iterable[Word]:
    """A watched folder gets its time; one that is not watched will never bring the file."""
    unwatched = [one for one in folders if one.watched is False]
    if unwatched and len(unwatched) == len(folders):
        yield _unwatched(matter, scene, units, unwatched)
        return
    limit = scene.limits.anime_matching
    if scan := _scan_job(scene, shoko_of(units)):
        said = (
            f"{scene.name(shoko_of(units))} looks through its folders now; it has not come to {matter.what(units)} yet"
        )
        seen = scene.saw(shoko_of(units), "job", scan)
        yield over(units, SHOKO_NOT_SEEN(said, None, seen, *_look_up(matter, scene, units)), calms=True)
        return
    late = [unit for unit in units if unit.verdict.at is not None and scene.now - unit.verdict.at >= limit]
    young = [unit for unit in units if unit not in late]
    name = scene.name(shoko_of(units))
    if young:
        times = [unit.verdict.at for unit in young if unit.verdict.at is not None]
        yield over(
            young,
            SHOKO_NOT_SEEN(f"{name} has not seen {matter.what(young)} yet", None, *_look_up(matter, scene, young)),
            calms=True,
            until=min(times) + limit if times else None,
        )
    if late:
        since = _imported_at(late)
        when = f", imported at {scene.clock(since)}" if since is not None else ""
        words, step, looked = f"{name} has not seen {matter.what(late)}{when}", "", _look_up(matter, scene, late)
        if folders:
            step = f"{_FOLDERS} → scan the folder {_named(folders[0])}"
        else:
            known = _places(scene, shoko_of(units))
            words += f"; whether one of its folders ({known}) is that of {_path(late[0])} is not known"
            step = f"{_FOLDERS}: add the folder if none of them is it, then scan it"
            looked.append(scene.saw(shoko_of(units), "folders", known))
        yield over(late, SHOKO_NOT_SEEN(words, step, *looked, level=Attention.WARN))


def _scan_job(scene: Scene, ref: InstanceRef) -> str | None:
    """Return the job that looks through a folder of Shoko's, if one runs or waits."""
    state = scene.shoko(ref).state
    queue = state.queue if state is not None else None
    types = queue.types if queue is not None else ()
    return next((one for one in types if job_kind(one) is JobKind.SCAN), None)


def _unwatched(matter: Matter, scene: Scene, units: list[Unit], folders: list[ShokoFolder]) -> Word:
    ref, name = shoko_of(units), _named(folders[0])
    return over(
        units,
        SHOKO_NOT_SEEN(
            f"{scene.name(ref)} has not seen {matter.what(units)}: its folder {name} is not watched",
            f"{_FOLDERS} → {name}: enable watching, then scan it",
            *_look_up(matter, scene, units),
            *(scene.saw(ref, f"folder {_named(one)}", "not watched") for one in folders),
            level=Attention.WARN,
        ),
    )


def _look_up(matter: Matter, scene: Scene, units: list[Unit]) -> list[Evidence]:
    path = _path(units[0])
    return [
        scene.saw(shoko_of(units), "look-up", f"no file ends with {path}"),
        scene.saw(matter.arr, "file", path, _imported_at(units)),
    ]


def unrecognized(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name the files that need a link by hand (F2)."""
    units = [unit for unit in matter.units(Step.UNRECOGNISED) if unit.shoko is not None]
    if not units:
        return
    ref = shoko_of(units)
    names = [_path(unit).rpartition("/")[2] for unit in units]
    yield over(
        units,
        SHOKO_UNRECOGNIZED(
            f"{scene.name(ref)} does not recognise {listed(names)} (Shoko file {ids_of(units)}): "
            f"AniDB does not know {matter.it(units)}",
            "Shoko → Utilities → Unrecognized Files → link it to the series",
            *_file_evidence(scene, ref, units, "hashed, no cross-reference"),
        ),
    )


def ignored(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that somebody told Shoko to ignore it."""
    units = [unit for unit in matter.units(Step.IGNORED) if unit.shoko is not None]
    if units:
        ref = shoko_of(units)
        yield over(
            units,
            SHOKO_IGNORED(
                f"{scene.name(ref)} ignores {matter.what(units)} (file {ids_of(units)})",
                "Shoko → Utilities → Unrecognized Files → Ignored → un-ignore it",
                *_file_evidence(scene, ref, units, "ignored"),
            ),
        )


def inaccessible(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Shoko knows it and cannot see it."""
    units = [unit for unit in matter.units(Step.INACCESSIBLE) if unit.shoko is not None]
    if units:
        ref = shoko_of(units)
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
        file = matched_file(unit)
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


def matched_file(unit: Unit) -> ShokoFile | None:
    """Return the Shoko file of a unit, as far as Shoko has one."""
    return unit.shoko.match.file if unit.shoko is not None else None


def ids_of(units: list[Unit]) -> str:
    """Return the ids of their Shoko files, in words."""
    return listed([str(file.id) for unit in units if (file := matched_file(unit)) is not None], 5)


def _file_evidence(scene: Scene, ref: InstanceRef, units: list[Unit], value: str) -> list[Evidence]:
    return [scene.saw(ref, f"file {file.id}", value) for unit in units[:5] if (file := matched_file(unit)) is not None]


def shoko_of(units: list[Unit]) -> InstanceRef:
    """Return the Shoko that speaks of them."""
    return next(unit.shoko.ref for unit in units if unit.shoko is not None)


def _path(unit: Unit) -> str:
    return (unit.file.path if unit.file is not None else None) or "its file"


def _imported_at(units: list[Unit]) -> datetime | None:
    return max((unit.verdict.at for unit in units if unit.verdict.at is not None), default=None)


def _places(scene: Scene, ref: InstanceRef) -> str:
    return listed([one.path or one.name or str(one.id) for one in scene.shoko(ref).folders or ()]) or "none"


def _named(folder: ShokoFolder) -> str:
    return folder.name or folder.path or str(folder.id)


CODES = (
    SHOKO_NOT_SEEN,
    OUTSIDE_SHOKO,
    SHOKO_UNRECOGNIZED,
    SHOKO_IGNORED,
    SHOKO_INACCESSIBLE,
    PARTIAL_FILE,
)
RULES: tuple[Rule, ...] = (
    not_seen,
    unrecognized,
    ignored,
    inaccessible,
    partial_file,
)

"""What Jellyfin's own process sees of a late file: its media folders (check 15) and its virtual folder (check 21).

Nothing here is asked for before something is late. What may not be asked, or was not answered yet, explains nothing.
"""

from collections.abc import Callable, Iterable

from tracker_tui.diagnose.looking import Asked, stops, tagged
from tracker_tui.diagnose.mapping import mapped_folders, source_path, vfs_root
from tracker_tui.diagnose.plugin import plugin_release
from tracker_tui.diagnose.rule import Code, Later, Word, at, over
from tracker_tui.diagnose.waiting import Waiting, file_of, says
from tracker_tui.model.jellyfin import CLEANUP_KEY, Library
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis
from tracker_tui.reconcile.case import Look, Unit
from tracker_tui.reconcile.interest import LookKind
from tracker_tui.reconcile.joins.shokojoin import series_ids
from tracker_tui.reconcile.request.summary import matched_since

VFS_FOLDER_MISSING = Code(
    name="VFS_FOLDER_MISSING",
    levels=(Attention.ERROR,),
    means="Jellyfin does not see a media folder of a Shokofin library, or sees it empty: that stops the whole library.",
)
VFS_FILE_UNSEEN = Code(
    name="VFS_FILE_UNSEEN",
    levels=(Attention.ERROR,),
    means="Shoko has the file, and Jellyfin's process does not see it at the mapped place, so nothing can link to it.",
)
VFS_ROOT_EMPTY = Code(
    name="VFS_ROOT_EMPTY",
    levels=(Attention.ERROR,),
    means="The virtual folder of a Shokofin library is missing or empty, and Jellyfin skips an empty library folder.",
)
VFS_NOT_INDEXED = Code(
    name="VFS_NOT_INDEXED",
    levels=(Attention.WARN,),
    means="Shokofin has linked the file in its virtual folder, and Jellyfin has not taken the link up.",
)

_SAMPLES = 3
"""So many files of a request are looked at: a mount that is missing is missing for all of them."""


def late(cause: Callable[[Waiting, list[Unit]], Iterable[Word]]) -> Callable[[Waiting, list[Unit]], Iterable[Word]]:
    """Let a cause look only at what is late: what it has to ask costs Jellyfin's disks something."""

    def of_late(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
        limit, now = waiting.scene.limits.not_in_jellyfin, waiting.scene.now
        times = [(unit, since + limit) for unit in units if (since := matched_since([unit])) is not None]
        found = [unit for unit, late_at in times if late_at <= now]
        young = [late_at for _, late_at in times if late_at > now]
        if young:
            yield Later(at=min(young))
        if found:
            yield from cause(waiting, found)

    return of_late


# --- media folders ---------------------------------------------------------------------------------------------------


@late
def media_folders(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A media folder that is missing or empty for Jellyfin stops its library; a file it does not see is not linked."""
    config = waiting.config
    for group in waiting.alike(units, lambda unit: waiting.target(unit).holding or None):
        holding = waiting.target(group[0]).holding
        seen: dict[str, bool] = {}
        for unit in group[:_SAMPLES]:
            yield from _look_for(waiting, holding, file_of(unit), seen)
        broken = []
        for library in holding:
            folders = mapped_folders(config, library) if config is not None else []
            fault = yield from waiting.eyes.broken_folder(folders, seen, plugin_release(waiting.view))
            if fault is not None:
                broken.append((library, *fault))
        for library, path, state in broken:
            yield over(group, _folder_missing(waiting, library, path, state), place=at(waiting.ref, library.name))
        if not broken:
            yield from _unseen(waiting, group, seen)


def _look_for(waiting: Waiting, holding: Iterable[Library], file: ShokoFile, seen: dict[str, bool]) -> Asked[None]:
    """Look whether Jellyfin sees a file in one of the libraries that should show it; note what is known in `seen`."""
    for path in _paths(waiting, holding, file):
        look = yield from waiting.eyes.look(path, LookKind.FILE)
        if look is not None and look.exists is not None:
            seen[path] = look.exists


def _paths(waiting: Waiting, holding: Iterable[Library], file: ShokoFile) -> list[str]:
    config = waiting.config
    if config is None:
        return []
    folders = [folder for library in holding for folder in mapped_folders(config, library)]
    found = [source_path(folder, place) for folder in folders for place in file.locations]
    return list(dict.fromkeys(path for path in found if path is not None))


def _folder_missing(waiting: Waiting, library: Library, path: str, state: str) -> Diagnosis:
    name = waiting.scene.name(waiting.ref)
    return VFS_FOLDER_MISSING(
        stops(path, state, name, library.name),
        f"check the mount, its permissions and its spelling in {waiting.ref.kind.title}'s container, then refresh",
        waiting.scene.saw(waiting.ref, f"folder {path}", state),
        phrase=says(f"Jellyfin does not see a folder of {library.name}"),
    )


def _listed_after_all(waiting: Waiting, path: str) -> Asked[bool]:
    """Return whether a file's folder lists it, or was not looked at yet: a look not offered says "not there" too."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    held = yield from waiting.eyes.look(path[: len(folder)], LookKind.LISTING)
    return held is None or any(one.name == name for one in held.entries or ())


def _unseen(waiting: Waiting, group: list[Unit], seen: dict[str, bool]) -> Iterable[Word]:
    """Say which files Jellyfin does not see, where each of their mapped places was looked at."""
    holding = waiting.target(group[0]).holding
    places = [(unit, _paths(waiting, holding, file_of(unit))) for unit in group[:_SAMPLES]]
    gone = [(unit, paths) for unit, paths in places if paths and all(seen.get(path) is False for path in paths)]
    if not gone or (yield from _listed_after_all(waiting, gone[0][1][0])):
        return
    units = group if len(gone) == len(places) else [unit for unit, _ in gone]
    name, path = waiting.scene.name(waiting.ref), gone[0][1][0]
    yield over(
        units,
        VFS_FILE_UNSEEN(
            f"{name} does not see {waiting.matter.what(units)} where Shoko has {waiting.matter.it(units)}: "
            f"{path} does not exist for it",
            f"check that {waiting.ref.kind.title}'s container mounts the folder with the same spelling and may read it",
            *(waiting.scene.saw(waiting.ref, f"file {one}", "not there") for _, paths in gone for one in paths[:1]),
            phrase=says("Jellyfin does not see the files"),
        ),
    )


# --- the virtual folder ----------------------------------------------------------------------------------------------


@late
def virtual_folder(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """An empty virtual folder is skipped by every scan; what is linked in it and not listed is Jellyfin's affair."""
    for group in waiting.alike(units, lambda unit: waiting.target(unit).holding or None):
        for library in waiting.target(group[0]).holding:
            root = vfs_root(library)
            look = (yield from waiting.eyes.root(root)) if root is not None else None
            if root is None or look is None:
                continue
            if not look.entries:
                yield over(group, _empty_root(waiting, library, root, look), place=at(waiting.ref, library.name))
            else:
                yield from _linked(waiting, group, root, look)


def _empty_root(waiting: Waiting, library: Library, root: str, look: Look) -> Diagnosis:
    state = "is empty" if look.exists else "does not exist"
    offered = any(task.key == CLEANUP_KEY for task in waiting.view.tasks)
    step = (
        "press v: Shokofin makes the folder anew, then Jellyfin refreshes the library"
        if offered
        else "restart Jellyfin (Shokofin makes the folder anew), then press v to refresh"
    )
    return VFS_ROOT_EMPTY(
        f"The virtual folder of {library.name}, {root}, {state} for {waiting.scene.name(waiting.ref)}, which skips an "
        "empty library folder: no scan can fill it",
        step,
        waiting.scene.saw(waiting.ref, "virtual folder", f"{root} {state}"),
        phrase=says(f"the virtual folder of {library.name} is empty"),
    )


def _linked(waiting: Waiting, group: list[Unit], root: str, look: Look) -> Iterable[Word]:
    """Say what is linked below the virtual folder; what is not found proves nothing: Shokofin may merge series."""
    linked: list[Unit] = []
    folders: dict[int, list[str]] = {}
    for unit in group:
        for number in series_ids(file_of(unit)):
            if number not in folders:
                folders[number] = yield from waiting.eyes.links_of_series(root, look, number)
            if any(tagged(name, "File", file_of(unit).id) for name in folders[number]):
                linked.append(unit)
                break
    if linked:
        yield over(linked, _not_indexed(waiting, linked))


def _not_indexed(waiting: Waiting, units: list[Unit]) -> Diagnosis:
    scene, name = waiting.scene, waiting.scene.name(waiting.ref)
    again = waiting.swept(units) is not None
    step = "Jellyfin → Dashboard → Logs: look for the name of the show" if again else "press v to refresh"
    after = " though it has scanned since" if again else " yet"
    return VFS_NOT_INDEXED(
        f"Shokofin has linked {waiting.matter.what(units)}, and {name} does not list {waiting.matter.it(units)}{after}",
        step,
        scene.saw(waiting.ref, "virtual folder", f"holds Shoko file {file_of(units[0]).id}"),
        phrase=says("linked, not listed by Jellyfin"),
    )


CODES = (VFS_FOLDER_MISSING, VFS_FILE_UNSEEN, VFS_ROOT_EMPTY, VFS_NOT_INDEXED)

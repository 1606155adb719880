"""Which Jellyfin library should show a file that Shoko has: Shokofin's mapping of library folders to Shoko folders.

Facts of Shokofin 4 to 6: each media folder of a library maps to one Shoko folder and a path inside it. What cannot be
read stays unknown: no library is called unmapped because its entry has another shape.
"""

from collections.abc import Iterable

from tracker_tui.model.jellyfin import Library, ShokofinConfig, ShokofinFolder, ShokofinLibrary
from tracker_tui.model.record import Fact
from tracker_tui.model.shoko import ShokoFile, ShokoLocation
from tracker_tui.model.text import MARK, SafeText
from tracker_tui.reconcile.case import JellyfinView
from tracker_tui.reconcile.joins.homes import dashed_id
from tracker_tui.reconcile.joins.paths import common_suffix, segments, starts_with


class Target(Fact):
    """Where a file should appear.

    `holding` = libraries that map a folder with the file in it; `unmapped` = those of the right type that map nothing;
    `others` = those that map other folders; `ignored` = those that would hold it in a folder the plugin was told to
    ignore, and that folder. `known` False = the mapping could not be read: all are empty.
    """

    known: bool = False
    holding: tuple[Library, ...] = ()
    unmapped: tuple[Library, ...] = ()
    others: tuple[Library, ...] = ()
    ignored: tuple[tuple[Library, str], ...] = ()


def target_of(file: ShokoFile, view: JellyfinView, *, is_movie: bool) -> Target:
    """Return the libraries that should show `file`, by the plugin's mapping."""
    config = view.shokofin.config if view.shokofin is not None else None
    places = [place for place in file.locations if place.folder_id is not None]
    if config is None or config.folders is None or not places:
        return Target()
    if any(one.folder_id is None or one.library_id is None for one in config.folders):
        return Target()
    holding: list[Library] = []
    unmapped: list[Library] = []
    others: list[Library] = []
    ignored: list[tuple[Library, str]] = []
    for library in shoko_libraries(view):
        mapped = mapped_folders(config, library)
        passed = [one for one in config.folders if one.library_id == library.id and one.ignored]
        ignored += [
            (library, folder.path or library.name) for folder in passed if any(_holds(folder, one) for one in places)
        ]
        if any(_holds(folder, place) for folder in mapped for place in places):
            holding.append(library)
        elif mapped:
            others.append(library)
        elif suits(library, is_movie=is_movie):
            unmapped.append(library)
    return Target(
        known=True,
        holding=tuple(holding),
        unmapped=tuple(unmapped),
        others=tuple(others),
        ignored=tuple(ignored),
    )


def shoko_libraries(view: JellyfinView) -> list[Library]:
    """Return the libraries that Shokofin fills; its configuration tells where Jellyfin does not."""
    config = view.shokofin.config if view.shokofin is not None else None
    if view.libraries is not None:
        told: set[str | None] = {one.library_id for one in config.libraries} if config is not None else set()
        told |= {one.library_id for one in config.folders or ()} if config is not None else set()
        return [one for one in view.libraries if (one.id in told if one.uses_shoko is None else one.uses_shoko)]
    if config is None:
        return []
    named: dict[str, SafeText | None] = {one.library_id: one.name for one in config.libraries}
    for folder in config.folders or ():
        if folder.library_id is not None:
            named.setdefault(folder.library_id, folder.library_name)
    return [Library(id=key, name=name or SafeText(key), uses_shoko=True) for key, name in named.items()]


def mapped_folders(config: ShokofinConfig, library: Library) -> list[ShokofinFolder]:
    """Return the folders of a library that have a Shoko folder (0 = none, negative = the virtual root itself)."""
    return [
        folder
        for folder in config.folders or ()
        if folder.library_id == library.id
        and folder.folder_id is not None
        and folder.folder_id > 0
        and folder.mapped is not False
        and not folder.ignored
    ]


def _holds(folder: ShokofinFolder, place: ShokoLocation) -> bool:
    if folder.folder_id != place.folder_id:
        return False
    inside = segments(folder.relative_path or "")
    return not inside or starts_with(segments(place.relative_path or ""), inside)


def source_path(folder: ShokofinFolder, place: ShokoLocation) -> str | None:
    """Return where Jellyfin should see a file of Shoko's through a mapped folder; None if it is not in it.

    Spelled exactly as Shokofin does it: the folder's path, and what follows the mapped part of Shoko's own path.
    """
    inside, whole = (folder.relative_path or "").replace("\\", "/").strip("/"), place.relative_path or ""
    if folder.path is None or folder.folder_id != place.folder_id or not whole:
        return None
    if inside and not whole.startswith(f"{inside}/"):
        return None
    rest = whole[len(inside) + 1 :] if inside else whole
    mark = "\\" if "\\" in folder.path and "/" not in folder.path else "/"
    path = folder.path.rstrip("/\\") + mark + rest.replace("/", mark)
    return path if MARK not in path else None


def vfs_root(library: Library) -> str | None:
    """Return the virtual folder that is a location of the library (always in 6, attached ones in 5)."""
    dashed = dashed_id(library.id)
    return next((one for one in library.locations if dashed and one.rstrip("/\\").endswith(dashed)), None)


def suits(library: Library, *, is_movie: bool) -> bool:
    """Return whether a library's type can hold a film, or an episode; an unknown type can hold both."""
    wrong = {"tvshows"} if is_movie else {"movies"}
    return library.collection_type not in wrong


def library_at(
    path: str, libraries: Iterable[Library], config: ShokofinConfig | None = None, *, is_movie: bool
) -> Library | None:
    """Return the only library of the right type whose folder shares the longest run of names with the file's folders.

    The services may see one disk under different roots, so a run counts wherever in `path` it stands. Where there is
    but one library of the type, it is that one.
    """
    fitting = [one for one in libraries if suits(one, is_movie=is_movie)]
    if len(fitting) == 1:
        return fitting[0]
    scores = [_names_shared(path, one, config) for one in fitting]
    best = max(scores, default=0)
    found = [one for one, score in zip(fitting, scores, strict=True) if best and score == best]
    return found[0] if len(found) == 1 else None


def _names_shared(path: str, library: Library, config: ShokofinConfig | None) -> int:
    folders = segments(path)[:-1]
    real = [one.path for one in (config.folders if config else None) or () if one.library_id == library.id and one.path]
    places = [segments(one) for one in (*library.locations, *real)]
    return max(
        (common_suffix(folders[:end], place) for place in places for end in range(1, len(folders) + 1)), default=0
    )


def is_for_films(library: Library, *, is_movie: bool) -> bool:
    """Return whether Shokofin's movie filter applies to a library; of an unknown type only if a film is looked for."""
    return library.collection_type == "movies" or (library.collection_type is None and is_movie)


def without_vfs(config: ShokofinConfig, libraries: tuple[Library, ...]) -> bool:
    """Return whether all folders of these libraries are shown as they are, without the virtual file system."""
    folders = [folder for library in libraries for folder in mapped_folders(config, library)]
    return bool(folders) and all(folder.vfs is False for folder in folders)


def settings_of(config: ShokofinConfig, library: Library) -> ShokofinLibrary | None:
    """Return the per-library settings of Shokofin 6."""
    return next((one for one in config.libraries if one.library_id == library.id), None)

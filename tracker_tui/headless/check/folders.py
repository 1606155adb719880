"""Whether what Sonarr and Radarr import into is what Shoko and Jellyfin look at: compared over all services.

The services see one disk under different roots, so only the names at the end of the paths are compared. What does not
compare is a remark, never a warning: a folder may be called anything in another container.
"""

from collections.abc import Iterable, Sequence

from tracker_tui.config.settings import Settings
from tracker_tui.headless.check.findings import Notes
from tracker_tui.model.ids import Kind
from tracker_tui.model.settings import PathMap


def compare(notes: Sequence[Notes], settings: Settings) -> None:
    """Note at each Sonarr and Radarr which root folders no library of Jellyfin, or no folder of Shoko, holds."""
    libraries = [path for one in notes if one.ref.kind is Kind.JELLYFIN for path in _common(one, settings.paths)]
    shoko = [path for one in notes if one.ref.kind is Kind.SHOKO for path in _common(one, settings.paths)]
    anime = tuple(fragment.casefold() for fragment in settings.anime.path_fragments)
    for one in notes:
        if one.ref.kind not in {Kind.SONARR, Kind.RADARR}:
            continue
        for root, path in zip(one.roots, _common(one, settings.paths), strict=True):
            if libraries and not _held(path, libraries):
                one.note("root folder", f"no library of Jellyfin has a folder that ends like {root}", _FIX_LIBRARY)
            if shoko and any(word in root.casefold() for word in anime) and not _held(path, shoko):
                one.note("root folder", f"no folder of Shoko ends like {root}, which looks like anime", _FIX_SHOKO)


_FIX_LIBRARY = "if none holds it: Jellyfin → Dashboard → Libraries → add it; else [paths] in the configuration names it"
_FIX_SHOKO = "if none holds it: Shoko → Dashboard → Import Folders → add it; else [paths] in the configuration names it"


def _common(notes: Notes, maps: Iterable[PathMap]) -> list[str]:
    """Return the folders of an instance in the notation that the configured path overrides share."""
    own = sorted((one for one in maps if one.instance == notes.ref), key=lambda one: -len(one.theirs))
    return [_translated(path, own) for path in notes.roots]


def _translated(path: str, maps: Iterable[PathMap]) -> str:
    bare = path.rstrip("/\\")
    for one in maps:
        if bare == one.theirs or bare.startswith((f"{one.theirs}/", f"{one.theirs}\\")):
            return one.common + bare[len(one.theirs) :]
    return bare


def _held(path: str, folders: Iterable[str]) -> bool:
    """Return whether some folder ends with the last name of `path`, or holds a folder of that name."""
    own = _names(path)
    return any(_names(one)[-1:] == own[-1:] or (_names(one) and _names(one)[-1] in own) for one in folders)


def _names(path: str) -> list[str]:
    return [part.casefold() for part in path.replace("\\", "/").split("/") if part]

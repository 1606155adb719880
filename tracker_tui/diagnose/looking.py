"""Looks at Jellyfin's file system, one after another as answers come: of the rules, and of a refresh that was in vain.

A look that is wanted is yielded; what is known of it is taken from `looks`. Whoever runs it again once the look was
answered comes further.
"""

from collections.abc import Generator, Iterable, Mapping

from tracker_tui.diagnose.rule import Wonder
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import ShokofinFolder
from tracker_tui.model.text import MARK
from tracker_tui.reconcile.case import Look
from tracker_tui.reconcile.interest import LookKind, LookWanted

_SEASONS = 4
_ABORTS_FROM = (5, 0, 4)
"""Since this release Shokofin gives up a library one of whose media folders is missing or empty."""

type Asked[T] = Generator[Wonder, None, T]
"""Wants looks, and returns what they show so far."""


class Eyes:
    """What one Jellyfin's process is known to see, by path."""

    def __init__(self, ref: InstanceRef, looks: Mapping[str, Look]) -> None:
        self.ref, self.looks = ref, looks

    def look(self, path: str, kind: LookKind) -> Asked[Look | None]:
        """Want a look, and return what is known of it; a folder that was only looked for is not known to be listed."""
        yield Wonder(look=LookWanted(ref=self.ref, path=path, kind=kind))
        known = self.looks.get(path)
        lists = kind in {LookKind.LISTING, LookKind.INVENTORY}
        return known if known is None or known.listed or not lists else None

    def broken_folder(
        self, folders: Iterable[ShokofinFolder], seen: Mapping[str, bool], release: tuple[int, ...] | None
    ) -> Asked[tuple[str, str] | None]:
        """Return a media folder that keeps its library empty, and its state; None where none is known to.

        `folders` = those of one library; `seen` = files that were looked for; `release` = Shokofin's.
        """
        for path in [folder.path for folder in folders if folder.path is not None and MARK not in folder.path]:
            if any(there and within(one, path) for one, there in seen.items()):
                continue
            own = any(within(one, path) for one in seen)
            if not own and release is not None and release < _ABORTS_FROM:
                continue
            state = yield from self._state_of(path)
            if state is not None:
                return path, state
        return None

    def _state_of(self, folder: str) -> Asked[str | None]:
        """Return what is wrong with a folder; None where nothing is, or two ways of looking contradict each other."""
        there = yield from self.look(folder, LookKind.FOLDER)
        if there is None or there.exists is None:
            return None
        held = yield from self.look(folder, LookKind.INVENTORY)
        if held is None:
            return None
        return "does not exist" if held.entries is None else None if held.entries else "is empty"

    def root(self, path: str) -> Asked[Look | None]:
        """Return what a virtual folder holds; None = not known."""
        held = yield from self.look(path, LookKind.INVENTORY) if MARK not in path else _nothing()
        if held is None or held.entries is not None:
            return held
        # a listing that is not offered is answered like a folder that is not there
        there = yield from self.look(path, LookKind.FOLDER)
        return there if there is not None and there.checked and there.exists is False else None

    def links_of_series(self, root: str, held: Look, series: int) -> Asked[list[str]]:
        """Return the names of the links of a Shoko series below a virtual folder, as far as its folders were read."""
        names: list[str] = []
        for show in held.entries or ():
            if not show.is_folder or not tagged(show.name, "Series", series) or MARK in show.name:
                continue
            inside = yield from self.look(_below(root, show.name), LookKind.LISTING)
            entries = (inside.entries if inside is not None else None) or ()
            names += [one.name for one in entries if not one.is_folder]
            for season in [one for one in entries if one.is_folder and MARK not in one.name][:_SEASONS]:
                path = _below(_below(root, show.name), season.name)
                below = yield from self.look(path, LookKind.LISTING)
                names += [one.name for one in (below.entries if below is not None else None) or ()]
        return names


def _nothing() -> Asked[Look | None]:
    yield from ()
    return None


def within(path: str, folder: str) -> bool:
    """Return whether a path lies below a folder."""
    bare = folder.rstrip("/\\")
    return path.startswith((f"{bare}/", f"{bare}\\"))


def tagged(name: str, word: str, number: int) -> bool:
    """Return whether a name carries a tag of Shokofin's with this number: "[Shoko File=12,13]"."""
    start = name.find(f"[Shoko {word}=")
    if start < 0:
        return False
    numbers = name[start:].partition("=")[2].partition("]")[0]
    return str(number) in numbers.split(",")


def stops(path: str, state: str, jellyfin: str, library: str) -> str:
    """Return what a broken media folder means, in words."""
    return f"{path} {state} for {jellyfin}, and one such folder stops the whole library {library}"


def _below(folder: str, name: str) -> str:
    mark = "\\" if "\\" in folder and "/" not in folder else "/"
    return f"{folder.rstrip(mark)}{mark}{name}"

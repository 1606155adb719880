"""Configured path overrides: what one instance calls a folder, in the notation shared by all entries (SPEC 5, paths).

Rarely needed: trailing segments tell files apart without them. They decide where even those differ.
"""

from collections.abc import Iterable

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.settings import PathMap


class PathMaps:
    """Translates paths between instances; the longest matching prefix counts, other paths stay as they are."""

    def __init__(self, maps: Iterable[PathMap]) -> None:
        self._theirs: dict[InstanceRef, list[tuple[str, str]]] = {}
        self._common: dict[InstanceRef, list[tuple[str, str]]] = {}
        for one in maps:
            self._theirs.setdefault(one.instance, []).append((one.theirs, one.common))
            self._common.setdefault(one.instance, []).append((one.common, one.theirs))
        for table in (*self._theirs.values(), *self._common.values()):
            table.sort(key=lambda pair: -len(pair[0]))

    def to_common(self, ref: InstanceRef, path: str) -> str:
        """Return what all entries call the path that `ref` reports."""
        return _replaced(path, self._theirs.get(ref, ()))

    def from_common(self, ref: InstanceRef, path: str) -> str:
        """Return what `ref` calls a path in the common notation."""
        return _replaced(path, self._common.get(ref, ()))

    def between(self, source: InstanceRef, target: InstanceRef, path: str) -> str:
        """Return what `target` calls the path that `source` reports."""
        return self.from_common(target, self.to_common(source, path)) if self._theirs else path


def _replaced(path: str, prefixes: Iterable[tuple[str, str]]) -> str:
    for old, new in prefixes:
        if path == old or path.startswith((f"{old}/", f"{old}\\")):
            return new + path[len(old) :]
    return path

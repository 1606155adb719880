"""Which Shoko files are at these paths: by the ends of their names, or by one listing of their directory."""

import collections
from collections.abc import Awaitable, Iterator, Sequence
from typing import Protocol

from tracker_tui.model.observation import ShokoFilesRead, ShokoLookup
from tracker_tui.model.shoko import ShokoFile, lookup_tail
from tracker_tui.model.text import MARK
from tracker_tui.services.decode import Body
from tracker_tui.services.errors import BadAnswer, NotFound, NotPermitted, ServiceError
from tracker_tui.services.http import Params
from tracker_tui.services.shoko.wire import FileWire
from tracker_tui.services.together import together

WITH_LINKS = "XRefs,AbsolutePaths"
AT_ONCE = 6
"""Look-ups under way at a time: each one walks all of Shoko's file locations."""
LISTING = 1000
"""Most files of a directory that one listing answers for."""
UNKNOWN_LIMIT = 5000


class _Get(Protocol):
    def __call__(self, path: str, params: Params | None = None) -> Awaitable[Body]: ...


class _Records(Protocol):
    def __call__(self, body: Body, record: type[FileWire]) -> list[FileWire]: ...


class Lookups:
    """Asks one server through its client's own `get`, which raises ServiceError; `records` decodes a list.

    Asks for the last three names of a path, then two, then the last, and stops at the first that finds a file of the
    wanted size (any file, if the size is unknown); with none, the files of the longest tail that found any are kept.
    Which of several hits it is stays open. A path of which nothing was found is asked for by its last name alone from
    then on: what ends with more ends with that.
    """

    def __init__(self, get: _Get, records: _Records) -> None:
        self._get, self._records = get, records
        self._unknown: set[str] = set()

    async def find(
        self, paths: Sequence[tuple[str, int | None]], place: tuple[str, int, str] | None = None
    ) -> ShokoFilesRead:
        """Return the look-ups of `paths`; `place` = route of folders, folder id and directory where they all were."""
        found = await self._listed(paths, place) if place is not None else {}
        rest = iter([(path, size) for path, size in dict(paths).items() if path not in found])
        told = await together(*(self._some(rest) for _ in range(AT_ONCE)))
        found |= {path: lookup for some in told for path, lookup in some.items()}
        return ShokoFilesRead(lookups=tuple(found[path] for path in dict(paths)))

    async def _listed(
        self, paths: Sequence[tuple[str, int | None]], place: tuple[str, int, str]
    ) -> dict[str, ShokoLookup]:
        """Return the look-ups that a listing of one directory answers; {} where it cannot be listed (4.2)."""
        route, folder, directory = place
        # up to 5.3 a look-up has no absolute paths: a listing must not teach more, or facts would change to and fro
        include = WITH_LINKS if route == "/ManagedFolder" else "XRefs"
        params: Params = {
            "folderPath": f"/{directory}",
            "pageSize": LISTING,
            "includeXRefs": True,
            "include": include,
        }
        try:
            body = await self._get(f"{route}/{folder}/File", params)
        except (NotFound, BadAnswer, NotPermitted):
            return {}
        files = [wire.fact() for wire in self._records(body, FileWire)]
        below = f"{directory}/"
        if not all(any((one.relative_path or "").startswith(below) for one in file.locations) for file in files):
            return {}
        found: dict[str, ShokoLookup] = {}
        for path, size in paths:
            name = lookup_tail(path).rpartition("/")[2]
            hits = tuple(file for file in files if any(_name(one.relative_path) == name for one in file.locations))
            if any(size in {None, hit.size_bytes} for hit in hits):
                found[path] = ShokoLookup(tail=lookup_tail(path), hits=hits)
        return found

    async def _some(self, rest: Iterator[tuple[str, int | None]]) -> dict[str, ShokoLookup]:
        """Return look-ups of what is left, one after the other; a failure leaves nothing to those beside it."""
        told: dict[str, ShokoLookup] = {}
        for path, size in rest:
            try:
                told[path] = await self._lookup(path, size)
            except ServiceError:
                collections.deque(rest, maxlen=0)
                raise
        return told

    async def _lookup(self, path: str, size: int | None) -> ShokoLookup:
        nearest: tuple[ShokoFile, ...] = ()
        tails = _tails(path)
        for tail in tails[-1:] if path in self._unknown else tails:
            hits = await self._ending_with(tail, limit=100 if tail is tails[-1] else 10)
            if any(size in {None, hit.size_bytes} for hit in hits):
                self._unknown.discard(path)
                return ShokoLookup(tail=lookup_tail(path), hits=hits)
            nearest = nearest or hits
        if nearest or len(self._unknown) >= UNKNOWN_LIMIT:
            self._unknown.discard(path)
        else:
            self._unknown.add(path)
        return ShokoLookup(tail=lookup_tail(path), hits=nearest)

    async def _ending_with(self, tail: str, limit: int) -> tuple[ShokoFile, ...]:
        # up to 5.3 `includeXRefs` adds the links, in 6 `include` does; each ignores the other's word
        params: Params = {"path": tail, "includeXRefs": True, "include": WITH_LINKS, "limit": limit}
        files = self._records(await self._get("/File/PathEndsWith", params), FileWire)
        return tuple(file.fact() for file in files)


def _name(path: str | None) -> str:
    return (path or "").rpartition("/")[2]


def _tails(path: str) -> list[str]:
    """Return the ends of a path to ask for, the longest first; a leading "/" makes them end at a whole name.

    A character that was made safe stands for one we do not know: of such a path only what follows it can be asked.
    """
    names = [name for name in path.replace("\\", "/").split("/") if name]
    ends = ["/" + "/".join(names[-depth:]) for depth in range(min(3, len(names)), 0, -1)]
    return [end for end in dict.fromkeys(end.rpartition(MARK)[2] for end in ends) if end]

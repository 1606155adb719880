"""Whole libraries and services that drop to zero at once: implausible, so their states are held in doubt (R3, F11)."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.observation import ItemsListed
from tracker_tui.model.record import Fact
from tracker_tui.reconcile.facts.subjects import Subject, emptied
from tracker_tui.reconcile.joins.homes import holder
from tracker_tui.reconcile.joins.paths import segments
from tracker_tui.reconcile.memory import CommonMemory, LibraryMemory

IMPLAUSIBLE = 3
"""From this many things on, all of them vanishing between two answers says more about the service than about them."""


class Vanished(Fact):
    """A library or a whole service that answers with nothing. `key`: series, films, torrents or a library's id."""

    ref: InstanceRef
    key: str
    before: int
    since: datetime


class Emptied:
    """Counts per scope; a scope that falls from `IMPLAUSIBLE` or more to zero is in doubt until it answers again."""

    def __init__(self, common: CommonMemory, dirty: set[Subject]) -> None:
        self._dirty = dirty
        self._known = {(one.instance, one.key): one for one in common.libraries}
        self._early: dict[InstanceRef, tuple[ItemsListed, datetime, bool]] = {}
        """Lists that came before anybody knew which libraries there are."""

    def counted(self, ref: InstanceRef, key: str, count: int, at: datetime) -> None:
        """Take the size of a scope."""
        scope = (str(ref), key)
        known = self._known.get(scope)
        if count:
            if known is not None and known.emptied_at is not None:
                self._dirty.add(emptied(ref, key))
            self._known[scope] = LibraryMemory(instance=str(ref), key=key, count=count)
        elif known is not None and known.emptied_at is None:
            if known.count >= IMPLAUSIBLE:
                self._known[scope] = LibraryMemory(instance=str(ref), key=key, count=known.count, emptied_at=at)
                self._dirty.add(emptied(ref, key))
            else:
                del self._known[scope]

    def libraries_read(self, ref: InstanceRef, libraries: Iterable[Library]) -> None:
        """Count what was listed before the libraries were known."""
        early = self._early.pop(ref, None)
        if early is not None:
            self.items_listed(ref, early[0], libraries, early[1], whole=early[2])

    def items_listed(
        self, ref: InstanceRef, payload: ItemsListed, libraries: Iterable[Library] | None, at: datetime, *, whole: bool
    ) -> None:
        """Count a list of top-level items per library, by where the libraries lie; one with gaps empties none.

        `libraries` None = they are not known yet.
        """
        if "Series" not in payload.types and "Movie" not in payload.types:
            return
        if payload.library_id is not None:
            if whole or payload.items:
                self.counted(ref, payload.library_id, len(payload.items), at)
            return
        if libraries is None:
            self._early[ref] = (payload, at, whole)
            return
        places = [segments(item.path) for item in payload.items if item.path is not None]
        for library in libraries:
            count = sum(map(holder(library), places))
            if whole or count:
                self.counted(ref, library.id or library.name, count, at)

    def since(self, ref: InstanceRef, key: str) -> datetime | None:
        """Return since when a scope has been implausibly empty, or None."""
        known = self._known.get((str(ref), key))
        return known.emptied_at if known is not None else None

    def all(self, refs: Iterable[InstanceRef]) -> tuple[Vanished, ...]:
        """Return every scope in doubt."""
        by_name = {str(ref): ref for ref in refs}
        return tuple(
            Vanished(ref=by_name[one.instance], key=one.key, before=one.count, since=one.emptied_at)
            for one in self._known.values()
            if one.emptied_at is not None and one.instance in by_name
        )

    def memory(self) -> tuple[LibraryMemory, ...]:
        """Return the durable form. Counts are rounded down to a power of two: growth alone is no reason to write."""
        kept = sorted(self._known.values(), key=lambda one: (one.instance, one.key))
        return tuple(_rounded(one) for one in kept if one.key != "torrents")


def _rounded(one: LibraryMemory) -> LibraryMemory:
    if one.emptied_at is not None:
        return one
    rounded = max(1 << (one.count.bit_length() - 1), min(one.count, IMPLAUSIBLE))
    return LibraryMemory(instance=one.instance, key=one.key, count=rounded)

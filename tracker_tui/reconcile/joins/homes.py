"""Which Jellyfin library a path lies in: below its locations, or in the virtual folder that Shokofin keeps for it."""

from collections.abc import Callable

from tracker_tui.model.jellyfin import Library
from tracker_tui.reconcile.joins.paths import Segments, segments, starts_with


def dashed_id(library_id: str | None) -> str | None:
    """Return an id as Shokofin names a library's virtual folder."""
    if library_id is None:
        return None
    parts = (0, 8), (8, 12), (12, 16), (16, 20), (20, 32)
    return "-".join(library_id[start:end] for start, end in parts)


def holder(library: Library) -> Callable[[Segments], bool]:
    """Return the test whether an item at a place is the library's; a virtual folder need not be among its locations."""
    virtual = dashed_id(library.id)
    folders = tuple(segments(location) for location in library.locations)
    return lambda place: virtual in place or any(starts_with(place, folder) for folder in folders)


def holds(library: Library, place: Segments) -> bool:
    """Return whether an item at `place` is the library's."""
    return holder(library)(place)

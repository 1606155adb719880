"""Which Jellyfin library a path lies in: below its locations, or in the virtual folder that Shokofin keeps for it."""

from tracker_tui.model.jellyfin import Library
from tracker_tui.reconcile.joins.paths import Segments, segments, starts_with


def dashed_id(library_id: str | None) -> str | None:
    """Return an id as Shokofin names a library's virtual folder."""
    if library_id is None:
        return None
    parts = (0, 8), (8, 12), (12, 16), (16, 20), (20, 32)
    return "-".join(library_id[start:end] for start, end in parts)


def holds(library: Library, place: Segments) -> bool:
    """Return whether an item at `place` is the library's; a virtual folder need not be among its locations."""
    virtual = dashed_id(library.id)
    if virtual is not None and virtual in place:
        return True
    return any(starts_with(place, segments(location)) for location in library.locations)

"""How one look at Jellyfin's file system goes with what was known of the path."""

from datetime import datetime

from tracker_tui.model.jellyfin import DirectoryEntry
from tracker_tui.reconcile.case import Look


def after_listing(known: Look | None, entries: tuple[DirectoryEntry, ...] | None, at: datetime) -> Look:
    """Return what a listing shows; it also tells whether the folder is there (`entries` None = it is not)."""
    exists = entries is not None
    checked = known is not None and known.checked and known.exists == exists
    return Look(at=at, exists=exists, checked=checked, listed=True, entries=entries)


def after_check(known: Look | None, exists: bool | None, at: datetime) -> Look:
    """Return what is known once it was asked by itself whether a path exists."""
    listed = known is not None and known.listed and known.exists == exists
    entries = known.entries if known is not None and listed else None
    return Look(at=at, exists=exists, checked=True, listed=listed, entries=entries)

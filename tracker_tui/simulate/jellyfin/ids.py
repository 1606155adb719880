"""Jellyfin's item ids, computed: an id is a hash of the item's type and path, the same in 10.8 to 12.

That makes "is this file in Jellyfin?" a look-up by primary key, without any search. It does not hold for items below
the server's own data folder (Shokofin's VFS), whose paths are hashed in another form, nor where the server was told
to ignore case in ids; `ids_follow_paths` checks it on items already read.
"""

import hashlib
import uuid
from collections.abc import Iterable

from tracker_tui.model.jellyfin import JellyfinItem

_TYPES = {
    "Episode": "MediaBrowser.Controller.Entities.TV.Episode",
    "Season": "MediaBrowser.Controller.Entities.TV.Season",
    "Series": "MediaBrowser.Controller.Entities.TV.Series",
    "Movie": "MediaBrowser.Controller.Entities.Movies.Movie",
    "Video": "MediaBrowser.Controller.Entities.Video",
}
"""Item type -> full .NET type name, as hashed. "Video" is a home video or, up to 10.11, a further version of a film."""


def computed_id(item_type: str, path: str) -> str:
    """Return the id (32 hex digits) of an item of `item_type` at `path`, as Jellyfin sees the path.

    MD5 over UTF-16LE of type name and path, read as a little-endian GUID (LibraryManager.GetNewItemIdInternal).
    Raises KeyError for a type whose ids are not computed.
    """
    digest = hashlib.md5((_TYPES[item_type] + path).encode("utf-16-le"), usedforsecurity=False).digest()
    return uuid.UUID(bytes_le=digest).hex


def ids_follow_paths(items: Iterable[JellyfinItem]) -> bool | None:
    """Return whether this server's ids can be computed; None when no item tells.

    One item whose id follows from its path proves it; a server that substitutes paths or ignores case has none.
    """
    told = None
    for item in items:
        if item.path is None or item.type not in _TYPES or item.location_type == "Virtual" or in_vfs(item.path):
            continue
        if computed_id(item.type, item.path) == item.id:
            return True
        told = False
    return told


def in_vfs(path: str) -> bool:
    """Return whether a path lies in Shokofin's virtual file system (default place)."""
    return "/Shokofin/VFS/" in path.replace("\\", "/")

"""Jellyfin's item ids: a hash of the item's type and path, the same in 10.8 to 12."""

import hashlib
import uuid

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

"""Why a refresh brought nothing, as Jellyfin's own process sees the folders: asked after it, once, reading only.

Checks 15 and 21 of the decision tree: one media folder that is missing or empty stops a whole library without a word;
links that are there and not listed are Jellyfin's affair, not Shokofin's.
"""

from collections.abc import Sequence

from tracker_tui.diagnose.mapping import mapped_folders, vfs_root
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.record import Fact
from tracker_tui.remedies.standing import Standing
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.jellyfin.client import JellyfinClient


class Finding(Fact):
    """What was found, and what to do about it."""

    message: str
    next_step: str


async def look_closer(
    client: JellyfinClient, standing: Standing, library_id: str, shoko_series: Sequence[int]
) -> Finding | None:
    """Return what keeps the library from showing the series; None where nothing was found or may be asked."""
    library = next((one for one in standing.libraries if one.id == library_id), None)
    if library is None:
        return None
    try:
        return await _folders(client, standing, library) or await _links(client, library, shoko_series)
    except ServiceError:
        return None


async def _folders(client: JellyfinClient, standing: Standing, library: Library) -> Finding | None:
    config = standing.shokofin.config
    paths = [one.path for one in mapped_folders(config, library) if one.path] if config is not None else []
    for path in paths:
        entries = await client.directory(path)
        if not entries:
            state = "does not exist" if entries is None else "is empty"
            return Finding(
                message=f"{path} {state} for Jellyfin, and one such folder stops the whole library {library.name}",
                next_step="check the mount, its permissions and its spelling in Jellyfin's container",
            )
    return None


async def _links(client: JellyfinClient, library: Library, shoko_series: Sequence[int]) -> Finding | None:
    root = vfs_root(library)
    if root is None or not shoko_series:
        return None
    entries = await client.directory(root) or ()
    tags = [f"[Shoko Series={number}]" for number in shoko_series]
    linked = next((one.name for one in entries if one.is_folder and any(tag in one.name for tag in tags)), None)
    if linked is None:
        return None
    return Finding(
        message=f"Shokofin has linked {linked}, and Jellyfin does not list it",
        next_step="look for this folder in Jellyfin's log",
    )

"""Why a refresh brought nothing, as Jellyfin's own process sees the folders: asked after it, once, reading only.

Checks 15 and 21 of the decision tree, as the rules look for them when files are late; here nobody waits for that.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tracker_tui.diagnose.looking import Asked, Eyes, stops
from tracker_tui.diagnose.mapping import mapped_folders, vfs_root
from tracker_tui.diagnose.plugin import plugin_release
from tracker_tui.diagnose.rule import Wonder
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.record import Fact
from tracker_tui.reconcile.case import Look
from tracker_tui.reconcile.facts.looks import after_check, after_listing
from tracker_tui.reconcile.interest import LookKind
from tracker_tui.remedies.standing import Standing
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.jellyfin.client import JellyfinClient

_LOOKS = 20
"""Most looks after one refresh: each may touch a slow disk."""


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
    known: dict[str, Look] = {}
    eyes = Eyes(client.link.instance.ref, known)
    try:
        found = await _answered(client, known, lambda: _folders(eyes, standing, library))
        return found or await _answered(client, known, lambda: _links(eyes, library, shoko_series))
    except ServiceError:
        return None


def _folders(eyes: Eyes, standing: Standing, library: Library) -> Asked[Finding | None]:
    config = standing.shokofin.config
    folders = mapped_folders(config, library) if config is not None else []
    broken = yield from eyes.broken_folder(folders, {}, plugin_release(standing.view))
    if broken is None:
        return None
    return Finding(
        message=stops(*broken, Kind.JELLYFIN.title, library.name),
        next_step="check the mount, its permissions and its spelling in Jellyfin's container",
    )


def _links(eyes: Eyes, library: Library, shoko_series: Sequence[int]) -> Asked[Finding | None]:
    root = vfs_root(library)
    if root is None or not shoko_series:
        return None
    held = yield from eyes.root(root)
    for number in shoko_series if held is not None else ():
        links = (yield from eyes.links_of_series(root, held, number)) if held is not None else []
        if links:
            return Finding(
                message=f"Shokofin has linked {links[0]}, and Jellyfin does not list it",
                next_step="look for the name of the show in Jellyfin's log",
            )
    return None


async def _answered[T](client: JellyfinClient, known: dict[str, Look], question: Callable[[], Asked[T]]) -> T:
    """Return what a question comes to once every look that it wants was answered. Raises ServiceError."""
    asked: set[tuple[str, LookKind]] = set()
    while True:
        wanted, result = _run(question())
        fresh = [one.look for one in wanted if (one.look.path, one.look.kind) not in asked][: _LOOKS - len(asked)]
        if not fresh:
            return result
        for look in fresh:
            asked.add((look.path, look.kind))
            now, before = datetime.now(UTC), known.get(look.path)
            if look.kind in {LookKind.LISTING, LookKind.INVENTORY}:
                known[look.path] = after_listing(before, await client.directory(look.path), now)
            else:
                is_file = look.kind is LookKind.FILE
                known[look.path] = after_check(before, await client.environment_exists(look.path, is_file=is_file), now)


def _run[T](work: Asked[T]) -> tuple[list[Wonder], T]:
    wanted: list[Wonder] = []
    while True:
        try:
            wanted.append(next(work))
        except StopIteration as end:
            return wanted, end.value

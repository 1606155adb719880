"""The check's questions to Sonarr and Radarr: clients, path mappings, library folders, complaints. Reads only."""

from tracker_tui.config.settings import Settings
from tracker_tui.engine.clients import Client
from tracker_tui.headless.check.findings import Notes, answer
from tracker_tui.model.arr import DownloadClient, PathMapping, RootFolder
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Identified
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.errors import NotFound, ServiceError

LOW_SPACE = 5 << 30
"""Fewer free bytes than this do not hold a season: worth a warning before the disk is full."""


async def ask_arr(client: Client, _: Identified, settings: Settings, notes: Notes) -> None:
    """Ask one Sonarr or Radarr everything and note it. Raises nothing of the service's."""
    if not isinstance(client, SonarrClient | RadarrClient):
        raise TypeError(type(client).__name__)
    notes.ok("key", "the key is accepted (it may do everything)")
    setup = await answer(client.setup(), "download client", notes)
    if setup is not None:
        _download_clients(setup.clients, settings, notes)
        await _path_mappings(client, setup.clients, notes)
    roots = await answer(client.root_folders(), "root folder", notes)
    if roots is not None:
        _root_folders(roots, notes)
    await _health(client, notes)


async def _health(client: SonarrClient | RadarrClient, notes: Notes) -> None:
    health = await answer(client.health(), "health", notes)
    if health is None:
        return
    for check in health.checks:
        text = check.message or check.source
        step = f"{notes.ref.kind.title} → System → Status"
        if check.severity in {"error", "warning"}:
            notes.warn("health", f"{check.source}: {text}", step)
        else:
            notes.note("health", f"{check.source}: {text}")
    if not health.checks:
        notes.ok("health", "no complaints")


def _download_clients(clients: tuple[DownloadClient, ...], settings: Settings, notes: Notes) -> None:
    """Note each client as the server is set up to use it."""
    step = f"{notes.ref.kind.title} → Settings → Download Clients"
    enabled = [one for one in clients if one.enabled is not False]
    if not enabled:
        state = "none is enabled" if clients else "none is set up"
        notes.warn("download client", f"{state}: nothing can be grabbed", step)
    for one in clients:
        where = f" at {one.host}{f':{one.port}' if one.port else ''}" if one.host else ""
        shown = f"{one.name} ({one.implementation or 'unknown kind'}){where}"
        if one.enabled is False:
            notes.note("download client", f"{shown} is disabled")
        elif one.protocol == "torrent" and not one.category:
            text = f"{shown} has no category: every torrent in the client counts as its own"
            notes.warn("download client", text, f"{step} → {one.name} → Category")
        else:
            notes.ok("download client", f"{shown}{f', category {one.category}' if one.category else ''}")
    torrents = [one for one in enabled if (one.implementation or "").lower() == "qbittorrent"]
    if torrents and not settings.of_kind(Kind.QBITTORRENT):
        notes.note("download client", "its qBittorrent is not configured here: progress comes from the queue")


async def _path_mappings(
    client: SonarrClient | RadarrClient, clients: tuple[DownloadClient, ...], notes: Notes
) -> None:
    """Note how paths of the clients are translated; a mapping counts only for a client of exactly its host."""
    try:
        mappings = await client.path_mappings()
    except NotFound:
        return
    except ServiceError as fault:
        notes.note("path mapping", f"could not be read: {fault.message}")
        return
    hosts = {one.host.lower() for one in clients if one.host}
    for one in mappings:
        _path_mapping(one, hosts, notes)


def _path_mapping(one: PathMapping, hosts: set[str], notes: Notes) -> None:
    step = f"{notes.ref.kind.title} → Settings → Download Clients → Remote Path Mappings"
    shown = f"{one.host}: {one.remote} → {one.local}"
    if hosts and one.host.lower() not in hosts:
        text = f"{shown}, but no download client has the host {one.host}: the mapping is never used"
        notes.warn("path mapping", text, f"{step}: give it the client's own host ({', '.join(sorted(hosts))})")
    else:
        notes.ok("path mapping", shown)


def _root_folders(roots: tuple[RootFolder, ...], notes: Notes) -> None:
    title = notes.ref.kind.title
    if not roots:
        notes.warn("root folder", "none is set up: nothing can be added", f"{title} → Settings → Media Management")
    for one in roots:
        if one.accessible is False:
            notes.fail(
                "root folder",
                f"{one.path} is not accessible to {title}: nothing can be imported there",
                f"check the mount and its permissions in {title}'s container",
            )
        elif one.free_bytes is not None and one.free_bytes < LOW_SPACE:
            notes.warn(
                "root folder", f"{one.path} has {_gigabytes(one.free_bytes)} free", "free some space on its disk"
            )
        else:
            free = f", {_gigabytes(one.free_bytes)} free" if one.free_bytes is not None else ""
            notes.ok("root folder", f"{one.path}{free}")
    notes.roots = tuple(one.path for one in roots if one.accessible is not False)


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f} GB" if size < 10 << 30 else f"{size >> 30} GB"

"""The questions of the check, per kind of service: each answer becomes a finding. Reads only."""

from collections.abc import Awaitable, Callable, Mapping

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.engine.clients import Client
from tracker_tui.headless.check.arr import ask_arr
from tracker_tui.headless.check.findings import Notes, answer
from tracker_tui.headless.check.jellyfin import ask_jellyfin
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Identified
from tracker_tui.services.errors import ServiceError, Unauthorized
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.services.shoko.client import ShokoClient


async def examine(instance: Instance, client: Client, settings: Settings, notes: Notes) -> None:
    """Ask one instance everything and note it; a service that does not answer is one finding. Raises nothing."""
    title = instance.kind.title
    try:
        identified = await client.identify()
    except ServiceError as fault:
        notes.refused = isinstance(fault, Unauthorized)
        topic = "key" if notes.refused and instance.kind is not Kind.QBITTORRENT else "reachable"
        topic = "login" if notes.refused and instance.kind is Kind.QBITTORRENT else topic
        notes.fail(topic, f"{title} gives no usable answer: {fault.message}", fault.fix or _check_address(instance))
        return
    notes.answered = True
    latency = f", {client.meter.latency_ms:.0f} ms" if client.meter.latency_ms is not None else ""
    notes.ok("reachable", f"{title} answers at {instance.url}{latency}")
    _version(instance, identified, notes)
    if instance.kind in _QUESTIONS:
        await _QUESTIONS[instance.kind](client, identified, settings, notes)
    else:
        notes.ok("key", "accepted")


def _check_address(instance: Instance) -> str:
    return f"check that {instance.kind.title} runs and that `url` ({instance.url}) is right"


def _version(instance: Instance, identified: Identified, notes: Notes) -> None:
    title = instance.kind.title
    match instance.kind:
        case Kind.QBITTORRENT:
            shown = f"qBittorrent {identified.version} (Web API {identified.note})"
            notes.version(Kind.QBITTORRENT, identified.note, shown)
        case Kind.SEERR:
            product = identified.note or Kind.SEERR.title
            if identified.version is None:
                notes.note("version", f"{product} does not say its version (it asks GitHub for it)")
            else:
                known = Kind.SEERR.value if product == Kind.SEERR.title else product
                notes.version(known, identified.version, f"{product} {identified.version}")
        case _:
            notes.version(instance.kind, identified.version, f"{title} {identified.version or 'of unknown version'}")


# ---- the others


async def _ask_qbittorrent(client: Client, _: Identified, __: Settings, notes: Notes) -> None:
    if not isinstance(client, QbittorrentClient):
        raise TypeError(type(client).__name__)
    notes.ok("login", "accepted")
    read = await answer(client.sync(), "torrents", notes)
    if read is None:
        return
    if read.transfer.connection == "disconnected":
        step = "check its network, or the VPN container (gluetun) if it runs behind one"
        notes.warn("network", "it has no connection to any peer", step)
    else:
        notes.ok("network", f"{read.transfer.connection or 'unknown'}; {len(read.changed)} torrents")


async def _ask_shoko(client: Client, identified: Identified, _: Settings, notes: Notes) -> None:
    if not isinstance(client, ShokoClient):
        raise TypeError(type(client).__name__)
    if identified.note is None:
        notes.ok("key", "accepted, an administrator's")
    else:
        notes.warn("key", f"accepted, but its user is limited: {identified.note}", "use an administrator's key")
    state = await answer(client.state(), "state", notes)
    for part, why in state.unread if state is not None else ():
        notes.warn(part, f"could not be read: {why}", "see Shoko's log, and the rights of the key")
    if state is not None and state.connectivity is not None:
        network = state.connectivity
        if network.udp_banned or network.http_banned:
            notes.warn(
                "AniDB", "bans this Shoko's address", "wait, it usually lifts within a day; do not rescan meanwhile"
            )
        elif network.network not in {None, "Internet"}:
            notes.warn("network", f"Shoko reaches {network.network} only", "check the network of Shoko's container")
        else:
            notes.ok("network", "Shoko reaches the internet")
    folders = await answer(client.folders(), "folders", notes)
    notes.roots = tuple(one.path for one in folders.folders if one.path) if folders is not None else ()
    for one in folders.folders if folders is not None else ():
        shown = f"{one.id} {one.name or ''} {one.path or ''}".strip()
        if one.watched is False and one.drop_type in {None, "None"}:
            notes.note(
                "folder",
                f"{shown} is not watched: new files wait for a scan",
                "Shoko → Dashboard → Import Folders → enable watching for it",
            )
        else:
            notes.ok("folder", shown)
    if folders is not None and not folders.folders:
        notes.warn("folder", "Shoko has no folder", "Shoko → Dashboard → Import Folders → add one")


async def _ask_seerr(client: Client, _: Identified, settings: Settings, notes: Notes) -> None:
    if not isinstance(client, SeerrClient):
        raise TypeError(type(client).__name__)
    notes.ok("key", "accepted, acts as the owner")
    read = await answer(client.servers(), "servers", notes)
    for one in read.servers if read is not None else ():
        kind = Kind.RADARR if one.is_movie else Kind.SONARR
        if settings.of_kind(kind):
            notes.ok("servers", f"sends to {kind.title} “{one.name or one.id}”{' (4K)' if one.is_4k else ''}")
        else:
            notes.note("servers", f"sends to {kind.title} “{one.name or one.id}”, which is not configured here")
    if read is not None and not read.servers:
        notes.warn("servers", "sends requests to nobody", "Seerr → Settings → Services → add Sonarr and Radarr")


_QUESTIONS: Mapping[Kind, Callable[[Client, Identified, Settings, Notes], Awaitable[None]]] = {
    Kind.SONARR: ask_arr,
    Kind.RADARR: ask_arr,
    Kind.QBITTORRENT: _ask_qbittorrent,
    Kind.SHOKO: _ask_shoko,
    Kind.JELLYFIN: ask_jellyfin,
    Kind.SEERR: _ask_seerr,
}
"""Of the others the key is all there is to check."""

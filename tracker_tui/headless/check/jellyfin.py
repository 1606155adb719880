"""The check's questions to Jellyfin and its Shokofin: rights, libraries, plugin, mapping, folders. Reads only."""

import asyncio

from tracker_tui.config.settings import Settings
from tracker_tui.engine.clients import Client
from tracker_tui.headless.check.findings import Notes
from tracker_tui.headless.check.versions import made_for, release
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import (
    FAULTY_SHOKOFINS,
    SCAN_KEY,
    SHOKOFIN_ID,
    Library,
    Plugin,
    ShokofinConfig,
    ShokofinFolder,
)
from tracker_tui.model.observation import Identified, JellyfinSetupRead, ShokofinRead
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient

_LEGACY_OFF = (12,)
"""Since this release Jellyfin ignores the key headers of older Sonarr and Radarr."""


async def ask_jellyfin(client: Client, identified: Identified, settings: Settings, notes: Notes) -> None:
    """Ask one Jellyfin everything and note it. Raises nothing of the service's."""
    if not isinstance(client, JellyfinClient):
        raise TypeError(type(client).__name__)
    libraries = await _elevated(client, notes)
    setup = await _setup(client, notes)
    if (release(identified.version) or ()) >= _LEGACY_OFF:
        notes.note(
            "key headers",
            f"Jellyfin {identified.version} ignores the key header of older Sonarr and Radarr: "
            'their "Update Library" may fail with 401',
            "update Sonarr and Radarr, or enable legacy authorization in Jellyfin",
        )
    if libraries is None:
        return
    notes.roots = tuple(path for one in libraries for path in one.locations)
    for one in libraries:
        if one.enabled is not False and not one.uses_shoko and one.realtime is False:
            notes.note("library", f"{one.name} is not monitored in real time: new files wait for a scan")
    if settings.of_kind(Kind.SHOKO) or any(one.uses_shoko for one in libraries):
        await _shokofin(client, identified, setup, libraries, notes)


async def _elevated(client: JellyfinClient, notes: Notes) -> tuple[Library, ...] | None:
    """Note whether the key is an administrator's: only then it may ask for libraries and tasks."""
    try:
        libraries, tasks = await asyncio.gather(client.libraries(), client.tasks())
    except ServiceError as fault:
        notes.warn(
            "rights",
            f"libraries and scheduled tasks may not be read ({fault.message}): no scan state, no refresh",
            "use a key from Jellyfin → Dashboard → API Keys (those are administrators)",
        )
        return None
    notes.ok("rights", f"an administrator's key; {len(libraries.libraries)} libraries")
    if not any(one.key == SCAN_KEY for one in tasks.tasks):
        notes.warn("rights", "the library scan is not among its tasks: a refresh is never offered", "update Jellyfin")
    return libraries.libraries


async def _setup(client: JellyfinClient, notes: Notes) -> JellyfinSetupRead | None:
    try:
        setup = await client.setup()
    except ServiceError as fault:
        notes.warn("plugins", f"could not be read: {fault.message}", "see Jellyfin's log")
        return None
    if setup.server.pending_restart:
        notes.note("restart", "Jellyfin waits for a restart", "Jellyfin → Dashboard → Restart")
    return setup


# ---- Shokofin


async def _shokofin(
    client: JellyfinClient,
    identified: Identified,
    setup: JellyfinSetupRead | None,
    libraries: tuple[Library, ...],
    notes: Notes,
) -> None:
    if not _plugin(setup, identified, notes):
        return
    try:
        read = await ShokofinClient(client.link).read()
    except ServiceError as fault:
        notes.warn("Shokofin", f"could not be asked: {fault.message}", "see Jellyfin's log")
        return
    for part, why in read.unread:
        notes.warn("Shokofin", f"its {part} could not be read: {why}", "see Jellyfin's log")
    _connection(read, notes)
    ours = [one for one in libraries if one.uses_shoko]
    if not ours:
        notes.warn(
            "Shokofin",
            "no library uses it",
            "Jellyfin → Dashboard → Libraries → a library → enable Shoko among its metadata readers",
        )
    config = read.config
    if config is not None:  # Shokofin 6 takes the real folders out of the libraries
        notes.roots += tuple(one.path for one in config.folders or () if one.path)
    if config is None or config.folders is None:
        notes.note(
            "mapping",
            "the folder mapping could not be read",
            "Jellyfin → Shokofin → Library settings: look yourself which Shoko folder each library has",
        )
        return
    for library in ours:
        await _mapping(client, library, config, notes)


def _plugin(setup: JellyfinSetupRead | None, identified: Identified, notes: Notes) -> bool:
    """Note the plugin's state; return whether it can be asked."""
    plugins = setup.plugins if setup is not None else None
    if plugins is None:
        notes.note("Shokofin", "the plugin list could not be read")
        return True
    found = [one for one in plugins if one.id == SHOKOFIN_ID]
    active = next((one for one in found if one.status == "Active"), None)
    if active is None:
        state = f"is {found[0].status}" if found else "is not installed"
        fix = "enable it and restart Jellyfin" if found else "install the plugin Shoko, or leave out [[shoko]]"
        notes.warn("Shokofin", f"the plugin {state}: nothing that Shoko knows reaches Jellyfin", fix)
        return False
    _release(active, identified, notes)
    return True


def _release(plugin: Plugin, identified: Identified, notes: Notes) -> None:
    number = release(plugin.version) or ()
    if number[:3] in FAULTY_SHOKOFINS:
        text = f"Shokofin {plugin.version} misses new files through a timing fault"
        notes.warn("version", text, "update the plugin to 6.0.2 or later, then restart Jellyfin")
        return
    notes.version("Shokofin", plugin.version, f"Shokofin {plugin.version or 'of unknown version'}, active")
    if made_for(plugin.version, identified.version) is False:
        text = f"Shokofin {plugin.version} is not made for Jellyfin {identified.version}"
        notes.warn("version", text, "install the release of the plugin that fits this Jellyfin")


def _connection(read: ShokofinRead, notes: Notes) -> None:
    if read.host_reachable is False:
        notes.fail("Shokofin", "it cannot reach Shoko", "Jellyfin → Shokofin → Connection: check address and login")
    elif read.host_reachable:
        notes.ok("Shokofin", f"it reaches Shoko {read.host_version or ''}".rstrip())
    status = read.signalr
    if status is None:
        notes.note("SignalR", "its state could not be read")
    elif status.state == "Connected":
        notes.ok("SignalR", "connected: new files are linked as Shoko matches them")
    else:
        notes.warn(
            "SignalR",
            f"{status.state or 'not active'}: new files wait for the next scan",
            "Shokofin → Connection → enable auto-connect and Connect",
        )
    if read.config is not None and read.config.auto_connect is False and status is not None:
        notes.note("SignalR", "auto-connect is off: a restart of Jellyfin ends the connection")


async def _mapping(client: JellyfinClient, library: Library, config: ShokofinConfig, notes: Notes) -> None:
    """Note which Shoko folder a library maps, and whether Jellyfin sees the folder: one missing stops the library."""
    folders = [one for one in config.folders or () if one.library_id == library.id and (one.folder_id or 0) >= 0]
    mapped = [one for one in folders if one.folder_id and one.mapped is not False and not one.ignored]
    if not mapped:
        has = ", ".join(one.path or "a folder" for one in folders) or "no entry"
        notes.warn(
            "mapping",
            f"{library.name} maps to no Shoko folder ({has}): it stays empty",
            "Shokofin → Library settings → map it, restart Jellyfin, then refresh",
        )
    for folder in mapped:
        await _folder(client, library, folder, notes, alone=len(mapped) == 1)


async def _folder(
    client: JellyfinClient, library: Library, folder: ShokofinFolder, notes: Notes, *, alone: bool
) -> None:
    """Note what Jellyfin sees of a mapped folder. `alone` = the library has no other: empty, it has nothing to lose."""
    where = f"{folder.folder_id} {folder.folder_name or ''}".strip() + (folder.relative_path or "")
    shown = f"{library.name}: {folder.path or 'its folder'} → Shoko folder {where}"
    try:
        entries = await client.directory(folder.path) if folder.path else ()
    except ServiceError:
        notes.ok("mapping", f"{shown} (not looked into)")
        return
    if folder.path and entries == () and alone:
        notes.note("mapping", f"{shown}; the folder is empty for Jellyfin")
    elif folder.path and not entries:
        state = "does not exist for Jellyfin" if entries is None else "is empty for Jellyfin"
        notes.warn(
            "mapping",
            f"{shown}, but {folder.path} {state}: that stops the whole library",
            "check the mount and its permissions in Jellyfin's container",
        )
    else:
        notes.ok("mapping", shown)

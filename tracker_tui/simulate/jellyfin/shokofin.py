"""A simulated Shokofin (4 to 6): Jellyfin's plugin that shows Shoko's files through a virtual file system.

It makes links when Jellyfin looks at a library's root, from answers of Shoko that it remembers; single files on
SignalR events. The rest of its behaviour is why anime does not appear: see the plugin's own rules in each method.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aiohttp import web

from tracker_tui.simulate.jellyfin.index import Described
from tracker_tui.simulate.jellyfin.items import Json, SimulatedLibrary, Version, dashed
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin_http import ShokofinHttp
from tracker_tui.simulate.jellyfin.shokofin_vfs import (
    FolderMapping,
    Link,
    LinkedSeries,
    Rules,
    ShokoSource,
    announced_in,
    links_of,
)
from tracker_tui.simulate.jellyfin.tasks import Task

PLUGIN_ID = "5216ccbfd24a4eb38a7e7da4230b7052"
CLEAR_CACHE = "ShokoClearPluginCache"
CLEANUP_ROOT = "ShokoCleanupVirtualRoot"
EVENT_DEBOUNCE = timedelta(seconds=5)

SignalRState = Literal["Disconnected", "Connecting", "Connected", "Reconnecting"]


@dataclass
class Adopted:
    """A library the plugin takes care of. `generated_at` is set while its listing is remembered."""

    library: SimulatedLibrary
    root: str
    attached: bool
    mappings: list[FolderMapping] = field(default_factory=list)
    file_events: bool = True
    mode: str = "VFS"
    iterative: bool = False
    force_full: bool = False
    last_generated_at: datetime | None = None
    remembered: bool = False
    links: dict[str, Link] = field(default_factory=dict)


class SimulatedShokofin:
    """The plugin, in one version. `mixed_config` writes the shape of the early 6 builds.

    `stalled_s`: without activity for so long, it forgets what it remembers. `host_fault`: 500 or 502 in place of
    Shoko's version. `drops_events`: connected, yet nothing arrives. `secrets` stand in the configuration and must
    never be seen elsewhere.
    """

    plugin_id = PLUGIN_ID
    name = "Shoko"

    def __init__(self, jellyfin: SimulatedJellyfin, shoko: ShokoSource, version: str = "6.0.2.0") -> None:
        self.version_text = version
        self.version: Version = tuple(int(part) for part in version.split("."))
        self.rules = Rules()
        self.add_missing_metadata = True
        self.signalr: SignalRState = "Connected"
        self.stalled_s = 60 if self.version >= (6,) else 10
        self.mixed_config = False
        self.host_fault: int | None = None
        self.secrets = {"ApiKey": "shoko-api-key", "Token": "user-token", "Username": "somebody"}
        self.drops_events = False
        self.adopted: dict[str, Adopted] = {}
        self.shoko = shoko
        self.tasks = [
            Task(CLEAR_CACHE, "Clear Plugin Cache", category="Shokofin", hidden=True),
            Task(CLEANUP_ROOT, "Clean up Virtual File System Roots", category="Shokofin", hidden=True),
            Task("ShokoVersionCheck", "Check Server Version", category="Shokofin", hidden=True),
        ]
        self._jellyfin = jellyfin
        self._http = ShokofinHttp(self, jellyfin)
        self._active_at: datetime | None = None
        self._since = jellyfin.clock.now()
        self._noticed: set[int] = set()
        jellyfin.install(self)

    # ---- story

    def adopt(
        self, library: SimulatedLibrary, folder_id: int, *, relative_path: str = "", attached: bool | None = None
    ) -> None:
        """Let the plugin take care of a library whose first location is the media folder of a Shoko folder.

        Attached (always in 6, the default in 5): the virtual root is a location of the library; 6 removes the real
        ones. Unattached: it stays hidden behind the real folder.
        """
        with self._jellyfin.lock:
            root = f"{self._jellyfin.data_path}/Shokofin/VFS/{dashed(library.id)}"
            is_attached = self.version >= (5,) if attached is None else attached
            adopted = Adopted(library, root, is_attached)
            adopted.mappings = [FolderMapping(path, folder_id, relative_path) for path in library.locations]
            library.fetchers = ("Shoko",)
            if is_attached:
                self._keep(adopted)
                library.locations = [root] if self.version >= (6,) else [*library.locations, root]
            self.adopted[library.id] = adopted

    def break_mapping(self, library: SimulatedLibrary, *, keep_entry: bool = True) -> None:
        """Lose the mapping: to folder 0, or without any entry."""
        with self._jellyfin.lock:
            adopted = self.adopted[library.id]
            adopted.mappings = [FolderMapping(one.path, 0) for one in adopted.mappings] if keep_entry else []

    def map_folder(self, library: SimulatedLibrary, path: str, folder_id: int, relative_path: str = "") -> None:
        """Map a media folder, in place of what was there for it."""
        with self._jellyfin.lock:
            adopted = self.adopted[library.id]
            adopted.mappings = [one for one in adopted.mappings if one.path != path]
            adopted.mappings.append(FolderMapping(path, folder_id, relative_path))

    def lose_vfs(self, library: SimulatedLibrary) -> None:
        """Lose the virtual folder of a library, with all links."""
        with self._jellyfin.lock:
            adopted = self.adopted[library.id]
            self._jellyfin.disk.remove(adopted.root)
            adopted.links = {}

    # ---- what Jellyfin asks of a plugin

    def routes(self) -> list[web.RouteDef]:
        """Return the plugin's own routes."""
        return self._http.routes()

    def open_paths(self) -> tuple[str, ...]:
        """Return the paths served without a key: all, up to 5."""
        return () if self.version >= (6,) else ("/Plugin/Shokofin/",)

    def configuration(self) -> Json:
        """Return the stored configuration in this version's shape, secrets included."""
        return self._http.configuration()

    def notice(self, now: datetime) -> None:
        """Receive Shoko's events of files matched since the last time, if connected; acted upon 5 s after each."""
        matched = self.shoko.matched()
        for file_id in matched.keys() - self._noticed:
            at = matched[file_id]
            if self.signalr == "Connected" and not self.drops_events and at >= self._since:
                self._jellyfin.agenda.add(
                    min(at, now) + EVENT_DEBOUNCE,
                    lambda due, number=file_id: self._on_event(number, due),  # type: ignore[misc]
                )
        self._noticed |= matched.keys()

    def covers(self, library: SimulatedLibrary) -> bool:
        """Return whether the library's files are shown through the virtual file system."""
        return library.id in self.adopted and self.adopted[library.id].mode == "VFS"

    def resolve(self, library: SimulatedLibrary, location: str, folder: str | None, at: datetime) -> str | None:
        """Generate the links when a root is looked at; return the virtual root in place of the media folder."""
        adopted = self.adopted[library.id]
        if location != (adopted.root if adopted.attached else library.locations[0]):
            return None
        self._generate(adopted, folder, at)
        return adopted.root

    def described(self, library: SimulatedLibrary) -> dict[str, Described]:
        """Return what the links' items are."""
        return {path: link.described for path, link in self.adopted[library.id].links.items()}

    def announced(self, library: SimulatedLibrary) -> list[tuple[str, Described]]:
        """Return the virtual episodes of linked shows, where AddMissingMetadata is on."""
        if not self.add_missing_metadata or library.collection_type == "movies":
            return []
        links = self.adopted[library.id].links.values()
        shows: dict[str, LinkedSeries] = {link.show: link.series for link in links}
        return announced_in(shows, {episode.id for link in links for episode in link.series.episodes}, self.shoko)

    def run(self, task: Task, at: datetime) -> None:
        """Carry out a task at once: clear what is remembered, or repair empty virtual roots (not during a scan)."""
        task.last = (at, at + timedelta(milliseconds=40), "Completed")
        if task.key == CLEAR_CACHE:
            for adopted in self.adopted.values():
                adopted.remembered = False
        if task.key == CLEANUP_ROOT and not self._jellyfin.scanner.running:
            for adopted in self.adopted.values():
                if adopted.attached and not self._jellyfin.disk.listing(adopted.root):
                    self._keep(adopted)

    # ---- links

    def _keep(self, adopted: Adopted) -> None:
        self._jellyfin.disk.add_file(f"{adopted.root}/.keep", self._jellyfin.clock.now())

    def _generate(self, adopted: Adopted, folder: str | None, at: datetime) -> None:
        """Make and clean up links of a library, or of one show's folder; nothing while the listing is remembered."""
        if self._active_at is not None and at - self._active_at >= timedelta(seconds=self.stalled_s):
            for one in self.adopted.values():
                one.remembered = False
        self._active_at = at
        wanted = None if adopted.remembered else self.wanted(adopted, at)
        if wanted is None:
            return
        if folder is not None:
            other = {path: link for path, link in adopted.links.items() if link.show != folder}
            wanted = other | {path: link for path, link in wanted.items() if link.show == folder}
        self._write(adopted, wanted, at)
        if folder is None:
            adopted.remembered = True
            adopted.last_generated_at, adopted.force_full = at, False
            # removed even if no link was made: Jellyfin skips an empty root from then on
            self._jellyfin.disk.remove(f"{adopted.root}/.keep")

    def _write(self, adopted: Adopted, wanted: dict[str, Link], at: datetime) -> None:
        for path in adopted.links.keys() - wanted.keys():
            self._jellyfin.disk.remove(path)
        for path in wanted.keys() - adopted.links.keys():
            self._jellyfin.disk.add_file(path, at)
        adopted.links = wanted

    def wanted(self, adopted: Adopted, at: datetime) -> dict[str, Link] | None:
        """Return all links a generation leaves; None where it gives up: no mapping, or a media folder is not there."""
        mapped = [one for one in adopted.mappings if one.folder_id > 0 and not one.ignored]
        disk = self._jellyfin.disk
        if not mapped or not self.shoko.reachable or not all(disk.listing(one.path) for one in mapped):
            return None
        files = [
            one for one in self.shoko.linked_files() if max(one.imported_at, one.ready_at or one.imported_at) <= at
        ]
        since = adopted.last_generated_at
        if adopted.iterative and not adopted.force_full and since is not None:
            kept = {link.file.id for link in adopted.links.values()}
            files = [file for file in files if file.imported_at >= since or file.id in kept]
        found = links_of(files, adopted.library, adopted.root, mappings=mapped, disk=disk, rules=self.rules)
        return {link.path: link for link in found}

    def _on_event(self, file_id: int, at: datetime) -> None:
        """Link one file. Dropped while a scan runs; not linked, and never tried again, while Shoko has no entry."""
        if self._jellyfin.scanner.running or self.signalr != "Connected":
            return
        self._active_at = at
        for adopted in self.adopted.values():
            if not adopted.file_events:
                continue
            for path, link in (self.wanted(adopted, at) or {}).items():
                if link.file.id == file_id and path not in adopted.links:
                    adopted.links[path] = link
                    self._jellyfin.disk.add_file(path, at)
                    self._jellyfin.path_changed(path, at, told=True)

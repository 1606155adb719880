"""A simulated Jellyfin (10.8 to 12): libraries, items, scans, tasks and plugins, with each version's own rules.

What happens by itself is carried out, in the household's time, when the next request or story step comes.
"""

import re
from datetime import datetime, timedelta
from hashlib import md5
from typing import Protocol
from urllib.parse import unquote

from aiohttp import web

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin import items as store
from tracker_tui.simulate.jellyfin.disk import SimulatedDisk
from tracker_tui.simulate.jellyfin.http import OPEN_PATHS, JellyfinHttp, lowered
from tracker_tui.simulate.jellyfin.index import Described, Index, Title
from tracker_tui.simulate.jellyfin.items import Item, Json, SimulatedLibrary, Version
from tracker_tui.simulate.jellyfin.tasks import Agenda, Scanner, Task
from tracker_tui.simulate.server import SimulatedService

_TOKEN = re.compile(r'(MediaBrowser|Emby)\s.*?\bToken="?([^",]*)"?', re.IGNORECASE)


class JellyfinPlugin(Protocol):
    """What a plugin adds to the server: routes, tasks, a configuration, and a say in how libraries are looked at."""

    plugin_id: str
    name: str
    version_text: str
    tasks: list[Task]

    def routes(self) -> list[web.RouteDef]:
        """Return its own routes."""

    def open_paths(self) -> tuple[str, ...]:
        """Return the path prefixes that it serves without a key."""

    def configuration(self) -> Json:
        """Return its configuration as stored, secrets included."""

    def covers(self, library: SimulatedLibrary) -> bool:
        """Return whether it takes over a library."""

    def resolve(self, library: SimulatedLibrary, location: str, folder: str | None, at: datetime) -> str | None:
        """Prepare and return the folder to look at in place of `location`; None to look at nothing."""

    def described(self, library: SimulatedLibrary) -> dict[str, Described]:
        """Return what it says about its files, by path."""

    def announced(self, library: SimulatedLibrary) -> list[tuple[str, Described]]:
        """Return the episodes it lists without a file, each with its series' folder."""

    def run(self, task: Task, at: datetime) -> None:
        """Carry out one of its tasks."""

    def notice(self, now: datetime) -> None:
        """Take in what happened outside since the last time."""


class SimulatedJellyfin(SimulatedService):
    """One server. `disk` is what its process sees; `scanner` knows how long scans and refreshes take.

    `starting` answers as during start-up or a database migration; `plugins_refused` (403, 404) hides the plugins;
    `legacy_auth` is the server's switch (off since 12); `ignores_ids` answers every `ids` question with the whole
    library, as a server does to ids that do not parse.
    """

    data_path = "/config"

    def __init__(
        self, clock: SimClock, version: str = "10.11.6", *, api_key: str = "jellyfin-key", base_path: str = ""
    ) -> None:
        super().__init__(clock)
        self.version_text = version
        self.version: Version = tuple(int(part) for part in version.split("."))
        self.api_key = api_key
        self.base_path = base_path
        self.starting = False
        self.legacy_auth = self.version < (12,)
        self.plugins_refused: int | None = None
        self.plugin_status = "Active"
        self.ignores_ids = False
        self.disk = SimulatedDisk()
        self.index = Index(self.disk, self.data_path)
        self.libraries: list[SimulatedLibrary] = []
        self.plugin: JellyfinPlugin | None = None
        self.agenda = Agenda()
        self.scanner = Scanner(self.agenda, lambda: self.libraries, self._validate)
        self.scanner.task.every = timedelta(hours=12)
        self.scanner.arm(clock.now())
        self._http = JellyfinHttp(self)

    # ---- story

    def add_library(
        self, name: str, locations: list[str], collection_type: str = "tvshows", *, realtime: bool = True
    ) -> SimulatedLibrary:
        """Create a library over folders, which come into being where they are missing."""
        with self.lock:
            own_id = md5(name.encode(), usedforsecurity=False).hexdigest()
            library = SimulatedLibrary(own_id, name, list(locations), collection_type, realtime)
            for location in locations:
                self.disk.add_folder(location)
            self.libraries.append(library)
            return library

    def add_title(
        self,
        folder: str,
        name: str,
        provider_ids: dict[str, str],
        episodes: dict[tuple[int, int], dict[str, str]] | None = None,
    ) -> None:
        """Let the metadata providers know a series' or film's folder."""
        with self.lock:
            self.index.titles[folder] = Title(name, provider_ids, episodes or {})

    def file_added(self, path: str) -> None:
        """Put a file on the disk now. The realtime monitor of its library notices."""
        with self.lock:
            now = self.catch_up()
            self.disk.add_file(path, now)
            self.path_changed(path, now)

    def file_removed(self, path: str) -> None:
        """Remove a file, or a folder with all it holds. The realtime monitor of its library notices."""
        with self.lock:
            now = self.catch_up()
            self.disk.remove(path)
            self.path_changed(path, now)

    def start_scan(self) -> None:
        """Start the full library scan, unless it runs."""
        with self.lock:
            self.scanner.start(self.catch_up())

    def finish_scan(self) -> None:
        """Let a full scan start and end at once, without any time passing: the library is as the disk is."""
        with self.lock:
            now = self.catch_up()
            self.scanner.cancel(now)
            for library in self.libraries:
                self._validate(library, None, now)
            self.scanner.task.last = (now, now, "Completed")

    def scan_daily(self, at: timedelta) -> None:
        """Set the scan's trigger to a time of day (UTC) instead of every twelve hours."""
        with self.lock:
            self.scanner.task.daily_at, self.scanner.task.every = at, None
            self.scanner.arm(self.catch_up())

    def add_item(self, library: SimulatedLibrary, item_type: str, name: str, path: str | None, **facts: object) -> Item:
        """Put an item into a library directly, without any file: stubs, placeholders, remote items."""
        with self.lock:
            key = store.item_id(item_type if path else "Video", path or f"virtual:{name}", self.data_path)
            item = Item(key, item_type, name, library.id, path, **facts)  # type: ignore[arg-type]
            self.index.items[key] = item
            return item

    def remove_item(self, item: Item | str) -> None:
        """Remove an item, and a series' with its episodes, without touching the disk."""
        with self.lock:
            self.index.drop([item if isinstance(item, str) else item.id])

    def install(self, plugin: JellyfinPlugin) -> None:
        """Install a plugin; before the server is started, for its routes."""
        with self.lock:
            self.plugin = plugin

    def item_at(self, path: str) -> Item | None:
        """Return the item at a path, as of now."""
        with self.lock:
            self.catch_up()
            return self.index.by_path(path)

    # ---- what happens by itself

    def catch_up(self) -> datetime:
        """Carry out all that is due by now, and return now. The lock is held."""
        now = self.clock.now()
        if self.plugin is not None:
            self.plugin.notice(now)
        self.agenda.run(now)
        return now

    def path_changed(self, path: str, at: datetime, *, told: bool = False) -> None:
        """Report a changed path to the library monitor: its folder is looked at 60 s after the last report.

        `told` = by a client or plugin: works with the realtime monitor off. The lock is held.
        """
        for library in self.libraries:
            root = next((one for one in self.roots(library) if path.startswith(one.rstrip("/") + "/")), None)
            if root is not None and (library.realtime or told):
                first = path[len(root.rstrip("/")) + 1 :].partition("/")
                self.scanner.report(library, f"{root.rstrip('/')}/{first[0]}" if first[2] else root, at)

    def roots(self, library: SimulatedLibrary) -> list[str]:
        """Return the folders a library's items lie in: its locations, and what a plugin put in their place."""
        vfs = f"{self.data_path}/Shokofin/VFS/{store.dashed(library.id)}"
        return [*library.locations, *([vfs] if vfs not in library.locations and self._covered(library) else [])]

    def _covered(self, library: SimulatedLibrary) -> bool:
        return self.plugin is not None and self.plugin.covers(library)

    def _validate(self, library: SimulatedLibrary, folder: str | None, at: datetime) -> None:
        """Look at a library, or one folder of it. A location that is missing or empty is skipped, its items stay."""
        for location in library.locations:
            if not self.disk.listing(location):
                continue
            root: str | None = location
            described = None
            if self.plugin is not None and self.plugin.covers(library):
                root = self.plugin.resolve(library, location, folder, at)
                described = self.plugin.described(library)
            if root is None or (folder is not None and not f"{folder}/".startswith(root.rstrip("/") + "/")):
                continue
            self.index.look(library, root, folder or root, at, described)
        if self.plugin is not None and self.plugin.covers(library):
            for show, told in self.plugin.announced(library):
                series = self.index.by_path(show)
                if series is not None:
                    self.index.announce(library, series, told, at)

    # ---- HTTP

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this server and its plugin, below the base path."""
        both = [*self._http.routes(), *(self.plugin.routes() if self.plugin else [])]
        return [web.RouteDef(one.method, self.base_path + one.path, one.handler, one.kwargs) for one in both]

    def check(self, request: web.Request) -> web.Response | None:
        """Return the refusal during start-up, of a path outside the base path, or of a missing or wrong key."""
        self.catch_up()
        if not request.path.startswith(self.base_path + "/"):
            return web.Response(status=302, headers={"Location": f"{self.base_path}/web/"})
        path = request.path[len(self.base_path) :]
        if self.starting:
            return self._http.not_ready(path)
        open_paths = (*OPEN_PATHS, *(self.plugin.open_paths() if self.plugin else ()))
        if path == "/" or path.startswith(open_paths) or self._key(request) == self.api_key:
            return None
        return web.Response(status=401)

    def _key(self, request: web.Request) -> str | None:
        """Return the key as this version finds it; the older forms are ignored where they are switched off."""
        asked = lowered(request)
        found = _TOKEN.match(request.headers.get("Authorization", ""))
        if found and (found[1].lower() == "mediabrowser" or self.legacy_auth):
            return unquote(found[2])
        if "apikey" in asked:
            return asked["apikey"]
        if not self.legacy_auth:
            return None
        headers = (request.headers.get(name) for name in ("X-Emby-Token", "X-MediaBrowser-Token"))
        return next((one for one in headers if one), asked.get("api_key"))

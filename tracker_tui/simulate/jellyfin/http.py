"""The HTTP face of a simulated Jellyfin: each route as the real server's version answers it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from tracker_tui.simulate.jellyfin import constants
from tracker_tui.simulate.jellyfin import items as store
from tracker_tui.simulate.jellyfin.items import Item, Json, SimulatedLibrary, guid
from tracker_tui.simulate.jellyfin.tasks import Task

if TYPE_CHECKING:
    from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin

OPEN_PATHS = ("/System/Info/Public", "/System/Ping", "/health", "/web")
"""Answered without a key."""
_STARTING_PAGE = "<!DOCTYPE html><html><body>The server is still loading, please try again shortly.</body></html>"
_NO_CONTENT = 204


def lowered(request: web.Request) -> dict[str, str]:
    """Return the query with lower-case names: the server ignores their case."""
    return {name.lower(): value for name, value in request.query.items()}


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/plain")


def _failed(status: int) -> web.Response:
    return _text(status, "Error processing request.")


class JellyfinHttp:
    """The routes of one server."""

    def __init__(self, server: "SimulatedJellyfin") -> None:
        self._server = server

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without base path."""
        return [
            web.get("/", self._root),
            web.get("/web/", self._page),
            web.get("/System/Info/Public", self._public_info),
            web.get("/System/Info", self._info),
            web.get("/System/Ping", self._ping),
            web.post("/System/Ping", self._ping),
            web.get("/health", self._health),
            web.get("/Library/VirtualFolders", self._virtual_folders),
            web.post("/Library/Refresh", self._library_refresh),
            web.post("/Library/Media/Updated", self._media_updated),
            web.get("/Items", self._items),
            web.post("/Items/{id}/Refresh", self._item_refresh),
            web.get("/Shows/{id}/Episodes", self._episodes),
            web.get("/ScheduledTasks", self._tasks),
            web.post("/ScheduledTasks/Running/{id}", self._start_task),
            web.delete("/ScheduledTasks/Running/{id}", self._stop_task),
            web.get("/Plugins", self._plugins),
            web.get("/Plugins/{id}/Configuration", self._plugin_configuration),
            web.post("/Environment/ValidatePath", self._validate_path),
            web.get("/Environment/DirectoryContents", self._directory),
        ]

    def not_ready(self, path: str) -> web.Response:
        """Return the answer during start-up: a page in a 503; since 10.11 a server of its own, which says when."""
        setup_server = self._server.version >= (10, 11)
        if path == "/System/Ping" and not setup_server:
            return web.json_response("Jellyfin Server")
        if path == "/health" and setup_server:
            return web.Response(text="Degraded")
        if path == "/System/Info/Public" and setup_server:
            return web.json_response({"version": self._server.version_text, "startupWizardCompleted": False})
        headers = {"Retry-After": "005"} if setup_server else {}
        return web.Response(status=503, text=_STARTING_PAGE, content_type="text/html", headers=headers)

    # ---- system

    async def _root(self, _: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "web/"})

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="<!DOCTYPE html><html><title>Jellyfin</title></html>", content_type="text/html")

    async def _ping(self, _: web.Request) -> web.Response:
        return web.json_response("Jellyfin Server")

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="Healthy")

    def _public(self) -> Json:
        return {
            "LocalAddress": "http://172.18.0.5:8096",
            "ServerName": "nas",
            "Version": self._server.version_text,
            "ProductName": "Jellyfin Server",
            "OperatingSystem": "",
            "Id": store.SERVER_ID,
            "StartupWizardCompleted": True,
        }

    async def _public_info(self, _: web.Request) -> web.Response:
        return web.json_response(self._public())

    async def _info(self, _: web.Request) -> web.Response:
        return web.json_response(
            self._public()
            | constants.SYSTEM
            | (constants.SYSTEM_10_9 if self._server.version >= (10, 9) else {})
            | {
                "PackageName": "docker",
                "HasPendingRestart": False,
                "IsShuttingDown": False,
                "SupportsLibraryMonitor": True,
                "WebSocketPortNumber": 8096,
                "CompletedInstallations": [],
            }
        )

    # ---- libraries

    async def _virtual_folders(self, _: web.Request) -> web.Response:
        with self._server.lock:
            now = self._server.clock.now()
            return web.json_response([self._library(library, now) for library in self._server.libraries])

    def _library(self, library: SimulatedLibrary, now: datetime) -> Json:
        status, progress = self._server.scanner.status(library, now)
        options: Json = {
            **constants.LIBRARY,
            **(constants.LIBRARY_10_11 if self._server.version >= (10, 11) else {}),
            "EnableRealtimeMonitor": library.realtime,
            "PathInfos": [{"Path": path} for path in library.locations],
            "TypeOptions": [
                {
                    **constants.TYPE_OPTIONS,
                    "Type": one,
                    "MetadataFetchers": list(library.fetchers),
                    "MetadataFetcherOrder": [],
                }
                for one in (("Movie",) if library.collection_type == "movies" else ("Series", "Season", "Episode"))
            ],
            "AutomaticRefreshIntervalDays": 0,
        }
        if self._server.version >= (10, 9):
            options["Enabled"] = True
        told: Json = {
            "Name": library.name,
            "Locations": list(library.locations),
            "CollectionType": library.collection_type,
            "LibraryOptions": options,
            "ItemId": library.id,
            "PrimaryImageItemId": library.id,
            "RefreshStatus": status,
        }
        return told if progress is None else told | {"RefreshProgress": progress}

    async def _library_refresh(self, _: web.Request) -> web.Response:
        with self._server.lock:
            self._server.scanner.restart(self._server.clock.now())
        return web.Response(status=_NO_CONTENT)

    async def _media_updated(self, request: web.Request) -> web.Response:
        updates = (await request.json())["Updates"]
        if any(one.get("Path") is None for one in updates):
            return _failed(400)
        with self._server.lock:
            for one in updates:
                self._server.path_changed(one["Path"], self._server.clock.now(), told=True)
        return web.Response(status=_NO_CONTENT)

    # ---- items

    async def _items(self, request: web.Request) -> web.Response:
        asked = lowered(request)
        server = self._server
        if server.ignores_ids:
            asked.pop("ids", None)
        with server.lock:
            now = server.clock.now()
            if asked.get("parentid") and guid(asked["parentid"]) is None:
                return web.json_response({"title": "One or more validation errors occurred."}, status=400)
            try:
                found = store.query(server.index.items, server.libraries, asked, version=server.version, now=now)
            except store.UnknownParent:
                return _failed(400)
            except store.BrokenQuery:
                return _failed(500)
            return web.json_response(store.page(found, asked, now=now))

    async def _episodes(self, request: web.Request) -> web.Response:
        asked = lowered(request)
        server = self._server
        with server.lock:
            series = server.index.items.get(guid(request.match_info["id"]) or "")
            if series is None or series.type != "Series":
                return _text(404, "Series not found")
            found = [item for item in server.index.items.values() if item.series_id == series.id]
            found = [item for item in found if item.type == "Episode" and self._listed(item, asked)]
            return web.json_response(store.page(found, asked, now=server.clock.now()))

    def _listed(self, item: Item, asked: dict[str, str]) -> bool:
        """Return whether a series' episode list has it: missing ones only from 10.9.4 on (with a key)."""
        if asked.get("season") and str(item.season) != asked["season"]:
            return False
        missing = asked.get("ismissing", "").lower()
        if item.path is not None:
            return missing != "true"
        return missing != "false" and self._server.version >= (10, 9, 4)

    async def _item_refresh(self, request: web.Request) -> web.Response:
        own_id = guid(request.match_info["id"])
        mode = lowered(request).get("metadatarefreshmode", "None")
        server = self._server
        with server.lock:
            now = server.clock.now()
            library = next((one for one in server.libraries if one.id == own_id), None)
            if library is not None:
                server.scanner.refresh(library, None, now)
                return web.Response(status=_NO_CONTENT)
            item = server.index.items.get(own_id or "")
            if item is None:
                return web.json_response({"title": "Not Found", "status": 404}, status=404)
            home = next(one for one in server.libraries if one.id == item.library_id)
            if item.type == "Series" and mode.lower() != "none":
                server.scanner.refresh(home, item.path, now)
        return web.Response(status=_NO_CONTENT)

    # ---- tasks

    def _all_tasks(self) -> Iterable[Task]:
        yield Task("RefreshPeople", "Actualiser les acteurs")
        yield self._server.scanner.task
        yield Task("PluginUpdates", "Mettre à jour les extensions", category="Application")
        yield from self._server.plugin.tasks if self._server.plugin else ()

    def _task(self, request: web.Request) -> Task | None:
        own_id = guid(request.match_info["id"])
        return next((task for task in self._all_tasks() if task.id == own_id), None)

    async def _tasks(self, _: web.Request) -> web.Response:
        with self._server.lock:
            now = self._server.clock.now()
            return web.json_response([task.render(now) for task in self._all_tasks()])

    async def _start_task(self, request: web.Request) -> web.Response:
        """Answer 204 whether or not something starts: a running task stays as it is."""
        server = self._server
        with server.lock:
            task = self._task(request)
            if task is None:
                return _failed(404)
            if task is server.scanner.task:
                server.scanner.start(server.clock.now())
            elif server.plugin is not None and task in server.plugin.tasks:
                server.plugin.run(task, server.clock.now())
        return web.Response(status=_NO_CONTENT)

    async def _stop_task(self, request: web.Request) -> web.Response:
        with self._server.lock:
            task = self._task(request)
            if task is None:
                return _failed(404)
            if task is self._server.scanner.task:
                self._server.scanner.cancel(self._server.clock.now())
        return web.Response(status=_NO_CONTENT)

    # ---- plugins and environment

    async def _plugins(self, _: web.Request) -> web.Response:
        server = self._server
        if server.plugins_refused is not None:
            return web.Response(status=server.plugins_refused)
        found = [("TMDb", "b8715ed16c4745289ad3f72deb539cd4", server.version_text + ".0")]
        if server.plugin is not None:
            found.append((server.plugin.name, server.plugin.plugin_id, server.plugin.version_text))
        status = {server.plugin.plugin_id: server.plugin_status} if server.plugin is not None else {}
        return web.json_response(
            [
                {
                    **constants.PLUGIN,
                    "Name": name,
                    "Version": version,
                    "Id": own_id,
                    "Status": status.get(own_id, "Active"),
                    "CanUninstall": True,
                }
                for name, own_id, version in found
            ]
        )

    async def _plugin_configuration(self, request: web.Request) -> web.Response:
        server = self._server
        if server.plugins_refused is not None:
            return web.Response(status=server.plugins_refused)
        if server.plugin is None or guid(request.match_info["id"]) != server.plugin.plugin_id:
            return _failed(404)
        with server.lock:
            return web.json_response(server.plugin.configuration())

    async def _validate_path(self, request: web.Request) -> web.Response:
        asked = await request.json()
        with self._server.lock:
            seen = self._server.disk.exists(asked["Path"], is_file=asked.get("IsFile"))
        return web.Response(status=_NO_CONTENT) if seen else web.json_response({"status": 404}, status=404)

    async def _directory(self, request: web.Request) -> web.Response:
        asked = lowered(request)
        if not asked.get("path"):
            return web.json_response({"title": "One or more validation errors occurred."}, status=400)
        with self._server.lock:
            entries = self._server.disk.listing(asked["path"])
        if entries is None:
            return _failed(404)
        wanted = {True: asked.get("includedirectories") == "true", False: asked.get("includefiles") == "true"}
        return web.json_response(
            [
                {"Name": one.name, "Path": one.path, "Type": "Directory" if one.is_folder else "File"}
                for one in entries
                if wanted[one.is_folder]
            ]
        )

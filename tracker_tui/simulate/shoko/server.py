"""A simulated Shoko Server, 4.2 to 6-dev, over HTTP."""

import json
import uuid
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import unquote

from aiohttp import web

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimulatedService
from tracker_tui.simulate.shoko import render
from tracker_tui.simulate.shoko.http import NOT_RUNNING, NOT_RUNNING_6, Ask, Refused, Route, as_json, as_text, route
from tracker_tui.simulate.shoko.records import V5_2, ShokoRelease, SimFolder, SimShokoFile, SimShokoSeries, SimUser
from tracker_tui.simulate.shoko.state import ShokoState

_INCLUDES = ("Ignored", "MediaInfo", "XRefs", "AbsolutePaths")
_ONLY = ("Watched", "Variations", "Duplicates", "Unrecognized", "ManualLinks", "Ignored", "ImportLimbo")


class SimulatedShoko(ShokoState, SimulatedService):
    """One server of the given release. Its state is in plain attributes: `files`, `folders`, `series`, `episodes`.

    `state` is Starting, Started, Failed or Waiting; `effects` lists every request that changed something, GETs too;
    `waits` those that would have waited for a TMDB update.
    """

    def __init__(self, clock: SimClock, release: ShokoRelease = V5_2, *, api_key: str = "shoko-key") -> None:
        SimulatedService.__init__(self, clock)
        ShokoState.__init__(self, clock, release)
        self.state = "Started"
        self.message: str | None = None
        self.database_blocked = False
        self.started_at = clock.now() - timedelta(days=3, hours=4)
        self.users = {"admin": SimUser("admin", "shoko-password")}
        self.keys = {api_key: "admin"}
        self.effects: list[str] = []
        self.waits: list[str] = []
        self._table = self._routes()

    def add_user(self, name: str, password: str, *, admin: bool = False, hidden_anime: Iterable[int] = ()) -> str:
        """Add a user and return a key of theirs; `hidden_anime` are hidden by their tag filter."""
        self.users[name] = SimUser(name, password, admin, set(hidden_anime))
        return self._key_of(name, "first device")

    def revoke_keys(self) -> None:
        """Remove every key, as a change of password does."""
        self.keys.clear()

    def routes(self) -> list[web.RouteDef]:
        """Return one route for everything: aiohttp's own know case."""
        return [web.route("*", "/{path:.*}", self._dispatch)]

    def _routes(self) -> list[Route]:
        api = self.release.api
        folders = "ManagedFolder" if self.release.managed_folders else "ImportFolder"
        table = [
            route("Init/Version", lambda _: render.version(self.release), "open", friendly=True, exempt=True),
            route("Init/Status", self._status, "open", friendly=True, exempt=True),
            route("Init/StartServer", self._effect, "open", friendly=True, exempt=True),
            route("/api/auth", self._login, "open", method="POST"),
            route("User/Current", lambda ask: render.user(self._user(ask))),
            route(folders, lambda _: [render.folder(self, one) for one in self.folders.values()]),
            route(f"{folders}/{{}}", lambda ask: render.folder(self, self._folder(ask))),
            route(f"{folders}/{{}}/File", self._folder_files),
            route(f"{folders}/{{}}/Scan", self._scan, "admin" if self.release.managed_folders else "user"),
            route("File", self._all_files),
            route("File/PathEndsWith", self._ending),
            route("File/{}", self._file),
            route("File/{}/Scrobble", self._effect),
            route("Series", self._all_series),
            route("Series/PathEndsWith/{*}", self._series_at),
            route("Series/{}", lambda ask: self._one_series(ask, self._series(ask))),
            route("Series/{}/File", self._series_files),
            route("Series/{}/Episode", self._series_episodes),
            route("Series/AniDB/{}/Series", lambda ask: self._one_series(ask, self._by_anime(ask))),
            route("Action/{*}", self._action),
        ]
        if api < (5, 1, 0):
            table.append(route("Dashboard/QueueSummary", lambda _: render.types(self)))
        if self.release.has_queue:
            table += self._queue_routes()
            table.append(route("TMDB/Show/{}/Shoko/Series", lambda ask: self._tmdb_series(ask, "Show")))
            table.append(route("TMDB/Movie/{}/Shoko/Series", lambda ask: self._tmdb_series(ask, "Movie")))
        if api < (5, 1, 0):
            table.append(route("Series/TvDB/{}/Series", self._tvdb_series))
        if api >= (5, 2, 0):
            table.append(route("AniDB/BanStatus", lambda _: render.bans(self)))
        if self.release.managed_folders:
            table.append(route("Plugin", lambda _: [], "admin"))
        return table

    def _queue_routes(self) -> list[Route]:
        # open to everybody until 5.2
        access = "user" if self.release.api >= (5, 3, 0) else "open"
        queue = [
            route("Queue", lambda _: render.queue(self), access, friendly=True, exempt=True),
            route("Queue/Types", lambda _: render.types(self), access, friendly=True, exempt=True),
            route("Queue/Items", self._queue_items, "admin", exempt=True),
            route("Init/Connectivity", lambda _: render.connectivity(self), access="open", friendly=True, exempt=True),
        ]
        queue += [
            route(f"Queue/{verb}", self._effect, "admin", method="POST", friendly=True, exempt=True)
            for verb in ("Pause", "Resume", "Clear")
        ]
        return queue

    # ---- taking and refusing requests

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        with self.lock:
            self.settle()
            for one in self._table:
                match = one.pattern.fullmatch(request.path)
                if match is not None and one.method == request.method:
                    return self._answered(one, request, match.groups(), raw)
        raise web.HTTPNotFound

    def _answered(self, one: Route, request: web.Request, ids: tuple[str, ...], raw: bytes) -> web.Response:
        user = self._asker(request)
        try:
            self._let_through(one, user)
            body = json.loads(raw) if raw else {}
            if "tmdb" in request.query_string.lower():
                self.waits.append(request.path_qs)
            answer = one.answer(Ask(user, f"{request.method} {request.path}", ids, request.query, body))
        except Refused as refusal:
            return refusal.answer
        return answer if isinstance(answer, web.Response) else as_json(answer)

    def _asker(self, request: web.Request) -> SimUser | None:
        keys = [request.headers.get("apikey", ""), *(v for k, v in request.query.items() if k.lower() == "apikey")]
        if self.release.managed_folders:
            keys.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return next((self.users[self.keys[key]] for key in keys if key in self.keys), None)

    def _let_through(self, one: Route, user: SimUser | None) -> None:
        running = self.state == "Started"
        if running and one.access != "open" and user is None:
            raise Refused(web.Response(status=401))
        if running and one.access == "admin" and not (user and user.admin):
            raise Refused(web.Response(status=403))
        if self.database_blocked and not one.exempt:
            raise Refused(as_text("Database is Blocked", 400))
        if not running and not one.friendly:
            words = NOT_RUNNING_6[self.state] if self.release.managed_folders else NOT_RUNNING
            raise Refused(as_text(words, 503))

    def _user(self, ask: Ask) -> SimUser:
        return ask.user or SimUser("init", "", admin=False)

    # ---- start-up and login

    def _status(self, ask: Ask) -> object:
        known = ask.user is not None
        return render.status(
            self.release,
            self.state,
            self.message,
            up_for=self.clock.now() - self.started_at,
            blocked=self.database_blocked,
            known_user=known,
        )

    def _login(self, ask: Ask) -> object:
        given = {name.lower(): str(value) for name, value in ask.body.items()}
        if not given.get("user", "").strip() or "device" not in given:
            return as_json({"user": ["The user field is required."]}, status=400)
        user = self.users.get(given["user"].strip())
        if user is None or user.password != given.get("pass", "").strip():
            return web.Response(status=401)
        return {"apikey": self._key_of(user.name, given["device"])}

    def _key_of(self, name: str, device: str) -> str:
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}/{device}"))
        self.keys[key] = name
        return key

    # ---- what changes things

    def _effect(self, ask: Ask) -> object:
        self.effects.append(ask.call)
        verb = ask.call.rpartition("/")[2].lower()
        if verb in {"pause", "resume"}:
            self.pause_queue(paused=verb == "pause")
        if verb == "clear":
            self.jobs.clear()
        return web.Response(status=200)

    def _scan(self, ask: Ask) -> object:
        folder = self._folder(ask)
        self.effects.append(ask.call)
        self.scan_folder(folder.id)
        return web.Response(status=200)

    def _action(self, ask: Ask) -> object:
        self.effects.append(ask.call)
        if ask.ids[0].lower() in {"runimport", "importnewfiles"}:
            for number in self.folders:
                self.scan_folder(number)
        return web.Response(status=200)

    # ---- queue, folders, files

    def _queue_items(self, ask: Ask) -> object:
        size = ask.number("pageSize", 10, 0, 1000)
        jobs = sorted(self.jobs, key=lambda job: job.started_at is None)
        hides = (ask.flag("excludeBlocked"),) if self.release.managed_folders else (not ask.flag("showAll"),)
        shown: list[object] = [
            render.job(self, job) for job in jobs if not (any(hides) and not job.started_at and self.is_blocked(job))
        ]
        page = ask.page(shown, 10, 1000)
        if size == 0 and not self.release.managed_folders:
            page["List"] = []  # unlike what its documentation says
        return page

    def _folder(self, ask: Ask) -> SimFolder:
        if ask.id not in self.folders:
            raise Refused(as_text("Import folder not found.", 404))
        return self.folders[ask.id]

    def _folder_files(self, ask: Ask) -> object:
        folder = self._folder(ask)
        below = ask.text("folderPath").replace("\\", "/").strip("/")
        start = f"{below}/" if below and self.release.has_queue else ""
        files = [
            file
            for file in self.files.values()
            if any(one.folder_id == folder.id and one.relative_path.startswith(start) for one in file.locations)
        ]
        limit, default = (10000, 200) if self.release.has_queue else (100, 50)
        return ask.page(self._rendered(ask, files), default, limit)

    def _all_files(self, ask: Ask) -> object:
        return ask.page(self._rendered(ask, self._listed(ask, self.files.values())), 100, 1000)

    def _file(self, ask: Ask) -> object:
        if ask.id not in self.files:
            return as_text("No File entry for the given fileID", 404)
        return self._rendered(ask, [self.files[ask.id]])[0]

    def _ending(self, ask: Ask) -> object:
        limit = ask.number("limit", 0, 0, 100)
        if not ask.text("path").strip():
            return []
        tail = _same_case(ask.text("path"))
        hits = [
            file
            for file in self.files.values()
            if any(_same_case(self.absolute_path(one) or "").endswith(tail) for one in file.locations)
            and not self._is_hidden(ask, [link.anime_id for link in file.links][:1])
        ]
        found = hits[:limit] if limit else hits
        six = self.release.managed_folders
        include = self._included(ask) if six else set()
        xrefs = "XRefs" in include if six else not self.release.has_queue or ask.flag("includeXRefs", default=True)
        return [render.file(self, one, xrefs=xrefs, absolute="AbsolutePaths" in include) for one in found]

    def _included(self, ask: Ask) -> set[str]:
        if not self.release.has_queue:
            return {"XRefs"} if ask.flag("includeXRefs") else set()
        known = _INCLUDES if self.release.api < (5, 1, 0) else (*_INCLUDES, "ImportLimbo")
        if self.release.managed_folders:
            known = (*known, "ReleaseInfo", "LocationUIDs")
        return ask.words("include", known)

    def _listed(self, ask: Ask, files: Iterable[SimShokoFile]) -> list[SimShokoFile]:
        """Return what a list shows: ignored files and those in limbo (5.1+) only on demand."""
        include, only = self._included(ask), ask.words("include_only", _ONLY)
        limbo = self.release.api >= (5, 1, 0)
        shown = []
        for one in files:
            facts = {
                "Ignored": one.ignored,
                "ImportLimbo": limbo and self.in_limbo(one),
                "Unrecognized": not one.links,
                "Duplicates": len(one.locations) > 1,
                "ManualLinks": any(link.source == "User" for link in one.links),
            }
            hidden = any(facts[word] and word not in include | only for word in ("Ignored", "ImportLimbo"))
            if not hidden and all(facts.get(word, False) for word in only):
                shown.append(one)
        return [one for one in shown if not self._is_hidden(ask, {link.anime_id for link in one.links})]

    def _rendered(self, ask: Ask, files: list[SimShokoFile]) -> list[object]:
        include = self._included(ask)
        xrefs, absolute = "XRefs" in include, "AbsolutePaths" in include
        return [render.file(self, file, xrefs=xrefs, absolute=absolute) for file in files]

    # ---- series

    def _is_hidden(self, ask: Ask, anime: Iterable[int]) -> bool:
        return ask.user is not None and not ask.user.hidden_anime.isdisjoint(anime)

    def _allowed(self, ask: Ask, series: SimShokoSeries | None, missing: str) -> SimShokoSeries:
        if series is None:
            raise Refused(as_text(missing, 404))
        if self._is_hidden(ask, [series.anime.id]):
            raise Refused(as_text("Accessing Series is not allowed for the current user", 403))
        return series

    def _series(self, ask: Ask) -> SimShokoSeries:
        return self._allowed(ask, self.series.get(ask.id), "No Series entry for the given seriesID")

    def _by_anime(self, ask: Ask) -> SimShokoSeries:
        return self._allowed(ask, self.series_of(ask.id), "No Series entry for the given anidbID")

    def _one_series(self, ask: Ask, series: SimShokoSeries) -> object:
        return render.series(self, series, anidb="anidb" in ask.words("includeDataFrom"))

    def _all_series(self, ask: Ask) -> object:
        found = [one for one in self.series.values() if not self._is_hidden(ask, [one.anime.id])]
        found.sort(key=lambda one: one.anime.title)
        return ask.page([self._one_series(ask, one) for one in found], 50, 100)

    def _tmdb_series(self, ask: Ask, kind: str) -> object:
        links = {"Show": lambda one: one.anime.tmdb_shows, "Movie": lambda one: one.anime.tmdb_movies}
        found = [one for one in self.series.values() if ask.id in links[kind](one)]
        if not found:
            return as_text(f"A TMDB.{kind} by the given `{kind.lower()}ID` was not found.", 404)
        return [self._one_series(ask, one) for one in found]

    def _tvdb_series(self, ask: Ask) -> object:
        return [self._one_series(ask, one) for one in self.series.values() if ask.id in one.anime.tvdb]

    def _series_at(self, ask: Ask) -> object:
        end = unquote(ask.ids[0]).replace("\\", "/").casefold()
        found = [
            one
            for one in self.series.values()
            if any(
                (self.absolute_path(place) or "").replace("\\", "/").rpartition("/")[0].casefold().endswith(end)
                for file in self.files_of_series(one.id)
                for place in file.locations
            )
        ]
        return [self._one_series(ask, one) for one in found]

    def _series_files(self, ask: Ask) -> object:
        files = self.files_of_series(self._series(ask).id)
        if not self.release.has_queue:
            return self._rendered(ask, files)
        return ask.page(self._rendered(ask, self._listed(ask, files)), 100, 1000)

    def _series_episodes(self, ask: Ask) -> object:
        series = self._series(ask)
        anidb = "anidb" in ask.words("includeDataFrom")
        shown: list[object] = []
        for one in self.episodes.values():
            missing = not self.files_of_episode(one.anidb.id)
            hides = (missing and not ask.flag("includeMissing")) or (one.hidden and not ask.flag("includeHidden"))
            if one.series_id == series.id and not hides:
                shown.append(render.episode(self, one, anidb=anidb))
        return ask.page(shown, 20, 1000)


def _same_case(path: str) -> str:
    return path.replace("\\", "/").casefold()

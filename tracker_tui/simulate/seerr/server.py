"""A simulated Overseerr, Jellyseerr or Seerr: requests, their titles, the hand-over to Sonarr and Radarr."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from math import ceil

from aiohttp import web

from tracker_tui.model.seerr import SeerrMediaStatus, SeerrStatus
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.seerr import pages, wire
from tracker_tui.simulate.seerr.wire import ArrServer, Json, Media, Product, Release, Request, Title, User
from tracker_tui.simulate.server import SimulatedService

_NO_QUERY: dict[str, tuple[str, ...] | None] = {}
_OPEN = ("/api/v1/status", "/api/v1/settings/public")


class SimulatedSeerr(SimulatedService):
    """One server of the given release. Story methods take and return Seerr's own request numbers.

    `arr_wait_s` is how long a list waits for a Sonarr or Radarr that is down; `github_hangs` lets `/status` hang;
    `tmdb_down` lets every title fail.
    """

    def __init__(self, clock: SimClock, release: Release = wire.SEERR, *, api_key: str = "seerr-key") -> None:
        super().__init__(clock)
        self.release = release
        self.api_key = api_key
        self.arr_wait_s = 10.0
        self.github_hangs = False
        self.tmdb_down = False
        self.jellyfin_key = "jellyfin-key"
        self.servers: list[ArrServer] = []
        self.titles: dict[tuple[bool, int], Title] = {}
        self.media: dict[tuple[bool, int], Media] = {}
        self.requests: dict[int, Request] = {}
        self._users: dict[str, User] = {}
        self._next_id = 1
        self.user("admin")

    # ---- story

    def user(self, name: str) -> User:
        """Return the account of that name, creating it when new; the first is the owner."""
        with self.lock:
            return self._users.setdefault(name, User(len(self._users) + 1, name, self.clock.now()))

    def add_server(self, server: ArrServer) -> None:
        """Connect a Sonarr or Radarr."""
        with self.lock:
            self.servers.append(server)

    def request_movie(
        self,
        title: Title,
        *,
        by: str = "admin",
        is_4k: bool = False,
        server_id: int | None = None,
        number: int | None = None,
    ) -> int:
        """Ask for a film; return the request's number (the next one unless `number` is given)."""
        return self._request(title, (), by=by, is_4k=is_4k, server_id=server_id, number=number)

    def request_tv(
        self,
        title: Title,
        seasons: tuple[int, ...],
        *,
        by: str = "admin",
        is_4k: bool = False,
        server_id: int | None = None,
        number: int | None = None,
    ) -> int:
        """Ask for seasons of a series; return the request's number."""
        return self._request(title, seasons, by=by, is_4k=is_4k, server_id=server_id, number=number)

    def approve(self, number: int, by: str = "admin") -> None:
        """Approve: it waits for its hand-over (`send`)."""
        request = self._change(number, SeerrStatus.APPROVED, by)
        if request.edition.status not in {SeerrMediaStatus.AVAILABLE, SeerrMediaStatus.PARTIALLY_AVAILABLE}:
            request.edition.status = SeerrMediaStatus.PROCESSING

    def send(self, number: int, external_id: int, *, slug: str | None = None, server_id: int = 0) -> None:
        """Hand an approved request over: it is in Sonarr or Radarr under `external_id` now."""
        with self.lock:
            request = self.requests[number]
            edition = request.edition
            edition.server_id, edition.external_id = server_id, external_id
            edition.slug = slug or str(request.media.title.tmdb_id)

    def decline(self, number: int, by: str = "admin") -> None:
        """Let somebody decline a request."""
        self._change(number, SeerrStatus.DECLINED, by).edition.status = SeerrMediaStatus.UNKNOWN

    def fail(self, number: int, reason: str | None = None) -> None:
        """Fail to hand over; versions before 3.0 only log it, the request stays approved."""
        if self.release.product is not Product.SEERR:
            return
        request = self._change(number, SeerrStatus.FAILED)
        request.edition.status = SeerrMediaStatus.UNKNOWN
        request.failure = reason

    def partial(self, number: int) -> None:
        """Find some of it in the library."""
        with self.lock:
            self.requests[number].edition.status = SeerrMediaStatus.PARTIALLY_AVAILABLE

    def complete(self, number: int, jellyfin_id: str | None = None) -> None:
        """Find all of it in the library; before Jellyseerr 2.6 the request itself stays approved."""
        with self.lock:
            request = self.requests[number]
            request.media.added_at = request.media.updated_at = self.clock.now()
            request.edition.status = SeerrMediaStatus.AVAILABLE
            request.edition.jellyfin_id = jellyfin_id
            if self.release.completes:
                self._change(number, SeerrStatus.COMPLETED)

    def lose_media(self, number: int) -> None:
        """Find it gone from the library again."""
        with self.lock:
            request = self.requests[number]
            request.edition.jellyfin_id = None
            request.edition.status = SeerrMediaStatus.DELETED if self.release.completes else SeerrMediaStatus.UNKNOWN
            if self.release.completes:
                self._change(number, SeerrStatus.COMPLETED)

    def delete(self, number: int) -> None:
        """Delete the request; the title's state stays."""
        with self.lock:
            del self.requests[number]

    def downloading(self, number: int, records: list[Json]) -> None:
        """Set the copy of the Sonarr/Radarr queue that Seerr shows."""
        with self.lock:
            self.requests[number].edition.downloads = records

    def _request(
        self,
        title: Title,
        seasons: tuple[int, ...],
        *,
        by: str,
        is_4k: bool,
        server_id: int | None,
        number: int | None,
    ) -> int:
        now = self.clock.now()
        with self.lock:
            key = (title.is_movie, title.tmdb_id)
            self.titles.setdefault(key, title)
            media = self.media.setdefault(key, Media(len(self.media) + 1, self.titles[key], now, now))
            request_id = self._next_id if number is None else number
            self._next_id = max(self._next_id, request_id) + 1
            request = Request(request_id, media, is_4k, seasons, self.user(by), now, now, server_id=server_id)
            if request.edition.status in {SeerrMediaStatus.UNKNOWN, SeerrMediaStatus.DELETED}:
                request.edition.status = SeerrMediaStatus.PENDING
            self.requests[request_id] = request
        return request_id

    def _change(self, number: int, status: SeerrStatus, by: str | None = None) -> Request:
        with self.lock:
            request = self.requests[number]
            request.status = status
            request.updated_at = self.clock.now()
            if by is not None:
                request.modified_by = self.user(by)
            return request

    # ---- wire

    def routes(self) -> list[web.RouteDef]:
        """Return the routes we know of; the real ones have more."""
        table = {
            "/status": self._status,
            "/settings/public": self._public,
            "/request": self._list,
            "/request/count": self._count,
            "/request/{id}": self._one,
            "/movie/{id}": self._title,
            "/tv/{id}": self._title,
            "/service/{kind:sonarr|radarr}": self._servers,
            "/settings/{kind:sonarr|radarr}": self._servers,
        }
        if self.release.product is not Product.OVERSEERR:
            table["/settings/jellyfin"] = self._jellyfin
        return [web.get("/api/v1" + path, handler) for path, handler in table.items()]

    def check(self, request: web.Request) -> web.Response | None:
        """Refuse as the validator and the key check do: 400 unknown query, 401 no key, 403 wrong key."""
        if request.match_info.http_exception is not None:
            return None
        if request.path not in _OPEN:
            key = request.headers.get("X-Api-Key")
            if key is None:
                text = "cookie 'connect.sid' required"
                errors = [{"path": request.path, "message": text}]
                return web.json_response({"message": text, "errors": errors}, status=401)
            if key != self.api_key:
                refusal = {"status": 403, "error": "You do not have permission to access this endpoint"}
                return web.json_response(refusal, status=403)
        rules = wire.query_rules(self.release) if request.path == "/api/v1/request" else _NO_QUERY
        objection = wire.objection(list(request.query.items()), rules)
        return None if objection is None else web.json_response(objection, status=400)

    def unrouted(self, request: web.Request) -> web.Response:
        """Answer unknown API paths with JSON, all others with the web app."""
        if request.path.startswith("/api/v1"):
            errors = [{"path": request.path, "message": "not found"}]
            return web.json_response({"message": "not found", "errors": errors}, status=404)
        page = f"<!DOCTYPE html><html><head><title>{self.release.product}</title></head><body></body></html>"
        return web.Response(text=page, content_type="text/html")

    async def _status(self, _: web.Request) -> web.Response:
        if self.github_hangs:
            await asyncio.sleep(3600)
        return web.json_response(
            {
                "version": self.release.version,
                "commitTag": "0" * 40,
                "updateAvailable": False,
                "commitsBehind": 0,
                "restartRequired": False,
            }
        )

    async def _public(self, _: web.Request) -> web.Response:
        with self.lock:
            return web.json_response(pages.public_settings(self.release, self.servers))

    async def _list(self, request: web.Request) -> web.Response:
        if self.release.asks_arrs and not all(server.up for server in self.servers):
            await asyncio.sleep(self.arr_wait_s)
        query = request.query
        take = int(query.get("take", "10")) or 10
        skip = int(query.get("skip", "0"))
        with self.lock:
            rows = [one for one in self.requests.values() if self._shown(one, query)]
            rows.sort(key=lambda one: self._sort_key(one, query.get("sort", "")), reverse=True)
            if query.get("sortDirection") == "asc":
                rows.reverse()
            page = rows[skip : skip + take]
            body: Json = {
                "pageInfo": {
                    "pages": ceil(len(rows) / take),
                    "pageSize": take,
                    "results": len(rows),
                    "page": ceil(skip / take) + 1,
                },
                "results": [wire.request(one, self.release, self.servers, listed=True) for one in page],
            }
            if self.release.product is Product.SEERR:
                body["serviceErrors"] = {
                    "radarr": [{"id": s.id, "name": s.name} for s in self.servers if s.is_movie and not s.up],
                    "sonarr": [{"id": s.id, "name": s.name} for s in self.servers if not s.is_movie and not s.up],
                }
            return web.json_response(body)

    def _shown(self, one: Request, query: Mapping[str, str]) -> bool:
        kind = query.get("mediaType", "all")
        asker = query.get("requestedBy", "")
        return (
            wire.matches(one, query.get("filter", "all"), self.release)
            and (kind == "all" or (kind == "movie") == one.media.title.is_movie)
            and (not asker or int(asker) == one.by.id)
        )

    def _sort_key(self, one: Request, sort: str) -> tuple[datetime, int]:
        changed = sort == "modified" and not self.release.freezes_updated_at
        return (one.updated_at if changed else one.created_at, one.id)

    async def _count(self, _: web.Request) -> web.Response:
        with self.lock:
            rows = list(self.requests.values())
            approved = [one for one in rows if one.status == SeerrStatus.APPROVED]
            available = [one for one in approved if one.edition.status == SeerrMediaStatus.AVAILABLE]
            body = {
                "total": len(rows),
                "movie": sum(one.media.title.is_movie for one in rows),
                "tv": sum(not one.media.title.is_movie for one in rows),
                "pending": sum(one.status == SeerrStatus.PENDING for one in rows),
                "approved": len(approved),
                "declined": sum(one.status == SeerrStatus.DECLINED for one in rows),
                "processing": len(approved) - len(available),
                "available": len(available),
            }
            if self.release.completes:
                body["completed"] = sum(one.status == SeerrStatus.COMPLETED for one in rows)
        return web.json_response(body)

    async def _one(self, request: web.Request) -> web.Response:
        with self.lock:
            number = request.match_info["id"]
            one = self.requests.get(int(number)) if number.isdigit() else None
            if one is None:
                return web.json_response({"message": "Request not found."}, status=404)
            return web.json_response(wire.request(one, self.release, self.servers, listed=False))

    async def _title(self, request: web.Request) -> web.Response:
        is_movie = request.path.startswith("/api/v1/movie/")
        with self.lock:
            number = request.match_info["id"]
            title = self.titles.get((is_movie, int(number))) if number.isdigit() else None
            if title is None or self.tmdb_down:
                return web.json_response(
                    {"message": f"Unable to retrieve {'movie' if is_movie else 'series'}."}, status=500
                )
            return web.json_response(pages.title(title, self._media_info(title)))

    def _media_info(self, title: Title) -> Json | None:
        media = self.media.get((title.is_movie, title.tmdb_id))
        if media is None:
            return None
        return {
            **wire.media(media, self.release, self.servers),
            "seasons": wire.media_seasons(media),
            "requests": [
                wire.request(one, self.release, self.servers, listed=False)
                for one in self.requests.values()
                if one.media is media
            ],
            "issues": [],
        }

    async def _servers(self, request: web.Request) -> web.Response:
        is_movie = request.match_info["kind"] == "radarr"
        render = pages.settings if request.path.startswith("/api/v1/settings/") else pages.service
        with self.lock:
            return web.json_response([render(one) for one in self.servers if one.is_movie == is_movie])

    async def _jellyfin(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "name": "nas",
                "ip": "jellyfin",
                "port": 8096,
                "useSsl": False,
                "urlBase": "",
                "externalHostname": "",
                "jellyfinForgotPasswordUrl": "",
                "libraries": [],
                "serverId": "8d5f" * 8,
                "apiKey": self.jellyfin_key,
            }
        )

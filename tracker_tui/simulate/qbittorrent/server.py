"""A simulated qBittorrent, 4.5 to 5.3: transfers on the household's clock, and each version's Web API rules."""

import gzip
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.qbittorrent.client import SimulatedTorrentClient
from tracker_tui.simulate.qbittorrent.sync import SyncSession
from tracker_tui.simulate.qbittorrent.torrents import SimTorrent
from tracker_tui.simulate.qbittorrent.wire import (
    WEB_API,
    files_json,
    properties_json,
    torrent_json,
    transfer_json,
)

SESSION_TIMEOUT_S = 3600
BAN_AFTER = 5
BAN_S = 3600
_BANNED = "Your IP address has been banned after too many failed authentication attempts."
_GZIP_FROM = 1024

Params = Mapping[str, str]
"""Query and form of a request together: the server does not tell them apart."""
Handler = Callable[[Params, "WebSession"], web.Response]


@dataclass
class WebSession:
    """A web session: what a cookie (or the one API key) stands for."""

    sync: SyncSession
    used_at: datetime


class SimulatedQbittorrent(SimulatedTorrentClient):
    """The Web API. `bypass` = no login asked of this address; `api_key` = 5.2+.

    `webui_port` switches the Host check on; `cookie_secure` makes the cookie one that plain http never sends back.
    Since 5.2 cookies end by the server's clock; `cookie_offset_s` is how far that differs from this machine's
    (the household's simulated clock would make every cookie a dead one).
    """

    def __init__(
        self,
        clock: SimClock,
        version: str = "5.1.4",
        *,
        username: str = "admin",
        password: str = "adminadmin",  # noqa: S107 - of a server that exists nowhere
        bypass: bool = False,
        api_key: str | None = None,
        webui_port: int | None = None,
        cookie_secure: bool = False,
        cookie_offset_s: int = 0,
    ) -> None:
        super().__init__(clock, tuple(int(part) for part in version.split(".")))
        self.web_api = WEB_API[version]
        self.username = username
        self.password = password
        self.bypass = bypass
        self.api_key = api_key
        self.webui_port = webui_port
        self.cookie_secure = cookie_secure
        self.cookie_offset_s = cookie_offset_s
        self._sessions: dict[str, WebSession] = {}
        self._failed_logins = 0
        self._banned_until: datetime | None = None

    @property
    def sessions(self) -> int:
        """Return how many web sessions are open."""
        return len(self._sessions)

    def expire_sessions(self) -> None:
        """Forget every web session, as after an idle hour."""
        with self.lock:
            self._sessions.clear()

    def restart_server(self) -> None:
        """Restart: sessions are gone, every torrent reads its resume data first, failed logins are forgotten."""
        with self.lock:
            self._sessions.clear()
            self._failed_logins, self._banned_until = 0, None
            self.resume_all()

    def routes(self) -> list[web.RouteDef]:
        """Return the read endpoints, login and logout, and one that GET may not use."""
        read: Mapping[str, Handler] = {
            "app/version": lambda _params, _session: _text("v" + ".".join(map(str, self.version))),
            "app/webapiVersion": lambda _params, _session: _text(self.web_api),
            "app/buildInfo": lambda _params, _session: _json(self._build_info()),
            "sync/maindata": self._maindata,
            "torrents/info": self._info,
            "torrents/files": self._files,
            "torrents/properties": self._properties,
            "torrents/categories": lambda _params, _session: _json(self.categories_json()),
            "transfer/info": lambda _params, _session: _json(transfer_json(self.server_state())),
        }
        routes = [web.route("*", f"/api/v2/{name}", self._api(handler)) for name, handler in read.items()]
        routes.append(web.route("*", "/api/v2/auth/login", self._login))
        routes.append(web.route("*", "/api/v2/auth/logout", self._logout))
        routes.append(
            web.get("/api/v2/torrents/delete", self._api(lambda _params, _session: _text("Method Not Allowed", 405)))
        )
        return routes

    def check(self, request: web.Request) -> web.Response | None:
        """Refuse as the server does: 401 for a foreign Host, Origin or Referer, 403 without a session."""
        if not request.path.startswith("/api/"):
            return None
        if self._foreign(request):
            return _text("Unauthorized", 401)
        if request.path.endswith("/auth/login"):
            return None
        if request.headers.get("Authorization", "").startswith("Bearer ") and self.version >= (5, 2):
            wrong = request.headers["Authorization"] != f"Bearer {self.api_key}" or "/auth/" in request.path
            return _text("Forbidden", 403) if wrong else None
        return None if self.bypass or self._session_of(request) else _text("Forbidden", 403)

    def unrouted(self, request: web.Request) -> web.Response:
        """Answer 404 on unknown API paths, and the web page elsewhere."""
        if request.path.startswith("/api/"):
            return _text("Not Found", 404)
        return web.Response(text="<!DOCTYPE html><title>qBittorrent</title>", content_type="text/html")

    def _api(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            form = await request.post()
            params = {**request.query, **{key: str(value) for key, value in form.items()}}
            with self.lock:
                self.refresh()
                session, cookie = self._session_for(request)
                response = handler(params, session)
            if cookie:
                response.headers["Set-Cookie"] = cookie
            return _compressed(request, response)

        return answer

    def _session_for(self, request: web.Request) -> tuple[WebSession, str | None]:
        """Return the request's session and, where a new one was opened, its cookie."""
        if request.headers.get("Authorization", "").startswith("Bearer ") and self.version >= (5, 2):
            return self._sessions.setdefault("api key", self._new_session()), None
        session = self._session_of(request)
        if session is not None:
            session.used_at = self.clock.now()
            return session, None
        return self._open_session()

    def _open_session(self) -> tuple[WebSession, str]:
        sid = secrets.token_urlsafe(24)
        self._sessions[sid] = session = self._new_session()
        secure = "; secure" if self.cookie_secure else ""
        if self.version >= (5, 2):
            ends = datetime.now(UTC) + timedelta(seconds=SESSION_TIMEOUT_S + self.cookie_offset_s)
            until = format_datetime(ends, usegmt=True)
            return session, f"{self._cookie_name()}={sid}; HttpOnly; SameSite=Lax; expires={until}; path=/{secure}"
        return session, f"{self._cookie_name()}={sid}; HttpOnly; SameSite=Strict; path=/{secure}"

    def _new_session(self) -> WebSession:
        return WebSession(SyncSession(self.version), self.clock.now())

    def _session_of(self, request: web.Request) -> WebSession | None:
        sid = request.cookies.get(self._cookie_name())
        session = self._sessions.get(sid) if sid else None
        if session and self.clock.now() - session.used_at > timedelta(seconds=SESSION_TIMEOUT_S):
            del self._sessions[sid or ""]
            return None
        return session

    def _cookie_name(self) -> str:
        return f"QBT_SID_{urlsplit(self.url).port}" if self.version >= (5, 2) else "SID"

    def _foreign(self, request: web.Request) -> bool:
        host = urlsplit(f"//{request.host}")
        if self.webui_port is not None and host.port != self.webui_port:
            return True
        sources = [request.headers[name] for name in ("Origin", "Referer") if name in request.headers]
        return any(urlsplit(source).netloc != request.host for source in sources)

    async def _login(self, request: web.Request) -> web.Response:
        if request.method != "POST":
            return _text("Method Not Allowed", 405)
        form = await request.post()
        with self.lock:
            if self._session_of(request):
                return self._logged_in(None)
            now = self.clock.now()
            if self._banned_until and now < self._banned_until:
                return _text(_BANNED, 403)
            if (form.get("username"), form.get("password")) != (self.username, self.password):
                self._failed_logins += 1
                if self._failed_logins >= BAN_AFTER:
                    self._failed_logins, self._banned_until = 0, now + timedelta(seconds=BAN_S)
                return _text("Unauthorized", 401) if self.version >= (5, 2) else _text("Fails.")
            self._failed_logins, self._banned_until = 0, None
            _, cookie = self._open_session()
            return self._logged_in(cookie)

    def _logged_in(self, cookie: str | None) -> web.Response:
        response = web.Response(status=204) if self.version >= (5, 2) else _text("Ok.")
        if cookie:
            response.headers["Set-Cookie"] = cookie
        return response

    async def _logout(self, request: web.Request) -> web.Response:
        with self.lock:
            self._sessions.pop(request.cookies.get(self._cookie_name(), ""), None)
        response = web.Response(status=204 if self.version >= (5, 2) else 200)
        response.headers["Set-Cookie"] = f"{self._cookie_name()}=; expires=Sat, 21-Nov-2020 13:10:13 GMT; path=/"
        return response

    def _maindata(self, params: Params, session: WebSession) -> web.Response:
        rid = params.get("rid", "0")
        return _json(session.sync.answer(int(rid) if rid.lstrip("-").isdigit() else 0, self.maindata()))

    def _info(self, params: Params, _session: WebSession) -> web.Response:
        hashes = [one.lower() for one in params.get("hashes", "").split("|") if one]
        with_files = params.get("includeFiles", "").lower() == "true" and self.version >= (5, 2)
        found = [
            torrent
            for torrent in self.torrents.values()
            if (not hashes or torrent.hash in hashes)
            and ("category" not in params or params["category"] == torrent.category)
        ]
        return _json([self._info_json(torrent, with_files=with_files) for torrent in found])

    def _info_json(self, torrent: SimTorrent, *, with_files: bool) -> dict[str, Any]:
        fields = {**self.rendered(torrent.hash, torrent_json), "hash": torrent.hash}
        if with_files and torrent.metadata_s <= 0:
            fields["files"] = files_json(torrent)
        return dict(sorted(fields.items()))

    def _files(self, params: Params, _session: WebSession) -> web.Response:
        torrent = self.torrents.get(params.get("hash", "").lower())
        return _json(files_json(torrent)) if torrent else _text("Not Found", 404)

    def _properties(self, params: Params, _session: WebSession) -> web.Response:
        torrent = self.torrents.get(params.get("hash", "").lower())
        return _json(properties_json(torrent, self.version)) if torrent else _text("Not Found", 404)

    def _build_info(self) -> dict[str, Any]:
        if self.version < (5, 0):
            built = {"boost": "1.74.0", "libtorrent": "2.0.8.0", "openssl": "3.0.19", "qt": "5.15.8", "zlib": "1.2.13"}
            return {"bitness": 64} | built
        built = {"boost": "1.83.0", "libtorrent": "2.0.11.0", "openssl": "3.5.7", "platform": "linux"}
        return {"bitness": 64} | built | {"qt": "6.8.2", "zlib": "1.3.1"}


def _text(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/plain", charset="UTF-8")


def _json(content: object) -> web.Response:
    return web.Response(
        body=json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), content_type="application/json"
    )


def _compressed(request: web.Request, response: web.Response) -> web.Response:
    body = response.body
    wanted = "gzip" in request.headers.get("Accept-Encoding", "")
    if wanted and isinstance(body, bytes) and len(body) > _GZIP_FROM:
        response.body = gzip.compress(body, 6)
        response.headers["Content-Encoding"] = "gzip"
    return response

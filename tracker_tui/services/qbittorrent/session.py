"""One qbittorrent-api client as its worker thread uses it. Importing this loads qbittorrent-api and requests.

The library logs in and repeats calls by itself; here every decision is ours. A hook reads each answer (size limit,
measures, status) and raises `Failed`, which is one of the library's own errors, so that the library passes it on
instead of logging in again or asking twice. The hook also makes `SIMPLE_RESPONSES` hand out the body's bytes, which
are decoded typed.
"""

import re
import threading
from collections.abc import Callable
from http.client import BadStatusLine, RemoteDisconnected
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import qbittorrentapi
import requests
import urllib3
from qbittorrentapi.request import QbittorrentSession
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as Urllib3Error

from tracker_tui.config.settings import Instance
from tracker_tui.services import tls
from tracker_tui.services.errors import (
    BadAnswer,
    Banned,
    LoginRefused,
    NotFound,
    ServiceError,
    TooSlow,
    Unauthorized,
    UnknownHost,
    Unreachable,
    WrongService,
)
from tracker_tui.services.http import BODY_LIMIT, Meter, Reply, closed, failure, http_date, is_loopback, log_request
from tracker_tui.services.qbittorrent.login import CHECK_LOGIN, Login

CONNECT_TIMEOUT_S = 2.0
_PART = 1 << 16
_LOGIN = "/api/v2/auth/login"
_LOGIN_TRIES = 3
"""Unanswered logins in a row before it is left alone: five refused ones ban the address, Sonarr's too."""
_LATE_LOGIN_LIMIT = 256
"""Bytes of a login's answer still read when nobody waits for it any more: a refusal counts, however late."""
_ALERT = "\x15\x03"
"""How an alert of TLS begins."""
_VERSION = re.compile(r"v?\d+\.\d+")


class Failed(qbittorrentapi.APIError):
    """Carries a ServiceError through the library."""

    def __init__(self, cause: ServiceError) -> None:
        super().__init__(cause.message)
        self.cause = cause


class _NotLoggedIn(Failed):
    """403 outside of a login: no session, or one that ended."""


class _OneTry(urllib3.Retry):
    """No second try, also not the library's own: a repeated `sync/maindata` would lose what the first one told."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(0, read=False)
        self._instance = instance

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: object = None,
        error: Exception | None = None,
        _pool: object = None,
        _stacktrace: object = None,
    ) -> NoReturn:
        cause = _unreachable(self._instance, error)
        log_request(self._instance, method or "", url or "", cause.message)
        raise Failed(cause) from None


class _Trusting(HTTPAdapter):
    """Trusts whom httpx trusts for the other services; requests has authorities of its own, and other rules."""

    def __init__(self, instance: Instance) -> None:
        self._trust = {
            "ssl_context": tls.context(instance),
            "cert_reqs": "CERT_REQUIRED" if instance.verify_tls else "CERT_NONE",
        }
        super().__init__(max_retries=_OneTry(instance))

    def build_connection_pool_key_attributes(self, *asked: Any, **more: Any) -> Any:
        """Return the connection's place and, instead of what requests would have it trust, ours."""
        place, _ = super().build_connection_pool_key_attributes(*asked, **more)
        return place, self._trust

    def cert_verify(self, *_: object) -> None:
        """Add no authorities: the context has them."""


class _Client(qbittorrentapi.Client):
    """The library's client; the sessions that it makes by itself get our adapter."""

    adapter: HTTPAdapter | None = None

    @property
    def _session(self) -> QbittorrentSession:
        made = self._http_session is None
        session = super()._session
        if made and self.adapter is not None:
            session.mount("https://", self.adapter)
        return session


class Session:
    """The conversation with one qBittorrent. Every method raises ServiceError; only one thread may use it.

    `login` outlives the session: a client rebuilt after a deadline goes on with the same web session.
    Once `abandoned` is set nothing more is sent, and the reading of a body stops.
    """

    def __init__(self, instance: Instance, meter: Meter, login: Login, abandoned: threading.Event) -> None:
        self._instance = instance
        self._meter = meter
        self._login = login
        self._abandoned = abandoned
        self._key = instance.api_key.reveal() if instance.api_key else ""
        self._password = instance.password.reveal() if instance.password else ""
        self._client = self._build()
        self.web_api: tuple[int, ...] | None = None
        """The Web API's version, e.g. (2, 11, 4); unknown again after each login."""

    def maindata(self, rid: int) -> bytes:
        """Return `sync/maindata` since `rid`, undecoded."""
        return self._bytes(lambda client: client.sync_maindata(rid=rid))

    def files(self, hash_: str) -> bytes | None:
        """Return `torrents/files` of one torrent, undecoded; None where the server does not know it."""
        try:
            return self._bytes(lambda client: client.torrents_files(torrent_hash=hash_))
        except NotFound:
            return None

    def info_with_files(self, hashes: list[str]) -> bytes:
        """Return `torrents/info` of these torrents with their files (Web API 2.11.8), undecoded."""
        return self._bytes(lambda client: client.torrents_info(torrent_hashes=hashes, include_files=True))

    def versions(self) -> tuple[str, str]:
        """Return the application's and the Web API's version, e.g. ("v5.1.4", "2.11.4")."""
        application = self._ask(lambda client: client.app_version()).strip()
        web_api = self._ask(lambda client: client.app_web_api_version()).strip()
        if not _VERSION.match(application) or not _VERSION.match(web_api):
            raise WrongService("answers, but not as qBittorrent does", "check `url`")
        self.web_api = tuple(int(part) for part in re.findall(r"\d+", web_api))
        return application, web_api

    def log_out(self) -> None:
        """End the web session, if there is one."""
        if len(self._login.cookies) and not self._key:
            self._once(lambda client: client.auth_log_out())
            self._login.cookies.clear()

    def _build(self) -> qbittorrentapi.Client:
        instance = self._instance
        headers = {name: secret.reveal() for name, secret in instance.headers.items()}
        if is_loopback(instance.url):
            headers.setdefault("Accept-Encoding", "identity")
        client = _Client(
            host=instance.url,
            SIMPLE_RESPONSES=True,
            FORCE_SCHEME_FROM_HOST=True,
            VERIFY_WEBUI_CERTIFICATE=instance.verify_tls,
            DISABLE_LOGGING_DEBUG_OUTPUT=True,
            EXTRA_HEADERS=headers,
            HTTPADAPTER_ARGS={"max_retries": _OneTry(instance)},
            REQUESTS_ARGS={
                "timeout": (CONNECT_TIMEOUT_S, instance.timeout_s),
                "allow_redirects": False,
                "proxies": {"http": "", "https": ""},  # the environment's proxies are not for this
                "cookies": self._login.cookies,
                "stream": True,
                "hooks": {"response": self._received},
            },
        )
        client.adapter = _Trusting(instance) if instance.url.startswith("https:") else None
        # set here, not through the constructor: it reads the environment where an argument is empty
        client.username = instance.username or ""
        client._password = self._password  # noqa: SLF001
        client._api_key = self._key  # noqa: SLF001
        return client

    def _ask[T](self, question: Callable[[qbittorrentapi.Client], T]) -> T:
        """Ask; on 403 log in once and ask once more."""
        try:
            return self._once(question)
        except _NotLoggedIn:
            self._log_in()
        try:
            return self._once(question)
        except _NotLoggedIn:
            self._login.cookies.clear()
            raise self._login.refuse(
                LoginRefused(
                    "the login succeeded, but its session is not accepted (403)",
                    "compare the clocks of both machines; behind a TLS proxy use its https address in `url`",
                )
            ) from None

    def _bytes(self, question: Callable[[qbittorrentapi.Client], object]) -> bytes:
        """Ask for JSON; the hook makes the library hand out its bytes."""
        body = self._ask(question)
        if not isinstance(body, bytes):
            raise BadAnswer("qbittorrent-api did not hand out the answer")
        return body

    def _log_in(self) -> None:
        instance = self._instance
        if self._key:
            raise Unauthorized("the API key was refused (403)", "check `api_key`: wrong, or renewed in qBittorrent")
        if not instance.username and not self._password:
            raise Unauthorized(
                "asks for a login (403)",
                "set `username` and `password`, or let qBittorrent bypass authentication for this machine",
            )
        if self._login.unanswered >= _LOGIN_TRIES:
            raise self._login.refuse(LoginRefused("the login was not answered, several times", CHECK_LOGIN))
        self._login.unanswered += 1
        self._login.cookies.clear()
        self.web_api = None
        self._once(lambda client: client.auth_log_in())

    def _once[T](self, question: Callable[[qbittorrentapi.Client], T]) -> T:
        if self._abandoned.is_set():
            raise _given_up()
        try:
            return question(self._client)
        except _NotLoggedIn:
            raise
        except Failed as failed:
            raise failed.cause from None
        except (qbittorrentapi.APIError, requests.RequestException, UnicodeError) as fault:
            raise Unreachable(f"the exchange failed: {type(fault).__name__}", "check `url`") from None

    def _received(self, response: requests.Response, **_: object) -> requests.Response:
        """Read and judge an answer before the library sees it."""
        self._meter.calls += 1
        for cookie in response.cookies:
            self._login.cookies.set_cookie(cookie)
        path = urlsplit(response.url).path
        login = path.endswith(_LOGIN)
        body = self._body(response, after_abandoned=_LATE_LOGIN_LIMIT if login else 0)
        self._meter.latency_ms = round(response.elapsed.total_seconds() * 1000, 1)
        self._meter.server_date = http_date(response.headers.get("date")) or self._meter.server_date
        reply = Reply(response.status_code, httpx.Headers(dict(response.headers)), body)
        method = response.request.method or ""
        log_request(self._instance, method, path, reply.status, ms=self._meter.latency_ms, size=len(body))
        if login:
            self._judge_login(reply)
        elif reply.status == 403 and not reply.is_html:
            raise _NotLoggedIn(Unauthorized("access was refused (403)"))
        elif not 200 <= reply.status < 300 or (reply.is_html and body):
            raise Failed(_refusal(reply, self._instance))
        response._content = body  # noqa: SLF001 - requests has no other way to hand over a body read with a limit
        response.json = lambda **_kwargs: body  # type: ignore[method-assign]
        return response

    def _judge_login(self, reply: Reply) -> None:
        """Raise what a login's answer means; "Ok." (<= 5.1) and 204 (5.2+) are success.

        The text of a ban is translated, its status is not.
        """
        self._login.unanswered = 0
        text = reply.body[:64].decode(errors="replace")
        if reply.status == 403 and not reply.is_html:
            raise Failed(
                self._login.refuse(
                    Banned(
                        "bans this machine's address after too many failed logins (403)",
                        "wait until the ban ends (an hour by default), check `username` and `password`, then refresh",
                    )
                )
            )
        if reply.status == 401 or (reply.status == 200 and text == "Fails."):
            raise Failed(self._login.refuse(LoginRefused("the login was refused", CHECK_LOGIN)))
        if not (200 <= reply.status < 300 and text in {"", "Ok."}):
            raise Failed(_refusal(reply, self._instance))

    def _body(self, response: requests.Response, after_abandoned: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            while part := response.raw.read1(_PART, decode_content=True):
                size += len(part)
                if size > BODY_LIMIT:
                    raise Failed(
                        BadAnswer(f"the answer is larger than {BODY_LIMIT // 2**20} MB", "check what answers at `url`")
                    )
                if self._abandoned.is_set() and size > after_abandoned:
                    raise Failed(_given_up())
                parts.append(part)
            self._meter.bytes_in += response.raw.tell()
        except (Urllib3Error, OSError):
            raise Failed(Unreachable("the connection broke in the middle of the answer")) from None
        finally:
            response.close()
        return b"".join(parts)


def _given_up() -> TooSlow:
    return TooSlow("nobody waits for this answer any more")


def _refusal(reply: Reply, instance: Instance) -> ServiceError:
    if reply.status == 401 and "www-authenticate" not in reply.headers:
        return Unauthorized(
            "refuses the address it is called by (401): its Host header check",
            "map the WebUI to the same port inside and outside, or switch off Host header validation in its options",
        )
    if reply.status == 401:
        return Unauthorized("a proxy in front asks for its own login (401)", "put its credentials into `headers`")
    return failure(reply, instance)


def _unreachable(instance: Instance, error: Exception | None) -> Unreachable | WrongService:
    """Say in words why there was no answer."""
    host = urlsplit(instance.url).hostname
    kept_apart = tls.refusal(host, error)
    if kept_apart is not None:
        return kept_apart
    match error:
        case urllib3.exceptions.NameResolutionError():
            return UnknownHost(f"the host name {host} is unknown", "check `url`")
        case urllib3.exceptions.NewConnectionError():
            return Unreachable(
                f"the connection to {host} was refused or failed", "check that the service runs, and the port in `url`"
            )
        case urllib3.exceptions.ConnectTimeoutError():
            return TooSlow(
                f"no connection to {host} within {CONNECT_TIMEOUT_S:g} s", "check the host, the port and the firewall"
            )
        case urllib3.exceptions.ReadTimeoutError():
            return TooSlow("no answer within the deadline", "check the server's load, or raise `timeout`")
        case _ if any(isinstance(one, RemoteDisconnected) for one in tls.causes(error)):
            return closed(instance)
        case _ if any(isinstance(one, BadStatusLine) and str(one).startswith(_ALERT) for one in tls.causes(error)):
            return tls.expected()
        case _:
            return Unreachable("the connection broke before the answer")

"""One HTTP exchange with one instance: deadline, size limit, no redirects, honest errors, measured.

httpx logs every URL at INFO; `quiet_libraries` silences it because URLs may hold keys of others. A key only ever
travels in a header of a request to the configured host: redirects are answers, not instructions.
"""

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

from tracker_tui.config.settings import Instance
from tracker_tui.model.ids import InstanceRef
from tracker_tui.services import tls
from tracker_tui.services.decode import Body, decode
from tracker_tui.services.errors import (
    BadAnswer,
    NotFound,
    RateLimited,
    ServerFault,
    ServiceError,
    Starting,
    TooSlow,
    Unauthorized,
    UnknownHost,
    Unreachable,
    WrongService,
)

log = logging.getLogger("tracker_tui.requests")

Params = Mapping[str, str | int | bool | Sequence[int] | Sequence[str]]

BODY_LIMIT = 192 * 1024 * 1024
"""Largest accepted body, bytes (Radarr's list of 5,000 films is 31 MB)."""
CONNECT_TIMEOUT_S = 3.0
INVENTORY_DEADLINE_S = 120.0
"""Deadline of full inventories: Radarr's `/movie` exceeds 30 s for some users."""


class Meter:
    """What exchanges with one instance cost and told about it."""

    __slots__ = ("bytes_in", "calls", "latency_ms", "server_date", "skipped")

    def __init__(self) -> None:
        self.calls = 0
        self.bytes_in = 0
        self.skipped = 0
        """Records that could not be decoded, in total."""
        self.latency_ms: float | None = None
        self.server_date: datetime | None = None
        """`Date` of the newest answer, aware UTC."""


class Reply(msgspec.Struct, frozen=True):
    """An answer of any status with its whole body."""

    status: int
    headers: httpx.Headers
    body: Body

    @property
    def is_html(self) -> bool:
        """Return whether a web page came where data was due."""
        return "html" in self.headers.get("content-type", "") or self.body[:64].lstrip()[:1] == b"<"


class _Trust(NamedTuple):
    """What a TLS context depends on."""

    verify: bool
    ca_file: Path | None
    secure: bool


class Sessions:
    """The httpx clients, one per instance, all of one event loop; TLS contexts are shared. Close with `aclose`.

    One each, because a pool looks at all its connections, each with a system call, for every request it sends.
    """

    def __init__(self) -> None:
        self._clients: dict[tuple[InstanceRef, _Trust], httpx.AsyncClient] = {}
        self._contexts: dict[_Trust, ssl.SSLContext] = {}

    def client(self, instance: Instance) -> httpx.AsyncClient:
        """Return the client of the instance. Raises Unreachable if its CA file cannot be read."""
        trust = _Trust(instance.verify_tls, instance.ca_file, instance.url.startswith("https:"))
        key = (instance.ref, trust)
        if key not in self._clients:
            self._clients[key] = httpx.AsyncClient(
                verify=self._context(instance, trust),
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=120),
                timeout=httpx.Timeout(
                    None, connect=CONNECT_TIMEOUT_S
                ),  # the whole exchange has one deadline, set per call
                follow_redirects=False,
                trust_env=False,
            )
        return self._clients[key]

    def _context(self, instance: Instance, trust: _Trust) -> ssl.SSLContext:
        if trust not in self._contexts:  # loading the authorities takes 30 ms
            self._contexts[trust] = tls.context(instance) if trust.secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._contexts[trust]

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()


class Link:
    """The way to one instance: knows its URL and headers, measures, maps failures."""

    def __init__(self, instance: Instance, sessions: Sessions, auth: Mapping[str, str]) -> None:
        self.instance = instance
        self.meter = Meter()
        self._sessions = sessions
        self._headers = {name: value.reveal() for name, value in instance.headers.items()} | dict(auth)
        if is_loopback(instance.url):
            self._headers.setdefault("Accept-Encoding", "identity")

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        deadline_s: float | None = None,
    ) -> Reply:
        """Send one request and return the whole answer, whatever its status.

        `path` starts with "/" and is appended to the instance's URL; `body` is sent as JSON.
        Raises Unreachable, TooSlow (the deadline spans connecting, waiting and reading), BadAnswer (too large).
        """
        try:
            reply = await self._exchange(
                method, path, params=params, body=body, headers=headers, deadline=deadline_s or self.instance.timeout_s
            )
        except ServiceError as fault:
            log_request(self.instance, method, path, fault.message)
            raise
        log_request(self.instance, method, path, reply.status, ms=self.meter.latency_ms, size=len(reply.body))
        return reply

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Params | None,
        body: object,
        headers: Mapping[str, str] | None,
        deadline: float,
    ) -> Reply:
        client = self._sessions.client(self.instance)
        self.meter.calls += 1
        try:
            async with asyncio.timeout(deadline):
                request = client.build_request(
                    method,
                    self.instance.url + path,
                    params=_params(params),
                    content=None if body is None else msgspec.json.encode(body),
                    headers={
                        **self._headers,
                        **({"Content-Type": "application/json"} if body is not None else {}),
                        **(headers or {}),
                    },
                )
                return await self._send(client, request)
        except TimeoutError:
            raise TooSlow(
                f"no complete answer within {deadline:g} s", "check the server's load, or raise `timeout`"
            ) from None
        except httpx.DecodingError:
            raise BadAnswer("the compression of the answer is damaged") from None
        except (httpx.LocalProtocolError, UnicodeEncodeError):
            raise Unreachable(
                "a header cannot be sent: a key or `headers` value holds a line break or a foreign character",
                "check `api_key` and `headers`",
            ) from None
        except httpx.HTTPError as fault:
            raise _unreachable(self.instance, fault) from None
        except (httpx.InvalidURL, UnicodeError) as fault:
            raise Unreachable(f"the address cannot be used: {type(fault).__name__}", "check `url`") from None

    async def _send(self, client: httpx.AsyncClient, request: httpx.Request) -> Reply:
        response = await client.send(request, stream=True)
        try:
            body = bytearray()  # grows in place: parts and their sum would be two copies of a whole list
            async for part in response.aiter_bytes():
                body += part
                if len(body) > BODY_LIMIT:
                    raise BadAnswer(
                        f"the answer is larger than {BODY_LIMIT // 2**20} MB", "check what answers at `url`"
                    )
        finally:
            await response.aclose()
        self.meter.bytes_in += response.num_bytes_downloaded
        self.meter.latency_ms = round(response.elapsed.total_seconds() * 1000, 1)
        self.meter.server_date = http_date(response.headers.get("date")) or self.meter.server_date
        return Reply(response.status_code, response.headers, body)

    async def json[T](
        self, kind: type[T], path: str, *, params: Params | None = None, deadline_s: float | None = None
    ) -> T:
        """GET `path` and decode the answer as `kind`. Raises any ServiceError."""
        return decode(self.require(await self.exchange("GET", path, params=params, deadline_s=deadline_s)).body, kind)

    def require(self, reply: Reply) -> Reply:
        """Return a 2xx data answer; raise the ServiceError that any other one means."""
        if 200 <= reply.status < 300 and not (reply.is_html and reply.body):
            return reply
        raise failure(reply, self.instance)


def failure(reply: Reply, instance: Instance) -> ServiceError:
    """Return what an answer that is not usable data means, by status and content."""
    status = reply.status
    retry = _retry_after(reply)
    if 300 <= status < 400:
        where = _bare(reply.headers.get("location", ""))
        return WrongService(f"answers with a redirect to {where}", "set `url` to the final address, with its base path")
    if status == 401:
        return Unauthorized("the key was refused (401)", "check `api_key`: wrong, rotated, or stripped by a proxy")
    if status == 403:
        return Unauthorized("access was refused (403)", "check the key and its rights")
    if status == 429:
        return RateLimited("asks to slow down (429)", retry_after_s=retry)
    if status == 503:
        return Starting("is starting up or overloaded (503)", retry_after_s=retry)
    if 200 <= status < 300 or (reply.is_html and status in {404, 405}):
        return WrongService(
            f"a web page came where data was due (status {status})",
            f"check `url`: base path, or a proxy's login page in front of {instance.kind.title}",
        )
    if status == 404:
        return NotFound("not found (404)", "check the base path in `url`")
    if status in {502, 504}:
        return ServerFault(
            f"a proxy in front does not reach it ({status})",
            f"check that {instance.kind.title} runs, and the proxy's way to it",
            retry_after_s=retry,
        )
    if status >= 500:
        return ServerFault(f"the server failed ({status})", retry_after_s=retry)
    told_off = tls.told_off(bytes(reply.body[:2000])) if status == 400 else None
    return told_off or BadAnswer(f"the request was not accepted ({status})")


def _bare(location: str) -> str:
    """Return a redirect's target without user, query and fragment, which may hold secrets."""
    try:
        target = urlsplit(location)
        host = target.hostname or ""
        port = f":{target.port}" if target.port else ""
    except ValueError:
        return "an unreadable address"
    bare = target._replace(netloc=host + port, query="", fragment="").geturl()
    return bare[:200] or "nowhere"


def log_request(
    instance: Instance, method: str, path: str, outcome: int | str, *, ms: float | None = None, size: int | None = None
) -> None:
    """Log one exchange at level debug: its path without query, status or failure, time to the answer, body's bytes."""
    if log.isEnabledFor(logging.DEBUG):
        bare = path.partition("?")[0]
        if size is None:
            log.debug("%s %s %s: %s", instance.ref, method, bare, outcome)
        else:
            log.debug("%s %s %s %s %s ms %d B", instance.ref, method, bare, outcome, ms, size)


def quiet_libraries() -> None:
    """Keep URLs (which may hold other people's keys) out of every log: call once before the first exchange."""
    for name in ("httpx", "httpcore", "urllib3", "qbittorrentapi", "requests"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _params(params: Params | None) -> dict[str, str | list[str]] | None:
    """Return query parameters as the servers want them: lower-case booleans, repeated keys for lists."""
    if params is None:
        return None
    return {
        name: [str(one) for one in value]
        if isinstance(value, Sequence) and not isinstance(value, str)
        else _text(value)
        for name, value in params.items()
    }


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unreachable(instance: Instance, fault: httpx.HTTPError) -> Unreachable | WrongService:
    """Say in words why there was no connection; the cause chain tells refused from unknown host from TLS."""
    host = urlsplit(instance.url).hostname
    kept_apart = tls.refusal(host, fault)
    if kept_apart is not None:
        return kept_apart
    text = " ".join(str(one) for one in tls.causes(fault))
    if isinstance(fault, httpx.ConnectTimeout):
        fix = "check the host, the port and the firewall"
        if instance.url.startswith("https:"):
            fix += ", and whether it speaks TLS there"
        return TooSlow(f"no connection to {host} within {CONNECT_TIMEOUT_S:g} s", fix)
    if (
        "Name or service not known" in text
        or "nodename nor servname" in text
        or "name resolution" in text
        or "No address associated" in text
    ):
        return UnknownHost(f"the host name {host} is unknown", "check `url`")
    if isinstance(fault, httpx.ConnectError):
        return Unreachable(
            f"the connection to {host} was refused or failed", "check that the service runs, and the port in `url`"
        )
    if "illegal request line" in text:  # so h11 calls a first byte that no HTTP begins with, and an alert of TLS does
        return tls.expected()
    if "without sending a response" in text:
        return closed(instance)
    if isinstance(fault, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError):
        return Unreachable("the connection broke in the middle of the answer")
    return Unreachable(f"the exchange failed: {type(fault).__name__}")


def closed(instance: Instance) -> Unreachable:
    """Return what it means that a server took the connection and gave none: it restarts, or expects TLS."""
    plain = "" if instance.url.startswith("https:") else "; if it expects TLS, write https:// into `url`"
    return Unreachable("the connection was closed without an answer", f"check that the service runs{plain}")


def http_date(text: str | None) -> datetime | None:
    """Return a `Date` header's instant, aware UTC; None where absent or unreadable."""
    if not text:
        return None
    try:
        date = parsedate_to_datetime(text)
        return date.astimezone(UTC) if date.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _retry_after(reply: Reply) -> int | None:
    """Return the seconds of `Retry-After` (Jellyfin writes "005"); its date form is not used by these services."""
    text = reply.headers.get("retry-after", "")
    return int(text) if len(text) < 6 and text.isascii() and text.isdigit() else None


def is_loopback(url: str) -> bool:
    """Return whether the URL's host is this machine's loopback (compression costs more than it saves there)."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

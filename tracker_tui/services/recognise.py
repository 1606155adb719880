"""Which service answers at an address, asked without any key: nothing secret is sent to an unproven place.

Open routes, read from the servers' sources: Seerr `/settings/public`, Jellyfin `/System/Info/Public`, Shoko
`/Init/Version`, qBittorrent's 403 (or its version where it lets this machine in), Sonarr's and Radarr's 401 and the
title of their pages. None of them counts as a failed login.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from tracker_tui.config.settings import Instance
from tracker_tui.model.ids import Kind
from tracker_tui.services.decode import decode
from tracker_tui.services.errors import BadAnswer, Starting, Unauthorized, WrongService
from tracker_tui.services.http import Link, Reply, Sessions, failure

DEADLINE_S = 4.0
_TITLE = re.compile(rb"<title>([^<]{0,80})</title>", re.IGNORECASE)


class Seen(NamedTuple):
    """What answers at an address."""

    kind: Kind
    url: str
    """Its base address; the asked one, or the one that the service pointed to."""
    lets_in: bool = False
    """qBittorrent: asks this machine for no login."""


async def recognise(instance: Instance, sessions: Sessions) -> Seen:
    """Return what answers at the instance's address: its kind if that can be, else another one that is known.

    Login, key and name are not used. Raises ServiceError: Unreachable, Starting, WrongService for anybody else,
    Unauthorized for a proxy that asks for a login of its own.
    """
    bare = replace(instance, api_key=None, password=None, timeout_s=min(instance.timeout_s, DEADLINE_S))
    route = _LOOKS[bare.kind].route
    reply = await Link(bare, sessions, {}).exchange("GET", route)
    target = _redirect(reply, bare)
    if target is not None and target.endswith(route):  # a base path is set, and missing here
        bare = replace(bare, url=target.removesuffix(route))
    link = Link(bare, sessions, {})
    first = failure(reply, bare) if target is None and 300 <= reply.status < 400 else None
    for kind in sorted(_LOOKS, key=lambda one: one is not bare.kind or one in _ARRS):
        asked = bare.kind if kind in _ARRS and bare.kind in _ARRS else kind
        look = _LOOKS[asked]
        try:
            seen = await look.ask(link, asked, await link.exchange("GET", look.route))
        except WrongService as fault:
            first = first or fault
            continue
        if seen is not None:
            return seen
    raise first or WrongService(f"something answers that is not {instance.kind.title}", "check the address and port")


async def _arr(link: Link, kind: Kind, reply: Reply) -> Seen | None:
    """Return Sonarr or Radarr: both refuse a call without key with 401; their pages' title tells which."""
    if reply.status == 503:
        raise failure(reply, link.instance)
    if reply.status == 401 and "www-authenticate" in reply.headers:
        raise _proxy_login()
    if reply.status != 401 or reply.body:
        return None
    title = await _page_title(link)
    named = next((one for one in Kind if one in _ARRS and one.value in title), None)
    if named is not None:
        return Seen(named, link.instance.url)
    if any(name in title for name in ("lidarr", "readarr", "prowlarr", "whisparr")):
        raise WrongService(
            f"{title.removeprefix('login - ').title()} answers there, not {kind.title}", "check the port"
        )
    return Seen(kind, link.instance.url)  # its pages may be renamed: the key will tell


async def _seerr(link: Link, _: Kind, reply: Reply) -> Seen | None:
    found = _fields(reply, link)
    return Seen(Kind.SEERR, link.instance.url) if "initialized" in found or "applicationTitle" in found else None


async def _jellyfin(link: Link, _: Kind, reply: Reply) -> Seen | None:
    if reply.status == 503:
        raise failure(reply, link.instance)
    found = _fields(reply, link)
    if "startupWizardCompleted" in found:  # 10.11 while it starts up
        raise Starting("is starting up (503)")
    if "ProductName" not in found or "Id" not in found:
        return None
    if "jellyfin" not in str(found["ProductName"]).lower():
        raise WrongService(f"{found['ProductName']} answers there, not Jellyfin", "Emby and Plex cannot be read")
    return Seen(Kind.JELLYFIN, link.instance.url)


async def _shoko(link: Link, _: Kind, reply: Reply) -> Seen | None:
    if reply.status != 200 or reply.is_html:
        return None
    return Seen(Kind.SHOKO, link.instance.url) if b'"Server"' in reply.body else None


async def _qbittorrent(link: Link, _: Kind, reply: Reply) -> Seen | None:
    if reply.status == 200 and re.fullmatch(rb"v\d+\.\d+[\w.]*", reply.body.strip()):
        return Seen(Kind.QBITTORRENT, link.instance.url, lets_in=True)
    if reply.status == 401 and "www-authenticate" in reply.headers:
        raise _proxy_login()
    if reply.status == 401 and reply.body.strip() == b"Unauthorized":
        raise Unauthorized(
            "qBittorrent refuses the address it is called by (401): its Host header check",
            "map the WebUI to the same port inside and outside, or switch off Host header validation in its options",
        )
    refused = reply.status == 403 and not reply.is_html and bytes(reply.body.strip()) in {b"", b"Forbidden"}
    return Seen(Kind.QBITTORRENT, link.instance.url) if refused else None


def _fields(reply: Reply, link: Link) -> Mapping[str, object]:
    """Return a JSON object; {} for any other answer. Raises for a proxy's own login."""
    if reply.status == 401 and "www-authenticate" in reply.headers:
        raise _proxy_login()
    if reply.status in {502, 504}:
        raise failure(reply, link.instance)
    try:
        found = decode(reply.body, msgspec.Raw) if reply.status == 200 and not reply.is_html else b"{}"
        return decode(bytes(found), dict[str, object])
    except BadAnswer:
        return {}


async def _page_title(link: Link) -> str:
    """Return the lower-case title of the service's page, or of its login page; "" without one."""
    for path in ("/", "/login"):
        found = _TITLE.search((await link.exchange("GET", path)).body)
        if found:
            return found[1].decode(errors="replace").lower()
    return ""


def _redirect(reply: Reply, instance: Instance) -> str | None:
    """Return where a redirect on the same host and port leads, without query; None for other answers and hosts."""
    if not 300 <= reply.status < 400:
        return None
    base = urlsplit(instance.url)
    try:
        target = urlsplit(reply.headers.get("location", ""))
        same = not target.netloc or target.netloc.lower() == base.netloc.lower()
    except ValueError:
        return None
    if not same or not target.path.startswith("/"):
        return None
    return f"{target.scheme or base.scheme}://{base.netloc}{target.path}"


def _proxy_login() -> Unauthorized:
    return Unauthorized(
        "a proxy in front asks for its own login (401)",
        "use an address that avoids it, or put its credentials into `headers`",
    )


class _Look(NamedTuple):
    """How a kind is told: the open route that is asked, and who the answer shows."""

    route: str
    ask: Callable[[Link, Kind, Reply], Awaitable[Seen | None]]


_LOOKS: Mapping[Kind, _Look] = {
    Kind.SEERR: _Look("/api/v1/settings/public", _seerr),
    Kind.JELLYFIN: _Look("/System/Info/Public", _jellyfin),
    Kind.SHOKO: _Look("/api/v3/Init/Version", _shoko),
    Kind.QBITTORRENT: _Look("/api/v2/app/version", _qbittorrent),
    Kind.SONARR: _Look("/api/v3/system/status", _arr),
    Kind.RADARR: _Look("/api/v3/system/status", _arr),
}
_ARRS = {kind for kind, look in _LOOKS.items() if look.ask is _arr}
"""Looked for last: others answer their question with 401, too; the title of their pages tells which it is."""

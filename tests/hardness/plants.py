"""Where secrets can occur: each place gets one of its own, so that whatever comes out tells where it came from."""

import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from aiohttp import web

from tracker_tui.model.ids import Kind
from tracker_tui.simulate import server as simulated
from tracker_tui.simulate.arr import wire as arr_wire
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.qbittorrent import client as qbittorrent_client
from tracker_tui.simulate.qbittorrent import server as qbittorrent
from tracker_tui.simulate.seerr import wire as seerr_wire

PIECE = 12
"""So many characters of a secret in a row are a leak: a text may have been cut in the middle of it."""


class Plant(NamedTuple):
    """A secret in its place. `ours` = the user gave it to this program; `core` = what of it is searched for."""

    place: str
    ours: bool = False
    around: tuple[str, str] = ("", "")
    """Characters before and after the core, which look otherwise in an address or in JSON."""

    @property
    def core(self) -> str:
        return hashlib.md5(f"planted: {self.place}".encode(), usedforsecurity=False).hexdigest()

    @property
    def text(self) -> str:
        """Return the whole secret."""
        return self.core.join(self.around)

    def is_in(self, text: str) -> bool:
        """Return whether a part of it stands in `text`: as it is, in capitals, or packed by base64 or as hex."""
        return any(form in text for form in self._forms())

    def _forms(self) -> Iterator[str]:
        raw = self.core.encode()
        yield self.core[:PIECE]
        yield self.core[-PIECE:]
        yield self.core.upper()[:PIECE]
        yield raw.hex()[: 2 * PIECE]
        for shift in range(3):  # base64 looks otherwise by what stands before
            packed = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
            yield packed[4 : 4 + PIECE]


_ODD = ('ä "\\', "+/&%")
_OURS = partial(Plant, ours=True)

SEERR, SONARR, RADARR, JELLYFIN, SHOKO = (_OURS(f"key of {kind.title}") for kind in (
    Kind.SEERR, Kind.SONARR, Kind.RADARR, Kind.JELLYFIN, Kind.SHOKO
))  # fmt: skip
PASSWORD = _OURS("password of qBittorrent", around=_ODD)
PROXY = _OURS("password for a proxy, in `headers`")
NOTIFY = _OURS("word of the notify command")
COMMAND = _OURS("word of an `api_key_command`")
ENVIRONMENT = _OURS("password in HTTPS_PROXY")
COOKIE = Plant("session cookie of qBittorrent")
RELEASE = Plant("addresses of releases, field of an indexer")
CLIENT = Plant("password in download client settings")
QUERY = Plant("address in a complaint")
QUOTED = Plant("JSON in a complaint")
BASIC = Plant("Basic login in a complaint")
ENCODED = Plant("encoded address in a complaint")
QUEUE = Plant("passkey in a queue record's error")
TRACKER = Plant("passkey in a torrent's tracker")
MAGNET = Plant("passkey in a torrent's magnet link")
NAME = Plant("passkey in a torrent's name, a magnet link")
PLUGIN = Plant("keys in Shokofin's configuration")
NEIGHBOUR = Plant("keys that Seerr has of the others")
FAILURE = Plant("Seerr's reason of a failure")
MAIL = Plant("e-mail address of a user", around=("", "@mail.example"))
MAIL_SHOWN = Plant("e-mail address as a user's name", around=("kim@", ".example"))
ECHO = Plant("body of an error")
LOCATION = Plant("target of a redirect")

OWN_KEYS = {Kind.SEERR: SEERR, Kind.SONARR: SONARR, Kind.RADARR: RADARR, Kind.JELLYFIN: JELLYFIN, Kind.SHOKO: SHOKO,
            Kind.QBITTORRENT: PASSWORD}  # fmt: skip
PLANTS = tuple(one for one in globals().values() if isinstance(one, Plant))
BY_REFUSAL = (ECHO, LOCATION)
"""Those that only a failing service sends."""


QUOTING = "Unable to log in with"
"""Begins the complaints that quote a secret of ours: who does not know it cannot mask it."""
NAMED = "The.Salt.Road"
"""The torrent that is called by its magnet link."""


def basic(user: str, password: str) -> str:
    """Return the credentials of HTTP's Basic scheme."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class Traffic:
    """Listens between program and services, to prove that a plant was really there."""

    def __init__(self) -> None:
        self.seen: set[Plant] = set()

    async def over(
        self, answer: Callable[..., Awaitable[web.StreamResponse]], service: object, request: web.Request, handler: Any
    ) -> web.StreamResponse:
        """Let one exchange pass, and note whose secret went along."""
        body = await request.text()
        reply: web.StreamResponse = await answer(service, request, handler)
        parts = [request.path_qs, body, *request.headers.values(), *map(str, reply.headers.values())]
        if isinstance(reply, web.Response) and isinstance(reply.body, bytes):
            parts.append(reply.body.decode(errors="replace"))
        text = "\n".join(parts)
        self.seen.update(plant for plant in PLANTS if plant not in self.seen and plant.is_in(text))
        return reply


@contextlib.contextmanager
def sown() -> Iterator[Traffic]:
    """Let households that are made meanwhile send a secret wherever services send one; not yet their own keys."""
    traffic = Traffic()
    with pytest.MonkeyPatch.context() as patch:
        middleware = simulated.SimulatedService._middleware

        @web.middleware
        async def over(self: object, request: web.Request, handler: Any) -> web.StreamResponse:
            return await traffic.over(middleware, self, request, handler)

        patch.setattr(simulated.SimulatedService, "_middleware", over)
        patch.setattr(simulated, "broken", _echo)
        patch.setattr(secrets, "token_urlsafe", lambda _: COOKIE.text)
        patch.setattr(arr_wire, "SECRET", RELEASE.text)
        patch.setattr(arr_wire, "client_record", partial(_with_password, arr_wire.client_record))
        patch.setattr(arr_wire, "queue_record", partial(_with_error, arr_wire.queue_record))
        for module, function in ((qbittorrent, "torrent_json"), (qbittorrent_client, "maindata_torrent_json")):
            patch.setattr(module, function, partial(_with_tracker, getattr(module, function)))
        patch.setattr(seerr_wire, "user", partial(_with_mail, seerr_wire.user))
        yield traffic


def in_household(household: Household) -> None:
    """Give a household keys that can be recognised, and complaints that quote keys."""
    household.seerr.api_key = SEERR.text
    household.sonarr.api_key = SONARR.text
    household.radarr.api_key = RADARR.text
    household.jellyfin.api_key = JELLYFIN.text
    household.shoko.keys = {SHOKO.text: "admin"}
    household.qbittorrent.password = PASSWORD.text
    household.seerr.jellyfin_key = NEIGHBOUR.text
    household.shokofin.secrets = dict.fromkeys(household.shokofin.secrets, PLUGIN.text)
    for known in household.seerr.requests.values():
        known.failure = f"Something went wrong: X-Api-Key: {FAILURE.text}"
    ours = [SEERR.text, PASSWORD.text, quote(PASSWORD.text), quote_plus(PASSWORD.text), json.dumps(PASSWORD.text)]
    ours += [basic("admin", PASSWORD.text), PROXY.text, basic("me", PROXY.text)]
    for arr in (household.sonarr, household.radarr):
        complaints = [
            f"Unable to reach http://u:{QUERY.text}@prowlarr/1?apikey={QUERY.text}",
            f'Discord answered {{"token": "{QUOTED.text}"}}',
            f"sent Authorization: Basic {basic('u', BASIC.text)} in vain; and Basic {basic('u', BASIC.text)} again",
            f"redirected to /login?next={quote(f'http://x/?apikey={ENCODED.text}', safe='')}",
            *(f"{QUOTING} {text} there" for text in ours),
        ]
        for number, complaint in enumerate(complaints):
            arr.complain(f"Check{number}", "error", complaint)


def _with_password(record: Callable[..., dict[str, Any]], *args: Any, **named: Any) -> dict[str, Any]:
    found = record(*args, **named)
    for field in found["fields"]:
        if field["name"] == "password":
            field["value"] = CLIENT.text
    return found


def _with_error(record: Callable[..., dict[str, Any]], *args: Any, **named: Any) -> dict[str, Any]:
    error = f"udp://tracker.example:80/{QUEUE.text}/announce: passkey={QUEUE.text} unknown"
    return record(*args, **named) | {"errorMessage": error, "trackedDownloadStatus": "warning"}


def _with_tracker(record: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    magnet = f"magnet:?xt=urn:btih:0&tr={quote(f'https://tracker.example/{MAGNET.text}/announce', safe='')}"
    found = record(*args)
    if found.get("name", "").startswith(NAMED):  # as clients call it until they know its name
        found["name"] = f"magnet:?xt=urn:btih:0&tr={quote(f'http://t.example/{NAME.text}/announce', safe='')}"
    return found | {"tracker": f"https://tracker.example/{TRACKER.text}/announce", "magnet_uri": magnet}


def _with_mail(record: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    """Users without a name are called by their address."""
    found = record(*args)
    return found | {"email": MAIL.text, "displayName": MAIL_SHOWN.text}


async def _echo(fault: Fault, request: web.Request, _: object) -> web.StreamResponse:
    """Refuse as careless servers and proxies do: with everything that was sent, and keys of their own."""
    sent = [f"{name}: {value}" for name, value in request.headers.items()]
    words = {"message": f"refused; {ECHO.text}", "apiKey": ECHO.text, "sent": sent, "body": await request.text()}
    status = int(fault.value) if fault.value.isdigit() else 302
    target = f"https://u:{LOCATION.text}@auth.example/{LOCATION.text}?rd={LOCATION.text}#token={LOCATION.text}"
    page = f"<html><title>{ECHO.text}</title>{words}</html>" if fault is Fault.HTML else json.dumps(words)
    return web.Response(
        status=200 if fault is Fault.HTML else status,
        text=page,
        content_type="text/html" if fault is Fault.HTML else "application/json",
        headers={"Location": target, "Set-Cookie": f"session={ECHO.text}"} if status == 302 else {},
    )

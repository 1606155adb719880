"""What can befall a service while the program runs: how it begins, how it ends, and what the program must say."""

import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from aiohttp import web

from tests.hardness.rig import Rig
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.simulate.faults import Fault, Handler
from tracker_tui.simulate.household.household import Household

OK, UNREACHABLE, UNAUTHORIZED, STARTING, ERROR = (
    ServiceStatus.OK,
    ServiceStatus.UNREACHABLE,
    ServiceStatus.UNAUTHORIZED,
    ServiceStatus.STARTING,
    ServiceStatus.ERROR,
)
DOWN, AUTH, START, WRONG = "SERVICE_DOWN", "AUTH_FAILED", "SERVICE_STARTING", "WRONG_SERVICE"

Undo = Callable[[], object]


class Affliction(NamedTuple):
    """`begin` returns what ends it. `status` and `code` are what the program must show meanwhile; code None = nothing.

    `asked` = recovery needs the user's word (`r`): a refused login is not repeated by itself.
    """

    name: str
    begin: Callable[[Rig, Kind], Undo]
    status: ServiceStatus
    code: str | None
    kinds: tuple[Kind, ...] = tuple(Kind)
    asked: tuple[Kind, ...] = ()
    tells: tuple[Kind, ...] = ()
    """Kinds whose states may change meanwhile, for the answers are believed; afterwards all is as before."""
    skips: bool = False
    """Records come that cannot be read; they are counted."""
    other: Mapping[Kind, tuple[ServiceStatus, str | None]] = MappingProxyType({})
    """Where a kind means something else by it."""

    def due(self, kind: Kind) -> tuple[ServiceStatus, str | None]:
        return self.other.get(kind, (self.status, self.code))


def _fault(fault: Fault) -> Callable[[Rig, Kind], Undo]:
    def begin(rig: Rig, kind: Kind) -> Undo:
        service = rig.service(kind)
        service.fault = fault
        return lambda: setattr(service, "fault", None)

    return begin


def _stopped(rig: Rig, kind: Kind) -> Undo:
    service = rig.service(kind)
    port = int(service.url.rpartition(":")[2])
    rig.host.stop(service)
    return lambda: rig.host.add(service, port)


def _unknown_host(rig: Rig, kind: Kind) -> Undo:
    undo = _stopped(rig, kind)  # open connections need no name
    rig.unknown_hosts.add(kind.value)
    undo()
    return lambda: rig.unknown_hosts.discard(kind.value)


def _clock_off(rig: Rig, kind: Kind) -> Undo:
    service = rig.service(kind)
    service.date_offset_s += 86_400

    def undo() -> None:
        service.date_offset_s -= 86_400

    return undo


def recreate(home: Household, kind: Kind) -> str:
    """Let a service be another version, started a moment ago; return that version as the program shows it."""
    if kind is Kind.QBITTORRENT:
        home.qbittorrent._sessions.clear()
        home.qbittorrent.version = (5, 1, home.qbittorrent.version[2] + 5)
        return ".".join(map(str, home.qbittorrent.version))
    if kind is Kind.JELLYFIN:
        home.jellyfin.version_text = _later(home.jellyfin.version_text)
        return home.jellyfin.version_text
    if kind is Kind.SHOKO:
        home.shoko.release = home.shoko.release._replace(version=_later(home.shoko.release.version))
        home.shoko.started_at = home.clock.now()
        return home.shoko.release.version
    if kind is Kind.SEERR:
        home.seerr.release = dataclasses.replace(home.seerr.release, version=_later(home.seerr.release.version))
        return home.seerr.release.version
    arr: Any = home.services[kind]
    arr.version = _later(arr.version)
    return str(arr.version)


def _later(version: str) -> str:
    before, _, last = version.rpartition(".")
    return f"{before}.{int(last) + 5}"


def _restarted(rig: Rig, kind: Kind) -> Undo:
    """Stop; come back with another version, and with nothing remembered of the clients."""
    undo = _stopped(rig, kind)
    recreate(rig.household, kind)
    return undo


def _recreated(rig: Rig, kind: Kind) -> Undo:
    """The same between two polls: nobody finds it missing."""
    with rig.service(kind).lock:
        recreate(rig.household, kind)
    rig.engine.refresh_now()
    return lambda: None


def _session_ended(rig: Rig, _: Kind) -> Undo:
    rig.household.qbittorrent.expire_sessions()
    return lambda: None


def _password_changed(rig: Rig, _: Kind) -> Undo:
    client = rig.household.qbittorrent
    known, client.password = client.password, "another"
    client.expire_sessions()
    return lambda: setattr(client, "password", known)


def _banned(rig: Rig, _: Kind) -> Undo:
    client = rig.household.qbittorrent
    client._banned_until = client.clock.now().replace(year=2100)
    client.expire_sessions()
    return lambda: setattr(client, "_banned_until", None)


_LIBRARIES = {
    Kind.SEERR: ("requests",),
    Kind.SONARR: ("series", "history", "downloads"),
    Kind.RADARR: ("movies", "history", "downloads"),
    Kind.QBITTORRENT: ("torrents",),
    Kind.SHOKO: ("files", "series", "episodes"),
    Kind.JELLYFIN: ("index.items",),
}


def _emptied(rig: Rig, kind: Kind) -> Undo:
    """Answer well, with nothing in it: another database, a mount that is gone."""
    service: Any = rig.service(kind)
    kept: list[tuple[Any, str, Any]] = []
    with service.lock:
        for path in _LIBRARIES[kind]:
            *way, name = path.split(".")
            owner = service
            for step in way:
                owner = getattr(owner, step)
            kept.append((owner, name, getattr(owner, name)))
            setattr(owner, name, type(getattr(owner, name))())
    rig.engine.refresh_now()

    def undo() -> None:
        with service.lock:
            for owner, name, value in kept:
                setattr(owner, name, value)
        rig.engine.refresh_now()

    return undo


_SECONDARY = {
    Kind.SEERR: ("/api/v1/request$",),
    Kind.SONARR: ("/api/v3/queue",),
    Kind.RADARR: ("/api/v3/queue",),
    Kind.SHOKO: ("/api/v3/ManagedFolder", "/api/v3/ImportFolder"),
    Kind.JELLYFIN: ("/ScheduledTasks",),
}


def _partial(fault: Fault) -> Callable[[Rig, Kind], Undo]:
    """Let one question fail that is not the telling one."""

    def begin(rig: Rig, kind: Kind) -> Undo:
        service = rig.service(kind)
        service.faults = dict.fromkeys(_SECONDARY[kind], fault)
        return lambda: setattr(service, "faults", {})

    return begin


_IMPOSTORS = {
    Kind.SEERR: Kind.JELLYFIN,
    Kind.SONARR: Kind.RADARR,
    Kind.RADARR: Kind.SONARR,
    Kind.QBITTORRENT: Kind.SEERR,
    Kind.SHOKO: Kind.JELLYFIN,
    Kind.JELLYFIN: Kind.SEERR,
}


def _impostor(rig: Rig, kind: Kind) -> Undo:
    """Let another service answer at the address, by the same key: a port that was mixed up."""
    service = rig.service(kind)
    port = int(service.url.rpartition(":")[2])
    home = Household(rig.household.clock)
    other: Any = home.services[_IMPOSTORS[kind]]
    key = getattr(service, "api_key", None)
    if key is not None:
        other.api_key = key
    rig.host.stop(service)
    rig.host.add(other, port)

    def undo() -> None:
        rig.host.stop(other)
        rig.host.add(service, port)

    return undo


def _renamed(value: object) -> object:
    """Rename every field of the records in a list, and of qBittorrent's torrents; leave what is around them."""
    if isinstance(value, list):
        return [
            {f"new_{name}": one for name, one in each.items()} if isinstance(each, dict) else each for each in value
        ]
    if isinstance(value, dict):
        torrents = value.get("torrents")
        if isinstance(torrents, dict):
            return value | {"torrents": {key: {f"new_{k}": v for k, v in one.items()} for key, one in torrents.items()}}
        return {name: _renamed(one) if isinstance(one, list) else one for name, one in value.items()}
    return value


def _other_fields(rig: Rig, kind: Kind) -> Undo:
    """Answer as a version does that names the fields of its records otherwise; all is read anew, for it restarted."""
    service: Any = rig.service(kind)
    answer = service._answer

    def renaming(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def renamed(request: web.Request) -> web.StreamResponse:
            found: web.StreamResponse = await answer(handler)(request)
            if isinstance(found, web.Response) and isinstance(found.body, bytes) and "json" in found.content_type:
                found.body = json.dumps(_renamed(json.loads(found.body))).encode()
            return found

        return renamed

    service._answer = renaming
    _recreated(rig, kind)

    def undo() -> None:
        service._answer = answer
        _recreated(rig, kind)

    return undo


_WITHOUT_LOGIN = tuple(kind for kind in Kind if kind is not Kind.QBITTORRENT)
_TICKING = tuple(kind for kind in _WITHOUT_LOGIN if kind is not Kind.SEERR)
"""Who is asked more in a tick than the telling question; Seerr's lists have a longer deadline, and hold up no tick."""
_ASKED_FOR_A_KEY = (Kind.SEERR, Kind.SHOKO)
"""Whose impostor refuses the key before it says that it has no such page."""
_ARRS = (Kind.SONARR, Kind.RADARR)
_CLIENT = (Kind.QBITTORRENT,)

AFFLICTIONS = (
    Affliction("refused", _stopped, UNREACHABLE, DOWN),
    Affliction("unknown host", _unknown_host, UNREACHABLE, DOWN),
    Affliction("hang", _fault(Fault.HANG), UNREACHABLE, DOWN),
    Affliction("hang in the body", _fault(Fault.HANG_BODY), UNREACHABLE, DOWN),
    Affliction("drip", _fault(Fault.DRIP), UNREACHABLE, DOWN),
    Affliction("reset", _fault(Fault.RESET), UNREACHABLE, DOWN),
    Affliction("reset in the body", _fault(Fault.RESET_BODY), UNREACHABLE, DOWN),
    Affliction("401", _fault(Fault.STATUS_401), UNAUTHORIZED, AUTH, asked=_CLIENT),
    Affliction("403", _fault(Fault.STATUS_403), UNAUTHORIZED, AUTH, asked=_CLIENT),
    Affliction("404", _fault(Fault.STATUS_404), ERROR, DOWN, other=dict.fromkeys(_ARRS, (ERROR, WRONG))),
    Affliction("429", _fault(Fault.STATUS_429), ERROR, DOWN),
    Affliction("500", _fault(Fault.STATUS_500), ERROR, DOWN),
    Affliction("502", _fault(Fault.STATUS_502), ERROR, DOWN),
    Affliction("503", _fault(Fault.STATUS_503), STARTING, START),
    Affliction("HTML", _fault(Fault.HTML), ERROR, WRONG),
    Affliction("redirect", _fault(Fault.REDIRECT), ERROR, WRONG),
    Affliction("truncated", _fault(Fault.TRUNCATED), ERROR, DOWN, other=dict.fromkeys(_CLIENT, (ERROR, WRONG))),
    Affliction("empty", _fault(Fault.EMPTY), ERROR, DOWN, other=dict.fromkeys(_CLIENT, (ERROR, WRONG))),
    Affliction("gigantic", _fault(Fault.GIGANTIC), ERROR, DOWN),
    Affliction("wrong types", _fault(Fault.WRONG_TYPES), ERROR, DOWN, other=dict.fromkeys(_CLIENT, (ERROR, WRONG))),
    Affliction("one question resets", _partial(Fault.RESET), OK, "PARTLY_SILENT", kinds=_WITHOUT_LOGIN),
    Affliction("one question is 404", _partial(Fault.STATUS_404), OK, "PARTLY_SILENT", kinds=_WITHOUT_LOGIN),
    Affliction("one question is 403", _partial(Fault.STATUS_403), OK, "PARTLY_SILENT", kinds=_WITHOUT_LOGIN),
    Affliction("one question hangs", _partial(Fault.HANG), OK, "PARTLY_SILENT", kinds=_TICKING),
    Affliction("another service", _impostor, ERROR, WRONG, other=dict.fromkeys(_ASKED_FOR_A_KEY, (UNAUTHORIZED, AUTH))),
    Affliction("other fields", _other_fields, OK, None, kinds=_WITHOUT_LOGIN, skips=True),
    Affliction("clock a day off", _clock_off, OK, "CLOCK_SKEW"),
    Affliction("restart, new version", _restarted, UNREACHABLE, DOWN),
    Affliction("recreated between two polls, new version", _recreated, OK, None),
    Affliction("emptied", _emptied, OK, None, tells=(Kind.SHOKO,)),  # a file it does not know may be a new one
    Affliction("session ended", _session_ended, OK, None, kinds=_CLIENT),
    Affliction("password changed", _password_changed, UNAUTHORIZED, AUTH, kinds=_CLIENT, asked=_CLIENT),
    Affliction("banned", _banned, UNAUTHORIZED, AUTH, kinds=_CLIENT, asked=_CLIENT),
)
BY_NAME = {one.name: one for one in AFFLICTIONS}
CELLS = [(one.name, kind) for kind in Kind for one in AFFLICTIONS if kind in one.kinds]

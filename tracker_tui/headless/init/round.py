"""The order of the questions for a new configuration: Seerr first, since it knows others; then whoever is missing."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from tracker_tui.config.kinds import TRAITS
from tracker_tui.config.pasted import candidates
from tracker_tui.config.settings import Instance
from tracker_tui.config.urls import BadUrl
from tracker_tui.headless.init.plan import Planned
from tracker_tui.headless.init.service import Interview
from tracker_tui.headless.init.terminal import yes
from tracker_tui.headless.init.words import ABOUT
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import ServiceError, UnknownHost
from tracker_tui.services.seerr.neighbours import Neighbour


def whole_round(interview: Interview) -> None:
    """Ask for everything, least first."""
    host, usual = _look_around(interview)
    interview.say()
    interview.say(ABOUT[Kind.SEERR])
    seerr = interview.add(_new(interview, Kind.SEERR), usual.get(Kind.SEERR))
    without: set[Kind] = set()
    if seerr is not None and seerr.known:
        known = _neighbours(interview, seerr)
        for one in known:
            alone = sum(other.kind is one.kind for other in known) == 1
            if not _offer(interview, one, seerr, host, alone=alone):
                without.add(one.kind)
    for kind in ABOUT:
        if kind is Kind.SEERR or interview.plan.of_kind(kind) or kind in without:
            continue
        interview.say()
        interview.say(ABOUT[kind])
        default = usual.get(kind)
        if kind is Kind.QBITTORRENT:
            default = default or _of_download_clients(interview, host)
        interview.add(_new(interview, kind), default)


def one_more(interview: Interview, kind: Kind) -> None:
    """Ask for another service of a kind, by a name of its own if it is not the first."""
    interview.say(ABOUT[kind])
    name = interview.plan.free_name(kind)
    if interview.plan.of_kind(kind):
        wish = interview.terminal.ask(f"  Its name, to tell it from the others (Enter: {name})?")
        name = interview.plan.free_name(kind, wish or name)
    interview.add(Instance(kind=kind, name=name, url=""))


def _new(interview: Interview, kind: Kind, wish: str | None = None) -> Instance:
    return Instance(kind=kind, name=interview.plan.free_name(kind, wish), url="")


def _look_around(interview: Interview) -> tuple[str, dict[Kind, str]]:
    """Return the machine on which the services run, and the kinds that answer on its usual ports."""
    while True:
        answer = interview.terminal.ask("On which machine do the services run? (name or address; Enter: this one)")
        try:
            host = _host_of(candidates(answer, Kind.SEERR)[0]) if answer else "localhost"
            return host, _found(interview, host)
        except BadUrl as bad:
            interview.say(f"{bad.message}; {bad.fix}.")
        except UnknownHost as fault:
            interview.say(f"{fault.message}: write it as this machine knows it, or its address.")


def _host_of(url: str) -> str:
    """Return the host of a checked address, as it stands in one."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _found(interview: Interview, host: str) -> dict[Kind, str]:
    """Return the kinds that answer on their usual ports of that one machine. No key is sent. Raises UnknownHost."""
    looked = [Instance(kind=kind, name=kind.value, url=f"http://{host}:{TRAITS[kind].port}") for kind in Kind]
    seen = interview.prober.many(looked)
    where = "this machine" if host == "localhost" else host
    if seen:
        interview.say(f"On {where}: {', '.join(f'{one.kind.title} at {one.url}' for one in seen)}.")
    else:
        interview.say(f"None of them answers on its usual port of {where}.")
    return {one.kind: one.url for one in seen}


def _neighbours(interview: Interview, seerr: Planned) -> Sequence[Neighbour]:
    try:
        return interview.prober.neighbours(seerr.instance)
    except ServiceError as fault:
        interview.say(f"  What it knows of others cannot be read: {fault.message}.")
        return ()


def _offer(interview: Interview, one: Neighbour, seerr: Planned, host: str, *, alone: bool) -> bool:
    """Offer a server that Seerr knows, at the address by which this machine reaches it; False: it is to be left out.

    `alone` = the only one of its kind there: it needs neither name nor number to be told from others.
    """
    title = one.kind.title
    named = f"{title} “{one.name}”" if one.name and one.name.casefold() != one.kind else title
    instance = replace(
        _new(interview, one.kind, None if alone else one.name),
        api_key=one.api_key,
        seerr_server_id=None if alone else one.server_id,
    )
    hosts = dict.fromkeys((one.host, _host_of(seerr.instance.url), host))
    interview.say()
    try:
        urls = [url for name in hosts for url in candidates(one.url(name), one.kind)[:1]]
        seen = interview.prober.who(instance, urls)
    except (BadUrl, ServiceError):
        seen = None
    if seen is not None and seen.kind is one.kind:
        interview.say(f"Seerr knows {named} at {one.url()}; from here it answers at {seen.url}.")
        if yes(interview.terminal, "  Use it, with the key that Seerr has?", usual=True):
            return interview.enter(replace(instance, url=seen.url)) is not None
        return True  # perhaps at another address
    key = "; the key it has is taken over" if one.api_key is not None else ""
    interview.say(f"Seerr knows {named} at {one.url()}, where this machine does not reach it{key}.")
    reached = interview.address(instance, None)
    if reached is None:
        return False
    return interview.enter(reached[0], lets_in=reached[1], untried=reached[2]) is not None


def _of_download_clients(interview: Interview, host: str) -> str | None:
    """Return where Sonarr or Radarr have their qBittorrent, if this machine reaches it there or on its own host."""
    for planned in (*interview.plan.of_kind(Kind.SONARR), *interview.plan.of_kind(Kind.RADARR)):
        if not planned.known:
            continue
        near = _host_of(planned.instance.url)
        for client in interview.prober.download_clients(planned.instance):
            if (client.implementation or "").lower() != "qbittorrent" or not client.host or client.enabled is False:
                continue
            port = client.port or TRAITS[Kind.QBITTORRENT].port
            instance = Instance(kind=Kind.QBITTORRENT, name="qbittorrent", url="")
            try:
                urls = [
                    candidates(f"{name}:{port}", Kind.QBITTORRENT)[0]
                    for name in dict.fromkeys((client.host, near, host))
                ]
                seen = interview.prober.who(instance, urls)
            except (BadUrl, ServiceError):
                continue
            if seen.kind is Kind.QBITTORRENT:
                return seen.url
    return None

"""The Sonarr, Radarr and Jellyfin servers that a Seerr is set up with, keys included. Read when the user asks."""

from typing import Literal

import msgspec

from tracker_tui.config.settings import Secret
from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText, clean_or_none
from tracker_tui.services.decode import Wire, decode, each
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.http import Link

_SETTINGS = "/api/v1/settings"


class Neighbour(Fact):
    """One server as Seerr reaches it; its names may mean nothing on this machine."""

    kind: Kind
    name: SafeText | None
    secure: bool
    host: SafeText
    port: int
    base_path: SafeText | None
    """"/sonarr", or None."""
    api_key: Secret | None
    server_id: int | None = None
    """Seerr's own number of a Sonarr or Radarr."""

    def url(self, host: str | None = None) -> str:
        """Return its address, on another host if one is given."""
        return f"{'https' if self.secure else 'http'}://{host or self.host}:{self.port}{self.base_path or ''}"


class _ServerWire(Wire, rename="camel"):
    """`/settings/sonarr`, `/settings/radarr`: one server, in full."""

    id: int
    hostname: str
    port: int
    api_key: str | None = None
    name: str | None = None
    use_ssl: bool = False
    base_url: str | None = None


class _JellyfinWire(Wire, rename="camel"):
    """`/settings/jellyfin`; absent in Overseerr, empty beside a Plex."""

    ip: str | None = None
    port: int = 8096
    use_ssl: bool = False
    url_base: str | None = None
    name: str | None = None
    api_key: str | None = None


async def read_neighbours(link: Link) -> tuple[Neighbour, ...]:
    """Return what Seerr knows, without those it has no usable address of. Raises ServiceError."""
    return (
        *await _servers(link, "sonarr", Kind.SONARR),
        *await _servers(link, "radarr", Kind.RADARR),
        *await _jellyfin(link),
    )


async def _servers(link: Link, path: Literal["sonarr", "radarr"], kind: Kind) -> tuple[Neighbour, ...]:
    reply = link.require(await link.exchange("GET", f"{_SETTINGS}/{path}"))
    wires, skipped = each(decode(reply.body, list[msgspec.Raw]), _ServerWire)
    link.meter.skipped += skipped
    return tuple(
        Neighbour(
            kind=kind,
            name=clean_or_none(one.name, 40),
            secure=one.use_ssl,
            host=host,
            port=one.port,
            base_path=_base(one.base_url),
            api_key=_secret(one.api_key),
            server_id=one.id,
        )
        for one in wires
        if (host := clean_or_none(one.hostname, 255)) is not None
    )


async def _jellyfin(link: Link) -> tuple[Neighbour, ...]:
    """Return its Jellyfin; () where it has none (Overseerr, Plex) or answers in a shape we do not know."""
    reply = await link.exchange("GET", f"{_SETTINGS}/jellyfin")
    if reply.status != 200:
        return ()
    try:
        wire = decode(reply.body, _JellyfinWire)
    except BadAnswer:
        return ()
    host = clean_or_none(wire.ip, 255)
    if host is None:
        return ()
    return (
        Neighbour(
            kind=Kind.JELLYFIN,
            name=clean_or_none(wire.name, 40),
            secure=wire.use_ssl,
            host=host,
            port=wire.port,
            base_path=_base(wire.url_base),
            api_key=_secret(wire.api_key),
        ),
    )


def _base(raw: str | None) -> SafeText | None:
    text = clean_or_none(raw, 200)
    bare = text.strip("/") if text else ""
    return SafeText(f"/{bare}") if bare else None


def _secret(raw: str | None) -> Secret | None:
    return Secret(raw.strip()) if raw and raw.strip() else None

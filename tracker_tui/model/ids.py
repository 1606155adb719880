"""Identity of configured services and of media requests."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """The services, in the order of the pipeline (also the order of the service strip)."""

    SEERR = "seerr"
    SONARR = "sonarr"
    RADARR = "radarr"
    QBITTORRENT = "qbittorrent"
    SHOKO = "shoko"
    JELLYFIN = "jellyfin"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the name people write: "qBittorrent", not "qbittorrent"."""
        return "qBittorrent" if self is Kind.QBITTORRENT else self.value.capitalize()

    def titled(self, name: str | None) -> str:
        """Return how people read an instance: "Sonarr", or "Sonarr 4k" where it has a name of its own."""
        return self.title if name in {None, self.value} else f"{self.title} {name}"


class InstanceRef(msgspec.Struct, frozen=True, order=True):
    """One configured service. Numeric ids of Sonarr, Radarr, Shoko and Seerr only mean something beside it."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


RequestId = str
"""`seerr:<name>:<id>`, `sonarr:<name>:<seriesId>` or `radarr:<name>:<movieId>` (SPEC 2.1.11)."""


def request_id(ref: InstanceRef, number: int) -> RequestId:
    """Return the id of the media request that `ref` knows as `number`."""
    return f"{ref.kind}:{ref.name}:{number}"

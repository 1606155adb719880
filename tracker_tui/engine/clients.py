"""From a configured instance to its client; a service's library is imported only where one is configured."""

from typing import Protocol, runtime_checkable

from tracker_tui.config.settings import Instance
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Identified
from tracker_tui.services.http import Meter, Sessions


class Client(Protocol):
    """What every client offers beside its own questions."""

    @property
    def meter(self) -> Meter:
        """Return what the exchanges cost and told."""

    async def identify(self) -> Identified:
        """Prove address, kind and key. Raises ServiceError."""


@runtime_checkable
class Closing(Protocol):
    """A client that holds more than the shared session: something to log out from or to stop."""

    async def aclose(self) -> None:
        """Log out and free what it holds; bounded in time."""


@runtime_checkable
class Doubting(Protocol):
    """A client whose answers show when another process or version answers than the one that was identified."""

    @property
    def renewed(self) -> bool:
        """Return whether they do, since the last `identify`."""


@runtime_checkable
class Loading(Protocol):
    """A client whose library is loaded by its first call, or before."""

    def load(self) -> None:
        """Load it now; blocks."""


def connect(instance: Instance, sessions: Sessions, *, login_refused: bool = False) -> Client:
    """Return the client for `instance`, without any exchange."""
    match instance.kind:
        case Kind.SONARR:
            from tracker_tui.services.arr.sonarr import SonarrClient

            return SonarrClient(instance, sessions)
        case Kind.RADARR:
            from tracker_tui.services.arr.radarr import RadarrClient

            return RadarrClient(instance, sessions)
        case Kind.QBITTORRENT:
            from tracker_tui.services.qbittorrent.client import QbittorrentClient

            return QbittorrentClient(instance, login_refused=login_refused)
        case Kind.SHOKO:
            from tracker_tui.services.shoko.client import ShokoClient

            return ShokoClient(instance, sessions)
        case Kind.JELLYFIN:
            from tracker_tui.services.jellyfin.client import JellyfinClient

            return JellyfinClient(instance, sessions)
        case Kind.SEERR:
            from tracker_tui.services.seerr.client import SeerrClient

            return SeerrClient(instance, sessions)

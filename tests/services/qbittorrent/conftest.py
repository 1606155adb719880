"""A simulated qBittorrent per test, and clients that are closed at its end."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
import qbittorrentapi  # noqa: F401 - loaded here, so that no test's deadline pays for it

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.server import SimHost

VERSIONS = ("4.5.2", "5.1.4", "5.3.0")
PASSWORD = "canary-password-7f3a"
HASH = "ab" * 20

MakeServer = Callable[..., SimulatedQbittorrent]
MakeClient = Callable[..., QbittorrentClient]


def instance(url: str, **changes: Any) -> Instance:
    """Return the configuration of a qBittorrent at `url`."""
    settings: dict[str, Any] = {"username": "admin", "password": Secret(PASSWORD), "timeout_s": 5.0}
    return Instance(kind=Kind.QBITTORRENT, name="qb", url=url, **(settings | changes))


def add_season(server: SimulatedQbittorrent, hash_: str = HASH, **options: Any) -> None:
    """Add a season pack of 13 equal files that downloads."""
    files = [(f"Show.S01/Show.S01E{number:02}.mkv", 40 << 20) for number in range(1, 14)]
    server.add_torrent(hash_, "Show.S01", files, "tv-sonarr", **({"speed": 4 << 20} | options))


def sent(server: SimulatedQbittorrent) -> list[str]:
    """Return the API calls received, e.g. ["app/version", "auth/login"]."""
    return [call.path.removeprefix("/api/v2/") for call in server.calls]


@pytest.fixture
def make_server(host: SimHost, clock: SimClock) -> Iterator[MakeServer]:
    """Return how to start a server."""
    started: list[SimulatedQbittorrent] = []

    def make(version: str = "5.1.4", **options: Any) -> SimulatedQbittorrent:
        server = SimulatedQbittorrent(clock, version, **({"password": PASSWORD} | options))
        host.add(server)
        started.append(server)
        return server

    yield make
    for server in started:
        host.stop(server)


@pytest_asyncio.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    """Return how to make a client of a server."""
    made: list[QbittorrentClient] = []

    def make(url: str, *, login_refused: bool = False, **changes: Any) -> QbittorrentClient:
        client = QbittorrentClient(instance(url, **changes), login_refused=login_refused)
        made.append(client)
        return client

    yield make
    for client in made:
        await client.aclose()

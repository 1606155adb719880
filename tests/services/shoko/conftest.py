"""Simulated Shokos over loopback HTTP, and a client for them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.http import Sessions
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.shoko.records import RELEASES, V5_2, ShokoRelease
from tracker_tui.simulate.shoko.server import SimulatedShoko

KEY = "CANARY-shoko-key"
PASSWORD = "CANARY-shoko-password"

SONARR = "/tv-anime/Lycoris Recoil/Season 1/Lycoris Recoil - S01E{:02}.mkv"
"""Sonarr's path of an episode that `appear` puts on Shoko's disk."""

every_release = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
since_5 = pytest.mark.parametrize("release", RELEASES[1:], ids=lambda release: release.version)

Serve = Callable[..., SimulatedShoko]
Connect = Callable[..., ShokoClient]
Both = tuple[Serve, Connect]


@pytest.fixture
def serve(host: SimHost, clock: SimClock) -> Iterator[Serve]:
    """Start a server of a release with one anime of three episodes and nothing on disk."""
    started: list[SimulatedShoko] = []

    def start(release: ShokoRelease = V5_2) -> SimulatedShoko:
        shoko = SimulatedShoko(clock, release, api_key=KEY)
        shoko.users["admin"].password = PASSWORD
        shoko.add_folder("/mnt/anime", "anime_shows")
        shoko.add_anime(17097, "Lycoris Recoil", 3, tmdb_shows=(154494,), tvdb=(414057,), series_id=12)
        host.add(shoko)
        started.append(shoko)
        return shoko

    yield start
    for shoko in started:
        host.stop(shoko)


@pytest.fixture
def connect(sessions: Sessions) -> Connect:
    def client(shoko: SimulatedShoko, **changed: Any) -> ShokoClient:
        settings: dict[str, Any] = {"api_key": Secret(KEY), "timeout_s": 5.0} | changed
        return ShokoClient(Instance(kind=Kind.SHOKO, name="shoko", url=shoko.url, **settings), sessions)

    return client


@pytest.fixture
def both(serve: Serve, connect: Connect) -> Both:
    return serve, connect


def episode_path(number: int) -> str:
    return f"/mnt/anime/Lycoris Recoil/Season 1/Lycoris Recoil - S01E{number:02}.mkv"


def appear(shoko: SimulatedShoko, *numbers: int) -> None:
    """Put the files of these episodes on disk: episode n is file 300 + n with 1000 + n bytes."""
    for number in numbers:
        shoko.file_appears(episode_path(number), 1000 + number, shoko.link(17097, number), file_id=300 + number)


def calls(shoko: SimulatedShoko) -> list[str]:
    """Return what was asked, in order, without the common prefix."""
    return [f"{call.method} {call.path.removeprefix('/api/v3/')}" for call in shoko.calls]

"""A simulated household's Jellyfin over loopback HTTP, and clients for it."""

from collections.abc import Callable, Iterator

import pytest

from tests.services.conftest import NOW
from tests.simulate.shoko_stub import StubShoko
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.http import Sessions
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin
from tracker_tui.simulate.server import SimHost

KEY = "CANARY-jellyfin-key"
VERSIONS = ("10.8.13", "10.11.6", "12.1.0")
PLUGIN_OF = {"10.8.13": "4.2.1.0", "10.11.6": "5.0.6.0", "12.1.0": "6.0.5.0"}
EPISODE = "/data/tv/Station Nine/Season 01/Station Nine - S01E{:02}.mkv"
FILM = "/data/movies/Harbor Lights (2024)/Harbor Lights (2024).mkv"

Connect = Callable[..., JellyfinClient]


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def shoko() -> StubShoko:
    return StubShoko()


@pytest.fixture
def jellyfin(host: SimHost, clock: SimClock, version: str, shoko: StubShoko) -> Iterator[SimulatedJellyfin]:
    """The base world: a film, a series of six, and an anime library behind the plugin of that time."""
    one = SimulatedJellyfin(clock, version, api_key=KEY)
    one.add_library("Movies", ["/data/movies"], "movies")
    one.add_library("TV-Shows", ["/data/tv"])
    anime = one.add_library("Anime Shows", ["/data/anime/shows"])
    one.add_title("/data/movies/Harbor Lights (2024)", "Harbor Lights", {"Tmdb": "700060", "Imdb": "tt0700060"})
    one.add_title(
        "/data/tv/Station Nine",
        "Station Nine",
        {"Tvdb": "900040"},
        {(1, number): {"Tvdb": str(4000 + number)} for number in range(1, 7)},
    )
    one.disk.add_file(FILM, NOW)
    for number in range(1, 7):
        one.disk.add_file(EPISODE.format(number), NOW)
    SimulatedShokofin(one, shoko, PLUGIN_OF[version]).adopt(anime, 1)
    one.finish_scan()
    clock.jump(seconds=60)
    host.add(one)
    yield one
    host.stop(one)


@pytest.fixture
def plugin(jellyfin: SimulatedJellyfin) -> SimulatedShokofin:
    assert isinstance(jellyfin.plugin, SimulatedShokofin)
    return jellyfin.plugin


@pytest.fixture
def connect(sessions: Sessions, jellyfin: SimulatedJellyfin) -> Connect:
    """Return a client factory; keyword arguments replace fields of the instance."""

    def make(**changes: object) -> JellyfinClient:
        fields: dict[str, object] = {
            "kind": Kind.JELLYFIN,
            "name": "jellyfin",
            "url": jellyfin.url + jellyfin.base_path,
            "api_key": Secret(KEY),
            "timeout_s": 5.0,
        }
        return JellyfinClient(Instance(**(fields | changes)), sessions)  # type: ignore[arg-type]

    return make


@pytest.fixture
def client(connect: Connect) -> JellyfinClient:
    return connect()


@pytest.fixture
def shokofin(client: JellyfinClient) -> ShokofinClient:
    return ShokofinClient(client.link)

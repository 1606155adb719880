"""A simulated household's Seerr over loopback HTTP, and a client for it."""

from collections.abc import Callable, Iterator

import pytest

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.http import Sessions
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.seerr.wire import RELEASES, ArrServer, Release
from tracker_tui.simulate.server import SimHost

KEY = "CANARY-seerr-key"


@pytest.fixture(params=RELEASES, ids=lambda release: f"{release.product}-{release.version}")
def release(request: pytest.FixtureRequest) -> Release:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def seerr(host: SimHost, clock: SimClock, release: Release) -> Iterator[SimulatedSeerr]:
    one = SimulatedSeerr(clock, release, api_key=KEY)
    one.add_server(ArrServer(0, "Sonarr", False, "sonarr", 8989, "CANARY-sonarr-key", "/data/tv", "/data/anime/shows"))
    one.add_server(ArrServer(1, "Sonarr 4K", False, "sonarr4k", 8989, "CANARY-sonarr-key", "/data/tv-4k", is_4k=True))
    one.add_server(ArrServer(0, "Radarr", True, "radarr", 7878, "CANARY-radarr-key", "/data/movies"))
    host.add(one)
    yield one
    host.stop(one)


@pytest.fixture
def instance(seerr: SimulatedSeerr) -> Instance:
    return Instance(kind=Kind.SEERR, name="seerr", url=seerr.url, api_key=Secret(KEY), timeout_s=5.0)


@pytest.fixture
def connect(sessions: Sessions, instance: Instance) -> Callable[..., SeerrClient]:
    """Return a client factory; keyword arguments replace fields of the instance."""

    def make(**changes: object) -> SeerrClient:
        fields = {name: getattr(instance, name) for name in instance.__struct_fields__} | changes
        return SeerrClient(Instance(**fields), sessions)

    return make


@pytest.fixture
def client(connect: Callable[..., SeerrClient]) -> SeerrClient:
    return connect()

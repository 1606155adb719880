"""Simulated Sonarr and Radarr over loopback HTTP, and clients for them."""

from collections.abc import Callable, Iterator

import pytest

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost, SimulatedService

KEY = "CANARY-arr-key"

Clients = Callable[..., SonarrClient | RadarrClient]


@pytest.fixture
def serve(host: SimHost) -> Iterator[Callable[[SimulatedService], SimulatedService]]:
    """Start services for one test."""
    started: list[SimulatedService] = []

    def start(service: SimulatedService) -> SimulatedService:
        host.add(service)
        started.append(service)
        return service

    yield start
    for service in started:
        host.stop(service)


@pytest.fixture
def sonarr(serve: Callable[[SimulatedSonarr], SimulatedSonarr], clock: SimClock) -> SimulatedSonarr:
    return serve(SimulatedSonarr(clock, api_key=KEY))


@pytest.fixture
def radarr(serve: Callable[[SimulatedRadarr], SimulatedRadarr], clock: SimClock) -> SimulatedRadarr:
    return serve(SimulatedRadarr(clock, api_key=KEY))


def instance(kind: Kind, url: str, key: str | None = KEY, timeout_s: float = 5.0) -> Instance:
    return Instance(kind=kind, name=str(kind), url=url, api_key=Secret(key) if key else None, timeout_s=timeout_s)


@pytest.fixture
def sonarr_client(sonarr: SimulatedSonarr, sessions: Sessions) -> SonarrClient:
    return SonarrClient(instance(Kind.SONARR, sonarr.url), sessions)


@pytest.fixture
def radarr_client(radarr: SimulatedRadarr, sessions: Sessions) -> RadarrClient:
    return RadarrClient(instance(Kind.RADARR, radarr.url), sessions)

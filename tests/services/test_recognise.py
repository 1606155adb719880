"""Who answers at an address is told without sending a key, whatever of the six it is, and whatever it is not."""

from collections.abc import Iterator

import pytest

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import ServiceError, Starting, Unreachable, WrongService
from tracker_tui.services.http import Sessions
from tracker_tui.services.recognise import Seen, recognise
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.server import SimHost


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def home(host: SimHost) -> Iterator[Household]:
    household = Household(SimClock(START))
    for service in household.services.values():
        host.add(service)
    yield household
    for service in household.services.values():
        host.stop(service)


async def seen(kind: Kind, url: str) -> Seen:
    instance = Instance(kind=kind, name=kind.value, url=url, api_key=Secret("never-sent"), username="u")
    sessions = Sessions()
    try:
        return await recognise(instance, sessions)
    finally:
        await sessions.aclose()


@pytest.mark.parametrize("expected", Kind)
@pytest.mark.parametrize("actual", Kind)
async def test_each_is_told_from_each(home: Household, expected: Kind, actual: Kind) -> None:
    url = home.services[actual].url
    assert await seen(expected, url) == Seen(actual, url)
    assert not [call for call in home.services[actual].calls if call.method != "GET"]


async def test_a_login_page_still_tells_which_of_the_two(home: Household) -> None:
    home.radarr.authentication = "forms"
    assert (await seen(Kind.SONARR, home.radarr.url)).kind is Kind.RADARR


async def test_a_missing_base_path_is_found(host: SimHost) -> None:
    service = SimulatedRadarr(SimClock(START), url_base="/radarr")
    host.add(service)
    try:
        assert await seen(Kind.RADARR, service.url) == Seen(Kind.RADARR, f"{service.url}/radarr")
        assert await seen(Kind.RADARR, f"{service.url}/radarr") == Seen(Kind.RADARR, f"{service.url}/radarr")
    finally:
        host.stop(service)


async def test_a_qbittorrent_that_lets_this_machine_in(home: Household) -> None:
    home.qbittorrent.bypass = True
    assert await seen(Kind.QBITTORRENT, home.qbittorrent.url) == Seen(
        Kind.QBITTORRENT, home.qbittorrent.url, lets_in=True
    )


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.RESET, Unreachable), (Fault.HTML, WrongService), (Fault.STATUS_503, Starting)],
)
async def test_why_nobody_is_recognised(home: Household, fault: Fault, error: type[ServiceError]) -> None:
    home.sonarr.fault = fault
    with pytest.raises(error):
        await seen(Kind.SONARR, home.sonarr.url)


async def test_https_where_http_is_spoken(home: Household) -> None:
    with pytest.raises(Unreachable, match="TLS"):
        await seen(Kind.SONARR, home.sonarr.url.replace("http", "https"))


async def test_seerr_tells_its_neighbours_and_no_key_is_shown(home: Household) -> None:
    instance = Instance(kind=Kind.SEERR, name="seerr", url=home.seerr.url, api_key=Secret(home.seerr.api_key))
    sessions = Sessions()
    try:
        found = await SeerrClient(instance, sessions).neighbours()
    finally:
        await sessions.aclose()
    assert [(one.kind, one.url(), one.server_id) for one in found] == [
        (Kind.SONARR, "http://sonarr:8989", 0),
        (Kind.RADARR, "http://radarr:7878", 0),
        (Kind.JELLYFIN, "http://jellyfin:8096", None),
    ]
    assert found[0].url("nas") == "http://nas:8989"
    assert found[0].api_key is not None
    assert found[0].api_key.reveal() == "sonarr-key"
    assert "sonarr-key" not in repr(found)

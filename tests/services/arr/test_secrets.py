"""No key of ours and no secret of others leaves the clients: not in facts, not in errors, not in logs."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.services.arr.conftest import KEY
from tests.services.conftest import NOW
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.http import quiet_libraries
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.arr.wire import SECRET
from tracker_tui.simulate.faults import Fault

Reads = Callable[[Any], Awaitable[object]]

SONARR: dict[str, Reads] = {
    "history_since": lambda client: client.history_since(NOW),
    "recent_history": lambda client: client.recent_history(NOW - timedelta(days=1)),
    "history_of": lambda client: client.history_of(23),
    "queue": lambda client: client.queue(),
    "setup": lambda client: client.setup(),
    "release_rejections": lambda client: client.release_rejections(episode_id=1),
    "indexers_searched": lambda client: client.indexers_searched(),
}
RADARR: dict[str, Reads] = {
    "history_since": lambda client: client.history_since(NOW),
    "history_of": lambda client: client.history_of(62),
    "queue": lambda client: client.queue(),
    "setup": lambda client: client.setup(),
    "release_rejections": lambda client: client.release_rejections(movie_id=62),
}


@pytest.fixture
def sonarr(sonarr: SimulatedSonarr) -> SimulatedSonarr:
    sonarr.add_series("Show", {1: 2}, series_id=23, first_episode_id=1)
    sonarr.grab([1, 2], "Show.S01", 1 << 30, "ab" * 20)
    sonarr.releases[1] = [Release("A", rejections=("no",))]
    sonarr.client_refresh()
    return sonarr


@pytest.fixture
def radarr(radarr: SimulatedRadarr) -> SimulatedRadarr:
    radarr.add_movie("Film", movie_id=62)
    radarr.grab(62, "Film.2026", 1 << 30, "cd" * 20)
    radarr.releases[62] = [Release("A", rejections=("no",))]
    radarr.client_refresh()
    return radarr


def assert_clean(text: str) -> None:
    for secret in (KEY, SECRET, "downloadUrl", "passkey", "apikey"):
        assert secret not in text


@pytest.mark.parametrize("name", SONARR)
async def test_what_sonarr_tells(name: str, sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    facts = repr(await SONARR[name](sonarr_client))
    assert_clean(facts)
    assert "********" not in facts


@pytest.mark.parametrize("name", RADARR)
async def test_what_radarr_tells(name: str, radarr: SimulatedRadarr, radarr_client: RadarrClient) -> None:
    assert_clean(repr(await RADARR[name](radarr_client)))


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.WRONG_TYPES, Fault.STATUS_500, Fault.REDIRECT, Fault.RESET])
@pytest.mark.parametrize("name", SONARR)
async def test_what_goes_wrong(name: str, fault: Fault, sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    sonarr.fault = fault
    with pytest.raises(ServiceError) as caught:
        await SONARR[name](sonarr_client)
    fault_chain: BaseException | None = caught.value
    while fault_chain is not None:
        assert_clean(f"{fault_chain!r} {fault_chain}")
        fault_chain = fault_chain.__cause__
    assert_clean(repr(caught.value.as_failure()))


async def test_nothing_is_logged(
    sonarr: SimulatedSonarr, sonarr_client: SonarrClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_libraries()
    await sonarr_client.identify()
    await sonarr_client.history_since(NOW)
    assert_clean(caplog.text)


async def test_the_key_travels_in_a_header_only(sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    for read in SONARR.values():
        await read(sonarr_client)
    assert all(KEY not in call.path + call.query for call in sonarr.calls)


async def test_the_clients_do_not_print_their_key(sonarr_client: SonarrClient, radarr_client: RadarrClient) -> None:
    await sonarr_client.identify()
    for client in (sonarr_client, radarr_client):
        assert_clean(repr(client) + repr(vars(client)))

"""The call budget over real HTTP: which calls a minute of ticks makes, and that a hundredfold library adds none.

A minute, because the heavier calls ride on multiples of the tick. Time is simulated, nothing sleeps. The first poll
and what is asked for every half hour (whole lists) are left out: those do grow with the library.
"""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from tests.benchmarks.households import (
    LARGE,
    SMALL,
    Size,
    finished_series,
    household_of,
    late_anime_season,
    season_pack_in_flight,
    unseen_anime_season,
)
from tests.benchmarks.ticking import Minute, SteppedTime, Ticking, stepped_time
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import State
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost

IDLE = "nothing in flight"
LATE = "an anime season of 13 waits for its match"
PACK = "and a season pack of 6 is in flight"
UNSEEN = "and Shoko has not seen another season of 13, and works on other files"

SEERR = {"request/count": 4, "request": 2}
ARR_AT_REST = {"history/since": 4, "queue/details": 4, "command": 4, "health": 1}
CLIENT_AT_REST = {"sync/maindata": 4}
SHOKO = {"Init/Status": 4, "Init/Connectivity": 4, "Queue": 4}
JELLYFIN = {"Items": 4, "Library/VirtualFolders": 1, "ScheduledTasks": 1}

PER_MINUTE: Mapping[str, Mapping[Kind, Mapping[str, int]]] = {
    IDLE: {
        Kind.SEERR: SEERR,
        Kind.SONARR: ARR_AT_REST,
        Kind.RADARR: ARR_AT_REST,
        Kind.QBITTORRENT: CLIENT_AT_REST,
        Kind.SHOKO: SHOKO,
        Kind.JELLYFIN: JELLYFIN,
    },
    LATE: {
        Kind.SEERR: SEERR,
        Kind.SONARR: {**ARR_AT_REST, "series/23": 1},
        Kind.RADARR: ARR_AT_REST,
        Kind.QBITTORRENT: CLIENT_AT_REST,
        Kind.SHOKO: {**SHOKO, "ImportFolder/1/File": 1},
        Kind.JELLYFIN: JELLYFIN,
    },
    PACK: {
        Kind.SEERR: SEERR,
        Kind.SONARR: {**ARR_AT_REST, "history/since": 20, "series/23": 1, "series/40": 1},
        Kind.RADARR: ARR_AT_REST,
        Kind.QBITTORRENT: {"sync/maindata": 20, "torrents/files": 20},
        Kind.SHOKO: {**SHOKO, "ImportFolder/1/File": 1},
        Kind.JELLYFIN: JELLYFIN,
    },
    UNSEEN: {
        Kind.SEERR: SEERR,
        Kind.SONARR: {**ARR_AT_REST, "history/since": 20, "series/23": 1, "series/24": 1, "series/40": 1},
        Kind.RADARR: ARR_AT_REST,
        Kind.QBITTORRENT: {"sync/maindata": 20, "torrents/files": 20},
        Kind.SHOKO: {
            "Init/Status": 20,
            "Init/Connectivity": 20,
            "Queue": 20,
            "Queue/Types": 20,
            "File/PathEndsWith": 13,
            "Queue/Items": 1,
        },
        Kind.JELLYFIN: JELLYFIN,
    },
}
"""What is in flight -> service -> call -> how often in a minute."""

STATES = {
    IDLE: {"Tidewater": State.AVAILABLE},
    LATE: {"Tidewater": State.AVAILABLE, "Lycoris Recoil": State.MATCH_FAILED},
    PACK: {
        "Tidewater": State.AVAILABLE,
        "Lycoris Recoil": State.MATCH_FAILED,
        "Station Nine": State.DOWNLOADING,
    },
    UNSEEN: {
        "Tidewater": State.AVAILABLE,
        "Lycoris Recoil": State.MATCH_FAILED,
        "Station Nine": State.DOWNLOADING,
        "My Teen Romantic Comedy SNAFU": State.ANIME_MATCHING,
    },
}


HAPPENS: Mapping[str, Callable[[Household], None]] = {
    IDLE: finished_series,
    LATE: late_anime_season,
    PACK: season_pack_in_flight,
    UNSEEN: unseen_anime_season,
}
"""In the order of the story: each one adds to those before it."""


async def _measured(size: Size, time: SteppedTime) -> dict[str, Minute]:
    household = household_of(size)
    found: dict[str, Minute] = {}
    with SimHost() as host:
        for service in household.services.values():
            host.add(service)
        for name, happens in HAPPENS.items():
            happens(household)
            ticking = Ticking(household, time)
            try:
                found[name] = await ticking.minute()
            finally:
                await ticking.watch.close()
    return found


@pytest.fixture(scope="module")
def minutes() -> dict[Size, dict[str, Minute]]:
    with stepped_time() as time:
        return {size: asyncio.run(_measured(size, time)) for size in (SMALL, LARGE)}


@pytest.mark.parametrize("size", [pytest.param(SMALL, id="small library"), pytest.param(LARGE, id="large library")])
@pytest.mark.parametrize("name", PER_MINUTE)
def test_a_minute_of_ticks_makes_the_declared_calls(
    name: str, size: Size, minutes: dict[Size, dict[str, Minute]]
) -> None:
    minute = minutes[size][name]
    assert minute.all_ok
    assert minute.states == STATES[name]
    assert {kind: dict(calls) for kind, calls in minute.calls.items()} == PER_MINUTE[name]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("name", PER_MINUTE)
def test_the_bytes_do_not_grow_with_the_library(name: str, kind: Kind, minutes: dict[Size, dict[str, Minute]]) -> None:
    small, large = (minutes[size][name].bytes_out[kind] for size in (SMALL, LARGE))
    assert large == pytest.approx(small, rel=0.02, abs=64), "totals of more digits are all that may differ"


def test_an_idle_minute_of_the_client_and_radarr_costs_next_to_nothing(
    minutes: dict[Size, dict[str, Minute]],
) -> None:
    told = minutes[LARGE][IDLE].bytes_out
    assert told[Kind.QBITTORRENT] <= 4 * 64
    assert told[Kind.RADARR] <= 13 * 64

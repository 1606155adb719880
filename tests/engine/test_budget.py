"""The call budget over real HTTP: which calls a minute of ticks makes, and that a hundredfold library adds none.

A minute, because the heavier calls ride on multiples of the tick. Time is simulated, nothing sleeps. The first poll
and what is asked for every half hour (whole lists) are left out: those do grow with the library.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from tests.benchmarks.households import (
    LARGE,
    SMALL,
    Size,
    finished_series,
    household_of,
    late_anime_season,
    pass_time,
    season_pack_in_flight,
    settings_for,
)
from tracker_tui.engine import poller as poller_module
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost
from tracker_tui.store.store import Store

STEP_S = 3.0
"""The shortest tick."""
STEPS = 20
"""A minute of them."""
SETTLING_STEPS = 20
"""The first poll, what it raised, and what the servers themselves still do about new titles."""

IDLE = "nothing in flight"
LATE = "an anime season of 13 waits for its match"
PACK = "and a season pack of 6 is in flight"

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
}


class Minute(NamedTuple):
    """What a minute of ticks cost, by service, and what was seen at its end."""

    calls: dict[Kind, Counter[str]]
    bytes_out: dict[Kind, int]
    states: dict[str, State]
    all_ok: bool


class SteppedTime:
    """Stands for the `time` module of the pollers."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


class Ticking:
    """A watch whose pollers are polled by hand, each when it would by itself."""

    def __init__(self, household: Household, time: SteppedTime) -> None:
        self.household = household
        self.time = time
        self.watch = Watch(settings_for(household), Store.in_memory(), clock=CorrectedClock(household.clock.now))
        self._due_s = dict.fromkeys(self.watch.pollers, time.now_s)

    async def step(self) -> None:
        due = [one for one in self.watch.pollers if self.time.now_s >= self._due_s[one] or one.has_wishes()]
        await asyncio.gather(*(one.poll() for one in due))
        await asyncio.gather(*(task for one in due for task in one.inventories))
        self.watch.advance()
        self._due_s |= {one: self.time.now_s + one._wait_s() for one in due}
        self.time.now_s += STEP_S
        pass_time(self.household, STEP_S)

    async def minute(self) -> Minute:
        """Let the first answers and what follows from them pass, then count for a minute."""
        for _ in range(SETTLING_STEPS):
            await self.step()
        for service in self.household.services.values():
            service.calls.clear()
        for _ in range(STEPS):
            await self.step()
        world = self.watch.world
        services = self.household.services
        return Minute(
            calls={kind: Counter(_name(call.path) for call in one.calls) for kind, one in services.items()},
            bytes_out={kind: sum(call.bytes_out for call in one.calls) for kind, one in services.items()},
            states={row.title: row.state for row in world.requests},
            all_ok=all(row.status is ServiceStatus.OK for row in world.services),
        )


def _name(path: str) -> str:
    """Return a call's path without the prefix of its API."""
    for prefix in ("/api/v1/", "/api/v2/", "/api/v3/", "/"):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


HAPPENS: Mapping[str, Callable[[Household], None]] = {
    IDLE: finished_series,
    LATE: late_anime_season,
    PACK: season_pack_in_flight,
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
    with pytest.MonkeyPatch.context() as patch:
        time = SteppedTime()
        patch.setattr(poller_module, "time", time)
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

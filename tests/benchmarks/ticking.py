"""A watch whose pollers are polled by hand, in simulated time, over real HTTP: a minute of ticks in no time."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from tests.benchmarks.households import pass_time, settings_for
from tracker_tui.engine import agenda as agenda_module
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.simulate.household.household import Household
from tracker_tui.store.store import Store

STEP_S = 3.0
"""The shortest tick."""
STEPS = 20
"""A minute of them."""
SETTLING_STEPS = 20
"""The first poll, what it raised, and what the servers themselves still do about new titles."""


class Minute(NamedTuple):
    """What a minute of ticks cost, by service, and what was seen at its end."""

    calls: dict[Kind, Counter[str]]
    bytes_out: dict[Kind, int]
    states: dict[str, State]
    all_ok: bool
    cpu_ms: list[float]
    """CPU of the thread that polls and makes worlds, step by step; the simulated services run on others."""


class SteppedTime:
    """Stands for the `time` module of the pollers' agendas."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


class Ticking:
    """A watch whose pollers are polled by hand, each when it would by itself."""

    def __init__(self, household: Household, stepped: "SteppedTime") -> None:
        self.household = household
        self.time = stepped
        self.watch = Watch(settings_for(household), Store.in_memory(), clock=CorrectedClock(household.clock.now))
        self._due_s = dict.fromkeys(self.watch.pollers, stepped.now_s)

    async def step(self) -> float:
        """Let a tick pass; return the CPU it took, ms."""
        start = time.thread_time()
        due = [one for one in self.watch.pollers if self.time.now_s >= self._due_s[one] or one.has_wishes()]
        await asyncio.gather(*(one.poll() for one in due))
        await asyncio.gather(*(task for one in due for task in one.inventories))
        self.watch.advance()
        self._due_s |= {one: self.time.now_s + one._wait_s() for one in due}
        spent = time.thread_time() - start
        self.time.now_s += STEP_S
        pass_time(self.household, STEP_S)
        return spent * 1000

    async def minute(self) -> Minute:
        """Let the first answers and what follows from them pass, then count for a minute."""
        for _ in range(SETTLING_STEPS):
            await self.step()
        for service in self.household.services.values():
            service.calls.clear()
        cpu_ms = [await self.step() for _ in range(STEPS)]
        world = self.watch.world
        services = self.household.services
        return Minute(
            calls={kind: Counter(_name(call.path) for call in one.calls) for kind, one in services.items()},
            bytes_out={kind: sum(call.bytes_out for call in one.calls) for kind, one in services.items()},
            states={row.title: row.state for row in world.requests},
            all_ok=all(row.status is ServiceStatus.OK for row in world.services),
            cpu_ms=cpu_ms,
        )


def _name(path: str) -> str:
    """Return a call's path without the prefix of its API."""
    for prefix in ("/api/v1/", "/api/v2/", "/api/v3/", "/"):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


@contextmanager
def stepped_time() -> Iterator[SteppedTime]:
    """Let the pollers' timers follow the simulated steps meanwhile."""
    stepped = SteppedTime()
    with patch.object(agenda_module, "time", stepped):
        yield stepped

"""Whom a tick's cost follows: three sizes of library, each with 0, 50 and 1,000 episodes in flight.

Calls, bytes and CPU per step of 3 s, over a minute of simulated time and real HTTP. The last figures are the claim
itself: the largest library against the smallest, with the same in flight.
"""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.households import PACK, Size, household_of, seasons_in_flight
from tests.benchmarks.ticking import STEPS, SteppedTime, Ticking, stepped_time
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost

SIZES = {
    "small": Size(series=20, movies=50, torrents=50),
    "medium": Size(series=200, movies=500, torrents=500),
    "large": Size(series=2_000, movies=5_000, torrents=5_000),
}
IN_FLIGHT = (0, 50, 1_000)


class Cost(NamedTuple):
    """What a step costs: calls, kB of answers, CPU ms."""

    calls: float
    kilobytes: float
    cpu_ms: float


def flight() -> Iterator[Figure]:
    """Yield the curves."""
    found: dict[tuple[str, int], Cost] = {}
    for label, size in SIZES.items():
        household = household_of(size)
        with SimHost() as host, stepped_time() as stepped:
            for service in household.services.values():
                host.add(service)
            for before, count in pairwise((0, *IN_FLIGHT)):
                seasons_in_flight(household, range(before // PACK, count // PACK))
                cost = found[label, count] = asyncio.run(_minute(household, stepped))
                where = f"{label} library, {count:,} in flight"
                yield Figure("flight", f"{where}: calls per step", cost.calls, "")
                yield Figure("flight", f"{where}: answers per step", cost.kilobytes, "kB")
                yield Figure("flight", f"{where}: CPU of a step", cost.cpu_ms, "ms")
    for count in IN_FLIGHT:
        small, large = found["small", count], found["large", count]
        for name, one, other in zip(Cost._fields, small, large, strict=True):
            yield Figure("flight", f"{count:,} in flight: {name}, large library against small", other / one, "times")


async def _minute(household: Household, stepped: SteppedTime) -> Cost:
    ticking = Ticking(household, stepped)
    try:
        minute = await ticking.minute()
    finally:
        await ticking.watch.close()
    if not minute.all_ok:
        raise RuntimeError("a simulated service gave no answer")
    calls = sum(calls.total() for calls in minute.calls.values())
    return Cost(calls / STEPS, sum(minute.bytes_out.values()) / STEPS / 1000, median(minute.cpu_ms))

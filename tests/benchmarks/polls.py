"""What a service is asked and what it costs us: the first poll and a tick, against a large library, one at a time."""

import asyncio
import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.households import (
    LARGE,
    finished_series,
    household_of,
    late_anime_season,
    season_pack_in_flight,
)
from tests.benchmarks.served import Served, served
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.engine.watch import Watch
from tracker_tui.plan.topics import RHYTHMS
from tracker_tui.store.store import Store

TICKS = 7


def polls() -> Iterator[Figure]:
    """Yield calls and milliseconds of each service, without latency; the servers run in processes of their own."""
    household = household_of(LARGE)
    for happens in (finished_series, late_anime_season, season_pack_in_flight):
        happens(household)
    with served(household) as services:
        asyncio.run(_polled(services, household.clock.now))  # renders the answers
        yield from asyncio.run(_polled(services, household.clock.now))


async def _polled(services: Served, now: object) -> list[Figure]:
    assert callable(now)
    watch = Watch(services.settings, Store.in_memory(), clock=CorrectedClock(now))
    found: list[Figure] = []
    try:
        services.exchanges()
        for poller in watch.pollers:
            label = str(poller.ref.kind)
            first = await _timed(poller)
            asked = services.exchanges()
            found.append(Figure("polls", f"{label}: first poll", first, "ms"))
            found.append(Figure("polls", f"{label}: calls of the first poll", len(asked), ""))
            found.append(Figure("polls", f"{label}: bytes", sum(one.size for one in asked) / 1e6, "MB"))
            watch.advance()
        for poller in watch.pollers:
            for _ in range(3):
                await _timed(poller)
                watch.advance()
        services.exchanges()
        for poller in watch.pollers:
            label = str(poller.ref.kind)
            ticks = [await _timed(poller) for _ in range(TICKS)]
            asked = services.exchanges()
            telling = next(topic for topic, rhythm in RHYTHMS[poller.ref.kind].items() if rhythm.telling)
            found.append(Figure("polls", f"{label}: tick ({telling})", median(ticks), "ms"))
            found.append(Figure("polls", f"{label}: calls of a tick", len(asked) / TICKS, ""))
    finally:
        await watch.close()
    return found


async def _timed(poller: Poller) -> float:
    start = time.perf_counter()
    await poller.poll()
    await asyncio.gather(*poller.inventories)
    return (time.perf_counter() - start) * 1000

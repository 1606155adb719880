"""From a change in a service to the row that tells of it: real pace, real HTTP, one season on its way after the other.

Longest wait that the rhythm allows stands beside it: a change comes, on the average, half an interval before the poll.
"""

import asyncio
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.households import SMALL, flight_show, household_of, settings_for
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.engine.worlds import Update
from tracker_tui.model.states import State
from tracker_tui.model.world import RequestRow
from tracker_tui.plan.cadence import Cadence
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost
from tracker_tui.store.store import Store

SEASONS = 4
PATIENCE_S = 60.0
_TICK_S = 0.1
_AT_REST = {"Seerr: a request", "Seerr: its approval", "Sonarr: a grab"}
"""What comes while nothing moves there: the idle rhythm."""

Row = Callable[[RequestRow], bool]
"""Whether a row tells of the change."""


def latency() -> Iterator[Figure]:
    """Yield the median and the longest of each kind of change, s."""
    household = household_of(SMALL)
    with SimHost() as host:
        for service in household.services.values():
            host.add(service)
        found = asyncio.run(_Latency(household).measure())
    pace = Cadence()
    for what, waits in found.items():
        interval_s = pace.idle_s if what in _AT_REST else pace.active_s
        for how, value in (("median", median(waits)), ("longest", max(waits))):
            yield Figure("latency", f"{what}: until its row tells it, {how}", value, "s", floor=interval_s)


class _Latency:
    """A watch at its own pace, and a household whose time runs beside it."""

    def __init__(self, household: Household) -> None:
        self._household = household
        self._news = asyncio.Event()
        self._rows: dict[str, RequestRow] = {}
        household.clock.set_speed(1.0)

    async def measure(self) -> dict[str, list[float]]:
        """Return the waits, s, by what changed."""
        clock = CorrectedClock(self._household.clock.now)
        watch = Watch(settings_for(self._household), Store.in_memory(), clock=clock, publish=self._published)
        tasks = [asyncio.create_task(watch.run()), asyncio.create_task(self._live())]
        found: dict[str, list[float]] = {}
        try:
            for number in range(SEASONS):
                for what, change, told in self._way(number):
                    found.setdefault(what, []).append(await self._waited(f"Flight {number}", change, told))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await watch.close()
        return found

    def _way(self, number: int) -> Iterator[tuple[str, Callable[[], object], Row]]:
        """Yield what happens to a season, how it is done, and what its row then says."""
        home = self._household
        show, release = flight_show(number)

        def grabbed() -> None:
            home.grab(show, release, show.numbers())
            home.sonarr.client_refresh()

        def handed_over() -> None:
            home.approve(show)
            home.arr_adds(show)

        yield "Seerr: a request", lambda: home.request(show, by="mia"), lambda _: True
        yield "Seerr: its approval", handed_over, _is(State.APPROVED)
        yield "Sonarr: a grab", grabbed, _is(State.GRABBING, State.DOWNLOADING)
        yield "qBittorrent: progress", lambda: home.flow(release, 0.5, 0), _half_way
        yield "Sonarr: its import", lambda: home.imports_now(release), _is(State.IMPORTING)
        yield "Jellyfin: an item", home.jellyfin.finish_scan, _is(State.AVAILABLE)

    async def _waited(self, title: str, change: Callable[[], object], told: Row) -> float:
        start = time.perf_counter()
        change()
        async with asyncio.timeout(PATIENCE_S):
            while (row := self._rows.get(title)) is None or not told(row):
                self._news.clear()
                await self._news.wait()
        return time.perf_counter() - start

    async def _live(self) -> None:
        while True:
            self._household.tick()
            await asyncio.sleep(_TICK_S)

    def _published(self, update: Update) -> None:
        self._rows = {str(row.title): row for row in update.world.requests}
        self._news.set()


def _is(*states: State) -> Row:
    return lambda row: row.state in states


def _half_way(row: RequestRow) -> bool:
    return any((one.progress or 0.0) >= 0.4 for season in row.seasons for one in season.episodes)

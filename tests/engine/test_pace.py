"""Who rests at the idle rhythm is woken when something begins to move there (SPEC 6: within one tick)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from tests.endtoend.stage import Stage
from tracker_tui.config.settings import PollSettings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.engine.watch import Watch
from tracker_tui.engine.worlds import Update
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.simulate.story.titles import HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE
from tracker_tui.store.store import Store

ACTIVE_S = 0.2
PATIENCE_S = 20.0
POLL = PollSettings(active_seconds=ACTIVE_S, idle_seconds=30 * PATIENCE_S)
"""Who is left at the idle rhythm is not heard of again in a test."""


class Pace:
    """A household with one film that waits for a release, and the program beside it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.household = stage.household
        stage.asked(HARBOR_LIGHTS)
        settings = msgspec.structs.replace(stage.settings, poll=POLL)
        clock = CorrectedClock(stage.clock.now)
        self.watch = Watch(settings, Store.in_memory(), clock=clock, publish=self._published)
        self._news = asyncio.Event()

    def poller(self, kind: Kind) -> Poller:
        return next(one for one in self.watch.pollers if one.ref.kind is kind)

    async def until(self, holds: Callable[[World], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds(self.watch.world):
                self._news.clear()
                await self._news.wait()

    def _published(self, update: Update) -> None:
        self._news.set()


@pytest.fixture
async def pace(tmp_path: Path) -> AsyncIterator[Pace]:
    stage = Stage(tmp_path)
    found = Pace(stage)
    running = asyncio.create_task(found.watch.run())
    yield found
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await found.watch.close()
    stage.close()


def reads(state: State) -> Callable[[World], bool]:
    return lambda world: [row.state for row in world.requests] == [state]


async def test_a_film_is_followed_from_its_grab_to_its_item_though_all_rested(pace: Pace) -> None:
    home = pace.household
    await pace.until(reads(State.APPROVED))
    home.grab(HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE)
    home.radarr.client_refresh()
    pace.poller(Kind.RADARR).wake()  # as its idle rhythm would, some time
    await pace.until(lambda world: world.requests[0].state in {State.GRABBING, State.DOWNLOADING})
    home.flow(HARBOR_LIGHTS_RELEASE, 0.5, 0)
    await pace.until(lambda world: world.requests[0].progress == pytest.approx(0.5, abs=0.01))
    home.imports_now(HARBOR_LIGHTS_RELEASE)
    await pace.until(reads(State.IMPORTING))
    pace.stage.scanned()
    await pace.until(reads(State.AVAILABLE))


async def test_nobody_else_is_woken(pace: Pace) -> None:
    """Seerr keeps to the idle rhythm whatever moves."""
    home = pace.household
    await pace.until(reads(State.APPROVED))
    asked = len(home.seerr.calls)
    home.grab(HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE)
    home.radarr.client_refresh()
    pace.poller(Kind.RADARR).wake()
    home.flow(HARBOR_LIGHTS_RELEASE, 0.5, 0)
    await pace.until(lambda world: world.requests[0].progress == pytest.approx(0.5, abs=0.01))
    assert len(home.seerr.calls) == asked
    assert not pace.poller(Kind.SEERR).quickened

"""On the way in, while one service after the other answers for the first time, nothing is said that is not so."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest

from tests.endtoend.stories.laws import diagnoses_of
from tests.endtoend.stories.program import Program, simulated_rhythms
from tests.endtoend.stories.tale import Tale
from tracker_tui.config.settings import Settings
from tracker_tui.engine.poller import Emit, Poller
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Observation
from tracker_tui.model.states import Attention
from tracker_tui.model.world import World
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START
from tracker_tui.simulate.server import SimHost

EVENTS = 30
"""What has happened in the household before the program is started for the first time."""
Said = tuple[str, str]


def said(world: World) -> set[Said]:
    """Return what wants a person: request or service, and code."""
    told = {
        (row.id, one.code) for row in world.requests for one in diagnoses_of(row) if one.attention >= Attention.WARN
    }
    return told | {(str(one.kind), one.diagnosis.code) for one in world.problems}


class Newcomer:
    """A program without memory that looks at the world after every single answer."""

    def __init__(self, settings: Settings, clock: SimClock) -> None:
        self._program = Program(settings, None, clock)
        self._clock = clock
        self.early: dict[Said, str] = {}
        """What was said before all had answered, and after which answer first."""
        for poller in self._program.watch.pollers:
            poller._emit = self._looking(poller)

    def _looking(self, poller: Poller) -> Emit:
        emit = poller._emit

        def look(observation: Observation) -> None:
            emit(observation)
            self._program.watch.advance()
            answer = f"{observation.ref.kind}: {type(observation.payload).__name__}"
            self.early |= dict.fromkeys(said(self._program.world) - self.early.keys(), answer)

        return look

    async def comes_in(self, order: list[Kind]) -> set[Said]:
        """Ask the services for the first time, in this order, then what their answers raise; return what is said."""
        by_kind = {one.ref.kind: one for one in self._program.watch.pollers}
        try:
            for kind in order:
                await by_kind[kind].poll()
                await asyncio.gather(*by_kind[kind].inventories)
                self._clock.jump(seconds=1)
            for _ in range(3):
                await self._program.settles()
                self._clock.jump(seconds=3)
            return said(self._program.world)
        finally:
            await self._program.close()


@pytest.fixture
def host() -> Iterator[SimHost]:
    found = SimHost()
    yield found
    found.close()


@pytest.mark.parametrize("seed", range(40))
async def test_nothing_is_said_on_the_way_in_that_is_not_so(host: SimHost, seed: int) -> None:
    chance, clock = Random(seed), SimClock(START)
    tale = Tale(clock, seed)
    for service in tale.home.services.values():
        host.add(service)
    with simulated_rhythms(clock):
        for _ in range(EVENTS):
            tale.goes_on()
            tale.passes(chance.choice([0, 3, 30, 120, 600]))
        if chance.random() < 0.5:
            tale.heals()
        newcomer = Newcomer(Settings(instances=tale.home.instances()), clock)
        order = list(Kind)
        chance.shuffle(order)
        at_last = await newcomer.comes_in(order)
    false = {one: after for one, after in newcomer.early.items() if one not in at_last}
    assert not false, [*tale.told, f"asked in this order: {', '.join(order)}"]

"""The running program in simulated time: one watch, its instances polled by hand in whatever order answers come."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracker_tui.config.settings import Settings
from tracker_tui.engine import agenda, ailments, poller
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.world import World
from tracker_tui.simulate.clock import SimClock
from tracker_tui.store.store import Store

ROUNDS = 8
"""So many rounds of questions, one raising the next, at most."""


@contextmanager
def simulated_rhythms(clock: SimClock) -> Iterator[None]:
    """Let pauses between questions pass with the household's clock."""
    shown = SimpleNamespace(monotonic=lambda: clock.now().timestamp())
    with pytest.MonkeyPatch.context() as patch:
        for module in (agenda, ailments, poller):
            patch.setattr(module, "time", shown)
        yield


class Program:
    """A watch, and the store that outlives it. `local` = how far the machine's clock is off."""

    def __init__(self, settings: Settings, path: Path | None, clock: SimClock) -> None:
        self._settings, self._path, self._clock = settings, path, clock
        self.local = timedelta()
        self.watch = self._started()

    @property
    def world(self) -> World:
        """Return the newest world."""
        return self.watch.world

    def _started(self) -> Watch:
        store = Store.open(self._path) if self._path is not None else Store.in_memory()
        watch = Watch(self._settings, store, clock=CorrectedClock(lambda: self._clock.now() + self.local))
        watch.advance()
        return watch

    async def restarts(self) -> None:
        """End it, and start it again on the same store."""
        await self.watch.close()
        self.watch = self._started()

    async def close(self) -> None:
        await self.watch.close()

    async def asks(self, order: Sequence[Kind]) -> None:
        """Poll instances one after the other, and bring the world up to date after each."""
        by_kind = {one.ref.kind: one for one in self.watch.pollers}
        for kind in order:
            await by_kind[kind].poll()
            await asyncio.gather(*by_kind[kind].inventories)
            self.watch.advance()

    async def settles(self) -> None:
        """Poll everybody until no answer raises a question."""
        for _ in range(ROUNDS):
            asking = [one for one in self.watch.pollers if one.failing is None and one.has_questions()]
            if not asking:
                break
            await asyncio.gather(*(one.poll() for one in asking))
            await asyncio.gather(*(task for one in asking for task in one.inventories))
            self.watch.advance()

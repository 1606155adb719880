"""CPU of a tick: 50 torrents have moved, at 5,000 and at 100,000 tracked episodes; and of the first look at them."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import msgspec

from tests.benchmarks.figures import Figure, median
from tests.reconcile.given import NOON, QBIT, House, at, episodes, request, torrent
from tracker_tui.diagnose.diagnoser import Diagnoser
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Observation, Payload, TorrentsRead
from tracker_tui.model.torrents import Torrent, TransferState
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.reconcile.memory import Memory, RequestMemory
from tracker_tui.reconcile.reconciler import Advance, Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup

EPISODES = 24
"""Per request."""
CHANGES = 50
"""Torrents that move in a tick, each of another request."""
TICKS = 9


class Tracked:
    """A reconciler that knows many open requests, `CHANGES` of them on their way."""

    def __init__(self, total: int) -> None:
        self.house = _house(total // EPISODES)
        setup = Setup(instances=tuple(ConfiguredInstance(ref=ref) for ref in self.house.refs))
        self.now = NOON
        self.memories: dict[RequestId, RequestMemory] = {}
        self._reconciler = Reconciler(setup, Memory())
        self._diagnoser = Diagnoser()
        self._rows: dict[RequestId, RequestRow] = {}
        self._answers = list(self.house.answers())

    def first(self) -> None:
        """Absorb everything and compute the first world."""
        for ref, payload in self._answers:
            self._absorb(ref, payload)
        self._advance()

    def tick(self, number: int) -> None:
        """Take the progress of the torrents under way and bring the world up to date."""
        self.now += timedelta(seconds=3)
        moved = tuple(
            msgspec.structs.replace(one, progress=0.01 * number + 0.2) for one in self.house.torrents.values()
        )
        transfer: TransferState = self.house.transfer
        self._absorb(QBIT, TorrentsRead(full=False, changed=moved, removed=(), transfer=transfer))
        self._advance()

    def interest(self) -> None:
        """Add up what is worth asking, as before every poll."""
        self._reconciler.interest()

    def _absorb(self, ref: InstanceRef, payload: Payload) -> None:
        self._reconciler.absorb(Observation(ref=ref, at=self.now, payload=payload))

    def _advance(self) -> None:
        step: Advance = self._reconciler.advance(self.now)
        judged = self._diagnoser.judge(step)
        self._rows.update((row.id, row) for row in judged.rows)
        self.memories |= step.memories
        assemble(self._rows.values(), judged.problems, step.unassigned, step.services, step.now)


def ticks() -> Iterator[Figure]:
    """Yield CPU of the first world and of a tick, at 5,000 episodes."""
    yield from _ticks(5_000, 25.0, 40.0)


def ticks_large() -> Iterator[Figure]:
    """Yield the same at 100,000."""
    yield from _ticks(100_000, 30.0, 60.0)


def _ticks(total: int, target: float, limit: float) -> Iterator[Figure]:
    tracked = Tracked(total)
    first = _cpu_ms(tracked.first)
    spent = [_cpu_ms(partial(tracked.tick, number)) for number in range(TICKS)]
    wants = [_cpu_ms(tracked.interest) for _ in range(TICKS)]
    label = f"{total:,} episodes"
    yield Figure("ticks", f"{label}: first world, CPU", first, "ms")
    yield Figure("ticks", f"{label}: {CHANGES} torrents moved, CPU of a tick", median(spent), "ms", target, limit)
    yield Figure("ticks", f"{label}: what to ask next, CPU", median(wants), "ms")


def _cpu_ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _house(count: int) -> House:
    house = House()
    moving: list[Torrent] = []
    for number in range(1, count + 1):
        parts = episodes(number, 1, range(1, EPISODES + 1), first_id=number * 100)
        house.sonarr.add_series(number, f"Series {number}", parts, tvdb_id=500_000 + number, tmdb_id=700_000 + number)
        house.requests.append(
            request(number, tmdb_id=700_000 + number, tvdb_id=500_000 + number, seasons=(1,), external_id=number)
        )
        if number <= CHANGES:
            key = f"{number:040x}"
            moving.append(torrent(key, progress=0.1))
            house.sonarr.grab(number, [number * 100], key, at("10:00"))
            house.sonarr.enqueue(key, series_id=number, episode_id=number * 100)
    house.download(*moving)
    return house

"""The store at 5,000 and 100,000 tracked episodes: bytes, and the milliseconds of a change, a flush and a load."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.ticks import Tracked
from tracker_tui.engine.remember import load, save
from tracker_tui.store.store import Store

TIMES = 7


def stored() -> Iterator[Figure]:
    """Yield the store's figures at 5,000 episodes."""
    yield from _stored(5_000, (2.0, 5.0), (3.0, 10.0))


def stored_large() -> Iterator[Figure]:
    """Yield them at 100,000."""
    yield from _stored(100_000, (30.0, 60.0), (70.0, 150.0))


def _stored(total: int, flush: tuple[float, float], read: tuple[float, float]) -> Iterator[Figure]:
    tracked = Tracked(total)
    tracked.first()
    memories = dict(tracked.memories)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.json"
        store = Store.open(path)
        save(store, tracked.now, memories, None)
        size = store.flush()
        few = dict(list(memories.items())[:20])
        changes, flushes = [], []
        for number in range(TIMES):
            now = tracked.now + timedelta(seconds=number + 1)
            moved = {known: replace(memory, closed_at=now) for known, memory in few.items()}
            changes.append(_ms(partial(save, store, now, moved, None)))
            flushes.append(_ms(store.flush))
        unchanged = store.flush()
        store.close()
        opened = [_ms(partial(_open, path)) for _ in range(TIMES)]
        reopened = Store.open(path, write=False)
        decoded = [_ms(partial(load, reopened)) for _ in range(TIMES)]
    label = f"{total:,} episodes"
    yield Figure("store", f"{label}: document", size / 1e6, "MB")
    yield Figure("store", f"{label}: 20 requests put", median(changes), "ms")
    yield Figure("store", f"{label}: flush", median(flushes), "ms", *flush)
    yield Figure("store", f"{label}: flush when nothing changed", unchanged, "bytes", 0.0, 0.0)
    yield Figure("store", f"{label}: load of the file", median(opened), "ms", *read)
    yield Figure("store", f"{label}: load of the file and its memory", median(decoded) + median(opened), "ms")


def _open(path: Path) -> None:
    Store.open(path, write=False).close()


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000

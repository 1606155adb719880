"""How long the interface keeps a key waiting at most, with 4,167 requests of 100,000 episodes on a pseudo-terminal.

A stall is one call on the loop that does not end: nothing is drawn and no key is taken meanwhile. It is weighed in CPU,
so that a busy machine does not count; `late` beside it is what was seen on the clock.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.tui.scripted import Stage

REQUESTS, CHANGED = 4_167, 42
"""Each of 24 episodes; one in a hundred changes."""
TICKS = 5
STALL, FOLDING = (50.0, 100.0), (25.0, 50.0)
"""Budgets, ms: target and limit."""
DOWN, RIGHT, LEFT, PAGE_DOWN, END, HOME, ESCAPE = "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[6~", "G", "g", "\x1b"

KEYS: Sequence[tuple[str, Sequence[str], tuple[float, float]]] = (
    ("a page down", (PAGE_DOWN,) * 3, STALL),
    ("to the end", (END,), STALL),
    ("to the beginning", (HOME,), STALL),
    ("unfold a request", (DOWN, RIGHT), FOLDING),
    ("fold it", (LEFT,), FOLDING),
    ("fold a group of all", (LEFT, LEFT), STALL),
    ("unfold it", (RIGHT,), STALL),
    ("filter, key by key", ("/", *"series 12"), STALL),
    ("filter dropped", (ESCAPE,), STALL),
    ("order: oldest, by title, newest", ("s", "s", "s"), STALL),
    ("to the next that wants a person", ("n",), STALL),
    ("states, as a list", ("f", ESCAPE), STALL),
    ("history", ("H", ESCAPE), STALL),
    ("help", ("?", ESCAPE), STALL),
)


def screen() -> Iterator[Figure]:
    """Yield the longest stall of the start, of ticks and of keys."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _stage(folder, f"shelf:{REQUESTS}:{CHANGED}") as stage:
            yield from _longest(stage, "opening", STALL)
            for _ in range(TICKS):
                stage.tick()
            yield from _longest(stage, f"a tick, {CHANGED} requests changed", STALL)
            for what, keys, budget in KEYS:
                for one in keys:
                    stage.press(one)
                yield from _longest(stage, what, budget)
            stage.press("/s\r")
            for _ in range(TICKS):
                stage.tick()
            yield from _longest(stage, "a tick, while a filter holds", STALL)
        with _stage(folder, f"crowd:{REQUESTS}:{CHANGED}") as stage:
            stage.longest_busy_ms(), stage.longest_late_ms()
            for _ in range(TICKS):
                stage.tick()
            yield from _longest(stage, f"a tick, {CHANGED} requests change groups", STALL)


def _longest(stage: Stage, what: str, budget: tuple[float, float]) -> Iterator[Figure]:
    yield Figure("screen", f"{what}: longest stall, CPU", stage.longest_busy_ms(), "ms", *budget)
    yield Figure("screen", f"{what}: late", stage.longest_late_ms(), "ms")


@contextlib.contextmanager
def _stage(folder: Path, play: str) -> Iterator[Stage]:
    stage = Stage(folder, play, "--heart")
    try:
        yield stage
    finally:
        stage.close()

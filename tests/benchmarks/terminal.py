"""What a terminal receives and what it costs: the interface on a pseudo-terminal of 120x40, told what to show next."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.figures import COMPILED, Figure, median
from tests.benchmarks.households import SMALL, finished_series, household_of, season_pack_in_flight
from tests.benchmarks.served import served
from tests.tui.scripted import Stage
from tests.tui.terminal import Terminal
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.story import titles as its

STEPS = 7
STARTS = 7
IDLE_S = 30.0
FILLING_S = 8.0
TITLE = its.STATION_NINE.name
REQUESTS_OF_5K, REQUESTS_OF_100K = 5_000, 4_167
"""Rows: 5,000 requests, all listed; and as many requests as have 100,000 episodes in all."""
MINIMAL = """
from textual.app import App
from textual.widgets import Static

class Minimal(App):
    BINDINGS = [("q", "quit", "leave")]

    def compose(self):
        yield Static("it stands")

Minimal().run(mouse=False)
"""
"""The floor of start and rest: what Textual itself needs."""
DOWN, RIGHT, LEFT, PAGE_DOWN = "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[6~"

Budget = tuple[float, float]


class _Colours(NamedTuple):
    """A way to colour, with the budgets (target, limit) in bytes that depend on it."""

    name: str
    theme: str
    environment: dict[str, str]
    first: Budget
    bars: Budget
    screen: Budget


COLOURS = (
    _Colours("16 colours", "ansi-dark", {}, (40_000, 60_000), (600, 800), (8_500, 10_000)),
    _Colours("truecolor", "dark", {"COLORTERM": "truecolor"}, (65_000, 80_000), (1_100, 1_500), (13_000, 17_000)),
)


def terminal() -> Iterator[Figure]:
    """Yield bytes and CPU of the start, of rest, of moving rows and of keys, at several sizes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _program(folder)
        for colours in COLOURS:
            yield from _bytes(folder, colours)
        yield from _scale(folder, "5,000 rows, 50 change", REQUESTS_OF_5K, 50)
        yield from _scale(folder, "100,000 episodes, 42 requests change", REQUESTS_OF_100K, 42)


def _program(folder: Path) -> Iterator[Figure]:
    """Yield the start of the real program with something under way, and its rest when nothing is.

    Starts alternate with those of a minimal application, so that both meet the same machine.
    """
    floors, frames, rows, spent, first = [], [], [], [], 0
    with _filled(folder, season_pack_in_flight) as command:
        for _ in range(STARTS):
            start = time.perf_counter()
            with _running(("-c", MINIMAL)) as shown:
                shown.until("it stands")
                floors.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            with _running(command) as shown:
                shown.until("filter")
                frames.append((time.perf_counter() - start) * 1000)
                shown.until(TITLE)
                rows.append((time.perf_counter() - start) * 1000)
                spent.append(shown.cpu_s() * 1000)
                first = max(first, shown.until_quiet())
    floor = median(floors)
    yield _figure("program: first frame", median(frames), "ms", (260, 350), floor)
    yield _figure("program: rows from the store", median(rows), "ms", None, floor)
    yield _figure("program: rows from the store, CPU", median(spent), "ms", None)
    yield _figure("program: bytes until they stand (16 colours)", first, "B", (40_000, 60_000))
    floor, _ = _at_rest(("-c", MINIMAL))
    with _filled(folder, finished_series) as command:
        share, sent = _at_rest(command)
    yield _figure("program: at rest, CPU", share, "%", (0.27, 0.45), floor)
    yield _figure(f"program: at rest for {IDLE_S:g} s, bytes", sent, "B", (0, 0))


def _at_rest(command: tuple[str, ...]) -> tuple[float, int]:
    """Return the share of a core in percent, and the bytes written, once it has settled."""
    with _running(command) as shown:
        _read_for(shown, IDLE_S)
        before, cpu = len(shown.out), shown.cpu_s()
        _read_for(shown, IDLE_S)
        return (shown.cpu_s() - cpu) / IDLE_S * 100, len(shown.out) - before


@contextlib.contextmanager
def _filled(folder: Path, happens: Callable[[Household], None]) -> Iterator[tuple[str, ...]]:
    """Serve a household in which something happened; yield the command, its store filled."""
    household = household_of(SMALL)
    happens(household)
    with served(household) as services:
        services.write_config(folder / "config.toml")
        store = folder / f"{happens.__name__}.json"
        command = ("-m", "tracker_tui", "--config", f"{folder}/config.toml", "--store", str(store))
        with _running(command) as shown:
            _read_for(shown, FILLING_S)
        yield command


def _read_for(shown: Terminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        shown.read(0.2)


def _bytes(folder: Path, colours: _Colours) -> Iterator[Figure]:
    for label, moving, budget in (
        ("nothing changed", 0, (0.0, 0.0)),
        ("one row", 1, None),
        ("five bars, speeds and ETAs", 5, colours.bars),
        ("ten rows", 10, None),
        ("every row", 30, None),
    ):
        with _stage(folder, f"shelf:30:{moving}", "--theme", colours.theme, **colours.environment) as stage:
            if not moving:
                yield _figure(f"{colours.name}: first screen", stage.first, "B", colours.first)
            found = [stage.tick() for _ in range(STEPS)]
            yield _figure(f"{colours.name}: {label}", median([one.bytes for one in found]), "B", budget)
            if moving not in {0, 30}:
                continue
            if moving:
                stage.press("d")  # the whole screen is rows
                found = [stage.tick() for _ in range(STEPS)]
                cost = median([one.bytes for one in found])
                yield _figure(f"{colours.name}: every row, no details", cost, "B", colours.screen)
                continue
            for keys, what in ((DOWN, "cursor down"), (RIGHT, "unfold"), (LEFT, "fold"), (PAGE_DOWN, "page down")):
                yield _figure(f"{colours.name}: {what}", stage.press(keys).bytes, "B", None)


def _scale(folder: Path, label: str, requests: int, moving: int) -> Iterator[Figure]:
    keys: tuple[tuple[str, str, Budget | None], ...] = (
        ("cursor down", DOWN, None),
        ("unfold", RIGHT, (25, 50)),
        ("fold", LEFT, (25, 50)),
        ("to the end", "G", None),
        ("to the next that wants a person", "n", None),
        ("filter, first letter", "/s", None),
        ("filter, more letters", "eries 12", None),
        ("filter dropped", "\x1b", None),
    )
    with _stage(folder, f"shelf:{requests}:{moving}") as stage:
        ticks = [stage.tick() for _ in range(STEPS)]
        yield _figure(f"{label}: CPU of showing it", median([one.cpu_ms for one in ticks]), "ms", (25, 40))
        yield _figure(f"{label}: bytes", median([one.bytes for one in ticks]), "B", None)
        for what, typed, budget in keys:
            yield _figure(f"{label}: {what}, CPU", stage.press(typed).cpu_ms, "ms", budget)
    with _stage(folder, f"shelf:{requests}:{moving}", "--heart") as stage:
        stage.longest_late_ms()
        for _ in range(STEPS):
            stage.tick()
        yield _figure(f"{label}: longest stall", stage.longest_late_ms(), "ms", (50, 100))
        for _, typed, _budget in keys:
            stage.press(typed)
        yield _figure(f"{label}: longest stall by a key", stage.longest_late_ms(), "ms", (50, 100))


@contextlib.contextmanager
def _stage(folder: Path, play: str, *options: str, **environment: str) -> Iterator[Stage]:
    stage = Stage(folder, play, *options, **environment)
    try:
        yield stage
    finally:
        stage.close()


@contextlib.contextmanager
def _running(command: tuple[str, ...]) -> Iterator[Terminal]:
    shown = Terminal(*command, width=120, height=40, **COMPILED)
    try:
        yield shown
        shown.send("q")
        shown.end()
    finally:
        shown.close()


def _figure(name: str, value: float, unit: str, budget: Budget | None, floor: float | None = None) -> Figure:
    target, limit = budget or (None, None)
    return Figure("terminal", name, value, unit, target, limit, floor)

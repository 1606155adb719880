"""A program to be run on a pseudo-terminal: `python -m tests.tui.stage PLAY LOG [--cue FIFO] [--theme NAME] ...`.

LOG gets a line per world that the screen took, and one per call of the feed. With a cue, each world but the first
waits for a byte in FIFO; without, they follow each other at a steady pace. The play `shelf:TOTAL:MOVING` has TOTAL
series of which MOVING make progress in every world.
"""

import argparse
import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from tests.tui.worlds import GB, MB, NOON, WEB_URLS, film, hostile, household, pack, series, services
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import World
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.tui import app as application
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.departure import Departure
from tracker_tui.tui.start import conduct

STYLES = Path(application.__file__).with_name("tracker.tcss")
PACE_S = 0.05
BEAT_S = 0.002


def still() -> Iterator[World]:
    """The same over and over, each time made anew."""
    while True:
        yield household()


def moving() -> Iterator[World]:
    """Five bars move, nothing else."""
    for tick in count():
        rows = [
            film(
                number,
                State.DOWNLOADING if number <= 5 else State.APPROVED,
                progress=0.2 + 0.001 * (tick % 500) if number <= 5 else None,
                speed_bytes_s=9 * MB + tick % 7 * MB // 10 if number <= 5 else None,
                eta_s=3000 - tick if number <= 5 else None,
                size_bytes=GB,
            )
            for number in range(1, 31)
        ]
        yield assemble(rows, (), (), services(), NOON)


def flood() -> Iterator[World]:
    """Every line changes every time."""
    for tick in count():
        rows = [film(number, State.APPROVED, year=1000 + tick) for number in range(1, 61)]
        yield assemble(rows, (), (), services(), NOON)


def shelf(total: int, moving: int) -> Iterator[World]:
    """Many series under way: in each world the bar, speed and ETA of some, evenly spread, have changed."""
    rows = [series(number) for number in range(total)]
    yield assemble(rows, (), (), services(), NOON)
    for tick in count(1):
        for number in range(0, total, total // moving) if moving else ():
            row = rows[number]
            progress = (0.11 + 0.01 * tick + number / total) % 0.98
            rows[number] = replace(row, progress=progress, speed_bytes_s=(9 + tick) * MB, eta_s=3000 - 60 * tick)
        yield assemble(rows, (), (), services(), NOON)


def crowd(total: int, moving: int) -> Iterator[World]:
    """Many series under way, of which some get stuck in one world and go on in the next."""
    rows = [series(number) for number in range(total)]
    yield assemble(rows, (), (), services(), NOON)
    for tick in count(1):
        stuck = Attention.WARN if tick % 2 else Attention.NONE
        for number in range(0, total, total // moving):
            rows[number] = replace(rows[number], attention=stuck)
        yield assemble(rows, (), (), services(), NOON)


def enemy() -> Iterator[World]:
    """Hostile names everywhere."""
    while True:
        yield hostile()


def crash() -> Iterator[World]:
    """Worlds of which the fifth cannot be shown."""
    yield from [household()] * 5
    yield replace(household(), requests=(replace(pack(), phrases=(_Unheard(),)),))


class _Unheard:
    @property
    def code(self) -> str:
        raise RuntimeError("unheard of")


PLAYS: dict[str, Callable[[], Iterator[World]]] = {
    "still": still,
    "moving": moving,
    "flood": flood,
    "enemy": enemy,
    "crash": crash,
}


class PlayFeed:
    """A feed that plays: the next world comes once the last was taken, at a steady pace."""

    def __init__(self, play: Iterator[World], log: Path, cue: Path | None = None) -> None:
        self._play = play
        self._log = log
        self._cue = cue
        self._taken = threading.Event()
        self._next: World | None = None

    def start(self, deliver: Callable[[], object]) -> None:
        threading.Thread(target=self._run, args=(deliver,), daemon=True).start()

    def take(self) -> World | None:
        found, self._next = self._next, None
        self._note("took")
        self._taken.set()
        return found

    def trouble(self) -> str | None:
        return None

    def refresh_now(self) -> None:
        self._note("refresh")

    def flush_now(self) -> None:
        self._note("flush")

    def stop(self) -> None:
        self._note("stop")

    def _run(self, deliver: Callable[[], object]) -> None:
        cue = self._cue.open("rb", buffering=0) if self._cue is not None else None
        for world in self._play:
            self._note("ready")
            if cue is not None and not cue.read(1):
                return
            self._next = world
            self._taken.clear()
            deliver()
            self._taken.wait()
            if cue is None:
                threading.Event().wait(PACE_S)

    def _note(self, word: str) -> None:
        with self._log.open("a") as file:
            file.write(word + "\n")


class StageApp(TrackerApp):
    """The application, which notes `late:MS` whenever its loop was kept from turning for a while.

    It also notes `busy:MS`, the CPU that a single call on the loop took: how late keys are however busy the machine is.
    """

    CSS_PATH = str(STYLES)
    heart: Path | None = None

    def on_mount(self) -> None:
        super().on_mount()
        if self.heart is not None:
            self._beating = asyncio.create_task(self._beat(self.heart))
            self._weigh(self.heart)

    def _weigh(self, heart: Path) -> None:
        usual = asyncio.Handle._run

        def weighed(handle: asyncio.Handle) -> None:
            before = time.thread_time()
            usual(handle)
            spent = time.thread_time() - before
            if spent > BEAT_S and threading.current_thread() is threading.main_thread():
                with heart.open("a") as file:
                    file.write(f"busy:{spent * 1000:.3f}\n")

        asyncio.Handle._run = weighed  # type: ignore[assignment, method-assign]

    async def _beat(self, heart: Path) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late = time.perf_counter() - before - BEAT_S
            if late > BEAT_S:
                with heart.open("a") as file:
                    file.write(f"late:{late * 1000:.3f}\n")


def _play(name: str) -> Iterator[World]:
    title, *numbers = name.split(":")
    many = {"shelf": shelf, "crowd": crowd}
    return many[title](*map(int, numbers)) if title in many else PLAYS[title]()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("play")
    parser.add_argument("log", type=Path)
    parser.add_argument("--cue", type=Path)
    parser.add_argument("--heart", action="store_true")
    parser.add_argument("--theme")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--mouse", action="store_true")
    asked = parser.parse_args()
    worlds = _play(asked.play)
    feed = PlayFeed(worlds, asked.log, asked.cue)
    departure = Departure(feed.flush_now)
    ui = UiSettings(theme=asked.theme, ascii=asked.ascii)
    app = StageApp(feed, next(worlds), lambda: NOON, ui=ui, web_urls=WEB_URLS)
    app.heart = asked.log if asked.heart else None
    return conduct(app, feed, departure, mouse=asked.mouse)


if __name__ == "__main__":
    sys.exit(main())

"""A program to be run on a pseudo-terminal by the tests: `python -m tests.tui.stage PLAY LOG`.

LOG gets a line per world that the screen took, and one per call of the feed.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from tests.tui.worlds import GB, MB, NOON, WEB_URLS, film, hostile, household, pack, services
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.tui.app import TrackerApp, conduct
from tracker_tui.tui.departure import Departure

PACE_S = 0.05


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

    def __init__(self, play: Iterator[World], log: Path) -> None:
        self._play = play
        self._log = log
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
        for world in self._play:
            self._next = world
            self._taken.clear()
            deliver()
            self._taken.wait()
            threading.Event().wait(PACE_S)

    def _note(self, word: str) -> None:
        with self._log.open("a") as file:
            file.write(word + "\n")


def main(play: str, log: str) -> int:
    worlds = PLAYS[play]()
    feed = PlayFeed(worlds, Path(log))
    departure = Departure(feed.flush_now)
    first = replace(next(worlds))
    app = TrackerApp(feed, first, lambda: NOON, ui=UiSettings(), web_urls=WEB_URLS)
    return conduct(app, feed, departure, mouse=False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

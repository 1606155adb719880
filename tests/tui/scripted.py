"""The interface on a terminal, told step by step what to show."""

import os
import time
from pathlib import Path
from typing import NamedTuple

from tests.tui.terminal import PATIENCE_S, Terminal


class Cost(NamedTuple):
    """What a step made the program write and work."""

    bytes: int
    cpu_ms: float


class Stage:
    """A scripted interface on a terminal; every step waits until nothing more comes."""

    def __init__(self, folder: Path, play: str, *options: str, **environment: str) -> None:
        self._log, fifo = folder / "log", folder / "cue"
        self._log.write_text("")
        fifo.unlink(missing_ok=True)
        os.mkfifo(fifo)
        arguments = ("-m", "tests.tui.stage", play, str(self._log), "--cue", str(fifo), *options)
        self.terminal = Terminal(*arguments, **environment)  # type: ignore[arg-type]  # they name no size
        self._cue = fifo.open("wb", buffering=0)  # waits for the stage, hence for the first frame
        self._wait_for("ready", 1)
        self.first = self.terminal.until_idle()
        self.last = self.terminal.out

    def tick(self) -> Cost:
        """Show the next world."""
        goal = self._words("took") + 1
        return self._measured(lambda: self._cue.write(b"."), goal)

    def press(self, keys: str) -> Cost:
        """Type."""
        return self._measured(lambda: self.terminal.send(keys), 0)

    def longest_late_ms(self) -> float:
        """Return by how much the loop was late at most since the last call."""
        return self._most("late:")

    def longest_busy_ms(self) -> float:
        """Return the CPU that a single call on the loop took at most since the last call."""
        return self._most("busy:")

    def _most(self, word: str) -> float:
        noted = self._log.read_text()
        self._log.write_text(noted.replace(word, "was:"))
        return max((float(one[len(word) :]) for one in noted.split() if one.startswith(word)), default=0.0)

    def close(self) -> None:
        """End it."""
        self._cue.close()
        self.terminal.close()

    def _measured(self, act: object, goal: int) -> Cost:
        assert callable(act)
        self._wait_for("ready", self._words("took") + 1)  # the next world is made
        self.terminal.until_idle()
        before, cpu = len(self.terminal.out), self.terminal.cpu_s()
        act()
        self._wait_for("took", goal)
        after = self.terminal.until_idle()
        self.last = self.terminal.out[before:]
        return Cost(after - before, (self.terminal.cpu_s() - cpu) * 1000)

    def _words(self, word: str) -> int:
        return self._log.read_text().split().count(word)

    def _wait_for(self, word: str, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._words(word) < count:
            assert time.monotonic() < deadline, word
            self.terminal.read(0.01)

"""What a benchmark yields: figures beside their budgets, and programs run and weighed."""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One measured value; `target` and `limit` are its budget, None where there is none."""

    part: str
    name: str
    value: float
    unit: str
    target: float | None = None
    limit: float | None = None

    @property
    def mark(self) -> str:
        """Return the verdict in a word."""
        if self.limit is None or self.target is None:
            return ""
        return "ok" if self.value <= self.target else "within limit" if self.value <= self.limit else "OVER"

    def line(self) -> str:
        """Return the row of the table."""
        budget = "" if self.target is None or self.limit is None else f"{self.target:g} / {self.limit:g}"
        return f"{self.part:<10} {self.name:<62} {_short(self.value):>10} {self.unit:<6} {budget:>13}  {self.mark}"


class Run(NamedTuple):
    """One program run: wall time and CPU in ms, largest resident size in MB, exit code."""

    wall_ms: float
    cpu_ms: float
    rss_mb: float
    code: int


def python(arguments: Sequence[str], folder: Path) -> Run:
    """Run this interpreter with `arguments`, its output into `folder`, in this very directory."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(folder / "out"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(folder / "err"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    start = time.perf_counter()
    pid = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    cpu = used.ru_utime + used.ru_stime
    return Run(wall * 1000, cpu * 1000, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

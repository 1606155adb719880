"""What a benchmark yields: figures beside their budgets and floors, and programs run and weighed."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_CACHE = tempfile.TemporaryDirectory(prefix="tracker-tui-bytecode-")
COMPILED = {"PYTHONPYCACHEPREFIX": _CACHE.name, "PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept for the next run, as an installed program's are, whatever the environment says."""


class Figure(NamedTuple):
    """One measured value; `target` and `limit` are its budget, None where there is none.

    `floor` = what the cheapest program that does as much took in the same run and unit.
    """

    part: str
    name: str
    value: float
    unit: str
    target: float | None = None
    limit: float | None = None
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor it is; None without one."""
        return self.value / self.floor if self.floor else None

    @property
    def mark(self) -> str:
        """Return the verdict in a word."""
        if self.limit is None or self.target is None:
            return ""
        return "ok" if self.value <= self.target else "within limit" if self.value <= self.limit else "OVER"

    def line(self) -> str:
        """Return the row of the table."""
        budget = "" if self.target is None or self.limit is None else f"{self.target:g} / {self.limit:g}"
        floor = "" if self.floor is None or self.ratio is None else f"{_short(self.floor)} x{self.ratio:.1f}"
        return (
            f"{self.part:<8} {self.name:<62} {_short(self.value):>9} {self.unit:<6}"
            f" {floor:>13} {budget:>13}  {self.mark}"
        )


HEAD = f"{'part':<8} {'what':<62} {'measured':>9} {'':<6} {'floor, ratio':>13} {'target/limit':>13}"


class Run(NamedTuple):
    """One program run: wall time and CPU in ms, largest resident size in MB, exit code."""

    wall_ms: float
    cpu_ms: float
    rss_mb: float
    code: int


_LAUNCHER = """
import os, sys, time
folder, *arguments = sys.argv[1:]
new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
files += [(os.POSIX_SPAWN_OPEN, number, f"{folder}/{name}", new, 0o600) for number, name in ((1, "out"), (2, "err"))]
start = time.perf_counter()
pid = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ, file_actions=files)
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - start
print(wall * 1000, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""
"""A process of its own starts what is weighed: Linux counts the size of who starts it into `ru_maxrss`."""


def python(arguments: Sequence[str], folder: Path) -> Run:
    """Run this interpreter with `arguments`, its output into `folder`, in this very directory."""
    words = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(folder), *arguments]
    done = subprocess.run(words, env={**os.environ, **COMPILED}, capture_output=True, text=True, check=True)
    wall_ms, cpu_ms, rss_mb, code = done.stdout.split()
    return Run(float(wall_ms), float(cpu_ms), float(rss_mb), int(code))


def runs(arguments: Sequence[str], folder: Path, count: int) -> list[Run]:
    """Run it once to warm up and then `count` times. Raises RuntimeError when it fails."""
    python(arguments, folder)
    found = [python(arguments, folder) for _ in range(count)]
    if any(one.code for one in found):
        raise RuntimeError((folder / "err").read_text())
    return found


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

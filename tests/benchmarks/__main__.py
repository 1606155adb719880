"""`python -m tests.benchmarks [part ...] [--json [FILE]]`: measure against the budgets.

Without words the quick parts run, about two minutes on a quiet machine; `all` adds the heavy ones. On a busy machine
CPU and the ratios to the floors measured in the same run mean more than wall time.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tests.benchmarks import commands, flight, latency, polls, screen, stored, terminal, ticks
from tests.benchmarks.figures import HEAD, Figure


class Part(NamedTuple):
    """What can be measured by itself; `note` tells how to read it."""

    measure: Callable[[], Iterator[Figure]]
    note: str
    heavy: bool = False


PARTS: Mapping[str, Part] = {
    "start": Part(commands.starts, "floor: an isolated interpreter that does nothing"),
    "once": Part(
        commands.once,
        "floor: http.client in threads fetches the same answers at once and drops them; our wall time is the CPU until "
        "Sonarr and Radarr are asked, for which httpx and pyarr are loaded, and what no answer is waited for meanwhile",
    ),
    "once-full": Part(
        commands.once_full,
        "the same with whole lists: 10,000 records become facts, and a body is held whole while it is decoded",
        heavy=True,
    ),
    "ticks": Part(ticks.ticks, "reconcile, diagnose and assemble in one process, no service, no screen"),
    "ticks-large": Part(
        ticks.ticks_large, "the same; everything open at once, where a library is mostly settled", True
    ),
    "store": Part(stored.stored, "wall; a flush is a file written, synced and renamed"),
    "store-large": Part(stored.stored_large, "the same", heavy=True),
    "polls": Part(polls.polls, "services in processes of their own, answers rendered before", heavy=True),
    "flight": Part(flight.flight, "CPU of the thread that polls and makes worlds, over loopback HTTP", heavy=True),
    "latency": Part(
        latency.latency, "real time, four minutes; floor: the interval of that service's polls", heavy=True
    ),
    "screen": Part(screen.screen, "what keeps a key waiting, by CPU: one call on the interface's loop", heavy=True),
    "terminal": Part(terminal.terminal, "a real pseudo-terminal; floor: a minimal Textual application", heavy=True),
}


def main() -> int:
    """Print the table; return 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure against the budgets.",
        epilog="\n".join(f"{name:<12} {'(heavy) ' if part.heavy else ''}{part.note}" for name, part in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}, or all; the light ones")
    parser.add_argument("--json", nargs="?", const="-", metavar="FILE", help="also as JSON; alone: instead, to stdout")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - {*PARTS, "all"}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    table = sys.stderr if asked.json == "-" else sys.stdout
    figures: list[Figure] = []
    table.write(f"{HEAD}\n{'-' * len(HEAD)}\n")
    for name, part in PARTS.items():
        if name in asked.parts or "all" in asked.parts or not (asked.parts or part.heavy):
            for figure in part.measure():
                figures.append(figure)
                table.write(figure.line().rstrip() + "\n")
                table.flush()
            table.write(f"{'':<8} ({part.note})\n")
    if asked.json is not None:
        rows = [{**one._asdict(), "ratio": one.ratio, "verdict": one.mark or None} for one in figures]
        with open(1 if asked.json == "-" else asked.json, "w", encoding="utf-8", closefd=asked.json != "-") as file:
            file.write(json.dumps(rows, indent=1) + "\n")
    return int(any(figure.mark == "OVER" for figure in figures))


if __name__ == "__main__":
    sys.exit(main())

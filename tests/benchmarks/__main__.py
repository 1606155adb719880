"""`python -m tests.benchmarks [part ...] [--json FILE]`: measure against the budgets; all parts unless some are named.

Medians on a quiet machine mean something; on a busy one compare with the floors measured in the same run.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks import commands, polls, stored, terminal, ticks
from tests.benchmarks.figures import Figure

PARTS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "start": commands.starts,
    "once": commands.once,
    "polls": polls.polls,
    "ticks": ticks.ticks,
    "store": stored.stored,
    "terminal": terminal.terminal,
}


def main() -> int:
    """Print the table; return 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure against the budgets.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    head = f"{'part':<10} {'what':<62} {'measured':>10} {'':<6} {'target/limit':>13}"
    sys.stdout.write(f"{head}\n{'-' * len(head)}\n")
    for name, measure in PARTS.items():
        for figure in measure() if name in asked.parts or not asked.parts else ():
            figures.append(figure)
            sys.stdout.write(figure.line().rstrip() + "\n")
            sys.stdout.flush()
    if asked.json is not None:
        rows = [{**figure._asdict(), "verdict": figure.mark or None} for figure in figures]
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return int(any(figure.mark == "OVER" for figure in figures))


if __name__ == "__main__":
    sys.exit(main())

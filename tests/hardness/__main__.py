"""`python -m tests.hardness matrix [--service KIND] [--fault NAME]`."""

import argparse
import sys
import time

from tests.hardness import matrix
from tests.hardness.afflictions import BY_NAME
from tracker_tui.model.ids import Kind


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hardness")
    commands = parser.add_subparsers(dest="command", required=True)
    faults = commands.add_parser("matrix", help="every service x every fault against the running program")
    faults.add_argument("--service", type=Kind, choices=list(Kind), action="append")
    faults.add_argument("--fault", choices=list(BY_NAME), action="append")
    given = parser.parse_args()
    start = time.monotonic()
    outcomes = matrix.run(given.service or tuple(Kind), given.fault or tuple(BY_NAME))
    sys.stdout.write(f"{matrix.table(outcomes)}, {time.monotonic() - start:.0f} s\n")
    return int(any(one.faults for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())

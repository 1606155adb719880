"""`python -m tests.hardness canaries`, `matrix [--service KIND] [--fault NAME]`, `soak [--hours H] [--minutes N] …`."""

import argparse
import sys
import time
from datetime import timedelta

from tests.hardness import canaries, matrix, soak
from tests.hardness.afflictions import BY_NAME
from tracker_tui.model.ids import Kind


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hardness")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("canaries", help="secrets planted everywhere, and all that comes out searched for them")
    faults = commands.add_parser("matrix", help="every service x every fault against the running program")
    faults.add_argument("--service", type=Kind, choices=list(Kind), action="append")
    faults.add_argument("--fault", choices=list(BY_NAME), action="append")
    days = commands.add_parser("soak", help="a day in accelerated time, with random faults")
    days.add_argument("--hours", type=float, default=24.0)
    days.add_argument("--minutes", type=float, default=5.0)
    days.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.command == "canaries":
        return canaries.main()
    if given.command == "soak":
        result = soak.run(given.minutes, given.seed, timedelta(hours=given.hours))
        sys.stdout.write(f"{result.text()}\n")
        return int(bool(result.faults))
    start = time.monotonic()
    outcomes = matrix.run(given.service or tuple(Kind), given.fault or tuple(BY_NAME))
    sys.stdout.write(f"{matrix.table(outcomes)}, {time.monotonic() - start:.0f} s\n")
    return int(any(one.faults for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.contract`: print the table of what was held against what; exit 1 with anything open."""

import asyncio
import sys

from tests.contract.excuses import EXCUSES
from tests.contract.findings import findings, spec_of
from tests.contract.household import HOUSEHOLD
from tests.contract.recordings import CAPTURES
from tests.contract.report import hold, table
from tracker_tui.simulate.server import SimHost


def main() -> int:
    """Hold the household, print, and tell whether something is open."""
    if not CAPTURES.is_dir():
        sys.stderr.write("the API descriptions and recordings are not beside the project\n")
        return 2
    with SimHost() as host:
        household = {name: asyncio.run(hold(host, name)) for name in HOUSEHOLD}
    found = [
        finding
        for name, (_, file) in HOUSEHOLD.items()
        for finding in findings(name, household[name], spec_of(household[name], file), EXCUSES)
    ]
    sys.stdout.write(table(household, found) + "\n")
    return int(any(one.excuse is None for one in found))


if __name__ == "__main__":
    sys.exit(main())

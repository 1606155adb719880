"""The table of what was held against what."""

from tests.contract.findings import Finding
from tests.contract.household import HOUSEHOLD, Held
from tests.contract.recordings import RECORDINGS
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.server import SimHost


async def hold(host: SimHost, name: str) -> Held:
    """Hold one of the household."""
    sessions = Sessions()
    try:
        return await HOUSEHOLD[name][0](host, sessions)
    finally:
        await sessions.aclose()


def table(household: dict[str, Held], found: list[Finding]) -> str:
    """Return the table, and below it each excuse with the number of findings it covers."""
    lines = [f"{'service':<18}{'endpoints':>10}{'answers':>9}{'recordings':>12}{'excused':>9}{'open':>6}"]
    for name, held in household.items():
        mine = [one for one in found if one.name == name]
        excused = sum(one.excuse is not None for one in mine)
        endpoints = len({(one.method, one.path) for one in held.answers})
        recordings = sum(name in one.of for one in RECORDINGS)
        lines.append(
            f"{name:<18}{endpoints:>10}{len(held.answers):>9}{recordings:>12}{excused:>9}{len(mine) - excused:>6}"
        )
    counts: dict[str, int] = {}
    for one in found:
        if one.excuse is not None:
            counts[one.excuse.reason] = counts.get(one.excuse.reason, 0) + 1
    lines += ["", "excused, and why:"]
    lines += [f"{count:>5}  {reason}" for reason, count in sorted(counts.items(), key=lambda item: -item[1])]
    lines += ["", *(f"OPEN {one}" for one in found if one.excuse is None)]
    return "\n".join(lines).rstrip()

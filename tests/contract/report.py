"""The table of what was held against what."""

from tests.contract.decoded import UNREAD, decoded
from tests.contract.findings import Finding
from tests.contract.holding import Held
from tests.contract.household import HOUSEHOLD
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
    captures = decoded()
    lines = [f"{'service':<18}{'endpoints':>10}{'captures':>10}{'records':>9}{'skipped':>9}{'excused':>9}{'open':>6}"]
    for name, held in household.items():
        mine = [one for one in found if one.name == name]
        excused = sum(one.excuse is not None for one in mine)
        endpoints = len({(one.method, one.path) for one in held.answers})
        spoken = [one for one in captures if name in one.recording.of]
        records, skipped = sum(one.good or 0 for one in spoken), sum(one.skipped for one in spoken)
        lines.append(
            f"{name:<18}{endpoints:>10}{len(spoken):>10}{records:>9}{skipped:>9}{excused:>9}{len(mine) - excused:>6}"
        )
    counts: dict[str, int] = {}
    for one in found:
        if one.excuse is not None:
            counts[one.excuse.reason] = counts.get(one.excuse.reason, 0) + 1
    lines += ["", "excused, and why:"]
    lines += [f"{count:>5}  {reason}" for reason, count in sorted(counts.items(), key=lambda item: -item[1])]
    lines += ["", "recorded, not read by any client:", *(f"       {path}: {why}" for path, why in UNREAD.items())]
    lines += ["", *(f"OPEN {one}" for one in found if one.excuse is None)]
    return "\n".join(lines).rstrip()

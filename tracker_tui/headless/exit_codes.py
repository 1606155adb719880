"""The exit code of `--once` and `check` (SPEC 4): computed from the whole world, before any filter."""

from tracker_tui.model.states import Attention, ServiceStatus
from tracker_tui.model.world import World

OK, ATTENTION, USAGE, PARTIAL, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 4, 130


def exit_code(world: World) -> int:
    """Return 4 when no configured service answered, 3 when some did not, 1 when something is at warn, else 0."""
    statuses = [row.status for row in world.services if row.status is not ServiceStatus.NOT_CONFIGURED]
    answered = sum(status is ServiceStatus.OK for status in statuses)
    if statuses and answered == 0:
        return NO_ANSWER
    if answered < len(statuses):
        return PARTIAL
    levels = [row.attention for row in world.requests] + [problem.diagnosis.attention for problem in world.problems]
    return ATTENTION if any(level >= Attention.WARN for level in levels) else OK

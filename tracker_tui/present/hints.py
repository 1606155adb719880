"""What an empty tree says: nothing to do, nothing found, or nobody to ask."""

from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow, World
from tracker_tui.present.rows import View


def hint(world: World, view: View) -> tuple[str, ...]:
    """Return the lines to show where there is no request; the second one is the message."""
    asked = [one for one in world.services if one.status is not ServiceStatus.NOT_CONFIGURED]
    if view.narrowed and world.requests:
        return "", "Nothing matches the filter.", "Esc shows everything again."
    if not asked:
        return "", "No service is configured.", "tracker-tui init writes a configuration with you, step by step."
    silent = [one for one in asked if one.status is not ServiceStatus.OK]
    if silent and len(silent) == len(asked):
        if all(one.status is ServiceStatus.STARTING or (one.last_ok_at is None and one.error is None) for one in asked):
            return "", "Asking the services ...", "Nothing is remembered from an earlier run."
        return ("", "No service answers, and nothing is remembered.", *(_complaint(one) for one in silent))
    if any(one.last_ok_at is None for one in asked):
        return "", "Nothing is on its way, as far as the services have answered."
    return "", "Nothing is on its way.", "New requests appear here by themselves."


def _complaint(one: ServiceRow) -> str:
    name = one.name or one.kind.title
    said = one.error or one.status.value
    return f"{name}: {said}" + (f" - {one.fix}" if one.fix else "")

"""What an empty tree says: nothing to do, nothing found, or who has not answered."""

from collections.abc import Mapping

from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow, World
from tracker_tui.present.rows import View


def hint(world: World, view: View, keys: Mapping[str, str] = {}) -> tuple[str, ...]:
    """Return the lines to show where there is no request; the second one is the message.

    `keys` = what is pressed to "clear" filters and to "refresh".
    """
    again = f"{keys.get('refresh', 'r')} asks again at once; tracker-tui check tells what is wrong."
    asked = [one for one in world.services if one.status is not ServiceStatus.NOT_CONFIGURED]
    if view.narrowed and world.requests:
        return "", "Nothing matches the filter.", f"{keys.get('clear', 'Esc')} shows everything again."
    if not asked:
        return "", "No service is configured.", "tracker-tui init writes a configuration with you, step by step."
    awaited = [one for one in asked if one.error is None and not (one.last_ok_at is not None and one.listed)]
    failed = [_complaint(one) for one in asked if one not in awaited and one.status is not ServiceStatus.OK]
    if awaited:
        names = "the services" if len(awaited) == len(asked) else ", ".join(one.title for one in awaited)
        return "", f"Asking {names} ...", "Nothing is remembered from an earlier run.", *failed
    if len(failed) == len(asked):
        return "", "No service answers, and nothing is remembered.", *failed, "", again
    if failed:
        return "", "Nothing is on its way, as far as the services have answered.", *failed
    return "", "Nothing is on its way.", "New requests appear here by themselves."


def _complaint(one: ServiceRow) -> str:
    said = one.error or one.status.value
    return f"{one.title}: {said}" + (f" - {one.fix}" if one.fix else "")

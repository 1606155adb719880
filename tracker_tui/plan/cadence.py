"""How soon an instance is asked again."""

from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.states import ServiceStatus

BACK_OFF_CAP_S = 60.0
REFUSED_KEY_S = 60.0


class Cadence(Fact):
    """The two rhythms of `[poll]`, seconds."""

    active_s: float = 3.0
    idle_s: float = 15.0

    def interval(self, kind: Kind, *, moving: bool) -> float:
        """Return the seconds between the end of one poll and the start of the next while the instance answers.

        Seerr moves by people: it keeps to the idle rhythm (its list is an expensive call).
        """
        return self.active_s if moving and kind is not Kind.SEERR else self.idle_s


def back_off(failures: int, base_s: float, jitter: float) -> float:
    """Return the wait after the `failures`-th failure in a row: doubling to 60 s, +-10 % by `jitter` in 0..1."""
    wait = min(BACK_OFF_CAP_S, base_s * 2.0 ** min(max(failures - 1, 0), 16))
    return float(min(BACK_OFF_CAP_S, wait * (0.9 + 0.2 * jitter)))


def wait_after_failure(
    status: ServiceStatus, *, failures: int, base_s: float, jitter: float, retry_after_s: int | None
) -> float:
    """Return the wait after a failed poll: a refused key is tried once a minute, a server's own Retry-After is kept."""
    if status is ServiceStatus.UNAUTHORIZED:
        return REFUSED_KEY_S
    wait = back_off(failures, base_s, jitter)
    return max(wait, min(float(retry_after_s), 300.0)) if retry_after_s else wait

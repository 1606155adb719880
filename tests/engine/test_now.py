"""The corrected clock: the median of what the servers say, and what is left of it when the local clock is set."""

from datetime import UTC, datetime, timedelta

from tracker_tui.engine.now import CorrectedClock
from tracker_tui.model.ids import InstanceRef, Kind

TRUE = datetime(2026, 1, 25, 12, tzinfo=UTC)
SERVERS = [InstanceRef(kind, kind.value) for kind in (Kind.SONARR, Kind.RADARR, Kind.JELLYFIN)]


class Machine:
    """A machine whose clock is `off`."""

    def __init__(self) -> None:
        self.off = timedelta(minutes=-5)
        self.clock = CorrectedClock(lambda: TRUE + self.off)
        for one in SERVERS:
            self.clock.note(one, TRUE)


def test_one_server_whose_clock_is_off_moves_nothing() -> None:
    machine = Machine()
    machine.clock.note(SERVERS[0], TRUE + timedelta(seconds=40))
    assert machine.clock.now() == TRUE


def test_a_local_clock_that_is_set_is_right_again_with_the_first_answer() -> None:
    machine = Machine()
    machine.off = timedelta(hours=2)
    assert machine.clock.note(SERVERS[1], TRUE) == -7200
    assert machine.clock.now() == TRUE
    machine.off = timedelta(hours=-1)
    machine.clock.note(SERVERS[0], TRUE)
    assert machine.clock.now() == TRUE, "set twice, before the others had answered"

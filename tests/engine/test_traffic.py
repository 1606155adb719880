"""What a poller tells of what it asked: counted, in its rhythm, with the last failures."""

from datetime import timedelta

import pytest

from tracker_tui.config.settings import Instance
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Identified
from tracker_tui.plan.cadence import Cadence
from tracker_tui.reconcile.interest import Interest
from tracker_tui.services.errors import Unreachable
from tracker_tui.services.http import Meter


class Silent:
    """A client that does not get through."""

    def __init__(self) -> None:
        self.meter = Meter()

    async def identify(self) -> Identified:
        self.meter.calls += 1
        raise Unreachable("nobody there")

    introduction = identify


@pytest.mark.parametrize("polls", [1, 3])
async def test_questions_and_failures_are_counted(polls: int) -> None:
    poller = Poller(
        Instance(kind=Kind.SEERR, name="seerr", url="http://127.0.0.1:1"),
        Silent(),
        clock=CorrectedClock(),
        emit=lambda _: None,
        interest=Interest,
        cadence=Cadence(),
        recent=timedelta(days=1),
    )
    for _ in range(polls):
        await poller.poll()
    told = poller.traffic()
    assert (told.calls, [(one.topic, one.times, one.every_s) for one in told.asked]) == (
        polls,
        [("identity", polls, 1800)],
    )
    assert [(one.topic, one.message) for one in told.troubles] == [("identity", "nobody there")] * polls

"""What holds of every poll of the running program, whatever fails: told with dice, a scripted client and a fake clock.

* No poll is without a question that tells of the whole service.
* A poll in which nothing answers counts one failure, and is reported once.
* A poll in which all that is telling answers leaves the service well, whatever else fails on its own account.
* Who fails is asked again within the back-off.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from tracker_tui.config.settings import Instance
from tracker_tui.engine import agenda, ailments, poller
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import CallFailed, Identified, Observation, Payload
from tracker_tui.model.text import clean
from tracker_tui.plan.cadence import BACK_OFF_CAP_S, Cadence
from tracker_tui.plan.topics import RHYTHMS, Question, Topic
from tracker_tui.reconcile.interest import Interest
from tracker_tui.services.errors import BadAnswer, NotFound, ServerFault, Starting, TooSlow, Unreachable
from tracker_tui.services.http import Meter

POLLS = 400
FAULTS = (BadAnswer, NotFound, ServerFault, Starting, TooSlow, Unreachable)


class Scripted:
    """A client and its questions: each is answered, or fails as `faults` says of its topic; `None` = all of them."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.faults: dict[Topic | None, type] = {}
        self.asked: list[Topic] = []

    async def identify(self) -> Identified:
        return Identified(version=clean("1.0"))

    async def ask(self, question: Question, _: datetime) -> Sequence[Payload]:
        self.asked.append(question.topic)
        fault = self.faults.get(None) or self.faults.get(question.topic)
        if fault is not None:
            raise fault("scripted")
        return (await self.identify(),) if question.topic is Topic.IDENTITY else ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", Kind)
async def test_every_poll_keeps_the_laws(monkeypatch: pytest.MonkeyPatch, kind: Kind, seed: int) -> None:
    dice, now_s = random.Random(seed), [1000.0]
    for module in (agenda, ailments, poller):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    client, seen = Scripted(), list[Observation]()
    one = Poller(
        Instance(kind=kind, name=kind.value, url="http://127.0.0.1:1"),
        client,
        clock=CorrectedClock(),
        emit=seen.append,
        interest=Interest,
        cadence=Cadence(),
        recent=timedelta(days=1),
    )
    monkeypatch.setattr(one, "_asker", client)
    telling = {topic for topic, rhythm in RHYTHMS[kind].items() if rhythm.telling} | {Topic.IDENTITY}
    others = sorted(set(RHYTHMS[kind]) - telling)
    for _ in range(POLLS):
        silent = dice.random() < 0.3
        client.faults = {None: dice.choice((Unreachable, TooSlow))} if silent else {}
        if not silent and others:
            client.faults = {topic: dice.choice(FAULTS) for topic in dice.sample(others, dice.randint(0, len(others)))}
        client.asked.clear()
        seen.clear()
        failures = one._failures
        await one.poll()
        for task in one.inventories:
            await task
        assert telling & set(client.asked), "nothing tells of the whole service"
        reports = sum(isinstance(told.payload, CallFailed) for told in seen)
        if silent:
            assert one.failing is not None
            assert (one._failures, reports) == (failures + 1, 1)
        else:
            assert one.failing is None, client.faults
            assert reports == 0
        wait_s = one._wait_s()
        assert 0 < wait_s <= BACK_OFF_CAP_S
        now_s[0] += wait_s * dice.choice((1, 1, 1, 100))

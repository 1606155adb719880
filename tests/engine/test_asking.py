"""How questions become calls: cursors of delta questions, and that every question of a kind has its call."""

import inspect
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tracker_tui.engine.asking import _CALLS, HISTORY_OVERLAP, Asker
from tracker_tui.model.arr import HistoryKind, HistoryRecord
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import HistoryRead, Identified
from tracker_tui.plan import plan
from tracker_tui.plan.topics import COVERED, RHYTHMS, Question, Topic
from tracker_tui.services.http import Meter

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
RECENT = timedelta(days=14)


def event(number: int, seconds: int) -> HistoryRecord:
    return HistoryRecord(id=number, at=NOON + timedelta(seconds=seconds), kind=HistoryKind.GRABBED)


class Diary:
    """Answers as Sonarr does: everything from an instant on, the records of that second included."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.records: list[HistoryRecord] = []
        self.asked: list[datetime] = []

    async def identify(self) -> Identified:
        return Identified(version=None)

    async def recent_history(self, back_to: datetime) -> HistoryRead:
        return self._since(back_to)

    async def history_since(self, at: datetime) -> HistoryRead:
        return self._since(at)

    def _since(self, at: datetime) -> HistoryRead:
        self.asked.append(at)
        return HistoryRead(records=tuple(one for one in self.records if one.at >= at), since=at)


async def told(asker: Asker) -> list[int]:
    payloads: Sequence[object] = await asker.ask(Question(topic=Topic.HISTORY), NOON)
    return [record.id for read in payloads if isinstance(read, HistoryRead) for record in read.records]


async def test_each_event_is_told_once_though_the_questions_overlap() -> None:
    diary = Diary()
    asker = Asker(Kind.SONARR, diary, RECENT)
    diary.records = [event(1, -60), event(2, 0)]
    assert await told(asker) == [1, 2]
    assert await told(asker) == []
    diary.records.append(event(3, 0))  # of the same second, written a moment later
    assert await told(asker) == [3]
    diary.records.append(event(4, 30))
    assert await told(asker) == [4]
    assert await told(asker) == []
    assert diary.asked == [NOON - RECENT, *[NOON - HISTORY_OVERLAP] * 3, NOON + timedelta(seconds=30) - HISTORY_OVERLAP]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_question_with_a_rhythm_has_its_call(kind: Kind) -> None:
    assert {Topic.IDENTITY, *RHYTHMS[kind]} <= _CALLS[kind].keys()
    assert {*COVERED.get(kind, {}), *COVERED.get(kind, {}).values()} <= _CALLS[kind].keys()


def wished(kind: Kind) -> set[Topic]:
    """Every topic that the plan's source names for what a kind is asked on demand."""
    source, seen, waiting = "", set[str](), [plan._WANTED[kind].__name__]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            text = inspect.getsource(getattr(plan, name))
            source += text
            waiting += [one for one in re.findall(r"\b(_\w+)\(", text) if inspect.isfunction(getattr(plan, one, None))]
    return {Topic[name] for name in re.findall(r"Topic\.([A-Z_]+)", source)}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind in plan._WANTED])
def test_every_question_on_demand_has_its_call(kind: Kind) -> None:
    not_by_id = {Topic.SOUGHT} if kind is Kind.SONARR else set()  # it looks into its list instead
    assert wished(kind) - not_by_id <= _CALLS[kind].keys()
    assert wished(kind)

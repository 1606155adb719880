"""What deserves a word while nobody looks: a title became ready or got stuck, a service went away or came back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.world import RequestRow, World
from tracker_tui.present.cells import titled
from tracker_tui.present.labels import SERVICES, STATES
from tracker_tui.present.rows import problem_key
from tracker_tui.present.verdicts import diagnoses

REPEAT_AFTER = timedelta(hours=1)
"""The same event is told again only after this time: what flaps is told once."""
SETTLING = timedelta(minutes=1)
"""At the start the first answers only tell what has long been so."""
AT_ONCE = 3
"""More events than this at the same moment are told as a number."""

_DOWN = frozenset({ServiceStatus.UNREACHABLE, ServiceStatus.UNAUTHORIZED, ServiceStatus.ERROR})


class Notice(NamedTuple):
    """One thing to tell. `urgent` also rings, where the user wants that."""

    key: str
    text: str
    urgent: bool = False


class Herald:
    """Compares each world with the one before and says every event once."""

    def __init__(self) -> None:
        self._before: World | None = None
        self._since: datetime | None = None
        self._told: dict[str, datetime] = {}
        self._down: set[tuple[Kind, str | None]] = set()

    def events(self, world: World, now: datetime, muted: frozenset[str]) -> list[Notice]:
        """Return what happened since the last world; nothing while the first answers come in."""
        before, self._before = self._before, world
        self._since = min(self._since or now, now)  # the first answers may correct a clock that is ahead
        found = self._services(world, muted)
        if before is None or now - self._since < SETTLING:
            return []
        found += _requests(before, world, muted)
        fresh = [one for one in found if now - self._told.get(one.key, now - REPEAT_AFTER) >= REPEAT_AFTER]
        self._told.update((one.key, now) for one in fresh)
        return fresh if len(fresh) <= AT_ONCE else [_together(fresh)]

    def _services(self, world: World, muted: frozenset[str]) -> list[Notice]:
        """Return which services went away, by their problems (one failed call is none), or came back."""
        found: list[Notice] = []
        for one in world.services:
            place = (one.kind, one.name)
            causes = [
                problem_key(problem)
                for problem in world.problems
                if (problem.kind, problem.name, problem.scope) == (*place, None)
                and problem.diagnosis.attention is Attention.ERROR
            ]
            if one.status in _DOWN and causes and place not in self._down:
                self._down.add(place)
                if not muted.issuperset(causes):
                    found.append(Notice(f"down:{place}", f"{one.title}: {SERVICES[one.status].word}", urgent=True))
            elif one.status is ServiceStatus.OK and place in self._down:
                self._down.discard(place)
                found.append(Notice(f"up:{place}", f"{one.title} answers again"))
        return found


def _requests(before: World, world: World, muted: frozenset[str]) -> list[Notice]:
    seen = set(map(id, before.requests))  # a row that did not change is the same object
    changed = [row for row in world.requests if id(row) not in seen]
    rows = {row.id: row for row in before.requests} if changed else {}
    found: list[Notice] = []
    for row in changed:
        old = rows.get(row.id)
        if row.id in muted:
            continue
        if old is not None and row.state is State.AVAILABLE and old.state is not State.AVAILABLE:
            found.append(Notice(f"ready:{row.id}", f"{titled(row)} is ready"))
        elif row.attention >= Attention.WARN and (old is None or old.attention < Attention.WARN):
            found.append(_stuck(row))
    return found


def _stuck(row: RequestRow) -> Notice:
    worst = max(diagnoses(row), key=lambda one: one.attention, default=None)
    why = worst.message if worst is not None else STATES[row.state].word
    return Notice(f"stuck:{row.id}:{worst.code if worst else row.state}", f"{titled(row)}: {why}", urgent=True)


def _together(found: list[Notice]) -> Notice:
    urgent = [one for one in found if one.urgent]
    ready = sum(one.key.startswith("ready:") for one in found)
    parts = [f"{ready} became ready" if ready else "", f"{len(urgent)} need attention" if urgent else ""]
    text = ", ".join(part for part in parts if part) or f"{len(found)} changes"
    return Notice("together", text, urgent=bool(urgent))

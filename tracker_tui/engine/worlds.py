"""From observations and memory to worlds, one after the other. No service is asked here: whoever has observations
(the watch, a recording) or only a memory (the first frame) may use it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import msgspec

from tracker_tui.config.problems import PERMISSIONS
from tracker_tui.config.settings import Settings
from tracker_tui.diagnose.catalogue import CONFIG_PERMISSIONS
from tracker_tui.diagnose.diagnoser import Diagnoser
from tracker_tui.engine.events import Advanced, Began, Event, Paced, ProblemsAdded
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.remember import load, without_old
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.world import Problem, RequestRow, World
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.reconcile.interest import Interest, LookWanted
from tracker_tui.reconcile.memory import CommonMemory, RequestMemory
from tracker_tui.reconcile.reconciler import Advance, Broken, Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)


class Update(Fact):
    """What a view gets: the whole world, and which rows are new, different or gone since the last update."""

    world: World
    changed: frozenset[RequestId] = frozenset()
    removed: frozenset[RequestId] = frozenset()


class Worlds:
    """Keeps the newest `world`. Before any observation the first `advance` makes the one that was remembered.

    `clock` is asked for the instant of each advance; `record` is told everything that happens.
    """

    def __init__(
        self,
        start: Began,
        clock: CorrectedClock,
        *,
        publish: Callable[[Update], None] = lambda _: None,
        record: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._record = record
        self._reconciler = Reconciler(start.setup, start.memory)
        self._diagnoser = Diagnoser(zone=timezone(timedelta(seconds=start.zone_s)))
        self._rows: dict[RequestId, RequestRow] = {}
        self._own_problems = start.problems
        self._intervals: dict[InstanceRef, float] = {}
        self._broken: tuple[Broken, ...] = ()
        self._parts: dict[InstanceRef, tuple[Problem, ...]] = {}
        self._unsaved: dict[RequestId, RequestMemory | None] = {}
        self._unsaved_common: CommonMemory | None = None
        self._looks: tuple[LookWanted, ...] = ()
        self.next_at: datetime | None = None
        """When time alone changes something."""
        self.world = World(generated_at=start.now, simulated=start.simulated, remembered_at=start.memory.saved_at)
        record(start)

    def absorb(self, observation: Observation) -> None:
        """Take one observation, for the next `advance`."""
        self._record(observation)
        self._reconciler.absorb(observation)

    def pace(self, ref: InstanceRef, interval_s: float) -> None:
        """Take the interval at which `ref` is asked now: freshness is measured against it."""
        if self._intervals.get(ref) != interval_s:
            self._intervals[ref] = interval_s
            self._record(Paced(ref=ref, interval_s=interval_s))

    def interest(self) -> Interest:
        """Return what the world wants to know next."""
        return msgspec.structs.replace(self._reconciler.interest(), looks=self._looks)

    def add_problems(self, problems: tuple[Problem, ...], about: InstanceRef | None = None) -> None:
        """Take problems that no service can tell, for the next `advance` and all after it.

        Those about an instance take the place of what was said about it before; () takes it back.
        """
        if problems == (self._parts.get(about, ()) if about is not None else ()):
            return
        self._record(ProblemsAdded(problems=problems, about=about))
        if about is None:
            self._own_problems += problems
        else:
            self._parts[about] = problems

    def advance(self) -> None:
        """Bring the world up to date with all observations so far; publish if anything changed."""
        now = self._clock.now()
        self._record(Advanced(now=now))
        for ref, interval_s in self._intervals.items():
            self._reconciler.pace(ref, interval_s)
        step = self._reconciler.advance(now)
        judged = self._diagnoser.judge(step)
        self._looks = judged.looks
        self.next_at = min((at for at in (step.next_at, judged.next_at) if at is not None), default=None)
        changed = frozenset(row.id for row in judged.rows if self._rows.get(row.id) != row)
        removed = frozenset(step.removed) & self._rows.keys()
        self._rows.update((row.id, row) for row in judged.rows)
        for gone in removed:
            del self._rows[gone]
        for one in step.broken:
            if one not in self._broken:
                log.error("%s could not be evaluated: %s", one.id, one.error)
        self._broken = step.broken
        self._unsaved.update(step.memories)
        self._unsaved.update(dict.fromkeys(step.forgotten))
        self._unsaved_common = step.common or self._unsaved_common
        parts = tuple(one for problems in self._parts.values() for one in problems)
        self._show(step, judged.problems + parts + self._own_problems, changed, removed)

    def unsaved(self) -> tuple[dict[RequestId, RequestMemory | None], CommonMemory | None]:
        """Return, once, what is worth remembering of all that changed since the last call."""
        requests, self._unsaved = self._unsaved, {}
        common, self._unsaved_common = self._unsaved_common, None
        return requests, common

    def _show(
        self, step: Advance, problems: tuple[Problem, ...], changed: frozenset[RequestId], removed: frozenset[RequestId]
    ) -> None:
        old = self.world
        if changed or removed:
            requests = self._rows.values()
            world = assemble(requests, problems, step.unassigned, step.services, step.now, simulated=old.simulated)
            world = msgspec.structs.replace(world, remembered_at=old.remembered_at)
        else:
            world = msgspec.structs.replace(
                old, generated_at=step.now, problems=problems, unassigned=step.unassigned, services=step.services
            )
        self.world = world
        if changed or removed or msgspec.structs.replace(old, generated_at=step.now) != world:
            self._publish(Update(world=world, changed=changed, removed=removed))


def beginning(settings: Settings, store: Store, now: datetime, *, simulated: bool = False) -> Began:
    """Return what worlds start from under this configuration and memory; prunes old history."""
    offset = now.astimezone().utcoffset() or timedelta()
    return Began(
        now=now,
        setup=_setup(settings),
        memory=without_old(load(store), store, now, settings.store.history_days),
        zone_s=round(offset.total_seconds()),
        problems=_of_configuration(settings),
        simulated=simulated,
    )


def _setup(settings: Settings) -> Setup:
    return Setup(
        instances=tuple(
            ConfiguredInstance(ref=one.ref, seerr_server_id=one.seerr_server_id) for one in settings.instances
        ),
        thresholds=settings.thresholds,
        policy=settings.requests,
        hints=settings.anime,
        path_maps=settings.paths,
    )


def _of_configuration(settings: Settings) -> tuple[Problem, ...]:
    """Return what the reader of the configuration warned of and every view should go on saying (G9)."""
    return tuple(
        Problem(
            kind=None,
            scope="configuration",
            diagnosis=CONFIG_PERMISSIONS(one.message, one.fix),
        )
        for one in settings.warnings
        if one.code == PERMISSIONS
    )

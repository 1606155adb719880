"""From observations and memory to worlds, one after the other. No service is asked here: whoever has observations
(the watch, a recording) or only a memory (the first frame) may use it.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from tracker_tui.config.problems import PERMISSIONS
from tracker_tui.config.settings import Settings
from tracker_tui.diagnose.catalogue import CONFIG_PERMISSIONS
from tracker_tui.diagnose.diagnoser import Diagnoser
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.remember import forget_old, load, save
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.world import Problem, RequestRow, World
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.reconcile.interest import Interest, LookWanted
from tracker_tui.reconcile.memory import CommonMemory, RequestMemory
from tracker_tui.reconcile.reconciler import Advance, Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)


class Update(Fact):
    """What a view gets: the whole world, and which rows are new, different or gone since the last update."""

    world: World
    changed: frozenset[RequestId] = frozenset()
    removed: frozenset[RequestId] = frozenset()


class Worlds:
    """Keeps the newest `world`. Before any observation the first `advance` makes the one that `store` remembers."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: CorrectedClock,
        *,
        simulated: bool = False,
        publish: Callable[[Update], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish
        forget_old(store, clock.now(), settings.store.history_days)
        self._reconciler = Reconciler(_setup(settings, store), load(store))
        self._diagnoser = Diagnoser(zone=clock.now().astimezone().tzinfo or UTC)
        self._rows: dict[RequestId, RequestRow] = {}
        self._own_problems = _of_configuration(settings)
        """What no service says: about the configuration, and about lists a snapshot did not wait for."""
        self._unsaved: dict[RequestId, RequestMemory] = {}
        self._unsaved_common: CommonMemory | None = None
        self._looks: tuple[LookWanted, ...] = ()
        self.next_at: datetime | None = None
        """When time alone changes something."""
        self.world = World(generated_at=clock.now(), simulated=simulated)

    def absorb(self, observation: Observation) -> None:
        """Take one observation, for the next `advance`."""
        self._reconciler.absorb(observation)

    def pace(self, ref: InstanceRef, interval_s: float) -> None:
        """Take the interval at which `ref` is asked now: freshness is measured against it."""
        self._reconciler.pace(ref, interval_s)

    def interest(self) -> Interest:
        """Return what the world wants to know next."""
        return msgspec.structs.replace(self._reconciler.interest(), looks=self._looks)

    def add_problems(self, problems: tuple[Problem, ...]) -> None:
        """Take problems that no service can tell, for the next `advance` and all after it."""
        self._own_problems += problems

    def advance(self) -> None:
        """Bring the world up to date with all observations so far; publish if anything changed."""
        step = self._reconciler.advance(self._clock.now())
        judged = self._diagnoser.judge(step)
        self._looks = judged.looks
        self.next_at = min((at for at in (step.next_at, judged.next_at) if at is not None), default=None)
        changed = frozenset(row.id for row in judged.rows if self._rows.get(row.id) != row)
        removed = frozenset(step.removed) & self._rows.keys()
        self._rows.update((row.id, row) for row in judged.rows)
        for gone in removed:
            del self._rows[gone]
        for one in step.broken:
            log.error("%s could not be evaluated: %s", one.id, one.error)
        self._unsaved.update(step.memories)
        self._unsaved_common = step.common or self._unsaved_common
        self._show(step, judged.problems + self._own_problems, changed, removed)

    def remember(self) -> None:
        """Hand what changed to the store; what changed back meanwhile was never worth a write."""
        unsaved, self._unsaved = self._unsaved, {}
        common, self._unsaved_common = self._unsaved_common, None
        save(self._store, self._clock.now(), unsaved, common)

    def _show(
        self, step: Advance, problems: tuple[Problem, ...], changed: frozenset[RequestId], removed: frozenset[RequestId]
    ) -> None:
        old = self.world
        if changed or removed:
            requests = self._rows.values()
            world = assemble(requests, problems, step.unassigned, step.services, step.now, simulated=old.simulated)
        else:
            world = msgspec.structs.replace(
                old, generated_at=step.now, problems=problems, unassigned=step.unassigned, services=step.services
            )
        self.world = world
        if changed or removed or msgspec.structs.replace(old, generated_at=step.now) != world:
            self._publish(Update(world=world, changed=changed, removed=removed))


def _setup(settings: Settings, store: Store) -> Setup:
    return Setup(
        instances=tuple(
            ConfiguredInstance(ref=one.ref, web_url=one.web_url, seerr_server_id=one.seerr_server_id)
            for one in settings.instances
        ),
        thresholds=settings.thresholds,
        policy=settings.requests,
        hints=settings.anime,
        path_maps=settings.paths,
        store_readable=store.path is not None,
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

"""The loop: plan, ask, reconcile, diagnose, remember, publish. Runs on whatever event loop starts it.

Answers are absorbed as they come; the world is advanced a moment later, once for all that came meanwhile, and when time
alone changes something. Nothing here waits for a view.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from tracker_tui.config.problems import PERMISSIONS
from tracker_tui.config.settings import Instance, Settings
from tracker_tui.diagnose.catalogue import CONFIG_PERMISSIONS, INVENTORY_LATE
from tracker_tui.diagnose.diagnoser import Diagnoser
from tracker_tui.engine.clients import connect
from tracker_tui.engine.exhaust import exhaust
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.engine.refusals import login_refused, note_login
from tracker_tui.engine.remember import forget_old, load, save
from tracker_tui.model.ids import Kind, RequestId
from tracker_tui.model.observation import CallFailed, Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import Problem, RequestRow, World
from tracker_tui.plan.cadence import Cadence
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.reconcile.interest import Interest, LookWanted
from tracker_tui.reconcile.memory import CommonMemory, RequestMemory
from tracker_tui.reconcile.reconciler import Advance, Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup
from tracker_tui.services.http import Sessions, quiet_libraries
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)

IDLE_LOOK_S = 60.0
"""The world is looked at this often even when nothing happens: stale services must look stale."""
INVENTORY_S = 30.0
"""Longest wait of a snapshot for whole lists."""
GATHER_S = 0.05
"""Answers that come within this time are taken together."""
FLUSH_S = 15.0
"""The store is written at most this often while nothing else asks for it."""
CLOSE_S = 2.0


class Update(Fact):
    """What a view gets: the whole world, and which rows are new, different or gone since the last update."""

    world: World
    changed: frozenset[RequestId] = frozenset()
    removed: frozenset[RequestId] = frozenset()


class Watch:
    """Everything between configuration and world. Use `run` (until cancelled) or `snapshot` (once), then `close`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        clock: CorrectedClock | None = None,
        simulated: bool = False,
        publish: Callable[[Update], None] = lambda _: None,
    ) -> None:
        self.store = store
        self.clock = clock or CorrectedClock()
        self._settings = settings
        self._publish = publish
        self._sessions = Sessions()
        forget_old(store, self.clock.now(), settings.store.history_days)
        self._reconciler = Reconciler(_setup(settings, store), load(store))
        self._diagnoser = Diagnoser(zone=self.clock.now().astimezone().tzinfo or UTC)
        self._rows: dict[RequestId, RequestRow] = {}
        self._own_problems = _of_configuration(settings)
        """What no service says: about the configuration, and about lists a snapshot did not wait for."""
        self._unsaved: dict[RequestId, RequestMemory] = {}
        self._unsaved_common: CommonMemory | None = None
        self._looks: tuple[LookWanted, ...] = ()
        self._touched = asyncio.Event()
        self._next_at: datetime | None = None
        self.world = World(generated_at=self.clock.now(), simulated=simulated)
        quiet_libraries()
        self.pollers = tuple(self._poller(instance) for instance in settings.instances)

    async def run(self) -> None:
        """Show the stored world, then keep it true until cancelled."""
        self.advance()
        async with asyncio.TaskGroup() as group:
            for poller in self.pollers:
                group.create_task(poller.run(), name=str(poller.ref))
            group.create_task(self._keep_advancing(), name="advance")
            group.create_task(self._keep_flushing(), name="flush")

    async def snapshot(self, timeout_s: float) -> World:
        """Ask every instance, dependent questions included, for at most `timeout_s`; return the world.

        Inventories (whole lists) have a limit of their own, `INVENTORY_S`. What is late is left out: remembered states
        stand in for it, and the services or an INVENTORY_LATE problem say so.
        """
        self.advance()
        late = await exhaust(self.pollers, timeout_s, max(timeout_s, INVENTORY_S), self.advance)
        self._own_problems += tuple(_late_inventory(poller) for poller in late)
        self.advance()
        return self.world

    def refresh_now(self) -> None:
        """Poll every instance soon, refused and failing ones included: the user asked for it."""
        for poller in self.pollers:
            poller.wake(by_user=True)

    def advance(self) -> None:
        """Bring the world up to date with all answers so far; publish if anything changed."""
        for poller in self.pollers:
            if poller.interval_s is not None:
                self._reconciler.pace(poller.ref, poller.interval_s)
        step = self._reconciler.advance(self.clock.now())
        judged = self._diagnoser.judge(step)
        self._looks = judged.looks
        self._next_at = min((at for at in (step.next_at, judged.next_at) if at is not None), default=None)
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
        self._wake_wishful()

    def remember(self) -> None:
        """Hand what changed to the store; what changed back meanwhile was never worth a write."""
        unsaved, self._unsaved = self._unsaved, {}
        common, self._unsaved_common = self._unsaved_common, None
        save(self.store, self.clock.now(), unsaved, common)

    def flush(self) -> None:
        """Write what is worth remembering. Safe from another thread than the watch's."""
        self.remember()
        self.store.flush()

    async def close(self) -> None:
        """Log out, flush and free everything, within a few seconds whatever the services do."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await asyncio.gather(*(poller.aclose() for poller in self.pollers), return_exceptions=True)
        await self._sessions.aclose()
        self.remember()
        self.store.close()

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

    def _poller(self, instance: Instance) -> Poller:
        refused = instance.kind is Kind.QBITTORRENT and login_refused(
            self.store, instance.ref, self._settings.modified_ns
        )
        poll = self._settings.poll
        return Poller(
            instance,
            connect(instance, self._sessions, login_refused=refused),
            clock=self.clock,
            emit=self._absorb,
            interest=self._interest,
            cadence=Cadence(active_s=poll.active_seconds, idle_s=poll.idle_seconds),
            recent=self._settings.requests.recent,
        )

    def _interest(self) -> Interest:
        return msgspec.structs.replace(self._reconciler.interest(), looks=self._looks)

    def _absorb(self, observation: Observation) -> None:
        self._reconciler.absorb(observation)
        if observation.ref.kind is Kind.QBITTORRENT:
            self._remember_login(observation)
        self._touched.set()

    def _remember_login(self, observation: Observation) -> None:
        payload = observation.payload
        refused = isinstance(payload, CallFailed) and payload.status is ServiceStatus.UNAUTHORIZED
        if refused or not isinstance(payload, CallFailed):
            note_login(
                self.store,
                observation.ref,
                refused=refused,
                config_mtime_ns=self._settings.modified_ns,
                now=observation.at,
            )

    def _wake_wishful(self) -> None:
        """Let pollers that rest look again when an answer of another service gave them something to ask."""
        for poller in self.pollers:
            if poller.resting and poller.has_wishes():
                poller.wake()

    async def _keep_advancing(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._until_next()):
                    await self._touched.wait()
            await asyncio.sleep(GATHER_S)
            self._touched.clear()
            try:
                self.advance()
            except Exception:
                log.exception("the world could not be brought up to date")

    def _until_next(self) -> float:
        if self._next_at is None:
            return IDLE_LOOK_S
        wait = (self._next_at - self.clock.now()).total_seconds()
        return min(max(wait, GATHER_S), IDLE_LOOK_S)

    async def _keep_flushing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self.remember()
            if self.store.dirty:
                await asyncio.to_thread(self.store.flush)


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


def _late_inventory(poller: Poller) -> Problem:
    kind = poller.ref.kind
    return Problem(
        kind=kind,
        name=poller.ref.name,
        diagnosis=INVENTORY_LATE(
            f"The full list of {kind.title} was late: what only it knows is taken from memory",
            "raise --timeout for a complete snapshot",
        ),
    )

"""The loop: plan, ask, reconcile, diagnose, remember, publish. Runs on whatever event loop starts it.

Answers are absorbed as they come; the world is advanced a moment later, once for all that came meanwhile, and when time
alone changes something. Nothing here waits for a view.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.engine.clients import Loading, connect
from tracker_tui.engine.exhaust import exhaust
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.poller import Poller
from tracker_tui.engine.refusals import login_refused, note_login
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.observation import CallFailed, Observation, Previewed, RefreshesNoted
from tracker_tui.model.states import Attention, ServiceStatus
from tracker_tui.plan.cadence import Cadence
from tracker_tui.plan.topics import Topic
from tracker_tui.reconcile.interest import Interest
from tracker_tui.services.errors import NotFound, ServiceError
from tracker_tui.services.http import Sessions, quiet_libraries
from tracker_tui.store.refreshes import Journal, journal_path
from tracker_tui.store.store import Store

if TYPE_CHECKING:
    from tracker_tui.engine.events import Event
    from tracker_tui.engine.worlds import Update, Worlds
    from tracker_tui.model.world import Diagnosis, Problem, World

log = logging.getLogger(__name__)

IDLE_LOOK_S = 60.0
"""The world is looked at this often even when nothing happens: stale services must look stale."""
INVENTORY_S = 30.0
"""Longest wait of a snapshot for whole lists."""
GATHER_S = 0.05
"""Answers that come within this time are taken together."""
OUT_S = 0.3
"""Longest wait of a snapshot for its first answer before it loads what answers are made of."""
FLUSH_S = 15.0
"""The store is written at most this often while nothing else asks for it."""
CLOSE_S = 2.0


class Watch:
    """Everything between configuration and world. Use `run` (until cancelled) or `snapshot` (once), then `close`.

    What makes worlds takes longest to load and is not needed before the first answers: it comes with the first need.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        clock: CorrectedClock | None = None,
        simulated: bool = False,
        publish: "Callable[[Update], None]" = lambda _: None,
        record: "Callable[[Event], None]" = lambda _: None,
    ) -> None:
        self.store = store
        self.clock = clock or CorrectedClock()
        self._settings = settings
        self._sessions = Sessions()
        self._simulated = simulated
        self._publish = publish
        self._record = record
        self._opened: Worlds | None = None
        self._early: list[Observation] = []
        """Answers that came before there was a world to take them."""
        self._journal = Journal(journal_path(settings.store.path))
        self._touched = asyncio.Event()
        self._keeping: set[asyncio.Task[int]] = set()
        quiet_libraries()
        self.pollers = tuple(self._poller(instance) for instance in settings.instances)

    @property
    def world(self) -> "World":
        """Return the newest world."""
        return self._worlds.world

    @property
    def _worlds(self) -> "Worlds":
        """Return what makes worlds, from now on at the latest with all that was answered so far."""
        if self._opened is None:
            from tracker_tui.engine.worlds import Worlds, beginning

            start = beginning(self._settings, self.store, self.clock.now(), simulated=self._simulated)
            self._opened = Worlds(start, self.clock, publish=self._publish, record=self._record)
            if self._early:
                self._opened.advance()  # the remembered world, before any answer
            early, self._early = self._early, []
            for observation in early:
                self._opened.absorb(observation)
        return self._opened

    async def run(self) -> None:
        """Show the stored world, then keep it true until cancelled."""
        self.advance()
        async with asyncio.TaskGroup() as group:
            for poller in self.pollers:
                group.create_task(poller.run(), name=str(poller.ref))
            group.create_task(self._keep_advancing(), name="advance")
            group.create_task(self._keep_flushing(), name="flush")

    async def snapshot(self, timeout_s: float, meanwhile: Callable[[], object] = lambda: None) -> "World":
        """Ask every instance, dependent questions included, for at most `timeout_s`; return the world.

        Inventories (whole lists) have a limit of their own, `INVENTORY_S`. What is late is left out: remembered states
        stand in for it, and the services or an INVENTORY_LATE problem say so. `meanwhile` runs on a thread while the
        services are at work: for what is slow to load.
        """
        # Sonarr and Radarr first: to most further questions their answers lead
        order = sorted(self.pollers, key=lambda poller: not isinstance(poller.client, Loading))
        for poller in order:
            if isinstance(poller.client, Loading):
                poller.client.load()
        opening = asyncio.create_task(self._open_aside())
        waiting = asyncio.create_task(_aside(opening, meanwhile))
        late = await exhaust(order, timeout_s, max(timeout_s, INVENTORY_S), self.advance, opening)
        self._worlds.add_problems(tuple(_late_inventory(poller) for poller in late))
        self.advance()
        await waiting
        return self.world

    async def _open_aside(self) -> None:
        """Load what makes worlds, and show the remembered one, once the first questions are out."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OUT_S):
                await self._touched.wait()
        await asyncio.to_thread(import_module, "tracker_tui.engine.worlds")
        self.advance()

    def refresh_now(self) -> None:
        """Poll every instance soon, refused and failing ones included: the user asked for it."""
        for poller in self.pollers:
            poller.wake(by_user=True)

    def tell(self, ref: InstanceRef, payload: Previewed) -> None:
        """Take what the user had an instance asked outside of the polls."""
        self._absorb(Observation(ref=ref, at=self.clock.now(), payload=payload))

    def advance(self) -> None:
        """Bring the world up to date with all answers so far; publish if anything changed."""
        self._note_refreshes()
        for poller in self.pollers:
            if poller.interval_s is not None:
                self._worlds.pace(poller.ref, poller.interval_s)
            self._worlds.add_problems(_silent_parts(poller), poller.ref)
        self._worlds.advance()
        self._wake_wishful()

    def flush(self) -> None:
        """Write what is worth remembering. Safe from another thread than the watch's."""
        self._remember()
        self.store.flush()

    def keep(self, name: str, document: dict[str, object]) -> None:
        """Store a small document of the user's and write it at once."""
        self.store.put(meta={name: document})
        task = asyncio.create_task(asyncio.to_thread(self.store.flush))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def close(self) -> None:
        """Log out, flush and free everything, within a few seconds whatever the services do."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await asyncio.gather(*(poller.aclose() for poller in self.pollers), return_exceptions=True)
        await self._sessions.aclose()
        self._remember()
        self.store.close()

    def _remember(self) -> None:
        """Hand what changed to the store; what changed back meanwhile was never worth a write."""
        if self._opened is not None:
            from tracker_tui.engine.remember import save

            save(self.store, self.clock.now(), *self._opened.unsaved())

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
        return self._opened.interest() if self._opened is not None else Interest()

    def _absorb(self, observation: Observation) -> None:
        if self._opened is None:
            self._early.append(observation)
        else:
            self._opened.absorb(observation)
        if observation.ref.kind is Kind.QBITTORRENT:
            self._remember_login(observation)
        self._touched.set()

    def _note_refreshes(self) -> None:
        """Take what the user had refreshed, here or with the command beside us."""
        refreshes = self._journal.news()
        if refreshes is None:
            return
        for instance in self._settings.of_kind(Kind.JELLYFIN):
            own = tuple(one for one in refreshes if one.server == instance.url)
            self._absorb(Observation(ref=instance.ref, at=self.clock.now(), payload=RefreshesNoted(refreshes=own)))

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
        """Let pollers that rest look again when another service's answer gave them something to ask, or to follow."""
        for poller in self.pollers:
            if poller.quickened or (poller.resting and poller.has_wishes()):
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
        if self._worlds.next_at is None:
            return IDLE_LOOK_S
        wait = (self._worlds.next_at - self.clock.now()).total_seconds()
        return min(max(wait, GATHER_S), IDLE_LOOK_S)

    async def _keep_flushing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self._remember()
            if self.store.dirty:
                await asyncio.to_thread(self.store.flush)


def _silent_parts(poller: Poller) -> "tuple[Problem, ...]":
    from tracker_tui.diagnose.services import PARTLY_SILENT
    from tracker_tui.model.world import Problem

    kind, name = poller.ref.kind, poller.ref.name
    title = kind.title if name == kind.value else f"{kind.title} ({name})"

    def said(topic: Topic, fault: ServiceError) -> "Diagnosis":
        text = f"{title} answers, but not about its {topic.replace('_', ' ')}: {fault.message}"
        if isinstance(fault, NotFound):  # the address is right, for the rest is answered
            return PARTLY_SILENT(text, "nothing to do, if this is an older version", level=Attention.INFO)
        return PARTLY_SILENT(text, fault.fix or f"see the log of {kind.title}", level=Attention.WARN)

    return tuple(Problem(kind=kind, name=name, diagnosis=said(topic, one.fault)) for topic, one in poller.parts)


async def _aside(before: asyncio.Task[None], work: Callable[[], object]) -> None:
    await asyncio.wait([before])
    await asyncio.to_thread(work)


def _late_inventory(poller: Poller) -> "Problem":
    from tracker_tui.diagnose.catalogue import INVENTORY_LATE
    from tracker_tui.model.world import Problem

    kind = poller.ref.kind
    return Problem(
        kind=kind,
        name=poller.ref.name,
        diagnosis=INVENTORY_LATE(
            f"The full list of {kind.title} was late: what only it knows is taken from memory",
            "raise --timeout for a complete snapshot",
        ),
    )

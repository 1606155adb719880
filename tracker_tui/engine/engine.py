"""The engine on a thread of its own: a frozen terminal or a slow view never stops polling, saving or quitting."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial

from tracker_tui.config.settings import Settings
from tracker_tui.engine.events import Event
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.engine.worlds import Update
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import Previewed
from tracker_tui.model.traffic import Traffic
from tracker_tui.model.world import World
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)

JOIN_S = 5.0


class Engine:
    """Starts and stops the watch.

    `publish`, and `failed` when the watch ends by a defect, are called on the engine's thread: hand over, do not work
    there. `failed` gets the kind of the error; its text may quote foreign data and goes to the log alone.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        publish: Callable[[Update], None],
        *,
        clock: CorrectedClock | None = None,
        simulated: bool = False,
        failed: Callable[[str], None] = lambda _: None,
        record: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self._failed = failed
        self._build = partial(Watch, settings, store, clock=clock, simulated=simulated, publish=publish, record=record)
        self._store = store
        self._watch: Watch | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)

    @property
    def world(self) -> World | None:
        """Return the newest world, None before the first."""
        return self._watch.world if self._watch else None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def refresh_now(self) -> None:
        """Poll everything soon (debounced); lifts back-offs and refused logins."""
        self._call(lambda watch: watch.refresh_now())

    def tell(self, ref: InstanceRef, payload: Previewed) -> None:
        """Let the rules know what the user had an instance asked."""
        self._call(lambda watch: watch.tell(ref, payload))

    def traffic(self) -> tuple[Traffic, ...]:
        """Return what every instance was asked so far."""
        return tuple(poller.traffic() for poller in self._watch.pollers) if self._watch is not None else ()

    def keep(self, name: str, document: dict[str, object]) -> None:
        """Store a small document of the user's, soon."""
        self._call(lambda watch: watch.keep(name, document))

    def flush_now(self) -> None:
        """Write the store now, from any thread, even while the engine is busy."""
        if self._watch is not None:
            self._watch.flush()

    def stop(self) -> None:
        """Log out, flush and end; returns after at most a few seconds whatever the services do."""
        if self._ready.wait(timeout=JOIN_S) and self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(timeout=JOIN_S)
        self._store.close()

    def _call(self, work: Callable[[Watch], object]) -> None:
        if self._loop is not None and self._watch is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work, self._watch)

    def _main(self) -> None:
        try:
            asyncio.run(self._run())
        except asyncio.CancelledError:
            pass  # stopped while it closed
        except Exception as defect:
            log.exception("the engine ended")
            self._failed(_kind_of(defect))

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watch = self._build()
        self._task = asyncio.create_task(self._watch.run(), name="watch")  # `stop` ends this, never the closing
        self._ready.set()
        try:
            await asyncio.wait({self._task})
        finally:
            await self._watch.close()
        if not self._task.cancelled():
            self._task.result()


def _kind_of(defect: BaseException) -> str:
    while isinstance(defect, BaseExceptionGroup):
        defect = defect.exceptions[0]
    return type(defect).__name__

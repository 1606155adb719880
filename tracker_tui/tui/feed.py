"""Between the engine's thread and the screen: worlds come over one at a time, however slowly the terminal reads."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import msgspec

from tracker_tui.model.answers import Answer, WouldLink
from tracker_tui.model.traffic import Traffic
from tracker_tui.model.world import World
from tracker_tui.present.mutes import Mutes

if TYPE_CHECKING:
    from tracker_tui.engine.engine import Engine
    from tracker_tui.engine.worlds import Update
    from tracker_tui.session import Session

log = logging.getLogger(__name__)

MUTES = "mutes"
"""The store's document of what is muted."""


class Feed(Protocol):
    """Where worlds come from, and where the user's wishes go."""

    def start(self, deliver: Callable[[], object]) -> None:
        """Begin; `deliver` is called, on any thread, when there is a world to take."""

    def take(self) -> World | None:
        """Return the newest world, None if it was taken already."""

    def trouble(self) -> str | None:
        """Return why no world will come any more."""

    def refresh_now(self) -> None:
        """Ask every service soon."""

    def flush_now(self) -> None:
        """Write the store; safe from any thread."""

    def stop(self) -> None:
        """End, with everything saved."""


class EngineFeed:
    """The real one. The engine, and with it the service libraries, are imported on a thread after the first frame."""

    def __init__(self, opened: "Session") -> None:
        self._opened = opened
        self._engine: Engine | None = None
        self._newest: World | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._trouble: str | None = None
        self._deliver: Callable[[], object] = lambda: None

    def start(self, deliver: Callable[[], object]) -> None:
        """Import and start the engine on a thread; returns at once."""
        self._deliver = deliver
        threading.Thread(target=self._begin, name="engine-start", daemon=True).start()

    def take(self) -> World | None:
        """Return the newest world, None if it was taken already."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def trouble(self) -> str | None:
        """Return why the engine has ended, or was never started."""
        return self._trouble

    def refresh_now(self) -> None:
        """Ask every service soon; nothing while the engine starts."""
        if self._engine is not None:
            self._engine.refresh_now()

    def flush_now(self) -> None:
        """Write the store."""
        self._opened.store.flush()

    def tell(self, answer: Answer) -> None:
        """Let the rules know what Shokofin's dry run said; other answers are for the user alone."""
        if self._engine is not None and isinstance(answer.found, WouldLink) and answer.found.told:
            self._engine.tell(answer.asked, answer.found.files)

    def traffic(self) -> tuple[Traffic, ...]:
        """Return what every instance was asked so far."""
        return self._engine.traffic() if self._engine is not None else ()

    def mutes(self) -> Mutes:
        """Return what the user muted, in this run or an earlier one."""
        try:
            return msgspec.convert(self._opened.store.meta(MUTES), Mutes)
        except msgspec.ValidationError as fault:
            log.warning("store: what is muted cannot be read (%s)", fault)
            return Mutes()

    def keep_mutes(self, mutes: Mutes) -> bool:
        """Store what is muted; return whether the store can be written."""
        document = msgspec.to_builtins(mutes)
        if self._engine is not None:
            self._engine.keep(MUTES, document)
        else:
            self._opened.store.put(meta={MUTES: document})
        return self._opened.store.writable

    def stop(self) -> None:
        """End the engine and close the store."""
        with self._lock:
            self._stopped = True
            engine = self._engine
        if engine is not None:
            engine.stop()
        else:
            self._opened.store.close()

    def start_over(self) -> None:
        """Begin with another engine that remembers nothing; returns at once."""
        with self._lock:
            old, self._engine = self._engine, None
            self._opened = self._opened.forgetful()

        def change() -> None:
            if old is not None:
                old.stop()
            self._begin()

        threading.Thread(target=change, name="engine-start", daemon=True).start()

    def _begin(self) -> None:
        try:
            from tracker_tui.engine.engine import Engine

            opened = self._opened
            engine = Engine(
                opened.settings,
                opened.store,
                self._publish,
                clock=opened.clock,
                simulated=opened.simulated,
                failed=self._fail,
                record=opened.record,
            )
            with self._lock:
                if self._stopped:
                    return
                self._engine = engine
                engine.start()
        except Exception as defect:
            log.exception("the engine could not be started")
            self._fail(type(defect).__name__)

    def _fail(self, kind: str) -> None:
        self._trouble = f"Nothing is asked any more: internal error {kind}"
        self._deliver()

    def _publish(self, update: "Update") -> None:
        with self._lock:
            waiting = self._newest is not None
            self._newest = update.world
        if not waiting:
            self._deliver()

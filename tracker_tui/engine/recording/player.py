"""A replay that runs by itself, on a thread of its own, and obeys controls. It feeds a view as an engine does."""

import queue
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from tracker_tui.engine.recording.reader import Recording
from tracker_tui.engine.recording.replay import Replay
from tracker_tui.engine.worlds import Update
from tracker_tui.model.world import World

LONGEST_PAUSE_S = 3.0
"""Nobody waits longer for something to happen, whatever the recording did."""
SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0)
JUMP = timedelta(minutes=5)
JOIN_S = 5.0


class Player:
    """Starts paused at `at`, or plays from the beginning. All methods may be called from any thread."""

    recorded = True

    def __init__(self, recording: Recording, at: datetime | None = None) -> None:
        self._replay = Replay(recording, self._publish)
        self.clock = self._replay.clock
        self.notes = recording.notes
        self._at = at
        self._playing = at is None
        self._speed = 1.0
        self._newest: World | None = None
        self._lock = threading.Lock()
        self._wishes: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._deliver: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    # --- as a feed of worlds -------------------------------------------------------------------------------------

    def start(self, deliver: Callable[[], object]) -> None:
        """Begin; `deliver` is called on the player's thread when there is a world to take."""
        self._deliver = deliver
        position = 1 if self._at is None else self._replay.position_at(self._at)
        self._wishes.put(lambda: self._replay.seek(position))
        self._thread.start()

    def take(self) -> World | None:
        """Return the newest world, None if it was taken already."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def trouble(self) -> str | None:
        """Return nothing: a recording does not fail, it ends."""
        return None

    def refresh_now(self) -> None:
        """Do nothing: a recording asks nobody."""

    def flush_now(self) -> None:
        """Do nothing: a recording is not remembered."""

    def stop(self) -> None:
        """End."""
        self._wishes.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_S)

    # --- as something that plays ---------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Return whether it stands still, by a key or at its end."""
        return self._replay.over or not self._playing

    @property
    def zone(self) -> timezone:
        """Return the time zone of where it was recorded."""
        return timezone(timedelta(seconds=self._replay.recording.start.zone_s))

    def caption(self) -> str:
        """Return where it is, in one line."""
        replay = self._replay
        instants = replay.recording.instants
        at = f"{replay.clock.now().astimezone(self.zone):%d %b %Y %H:%M:%S}"
        far = f"{100 * replay.position // len(instants)} %"
        doing = "at its end" if replay.over else f"playing {self._speed:g}x" if self._playing else "paused"
        return f"Replay · {at} · {far} · {doing}"

    def toggle(self) -> None:
        """Pause or play on; from the end, play again."""
        self._wishes.put(self._toggle)

    def step(self) -> None:
        """Pause, and go to the next change."""
        self._wishes.put(lambda: self._paused(self._replay.to_next_change))

    def jump(self, direction: int) -> None:
        """Go back (-1) or forth (1) by some minutes of its time."""

        def leap() -> None:
            replay = self._replay
            replay.seek(replay.position_at(replay.clock.now() + direction * JUMP))

        self._wishes.put(leap)

    def faster(self, direction: int) -> None:
        """Play faster (1) or slower (-1)."""

        def pace() -> None:
            at = SPEEDS.index(self._speed) + direction
            self._speed = SPEEDS[max(0, min(at, len(SPEEDS) - 1))]

        self._wishes.put(pace)

    def again(self) -> None:
        """Play from the beginning."""

        def begin() -> None:
            self._replay.seek(1)
            self._playing = True

        self._wishes.put(begin)

    # --- inside --------------------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        self._playing = not self._playing or self._replay.over
        if self._playing and self._replay.over:
            self._replay.seek(1)

    def _paused(self, work: Callable[[], object]) -> None:
        self._playing = False
        work()

    def _run(self) -> None:
        while True:
            try:
                wish = self._wishes.get(timeout=self._pause_s())
            except queue.Empty:
                self._replay.step()
                continue
            if wish is None:
                return
            wish()
            self._publish(Update(world=self._replay.world))

    def _pause_s(self) -> float | None:
        """Return the seconds until the next step by itself, None while there is none."""
        next_at = self._replay.next_at
        if not self._playing or next_at is None:
            return None
        gap_s = (next_at - self._replay.clock.now()).total_seconds() / self._speed
        return min(max(gap_s, 0.0), LONGEST_PAUSE_S)

    def _publish(self, update: Update) -> None:
        with self._lock:
            waiting = self._newest is not None
            self._newest = update.world
        if not waiting:
            self._deliver()

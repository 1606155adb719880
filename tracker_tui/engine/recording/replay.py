"""Plays a recording: the same worlds again, one after the other, at any pace, forwards and back."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from tracker_tui.engine.events import Advanced, Began, Event, Paced, ProblemsAdded
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.recording.reader import Recording
from tracker_tui.engine.worlds import Update, Worlds
from tracker_tui.model.observation import Observation
from tracker_tui.model.world import World

log = logging.getLogger(__name__)


class Replay:
    """Where a recording is being played: `position` instants of it have passed. One thread at a time."""

    def __init__(self, recording: Recording, publish: Callable[[Update], None] = lambda _: None) -> None:
        self.recording = recording
        self.clock = CorrectedClock(lambda: self._now)
        self._publish = publish
        self._now: datetime = recording.start.now
        self._muted = False
        self._changed = False
        self.rewind()

    @property
    def world(self) -> World:
        """Return the world as of now."""
        return self._worlds.world

    @property
    def over(self) -> bool:
        """Return whether everything is played."""
        return self.position >= len(self.recording.instants)

    @property
    def next_at(self) -> datetime | None:
        """Return the instant of the next step."""
        return None if self.over else self.recording.instants[self.position]

    def rewind(self) -> None:
        """Go back to the start: what was remembered before the first answer."""
        self.position = 0
        self._begin(self.recording.start)
        self._events: Iterator[Event] = self.recording.events()

    def step(self) -> bool:
        """Play up to the next instant; return whether there was one."""
        for event in self._events:
            match event:
                case Began():  # the demo's story was told from the beginning again
                    self._begin(event)
                case Observation():
                    self._worlds.absorb(event)
                case Paced():
                    self._worlds.pace(event.ref, event.interval_s)
                case ProblemsAdded():
                    self._worlds.add_problems(event.problems, event.about)
                case Advanced():
                    self._now = event.now
                    self.position += 1
                    self._advance()
                    return True
        self.position = len(self.recording.instants)
        return False

    def to_next_change(self) -> None:
        """Play until a row has changed, or to the end."""
        self._changed = False
        while not self._changed and self.step():
            pass

    def seek(self, position: int) -> None:
        """Go to a position, back or forth; publish only the world found there."""
        wanted = max(1, min(position, len(self.recording.instants)))
        self._muted = True
        try:
            if wanted < self.position:
                self.rewind()
            while self.position < wanted and self.step():
                pass
        finally:
            self._muted = False
        self._publish(Update(world=self.world))

    def position_at(self, at: datetime) -> int:
        """Return the position of the last instant not after `at`, at least the first."""
        return max(1, sum(1 for instant in self.recording.instants if instant <= at))

    def _begin(self, start: Began) -> None:
        self._now = start.now
        self._worlds: Worlds = Worlds(start, self.clock, publish=self._take)

    def _advance(self) -> None:
        try:
            self._worlds.advance()
        except Exception:
            log.exception("the world could not be brought up to date")  # as it happened to the watch

    def _take(self, update: Update) -> None:
        self._changed = self._changed or bool(update.changed or update.removed)
        if not self._muted:
            self._publish(update)

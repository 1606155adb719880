"""The demo's story in accelerated time: a household in the middle of things, and what happens next.

`Story.tick` carries out what is due by the story's clock; nothing runs by itself.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.story.opening import LONG_AGO, open_story
from tracker_tui.simulate.story.script import SCRIPT

SPEED = 10.0
"""Simulated seconds per real second: the story takes four minutes."""
CALM_SPEED = 1.0
"""After its end."""
STRIDE = timedelta(seconds=5)
"""How finely a jump tells what it skips."""


class Beat(NamedTuple):
    """A moment of the story: how long after its first instant, and what happens then."""

    at: timedelta
    text: str


class Story:
    """Tells the script to a household. Safe to steer from any thread.

    The clock stands still until `resume`. `on_restart(old, new)` is called when a restart replaces the household.
    """

    def __init__(self, *, seed: int = 1, speed: float = SPEED) -> None:
        self.beats = tuple(Beat(timedelta(seconds=step.at_s), step.text) for step in SCRIPT if step.text)
        self.clock = SimClock(START - LONG_AGO)
        self.on_restart: Callable[[Household, Household], None] = lambda _old, _new: None
        self.told: list[Beat] = []
        """The beats so far, with the moments at which they really came."""
        self._seed = seed
        self._speed = speed
        self._lock = threading.RLock()
        self._next = 0
        self.household = self._begin()
        self.tick()

    @property
    def offset(self) -> timedelta:
        """Return how far the story is."""
        return self.clock.now() - START

    @property
    def over(self) -> bool:
        """Return whether everything is told."""
        return self._next >= len(SCRIPT)

    @property
    def speed(self) -> float:
        """Return the simulated seconds per real second while it runs."""
        return self._speed

    def resume(self) -> None:
        """Let time pass."""
        with self._lock:
            self.clock.set_speed(min(self._speed, CALM_SPEED) if self.over else self._speed)

    def pause(self) -> None:
        """Let time stand still."""
        with self._lock:
            self.clock.set_speed(0)

    def set_speed(self, speed: float) -> None:
        """Set how fast time passes, now (unless paused) and after a pause."""
        with self._lock:
            self._speed = speed
            if self.clock.speed:
                self.clock.set_speed(speed)

    def tick(self) -> None:
        """Carry out what is due by now."""
        with self._lock:
            self.household.tick()
            offset = self.offset
            while not self.over:
                step = SCRIPT[self._next]
                if offset < timedelta(seconds=step.at_s) or not step.when(self.household):
                    return
                step.act(self.household)
                self._next += 1
                if step.text:
                    self.told.append(Beat(offset, step.text))
                if self.over and self.clock.speed > CALM_SPEED:
                    self.clock.set_speed(CALM_SPEED)

    def jump(self, to: timedelta | Beat) -> None:
        """Go to a moment or beat; everything before it has happened. Back means from the beginning."""
        target = START + (to.at if isinstance(to, Beat) else to)
        with self._lock:
            if target < self.clock.now():
                self.restart()
            speed = self.clock.speed
            self.clock.set_speed(0)
            while (now := self.clock.now()) < target:
                self.clock.jump(to=min(now + STRIDE, target))
                self.tick()
            self.clock.set_speed(speed)

    def skip(self) -> None:
        """Go on to the next beat, whatever it waits for."""
        with self._lock:
            told = len(self.told)
            while not self.over and len(self.told) == told:
                self.jump(self.offset + STRIDE)

    def restart(self) -> None:
        """Begin again, with a new household and the clock moved back."""
        with self._lock:
            speed, old = self.clock.speed, self.household
            self.clock.set_speed(0)
            self.clock.jump(to=START - LONG_AGO)
            self.household = self._begin()
            self.tick()
            self.on_restart(old, self.household)
            self.clock.set_speed(speed)

    def _begin(self) -> Household:
        self._next, self.told = 0, []
        household = Household(self.clock, seed=self._seed)
        open_story(household)
        return household

"""The simulated household behind `--demo`: its services on loopback ports, and a thread that tells its story."""

import os
import threading
from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from tracker_tui.config.kinds import TRAITS
from tracker_tui.config.settings import PollSettings, Settings
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.story.story import SPEED, Story

AT = "TRACKER_TUI_DEMO_AT"
"""Environment variable: start so many simulated seconds into the story."""
SPEED_OF = "TRACKER_TUI_DEMO_SPEED"
"""Environment variable: simulated seconds per real second; 0 stands still."""

REST_S = 2.0
"""Real seconds for which time stands still at first: the first look shows one instant."""
TICK_S, CALM_TICK_S = 0.2, 1.0
"""Real seconds between two looks at what is due, and after the story's end."""
CALLS_KEPT = 1000
"""Calls that a service remembers: the demo may be left open for days."""
POLL = PollSettings(active_seconds=1.0, idle_seconds=2.0)
"""Time runs faster here; an idle service must still answer within half a simulated minute, or it looks stale."""
SPEEDS = (1.0, 2.0, 5.0, 10.0, 15.0)
"""Simulated seconds per real second that can be chosen; at more, what is asked every `POLL` would look stale."""


class Demo:
    """Use as a context manager. `settings` and `clock` are what the program runs on.

    `at_s` = simulated seconds into the story at first, where the environment names none;
    `still` = time never passes: a snapshot shows one instant, however slow the machine.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ, *, at_s: float = 0.0, still: bool = False) -> None:
        self._still = still
        self._steered = False
        self.story = Story(speed=_number(environment, SPEED_OF, SPEED))
        self.story.jump(timedelta(seconds=_number(environment, AT, at_s)))
        self._host: SimHost | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="story", daemon=True)

    @property
    def clock(self) -> SimClock:
        """Return the household's clock."""
        return self.story.clock

    @property
    def household(self) -> Household:
        """Return the household; a restart of the story replaces it."""
        return self.story.household

    @property
    def settings(self) -> Settings:
        """Return the configuration that reaches the services, which must be running."""
        instances = tuple(
            replace(one, web_url=f"http://nas.example:{TRAITS[one.kind].port}") for one in self.household.instances()
        )
        return Settings(instances=instances, poll=POLL)

    # --- controls ------------------------------------------------------------------------------------------------

    recorded = False
    """It goes on for ever and never back, and its services can be asked."""

    @property
    def paused(self) -> bool:
        """Return whether the story stands still."""
        return not self.story.clock.speed

    def caption(self) -> str:
        """Return what happens just now, and how fast."""
        story = self.story
        told = story.told[-1].text if story.told else ""
        pace = f"{story.clock.speed:g}x" if story.clock.speed else "paused"
        return f"Demo · {told} · {pace}"

    def toggle(self) -> None:
        """Let time stand still, or go on."""
        self._steered = True
        if self.clock.speed:
            self.story.pause()
        else:
            self.story.resume()

    def step(self) -> None:
        """Stand still at the next moment that the story tells of."""
        self._steered = True
        self.story.pause()
        self.story.skip()

    def jump(self, direction: int) -> None:
        """Skip to the next moment that the story tells of; it cannot go back."""
        if direction > 0:
            self.story.skip()

    def faster(self, direction: int) -> None:
        """Let time pass faster (1) or slower (-1)."""
        at = min(range(len(SPEEDS)), key=lambda one: abs(SPEEDS[one] - self.story.speed)) + direction
        self.story.set_speed(SPEEDS[max(0, min(at, len(SPEEDS) - 1))])

    def again(self) -> None:
        """Tell the story from the beginning."""
        self.story.restart()
        self.story.resume()

    def __enter__(self) -> "Demo":
        self._host = SimHost()
        for service in self.household.services.values():
            self._host.add(service)
        self.story.on_restart = self._replace
        if not self._still:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if not self._still:
            self._thread.join(timeout=5)
        if self._host is not None:
            self._host.close()

    def _tell(self) -> None:
        if self._ended.wait(REST_S):
            return
        if not self._steered:
            self.story.resume()
        while not self._ended.wait(CALM_TICK_S if self.story.over else TICK_S):
            self.story.tick()
            for service in self.household.services.values():
                del service.calls[:-CALLS_KEPT]

    def _replace(self, old: Household, new: Household) -> None:
        """Serve a new household under the addresses of the old one."""
        if self._host is None:
            return
        for kind, service in old.services.items():
            self._host.stop(service)
            self._host.add(new.services[kind], int(service.url.rpartition(":")[2]))


def _number(environment: Mapping[str, str], name: str, otherwise: float) -> float:
    """Return a variable's number; `otherwise` where it is not set or no number from 0 on."""
    try:
        number = float(environment.get(name, ""))
    except ValueError:
        return otherwise
    return number if number >= 0 else otherwise

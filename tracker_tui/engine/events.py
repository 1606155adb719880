"""What can happen to worlds, one event after the other. The same events in the same order give the same worlds."""

from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.world import Problem
from tracker_tui.reconcile.memory import Memory
from tracker_tui.reconcile.setup import Setup


class Began(Fact):
    """What worlds start from. `zone_s` = the offset from UTC in which sentences tell the time, seconds."""

    now: datetime
    setup: Setup
    memory: Memory
    zone_s: int = 0
    problems: tuple[Problem, ...] = ()
    """What no service says: about the configuration."""
    simulated: bool = False


class Paced(Fact):
    """`ref` is asked at this interval from now on: freshness is measured against it."""

    ref: InstanceRef
    interval_s: float


class ProblemsAdded(Fact):
    """More problems that no service can tell; those about an instance take the place of earlier ones."""

    problems: tuple[Problem, ...]
    about: InstanceRef | None = None


class Advanced(Fact):
    """The world was brought up to date at this instant."""

    now: datetime


Event = Began | Observation | Paced | ProblemsAdded | Advanced

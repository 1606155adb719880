"""What an instance was asked and what went wrong, for the service's page."""

from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact


class Asked(Fact):
    """One kind of question. `every_s` = its rhythm now, seconds; None: only when something needs it."""

    topic: str
    times: int
    last_at: datetime
    every_s: float | None = None


class Trouble(Fact):
    """A question that failed."""

    at: datetime
    topic: str
    message: str


class Traffic(Fact):
    """Everything since the start of the program; `calls` are HTTP exchanges, a question may take several."""

    ref: InstanceRef
    calls: int = 0
    bytes_in: int = 0
    skipped: int = 0
    """Records that could not be read."""
    asked: tuple[Asked, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    """The newest ones, oldest first."""

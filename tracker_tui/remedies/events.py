"""What a refresh tells while it is carried out: the steps it reaches, and how it ended."""

from enum import StrEnum

from tracker_tui.model.record import Fact
from tracker_tui.remedies.proposal import Refusal


class Step(StrEnum):
    """Where a refresh is."""

    CHECKING = "checking"
    """Reading Jellyfin's state once more, right before acting."""
    REPAIRING = "repairing"
    """Shokofin makes the empty virtual folder anew."""
    CLEARING = "clearing"
    """Shokofin forgets what it remembers of Shoko."""
    ASKING = "asking"
    """The one request that starts it."""
    WAITING = "waiting"
    """Not seen to begin yet, or Jellyfin does not answer just now."""
    QUEUED = "queued"
    """Jellyfin has taken it and is busy with another."""
    REFRESHING = "refreshing"
    VERIFYING = "verifying"


class Reached(Fact):
    """A step was reached, or moved on. `fraction` (0..1) is Jellyfin's own progress, where it tells."""

    step: Step
    text: str
    fraction: float | None = None


class Ending(StrEnum):
    """How it ended."""

    VERIFIED = "verified"
    NOTHING_NEW = "nothing_new"
    REFUSED = "refused"
    """Something changed since the proposal: nothing was refreshed."""
    UNREACHABLE = "unreachable"
    """Jellyfin stopped answering before the refresh was sent."""
    FAILED = "failed"
    """Jellyfin did not accept it."""
    TOO_LONG = "too_long"
    """It still ran when patience ended."""


class Outcome(Fact):
    """The last event. `new` = more playable items than before; None = not counted."""

    ending: Ending
    text: str
    next_step: str | None = None
    new: int | None = None
    refusal: Refusal | None = None


Event = Reached | Outcome

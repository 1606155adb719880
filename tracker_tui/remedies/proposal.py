"""What a refresh is asked for, and the two answers before anything is sent: a proposal or a refusal."""

from enum import StrEnum

from tracker_tui.model.ids import RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State


class RequestTarget(Fact):
    """What one request lacks in Jellyfin."""

    request_id: RequestId


class LibraryTarget(Fact):
    """A whole library, by the name Jellyfin shows, whatever its case."""

    name: str


class WaitingTarget(Fact):
    """Whatever waits for Shokofin now."""


Target = RequestTarget | LibraryTarget | WaitingTarget


class Scope(StrEnum):
    """What Jellyfin is told to look at, the smallest first."""

    SERIES = "series"
    """One series item that exists: new files in a season it has."""
    LIBRARY = "library"
    EVERYTHING = "everything"
    """The full library scan."""


class Why(StrEnum):
    """Why nothing was sent."""

    NOT_CONFIGURED = "not_configured"
    UNREACHABLE = "unreachable"
    """Jellyfin gave no usable answer."""
    NOT_PERMITTED = "not_permitted"
    """Jellyfin refuses the key, or it is no administrator's."""
    UNKNOWN_TARGET = "unknown_target"
    RUNNING = "running"
    """A scan or refresh runs; another one would cancel it or wait behind it."""
    COOLDOWN = "cooldown"
    NOTHING_TO_GAIN = "nothing_to_gain"


class Refusal(Fact):
    """Nothing was sent, and why. `wait_s`: after so many seconds it is worth another try."""

    why: Why
    message: str
    next_step: str | None = None
    wait_s: int | None = None
    code: str | None = None
    """The diagnosis that says it, where one does."""


class Stake(Fact):
    """A request that should gain, as it stood before: `ready` of `total` counted episodes in Jellyfin."""

    id: RequestId
    title: str
    state: State
    ready: int
    total: int
    waiting: int
    """Files that are imported and not in Jellyfin."""


class Proposal(Fact):
    """The one refresh that will be sent if the user agrees."""

    target: Target
    jellyfin: str
    """The instance's name."""
    scope: Scope
    question: str
    """One sentence that names what will happen."""
    library_id: str | None = None
    library: str | None = None
    item_id: str | None = None
    """The series item, for `Scope.SERIES`."""
    shokofin: bool = False
    """Shokofin fills what is refreshed: its cache is cleared before."""
    empty_root: str | None = None
    """The library's virtual folder, which is missing or empty: Shokofin makes it anew before."""
    stakes: tuple[Stake, ...] = ()
    effects: tuple[str, ...] = ()
    """What else it means, and for whom."""

"""What one look at a request leaves for the next, so that only what moves is looked at again."""

from datetime import datetime

from tracker_tui.model.arr import HistoryRecord, MediaFile, QueueRecord
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.reconcile.case import Download, JellyfinFinding, Route, Seen, ShokoFinding
from tracker_tui.reconcile.facts.subjects import Subject
from tracker_tui.reconcile.memory import EpisodeMemory
from tracker_tui.reconcile.request.rows import Dated
from tracker_tui.reconcile.unit.verdict import Step


class KeptUnit(Fact):
    """A unit at rest as it was found, and the subjects it was read from."""

    seen: Seen
    idle: tuple[State, Step]
    reads: frozenset[Subject]


class Shown(Fact):
    """A unit with the row and the memory made of it."""

    seen: Seen
    counted: bool
    dated: Dated
    memory: EpisodeMemory

    def fits(self, seen: Seen, counted: bool, now: datetime) -> bool:
        """Return whether the row is still right: the very same unit, and no threshold crossed since."""
        raises_at = self.dated.raises_at
        return self.seen is seen and self.counted == counted and (raises_at is None or raises_at > now)


class Findings(Fact):
    """What Shoko and Jellyfin said about one unit, and what that rests on."""

    route: Route
    shoko: ShokoFinding | None
    jellyfin: JellyfinFinding | None
    file: MediaFile | None
    item_id: str | None
    reads: frozenset[Subject]


class Shelf:
    """What one look leaves for the next: units at rest stay as they are while nothing they rest on has changed.

    Only kept for requests in flight: of a pack of twenty-four that has been imported but for one, one is climbed.
    """

    def __init__(self) -> None:
        self.stamp: object = None
        self._clear()

    def open(self, stamp: object) -> bool:
        """Return whether what is kept is still right; else forget it."""
        if self.stamp == stamp:
            return True
        self._clear()
        self.stamp = stamp
        return False

    def _clear(self) -> None:
        self.findings: dict[tuple[int, int], Findings] = {}
        self.units: dict[tuple[int, int], KeptUnit] = {}
        self.shown: dict[tuple[int, int], Shown] = {}
        self.history: dict[int, list[HistoryRecord]] = {}
        self.records: dict[int, list[QueueRecord]] = {}
        self.quiet: dict[int, tuple[Download, ...]] = {}

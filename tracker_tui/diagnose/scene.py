"""The services around all requests as rules look at them: who can be cited, how things are named, what time it is."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from tracker_tui.diagnose import words
from tracker_tui.model import moments
from tracker_tui.model.arr import HealthCheck
from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.jellyfin import SCAN_KEY, Library, ScheduledTask
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import Thresholds
from tracker_tui.model.world import Evidence, Unassigned
from tracker_tui.reconcile.case import JellyfinView, ShokoView, Surroundings

RECONNECTED_FOR = timedelta(seconds=60)
"""A stall says nothing so soon after the client got its connection back: peers are dialled anew."""


class Scene(Fact):
    """`around` with what the diagnoser itself remembers, and the words that depend on configuration.

    `silent` = instances that give no answers now, down or refusing us; `offline_at` = when each client was last seen
    without a connection; `orphans` = what belongs to nothing known but probably to a request; `zone` = the time zone
    sentences are written in.
    """

    around: Surroundings
    zone: tzinfo = UTC
    silent: frozenset[InstanceRef] = frozenset()
    offline_at: Mapping[InstanceRef, datetime] = {}
    orphans: Mapping[RequestId, tuple[Unassigned, ...]] = {}

    @property
    def now(self) -> datetime:
        """Return the instant of the look."""
        return self.around.now

    @property
    def limits(self) -> Thresholds:
        """Return the configured thresholds."""
        return self.around.setup.thresholds

    # --- words -------------------------------------------------------------------------------------------------

    def name(self, ref: InstanceRef) -> str:
        """Return how people call an instance: "Sonarr", or "Sonarr (4k)" where there are several."""
        several = len(self.around.setup.of(ref.kind)) > 1
        return f"{ref.kind.title} ({ref.name})" if several else ref.kind.title

    def clock(self, at: datetime) -> str:
        """Return a time of day, with the date if it is another one."""
        return moments.clock(at, self.now, self.zone)

    def age(self, since: datetime) -> str:
        """Return how long something lasts."""
        return words.age(since, self.now)

    @staticmethod
    def saw(ref: InstanceRef, fact: str, value: object, at: datetime | None = None) -> Evidence:
        """Return an observed fact; without `at` the diagnoser dates it by when it was first seen so."""
        return Evidence(service=ref.kind, instance=ref.name, fact=fact, value=str(value), observed_at=at)

    # --- services ----------------------------------------------------------------------------------------------

    def down(self, ref: InstanceRef) -> bool:
        """Return whether an instance gives no answers."""
        return ref in self.silent

    def awaited(self, refs: Iterable[InstanceRef]) -> bool:
        """Return whether one of them was never heard in this run, and is not silent either: it is about to be asked."""
        return any(ref not in self.around.heard_at and ref not in self.silent for ref in refs)

    def checks(self, ref: InstanceRef, *sources: str) -> list[HealthCheck]:
        """Return the standing complaints of an instance whose source begins with one of the words."""
        return [check for check in self.around.checks.get(ref, ()) if check.source.startswith(sources)]

    def offline(self, ref: InstanceRef) -> bool:
        """Return whether a client says that it has no connection."""
        view = self.around.clients.get(ref)
        return view is not None and view.transfer is not None and view.transfer.connection == "disconnected"

    def reconnected_until(self, ref: InstanceRef) -> datetime | None:
        """Return until when a client's stalls say nothing, because it has only just got its connection back."""
        last = self.offline_at.get(ref)
        return last + RECONNECTED_FOR if last is not None and self.now - last < RECONNECTED_FOR else None

    def shoko(self, ref: InstanceRef) -> ShokoView:
        """Return what a Shoko says of itself; everything unknown if it said nothing."""
        return self.around.shokos.get(ref) or ShokoView()

    def jellyfin(self, ref: InstanceRef) -> JellyfinView:
        """Return what a Jellyfin says of itself; everything unknown if it said nothing."""
        return self.around.jellyfins.get(ref) or JellyfinView()

    def scan(self, ref: InstanceRef) -> ScheduledTask | None:
        """Return Jellyfin's library scan."""
        return next((task for task in self.jellyfin(ref).tasks if task.key == SCAN_KEY), None)

    def scanning(self, ref: InstanceRef) -> bool:
        """Return whether Jellyfin scans everything or refreshes a library now."""
        task = self.scan(ref)
        if task is not None and task.state in {"Running", "Cancelling"}:
            return True
        return any(one.refresh_status in {"Active", "Queued"} for one in self.jellyfin(ref).libraries or ())

    def scan_percent(self, ref: InstanceRef) -> float | None:
        """Return how far the scan is, 0..1."""
        task = self.scan(ref)
        if task is not None and task.state == "Running":
            return task.percent / 100 if task.percent is not None else None
        active = [one.refresh_percent for one in self.jellyfin(ref).libraries or () if one.refresh_status == "Active"]
        known = [one for one in active if one is not None]
        return known[0] / 100 if known else None

    def library(self, ref: InstanceRef, key: str) -> Library | None:
        """Return a library by id or name."""
        return next((one for one in self.jellyfin(ref).libraries or () if key in {one.id, one.name}), None)

    def next_scan(self, ref: InstanceRef) -> str | None:
        """Return in words when Jellyfin scans by itself next: "at 03:00" by its own clock, "at 14:20" by ours.

        None where that is not known, or would be past.
        """
        task = self.scan(ref)
        if task is None:
            return None
        if task.daily_at_s is not None:
            return f"at {words.of_day(task.daily_at_s)}"
        ended = task.last_ended_at or task.last_started_at
        if task.interval_s is None or ended is None:
            return None
        due_at = ended + timedelta(seconds=task.interval_s)
        return f"at {self.clock(due_at)}" if due_at > self.now else None

    def of(self, kind: Kind) -> tuple[InstanceRef, ...]:
        """Return the configured instances of a kind."""
        return self.around.setup.of(kind)

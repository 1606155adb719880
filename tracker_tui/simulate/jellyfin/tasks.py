"""A simulated Jellyfin's scheduled tasks and everything that happens by itself, in the household's time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5

from tracker_tui.simulate.jellyfin.items import Json, SimulatedLibrary, dotnet

SCAN_KEY = "RefreshLibrary"
SCAN_ID = "7738148ffcd07979c7ceb148e06b3aed"
_TICKS = 10_000_000

Action = Callable[[datetime], None]


class Agenda:
    """What is due when. `run` carries out everything due, in order, each with its own time."""

    def __init__(self) -> None:
        self._due: list[tuple[datetime, int, Action]] = []
        self._count = 0

    def add(self, at: datetime, action: Action) -> None:
        """Have `action(at)` carried out at that time."""
        self._count += 1
        heapq.heappush(self._due, (at, self._count, action))

    def run(self, now: datetime) -> None:
        """Carry out what is due, and what that makes due."""
        while self._due and self._due[0][0] <= now:
            at, _, action = heapq.heappop(self._due)
            action(at)


@dataclass
class Task:
    """A scheduled task. `started_at` is set while it runs; `lasts` is how long a run takes."""

    key: str
    name: str
    id: str = ""
    category: str = "Library"
    hidden: bool = False
    lasts: timedelta = timedelta(0)
    started_at: datetime | None = None
    last: tuple[datetime, datetime, str] | None = None
    daily_at: timedelta | None = None
    every: timedelta | None = None

    def __post_init__(self) -> None:
        self.id = self.id or md5(self.key.encode(), usedforsecurity=False).hexdigest()

    def percent(self, now: datetime) -> float:
        """Return how far the run is, 0 to 100."""
        if self.started_at is None or not self.lasts:
            return 0.0
        return min(100.0, 100 * (now - self.started_at) / self.lasts)

    def next_start(self, after: datetime) -> datetime | None:
        """Return when its trigger starts it next (the server's zone is UTC)."""
        if self.daily_at is not None:
            midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
            today = midnight + self.daily_at
            return today if today > after else today + timedelta(days=1)
        return after + self.every if self.every is not None else None

    def render(self, now: datetime) -> Json:
        """Return it as `/ScheduledTasks` does; progress is absent while idle, the result before the first run."""
        told: Json = {"Name": self.name, "State": "Idle" if self.started_at is None else "Running"}
        if self.started_at is not None:
            told["CurrentProgressPercentage"] = round(self.percent(now), 4)
        told["Id"] = self.id
        if self.last is not None:
            start, end, status = self.last
            told["LastExecutionResult"] = {
                "StartTimeUtc": dotnet(start),
                "EndTimeUtc": dotnet(end),
                "Status": status,
                "Name": self.name,
                "Key": self.key,
                "Id": self.id,
            }
        triggers: list[Json] = []
        if self.daily_at is not None:
            triggers.append({"Type": "DailyTrigger", "TimeOfDayTicks": int(self.daily_at.total_seconds() * _TICKS)})
        if self.every is not None:
            triggers.append({"Type": "IntervalTrigger", "IntervalTicks": int(self.every.total_seconds() * _TICKS)})
        return told | {
            "Triggers": triggers,
            "Description": self.name,
            "Category": self.category,
            "IsHidden": self.hidden,
            "Key": self.key,
        }


@dataclass
class Refresh:
    """A refresh in the one worker's queue: of a library, or of one folder in it."""

    library: SimulatedLibrary
    folder: str | None = None
    started_at: datetime | None = None


class Scanner:
    """The full scan, the refresh queue and the library monitor. `validate(library, folder, at)` does the looking.

    A full scan looks at one library after the other, drops what the monitor has pending, and can be cancelled by
    `restart` (what `/Library/Refresh` does). Refreshes queue up behind each other.
    """

    monitor_delay = timedelta(seconds=60)

    def __init__(
        self,
        agenda: Agenda,
        libraries: Callable[[], list[SimulatedLibrary]],
        validate: Callable[[SimulatedLibrary, str | None, datetime], None],
    ) -> None:
        self.task = Task(SCAN_KEY, "Scan Media Library", SCAN_ID, lasts=timedelta(seconds=60))
        self.refresh_lasts = timedelta(seconds=20)
        self.queue: list[Refresh] = []
        self._agenda = agenda
        self._libraries = libraries
        self._validate = validate
        self._run = 0
        self._armed = 0
        self._reports: dict[str, datetime] = {}

    # ---- the full scan

    @property
    def running(self) -> bool:
        """Return whether the full scan runs."""
        return self.task.started_at is not None

    def arm(self, at: datetime) -> None:
        """Let the task's trigger start the next scan; replaces what was armed before."""
        self._armed += 1
        mine = self._armed
        start = self.task.next_start(at)
        if start is not None:
            self._agenda.add(start, lambda due: self.start(due) if mine == self._armed else None)

    def start(self, at: datetime) -> None:
        """Start a full scan; nothing happens while one runs."""
        if self.running:
            return
        self._run += 1
        mine = self._run
        self.task.started_at = at
        self._reports.clear()
        libraries = self._libraries()
        for number, library in enumerate(libraries, 1):
            self._agenda.add(
                at + self.task.lasts * number / len(libraries),
                lambda due, library=library: self._validate(library, None, due) if mine == self._run else None,  # type: ignore[misc]
            )
        self._agenda.add(at + self.task.lasts, lambda due: self._end(due, "Completed") if mine == self._run else None)

    def cancel(self, at: datetime) -> None:
        """Cancel a running scan."""
        if self.running:
            self._run += 1
            self._end(at, "Cancelled")

    def restart(self, at: datetime) -> None:
        """Cancel a running scan and start a new one."""
        self.cancel(at)
        self.start(at)

    def _end(self, at: datetime, status: str) -> None:
        if self.task.started_at is not None:
            self.task.last = (self.task.started_at, at, status)
        self.task.started_at = None
        self.arm(at)

    # ---- refreshes

    def refresh(self, library: SimulatedLibrary, folder: str | None, at: datetime) -> None:
        """Queue a refresh of a library, or of one folder in it."""
        self.queue.append(Refresh(library, folder))
        self._work(at)

    def _work(self, at: datetime) -> None:
        if self.queue and self.queue[0].started_at is None:
            self.queue[0].started_at = at
            self._agenda.add(at + self.refresh_lasts, self._refreshed)

    def _refreshed(self, at: datetime) -> None:
        done = self.queue.pop(0)
        self._validate(done.library, done.folder, at)
        self._work(at)

    def status(self, library: SimulatedLibrary, now: datetime) -> tuple[str, float | None]:
        """Return a library's RefreshStatus and RefreshProgress (only while Active)."""
        waiting = [one for one in self.queue if one.library is library and one.folder is None]
        active = next((one.started_at for one in waiting if one.started_at is not None), None)
        if active is not None:
            return "Active", round(min(100.0, 100 * (now - active) / self.refresh_lasts), 4)
        libraries = self._libraries()
        if self.running and library in libraries:
            share = self.task.percent(now) * len(libraries) / 100 - libraries.index(library)
            if 0 <= share < 1:
                return "Active", round(100 * share, 4)
        return ("Queued", None) if waiting else ("Idle", None)

    # ---- the library monitor

    def report(self, library: SimulatedLibrary, folder: str, at: datetime) -> None:
        """Note a change below a folder; 60 s after the last one it is looked at."""
        due = at + self.monitor_delay
        self._reports[folder] = due
        self._agenda.add(due, lambda when: self._look(library, folder, when))

    def _look(self, library: SimulatedLibrary, folder: str, at: datetime) -> None:
        if self._reports.get(folder) == at:
            del self._reports[folder]
            self._validate(library, folder, at)

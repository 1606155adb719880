"""What one Jellyfin says right now about everything a refresh depends on, and what that forbids."""

import math
from datetime import UTC, datetime, timedelta

from tracker_tui.model.fractions import whole_percent
from tracker_tui.model.jellyfin import CLEAR_KEY, SCAN_KEY, SHOKOFIN_ID, Library, Plugin, ScheduledTask
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.record import Fact
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.reconcile.case import JellyfinView
from tracker_tui.remedies.proposal import Refusal, Why
from tracker_tui.services.errors import NotPermitted, ServiceError, Unauthorized
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.services.together import or_none, together

COOLDOWN = timedelta(seconds=60)
"""Shokofin remembers its last run for so long; sooner a refresh would make no link."""


class Motion(Fact):
    """Whether something runs. `now` = the server's own time."""

    now: datetime
    libraries: tuple[Library, ...]
    tasks: tuple[ScheduledTask, ...]

    def task(self, key: str) -> ScheduledTask | None:
        """Return a scheduled task by its key."""
        return next((one for one in self.tasks if one.key == key), None)

    @property
    def scan(self) -> ScheduledTask | None:
        """Return the full library scan's task."""
        return self.task(SCAN_KEY)


class Standing(Motion):
    """Motion, and what its plugin says. `plugin_active` None = the plugins could not be read."""

    plugin_active: bool | None = None
    shokofin: ShokofinRead = ShokofinRead()

    @property
    def view(self) -> JellyfinView:
        """Return it in the form the mapping rules read."""
        return JellyfinView(libraries=self.libraries, tasks=self.tasks, shokofin=self.shokofin)


async def read_motion(client: JellyfinClient) -> Motion:
    """Read scan states. Raises ServiceError."""
    libraries, tasks = await together(client.libraries(), client.tasks())
    return Motion(now=server_now(client), libraries=libraries.libraries, tasks=tasks.tasks)


async def read_standing(client: JellyfinClient, shokofin: ShokofinClient) -> Standing:
    """Read everything at once; what the plugin does not tell stays unknown. Raises ServiceError for the rest."""
    (libraries, tasks), (setup, plugin) = await together(
        together(client.libraries(), client.tasks()), together(client.setup(), or_none(shokofin.read()))
    )
    return Standing(
        now=server_now(client),
        libraries=libraries.libraries,
        tasks=tasks.tasks,
        plugin_active=_plugin_active(setup.plugins),
        shokofin=plugin or ShokofinRead(),
    )


def server_now(client: JellyfinClient) -> datetime:
    """Return the server's time as its newest answer told it, else the local one."""
    return client.meter.server_date or datetime.now(UTC)


def _plugin_active(plugins: tuple[Plugin, ...] | None) -> bool | None:
    if plugins is None:
        return None
    return any(one.id == SHOKOFIN_ID and one.status == "Active" for one in plugins)


# ---- what it forbids


def no_answer(name: str, fault: ServiceError) -> Refusal:
    """Return the refusal for a Jellyfin that could not be asked."""
    if isinstance(fault, Unauthorized | NotPermitted):
        return Refusal(
            why=Why.NOT_PERMITTED,
            message=f"{name} does not allow it: {fault.message}",
            next_step=fault.fix or "use an API key from Jellyfin → Dashboard → API Keys",
        )
    return Refusal(why=Why.UNREACHABLE, message=f"{name} is unreachable: {fault.message}", next_step=fault.fix)


def in_motion(motion: Motion) -> Refusal | None:
    """Return the refusal while a scan or refresh runs, or where that cannot be known."""
    scan = motion.scan
    if scan is None or scan.state is None:
        return Refusal(
            why=Why.NOT_PERMITTED,
            message="Jellyfin does not say whether a library scan runs; starting another one could cancel it",
            next_step="look at Jellyfin → Dashboard → Scheduled Tasks",
        )
    if scan.state != "Idle":
        return Refusal(
            why=Why.RUNNING,
            message=f"a scan is running{_percent(scan.percent)}; starting another would cancel it",
            next_step="wait until it has ended",
        )
    busy = next((one for one in motion.libraries if one.refresh_status in {"Active", "Queued"}), None)
    if busy is not None:
        word = "is queued" if busy.refresh_status == "Queued" else f"runs{_percent(busy.refresh_percent)}"
        return Refusal(
            why=Why.RUNNING,
            message=f"a refresh of {busy.name} {word}; another would only wait behind it",
            next_step="wait until it has ended",
        )
    return None


def cooling(motion: Motion, last: Refreshed | None, *, shokofin: ShokofinRead | None) -> Refusal | None:
    """Return the refusal within the cooldown: 60 s after the last scan or refresh ended, whichever is later.

    `shokofin` = what the plugin says where it fills the target. Where it offers no task to clear its memory, it must
    also have been left alone for as long as it remembers.
    """
    span = COOLDOWN
    if shokofin is not None and motion.task(CLEAR_KEY) is None and shokofin.config is not None:
        span = max(span, timedelta(seconds=(shokofin.config.stalled_time_s or 0) + 1))
    ends = [motion.scan.last_ended_at if motion.scan is not None else None]
    if last is not None:
        ends.append(last.ended_at or last.started_at)
    # an end far in the future is a clock that was set back, not a run
    known = [one for one in ends if one is not None and one - motion.now <= span]
    if not known:
        return None
    left = math.ceil((min(max(known), motion.now) + span - motion.now).total_seconds())
    if left <= 0:
        return None
    why = "Shokofin still remembers its last run" if shokofin is not None else "the last scan or refresh has just ended"
    return Refusal(why=Why.COOLDOWN, message=f"wait {left} s: {why}", next_step=f"try again in {left} s", wait_s=left)


def plugin_out(standing: Standing) -> Refusal | None:
    """Return the refusal where Shokofin is not there to make links, or has no Shoko to make them of."""
    if standing.plugin_active is False:
        return Refusal(
            why=Why.NOTHING_TO_GAIN,
            message="a refresh would change nothing: Jellyfin runs no Shokofin",
            next_step="Jellyfin → Dashboard → Plugins: enable Shoko, then restart Jellyfin",
            code="SHOKOFIN_MISSING",
        )
    if standing.shokofin.host_reachable is False:
        return Refusal(
            why=Why.NOTHING_TO_GAIN,
            message="a refresh would change nothing: Shokofin cannot reach Shoko",
            next_step="Jellyfin → Shokofin → Connection: check Shoko's address and the login",
            code="SHOKOFIN_NO_SHOKO",
        )
    return None


def _percent(value: float | None) -> str:
    return "" if value is None else f" ({whole_percent(value / 100)})"

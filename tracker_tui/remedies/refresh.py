"""One refresh, carried out: look again, clear Shokofin's memory, send one request, watch, verify.

The request that starts it is sent once. When its answer is lost, Jellyfin's state tells whether it arrived; it is
never sent again. Only Jellyfin's HTTP API is used; nothing is deleted.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from tracker_tui.model.fractions import whole_percent
from tracker_tui.model.jellyfin import CLEANUP_KEY, CLEAR_KEY, ScheduledTask
from tracker_tui.model.record import Fact
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.text import SafeText
from tracker_tui.remedies.events import Ending, Event, Outcome, Reached, Step
from tracker_tui.remedies.proposal import Proposal, Refusal, Scope, Why
from tracker_tui.remedies.standing import (
    Motion,
    cooling,
    in_motion,
    no_answer,
    plugin_out,
    read_motion,
    read_standing,
    server_now,
)
from tracker_tui.services.errors import ServerFault, ServiceError, Starting, Unreachable
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.store.refreshes import Journal

_NOT_REPAIRED = Refusal(
    why=Why.NOTHING_TO_GAIN,
    message="Shokofin did not make its virtual folder anew, and Jellyfin skips an empty one: nothing was refreshed",
    next_step="restart Jellyfin, then refresh",
    code="VFS_ROOT_EMPTY",
)


class Pace(Fact):
    """How often and how long a refresh is watched, seconds."""

    poll_s: float = 2.0
    """Between two looks at Jellyfin's state."""
    unseen_s: float = 10.0
    """A refresh that was never seen for so long has ended already, or shows itself nowhere (a series')."""
    clear_s: float = 30.0
    """Longest wait for Shokofin's memory to be cleared."""
    limit_s: float = 1800.0
    """Longest wait for the end: a first full generation takes many minutes."""
    silence_s: float = 120.0
    """Longest silence of Jellyfin before it is no longer waited for."""
    settle_s: float = 6.0
    """After the end, new items may need so long to be listed."""
    series_settle_s: float = 60.0
    """The same for a series, whose refresh is not visible while it runs."""


class Counted(Fact):
    """Playable items before and after; None = not counted."""

    before: int | None
    after: int | None

    @property
    def new(self) -> int | None:
        """Return how many there are more."""
        if self.before is None or self.after is None:
            return None
        return max(0, self.after - self.before)


class Watched(StrEnum):
    """How watching it ended."""

    ENDED = "ended"
    STILL_RUNNING = "still_running"
    SILENT = "silent"
    """Jellyfin stopped answering."""


class Sent(Fact):
    """What `Refresh.run` ends with when the refresh was sent: it, what was counted, how watching it ended."""

    refreshed: Refreshed
    counted: Counted
    watched: Watched


class Refresh:
    """Carries out one proposal against one Jellyfin. `run` yields steps, and at last an Outcome or Sent."""

    def __init__(
        self, proposal: Proposal, client: JellyfinClient, shokofin: ShokofinClient, journal: Journal, pace: Pace
    ) -> None:
        self._proposal = proposal
        self._client = client
        self._server = client.link.instance.url
        self._shokofin = shokofin
        self._journal = journal
        self._pace = pace
        self._cleared: bool | None = None
        self._seen = self._away = False
        """It was seen to run; Jellyfin gave no answer while it was watched."""

    async def run(self) -> AsyncGenerator[Event | Sent, None]:
        """Yield what happens. Ends with an Outcome when nothing was sent, else with Sent."""
        try:
            async for event in self._steps():
                yield event
        except ServiceError as fault:  # only from steps before the request was sent
            refusal = no_answer(self._proposal.jellyfin, fault)
            ending = Ending.UNREACHABLE if refusal.why is Why.UNREACHABLE else Ending.REFUSED
            yield Outcome(ending=ending, text=refusal.message, next_step=refusal.next_step, refusal=refusal)

    async def _steps(self) -> AsyncGenerator[Event | Sent, None]:
        yield Reached(step=Step.CHECKING, text="Looking whether Jellyfin is free")
        motion, refusal = await self._check()
        if refusal is not None:
            yield refused(refusal)
            return
        before = await self._count()
        if self._proposal.empty_root is not None:
            yield Reached(step=Step.REPAIRING, text="Letting Shokofin make its virtual folder anew")
            if not await self._repair(motion, self._proposal.empty_root):
                yield refused(_NOT_REPAIRED)
                return
        if self._proposal.shokofin:
            async for event in self._clear(motion):
                yield event
            motion = await read_motion(self._client)
            refusal = in_motion(motion)  # a scan may have begun meanwhile
            if refusal is not None:
                yield refused(refusal)
                return
        sent = self._entry(server_now(self._client))
        self._journal.note(sent)
        yield Reached(step=Step.ASKING, text=f"Asking Jellyfin to refresh {self._what}")
        failed = await self._send(motion)
        if failed is not None and not _ambiguous(failed):
            self._journal.forget(sent)
            yield Outcome(
                ending=Ending.FAILED,
                text=f"Jellyfin did not accept the refresh: {failed.message}",
                next_step=failed.fix,
            )
            return
        if failed is not None:
            text = "Jellyfin's answer was lost; looking whether the refresh began (it is not sent again)"
            yield Reached(step=Step.WAITING, text=text)
        watched = Watched.STILL_RUNNING
        async for sight in self._watch():
            if isinstance(sight, Watched):
                watched = sight
            else:
                yield sight
        if watched is Watched.ENDED:
            ended_at = server_now(self._client)
            sent = replace(sent, ended_at=ended_at, doubt=await self._doubt(motion, lost=failed is not None))
            self._journal.note(sent)
        yield Reached(step=Step.VERIFYING, text="Looking what is new in Jellyfin")
        counted = Counted(before=before, after=await self._count_new(before))
        yield Sent(refreshed=replace(sent, new=counted.new), counted=counted, watched=watched)

    async def _check(self) -> tuple[Motion, Refusal | None]:
        """Look at every guard again: minutes may have passed since the proposal."""
        if not self._proposal.shokofin:
            motion = await read_motion(self._client)
            return motion, in_motion(motion) or cooling(motion, self._last, shokofin=None)
        standing = await read_standing(self._client, self._shokofin)
        cool = cooling(standing, self._last, shokofin=standing.shokofin)
        return standing, in_motion(standing) or cool or plugin_out(standing)

    def _entry(self, started_at: datetime) -> Refreshed:
        proposal = self._proposal
        within = proposal.scope is Scope.LIBRARY
        return Refreshed(
            server=self._server,
            started_at=started_at,
            library_id=proposal.library_id if within else None,
            library=SafeText(proposal.library) if within and proposal.library else None,
            everything=proposal.scope is Scope.EVERYTHING,
            shokofin=proposal.shokofin,
            cleared=self._cleared,
            requests=tuple(
                Beneficiary(id=one.id, state=one.state, ready=one.ready, total=one.total) for one in proposal.stakes
            ),
        )

    async def _doubt(self, before: Motion, *, lost: bool) -> str | None:
        """Return why the refresh may not have looked at everything."""
        if self._proposal.scope is Scope.EVERYTHING:
            try:
                scan = (await read_motion(self._client)).scan
            except ServiceError:
                scan = None
            ran = scan is not None and (before.scan is None or scan.last_started_at != before.scan.last_started_at)
            if scan is not None and ran:
                return None if scan.last_status in {None, "Completed"} else f"the scan ended as {scan.last_status}"
        if lost and not self._seen:
            return "Jellyfin was never seen to begin"
        return "Jellyfin went away meanwhile" if self._away else None

    @property
    def _last(self) -> Refreshed | None:
        return self._journal.last(self._server)

    @property
    def _what(self) -> str:
        match self._proposal.scope:
            case Scope.SERIES:
                return self._proposal.stakes[0].title
            case Scope.LIBRARY:
                return f"the library {self._proposal.library}"
            case Scope.EVERYTHING:
                return "all libraries"

    # ---- the prelude

    async def _clear(self, motion: Motion) -> AsyncGenerator[Event, None]:
        """Let Shokofin forget; go on all the same where that cannot be had or seen."""
        self._cleared = None
        task = motion.task(CLEAR_KEY)
        if task is None:
            text = "Shokofin offers no task to clear its memory; it has been left alone long enough to forget"
            yield Reached(step=Step.CLEARING, text=text)
            return
        yield Reached(step=Step.CLEARING, text="Clearing Shokofin's memory")
        self._cleared = await self._ran(task)
        if not self._cleared:
            text = "Shokofin's memory could not be cleared; the refresh may find it unchanged"
            yield Reached(step=Step.CLEARING, text=text)

    async def _repair(self, motion: Motion, root: str) -> bool:
        """Return whether the virtual folder is there and not empty after Shokofin's own repair."""
        task = motion.task(CLEANUP_KEY)
        return task is not None and await self._ran(task) and bool(await self._client.directory(root))

    async def _ran(self, task: ScheduledTask) -> bool:
        """Start a task of the plugin's, and return whether it ran through in time."""
        await self._client.start_task(task.id)
        until_s = time.monotonic() + self._pace.clear_s
        while time.monotonic() < until_s:
            now = next((one for one in (await read_motion(self._client)).tasks if one.id == task.id), None)
            if now is not None and now.state == "Idle" and now.last_started_at != task.last_started_at:
                return now.last_status in {None, "Completed"}
            await asyncio.sleep(min(self._pace.poll_s, 1.0))
        return False

    # ---- the one request

    async def _send(self, motion: Motion) -> ServiceError | None:
        """Send what starts the refresh, once; return what went wrong."""
        proposal = self._proposal
        try:
            if proposal.scope is Scope.EVERYTHING:
                scan = motion.scan
                if scan is None:
                    return ServiceError("Jellyfin lists no library scan")
                await self._client.start_task(scan.id)
            else:
                item = proposal.item_id if proposal.scope is Scope.SERIES else proposal.library_id
                await self._client.refresh_item(item or "")
        except ServiceError as fault:
            return fault
        return None

    # ---- watching

    async def _watch(self) -> AsyncGenerator[Reached | Watched, None]:
        """Yield what Jellyfin says of the refresh, then how watching ended."""
        started_s = answered_s = time.monotonic()
        first_s: float | None = None
        said: Reached | None = None
        while (now_s := time.monotonic()) < started_s + self._pace.limit_s:
            try:
                sight = self._sight(await read_motion(self._client))
            except ServiceError as fault:
                self._away = True
                if now_s > answered_s + self._pace.silence_s:
                    yield Watched.SILENT
                    return
                text = f"Jellyfin does not answer just now ({fault.message}); still looking"
                sight = Reached(step=Step.WAITING, text=text)
            else:
                answered_s = now_s
                first_s = now_s if first_s is None else first_s
                if sight is None and (self._seen or now_s >= first_s + self._pace.unseen_s):
                    yield Watched.ENDED
                    return
                self._seen = self._seen or sight is not None
                sight = sight or Reached(step=Step.WAITING, text="Waiting for Jellyfin to begin")
            if sight != said:
                said = sight
                yield sight
            await asyncio.sleep(self._pace.poll_s)
        yield Watched.STILL_RUNNING

    def _sight(self, motion: Motion) -> Reached | None:
        """Return what is to be seen of the refresh; None = nothing."""
        if self._proposal.scope is Scope.EVERYTHING:
            scan = motion.scan
            if scan is None or scan.state == "Idle":
                return None
            return _progress(scan.percent)
        library = next((one for one in motion.libraries if one.id == self._proposal.library_id), None)
        match library.refresh_status if library is not None else None:
            case "Active":
                return _progress(library.refresh_percent if library is not None else None)
            case "Queued":
                return Reached(step=Step.QUEUED, text=f"Queued in Jellyfin: {self._what}")
        return None

    # ---- counting

    async def _count(self) -> int | None:
        """Return how many playable items there are where the refresh looks; None where it cannot be said."""
        proposal = self._proposal
        try:
            if proposal.scope is Scope.SERIES and proposal.item_id is not None:
                return len((await self._client.series_items(proposal.item_id)).items)
            return await self._client.count_playable(proposal.library_id)
        except ServiceError:
            return None

    async def _count_new(self, before: int | None) -> int | None:
        """Count until there is more than before, or nothing more is to be expected."""
        is_series = self._proposal.scope is Scope.SERIES
        until_s = time.monotonic() + (self._pace.series_settle_s if is_series else self._pace.settle_s)
        wanted = (before or 0) + (sum(one.waiting for one in self._proposal.stakes) or 1)
        best: int | None = None
        while True:
            count = await self._count()
            grew = count is not None and (best is None or count > best)
            best = count if grew else best
            enough = best is not None and best >= wanted
            if enough or time.monotonic() >= until_s:
                return best
            await asyncio.sleep(self._pace.poll_s)


def _progress(percent: float | None) -> Reached:
    fraction = None if percent is None else min(1.0, max(0.0, percent / 100))
    shown = "" if fraction is None else f" {whole_percent(fraction)}"
    return Reached(step=Step.REFRESHING, text=f"Refreshing · Jellyfin scan{shown}", fraction=fraction)


def _ambiguous(fault: ServiceError) -> bool:
    """Return whether the request may have been carried out although no good answer came."""
    return isinstance(fault, Unreachable | ServerFault | Starting)


def refused(refusal: Refusal) -> Outcome:
    """Return the end of a refresh that was not sent."""
    return Outcome(ending=Ending.REFUSED, text=refusal.message, next_step=refusal.next_step, refusal=refusal)

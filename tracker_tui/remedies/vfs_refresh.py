"""The VFS refresh as a view uses it: propose, and, when the user agrees, carry out."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

import msgspec

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.diagnose.mapping import vfs_root
from tracker_tui.model.ids import Kind
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.world import RequestRow, World
from tracker_tui.remedies.closer_look import Finding, look_closer
from tracker_tui.remedies.events import Event, Outcome
from tracker_tui.remedies.place import Locator, Place, waits_for_shokofin
from tracker_tui.remedies.plan import (
    after_one_in_vain,
    nothing_waits,
    plan_library,
    plan_request,
    plan_waiting,
    repaired,
    shokofin_libraries,
)
from tracker_tui.remedies.proposal import (
    LibraryTarget,
    Proposal,
    Refusal,
    RequestTarget,
    Scope,
    Stake,
    Target,
    WaitingTarget,
    Why,
)
from tracker_tui.remedies.refresh import Pace, Refresh, Sent, Watched, refused
from tracker_tui.remedies.standing import Standing, cooling, in_motion, no_answer, read_standing
from tracker_tui.remedies.verify import brought_something, concluded, outcome
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.http import Sessions, quiet_libraries
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.store.refreshes import Journal, journal_path

log = logging.getLogger(__name__)

Fresh = Callable[[], Awaitable[World]]
"""Returns a world made from answers newer than the call."""

_ROWS_PLANNED = 20
"""Waiting requests that are looked into for one refresh of whatever waits."""
_FRESH_LOOKS = 3
"""Worlds asked for until the new items are in one: Jellyfin saves metadata a moment after it lists an item."""
_CLAIMED = Refusal(why=Why.RUNNING, message="another tracker-tui refreshes a Jellyfin just now")


class _Server:
    """One configured Jellyfin with its clients."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self.name, self.url = instance.name, instance.url
        self.client = JellyfinClient(instance, sessions)
        self.shokofin = ShokofinClient(self.client.link)


class VfsRefresh:
    """Proposes and carries out refreshes. One per program; close with `aclose`.

    Refreshes are remembered beside the store; without one, in memory only.

    Not safe to share between event loops. `propose` only reads; `carry_out` sends one refresh at most, ever.
    """

    def __init__(self, settings: Settings, *, pace: Pace = Pace()) -> None:  # noqa: B008
        quiet_libraries()
        self._settings = settings
        self._journal = Journal(journal_path(settings.store.path))
        self._pace = pace
        self._sessions = Sessions()
        self._locator = Locator(settings, self._sessions)
        self._servers = {one.name: _Server(one, self._sessions) for one in settings.of_kind(Kind.JELLYFIN)}

    async def aclose(self) -> None:
        """Close every connection."""
        await self._sessions.aclose()

    async def propose(self, target: Target, world: World) -> Proposal | Refusal:
        """Return what would be sent for `target`, or why nothing is. Of several Jellyfins the first that can help."""
        if not self._servers:
            return Refusal(
                why=Why.NOT_CONFIGURED, message="no Jellyfin is configured", next_step="add a [[jellyfin]] table"
            )
        answers: list[Refusal] = []
        for server in self._servers.values():
            answer = await self._propose_to(server, target, world)
            if isinstance(answer, Proposal):
                return answer
            answers.append(answer)
        return min(answers, key=lambda one: one.why is Why.UNKNOWN_TARGET)

    async def carry_out(self, proposal: Proposal, fresh: Fresh) -> AsyncGenerator[Event, None]:
        """Refresh, watch, verify; yields the steps and, last, an Outcome. Guards are looked at again first."""
        server = self._servers[proposal.jellyfin]
        with self._journal.claim() as mine:
            if not mine:
                yield refused(_CLAIMED)
                return
            refresh = Refresh(proposal, server.client, server.shokofin, self._journal, self._pace)
            async with contextlib.aclosing(refresh.run()) as events:  # whoever leaves early frees the claim at once
                async for event in events:
                    yield await self._concluded(server, proposal, event, fresh) if isinstance(event, Sent) else event

    # ---- proposing

    async def _propose_to(self, server: _Server, target: Target, world: World) -> Proposal | Refusal:
        try:
            standing = await read_standing(server.client, server.shokofin)
            answer = await self._plan(server, target, world, standing)
            if isinstance(answer, Refusal):
                return answer
            plugin = standing.shokofin if answer.shokofin else None
            last = self._last(server, standing)
            if isinstance(last, Refusal):
                return last
            cool = cooling(standing, last, shokofin=plugin)
            if cool is not None:
                return cool
            whole = await self._with_root(server, answer, standing)
            return whole if isinstance(whole, Refusal) else after_one_in_vain(whole, last, standing.now)
        except ServiceError as fault:
            return no_answer(server.name, fault)

    async def _plan(self, server: _Server, target: Target, world: World, standing: Standing) -> Proposal | Refusal:
        match target:
            case RequestTarget(request_id=known):
                row = next((one for one in world.requests if one.id == known), None)
                if row is None:
                    return Refusal(why=Why.UNKNOWN_TARGET, message=f"there is no request {known}")
                return await self._plan_row(server, row, world, standing)
            case LibraryTarget():
                answer = plan_library(target, world, standing, (), server.name)
                if isinstance(answer, Proposal) and answer.shokofin:
                    stakes = await self._stakes_in(server, answer.library_id, world, standing)
                    answer = plan_library(target, world, standing, stakes, server.name)
                return answer
            case WaitingTarget():
                return await self._plan_waiting(server, world, standing)

    async def _plan_row(self, server: _Server, row: RequestRow, world: World, standing: Standing) -> Proposal | Refusal:
        if in_motion(standing) is None:
            place = await self._locator.locate(row, server.client)
        else:
            place = Place()  # refused in any case: nobody is asked anything
        return plan_request(row, world, standing, place, server.name)

    async def _plan_waiting(self, server: _Server, world: World, standing: Standing) -> Proposal | Refusal:
        plans = await self._plans(server, world, standing)
        if plans:
            return plan_waiting(plans, standing, server.name)
        libraries = shokofin_libraries(standing)
        if len(libraries) != 1:
            return in_motion(standing) or nothing_waits()
        return plan_library(LibraryTarget(name=libraries[0].name), world, standing, (), server.name)

    async def _plans(self, server: _Server, world: World, standing: Standing) -> tuple[Proposal | Refusal, ...]:
        rows = [row for row in world.requests if waits_for_shokofin(row)][:_ROWS_PLANNED]
        return tuple([await self._plan_row(server, row, world, standing) for row in rows])

    async def _stakes_in(
        self, server: _Server, library_id: str | None, world: World, standing: Standing
    ) -> tuple[Stake, ...]:
        plans = await self._plans(server, world, standing)
        return tuple(
            stake for one in plans if isinstance(one, Proposal) and one.library_id == library_id for stake in one.stakes
        )

    def _last(self, server: _Server, standing: Standing) -> Refreshed | Refusal | None:
        """Return the last refresh; one whose end nobody saw has ended by now, at the latest. Refused: it goes on."""
        last = self._journal.last(server.url)
        if last is None or last.ended_at is not None:
            return last
        with self._journal.claim() as mine:
            if not mine:
                return _CLAIMED
            limit = last.started_at + timedelta(seconds=self._pace.limit_s)
            ended = msgspec.structs.replace(last, ended_at=min(standing.now, limit), doubt="nobody saw its end")
            self._journal.note(ended)
        return ended

    async def _with_root(self, server: _Server, proposal: Proposal, standing: Standing) -> Proposal | Refusal:
        """Return the proposal; where Jellyfin would skip the library for its empty virtual folder, with its repair."""
        library = next((one for one in standing.libraries if one.id == proposal.library_id), None)
        root = vfs_root(library) if library is not None and proposal.shokofin else None
        if root is None or proposal.scope is Scope.SERIES or not await self._is_empty(server, root):
            return proposal
        return repaired(proposal, standing, root)

    async def _is_empty(self, server: _Server, folder: str) -> bool:
        try:
            entries = await server.client.directory(folder)
            # a listing that is not offered is answered like a folder that is not there
            return (
                not entries
                if entries is not None
                else await server.client.environment_exists(folder, is_file=False) is False
            )
        except ServiceError:
            return False

    # ---- verifying

    async def _concluded(self, server: _Server, proposal: Proposal, sent: Sent, fresh: Fresh) -> Outcome:
        """Verify, and leave word of it for the timelines and for later diagnoses."""
        world = await self._fresh_world(proposal, sent, fresh)
        finding = await self._found(server, proposal, sent, world)
        self._journal.note(concluded(proposal, sent, world, finding))
        return outcome(proposal, sent, world, finding)

    async def _found(self, server: _Server, proposal: Proposal, sent: Sent, world: World | None) -> Finding | None:
        """Return what keeps the files from appearing, where Jellyfin's own view of the folders shows it."""
        in_vain = proposal.shokofin and sent.watched is Watched.ENDED and not brought_something(proposal, sent, world)
        if not in_vain or proposal.library_id is None:
            return None
        stakes = {stake.id for stake in proposal.stakes}
        series = [
            number for row in (world.requests if world else ()) if row.id in stakes for number in row.ids.shoko_series
        ]
        try:
            standing = await read_standing(server.client, server.shokofin)
        except ServiceError:
            return None
        return await look_closer(server.client, standing, proposal.library_id, series)

    async def _fresh_world(self, proposal: Proposal, sent: Sent, fresh: Fresh) -> World | None:
        world: World | None = None
        for look in range(_FRESH_LOOKS):
            if look:
                await asyncio.sleep(self._pace.poll_s)
            try:
                world = await fresh()
            except Exception:
                log.exception("no fresh world after the refresh")
                return None
            gained = sum(
                row.ready - stake.ready for stake in proposal.stakes for row in world.requests if row.id == stake.id
            )
            if not proposal.stakes or gained >= min(sent.counted.new or 0, sum(one.waiting for one in proposal.stakes)):
                break
        return world

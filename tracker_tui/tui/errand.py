"""The VFS refresh on its way from a key to its verdict: on a thread of its own, so that no key waits for Jellyfin."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from tracker_tui.config.settings import Settings
from tracker_tui.model.world import World

if TYPE_CHECKING:
    from tracker_tui.remedies.events import Event
    from tracker_tui.remedies.proposal import Proposal, Refusal, Target

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What an errand needs of the application; every method may be called from any thread."""

    def newest(self) -> World:
        """Return the newest world."""

    def ask_services(self) -> None:
        """Have every service asked now."""

    def tell(self, text: str) -> None:
        """Show a sentence for a while."""

    def progress(self, text: str) -> None:
        """Show how far it is, "" when it is over."""

    def confirm(self, question: str, effects: Sequence[str]) -> Future[bool]:
        """Ask the user."""


class Remedy(Protocol):
    """`remedies.vfs_refresh.VfsRefresh`, as far as it is used here."""

    async def propose(self, target: "Target", world: World) -> "Proposal | Refusal":
        """Return what would be sent, or why nothing is."""

    def carry_out(self, proposal: "Proposal", fresh: Callable[[], Awaitable[World]]) -> AsyncIterator["Event"]:
        """Do it; yields the steps and, last, an outcome."""

    async def aclose(self) -> None:
        """Close every connection."""


def vfs_remedy(settings: Settings) -> Remedy:
    """Return the real remedy; imports the service libraries, so call it on the errand's thread."""
    from tracker_tui.remedies.vfs_refresh import VfsRefresh

    return VfsRefresh(settings)


class Errands:
    """Runs one refresh at a time."""

    def __init__(self, make: Callable[[], Remedy]) -> None:
        self._make = make
        self._busy = threading.Lock()

    def vfs_refresh(self, request_id: str, desk: Desk) -> None:
        """Begin; returns at once. A second one meanwhile is refused."""
        if not self._busy.acquire(blocking=False):
            desk.tell("A refresh is under way already")
            return
        threading.Thread(target=self._run, args=(request_id, desk), name="vfs-refresh", daemon=True).start()

    def _run(self, request_id: str, desk: Desk) -> None:
        try:
            asyncio.run(self._refresh(request_id, desk))
        except Exception:
            log.exception("the refresh failed")
            desk.tell("The refresh failed; L shows why")
        finally:
            desk.progress("")
            self._busy.release()

    async def _refresh(self, request_id: str, desk: Desk) -> None:
        from tracker_tui.remedies.events import Outcome
        from tracker_tui.remedies.fresh import newer_world
        from tracker_tui.remedies.proposal import Refusal, RequestTarget

        desk.progress("asking Jellyfin what a refresh would bring")
        remedy = self._make()
        try:
            answer = await remedy.propose(RequestTarget(request_id=request_id), desk.newest())
            desk.progress("")
            if isinstance(answer, Refusal):
                desk.tell(_sentence(answer.message, answer.next_step))
                return
            if not await asyncio.wrap_future(desk.confirm(answer.question, answer.effects)):
                return
            async for event in remedy.carry_out(answer, lambda: newer_world(desk.newest, desk.ask_services)):
                if isinstance(event, Outcome):
                    desk.tell(_sentence(event.text, event.next_step))
                else:
                    desk.progress(event.text)
        finally:
            await remedy.aclose()


def _sentence(message: str, next_step: str | None) -> str:
    text = message[:1].upper() + message[1:]
    return f"{text} → {next_step}" if next_step else text

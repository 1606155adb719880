"""What the user sets going, from a key to its answer: on a thread of its own, so that no key waits for a service."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from tracker_tui.config.settings import Settings
from tracker_tui.model.answers import Answer
from tracker_tui.model.world import RequestRow, World

if TYPE_CHECKING:
    from tracker_tui.remedies.events import Event
    from tracker_tui.remedies.proposal import Proposal, Refusal, Target
    from tracker_tui.remedies.questions import Meant, Question

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

    def answered(self, answer: Answer) -> None:
        """Show the answer to a question, and keep it beside its row."""


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


class Asker(Protocol):
    """`remedies.questions.Questions`, as far as it is used here."""

    async def propose(self, row: RequestRow, place: "Meant" = None) -> "Question | Refusal":
        """Return the question for a row, or why there is none."""

    async def ask(self, question: "Question") -> "Answer | Refusal":
        """Ask it; refused = there was no answer."""

    async def aclose(self) -> None:
        """Close every connection."""


def asker(settings: Settings) -> Asker:
    """Return the real one; imports the service libraries, so call it on the errand's thread."""
    from tracker_tui.remedies.questions import Questions

    return Questions(settings)


class Errands:
    """Runs one at a time: a refresh, or a question, which asking again gives up."""

    def __init__(self, make: Callable[[], Remedy], make_asker: Callable[[], Asker]) -> None:
        self._make = make
        self._make_asker = make_asker
        self._busy = threading.Lock()
        self._give_up: Callable[[], object] | None = None

    def vfs_refresh(self, request_id: str, desk: Desk) -> None:
        """Begin; returns at once. A second one meanwhile is refused."""
        self._begin("refresh", lambda: self._refresh(request_id, desk), desk)

    def ask(self, row: RequestRow, place: "Meant", desk: Desk) -> None:
        """Begin to ask about a row; returns at once. While a question is under way, give it up instead."""
        if self._give_up is not None:
            self._give_up()
        else:
            self._begin("question", lambda: self._ask(row, place, desk), desk)

    def _begin(self, what: str, work: Callable[[], Coroutine[object, object, None]], desk: Desk) -> None:
        if not self._busy.acquire(blocking=False):
            desk.tell("A question is under way already" if self._give_up else "A refresh is under way already")
            return
        threading.Thread(target=self._run, args=(what, work, desk), name=what, daemon=True).start()

    def _run(self, what: str, work: Callable[[], Coroutine[object, object, None]], desk: Desk) -> None:
        try:
            asyncio.run(work())
        except asyncio.CancelledError:
            desk.tell("The question was given up")
        except Exception:
            log.exception("the %s failed", what)
            desk.tell(f"The {what} failed; press L to see why")
        finally:
            self._give_up = None
            desk.progress("")
            self._busy.release()

    async def _ask(self, row: RequestRow, place: "Meant", desk: Desk) -> None:
        from tracker_tui.remedies.proposal import Refusal

        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        if task is not None:
            self._give_up = lambda: loop.call_soon_threadsafe(task.cancel)
        desk.progress("looking what can be asked")
        asks = self._make_asker()
        try:
            question = await asks.propose(row, place)
            desk.progress("")
            if isinstance(question, Refusal):
                desk.tell(_sentence(question.message, question.next_step))
                return
            if not await asyncio.wrap_future(desk.confirm(question.text, question.effects)):
                return
            desk.progress(f"asking about {question.about}; the same key gives it up")
            answer = await asks.ask(question)
            if isinstance(answer, Refusal):
                desk.tell(_sentence(answer.message, answer.next_step))
            else:
                desk.answered(answer)
        finally:
            await asks.aclose()

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

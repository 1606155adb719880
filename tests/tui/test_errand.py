"""The VFS refresh from the key to its verdict: refused, declined, carried out, failed; never two at a time."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

from tests.tui.conftest import HandFeed, until
from tests.tui.grid import grid
from tests.tui.worlds import NOON, WEB_URLS, household
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.answers import Answer
from tracker_tui.model.arr import FoundRelease, ReleaseSearch
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.text import clean
from tracker_tui.model.world import RequestRow, World
from tracker_tui.remedies.events import Ending, Event, Outcome, Reached, Step
from tracker_tui.remedies.proposal import Proposal, Refusal, RequestTarget, Scope, Target, Why
from tracker_tui.remedies.questions import Meant, Question, Search
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.errand import Errands

PROPOSAL = Proposal(
    target=RequestTarget(request_id="seerr:seerr:74"),
    jellyfin="jellyfin",
    scope=Scope.LIBRARY,
    question="Jellyfin will scan the library [Anime Shows]",
    effects=("it takes some minutes",),
)


class Scripted:
    """A remedy that answers as told."""

    def __init__(self, answer: Proposal | Refusal, *events: Event, go_on: threading.Event | None = None) -> None:
        self.answer = answer
        self.events = events
        self.asked: list[Target] = []
        self.closed = False
        self._go_on = go_on

    async def propose(self, target: Target, world: World) -> Proposal | Refusal:
        self.asked.append(target)
        return self.answer

    async def carry_out(self, proposal: Proposal, fresh: Callable[[], Awaitable[World]]) -> AsyncIterator[Event]:
        for event in self.events:
            yield event
            if self._go_on is not None and isinstance(event, Reached):
                await asyncio.to_thread(self._go_on.wait)

    async def aclose(self) -> None:
        self.closed = True


class Curious:
    """Asks one question, and answers it unless it waits for ever."""

    def __init__(self, answer: Answer | Refusal, *, waits: bool = False) -> None:
        self.answer = answer
        self.waits = waits
        self.proposed: list[tuple[str, Meant]] = []
        self.closed = False

    async def propose(self, row: RequestRow, place: Meant = None) -> Question | Refusal:
        self.proposed.append((row.id, place))
        return Question(
            request=row.id,
            about="season 1",
            asked="sonarr",
            text="Let Sonarr search for season 1 by hand?",
            effects=("it asks 4 indexers now",),
            what=Search(series_id=1, season=1),
        )

    async def ask(self, question: Question) -> Answer | Refusal:
        if self.waits:
            await asyncio.Event().wait()
        return self.answer

    async def aclose(self) -> None:
        self.closed = True


ANSWER = Answer(
    request="seerr:seerr:74",
    about="season 1",
    asked=InstanceRef(Kind.SONARR, "sonarr"),
    at=NOON,
    found=ReleaseSearch(
        found=2,
        approved=0,
        rejections=((clean("Wrong [@click=app.quit]language[/]"), 2),),
        best=(FoundRelease(title=clean("Show.S01.1080p")),),
    ),
)


def app_with(remedy: Scripted, curious: Curious | None = None) -> TrackerApp:
    errands = Errands(lambda: remedy, lambda: curious or Curious(ANSWER))
    return TrackerApp(HandFeed(), household(), lambda: NOON, ui=UiSettings(), web_urls=WEB_URLS, errands=errands)


def toasts(app: TrackerApp) -> list[str]:
    return [str(one.message) for one in app._notifications]


async def test_a_refusal_is_explained() -> None:
    remedy = Scripted(Refusal(why=Why.COOLDOWN, message="a scan ended 20 s ago", next_step="try again in 40 s"))
    app = app_with(remedy)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "v")
        await until(pilot, lambda: remedy.closed)
        await until(pilot, lambda: toasts(app) == ["A scan ended 20 s ago → try again in 40 s"])
        assert remedy.asked == [RequestTarget(request_id="seerr:seerr:74")]


async def test_a_confirmed_refresh_shows_its_steps_and_its_verdict() -> None:
    go_on = threading.Event()
    remedy = Scripted(
        PROPOSAL,
        Reached(step=Step.VERIFYING, text="Refreshing · Jellyfin scan 62 %"),
        Outcome(ending=Ending.VERIFIED, text="13 of 13 now in Jellyfin"),
        go_on=go_on,
    )
    app = app_with(remedy)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "v")
        await until(pilot, lambda: "will scan the library [Anime Shows]" in grid(app))
        assert "it takes some minutes" in grid(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Refreshing · Jellyfin scan 62 %" in grid(app))
        await pilot.press("v")
        await until(pilot, lambda: "A refresh is under way already" in toasts(app))
        go_on.set()
        await until(pilot, lambda: "13 of 13 now in Jellyfin" in toasts(app))
        await until(pilot, lambda: "Refreshing" not in grid(app))


async def test_leaving_the_question_is_no() -> None:
    remedy = Scripted(PROPOSAL, Outcome(ending=Ending.VERIFIED, text="done"))
    app = app_with(remedy)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        for leave in ("escape", "enter"):
            remedy.closed = False
            await pilot.press("n", "v") if leave == "escape" else await pilot.press("v")
            await until(pilot, lambda: "will scan" in grid(app))
            await pilot.press(leave)
            await until(pilot, lambda: remedy.closed)
        assert toasts(app) == []


async def test_a_failure_says_where_to_look() -> None:
    class Broken(Scripted):
        async def propose(self, target: Target, world: World) -> Proposal | Refusal:
            raise ValueError("boom")

    app = app_with(Broken(PROPOSAL))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "v")
        await until(pilot, lambda: toasts(app) == ["The refresh failed; press L to see why"])


async def test_a_question_is_confirmed_answered_and_kept_beside_its_row() -> None:
    curious = Curious(ANSWER)
    app = app_with(Scripted(PROPOSAL), curious)
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "x")
        await until(pilot, lambda: "Let Sonarr search for season 1 by hand?" in grid(app))
        assert "it asks 4 indexers now" in grid(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "2 releases found, Sonarr refuses all." in grid(app))
        assert "2 × Wrong [@click=app.quit]language[/]" in grid(app)
        await pilot.press("escape")
        await until(pilot, lambda: any("search by hand · season 1" in one.text for one in app.main._details()))
        assert curious.proposed == [("seerr:seerr:74", None)]
        assert curious.closed


async def test_a_question_is_given_up_by_the_same_key() -> None:
    curious = Curious(ANSWER, waits=True)
    app = app_with(Scripted(PROPOSAL), curious)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "x")
        await until(pilot, lambda: "by hand?" in grid(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "the same key gives it up" in grid(app))
        await pilot.press("v")
        await until(pilot, lambda: "A question is under way already" in toasts(app))
        await pilot.press("x")
        await until(pilot, lambda: "The question was given up" in toasts(app))
        await until(pilot, lambda: curious.closed)


async def test_a_question_without_an_answer_says_why() -> None:
    curious = Curious(Refusal(why=Why.UNREACHABLE, message="sonarr is unreachable: timed out"))
    app = app_with(Scripted(PROPOSAL), curious)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "x")
        await until(pilot, lambda: "by hand?" in grid(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: toasts(app) == ["Sonarr is unreachable: timed out"])


async def test_an_errand_may_tell_its_end_after_the_programs() -> None:
    app = app_with(Scripted(PROPOSAL), Curious(ANSWER))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await app.main.remove_children()
        app.main.tell_progress("it is over")
        app.main.keep(ANSWER)
        await pilot.pause()

"""Something goes wrong at each step of a refresh: one request at most, an honest end, an honest word for later."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.remedies.house import Desk, House
from tracker_tui.remedies.events import Ending, Outcome, Reached, Step
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.store.refreshes import Journal

Trouble = Callable[[House], None]


def fault(kind: Fault, path: str | None = None) -> Trouble:
    """Return what lets Jellyfin fail, everywhere or at one path."""

    def begin(house: House) -> None:
        if path is None:
            house.jellyfin.fault = kind
        else:
            house.jellyfin.faults[path] = kind

    return begin


def plugin_disabled(house: House) -> None:
    house.home.shokofin.plugin_id = "0" * 31 + "1"
    house.home.shokofin.name = "Other"


def wrong_key(house: House) -> None:
    house.jellyfin.api_key = "another"


def scan_begins(house: House) -> None:
    house.home.scan(lasts_s=100_000)


def restarts(house: House) -> None:
    """It goes away for a moment, and what it was about is forgotten."""
    house.jellyfin.fault = Fault.STATUS_503

    async def back() -> None:
        await asyncio.sleep(0.3)
        house.jellyfin.scanner.queue.clear()
        house.jellyfin.fault = None

    _TASKS.append(asyncio.get_running_loop().create_task(back()))


_TASKS: list[asyncio.Task[None]] = []

VIEW, TASKS = "/Library/VirtualFolders", "/ScheduledTasks"
CLEAR = "/ScheduledTasks/Running"


@pytest.mark.parametrize(
    ("step", "trouble", "ending", "words", "sent"),
    [
        (Step.CHECKING, fault(Fault.RESET), Ending.UNREACHABLE, "is unreachable", 0),
        (Step.CHECKING, fault(Fault.STATUS_500, VIEW), Ending.UNREACHABLE, "is unreachable", 0),
        (Step.CHECKING, fault(Fault.TRUNCATED, TASKS), Ending.UNREACHABLE, "is unreachable", 0),
        (Step.CHECKING, wrong_key, Ending.REFUSED, "does not allow it", 0),
        (Step.CHECKING, plugin_disabled, Ending.REFUSED, "no Shokofin", 0),
        (Step.CHECKING, scan_begins, Ending.REFUSED, "a scan is running", 0),
        (Step.CLEARING, fault(Fault.RESET), Ending.UNREACHABLE, "is unreachable", 0),
        (Step.CLEARING, fault(Fault.STATUS_403, CLEAR), Ending.REFUSED, "does not allow it", 0),
        (Step.CLEARING, scan_begins, Ending.REFUSED, "a scan is running", 0),
        (Step.ASKING, wrong_key, Ending.FAILED, "did not accept", 1),
        (Step.ASKING, fault(Fault.STATUS_404, "/Items"), Ending.FAILED, "did not accept", 1),
        (Step.REFRESHING, fault(Fault.RESET), Ending.UNREACHABLE, "stopped answering", 1),
        (Step.REFRESHING, fault(Fault.STATUS_500), Ending.UNREACHABLE, "stopped answering", 1),
        (Step.REFRESHING, wrong_key, Ending.UNREACHABLE, "stopped answering", 1),
        (Step.REFRESHING, restarts, Ending.NOTHING_NEW, "Jellyfin went away meanwhile", 1),
    ],
    ids=[
        *(
            "check, reset",
            "check, 500",
            "check, cut off",
            "check, key refused",
            "check, plugin disabled",
            "check, scan",
        ),
        *("clear, reset", "clear, forbidden", "clear, scan"),
        *("send, key refused", "send, unknown"),
        *("watch, reset", "watch, 500", "watch, key refused", "watch, restart"),
    ],
)
async def test_trouble_at_each_step(
    house: House, desk: Desk, journal: Path, *, step: Step, trouble: Trouble, ending: Ending, words: str, sent: int
) -> None:
    proposal = await desk.proposal()
    house.jellyfin.scanner.refresh_lasts = timedelta(seconds=400)
    world = await house.world()

    async def fresh() -> object:
        return world

    ends: list[Outcome] = []
    begun = False
    async with house.passing(), contextlib.aclosing(desk.remedy.carry_out(proposal, fresh)) as events:  # type: ignore[arg-type]
        async for event in events:
            if isinstance(event, Outcome):
                ends.append(event)
            elif isinstance(event, Reached) and event.step is step and not begun:
                begun = True
                trouble(house)
    (end,) = ends
    assert begun
    assert (end.ending, words in end.text) == (ending, True), end
    assert len(house.refreshes()) <= sent
    entries = Journal(journal).all()
    if sent and ending is not Ending.FAILED:
        (entry,) = entries
        assert not entry.conclusive, "what is not known to have looked at everything proves nothing"
    else:
        assert entries == (), "what was not begun leaves no cooldown"


async def test_a_claim_of_another_process_bars_a_proposal(house: House, desk: Desk, journal: Path) -> None:
    """While another one's refresh goes on, its entry is left to it."""
    other = Desk(house, journal)
    events = other.remedy.carry_out(await other.proposal(), house.world)
    async for event in events:
        if isinstance(event, Reached) and event.step is Step.ASKING:
            break
    refusal = await desk.refusal()
    assert "another tracker-tui" in refusal.message
    assert Journal(journal).all()[0].ended_at is None
    await events.aclose()
    await other.aclose()
    assert Journal(journal).all()[0].library == ANIME_SHOWS

"""A refresh that works, in every version of the plugin; ones that cannot; and that nothing is ever sent twice (F14)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.remedies.house import HARBOR_LIGHTS, LYCORIS_RECOIL, PACE, Desk, House, row_of
from tracker_tui.model.ids import Kind
from tracker_tui.remedies.events import Ending, Outcome, Reached, Step
from tracker_tui.remedies.proposal import LibraryTarget, Proposal, Refusal, RequestTarget, Scope, WaitingTarget, Why
from tracker_tui.remedies.vfs_refresh import VfsRefresh
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.simulate.household.titles import pack
from tracker_tui.simulate.jellyfin.shokofin import CLEAR_CACHE
from tracker_tui.simulate.jellyfin.tasks import SCAN_ID, Task
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.story.opening import arrives, wanted_by
from tracker_tui.simulate.story.titles import GARDEN_OF_WORDS, GARDEN_RELEASE
from tracker_tui.store.refreshes import Journal


async def test_thirteen_missing_episodes_appear(any_house: House, journal: Path) -> None:
    desk = Desk(any_house, journal)
    assert any_house.shown() == 0
    proposal = await desk.proposal()
    assert (proposal.scope, proposal.library, proposal.shokofin) == (Scope.LIBRARY, ANIME_SHOWS, True)
    assert [(one.ready, one.total, one.waiting) for one in proposal.stakes] == [(0, 13, 13)]
    assert proposal.question == "Let Jellyfin rebuild Shokofin's links in the library Anime Shows?"
    assert "13 imported files of Lycoris Recoil should appear" in proposal.effects
    assert any_house.posts() == []  # a proposal only reads

    steps, end = await desk.carry_out(proposal)
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)
    assert end.text == "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new"
    assert any_house.shown() == 13
    assert list(dict.fromkeys(step.step for step in steps)) == [
        Step.CHECKING,
        Step.CLEARING,
        Step.ASKING,
        Step.REFRESHING,
        Step.VERIFYING,
    ]
    assert any(step.fraction and step.text.startswith("Refreshing · Jellyfin scan ") for step in steps)
    assert any_house.refreshes() == [f"/Items/{proposal.library_id}/Refresh"]
    (entry,) = Journal(journal).all()
    assert (entry.library, entry.shokofin, entry.cleared, entry.new) == (ANIME_SHOWS, True, True, 13)
    assert [(one.id, one.ready, one.after, one.total) for one in entry.requests] == [(proposal.stakes[0].id, 0, 13, 13)]
    await desk.aclose()
    assert (await any_house.row(LYCORIS_RECOIL)).ready == 13


async def test_the_plugin_is_made_to_forget_first(house: House, desk: Desk) -> None:
    """Its list of Shoko's files is an old one: without clearing it, a refresh makes no link."""
    house.home.shokofin.stalled_s = 3600
    house.home.shokofin._active_at = house.clock.now()
    house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id].remembered = True
    _, end = await desk.carry_out(await desk.proposal())
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)


@pytest.mark.parametrize("lost", [False, True], ids=["empty", "missing"])
async def test_an_empty_virtual_folder_is_made_anew_first(house: House, desk: Desk, lost: bool) -> None:
    """Jellyfin skips an empty library folder: without Shokofin's own repair every refresh is in vain."""
    adopted = house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id]
    house.jellyfin.disk.remove(adopted.root if lost else f"{adopted.root}/.keep")
    proposal = await desk.proposal()
    assert proposal.empty_root == adopted.root
    assert "Shokofin makes it anew first" in proposal.effects[0]
    assert house.posts() == []
    steps, end = await desk.carry_out(proposal)
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)
    assert list(dict.fromkeys(step.step for step in steps))[:4] == [
        Step.CHECKING,
        Step.REPAIRING,
        Step.CLEARING,
        Step.ASKING,
    ]
    assert house.refreshes() == [f"/Items/{proposal.library_id}/Refresh"]


async def test_a_virtual_folder_that_stays_empty_is_not_refreshed(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id].root
    house.jellyfin.disk.remove(f"{root}/.keep")
    proposal = await desk.proposal()
    monkeypatch.setattr(house.home.shokofin, "_keep", lambda adopted: None)
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.next_step) == (Ending.REFUSED, "restart Jellyfin, then refresh")
    assert "nothing was refreshed" in end.text
    assert house.refreshes() == []


async def test_without_the_task_the_refresh_goes_on_and_says_so(house: House, desk: Desk) -> None:
    house.home.shokofin.tasks = []
    steps, end = await desk.carry_out(await desk.proposal())
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)
    (clearing,) = [step for step in steps if step.step is Step.CLEARING]
    assert "offers no task" in clearing.text
    assert len(house.posts()) == 1


async def test_a_task_that_fails_is_said(house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    task = next(one for one in house.home.shokofin.tasks if one.key == CLEAR_CACHE)

    def fail(_: Task, at: datetime) -> None:
        task.last = (at, at, "Failed")

    monkeypatch.setattr(house.home.shokofin, "run", fail)
    steps, end = await desk.carry_out(await desk.proposal())
    assert end.ending is Ending.VERIFIED
    assert [step.text for step in steps if "could not be cleared" in step.text]


# ---- nothing is sent twice


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [(Fault.RESET_BODY, True), (Fault.RESET, False), (Fault.STATUS_502, False)],
    ids=["answer lost", "request lost", "a proxy in between"],
)
async def test_a_lost_answer_is_looked_into_never_repeated(
    house: House, desk: Desk, fault: Fault, arrives: bool
) -> None:
    proposal = await desk.proposal()
    house.jellyfin.faults[f"/Items/{proposal.library_id}/Refresh"] = fault
    steps, end = await desk.carry_out(proposal)
    assert [step for step in steps if "answer was lost" in step.text]
    assert end.ending is (Ending.VERIFIED if arrives else Ending.NOTHING_NEW)
    assert len(house.refreshes()) <= 1
    assert house.shown() == (13 if arrives else 0)


@pytest.mark.parametrize("fault", [Fault.STATUS_401, Fault.STATUS_403, Fault.STATUS_404])
async def test_a_refusal_by_jellyfin_ends_it_and_leaves_no_cooldown(house: House, desk: Desk, fault: Fault) -> None:
    proposal = await desk.proposal()
    house.jellyfin.faults[f"/Items/{proposal.library_id}/Refresh"] = fault
    _, end = await desk.carry_out(proposal)
    assert end.ending is Ending.FAILED
    assert len(house.refreshes()) == 1
    house.jellyfin.faults.clear()
    assert (await desk.proposal()).library == ANIME_SHOWS


def _scan_now(house: House) -> None:
    house.home.scan(lasts_s=100_000)


def _clearing_meets_a_scan(house: House) -> None:
    run = house.home.shokofin.run

    def run_and_scan(task: object, at: object) -> None:
        run(task, at)  # type: ignore[arg-type]
        house.home.scan(lasts_s=100_000)

    house.home.shokofin.run = run_and_scan  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("begin", "posts"), [(_scan_now, 0), (_clearing_meets_a_scan, 1)], ids=["before", "while clearing"]
)
async def test_a_scan_that_begins_after_the_proposal_is_left_alone(
    house: House, desk: Desk, begin: Callable[[House], None], posts: int
) -> None:
    proposal = await desk.proposal()
    begin(house)
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.refusal and end.refusal.why) == (Ending.REFUSED, Why.RUNNING)
    assert house.refreshes() == []
    assert len(house.posts()) == posts
    assert house.jellyfin.scanner.running


async def test_the_cooldown_is_looked_at_again(house: House, desk: Desk) -> None:
    first = await desk.proposal()
    await desk.carry_out(first)
    _, end = await desk.carry_out(first)
    assert (end.ending, end.refusal and end.refusal.why) == (Ending.REFUSED, Why.COOLDOWN)
    assert len(house.refreshes()) == 1


async def test_of_two_processes_at_once_one_refreshes(house: House, desk: Desk, journal: Path) -> None:
    other = Desk(house, journal)
    mine, theirs = await desk.proposal(), await other.proposal()
    endings: list[Ending] = []
    async with house.passing():
        async for event in desk.remedy.carry_out(mine, house.world):
            if isinstance(event, Outcome):
                endings.append(event.ending)
            elif event.step is Step.REFRESHING and not endings:
                told = [one async for one in other.remedy.carry_out(theirs, house.world)]
                endings += [one.ending for one in told if isinstance(one, Outcome)]
    assert endings == [Ending.REFUSED, Ending.VERIFIED]
    assert len(house.refreshes()) == 1
    await other.aclose()


# ---- it does not help


async def test_the_true_reason_when_nothing_comes(house: House, desk: Desk, journal: Path) -> None:
    proposal = await desk.proposal()
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.new) == (Ending.NOTHING_NEW, 0)
    assert end.text.startswith('nothing new in Jellyfin: Shokofin maps Jellyfin\'s library "Anime Shows" to no Shoko')
    assert end.next_step is not None
    assert end.next_step.startswith("Shokofin → Library settings")
    (entry,) = Journal(journal).all()
    assert (entry.conclusive, entry.new, [one.after for one in entry.requests]) == (True, 0, [0])
    assert (entry.verdict or "").startswith("Shokofin maps Jellyfin's library")


async def test_a_folder_that_jellyfin_cannot_see(house: House, desk: Desk) -> None:
    """Check 15: Shoko and the mapping are fine, the mount in Jellyfin's container is gone: known before, or found."""
    proposal = await desk.proposal()
    house.jellyfin.disk.remove("/media/anime/shows")
    assert (await desk.refusal()).code == "VFS_FOLDER_MISSING"
    _, end = await desk.carry_out(proposal)
    assert end.ending is Ending.NOTHING_NEW
    assert "/media/anime/shows does not exist for Jellyfin" in end.text
    assert "mount" in (end.next_step or "")


async def test_what_cannot_be_explained_is_not_refreshed_again(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin fails over every file: only its log would tell."""
    monkeypatch.setattr(house.home.shokofin, "_generate", lambda *_: None)
    _, end = await desk.carry_out(await desk.proposal())
    assert end.ending is Ending.NOTHING_NEW
    assert end.next_step == "press x for Shokofin's VFS preview, and check its filters and folder mapping"


async def test_a_silent_jellyfin_is_not_waited_for_forever(house: House, desk: Desk) -> None:
    proposal = await desk.proposal()
    house.jellyfin.scanner.refresh_lasts = timedelta(days=1)
    carried = asyncio.create_task(desk.carry_out(proposal))
    await _until_sent(house)
    house.jellyfin.fault = Fault.RESET
    _, end = await carried
    assert (end.ending, len(house.refreshes())) == (Ending.UNREACHABLE, 1)


async def _until_sent(house: House) -> None:
    while not house.refreshes():  # noqa: ASYNC110 - the server's log has no event
        await asyncio.sleep(0.02)


async def test_an_end_that_does_not_come_is_not_claimed(house: House, journal: Path) -> None:
    desk = Desk(house, journal, msgspec.structs.replace(PACE, limit_s=0.5))
    house.jellyfin.scanner.refresh_lasts = timedelta(days=1)
    _, end = await desk.carry_out(await desk.proposal())
    assert (end.ending, end.text) == (Ending.TOO_LONG, "Jellyfin still refreshes")
    entry = Journal(journal).last(house.jellyfin.url)
    assert entry is not None
    assert entry.ended_at is None
    await desk.aclose()


# ---- the smallest scope that can work


async def test_three_more_of_a_season_that_is_there(host: SimHost, journal: Path) -> None:
    house = House(host, bring=False)
    ten, three = (
        pack(f"[Vertex] {part}", f"[Vertex] {part} E{{}}", count, 1 << 30) for part, count in (("A", 10), ("B", 3))
    )
    wanted_by(LYCORIS_RECOIL, "mia")(house.home)
    numbers = LYCORIS_RECOIL.numbers()
    arrives(LYCORIS_RECOIL, ten, *numbers[:10])(house.home)
    house.home.shoko.finish_jobs()
    house.jellyfin.finish_scan()
    house.wait(300)
    arrives(LYCORIS_RECOIL, three, *numbers[10:])(house.home)
    house.home.shoko.finish_jobs()
    house.wait(1200)
    assert house.shown() == 10

    desk = Desk(house, journal)
    proposal = await desk.proposal()
    assert (proposal.scope, proposal.library) == (Scope.SERIES, ANIME_SHOWS)
    assert proposal.question == "Let Jellyfin rebuild Shokofin's links of Lycoris Recoil?"
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.text) == (Ending.VERIFIED, "Lycoris Recoil: 13 of 13 now in Jellyfin · 3 new")
    assert house.refreshes() == [f"/Items/{proposal.item_id}/Refresh"]
    await desk.aclose()
    house.close()


async def test_a_regular_film_scans_its_library_without_a_word_to_shokofin(
    house: House, desk: Desk, journal: Path
) -> None:
    house.home.libraries["Movies"].realtime = False
    house.bring(HARBOR_LIGHTS)
    house.wait(3600)
    assert house.shown(HARBOR_LIGHTS) == 0
    proposal = await desk.proposal(wanted=HARBOR_LIGHTS)
    assert (proposal.scope, proposal.library, proposal.shokofin) == (Scope.LIBRARY, "Movies", False)
    assert "Shoko" not in repr((proposal.question, proposal.effects))
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.text) == (Ending.VERIFIED, "Harbor Lights: now in Jellyfin")
    assert [call.path for call in house.posts()] == [f"/Items/{proposal.library_id}/Refresh"]
    (entry,) = Journal(journal).all()
    assert (entry.library, entry.shokofin, [one.after for one in entry.requests]) == ("Movies", False, [1])


async def test_what_waits_in_one_library_needs_only_that_one(house: House, desk: Desk) -> None:
    proposal = await desk.proposal(WaitingTarget())
    assert (proposal.scope, proposal.library) == (Scope.LIBRARY, ANIME_SHOWS)


async def test_what_waits_in_two_libraries_needs_everything(house: House, desk: Desk) -> None:
    wanted_by(GARDEN_OF_WORDS, "mia")(house.home)
    arrives(GARDEN_OF_WORDS, GARDEN_RELEASE)(house.home)
    house.home.shoko.finish_jobs()
    house.wait(1200)
    proposal = await desk.proposal(WaitingTarget())
    assert proposal.scope is Scope.EVERYTHING
    assert [one.title for one in proposal.stakes] == ["The Garden of Words", "Lycoris Recoil"]
    steps, end = await desk.carry_out(proposal)
    assert (end.ending, end.text) == (Ending.VERIFIED, "14 new in Jellyfin")
    assert any(step.step is Step.REFRESHING for step in steps)
    assert house.refreshes() == [f"/ScheduledTasks/Running/{SCAN_ID}"]


async def test_a_library_by_its_name(house: House, desk: Desk) -> None:
    proposal = await desk.proposal(LibraryTarget(name="anime SHOWS"))
    assert [one.title for one in proposal.stakes] == ["Lycoris Recoil"]
    _, end = await desk.carry_out(proposal)
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)


@pytest.mark.parametrize("refused", [403, 404])
async def test_a_configuration_that_may_not_be_read(house: House, desk: Desk, refused: int) -> None:
    """The mapping stays unknown, so the path decides; nothing is called unmapped."""
    house.jellyfin.plugins_refused = refused
    proposal = await desk.proposal()
    assert proposal.scope in {Scope.LIBRARY, Scope.EVERYTHING}
    _, end = await desk.carry_out(proposal)
    assert end.ending is Ending.VERIFIED


async def test_without_sonarr_and_shoko_everything_is_left(house: House, desk: Desk) -> None:
    """Nobody tells where the files belong: of several libraries none is guessed."""
    world = await house.world()
    house.home.sonarr.fault = house.home.shoko.fault = Fault.STATUS_502
    row = next(one for one in world.requests if one.title == LYCORIS_RECOIL.name)
    proposal = await desk.remedy.propose(RequestTarget(request_id=row.id), world)
    assert isinstance(proposal, Proposal)
    assert proposal.scope is Scope.EVERYTHING


async def test_leaving_early_leaves_the_refresh_to_jellyfin(house: House, journal: Path) -> None:
    desk = Desk(house, journal, msgspec.structs.replace(PACE, limit_s=1800))
    events = desk.remedy.carry_out(await desk.proposal(), house.world)
    async with house.passing():
        async for event in events:
            if isinstance(event, Reached) and event.step is Step.REFRESHING:
                break
        await events.aclose()
    house.wait(30)
    assert house.shown() == 13
    refusal = await desk.refusal(LibraryTarget(name=ANIME_SHOWS))  # its end was not seen: it counts from now on
    assert (refusal.why, refusal.wait_s) == (Why.COOLDOWN, 60)
    await desk.aclose()


async def test_of_several_jellyfins_the_one_that_can_help(house: House) -> None:
    settings = house.settings
    (ours,) = settings.of_kind(Kind.JELLYFIN)
    dead = msgspec.structs.replace(ours, name="old", url="http://127.0.0.1:9")
    both = msgspec.structs.replace(settings, instances=(dead, *settings.instances))
    remedy = VfsRefresh(both, pace=PACE)
    world = await house.world()
    proposal = await remedy.propose(RequestTarget(request_id=row_of(world, LYCORIS_RECOIL).id), world)
    assert isinstance(proposal, Proposal)
    assert proposal.jellyfin == "jellyfin"
    refusal = await remedy.propose(LibraryTarget(name="Nowhere"), world)
    assert isinstance(refusal, Refusal)
    assert refusal.why is Why.UNREACHABLE  # it may be the one that has it
    await remedy.aclose()

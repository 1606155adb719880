"""What is muted stays listed, says so, asks for nobody, survives a restart and can be heard of again."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tui.conftest import HandFeed
from tests.tui.grid import grid
from tests.tui.worlds import NOON, WEB_URLS, household, matching, pack, services, stuck
from tracker_tui.config.settings import Settings, UiSettings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Phrase, Problem, World
from tracker_tui.present.mutes import Mutes, muted_keys, warnings
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.session import Session
from tracker_tui.store.store import Store
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.feed import EngineFeed

SIGNALR = "problem:SIGNALR_DOWN:jellyfin:jellyfin:Anime Shows"
CAUSE = Phrase(code=Clause.SAID, text="library not mapped")


def mapped() -> World:
    """A request whose only warning is a common cause."""
    cause = Problem(kind=Kind.JELLYFIN, name="jellyfin", diagnosis=replace(stuck("UNMAPPED", "x", "y"), phrase=CAUSE))
    row = replace(pack(), attention=Attention.WARN, phrases=(CAUSE,))
    return assemble([row], (cause,), (), services(), NOON)


@pytest.mark.parametrize(
    ("world", "mutes", "keys"),
    [
        (household(), Mutes(), set()),
        (household(), Mutes(rows={"seerr:seerr:8": "Film 8"}), {"seerr:seerr:8"}),
        (household(), Mutes(codes=("VFS_MISSING_ENTRY",)), {matching().id}),
        (household(), Mutes(codes=("SIGNALR_DOWN",)), {SIGNALR}),
        (mapped(), Mutes(codes=("UNMAPPED",)), {pack().id, "problem:UNMAPPED:jellyfin:jellyfin:"}),
        (household(), Mutes(rows={"gone": "Gone"}), {"gone"}),
    ],
    ids=["nothing", "row", "warning", "problem", "common cause", "gone"],
)
def test_what_is_silent(world: World, mutes: Mutes, keys: set[str]) -> None:
    assert muted_keys(world, mutes) == keys


def test_a_row_with_another_warning_is_not_silent() -> None:
    row = replace(matching(), diagnoses=(*matching().diagnoses, stuck("STALLED", "x", "y")))
    world = assemble([row], (), (), services(), NOON)
    assert warnings(row, ()) == ("VFS_MISSING_ENTRY", "STALLED")
    assert muted_keys(world, Mutes(codes=("STALLED",))) == frozenset()
    assert muted_keys(world, Mutes(codes=("STALLED", "VFS_MISSING_ENTRY"))) == {row.id}


async def test_a_warning_is_muted_by_its_code_and_heard_of_again() -> None:
    kept: list[Mutes] = []

    def keep(mutes: Mutes) -> bool:
        kept.append(mutes)
        return True

    app = TrackerApp(
        HandFeed(), household(), lambda: NOON, ui=UiSettings(), web_urls=WEB_URLS, keep_mutes=keep
    )  # fmt: skip
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n", "m", "down", "enter")
        await pilot.pause()
        assert kept == [Mutes(codes=("VFS_MISSING_ENTRY",))]
        shown = grid(app)
        assert re.search(r"Lycoris Recoil \(2022\) +muted · Not in Jellyfin", shown)
        assert " · 1 muted" in shown
        await pilot.press("m", "down", "enter")
        await pilot.pause()
        assert kept[-1] == Mutes()
        assert "muted" not in grid(app)


async def test_what_cannot_be_kept_is_said() -> None:
    app = TrackerApp(HandFeed(), household(), lambda: NOON, ui=UiSettings(), web_urls=WEB_URLS)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("m", "enter")
        await pilot.pause()
        assert ["Until the program ends" in str(one.message) for one in app._notifications] == [True]


def test_the_store_keeps_it(tmp_path: Path) -> None:
    mutes = Mutes(rows={"seerr:seerr:8": "Film 8"}, codes=("STALLED",))
    for expected, change in ((Mutes(), mutes), (mutes, mutes)):
        feed = EngineFeed(Session(Settings(), Store.open(tmp_path / "state.json"), CorrectedClock()))
        assert feed.mutes() == expected
        assert feed.keep_mutes(change)
        feed.stop()


def test_a_store_that_only_reads_says_so() -> None:
    feed = EngineFeed(Session(Settings(), Store.in_memory(), CorrectedClock()))
    assert not feed.keep_mutes(Mutes(codes=("STALLED",)))

"""A refresh is history: it stands in the timelines and in the store, and diagnoses know that it was in vain."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.remedies.house import Desk, House
from tracker_tui.config.settings import StoreSettings
from tracker_tui.engine.watch import Watch
from tracker_tui.model.world import Diagnosis, RequestRow
from tracker_tui.remedies.events import Ending
from tracker_tui.remedies.hope import verdicts
from tracker_tui.store.store import Store


class Program:
    """A program with a store of its own beside the desk, as one that runs for hours or is started again."""

    def __init__(self, house: House, store: Path) -> None:
        self.house = house
        self.path = store
        self.open()

    def open(self) -> None:
        settings = replace(self.house.settings, store=StoreSettings(path=self.path))
        self.watch = Watch(settings, Store.open(self.path), clock=self.house.clock_of_program())

    async def row(self) -> RequestRow:
        world = await self.watch.snapshot(10)
        return next(row for row in world.requests if row.title == "Lycoris Recoil")

    async def said(self) -> list[Diagnosis]:
        return list(verdicts(await self.row(), self.watch.world.problems))

    async def restart(self) -> None:
        await self.watch.close()
        self.open()

    async def told(self) -> list[str]:
        return [one.text for one in (await self.row()).timeline if "by user" in one.text]


@pytest.fixture
def store(journal: Path) -> Path:
    return journal.with_suffix("")


async def test_a_refresh_by_any_process_stands_in_the_timeline_for_ever(
    house: House, desk: Desk, store: Path, journal: Path
) -> None:
    program = Program(house, store)
    assert await program.told() == []
    _, end = await desk.carry_out(await desk.proposal())  # a process of its own: the command, say
    assert end.ending is Ending.VERIFIED
    told = ["VFS refresh by user · Anime Shows · 13 new (0/13 → 13/13)"]
    assert await program.told() == told
    await program.restart()
    os.unlink(journal)  # noqa: PTH108 - what was told once needs no journal
    assert await program.told() == told
    await program.watch.close()


async def test_a_running_program_notices_the_command_beside_it(house: House, desk: Desk, store: Path) -> None:
    program = Program(house, store)
    await program.row()
    _, end = await desk.carry_out(await desk.proposal())
    assert end.ending is Ending.VERIFIED
    program.watch.advance()  # without a new question to any service
    (row,) = [row for row in program.watch.world.requests if row.title == "Lycoris Recoil"]
    assert any("VFS refresh by user" in one.text for one in row.timeline)
    await program.watch.close()


async def test_what_a_refresh_did_not_bring_is_not_refreshed_again(
    house: House, desk: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(house, store)
    (before,) = [one for one in await program.said() if one.code == "VFS_MISSING_ENTRY"]
    assert before.next_step == "press v to refresh the VFS of Anime Shows"
    monkeypatch.setattr(house.home.shokofin, "_generate", lambda *_: None)  # it fails over every file
    _, end = await desk.carry_out(await desk.proposal())
    assert end.ending is Ending.NOTHING_NEW
    for _ in range(2):  # now, and after a restart
        (after,) = [one for one in await program.said() if one.code == "VFS_MISSING_ENTRY"]
        assert "your refresh that ended" in after.message
        assert after.next_step is not None
        assert "press v" not in after.next_step
        assert any(one.fact == "refresh by user ended" for one in after.evidence)
        assert (await program.told())[0].startswith(
            "VFS refresh by user · Anime Shows · nothing new (0/13 → 0/13): Shoko matched"
        )
        await program.restart()
    house.wait(120)
    again = await desk.proposal()
    assert any("brought nothing" in one for one in again.effects), "who insists is told"
    await program.watch.close()


async def test_what_was_never_seen_to_run_proves_nothing(house: House, desk: Desk, store: Path) -> None:
    """Left in the middle: whether it looked at everything nobody knows, so it may be refreshed again."""
    program = Program(house, store)
    events = desk.remedy.carry_out(await desk.proposal(), house.world)
    async for event in events:
        if event.text.startswith("Asking"):
            break
    await events.aclose()
    assert await program.told() == ["VFS refresh by user · Anime Shows"]
    assert (await program.said())[0].next_step == "press v to refresh the VFS of Anime Shows"
    await program.watch.close()

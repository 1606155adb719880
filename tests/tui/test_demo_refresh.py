"""The walk that the demo is there for: one anime freed by a refresh, one that none can free, with the true reason."""

from functools import partial

import pytest
from textual.pilot import Pilot

from tests.tui.grid import grid
from tests.tui.test_errand import toasts
from tracker_tui.config.options import Options
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.world import World
from tracker_tui.session import session
from tracker_tui.simulate.demo import AT, SPEED_OF
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.errand import Errands, asker, vfs_remedy
from tracker_tui.tui.feed import EngineFeed


async def shows(pilot: Pilot[None], words: str) -> None:
    for _ in range(600):
        await pilot.pause(0.1)
        if words in grid(pilot.app) or any(words in one for one in toasts(pilot.app)):  # type: ignore[arg-type]
            return
    raise AssertionError(f"{words!r} is not in\n{grid(pilot.app)}")


async def point_at(pilot: Pilot[None], title: str) -> None:
    app = pilot.app
    assert isinstance(app, TrackerApp)
    await shows(pilot, title)
    for _ in range(40):
        row = app.main.requests.row
        if row is not None and row.request is not None and row.request.title.startswith(title):
            return
        await pilot.press("j")
        await pilot.pause()
    raise AssertionError(grid(app))


async def test_lycoris_recoil_is_freed_and_snafu_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AT, "1700")
    monkeypatch.setenv(SPEED_OF, "4")
    with session(Options(demo=True)) as opened:
        feed = EngineFeed(opened)
        errands = Errands(partial(vfs_remedy, opened.settings), partial(asker, opened.settings))
        first = World(generated_at=opened.clock.now(), simulated=True)
        app = TrackerApp(feed, first, opened.clock.now, ui=UiSettings(), errands=errands)
        try:
            async with app.run_test(size=(120, 60), notifications=True) as pilot:
                await shows(pilot, "Library not mapped in Shokofin")
                await point_at(pilot, "My Teen Romantic Comedy SNAFU")
                await pilot.press("v")
                await shows(pilot, "A refresh would change nothing: Shokofin maps Jellyfin's library")
                await pilot.press("g")
                await point_at(pilot, "Lycoris Recoil")
                await pilot.press("v")
                await shows(pilot, "13 imported files of Lycoris Recoil should appear")
                await pilot.press("down", "enter")
                await shows(pilot, "Refreshing · Jellyfin scan")
                await shows(pilot, "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new")
                row = next(one for one in app.main.world.requests if one.title == "Lycoris Recoil")
                assert any("VFS refresh by user · Anime Shows" in one.text for one in row.timeline)
        finally:
            feed.stop()

"""The details follow the cursor, keep their place while the world moves on, and are gone into and left by one key."""

import pytest

from tests.tui.conftest import HandFeed, app_of
from tests.tui.grid import grid
from tests.tui.test_tree import FRIEREN, key_at_cursor, point, push, tree
from tests.tui.worlds import household, pack, with_row
from tracker_tui.model.world import World
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.pages import Page, Prose

FILM = "seerr:seerr:4"


def pane(app: TrackerApp) -> Prose:
    return app.main.query_one("#details", Prose)


def focus(app: TrackerApp) -> str | None:
    return app.focused.id if app.focused is not None else None


async def test_what_is_read_stays_in_place_while_its_row_changes() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        point(app, FRIEREN)
        await pilot.press("tab", "pagedown")
        top = pane(app).top
        assert top > 0
        for progress in (0.5, 0.6):
            await push(pilot, feed, with_row(household(), pack(progress)))
            assert pane(app).top == top
        await pilot.press("n")
        assert pane(app).top == 0, "another row is read from its beginning"
        assert focus(app) == "details"


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_a_row_with_nothing_below_it_opens_its_details(key: str) -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("d")
        assert not pane(app).display
        point(app, FILM)
        await pilot.press(key)
        await pilot.pause()
        assert focus(app) == "details"
        await pilot.press("escape")
        assert focus(app) == "tree"
        assert key_at_cursor(app) == FILM


async def test_where_there_is_no_room_beside_the_tree_they_are_a_page() -> None:
    app = app_of(household())
    async with app.run_test(size=(80, 18)) as pilot:
        await pilot.pause()
        point(app, FILM)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Page)
        assert "Film 4 (2004)" in grid(app)
        await pilot.press("q")
        assert not isinstance(app.screen, Page)


async def test_leaving_the_details_drops_no_filter() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"film", "enter", "tab", "escape")
        assert tree(app).view.filter == "film"
        await pilot.press("escape")
        assert not tree(app).view.filter


@pytest.mark.parametrize("how", ["d", "small", "empty"])
async def test_keys_are_the_trees_once_the_details_are_gone(how: str) -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, FILM)
        await pilot.press("tab")
        assert focus(app) == "details"
        if how == "d":
            await pilot.press("d")
        elif how == "small":
            await pilot.resize_terminal(80, 18)
        else:
            await push(pilot, feed, World(generated_at=household().generated_at, services=household().services))
        await pilot.pause()
        assert focus(app) == "tree"


@pytest.mark.parametrize("group", ["problems", "attention", "in_progress", "waiting", "recent"])
async def test_a_groups_heading_says_what_stands_below_it(group: str) -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, f"group:{group}")
        await pilot.pause()
        assert pane(app).total() == 2

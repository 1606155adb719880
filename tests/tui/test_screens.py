"""Each screen as a grid of characters, at the sizes people have.

`WRITE_GOLDENS=1 python -m pytest tests/tui/test_screens.py` writes the files in `goldens/` anew: read their diff.
"""

from functools import partial

import pytest

from tests.tui.conftest import HandFeed, app_of, until
from tests.tui.grid import check_golden, grid
from tests.tui.worlds import all_down, all_ready, demo, first_run, from_the_store, household, nothing
from tracker_tui.model.world import World
from tracker_tui.tui.app import TrackerApp

SIZES = ((80, 24), (120, 40), (200, 50), (40, 10), (40, 30))
WORLDS = {
    "main": household(),
    "empty": nothing(),
    "first-run": first_run(),
    "from-the-store": from_the_store(),
    "all-ready": all_ready(),
    "all-down": all_down(),
    "demo": demo(),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("name", "world"), WORLDS.items(), ids=WORLDS)
async def test_the_main_screen(name: str, world: World, size: tuple[int, int]) -> None:
    app = app_of(world)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        check_golden(app, f"{name}-{size[0]}x{size[1]}")


PAGES = {
    "unfolded": ("n", "n", "down", "down", "right", "down", "down", "right", "end", "up", "up"),
    "details": ("n", "n", "down", "down", "tab", "pagedown"),
    "help": ("question_mark",),
    "unassigned": ("u",),
    "history": ("H",),
    "log": ("L",),
    "services": ("S",),
    "states": ("f", "down", "space", "down", "space"),
    "mute": ("n", "m"),
    "links": ("n", "o"),
    "filtered": ("slash", *"sousou"),
    "nothing-found": ("slash", *"zzz", "enter"),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("name", "keys"), PAGES.items(), ids=PAGES)
async def test_what_keys_bring_up(name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app = app_of(household())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        check_golden(app, f"{name}-{size[0]}x{size[1]}")


def shows(app: TrackerApp, words: str) -> bool:
    return words in grid(app)


async def test_ascii_draws_nothing_of_its_own_beyond_ascii() -> None:
    app = app_of(household(), ascii=True)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        check_golden(app, "ascii-120x40")
        foreign = {character for row in household().requests for character in row.title + (row.original_title or "")}
        assert all(one.isascii() or one in foreign for one in grid(app))
        for keys, words in (
            (("question_mark",), "Keys in the tree"),
            (("escape", "S"), "version 1.0"),
            (("escape", "L"), "Nothing so far"),
            (("escape", "t"), "in use"),
            (("escape", "ctrl+p", "s"), "the services: versions"),
        ):
            await pilot.press(*keys)
            await until(pilot, partial(shows, app, words))
            assert all(one.isascii() or one in foreign for one in grid(app)), grid(app)


async def test_a_resized_terminal_shows_what_fits() -> None:
    app = app_of(household(), HandFeed())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        check_golden(app, "main-40x10")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        check_golden(app, "main-80x24")

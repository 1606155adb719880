"""The key table is the only truth about keys: bindings, help, palette and document follow it."""

from pathlib import Path

import pytest

from tests.tui.conftest import HandFeed, app_of, until
from tests.tui.grid import grid
from tests.tui.worlds import household
from tracker_tui.present.rows import Sort
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.filter_line import FilterLine
from tracker_tui.tui.keys import KEYS, Key, complaints, document, effective
from tracker_tui.tui.main_screen import MainScreen
from tracker_tui.tui.pages import Choice, Entries, Page, Prose
from tracker_tui.tui.tree import RequestTree

SPEC = {
    "filter": "slash",
    "state-filter": "f",
    "sort": "s",
    "details": "d",
    "vfs-refresh": "v",
    "refresh": "r",
    "link": "o",
    "unassigned": "u",
    "history": "H",
    "log": "L",
    "ask": "x",
    "mute": "m",
    "theme": "t",
    "help": "question_mark",
    "quit": "q",
    "next-attention": "n",
}


def test_the_keys_that_users_know() -> None:
    keys = effective({})
    assert {name: keys[name].split(",")[0] for name in SPEC} == SPEC


def test_ids_are_unique_and_the_usual_keys_do_not_clash() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    assert complaints({}) == []


def test_the_document_is_the_table() -> None:
    file = Path(__file__).parents[2] / "docs" / "keys.md"
    assert file.read_text() == document(), "python -m tracker_tui.tui.keys > docs/keys.md"


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"quitt": "Q"}, "'quitt'"),
        ({"sort": "f"}, "'f'"),
        ({"help": "/"}, "'/'"),
        ({"filter-keep": "k"}, "'k' is text"),
    ],
    ids=["unknown id", "two meanings", "two spellings", "a character while typing"],
)
def test_a_wrong_key_map_is_reported(keymap: dict[str, str], words: str) -> None:
    found = complaints(keymap)
    assert len(found) == 1
    assert words in found[0]


async def test_a_changed_key_works_and_the_old_one_no_more() -> None:
    app = app_of(household(), keymap={"sort": "S,f5", "unknown": "z"})
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        order = app.main.requests.view.sort
        await pilot.press("s")
        assert app.main.requests.view.sort == order
        await pilot.press("S")
        assert app.main.requests.view.sort != order
        assert "S sort" in grid(app)
        assert any("'unknown'" in str(one.message) for one in app._notifications)


async def test_the_keys_of_the_filter_line_can_be_changed_as_all_others() -> None:
    app = app_of(household(), keymap={"filter-keep": "f5", "filter-drop": "f6, ctrl+g", "filter-erase-all": "ctrl+k"})
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"zzz", "ctrl+k", *"film", "enter", "escape")
        assert app.focused is app.main.filter, "the keys they were mean nothing now"
        assert "f5 keep  f6 drop" in grid(app)
        await pilot.press("f5")
        assert app.main.requests.view.filter == "film"
        await pilot.press("slash", "ctrl+g")
        assert app.main.requests.view.filter == ""


async def test_keys_of_other_places_mean_nothing_while_a_filter_is_typed() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"film", "up", "pagedown", "ctrl+d", "f12")
        assert app.focused is app.main.filter
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert app.screen is not app.main, "what is heard everywhere is heard here"


async def test_a_click_elsewhere_ends_the_typing_and_keeps_the_filter() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"film")
        await pilot.click("#tree", offset=(60, 2))
        await pilot.pause()
        assert app.main.requests.view.filter == "film"
        assert not app.main.filter.display
        await pilot.press("s")
        assert app.main.requests.view.sort is not Sort.NEWEST


async def test_what_tells_to_press_a_key_names_the_users_key() -> None:
    app = app_of(household(), keymap={"vfs-refresh": "V", "clear": "f9", "refresh": "R", "ask": "y"})
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        shown = grid(app)
        assert "press V to make" in shown
        assert "V VFS  y why  R refresh" in shown
        app.tell("press x for the reasons")
        await pilot.press("slash", *"zzz", "enter")
        await pilot.pause()
        assert "f9 shows everything again" in grid(app)
        assert any("press y for" in str(one.message) for one in app._notifications)


async def test_every_action_is_in_the_help_and_in_the_palette() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 100)) as pilot:
        await pilot.pause()
        offered = {command.title for command in app.get_system_commands(app.screen)}
        assert offered == {key.words for key in KEYS if key.where in {"main", "everywhere"} and key.id != "palette"}
        await pilot.press("question_mark")
        await pilot.pause()
        shown = grid(app)
        assert [key.id for key in KEYS if f"[{key.id}]" not in shown and key.where != "playback"] == []


PLACES = {
    "list": (RequestTree, Prose, Entries),
    "tree": (RequestTree,),
    "main": (MainScreen,),
    "playback": (MainScreen,),
    "everywhere": (TrackerApp,),
    "page": (Page, Choice),
    "choice": (Choice,),
    "typing": (FilterLine,),
}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_every_key_has_its_action_where_it_is_heard(key: Key) -> None:
    place, _, name = key.action.partition("(")[0].rpartition(".")
    for heard in (TrackerApp,) if place == "app" else PLACES[key.where]:
        assert callable(getattr(heard, f"action_{name}", None)), f"{heard.__name__} cannot {name}"


@pytest.mark.parametrize("key", [key for key in KEYS if key.where in {"main", "everywhere"}], ids=lambda key: key.id)
async def test_every_action_runs(key: Key) -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("n", key.keys.split(",")[0])
        await pilot.pause()
        if key.id == "quit":
            assert app._exit
        if key.id == "refresh":
            assert feed.calls == ["refresh"]
        assert app._exception is None


async def test_a_view_that_only_shows_says_so() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("n", "v")
        await pilot.pause()
        assert any("only shows" in str(one.message) for one in app._notifications)


async def test_the_palette_finds_and_runs_an_action() -> None:
    app = app_of(household())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        order = app.main.requests.view.sort
        await pilot.press("ctrl+p", *"order within")
        await until(pilot, lambda: grid(app).count("order within") == 2)
        await pilot.press("enter")
        await until(pilot, lambda: app.main.requests.view.sort != order)

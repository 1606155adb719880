"""Cursor, folding and place survive whatever the world does; filters, sort and mutes are only views of it."""

from datetime import UTC

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from tests.tui.conftest import HandFeed, app_of
from tests.tui.grid import grid
from tests.tui.worlds import NOON, film, household, matching, pack, services, stuck, with_row, without
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import RequestRow, World
from tracker_tui.present.rows import Sort
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.lines import Drawn
from tracker_tui.tui.tree import RequestTree

FRIEREN = "seerr:seerr:75"


def tree(app: TrackerApp) -> RequestTree:
    return app.main.requests


def point(app: TrackerApp, key: str) -> None:
    tree(app).point([row.key for row in tree(app).rows].index(key))


def key_at_cursor(app: TrackerApp) -> str:
    row = tree(app).row
    assert row is not None
    return row.key


async def push(pilot: Pilot[None], feed: HandFeed, world: World) -> None:
    feed.push(world)
    await pilot.pause()


async def test_the_cursor_stays_on_its_row_when_others_come_go_and_change_groups() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, FRIEREN)
        await pilot.press("right", "down", "down", "right", "down")
        assert key_at_cursor(app) == f"{FRIEREN}/s2/e1"
        world = household()
        for change in (
            with_row(world, film(30, State.FAILED)),
            without(world, "seerr:seerr:74"),
            with_row(world, replace(pack(), attention=Attention.ERROR)),
            with_row(world, replace(pack(), requested_at=NOON)),
            replace(world, problems=()),
        ):
            await push(pilot, feed, change)
            assert key_at_cursor(app) == f"{FRIEREN}/s2/e1"


async def test_the_cursors_line_does_not_move_while_rows_come_above_it() -> None:
    feed = HandFeed()
    many = assemble([film(number, State.APPROVED) for number in range(1, 80)], (), (), services(), NOON)
    app = app_of(many, feed)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        point(app, "seerr:seerr:40")
        line = tree(app).cursor - tree(app).top
        more = many
        for number in range(100, 105):
            more = with_row(more, replace(film(number, State.FAILED), title="New"))
        await push(pilot, feed, more)
        assert key_at_cursor(app) == "seerr:seerr:40"
        assert tree(app).cursor - tree(app).top == line


async def test_a_row_that_vanishes_leaves_the_cursor_with_its_neighbour() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, "seerr:seerr:4")
        await push(pilot, feed, without(household(), "seerr:seerr:4"))
        assert key_at_cursor(app) == "seerr:seerr:5"
        await push(pilot, feed, replace(household(), requests=(), problems=()))
        await push(pilot, feed, household())
        assert tree(app).row is not None


async def test_what_was_unfolded_stays_so_and_what_was_folded_too() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, FRIEREN)
        await pilot.press("enter")
        point(app, "group:waiting")
        await pilot.press("enter")
        before = [row.key for row in tree(app).rows]
        assert f"{FRIEREN}/finished" in before
        assert "seerr:seerr:1" not in before
        await push(pilot, feed, without(household(), FRIEREN))
        await push(pilot, feed, household())
        assert [row.key for row in tree(app).rows] == before


async def test_left_goes_out_and_right_goes_in() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, FRIEREN)
        await pilot.press("l", "l", "l")
        assert key_at_cursor(app) == f"{FRIEREN}/finished"
        await pilot.press("h", "h")
        assert key_at_cursor(app) == FRIEREN
        await pilot.press("h", "h")
        assert key_at_cursor(app) == "group:in_progress"


@pytest.mark.parametrize("typed", ["sousou", "フリーレン", "FRIEREN", "ｆｒｉｅｒｅｎ"])
async def test_a_filter_finds_any_title_and_escape_shows_all_again(typed: str) -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        everything = len(tree(app).rows)
        await pilot.press("slash")
        for character in typed:
            await pilot.press(character)
        await pilot.press("enter")
        assert [row.key for row in tree(app).rows] == ["group:in_progress", FRIEREN]
        await pilot.press("escape")
        assert len(tree(app).rows) == everything


async def test_letters_in_the_filter_are_text_not_keys() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"qdvr", "space", "x")
        assert app.is_running
        assert tree(app).view.filter == "qdvr x"


def burst(app: TrackerApp, keys: str) -> None:
    """Type faster than the program can follow: all keys wait before the first is looked at."""
    names = {"/": "slash", "?": "question_mark", "\r": "enter", "\x1b": "escape", "\b": "backspace"}
    for one in keys:
        app.post_message(events.Key(names.get(one, one), one if one.isprintable() else None))


@pytest.mark.parametrize(
    ("keys", "text", "typing", "ordered"),
    [
        ("/lycoris", "lycoris", True, False),
        ("/dq\b\bsousou", "sousou", True, False),
        ("/sousou\rs", "sousou", False, True),
        ("/sousou\x1bs", "", False, True),
        ("sj/lycoris\r\x1b/sousou", "sousou", True, True),
        ("?jjq/sousou", "sousou", True, False),
        ("/sousou\rfj\x1bs", "sousou", False, True),
    ],
)
async def test_keys_typed_at_once_act_in_their_order(keys: str, text: str, typing: bool, ordered: bool) -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        burst(app, keys)
        await pilot.pause()
        assert app.is_running
        assert app.screen is app.main
        assert tree(app).view.filter == text
        assert tree(app).outline.chosen == (1 if text else len(household().requests))
        assert (app.focused is app.main.filter) is typing
        assert (tree(app).view.sort is not Sort.NEWEST) is ordered


async def test_a_list_takes_the_keys_that_waited_for_it() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        burst(app, "fj\rs")
        await pilot.pause()
        assert app.screen is app.main
        assert tree(app).view.states == frozenset(states_of(household())[:1])
        assert tree(app).view.sort is not Sort.NEWEST


def states_of(world: World) -> list[State]:
    there = {row.state for row in world.requests}
    return [state for state in State if state in there]


async def test_keys_that_wait_are_one_change_of_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(household())
    seen: list[str] = []
    monkeypatch.setattr(app.main, "_change", lambda view: seen.append(view.filter))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        burst(app, "/sousou")
        await pilot.pause()
    assert "sousou" in seen
    assert len(seen) < len("sousou")


async def test_the_state_filter_and_the_order() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f", "enter")
        await pilot.pause()
        assert {row.request.id for row in tree(app).rows if row.request} == {"seerr:seerr:74", "seerr:seerr:8"}
        await pilot.press("escape", "f", "down", "space", "down", "space", "enter")
        await pilot.pause()
        assert tree(app).view.states == {State.REQUESTED, State.APPROVED}
        assert {row.request.id for row in tree(app).rows if row.request} == {"seerr:seerr:1", "seerr:seerr:2"}
        await pilot.press("f", "down", "space", "enter")
        await pilot.pause()
        assert tree(app).view.states == {State.APPROVED}, "what is shown is marked already"
        await pilot.press("escape", "s", "s")
        titles = [row.request.title for row in tree(app).rows if row.request and row.parent == "group:in_progress"]
        assert titles == sorted(titles)


async def test_next_attention_goes_round_and_passes_what_is_muted() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        seen = []
        for _ in range(3):
            await pilot.press("n")
            seen.append(key_at_cursor(app))
        assert seen == ["seerr:seerr:74", "seerr:seerr:8", "problem:SIGNALR_DOWN:jellyfin:jellyfin:Anime Shows"]
        await pilot.press("m", "enter", "n")
        assert key_at_cursor(app) == "seerr:seerr:74"
        await pilot.press("m", "enter")
        await pilot.pause()
        row = tree(app).row
        assert row is not None
        assert row.parent == "group:in_progress", "a muted row stands where it would without its warning"
        await pilot.press("n", "n")
        assert key_at_cursor(app) == "seerr:seerr:8"


async def test_a_season_alone_is_no_level_of_its_own() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, matching().id)
        await pilot.press("right", "right")
        assert key_at_cursor(app) == f"{matching().id}/s1/e1"
        await pilot.pause()
        assert "S01E03" in grid(app), "the season is told with the episode"
        await pilot.press("left")
        assert key_at_cursor(app) == matching().id


async def test_a_row_that_is_folded_away_leaves_the_cursor_with_what_it_lies_in() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, FRIEREN)
        await pilot.press("right", "down", "down", "right", "down")
        assert key_at_cursor(app) == f"{FRIEREN}/s2/e1"
        first, second = pack().seasons
        done = replace(second, state=State.AVAILABLE, ready=6)
        await push(pilot, feed, with_row(household(), replace(pack(), seasons=(first, done))))
        assert key_at_cursor(app) == FRIEREN


def with_a_blocked_episode(number: int) -> RequestRow:
    """A series of two seasons in which one episode has a warning of its own."""
    first, second = pack().seasons
    verdict = stuck("IMPORT_BLOCKED", "Sonarr does not import it", "import it by hand")
    parts = tuple(
        replace(one, attention=Attention.WARN, diagnoses=(verdict,)) if one.number == number else one
        for one in second.episodes
    )
    blocked = replace(second, attention=Attention.WARN, episodes=parts)
    return replace(pack(), attention=Attention.WARN, seasons=(first, blocked))


@pytest.mark.parametrize("folded", [FRIEREN, "group:attention"])
async def test_next_attention_unfolds_what_hides_the_warning(folded: str) -> None:
    app = app_of(with_row(household(), with_a_blocked_episode(4)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        point(app, folded)
        await pilot.press("left")
        point(app, "group:in_progress")
        seen = []
        for _ in range(4):
            await pilot.press("N")
            seen.append(key_at_cursor(app))
        assert seen == [
            "seerr:seerr:8",
            "seerr:seerr:74",
            f"{FRIEREN}/s2/e4",
            "problem:SIGNALR_DOWN:jellyfin:jellyfin:Anime Shows",
        ]
        await pilot.press("n")
        assert key_at_cursor(app) == f"{FRIEREN}/s2/e4"


async def test_a_warning_is_amber_where_it_stands_and_pale_below() -> None:
    app = app_of(with_row(household(), with_a_blocked_episode(4)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n", "n", "right")
        tones = {row.key: tones_of_mark(app, row.key) for row in tree(app).rows if row.request}
        assert {tones[FRIEREN], tones[f"{FRIEREN}/s2"], tones[f"{FRIEREN}/s2/e4"]} == {("!", "hand")}
        assert tones[f"{FRIEREN}/s2/e3"][0] == " "
        assert tones[matching().id] == ("!", "hand")
        assert tones[f"{matching().id}/s1/e1"] == ("!", "muted")


def tones_of_mark(app: TrackerApp, key: str) -> tuple[str, str]:
    place = [row.key for row in tree(app).rows].index(key)
    mark = tree(app).drawn(place, 100).spans[0]
    return mark.text, mark.tone


async def test_only_lines_in_sight_are_put_into_words() -> None:
    many = assemble([film(number, State.APPROVED) for number in range(1, 4000)], (), (), services(), NOON)
    app = app_of(many)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        worded: list[int] = []
        usual = tree(app).drawn

        def drawn(index: int, width: int) -> Drawn:
            worded.append(index)
            return usual(index, width)

        tree(app).drawn = drawn  # type: ignore[method-assign]
        await pilot.press("end")
        assert worded
        assert len(set(worded)) <= 2 * tree(app).size.height


async def test_pages_and_ends() -> None:
    many = assemble([film(number, State.APPROVED) for number in range(1, 200)], (), (), services(), NOON)
    app = app_of(many)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("G")
        assert tree(app).cursor == len(tree(app).rows) - 1
        await pilot.press("g")
        assert (tree(app).cursor, tree(app).top) == (0, 0)
        await pilot.press("pagedown")
        assert tree(app).cursor == tree(app).size.height - 1


async def test_a_click_points_and_a_double_click_unfolds() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        line = [row.key for row in tree(app).rows].index(FRIEREN)
        await pilot.click("#tree", offset=(60, line))
        assert key_at_cursor(app) == FRIEREN
        assert f"{FRIEREN}/s2" not in [row.key for row in tree(app).rows]
        await pilot.click("#tree", offset=(60, line), times=2)
        await pilot.pause()
        assert f"{FRIEREN}/s2" in [row.key for row in tree(app).rows]


async def test_until_it_is_moved_the_cursor_stands_where_somebody_is_wanted() -> None:
    feed = HandFeed()
    calm = assemble([film(number, State.APPROVED) for number in (1, 2)], (), (), services(), NOON)
    app = app_of(calm, feed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert key_at_cursor(app) == "seerr:seerr:1"
        await push(pilot, feed, with_row(calm, film(7, State.AVAILABLE)))
        assert key_at_cursor(app) == "seerr:seerr:1"
        await push(pilot, feed, with_row(calm, film(8, State.FAILED)))
        assert key_at_cursor(app) == "seerr:seerr:8"
        await pilot.press("down", "down")
        await push(pilot, feed, with_row(with_row(calm, film(8, State.FAILED)), film(9, State.FAILED)))
        assert key_at_cursor(app) == "seerr:seerr:1"
        await push(pilot, feed, without(calm, "seerr:seerr:1"))
        assert key_at_cursor(app) == "seerr:seerr:2", "a neighbour while its row is away"
        await push(pilot, feed, calm)
        assert key_at_cursor(app) == "seerr:seerr:1"


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    many = assemble([film(number, State.APPROVED) for number in range(1, 200)], (), (), services(), NOON)
    app = app_of(many)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = key_at_cursor(app)
        tree(app).scroll_lines(30)
        await pilot.pause()
        assert (tree(app).top, key_at_cursor(app)) == (30, before)
        tree(app).show(many, NOON, UTC)
        assert (tree(app).top, key_at_cursor(app)) == (30, before), "a new world does not scroll back"
        await pilot.press("down")
        assert tree(app).top <= tree(app).cursor < tree(app).top + tree(app).size.height

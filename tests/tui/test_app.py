"""The application around the screen: themes, colours, notes, crashes, the feed."""

import logging
import re
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.color import Color, ColorSystem
from textual.theme import Theme

from tests.tui.conftest import HandFeed, app_of
from tests.tui.grid import grid
from tests.tui.terminal import ROOT, Terminal
from tests.tui.worlds import NOON, WEB_URLS, household, services, stuck
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import Phrase, Problem, World
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.logbook import Logbook
from tracker_tui.tui.themes import DEFAULT, NAMES, THEMES


def test_service_libraries_come_after_the_first_frame() -> None:
    code = "import sys, tracker_tui.tui.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"httpx", "pyarr", "qbittorrentapi", "aiohttp", "requests", "tracker_tui.engine.watch"}
    assert not heavy & set(loaded.stdout.split())


@pytest.mark.parametrize("theme", NAMES)
async def test_every_theme_draws_the_same_characters(theme: str) -> None:
    app = app_of(household(), theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == theme
        assert grid(app) == (Path(__file__).parent / "goldens" / "main-80x24.txt").read_text()


@pytest.mark.parametrize("theme", [one for one in THEMES if not one.ansi], ids=lambda theme: theme.name)
def test_a_terminal_of_sixteen_colours_tells_the_tones_apart(theme: Theme) -> None:
    told = ("ready", "downloading", "grabbed", "hand", "failed")
    colours = [Color.parse(theme.variables[f"tone-{tone}"]).downgrade(ColorSystem.STANDARD).number for tone in told]
    assert len(set(colours)) == len(told), dict(zip(told, colours, strict=True))
    assert not {0, 7, 8, 15} & set(colours), "none of them is a grey"


async def test_an_unknown_theme_is_named_and_the_usual_one_used() -> None:
    app = app_of(household(), theme="solarised")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        assert app.theme == DEFAULT
        assert any("'solarised'" in str(one.message) for one in app._notifications)


async def test_a_theme_is_chosen_from_ours_and_textuals() -> None:
    app = app_of(household())
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        characters, looks = grid(app), set()
        for place, name in (
            (2, "dark"),
            (4, "high-contrast"),
            (7, "catppuccin-frappe"),
            (len(app.available_themes), ""),
        ):
            await pilot.press("t", "home", *["down"] * place, "enter")
            await pilot.pause()
            assert app.theme == name or not name
            assert grid(app) == characters
            looks.add(str([segment.style for segment in app.screen._compositor.render_strips()[5]]))
        assert len(looks) == 4


async def test_a_theme_is_seen_before_it_is_taken_and_left_alone_by_going_back() -> None:
    app = app_of(household(), theme="light")
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        await pilot.press("t")
        await pilot.pause()
        assert " light  in use" in grid(app)
        await pilot.press("down")
        await pilot.pause()
        assert app.theme == "high-contrast"
        await pilot.press("end", "escape")
        await pilot.pause()
        assert app.theme == "light"


def test_without_colour_the_cursor_is_still_seen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    terminal = Terminal("-m", "tests.tui.stage", "still", str(log), NO_COLOR="1")
    try:
        terminal.until("Jellyfin")
        terminal.until_quiet()
        numbers = {
            number
            for sequence in re.findall(rb"\x1b\[([0-9;]*)m", terminal.out)
            for number in sequence.decode().split(";")
        }
        assert numbers <= {"", "0", "1", "2", "7", "39", "49"}, numbers
        assert "7" in numbers
    finally:
        terminal.close()


async def test_what_was_found_at_the_start_is_said() -> None:
    app = TrackerApp(
        HandFeed(),
        household(),
        lambda: NOON,
        ui=UiSettings(),
        web_urls=WEB_URLS,
        notes=["another tracker-tui writes the store: this one only reads it"],
    )
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        assert [str(one.message) for one in app._notifications] == [
            "another tracker-tui writes the store: this one only reads it"
        ]


async def test_a_message_stands_once_and_goes_before_anything_else_does() -> None:
    app = app_of(household())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"film", "enter")
        app.tell("nothing to gain")
        app.tell("nothing to gain")
        await pilot.pause()
        assert grid(app).count("nothing to gain") == 1
        await pilot.press("escape")
        await pilot.pause()
        assert "nothing to gain" not in grid(app)
        assert app.main.requests.view.filter == "film"
        await pilot.press("escape")
        assert not app.main.requests.view.filter


async def test_ages_move_on_without_a_new_world() -> None:
    now = [NOON]
    old = tuple(replace(one, stale=True) for one in services(age_s=70))
    world = replace(household(), services=old)
    app = TrackerApp(HandFeed(), world, lambda: now[0], ui=UiSettings(), web_urls=WEB_URLS)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        assert "Sonarr ok 1 min old" in grid(app)
        now[0] = NOON + timedelta(minutes=7)
        app.main.renew()
        await pilot.pause()
        assert "Sonarr ok 5 min old" in grid(app)


async def test_worlds_that_nobody_took_in_time_are_passed_over() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        feed.push(replace(household(), requests=()))
        feed.push(household())
        await pilot.pause()
        assert app.main.world == household()


async def test_an_engine_that_has_died_is_told_in_place_of_the_lamps_for_good() -> None:
    feed = HandFeed()
    app = app_of(household(), feed)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        feed.why = "Nothing is asked any more: internal error OSError"
        assert feed.deliver is not None
        feed.deliver()
        await pilot.pause()
        told = "✗ Nothing is asked any more: internal error OSError · L: why · q: quit, start a…"
        assert grid(app).splitlines()[0] == told
        await pilot.resize_terminal(120, 40)
        app.main.renew()
        await pilot.pause()
        assert "start again" in grid(app).splitlines()[0]


async def test_an_open_log_shows_why_the_engine_has_died() -> None:
    feed, book = HandFeed(), Logbook()
    app = TrackerApp(feed, household(), lambda: NOON, ui=UiSettings(), book=book)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await pilot.pause()
        assert "Nothing so far" in grid(app)
        book.handle(logging.LogRecord("engine", logging.ERROR, "", 0, "the disk is gone", None, None))
        feed.why = "Nothing is asked any more: internal error OSError"
        assert feed.deliver is not None
        feed.deliver()
        await pilot.pause()
        assert "the disk is gone" in grid(app)


async def test_a_log_is_followed_at_its_end_and_stays_where_it_is_read() -> None:
    feed, book = HandFeed(), Logbook()

    async def writes(first: int) -> None:
        for number in range(first, first + 50):
            book.handle(logging.LogRecord("engine", logging.INFO, "", 0, f"line {number}", None, None))
        feed.push(household())
        await pilot.pause()

    app = TrackerApp(feed, household(), lambda: NOON, ui=UiSettings(), book=book)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await writes(100)
        assert "line 149" in grid(app)
        await pilot.press("k", "k")
        before = grid(app)
        assert "line 149" not in before
        await writes(200)
        assert [one[:70] for one in grid(app).splitlines()] == [one[:70] for one in before.splitlines()]
        await pilot.press("G")
        await writes(300)
        assert "line 349" in grid(app)


async def test_a_common_cause_stands_in_the_details_of_whom_it_holds_up() -> None:
    phrase = Phrase(code=Clause.SAID, text="library not mapped in Shokofin")
    problem = Problem(
        kind=Kind.JELLYFIN, diagnosis=replace(stuck("UNMAPPED", "Shokofin maps it to nothing", "map it"), phrase=phrase)
    )
    row = replace(household().requests[0], diagnoses=(), phrases=(phrase,))
    app = app_of(replace(household(), requests=(row,), problems=(problem,)))
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        app.main.requests.point([one.key for one in app.main.requests.rows].index(row.id))
        await pilot.pause()
        assert grid(app).count("Shokofin maps it to nothing") == 2


def test_a_crash_restores_the_terminal_and_saves(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    terminal = Terminal("-m", "tests.tui.stage", "crash", str(log))
    try:
        terminal.until("Jellyfin")
        assert terminal.end() == 70
        assert b"\x1b[?1049l" in terminal.out
        assert b"unheard of" in terminal.out
        assert terminal.restored()
        assert "stop" in log.read_text().split()
    finally:
        terminal.close()


class TestEngineFeed:
    """The real feed, with an engine that has nobody to ask."""

    def test_it_brings_the_engines_world_and_stops(self, tmp_path: Path) -> None:
        from tracker_tui.config.settings import Settings
        from tracker_tui.engine.now import CorrectedClock
        from tracker_tui.session import Session
        from tracker_tui.store.store import Store
        from tracker_tui.tui.feed import EngineFeed

        store = Store.open(tmp_path / "store.json")
        feed = EngineFeed(Session(Settings(), store, CorrectedClock()))
        came = threading.Event()
        feed.start(came.set)
        assert came.wait(30)
        world = feed.take()
        assert isinstance(world, World)
        assert feed.take() is None
        assert all(one.status is ServiceStatus.NOT_CONFIGURED for one in world.services)
        feed.refresh_now()
        feed.stop()
        assert not store.writable

    def test_an_engine_that_cannot_start_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tracker_tui.config.settings import Settings
        from tracker_tui.engine.now import CorrectedClock
        from tracker_tui.session import Session
        from tracker_tui.store.store import Store
        from tracker_tui.tui.feed import EngineFeed

        def broken(*args: object, **kwargs: object) -> None:
            raise ValueError("boom")

        monkeypatch.setattr("tracker_tui.engine.engine.Engine", broken)
        feed = EngineFeed(Session(Settings(), Store.in_memory(), CorrectedClock()))
        came = threading.Event()
        feed.start(came.set)
        assert came.wait(30)
        assert feed.take() is None
        assert feed.trouble() == "Nothing is asked any more: internal error ValueError"
        feed.stop()

    def test_an_engine_that_ends_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tracker_tui.config.settings import Settings
        from tracker_tui.engine.now import CorrectedClock
        from tracker_tui.engine.watch import Watch
        from tracker_tui.session import Session
        from tracker_tui.store.store import Store
        from tracker_tui.tui.feed import EngineFeed

        async def broken(self: Watch) -> None:
            raise OSError("key=secret")

        monkeypatch.setattr(Watch, "run", broken)
        feed = EngineFeed(Session(Settings(), Store.in_memory(), CorrectedClock()))
        came = threading.Event()
        feed.start(came.set)
        assert came.wait(30)
        assert feed.trouble() == "Nothing is asked any more: internal error OSError"
        feed.stop()

    def test_the_first_frame_is_the_remembered_world_and_loads_no_service_library(self, tmp_path: Path) -> None:
        code = (
            "import sys\n"
            "from datetime import UTC, datetime\n"
            "from pathlib import Path\n"
            "from tracker_tui.config.settings import Instance, Settings\n"
            "from tracker_tui.model.ids import Kind\n"
            "from tracker_tui.engine.now import CorrectedClock\n"
            "from tracker_tui.engine.remember import save\n"
            "from tracker_tui.reconcile.memory import RequestMemory\n"
            "from tracker_tui.session import Session\n"
            "from tracker_tui.store.store import Store\n"
            "from tracker_tui.tui.start import _remembered\n"
            "now = datetime(2026, 1, 25, 12, tzinfo=UTC)\n"
            f"store = Store.open(Path({str(tmp_path / 'state.json')!r}))\n"
            "from tracker_tui.model.states import State\n"
            "row = RequestMemory(id='seerr:seerr:1', title='Station Nine', is_movie=True, state=State.APPROVED,\n"
            "    first_seen_at=now, requested_at=now)\n"
            "save(store, now, {'seerr:seerr:1': row}, None)\n"
            "seerr = Instance(kind=Kind.SEERR, name='seerr', url='http://127.0.0.1:1')\n"
            "world = _remembered(Session(Settings(instances=(seerr,)), store, CorrectedClock(lambda: now)))\n"
            "print(*sys.modules)\n"
            "print([row.title for row in world.requests], world.remembered_at)\n"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        loaded, told = ran.stdout.splitlines()
        assert told == "['Station Nine'] 2026-01-25 12:00:00+00:00"
        assert not {"httpx", "pyarr", "qbittorrentapi", "tracker_tui.engine.watch"} & set(loaded.split())

    def test_it_stops_before_it_has_begun(self, tmp_path: Path) -> None:
        from tracker_tui.config.settings import Settings
        from tracker_tui.engine.now import CorrectedClock
        from tracker_tui.session import Session
        from tracker_tui.store.store import Store
        from tracker_tui.tui.feed import EngineFeed

        store = Store.open(tmp_path / "store.json")
        EngineFeed(Session(Settings(), store, CorrectedClock())).stop()
        assert not store.writable

"""What is sent to the terminal, change by change, shows exactly what was composed, in as few bytes as that takes."""

import random

import pytest
from msgspec.structs import replace
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from tests.tui.conftest import HandFeed
from tests.tui.emulator import Emulator
from tests.tui.grid import grid
from tests.tui.stage import STYLES
from tests.tui.worlds import NOON, WEB_URLS, film, hostile, household, with_row
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.framebuffer import CLEAR, FrameBuffer, Update

RED, ON_BLUE = Style(color="red"), Style(bgcolor="blue")
CONSOLE = Console(force_terminal=True, color_system="standard", width=20)


def drawn(buffer: FrameBuffer, *lines: str | list[Segment], width: int = 20) -> str:
    """Show lines from the top of a screen of 20x3."""
    rows = [[Segment(line)] if isinstance(line, str) else line for line in (*lines, "", "", "")[:3]]
    whole = LayoutUpdate(
        [[Strip(row).adjust_cell_length(width)] for row in rows],
        Region(0, 0, width, 3),
    )
    return buffer.update(whole, CONSOLE, (width, 3), lambda: whole).text


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        (["same"], ["same"], ""),
        (["12 %"], ["13 %"], "\x1b[1;2H3"),
        (["a" * 15 + "b"], ["c" + "a" * 14 + "d"], "\x1b[1;1Hc\x1b[1;16Hd"),
        (["abcdef"], ["xbcdex"], "\x1b[1;1Hxbcdex"),
        (["text that goes away"], [""], "\x1b[1;1H\x1b[K"),
        (["text that shrinks a lot"], ["text"], "\x1b[1;6H\x1b[K"),
        (["", "x"], ["", "y"], "\x1b[2;1Hy"),
        (["a葬b"], ["a送b"], "\x1b[1;2H送"),
        (["a葬b"], ["axyb"], "\x1b[1;2Hxy"),
        (["axyb"], ["a葬b"], "\x1b[1;2H葬"),
        (["e\u0301 x"], ["e\u0301 y"], "\x1b[1;1He\u0301 y\x1b[K"),
        (["\U0001f600 x"], ["\U0001f600 y"], "\x1b[1;1H\U0001f600 y\x1b[K"),
        ([[Segment("a")]], [[Segment("a", RED)]], "\x1b[1;1H\x1b[31ma\x1b[0m"),
        ([[Segment("a ", RED)]], [[Segment("a", RED), Segment(" ", None)]], ""),
        ([[Segment("a ")]], [[Segment("a"), Segment(" ", ON_BLUE)]], "\x1b[1;2H\x1b[44m \x1b[0m"),
    ],
    ids=[
        "nothing changed",
        "a digit",
        "far apart: two places",
        "close together: one",
        "a line emptied",
        "the rest emptied",
        "another row",
        "wide for wide",
        "narrow for wide",
        "wide for narrow",
        "marks: terminals differ on widths, so the whole row",
        "emoji: likewise",
        "another colour",
        "a blank has no colour",
        "but it has a background",
    ],
)
def test_only_what_differs_is_sent(before: list[str], after: list[str], sent: str) -> None:
    buffer = FrameBuffer()
    drawn(buffer, *before)
    assert drawn(buffer, *after) == sent
    assert drawn(buffer, *after) == ""


def test_what_is_not_known_is_cleared_and_drawn_whole() -> None:
    buffer = FrameBuffer()
    assert drawn(buffer, "one", "two") == f"{CLEAR}\x1b[1;1Hone\x1b[2;1Htwo"
    buffer.forget()
    assert drawn(buffer, "one") == f"{CLEAR}\x1b[1;1Hone"
    assert drawn(buffer, "one", width=19).startswith(CLEAR), "another size"


class Watched(TrackerApp):
    """The application without a terminal; what it would send goes to an emulated one."""

    CSS_PATH = str(STYLES)

    def __init__(self, world: World, feed: HandFeed, width: int, height: int, ui: UiSettings) -> None:
        self.shown = Emulator(width, height)
        self.buffer = FrameBuffer()
        super().__init__(feed, world, lambda: NOON, ui=ui, web_urls=WEB_URLS)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, Update) and screen is self.screen:
            whole = screen._compositor.render_full_update
            self.shown.feed(self.buffer.update(renderable, self.console, self.size, whole).text.encode())
        super()._display(screen, renderable)


async def settled(app: Watched, pilot: Pilot[None]) -> None:
    """Wait until the terminal shows what was composed: a toast may be on its way."""
    for _ in range(100):
        await pilot.pause()
        if app.shown.lines() == grid(app).splitlines():
            return
    assert app.shown.lines() == grid(app).splitlines()


KEYS = [*"jjllkjhGgdnNtsmlHqLqfq?uqo", "escape", "pagedown", "tab", "pageup", "slash", "s", "x", "backspace", "enter"]


@pytest.mark.parametrize(("width", "height"), [(120, 40), (61, 13), (200, 50)])
@pytest.mark.parametrize("plain", [False, True], ids=["", "ascii"])
async def test_the_terminal_shows_what_was_composed(width: int, height: int, plain: bool) -> None:
    chance = random.Random(width)
    feed = HandFeed()
    app = Watched(household(), feed, width, height, UiSettings(ascii=plain))
    async with app.run_test(size=(width, height), notifications=True) as pilot:
        await pilot.pause()
        for number in range(40):
            if number % 4 == 3:
                world = hostile() if number % 8 == 3 else household()
                feed.push(with_row(world, replace(film(number, State.DOWNLOADING), progress=chance.random())))
            else:
                await pilot.press(chance.choice(KEYS))
            await settled(app, pilot)
        assert not app.shown.strange
        assert not app.shown.scrolled


async def test_every_size_on_the_way_is_drawn_whole() -> None:
    app = Watched(household(), HandFeed(), 120, 40, UiSettings())
    async with app.run_test(size=(120, 40)) as pilot:
        for width, height in ((80, 24), (40, 10), (200, 50), (80, 24)):
            app.shown.resize(width, height)
            await pilot.resize_terminal(width, height)
            await settled(app, pilot)

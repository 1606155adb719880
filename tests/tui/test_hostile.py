"""Names from outside are text and nothing else: every view, every kind of terminal, and columns that stay in line."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.tui.conftest import HandFeed
from tests.tui.emulator import MOUSE
from tests.tui.scripted import Stage
from tests.tui.test_framebuffer import Watched, settled
from tests.tui.worlds import NOON, film, services, text
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.clauses import Clause
from tracker_tui.model.states import State
from tracker_tui.model.world import Phrase
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.tui.framebuffer import FrameBuffer

MEASURED = {
    "latin": "Amélie",
    "wide": "葬送のフリーレン",
    "half-width katakana": "ﾌﾘｰﾚﾝ",
    "hangul": "오징어 게임",
    "hangul in parts": unicodedata.normalize("NFD", "오징어 게임"),
    "right to left": "פאודה",
    "arabic with marks": "مُسَلْسَل",
    "thai with marks": "ฉลาดเกมส์โกง ที่นี่",
    "many marks": "Z\u0351\u036f\u0302\u0303\u0304a\u0305\u0306lgo",
    "emoji": "Ghost 👻 Hunt",
    "emoji joined": "The 👨\u200d👩\u200d👧 Show",
    "emoji by selector": "Heart ❤\ufe0f Beat",
    "zero width": "in\u200bvis\u2060ible",
    "soft hyphen": "super\u00adcali",
    "box drawing": "▛▀▜ ░▒▓",
}
"""Titles whose width a program may get wrong; none with spacing marks (Devanagari), on which terminals disagree."""


@pytest.mark.parametrize("width", [120, 200])
async def test_columns_stay_in_line_whatever_the_titles_are_made_of(width: int) -> None:
    titles = [*MEASURED.values(), "plain"]
    said = (Phrase(code=Clause.QUALITY, text="HDTV"),)
    rows = [film(number, State.APPROVED, title=text(title), phrases=said) for number, title in enumerate(titles)]
    app = Watched(assemble(rows, (), (), services(), NOON), HandFeed(), width, 40, UiSettings())
    async with app.run_test(size=(width, 40)) as pilot:
        await settled(app, pilot)
        starts = {}
        for row in app.shown.cells:
            line = "".join(row)
            if re.search(r"\(20\d\d\).*HDTV", line):
                starts[line] = next(index for index, _ in enumerate(row) if "".join(row[index:]).startswith("HDTV"))
        assert len(starts) >= 10
        usual = starts[next(line for line in starts if "Am" in line)]
        assert {line: start for line, start in starts.items() if start != usual} == {}
        assert not app.shown.split


ATTACKS = (
    "\x1b]0;owned\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b[2J\x1b[H\x1b[?1003h",
    "\x9b2J\x9d0;x\x9c",
    "\x1bc\x0e\x0f\x08\x08\x7f",
    "[@click=app.quit]x[/] [link=http://evil.example]y[/link] [/nope] [bold",
    "\u202egnp.exe\u202c\u2066\u2069\u200e\u061c",
    "\ud800\udfff\ufffe\U000e0041",
    "a\r\nb\tc\x85\u2028d",
    "x" * 100_000,
    "\u0301" * 5_000,
)


def _attacked(raw: str, number: int) -> object:
    """Return a request of that name, as it is after the services' boundary failed to make it safe."""
    return replace(film(number, State.DOWNLOADING), title=raw, original_title=raw, requested_by=raw)


@pytest.mark.parametrize("plain", [False, True], ids=["", "ascii"])
async def test_no_view_lets_a_name_speak_to_the_terminal(plain: bool) -> None:
    rows = [_attacked(raw, number) for number, raw in enumerate(ATTACKS)]
    app = Watched(assemble(rows, (), (), services(), NOON), HandFeed(), 120, 40, UiSettings(ascii=plain))  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await _visit(app, pilot)
    assert not app.shown.strange
    assert not app.shown.titles
    assert not app.shown.clipboard
    assert app.shown.modes == {}, "no mode is switched by what is shown"
    assert not app.shown.scrolled


async def _visit(app: Watched, pilot: Pilot[None]) -> None:
    for key in (
        "j",
        "l",
        "d",
        "d",
        "H",
        "escape",
        "u",
        "escape",
        "L",
        "escape",
        "question_mark",
        "escape",
        "f",
        "escape",
    ):
        await pilot.press(key)
        await pilot.pause()
    for raw in ATTACKS:
        app.notify(raw, title=raw)
        app.main.tell_progress(raw)
        app.confirm(raw, [raw])
        await pilot.pause()
        app.buffer.forget()
        app.screen.refresh()
        await pilot.pause()
        await pilot.press("escape")
    app.buffer = FrameBuffer()
    app.screen.refresh()
    await settled(app, pilot)


TERMS = {
    "linux": {"TERM": "linux"},
    "screen": {"TERM": "screen"},
    "xterm": {"TERM": "xterm"},
    "tmux-256color": {"TERM": "tmux-256color"},
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
}


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage(tmp_path, "shelf:30:5", "--theme", "dark", **TERMS[request.param])
    try:
        yield stage
    finally:
        stage.close()


@pytest.mark.parametrize("stage", list(TERMS), indirect=True)
def test_colours_are_those_the_terminal_has_and_the_mouse_is_left_alone(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["stage"]
    stage.tick()
    sent = stage.terminal.out
    assert (b"38;2;" in sent) == (name == "truecolor")
    assert (b"38;5;" in sent) == (name == "tmux-256color")
    switched = {int(mode) for mode in re.findall(rb"\x1b\[\?([0-9]+)h", sent)}
    assert not switched & MOUSE, "--no-mouse"

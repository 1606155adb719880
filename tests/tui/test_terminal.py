"""What reaches a real terminal: how much, and nothing that a foreign name asked for."""

import re
import signal
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.emulator import MOUSE, Emulator
from tests.tui.scripted import Stage
from tests.tui.terminal import PATIENCE_S, Terminal

Log = Path
ESCAPE, DOWN, REDRAW, SUSPEND = "\x1b", "\x1b[B", "\x0c", "\x1a"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    file = tmp_path / "log"
    file.touch()
    return file


@pytest.fixture
def stage(log: Log, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    terminal = Terminal("-m", "tests.tui.stage", request.param, str(log))
    try:
        terminal.until("Film 1 " if request.param in {"moving", "flood"} else "Jellyfin")
        yield terminal
    finally:
        terminal.close()


def words(log: Log) -> list[str]:
    return log.read_text().split()


def wait_for_worlds(terminal: Terminal, log: Log, more: int) -> None:
    goal = words(log).count("took") + more
    deadline = time.monotonic() + PATIENCE_S
    while words(log).count("took") < goal:
        assert time.monotonic() < deadline
        terminal.read(0.05)


@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_nothing_is_written_while_nothing_changes(stage: Terminal, log: Log) -> None:
    wait_for_worlds(stage, log, 5)
    before = stage.until_quiet()
    wait_for_worlds(stage, log, 10)
    assert stage.until_quiet() == before


@pytest.fixture
def scripted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    play, *options = request.param.split()
    stage = Stage(tmp_path, play, *options)
    try:
        yield stage
    finally:
        stage.close()


def rows_written(output: bytes) -> list[int]:
    """Return the rows that an output goes to, the place of the hidden cursor at its end left out."""
    places = re.findall(rb"\x1b\[([0-9]+);[0-9]+H(?!$)", output)
    return [int(row) for row in places]


@pytest.mark.parametrize("scripted", ["shelf:30:1"], indirect=True)
def test_a_row_that_moves_is_all_that_is_written(scripted: Stage) -> None:
    scripted.press("d")
    scripted.press("G")  # the cursor stands elsewhere
    cost = scripted.tick()
    shown = Emulator(120, 40)
    shown.feed(scripted.terminal.out)
    line = shown.lines().index(shown.line_with("Series 0 ")) + 1
    assert set(rows_written(scripted.last)) == {line}
    assert cost.bytes <= 150, "the digits that changed, and the way to them"


@pytest.mark.parametrize("scripted", ["shelf:30:30"], indirect=True)
def test_the_first_screen_is_written_once(scripted: Stage) -> None:
    words = scripted.terminal.out.decode()
    assert words.count("Series 7") == 1
    assert words.count("\x1b[2J") == 1
    assert scripted.first <= 14_000


@pytest.mark.parametrize("scripted", ["shelf:60:20 --ascii", "enemy --theme dark"], indirect=True)
def test_the_screen_that_grew_by_changes_is_the_one_drawn_anew(scripted: Stage) -> None:
    for keys in ("jjl", "d", "G", "tick", "/s\r", "fq"):
        if keys == "tick":
            scripted.tick()
        else:
            scripted.press(keys)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        grown, afresh = Emulator(120, 40), Emulator(120, 40)
        grown.feed(scripted.terminal.out)
        scripted.press(REDRAW)
        afresh.feed(scripted.last)
        if grown.lines() == afresh.lines() or time.monotonic() > deadline:
            break
    assert grown.lines() == afresh.lines()
    assert not grown.strange


@pytest.mark.parametrize("scripted", ["shelf:60:20"], indirect=True)
def test_a_storm_of_sizes_ends_in_the_right_screen(scripted: Stage) -> None:
    terminal = scripted.terminal
    for number in range(300):
        terminal.resize(70 + number % 90, 20 + number % 30)
        terminal.read(0)
    terminal.resize(100, 30)
    shown = Emulator(100, 30)
    deadline = time.monotonic() + PATIENCE_S
    while not any("filter" in line for line in shown.lines()) or len(shown.line_with("Series 0")) < 60:
        assert time.monotonic() < deadline, shown.lines()
        scripted.press(REDRAW)
        shown = Emulator(100, 30)
        shown.feed(scripted.last)
    grown = Emulator(100, 30)
    grown.feed(terminal.out[terminal.out.rindex(b"\x1b[2J") :])
    assert grown.lines() == shown.lines()
    assert "filter" in shown.lines()[-1]


@pytest.mark.parametrize("stage", ["moving"], indirect=True)
def test_five_moving_bars_cost_little(stage: Terminal, log: Log) -> None:
    wait_for_worlds(stage, log, 4)
    before, taken = len(stage.out), words(log).count("took")
    wait_for_worlds(stage, log, 20)
    each = (len(stage.out) - before) / (words(log).count("took") - taken)
    assert each <= 600, f"{each:.0f} bytes for five bars and the details of one"


PALETTE = "\x10"
TYPED = (
    *(*"nljljddf", ESCAPE, "u", ESCAPE, *"HG", ESCAPE, *"SG", ESCAPE, "L", ESCAPE, *"?G", ESCAPE, "o", ESCAPE),
    *("m", ESCAPE, "/x\r", ESCAPE, PALETTE, *"mute", ESCAPE, "t"),
)
"""Through every view and the command palette, with each page closed again."""

_SEQUENCE = re.compile(
    r"\x1b(?:\[[<=>?]?[0-9;]*(?P<csi>[@-~])|\](?P<osc>[0-9]+)[^\x07\x1b]*(?:\x07|\x1b\\)|(?P<other>.))", re.DOTALL
)


def through_every_view(terminal: Terminal) -> str:
    for keys in TYPED:
        terminal.until_quiet()
        terminal.send(keys)
    terminal.until_quiet()
    return terminal.out.decode()


def kinds(output: str) -> set[str]:
    """Return the kinds of control sequences in an output, their numbers left out."""
    return {match.group("csi") or f"OSC {match.group('osc')}" for match in _SEQUENCE.finditer(output)}


@pytest.mark.parametrize("stage", ["enemy"], indirect=True)
def test_no_foreign_name_reaches_the_terminal_as_anything_but_text(stage: Terminal, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    friendly = Terminal("-m", "tests.tui.stage", "still", str(other))
    try:
        friendly.until("Jellyfin")
        usual = kinds(through_every_view(friendly))
    finally:
        friendly.close()
    seen = through_every_view(stage)
    assert stage.process.poll() is None
    assert kinds(seen) <= usual
    text = _SEQUENCE.sub("", seen)
    bad = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs"}} - {"\r", "\n"}
    assert not bad, [f"U+{ord(one):04X}" for one in bad]
    assert "[@click=app.quit]click[/]" in text, "markup is shown as it is"
    assert "[SubsPlease] Show - 01 (1080p)" in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda one: one.name)
@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_a_signal_saves_restores_and_leaves(stage: Terminal, log: Log, number: signal.Signals) -> None:
    stage.until_quiet()
    assert not stage.restored()
    stage.process.send_signal(number)
    assert stage.end() == 128 + number
    assert b"\x1b[?1049l" in stage.out
    assert stage.restored()
    assert {"flush", "stop"} <= set(words(log))


def wait_until_full(terminal: Terminal) -> None:
    """Read nothing until nothing more can be written, and the program has noticed."""
    deadline = time.monotonic() + PATIENCE_S
    full = 0
    while full < 10:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        full = full + 1 if terminal.full() else 0


@pytest.mark.parametrize(
    ("leave", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), ("q", 0), ("\x03", 0)],
    ids=["SIGTERM", "SIGHUP", "q", "Ctrl-C"],
)
@pytest.mark.parametrize("stage", ["flood"], indirect=True)
def test_it_can_be_left_while_nobody_reads_the_terminal(
    stage: Terminal, log: Log, leave: signal.Signals | str, code: int
) -> None:
    wait_until_full(stage)
    if isinstance(leave, str):
        stage.send(leave)
    else:
        stage.process.send_signal(leave)
    assert stage.end(reading=False) == code
    assert stage.restored()
    assert "flush" in words(log)
    stage.until_quiet()
    assert b"\x1b[?1049l" in stage.out


@pytest.mark.parametrize("stage", ["flood"], indirect=True)
def test_a_reader_that_slept_gets_the_present_and_not_all_that_passed(stage: Terminal, log: Log) -> None:
    wait_until_full(stage)
    taken = words(log).count("took")
    deadline = time.monotonic() + PATIENCE_S
    while words(log).count("took") < taken + 60:  # worlds are taken all the same, and keys obeyed
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stage.send("/film 7\r")
    while stage.unread():
        assert time.monotonic() < deadline + PATIENCE_S
        time.sleep(0.05)
    before = len(stage.out)
    shown, years = Emulator(120, 40), [0]
    while not shown.line_with('"film 7"') or min(years) < 1000 + taken + 60:  # a frame may come in parts
        assert time.monotonic() < deadline + PATIENCE_S, shown.lines()
        stage.read(0.1)
        shown = Emulator(120, 40)
        shown.feed(stage.out)
        years = [int(year) for year in re.findall(r"\((\d{4})\)", "".join(shown.lines()))] or [0]
    frame = 3_000
    assert len(stage.out) - before < 80_000 + 20 * frame, "what the kernel kept, and a few frames"
    assert not shown.strange


@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_quitting_leaves_the_terminal_as_it_was(stage: Terminal, log: Log) -> None:
    stage.until_quiet()
    stage.send("q")
    assert stage.end() == 0
    assert stage.restored()
    assert "stop" in words(log)


@pytest.mark.parametrize("where", ["", "?", "/film"], ids=["main screen", "page", "filter"])
@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_ctrl_z_gives_the_terminal_back_and_fg_draws_all_of_it_anew(stage: Terminal, where: str) -> None:
    stage.until_quiet()
    stage.send(where)
    stage.until({"": "Jellyfin", "?": "Keys on the main screen", "/film": "10 of 12"}[where])
    stage.until_quiet()
    before = Emulator(120, 40)
    before.feed(stage.out)
    stage.send(SUSPEND)
    stage.until_stopped()
    left = Emulator(120, 40)
    left.feed(stage.out)
    assert stage.restored()
    assert [mode for mode in (1049, *MOUSE, 2004) if left.modes.get(mode)] == []
    assert left.modes[25], "the cursor is seen"
    stopped = len(stage.out)
    stage.process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + PATIENCE_S
    shown = Emulator(120, 40)
    while shown.lines() != before.lines():
        assert time.monotonic() < deadline, shown.lines()
        stage.read(0.1)
        shown = Emulator(120, 40)
        shown.feed(stage.out[stopped:])
    stage.send("\x03")
    assert stage.end() == 0, "keys are heard again"


def pasted(text: str) -> str:
    """What a terminal sends for a paste once it was asked to say where one begins and ends."""
    return f"\x1b[200~{text}\x1b[201~"


def see(terminal: Terminal, text: str) -> None:
    """Read until `text` stands on the screen."""
    deadline = time.monotonic() + PATIENCE_S
    shown = Emulator(120, 40)
    while not shown.line_with(text):
        assert time.monotonic() < deadline, shown.lines()
        terminal.read(0.1)
        shown = Emulator(120, 40)
        shown.feed(terminal.out)
    assert not shown.strange


@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_a_paste_is_text_where_a_filter_is_typed_and_nothing_elsewhere(stage: Terminal) -> None:
    stage.until_quiet()
    stage.send(pasted("q\rq\n"))
    stage.send("/")
    stage.send(pasted("  Sousou\r\nno\nFrieren\n"))
    see(stage, "/ Sousou no Frieren▏  1 of 12")
    stage.send(pasted("\x07\u202e" + "x" * 5_000))
    see(stage, "Frieren��xxx")
    stage.send("\x15film 7\r")
    see(stage, '"film 7": 1 of 12')
    stage.send("q")
    assert stage.end() == 0


@pytest.mark.parametrize("stage", ["still"], indirect=True)
def test_a_terminal_that_goes_away_without_a_signal_ends_it(stage: Terminal, log: Log) -> None:
    stage.until_quiet()
    stage.go_away()
    assert stage.end(reading=False) == 128 + signal.SIGHUP
    assert {"flush", "stop"} <= set(words(log))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="no UTF-8"),
        pytest.param({"LC_ALL": "POSIX", "TERM": "vt100"}, id="an old terminal"),
    ],
)
def test_without_utf_8_only_ascii_is_sent(environment: dict[str, str]) -> None:
    terminal = Terminal("-m", "tracker_tui", "--demo", width=120, height=40, **environment)
    try:
        terminal.until("Pancreas")
        for keys in ("?", ESCAPE, "S", ESCAPE):
            terminal.until_quiet()
            terminal.send(keys)
        terminal.until_quiet()
        terminal.send("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
    assert terminal.out.isascii()
    assert b"\\u" not in terminal.out

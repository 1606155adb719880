"""The text snapshot, drawn from worlds made by hand: widths, hostile names, no markup, no escape codes in a pipe."""

import pytest

from tests.tui.worlds import all_down, film, household, nothing, with_row
from tracker_tui.config.options import Options
from tracker_tui.headless.text import PIPED_WIDTH, write_text
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.model.world import World


def drawn(world: World, capsys: pytest.CaptureFixture[str], *, plain: bool = False) -> str:
    write_text(world, world.requests, Options(command="once"), plain=plain)
    return capsys.readouterr().out


def test_groups_titles_verdicts_and_next_steps(capsys: pytest.CaptureFixture[str]) -> None:
    text = drawn(household(), capsys)
    for said in ("Needs attention (", "SIGNALR_DOWN", "Unassigned (1)", "→ Jellyfin, Dashboard", "Anime Shows"):
        assert said in text
    assert "\x1b" not in text


@pytest.mark.parametrize("world", [household(), all_down(), nothing()], ids=["household", "all down", "nothing"])
def test_no_line_is_wider_than_the_pipe(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert max(len(line) for line in drawn(world, capsys).splitlines()) <= PIPED_WIDTH


def test_names_are_never_markup(capsys: pytest.CaptureFixture[str]) -> None:
    name = clean("[@click=app.quit]click[/] [/nope] [b]bold")
    world = with_row(household(), film(99, State.APPROVED, title=name))
    assert name in drawn(world, capsys)


def test_what_the_filter_hides_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    world = household()
    write_text(world, world.requests[:1], Options(command="once"), plain=False)
    assert f"{len(world.requests) - 1} more not shown by the filter" in capsys.readouterr().out

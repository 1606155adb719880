"""A row keeps to its columns at every width; its state is a word, unless numbers tell more; nothing is said twice."""

from datetime import UTC

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from tests.tui.worlds import NOON, film, household, matching, pack, text
from tracker_tui.model.clauses import Clause
from tracker_tui.model.states import State
from tracker_tui.model.world import Phrase, RequestRow
from tracker_tui.present.cells import cells
from tracker_tui.present.labels import STATES
from tracker_tui.present.outline import Outline
from tracker_tui.present.rows import Row, View
from tracker_tui.tui.columns import bar_width, columns

LONG = "The Very Long Title of a Film That Nobody Has Ever Managed to Read to Its Very End on Any Screen"
WIDTHS = (40, 59, 60, 71, 72, 79, 95, 96, 109, 110, 119, 160, 200)


def drawn(row: Row, width: int, *, plain: bool = False) -> str:
    found = columns(row, cells(row, NOON, UTC, bar_width(width)), width, plain=plain)
    return "".join(span.text for span in found)


def of(request: RequestRow, width: int) -> str:
    return drawn(Row(request.id, "group:waiting", 1, request, request, branch=bool(request.seasons)), width)


@pytest.mark.parametrize("width", [one for one in WIDTHS if one >= 60])
def test_the_summary_begins_in_one_column_however_long_the_title_is(width: int) -> None:
    titles = ("Up", LONG, "葬送のフリーレン" * 9)
    shown = [of(replace(matching(), title=text(one)), width) for one in titles]
    assert len({cell_len(one.partition("Not in")[0]) for one in shown}) == 1
    assert all("Not in" in one for one in shown)


@pytest.mark.parametrize("plain", [False, True], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_with_a_summary_is_wider_than_the_tree(width: int, plain: bool) -> None:
    outline = Outline()
    world = replace(household(), requests=(*household().requests, replace(matching(), id="x", title=text(LONG))))
    keys = {row.key for row in outline.rows} | {one.id for one in world.requests}
    outline.update(world, View(opened=dict.fromkeys(keys, True)))
    for row in outline.rows:
        if cells(row, NOON, UTC, bar_width(width)).clauses:
            assert cell_len(drawn(row, width, plain=plain)) <= width


@pytest.mark.parametrize("width", [72, 79, 119])
@pytest.mark.parametrize(
    ("row", "count"),
    [
        (film(1, State.AVAILABLE), 1),
        (film(1, State.FAILED), 1),
        (film(1, State.DOWNLOADED), 1),
        (replace(film(1, State.DOWNLOADING), progress=0.4, speed_bytes_s=1 << 20, eta_s=60), 1),
    ],
    ids=["ready", "failed", "downloaded", "downloading"],
)
def test_the_state_is_said_in_a_word_and_once(row: RequestRow, count: int, width: int) -> None:
    word = {"AVAILABLE": "Ready"}.get(row.state, row.state.capitalize())
    assert of(row, width).count(word) == count


def test_who_asked_is_told_without_saying_again_that_somebody_did() -> None:
    asked = (Phrase(code=Clause.REQUESTED, text="kim"), Phrase(code=Clause.AWAITING_APPROVAL))
    shown = of(film(1, State.REQUESTED, phrases=asked), 119)
    assert shown.count("Requested") == 1
    assert shown.rstrip().endswith("  By kim · waiting for approval")


@pytest.mark.parametrize("state", State)
def test_a_phone_shows_a_word_or_a_number_and_the_title(state: State) -> None:
    shown = of(film(1, state), 40)
    assert STATES[state].word in shown
    assert "Film 1 (2001)" in shown
    loading = of(replace(film(1, state), progress=0.5), 40)
    assert "50 %" in loading
    assert loading.index("Film 1") == shown.index("Film 1")


def test_numbers_stand_where_the_word_would() -> None:
    row = replace(film(1, State.DOWNLOADING), progress=0.42, speed_bytes_s=13 << 20, eta_s=390)
    shown = of(row, 119)
    assert shown.index("42 %") < shown.index("13.0 MB/s") < shown.index("6m 30s") < shown.index("Film 1")
    word = of(film(1, State.GRABBING), 119)
    assert word.index("Film 1") == shown.index("Film 1"), "the title stands in its column either way"


def test_the_year_goes_before_the_title_is_cut() -> None:
    row = replace(matching(), title=text("This Title Just Fits by Itself"))
    assert "This Title Just Fits by Itself  " in of(row, 119)
    assert "(2022)" in of(replace(row, title=text("Short")), 119)


@pytest.mark.parametrize("state", [State.AVAILABLE, State.APPROVED], ids=["all", "nothing"])
def test_a_bar_is_for_what_is_under_way(state: State) -> None:
    row = film(1, state)
    assert cells(Row(row.id, None, 1, row, row), NOON, UTC, 12).bar is None
    assert cells(Row("p", None, 1, pack(), pack()), NOON, UTC, 12).bar is not None

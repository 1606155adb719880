"""Bars fill their width exactly, and hide nothing that is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.model.states import State
from tracker_tui.present.bars import GLYPHS, Part, bar, single

COUNTS = st.lists(st.tuples(st.sampled_from(State), st.integers(0, 500)), max_size=8)


def text(runs: tuple[tuple[Part, int], ...]) -> str:
    return "".join(GLYPHS[part][1] * cells for part, cells in runs)


@pytest.mark.parametrize(
    ("counts", "progress", "shown"),
    [
        ([(State.AVAILABLE, 4), (State.PENDING, 4)], None, "####...."),
        ([(State.DOWNLOADING, 8)], 0.5, "====----"),
        ([(State.DOWNLOADING, 8)], None, "--------"),
        ([(State.AVAILABLE, 2), (State.ANIME_MATCHING, 2), (State.GRABBING, 4)], None, "##==----"),
        ([(State.AVAILABLE, 99), (State.PENDING, 1)], None, "#######."),
        ([(State.AVAILABLE, 1), (State.PENDING, 99)], None, "#......."),
        ([], None, "........"),
        ([(State.FAILED, 1)], 0.7, "........"),
    ],
    ids=["half ready", "half loaded", "progress unknown", "three parts", "one of many missing", "one of many there",
         "nothing", "failed"],
)  # fmt: skip
def test_a_bar(counts: list[tuple[State, int]], progress: float | None, shown: str) -> None:
    assert text(bar(counts, progress, 8)) == shown


@given(COUNTS, st.none() | st.floats(-1, 2), st.integers(0, 40))
def test_a_bar_fills_its_width(counts: list[tuple[State, int]], progress: float | None, width: int) -> None:
    runs = bar(counts, progress, width)
    assert sum(cells for _, cells in runs) == width
    assert all(cells > 0 for _, cells in runs)
    order = list(Part)
    assert [part for part, _ in runs] == sorted({part for part, _ in runs}, key=order.index)


@given(COUNTS)
def test_what_is_ready_and_what_is_not_are_both_seen(counts: list[tuple[State, int]]) -> None:
    parts = {part for part, _ in bar(counts, None, 8)}
    ready = sum(count for state, count in counts if state is State.AVAILABLE)
    total = sum(count for _, count in counts)
    assert (Part.READY in parts) == (ready > 0)
    if total > ready:
        assert parts - {Part.READY}


def test_one_file_is_a_bar_of_one() -> None:
    assert single(State.DOWNLOADING, 0.25, 8) == bar([(State.DOWNLOADING, 1)], 0.25, 8)

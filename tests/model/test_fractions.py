"""Shares of a whole: half up, and nothing unfinished reads as finished."""

import pytest

from tracker_tui.model import fractions


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.0, "0 %"),
        (0.0001, "0 %"),
        (0.0005, "0.1 %"),
        (0.42, "42 %"),
        (0.084, "8.4 %"),
        (0.1667, "16.7 %"),
        (0.5005, "50.1 %"),
        (0.51667, "51.7 %"),
        (0.9994, "99.9 %"),
        (0.99951, "99.9 %"),
        (0.99999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(fraction: float, text: str) -> None:
    assert fractions.percent(fraction) == text


def test_every_half_goes_up_whatever_the_float_says() -> None:
    for number in range(9995):
        tenths = (number + 5) // 10
        assert fractions.percent(number / 10_000) == f"{tenths / 10:g} %"


def test_scans_are_told_in_whole_percent_half_up() -> None:
    assert fractions.whole_percent(0.375) == "38 %"
    assert fractions.whole_percent(0.62) == "62 %"
    assert fractions.whole_percent(0.285) == "29 %"
    assert fractions.whole_percent(0.996) == "99 %"
    assert fractions.whole_percent(1.0) == "100 %"


@pytest.mark.parametrize(
    ("fraction", "rounded"),
    [(0.0, 0.0), (1 / 3, 0.3333), (2 / 3, 0.6667), (0.99994, 0.9999), (0.999999, 0.9999), (1.0, 1.0)],
)
def test_four_decimals(fraction: float, rounded: float) -> None:
    assert fractions.four_decimals(fraction) == rounded

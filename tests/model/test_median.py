"""The median is that of the standard library."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.model.median import median


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9))
def test_it_is_the_one_of_the_standard_library(values: list[int]) -> None:
    assert median(values) == statistics.median(values)


def test_there_is_none_of_nothing() -> None:
    with pytest.raises(ValueError, match="no median"):
        median(())

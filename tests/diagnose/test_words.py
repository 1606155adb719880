"""Times and numbers inside sentences: coarse, and honest about when they change."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.diagnose import words
from tracker_tui.model import moments

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "under a minute"), (59, "under a minute"), (60, "1 min"), (7199, "119 min"), (7200, "2 h"),
     (48 * 3600 - 1, "47 h"), (48 * 3600, "2 days")],
)  # fmt: skip
def test_ages(seconds: int, text: str) -> None:
    assert words.age(NOON - timedelta(seconds=seconds), NOON) == text


@given(st.integers(min_value=0, max_value=10 * 86400))
def test_an_age_reads_the_same_until_it_says_and_differently_then(seconds: int) -> None:
    since = NOON - timedelta(seconds=seconds)
    for text, changes in ((words.age, words.age_changes_at), (words.stale_age, words.stale_age_changes_at)):
        at = changes(since, NOON)
        assert at > NOON
        assert text(since, at - timedelta(microseconds=1)) == text(since, NOON)
    at = words.age_changes_at(since, NOON)
    assert words.age(since, at) != words.age(since, NOON)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "under 30 s"), (31, "30 s"), (89, "60 s"), (90, "90 s"), (120, "2 min"), (299, "2 min"), (600, "10 min"),
     (1500, "20 min"), (3 * 3600, "3 h")],
)  # fmt: skip
def test_stale_ages_move_in_steps(seconds: int, text: str) -> None:
    assert words.stale_age(NOON - timedelta(seconds=seconds), NOON) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KB"), (50 * 1024**2, "50.0 MB"), (1024**3 - 1, "1.0 GB"),
     (5 * 1024**5, "5120.0 TB")],
)  # fmt: skip
def test_sizes(count: int, text: str) -> None:
    assert words.size(count) == text


def test_clocks_are_told_in_the_readers_zone() -> None:
    zone = timezone(timedelta(hours=9))
    assert moments.clock(NOON, NOON, UTC) == "12:00"
    assert moments.clock(NOON, NOON, zone) == "21:00"
    assert moments.clock(NOON - timedelta(days=1), NOON, UTC) == "24 Jan 12:00"
    assert moments.date(NOON.replace(year=2024), NOON, UTC) == "25 Jan 2024"
    assert words.of_day(3 * 3600) == "03:00"


@pytest.mark.parametrize(("seconds", "text"), [(90, "+90 s"), (-90, "−90 s"), (420, "+7 min"), (-300, "−5 min")])
def test_gaps_of_clocks(seconds: int, text: str) -> None:
    assert words.clock_gap(seconds) == text


def test_lists() -> None:
    assert words.listed(["a", "b"]) == "a, b"
    assert words.listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.joined([]) == ""
    assert words.count(1, "file") == "1 file"
    assert words.count(2, "special or OVA", "specials or OVAs") == "2 specials or OVAs"

"""Numbers as people read them: 1024 steps, half up, nothing that ticks."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tracker_tui.model import moments
from tracker_tui.present import numbers

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1536, "1.5 KB"),
        (1024**2 - 1, "1.0 MB"),
        (9_019_431_322, "8.4 GB"),
        (83_966_000_000, "78.2 GB"),
        (33_930_242_048, "31.6 GB"),
        (1024**4, "1.0 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert numbers.size(count) == text


def test_speeds() -> None:
    assert numbers.speed(13_002_342) == "12.4 MB/s"
    assert numbers.speed(30_513_561) == "29.1 MB/s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (45, "45s"), (390, "6m 30s"), (1200, "20m"), (3900, "1h 5m"), (7200, "2h"), (183_600, "2d 3h")],
)
def test_durations(seconds: int, text: str) -> None:
    assert numbers.duration(seconds) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(-5, "under a minute"), (0, "under a minute"), (20, "20 min"), (70, "70 min"), (180, "3 h"), (60 * 72, "3 d")],
)
def test_ages_are_never_negative(minutes: int, text: str) -> None:
    assert numbers.age(NOW - timedelta(minutes=minutes), NOW) == text


def test_dates_and_days_follow_the_zone() -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert moments.date(late, NOW) == "31 Jan"
    assert moments.date(late, NOW, timezone(timedelta(hours=1))) == "1 Feb"
    assert moments.date(late.replace(year=2025), NOW) == "31 Jan 2025"
    assert numbers.day(NOW, NOW) == "today"
    assert numbers.day(NOW - timedelta(days=1), NOW) == "yesterday"
    assert numbers.day(NOW - timedelta(days=2), NOW) == "23 Jan"
    assert moments.clock(NOW.replace(minute=1), NOW) == "12:01"
    assert moments.clock(NOW - timedelta(days=1), NOW) == "24 Jan 12:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(31, "30 s"), (59, "30 s"), (60, "1 min"), (119, "1 min"), (130, "2 min"), (400, "5 min"), (700, "10 min"),
     (1300, "20 min"), (9000, "2 h")],
)  # fmt: skip
def test_the_age_of_old_data_moves_in_steps(seconds: int, text: str) -> None:
    assert numbers.stale_age(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (5, 30, "1 min"),
        (229, 3349, "4 to 56 min"),
        (900, 900, "15 min"),
        (3000, 10_000, "50 min to 3 h"),
        (7200, 90_000, "2 to 25 h"),
    ],
)
def test_an_estimate_is_no_finer_than_minutes(low: int, high: int, text: str) -> None:
    assert numbers.between(low, high) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "0.5 s"), (3, "3 s"), (60, "1 min"), (5400, "90 min"), (3600, "1 h")]
)
def test_rhythms(seconds: float, text: str) -> None:
    assert numbers.rhythm(seconds) == text

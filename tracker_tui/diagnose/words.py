"""Spans of time, sizes and counts inside the sentences of verdicts.

`present` words the numbers of rows; these are parts of sentences that JSON and screen share, so they are made here.
What would read differently every second is kept coarse: a sentence that stands changes at most once a minute.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

_MINUTES = timedelta(hours=2)
_HOURS = timedelta(hours=48)
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def age(since: datetime, now: datetime) -> str:
    """Return how long something lasts: "under a minute", "20 min", "3 h", "2 days"; never negative."""
    gap = max(now - since, timedelta())
    if gap < timedelta(minutes=1):
        return "under a minute"
    if gap < _MINUTES:
        return f"{gap // timedelta(minutes=1)} min"
    return f"{gap // timedelta(hours=1)} h" if gap < _HOURS else f"{gap.days} days"


def age_changes_at(since: datetime, now: datetime) -> datetime:
    """Return when `age` reads differently."""
    gap = max(now - since, timedelta())
    unit = timedelta(minutes=1) if gap < _MINUTES else timedelta(hours=1) if gap < _HOURS else timedelta(days=1)
    return since + unit * (gap // unit + 1)


_STEPS = tuple(timedelta(seconds=seconds) for seconds in (0, 30, 60, 90, 120, 300, 600))


def stale_age(since: datetime, now: datetime) -> str:
    """Return the age of old data in steps: 30, 60, 90 s, 2, 5, 10 min, then tens of minutes, then hours and days."""
    gap = _stale_step(since, now)
    seconds = int(gap.total_seconds())
    if seconds < 120:
        return f"{seconds} s" if seconds else "under 30 s"
    return age(since, since + gap)


def stale_age_changes_at(since: datetime, now: datetime) -> datetime:
    """Return when `stale_age` reads differently."""
    gap = max(now - since, timedelta())
    later = [step for step in _STEPS if step > gap]
    return since + (later[0] if later else timedelta(minutes=10) * (gap // timedelta(minutes=10) + 1))


def _stale_step(since: datetime, now: datetime) -> timedelta:
    gap = max(now - since, timedelta())
    if gap >= _STEPS[-1]:
        return timedelta(minutes=10) * (gap // timedelta(minutes=10))
    return max(step for step in _STEPS if step <= gap)


def of_day(seconds: int) -> str:
    """Return a time of day, given in seconds after midnight: "03:00"."""
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}"


def size(count: int) -> str:
    """Return bytes in 1024 steps: "0 bytes", "512.0 MB", "8.4 GB"."""
    if count < 1024:
        return f"{count} bytes"
    number, steps = float(count), 0
    while steps == 0 or (number >= 1023.95 and steps < len(_UNITS) - 1):
        number, steps = number / 1024, steps + 1
    return f"{number:.1f} {_UNITS[steps]}"


def clock_gap(seconds: int) -> str:
    """Return the difference of two clocks: "+7 min", "−90 s", "+24 h"."""
    sign = "+" if seconds > 0 else "−"
    size_ = abs(seconds)
    if size_ < 120:
        return f"{sign}{size_} s"
    minutes = (size_ + 30) // 60
    if minutes < 120:
        return f"{sign}{minutes} min"
    hours = (minutes + 30) // 60
    return f"{sign}{hours} h" if hours < 48 else f"{sign}{(hours + 12) // 24} days"


def count(number: int, word: str, plural: str | None = None) -> str:
    """Return "1 file", "3 files"."""
    return f"{number} {word if number == 1 else plural or word + 's'}"


def listed(items: Iterable[str], limit: int = 3) -> str:
    """Return "a, b, c and 2 more"."""
    known: Sequence[str] = list(items)
    text = ", ".join(known[:limit])
    return text if len(known) <= limit else f"{text} and {len(known) - limit} more"


def joined(items: Iterable[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    known = list(items)
    return " and ".join(part for part in (", ".join(known[:-1]), known[-1]) if part) if known else ""

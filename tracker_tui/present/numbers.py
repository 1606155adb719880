"""Numbers as text: sizes and speeds in 1024 steps, times, percents (SPEC 2.1.7, R10)."""

from datetime import UTC, datetime, timedelta, tzinfo

from tracker_tui.model.moments import date

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def size(count: int) -> str:
    """Return bytes in 1024 steps: "8.4 GB", "0 B", "1023 B"; one decimal from KB on."""
    number, unit = float(count), 0
    while _half_up(number * 10) >= 10240 and unit < len(_UNITS) - 1:
        number /= 1024
        unit += 1
    return f"{count} B" if unit == 0 else f"{_half_up(number * 10) / 10:.1f} {_UNITS[unit]}"


def speed(bytes_s: int) -> str:
    """Return bytes per second: "12.4 MB/s"."""
    return f"{size(bytes_s)}/s"


def _half_up(number: float) -> int:
    return int(number + 0.5)


def duration(seconds: int) -> str:
    """Return an ETA: "45s", "6m 30s", "20m", "1h 5m", "2d 3h"; the smaller unit falls away when it is zero."""
    days, rest = divmod(max(0, seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    pairs = ((days, "d", hours, "h"), (hours, "h", minutes, "m"), (minutes, "m", left, "s"))
    for big, big_word, small, small_word in pairs:
        if big:
            return f"{big}{big_word} {small}{small_word}" if small else f"{big}{big_word}"
    return f"{left}s"


def rhythm(seconds: float) -> str:
    """Return how often something happens: "3 s", "1 min", "2 h"."""
    if seconds < 60:
        return f"{seconds:g} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 or minutes % 60 else f"{minutes // 60} h"


def between(low: int, high: int) -> str:
    """Return an estimate of two durations in seconds: "4 to 56 min", "50 min to 3 h"; no finer than it is known."""
    (first, unit), (last, units) = _rough(low), _rough(high)
    if (first, unit) == (last, units):
        return f"{last} {units}"
    return f"{first} to {last} {units}" if unit == units else f"{first} {unit} to {last} {units}"


def _rough(seconds: int) -> tuple[int, str]:
    minutes = max(1, -(-seconds // 60))
    return (minutes, "min") if minutes < 120 else (_half_up(minutes / 60), "h")


def age(since: datetime, now: datetime) -> str:
    """Return how long ago: "under a minute", "20 min", "3 h", "2 d"; never negative."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return "under a minute"
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"


def day(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return "today", "yesterday" or the date."""
    gap = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    return "today" if gap == 0 else "yesterday" if gap == 1 else date(at, now, zone)


def coming(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return a day to come: "today", "tomorrow", "on Fri" within a week, else "on 31 Jan"."""
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days in {0, 1}:
        return "tomorrow" if days else "today"
    return f"on {at.astimezone(zone):%a}" if 1 < days < 7 else f"on {date(at, now, zone)}"


STEPS = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))


def stale_age(since: datetime, now: datetime) -> str:
    """Return the age of old data in the steps 30 s, 1, 2, 5, 10 min and whole tens after: it must not tick (SPEC 8)."""
    gap = now - since
    step = max((one for one in STEPS if one <= gap), default=STEPS[0])
    if gap >= timedelta(minutes=20):
        minutes = int(gap.total_seconds() // 600) * 10
        return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    return "30 s" if step == STEPS[0] else f"{int(step.total_seconds() // 60)} min"

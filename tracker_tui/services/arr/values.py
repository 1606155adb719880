"""How Sonarr and Radarr write single values, and what they mean: one representation per measure, unknown is None."""

from collections.abc import Iterable
from datetime import UTC, datetime

from tracker_tui.model.text import SafeText, clean_or_none, clean_path

Number = int | float | str | None
"""A number as some version writes it."""


def instant(text: str | None) -> datetime | None:
    """Return an aware UTC time; None for absent, unreadable and .NET's `0001-01-01` (never)."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return utc(at) if at.year > 1 else None


def utc(at: datetime) -> datetime:
    """Return the same instant in UTC; a time without zone is taken for UTC."""
    if at.tzinfo is UTC:
        return at
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def whole(raw: Number) -> int | None:
    """Return a whole number from an integer, a decimal or digits."""
    try:
        return None if raw is None or raw == "" else int(float(raw)) if isinstance(raw, str | float) else raw
    except (ValueError, OverflowError):
        return None


def positive(raw: Number) -> int | None:
    """Return a number above zero: ids, years and sizes for which 0 means "unknown"."""
    number = whole(raw)
    return number if number is not None and number > 0 else None


def word(raw: str | None) -> SafeText | None:
    """Return an enumeration's word in lower case."""
    text = clean_or_none(raw)
    return SafeText(text.lower()) if text else None


def path(raw: str | None) -> SafeText | None:
    """Return a path, None when absent or empty."""
    return clean_path(raw) if raw else None


def folder(raw: str | None) -> SafeText | None:
    """Return a folder's path without the trailing slash that some versions write."""
    return path(raw.rstrip("/\\") or raw) if raw else None


def other_titles(title: str, others: Iterable[str | None]) -> tuple[SafeText, ...]:
    """Return the other known titles, each once, without those that differ from `title` only in case."""
    found = {text.casefold(): text for other in others if (text := clean_or_none(other))}
    found.pop(title.casefold(), None)
    return tuple(found.values())

"""Spans of time as .NET writes them (`TimeSpan` in its constant format): Sonarr, Radarr and Shoko do."""

import re

_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?")


def span_s(text: str | None) -> int | None:
    """Return whole seconds of `[d.]hh:mm:ss[.fffffff]`; None for absent, negative and unreadable."""
    parts = _SPAN.fullmatch(text) if text else None
    if parts is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds

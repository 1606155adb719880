"""Instants in words: the same in the sentences of verdicts and in the rows that stand beside them."""

from datetime import UTC, datetime, tzinfo


def date(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return a day: "31 Jan", with the year only when it is another one."""
    local = at.astimezone(zone)
    text = f"{local.day} {local:%b}"
    return text if local.year == now.astimezone(zone).year else f"{text} {local.year}"


def clock(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return "12:01", with the date when it is another day: "24 Jan 03:00"."""
    local = at.astimezone(zone)
    text = f"{local:%H:%M}"
    return text if local.date() == now.astimezone(zone).date() else f"{date(at, now, zone)} {text}"

"""Which releases are known good: read from their sources and recorded answers, newest and oldest per service."""

import re
from enum import StrEnum

from tracker_tui.model.ids import Kind

Release = tuple[int, ...]


class Standing(StrEnum):
    """How a release stands to those that are known."""

    GOOD = "good"
    OLDER = "older"
    NEWER = "newer"
    UNREADABLE = "unreadable"


KNOWN: dict[str, tuple[Release, Release]] = {
    Kind.SONARR: ((3, 0, 10), (5,)),
    Kind.RADARR: ((4,), (6,)),
    Kind.QBITTORRENT: ((2, 8), (2, 16)),  # of its Web API: 4.3.3 to 5.3
    Kind.SHOKO: ((4, 2), (6, 0)),
    Kind.JELLYFIN: ((10, 8), (12,)),
    "Overseerr": ((1, 25), (1, 34)),
    "Jellyseerr": ((1, 4), (2, 7)),
    Kind.SEERR: ((3, 0), (3,)),
    "Shokofin": ((4, 0), (6, 0)),
}
"""Service -> oldest and newest known release; a bound speaks for every release that begins with it."""

_MADE_FOR: tuple[tuple[Release, Release, frozenset[Release]], ...] = (
    ((4, 0), (4,), frozenset({(10, 9)})),
    ((5, 0, 0), (5, 0, 4), frozenset({(10, 10)})),
    ((5, 0, 5), (5,), frozenset({(10, 11)})),
    ((6, 0, 0), (6, 0, 0), frozenset({(10, 11)})),
    ((6, 0, 1), (6, 0, 5), frozenset({(10, 10), (10, 11)})),
)
"""From, to (Shokofin) -> the Jellyfin releases it is made for (Shokofin's own table)."""


def release(version: str | None) -> Release | None:
    """Return the leading numbers of a version; None where there are none ("develop-1a2b")."""
    found = re.match(r"\d+(?:\.\d+)*", version or "")
    return tuple(int(part) for part in found[0].split(".")) if found else None


def standing(service: str, version: str | None) -> Standing:
    """Return how `version` of a service stands to the known ones."""
    number = release(version)
    if number is None or service not in KNOWN:
        return Standing.UNREADABLE
    oldest, newest = KNOWN[service]
    if number < oldest:
        return Standing.OLDER
    return Standing.NEWER if number[: len(newest)] > newest else Standing.GOOD


def span(service: str) -> str:
    """Return the known releases in words: "10.8 to 12"."""
    oldest, newest = KNOWN[service]
    return f"{'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"


def made_for(shokofin: str | None, jellyfin: str | None) -> bool | None:
    """Return whether a Shokofin is made for a Jellyfin; None where the table does not know one of them."""
    plugin, server = release(shokofin), release(jellyfin)
    if plugin is None or server is None or server[:2] < (10, 9):
        return None
    for first, last, servers in _MADE_FOR:
        if plugin >= first and plugin[: len(last)] <= last:
            return server[:2] in servers
    return None

"""The words of the pipeline: states, attention, flags, service status."""

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a request, season, episode or film stands. Computed from evidence, never reached by transitions."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    UNAIRED = "UNAIRED"
    PENDING = "PENDING"
    GRABBING = "GRABBING"
    DOWNLOADING = "DOWNLOADING"
    DOWNLOADED = "DOWNLOADED"
    IMPORTING = "IMPORTING"
    ANIME_MATCHING = "ANIME_MATCHING"
    AVAILABLE = "AVAILABLE"
    FAILED = "FAILED"
    MATCH_FAILED = "MATCH_FAILED"
    DECLINED = "DECLINED"
    REMOVED = "REMOVED"
    SKIPPED = "SKIPPED"


SETTLED = frozenset({State.AVAILABLE, State.DECLINED, State.REMOVED})
"""States in which nothing more is expected to happen."""

IN_FLIGHT = frozenset({State.GRABBING, State.DOWNLOADING, State.DOWNLOADED, State.IMPORTING, State.ANIME_MATCHING})
"""States in which something is on its way."""


class Attention(IntEnum):
    """How much a row wants a person; a parent has the highest of its children."""

    NONE = 0
    INFO = 1
    WAIT = 2
    WARN = 3
    ERROR = 4

    @property
    def word(self) -> str:
        """Return the stable JSON word, e.g. "warn"."""
        return self.name.lower()


class Flag(StrEnum):
    """Qualifiers of a request or episode (SPEC 4)."""

    RESTORED = "restored"
    STALE = "stale"
    DOUBTFUL = "doubtful"
    EXTRA = "extra"
    UPGRADING = "upgrading"
    ASSUMED = "assumed"


class ServiceStatus(StrEnum):
    """What the last exchange with an instance said (SPEC 4)."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    STARTING = "starting"
    ERROR = "error"
    NOT_CONFIGURED = "not_configured"

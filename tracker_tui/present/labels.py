"""The one table of words, glyphs and colours for states, attention, services and flags (background 6.2, P9)."""

from typing import NamedTuple

from tracker_tui.model.states import Attention, Flag, ServiceStatus, State


class Label(NamedTuple):
    """How a state is shown. `tone` names a theme colour; the glyph says the same without colour."""

    word: str
    glyph: str
    plain: str
    """The glyph for `--ascii`."""
    tone: str


STATES: dict[State, Label] = {
    State.REQUESTED: Label("Requested", "◇", "?", "waiting"),
    State.APPROVED: Label("Approved", "◌", ".", "waiting"),
    State.UNAIRED: Label("Unaired", "·", " ", "muted"),
    State.PENDING: Label("Searching", "◌", ".", "waiting"),
    State.GRABBING: Label("Grabbed", "○", "o", "grabbed"),
    State.DOWNLOADING: Label("Downloading", "⬇", "v", "downloading"),
    State.DOWNLOADED: Label("Downloaded", "●", "d", "processing"),
    State.IMPORTING: Label("Importing", "↻", "i", "processing"),
    State.ANIME_MATCHING: Label("Matching", "◐", "m", "processing"),
    State.AVAILABLE: Label("Ready", "✓", "+", "ready"),
    State.FAILED: Label("Failed", "✗", "x", "failed"),
    State.MATCH_FAILED: Label("Needs link", "⚠", "!", "hand"),
    State.DECLINED: Label("Declined", "⊘", "-", "muted"),
    State.REMOVED: Label("Removed", "⊘", "-", "muted"),
    State.SKIPPED: Label("Not wanted", "–", "-", "muted"),
}

ATTENTION: dict[Attention, Label] = {
    Attention.NONE: Label("", " ", " ", "muted"),
    Attention.INFO: Label("info", "i", "i", "muted"),
    Attention.WAIT: Label("waiting", "…", "~", "muted"),
    Attention.WARN: Label("warning", "!", "!", "hand"),
    Attention.ERROR: Label("error", "✗", "x", "failed"),
}

SERVICES: dict[ServiceStatus, Label] = {
    ServiceStatus.OK: Label("ok", "●", "*", "ready"),
    ServiceStatus.UNREACHABLE: Label("no answer", "○", "o", "failed"),
    ServiceStatus.UNAUTHORIZED: Label("refused", "⊘", "x", "failed"),
    ServiceStatus.STARTING: Label("starting", "◐", "~", "hand"),
    ServiceStatus.ERROR: Label("error", "✗", "x", "failed"),
    ServiceStatus.NOT_CONFIGURED: Label("not configured", "–", "-", "muted"),
}

FLAGS: dict[Flag, str] = {
    Flag.RESTORED: "from the last run",
    Flag.STALE: "old data",
    Flag.DOUBTFUL: "in doubt",
    Flag.EXTRA: "extra",
    Flag.UPGRADING: "upgrading",
    Flag.ASSUMED: "assumed",
}

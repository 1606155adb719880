"""What the command line asked for."""

from dataclasses import dataclass
from pathlib import Path

from tracker_tui.model.states import Attention, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One validated command line. `None` leaves a setting to the configuration."""

    command: str = "tui"
    """tui, once, check, init, vfs-refresh, config or completion."""
    demo: bool = False
    """Simulated services, no configuration, a temporary store."""

    config: Path | None = None
    store: Path | None = None
    ascii: bool | None = None
    mouse: bool | None = None
    color: bool | None = None
    theme: str | None = None
    log_level: str | None = None
    """debug, info, warning or error; None leaves it to where the log goes."""

    json: bool = False
    filter: str | None = None
    """Text to find in a title."""
    states: tuple[State, ...] = ()
    """Only requests in one of these; empty: all."""
    attention: Attention | None = None
    """Only requests at this level or above."""
    timeout_s: float = 10.0
    """Deadline of `--once` and `check` per instance, seconds."""
    no_store: bool = False

    record: Path | None = None
    """Keep everything that is observed in this file."""
    replay: Path | None = None
    """Show a recording instead of services."""
    at: str | None = None
    """Up to when a recording is played at first: a time of day there, or date and time."""

    config_action: str = "path"
    """path, show, validate or example."""

    non_interactive: bool = False
    """`init` takes everything from environment variables."""
    shell: str = "bash"
    """Whose script `completion` prints: bash, zsh or fish."""

    library: str | None = None
    request: str | None = None
    yes: bool = False
    wait: bool = False

"""The typed settings every other room works with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Never

from tracker_tui.config.problems import Problem
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.masks import keep_masked
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import AnimeHints, PathMap, RequestPolicy, Thresholds

LOG_LEVELS = ("debug", "info", "warning", "error")


class Secret:
    """A key or password that does not print, compare or encode; `reveal` is the only way to its text.

    What services quote, logs and crash reports are searched for it; not for a `plain` one, a word of a command.
    """

    __slots__ = ("__weakref__", "_text")

    def __init__(self, text: str, *, plain: bool = False) -> None:
        self._text = text
        if not plain:
            keep_masked(self, text)

    def reveal(self) -> str:
        """Return the secret's text, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(********)"

    __str__ = __repr__

    def __reduce__(self) -> Never:
        raise TypeError("secrets are not serialised")


class Instance(Fact):
    """One configured service."""

    kind: Kind
    name: str
    url: str
    """Scheme, host, port and base path, without trailing slash, without credentials."""
    web_url: str | None = None
    """Where people click; shown, never opened by us."""
    verify_tls: bool = True
    ca_file: Path | None = None
    headers: Mapping[str, Secret] = {}
    """Extra request headers (for an authenticating proxy); all treated as secret."""
    timeout_s: float = 10.0
    """Deadline of one ordinary call, seconds; large inventories have their own."""
    api_key: Secret | None = None
    username: str | None = None
    password: Secret | None = None
    seerr_server_id: int | None = None
    """Sonarr, Radarr: Seerr's number for this server, where the automatic match is wrong."""

    @property
    def ref(self) -> InstanceRef:
        """Return the identity used in observations and ids."""
        return InstanceRef(self.kind, self.name)


class PollSettings(Fact):
    """How often each instance is asked, seconds; `active_seconds` <= `idle_seconds`."""

    active_seconds: float = 3.0
    """While the service has something moving."""
    idle_seconds: float = 15.0
    """Otherwise."""


class StoreSettings(Fact):
    """Where memory is kept between runs."""

    path: Path | None = None
    """The store's file; None keeps nothing (the loader always sets one)."""
    history_days: int = 90
    """How long the timeline of settled requests is kept."""


class LogSettings(Fact):
    """What the monitor writes down about itself."""

    path: Path | None = None
    """The log's file; None writes none (the loader always sets one)."""
    level: str = "info"
    """debug, info, warning or error: the least that is written."""


class UiSettings(Fact):
    """How the terminal interface looks and listens."""

    theme: str | None = None
    """A theme's name; None: the program's own choice."""
    ascii: bool = False
    mouse: bool = True
    color: bool = True
    bell: bool = False
    """Ring the terminal's bell when a title became ready or stuck, or a service went away or came back."""
    terminal_notify: bool = False
    """Ask the terminal for a notification then (OSC 9)."""
    notify: tuple[Secret, ...] = ()
    """Program and arguments (they may hold a token), run then without a shell, the message as last argument."""
    keymap: Mapping[str, str] = {}
    """Id of an action -> its keys, separated by commas (Textual's notation)."""


class Entry(Fact):
    """One effective value, as it may be shown: secrets are masked already."""

    table: str
    """Path of its table: `sonarr[0]`, `ui.keymap`."""
    key: str
    """Its key there, in TOML notation."""
    value: str | None
    """In TOML notation; None: not set."""
    origin: str
    """Where it comes from: `config.toml:12`, "default", "environment variable NAME", "command line"."""


class Settings(Fact):
    """Everything that is configured, and where it came from."""

    instances: tuple[Instance, ...] = ()
    """In the order of the pipeline, then of the file."""
    poll: PollSettings = PollSettings()
    thresholds: Thresholds = Thresholds()
    anime: AnimeHints = AnimeHints()
    paths: tuple[PathMap, ...] = ()
    requests: RequestPolicy = RequestPolicy()
    store: StoreSettings = StoreSettings()
    log: LogSettings = LogSettings()
    ui: UiSettings = UiSettings()

    file: Path | None = None
    """The file it was read from; None: built by the program (`--demo`)."""
    modified_ns: int | None = None
    """Newest modification time among that file and the secret files it names, ns since 1970: a changed configuration
    allows a refused login to be tried again."""
    warnings: tuple[Problem, ...] = ()
    entries: tuple[Entry, ...] = ()
    """Every value in use with its origin."""

    def of_kind(self, kind: Kind) -> tuple[Instance, ...]:
        """Return the instances of one kind, in the order of the file."""
        return tuple(one for one in self.instances if one.kind is kind)

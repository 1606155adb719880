"""The typed settings every other room works with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Never

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.record import Fact


class Secret:
    """A key or password that does not print, compare or encode; `reveal` is the only way to its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

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

"""`init` on a real terminal against simulated services: from nothing to a written, checked configuration."""

import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.remedies.house import House
from tests.tui.terminal import Terminal
from tracker_tui.config.loader import load
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.seerr_wire import ArrServer


class Dialogue:
    """`init` for one configuration file: questions awaited, answers typed."""

    def __init__(self, config: Path, *words: str, **environment: str) -> None:
        self.config = config
        self.read = 0
        self.terminal = Terminal(
            "-m", "tracker_tui", *(words or ("init",)), "--config", str(config), width=160, **environment
        )

    @property
    def out(self) -> str:
        return self.terminal.out.decode(errors="replace").replace("\r\n", "\n")

    @property
    def document(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text())

    def answer(self, question: str, text: str = "") -> str:
        """Wait for a question and answer it; return what was shown since the last answer."""
        self.terminal.until(question, since=self.read)
        shown = self.terminal.out[self.read :].decode(errors="replace")
        self.read = len(self.terminal.out)
        self.terminal.send(text + "\n")
        return shown.replace("\r\n", "\n")

    def end(self) -> int:
        return self.terminal.end()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "tracker-tui" / "config.toml"


@pytest.fixture
def dialogue(config: Path, tmp_path: Path) -> Iterator[Dialogue]:
    one = Dialogue(config, XDG_DATA_HOME=str(tmp_path), TERM="dumb")
    yield one
    one.terminal.close()


def connected(house: House) -> None:
    """Let Seerr know the others at the addresses where they listen, by names as containers have them."""
    home = house.home
    home.seerr.servers.clear()
    for name, service, films in (("HD", home.sonarr, False), ("Radarr", home.radarr, True)):
        port = int(service.url.rpartition(":")[2])
        home.seerr.add_server(ArrServer(0, name, films, "unknown.invalid", port, service.api_key, "/data"))
    home.seerr.jellyfin_key = home.jellyfin.api_key


def test_from_nothing_to_a_checked_configuration(house: House, dialogue: Dialogue, config: Path) -> None:
    connected(house)
    home = house.home
    dialogue.answer("On which machine", "127.0.0.1")
    dialogue.answer("Where is Seerr?", f"{home.seerr.url}/settings/main")  # out of the browser
    dialogue.answer("API key, not shown:", "wrong key")
    assert "blanks" in dialogue.answer("Leave Seerr out?")
    dialogue.answer("API key, not shown:", "wrong")
    assert "Seerr: access was refused (403)" in dialogue.answer("Enter it again?")
    dialogue.answer("API key, not shown:", home.seerr.api_key)
    shown = dialogue.answer("Use it, with the key that Seerr has?")
    assert f"Seerr knows Sonarr “HD” at http://unknown.invalid:{home.sonarr.url.rpartition(':')[2]}" in shown
    assert f"from here it answers at {home.sonarr.url}" in shown
    assert "Seerr knows Radarr" in dialogue.answer("Use it, with the key that Seerr has?")
    assert "Seerr knows Jellyfin" in dialogue.answer("Where is Jellyfin?", home.jellyfin.url)
    dialogue.answer("Where is qBittorrent?", home.radarr.url)
    assert f"Radarr answers at {home.radarr.url}, not qBittorrent" in dialogue.answer(
        "Where is qBittorrent?", home.qbittorrent.url.removeprefix("http://")
    )
    dialogue.answer("User (Enter: admin", home.qbittorrent.username)
    dialogue.answer("Password, not shown:", home.qbittorrent.password)
    dialogue.answer("Where is Shoko?", f"{home.shoko.url}/webui/settings")
    dialogue.answer("API key, not shown", next(iter(home.shoko.keys)))
    shown = dialogue.answer("Enter: write and check")
    assert re.search(r"1 +Seerr .*Seerr 3", shown)
    assert not config.exists(), "nothing is written before the end"
    code = dialogue.end()
    assert code == 0, dialogue.out
    assert "everything is in order" in dialogue.out
    assert "Start with:    tracker-tui" in dialogue.out
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    settings = load(config)
    assert {one.kind: one.url for one in settings.instances} == {kind: home.services[kind].url for kind in Kind}
    assert not settings.warnings
    secrets = [home.seerr.api_key, home.sonarr.api_key, home.radarr.api_key, home.jellyfin.api_key]
    secrets += [home.qbittorrent.password, *home.shoko.keys]
    assert not [one for one in secrets if one in dialogue.out], "no secret is echoed"
    assert dialogue.terminal.restored()
    logins = [call for call in home.qbittorrent.calls if call.path.endswith("auth/login")]
    assert len(logins) == 2, "one for the answer, one for the check"

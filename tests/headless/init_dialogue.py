"""`init` on a real terminal, as a test talks to it."""

import signal
import tomllib
from pathlib import Path
from typing import Any

from tests.remedies.house import House
from tests.tui.terminal import Terminal
from tracker_tui.simulate.seerr.wire import ArrServer

PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from tracker_tui.cli import main; sys.exit(main())"
)
"""The program for `python -c`; it can be interrupted even where the tests run in the background, deaf to that."""


class Dialogue:
    """A command about one configuration file on a dumb terminal: questions awaited, answers typed."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.config = folder / "tracker-tui" / "config.toml"
        self.read = 0
        arguments = ("-c", PROGRAM, *words, "--config", str(self.config))
        self.terminal = Terminal(*arguments, width=160, height=40, XDG_DATA_HOME=str(folder), TERM="dumb")

    @property
    def out(self) -> str:
        return self.terminal.out.decode(errors="replace").replace("\r\n", "\n")

    @property
    def document(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text())

    def answer(self, question: str, text: str = "", end: str = "\n") -> str:
        """Wait for a question and answer it; return what was shown since the last answer."""
        self.terminal.until(question, since=self.read)
        shown = self.terminal.out[self.read :].decode(errors="replace")
        self.read = len(self.terminal.out)
        self.terminal.send(text + end)
        return shown.replace("\r\n", "\n")

    def interrupt(self, question: str) -> None:
        """Wait for a question and press Ctrl-C (the terminal is not the program's controlling one: by its signal)."""
        self.terminal.until(question, since=self.read)
        self.terminal.process.send_signal(signal.SIGINT)

    def end(self) -> int:
        return self.terminal.end()

    def close(self) -> None:
        self.terminal.close()


def connect_seerr(house: House) -> None:
    """Let Seerr know the others where they listen, by a host name that means nothing here, as of a container."""
    home = house.home
    home.seerr.servers.clear()
    for name, service, films in (("HD", home.sonarr, False), ("Radarr", home.radarr, True)):
        port = int(service.url.rpartition(":")[2])
        home.seerr.add_server(ArrServer(0, name, films, "unknown.invalid", port, service.api_key, "/data"))
    home.seerr.jellyfin_key = home.jellyfin.api_key


def secrets_of(house: House) -> list[str]:
    home = house.home
    keys = [home.seerr.api_key, home.sonarr.api_key, home.radarr.api_key, home.jellyfin.api_key]
    return [*keys, home.qbittorrent.password, *home.shoko.keys, *home.shokofin.secrets.values()]

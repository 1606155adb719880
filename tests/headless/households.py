"""A household on loopback ports with a configuration file for it: what a command runs on."""

from pathlib import Path

import pytest

from tests.remedies.house import House
from tracker_tui.cli import main


class Shell:
    """Runs the program's own `main` on a house, with captured streams."""

    def __init__(self, house: House, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = folder / "config.toml"
        self.store = folder / "state.json"
        self._capsys = capsys
        self.config.write_text(_toml(house))
        self.config.chmod(0o600)
        self.out = self.err = ""

    def run(self, *words: str) -> int:
        """Run it; `out` and `err` are what it printed."""
        self._capsys.readouterr()
        code = main([*words, "--config", str(self.config), "--store", str(self.store)])
        self.out, self.err = self._capsys.readouterr()
        return code


def _toml(house: House) -> str:
    tables = []
    for one in house.settings.instances:
        lines = [f"[[{one.kind}]]", f'name = "{one.name}"', f'url = "{one.url}"']
        if one.api_key is not None:
            lines.append(f'api_key = "{one.api_key.reveal()}"')
        if one.username and one.password is not None:
            lines += [f'username = "{one.username}"', f'password = "{one.password.reveal()}"']
        tables.append("\n".join(lines))
    return "\n\n".join(tables) + "\n"

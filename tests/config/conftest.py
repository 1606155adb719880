"""A configuration written for one test, and what the program says about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tracker_tui.config.loader import load
from tracker_tui.config.problems import ConfigError, Problem
from tracker_tui.config.settings import Settings

Write = Callable[[str | bytes], Path]

SONARR = '[[sonarr]]\nurl = "http://media:8989"\napi_key_env = "SONARR_KEY"\n'
ENVIRON = {"SONARR_KEY": "3b0c8b1f"}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write `config.toml`, readable by its owner only."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "config.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    return to_file


@pytest.fixture
def settings_of(write: Write) -> Callable[[str | bytes], Settings]:
    return lambda content: load(write(content), ENVIRON)


@pytest.fixture
def problems_of(write: Write) -> Callable[[str | bytes], tuple[Problem, ...]]:
    """Return everything that is wrong with a configuration; () if nothing is."""

    def find(content: str | bytes) -> tuple[Problem, ...]:
        try:
            load(write(content), ENVIRON)
        except ConfigError as wrong:
            return wrong.problems
        return ()

    return find

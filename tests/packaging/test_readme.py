"""Every command of README's sh blocks is run in a clean home, but for the few that need a network or never end."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.headless.init_dialogue import PROGRAM
from tests.remedies.house import House
from tests.tui.terminal import Terminal
from tracker_tui.config.editing import Edit, edited
from tracker_tui.headless.init.plan import values_of
from tracker_tui.simulate.server import SimHost

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


class How(Enum):
    """How a command is tried."""

    RUN = "run to its end"
    WATCH = "started on a terminal, then left by q"
    ASKS = "started on a terminal, then interrupted at its first question"
    READ = "only read by the shell: it needs a network, a login session, or is the tests themselves"


class Case(NamedTuple):
    """What begins so is tried in this way; `codes` are its good exit codes, `shows` stands in what it prints."""

    start: str
    how: How
    codes: tuple[int, ...] = (0,)
    shows: str = ""


CASES = (
    Case("python3 -m venv .venv && ", How.READ),
    Case("uv tool ", How.READ),
    Case("git pull", How.READ),
    Case("systemctl ", How.READ),
    Case(".venv/bin/", How.READ),
    Case("WRITE_GOLDENS=1 ", How.READ),
    Case("tracker-tui init --non-interactive", How.RUN, (1, 3), "sonarr"),
    Case("tracker-tui init", How.ASKS, shows="Enter: write and check"),
    Case("tracker-tui config path", How.RUN, shows="/tracker-tui/config.toml"),
    Case("tracker-tui config example", How.RUN, shows="[[sonarr]]"),
    Case("tracker-tui config validate", How.RUN, shows="ok"),
    Case("tracker-tui config show", How.RUN, shows="[[seerr]]"),
    Case("tracker-tui --replay ~/trouble.rec --once", How.RUN, (1,), "Lycoris"),
    Case("tracker-tui --once", How.RUN, (0, 1)),
    Case("tracker-tui check", How.RUN, (0,), "everything is in order"),
    Case("tracker-tui vfs-refresh", How.ASKS, shows="[y/N]"),
    Case("tracker-tui", How.WATCH, shows="Lycoris"),
    Case("export TRACKER_TUI_", How.RUN),
    Case("mkdir -p ", How.RUN),
    Case("install -D ", How.RUN),
    Case("rm -rf ~/", How.RUN),
)
"""The first that fits a command counts; a command that none fits fails."""


def commands() -> list[str]:
    """Return the commands of all sh blocks, comments cut off; what follows an `export` keeps it."""
    found: list[str] = []
    for block in re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL):
        exports = ""
        for line in block.splitlines():
            command = re.sub(r"(^|\s)#.*", "", line).strip()
            if command.startswith("export "):
                exports = f"{command}; "
            if command:
                found.append(command if command.startswith("export ") else exports + command)
    return found


def case_of(command: str) -> Case | None:
    bare = command.rpartition("; ")[2] if command.startswith("export ") and "; " in command else command
    return next((case for case in CASES if bare == case.start or bare.startswith(case.start)), None)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with SimHost() as host:
        one = House(host)
        yield one
        one.close()


@pytest.fixture
def home(house: House, tmp_path: Path) -> Path:
    """A home with a configured program in it, and nothing else."""
    config = tmp_path / ".config" / "tracker-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(edited("", [Edit(kind=one.kind, values=values_of(one)) for one in house.settings.instances]))
    config.chmod(0o600)
    program = tmp_path / "bin" / "tracker-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c \'{PROGRAM}\' "$@"\n')
    program.chmod(0o755)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "TZ": "UTC"}


@pytest.mark.parametrize("command", commands())
def test_a_command_does_what_readme_says(command: str, home: Path) -> None:
    case = case_of(command)
    assert case is not None, "write down in CASES how it is tried"
    if "--replay" in command:
        record(home / "trouble.rec")
    subprocess.run(["bash", "-n", "-c", command], check=True)
    if case.how is How.RUN:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=ROOT,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in case.codes, done.stdout + done.stderr
        assert case.shows in done.stdout
    elif case.how is not How.READ:
        on_a_terminal(command, case, home)


def record(file: Path) -> None:
    """Make the recording that README's reader has made before."""
    program = [sys.executable, "-m", "tracker_tui", "--demo", "--once", "--record", str(file)]
    assert subprocess.run(program, capture_output=True, check=False, cwd=ROOT).returncode == 1


def on_a_terminal(command: str, case: Case, home: Path) -> None:
    words = "import os, sys; os.execvp('bash', ['bash', '-c', 'exec ' + sys.argv[1]])"
    terminal = Terminal("-c", words, command, width=120, height=40, **(environment(home) | XDG))
    try:
        terminal.until(case.shows)
        if case.how is How.WATCH:
            terminal.send("q")
        else:
            terminal.process.send_signal(2)
        assert terminal.end() in ((0,) if case.how is How.WATCH else (130, -2))
    finally:
        terminal.close()


XDG = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), "")
"""Emptied: the clean home decides."""


def test_every_way_of_trying_is_still_needed() -> None:
    used = {case_of(command) for command in commands()}
    assert [case.start for case in CASES if case not in used] == []


def test_the_files_readme_names_are_there() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text())
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]

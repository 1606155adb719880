"""The files of docs/examples do what they say."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MOTD = EXAMPLES / "tracker-tui-motd"


def run_motd(home: Path, code: int) -> int:
    """Run the script where `tracker-tui` prints its arguments and ends with `code`."""
    program = home / ".local" / "bin" / "tracker-tui"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "$*"\necho trouble >&2\nexit {code}\n')
    program.chmod(0o755)
    return subprocess.run([MOTD], env={"HOME": str(home), "PATH": os.defpath}, check=False).returncode


@pytest.mark.parametrize("code", [0, 1, 3, 4])
def test_a_snapshot_becomes_the_login_message(tmp_path: Path, code: int) -> None:
    assert run_motd(tmp_path, code) == 0
    folder = tmp_path / ".cache" / "tracker-tui"
    assert (folder / "motd.txt").read_text() == "--once --attention warn --no-color\n"
    assert not (folder / "motd.new").exists()


@pytest.mark.parametrize("code", [2, 70, 130])
def test_without_a_snapshot_the_last_one_stays(tmp_path: Path, code: int) -> None:
    run_motd(tmp_path, 0)
    shown = tmp_path / ".cache" / "tracker-tui" / "motd.txt"
    shown.write_text("the last one")
    assert run_motd(tmp_path, code) == code
    assert shown.read_text() == "the last one"
    assert (shown.parent / "motd.log").read_text() == "trouble\n"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_motd(home, 0)
    shutil.copy(MOTD, home / ".local" / "bin")
    units = []
    for name in ("tracker-tui-motd.service", "tracker-tui-motd.timer"):
        unit = tmp_path / name
        unit.write_text((EXAMPLES / name).read_text().replace("%h", str(home)))
        units.append(str(unit))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "tracker-tui" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr

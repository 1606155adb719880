"""Commands on the simulated household: no configuration, no file of the user's, nothing real."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def demo(
    home: Path, line: str, at_s: float | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    moment = {} if at_s is None else {"TRACKER_TUI_DEMO_AT": f"{at_s}"}
    return subprocess.run(
        [sys.executable, "-m", "tracker_tui", *line.split()],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, **places, **moment, **(environment or {})},
    )


def test_check_finds_what_is_wrong_at_a_chosen_moment(home: Path) -> None:
    first = demo(home, "--demo check")
    assert "simulated services, nothing here is real" in first.stderr
    assert first.returncode == 1, first.stdout
    assert "radarr       reachable        Radarr answers" in first.stdout
    assert "Anime Classics maps to no Shoko folder" in first.stdout
    assert first.stdout.endswith("\n1 warning\n")
    outage = demo(home, "check --demo", at_s=350)
    assert outage.returncode == 3, outage.stdout
    assert "fail  radarr" in outage.stdout
    assert not home.exists(), "nothing is kept"


@pytest.mark.parametrize(
    "locale",
    [
        pytest.param({"LC_ALL": "C"}, id="C"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C, to the letter"),
    ],
)
def test_without_utf_8_there_is_still_a_page_to_read(home: Path, locale: dict[str, str]) -> None:
    page = demo(home, "--demo --once", environment=locale)
    assert page.returncode == 1, page.stderr
    assert page.stdout.isascii()
    assert "\\u" not in page.stdout
    assert "-> Shoko -> Utilities" in page.stdout
    document = demo(home, "--demo --once --json", environment=locale)
    assert "サマーゴースト" in document.stdout, "JSON is UTF-8"
    check = demo(home, "--demo check", environment=locale)
    assert check.returncode == 1, check.stderr
    assert "\\u" not in check.stdout


def test_a_refresh_frees_what_is_stuck(home: Path) -> None:
    done = demo(home, "--demo vfs-refresh --request lycoris --yes --wait")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new\n"
    assert not home.exists(), "nothing is kept"


@pytest.mark.parametrize(
    ("line", "at_s", "told"),
    [
        ("vfs-refresh --demo --request lycoris --yes", 0, "Lycoris Recoil has no imported file that Jellyfin lacks"),
        ("vfs-refresh --demo --request snafu --yes", None, "no Shoko folder"),
    ],
    ids=["nothing imported yet", "not mapped"],
)
def test_a_refresh_that_would_help_nothing_is_refused(home: Path, line: str, at_s: float | None, told: str) -> None:
    done = demo(home, line, at_s)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("not refreshed: ")
    assert told in done.stdout

"""The shells' scripts know every command, option and word, and bash really completes with its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tracker_tui import arguments, cli
from tracker_tui.completion import script

SYNTAX = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}


@pytest.mark.parametrize("shell", arguments.SHELLS)
def test_a_script_names_all_there_is(shell: str) -> None:
    text = script(shell)
    _, options = arguments.build_parser()
    assert not [one for one in options if one.startswith("--") and one.removeprefix("--") not in text]
    for word in (*cli.HANDLERS, "DOWNLOADING", "validate", "debug"):
        assert word in text or word == "tui", word


@pytest.mark.parametrize("shell", arguments.SHELLS)
def test_its_shell_can_read_it(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    file = tmp_path / "completion"
    file.write_text(script(shell))
    subprocess.run([*SYNTAX[shell], str(file)], check=True)


LINES = pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tracker-tui ch", {"check"}),
        ("tracker-tui config v", {"validate"}),
        ("tracker-tui --once --state ANIME", {"ANIME_MATCHING"}),
        ("tracker-tui vfs-refresh --l", {"--library", "--log-level"}),
        ("tracker-tui init --non", {"--non-interactive"}),
    ],
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@LINES
def test_bash_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    file = tmp_path / "completion"
    file.write_text(script("bash"))
    ask = f"""
        source {file}
        COMP_LINE='{line}' COMP_POINT=${{#COMP_LINE}} COMP_WORDS=({line}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        function=$(complete -p tracker-tui | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $function
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "--norc", "-c", ask], capture_output=True, text=True, check=True)
    assert {word.strip() for word in done.stdout.splitlines()} == offered, done.stderr


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
@LINES
def test_fish_completes(line: str, offered: set[str], tmp_path: Path) -> None:
    file = tmp_path / "completion"
    file.write_text(script("fish"))
    ask = f"source {file}; complete -C '{line}'"
    done = subprocess.run(["fish", "-N", "-c", ask], capture_output=True, text=True, check=True)
    assert {row.partition("\t")[0] for row in done.stdout.splitlines()} == offered


def test_a_shell_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", "tcsh"]) == 2
    assert 'unknown word "tcsh"' in capsys.readouterr().err

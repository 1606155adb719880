"""Secrets: where they come from, what is refused, and that they appear nowhere."""

import copy
import json
import pickle
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.config.conftest import Write
from tracker_tui.config import secrets
from tracker_tui.config.loader import load
from tracker_tui.config.problems import ConfigError, Problem
from tracker_tui.config.settings import Secret

HEAD = '[[sonarr]]\nurl = "http://media:8989"\n'


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def command(words: list[str]) -> str:
    return f"{HEAD}api_key_command = {json.dumps(words)}"


def key_of(path: Path, environ: dict[str, str] | None = None) -> str:
    (sonarr,) = load(path, environ or {}).instances
    assert sonarr.api_key is not None
    return sonarr.api_key.reveal()


def problem_of(path: Path, environ: dict[str, str] | None = None) -> Problem:
    with pytest.raises(ConfigError) as wrong:
        load(path, environ or {})
    (problem,) = wrong.value.problems
    return problem


@pytest.fixture
def secret_file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "the key"
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    return write


def test_a_secret_prints_copies_compares_and_encodes_as_nothing() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert not hasattr(secret, "__dict__"), "vars() would show it"
    assert secret != Secret("hunter2")
    for encode in (pickle.dumps, copy.deepcopy, json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError) as refused:
            encode(secret)
        assert "hunter2" not in str(refused.value)


def test_from_the_file_itself(write: Write) -> None:
    assert key_of(write(f'{HEAD}api_key = "abc"')) == "abc"


@pytest.mark.parametrize(
    "content", [b"abc", b"abc\n", b"abc\r\n", b"\xef\xbb\xbfabc\n"], ids=["plain", "newline", "windows", "bom"]
)
def test_from_another_file(write: Write, secret_file: Callable[[bytes], Path], content: bytes) -> None:
    path = secret_file(content)
    assert key_of(write(f'{HEAD}api_key_file = "{path}"')) == "abc"
    assert key_of(write(f'{HEAD}api_key_file = "the key"')) == "abc", "relative names start beside the configuration"


def test_from_a_file_below_the_home_folder(
    write: Write, secret_file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(secret_file(b"abc").parent))
    assert key_of(write(f'{HEAD}api_key_file = "~/the key"')) == "abc"


def test_from_the_environment(write: Write) -> None:
    assert key_of(write(f'{HEAD}api_key_env = "KEY"'), {"KEY": "abc\n"}) == "abc"


def test_from_a_command(write: Write) -> None:
    assert key_of(write(command(python("print('abc')")))) == "abc"


def test_a_command_is_split_as_a_shell_would_but_needs_none(write: Write) -> None:
    words = [*python("import sys; print('-'.join(sys.argv[1:]))"), "$HOME", ";", "a_b"]
    assert key_of(write(f"{HEAD}api_key_command = {json.dumps(shlex.join(words))}")) == "$HOME-;-a_b"


def test_commands_run_side_by_side(write: Write, tmp_path: Path) -> None:
    """Each waits for the other's sign of life: in a row, the first would never end."""
    code = (
        "import pathlib, sys, time\n"
        "mine, other = map(pathlib.Path, sys.argv[1:])\n"
        "mine.touch()\n"
        "while not other.exists(): time.sleep(0.01)\n"
        "print('abc')"
    )
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    tables = [
        f'[[{kind}]]\nurl = "http://media"\napi_key_command = {json.dumps([*python(code), *files])}\n'
        for kind, files in (("sonarr", (one, two)), ("radarr", (two, one)))
    ]
    assert len(load(write("".join(tables)), {}).instances) == 2


@pytest.mark.parametrize(
    ("content", "says", "advises"),
    [
        (b"", "is empty", "put the secret there"),
        (b"\n", "is empty", "put the secret there"),
        (b"ab c", "white space", "copy it again"),
        (b"abc\ndef\n", "white space", "copy it again"),
        (b"\xff\xfe", "not UTF-8", "only the secret"),
        (b"a" * 70_000, "too large", "only the secret"),
    ],
    ids=["empty", "only-a-newline", "blank", "two-lines", "not-utf-8", "huge"],
)
def test_a_file_with_something_else_in_it(
    write: Write, secret_file: Callable[[bytes], Path], *, content: bytes, says: str, advises: str
) -> None:
    secret_file(content)
    problem = problem_of(write(f'{HEAD}api_key_file = "the key"'))
    assert (problem.key, problem.line) == ("sonarr[0].api_key_file", 3)
    assert says in problem.message
    assert advises in problem.fix


def test_a_file_that_is_not_there(write: Write) -> None:
    assert "/nowhere/key does not exist" in problem_of(write(f'{HEAD}api_key_file = "/nowhere/key"')).message


def test_a_file_that_is_a_directory(write: Write, tmp_path: Path) -> None:
    assert "is a directory" in problem_of(write(f'{HEAD}api_key_file = "{tmp_path}"')).message


@pytest.mark.parametrize(
    ("environ", "says"), [({}, "variable KEY is not set"), ({"KEY": ""}, "is empty")], ids=["unset", "empty"]
)
def test_an_environment_variable_without_a_secret(write: Write, environ: dict[str, str], says: str) -> None:
    problem = problem_of(write(f'{HEAD}api_key_env = "KEY"'), environ)
    assert says in problem.message
    assert problem.key == "sonarr[0].api_key_env"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('""', "command is empty"),
        ("[]", "command is empty"),
        ("[1]", "neither a string nor a list"),
        ("5", "neither a string nor a list"),
        ("'say \"'", "unclosed quotation mark"),
        ('"no-such-program-anywhere x"', '"no-such-program-anywhere" was not found'),
        ('"/"', "cannot be run"),
        (json.dumps(python("")), "is empty"),
        (json.dumps(python("import sys; print('hunter2'); sys.exit('hunter2')")), "failed with status 1"),
        (json.dumps(python("print('x ' * 9)")), "white space"),
        (json.dumps(python("print('x' * 70_000)")), "too large"),
        (json.dumps(python("import sys\nwhile True: sys.stdout.write('x' * 9_999)")), "too large"),
    ],
)
def test_a_command_without_a_secret(write: Write, capfd: pytest.CaptureFixture[str], written: str, says: str) -> None:
    problem = problem_of(write(f"{HEAD}api_key_command = {written}"))
    assert says in problem.message
    assert problem.key == "sonarr[0].api_key_command"
    assert "hunter2" not in str(problem)
    assert capfd.readouterr() == ("", ""), "a command's words stay its own"


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import sys, time; sys.stdout.close(); time.sleep(60)",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
    ],
    ids=["slow", "silent", "with-a-slow-child"],
)
def test_a_slow_command_is_ended(write: Write, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(secrets, "COMMAND_LIMIT_S", 0.4)
    problem = problem_of(write(command(python(code))))
    assert "took longer than 0.4 s" in problem.message
    assert "without asking" in problem.fix


def test_a_command_cannot_ask_questions(write: Write) -> None:
    assert "is empty" in problem_of(write(command(python("import sys; print(sys.stdin.read())")))).message


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_configuration_with_secrets_that_others_can_read_is_a_warning(write: Write, mode: int) -> None:
    path = write(f'{HEAD}api_key = "abc"')
    path.chmod(mode)
    (warning,) = load(path, {}).warnings
    assert warning.code == "CONFIG_PERMISSIONS"
    assert warning.fix == f"run: chmod 600 {path}"
    assert f"{mode:04o}" in warning.message


def test_a_header_is_a_secret_too(write: Write) -> None:
    path = write(f'{HEAD}api_key_env = "KEY"\nheaders = {{ "X-Proxy" = "p" }}')
    path.chmod(0o644)
    assert [one.code for one in load(path, {"KEY": "k"}).warnings] == ["CONFIG_PERMISSIONS"]


def test_a_configuration_that_only_names_secrets_may_be_read_by_all(
    write: Write, secret_file: Callable[[bytes], Path]
) -> None:
    secret_file(b"abc")
    path = write(f'{HEAD}api_key_file = "the key"')
    path.chmod(0o644)
    assert load(path, {}).warnings == ()


def test_a_secret_file_that_others_can_read_is_a_warning(write: Write, secret_file: Callable[[bytes], Path]) -> None:
    secret = secret_file(b"abc")
    secret.chmod(0o644)
    (warning,) = load(write(f'{HEAD}api_key_file = "the key"'), {}).warnings
    assert (warning.code, warning.key) == ("CONFIG_PERMISSIONS", "sonarr[0].api_key_file")
    assert warning.fix == f"run: chmod 600 '{secret}'"


def test_a_blank_at_the_end_of_a_password_is_kept_and_pointed_out(write: Write) -> None:
    settings = load(write('[[qbittorrent]]\nurl = "http://media"\nusername = "u"\npassword = "two words "'), {})
    password = settings.instances[0].password
    assert password is not None
    assert password.reveal() == "two words "
    assert [one.key for one in settings.warnings] == ["qbittorrent[0].password"]


def test_two_tables_for_one_address_are_pointed_out(write: Write) -> None:
    table = '[[sonarr]]\nname = "{}"\nurl = "http://media/"\napi_key = "k"\n'
    (warning,) = load(write(table.format("a") + table.format("b")), {}).warnings
    assert (warning.code, warning.key) == ("CONFIG_SUSPICIOUS", "sonarr[1].url")
    assert "sonarr[0] has the same address" in warning.message


def test_warnings_come_along_with_problems(write: Write) -> None:
    path = write(f'{HEAD}api_key = "abc"\nnam = "x"')
    path.chmod(0o644)
    with pytest.raises(ConfigError) as wrong:
        load(path, {})
    assert {one.code for one in wrong.value.problems} == {"CONFIG_INVALID", "CONFIG_PERMISSIONS"}
    assert "warning: " in str(wrong.value)

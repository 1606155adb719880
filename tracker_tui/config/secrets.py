"""Keys and passwords: read from the place the configuration names, checked, never shown.

Each secret `x` is given in exactly one way: `x` (the text itself), `x_file`, `x_env` or `x_command`.
"""

import contextlib
import os
import re
import shlex
import signal
import stat
import subprocess
import threading
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from tracker_tui.config.problems import PERMISSIONS, SUSPICIOUS
from tracker_tui.config.settings import Secret
from tracker_tui.config.table import Report, Table
from tracker_tui.config.words import shown, shown_path
from tracker_tui.model.masks import MASK
from tracker_tui.model.record import Fact
from tracker_tui.model.text import clean_path

COMMAND_LIMIT_S = 10.0
SIZE_LIMIT = 64 * 1024
_KEY = re.compile(r"[!-~]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN_ENV = re.compile(r"[A-Z_][A-Z0-9_]*")


class Way(StrEnum):
    """How a secret is given; the value is the ending of its key."""

    VALUE = ""
    FILE = "_file"
    ENV = "_env"
    COMMAND = "_command"


class SecretSource(Fact):
    """Where one secret is to be read from."""

    key: str
    """Path of the key that names it, e.g. `sonarr[0].api_key_file`."""
    is_key: bool
    """An API key (visible ASCII, no blanks) rather than a password."""
    way: Way
    text: Secret | None = None
    """The text itself, for `Way.VALUE`."""
    place: str = ""
    """File or environment variable."""
    command: tuple[str, ...] = ()
    may_be_empty: bool = False

    def __repr__(self) -> str:
        return f"SecretSource({self.key})"  # a key pasted as a file's name is still a key


class SecretFailed(Exception):
    """A secret cannot be had; `message` and `fix` carry nothing of it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def read_source(table: Table, base: str, *, may_be_empty: bool = False) -> SecretSource | None:
    """Return how `table` gives the secret `base`; None if it does not, or after a problem was noted."""
    values = {way: table.raw(base + way) for way in Way}
    given = [way for way, value in values.items() if value is not None]
    if len(given) > 1:
        keys = " and ".join(f"`{base}{way}`" for way in given)
        table.problem(base + given[1], f"{keys} are both given", "keep one of them")
        return None
    if not given:
        return None
    way, value = given[0], values[given[0]]
    key = base + way
    if way is Way.COMMAND:
        command = read_command(table, key)
        if not command:
            return None
        table.use(base, MASK, f"command {shown_path(command[0])} ({table.report.place(table.path_of(key))})")
        return SecretSource(key=table.path_of(key), is_key=base == "api_key", way=way, command=command)
    if not isinstance(value, str):
        table.problem(key, "no string stands there", f'write {key} = "…"')
        return None
    origin = {
        Way.VALUE: "",
        Way.FILE: f"file {shown_path(value)} ",
        Way.ENV: f"environment variable {_shown_variable(value)} ",
    }[way]
    place = table.report.place(table.path_of(key))
    table.use(base, MASK, f"{origin}({place})" if origin else place)
    return SecretSource(
        key=table.path_of(key),
        is_key=base == "api_key",
        way=way,
        text=Secret(value) if way is Way.VALUE else None,
        place="" if way is Way.VALUE else value,
        may_be_empty=may_be_empty,
    )


def resolve(sources: Sequence[SecretSource], report: Report, environ: Mapping[str, str]) -> dict[str, Secret]:
    """Return the secrets that could be had, by the sources' keys; note a problem for each other.

    Commands run side by side, each for at most `COMMAND_LIMIT_S` seconds.
    """
    runs = {one.key: _Run(one.command) for one in sources if one.way is Way.COMMAND}
    found: dict[str, Secret] = {}
    for source in sources:
        try:
            match source.way:
                case Way.VALUE:
                    text = source.text.reveal() if source.text else ""
                case Way.FILE:
                    text = _from_file(source, report)
                case Way.ENV:
                    text = _from_environment(source.place, environ)
                case Way.COMMAND:
                    text = _decoded(runs[source.key].output(), "what the command printed")
            found[source.key] = Secret(_checked(text, source))
            if text != text.strip():
                message = "the password begins or ends with a blank, which is kept"
                report.warning(source.key, message, "remove it if it is not part of the password", SUSPICIOUS)
        except SecretFailed as failed:
            report.problem(source.key, failed.message, failed.fix)
    return found


def check_permissions(path: Path, key: str, report: Report) -> None:
    """Note a warning if a file that holds secrets can be read by others than its owner."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        name = str(clean_path(str(path)))
        message = f"{name} holds a secret and others may read it (mode {stat.S_IMODE(mode):04o})"
        report.warning(key, message, f"run: chmod 600 {shlex.quote(name)}", PERMISSIONS)


def read_command(table: Table, key: str) -> tuple[str, ...]:
    """Return the words of a command given as a text (split as a shell would) or as a list; () without one."""
    value = table.raw(key)
    words: list[str] = []
    if value is None:
        return ()
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            table.problem(key, "the command has an unclosed quotation mark", "close it, or write a list of strings")
            return ()
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        words = value
    else:
        table.problem(key, "the command is neither a string nor a list of strings", 'write ["program", "argument"]')
        return ()
    if not words or not words[0].strip() or any("\x00" in word for word in words):
        table.problem(key, "the command is empty", 'write ["program", "argument"]')
        return ()
    if words[0].startswith("~"):
        words = [str(Path(words[0]).expanduser()), *words[1:]]
    return tuple(words)


def _from_file(source: SecretSource, report: Report) -> str:
    path = report.file.parent / Path(source.place).expanduser()
    label = shown_path(source.place)
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
            report.touched(os.fstat(file.fileno()).st_mtime_ns)
    except FileNotFoundError:
        raise SecretFailed(f"{label} does not exist", "create the file with the secret in it, mode 600") from None
    except IsADirectoryError:
        raise SecretFailed(f"{label} is a directory", "name a file") from None
    except PermissionError:
        raise SecretFailed(f"{label} may not be read", "let this user read it") from None
    except (OSError, ValueError):
        raise SecretFailed(f"{label} cannot be read", "name a readable file") from None
    check_permissions(path, source.key, report)
    return _decoded(data, label)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise SecretFailed(f"the environment variable {_shown_variable(name)} is not set", "set and export it")
    return environ[name].rstrip("\r\n")


def _shown_variable(name: str) -> str:
    return name if _PLAIN_ENV.fullmatch(name) else shown(name)


def _decoded(data: bytes, label: str) -> str:
    if len(data) > SIZE_LIMIT:
        raise SecretFailed(f"{label} is too large for a secret", "keep only the secret in it")
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretFailed(f"{label} is not UTF-8 text", "keep only the secret in it") from None


def _checked(text: str, source: SecretSource) -> str:
    if not text and not source.may_be_empty:
        raise SecretFailed("the secret is empty", "put the secret there")
    if source.is_key and not _KEY.fullmatch(text):
        raise SecretFailed(
            "the key holds white space or characters no key has (not shown)", "copy it again, without line breaks"
        )
    if _CONTROL.search(text) or (text and not text.strip()):
        raise SecretFailed("the password holds line breaks or nothing visible (not shown)", "copy it again")
    return text


class _Run:
    """One running command; a daemon thread reads it, so that nothing it does can hold up the program's exit."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._program = shown_path(command[0])
        self._limit_s = COMMAND_LIMIT_S
        self._output: bytes | None = None
        self._failure = SecretFailed(
            f"the command {self._program} took longer than {self._limit_s:g} s", "use one that answers without asking"
        )
        self._thread = threading.Thread(target=self._work, args=(command,), daemon=True)
        self._thread.start()

    def output(self) -> bytes:
        """Return what it printed. Raises SecretFailed."""
        self._thread.join(self._limit_s + 1)
        if self._output is None:
            raise self._failure
        return self._output

    def _work(self, command: tuple[str, ...]) -> None:
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own configuration names it; no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                process_group=0,  # so that its children can be ended with it
            )
        except OSError as fault:
            reason = "was not found" if isinstance(fault, FileNotFoundError) else "cannot be run"
            self._failure = SecretFailed(f"the command {self._program} {reason}", "name a program on PATH, or a path")
            return
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            _end(process.pid)

        timer = threading.Timer(self._limit_s, expire)
        timer.daemon = True
        timer.start()
        with process:
            output = process.stdout.read(SIZE_LIMIT + 1) if process.stdout else b""
            if len(output) > SIZE_LIMIT:
                _end(process.pid)
        timer.cancel()
        if process.returncode == 0 or len(output) > SIZE_LIMIT:
            self._output = output
        elif not expired.is_set():
            self._failure = SecretFailed(
                f"the command {self._program} failed with status {process.returncode} (its output is not shown)",
                "run it by hand to see why",
            )


def _end(group: int) -> None:
    """End a command and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)

"""What is wrong with a configuration, said so that it can be repaired, and never with a secret in it."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from tracker_tui.model.record import Fact
from tracker_tui.model.text import clean, clean_path

INVALID = "CONFIG_INVALID"
PERMISSIONS = "CONFIG_PERMISSIONS"
SUSPICIOUS = "CONFIG_SUSPICIOUS"

_TOKEN = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[A-Za-z0-9+/_=-]{16,}")
_VALUE_LIMIT = 80


class Problem(Fact):
    """One thing to repair. As a warning it does not stop the program."""

    message: str
    """One plain sentence with the bad value, unless that may be a secret."""
    fix: str
    """What to write or run instead."""
    code: str = INVALID
    file: Path | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None
    """Path of the value, e.g. `sonarr[1].url`."""

    def __str__(self) -> str:
        place = [str(clean_path(str(self.file)))] if self.file else []
        place += [str(number) for number in (self.line, self.column) if number is not None]
        head = ":".join(place) + ": " if place else ""
        key = f"{clean(self.key)}: " if self.key else ""
        return f"{head}{key}{self.message}; {self.fix}"


class ConfigError(Exception):
    """The configuration cannot be used; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigMissing(ConfigError):
    """There is no configuration file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__([Problem(message="there is no configuration file", fix="run tracker-tui init", file=path)])


def looks_secret(text: str) -> bool:
    """Return whether a text may be a key, or an address with a password, that was written in the wrong place."""
    return "@" in text or _TOKEN.search(text) is not None


def shown(value: object) -> str:
    """Return a configured value for a message: quoted, one line, and hidden if it could hold a secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        if looks_secret(value):
            return "the value (not shown, it could hold a secret)"
        return f'"{clean(value, _VALUE_LIMIT)}"'
    return type_name(value)


def shown_path(value: str) -> str:
    """Return a configured file name for a message: as it is, unless it is no path but perhaps a secret."""
    if "@" not in value and value.startswith(("/", "~", "./", "../")):
        return str(clean_path(value))
    return shown(value)


def type_name(value: object) -> str:
    """Return what TOML calls the type of a value, with its article."""
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be, or None."""
    candidates = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower(), candidates, n=1, cutoff=0.6)
    return candidates[found[0]] if found else None

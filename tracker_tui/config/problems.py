"""What is wrong with a configuration, said so that it can be repaired, and never with a secret in it."""

from collections.abc import Iterable
from pathlib import Path

from tracker_tui.model.record import Fact
from tracker_tui.model.text import clean, clean_path

INVALID = "CONFIG_INVALID"
PERMISSIONS = "CONFIG_PERMISSIONS"
SUSPICIOUS = "CONFIG_SUSPICIOUS"


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
        head += "" if self.code == INVALID else "warning: "
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

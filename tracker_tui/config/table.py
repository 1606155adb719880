"""Reading TOML tables: every value is asked for by key and type; what is wrong, unknown or in use is noted.

The keys that were asked for are the keys that exist: there is no second list of them to keep in step.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from tracker_tui.config.lines import join, quoted
from tracker_tui.config.problems import INVALID, Problem
from tracker_tui.config.settings import Entry
from tracker_tui.config.words import closest, shown, type_name, without_secrets
from tracker_tui.model.text import clean, clean_path

DEFAULT = "default"

A_DURATION = "a duration"

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(?:\d+[smhd])+")
_DURATION_FIX = 'write it like "10m", "2h", "1h30m", or as whole seconds'
_YEAR_S = 366 * 86400

_MEANT = {
    "jellyseerr": "seerr",
    "overseerr": "seerr",
    "qbit": "qbittorrent",
    "apikey": "api_key",
    "key": "api_key",
    "token": "api_key",
    "host": "url",
    "base_url": "url",
    "user": "username",
    "pass": "password",
    "verify_ssl": "verify_tls",
    "ssl_verify": "verify_tls",
    "keys": "keymap",
}
"""Words people use elsewhere, which spelling alone does not lead to ours."""


class Report:
    """What reading one file has found so far."""

    def __init__(self, file: Path, lines: Mapping[str, int]) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.entries: list[Entry] = []
        self.known: set[str] = set()
        """Every key the reader asked for, without indices: `sonarr.url`."""
        self.modified_ns = 0
        self._lines = lines

    def touched(self, modified_ns: int) -> None:
        """Note the modification time of a file that was read."""
        self.modified_ns = max(self.modified_ns, modified_ns)

    def problem(self, key: str, message: str, fix: str) -> None:
        """Note something that keeps the configuration from being used."""
        self.problems.append(self._at(key, message, fix, INVALID))

    def warning(self, key: str, message: str, fix: str, code: str) -> None:
        """Note something worth repairing that does not stop the program."""
        self.warnings.append(self._at(key, message, fix, code))

    def line(self, key: str) -> int | None:
        """Return the line of a key, or of the nearest table around it."""
        while key:
            for place in (key, f"{key}[0]"):
                if place in self._lines:
                    return self._lines[place]
            key = re.sub(r'(\.[A-Za-z0-9_-]+|\."(?:[^"\\]|\\.)*"|\[\d+\]|^[^.\[]+)$', "", key)
        return None

    def place(self, key: str) -> str:
        """Return where a value was written: `config.toml:12`."""
        line = self.line(key)
        return f"{clean(self.file.name)}:{line}" if line else str(clean(self.file.name))

    def _at(self, key: str, message: str, fix: str, code: str) -> Problem:
        return Problem(
            message=str(clean_path(message)),  # both may repeat keys of the user's
            fix=str(clean_path(fix)),
            code=code,
            file=self.file,
            line=self.line(key),
            key=without_secrets(key) or None,
        )


class Table:
    """One TOML table being read. Every getter returns the default after noting a problem: reading goes on."""

    def __init__(self, values: Mapping[str, object], path: str, report: Report) -> None:
        self.path = path
        self.report = report
        self._values = values
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def path_of(self, key: str) -> str:
        """Return the full path of a key of this table."""
        return join(self.path, key)

    def problem(self, key: str, message: str, fix: str) -> None:
        """Note what is wrong with a key of this table."""
        self.report.problem(self.path_of(key), message, fix)

    def use(self, key: str, value: object, origin: str | None = None) -> None:
        """Note the effective value of a key; the origin follows from whether the file has it, unless given."""
        where = origin or (self.report.place(self.path_of(key)) if key in self._values else DEFAULT)
        text = None if value is None else notation(value)
        self.report.entries.append(Entry(table=self.path, key=join("", key), value=text, origin=where))

    def raw(self, key: str) -> object:
        """Return the value as TOML has it, or None; from then on the key is a known one."""
        self._asked.add(key)
        self.report.known.add(join(re.sub(r"\[\d+\]", "", self.path), key))
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """Return a string without control characters, or None."""
        value = self.raw(key)
        if value is not None and not isinstance(value, str):
            self._wrong_type(key, value, "a string")
        elif value is not None and clean_path(value) != value:
            self.problem(key, "the text holds line breaks or invisible characters", "remove them")
        elif value is not None:
            return value
        return None

    def used_text(self, key: str) -> str | None:
        """Return a string and note it as in use."""
        value = self.text(key)
        self.use(key, value)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return a boolean."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self._wrong_type(key, value, "true or false")
            value = None
        result = default if value is None else value
        self.use(key, result)
        return result

    def integer(self, key: str, default: int | None, low: int, high: int) -> int | None:
        """Return a whole number from `low` to `high`."""
        value = self.raw(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self._wrong_type(key, value, f"a whole number from {low} to {high}")
            value = None
        elif isinstance(value, int) and not low <= value <= high:
            self.problem(key, f"{shown(value)} is out of range", f"write a whole number from {low} to {high}")
            value = None
        result = default if value is None else value
        self.use(key, result)
        return result

    def seconds(self, key: str, default: float, low: float, high: float) -> float:
        """Return a time in seconds, written as a number or as a duration like "10s"."""
        span = self._span(key, low, high)
        result = default if span is None else span
        self.use(key, int(result) if result == int(result) else result)
        return result

    def duration(self, key: str, default: timedelta) -> timedelta:
        """Return a positive time span, written like "10m" or as whole seconds."""
        span = self._span(key, 1, _YEAR_S)
        result = default if span is None else timedelta(seconds=span)
        self.use(key, duration_notation(result))
        return result

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Return a list of non-empty strings."""
        value = self.raw(key)
        result = tuple(default)
        if value is not None and not isinstance(value, list):
            self._wrong_type(key, value, "a list of strings")
        elif isinstance(value, list):
            bad = [one for one in value if not isinstance(one, str) or not one.strip() or clean_path(one) != one]
            if bad:
                self.problem(key, f"{shown(bad[0])} is not usable in this list", "write non-empty plain strings")
            else:
                result = tuple(value)
        self.use(key, result)
        return result

    def table(self, key: str) -> "Table":
        """Return a table inside this one; an empty one if it is absent or of another type."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self._wrong_type(key, value, f"a table, [{without_secrets(self.path_of(key))}]")
            value = None
        return Table(value or {}, self.path_of(key), self.report)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return an array of tables."""
        value = self.raw(key)
        path = self.path_of(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            self.problem(key, f"{type_name(value)} stands where a list of tables is due", f"write [[{path}]]")
            value = None
        return tuple(
            Table(one, f"{path}[{index}]", self.report)
            for index, one in enumerate(value or [])
            if isinstance(one, dict)
        )

    @property
    def own_keys(self) -> tuple[str, ...]:
        """Return the keys of a table whose keys are the user's own, e.g. `headers`."""
        return tuple(self._values)

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                meant = _MEANT.get(key.lower())
                guess = meant if meant in self._asked else closest(key, self._asked)
                what = "unknown table" if isinstance(self._values[key], dict) or not self.path else "unknown key"
                fix = f'did you mean "{guess}"?' if guess else f"known here: {', '.join(sorted(self._asked))}"
                self.problem(key, what, fix)

    def _span(self, key: str, low: float, high: float) -> float | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, str):
            if not _DURATION.fullmatch(value):
                self.problem(key, f"{shown(value)} is not a duration", _DURATION_FIX)
                return None
            parts = re.findall(r"(\d+)([smhd])", value)
            value = sum(min(int(count), _YEAR_S) * _UNITS[unit] for count, unit in parts)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self._wrong_type(key, value, A_DURATION)
            return None
        if not low <= value <= high:
            written = self._values[key]
            limits = f"{low:g}s to {duration_notation(timedelta(seconds=high))}"
            self.problem(key, f"{shown(written)} is out of range", f"write a value from {limits}")
            return None
        return float(value)

    def _wrong_type(self, key: str, value: object, due: str) -> None:
        found = type_name(value) if not isinstance(value, float) or math.isfinite(value) else "infinity or nan"
        self.problem(key, f"{found} stands where {due} is due", _DURATION_FIX if due == A_DURATION else f"write {due}")


def notation(value: object) -> str:
    """Return a value in TOML notation, one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(notation(one) for one in value)}]"
    return quoted(str(value))


def duration_notation(span: timedelta) -> str:
    """Return a span as people write it: "1h30m"."""
    rest = int(span.total_seconds())
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"

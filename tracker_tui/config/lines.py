"""On which line each key of a TOML document stands; tomllib does not tell.

Made for documents that tomllib has accepted: it finds the starts of statements and skips values without judging them.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_GAP = re.compile(r"[ \t]*")
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_KEY})[ \t]*\]\]?")
_ASSIGNMENT = re.compile(rf"({_KEY})[ \t]*=")
_VALUE_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)


class Statement(NamedTuple):
    """One header or assignment of a TOML document; positions are indices into its text."""

    path: str
    """`sonarr[1]` of a header, `sonarr[1].url` of an assignment."""
    table: str
    """The table it stands in; of a header, its own path."""
    is_header: bool
    line: int
    """From 1."""
    start: int
    value: int
    """Where the value begins; of a header, where it ends."""
    end: int
    """Behind the value or header, before blanks and a comment that follow on the line."""


def statements(text: str) -> Iterator[Statement]:
    """Yield headers and assignments in the order of the text."""
    counts: dict[str, int] = {}
    table = ""
    position = line = 0
    while True:
        line += text.count("\n", position, position := _skip(_BLANK, text, position))
        if header := _HEADER.match(text, position):
            table = _table_path(header[2], counts, is_array=header[1] == "[[")
            position = header.end()
            yield Statement(table, table, True, line + 1, header.start(), position, position)
        elif assignment := _ASSIGNMENT.match(text, position):
            path = table
            for part in _parts(assignment[1]):
                path = join(path, part)
            value = _skip(_GAP, text, assignment.end())
            end, position = _value_end(text, value)
            yield Statement(path, table, False, line + 1, assignment.start(), value, end)
            line += text.count("\n", assignment.start(), position)
        else:
            return


def key_lines(text: str) -> dict[str, int]:
    """Return the line (from 1) of every table header and assigned key, by path: `sonarr[1].url`, `ui.keymap`.

    Keys inside inline tables have no entry: their outer key's line is the nearest.
    """
    lines: dict[str, int] = {}
    for one in statements(text):
        path = one.table
        if not one.is_header:
            for part in _parts(text[one.start : one.value].rpartition("=")[0]):
                path = join(path, part)
                lines.setdefault(path, one.line)
        lines.setdefault(path, one.line)
    return lines


def join(path: str, key: str) -> str:
    """Return the path of `key` in the table at `path`; keys that are not plain words are quoted."""
    plain = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)
    return f"{path}.{plain}" if path else plain


def quoted(text: str) -> str:
    """Return a text as a TOML basic string (control characters stay: they are shown, never read again)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _parts(key: str) -> list[str]:
    nested: object = tomllib.loads(f"{key} = 0")
    parts: list[str] = []
    while isinstance(nested, dict):
        part, nested = next(iter(nested.items()))
        parts.append(part)
    return parts


def _table_path(key: str, counts: dict[str, int], *, is_array: bool) -> str:
    """Return a header's path; `[a.b]` below `[[a]]` means the newest element of `a`."""
    path = ""
    parts = _parts(key)
    for part in parts[:-1]:
        path = join(path, part)
        if path in counts:
            path += f"[{counts[path] - 1}]"
    path = join(path, parts[-1])
    if is_array:
        counts[path] = counts.get(path, 0) + 1
        path += f"[{counts[path] - 1}]"
    return path


def _value_end(text: str, position: int) -> tuple[int, int]:
    """Return where the value ends, and where its statement does: the first line break outside strings and brackets."""
    depth = 0
    end = position
    while token := _VALUE_TOKEN.match(text, position):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            break
        position = token.end()
        if token[0][0] not in "#\n" and (shown := token[0].rstrip()):
            end = token.start() + len(shown)
    return end, position

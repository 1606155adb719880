"""Changing a configuration's text: what is not changed stays byte for byte, comments and unknown parts included.

Only tables of services written as `[[sonarr]]` are edited. Every edit is read back and compared with what was meant:
a notation that this does not master (`sonarr = [{…}]`, keys with dots) ends in `EditRefused`, never in a spoilt file.
"""

import copy
import re
import tomllib
from collections.abc import Mapping, Sequence

from tracker_tui.config.lines import Statement, statements
from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact

Value = str | int | bool | Mapping[str, str]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t"}
_NEW_FILE = """\
# Configuration of tracker-tui. `tracker-tui config example` explains every key; `tracker-tui init` changes this file.
"""


class EditRefused(Exception):
    """The text cannot be edited safely; says what to do by hand."""


class Edit(Fact):
    """What is to become of one service's table."""

    kind: Kind
    index: int | None = None
    """Which of its kind, from 0; None: a new one."""
    values: Mapping[str, Value] = {}
    """Keys to set."""
    drop: frozenset[str] = frozenset()
    """Keys to take out."""
    remove: bool = False
    """Take the whole table out."""


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return the text after the edits; "" becomes a new file. Raises EditRefused."""
    result = text or _NEW_FILE
    try:
        expected = _meant(text, edits)
        for one in edits:
            if one.index is not None and not one.remove:
                result = _changed(result, one)
        for one in sorted((one for one in edits if one.remove), key=lambda one: -(one.index or 0)):
            result = _removed(result, f"{one.kind}[{one.index}]")
        for one in edits:
            if one.index is None and not one.remove:
                result = _appended(result, one)
        if tomllib.loads(result) == expected:
            return result
    except (LookupError, TypeError, AttributeError, tomllib.TOMLDecodeError):
        pass
    raise EditRefused("the services are written in a way that cannot be changed here; change them by hand")


def toml(value: Value) -> str:
    """Return a value in TOML notation. Texts have no control characters but tabs."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml(key)} = {toml(text)}" for key, text in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return '"' + re.sub(r'[\\"\t]', lambda found: _ESCAPES[found[0]], value) + '"'


def _meant(text: str, edits: Sequence[Edit]) -> dict[str, object]:
    """Return what the document must say afterwards."""
    document: dict[str, list[dict[str, object]]] = copy.deepcopy(tomllib.loads(text))
    for one in edits:
        if one.index is None or one.remove:
            continue
        table = document[one.kind][one.index]
        for key in one.drop:
            table.pop(key, None)
        table.update(one.values)
    for kind in {one.kind for one in edits if one.remove}:
        gone = {one.index for one in edits if one.remove and one.kind is kind}
        kept = [table for index, table in enumerate(document[kind]) if index not in gone]
        if kept:
            document[kind] = kept
        else:
            del document[kind]
    for one in edits:
        if one.index is None and not one.remove:
            document.setdefault(one.kind, []).append(dict(one.values))
    return dict(document)


def _changed(text: str, edit: Edit) -> str:
    path = f"{edit.kind}[{edit.index}]"
    for key in sorted(edit.drop):
        found = _find(text, path, key)
        if found is not None:
            text = text[: _line_start(text, found.start)] + text[_next_line(text, found.end) :]
    for key, value in edit.values.items():
        found = _find(text, path, key)
        if found is not None:
            text = text[: found.value] + toml(value) + text[found.end :]
        else:
            text = _inserted(text, path, f"{key} = {toml(value)}\n")
    return text


def _inserted(text: str, path: str, line: str) -> str:
    """Add a line behind the last key of a table itself (tables inside it may follow)."""
    last = [one for one in statements(text) if one.table == path][-1]
    if not last.is_header:
        line = text[_line_start(text, last.start) : last.start] + line
    at = _next_line(text, last.end)
    return text[:at] + ("" if text[:at].endswith("\n") else "\n") + line + text[at:]


def _removed(text: str, path: str) -> str:
    """Cut from the header to the last line that belongs to it: keys, tables inside, comments right below them."""
    every = list(statements(text))
    own = [one for one in every if one.table == path or one.table.startswith(f"{path}.")]
    start = _line_start(text, [one.start for one in own if one.is_header and one.path == path][0])  # noqa: RUF015 - IndexError
    end = _next_line(text, own[-1].end)
    while re.match(r"[ \t]*#", text[end:]):
        end = _next_line(text, end)
    if re.match(r"[ \t]*\n", text[end:]) and (start == 0 or text[:start].endswith("\n\n")):
        end = _next_line(text, end)
    return text[:start] + text[end:]


def _appended(text: str, edit: Edit) -> str:
    lines = [f"[[{edit.kind}]]", *(f"{key} = {toml(value)}" for key, value in edit.values.items())]
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + "\n".join(lines) + "\n"


def _find(text: str, path: str, key: str) -> Statement | None:
    return next((one for one in statements(text) if one.table == path and one.path == f"{path}.{key}"), None)


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _next_line(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1

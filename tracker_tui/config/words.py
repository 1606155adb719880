"""Words of the user's, repeated to the user: quoted, tidied, hidden if they could be a secret; spelling suggestions."""

import re
from collections.abc import Iterable

from tracker_tui.model.text import clean, clean_path

_TOKEN = re.compile(r"(?=[A-Za-z+/_=-]*[0-9])(?=[0-9+/_=-]*[A-Za-z])[A-Za-z0-9+/_=-]{16,}")
_VALUE_LIMIT = 80


def looks_secret(text: str) -> bool:
    """Return whether a text may be a key, or an address with a password, that was written in the wrong place."""
    return "@" in text or _TOKEN.search(text) is not None


def without_secrets(text: str) -> str:
    """Return a text with what may be a key taken out, for paths of keys: people paste on the wrong side of "="."""
    return _TOKEN.sub("(not shown)", text)


def shown(value: object) -> str:
    """Return a configured value for a message: quoted, one line, and hidden if it could hold a secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(clean(str(value), _VALUE_LIMIT))
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
    import difflib  # here, because only a wrong word needs it

    candidates = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower(), candidates, n=1, cutoff=0.7)
    return candidates[found[0]] if found else None

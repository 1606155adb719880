"""Text from outside, made safe once at the service boundary.

Torrent names, titles and server messages may carry escape sequences, bidi overrides or zero-width characters that
reach a terminal through every widget (Textual 8.2 and Rich 14 strip only BEL, BS, VT, FF, CR). Services pass every
foreign string through `clean` or `clean_path`; the rest of the program only meets `SafeText`.
"""

import re
import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)
"""Foreign text without control, bidi, zero-width or surrogate characters. Markup in it is still plain text."""

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a dangerous character was, so that tampering is visible."""

TEXT_LIMIT = 500
PATH_LIMIT = 4096
_MAX_COMBINING = 4

_SPACES = re.compile(r"[\t\n\r\u2028\u2029\x85\v\f]+")
_DANGEROUS = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences, window titles, clipboard writes
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # bidi controls and zero-width characters
    "\u00ad\u180e\ufff9-\ufffb"
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "\U000e0000-\U000e007f"  # tag characters
    "]"
)
_VARIATION = re.compile("[\ufe00-\ufe0f]")  # terminals disagree on the width of what precedes them
_COMBINING_RUN = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


def clean(raw: str, limit: int = TEXT_LIMIT) -> SafeText:
    """Return one line of at most `limit` characters, safe to print; NFC; line breaks become one space."""
    if raw.isascii() and raw.isprintable():
        text = raw
    else:
        text = unicodedata.normalize("NFC", _replace(_SPACES.sub(" ", raw[: limit * 4])))
    return SafeText(text if len(text) <= limit else text[: limit - 1] + "…")


def clean_path(raw: str, limit: int = PATH_LIMIT) -> SafeText:
    """Return a path that is safe to print and, without dangerous characters in it, equal to `raw` (no NFC)."""
    if raw.isascii() and raw.isprintable():
        return SafeText(raw[:limit])
    return SafeText(_DANGEROUS.sub(MARK, raw)[:limit])


def clean_or_none(raw: str | None, limit: int = TEXT_LIMIT) -> SafeText | None:
    """Return `clean(raw)`, or None for None, "" and blanks: absent text has one representation."""
    if raw is None:
        return None
    text = clean(raw.strip(), limit)
    return text or None


def _replace(text: str) -> str:
    text = _VARIATION.sub("", _DANGEROUS.sub(MARK, text))
    return _COMBINING_RUN.sub(lambda run: run.group()[:_MAX_COMBINING], text)

"""Text from outside, made safe once at the service boundary.

Torrent names, titles and server messages may carry escape sequences, bidi overrides or zero-width characters that
reach a terminal through every widget (Textual 8.2 and Rich 14 strip only BEL, BS, VT, FF, CR). Services pass every
foreign string through `clean` or `clean_path`; the rest of the program only meets `SafeText`.
"""

import re
import unicodedata
from typing import NewType

from tracker_tui.model.masks import masked, without_own

SafeText = NewType("SafeText", str)
"""Foreign text without control, bidi, zero-width or surrogate characters. Markup in it is still plain text."""

MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands where a dangerous character was, so that tampering is visible."""

TEXT_LIMIT = 500
PATH_LIMIT = 4096
_MAX_MARKS = 4

_SPACES = re.compile(r"[\t\n\r\u2028\u2029\x85\v\f]+")
_DANGEROUS = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences, window titles, clipboard writes
    "\u2028\u2029"  # line breaks to some
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # bidi controls and zero-width characters
    "\u00ad\u180e\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # other format controls
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters that show nothing
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tag characters and what else is never shown
    "]"
)
# No combining mark lies in these blocks (scripts of Europe, kana, Han, Hangul): most titles need no closer look.
_WITHOUT_MARKS = re.compile(
    "[ -\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u1fff\u2000-\u20cf\u2100-\u2cee\u2e00-\u3029\u3030-\u3098\u309b-\ua66e"
    "\uac00-\ud7ff\uff00-\uffff]*"
)
# Terminals disagree on the width of what a variation selector follows; a grapheme joiner shows nothing.
_INVISIBLE = re.compile("[\ufe00-\ufe0f\u034f\u180b-\u180d\u180f\U000e0100-\U000e01ef]")


def clean(raw: str, limit: int = TEXT_LIMIT) -> SafeText:
    """Return one line of at most `limit` characters, safe to print; NFC; line breaks become one space; keys masked."""
    if (
        "=" in raw or ":" in raw or "%3" in raw or "earer " in raw or "asic " in raw
    ):  # titles mostly pass without a closer look
        raw = masked(raw[: limit * 4])
    if raw.isascii() and raw.isprintable():
        text = raw
    else:
        seen = _INVISIBLE.sub("", _DANGEROUS.sub(MARK, _SPACES.sub(" ", raw[: limit * 4])))
        text = _thin_out_marks(unicodedata.normalize("NFC", seen))
    return SafeText(text if len(text) <= limit else text[: limit - 1] + "…")


def quoted(raw: str, limit: int = TEXT_LIMIT) -> SafeText:
    """Return `clean(raw)` of what a service says in its own words: it may quote what it was sent, our keys too."""
    return clean(without_own(raw[: limit * 4]), limit)


def quoted_or_none(raw: str | None, limit: int = TEXT_LIMIT) -> SafeText | None:
    """Return `quoted(raw)`, or None for None, "" and blanks."""
    return None if raw is None else clean_or_none(without_own(raw[: limit * 4]), limit)


def clean_path(raw: str, limit: int = PATH_LIMIT) -> SafeText:
    """Return a path that is safe to print and, without dangerous characters in it, equal to `raw` (no NFC)."""
    if raw.isascii() and raw.isprintable():
        return SafeText(raw[:limit])
    return SafeText(_DANGEROUS.sub(MARK, raw[:limit]))


def clean_or_none(raw: str | None, limit: int = TEXT_LIMIT) -> SafeText | None:
    """Return `clean(raw)`, or None for None, "" and blanks: absent text has one representation."""
    if raw is None:
        return None
    text = clean(raw, limit).strip()
    return SafeText(text) if text else None


def _thin_out_marks(text: str) -> str:
    """Keep at most four combining marks in a row: no language needs more, and piles of them hang over other rows."""
    if _WITHOUT_MARKS.fullmatch(text):
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)

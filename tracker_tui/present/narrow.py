"""Terminals that cannot show everything: what stands for our own typography, and for letters from elsewhere."""

import unicodedata

TYPOGRAPHY = str.maketrans(
    {"…": "...", "·": "-", "≈": "~", "→": "->", "–": "-", "—": "-", "−": "-", "×": "x", "’": "'", "“": '"', "”": '"'}
)
"""Our own characters beyond ASCII that stand in sentences; glyphs and bars have an ASCII form of their own."""

_GLYPHS = "●█→"


def plain(text: str) -> str:
    """Return `text` with our own typography in ASCII; foreign letters stay as they are."""
    return text.translate(TYPOGRAPHY)


def shows_glyphs(encoding: str | None) -> bool:
    """Return whether output in `encoding` can carry our glyphs."""
    try:
        _GLYPHS.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def stand_in(fault: UnicodeError) -> tuple[str, int]:
    """Return what is written for the characters that an encoding lacks, as wide as they are (an error handler)."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(_stand_in, fault.object[fault.start : fault.end])), fault.end


def _stand_in(character: str) -> str:
    typed = plain(character)
    if typed.isascii():
        return typed
    if unicodedata.combining(character):
        return ""
    basic = unicodedata.normalize("NFKD", character)[0]
    if basic.isascii() and unicodedata.east_asian_width(character) not in "WF":
        return basic
    return "??" if unicodedata.east_asian_width(character) in "WF" else "?"

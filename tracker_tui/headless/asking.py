"""Whether there is somebody to ask: questions go to stderr and are answered on stdin, stdout stays for data."""

import sys


def can_ask() -> bool:
    """Return whether both are a terminal; either may be closed, or no file at all."""
    return all(_is_terminal(stream) for stream in (sys.stdin, sys.stderr))


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return isatty is not None and bool(isatty())

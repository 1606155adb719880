"""Questions on a plain terminal: one line asked, one line answered; secrets without echo. Works on a dumb terminal."""

import os
import select
import shutil
import sys
import termios
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tracker_tui.model.text import clean_path

_MORE_S = 0.1
"""How soon the rest of a pasted text follows its first line."""


class Ended(Exception):
    """The input ended where an answer was due."""


class Terminal(Protocol):
    """Who answers."""

    def say(self, text: str = "") -> None:
        """Show lines."""

    def ask(self, question: str) -> str:
        """Return one answer without blanks at its ends. Raises Ended, KeyboardInterrupt."""

    def secret(self, question: str) -> str:
        """Return one answer that is not shown; "" also where it was no single line. Raises as `ask`."""


class Tty:
    """The terminal at stdin and stderr; stdout stays for data."""

    def say(self, text: str = "") -> None:
        """Show lines, broken between words at the terminal's width."""
        sys.stderr.write(f"{fitted(text, shutil.get_terminal_size().columns)}\n")
        sys.stderr.flush()

    def ask(self, question: str) -> str:
        """Return one answer."""
        sys.stderr.write(f"{fitted(question, shutil.get_terminal_size().columns)} ")
        sys.stderr.flush()
        return self._line().strip()

    def secret(self, question: str) -> str:
        """Return one answer, typed or pasted without echo; what follows its first line is thrown away unseen."""
        with _without(termios.ECHO):
            answer = self.ask(question)
            rest = _rest_of_paste()
        self.say()
        if rest.strip():
            self.say("  That were several lines, and a secret is one: copy it alone.")
            return ""
        return answer

    def _line(self) -> str:
        # what cannot be decoded is refused as an answer, it is not a fault
        line = sys.stdin.buffer.readline().decode(sys.stdin.encoding, errors="replace")
        if not line:
            self.say()
            raise Ended
        return line.rstrip("\r\n")


def fitted(text: str, width: int) -> str:
    """Return a text that may repeat foreign words, safe to print, long lines broken between words."""
    lines: list[str] = []
    for line in text.split("\n"):
        safe = clean_path(line)
        indent = " " * (len(safe) - len(safe.lstrip()) + 2)
        lines += textwrap.wrap(
            safe, max(width - 1, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines)


def yes(terminal: Terminal, question: str, *, usual: bool) -> bool:
    """Return whether the answer to a question is yes; Enter means `usual`."""
    while True:
        answer = terminal.ask(f"{question} [{'Y/n' if usual else 'y/N'}]").lower()
        if not answer:
            return usual
        if answer in {"y", "yes", "n", "no"}:
            return answer[0] == "y"
        terminal.say("  Answer y or n.")


def _rest_of_paste() -> bytes:
    """Return what follows a pasted line, a last line without an end as well: it is no answer to the next question."""
    handle, rest = sys.stdin.fileno(), b""
    with _without(termios.ICANON):  # a terminal that hands out lines keeps an unfinished one to itself
        while select.select([handle], [], [], _MORE_S)[0] and (more := os.read(handle, 4096)):
            rest += more
    return rest


@contextmanager
def _without(flag: int) -> Iterator[None]:
    """Let the terminal do without one of its local modes meanwhile."""
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    changed = list(before)
    changed[3] &= ~flag
    termios.tcsetattr(handle, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)

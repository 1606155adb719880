"""Questions on a plain terminal: one line asked, one line answered; secrets without echo. Works on a dumb terminal."""

import select
import sys
import termios
from collections.abc import Callable, Iterator
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
        """Show lines."""
        sys.stderr.write(f"{clean_lines(text)}\n")
        sys.stderr.flush()

    def ask(self, question: str) -> str:
        """Return one answer."""
        sys.stderr.write(f"{clean_path(question)} ")
        sys.stderr.flush()
        return self._line().strip()

    def secret(self, question: str) -> str:
        """Return one answer, typed or pasted without echo; what follows its first line is thrown away unseen."""
        with _no_echo():
            answer = self.ask(question)
            pasted_on = False
            while select.select([sys.stdin], [], [], _MORE_S)[0]:
                pasted_on = bool(self._line().strip()) or pasted_on
        self.say()
        if pasted_on:
            self.say("  That were several lines, and a secret is one: copy it alone.")
            return ""
        return answer

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            self.say()
            raise Ended
        return line.rstrip("\r\n")


def clean_lines(text: str) -> str:
    """Return a text of our own that may repeat foreign words, safe to print line by line."""
    return "\n".join(clean_path(line) for line in text.split("\n"))


def yes(terminal: Terminal, question: str, *, usual: bool) -> bool:
    """Return whether the answer to a question is yes; Enter means `usual`."""
    while True:
        answer = terminal.ask(f"{question} [{'Y/n' if usual else 'y/N'}]").lower()
        if not answer:
            return usual
        if answer in {"y", "yes", "n", "no"}:
            return answer[0] == "y"
        terminal.say("  Answer y or n.")


def until[T](read: Callable[[], T | None]) -> T:
    """Return the first answer that is one."""
    while (answer := read()) is None:
        pass
    return answer


@contextmanager
def _no_echo() -> Iterator[None]:
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(handle, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)

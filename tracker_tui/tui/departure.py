"""Leaving on a key, SIGTERM, SIGHUP and SIGINT, even while the screen waits for a terminal that does not read.

So does a terminal that goes away without a signal: reading from it would never wait, and burn a core for ever. Signal
handlers only start a thread; the main thread may be blocked for ever. The thread saves the store, asks the application
to end, and if that takes too long restores the terminal itself and leaves without ceremony.
"""

import contextlib
import logging
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""How long the application may take to end by itself."""
CLOSING_S = 6.0
"""How long saving and logging out may take after that."""
ATTEMPTS = 50

RESTORE = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # mouse reports
    b"\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # bracketed paste, resize and focus reports
    b"\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"  # keyboard protocol, line wrap, screen, cursor
)

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_NUDGE = signal.SIGURG
"""Ends a write that waits; does nothing else, also where nobody handles it any more."""


class Departure:
    """Remembers the terminal as it was, and how to leave. `code` is the exit code a signal asks for, None without."""

    def __init__(self, save: Callable[[], object]) -> None:
        self.code: int | None = None
        self._save = save
        self._leave: Callable[[], object] = lambda: None
        self._departing: threading.Thread | None = None
        self._by_force = False
        self._screen_gone = threading.Event()
        self._everything_gone = threading.Event()
        self._terminal = _terminal_state()

    def ask(self, leave: Callable[[], object]) -> None:
        """Set what ends the application; it is called on a thread."""
        self._leave = leave

    def screen_gone(self) -> None:
        """Say that the application has ended and the terminal is restored."""
        self._screen_gone.set()

    @contextlib.contextmanager
    def prepared(self) -> Iterator[None]:
        """Handle the signals meanwhile."""
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        before[_NUDGE] = signal.signal(_NUDGE, lambda *_: None)
        threading.Thread(target=self._watch_terminal, name="terminal", daemon=True).start()
        try:
            yield
        finally:
            self._everything_gone.set()
            if self._by_force and self._departing is not None:
                self._departing.join()  # it ends the program once the terminal is restored
            for number, handler in before.items():
                signal.signal(number, handler)

    def begun(self, code: int) -> None:
        """Say that the application ends by itself, with this exit code; it is seen to that it can."""
        if self._departing is None:
            self._start(code, lambda: None)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.code is None:
            self.code = 128 + number
            self._start(self.code, self._leave)

    def _start(self, code: int, leave: Callable[[], object]) -> None:
        self._departing = threading.Thread(target=self._depart, args=(code, leave), name="departure", daemon=True)
        self._departing.start()

    def _watch_terminal(self) -> None:
        """Wait, without waking, until the terminal is gone; where that cannot be told, leave it to the signals."""
        if self._terminal is None:
            return
        poll = select.poll()
        poll.register(self._terminal[0], 0)
        with contextlib.suppress(OSError):
            ((_, event),) = poll.poll()
            if event & select.POLLHUP and not self._everything_gone.is_set():
                self._on_signal(signal.SIGHUP, None)

    def _depart(self, code: int, leave: Callable[[], object]) -> None:
        with contextlib.suppress(Exception):
            leave()
        saver = threading.Thread(target=self._save, daemon=True)
        saver.start()
        saver.join(PATIENCE_S)
        if not self._screen_gone.wait(PATIENCE_S):
            self._by_force = True
            self._restore_terminal()
            saver.join(CLOSING_S)
        elif self._everything_gone.wait(CLOSING_S):
            return
        os._exit(code)

    def _restore_terminal(self) -> None:
        """Put the terminal back without waiting for it; a terminal that is gone or does not read stays as it is."""
        if self._terminal is None:
            return
        handle, attributes = self._terminal
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(handle, termios.TCSANOW, attributes)
        with contextlib.suppress(OSError, termios.error):
            _write_at_once(handle, RESTORE)


def _write_at_once(handle: int, text: bytes) -> None:
    """Write `text` in place of everything that waits to be written, without waiting for a reader."""
    terminal = os.dup(handle)
    os.dup2(os.open(os.devnull, os.O_WRONLY), handle)  # whatever else the program still wants to say
    os.set_blocking(terminal, False)
    for thread in threading.enumerate():  # a write that waits for a reader lets nobody else write; a signal ends it
        if thread.ident is not None and thread is not threading.current_thread():
            signal.pthread_kill(thread.ident, _NUDGE)
    for _ in range(ATTEMPTS):
        termios.tcflush(terminal, termios.TCOFLUSH)
        with contextlib.suppress(BlockingIOError):
            if os.write(terminal, text) == len(text):
                break
        threading.Event().wait(0.01)
    os.set_blocking(terminal, True)  # the shell shares this setting


def _terminal_state() -> tuple[int, list[Any]] | None:
    try:
        handle = sys.__stderr__.fileno() if sys.__stderr__ is not None else -1
        return handle, termios.tcgetattr(handle)
    except (OSError, ValueError, termios.error):
        return None

"""The program's own log while the screen belongs to the interface: the newest records, kept in memory."""

import contextlib
import logging
from collections import deque
from collections.abc import Iterator

from tracker_tui.config.log import Line as LogLine
from tracker_tui.config.log import collected
from tracker_tui.present.lines import Line, Span, line

KEPT = 500

_TONES = {logging.WARNING: "hand", logging.ERROR: "failed", logging.CRITICAL: "failed"}


class Logbook(logging.Handler):
    """Keeps the last records as text; thread-safe as every handler."""

    def __init__(self) -> None:
        super().__init__()
        self._records: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self.setFormatter(LogLine("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record; a traceback becomes lines of its own."""
        self._records.extend((record.levelno, text) for text in self.format(record).splitlines())

    def lines(self) -> list[Line]:
        """Return the records, newest last."""
        kept = list(self._records)
        return [line(Span(text, _TONES.get(level, "")), indent=4) for level, text in kept] or [line("Nothing so far.")]


@contextlib.contextmanager
def logbook(level: str | None) -> Iterator[Logbook]:
    """Collect the program's log meanwhile."""
    book = Logbook()
    with collected(book, level or "info"):
        yield book

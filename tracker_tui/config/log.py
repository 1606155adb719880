"""The program's own log: one line per event, keys masked, on stderr or in a file that turns over by itself.

Only our own loggers and asyncio's complaints are taken: the libraries under us would log addresses with other people's
keys. What cannot be written is dropped in silence, for the screen may stand behind stderr.
"""

import contextlib
import fcntl
import logging
import os
import stat
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from tracker_tui.model.masks import masked, without_own
from tracker_tui.model.text import clean_path

FILE_BYTES = 4 * 1024 * 1024
"""Size at which the file turns over: it becomes `<name>.1`, that one `<name>.2`, up to `OLDER`."""
OLDER = 3
LIMIT = 16 * 1024
"""Longest record, characters: a traceback of a deep recursion says nothing new after that."""

_TAKEN = ("tracker_tui", "asyncio")
_FILE_FORM = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_FILE_DATE = "%Y-%m-%dT%H:%M:%S%z"


class Line(logging.Formatter):
    """One line per record, a traceback on indented lines of its own; keys and control characters masked."""

    def __init__(self, form: str = "%(levelname)s %(name)s: %(message)s", date: str | None = None) -> None:
        super().__init__(form, date)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text."""
        message = " ".join(super().formatMessage(self._prepared(record)).splitlines())
        fault = record.exc_info[1] if record.exc_info else None
        lines = [without_keys(message), *(report(fault).splitlines() if fault is not None else ())]
        return "\n    ".join(lines)[:LIMIT]

    def _prepared(self, record: logging.LogRecord) -> logging.LogRecord:
        record.message = record.getMessage()
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        return record


class LogFile(logging.Handler):
    """Appends to a file, mode 0600, opened anew for each record: whoever moves or empties it is not in the way.

    Several processes may write to one file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setFormatter(Line(_FILE_FORM, _FILE_DATE))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; drop it where that fails."""
        with contextlib.suppress(Exception):
            self.write(f"{self.format(record)}\n".encode(errors="backslashreplace"))

    def write(self, line: bytes) -> None:
        """Append a line, after turning the file over if it would grow too long. Raises OSError."""
        handle = self._open()
        try:
            found = os.fstat(handle)
            if stat.S_ISREG(found.st_mode) and found.st_size and found.st_size + len(line) > FILE_BYTES:
                os.close(handle)
                handle = self._turned_over()
            os.write(handle, line)
        finally:
            os.close(handle)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        return os.open(self.path, flags, 0o600)

    def _turned_over(self) -> int:
        """Make room, unless another process has done so meanwhile; return a handle of the new file."""
        handle = self._open()
        try:
            with contextlib.suppress(OSError):  # some file systems know no locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            found = os.fstat(handle)
            if self._is_current(found) and found.st_size > FILE_BYTES // 2:
                self._rename()
        except OSError:  # a folder that is not ours: rather a short log than a full disk
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)
        return self._open()

    def _is_current(self, found: os.stat_result) -> bool:
        """Return whether the file still has the log's name: another process may have turned it over a moment ago."""
        try:
            return os.path.samestat(self.path.stat(), found)
        except FileNotFoundError:
            return False

    def _rename(self) -> None:
        for number in range(OLDER, 0, -1):
            younger = self.path if number == 1 else self._older(number - 1)
            if younger.exists():
                younger.replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


@contextlib.contextmanager
def collected(handler: logging.Handler, level: str) -> Iterator[None]:
    """Hand our records from `level` on to `handler` meanwhile, and what threads and destructors die of."""
    handler.setLevel(level.upper())
    loggers = [logging.getLogger(name) for name in _TAKEN]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    root, mute = logging.getLogger(), logging.NullHandler()
    root.addHandler(mute)  # without any handler, libraries' warnings would be printed
    hooks = threading.excepthook, sys.unraisablehook
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(min(one.level for one in logger.handlers))
        logger.propagate = False
    threading.excepthook, sys.unraisablehook = _thread_died, _not_raised
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = hooks
        for logger, own, propagates in before:
            logger.removeHandler(handler)
            logger.setLevel(own)
            logger.propagate = propagates
        root.removeHandler(mute)


@contextlib.contextmanager
def kept(path: Path | None, level: str) -> Iterator[str | None]:
    """Write the log to a file meanwhile; yields a complaint where that cannot be done."""
    if path is None:
        yield None
        return
    file = LogFile(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write(b"")
    except OSError as fault:
        yield f"the log at {clean_path(str(path))} cannot be written: {fault.strerror or type(fault).__name__}"
        return
    with collected(file, level):
        yield None


def without_keys(text: str) -> str:
    """Return a text of ours in which every secret known to this process, and what looks like one, is masked."""
    return masked("\n".join(clean_path(line, LIMIT) for line in without_own(text).splitlines()))


def report(fault: BaseException) -> str:
    """Return the traceback of an exception as it may be shown to anybody: no values of variables, no keys."""
    return without_keys("".join(traceback.format_exception(fault, limit=-40)).rstrip())


def _thread_died(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is not None and not isinstance(died.exc_value, SystemExit):
        name = died.thread.name if died.thread is not None else "a thread"
        logging.getLogger(__name__).critical("%s ended", name, exc_info=died.exc_value)


def _not_raised(failed: "sys.UnraisableHookArgs") -> None:
    what = failed.err_msg or f"ignored in {type(failed.object).__name__}"
    logging.getLogger(__name__).error("%s", what, exc_info=failed.exc_value)

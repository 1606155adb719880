"""Writes a recording, on a thread of its own: nothing that happens waits for the disk."""

import logging
import os
import queue
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

from tracker_tui.engine.events import Event
from tracker_tui.engine.recording.format import FORMAT, Head, Stopped, write_line

log = logging.getLogger(__name__)

LIMIT_BYTES = 64 * 1024 * 1024
"""Largest recording, compressed: days of a busy household."""
SYNC_S = 1.0
"""What was said this long ago survives a crash."""
CLOSE_S = 10.0
_GZIP = 31
_LEVEL = 6


class Recorder:
    """Open with a path, call with each event, `close` at the end. Raises FileExistsError and other OSErrors at first.

    A failing disk ends the recording, never the program; so does the size limit, and both are said once.
    """

    def __init__(self, path: Path, *, limit: int = LIMIT_BYTES) -> None:
        self.path = path
        self._limit = limit
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._size = 0
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._over = False
        self._why: str | None = None
        self._tell: Callable[[str], object] = lambda _: None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Take an event; returns at once. Any thread."""
        if not self._over:
            self._queue.put(event)

    @property
    def ended(self) -> str | None:
        """Return in words why it ended before its time; None where it did not."""
        return self._why

    def when_ended(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called, on another thread, with why it ended before its time."""
        self._tell = tell

    def close(self) -> None:
        """Write what is left and end; returns within `CLOSE_S`."""
        self._queue.put(None)
        self._thread.join(timeout=CLOSE_S)

    def _run(self) -> None:
        try:
            self._put(write_line(Head(format=FORMAT)))
            self._write_all()
            if self._over:
                self._put(write_line(Stopped(why=self._limit_words())))
            self._out(self._packer.flush(zlib.Z_FINISH))
        except OSError as fault:
            self._end(fault.strerror or type(fault).__name__)
        finally:
            self._over = True
            os.close(self._file)

    def _write_all(self) -> None:
        pending = False
        while True:
            try:
                event = self._queue.get(timeout=SYNC_S if pending else None)
            except queue.Empty:
                self._out(self._packer.flush(zlib.Z_SYNC_FLUSH))
                pending = False
                continue
            if event is None:
                return
            self._put(write_line(event))
            pending = True
            if self._size >= self._limit:
                self._over = True
                self._end(self._limit_words())
                return

    def _limit_words(self) -> str:
        return f"it had reached {self._limit // 1024**2} MB"

    def _end(self, why: str) -> None:
        self._why = f"the recording {self.path} ended: {why}"
        log.warning("%s", self._why)
        self._tell(self._why)

    def _put(self, line: bytes) -> None:
        self._out(self._packer.compress(line))

    def _out(self, data: bytes) -> None:
        self._size += len(data)
        while data:
            data = data[os.write(self._file, data) :]

"""Reads a recording back: opened and checked at once, its events one after the other whenever they are wanted."""

import itertools
import zlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tracker_tui.engine.events import Advanced, Began, Event
from tracker_tui.engine.recording.format import FORMAT, Head, Stopped, UnreadableError, read_line

_PIECE = 64 * 1024
"""What is unpacked at once, bytes: at most so much is lost before a damaged place."""
LONGEST_LINE = 512 * 1024 * 1024
"""Longest line, bytes: the memory of a very large household is one."""
_GZIP = 31
_CUT = "its end is missing: the program was killed, the disk was full, or the file was not copied whole"
_DAMAGED = "it is damaged; only what comes before is played"


class RecordingError(Exception):
    """A file cannot be played: `why`, and the `fix`."""

    def __init__(self, why: str, fix: str = "name a file made with --record") -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


class Recording:
    """A recording that can be played. Opening it raises RecordingError and OSError.

    `start` = what its worlds began from; `instants` = when they were brought up to date, in order; `program` = the
    version that wrote it; `notes` say in plain words what is wrong with it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self.program = ""
        self.instants: list[datetime] = []
        events = self._read(skip=b'{"is":"seen"')
        start = next(events, None)
        self.instants += [event.now for event in events if isinstance(event, Advanced)]
        if not isinstance(start, Began) or not self.instants:
            raise RecordingError("there is nothing in this recording yet", "let it run for a moment")
        self.start = start

    def events(self) -> Iterator[Event]:
        """Return everything that happened after the start, as far as the file is whole."""
        return itertools.islice(self._read(), 1, None)

    def _read(self, *, skip: bytes | None = None) -> Iterator[Event]:
        """Return the events in order, without the lines that begin with `skip`."""
        lines = self._lines()
        try:
            self._check(read_line(next(lines, b"")))
        except UnreadableError:
            raise RecordingError("this is no recording of tracker-tui") from None
        for line in lines:
            if skip is not None and line.startswith(skip):
                continue
            try:
                read = read_line(line)
            except UnreadableError:
                self._note(_DAMAGED)
                return
            if isinstance(read, Stopped):
                self._note(f"the recording stopped before the program did: {read.why}")
            elif not isinstance(read, Head):
                yield read

    def _check(self, head: object) -> None:
        if not isinstance(head, Head):
            raise UnreadableError
        if head.format > FORMAT:
            raise RecordingError(
                f"tracker-tui {head.program} wrote it in format {head.format}, this version reads up to {FORMAT}",
                "update tracker-tui",
            )
        self.program = head.program

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _lines(self) -> Iterator[bytes]:
        """Return the lines of the compressed file as far as they are whole; on their way some are unpacked."""
        unpacker = zlib.decompressobj(_GZIP)
        begun: list[bytes] = []  # the parts of a line that is not whole yet
        with self.path.open("rb") as file:
            if file.peek(1)[:1] == b"{":
                yield from self._plain(file)
                return
            while chunk := file.read(_PIECE):
                try:
                    while chunk and not unpacker.eof:
                        piece = unpacker.decompress(chunk, _PIECE)
                        chunk = unpacker.unconsumed_tail
                        first, *more = piece.split(b"\n")
                        begun.append(first)
                        for part in more:
                            yield b"".join(begun)
                            begun = [part]
                        if len(begun) > LONGEST_LINE // _PIECE:
                            raise zlib.error
                except zlib.error:
                    self._note(_DAMAGED)
                    return
        if not unpacker.eof:
            self._note(_CUT)

    def _plain(self, file: BinaryIO) -> Iterator[bytes]:
        for line in iter(partial(file.readline, LONGEST_LINE), b""):
            if not line.endswith(b"\n"):
                self._note(_CUT)
                return
            yield line


def instant(recording: Recording, text: str) -> datetime:
    """Return the instant that `text` names: a time of the recording's first day, or date and time.

    Raises RecordingError.
    """
    start = recording.start
    zone = timezone(timedelta(seconds=start.zone_s))
    try:
        if "T" in text or "-" in text:
            named = datetime.fromisoformat(text)
            return named if named.tzinfo is not None else named.replace(tzinfo=zone)
        at = datetime.combine(start.now.astimezone(zone).date(), time.fromisoformat(text), zone)
    except ValueError:
        raise RecordingError("--at takes a time", "write 12:05, 12:05:30 or 2026-01-25T12:05") from None
    return at if at >= start.now - timedelta(minutes=1) else at + timedelta(days=1)

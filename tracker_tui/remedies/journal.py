"""The cooldown's memory: when each Jellyfin was last refreshed by us. A small file of its own beside the store.

Shared by all processes: the TUI holds the store's lock for hours, and a command must still be able to leave its word.
Times are the Jellyfin's own (HTTP `Date`), so that no clock difference lengthens or shortens the wait.
"""

import contextlib
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from tracker_tui.model.record import Fact
from tracker_tui.store.atomic import replace_file
from tracker_tui.store.lock import WriterLock

log = logging.getLogger(__name__)


class Refreshed(Fact):
    """The newest refresh of one server; `ended_at` None = nobody has seen its end."""

    server: str
    """Its URL: what it is named here does not matter to it."""
    requested_at: datetime
    ended_at: datetime | None = None


def journal_path(store: Path | None) -> Path | None:
    """Return the journal's place beside a store; None where nothing is kept."""
    return store.with_name(f"{store.name}.refreshes") if store is not None else None


_IN_MEMORY: dict[str, Refreshed] = {}
"""What is known where nothing may be kept (`--demo`): it outlives a journal, not the process."""


class Journal:
    """The file, or this process's memory where there is none.

    Raises nothing: what cannot be written is kept in memory, what cannot be read counts as never written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Refreshed] = _IN_MEMORY if path is None else {}
        self._claimed = False

    def last(self, server: str) -> Refreshed | None:
        """Return the newest refresh of a server by any process."""
        return self._read().get(server)

    def note(self, entry: Refreshed) -> None:
        """Remember a refresh, or its end; entries of other servers stay."""
        self._put(self._read() | {entry.server: entry})

    def forget(self, server: str) -> None:
        """Take back what was noted of a server: its refresh was not accepted."""
        self._put({name: one for name, one in self._read().items() if name != server})

    def _put(self, entries: dict[str, Refreshed]) -> None:
        if self._path is None:
            self._known.clear()
            self._known.update(entries)
            return
        self._known = entries
        try:
            _make_folder(self._path)
            replace_file(self._path, msgspec.json.encode(list(entries.values())))
        except OSError as fault:
            log.warning("the time of the refresh cannot be kept (%s)", fault.strerror or type(fault).__name__)

    @contextlib.contextmanager
    def claim(self) -> Iterator[bool]:
        """Hold the right to refresh, against every other process; yields False when somebody has it."""
        lock = None if self._path is None else WriterLock(self._path)
        mine = not self._claimed and _acquired(lock, self._path)
        self._claimed |= mine
        try:
            yield mine
        finally:
            if mine:
                self._claimed = False
            if lock is not None:
                lock.release()

    def _read(self) -> dict[str, Refreshed]:
        if self._path is None:
            return dict(self._known)
        try:
            entries = msgspec.json.decode(self._path.read_bytes(), type=list[Refreshed])
        except FileNotFoundError:
            return self._known
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            log.warning("the times of earlier refreshes cannot be read (%s)", type(fault).__name__)
            return self._known
        known = {one.server: one for one in entries if one.requested_at.tzinfo is not None}
        # what could not be written is only in memory
        return known | {
            name: one
            for name, one in self._known.items()
            if name not in known or known[name].requested_at < one.requested_at
        }


def _acquired(lock: WriterLock | None, path: Path | None) -> bool:
    if lock is None or path is None:
        return True
    try:
        _make_folder(path)
        return lock.acquire()
    except OSError:
        return True  # a folder we may not write to: nobody else can be kept out, and this must not stop the user


def _make_folder(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

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
    """The newest refresh of one instance; `ended_at` None = nobody has seen its end."""

    jellyfin: str
    requested_at: datetime
    ended_at: datetime | None = None


def journal_path(store: Path | None) -> Path | None:
    """Return the journal's place beside a store; None where nothing is kept."""
    return store.with_name(f"{store.name}.refreshes") if store is not None else None


class Journal:
    """The file, or plain memory where there is none. Raises nothing: what cannot be written is kept in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Refreshed] = {}
        self._claimed = False

    def last(self, jellyfin: str) -> Refreshed | None:
        """Return the newest refresh of an instance by any process."""
        return self._read().get(jellyfin)

    def note(self, entry: Refreshed) -> None:
        """Remember a refresh, or its end; entries of other instances stay."""
        self._put(self._read() | {entry.jellyfin: entry})

    def forget(self, jellyfin: str) -> None:
        """Take back what was noted of an instance: its refresh was not accepted."""
        self._put({name: one for name, one in self._read().items() if name != jellyfin})

    def _put(self, entries: dict[str, Refreshed]) -> None:
        self._known = entries
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._path, msgspec.json.encode(list(entries.values())))
        except OSError as fault:
            log.warning("the time of the refresh cannot be kept (%s)", fault.strerror or type(fault).__name__)

    @contextlib.contextmanager
    def claim(self) -> Iterator[bool]:
        """Hold the right to refresh, against every other process; yields False when somebody has it."""
        lock = None if self._path is None else WriterLock(self._path)
        mine = not self._claimed and _acquired(lock)
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
            return self._known
        try:
            entries = msgspec.json.decode(self._path.read_bytes(), type=list[Refreshed])
        except FileNotFoundError:
            return self._known
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            log.warning("the times of earlier refreshes cannot be read (%s)", type(fault).__name__)
            return self._known
        known = {one.jellyfin: one for one in entries if one.requested_at.tzinfo is not None}
        # what could not be written is only in memory
        return known | {
            name: one
            for name, one in self._known.items()
            if name not in known or known[name].requested_at < one.requested_at
        }


def _acquired(lock: WriterLock | None) -> bool:
    try:
        return lock is None or lock.acquire()
    except OSError:
        return True  # a folder we may not write to: nobody else can be kept out, and this must not stop the user

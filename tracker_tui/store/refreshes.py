"""The refreshes that users asked for, of every Jellyfin. A small file of its own beside the store.

Shared by all processes: the TUI holds the store's lock for hours, and a command must still be able to leave its word.
It is the memory of the cooldown, and the way on which a refresh reaches the timelines and the diagnosis.
"""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tracker_tui.model.refreshed import Refreshed
from tracker_tui.store.atomic import replace_file
from tracker_tui.store.lock import WriterLock

log = logging.getLogger(__name__)

KEPT = 50
"""Refreshes remembered: timelines keep for longer what they were told."""


def journal_path(store: Path | None) -> Path | None:
    """Return the journal's place beside a store; None where nothing is kept."""
    return store.with_name(f"{store.name}.refreshes") if store is not None else None


_Key = tuple[str, str]
_Table = dict[_Key, Refreshed]

_IN_MEMORY: _Table = {}
"""What is known where nothing may be kept (`--demo`): it outlives a journal, not the process."""


class Journal:
    """The file, or this process's memory where there is none.

    Raises nothing: what cannot be written is kept in memory, what cannot be read counts as never written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: _Table = _IN_MEMORY if path is None else {}
        self._claimed = False
        self._told: object = None

    def all(self) -> tuple[Refreshed, ...]:
        """Return every refresh that is remembered, the oldest first."""
        return tuple(self._read().values())

    def news(self) -> tuple[Refreshed, ...] | None:
        """Return every refresh if anything was written since the last call, by any process; else None. Cheap."""
        stamp = self._stamp()
        if stamp == self._told:
            return None
        self._told = stamp
        return self.all()

    def last(self, server: str) -> Refreshed | None:
        """Return the newest refresh of a server by any process."""
        return next((one for one in reversed(self.all()) if one.server == server), None)

    def note(self, entry: Refreshed) -> None:
        """Remember a refresh, or how it went on; entries of other servers and earlier ones stay."""
        self._put([*self._read().values(), entry])

    def forget(self, entry: Refreshed) -> None:
        """Take back a refresh: it was not accepted."""
        self._put(one for key, one in self._read().items() if key != _key(entry))

    def _put(self, entries: Iterable[Refreshed]) -> None:
        table = _table(entries)
        if self._path is None:
            self._known.clear()
            self._known.update(table)
            return
        self._known = table
        try:
            _make_folder(self._path)
            replace_file(self._path, msgspec.json.encode(list(table.values())))
        except OSError as fault:
            log.warning("the refresh cannot be kept (%s)", fault.strerror or type(fault).__name__)

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

    def _stamp(self) -> object:
        if self._path is None:
            return tuple(self._known.values())
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def _read(self) -> _Table:
        if self._path is None:
            return dict(self._known)
        try:
            entries = msgspec.json.decode(self._path.read_bytes(), type=list[Refreshed])
        except FileNotFoundError:
            return self._known
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            log.warning("earlier refreshes cannot be read (%s)", type(fault).__name__)
            return self._known
        written = _table(one for one in entries if one.started_at.tzinfo is not None)
        # what could not be written is only in memory
        newest = {one.server: one.started_at for one in written.values()}
        lost = (one for one in self._known.values() if one.server not in newest or newest[one.server] < one.started_at)
        return _table([*written.values(), *lost])


def _table(entries: Iterable[Refreshed]) -> _Table:
    """Return the newest entries in order of time; a later one about the same refresh takes the earlier one's place."""
    found = {_key(one): one for one in entries}
    newest = sorted(found.items(), key=lambda pair: pair[1].started_at)[-KEPT:]
    return dict(newest)


def _key(entry: Refreshed) -> _Key:
    return entry.server, entry.started_at.isoformat()


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

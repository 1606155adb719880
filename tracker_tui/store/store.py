"""The state store: what must survive a restart, one TinyDB document per request.

Opening never fails because of the file: whatever is wrong is said in `notes`, nothing is overwritten that could still
be read, and the program goes on (states are derived from the services anyway; only history can be lost).
"""

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.table import Document, Table

from tracker_tui.store.atomic import BODY, PREVIOUS, Bodies, WriteBackStorage, clear_temporaries, read_bodies
from tracker_tui.store.lock import WriterLock
from tracker_tui.store.migrations import SCHEMA, STAMP, NewerSchemaError, lift

log = logging.getLogger(__name__)

Doc = dict[str, Any]


class _StringIdTable(Table):
    """Natural ids (`seerr:seerr:75`) instead of numbers: no look-ups by query, no automatic ids."""

    document_id_class = str  # type: ignore[assignment]


class _Database(TinyDB):
    table_class = _StringIdTable


class Store:
    """An open store. `writable` False = this process only reads; `notes` say in plain words what was found."""

    def __init__(self, path: Path | None, bodies: Bodies, *, lock: WriterLock | None, notes: list[str]) -> None:
        self.path = path
        self.notes = notes
        self.writable = lock is not None
        self._lock = lock
        self._storage = WriteBackStorage(path or Path(os.devnull), bodies)
        self._database = _Database(storage=lambda: self._storage)
        self._failing = False

    @classmethod
    def open(cls, path: Path, *, write: bool = True) -> "Store":
        """Open the store at `path`, as its writer if `write` and nobody else is. Raises nothing.

        A link is followed: it stays a link, and by whatever name it is opened a store has one writer.
        """
        notes: list[str] = []
        path = Path(os.path.realpath(path))
        lock = _take_lock(path, notes) if write else None
        if lock is not None:
            clear_temporaries(path)
        bodies, keep_out = _load(path, may_set_aside=lock is not None, notes=notes)
        if keep_out and lock is not None:
            lock.release()
            lock = None
        store = cls(path, bodies, lock=lock, notes=notes)
        for note in notes:
            log.warning("store: %s", note)
        return store

    @classmethod
    def in_memory(cls) -> "Store":
        """Return an empty store that never touches the disk (`--no-store`)."""
        return cls(None, {}, lock=None, notes=[])

    @property
    def dirty(self) -> bool:
        """Return whether a flush would write."""
        return self.writable and self._storage.dirty

    def requests(self) -> dict[str, msgspec.Raw]:
        """Return the request documents by id, each as its JSON."""
        return {key: document[BODY] for key, document in self._table("requests").items()}

    def meta(self, name: str) -> Doc:
        """Return a meta document (cursors, refused logins, ...), empty when there is none."""
        kept = self._table("meta").get(name)
        document = msgspec.json.decode(kept[BODY]) if kept is not None else None
        return document if isinstance(document, dict) else {}

    def put(self, requests: Mapping[str, object] = {}, meta: Mapping[str, object] = {}) -> None:
        """Set documents, whatever msgspec encodes to a JSON object (None deletes). Ignored when read-only.

        A document that encodes to what is stored makes nothing dirty.
        """
        if self.writable:
            self._replace("requests", requests)
            self._replace("meta", meta)

    def flush(self) -> int:
        """Write what changed; return the bytes written (0: nothing to do, read-only, or failed and kept for later)."""
        if not self.dirty or self.path is None:
            return 0
        try:
            self._replace("meta", {STAMP: {"schema": SCHEMA}})
            written = self._storage.flush()
        except OSError as fault:
            if not self._failing:
                self._failing = True
                self._note(f"cannot write {self.path}: {_words(fault)}; kept in memory, tried again later")
            return 0
        if self._failing:
            self._failing = False
            log.info("store: writing works again")
        return written

    def close(self) -> None:
        """Flush and let another process become the writer."""
        self.flush()
        self._database.close()
        self.writable = False
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _table(self, name: str) -> dict[str, Doc]:
        return self._storage.read().get(name, {})

    def _replace(self, name: str, documents: Mapping[str, object]) -> None:
        present = self._table(name)
        fresh = {key: None if doc is None else {BODY: _encoded(doc)} for key, doc in documents.items()}
        changed = {key: doc for key, doc in fresh.items() if present.get(key) != doc}
        if not changed:
            return
        table = self._database.table(name, cache_size=0)
        gone = [key for key in changed if key in present]
        if gone:
            table.remove(doc_ids=gone)  # type: ignore[arg-type]
        table.insert_multiple(Document(doc, doc_id=key) for key, doc in changed.items() if doc is not None)  # type: ignore[arg-type]

    def _note(self, text: str) -> None:
        self.notes.append(text)
        log.warning("store: %s", text)


def _take_lock(path: Path, notes: list[str]) -> WriterLock | None:
    lock = WriterLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if lock.acquire():
            if not lock.supported:
                notes.append(f"the file system of {path.parent} knows no locks: run only one tracker-tui on it")
            return lock
        notes.append("another tracker-tui writes the store: this one only reads it")
    except OSError as fault:
        notes.append(f"the store at {path} cannot be written ({_words(fault)}): nothing is remembered")
    return None


def _encoded(document: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(document))


def _load(path: Path, *, may_set_aside: bool, notes: list[str]) -> tuple[Bodies, bool]:
    """Return the tables to start from, and whether this program must not write over the file."""
    for candidate in (path, path.with_name(path.name + PREVIOUS)):
        try:
            bodies = lift(read_bodies(candidate))
        except FileNotFoundError:
            continue
        except NewerSchemaError as fault:
            notes.append(f"{candidate} was written by a newer version ({fault}): left untouched, nothing is remembered")
            return {}, True
        except OSError as fault:
            notes.append(f"{candidate} cannot be read ({_words(fault)})")
            return {}, True
        except ValueError as fault:
            notes.append(f"{candidate} is damaged ({fault}){_set_aside(candidate) if may_set_aside else ''}")
            continue
        if candidate != path:
            notes.append(f"went on from {candidate}")
        return bodies, False
    return {}, False


def _set_aside(path: Path) -> str:
    """Rename a damaged file so that nothing overwrites it; return the words for it."""
    target = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    try:
        path.rename(target)
    except OSError as fault:
        return f" and could not be set aside ({_words(fault)})"
    return f", set aside as {target.name}"


def _words(fault: OSError) -> str:
    return fault.strerror or type(fault).__name__

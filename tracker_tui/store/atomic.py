"""A TinyDB storage that is whole after any crash and written only on demand.

TinyDB's own JSONStorage writes in place (a kill in the middle leaves invalid JSON) and re-reads the file for every
access. Here the tables live in memory; `flush` writes them to a temporary file beside the target, fsyncs, keeps the
present file as `<name>.previous`, renames and fsyncs the folder. At every instant the target is the old or the new
document, never a part of one.

A document is encoded once, when it is put, and stays so: what reads it decodes it straight to its own type, and a flush
joins the bodies that are there. To TinyDB it is a document with one field, `BODY`; in the file it is its body.
"""

import contextlib
import errno
import os
import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

Tables = dict[str, dict[str, Any]]
"""Table -> id -> document, decoded."""
Bodies = dict[str, dict[str, msgspec.Raw]]
"""Table -> id -> document, as it stands in the file."""

BODY = "body"

TEMPORARY = ".tmp"
PREVIOUS = ".previous"


class WriteBackStorage(Storage):
    """Holds the tables in memory; `dirty` tells whether `flush` would write. Raises OSError only from `flush`."""

    def __init__(self, path: Path, bodies: Bodies) -> None:
        self.path = path
        self._tables: Tables = {
            name: {key: {BODY: body} for key, body in table.items()} for name, table in bodies.items()
        }
        self.dirty = False
        self._flushing = threading.Lock()

    def read(self) -> Tables:
        """Return the tables themselves, not a copy: TinyDB replaces what it changes."""
        return self._tables

    def write(self, data: Tables) -> None:
        """Take the new tables; nothing reaches the disk yet."""
        self._tables = data
        self.dirty = True

    def flush(self) -> int:
        """Write the tables if they changed; return the bytes written. On OSError the file on disk is untouched.

        May be called from several threads: a signal asks for it while the timer's write is under way.
        """
        with self._flushing:
            if not self.dirty:
                return 0
            self.dirty = False  # first: a change that arrives while the disk is slow makes it dirty again
            try:
                body = msgspec.json.encode(self._bodies())
                replace_file(self.path, body)
            except BaseException:
                self.dirty = True
                raise
            return len(body)

    def _bodies(self) -> Bodies:
        return {
            name: {key: document[BODY] for key, document in table.items()}
            for name, table in list(self._tables.items())  # another thread may add a table meanwhile
        }

    def close(self) -> None:
        """Nothing to close: no file is held open."""


def replace_file(path: Path, body: bytes) -> None:
    """Replace `path` by `body` atomically, mode 0600, keeping the old file as its predecessor.

    Raises OSError (disk full, read-only, ...) and then leaves `path` as it was.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        _keep_predecessor(path)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def read_bodies(path: Path) -> Bodies:
    """Return the tables in `path`. Raises OSError, or ValueError when it is not one whole store document."""
    try:
        bodies = msgspec.json.decode(_content(path), type=Bodies)
        for table in bodies.values():
            for body in table.values():
                str(memoryview(body), "utf-8")  # what is only skipped over is checked as JSON, not as text
    except msgspec.MsgspecError as fault:
        raise ValueError(str(fault)) from None
    except (UnicodeDecodeError, RecursionError) as fault:
        raise ValueError(type(fault).__name__) from None
    return bodies


def _content(path: Path) -> bytes:
    """Return what a file holds. Raises OSError, also for what is no file: a pipe would be waited for, for ever."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a file")
        return file.read()


def clear_temporaries(path: Path) -> None:
    """Remove temporary files that a killed writer left beside `path` (call only while holding its lock)."""
    for leftover in path.parent.glob(f"{path.name}.*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def _keep_predecessor(path: Path) -> None:
    """Give the present file a second name, so that `path` exists at every instant."""
    previous = path.with_name(path.name + PREVIOUS)
    link = path.with_name(f"{path.name}.{os.getpid()}.link{TEMPORARY}")
    try:
        link.unlink(missing_ok=True)
        try:
            os.link(path, link)
        except FileNotFoundError:
            return
        except OSError:  # a file system without hard links
            shutil.copyfile(path, link)
        link.replace(previous)
    except OSError:
        with contextlib.suppress(OSError):
            link.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

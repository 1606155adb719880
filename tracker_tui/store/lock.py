"""One writer per store: an advisory lock that the kernel frees when its holder dies."""

import errno
import fcntl
import os
from pathlib import Path


class WriterLock:
    """An exclusive `flock` on `<store>.lock`, held until `release` or the end of the process.

    `supported` turns False where the file system knows no locks (some network shares): then nobody is kept out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._handle: int | None = None
        self.supported = True

    def acquire(self) -> bool:
        """Try to become the writer, without waiting; False when another process is. Raises OSError."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError as fault:
            if fault.errno not in {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}:
                os.close(handle)
                raise
            self.supported = False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let another process become the writer."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

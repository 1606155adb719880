"""The file system that a simulated Jellyfin sees: files with their times, and folders, which may be empty."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple

_VIDEO = {".mkv", ".mp4", ".avi", ".m2ts", ".webm", ".strm"}


class Entry(NamedTuple):
    """A file or folder in a listing."""

    name: str
    path: str
    is_folder: bool


class SimulatedDisk:
    """Absolute POSIX paths. A file's folders exist with it and stay when it goes."""

    def __init__(self) -> None:
        self.files: dict[str, datetime] = {}
        self._folders: set[str] = set()

    def add_file(self, path: str, at: datetime) -> None:
        """Put a file there, created at `at`."""
        self.files[path] = at
        self.add_folder(str(PurePosixPath(path).parent))

    def add_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        self._folders |= {path, *(str(parent) for parent in PurePosixPath(path).parents)}

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all it holds (a lost mount)."""
        below = path.rstrip("/") + "/"
        self.files = {file: at for file, at in self.files.items() if file != path and not file.startswith(below)}
        self._folders = {folder for folder in self._folders if folder != path and not folder.startswith(below)}

    def exists(self, path: str, *, is_file: bool | None) -> bool:
        """Return whether there is a file (True), a folder (False) or either (None)."""
        plain = path.rstrip("/") or "/"
        return (is_file is not False and plain in self.files) or (is_file is not True and plain in self._folders)

    def listing(self, folder: str) -> list[Entry] | None:
        """Return what a folder holds, by name; None where there is no such folder."""
        plain = folder.rstrip("/") or "/"
        if plain not in self._folders:
            return None
        below = plain.rstrip("/") + "/"
        start = len(below)
        found = [
            Entry(path[start:], path, is_folder=is_folder)
            for paths, is_folder in ((self.files, False), (self._folders, True))
            for path in paths
            if path.startswith(below) and path != "/" and "/" not in path[start:]
        ]
        return sorted(found, key=lambda entry: entry.path)

    def videos_below(self, folder: str) -> list[str]:
        """Return the video files below a folder, at any depth, by path."""
        below = folder.rstrip("/") + "/"
        return sorted(path for path in self.files if path.startswith(below) and path[path.rfind(".") :] in _VIDEO)

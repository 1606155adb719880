"""Simulated torrents: pieces that arrive in some order, files that fill with them, and the states of a transfer."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

BLOCK = 16 * 1024
"""Torrent-level progress counts single blocks, file progress only whole verified pieces."""
RESUME_S = 1.5
"""How long `checkingResumeData` lasts after adding or a server start."""
ETA_UNKNOWN = 8_640_000


@dataclass
class SimFile:
    """A file of a torrent; `name` as `torrents/files` shows it, root folder included."""

    name: str
    size: int
    priority: int = 1


class Pieces:
    """Which pieces are there: the first `count` of `order`, and `partial` bytes of the next one."""

    def __init__(self, files: Sequence[SimFile], piece_size: int, order_seed: int | None) -> None:
        self.files = files
        self.piece_size = piece_size
        self.total = sum(file.size for file in files)
        self.number = max(1, -(-self.total // piece_size))
        self.overlaps: list[list[tuple[int, int]]] = [[] for _ in range(self.number)]
        """Per piece: (file, bytes of that file in it)."""
        self.ranges: list[tuple[int, int]] = []
        """Per file: first and last piece; neighbours share one."""
        offset = 0
        for index, file in enumerate(files):
            first, last = offset // piece_size, max(offset, offset + file.size - 1) // piece_size
            self.ranges.append((min(first, self.number - 1), min(last, self.number - 1)))
            for piece in range(first, last + 1):
                begin, end = max(offset, piece * piece_size), min(offset + file.size, (piece + 1) * piece_size)
                if end > begin:
                    self.overlaps[piece].append((index, end - begin))
            offset += file.size
        self.order = [piece for piece in range(self.number) if self._wanted(piece)]
        if order_seed is not None:  # rarest first looks like chance from outside
            random.Random(order_seed).shuffle(self.order)  # noqa: S311 - a simulation, and it must repeat
        self.count = 0
        self.partial = 0

    @property
    def complete(self) -> bool:
        """Return whether every wanted piece is there."""
        return self.count >= len(self.order)

    def receive(self, number: int) -> int:
        """Take `number` bytes from the swarm; return how many were of use."""
        left = number
        while left > 0 and not self.complete:
            need = self._length(self.order[self.count]) - self.partial
            if left < need:
                self.partial += left
                return number
            left -= need
            self.count += 1
            self.partial = 0
        return number - left

    def fill(self, fraction: float) -> None:
        """Have this part of the wanted pieces, in the order they would come."""
        self.count, self.partial = 0, 0
        self.receive(round(fraction * sum(self._length(piece) for piece in self.order)))

    def fill_files(self, fractions: Mapping[int, float]) -> None:
        """Have this part of each file (index -> 0..1), to the nearest piece, and nothing else."""
        have: set[int] = set()
        for index, fraction in fractions.items():
            first, last = self.ranges[index]
            have.update(range(first, first + round(fraction * (last - first + 1))))
        self.order.sort(key=lambda piece: piece not in have)  # stable: the rest keeps its order
        self.count, self.partial = sum(piece in have for piece in self.order), 0

    def file_bytes(self, count: int) -> list[int]:
        """Return the verified bytes of each file with the first `count` pieces of the order."""
        found = [0] * len(self.files)
        for piece in self.order[:count]:
            for index, size in self.overlaps[piece]:
                found[index] += size
        return found

    def _wanted(self, piece: int) -> bool:
        return any(self.files[index].priority for index, _ in self.overlaps[piece])

    def _length(self, piece: int) -> int:
        return sum(size for _, size in self.overlaps[piece])


@dataclass
class SimTorrent:
    """A torrent of the simulated client. Seconds count down; `failure` is "error" or "missingFiles"."""

    hash: str
    name: str
    files: list[SimFile]
    added_at: datetime
    category: str = ""
    tags: tuple[str, ...] = ()
    save_path: str = "/data/downloads/complete"
    download_path: str = ""
    infohash_v1: str = ""
    infohash_v2: str = ""
    sequential: bool = False
    piece_size: int = 4 << 20
    speed: int = 0
    stalled: bool = False
    stopped: bool = False
    forced: bool = False
    queued: bool = False
    failure: str = ""
    word_override: str | None = None
    metadata_s: float = 0.0
    resume_s: float = 0.0
    check_s: float = 0.0
    check_total_s: float = 1.0
    move_s: float = 0.0
    move_when_done_s: float = 0.0
    seeds: int = 3
    peers: int = 1
    completed_at: datetime | None = None
    seen_complete_at: datetime | None = None
    last_activity_at: datetime | None = None
    downloaded: int = 0
    active_s: float = 0.0
    carry: float = 0.0
    """The part of a byte that arrived."""
    settling: bool = field(default=False)
    """All data is there, but the client has not noticed yet."""

    @cached_property
    def pieces(self) -> Pieces:
        """Return the piece map, made when first needed: a finished torrent does without."""
        seed = None if self.sequential else int(self.hash[:8], 16)
        pieces = Pieces(self.files, self.piece_size, seed)
        if self.finished:
            pieces.fill(1.0)
        return pieces

    @property
    def size(self) -> int:
        """Return the wanted bytes."""
        return sum(file.size for file in self.files if file.priority)

    @property
    def total(self) -> int:
        """Return all bytes."""
        return sum(file.size for file in self.files)

    @property
    def finished(self) -> bool:
        """Return whether all wanted data has come, whatever a check finds at the moment."""
        return self.completed_at is not None

    @property
    def rate(self) -> int:
        """Return the bytes per second that arrive now."""
        return 0 if self.stalled or not self._transferring() else self.speed

    def advance(self, seconds: float, now: datetime) -> None:
        """Let `seconds` pass, up to `now`: phases run out one after the other, then data arrives."""
        for phase in ("resume_s", "metadata_s", "check_s", "move_s"):
            left = getattr(self, phase)
            if left > 0 and not (phase == "metadata_s" and self.stopped):
                used = min(left, seconds)
                setattr(self, phase, left - used)
                seconds -= used
        if seconds <= 0:
            return
        if self.settling:
            self.settling = False
            self.move_s, self.completed_at = self.move_when_done_s, now
            return
        rate = self.rate
        if rate:
            arrived = rate * seconds + self.carry
            self.carry = arrived % 1
            self.downloaded += self.pieces.receive(int(arrived))
            self.active_s += seconds
            self.last_activity_at = self.seen_complete_at = now
            if self.pieces.complete:
                self._complete(now)

    def have_bytes(self) -> list[int]:
        """Return the verified bytes of each file, as a check or a failure lets the client see them."""
        if self.failure == "missingFiles" or self.resume_s > 0:
            return [0] * len(self.files)
        if self.check_s > 0:
            share = 1 - self.check_s / self.check_total_s
            return self.pieces.file_bytes(int(self.pieces.count * share))
        return self.pieces.file_bytes(self.pieces.count)

    def completed(self) -> int:
        """Return the wanted bytes that are there, blocks of the unfinished piece included."""
        hidden = self.check_s > 0 or self.resume_s > 0 or self.failure == "missingFiles"
        if self.finished and not hidden:
            return self.size
        wanted = sum(have for have, file in zip(self.have_bytes(), self.files, strict=True) if file.priority)
        if hidden:
            return wanted
        return min(self.size, wanted + self.pieces.partial // BLOCK * BLOCK)

    def word(self, version: tuple[int, ...]) -> str:
        """Return the state in the server version's vocabulary, by the server's order of precedence."""
        stopped = "stopped" if version >= (5, 0) else "paused"
        rules: Iterable[tuple[bool, str]] = (
            (self.word_override is not None, self.word_override or ""),
            (self.resume_s > 0, "checkingResumeData"),
            (self.move_s > 0, "moving"),
            (bool(self.failure), self.failure),
            (self.metadata_s > 0, f"{stopped}DL" if self.stopped else "forcedMetaDL" if self.forced else "metaDL"),
            (self.check_s > 0, "checkingUP" if self.finished else "checkingDL"),
            (self.stopped, f"{stopped}{'UP' if self.finished else 'DL'}"),
            (self.queued, f"queued{'UP' if self.finished else 'DL'}"),
            (self.forced, f"forced{'UP' if self.finished else 'DL'}"),
            (self.finished, "stalledUP"),
            (self.rate > 0 or self.settling, "downloading"),
        )
        return next((word for holds, word in rules if holds), "stalledDL")

    @property
    def idle(self) -> bool:
        """Return whether time alone changes nothing about it."""
        phases = self.resume_s + self.metadata_s + self.check_s + self.move_s
        return phases <= 0 and not self.rate and not self.settling

    def _transferring(self) -> bool:
        return not (
            self.stopped
            or self.queued
            or self.failure
            or self.finished
            or self.settling
            or self.resume_s + self.metadata_s + self.check_s + self.move_s > 0
        )

    def _complete(self, now: datetime) -> None:
        if self.move_when_done_s > 0:
            self.settling = True
        else:
            self.completed_at = now

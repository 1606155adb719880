"""The torrent client behind the simulated Web API: what a story does to its torrents, and what time does."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.qbittorrent.torrents import RESUME_S, SimFile, SimTorrent
from tracker_tui.simulate.qbittorrent.wire import Version, maindata_torrent_json, server_json
from tracker_tui.simulate.server import SimulatedService

REFRESH_S = 1.5
"""How often the client looks at its transfers; in between the Web API tells the same."""
_STEPS = 200

Json = dict[str, Any]


class SimulatedTorrentClient(SimulatedService):
    """Torrents by hash. What a story does shows at once; what time does shows at the next refresh."""

    def __init__(self, clock: SimClock, version: Version) -> None:
        super().__init__(clock)
        self.version = version
        self.torrents: dict[str, SimTorrent] = {}
        self.categories: dict[str, str] = {"tv-sonarr": "", "radarr": ""}
        """Category -> save path."""
        self.tags: list[str] = []
        self.connection = "connected"
        self.free_bytes = 500 * 10**9
        self.queueing = False
        self.max_active_downloads = 0
        self._at = self._refreshed_at = clock.now()
        self._rendered: dict[str, Json] = {}

    def add_torrent(
        self,
        hash_: str,
        name: str,
        files: Sequence[tuple[str, int]],
        category: str = "",
        *,
        progress: float = 0.0,
        speed: int = 0,
        metadata_s: float = 0.0,
        resume_s: float = 0.0,
        stopped: bool = False,
        sequential: bool = False,
        forced: bool = False,
        piece_size: int = 4 << 20,
        save_path: str | None = None,
        download_path: str = "",
        move_when_done_s: float = 0.0,
        tags: tuple[str, ...] = (),
        unwanted: Sequence[int] = (),
        infohash_v1: str | None = None,
        infohash_v2: str = "",
        added_at: datetime | None = None,
        completed_at: datetime | None = None,
        seeds: int = 3,
        peers: int = 1,
    ) -> SimTorrent:
        """Add a torrent; `files` are (name as shown, bytes). `speed` (bytes/s) flows once it may.

        `metadata_s` seconds it is a magnet without file list; `progress` 1.0 is a finished one.
        """
        with self.lock:
            now = self._integrate()
            torrent = SimTorrent(
                hash=hash_.lower(),
                name=name,
                files=[SimFile(file, size, 0 if index in unwanted else 1) for index, (file, size) in enumerate(files)],
                added_at=added_at or now,
                category=category,
                tags=tags,
                save_path=save_path or self.categories.get(category) or "/data/downloads/complete",
                download_path=download_path,
                infohash_v1=(infohash_v1 if infohash_v1 is not None else hash_).lower(),
                infohash_v2=infohash_v2.lower(),
                sequential=sequential,
                piece_size=piece_size,
                speed=speed,
                stopped=stopped,
                forced=forced,
                metadata_s=metadata_s,
                resume_s=resume_s,
                move_when_done_s=move_when_done_s,
                seeds=seeds,
                peers=peers,
            )
            if progress >= 1:
                torrent.completed_at = torrent.seen_complete_at = completed_at or now
                torrent.downloaded = torrent.size
            elif progress > 0:
                torrent.pieces.fill(progress)
            self.torrents[torrent.hash] = torrent
            self._queue()
            self._show(torrent.hash)
            return torrent

    def set_queueing(self, max_active_downloads: int | None) -> None:
        """Let only so many torrents download at once; None = all."""
        with self.lock:
            self._integrate()
            self.queueing = max_active_downloads is not None
            self.max_active_downloads = max_active_downloads or 0
            self._queue()

    def set_speed(self, hash_: str, speed: int) -> None:
        """Let `speed` bytes per second arrive; ends a stall."""
        self._change(hash_, lambda torrent: _set(torrent, speed=speed, stalled=False))

    def set_progress(self, hash_: str, fraction: float) -> None:
        """Have this part of the wanted data; 1.0 finishes it."""

        def fill(torrent: SimTorrent) -> None:
            torrent.pieces.fill(fraction)
            torrent.completed_at = self.clock.now() if torrent.pieces.complete else None

        self._change(hash_, fill)

    def set_file_progress(self, hash_: str, fractions: Mapping[int, float]) -> None:
        """Have this part of each file (index -> 0..1), to the nearest piece, and nothing else."""
        self._change(hash_, lambda torrent: torrent.pieces.fill_files(fractions))

    def set_word(self, hash_: str, word: str | None) -> None:
        """Show this state, whatever the truth; None ends it."""
        self._change(hash_, lambda torrent: _set(torrent, word_override=word))

    def stall(self, hash_: str) -> None:
        """Let nothing arrive any more: no peer sends."""
        self._change(hash_, lambda torrent: _set(torrent, stalled=True))

    def stop(self, hash_: str) -> None:
        """Stop (4.x: pause) it."""
        self._change(hash_, lambda torrent: _set(torrent, stopped=True))

    def start(self, hash_: str) -> None:
        """Start it (again); clears `error`, but not `missingFiles`."""
        self._change(
            hash_,
            lambda torrent: _set(
                torrent, stopped=False, stalled=False, failure=torrent.failure if torrent.failure != "error" else ""
            ),
        )

    def fail_disk_full(self, hash_: str) -> None:
        """Stop with `error`: the disk is full; speed and ETA stay at their last values."""
        self.free_bytes = 0
        self._change(hash_, lambda torrent: _set(torrent, failure="error"))

    def lose_files(self, hash_: str) -> None:
        """Show `missingFiles`: the data was gone when the client looked."""
        self._change(hash_, lambda torrent: _set(torrent, failure="missingFiles"))

    def recheck(self, hash_: str, seconds: float = 10.0) -> None:
        """Verify all data again: the files read 0 at once, the state follows at the next refresh."""
        with self.lock:
            self._integrate()
            _set(self.torrents[hash_.lower()], check_s=seconds, check_total_s=seconds, failure="")

    def move(self, hash_: str, save_path: str, seconds: float = 5.0) -> None:
        """Move the data to another folder."""
        self._change(hash_, lambda torrent: _set(torrent, save_path=save_path, move_s=seconds))

    def remove(self, hash_: str) -> None:
        """Remove it from the client."""
        with self.lock:
            self._integrate()
            self.torrents.pop(hash_.lower(), None)
            self._rendered.pop(hash_.lower(), None)

    def resume_all(self) -> None:
        """Read all resume data, as at a start: every number is a placeholder meanwhile."""
        self._integrate()
        for hash_, torrent in self.torrents.items():
            torrent.resume_s = RESUME_S
            self._show(hash_)

    def fill(self, number: int, *, category: str = "radarr") -> None:
        """Add a library of finished, stopped single-file torrents."""
        start = self.clock.now() - timedelta(days=400)
        with self.lock:
            for index in range(number):
                hash_ = hashlib.sha1(f"library {index}".encode(), usedforsecurity=False).hexdigest()
                name = f"Film.Number.{index:05d}.1080p.BluRay.x264-GRP"
                at = start + timedelta(hours=index)
                self.torrents[hash_] = SimTorrent(
                    hash=hash_,
                    name=name,
                    files=[SimFile(f"{name}.mkv", 8 * 10**9 + index)],
                    added_at=at,
                    category=category,
                    infohash_v1=hash_,
                    stopped=True,
                    completed_at=at + timedelta(minutes=20),
                    seen_complete_at=at + timedelta(minutes=20),
                    downloaded=8 * 10**9 + index,
                )
                self._show(hash_)

    def refresh(self) -> None:
        """Look at the transfers, if the last look is a refresh interval old."""
        now = self.clock.now()
        if (now - self._refreshed_at).total_seconds() < REFRESH_S:
            return
        busy = [hash_ for hash_, torrent in self.torrents.items() if not torrent.idle]
        self._integrate()
        self._refreshed_at = now
        for hash_ in busy:
            self._show(hash_)

    def rendered(self, hash_: str, render: Callable[[SimTorrent, Version], Json]) -> Json:
        """Return the fields of `render`, with the values of the last refresh."""
        shown = self._rendered[hash_]
        return {key: shown.get(key, value) for key, value in render(self.torrents[hash_], self.version).items()}

    def maindata(self) -> Json:
        """Return the snapshot that `sync/maindata` tells in full or in part."""
        return {
            "torrents": dict(self._rendered),
            "categories": self.categories_json(),
            "tags": list(self.tags),
            "server_state": self.server_state(),
        }

    def categories_json(self) -> Json:
        """Return `torrents/categories`."""
        limits: Json = {}
        if self.version >= (5, 2):
            limits = dict.fromkeys(("inactive_seeding_time_limit", "ratio_limit", "seeding_time_limit"), -2)
            limits |= {"download_path": None, "share_limit_action": "Default"}
        return {name: {"name": name, "savePath": path, **limits} for name, path in self.categories.items()}

    def server_state(self) -> Json:
        """Return `server_state`."""
        return server_json(
            self.version,
            connection=self.connection,
            speed=sum(torrent.rate for torrent in self.torrents.values()),
            free_bytes=self.free_bytes,
            queueing=self.queueing,
            downloaded=sum(torrent.downloaded for torrent in self.torrents.values()),
        )

    def _change(self, hash_: str, change: Callable[[SimTorrent], None]) -> None:
        with self.lock:
            self._integrate()
            change(self.torrents[hash_.lower()])
            self._queue()
            self._show(hash_.lower())

    def _show(self, hash_: str) -> None:
        self._rendered[hash_] = maindata_torrent_json(self.torrents[hash_], self.version)

    def _integrate(self) -> datetime:
        """Let the transfers run up to now, in steps, so that the queue moves on between them."""
        now = self.clock.now()
        seconds = (now - self._at).total_seconds()
        if seconds <= 0:
            return now
        steps = min(_STEPS, max(1, round(seconds / REFRESH_S)))
        for step in range(1, steps + 1):
            self._queue()
            at = self._at + (now - self._at) * (step / steps)
            for torrent in self.torrents.values():
                if not torrent.idle:
                    torrent.advance(seconds / steps, at)
        self._at = now
        self._queue()
        return now

    def _queue(self) -> None:
        """Decide whose turn it is: the first so many unfinished torrents, in the order they were added."""
        if not self.queueing and not any(torrent.queued for torrent in self.torrents.values()):
            return
        active = 0
        for torrent in self.torrents.values():
            waits = self.queueing and not torrent.forced and not torrent.stopped and not torrent.finished
            queued = waits and active >= self.max_active_downloads
            active += waits and not queued
            if torrent.queued != queued:
                torrent.queued = queued
                if torrent.hash in self._rendered:
                    self._show(torrent.hash)


def _set(torrent: SimTorrent, **values: object) -> None:
    for name, value in values.items():
        setattr(torrent, name, value)

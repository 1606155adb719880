"""What happens between Sonarr or Radarr and their torrent client: grabs, transfers, looks at the client, imports."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tracker_tui.simulate.arr.life import ArrLife
from tracker_tui.simulate.arr.wire import CLIENT_WORDS
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.titles import Number, Release, Wanted
from tracker_tui.simulate.jellyfin.tasks import Agenda
from tracker_tui.simulate.qbittorrent.client import SimulatedTorrentClient
from tracker_tui.simulate.qbittorrent.torrents import SimTorrent

IMPORT_WAIT = timedelta(seconds=12)
"""From the look at the client that finds a download complete to the start of its import."""
FILE_TAKES = timedelta(seconds=6)
"""How long one file's import takes."""
PATIENCE = timedelta(seconds=5)
"""When a server is down, its work is tried again so much later."""
SWING_S = 20
"""How long a transfer keeps its speed."""

_STATUS = {
    "downloading": ("downloading", None),
    "forcedDL": ("downloading", None),
    "moving": ("downloading", None),
    "metaDL": ("queued", "metadata"),
    "stalledDL": ("warning", "stalled"),
    "error": ("warning", "error"),
    "stoppedDL": ("paused", None),
}
"""The client's word -> status and complaint of a queue record; any other is `queued`."""


class Stage(Enum):
    """How far Sonarr or Radarr is with a release."""

    TRANSFER = "transfer"
    COMPLETE = "complete"
    IMPORTING = "importing"
    IMPORTED = "imported"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass
class Fetch:
    """A release on its way. `refusal` = why its import will be blocked; `speed` bytes per second on average."""

    wanted: Wanted
    release: Release
    arr: ArrLife
    items: dict[int, Number]
    """Id of the episode or film there -> its number."""
    speed: int = 0
    refusal: tuple[str, ...] = ()
    stage: Stage = Stage.TRANSFER

    def file_of(self, item_id: int) -> tuple[str, int]:
        """Return the client's file for an item: the only one, or the one in its place."""
        files = self.release.files
        return files[list(self.items).index(item_id)] if len(files) > 1 else files[0]


class Downloads:
    """All fetches, by hash. `imported(fetch, item_id)` is called for every file that Sonarr or Radarr imports."""

    def __init__(
        self,
        clock: SimClock,
        agenda: Agenda,
        client: SimulatedTorrentClient,
        imported: Callable[[Fetch, int], None],
        seed: int,
    ) -> None:
        self.fetches: dict[str, Fetch] = {}
        self._clock = clock
        self._agenda = agenda
        self._client = client
        self._imported = imported
        self._seed = seed
        self._looked_at: dict[ArrLife, datetime] = {}

    def send(self, fetch: Fetch, category: str, *, progress: float = 0.0, metadata_s: float = 0.0) -> SimTorrent:
        """Hand a grabbed release to the client."""
        release = fetch.release
        self.fetches[release.hash] = fetch
        return self._client.add_torrent(
            release.hash,
            release.name,
            release.files,
            category,
            progress=progress,
            speed=fetch.speed,
            metadata_s=metadata_s,
            sequential=len(release.files) > 1,
            piece_size=release.piece_size,
            seeds=int(release.hash[:2], 16) % 40 + 3,
            peers=int(release.hash[2:4], 16) % 30 + 1,
        )

    def tick(self) -> None:
        """Let the client report, and Sonarr and Radarr act on what they saw when they looked last."""
        now = self._clock.now()
        with self._client.lock:
            self._client.refresh()
        open_ones = [one for one in self.fetches.values() if one.stage in {Stage.TRANSFER, Stage.COMPLETE}]
        for fetch in open_ones:
            self._swing(fetch, now)
            if fetch.stage is Stage.TRANSFER and fetch.arr.fault is None:
                self._report(fetch)
        for arr in {fetch.arr: None for fetch in self.fetches.values()}:
            if arr.fault is None:
                self._look(arr, now)

    def import_all(self, fetch: Fetch) -> None:
        """Import everything at once, without any time passing."""
        if fetch.stage is Stage.TRANSFER:
            fetch.arr.complete(fetch.release.hash)
        for item_id in fetch.items:
            self._imported(fetch, item_id)
        fetch.stage = Stage.IMPORTED

    def fail(self, fetch: Fetch, message: str) -> None:
        """Give a release up, and take it out of the client."""
        fetch.stage = Stage.FAILED
        fetch.arr.fail_download(fetch.release.hash, message)
        self._client.remove(fetch.release.hash)

    def lose(self, fetch: Fetch) -> None:
        """Let somebody remove a release in the client, behind the back of Sonarr or Radarr."""
        fetch.stage = Stage.FAILED
        self._client.remove(fetch.release.hash)
        fetch.arr.lose_download(fetch.release.hash)

    def abandon(self, wanted: Wanted) -> None:
        """Act no more on what was fetched for a title; the client keeps it."""
        for fetch in self.fetches.values():
            if fetch.wanted is wanted and fetch.stage is not Stage.IMPORTED:
                fetch.stage = Stage.FAILED

    def _report(self, fetch: Fetch) -> None:
        """Note what the client says for the next look at it."""
        torrent = self._client.torrents[fetch.release.hash]
        with self._client.lock:
            word, left, rate = torrent.word(self._client.version), torrent.size - torrent.completed(), torrent.rate
        if torrent.finished and word != "moving":
            fetch.stage = Stage.COMPLETE
            if fetch.refusal:
                fetch.stage = Stage.BLOCKED
                fetch.arr.block_import(fetch.release.hash, *fetch.refusal)
            else:
                fetch.arr.complete(fetch.release.hash)
            return
        status, complaint = _STATUS.get(word, ("queued", None))
        with fetch.arr.lock:
            download = fetch.arr.download(fetch.release.hash)
            download.left, download.eta = left, timedelta(seconds=left // rate) if rate else None
            download.status = status
            download.error_message = CLIENT_WORDS[complaint][fetch.arr.language] if complaint else None

    def _look(self, arr: ArrLife, now: datetime) -> None:
        with arr.lock:
            arr.tick()
        if self._looked_at.get(arr) == arr.refreshed_at:
            return
        self._looked_at[arr] = arr.refreshed_at
        for fetch in self.fetches.values():
            if fetch.arr is arr and fetch.stage is Stage.COMPLETE:
                fetch.stage = Stage.IMPORTING
                self._agenda.add(now + IMPORT_WAIT, lambda at, one=fetch: self._start_import(one, at))  # type: ignore[misc]

    def _start_import(self, fetch: Fetch, at: datetime) -> None:
        if fetch.stage is not Stage.IMPORTING:
            return
        if fetch.arr.fault is not None:
            self._agenda.add(at + PATIENCE, lambda due: self._start_import(fetch, due))
            return
        fetch.arr.start_import(fetch.release.hash)
        self._import_next(fetch, list(fetch.items), at)

    def _import_next(self, fetch: Fetch, left: Sequence[int], at: datetime) -> None:
        """Import the rest of the files, one every `FILE_TAKES`."""

        def go(due: datetime) -> None:
            if fetch.stage is not Stage.IMPORTING:
                return
            if fetch.arr.fault is not None:
                self._agenda.add(due + PATIENCE, go)
                return
            self._imported(fetch, left[0])
            if left[1:]:
                self._import_next(fetch, left[1:], due)
            else:
                fetch.stage = Stage.IMPORTED

        self._agenda.add(at + FILE_TAKES, go)

    def _swing(self, fetch: Fetch, now: datetime) -> None:
        """Let the speed of a transfer rise and fall a little, the same way at the same time for the same seed."""
        torrent = self._client.torrents.get(fetch.release.hash)
        if torrent is None or not torrent.rate:
            return
        slot = int(now.timestamp()) // SWING_S
        text = f"{self._seed}/{fetch.release.hash}/{slot}"
        chance = random.Random(hashlib.sha1(text.encode(), usedforsecurity=False).digest())  # noqa: S311 - must repeat
        speed = round(fetch.speed * chance.uniform(0.88, 1.12))
        if torrent.speed != speed:
            self._client.set_speed(fetch.release.hash, speed)

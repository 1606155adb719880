"""qBittorrent (Web API 2.8 to 2.16) through qbittorrent-api, on a daemon thread of its own.

The library blocks and is not thread-safe; loading it takes 100 ms. So one thread per client loads and uses it, and
the async methods here wait for that thread no longer than the deadline.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import UnsetType

from tracker_tui.config.settings import Instance
from tracker_tui.model.observation import Identified, TorrentFilesRead, TorrentsRead
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TorrentFile
from tracker_tui.services.decode import decode, each
from tracker_tui.services.errors import ServiceError, TooSlow
from tracker_tui.services.http import Meter
from tracker_tui.services.qbittorrent.login import Login
from tracker_tui.services.qbittorrent.sync import Merged, Mirror, merge, resync
from tracker_tui.services.qbittorrent.wire import FilesWire, files, maindata, torrent_hash
from tracker_tui.services.qbittorrent.worker import Worker

if TYPE_CHECKING:
    from tracker_tui.services.qbittorrent.session import Session

FILES_LIMIT = 20
"""Torrents whose files one `files` call reads."""
RESYNC_S = 300.0
"""How often the whole list is asked for, against deltas that a server's fault may have lost."""
LOGOUT_S = 2.0
_ABANDONED_LIMIT = 4
_INCLUDES_FILES = (2, 11, 8)


class QbittorrentClient:
    """One qBittorrent. Every method raises ServiceError and ends at the instance's deadline.

    A refused login, a ban and a session that the server does not keep are not tried again: `refused` is set, and
    every call raises the same error without a request until `retry_login`. `login_refused` starts in that state.
    """

    def __init__(self, instance: Instance, *, login_refused: bool = False) -> None:
        self.instance = instance
        self.meter = Meter()
        self._login = Login(refused=login_refused)
        self._mirror = Mirror()
        self._resync_at = 0.0
        self.renewed = False
        """Whether the server lost our session since the last `identify`: it was restarted, or is another one."""
        self._worker: Worker[Session] | None = None
        self._abandoned: list[Worker[Session]] = []

    @property
    def refused(self) -> bool:
        """Return whether the login was refused, so that no call is made."""
        return self._login.refused

    def retry_login(self) -> None:
        """Allow the next call to log in again: the user asked for it, or changed the configuration."""
        self._login.allow()

    async def identify(self) -> Identified:
        """Return the application's version ("5.1.4"); `note` is the Web API's ("2.11.4")."""
        application, web_api = await self._call(lambda session: session.versions())
        self.renewed = False
        return Identified(version=clean(application.removeprefix("v"), 40), note=clean(web_api, 40))

    async def sync(self) -> TorrentsRead:
        """Return what changed since the last call: whole torrents whose facts differ, removed hashes, the transfer.

        The first answer is `full`. Later full answers (after a failed call, a restart, every few minutes) are
        reported as the difference to what was told before.
        """
        loop_time = asyncio.get_running_loop().time()
        if loop_time >= self._resync_at:
            self._mirror = resync(self._mirror)
        mirror = self._mirror
        self._mirror = resync(mirror)  # unless the answer arrives, its content may be lost: ask for everything then
        merged, damaged = await self._call(lambda session: _synced(session, mirror))
        self.renewed = self.renewed or merged.anew
        if not mirror.rid:
            self._resync_at = loop_time + RESYNC_S
        self._mirror = merged.mirror
        self.meter.skipped += damaged
        return merged.change

    async def files(self, hashes: Sequence[str]) -> list[TorrentFilesRead]:
        """Return the files of the first `FILES_LIMIT` torrents asked for, in that order.

        () before metadata, None where the client does not know the hash. Only the client's own hash finds a torrent.
        """
        asked = [hash_ for one in hashes[:FILES_LIMIT] if (hash_ := torrent_hash(one)) is not None]
        if not asked:
            return []
        answers, skipped = await self._call(lambda session: _files(session, asked))
        self.meter.skipped += skipped
        return answers

    async def aclose(self) -> None:
        """Log out, for at most 2 s, and let the thread end."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        try:
            async with asyncio.timeout(min(LOGOUT_S, self.instance.timeout_s)):
                await worker.run(lambda session: session.log_out())
        except (TimeoutError, ServiceError):
            pass  # the server forgets idle sessions by itself
        finally:
            worker.abandon()

    async def _call[T](self, job: Callable[["Session"], T]) -> T:
        self._login.check()
        worker = self._worker = self._worker or self._new_worker()
        try:
            async with asyncio.timeout(self.instance.timeout_s):
                return await worker.run(job)
        except TimeoutError:
            if self._worker is worker:
                worker.abandon()
                self._worker = None
                self._abandoned.append(worker)
            raise TooSlow(
                f"no complete answer within {self.instance.timeout_s:g} s",
                "check the server's load, or raise `timeout`",
            ) from None

    def _new_worker(self) -> "Worker[Session]":
        self._abandoned = [worker for worker in self._abandoned if worker.alive]
        if len(self._abandoned) >= _ABANDONED_LIMIT:
            raise TooSlow("earlier calls are still without an end", "check what answers at `url`")

        def build(abandoned: threading.Event) -> "Session":
            from tracker_tui.services.qbittorrent.session import Session  # loads the library, on this thread

            return Session(self.instance, self.meter, self._login, abandoned)

        return Worker(f"qbittorrent {self.instance.name}", build)


def _synced(session: "Session", mirror: Mirror) -> tuple[Merged, int]:
    answer, damaged = maindata(session.maindata(mirror.rid))
    return merge(mirror, answer), damaged


def _files(session: "Session", hashes: list[str]) -> tuple[list[TorrentFilesRead], int]:
    if session.web_api is None:
        session.versions()
    if (session.web_api or ()) >= _INCLUDES_FILES:
        together = _files_together(session, hashes)
        if together is not None:
            return together
    answers: list[TorrentFilesRead] = []
    skipped = 0
    for hash_ in hashes:
        body = session.files(hash_)
        if body is None:
            answers.append(TorrentFilesRead(hash=hash_, files=None))
            continue
        found, bad = files(decode(body, list[msgspec.Raw]))
        answers.append(TorrentFilesRead(hash=hash_, files=found))
        skipped += bad
    return answers, skipped


def _files_together(session: "Session", hashes: list[str]) -> tuple[list[TorrentFilesRead], int] | None:
    """Read all files with one question; None from a server that leaves them out though there are some."""
    records, skipped = each(decode(session.info_with_files(hashes), list[msgspec.Raw]), FilesWire)
    known: dict[str, tuple[TorrentFile, ...]] = {}
    for record in records:
        if isinstance(record.files, UnsetType) and record.total_size > 0:
            return None
        known[record.hash.lower()], bad = files([] if isinstance(record.files, UnsetType) else record.files)
        skipped += bad
    return [TorrentFilesRead(hash=hash_, files=known.get(hash_)) for hash_ in hashes], skipped

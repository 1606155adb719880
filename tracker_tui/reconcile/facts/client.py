"""What one qBittorrent has answered so far."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import TorrentFilesRead, TorrentsRead
from tracker_tui.model.torrents import Torrent, TorrentFile, TorrentState, TransferState
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.subjects import Subject, answer, service, torrent, torrent_life
from tracker_tui.reconcile.joins.hashes import TorrentIndex

_RUNNING = {TorrentState.DOWNLOADING, TorrentState.STALLED, TorrentState.METADATA}


class ClientFacts:
    """One qBittorrent: its torrents (in an index shared by all clients), their file lists, the transfer state."""

    def __init__(self, ref: InstanceRef, index: TorrentIndex, dirty: set[Subject]) -> None:
        self.ref = ref
        self._index = index
        self._dirty = dirty
        self.torrents: dict[str, Torrent] = {}
        self.running: set[str] = set()
        """Hashes of the unfinished torrents that are neither stopped nor queued; a client may hold thousands others."""
        self.files: dict[str, tuple[TorrentFile, ...]] = {}
        self.files_at: dict[str, datetime] = {}
        self.answered_at: datetime | None = None
        self.transfer: TransferState | None = None
        self.lives = 0
        """How often a torrent appeared, became complete or vanished."""
        self._gaps = False
        """Whether some torrent could not be decoded since the last whole list: what is not known may exist."""
        self._removed: set[str] = set()
        """Ids of the torrents that were reported as removed while there are gaps."""

    def denied_at(self, keys: Collection[str]) -> datetime | None:
        """Return when an answer last denied the torrents with these ids; None while it says nothing about them."""
        if self._gaps and not (keys and self._removed.issuperset(keys)):
            return None
        return self.answered_at

    def torrents_read(self, payload: TorrentsRead, at: datetime, *, whole: bool = True) -> list[Torrent]:
        """Take a delta or the full list; return the torrents that appeared, became complete or vanished."""
        if payload.full and whole:
            gone = self.torrents.keys() - {one.hash for one in payload.changed}
        else:
            gone = self.torrents.keys() & set(payload.removed)
        self._gaps = not whole or (self._gaps and not payload.full)
        if not self._gaps:
            self._removed.clear()
        elif not payload.full:
            self._removed.update(payload.removed, *(_ids(self.torrents[key]) for key in gone))
        stirred: list[Torrent] = []
        for torrent_hash in gone:
            stirred.append(self.torrents.pop(torrent_hash))
            self._touch(stirred[-1])
            self.running.discard(torrent_hash)
            self.files.pop(torrent_hash, None)
            self.files_at.pop(torrent_hash, None)
        self._index.remove(self.ref, gone)
        changed = [one for one in payload.changed if self.torrents.get(one.hash) != one]
        for one in changed:
            known = self.torrents.get(one.hash)
            if known is None or known.complete != one.complete:
                stirred.append(one)
            self.torrents[one.hash] = one
            (self.running.add if one.state in _RUNNING else self.running.discard)(one.hash)
            self._removed -= _ids(one)
            self._touch(one)
        self._index.upsert(self.ref, changed)
        self._dirty.update(torrent_life(any_id) for one in stirred for any_id in _ids(one))
        self.lives += len(stirred)
        if self.transfer is not None and self.transfer.connection != payload.transfer.connection:
            self._dirty.add(service(self.ref))
        self.transfer = payload.transfer
        self.answered_at = at
        self._dirty.add(answer(self.ref, "torrents"))
        return stirred

    def _touch(self, one: Torrent) -> None:
        self._dirty.update(torrent(any_id) for any_id in _ids(one))

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`."""
        self.torrents = moved(self.torrents, back)
        self._index.upsert(self.ref, self.torrents.values())
        self.lives += 1

    def files_read(self, payload: TorrentFilesRead, at: datetime, *, whole: bool = True) -> None:
        """Take the file list of one torrent; of an unknown hash there is nothing to keep."""
        if payload.files is None:
            return
        self.files_at[payload.hash] = at
        files = payload.files if whole else _merged(self.files.get(payload.hash, ()), payload.files)
        if self.files.get(payload.hash) != files:
            self.files[payload.hash] = files
            known = self.torrents.get(payload.hash)
            self._dirty.update(torrent(any_id) for any_id in {payload.hash, *(known.ids if known else ())})


def _merged(known: tuple[TorrentFile, ...], fresh: tuple[TorrentFile, ...]) -> tuple[TorrentFile, ...]:
    by_index = {file.index: file for file in (*known, *fresh)}
    return tuple(by_index[index] for index in sorted(by_index))


def _ids(one: Torrent) -> set[str]:
    return {one.hash, *one.ids}

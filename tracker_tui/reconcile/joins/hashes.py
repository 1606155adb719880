"""Find the torrent that a download id speaks of, whichever of its ids the other service uses."""

from collections.abc import Iterable

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact
from tracker_tui.model.torrents import Torrent


class ClientTorrent(Fact):
    """A torrent and the client that has it."""

    ref: InstanceRef
    torrent: Torrent


class TorrentIndex:
    """Every torrent of every client under each of its ids (R6).

    History speaks of a hybrid torrent by its v1 hash, the queue by the truncated v2 one (qBittorrent 4.4+), so both
    lead here. Ids of usenet downloads are in no client and simply miss.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, dict[tuple[InstanceRef, str], ClientTorrent]] = {}
        self._ids: dict[tuple[InstanceRef, str], tuple[str, ...]] = {}

    def upsert(self, ref: InstanceRef, torrents: Iterable[Torrent]) -> None:
        """Add torrents of `ref`, or replace what is known of them."""
        for torrent in torrents:
            key = (ref, torrent.hash.lower())
            ids = tuple(dict.fromkeys(one.lower() for one in (torrent.hash, *torrent.ids)))
            if self._ids.get(key, ids) != ids:
                self.remove(ref, (torrent.hash,))
            self._ids[key] = ids
            entry = ClientTorrent(ref=ref, torrent=torrent)
            for one in ids:
                self._by_id.setdefault(one, {})[key] = entry

    def remove(self, ref: InstanceRef, hashes: Iterable[str]) -> None:
        """Forget torrents of `ref`; unknown hashes are ignored."""
        for torrent_hash in hashes:
            key = (ref, torrent_hash.lower())
            for one in self._ids.pop(key, ()):
                owners = self._by_id[one]
                del owners[key]
                if not owners:
                    del self._by_id[one]

    def replace(self, ref: InstanceRef, torrents: Iterable[Torrent]) -> None:
        """Make `torrents` all there is in `ref`."""
        self.remove(ref, [torrent_hash for owner, torrent_hash in list(self._ids) if owner == ref])
        self.upsert(ref, torrents)

    def find(self, download_id: str | None) -> tuple[ClientTorrent, ...]:
        """Return the torrents with this id, the most advanced first; several only when several clients have it."""
        entries = self._by_id.get(download_id.lower(), {}) if download_id else {}
        if len(entries) < 2:
            return tuple(entries.values())
        return tuple(sorted(entries.values(), key=_advance))

    def all(self) -> tuple[ClientTorrent, ...]:
        """Return every torrent once, by client and hash."""
        return tuple(self._by_id[torrent_hash][ref, torrent_hash] for ref, torrent_hash in sorted(self._ids))


def _advance(entry: ClientTorrent) -> tuple[bool, float, InstanceRef]:
    """Order copies so that the highest stage with positive evidence comes first (R1)."""
    return not entry.torrent.complete, -(entry.torrent.progress or 0.0), entry.ref

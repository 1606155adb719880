"""Download ids lead to torrents, whichever id it is."""

import pytest

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.text import SafeText
from tracker_tui.model.torrents import Torrent, TorrentState
from tracker_tui.reconcile.joins.hashes import TorrentIndex

ONE, TWO = InstanceRef(Kind.QBITTORRENT, "one"), InstanceRef(Kind.QBITTORRENT, "two")
V1, V2 = "a1" * 20, "b2" * 32


def torrent(
    torrent_hash: str,
    *ids: str,
    state: TorrentState = TorrentState.DOWNLOADING,
    progress: float | None = 0.5,
    left_bytes: int | None = 1,
) -> Torrent:
    return Torrent(
        hash=torrent_hash,
        ids=ids,
        name=SafeText("x"),
        state=state,
        state_word=SafeText(state.value),
        progress=progress,
        left_bytes=left_bytes,
    )


HYBRID = torrent(V2[:40], V2[:40], V1, V2)


def index(*torrents: Torrent, ref: InstanceRef = ONE) -> TorrentIndex:
    made = TorrentIndex()
    made.upsert(ref, torrents)
    return made


@pytest.mark.parametrize(
    "download_id", [V1, V1.upper(), V2, V2[:40], V2[:40].upper()], ids=["v1", "V1", "v2", "v2:40", "V2:40"]
)
def test_any_id_of_a_hybrid_torrent_finds_it(download_id: str) -> None:
    """R6: history has the v1 hash, the queue the truncated v2."""
    assert [found.torrent for found in index(HYBRID).find(download_id)] == [HYBRID]


@pytest.mark.parametrize("download_id", [None, "", "SABnzbd_nzo_x1", V1[:39]])
def test_usenet_and_unknown_ids_miss(download_id: str | None) -> None:
    assert index(HYBRID).find(download_id) == ()


def test_of_two_clients_the_more_advanced_comes_first() -> None:
    made = index(torrent(V1, V1, progress=0.9))
    made.upsert(TWO, [torrent(V1, V1, state=TorrentState.COMPLETE, progress=1.0, left_bytes=0)])
    assert [found.ref for found in made.find(V1)] == [TWO, ONE]
    made.upsert(ONE, [torrent(V1, V1, state=TorrentState.MOVING, progress=1.0, left_bytes=0)])
    assert [found.ref for found in made.find(V1)] == [TWO, ONE]
    made.upsert(ONE, [torrent(V1, V1, progress=0.9)])
    made.upsert(TWO, [torrent(V1, V1, progress=0.1)])
    assert [found.ref for found in made.find(V1)] == [ONE, TWO]
    made.upsert(TWO, [torrent(V1, V1, progress=0.9)])
    assert [found.ref for found in made.find(V1)] == [ONE, TWO]


def test_an_update_replaces_and_old_ids_vanish() -> None:
    made = index(torrent("c" * 40, "c" * 40, "d" * 40))
    made.upsert(ONE, [torrent("c" * 40, "c" * 40, progress=0.7)])
    assert made.find("d" * 40) == ()
    assert [found.torrent.progress for found in made.find("C" * 40)] == [0.7]


def test_removal_touches_one_client_only() -> None:
    made = index(HYBRID)
    made.upsert(TWO, [HYBRID])
    made.remove(ONE, [V2[:40], "unknown"])
    assert [found.ref for found in made.find(V1)] == [TWO]
    made.replace(TWO, [])
    assert (made.find(V1), made.all()) == ((), ())


def test_replace_leaves_other_clients_alone() -> None:
    made = index(HYBRID)
    made.upsert(TWO, [HYBRID])
    made.replace(ONE, [torrent(V1, V1)])
    assert [(found.ref, found.torrent.hash) for found in made.all()] == [(ONE, V1), (TWO, V2[:40])]

"""Our client against real servers: what a season pack looks like on its way, and what may happen to it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from tests.real.metainfo import Season, make_season
from tests.real.pair import BINARY, Pair
from tracker_tui.config.settings import Secret
from tracker_tui.model.observation import TorrentsRead
from tracker_tui.model.torrents import Torrent, TorrentFile, TorrentState
from tracker_tui.services.errors import LoginRefused, Unauthorized, Unreachable
from tracker_tui.services.qbittorrent.client import QbittorrentClient

pytestmark = pytest.mark.real

POLL_S = 0.4
PATIENCE_S = 30.0
SMALL = 256 << 10
RUNNING = {TorrentState.DOWNLOADING, TorrentState.STALLED}


class Watch:
    """Follows the leecher as the program does: keeps what was told, and every answer."""

    def __init__(self, client: QbittorrentClient) -> None:
        self.client = client
        self.torrents: dict[str, Torrent] = {}
        self.answers: list[TorrentsRead] = []

    async def poll(self) -> TorrentsRead:
        """Ask once and apply the answer."""
        read = await self.client.sync()
        self.torrents = {} if read.full else self.torrents
        self.torrents |= {torrent.hash: torrent for torrent in read.changed}
        for hash_ in read.removed:
            del self.torrents[hash_]
        self.answers.append(read)
        return read

    async def files(self, season: Season) -> tuple[TorrentFile, ...]:
        """Return the season's files."""
        (read,) = await self.client.files([season.client_hash])
        assert read.files is not None
        return read.files

    async def until(self, holds: Callable[[dict[str, Torrent]], bool]) -> AsyncIterator[None]:
        """Poll until `holds`, giving way to the caller after each poll."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await self.poll()
                yield
                if holds(self.torrents):
                    return
                await asyncio.sleep(POLL_S)

    async def wait(self, season: Season, holds: Callable[[Torrent], bool]) -> Torrent:
        """Poll until the season's torrent is so; return it."""
        async for _ in self.until(
            lambda torrents: season.client_hash in torrents and holds(torrents[season.client_hash])
        ):
            pass
        return self.torrents[season.client_hash]


def without_last_activity(torrents: dict[str, Torrent]) -> dict[str, Torrent]:
    """Return the torrents without the one field that 4.5 does not tell in every delta."""
    return {hash_: msgspec.structs.replace(one, last_activity_at=None) for hash_, one in torrents.items()}


@pytest.fixture
def watch(client: QbittorrentClient) -> Watch:
    """Return a watch on the leecher."""
    return Watch(client)


async def test_it_says_who_it_is(client: QbittorrentClient) -> None:
    told = await asyncio.to_thread(subprocess.check_output, [str(BINARY), "--version"], text=True)
    identified = await client.identify()
    assert identified.version == told.strip().rpartition("v")[2]
    assert identified.note is not None
    assert client.meter.server_date is not None


@pytest.mark.parametrize("sequential", [False, True], ids=["rarest first", "sequential"])
async def test_a_season_pack_arrives(sequential: bool, pair: Pair, watch: Watch, content: Path) -> None:
    season = make_season(content, f"{'In' if sequential else 'Any'}.Order.S01.1080p-GRP", size=SMALL)
    pair.seed(season)
    pair.leech(season, limit=600_000, sequential=sequential)
    rows: list[list[float]] = []
    progress: list[float] = []
    async for _ in watch.until(
        lambda torrents: season.client_hash in torrents and torrents[season.client_hash].complete
    ):
        files = await watch.files(season)
        rows.append([file.progress for file in files])
        progress.append(watch.torrents[season.client_hash].progress or 0.0)
        assert [str(file.name) for file in files] == list(season.files)
    assert progress == sorted(progress)
    for before, after in pairwise(rows):
        assert all(old <= new for old, new in zip(before, after, strict=True))
    assert [file.progress for file in await watch.files(season)] == [1.0] * 13
    under_way = [sum(0 < one < 1 for one in row) for row in rows]
    assert max(under_way) >= 1, "not one poll saw it on its way"
    if sequential:
        first_open = [next((at for at, one in enumerate(row) if one < 1), 13) for row in rows]
        assert first_open == sorted(first_open)
        assert all(not any(row[at + 4 :]) for row, at in zip(rows, first_open, strict=True)), "far ahead of the order"
    seen = watch.torrents[season.client_hash]
    assert (seen.category, seen.speed_bytes_s, seen.eta_s, seen.left_bytes) == ("tv-sonarr", None, None, 0)
    assert seen.completed_at is not None
    assert seen.content_path == str(pair.leecher.downloads / season.name)


async def test_the_fate_of_a_torrent(pair: Pair, watch: Watch, content: Path) -> None:
    """Stop and start, restart of the server, recheck, removal: nothing is lost and nothing invented."""
    season = make_season(content, "Fate.S01.1080p-GRP", size=SMALL)
    other = make_season(content, "Other.S01.1080p-GRP", episodes=1, size=SMALL)
    pair.seed(season)
    pair.leech(season, limit=400_000)
    pair.leecher.add(other, paused="true")
    started = await watch.wait(season, lambda torrent: (torrent.progress or 0) > 0.1)
    assert started.state in RUNNING

    pair.leecher.call("torrents/pause", hashes=season.client_hash)
    stopped = await watch.wait(season, lambda torrent: torrent.state is TorrentState.STOPPED)
    assert (stopped.speed_bytes_s, stopped.eta_s) == (None, None)

    known = set(watch.torrents)
    pair.leecher.stop()
    with pytest.raises(Unreachable):
        await watch.poll()
    pair.leecher.start()
    after = len(watch.answers)
    resumed = await watch.wait(season, lambda torrent: torrent.state is TorrentState.STOPPED)
    assert set(watch.torrents) == known
    assert not any(answer.removed or answer.full for answer in watch.answers[after:])
    assert resumed.progress is not None
    assert resumed.progress >= 0.1
    for answer in watch.answers[after:]:
        assert all(one.progress is None for one in answer.changed if one.state is TorrentState.RESUMING)

    pair.leecher.call("torrents/setDownloadLimit", hashes=season.client_hash, limit="0")
    pair.leecher.call("torrents/resume", hashes=season.client_hash)
    pair.connect(season)
    done = await watch.wait(season, lambda torrent: torrent.complete)

    pair.leecher.call("torrents/recheck", hashes=season.client_hash)
    shown: set[float] = set()  # the files read 0 at once, the state may follow a refresh interval later
    async for _ in watch.until(lambda torrents: torrents[season.client_hash].complete and shown == {1.0}):
        shown.clear()
        shown.update(file.progress for file in await watch.files(season))
    assert watch.torrents[season.client_hash].completed_at == done.completed_at

    pair.leecher.call("torrents/delete", hashes=season.client_hash, deleteFiles="true")
    async for _ in watch.until(lambda torrents: season.client_hash not in torrents):
        pass
    assert watch.answers[-1].removed == (season.client_hash,)
    assert (await watch.client.files([season.client_hash]))[0].files is None
    assert other.client_hash in watch.torrents


async def test_deltas_add_up_to_the_whole_list(pair: Pair, watch: Watch, content: Path) -> None:
    season = make_season(content, "Sum.S01.1080p-GRP", episodes=3, size=SMALL)
    pair.seed(season)
    pair.leech(season, limit=0)
    await watch.wait(season, lambda torrent: torrent.complete)
    pair.leecher.call("torrents/pause", hashes="all")
    await watch.wait(season, lambda torrent: torrent.state_word in {"pausedUP", "stoppedUP"})
    await asyncio.sleep(2)  # a refresh interval: then every torrent's numbers are at rest
    await watch.poll()
    fresh = Watch(QbittorrentClient(pair.leecher.instance))
    assert (await fresh.poll()).full
    await fresh.client.aclose()

    assert without_last_activity(watch.torrents) == without_last_activity(fresh.torrents)


async def test_a_hybrid_torrent_is_found_under_all_its_ids(pair: Pair, watch: Watch, content: Path) -> None:
    season = make_season(content, "Hybrid.S01.1080p-GRP", episodes=3, size=SMALL, hybrid=True)
    pair.seed(season)
    pair.leech(season, limit=0)
    seen = await watch.wait(season, lambda torrent: torrent.complete)
    assert set(seen.ids) == {season.v2[:40], season.v1, season.v2}
    assert seen.hash == season.v2[:40]
    by_client_hash, by_v1 = await watch.client.files([season.client_hash, season.v1])
    assert by_client_hash.files is not None
    assert [file.progress for file in by_client_hash.files if not file.name.startswith(".pad")] == [1.0] * 3
    assert by_v1.files is None, "only the client's own hash finds a torrent"


async def test_a_wrong_password_is_tried_once(pair: Pair, client: QbittorrentClient) -> None:
    wrong = QbittorrentClient(msgspec.structs.replace(pair.leecher.instance, password=Secret("wrong")))
    for _ in range(8):  # more than the five that ban
        with pytest.raises(LoginRefused, match="the login was refused"):
            await wrong.sync()
    assert wrong.refused
    assert wrong.meter.calls == 2
    assert (await client.identify()).version, "the right password still lets us in"


async def test_closing_ends_the_session_at_the_server(pair: Pair, client: QbittorrentClient) -> None:
    await client.sync()
    (cookie,) = client._login.cookies
    await client.aclose()
    leftover = QbittorrentClient(msgspec.structs.replace(pair.leecher.instance, username=None, password=None))
    leftover._login.cookies.set_cookie(cookie)
    with pytest.raises(Unauthorized, match="asks for a login"):
        await leftover.sync()
    leftover._login.cookies.clear()
    await leftover.aclose()

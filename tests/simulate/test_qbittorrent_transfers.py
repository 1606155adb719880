"""The simulated transfers: pieces, files, phases and states on the household's clock."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.qbittorrent.torrents import Pieces, SimFile
from tracker_tui.simulate.qbittorrent.wire import files_json, torrent_json

HASH = "ab" * 20
MIB = 1 << 20


@pytest.fixture
def clock() -> SimClock:
    """Return a clock that stands until a test moves it."""
    return SimClock(datetime(2026, 1, 25, 12, tzinfo=UTC))


@pytest.fixture
def server(clock: SimClock) -> SimulatedQbittorrent:
    """Return a server that nobody asks over HTTP."""
    return SimulatedQbittorrent(clock, "5.1.4")


def add(server: SimulatedQbittorrent, hash_: str = HASH, **options: object) -> None:
    """Add a torrent of four files of 10 MiB in pieces of 4 MiB, 1 MiB/s."""
    files = [(f"Show/E{number}.mkv", 10 * MIB) for number in range(1, 5)]
    server.add_torrent(hash_, "Show", files, **({"speed": MIB} | options))  # type: ignore[arg-type]


def pass_time(server: SimulatedQbittorrent, seconds: float) -> None:
    """Let time pass and the client look."""
    server.clock.jump(seconds=seconds)
    server.refresh()


def word(server: SimulatedQbittorrent, hash_: str = HASH) -> str:
    """Return the state a poller sees."""
    state = server.maindata()["torrents"][hash_]["state"]
    assert isinstance(state, str)
    return state


def progress(server: SimulatedQbittorrent) -> list[float]:
    """Return the files' progress a poller sees."""
    return [file["progress"] for file in files_json(server.torrents[HASH])]


def test_neighbouring_files_share_a_piece() -> None:
    pieces = Pieces([SimFile("a", 10), SimFile("b", 10)], 4, None)
    assert pieces.ranges == [(0, 2), (2, 4)]
    pieces.receive(12)
    assert pieces.file_bytes(pieces.count) == [10, 2]


def test_only_pieces_of_wanted_files_are_fetched() -> None:
    pieces = Pieces([SimFile("a", 10), SimFile("b", 10, priority=0), SimFile("c", 10)], 4, None)
    assert pieces.receive(100) == 22
    assert pieces.complete
    assert pieces.file_bytes(pieces.count) == [10, 2, 10], "a boundary piece brings a bit of the unwanted file"


def test_files_show_whole_pieces_the_torrent_shows_blocks(server: SimulatedQbittorrent) -> None:
    add(server, sequential=True)
    pass_time(server, 6)
    assert progress(server) == [0.4, 0, 0, 0]
    assert server.maindata()["torrents"][HASH]["progress"] == pytest.approx(6 / 40)


def test_sequential_files_finish_one_after_the_other(server: SimulatedQbittorrent) -> None:
    add(server, sequential=True)
    for _ in range(15):
        pass_time(server, 3)
        assert sum(0 < one < 1 for one in progress(server)) <= 2, "a shared piece may start the next one"
    assert progress(server) == [1, 1, 1, 1]


def test_rarest_first_fills_many_files_at_once(server: SimulatedQbittorrent) -> None:
    add(server)
    pass_time(server, 20)
    assert sum(0 < one < 1 for one in progress(server)) >= 3


def test_the_poller_sees_news_every_refresh_interval(server: SimulatedQbittorrent) -> None:
    add(server)
    pass_time(server, 1.5)
    first = server.maindata()["torrents"][HASH]["completed"]
    pass_time(server, 1.0)
    assert server.maindata()["torrents"][HASH]["completed"] == first
    pass_time(server, 0.5)
    assert server.maindata()["torrents"][HASH]["completed"] > first


def test_a_magnet_goes_through_its_phases(server: SimulatedQbittorrent) -> None:
    add(server, metadata_s=9, speed=0)
    assert (word(server), files_json(server.torrents[HASH])) == ("metaDL", [])
    assert server.maindata()["torrents"][HASH]["total_size"] == -1
    pass_time(server, 10)
    assert word(server) == "stalledDL"
    server.set_speed(HASH, MIB)
    assert word(server) == "downloading"
    pass_time(server, 60)
    assert word(server) == "stalledUP"
    assert server.torrents[HASH].completed_at is not None


def test_data_is_complete_before_the_client_notices_and_moves(server: SimulatedQbittorrent) -> None:
    add(server, progress=0.9, move_when_done_s=5, download_path="/data/incomplete")
    seen = []
    for _ in range(8):
        pass_time(server, 1.5)
        shown = server.maindata()["torrents"][HASH]
        seen.append((shown["state"], shown["progress"] == 1, shown["content_path"]))
    assert ("downloading", True, "/data/incomplete/Show") in seen
    assert ("moving", True, "/data/downloads/complete/Show") in seen
    assert seen[-1][0] == "stalledUP"


Act = Callable[[SimulatedQbittorrent], None]


@pytest.mark.parametrize(
    ("act", "states"),
    [
        (lambda server: server.stall(HASH), ["stalledDL"]),
        (lambda server: server.stop(HASH), ["stoppedDL"]),
        (lambda server: (server.stop(HASH), server.start(HASH)), ["downloading"]),
        (lambda server: server.move(HASH, "/elsewhere", 5), ["moving", "downloading"]),
        (lambda server: server.recheck(HASH, 5), ["downloading", "checkingDL", "downloading"]),
        (lambda server: server.fail_disk_full(HASH), ["error"]),
        (lambda server: (server.fail_disk_full(HASH), server.start(HASH)), ["downloading"]),
        (lambda server: server.lose_files(HASH), ["missingFiles"]),
        (lambda server: (server.lose_files(HASH), server.start(HASH)), ["missingFiles"]),
        (lambda server: server.restart_server(), ["checkingResumeData", "downloading"]),
        (lambda server: server.set_word(HASH, "pondering"), ["pondering"]),
    ],
    ids=[
        "stall",
        "stop",
        "start",
        "move",
        "recheck",
        "error",
        "error cleared",
        "missing",
        "missing stays",
        "restart",
        "word",
    ],
)
def test_what_a_story_does_shows(act: Act, states: list[str], server: SimulatedQbittorrent) -> None:
    add(server, progress=0.2, speed=1000)
    act(server)
    seen = [word(server)]
    for _ in range(6):
        pass_time(server, 1.5)
        seen.append(word(server))
    assert [state for index, state in enumerate(seen) if index == 0 or seen[index - 1] != state] == states


def test_a_recheck_zeroes_the_files_at_once_and_fills_them_again(server: SimulatedQbittorrent) -> None:
    add(server, progress=1.0)
    server.recheck(HASH, 6)
    assert (progress(server), word(server)) == ([0, 0, 0, 0], "stalledUP")
    pass_time(server, 3)
    assert word(server) == "checkingUP"
    assert 0 < sum(progress(server)) < 4
    assert server.maindata()["torrents"][HASH]["completion_on"] > 0
    pass_time(server, 4.5)
    assert (progress(server), word(server)) == ([1, 1, 1, 1], "stalledUP")


def test_a_full_disk_leaves_stale_numbers(server: SimulatedQbittorrent) -> None:
    add(server, progress=0.5)
    server.fail_disk_full(HASH)
    shown = server.maindata()["torrents"][HASH]
    assert (shown["dlspeed"], shown["state"]) == (MIB, "error")
    assert shown["eta"] < 8_640_000
    before = shown["completed"]
    pass_time(server, 30)
    assert server.maindata()["torrents"][HASH]["completed"] == before


def test_the_queue_moves_on(server: SimulatedQbittorrent) -> None:
    server.set_queueing(1)
    hashes = [digit * 40 for digit in "abc"]
    for hash_ in hashes:
        add(server, hash_)
    assert [word(server, hash_) for hash_ in hashes] == ["downloading", "queuedDL", "queuedDL"]
    pass_time(server, 42)
    assert [word(server, hash_) for hash_ in hashes] == ["stalledUP", "downloading", "queuedDL"]
    server.set_queueing(None)
    assert word(server, hashes[2]) == "downloading"


def test_a_story_can_set_each_file(server: SimulatedQbittorrent) -> None:
    add(server, speed=0, piece_size=MIB)
    server.set_file_progress(HASH, {0: 1.0, 1: 0.7, 2: 0.3})
    assert progress(server) == [1, 0.7, 0.3, 0]


def test_a_long_absence_costs_few_steps(server: SimulatedQbittorrent) -> None:
    add(server)
    pass_time(server, 7 * 86_400)
    assert word(server) == "stalledUP"


@pytest.mark.parametrize(
    ("version", "stopped", "never", "fields"),
    [
        ("4.5.2", "pausedDL", 18_000, 48),
        ("4.6.7", "pausedDL", 18_000, 50),
        ("5.1.4", "stoppedDL", -1, 56),
        ("5.3.0", "stoppedDL", -1, 65),
    ],
)
def test_each_version_speaks_its_own_way(version: str, stopped: str, never: int, fields: int, clock: SimClock) -> None:
    server = SimulatedQbittorrent(clock, version)
    add(server, stopped=True)
    shown = torrent_json(server.torrents[HASH], server.version)
    assert (shown["state"], shown["completion_on"], len(shown)) == (stopped, never, fields)
    assert [*shown] == sorted(shown)

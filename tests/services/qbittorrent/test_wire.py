"""What a torrent record means: states, sentinels, ids, and every recorded answer."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.services.qbittorrent.captures import body, names, needs_captures, raw
from tracker_tui.model.torrents import Torrent, TorrentState, TransferState
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.qbittorrent.wire import (
    STATES,
    ServerWire,
    TorrentWire,
    files,
    maindata,
    torrent,
    torrent_hash,
    transfer,
)

HASH = "c" * 40
V2 = "d" * 64


def fact(**fields: object) -> Torrent:
    """Return the facts of a downloading torrent with these fields."""
    known: dict[str, Any] = {"state": "downloading", "name": "Show", "size": 1000, "total_size": 1200, "progress": 0.5}
    return torrent(HASH, msgspec.convert(known | fields, TorrentWire))


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("metaDL forcedMetaDL", TorrentState.METADATA),
        ("queuedDL", TorrentState.QUEUED),
        ("allocating downloading forcedDL", TorrentState.DOWNLOADING),
        ("stalledDL", TorrentState.STALLED),
        ("checkingDL", TorrentState.CHECKING),
        ("pausedDL stoppedDL", TorrentState.STOPPED),
        ("moving", TorrentState.MOVING),
        ("uploading stalledUP queuedUP forcedUP pausedUP stoppedUP", TorrentState.COMPLETE),
        ("checkingUP", TorrentState.CHECKING_COMPLETE),
        ("checkingResumeData", TorrentState.RESUMING),
        ("missingFiles", TorrentState.MISSING_FILES),
        ("error", TorrentState.ERROR),
        ("unknown pondering Downloading", TorrentState.UNKNOWN),
    ],
    ids=lambda value: value.name if isinstance(value, TorrentState) else "",
)
def test_words_of_both_generations(words: str, state: TorrentState) -> None:
    for word in words.split():
        assert (fact(state=word).state, fact(state=word).state_word) == (state, word)


def test_the_state_table_reaches_every_state() -> None:
    assert set(STATES.values()) | {TorrentState.UNKNOWN} == set(TorrentState)


def test_a_hostile_word_is_kept_but_made_safe() -> None:
    assert "\x1b" not in fact(state="\x1b]0;x").state_word


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"eta": 8_640_000}, "eta_s", None),
        ({"eta": 350}, "eta_s", 350),
        ({"eta": 350, "state": "stalledDL"}, "eta_s", None),
        ({"eta": 24, "state": "error"}, "eta_s", None),
        ({"eta": 3_627_195, "state": "stalledUP"}, "eta_s", None),
        ({"dlspeed": 900_764}, "speed_bytes_s", 900_764),
        ({"dlspeed": 0, "state": "downloading"}, "speed_bytes_s", 0),
        ({"dlspeed": 0, "state": "forcedDL"}, "state", TorrentState.STALLED),
        ({"dlspeed": 1, "state": "forcedDL"}, "state", TorrentState.DOWNLOADING),
        ({"dlspeed": 900_764, "state": "error"}, "speed_bytes_s", None),
        ({"dlspeed": 157_670, "state": "stalledUP"}, "speed_bytes_s", None),
        ({"dlspeed": 360_204, "state": "pausedDL"}, "speed_bytes_s", None),
        ({"completion_on": -1}, "completed_at", None),
        ({"completion_on": 0}, "completed_at", None),
        ({"completion_on": -32_400}, "completed_at", None),
        ({"completion_on": 18_000}, "completed_at", None),
        ({"completion_on": 1_795_354_081}, "completed_at", datetime.fromtimestamp(1_795_354_081, UTC)),
        ({"added_on": 10**18}, "added_at", None),
        ({"availability": -1}, "availability", None),
        ({"availability": 0.4}, "availability", 0.4),
        ({"availability": 0}, "availability", 0),
        ({"availability": 0, "state": "stoppedDL"}, "availability", None),
        ({"priority": 0}, "queue_position", None),
        ({"priority": 3, "state": "queuedDL"}, "queue_position", 3),
        ({"category": ""}, "category", None),
        ({"tags": ""}, "tags", ()),
        ({"tags": "4k, anime"}, "tags", ("4k", "anime")),
        ({"content_path": ""}, "content_path", None),
        ({"content_path": "Hyb.S01"}, "content_path", None),
        ({"content_path": "/data/Hyb.S01"}, "content_path", "/data/Hyb.S01"),
        ({"content_path": "D:\\tv\\Hyb"}, "content_path", "D:\\tv\\Hyb"),
        ({"progress": 1.0000001}, "progress", 1.0),
        ({"num_complete": -1}, "seeds_total", None),
        ({"name": None}, "name", HASH),
    ],
    ids=lambda value: "-".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_sentinels_end_here(fields: dict[str, object], name: str, value: object) -> None:
    assert getattr(fact(**fields), name) == value


def test_before_metadata_nothing_is_counted() -> None:
    seen = fact(state="metaDL", size=0, total_size=-1, progress=0, amount_left=0, completed=0)
    numbers = (seen.progress, seen.size_bytes, seen.left_bytes, seen.completed_bytes)
    assert numbers == (None,) * 4
    assert fact(state="stoppedDL", size=0, total_size=-1, progress=0).progress is None


def test_placeholders_of_resume_data_are_unknown() -> None:
    seen = fact(state="checkingResumeData", progress=0, amount_left=1000, completed=0)
    assert (seen.progress, seen.left_bytes, seen.completed_bytes) == (None, None, None)
    assert seen.size_bytes == 1000


def test_deselecting_every_file_leaves_nothing_wanted() -> None:
    assert fact(size=0, progress=0).size_bytes == 0


@pytest.mark.parametrize(
    ("v1", "v2", "ids"),
    [
        (HASH, "", (HASH,)),
        ("E" * 40, V2, (HASH, "e" * 40, V2, V2[:40])),
        ("", HASH + "a" * 24, (HASH, HASH + "a" * 24)),
        ("not a hash", None, (HASH,)),
    ],
    ids=["v1", "hybrid", "v2", "rubbish"],
)
def test_every_id_another_service_may_use(v1: str, v2: str | None, ids: tuple[str, ...]) -> None:
    assert fact(infohash_v1=v1, infohash_v2=v2).ids == ids


@pytest.mark.parametrize(
    ("key", "value"), [("AB" * 20, "ab" * 20), ("0" * 64, "0" * 64), ("\x1b[2J", None), ("ab", None)]
)
def test_only_hashes_are_hashes(key: str, value: str | None) -> None:
    assert torrent_hash(key) == value


def test_server_state() -> None:
    state = transfer(
        msgspec.convert({"connection_status": "firewalled", "free_space_on_disk": 5, "queueing": True}, ServerWire)
    )
    assert (state.connection, state.free_bytes, state.queueing) == ("firewalled", 5, True)
    assert transfer(ServerWire()) == TransferState()


def test_a_damaged_field_costs_only_itself() -> None:
    answer, damaged = maindata(
        raw(
            {
                "rid": 3,
                "torrents": {
                    "a" * 40: {"name": "good", "size": 5},
                    "b" * 40: {"name": "half", "size": "many", "dlspeed": None},
                    "c" * 40: ["no", "torrent"],
                },
                "torrents_removed": [7, "d" * 40],
                "server_state": {"queueing": "perhaps", "free_space_on_disk": 9},
            }
        )
    )
    assert damaged == 2
    assert answer.torrents["a" * 40] == TorrentWire(name="good", size=5)
    assert answer.torrents["b" * 40] == TorrentWire(name="half", size=None, dlspeed=None)
    assert answer.torrents["c" * 40] is None
    assert answer.torrents_removed == ["d" * 40]
    assert answer.server_state == ServerWire(queueing=None, free_space_on_disk=9)


@pytest.mark.parametrize("sent", [b"", b"42", b'{"rid":1,"torr', b"[]", b'{"torrents":{}}', b'{"rid":1,"torrents":[]}'])
def test_no_maindata_is_a_bad_answer(sent: bytes) -> None:
    with pytest.raises(BadAnswer):
        maindata(sent)


def test_files_without_index_count_by_position() -> None:
    sent = [
        {"name": "a/1.mkv", "size": 9, "progress": 0.25, "priority": 0},
        {"name": 7},
        {"name": "a/3.mkv", "size": 9, "progress": 1},
    ]
    found, skipped = files([msgspec.Raw(raw(one)) for one in sent])
    assert [(one.index, one.progress, one.wanted) for one in found] == [(0, 0.25, False), (2, 1.0, True)]
    assert skipped == 1


@needs_captures
@pytest.mark.parametrize("name", [*names("*torrents_info*"), *names("real-*__info_*")])
def test_recorded_lists_decode_whole(name: str) -> None:
    content = body(name)
    records = content if isinstance(content, list) else [content]
    answer, damaged = maindata(raw({"rid": 1, "full_update": True, "torrents": {one["hash"]: one for one in records}}))
    facts = [torrent(hash_, wire) for hash_, wire in answer.torrents.items() if wire is not None]
    assert (len(facts), damaged) == (len({one["hash"] for one in records}), 0)
    for one in facts:
        assert one.state is not TorrentState.UNKNOWN
        assert one.hash in one.ids
        assert "magnet:" not in repr(one)
        assert one.state is TorrentState.METADATA or one.size_bytes is not None


@needs_captures
@pytest.mark.parametrize(
    "name", ["arr-stack__sync_maindata_full_2026-05-09", "home-assistant-core__sync_maindata_all_states"]
)
def test_recorded_full_maindata_decodes_whole(name: str) -> None:
    content = body(name)
    answer, damaged = maindata(raw(content))
    assert (len(answer.torrents), damaged, answer.full_update) == (len(content["torrents"]), 0, True)
    states = Counter(torrent(hash_, wire).state for hash_, wire in answer.torrents.items() if wire is not None)
    expected = Counter(STATES[one["state"]] for one in content["torrents"].values())
    assert states == expected


@needs_captures
@pytest.mark.parametrize("name", [*names("real-*files_*"), "qbittorrent-wiki__files"])
def test_recorded_files_decode_whole(name: str) -> None:
    content = body(name)
    if isinstance(content, str):
        pytest.skip("a 404")
    found, skipped = files([msgspec.Raw(raw(one)) for one in content])
    assert (len(found), skipped) == (len(content), 0)
    assert [one.index for one in found] == list(range(len(content)))
    assert [one.wanted for one in found] == [one["priority"] > 0 for one in content]


@needs_captures
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0"])
def test_recorded_hybrid_is_found_under_all_its_ids(version: str) -> None:
    for record in (kind["info"][0] for kind in body(f"real-{version}__hash_v1_v2_hybrid").values()):
        ids = torrent(record["hash"], msgspec.convert(record, TorrentWire)).ids
        wanted = {record["hash"], record["infohash_v1"], record["infohash_v2"], record["infohash_v2"][:40]} - {""}
        assert set(ids) == wanted


@needs_captures
def test_a_recorded_full_disk_has_no_speed() -> None:
    record = body("real-5.1.0__info_error_diskfull")[0]
    assert (record["dlspeed"], record["eta"]) == (900_764, 24), "stale values are the case at hand"
    seen = torrent(record["hash"], msgspec.convert(record, TorrentWire))
    assert (seen.state, seen.speed_bytes_s, seen.eta_s) == (TorrentState.ERROR, None, None)
    assert seen.progress == pytest.approx(0.4167, abs=1e-3)

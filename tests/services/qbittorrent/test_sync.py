"""Merging deltas: hand-made cases, and recorded conversations against what the server listed at the same moment."""

from typing import Any

import msgspec
import pytest

from tests.services.qbittorrent.captures import body, load, needs_captures, raw
from tracker_tui.model.torrents import Torrent, TorrentState
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.qbittorrent.sync import Merged, Mirror, merge, resync
from tracker_tui.services.qbittorrent.wire import TorrentWire, maindata, torrent

A, B = "a" * 40, "b" * 40
FULL = {"state": "downloading", "name": "Show", "size": 10, "total_size": 10, "progress": 0.5, "dlspeed": 7}


def told(mirror: Mirror, **answer: object) -> Merged:
    """Merge an answer given as keywords."""
    return merge(mirror, maindata(raw(answer))[0])


@pytest.fixture
def known() -> Mirror:
    """Return a mirror that knows A and B."""
    server = {"connection_status": "connected", "free_space_on_disk": 1}
    return told(Mirror(), rid=1, full_update=True, torrents={A: FULL, B: FULL}, server_state=server).mirror


def test_the_first_full_answer_is_everything() -> None:
    merged = told(Mirror(), rid=1, full_update=True, torrents={A.upper(): FULL})
    assert merged.change.full
    assert [one.hash for one in merged.change.changed] == [A]
    assert merged.mirror.rid == 1


def test_an_empty_delta_changes_nothing(known: Mirror) -> None:
    merged = told(known, rid=2)
    assert (merged.change.changed, merged.change.removed, merged.change.full) == ((), (), False)
    assert merged.mirror.facts == known.facts
    assert merged.mirror.rid == 2


def test_a_delta_updates_only_what_it_names(known: Mirror) -> None:
    (changed,) = told(known, rid=2, torrents={A: {"progress": 0.75}}).change.changed
    assert (changed.hash, changed.progress, changed.name, changed.speed_bytes_s) == (A, 0.75, "Show", 7)


def test_fields_nobody_shows_change_nothing(known: Mirror) -> None:
    assert told(known, rid=2, torrents={A: {"upspeed": 5, "seeding_time": 3}}).change.changed == ()


def test_a_removed_torrent_is_gone(known: Mirror) -> None:
    merged = told(known, rid=2, torrents={A: {"progress": 0.6}}, torrents_removed=[A, "0" * 40])
    assert (merged.change.removed, merged.change.changed) == ((A,), ())
    assert set(merged.mirror.facts) == {B}


def test_a_new_torrent_arrives_by_delta(known: Mirror) -> None:
    merged = told(known, rid=2, torrents={"C" * 40: FULL})
    assert [one.hash for one in merged.change.changed] == ["c" * 40]


def test_a_later_full_answer_is_told_as_the_difference(known: Mirror) -> None:
    merged = told(resync(known), rid=9, full_update=True, torrents={A: {**FULL, "progress": 0.9}, "c" * 40: FULL})
    assert not merged.change.full
    assert {one.hash for one in merged.change.changed} == {A, "c" * 40}
    assert merged.change.removed == (B,)


def test_a_full_answer_forgets_old_fields(known: Mirror) -> None:
    (changed,) = told(known, rid=9, full_update=True, torrents={A: {"state": "error"}, B: FULL}).change.changed
    assert (changed.hash, changed.size_bytes, changed.state) == (A, None, TorrentState.ERROR)


def test_an_unreadable_record_is_no_removal(known: Mirror) -> None:
    merged = told(known, rid=9, full_update=True, torrents={A: 7, B: FULL, "c" * 40: 7})
    assert (merged.change.changed, merged.change.removed) == ((), ())
    assert set(merged.mirror.facts) == {A, B}


def test_an_unreadable_field_is_unknown_from_then_on(known: Mirror) -> None:
    (changed,) = told(known, rid=2, torrents={A: {"progress": "most"}}).change.changed
    assert changed.progress is None


def test_server_state_is_merged_too(known: Mirror) -> None:
    transfer = told(known, rid=2, server_state={"free_space_on_disk": 0}).change.transfer
    assert (transfer.connection, transfer.free_bytes) == ("connected", 0)


def test_changes_where_everything_was_asked_for_are_refused(known: Mirror) -> None:
    with pytest.raises(BadAnswer):
        told(resync(known), rid=4, torrents={A: {"progress": 0.75}})


def test_keys_that_are_no_hashes_are_left_out(known: Mirror) -> None:
    assert told(known, rid=2, torrents={"\x1b]0;owned\x07": FULL}).change.changed == ()


SEQUENCES = [
    pytest.param(version, kind, id=f"{version}{kind}") for version in ("4.5.2", "5.1.0") for kind in ("", "_sequential")
]


def replay(version: str, kind: str) -> list[tuple[str, dict[str, Torrent], dict[str, Any]]]:
    """Replay a recorded conversation; return per answer its label, our facts, and the plainly merged dictionaries."""
    mirror, plain, seen = Mirror(), dict[str, Any](), []
    consumer: dict[str, Torrent] = {}
    for step in load(f"real-{version}__maindata_sequence{kind}"):
        answer = step.get("body")
        if not isinstance(answer, dict):
            mirror = resync(mirror)
            continue
        merged = merge(mirror, maindata(raw(answer))[0])
        mirror = merged.mirror
        consumer = {} if merged.change.full else dict(consumer)
        consumer |= {one.hash: one for one in merged.change.changed}
        for hash_ in merged.change.removed:
            del consumer[hash_]
        plain = {} if answer.get("full_update") else plain
        plain = {**plain, **{key: {**plain.get(key, {}), **new} for key, new in answer.get("torrents", {}).items()}}
        plain = {key: fields for key, fields in plain.items() if key not in answer.get("torrents_removed", [])}
        assert consumer == mirror.facts
        seen.append((step["label"] or "", consumer, plain))
    return seen


@needs_captures
@pytest.mark.parametrize(("version", "kind"), SEQUENCES)
def test_recorded_deltas_merge_as_plainly_as_they_can(version: str, kind: str) -> None:
    steps = replay(version, kind)
    assert len(steps) > 100
    for _, facts, plain in steps:
        assert facts == {hash_: torrent(hash_, msgspec.convert(one, TorrentWire)) for hash_, one in plain.items()}


@needs_captures
@pytest.mark.parametrize(
    ("label", "listed"),
    [
        ("magnet added, no metadata", "metaDL"),
        ("data flows", "downloading"),
        ("after stop", "stopped"),
        ("complete +2 s", "complete"),
        ("stopped complete", "stopped_complete"),
        ("movie added", "two"),
    ],
)
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0"])
def test_recorded_deltas_equal_the_list_of_the_same_moment(version: str, label: str, listed: str) -> None:
    facts = next(facts for seen, facts, _ in replay(version, "") if seen == label)
    for record in body(f"real-{version}__torrents_info_{listed}"):
        expected = torrent(record["hash"], msgspec.convert(record, TorrentWire))
        ours = facts[record["hash"]]
        if version.startswith("4.5"):  # it damps last_activity in deltas
            ours = msgspec.structs.replace(ours, last_activity_at=expected.last_activity_at)
        assert ours == expected


@needs_captures
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0"])
def test_a_recorded_restart_removes_nothing(version: str) -> None:
    steps = replay(version, "")
    at = next(index for index, step in enumerate(steps) if step[0] == "after re-login, old rid")
    assert set(steps[at][1]) == set(steps[at - 1][1]) != set()


@needs_captures
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0"])
def test_a_recorded_lost_answer_is_healed_by_asking_for_everything(version: str) -> None:
    steps = {step["note"]: step for step in load(f"real-{version}__maindata_lost_reply")}
    lost = next(step for note, step in steps.items() if "this reply was lost" in note)["body"]["torrents"]
    full = steps["a rid never issued"]["body"]
    assert full["full_update"]
    mirror = merge(Mirror(), maindata(raw(steps["full"]["body"]))[0]).mirror
    healed = merge(resync(mirror), maindata(raw(full))[0])
    for hash_, fields in lost.items():
        assert healed.mirror.facts[hash_].category == fields["category"]

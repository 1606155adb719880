"""A recording gives the same worlds again, survives what happens to files, and tells no secret."""

import asyncio
import errno
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from tracker_tui.config.settings import PollSettings, Secret
from tracker_tui.engine.events import Advanced, Began, Event
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.recording.format import FORMAT, PAYLOADS, Head, read_line, write_line
from tracker_tui.engine.recording.player import Player
from tracker_tui.engine.recording.reader import Recording, RecordingError, instant
from tracker_tui.engine.recording.recorder import Recorder
from tracker_tui.engine.recording.replay import Replay
from tracker_tui.engine.watch import Watch
from tracker_tui.engine.worlds import Update
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.observation import CallFailed, Identified, Observation, Payload
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import World
from tracker_tui.reconcile.memory import Memory
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.store.store import Store

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
SONARR = InstanceRef(Kind.SONARR, "sonarr")
START = Began(now=NOON, setup=Setup(instances=(ConfiguredInstance(ref=SONARR),)), memory=Memory(), zone_s=3600)
FAST = PollSettings(active_seconds=0.05, idle_seconds=0.05)


class Told:
    """Half an hour of the demo's household with an outage: the events, and the worlds that came of them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "demo.rec"
        self.events: list[Event] = []
        self.worlds: list[World] = []
        self.secrets: list[str] = []
        with Demo({SPEED_OF: "0"}) as demo:
            asyncio.run(self._run(demo))

    async def _run(self, demo: Demo) -> None:
        settings = msgspec.structs.replace(demo.settings, poll=FAST)
        for one in settings.instances:
            self.secrets += [secret.reveal() for secret in (one.api_key, one.password) if isinstance(secret, Secret)]
        record = Recorder(self.file)

        def keep(event: Event) -> None:
            self.events.append(event)
            record(event)

        def show(update: Update) -> None:
            self.worlds.append(update.world)

        clock = CorrectedClock(demo.clock.now)
        watch = Watch(settings, Store.in_memory(), clock=clock, simulated=True, publish=show, record=keep)
        running = asyncio.create_task(watch.run())
        for minute in (0, 5.5, 8, 13, 27):  # the second is in the middle of an outage
            demo.story.jump(timedelta(minutes=minute))
            watch.refresh_now()
            await asyncio.sleep(1.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await watch.close()
        record.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("recorded"))


def test_the_story_has_what_a_recording_must_keep(told: Told) -> None:
    assert len({world.generated_at for world in told.worlds}) >= 5
    assert any(isinstance(one, Observation) and isinstance(one.payload, CallFailed) for one in told.events)


def test_every_event_is_read_back_as_it_was(told: Told) -> None:
    for event in told.events:
        assert read_line(write_line(event)) == event


def test_an_answer_beside_a_failure_is_read_back_as_such() -> None:
    seen = Observation(ref=SONARR, at=NOON, payload=Identified(version=SafeText("4")), skipped=3, beside_failure=True)
    assert read_line(write_line(seen)) == seen


def test_every_payload_has_its_name() -> None:
    assert set(PAYLOADS.values()) == set(get_args(Payload))


def test_a_replay_goes_through_the_same_worlds(told: Told) -> None:
    again: list[World] = []
    replay = Replay(Recording(told.file), lambda update: again.append(update.world))
    while replay.step():
        pass
    assert again == told.worlds
    assert replay.over


def test_any_position_can_be_reached_from_any_other(told: Told) -> None:
    replay = Replay(Recording(told.file))
    straight = {}
    while replay.step():
        straight[replay.position] = replay.world
    last = replay.position
    for position in (last // 2, 3, last, 1, last // 3):
        replay.seek(position)
        assert replay.position == position
        assert replay.world == straight[position]


def test_the_next_change_is_one_that_shows(told: Told) -> None:
    replay = Replay(Recording(told.file))
    replay.seek(1)
    before = replay.world.requests
    replay.to_next_change()
    assert replay.world.requests != before


def test_no_secret_is_recorded(told: Told) -> None:
    text = gzip.decompress(told.file.read_bytes()).decode()
    assert "Lycoris Recoil" in text
    assert told.secrets
    for secret in told.secrets:
        assert secret not in text
    assert "127.0.0.1" not in text, "addresses are nobody's business"
    assert told.file.stat().st_mode & 0o777 == 0o600


def test_a_story_told_again_begins_again(tmp_path: Path) -> None:
    later = msgspec.structs.replace(START, now=NOON + timedelta(minutes=9), simulated=True)
    file = written(tmp_path / "x", HEAD, write_line(START), *advanced(0, 1), write_line(later), *advanced(9))
    replay = Replay(Recording(file))
    seen = []
    while replay.step():
        seen.append(replay.world.simulated)
    assert seen == [False, False, True]


# --- files ---------------------------------------------------------------------------------------------------------


def written(path: Path, *lines: bytes) -> Path:
    path.write_bytes(gzip.compress(b"".join(lines)))
    return path


def advanced(*minutes: int) -> list[bytes]:
    return [write_line(Advanced(now=NOON + timedelta(minutes=minute))) for minute in minutes]


HEAD = write_line(Head(format=FORMAT))


def test_a_file_cut_short_is_played_as_far_as_it_is_whole(told: Told, tmp_path: Path) -> None:
    cut = tmp_path / "cut.rec"
    cut.write_bytes(told.file.read_bytes()[:-2000])
    recording = Recording(cut)
    assert 0 < len(recording.instants) < len(Recording(told.file).instants)
    assert "its end is missing" in recording.notes[0]
    Replay(recording).seek(len(recording.instants))


def test_a_file_that_was_unpacked_on_its_way_is_played_all_the_same(told: Told, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(gzip.decompress(told.file.read_bytes()))
    assert Recording(plain).instants == Recording(told.file).instants
    assert list(Recording(plain).events()) == list(Recording(told.file).events())
    plain.write_bytes(plain.read_bytes()[:-10])
    cut = Recording(plain)
    assert len(list(cut.events())) == len(list(Recording(told.file).events())) - 1
    assert ["its end is missing" in one for one in cut.notes] == [True]


def test_damage_in_the_middle_ends_the_replay_there(told: Told, tmp_path: Path) -> None:
    data = bytearray(told.file.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 64):
        data[place] ^= 0xFF
    (tmp_path / "bad.rec").write_bytes(data)
    recording = Recording(tmp_path / "bad.rec")
    assert "damaged" in recording.notes[0]
    Replay(recording).seek(len(recording.instants))


NO_RECORDINGS = {
    "text": b"nothing of the kind",
    "empty": b"",
    "another gzip": gzip.compress(b"hello\n"),
    "json, but not ours": gzip.compress(b'{"is": "anything"}\n'),
    "ours, but begun in the middle": gzip.compress(b"".join(advanced(0))),
}


@pytest.mark.parametrize("data", NO_RECORDINGS.values(), ids=NO_RECORDINGS)
def test_another_file_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(RecordingError, match="no recording of tracker-tui"):
        Recording(tmp_path / "x")


def test_a_newer_format_names_the_way_out(tmp_path: Path) -> None:
    newer = written(tmp_path / "x", write_line(Head(format=FORMAT + 1, program="9.9")))
    with pytest.raises(RecordingError, match=r"9\.9 wrote it") as refused:
        Recording(newer)
    assert refused.value.fix == "update tracker-tui"


def test_a_recording_without_a_world_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="nothing in this recording"):
        Recording(written(tmp_path / "x", HEAD, write_line(START)))


def test_a_strangers_recording_reaches_no_terminal_raw(tmp_path: Path) -> None:
    evil = Observation(
        ref=SONARR,
        at=NOON,
        payload=CallFailed(status=ServiceStatus.ERROR, message=SafeText("\x1b]0;owned\x07\u202eevil")),
    )
    (event,) = (Recording(written(tmp_path / "x", HEAD, write_line(START), write_line(evil), *advanced(0))).events(),)
    seen = next(one for one in event if isinstance(one, Observation))
    assert isinstance(seen.payload, CallFailed)
    assert seen.payload.message.isprintable()
    assert "owned" in seen.payload.message


INSTANTS = [
    ("12:05", datetime(2026, 1, 26, 11, 5, tzinfo=UTC), "before its first moment: the next day"),
    ("13:05", datetime(2026, 1, 25, 12, 5, tzinfo=UTC), "in the zone of the recording"),
    ("13:05:30", datetime(2026, 1, 25, 12, 5, 30, tzinfo=UTC), "with seconds"),
    ("2026-01-25T13:05", datetime(2026, 1, 25, 12, 5, tzinfo=UTC), "with a date"),
    ("2026-01-25T12:05Z", datetime(2026, 1, 25, 12, 5, tzinfo=UTC), "with a zone of its own"),
]


@pytest.mark.parametrize(("text", "at"), [one[:2] for one in INSTANTS], ids=[one[2] for one in INSTANTS])
def test_a_time_of_the_recording(text: str, at: datetime, tmp_path: Path) -> None:
    recording = Recording(written(tmp_path / "x", HEAD, write_line(START), *advanced(0, 1)))
    assert instant(recording, text) == at


# --- writing -------------------------------------------------------------------------------------------------------


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "dear").write_text("dear")
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "dear")
    assert (tmp_path / "dear").read_text() == "dear"


def test_the_size_limit_ends_the_recording_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = Recorder(tmp_path / "x", limit=1)
    record(START)
    record(Advanced(now=NOON))
    record.close()
    assert [one.message for one in caplog.records if "ended" in one.message]
    assert record.ended == f"the recording {tmp_path / 'x'} ended: it had reached 0 MB"
    with pytest.raises(RecordingError, match="nothing in this recording"):
        Recording(tmp_path / "x")


def test_a_full_disk_ends_the_recording_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    record, told = Recorder(tmp_path / "x"), []  # type: ignore[var-annotated]
    record.when_ended(told.append)
    monkeypatch.setattr(os, "write", full)
    record(START)
    for minute in range(200):
        record(Advanced(now=NOON + timedelta(minutes=minute)))
    record.close()
    assert [one.message for one in caplog.records if "No space left" in one.message]
    assert told == [record.ended]
    record(Advanced(now=NOON))  # and nobody minds


# --- playing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    minutes = range(0, 60, 2)
    playing = Player(Recording(written(tmp_path / "x", HEAD, write_line(START), *advanced(*minutes))), at=NOON)
    yield playing
    playing.stop()


def _after(player: Player, *wishes: str) -> str:
    """Return the caption once the player has done what was wished."""
    for wish in wishes:
        name, _, argument = wish.partition(" ")
        getattr(player, name)(*([int(argument)] if argument else []))
    player.stop()
    return player.caption()


CAPTIONS = [
    ((), "13:00:00 · 3 % · paused"),
    (("jump 1",), "13:04:00 · 10 % · paused"),
    (("jump 1", "jump 1", "jump -1"), "13:02:00 · 6 % · paused"),
    (("jump -1",), "13:00:00 · 3 % · paused"),
    (("step",), "13:58:00 · 100 % · at its end"),
    (("faster 1", "toggle"), "13:00:00 · 3 % · playing 2x"),
    (("faster -1", "faster -1", "faster -1", "toggle"), "13:00:00 · 3 % · playing 0.5x"),
    (("step", "again"), "13:00:00 · 3 % · playing 1x"),
    (("step", "toggle"), "13:00:00 · 3 % · playing 1x"),
]


@pytest.mark.parametrize(("wishes", "caption"), CAPTIONS, ids=[" then ".join(one[0]) or "begun" for one in CAPTIONS])
def test_the_controls_of_a_replay(player: Player, wishes: tuple[str, ...], caption: str) -> None:
    player.start(lambda: None)
    assert _after(player, *wishes) == f"Replay · 25 Jan 2026 {caption}"


def test_the_program_replays_what_it_recorded(tmp_path: Path) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tracker_tui", *options, "--once", "--json"]
        environment = {**os.environ, "TRACKER_TUI_DEMO_AT": "480"}
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)

    file = str(tmp_path / "demo.rec")
    lived = run("--demo", "--record", file)
    played = run("--replay", file)
    assert played.stdout == lived.stdout
    assert played.returncode == lived.returncode == 1
    assert "a recording" in played.stderr
    refused = run("--demo", "--record", file)
    assert refused.returncode == 2
    assert "there is such a file already" in refused.stderr

"""The cooldown's file: shared by processes, whole after a crash, never a reason to stop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker_tui.model.jellyfin import CLEAR_KEY, ScheduledTask, ShokofinConfig
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.text import SafeText
from tracker_tui.remedies.standing import Motion, cooling
from tracker_tui.store.refreshes import Journal, journal_path

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
ONE = Refreshed(server="http://one:8096", started_at=NOW)
TWO = Refreshed(server="http://two:8096", started_at=NOW, ended_at=NOW + timedelta(seconds=30))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state.json.refreshes"


def test_it_lies_beside_the_store() -> None:
    assert journal_path(Path("/data/state.json")) == Path("/data/state.json.refreshes")
    assert journal_path(None) is None


def test_every_process_reads_what_any_wrote(path: Path) -> None:
    mine, theirs = Journal(path), Journal(path)
    mine.note(ONE)
    theirs.note(TWO)
    assert (mine.last(ONE.server), mine.last(TWO.server)) == (ONE, TWO)
    assert Journal(path).last(ONE.server) == ONE
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_end_takes_the_place_of_its_beginning(path: Path) -> None:
    journal = Journal(path)
    ended = Refreshed(server=ONE.server, started_at=NOW, ended_at=NOW + timedelta(seconds=9))
    journal.note(ONE)
    journal.note(ended)
    assert Journal(path).last(ONE.server) == ended


def test_what_was_not_accepted_is_taken_back(path: Path) -> None:
    journal = Journal(path)
    journal.note(TWO)
    journal.note(ONE)
    journal.forget(ONE)
    assert (journal.last(ONE.server), journal.last(TWO.server)) == (None, TWO)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"42",
        b'[{"server": 1}]',
        b"\xff\xfe",
        b'[{"server":"http://one:8096","started_at":"2026-01-25T12:00:00"}]',
    ],
    ids=["empty", "cut", "number", "wrong types", "no text", "a time without zone"],
)
def test_a_damaged_file_counts_as_none(path: Path, body: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(body)
    journal = Journal(path)
    assert journal.last(ONE.server) is None
    journal.note(ONE)
    assert Journal(path).last(ONE.server) == ONE


def test_where_it_cannot_be_written_it_is_kept_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    journal = Journal(blocked / "state.json.refreshes")
    journal.note(ONE)
    assert journal.last(ONE.server) == ONE
    with journal.claim() as mine:
        assert mine


def test_without_a_file_the_process_remembers() -> None:
    Journal(None).note(ONE)
    assert Journal(None).last(ONE.server) == ONE
    Journal(None).forget(ONE)
    assert Journal(None).last(ONE.server) is None


def test_one_at_a_time(path: Path) -> None:
    mine, theirs = Journal(path), Journal(path)
    with mine.claim() as first, theirs.claim() as second, mine.claim() as again:
        assert (first, second, again) == (True, False, False)
    with theirs.claim() as later:
        assert later


def _motion(scan_ended: timedelta | None, *, clears: bool = True) -> Motion:
    ended = NOW - scan_ended if scan_ended is not None else None
    tasks = [ScheduledTask(id="1" * 32, key=SafeText("RefreshLibrary"), state=SafeText("Idle"), last_ended_at=ended)]
    tasks += [ScheduledTask(id="2" * 32, key=SafeText(CLEAR_KEY))] if clears else []
    return Motion(now=NOW, libraries=(), tasks=tuple(tasks))


def _ours(ago: int, *, ended: bool = True) -> Refreshed:
    at = NOW - timedelta(seconds=ago)
    return Refreshed(server="x", started_at=at, ended_at=at if ended else None)


@pytest.mark.parametrize(
    ("scan_ago", "ours", "left"),
    [
        (None, None, None),
        (60, None, None),
        (59, None, 1),
        (0, None, 60),
        (-2, None, 60),
        (-3600, None, None),
        (3600, _ours(20), 40),
        (10, _ours(50), 50),
        (50, _ours(10), 50),
        (3600, _ours(15, ended=False), 45),
        (3600, _ours(61), None),
    ],
    ids=[
        *("never", "just over", "one second", "this instant", "a second ahead", "a clock that was set back"),
        *("ours later", "the scan later", "ours still later", "end not seen", "ours over"),
    ],
)
def test_sixty_seconds_after_whichever_ended_later(
    scan_ago: int | None, ours: Refreshed | None, left: int | None
) -> None:
    motion = _motion(timedelta(seconds=scan_ago) if scan_ago is not None else None)
    refusal = cooling(motion, ours, shokofin=ShokofinRead())
    assert (refusal.wait_s if refusal is not None else None) == left


@pytest.mark.parametrize(("clears", "stalled", "left"), [(True, 300, None), (False, 300, 201), (False, 10, None)])
def test_a_plugin_that_cannot_be_cleared_must_forget_by_itself(clears: bool, stalled: int, left: int | None) -> None:
    plugin = ShokofinRead(config=ShokofinConfig(stalled_time_s=stalled))
    refusal = cooling(_motion(timedelta(seconds=100), clears=clears), None, shokofin=plugin)
    assert (refusal.wait_s if refusal is not None else None) == left

"""What happens inside the simulated Sonarr: the queue is a snapshot, history comes first, offline records vanish."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker_tui.simulate.arr.records import Json
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
HASH = "ab" * 20
GIB = 1 << 30


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


@pytest.fixture
def sonarr(clock: SimClock) -> SimulatedSonarr:
    one = SimulatedSonarr(clock)
    one.add_series("Show", {1: 3}, series_id=10, first_episode_id=501)
    return one


def queue(sonarr: SimulatedSonarr) -> list[Json]:
    sonarr.tick()
    return sonarr._queue_records()


def events(sonarr: SimulatedSonarr) -> list[tuple[str, int]]:
    return [(str(row.kind), row.item_id) for row in sonarr.history]


def test_a_grab_is_in_history_first_and_in_the_queue_five_seconds_later(
    sonarr: SimulatedSonarr, clock: SimClock
) -> None:
    sonarr.grab([501, 502], "Show.S01", 2 * GIB, HASH)
    assert events(sonarr) == [("grabbed", 501), ("grabbed", 502)]
    assert queue(sonarr) == []
    clock.jump(seconds=5)
    assert [record["episodeId"] for record in queue(sonarr)] == [501, 502]


def test_progress_shows_with_the_next_minute(sonarr: SimulatedSonarr, clock: SimClock) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    clock.jump(seconds=5)
    before = queue(sonarr)
    sonarr.progress(HASH, left=GIB // 2, eta=timedelta(minutes=10))
    clock.jump(seconds=59)
    assert queue(sonarr) == before
    clock.jump(seconds=1)
    (record,) = queue(sonarr)
    assert (record["sizeleft"], record["timeleft"]) == (GIB // 2, "00:10:00")
    assert record["estimatedCompletionTime"] == "2026-01-25T12:11:05Z"


def test_the_id_of_a_record_outlives_refreshes(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.client_refresh()
    before = queue(sonarr)[0]["id"]
    sonarr.progress(HASH, left=5)
    sonarr.client_refresh()
    assert queue(sonarr)[0]["id"] == before


def test_records_of_an_offline_client_vanish_and_return(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.client_offline = True
    sonarr.client_refresh()
    assert queue(sonarr) == []
    assert len(events(sonarr)) == 1
    sonarr.client_offline = False
    sonarr.client_refresh()
    assert len(queue(sonarr)) == 1


def test_a_download_lost_in_the_client_leaves_no_word(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.lose_download(HASH)
    sonarr.client_refresh()
    assert queue(sonarr) == []
    assert events(sonarr) == [("grabbed", 501)]


def test_a_half_imported_pack_keeps_all_its_records(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501, 502], "Show.S01", 2 * GIB, HASH)
    sonarr.complete(HASH)
    sonarr.import_files(HASH, [501])
    sonarr.client_refresh()
    assert [(record["status"], record["trackedDownloadState"]) for record in queue(sonarr)] == [
        ("completed", "importPending")
    ] * 2
    sonarr.import_files(HASH)
    sonarr.client_refresh()
    assert queue(sonarr) == []
    assert events(sonarr)[2:] == [("imported", 501), ("imported", 502)]


def test_a_failed_download_leaves_through_history(sonarr: SimulatedSonarr, clock: SimClock) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.client_refresh()
    sonarr.fail_download(HASH)
    clock.jump(seconds=5)
    assert queue(sonarr) == []
    assert events(sonarr)[-1] == ("failed", 501)


def test_an_upgrade_replaces_the_file(sonarr: SimulatedSonarr) -> None:
    old = sonarr.import_file([501])
    sonarr.grab([501], "Show.S01E01.PROPER", GIB, HASH)
    (new,) = sonarr.import_files(HASH)
    assert list(sonarr.series[10].files) == [new.id]
    assert old.id != new.id
    assert [kind for kind, _ in events(sonarr)] == ["imported", "grabbed", "deleted", "imported"]
    assert sonarr.history[2].data["reason"] == "Upgrade"


def test_a_rescan_is_silent(sonarr: SimulatedSonarr) -> None:
    sonarr.find_file([501, 502], "/data/tv/Show/E01-E02.mkv")
    assert sonarr.series[10].episodes[501].file_id == sonarr.series[10].episodes[502].file_id > 0
    assert events(sonarr) == []


def test_a_deleted_series_takes_its_history_along(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.delete_series(10)
    sonarr.client_refresh()
    assert sonarr.history == []
    (record,) = queue(sonarr)
    assert "seriesId" not in record


def test_a_stalled_download_warns_in_the_servers_language(sonarr: SimulatedSonarr) -> None:
    sonarr.language = "fr"
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.client_warns(HASH, "stalled")
    sonarr.client_refresh()
    (record,) = queue(sonarr)
    assert (record["status"], record["trackedDownloadStatus"]) == ("warning", "ok")
    assert "aucune connexion" in str(record["errorMessage"])


def test_commands_end_and_are_forgotten(sonarr: SimulatedSonarr, clock: SimClock) -> None:
    sonarr.search(10, 1)
    assert sonarr.series[10].episodes[501].last_search_at == NOW
    clock.jump(seconds=20)
    sonarr.tick()
    assert len(sonarr.commands) == 1
    clock.jump(seconds=301)
    sonarr.tick()
    assert sonarr.commands == []


def test_asking_for_a_refresh_refreshes(sonarr: SimulatedSonarr) -> None:
    sonarr.grab([501], "Show.S01E01", GIB, HASH)
    sonarr.run("RefreshMonitoredDownloads", {})
    assert len(queue(sonarr)) == 1


def test_tags_are_made_once(sonarr: SimulatedSonarr) -> None:
    assert [sonarr.tag(label) for label in ("anime", "kids", "anime")] == [1, 2, 1]

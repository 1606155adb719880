"""The Sonarr client against simulated servers of each version, over loopback HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.services.arr.conftest import KEY, instance
from tests.services.conftest import NOW
from tracker_tui.model.arr import HistoryKind, Tag
from tracker_tui.model.ids import Kind
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.arr.sonarr import SONARR_3, SONARR_4, SONARR_5, SimulatedSonarr
from tracker_tui.simulate.arr.sonarr_wire import Series
from tracker_tui.simulate.clock import SimClock

HASH = "3F92992E2FBEB6EBB251304236BF5E0B600A91C3"
GIB = 1 << 30


@pytest.fixture(params=[SONARR_3, "4.0.4.1491", SONARR_4, SONARR_5])
def sonarr(
    request: pytest.FixtureRequest, serve: Callable[[SimulatedSonarr], SimulatedSonarr], clock: SimClock
) -> SimulatedSonarr:
    return serve(SimulatedSonarr(clock, request.param, api_key=KEY))


@pytest.fixture
def show(sonarr: SimulatedSonarr) -> Series:
    return sonarr.add_series(
        "Lycoris Recoil",
        {0: 1, 1: 13},
        series_id=23,
        first_episode_id=738,
        tvdb_id=414057,
        tmdb_id=154494,
        year=2022,
        anime=True,
        alternate_titles=["リコリス・リコイル"],
        tags=[sonarr.tag("anime")],
    )


@pytest.fixture
def pack(sonarr: SimulatedSonarr, show: Series, clock: SimClock) -> list[int]:
    """A season pack of 13, grabbed and seen by the queue."""
    episodes = [e.id for e in show.episodes.values() if e.season == 1]
    sonarr.grab(episodes, "[Grp] Lycoris Recoil S01 (1080p)", 13 * GIB, HASH)
    clock.jump(seconds=5)
    return episodes


async def test_it_says_who_it_is(sonarr_client: SonarrClient, sonarr: SimulatedSonarr) -> None:
    assert (await sonarr_client.identify()).version == sonarr.version
    assert sonarr_client.version == sonarr.version


async def test_a_new_version_shows_without_asking(sonarr_client: SonarrClient, sonarr: SimulatedSonarr) -> None:
    await sonarr_client.identify()
    sonarr.version = "4.0.99.1"
    await sonarr_client.health()
    assert sonarr_client.version == "4.0.99.1"


async def test_setup(sonarr_client: SonarrClient, show: Series) -> None:
    setup = await sonarr_client.setup()
    assert setup.tags == (Tag(id=1, label="anime"),)  # type: ignore[arg-type]
    (client,) = setup.clients
    assert (client.name, client.category, client.host, client.port) == ("qBittorrent", "tv-sonarr", "qbittorrent", 8080)


async def test_queue_of_a_pack(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int]) -> None:
    records = (await sonarr_client.queue()).records
    assert [record.episode_id for record in records] == pack
    assert {record.download_key for record in records} == {HASH.lower()}
    assert {(record.size_bytes, record.status, record.tracked_state) for record in records} == {
        (13 * GIB, "downloading", "downloading")
    }
    assert len({record.id for record in records}) == 13
    assert records[0].season == (1 if sonarr.since(4) else None)


async def test_the_queue_holds_pending_and_unknown_items(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, show: Series, clock: SimClock
) -> None:
    sonarr.delay([739], "Delayed.S01E01", GIB, clock.now() + timedelta(minutes=41, seconds=12))
    sonarr.unknown_download("Unknown.Thing", GIB, "fe" * 20)
    sonarr.client_refresh()
    delayed, unknown = (await sonarr_client.queue()).records
    assert (delayed.status, delayed.download_id, delayed.tracked_state, delayed.left_s) == ("delay", None, None, 2472)
    assert (unknown.series_id, unknown.episode_id, unknown.download_id) == (None, None, "FE" * 20)


async def test_a_blocked_import_keeps_the_servers_words(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int]
) -> None:
    sonarr.block_import(HASH, "Not an upgrade for existing episode file(s).", file="E01.mkv")
    sonarr.client_refresh()
    record = (await sonarr_client.queue()).records[0]
    assert record.tracked_state == ("importblocked" if sonarr.since(4, 0, 5, 1778) else "importpending")
    assert record.tracked_status == "warning"
    assert record.messages[0].title == "E01.mkv"
    assert record.messages[0].messages == ("Not an upgrade for existing episode file(s).",)


async def test_history_since_is_cut_at_the_asked_second(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int], clock: SimClock
) -> None:
    assert len((await sonarr_client.history_since(NOW)).records) == 13
    later = NOW + timedelta(seconds=1)
    assert (await sonarr_client.history_since(later)).records == ()
    sonarr.complete(HASH)
    sonarr.import_files(HASH, pack[:1])
    read = await sonarr_client.history_since(later)
    (row,) = read.records
    assert read.since == later
    assert (row.kind, row.episode_id, row.series_id) == (HistoryKind.IMPORTED, pack[0], 23)
    assert row.imported_path == "/data/anime/shows/Lycoris Recoil/Season 01/Lycoris Recoil - S01E01.mkv"
    assert row.size_bytes == (GIB if sonarr.since(4) else None)


async def test_back_fill_reads_pages_until_the_date(
    sonarr_client: SonarrClient,
    sonarr: SimulatedSonarr,
    show: Series,
    clock: SimClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker_tui.services.arr.shared.HISTORY_PAGE", 4)
    for number in range(12):
        sonarr.grab([739], f"Grab {number}", GIB, f"{number:040x}")
        clock.jump(seconds=3600)
    asked = len(sonarr.calls)
    read = await sonarr_client.recent_history(NOW + timedelta(hours=5))
    assert {record.source_title for record in read.records} >= {f"Grab {number}" for number in range(5, 12)}
    assert len(sonarr.calls) - asked == 2, "the second page of four reaches back beyond the date"


async def test_back_fill_ends_with_the_last_record(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.services.arr.shared.HISTORY_PAGE", 5)
    asked = len(sonarr.calls)
    read = await sonarr_client.recent_history(NOW - timedelta(days=14))
    assert len(read.records) == 13
    assert len(sonarr.calls) - asked == 3


async def test_a_page_tells_the_total(sonarr_client: SonarrClient, pack: list[int]) -> None:
    records, total = await sonarr_client.history_page(2, 10)
    assert (len(records), total) == (3, 13)


async def test_history_of_one_series(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int]) -> None:
    other = sonarr.add_series("Other", {1: 1})
    sonarr.grab(list(other.episodes), "Other.S01E01", GIB, "ab" * 20)
    read = await sonarr_client.history_of(23)
    assert {record.series_id for record in read.records} == {23}
    assert read.since is None


async def test_failure_and_ignoring_tell_why(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, show: Series
) -> None:
    sonarr.grab([739], "A", GIB, "aa" * 20)
    sonarr.grab([740], "B", GIB, "bb" * 20)
    sonarr.fail_download("aa" * 20, "Manually marked as failed")
    sonarr.ignore_download("bb" * 20)
    *_, failed, ignored = (await sonarr_client.history_since(NOW)).records
    assert (failed.kind, failed.episode_id, failed.message) == (HistoryKind.FAILED, 739, "Manually marked as failed")
    assert (ignored.kind, ignored.episode_id) == (HistoryKind.IGNORED, 740)


async def test_an_upgrade_deletes_first(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, show: Series) -> None:
    sonarr.import_file([739])
    sonarr.grab([739], "Better", GIB, "aa" * 20)
    sonarr.import_files("aa" * 20)
    kinds = [record.kind for record in (await sonarr_client.history_since(NOW)).records]
    assert kinds == [HistoryKind.IMPORTED, HistoryKind.GRABBED, HistoryKind.DELETED, HistoryKind.IMPORTED]


async def test_one_series_with_files(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int]) -> None:
    shared = sonarr.import_file(pack[:2], HASH)
    read = await sonarr_client.read_series(23, with_files=True)
    assert read.series is not None
    assert read.episodes is not None
    assert read.files is not None
    assert (read.series.title, read.series.series_type, read.series.tvdb_id) == ("Lycoris Recoil", "anime", 414057)
    assert read.series.tmdb_id == (154494 if sonarr.since(4, 0, 5, 1760) else None)
    assert read.series.titles == ("リコリス・リコイル",)
    assert read.series.tags == (1,)
    assert read.series.root_folder == "/data/anime/shows"
    assert [(season.number, season.monitored, season.episode_file_count) for season in read.series.seasons] == [
        (0, False, 0),
        (1, True, 2),
    ]
    assert [episode.file_id for episode in read.episodes[:4]] == [None, shared.id, shared.id, None]
    assert [file.path for file in read.files] == [shared.path]
    assert read.episodes[1].absolute == 1


async def test_without_files_nothing_is_said_about_them(sonarr_client: SonarrClient, show: Series) -> None:
    assert (await sonarr_client.read_series(23)).files is None


async def test_a_deleted_series_is_gone(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, pack: list[int]) -> None:
    sonarr.delete_series(23)
    assert (await sonarr_client.read_series(23, with_files=True)).series is None
    assert (await sonarr_client.history_since(NOW)).records == ()


async def test_whether_a_series_exists_is_one_call(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, show: Series
) -> None:
    await sonarr_client.identify()
    sonarr.calls.clear()
    read = await sonarr_client.series_alone(23)
    assert read.series is not None
    assert (read.episodes, read.files, len(sonarr.calls)) == (None, None, 1)
    sonarr.delete_series(23)
    assert (await sonarr_client.series_alone(23)).series is None


async def test_the_whole_list(sonarr_client: SonarrClient, sonarr: SimulatedSonarr, show: Series) -> None:
    sonarr.add_series("Station Nine", {1: 6}, series_id=40)
    assert [one.id for one in (await sonarr_client.series_list()).series] == [23, 40]


async def test_commands_show_new_series_and_searches(
    sonarr_client: SonarrClient, sonarr: SimulatedSonarr, clock: SimClock
) -> None:
    sonarr.add_series("New", {1: 2}, series_id=50, new=True)
    sonarr.search(50, 1)
    refresh, search = (await sonarr_client.commands()).commands
    assert (refresh.name, refresh.is_new_item, refresh.series_ids, refresh.running) == (
        "RefreshSeries",
        True,
        (50,),
        True,
    )
    assert (search.name, search.series_ids, search.season) == ("SeasonSearch", (50,), 1)
    clock.jump(seconds=30)
    done = (await sonarr_client.commands()).commands[1]
    assert (done.running, done.status, done.ended_at) == (False, "completed", NOW + timedelta(seconds=20))


async def test_health_is_localised_but_its_source_is_not(sonarr_client: SonarrClient, sonarr: SimulatedSonarr) -> None:
    assert (await sonarr_client.health()).checks == ()
    sonarr.language = "de"
    sonarr.client_offline = True
    (check,) = (await sonarr_client.health()).checks
    assert (check.source, check.severity) == ("DownloadClientStatusCheck", "error")
    assert (check.message or "").startswith("Alle Download-Clients")


async def test_reasons_for_refused_releases_are_counted(sonarr_client: SonarrClient, sonarr: SimulatedSonarr) -> None:
    quality, seeders = "SDTV is not wanted in profile", "Not enough seeders: 0. Minimum seeders: 1"
    sonarr.releases[739] = [
        Release("A", rejections=(quality,)),
        Release("B", rejections=(quality, seeders)),
        Release("C"),
    ]
    found = await sonarr_client.release_rejections(episode_id=739)
    assert (found.found, found.approved, found.rejections) == (3, 1, ((quality, 2), (seeders, 1)))
    assert [(one.title, one.rejections) for one in found.best] == [
        ("C", ()),
        ("A", (quality,)),
        ("B", (quality, seeders)),
    ], "the fewest reasons first"
    (best, *_) = found.best
    assert (best.indexer, best.quality, best.size_bytes, best.seeders) == (
        "Nyaa (Prowlarr)",
        "WEBDL-1080p",
        1 << 30,
        10,
    )


async def test_indexers_of_a_search_by_hand_are_counted(sonarr_client: SonarrClient) -> None:
    assert await sonarr_client.indexers_searched() == 2


async def test_a_base_path_is_kept(
    serve: Callable[[SimulatedSonarr], SimulatedSonarr], clock: SimClock, sessions: Sessions
) -> None:
    server = serve(SimulatedSonarr(clock, api_key=KEY, url_base="/sonarr"))
    client = SonarrClient(instance(Kind.SONARR, f"{server.url}/sonarr"), sessions)
    await client.identify()
    assert server.calls[-1].path == "/sonarr/api/v3/system/status"

"""Decoding: what a record means, what is tolerated, what costs one record only."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.services.decode import decode, decode_each
from tracker_tui.services.jellyfin.wire import (
    InfoWire,
    ItemWire,
    LibraryWire,
    PageWire,
    PluginWire,
    TaskWire,
    guid,
    moment,
    shoko_ids,
)

ID = "1f0c" * 8
CAPTURES = Path(__file__).parents[3].parent / "shared" / "captures" / "jellyfin"
VFS = "/config/Shokofin/VFS/3edecd27-fe5c-5155-93d7-9c197224f11f/Frieren [Shoko Series=123]/Season 01/"


def item(**fields: Any) -> JellyfinItem:
    raw = {"Id": ID, "Type": "Episode"} | fields
    fact = decode(msgspec.json.encode(raw), ItemWire).fact()
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("fields", "playable"),
    [
        pytest.param({"Path": "/m/a.mkv", "LocationType": "FileSystem"}, True, id="a file"),
        pytest.param({"Type": "Video", "Path": "/m/a.mkv", "LocationType": "FileSystem"}, True, id="another version"),
        pytest.param({"Path": "http://cdn/a.mkv", "LocationType": "Remote"}, True, id="remote"),
        pytest.param({"Path": "/m/a.mkv"}, True, id="location type not told"),
        pytest.param({"LocationType": "Virtual"}, False, id="virtual episode"),
        pytest.param({"LocationType": "Virtual", "Path": "/m/a.mkv"}, False, id="virtual with a path"),
        pytest.param({"Type": "Movie", "LocationType": "Virtual", "MediaSources": []}, False, id="metadata stub"),
        pytest.param({"LocationType": "FileSystem"}, False, id="no path"),
        pytest.param({"Path": "", "LocationType": "FileSystem"}, False, id="empty path"),
        pytest.param({"Path": "/m/a.disc", "IsPlaceHolder": True}, False, id="placeholder"),
        pytest.param(
            {"Path": "/m/a.disc", "MediaSources": [{"Path": "/m/a.disc", "Type": "Placeholder"}]},
            False,
            id="only placeholder sources",
        ),
        pytest.param({"Type": "Series", "Path": "/m/Show", "LocationType": "FileSystem"}, False, id="series"),
        pytest.param({"Type": "Season", "Path": "/m/Show/S1", "LocationType": "FileSystem"}, False, id="season"),
    ],
)
def test_playable_needs_a_file_of_its_own(fields: dict[str, Any], playable: bool) -> None:
    assert item(**fields).playable is playable


@pytest.mark.parametrize(
    ("provider_ids", "path", "expected"),
    [
        pytest.param(
            {"shoko file": "4567", "shoko episode": "9001", "shoko series": "123"},
            None,
            ((123,), (9001,), (4567,)),
            id="provider ids",
        ),
        pytest.param({"shoko file": "12,13"}, None, ((), (), (12, 13)), id="a comma list"),
        pytest.param({"shoko file": " 12 , x,13"}, None, ((), (), (12, 13)), id="a list with junk"),
        pytest.param(
            {},
            VFS + "Frieren S01E01 [Shoko Series=124] [Shoko File=4567].mkv",
            ((124,), (), (4567,)),
            id="tags: the file's own series beats its folder's",
        ),
        pytest.param({}, VFS + "A [Shoko Series=1] [Shoko File=12,13].pt1.mkv", ((1,), (), (12, 13)), id="parts"),
        pytest.param(
            {},
            "/v/M [Shoko Series=140] [Shoko Episode=3598]/M [Shoko Series=140] [Shoko File=77].mkv",
            ((140,), (3598,), (77,)),
            id="a film's folder carries the episode",
        ),
        pytest.param({}, "/v/Show [Shoko Series=t209867]", ((), (), ()), id="TMDB structure is no Shoko id"),
        pytest.param({"shoko file": "1"}, VFS + "x [Shoko File=2].mkv", ((123,), (), (1,)), id="provider ids win"),
        pytest.param({"shoko file": "9" * 30}, None, ((), (), ()), id="absurd number"),
        pytest.param({}, "/data/[Shoko Group] Show/01.mkv", ((), (), ()), id="no tag at all"),
    ],
)
def test_shoko_ids_come_from_provider_ids_else_from_path_tags(
    provider_ids: dict[str, str], path: str | None, expected: tuple[tuple[int, ...], ...]
) -> None:
    found = shoko_ids(provider_ids, path)
    assert (found["series"], found["episode"], found["file"]) == expected


def test_an_item_carries_its_facts() -> None:
    fact = item(
        Id="1F0C1F0C-1f0c-1f0c-1f0c-1f0c1f0c1f0c",
        Name="The Gate",
        Path="/media/tv/Show/S02E03-E04.mkv",
        LocationType="FileSystem",
        IndexNumber=3,
        IndexNumberEnd=4,
        ParentIndexNumber=2,
        SeriesId="43736f19-8120-3344-9827-91e0ea33e47d",
        SeriesName="Show",
        ProviderIds={"TVDB": "10123456", "Tmdb": "5512345", "Imdb": "tt1", "AniDB": "278001", "Tvmaze": None},
        DateCreated="2026-09-01T12:00:00.1234567Z",
        MediaSources=[{"Path": "/a.mkv", "Type": "Default"}, {"Path": "/b.mkv", "Type": "Grouping"}, {}],
        SomethingNew={"nested": [1]},
    )
    expected: dict[str, Any] = {
        "id": ID,
        "type": "Episode",
        "name": "The Gate",
        "path": "/media/tv/Show/S02E03-E04.mkv",
        "location_type": "FileSystem",
        "season": 2,
        "number": 3,
        "number_end": 4,
        "series_id": "43736f1981203344982791e0ea33e47d",
        "series_name": "Show",
        "tvdb_id": "10123456",
        "tmdb_id": "5512345",
        "imdb_id": "tt1",
        "anidb_id": "278001",
        "source_paths": ("/a.mkv", "/b.mkv"),
        "created_at": datetime(2026, 9, 1, 12, 0, 0, 123457, tzinfo=UTC),
    }
    assert fact == JellyfinItem(**expected)


@pytest.mark.parametrize("absent", [{}, {"Path": None, "ProviderIds": None, "Name": None, "IndexNumber": None}])
def test_null_and_absent_are_the_same_unknown(absent: dict[str, None]) -> None:
    assert item(**absent) == JellyfinItem(id=ID, type="Episode")  # type: ignore[arg-type]


def test_hostile_names_are_made_safe_and_paths_kept() -> None:
    fact = item(Name="A\x1b]0;x\x07B\u202e", Path="/m/[x265] ünï.mkv", SeriesName="\n\n")
    assert fact.name is not None
    assert "\x1b" not in fact.name
    assert "\u202e" not in fact.name
    assert fact.path == "/m/[x265] ünï.mkv"
    assert fact.series_name is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3EDECD27-fe5c-5155-93d7-9c197224f11f", "3edecd27fe5c515593d79c197224f11f"),
        ("3edecd27fe5c515593d79c197224f11f", "3edecd27fe5c515593d79c197224f11f"),
        ("00000000000000000000000000000000", None),
        ("3edecd27", None),
        ("", None),
        (None, None),
        ("3edecd27fe5c515593d79c197224f11g", None),
        ("3edecd27fe5c515593d79c197224f11f\n", None),
    ],
)
def test_an_id_is_32_hex_digits_or_nothing(text: str | None, expected: str | None) -> None:
    assert guid(text) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(None, None, id="absent"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), None, id=".NET's never"),
        pytest.param(datetime(1, 1, 1), None, id="never without zone"),  # noqa: DTZ001
        pytest.param(datetime(2026, 1, 1, 5), datetime(2026, 1, 1, 5, tzinfo=UTC), id="no zone is UTC"),  # noqa: DTZ001
    ],
)
def test_times_are_aware_or_unknown(raw: datetime | None, expected: datetime | None) -> None:
    assert moment(raw) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(None, (None, None, None), id="options not told"),
        pytest.param({"EnableRealtimeMonitor": False}, (False, True, None), id="Enabled absent before 10.9"),
        pytest.param(
            {"Enabled": False, "TypeOptions": []}, (None, False, None), id="switched off, its readers are the defaults"
        ),
        pytest.param(
            {"TypeOptions": [{"Type": "Series", "MetadataFetchers": ["TheMovieDb", "Shoko"]}]},
            (None, True, True),
            id="Shoko among the fetchers",
        ),
        pytest.param(
            {"TypeOptions": [{"Type": "Series", "MetadataFetchers": None}]}, (None, True, False), id="null fetchers"
        ),
    ],
)
def test_a_library_tells_its_settings(options: object, expected: tuple[bool | None, ...]) -> None:
    raw = {"Name": "Anime", "ItemId": ID, "Locations": ["/a"], "LibraryOptions": options}
    fact = decode(msgspec.json.encode(raw), LibraryWire).fact()
    assert (fact.realtime, fact.enabled, fact.uses_shoko) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        pytest.param("/config/Shokofin/VFS/3edecd27-fe5c-5155-93d7-9c197224f11f", True, id="its virtual root"),
        pytest.param("D:\\VFS\\3EDECD27-FE5C-5155-93D7-9C197224F11F\\", True, id="its virtual root on Windows"),
        pytest.param("/config/Shokofin/VFS/0c419071-40d8-02bb-5843-0fed7e2cd79e", None, id="the root of another"),
        pytest.param("/data/anime", None, id="a folder of the disk"),
    ],
)
def test_a_virtual_root_among_its_locations_tells_a_library_of_shokofin(location: str, expected: bool | None) -> None:
    raw = {"Name": "Anime", "ItemId": "3edecd27fe5c515593d79c197224f11f", "Locations": ["/data/more", location]}

    assert decode(msgspec.json.encode(raw), LibraryWire).fact().uses_shoko is expected


@pytest.mark.parametrize(
    ("status", "progress", "percent"),
    [("Active", 37.5, 37.5), ("Idle", 100.0, None), ("Queued", None, None), (None, None, None)],
)
def test_progress_counts_only_while_active(status: str | None, progress: float | None, percent: float | None) -> None:
    raw = {"Name": "Anime", "RefreshStatus": status, "RefreshProgress": progress}
    fact = decode(msgspec.json.encode(raw), LibraryWire).fact()
    assert (fact.id, fact.refresh_percent) == (None, percent)


@pytest.mark.parametrize(
    ("triggers", "daily", "interval"),
    [
        pytest.param(None, None, None, id="none told"),
        pytest.param([], None, None, id="none"),
        pytest.param([{"Type": "DailyTrigger", "TimeOfDayTicks": 108000000000}], 10800, None, id="daily at 03:00"),
        pytest.param([{"Type": "IntervalTrigger", "IntervalTicks": 432000000000}], None, 43200, id="every 12 h"),
        pytest.param([{"Type": "StartupTrigger"}, {"Type": "WeeklyTrigger", "TimeOfDayTicks": 1}], None, None, id="x"),
        pytest.param([{"Type": "DailyTrigger", "TimeOfDayTicks": 0}], 0, None, id="midnight is a time"),
    ],
)
def test_triggers_become_seconds(triggers: object, daily: int | None, interval: int | None) -> None:
    fact = decode(msgspec.json.encode({"Id": ID, "Key": "RefreshLibrary", "Triggers": triggers}), TaskWire).fact()
    assert (fact.daily_at_s, fact.interval_s, fact.last_ended_at, fact.percent) == (daily, interval, None, None)


CAPTURED = {
    "arr-stack__plugins_2026-05-07.json": (list[PluginWire], 6),
    "arr-stack__scheduled_tasks_2026-05-07_idle.json": (list[TaskWire], 21),
    "arr-stack__system_info_2026-05-07.json": (InfoWire, None),
    "arr-stack__virtualfolders_2026-05-07.json": (list[LibraryWire], 2),
    "mopidy__tracks_page.json": (PageWire, 3),
    "music-assistant__item_audio_zombie_christmas.json": (ItemWire, None),
    "seekarr__episodes_season.json": (PageWire, 3),
}


def captured(name: str) -> bytes:
    if not CAPTURES.is_dir():
        pytest.skip("captures are not here")
    return (CAPTURES / name).read_bytes()


@pytest.mark.parametrize("name", CAPTURED)
def test_every_capture_decodes_whole(name: str) -> None:
    kind, count = CAPTURED[name]
    decoded: Any = decode(captured(name), kind)
    records = decoded if isinstance(decoded, list) else decoded.items if isinstance(decoded, PageWire) else [decoded]
    assert [record.fact() for record in records].count(None) == 0
    assert count is None or len(records) == count


def test_no_capture_is_left_out() -> None:
    if not CAPTURES.is_dir():
        pytest.skip("captures are not here")
    known = set(CAPTURED) | {"arr-stack__system_storage_2026-05-27.json"}  # a call we do not make
    assert {file.name for file in CAPTURES.glob("*.json")} == known


def test_a_recorded_scan_task_tells_its_last_run() -> None:
    tasks, _ = decode_each(captured("arr-stack__scheduled_tasks_2026-05-07_idle.json"), TaskWire)
    scan = next(task for task in tasks if task.key == "RefreshLibrary").fact()
    assert scan.id == "7738148ffcd07979c7ceb148e06b3aed"
    assert scan.state == "Idle"
    assert scan.last_status == "Completed"
    assert scan.interval_s == 43200
    assert scan.last_ended_at is not None
    assert scan.last_started_at is not None
    assert scan.last_started_at < scan.last_ended_at


def test_a_recorded_library_tells_locations_and_monitor() -> None:
    libraries, _ = decode_each(captured("arr-stack__virtualfolders_2026-05-07.json"), LibraryWire)
    series = libraries[0].fact()
    assert (series.collection_type, series.locations, series.realtime) == ("tvshows", ("/media/series",), True)
    assert (series.uses_shoko, series.enabled, series.refresh_status) == (False, True, "Idle")

"""The simulated Jellyfin behaves as the real servers were read to behave."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.ids import computed_id
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.server import SimHost

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
RUN = "/ScheduledTasks/Running/7738148ffcd07979c7ceb148e06b3aed"
SHOW = "/data/tv/Station Nine"
FILE = SHOW + "/Season 01/Station Nine - S01E{:02}.mkv"
FIELDS = "fields=Path,ProviderIds"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_Stay)


class Asked:
    """A request's answer."""

    def __init__(self, server: SimulatedJellyfin, path: str, method: str = "GET", **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if not given:
            given = {"Authorization": 'MediaBrowser Token="jellyfin-key"'}
        body = given.pop("body", "").encode() or None
        request = Request(server.url + path, method=method, headers=given, data=body)
        try:
            answer = _OPENER.open(request, timeout=10)
        except HTTPError as refused:
            answer = refused
        with answer:
            self.status: int = answer.status
            self.headers = answer.headers
            self.body: bytes = answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


def start(host: SimHost, clock: SimClock, version: str) -> SimulatedJellyfin:
    one = SimulatedJellyfin(clock, version)
    one.add_library("Movies", ["/data/movies"], "movies")
    one.add_library("TV-Shows", ["/data/tv"])
    one.add_title(SHOW, "Station Nine", {"Tvdb": "900040"}, {(1, 1): {"Tvdb": "4001"}})
    one.disk.add_file(FILE.format(1), NOW)
    one.disk.add_file("/data/movies/Film (2024)/Film (2024).mkv", NOW)
    one.finish_scan()
    clock.jump(seconds=60)
    host.add(one)
    return one


@pytest.fixture(params=["10.8.13", "10.9.3", "10.9.11", "10.10.7", "10.11.6", "12.1.0"])
def any_version(host: SimHost, clock: SimClock, request: pytest.FixtureRequest) -> Iterator[SimulatedJellyfin]:
    one = start(host, clock, request.param)
    yield one
    host.stop(one)


@pytest.fixture
def server(host: SimHost, clock: SimClock) -> Iterator[SimulatedJellyfin]:
    one = start(host, clock, "10.11.6")
    yield one
    host.stop(one)


# ---- keys


@pytest.mark.parametrize(
    ("headers", "query", "since_12"),
    [
        ({"Authorization": 'MediaBrowser Token="jellyfin-key"'}, "", 200),
        ({"Authorization": 'mediabrowser Client="x", Token="jellyfin%2Dkey"'}, "", 200),
        ({"X": "1"}, "?ApiKey=jellyfin-key", 200),
        ({"Authorization": 'Emby Token="jellyfin-key"'}, "", 401),
        ({"X_Emby_Token": "jellyfin-key"}, "", 401),
        ({"X_MediaBrowser_Token": "jellyfin-key"}, "", 401),
        ({"X": "1"}, "?api_key=jellyfin-key", 401),
    ],
)
def test_twelve_ignores_the_older_forms_of_the_key(
    any_version: SimulatedJellyfin, headers: dict[str, str], query: str, since_12: int
) -> None:
    answer = Asked(any_version, "/System/Info" + query, **headers)
    assert answer.status == (since_12 if any_version.version >= (12,) else 200)


def test_a_missing_or_wrong_key_is_401_without_a_body(server: SimulatedJellyfin) -> None:
    for headers in ({"X": "1"}, {"Authorization": 'MediaBrowser Token="wrong"'}):
        answer = Asked(server, "/Items?recursive=true", **headers)
        assert (answer.status, answer.body) == (401, b"")
    assert Asked(server, "/System/Info/Public", X="1").status == 200


# ---- start-up


def test_start_up_answers_503_and_since_10_11_says_when(any_version: SimulatedJellyfin) -> None:
    any_version.starting = True
    answer = Asked(any_version, "/Items")
    assert answer.status == 503
    assert "html" in answer.headers["Content-Type"]
    new = any_version.version >= (10, 11)
    assert answer.headers.get("Retry-After") == ("005" if new else None)
    public = Asked(any_version, "/System/Info/Public")
    assert public.status == (200 if new else 503)
    assert not new or "version" in public.json
    assert Asked(any_version, "/System/Ping").status == (503 if new else 200)


# ---- items


def names(server: SimulatedJellyfin, query: str) -> list[str]:
    return [item["Name"] for item in Asked(server, "/Items?" + query).json["Items"]]


def test_values_that_do_not_parse_widen_the_question(server: SimulatedJellyfin) -> None:
    everything = names(server, "recursive=true")
    assert len(everything) == 4
    assert names(server, "recursive=true&ids=") == everything
    assert names(server, "recursive=true&ids=what,ever") == everything
    assert names(server, "recursive=true&includeItemTypes=Moovie") == everything
    assert names(server, "recursive=true&anyProviderIdEquals=Tmdb.1") == everything
    assert names(server, f"ids={'0f' * 16}") == []
    assert names(server, "") == []


def test_an_unknown_parent_is_400(server: SimulatedJellyfin) -> None:
    for parent in ("0f" * 16, "nonsense"):
        assert Asked(server, f"/Items?parentId={parent}").status == 400


def test_nulls_are_omitted_and_dates_have_seven_digits(server: SimulatedJellyfin) -> None:
    series, movie = (
        Asked(server, f"/Items?recursive=true&includeItemTypes={one}&{FIELDS},DateCreated").json["Items"][0]
        for one in ("Series", "Movie")
    )
    assert "IndexNumber" not in series
    assert "Container" not in series
    assert movie["DateCreated"] == "2026-01-25T12:00:00.0000000Z"
    assert movie["Id"] == computed_id("Movie", movie["Path"])


def test_fields_come_only_when_asked_for(server: SimulatedJellyfin) -> None:
    (movie,) = Asked(server, "/Items?recursive=true&includeItemTypes=Movie").json["Items"]
    assert movie.keys() & {"Path", "ProviderIds", "DateCreated", "MediaSources"} == set()


def test_pages_and_counts(server: SimulatedJellyfin) -> None:
    answer = Asked(server, "/Items?recursive=true&startIndex=1&limit=2").json
    assert (len(answer["Items"]), answer["TotalRecordCount"], answer["StartIndex"]) == (2, 4, 1)
    answer = Asked(server, "/Items?RECURSIVE=true&LIMIT=2&enableTotalRecordCount=false").json
    assert answer["TotalRecordCount"] == 2


def test_one_item_needs_a_user(server: SimulatedJellyfin) -> None:
    assert Asked(server, f"/Items/{computed_id('Series', SHOW)}").status == 404


def test_a_season_has_no_children_for_a_key_since_10_11(any_version: SimulatedJellyfin) -> None:
    found = names(any_version, f"recursive=true&parentId={computed_id('Season', SHOW + '/Season 01')}")
    assert len(found) == (0 if any_version.version >= (10, 11) else 1)


def test_min_date_last_saved_is_broken_before_10_11(any_version: SimulatedJellyfin) -> None:
    since = "2026-01-25T00:00:00.0000000Z"
    answer = Asked(any_version, f"/Items?recursive=true&includeItemTypes=Movie&minDateLastSaved={since}")
    if any_version.version < (10, 9):
        assert answer.json["Items"] == []
    elif any_version.version < (10, 11):
        assert answer.status == 500
    else:
        assert len(answer.json["Items"]) == 1
    assert len(names(any_version, f"recursive=true&includeItemTypes=Movie&minDateLastSavedForUser={since}")) == 1


def test_missing_episodes_are_listed_for_a_key_from_10_9_4(any_version: SimulatedJellyfin) -> None:
    series = computed_id("Series", SHOW)
    any_version.add_item(any_version.libraries[1], "Episode", "E02", None, series_id=series, season=1, number=2)
    path = f"/Shows/{series}/Episodes?fields=Path"
    numbers = [item["IndexNumber"] for item in Asked(any_version, path).json["Items"]]
    assert numbers == ([1, 2] if any_version.version >= (10, 9, 4) else [1])
    assert [item["IndexNumber"] for item in Asked(any_version, path + "&isMissing=false").json["Items"]] == [1]
    # below a series, the item query itself leaves virtual ones out
    assert len(names(any_version, f"recursive=true&includeItemTypes=Episode&parentId={series}")) == 1
    assert Asked(any_version, f"/Shows/{'0f' * 16}/Episodes").status == 404


def test_a_second_version_is_a_video_and_hidden_since_12(any_version: SimulatedJellyfin) -> None:
    path = "/data/movies/Film (2024)/Film (2024) - 4K.mkv"
    any_version.file_added(path)
    any_version.finish_scan()
    assert len(names(any_version, "recursive=true&includeItemTypes=Movie")) == 1
    found = names(any_version, f"ids={computed_id('Video', path)}")
    assert len(found) == (0 if any_version.version >= (12,) else 1)
    (item,) = Asked(any_version, "/Items?recursive=true&includeItemTypes=Movie&fields=MediaSources").json["Items"]
    assert [one["Path"] for one in item["MediaSources"]][1:] == [path]


def test_the_end_of_a_double_episode_comes_with_its_metadata(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.disk.add_file(SHOW + "/Season 01/Station Nine - S01E03-E04.mkv", clock.now())
    server.finish_scan()
    query = f"/Items?ids={computed_id('Episode', SHOW + '/Season 01/Station Nine - S01E03-E04.mkv')}"
    (item,) = Asked(server, query).json["Items"]
    assert (item["IndexNumber"], item.get("IndexNumberEnd")) == (3, None)
    clock.jump(seconds=5)
    (item,) = Asked(server, query).json["Items"]
    assert (item["IndexNumber"], item["IndexNumberEnd"]) == (3, 4)


# ---- scans


def scan(server: SimulatedJellyfin) -> Any:
    return next(task for task in Asked(server, "/ScheduledTasks").json if task["Key"] == "RefreshLibrary")


def has(server: SimulatedJellyfin, path: str) -> bool:
    return server.item_at(path) is not None


def test_a_scan_takes_its_time_and_picks_up_files(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.libraries[1].realtime = False
    server.file_added(FILE.format(2))
    clock.jump(seconds=600)
    assert not has(server, FILE.format(2))
    assert Asked(server, RUN, "POST").status == 204
    clock.jump(seconds=15)
    assert (scan(server)["State"], scan(server)["CurrentProgressPercentage"]) == ("Running", 25.0)
    assert not has(server, FILE.format(2))
    clock.jump(seconds=46)
    assert has(server, FILE.format(2))
    told = scan(server)
    assert told["State"] == "Idle"
    assert "CurrentProgressPercentage" not in told
    assert told["LastExecutionResult"]["Status"] == "Completed"
    assert told["LastExecutionResult"]["EndTimeUtc"] == "2026-01-25T12:12:00.0000000Z"


def test_starting_a_running_scan_is_204_and_starts_nothing(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.start_scan()
    clock.jump(seconds=30)
    assert Asked(server, RUN, "POST").status == 204
    assert scan(server)["CurrentProgressPercentage"] == 50.0


def test_library_refresh_cancels_and_restarts_a_running_scan(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.start_scan()
    clock.jump(seconds=30)
    assert Asked(server, "/Library/Refresh", "POST").status == 204
    told = scan(server)
    assert (told["State"], told["CurrentProgressPercentage"]) == ("Running", 0.0)
    assert told["LastExecutionResult"]["Status"] == "Cancelled"
    clock.jump(seconds=59)
    assert scan(server)["State"] == "Running"
    clock.jump(seconds=2)
    assert scan(server)["LastExecutionResult"]["Status"] == "Completed"


def test_a_stopped_scan_is_cancelled(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.disk.add_file(FILE.format(2), clock.now())
    server.start_scan()
    assert Asked(server, RUN, "DELETE").status == 204
    clock.jump(seconds=120)
    assert scan(server)["LastExecutionResult"]["Status"] == "Cancelled"
    assert not has(server, FILE.format(2))


def test_the_scan_starts_itself_daily(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.scan_daily(timedelta(hours=3))
    assert scan(server)["Triggers"] == [{"Type": "DailyTrigger", "TimeOfDayTicks": 108000000000}]
    clock.jump(to=datetime(2026, 1, 26, 3, 0, 30, tzinfo=UTC))
    assert scan(server)["State"] == "Running"
    clock.jump(to=datetime(2026, 1, 28, 12, 0, tzinfo=UTC))
    assert scan(server)["LastExecutionResult"]["StartTimeUtc"].startswith("2026-01-28T03:00:00")


def test_the_scan_starts_itself_every_twelve_hours(server: SimulatedJellyfin, clock: SimClock) -> None:
    clock.jump(to=NOW + timedelta(hours=12, seconds=10))
    assert scan(server)["State"] == "Running"


def statuses(server: SimulatedJellyfin) -> list[tuple[str, float | None]]:
    return [(one["RefreshStatus"], one.get("RefreshProgress")) for one in Asked(server, "/Library/VirtualFolders").json]


def test_library_refreshes_queue_behind_each_other(server: SimulatedJellyfin, clock: SimClock) -> None:
    for library in server.libraries:
        assert Asked(server, f"/Items/{library.id}/Refresh", "POST").status == 204
    clock.jump(seconds=5)
    assert statuses(server) == [("Active", 25.0), ("Queued", None)]
    assert scan(server)["State"] == "Idle"
    clock.jump(seconds=20)
    assert statuses(server) == [("Idle", None), ("Active", 25.0)]
    clock.jump(seconds=20)
    assert statuses(server) == [("Idle", None), ("Idle", None)]


def test_a_file_that_vanished_is_gone_after_the_scan(server: SimulatedJellyfin) -> None:
    server.disk.add_file(FILE.format(2), NOW)
    server.finish_scan()
    server.disk.remove(FILE.format(1))
    server.finish_scan()
    assert not has(server, FILE.format(1))
    assert has(server, FILE.format(2))
    server.disk.remove(SHOW)
    server.disk.add_file("/data/tv/Other/Season 01/Other - S01E01.mkv", NOW)
    server.finish_scan()
    assert not has(server, SHOW)


def test_a_missing_or_empty_location_is_skipped_and_keeps_its_items(server: SimulatedJellyfin) -> None:
    server.disk.remove("/data/tv")
    server.finish_scan()
    assert has(server, FILE.format(1))
    server.disk.add_folder("/data/tv")
    server.finish_scan()
    assert has(server, FILE.format(1))


# ---- the library monitor


def test_the_monitor_waits_a_minute_after_the_last_change(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.file_added(FILE.format(2))
    clock.jump(seconds=40)
    server.file_added(FILE.format(3))
    clock.jump(seconds=40)
    assert not has(server, FILE.format(2))
    clock.jump(seconds=21)
    assert has(server, FILE.format(2))
    assert has(server, FILE.format(3))


def test_a_full_scan_throws_pending_reports_away(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.file_added(FILE.format(2))
    clock.jump(seconds=50)
    server.start_scan()
    assert Asked(server, RUN, "DELETE").status == 204
    clock.jump(seconds=300)
    assert not has(server, FILE.format(2))


def test_a_client_may_report_a_path_with_the_monitor_off(server: SimulatedJellyfin, clock: SimClock) -> None:
    server.libraries[1].realtime = False
    server.file_added(FILE.format(2))
    headers = {
        "Authorization": 'MediaBrowser Token="jellyfin-key"',
        "Content_Type": "application/json",
        "body": json.dumps({"Updates": [{"Path": FILE.format(2), "UpdateType": "Created"}]}),
    }
    assert Asked(server, "/Library/Media/Updated", "POST", **headers).status == 204
    clock.jump(seconds=61)
    assert has(server, FILE.format(2))


# ---- the rest


def test_a_folder_that_does_not_exist_is_404(server: SimulatedJellyfin) -> None:
    path = f"/Environment/DirectoryContents?includeFiles=true&includeDirectories=true&path={quote(SHOW)}"
    assert [(one["Name"], one["Type"]) for one in Asked(server, path).json] == [("Season 01", "Directory")]
    assert Asked(server, path + "%20gone").status == 404
    assert Asked(server, "/Environment/DirectoryContents").status == 400


def test_outside_the_base_path_everything_is_a_redirect(host: SimHost, clock: SimClock) -> None:
    one = SimulatedJellyfin(clock, base_path="/jellyfin")
    host.add(one)
    answer = Asked(one, "/System/Info")
    assert (answer.status, answer.headers["Location"]) == (302, "/jellyfin/web/")
    assert Asked(one, "/jellyfin/System/Info").status == 200
    host.stop(one)

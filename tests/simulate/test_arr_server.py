"""The simulated Sonarr and Radarr answer as the real web server does: keys, base path, JSON, lists, pages, versions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tracker_tui.simulate.arr.radarr import RADARR_4, RADARR_5, RADARR_6, SimulatedRadarr
from tracker_tui.simulate.arr.scenery import FIRST_ID, MovieScenery, SeriesScenery
from tracker_tui.simulate.arr.sonarr import SONARR_3, SONARR_4, SONARR_5, SimulatedSonarr
from tracker_tui.simulate.arr.wire import span
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost

NOW = datetime(2026, 1, 25, 12, 0, 0, 750_000, tzinfo=UTC)
KEY = {"X-Api-Key": "sonarr-key"}


@pytest.fixture
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


def start(host: SimHost, version: str = SONARR_4, url_base: str = "") -> SimulatedSonarr:
    sonarr = SimulatedSonarr(SimClock(NOW), version, url_base=url_base)
    sonarr.add_series("Show", {1: 12}, series_id=10, first_episode_id=501, tvdb_id=400001)
    host.add(sonarr)
    return sonarr


def get(server: SimulatedSonarr | SimulatedRadarr, path: str, **headers: str) -> httpx.Response:
    key = {"X-Api-Key": server.api_key} if not headers else {}
    return httpx.get(server.url + server.url_base + path, headers=key | headers)


def data(server: SimulatedSonarr | SimulatedRadarr, path: str) -> Any:
    answer = get(server, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("", KEY, 200),
        ("?apikey=sonarr-key", {}, 200),
        ("?ApiKey=sonarr-key", {}, 200),
        ("", {"Authorization": "Bearer sonarr-key"}, 200),
        ("", {"Authorization": "sonarr-key"}, 401),
        ("", {"X-Api-Key": "wrong"}, 401),
        ("", {}, 401),
    ],
)
def test_keys(host: SimHost, query: str, headers: dict[str, str], status: int) -> None:
    answer = httpx.get(f"{start(host).url}/api/v3/system/status{query}", headers=headers)
    assert answer.status_code == status
    assert (answer.content == b"") is (status == 401)


def test_ping_needs_no_key(host: SimHost) -> None:
    assert httpx.get(f"{start(host).url}/ping").json() == {"status": "OK"}


def test_start_up(host: SimHost) -> None:
    sonarr = start(host)
    sonarr.starting = True
    answer = get(sonarr, "/api/v3/system/status")
    assert (answer.status_code, list(answer.json())) == (503, ["errorMessage"])


def test_base_path(host: SimHost) -> None:
    sonarr = start(host, url_base="/sonarr")
    assert data(sonarr, "/api/v3/system/status")["urlBase"] == "/sonarr"
    bare = httpx.get(f"{sonarr.url}/api/v3/queue?page=2", headers=KEY)
    assert (bare.status_code, bare.headers["location"]) == (307, "/sonarr/api/v3/queue?page=2")


def test_strange_paths(host: SimHost) -> None:
    sonarr = start(host)
    assert get(sonarr, "/api/v3/nothing").status_code == 404
    assert "html" in get(sonarr, "/tv/api/v3/queue").text
    sonarr.authentication = "forms"
    assert get(sonarr, "/tv/api/v3/queue").headers["location"].startswith("/login")


def test_json_is_indented_and_knows_no_null(host: SimHost) -> None:
    sonarr = start(host)
    answer = get(sonarr, "/api/v3/episode?seriesId=10")
    assert answer.text.startswith('[\n  {\n    "seriesId": 10,')
    assert "null" not in answer.text
    assert answer.headers["X-Application-Version"] == SONARR_4
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_times_are_cut_to_the_second(host: SimHost) -> None:
    assert data(start(host), "/api/v3/series/10")["added"] == "2026-01-25T12:00:00Z"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=18, seconds=11), "00:18:11"),
        (timedelta(days=1, hours=2), "1.02:00:00"),
        (timedelta(seconds=14, milliseconds=100), "00:00:14.1000000"),
    ],
)
def test_time_spans(length: timedelta, text: str) -> None:
    assert span(length) == text


@pytest.mark.parametrize(
    ("version", "query", "found"),
    [
        (SONARR_4, "episodeIds=501&episodeIds=502", 2),
        (SONARR_4, "episodeids=501", 1),
        (SONARR_4, "episodeIds=501,502", None),
        (SONARR_3, "episodeIds=501,502", 2),
        (SONARR_4, "seriesId=10&seasonNumber=1", 12),
        (SONARR_4, "seriesId=99", 0),
        (SONARR_4, "seriesId=ten", None),
        (SONARR_4, "", None),
    ],
)
def test_list_parameters(host: SimHost, version: str, query: str, found: int | None) -> None:
    answer = get(start(host, version), f"/api/v3/episode?{query}")
    assert (len(answer.json()) if answer.status_code == 200 else None) == found
    assert answer.status_code == (400 if found is None else 200)


@pytest.mark.parametrize(
    ("version", "path", "status"),
    [
        (SONARR_4, "/api/v3/history?eventType=1&eventType=3", 200),
        (SONARR_4, "/api/v3/history?eventType=grabbed", 400),
        (SONARR_4, "/api/v3/history/since?date=2026-01-01&eventType=grabbed", 200),
        (SONARR_3, "/api/v3/history/since?date=2026-01-01&eventType=grabbed", 400),
        (SONARR_4, "/api/v3/history/since?date=yesterday", 400),
        (SONARR_4, "/api/v3/history/series", 400),
        (SONARR_4, "/api/v3/series/99", 404),
        (SONARR_4, "/api/v3/series/x", 404),
        (SONARR_4, "/api/v3/command/5", 404),
    ],
)
def test_refusals(host: SimHost, version: str, path: str, status: int) -> None:
    assert get(start(host, version), path).status_code == status


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        (SONARR_3, None),
        (SONARR_4, {"current": "v3", "deprecated": []}),
        (SONARR_5, {"current": "v5", "deprecated": ["v3"]}),
    ],
)
def test_api_versions(host: SimHost, version: str, answer: dict[str, object] | None) -> None:
    reply = get(start(host, version), "/api")
    assert (reply.json() if "json" in reply.headers["content-type"] else None) == answer


def test_queue_pages_repeat_the_last_one(host: SimHost) -> None:
    sonarr = start(host)
    sonarr.grab(range(501, 513), "Show.S01", 1 << 30, "ab" * 20)
    sonarr.client_refresh()
    first = data(sonarr, "/api/v3/queue")
    assert (first["page"], first["pageSize"], first["totalRecords"], len(first["records"])) == (1, 10, 12, 10)
    beyond = data(sonarr, "/api/v3/queue?page=9&sortKey=nonsense")
    assert (beyond["page"], len(beyond["records"]), beyond["sortKey"]) == (2, 2, "timeleft")


def test_history_pages_end(host: SimHost) -> None:
    sonarr = start(host)
    sonarr.grab(range(501, 513), "Show.S01", 1 << 30, "ab" * 20)
    assert data(sonarr, "/api/v3/history?page=3&pageSize=6")["records"] == []
    newest = data(sonarr, "/api/v3/history?pageSize=1")
    assert (newest["sortDirection"], newest["records"][0]["episodeId"]) == ("descending", 512)
    oldest = data(sonarr, "/api/v3/history?pageSize=1&sortDirection=ascending")["records"][0]
    assert oldest["episodeId"] == 501


@pytest.mark.parametrize(
    ("version", "present", "absent"),
    [
        (SONARR_3, {"language"}, {"languages", "seasonNumber", "episodeHasFile", "added", "customFormats"}),
        (SONARR_4, {"languages", "seasonNumber", "episodeHasFile", "added", "customFormats"}, {"language"}),
        (SONARR_5, {"languages", "seasonNumber", "episodeHasFile", "added", "customFormats"}, {"language"}),
    ],
)
def test_queue_fields_of_sonarr_versions(host: SimHost, version: str, present: set[str], absent: set[str]) -> None:
    sonarr = start(host, version)
    sonarr.grab([501], "Show.S01E01", 1 << 30, "ab" * 20)
    sonarr.client_refresh()
    keys = set(data(sonarr, "/api/v3/queue/details")[0])
    assert present <= keys
    assert not absent & keys


@pytest.mark.parametrize(
    ("version", "present", "absent"),
    [
        (RADARR_4, {"hasFile"}, {"statistics", "movieFileId", "releaseDate", "keywords"}),
        (RADARR_5, {"hasFile", "statistics", "movieFileId", "releaseDate"}, {"keywords"}),
        (RADARR_6, {"hasFile", "statistics", "movieFileId", "releaseDate", "keywords"}, set()),
    ],
)
def test_film_fields_of_radarr_versions(host: SimHost, version: str, present: set[str], absent: set[str]) -> None:
    radarr = SimulatedRadarr(SimClock(NOW), version)
    radarr.add_movie("Film", movie_id=7)
    host.add(radarr)
    keys = set(data(radarr, "/api/v3/movie/7"))
    assert present <= keys
    assert not absent & keys


def test_missing_and_calendar(host: SimHost) -> None:
    sonarr = start(host)
    sonarr.add_series("Airing", {1: 4}, series_id=20, first_episode_id=601, first_air=NOW - timedelta(days=6))
    sonarr.import_file([601])
    assert data(sonarr, "/api/v3/wanted/missing?pageSize=1")["totalRecords"] == 12
    assert [episode["id"] for episode in data(sonarr, "/api/v3/calendar")] == [602]


def test_a_posted_command_runs_once(host: SimHost) -> None:
    sonarr = start(host)
    url, body = f"{sonarr.url}/api/v3/command", {"name": "SeriesSearch", "seriesId": 10}
    first, second = (httpx.post(url, json=body, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (201, "started")
    assert first.json()["id"] == second.json()["id"] == data(sonarr, "/api/v3/command")[0]["id"]
    assert httpx.post(url, json={}, headers=KEY).json()[0]["propertyName"] == "Name"


def test_scenery_is_of_realistic_size_and_readable_one_by_one(host: SimHost) -> None:
    sonarr, radarr = start(host), SimulatedRadarr(SimClock(NOW))
    host.add(radarr)
    sonarr.scenery, radarr.scenery = SeriesScenery(20), MovieScenery(20)
    series, films = get(sonarr, "/api/v3/series"), get(radarr, "/api/v3/movie")
    assert 5_000 < len(series.content) / 21 < 6_000
    assert 5_700 < len(films.content) / 20 < 6_700
    one = series.json()[3]
    assert data(sonarr, f"/api/v3/series/{one['id']}") == one
    assert len(data(sonarr, f"/api/v3/episode?seriesId={one['id']}")) == 50
    assert data(radarr, f"/api/v3/movie/{FIRST_ID}") == films.json()[0]

"""The simulated Shoko answers as each release does: who may ask what and when, and in which words."""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.shoko.records import RELEASES, V4_1, V4_2, V5_0, V5_1, V5_2, V5_3, V5_3_0, V6, ShokoRelease
from tracker_tui.simulate.shoko.server import SimulatedShoko

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
KEY = "shoko-key"
FIRST = "/mnt/anime/Show/Season 1/Show - 01.mkv"


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


def made(clock: SimClock, release: ShokoRelease = V5_2) -> SimulatedShoko:
    shoko = SimulatedShoko(clock, release)
    shoko.add_folder("/mnt/anime")
    shoko.add_anime(100, "Show", 3, tmdb_shows=(5,), tmdb_movies=(6,), tvdb=(7,), series_id=12, first_episode_id=620)
    return shoko


@pytest.fixture
def serve(host: SimHost, clock: SimClock) -> Iterator[Any]:
    started: list[SimulatedShoko] = []

    def start(release: ShokoRelease = V5_2) -> SimulatedShoko:
        shoko = made(clock, release)
        host.add(shoko)
        started.append(shoko)
        return shoko

    yield start
    for shoko in started:
        host.stop(shoko)


def ask(
    shoko: SimulatedShoko, path: str, *, key: str | None = KEY, method: str = "GET", body: object = None
) -> tuple[int, Any]:
    """Return status and body, decoded if it is JSON."""
    connection = http.client.HTTPConnection(urlsplit(shoko.url).netloc, timeout=5)
    headers = {"apikey": key} if key else {}
    target = path if path.startswith("/") else f"/api/v3/{path}"
    connection.request(method, target, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    raw = answer.read()
    kind = answer.getheader("content-type") or ""
    connection.close()
    return answer.status, json.loads(raw) if "json" in kind else raw.decode()


def matched(shoko: SimulatedShoko, number: int = 1, file_id: int = 301) -> str:
    path = f"/mnt/anime/Show/Season 1/Show - {number:02}.mkv"
    shoko.file_appears(path, 1000 + number, shoko.link(100, number), file_id=file_id)
    shoko.finish_jobs()
    return path


@pytest.mark.parametrize(
    ("release", "path", "status"),
    [
        (V5_2, "Init/Version", 200),
        (V5_2, "Init/Status", 200),
        (V5_2, "Init/Connectivity", 200),
        (V5_2, "Queue", 200),
        (V5_3, "Queue", 401),
        (V5_2, "File/PathEndsWith?path=/x", 401),
        (V4_2, "Dashboard/QueueSummary", 401),
        (V6, "ManagedFolder", 401),
    ],
    ids=lambda part: part if isinstance(part, str) else getattr(part, "version", ""),
)
def test_without_a_key(serve: Any, release: ShokoRelease, path: str, status: int) -> None:
    assert ask(serve(release), path, key=None)[0] == status


def test_a_key_in_the_query_works_too_and_roles_count(serve: Any) -> None:
    shoko = serve()
    reader = shoko.add_user("reader", "x")
    assert ask(shoko, f"ImportFolder?APIKEY={KEY}", key=None)[0] == 200
    assert ask(shoko, "Queue/Items", key=reader) == (403, "")
    assert ask(shoko, "Queue/Items")[0] == 200
    assert ask(serve(V6), "Plugin") == (200, [])


def test_while_starting_only_init_and_queue_answer(serve: Any) -> None:
    shoko = serve()
    shoko.state, shoko.message = "Starting", "Initializing..."
    assert ask(shoko, "Init/Status")[1]["StartupMessage"] == "Initializing..."
    assert ask(shoko, "Queue")[0] == 200
    status, words = ask(shoko, "Series/12")
    assert (status, words.startswith("The Server is not running.")) == (503, True)
    assert ask(shoko, "/api/auth", method="POST", body={"user": "admin", "pass": "x", "device": "d"})[0] == 503


def test_a_blocked_database(serve: Any) -> None:
    shoko = serve()
    shoko.database_blocked = True
    assert ask(shoko, "Series/12") == (400, "Database is Blocked")
    assert ask(shoko, "Init/Status")[1]["DatabaseBlocked"]["Blocked"] is True


def test_6_shows_strangers_only_state_and_message(serve: Any) -> None:
    shoko = serve(V6)
    assert set(ask(shoko, "Init/Status", key=None)[1]) == {"State", "StartupMessage"}
    assert "DatabaseBlocked" in ask(shoko, "Init/Status")[1]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user": "admin", "pass": "shoko-password", "device": "d"}, 200),
        ({"user": "admin", "pass": "wrong", "device": "d"}, 401),
        ({"user": " ", "pass": "x", "device": "d"}, 400),
    ],
    ids=["right", "wrong", "no name"],
)
def test_logins(serve: Any, body: object, status: int) -> None:
    shoko = serve()
    answer = ask(shoko, "/API/Auth", method="POST", body=body, key=None)
    assert answer[0] == status
    if status == 200:
        assert ask(shoko, "Series/12", key=answer[1]["apikey"])[0] == 404
        assert ask(shoko, "/api/auth", method="POST", body=body, key=None) == answer, "one key per user and device"


def test_routes_and_query_names_know_no_case_and_limits_are_enforced(serve: Any) -> None:
    shoko = serve()
    matched(shoko)
    assert ask(shoko, "file/pathendswith?PATH=/show%20-%2001.MKV")[1][0]["ID"] == 301
    status, body = ask(shoko, "Series/12/File?pageSize=1001")
    assert (status, body["errors"]) == (400, {"pageSize": ["The field pageSize must be between 0 and 1000."]})
    assert ask(shoko, "File/PathEndsWith?path=/x&limit=101")[0] == 400
    assert ask(shoko, "Series?pageSize=many")[0] == 400
    assert ask(shoko, "Nothing")[0] == 404


def test_get_requests_that_change_things_are_remembered(serve: Any) -> None:
    shoko = serve()
    shoko.folders[1].watched = False
    shoko.file_appears(FIRST, 1001)
    assert ask(shoko, "ImportFolder/1/Scan") == (200, "")
    assert len(shoko.jobs) == 1
    for path in ("Action/RunImport", "File/1/Scrobble", "Init/StartServer"):
        ask(shoko, path)
    ask(shoko, "Queue/Pause", method="POST")
    assert shoko.paused
    assert [effect.rpartition("/")[2] for effect in shoko.effects] == [
        "Scan",
        "RunImport",
        "Scrobble",
        "StartServer",
        "Pause",
    ]
    ask(shoko, "Series/12?includeDataFrom=AniDB,TMDB")
    assert len(shoko.waits) == 1


@pytest.mark.parametrize(
    ("release", "routes"),
    [
        (V4_2, {"ImportFolder", "Dashboard/QueueSummary"}),
        (V5_0, {"ImportFolder", "Dashboard/QueueSummary", "Queue", "Init/Connectivity", "TMDB/Show/5/Shoko/Series"}),
        (V5_1, {"ImportFolder", "Queue", "Init/Connectivity", "TMDB/Show/5/Shoko/Series"}),
        (V5_3, {"ImportFolder", "Queue", "Init/Connectivity", "TMDB/Show/5/Shoko/Series", "AniDB/BanStatus"}),
        (V6, {"ManagedFolder", "Queue", "Init/Connectivity", "TMDB/Show/5/Shoko/Series", "AniDB/BanStatus", "Plugin"}),
    ],
    ids=lambda part: getattr(part, "version", ""),
)
def test_which_routes_exist(serve: Any, release: ShokoRelease, routes: set[str]) -> None:
    shoko = serve(release)
    matched(shoko)
    asked = {
        "ImportFolder",
        "ManagedFolder",
        "Dashboard/QueueSummary",
        "Queue",
        "Init/Connectivity",
        "TMDB/Show/5/Shoko/Series",
        "AniDB/BanStatus",
        "Plugin",
    }
    assert {path for path in asked if ask(shoko, path)[0] == 200} == routes


@pytest.mark.parametrize(
    ("release", "state", "drop"),
    [(V4_2, 2, 0), (V5_1, 2, 0), (V5_2, "Started", "None"), (V6, "Started", "None")],
    ids=lambda part: getattr(part, "version", ""),
)
def test_enums(serve: Any, release: ShokoRelease, state: object, drop: object) -> None:
    shoko = serve(release)
    folders = "ManagedFolder" if release is V6 else "ImportFolder"
    assert ask(shoko, "Init/Status")[1]["State"] == state
    assert ask(shoko, folders)[1][0]["DropFolderType"] == drop


@pytest.mark.parametrize("release", [V4_1, *RELEASES], ids=lambda release: release.version)
def test_a_file_as_each_release_spells_it(serve: Any, release: ShokoRelease) -> None:
    shoko = serve(release)
    matched(shoko)
    query = "includeXRefs=true" if release.api < (5, 0, 0) else "include=XRefs,AbsolutePaths"
    _, file = ask(shoko, f"File/301?{query}")
    (location,), (series,) = file["Locations"], file["SeriesIDs"]
    (episode,) = series["EpisodeIDs"]
    assert ("ManagedFolderID" in location) is (release is V6)
    assert ("AbsolutePath" in location) is release.has_queue
    assert isinstance(file["Hashes"], list) is (release is V6)
    assert ("TMDB" in series["SeriesID"], "TvDB" in series["SeriesID"]) == (release.has_queue, not release.has_queue)
    assert ("Percentage" in episode) is release.has_queue
    assert file["Imported"].endswith("Z") is release.has_queue
    assert "Viewed" in file or not release.has_queue
    assert (series["SeriesID"]["ID"], episode["ID"], file["Watched"]) == (12, 620, None)


@pytest.mark.parametrize(
    ("release", "word"),
    [(V4_2, "Normal"), (V5_3_0, "Normal"), (V5_3, "Episode"), (V6, "Episode")],
    ids=lambda part: getattr(part, "version", ""),
)
def test_words_for_episodes(serve: Any, release: ShokoRelease, word: str) -> None:
    shoko = serve(release)
    matched(shoko)
    _, page = ask(shoko, "Series/12/Episode?pageSize=0&includeMissing=true&includeDataFrom=AniDB")
    assert (page["Total"], {one["AniDB"]["Type"] for one in page["List"]}) == (3, {word})
    assert ask(shoko, "Series/12/Episode")[1]["Total"] == 1, "missing ones only on demand"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {301}),
        ("include=Ignored", {301, 302}),
        ("include=ImportLimbo", {301, 303}),
        ("include_only=Ignored", {302}),
        ("include_only=ImportLimbo", {303}),
        ("include_only=Unrecognized", {304}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_ignored_files_and_those_in_limbo_are_listed_on_demand(serve: Any, query: str, shown: set[int]) -> None:
    shoko = serve()
    matched(shoko)
    matched(shoko, 2, 302)
    shoko.ignore(302)
    shoko.set_ban(http=True)
    shoko.add_anime(200, "Other", 1)
    shoko.file_appears("/mnt/anime/Other/1.mkv", 5, shoko.link(200, 1), file_id=303)
    shoko.file_appears("/mnt/anime/Unknown/1.mkv", 6, file_id=304)
    shoko.finish_jobs()
    listed = {file["ID"] for file in ask(shoko, f"File?pageSize=0&{query}")[1]["List"]}
    assert listed - {304} == shown - {304}
    assert (304 in listed) is (query in {"", "include=Ignored", "include=ImportLimbo", "include_only=Unrecognized"})
    assert {file["ID"] for file in ask(shoko, "ImportFolder/1/File")[1]["List"]} == {301, 302, 303, 304}
    assert ask(shoko, "File/PathEndsWith?path=/Other/1.mkv")[1][0]["SeriesIDs"][0]["SeriesID"]["ID"] is None


def test_5_0_fails_over_a_word_it_does_not_know(serve: Any) -> None:
    shoko = serve(V5_0)
    matched(shoko)
    assert ask(shoko, "Series/12/File?include=XRefs,ImportLimbo")[0] == 500
    assert ask(shoko, "Series/12/File?include=XRefs,Ignored")[0] == 200


def test_xrefs_are_asked_for_by_other_words(serve: Any) -> None:
    for release, query, has in [
        (V4_2, "includeXRefs=false", True),
        (V5_3, "includeXRefs=false", False),
        (V5_3, "", True),
        (V6, "includeXRefs=true", False),
        (V6, "include=XRefs", True),
    ]:
        shoko = serve(release)
        matched(shoko)
        _, (file,) = ask(shoko, f"File/PathEndsWith?path=01.mkv&{query}")
        assert ("SeriesIDs" in file) is has, (release.version, query)


def test_folder_files_below_a_path(serve: Any) -> None:
    shoko = serve()
    matched(shoko)
    shoko.file_appears("/mnt/anime/Other/1.mkv", 5, file_id=302)
    shoko.finish_jobs()
    for path, found in [("/Show", {301}), ("Show/Season%201/", {301}), ("/Sho", set()), ("/", {301, 302})]:
        assert {one["ID"] for one in ask(shoko, f"ImportFolder/1/File?folderPath={path}")[1]["List"]} == found
    assert ask(shoko, "ImportFolder/9/File")[0] == 404


@pytest.mark.parametrize("release", RELEASES[1:], ids=lambda release: release.version)
def test_items_of_the_queue(serve: Any, release: ShokoRelease) -> None:
    shoko = serve(release)
    shoko.set_ban(udp=True)
    shoko.file_appears(FIRST, 1001)
    shoko.finish_jobs()
    shoko.add_backlog("Hash File", 6)
    six = release is V6
    assert len(ask(shoko, "Queue/Items")[1]["List"]) == (7 if six else 6), "blocked ones are hidden up to 5.3"
    assert len(ask(shoko, "Queue/Items?showAll=true")[1]["List"]) == 7
    assert len(ask(shoko, "Queue/Items?excludeBlocked=true")[1]["List"]) == 6
    zero = ask(shoko, "Queue/Items?pageSize=0&showAll=true")[1]
    assert (zero["Total"], len(zero["List"])) == (7, 7 if six else 0)
    page = ask(shoko, "Queue/Items?pageSize=5&page=2&showAll=true")[1]
    assert len(page["List"]) == 2
    assert ask(shoko, "Queue")[1] | {"CurrentlyExecuting": 0} == {
        "WaitingCount": 2,
        "BlockedCount": 1,
        "TotalCount": 7,
        "ThreadCount": 4,
        "CurrentlyExecuting": 0,
    } | ({"ScheduledCount": 0, "Pools": []} if six else {})


def test_hidden_series(serve: Any) -> None:
    shoko = serve()
    matched(shoko)
    reader = shoko.add_user("reader", "x", hidden_anime=[100])
    assert ask(shoko, "Series/12", key=reader) == (403, "Accessing Series is not allowed for the current user")
    assert ask(shoko, "Series", key=reader)[1]["Total"] == 0
    assert ask(shoko, "File/PathEndsWith?path=01.mkv", key=reader) == (200, [])
    assert ask(shoko, "Series/AniDB/100/Series", key=reader)[0] == 403
    assert ask(shoko, "Series/AniDB/100/Series")[1]["IDs"]["ID"] == 12
    assert ask(shoko, "Series/AniDB/9/Series") == (404, "No Series entry for the given anidbID")

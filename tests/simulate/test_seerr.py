"""The simulated Overseerr, Jellyseerr and Seerr write what the real ones write, and refuse what they refuse."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.seerr.wire import (
    JELLYSEERR,
    OVERSEERR,
    RELEASES,
    SEERR,
    SEERR_3_1,
    ArrServer,
    Product,
    Release,
    Title,
)
from tracker_tui.simulate.server import SimHost

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
HARBOR = Title(700060, True, "Harbor Lights", date="2024-05-01", imdb_id="tt0700060")
STATION = Title(800040, False, "Station Nine", seasons=(1, 2), tvdb_id=900040)


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def start(host: SimHost) -> Iterator[Callable[[Release], SimulatedSeerr]]:
    """Return a starter of servers by release, with one Sonarr and one Radarr connected."""
    running: list[SimulatedSeerr] = []

    def run(release: Release) -> SimulatedSeerr:
        one = SimulatedSeerr(SimClock(NOW), release)
        one.add_server(ArrServer(0, "Sonarr", False, "sonarr", 8989, "sonarr-key", "/data/tv"))
        one.add_server(ArrServer(0, "Radarr", True, "radarr", 7878, "radarr-key", "/data/movies"))
        host.add(one)
        running.append(one)
        return one

    yield run
    for one in running:
        host.stop(one)


@pytest.fixture(params=RELEASES, ids=lambda release: f"{release.product}-{release.version}")
def seerr(request: pytest.FixtureRequest, start: Callable[[Release], SimulatedSeerr]) -> SimulatedSeerr:
    return start(request.param)


Query = dict[str, str | int]


def get(
    seerr: SimulatedSeerr, path: str, query: Query | None = None, *, key: str | None = "seerr-key"
) -> httpx.Response:
    headers = {} if key is None else {"X-Api-Key": key}
    return httpx.get(seerr.url + path, headers=headers, params=query, trust_env=False)


def listed(seerr: SimulatedSeerr, **query: str | int) -> list[int]:
    answer = get(seerr, "/api/v1/request", query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["results"]]


def test_a_wrong_key_is_403_and_none_is_401(seerr: SimulatedSeerr) -> None:
    wrong = get(seerr, "/api/v1/request/count", key="wrong")
    assert (wrong.status_code, wrong.json()) == (
        403,
        {"status": 403, "error": "You do not have permission to access this endpoint"},
    )
    assert get(seerr, "/api/v1/request/count", key=None).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/status", "/api/v1/settings/public"])
def test_two_paths_need_no_key(seerr: SimulatedSeerr, path: str) -> None:
    assert get(seerr, path, key=None).status_code == 200


def test_outside_the_api_is_the_web_app_inside_is_json(seerr: SimulatedSeerr) -> None:
    outside, inside = get(seerr, "/requests"), get(seerr, "/api/v1/nothing")
    assert (outside.status_code, outside.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (inside.status_code, inside.json()["message"]) == (404, "not found")


NEW_WORDS = [("filter", "completed"), ("filter", "deleted"), ("mediaType", "tv"), ("sortDirection", "asc")]
WRONG = [("filter", "declined"), ("sort", "updated"), ("take", "many"), ("page", "1"), ("pageSize", "100")]


@pytest.mark.parametrize(("name", "value"), NEW_WORDS + WRONG)
def test_the_validator_refuses_what_its_version_does_not_know(seerr: SimulatedSeerr, name: str, value: str) -> None:
    answer = get(seerr, "/api/v1/request", {name: value})
    known = (name, value) in NEW_WORDS and seerr.release.product is not Product.OVERSEERR
    assert answer.status_code == (200 if known else 400)
    if not known:
        assert answer.json()["errors"][0]["path"] == f".query.{name}"


def test_other_paths_know_no_query_at_all(seerr: SimulatedSeerr) -> None:
    assert get(seerr, "/api/v1/request/count", {"take": 1}).status_code == 400


def test_pages_and_their_info(seerr: SimulatedSeerr) -> None:
    for n in range(25):
        seerr.request_movie(Title(n + 1, True, f"Film {n}"))
    first = get(seerr, "/api/v1/request").json()
    assert first["pageInfo"] == {"pages": 3, "pageSize": 10, "results": 25, "page": 1}
    assert [one["id"] for one in first["results"]] == list(range(25, 15, -1)), "newest first"
    last = get(seerr, "/api/v1/request", {"take": 10, "skip": 20}).json()
    assert (last["pageInfo"]["page"], len(last["results"])) == (3, 5)
    assert listed(seerr, skip=100) == []


def test_what_each_filter_shows(seerr: SimulatedSeerr) -> None:
    pending, approved, partial, available, declined, failed, lost = (
        seerr.request_movie(Title(n, True, f"Film {n}")) for n in range(1, 8)
    )
    for number in (approved, partial, available, failed, lost):
        seerr.approve(number)
    seerr.partial(partial)
    seerr.complete(available)
    seerr.decline(declined)
    seerr.fail(failed)
    seerr.complete(lost)
    seerr.lose_media(lost)
    fails = seerr.release.product is Product.SEERR
    completes = seerr.release.product is not Product.OVERSEERR
    still_approved = {approved, partial} | (set() if fails else {failed})
    old_lost = set() if completes else {lost}
    old_done = set() if completes else {available, lost}
    shown = {
        "pending": {pending},
        "approved": still_approved | old_done,
        "processing": still_approved | old_lost,
        "unavailable": {pending} | still_approved | old_lost,
        "failed": {failed} if fails else set(),
        "available": {available},
        "all": {pending, approved, partial, available, declined, failed, lost},
    }
    if completes:
        shown |= {"completed": {available, lost}, "deleted": {lost}}
    assert {word: set(listed(seerr, filter=word)) for word in shown} == shown


def test_changes_move_a_request_up_where_they_are_dated(seerr: SimulatedSeerr) -> None:
    first = seerr.request_movie(HARBOR)
    seerr.clock.jump(seconds=60)
    second = seerr.request_tv(STATION, (1,))
    seerr.clock.jump(seconds=60)
    seerr.decline(first)
    frozen = seerr.release in {JELLYSEERR, SEERR_3_1}
    assert listed(seerr, sort="modified") == ([second, first] if frozen else [first, second])
    assert listed(seerr, sort="added") == [second, first]
    one = get(seerr, f"/api/v1/request/{first}").json()
    assert one["createdAt"] == "2026-01-25T12:00:00.000Z"
    assert one["updatedAt"] == ("2026-01-25T12:00:00.000Z" if frozen else "2026-01-25T12:02:00.000Z")


def test_the_list_has_no_titles_and_no_seasons_of_the_media(seerr: SimulatedSeerr) -> None:
    number = seerr.request_tv(STATION, (2,))
    text = get(seerr, "/api/v1/request").text
    assert "Station Nine" not in text
    (in_list,) = get(seerr, "/api/v1/request").json()["results"]
    alone = get(seerr, f"/api/v1/request/{number}").json()
    assert "seasons" not in in_list["media"]
    assert [season["seasonNumber"] for season in alone["media"]["seasons"]] == [1, 2]
    assert [season["seasonNumber"] for season in in_list["seasons"]] == [2]


FIELDS = [
    ("jellyfinMediaId", {JELLYSEERR, SEERR_3_1, SEERR}),
    ("jellyfinMediaId4k", {JELLYSEERR, SEERR_3_1, SEERR}),
    ("canRemove", {JELLYSEERR, SEERR_3_1, SEERR}),
    ("jellyfinUsername", {JELLYSEERR, SEERR_3_1, SEERR}),
    ("serviceErrors", {SEERR_3_1, SEERR}),
    ("failureReason", {SEERR}),
    ("profileName", {JELLYSEERR, SEERR_3_1, SEERR}),
    ("languageProfileId", set(RELEASES)),
]


@pytest.mark.parametrize(("field", "releases"), FIELDS, ids=[row[0] for row in FIELDS])
def test_fields_by_version(seerr: SimulatedSeerr, field: str, releases: set[Release]) -> None:
    number = seerr.request_movie(HARBOR, server_id=0)
    seerr.approve(number)
    seerr.fail(number, "quality profile is gone")
    assert (f'"{field}":' in get(seerr, "/api/v1/request").text) == (seerr.release in releases)


def test_the_hand_over_and_the_end_of_a_request(seerr: SimulatedSeerr) -> None:
    number = seerr.request_movie(HARBOR)
    steps: list[Callable[[], None]] = [
        lambda: None,
        lambda: seerr.approve(number),
        lambda: seerr.send(number, 60),
        lambda: seerr.complete(number, "59975edffb48ce6e4b1caffa6581f293"),
        lambda: seerr.lose_media(number),
    ]
    states = []
    for step in steps:
        step()
        one = get(seerr, f"/api/v1/request/{number}").json()
        states.append((one["status"], one["media"]["status"], one["media"]["externalServiceId"]))
    old = seerr.release is OVERSEERR
    assert states == [
        (1, 2, None),
        (2, 3, None),
        (2, 3, 60),
        (2 if old else 5, 5, 60),
        (2 if old else 5, 1 if old else 7, 60),
    ]


def test_two_requests_share_a_title_and_differ_in_edition(seerr: SimulatedSeerr) -> None:
    hd, uhd = seerr.request_movie(HARBOR, number=80), seerr.request_movie(HARBOR, is_4k=True, number=81)
    seerr.approve(hd)
    media = {one["id"]: one["media"] for one in get(seerr, "/api/v1/request").json()["results"]}
    assert media[hd]["id"] == media[uhd]["id"]
    assert (media[uhd]["status"], media[uhd]["status4k"]) == (3, 2)
    assert seerr.request_tv(STATION, (1,)) == 82


def test_a_list_names_the_servers_it_could_not_ask(seerr: SimulatedSeerr) -> None:
    seerr.servers[0].up = False
    seerr.arr_wait_s = 0.01
    errors = get(seerr, "/api/v1/request").json().get("serviceErrors")
    named = {"radarr": [], "sonarr": [{"id": 0, "name": "Sonarr"}]}
    assert errors == (named if seerr.release in {SEERR_3_1, SEERR} else None)


def test_settings_hold_addresses_and_keys_services_do_not(seerr: SimulatedSeerr) -> None:
    for kind, port in (("sonarr", 8989), ("radarr", 7878)):
        (server,) = get(seerr, f"/api/v1/settings/{kind}").json()
        assert (server["hostname"], server["port"], server["apiKey"]) == (kind, port, f"{kind}-key")
        (public,) = get(seerr, f"/api/v1/service/{kind}").json()
        assert public["name"] == server["name"]
        assert not {"apiKey", "hostname", "port"} & set(public)
    jellyfin = get(seerr, "/api/v1/settings/jellyfin")
    if seerr.release is OVERSEERR:
        assert jellyfin.status_code == 404
    else:
        assert jellyfin.json()["apiKey"] == "jellyfin-key"


def test_titles_come_from_tmdb_or_not_at_all(seerr: SimulatedSeerr) -> None:
    seerr.request_movie(HARBOR)
    assert get(seerr, "/api/v1/movie/700060").json()["title"] == "Harbor Lights"
    for path, word in (("/api/v1/movie/1", "movie"), ("/api/v1/tv/700060", "series")):
        answer = get(seerr, path)
        assert (answer.status_code, answer.json()) == (500, {"message": f"Unable to retrieve {word}."})
    seerr.tmdb_down = True
    assert get(seerr, "/api/v1/movie/700060").status_code == 500


def test_an_unknown_request_is_404(seerr: SimulatedSeerr) -> None:
    for number in ("99", "x"):
        answer = get(seerr, f"/api/v1/request/{number}")
        assert (answer.status_code, answer.json()) == (404, {"message": "Request not found."})

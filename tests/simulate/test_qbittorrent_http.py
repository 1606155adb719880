"""The simulated Web API answers as recorded servers did: fields, deltas, logins, refusals."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from tests.services.qbittorrent.captures import body, load, needs_captures
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.server import SimHost

HASH = "ab" * 20
VERSIONS = ("4.5.2", "5.1.0", "5.3.0")
per_version = pytest.mark.parametrize("version", VERSIONS)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body)

    @property
    def cookie(self) -> str:
        """Return the cookie to send from now on."""
        return self.headers["Set-Cookie"].split(";")[0]


Serve = Callable[..., SimulatedQbittorrent]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return how to start a server."""
    clock = SimClock(datetime(2026, 1, 25, 12, tzinfo=UTC))
    with SimHost() as host:

        def start(version: str = "5.1.0", **options: Any) -> SimulatedQbittorrent:
            server = SimulatedQbittorrent(clock, version, **options)
            host.add(server)
            server.add_torrent(HASH, "Show", [("Show/E1.mkv", 30 << 20), ("Show/E2.mkv", 30 << 20)], "tv-sonarr")
            return server

        yield start


def ask(
    server: SimulatedQbittorrent,
    path: str,
    form: Mapping[str, object] | None = None,
    cookie: str = "",
    **headers: str,
) -> Answer:
    """Send GET, or POST with a form, to the Web API."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    sent = {"Cookie": cookie} if cookie else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    content = None if form is None else urlencode(form)
    connection.request("GET" if form is None else "POST", f"/api/v2/{path}", content, sent)
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.headers), response.read())
    connection.close()
    return answer


def login(server: SimulatedQbittorrent, password: str = "adminadmin", cookie: str = "") -> Answer:
    """Log in."""
    return ask(server, "auth/login", {"username": "admin", "password": password}, cookie)


@pytest.mark.parametrize(
    ("version", "ok", "wrong", "cookie"),
    [
        ("4.5.2", (200, b"Ok."), (200, b"Fails."), "SID="),
        ("5.1.0", (200, b"Ok."), (200, b"Fails."), "SID="),
        ("5.3.0", (204, b""), (401, b"Unauthorized"), "QBT_SID_"),
    ],
)
def test_login(version: str, ok: tuple[int, bytes], wrong: tuple[int, bytes], cookie: str, serve: Serve) -> None:
    server = serve(version)
    refused, accepted = login(server, "x"), login(server)
    assert (refused.status, refused.body) == wrong
    assert (accepted.status, accepted.body) == ok
    assert accepted.cookie.startswith(cookie)
    assert login(server, "x", accepted.cookie).status == ok[0], "with a valid session any password is fine"


@per_version
def test_five_wrong_passwords_ban_also_the_right_one(version: str, serve: Serve) -> None:
    server = serve(version)
    session = login(server).cookie
    for _ in range(5):
        assert login(server, "x").status in {200, 401}
    banned = login(server)
    assert (banned.status, b"banned" in banned.body) == (403, True)
    assert ask(server, "app/version", cookie=session).status == 200, "open sessions go on"
    server.clock.jump(seconds=3601)
    assert login(server).status in {200, 204}


@per_version
@pytest.mark.parametrize(
    ("path", "without", "with_session"),
    [
        ("app/version", 403, 200),
        ("nosuch/thing", 403, 404),
        ("torrents/files?hash=00", 403, 404),
        ("torrents/delete", 403, 405),
    ],
)
def test_refusals(version: str, path: str, without: int, with_session: int, serve: Serve) -> None:
    server = serve(version)
    assert ask(server, path).status == without
    assert ask(server, path, cookie="SID=bogus").status == without
    assert ask(server, path, cookie=login(server).cookie).status == with_session


@per_version
def test_sessions_end_by_idle_time_logout_and_restart(version: str, serve: Serve) -> None:
    server = serve(version)
    cookie = login(server).cookie
    for _ in range(3):
        server.clock.jump(seconds=3000)
        assert ask(server, "app/version", cookie=cookie).status == 200
    server.clock.jump(seconds=3700)
    assert ask(server, "app/version", cookie=cookie).status == 403
    cookie = login(server).cookie
    ask(server, "auth/logout", {}, cookie)
    assert ask(server, "app/version", cookie=cookie).status == 403
    cookie = login(server).cookie
    server.restart_server()
    assert ask(server, "app/version", cookie=cookie).status == 403


def test_foreign_hosts_and_origins_are_refused(serve: Serve) -> None:
    server = serve(bypass=True)
    port = server.url.rpartition(":")[2]
    assert ask(server, "app/version", Origin="http://evil.example").status == 401
    assert ask(server, "app/version", Referer=f"{server.url}/").status == 200
    server.webui_port = int(port)
    assert ask(server, "app/version", Host=f"other.example:{port}").status == 200
    assert ask(server, "app/version", Host="127.0.0.1:1").status == 401


def test_bypass_opens_a_session_per_cookieless_request(serve: Serve) -> None:
    server = serve(bypass=True)
    first = ask(server, "sync/maindata?rid=0")
    assert ask(server, "sync/maindata?rid=1").json["full_update"], "without the cookie it is another session"
    assert "full_update" not in ask(server, "sync/maindata?rid=1", cookie=first.cookie).json
    assert server.sessions == 2


def test_api_keys_share_one_session(serve: Serve) -> None:
    server = serve("5.3.0", api_key="qbt_key")
    key = "Bearer qbt_key"
    assert ask(server, "sync/maindata", Authorization=key).json["full_update"]
    assert ask(server, "sync/maindata?rid=1", Authorization=key).json == {"rid": 2}
    assert ask(server, "app/version", Authorization="Bearer other").status == 403
    assert ask(server, "auth/login", {}, Authorization=key).status in {401, 403}
    assert ask(serve("5.1.0", api_key="qbt_key"), "app/version", Authorization=key).status == 403


@per_version
def test_lost_answers(version: str, serve: Serve) -> None:
    """4.6 to 5.2.3 forget the fields of an answer that was not acknowledged."""
    server = serve(version, bypass=True)
    cookie = ask(server, "sync/maindata").cookie
    ask(server, "sync/maindata?rid=1", cookie=cookie)
    server.stop(HASH)
    assert "state" in ask(server, "sync/maindata?rid=2", cookie=cookie).json["torrents"][HASH]
    server.torrents[HASH].tags = ("4k",)
    server._show(HASH)
    again = ask(server, "sync/maindata?rid=2", cookie=cookie).json
    assert again["torrents"][HASH].get("tags") == "4k"
    assert ("state" in again["torrents"][HASH]) == (version != "5.1.0")
    assert again["rid"] == 4
    full = ask(server, "sync/maindata?rid=999", cookie=cookie).json
    assert (full["full_update"], full["torrents"][HASH]["tags"]) == (True, "4k")


@per_version
def test_lost_removals_are_told_again(version: str, serve: Serve) -> None:
    server = serve(version, bypass=True)
    cookie = ask(server, "sync/maindata").cookie
    ask(server, "sync/maindata?rid=1", cookie=cookie)
    server.remove(HASH)
    for _ in range(2):
        assert ask(server, "sync/maindata?rid=2", cookie=cookie).json["torrents_removed"] == [HASH]


@pytest.mark.parametrize(("version", "rid"), [("4.5.2", 1), ("5.1.0", 3), ("5.3.0", 3)])
def test_rids_go_on_or_start_again(version: str, rid: int, serve: Serve) -> None:
    server = serve(version, bypass=True)
    cookie = ask(server, "sync/maindata").cookie
    assert ask(server, "sync/maindata?rid=1", cookie=cookie).json == {"rid": 2}
    assert ask(server, "sync/maindata?rid=-5", cookie=cookie).json["rid"] == rid


def test_full_answers_name_or_omit_what_is_empty(serve: Serve) -> None:
    old, new = serve("4.5.2", bypass=True), serve("5.1.0", bypass=True)
    assert ask(old, "sync/maindata").json["tags"] == []
    assert "tags" not in ask(new, "sync/maindata").json


def test_categories_and_tags_come_and_go_by_delta(serve: Serve) -> None:
    server = serve(bypass=True)
    cookie = ask(server, "sync/maindata").cookie
    server.categories["anime"] = "/data/anime"
    del server.categories["radarr"]
    server.tags.append("4k")
    delta = ask(server, "sync/maindata?rid=1", cookie=cookie).json
    assert delta["categories"] == {"anime": {"name": "anime", "savePath": "/data/anime"}}
    assert (delta["categories_removed"], delta["tags"]) == (["radarr"], ["4k"])


def test_lists_can_be_narrowed(serve: Serve) -> None:
    server = serve("5.3.0", bypass=True)
    server.fill(3)
    assert len(ask(server, "torrents/info").json) == 4
    assert [one["hash"] for one in ask(server, "torrents/info?category=tv-sonarr").json] == [HASH]
    assert [one["hash"] for one in ask(server, f"torrents/info?hashes={HASH.upper()}").json] == [HASH]
    assert ask(server, f"torrents/info?hashes={'0' * 40}").json == []
    (with_files,) = ask(server, f"torrents/info?hashes={HASH}&includeFiles=true").json
    assert with_files["files"] == ask(server, f"torrents/files?hash={HASH}").json
    assert "files" not in ask(serve("5.1.0", bypass=True), "torrents/info?includeFiles=true").json[0]


def test_large_answers_are_compressed_when_asked(serve: Serve) -> None:
    server = serve(bypass=True)
    server.fill(20)
    assert ask(server, "torrents/info", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in ask(server, "torrents/info").headers
    assert "Content-Encoding" not in ask(server, "app/version", Accept_Encoding="gzip").headers


def test_five_thousand_torrents_change_one(serve: Serve) -> None:
    server = serve(bypass=True)
    server.fill(5000)
    first = ask(server, "sync/maindata")
    assert len(first.json["torrents"]) == 5001
    server.stop(HASH)
    delta = ask(server, "sync/maindata?rid=1", cookie=first.cookie)
    assert [*delta.json["torrents"]] == [HASH]
    assert len(delta.body) < 500


@needs_captures
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0"])
@pytest.mark.parametrize(
    ("path", "recorded"),
    [
        (f"torrents/info?hashes={HASH}", "torrents_info_downloading"),
        (f"torrents/files?hash={HASH}", "torrents_files_mid"),
        (f"torrents/properties?hash={HASH}", "torrents_properties_downloading"),
        ("transfer/info", "transfer_info_downloading"),
        ("app/buildInfo", "app_buildInfo"),
        ("app/version", "app_version"),
        ("app/webapiVersion", "app_webapiVersion"),
    ],
)
def test_shapes_are_the_recorded_ones(version: str, path: str, recorded: str, serve: Serve) -> None:
    answer = ask(serve(version, bypass=True), path)
    wanted = load(f"real-{version}__{recorded}")
    assert answer.headers["Content-Type"].lower() == wanted["headers"]["content-type"].lower()
    if isinstance(wanted["body"], str):
        assert answer.body.decode() == wanted["body"]
        return
    ours, theirs = answer.json, wanted["body"]
    while isinstance(ours, list):
        ours, theirs = ours[0], theirs[0]
    assert [*ours] == [*theirs]


@needs_captures
@pytest.mark.parametrize("version", ["4.5.2", "5.1.0", "5.2.0"])
def test_maindata_shapes_are_the_recorded_ones(version: str, serve: Serve) -> None:
    if version == "5.2.0":
        wanted = body("arr-stack__sync_maindata_full_2026-05-09")
        fields = {*next(iter(wanted["torrents"].values()))}
    else:
        sequence = [
            step["body"] for step in load(f"real-{version}__maindata_sequence") if "rid" in step.get("body", "")
        ]
        wanted = sequence[0]
        fields = {key for step in sequence for record in step.get("torrents", {}).values() for key in record}
    ours = ask(serve(version, bypass=True), "sync/maindata").json
    assert {*ours["torrents"][HASH]} == fields
    assert {*ours["server_state"]} == {*wanted["server_state"]}

"""One service in the dialogue: every way an address, a certificate or a login can be wrong, said and mended."""

import asyncio
import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace

from tests.remedies.house import House
from tests.services.certificates import self_signed
from tracker_tui.config.editing import edited
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.headless.init.plan import Plan, Planned
from tracker_tui.headless.init.round import one_more, whole_round
from tracker_tui.headless.init.service import Interview
from tracker_tui.headless.init.trial import Prober
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.seerr.wire import ArrServer


class Script:
    """A terminal with the answers of one test: each question must hold the words that its answer is meant for."""

    def __init__(self, *answers: tuple[str, str]) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []

    def say(self, text: str = "") -> None:
        self.shown.append(text)

    def ask(self, question: str) -> str:
        self.shown.append(question)
        assert self.answers, f"nobody meant to answer {question!r}"
        words, answer = self.answers.pop(0)
        assert words in question, "\n".join(self.shown)
        return answer

    secret = ask

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


Talk = Callable[..., tuple[Script, Plan]]


@pytest.fixture
def talk() -> Iterator[Talk]:
    """Ask for one more service of a kind; every answer must be used."""
    with Prober() as prober:

        def hold(kind: Kind, *answers: tuple[str, str]) -> tuple[Script, Plan]:
            script, plan = Script(*answers), Plan()
            one_more(Interview(script, prober, plan), kind)
            assert script.answers == [], script.text
            return script, plan

        yield hold


def only(plan: Plan) -> Instance:
    (planned,) = plan.present
    return planned.instance


def test_a_base_path_that_is_missing_is_found(house: House, talk: Talk) -> None:
    service = SimulatedRadarr(house.clock, url_base="/radarr")
    house.host.add(service)
    try:
        script, plan = talk(Kind.RADARR, ("Where is", service.url), ("API key", service.api_key))
    finally:
        house.host.stop(service)
    assert f"Radarr answers at {service.url}/radarr: taken." in script.text
    assert only(plan).url == f"{service.url}/radarr"


@pytest.mark.parametrize(
    ("fault", "says", "untested"),
    [
        (Fault.RESET, "closed without an answer", ("untested?", "y")),
        (Fault.STATUS_503, "starting up", ("untested?", "y")),
        (Fault.STATUS_502, "a proxy in front does not reach it", ("untested?", "y")),
        (Fault.HTML, "something answers that is not Sonarr", ("1, 2 or 3", "2")),
    ],
)
def test_a_service_that_gives_no_answer_can_be_written_down_untested(
    house: House, talk: Talk, fault: Fault, says: str, untested: tuple[str, str]
) -> None:
    house.home.sonarr.fault = fault
    url = house.home.sonarr.url
    script, plan = talk(Kind.SONARR, ("Where is", url), untested, ("API key", "abc"))
    assert says in script.text
    assert (only(plan).url, plan.present[0].known) == (url, False)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "Nothing was entered."),
        ("two words", "blanks or characters"),
        ("schlüssel", "blanks or characters"),
        ("http://nas:8989", "That is an address, not a key."),
    ],
)
def test_what_is_no_key_is_not_sent(house: House, talk: Talk, key: str, says: str) -> None:
    sonarr = house.home.sonarr
    script, _ = talk(
        Kind.SONARR, ("Where is", sonarr.url), ("API key", key), ("out?", "n"), ("API key", key), ("out?", "y")
    )
    assert says in script.text
    assert {call.status for call in sonarr.calls if call.path.startswith("/api/v3/")} == {401}


def test_a_key_with_quotes_around_it_is_taken_without(house: House, talk: Talk) -> None:
    sonarr = house.home.sonarr
    _, plan = talk(Kind.SONARR, ("Where is", sonarr.url), ("API key", f'"{sonarr.api_key}"'))
    assert plan.present[0].known


def test_a_login_that_qbittorrent_does_not_ask_for(house: House, talk: Talk) -> None:
    house.home.qbittorrent.bypass = True
    script, plan = talk(Kind.QBITTORRENT, ("Where is", house.home.qbittorrent.url))
    assert "lets this machine in without a login" in script.text
    assert not [call for call in house.home.qbittorrent.calls if call.path.endswith("login")]
    assert plan.present[0].known
    assert plan.present[0].values == {"url": house.home.qbittorrent.url}, "no login is invented"


def test_a_key_with_lesser_rights_is_told(house: House, talk: Talk) -> None:
    house.jellyfin.faults["/Library/VirtualFolders"] = Fault.STATUS_403
    script, _ = talk(Kind.JELLYFIN, ("Where is", house.jellyfin.url), ("API key", house.jellyfin.api_key))
    assert "libraries and scheduled tasks may not be read" in script.text
    assert "Dashboard → API Keys" in script.text


def test_shoko_with_user_and_password(house: House, talk: Talk) -> None:
    shoko = house.home.shoko
    name, user = next(iter(shoko.users.items()))
    script, plan = talk(
        Kind.SHOKO,
        ("Where is", shoko.url),
        ("Enter: user and password", ""),
        ("User", name),
        ("Password", user.password),
    )
    assert plan.present[0].known, script.text
    assert only(plan).username == name


def test_qbittorrent_is_found_where_sonarr_has_it(house: House) -> None:
    home = house.home
    client = home.sonarr.clients[0]
    client.host, client.port = "unknown.invalid", int(home.qbittorrent.url.rpartition(":")[2])
    script = Script(
        ("On which machine", "http://[::1"),
        ("On which machine", "no-such-host.invalid"),
        ("On which machine", "https://127.0.0.1/login"),  # out of the browser
        ("Where is Seerr?", "-"),
        ("Where is Sonarr?", home.sonarr.url),
        ("API key", home.sonarr.api_key),
        ("Where is Radarr?", "-"),
        (f"Enter: {home.qbittorrent.url}", "-"),
        ("Where is Jellyfin?", "-"),
        ("Where is Shoko?", "-"),
    )
    with Prober() as prober:
        whole_round(Interview(script, prober, Plan()))
    assert script.answers == []
    assert "host name no-such-host.invalid is unknown" in script.text
    assert re.search("(port of|On) 127.0.0.1", script.text)


def test_several_that_seerr_knows_keep_its_names_and_numbers(house: House) -> None:
    home = house.home
    home.seerr.servers.clear()
    port = int(home.sonarr.url.rpartition(":")[2])
    for number, name in ((3, "HD"), (5, "4K: big")):
        home.seerr.add_server(ArrServer(number, name, False, "unknown.invalid", port, home.sonarr.api_key, "/data"))
    script = Script(
        ("On which machine", "127.0.0.1"),
        ("Where is Seerr?", home.seerr.url),
        ("API key", home.seerr.api_key),
        ("Use it", ""),
        ("Use it", "y"),
        ("Where is Jellyfin?", "-"),  # the one that Seerr knows
        ("Where is Radarr?", "-"),
        ("Where is qBittorrent?", "-"),
        ("Where is Shoko?", "-"),
    )
    plan = Plan()
    with Prober() as prober:
        whole_round(Interview(script, prober, plan))
    sonarrs = [edit.values for edit in plan.edits() if edit.kind is Kind.SONARR]
    assert [(one["name"], one["seerr_server_id"]) for one in sonarrs] == [("HD", 3), ("4K big", 5)]


# ---- a login page in front


class Guarded(SimulatedRadarr):
    """A Radarr behind a proxy that wants a header; without it, it redirects to a login page or asks for its login."""

    wants = ("X-Token", "let-me-in")
    realm: str | None = None

    def check(self, request: web.Request) -> web.Response | None:
        if request.headers.get(self.wants[0]) == self.wants[1]:
            return super().check(request)
        if self.realm is None:
            return web.Response(status=302, headers={"Location": "https://login.invalid/?next=1"})
        return web.Response(status=401, headers={"WWW-Authenticate": f'Basic realm="{self.realm}"'})


def test_a_login_page_is_passed_by_its_header(house: House, talk: Talk) -> None:
    service = Guarded(house.clock)
    house.host.add(service)
    script, plan = talk(
        Kind.RADARR,
        ("Where is", service.url),
        ("1, 2 or 3", "1"),
        ("Header", "X-Api-Key"),
        ("Value of X-Api-Key", "abc"),
        ("Header", "X-Token:"),
        ("Value of X-Token", "wrong"),
        ("Enter: no more", ""),
        ("1, 2 or 3", "1"),
        ("Enter: none", "X-Token"),
        ("Value of X-Token", "let-me-in"),
        ("Enter: no more", ""),
        ("API key", service.api_key),
    )
    assert "answers with a redirect to https://login.invalid" in script.text
    assert "X-Api-Key: the service gets its key in another way" in script.text
    assert plan.present[0].known
    text = edited("", plan.edits())
    assert tomllib.loads(text)["radarr"] == [
        {"url": service.url, "api_key": service.api_key, "headers": {"X-Token": "let-me-in"}}
    ]


def test_the_proxys_own_user_and_password_are_enough(house: House, talk: Talk) -> None:
    service = Guarded(house.clock)
    service.realm, service.wants = "home", ("Authorization", "Basic bWlhOmh1bnRlcjI=")
    house.host.add(service)
    script, plan = talk(
        Kind.RADARR,
        ("Where is", service.url),
        ("1, 2 or 3", "1"),
        ("u: user and password", "u"),
        ("User at the proxy?", "mia"),
        ("Password at the proxy", "hunter2"),
        ("Enter: no more", ""),
        ("API key", service.api_key),
    )
    assert "a proxy in front asks for its own login (401)" in script.text
    assert plan.present[0].known


# ---- what is changed later


def test_a_login_that_is_no_longer_asked_for_leaves_the_file(house: House) -> None:
    qbittorrent = house.home.qbittorrent
    text = f'[[qbittorrent]]\nurl = "{qbittorrent.url}"\nusername = "mia"\npassword_env = "GONE"\n'
    planned = Planned(Instance(kind=Kind.QBITTORRENT, name="qbittorrent", url=qbittorrent.url, username="mia"), 0)
    plan = Plan()
    plan.all.append(planned)
    qbittorrent.bypass = True
    script = Script(("Where is", ""))
    with Prober() as prober:
        Interview(script, prober, plan).change(planned)
    assert edited(text, plan.edits()) == f'[[qbittorrent]]\nurl = "{qbittorrent.url}"\n'


def test_what_is_not_changed_is_not_written_anew(tmp_path: Path) -> None:
    """A file name beside the configuration stays one, and headers stay in the table they were written in."""
    planned = Planned(
        Instance(
            kind=Kind.SONARR,
            name="sonarr",
            url="http://127.0.0.1:1",
            api_key=Secret("abc"),
            ca_file=tmp_path / "ca.pem",
            headers={"X-Token": Secret("t")},
        ),
        0,
    )
    plan = Plan()
    plan.all.append(planned)
    planned.answer(replace(planned.instance, url="http://nas:8989"), login=False, known=True, about="")
    (edit,) = plan.edits()
    assert (edit.values, edit.drop) == ({"url": "http://nas:8989"}, frozenset())


# ---- certificates


@contextmanager
def behind_tls(url: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve what listens at `url` behind TLS with a certificate of its own; yield its address and that certificate."""
    pair = self_signed(folder, "own")
    port = int(url.rpartition(":")[2])

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while part := await reader.read(1 << 16):
            writer.write(part)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, back), carry(there, writer), return_exceptions=True)
        back.close()
        writer.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    start = asyncio.start_server(serve, "127.0.0.1", 0, ssl=pair.speaks())
    server = asyncio.run_coroutine_threadsafe(start, loop).result(10)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", pair.certificate
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    await asyncio.sleep(0.05)


def test_a_certificate_of_ones_own_is_trusted_by_its_file(house: House, talk: Talk, tmp_path: Path) -> None:
    sonarr = house.home.sonarr
    with behind_tls(sonarr.url, tmp_path) as (url, certificate):
        script, plan = talk(
            Kind.SONARR,
            ("Where is", url),
            ("1, 2 or 3", ""),
            ("Where is", url.removeprefix("https://")),  # https is found by itself
            ("1, 2 or 3", "1"),
            ("Which file?", str(tmp_path / "no-such")),
            ("Where is", url),
            ("1, 2 or 3", "1"),
            ("Which file?", str(certificate)),
            ("API key", sonarr.api_key),
        )
    assert "the certificate was not accepted (self-signed certificate)" in script.text
    assert "That is no file." in script.text
    assert (only(plan).url, only(plan).ca_file, only(plan).verify_tls) == (url, certificate, True)
    assert plan.present[0].values["ca_file"] == str(certificate)


def test_no_verification_is_offered_with_its_risk(house: House, talk: Talk, tmp_path: Path) -> None:
    sonarr = house.home.sonarr
    with behind_tls(sonarr.url, tmp_path) as (url, _):
        script, plan = talk(Kind.SONARR, ("Where is", url), ("1, 2 or 3", "2"), ("API key", sonarr.api_key))
    assert "could pass as the service and take the key" in script.text
    assert plan.present[0].values["verify_tls"] is False

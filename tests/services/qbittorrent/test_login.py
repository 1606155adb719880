"""Logins: one try, one session, and a name for every way they fail."""

import io
import logging
import traceback

import pytest

from tests.services.qbittorrent.conftest import HASH, PASSWORD, VERSIONS, MakeClient, MakeServer, add_season, sent
from tracker_tui.config.settings import Secret
from tracker_tui.model.states import ServiceStatus
from tracker_tui.services.errors import Banned, LoginRefused, ServiceError, Unauthorized, Unreachable
from tracker_tui.simulate.faults import Fault

per_version = pytest.mark.parametrize("version", VERSIONS)


@per_version
async def test_one_session_however_many_calls(version: str, make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(version)
    client = make_client(server.url)
    for _ in range(3):
        await client.identify()
        await client.sync()
    assert sent(server).count("auth/login") == 1
    assert server.sessions == 1


@per_version
async def test_closing_ends_the_session(version: str, make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(version)
    client = make_client(server.url)
    await client.sync()
    await client.aclose()
    assert server.sessions == 0


@per_version
async def test_an_expired_session_costs_one_login(
    version: str, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version)
    add_season(server, speed=0)
    client = make_client(server.url)
    await client.sync()
    server.expire_sessions()
    read = await client.sync()
    assert (read.full, read.changed, read.removed) == (False, (), ())
    assert sent(server).count("auth/login") == 2
    assert not client.refused


@per_version
async def test_a_refused_login_is_sent_once(version: str, make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(version)
    client = make_client(server.url, password=Secret("wrong"))
    for _ in range(3):
        with pytest.raises(LoginRefused, match="refused"):
            await client.sync()
        with pytest.raises(LoginRefused):
            await client.identify()
        with pytest.raises(LoginRefused):
            await client.files([HASH])
    assert sent(server) == ["sync/maindata", "auth/login"]
    assert client.refused
    client.retry_login()
    assert not client.refused
    with pytest.raises(LoginRefused):
        await client.sync()
    assert sent(server).count("auth/login") == 2


@per_version
async def test_the_right_password_after_a_retry(version: str, make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(version, password="old")
    client = make_client(server.url)
    with pytest.raises(LoginRefused):
        await client.sync()
    server.password = PASSWORD
    client.retry_login()
    assert (await client.sync()).full


async def test_a_refusal_of_an_earlier_run_is_obeyed(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server()
    client = make_client(server.url, login_refused=True)
    assert client.refused
    with pytest.raises(LoginRefused, match="earlier") as raised:
        await client.sync()
    assert raised.value.as_failure().status is ServiceStatus.UNAUTHORIZED
    assert server.calls == []
    client.retry_login()
    await client.sync()
    assert not client.refused


@per_version
async def test_a_ban_is_told_from_a_wrong_password(
    version: str, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version)
    client = make_client(server.url, password=Secret("wrong"))
    for _ in range(5):
        client.retry_login()
        with pytest.raises(LoginRefused) as raised:
            await client.sync()
        assert raised.type is LoginRefused
    client.retry_login()
    with pytest.raises(Banned):
        await client.sync()
    with pytest.raises(Banned):
        await client.sync()
    assert sent(server).count("auth/login") == 6
    assert client.refused


@per_version
async def test_bypassed_authentication_needs_no_login(
    version: str, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version, bypass=True)
    add_season(server, speed=0)
    client = make_client(server.url, username=None, password=None)
    await client.sync()
    assert (await client.sync()).changed == ()
    server.restart_server()
    assert (await client.sync()).removed == ()
    assert "auth/login" not in sent(server)
    assert server.sessions == 1


@per_version
async def test_without_credentials_a_login_page_is_no_refused_login(
    version: str, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version)
    client = make_client(server.url, username=None, password=None)
    with pytest.raises(Unauthorized, match="asks for a login"):
        await client.sync()
    assert sent(server) == ["sync/maindata"]
    assert not client.refused


async def test_an_api_key_needs_no_login(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server("5.3.0", api_key="qbt_" + "k" * 28)
    client = make_client(server.url, api_key=Secret("qbt_" + "k" * 28), username=None, password=None)
    await client.sync()
    assert (await client.sync()).full is False
    await client.aclose()
    assert set(sent(server)) == {"sync/maindata"}


async def test_a_refused_api_key_may_be_tried_again(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server("5.3.0", api_key="qbt_" + "k" * 28)
    client = make_client(server.url, api_key=Secret("qbt_wrong"), username=None, password=None)
    with pytest.raises(Unauthorized, match="API key"):
        await client.sync()
    assert sent(server) == ["sync/maindata"]
    assert not client.refused


@pytest.mark.parametrize(
    ("version", "options"),
    [("5.1.4", {"cookie_secure": True}), ("5.3.0", {"cookie_offset_s": -4000})],
    ids=["secure cookie", "clock ahead"],
)
async def test_a_session_that_does_not_hold_is_named_not_looped(
    version: str, options: dict[str, object], make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version, **options)
    client = make_client(server.url)
    for _ in range(3):
        with pytest.raises(LoginRefused, match="login succeeded") as raised:
            await client.sync()
    assert "clocks" in (raised.value.fix or "")
    assert sent(server) == ["sync/maindata", "auth/login", "sync/maindata"]
    assert client.refused


async def test_the_host_header_check_is_named(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(webui_port=1)
    client = make_client(server.url)
    with pytest.raises(Unauthorized, match="Host header") as raised:
        await client.sync()
    assert "same port" in (raised.value.fix or "")
    assert sent(server) == ["sync/maindata"]
    assert not client.refused, "asking again costs nothing, and heals when the option is changed"


async def test_two_servers_of_one_address_keep_their_cookies_apart(
    make_server: MakeServer, make_client: MakeClient
) -> None:
    servers = [make_server("4.5.2"), make_server("5.1.4")]
    clients = [make_client(server.url) for server in servers]
    for _ in range(3):
        for client in clients:
            await client.sync()
    assert [sent(server).count("auth/login") for server in servers] == [1, 1]


async def test_unanswered_logins_come_to_an_end(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server()
    server.faults["/api/v2/auth"] = Fault.RESET
    client = make_client(server.url)
    for _ in range(3):
        with pytest.raises(Unreachable):
            await client.sync()
    with pytest.raises(LoginRefused, match="not answered"):
        await client.sync()
    assert client.refused
    server.faults.clear()
    client.retry_login()
    assert (await client.sync()).full


async def test_a_refusal_that_comes_after_the_deadline_counts(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server()
    client = make_client(server.url, password=Secret("wrong"), timeout_s=0.3)
    server.latency_s = 0.2
    with pytest.raises(ServiceError):
        await client.sync()
    for _ in range(50):
        if client.refused:
            break
        with pytest.raises(ServiceError):
            await client.sync()
    assert client.refused
    assert sent(server).count("auth/login") <= 2


async def test_the_environment_does_not_speak_for_the_configuration(
    make_server: MakeServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"QBITTORRENTAPI_{name}", "canary-of-another")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = make_server()
    assert (await make_client(server.url).sync()).full
    with pytest.raises(Unauthorized, match="asks for a login"):
        await make_client(server.url, username=None, password=None).sync()


CANARIES = (PASSWORD, "canary-key", "canary-header")


@pytest.mark.parametrize("fault", [None, *Fault], ids=str)
async def test_secrets_stay_inside(
    fault: Fault | None, make_server: MakeServer, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = make_server("5.3.0")
    server.fault = fault
    client = make_client(
        server.url,
        timeout_s=0.3,
        headers={"X-Proxy": Secret("canary-header")},
        **({} if fault else {"password": Secret(PASSWORD + "x")}),
    )
    keyed = make_client(server.url, timeout_s=0.3, api_key=Secret("canary-key"))
    seen = io.StringIO()
    for one in (client, keyed):
        try:
            await one.sync()
        except ServiceError as raised:
            traceback.print_exception(raised, file=seen)
            seen.write(repr(raised) + repr(raised.as_failure()) + repr(one) + repr(vars(one)) + repr(one.instance))
    text = seen.getvalue() + caplog.text
    assert seen.getvalue()
    assert not [canary for canary in CANARIES if canary in text]

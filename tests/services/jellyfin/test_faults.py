"""What goes wrong with a Jellyfin, and what is said of it."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.services.conftest import NOW
from tests.services.faults import ANSWERS, SILENCES, each_of
from tests.services.jellyfin.conftest import KEY, Connect
from tests.services.loopback import Exchange, Loopback
from tracker_tui.config.settings import Secret
from tracker_tui.services.errors import (
    ServiceError,
    Starting,
    TooSlow,
    Unauthorized,
    WrongService,
)
from tracker_tui.services.http import quiet_libraries
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin

Ask = Callable[[JellyfinClient], Coroutine[Any, Any, object]]

ITEM = "1f0c" * 8
ASKS: dict[str, Ask] = {
    "identify": lambda client: client.identify(),
    "setup": lambda client: client.setup(),
    "libraries": lambda client: client.libraries(),
    "tasks": lambda client: client.tasks(),
    "probe": lambda client: client.probe([ITEM]),
    "changes": lambda client: client.changed_since(NOW),
}


@pytest.fixture
def version() -> str:
    return "10.11.6"


@pytest.mark.parametrize("name", ASKS)
@each_of({**SILENCES, **ANSWERS})
async def test_every_fault_is_told_for_what_it_is(
    connect: Connect, jellyfin: SimulatedJellyfin, name: str, fault: Fault, error: type[ServiceError]
) -> None:
    jellyfin.fault = fault
    client = connect(timeout_s=0.3 if error is TooSlow else 10)
    with pytest.raises(ServiceError) as caught:
        await ASKS[name](client)
    assert type(caught.value) is error
    assert KEY not in repr((caught.value, caught.value.fix, caught.value.as_failure()))


async def test_a_large_list_has_a_deadline_of_its_own(connect: Connect, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.latency_s = 0.3
    client = connect(timeout_s=0.1)
    assert len((await client.list_items()).items) == 2
    with pytest.raises(TooSlow):
        await client.libraries()


async def test_a_wrong_key_is_refused(connect: Connect) -> None:
    with pytest.raises(Unauthorized, match="401"):
        await connect(api_key=Secret("wrong")).identify()
    with pytest.raises(Unauthorized):
        await connect(api_key=None).identify()


async def test_after_a_restart_the_setup_server_says_when(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.starting = True
    with pytest.raises(Starting) as caught:
        await client.identify()
    assert caught.value.retry_after_s == 5
    with pytest.raises(Starting):
        await client.probe([ITEM])


async def test_a_missing_base_path_is_a_redirect(connect: Connect, host: Any, jellyfin: SimulatedJellyfin) -> None:
    below = SimulatedJellyfin(jellyfin.clock, api_key=KEY, base_path="/jellyfin")
    host.add(below)
    with pytest.raises(WrongService, match="redirect to /jellyfin/web/"):
        await connect(url=below.url).identify()
    host.stop(below)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"appName":"Sonarr","version":"4.0.17"}', id="lower-case keys of another"),
        pytest.param('{"ProductName":"Emby Server","Version":"4.8.0.1"}', id="Emby"),
        pytest.param("{}", id="nothing told"),
    ],
)
async def test_another_application_is_not_jellyfin(connect: Connect, body: str) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(body)

    async with Loopback(script) as server:
        with pytest.raises(WrongService, match="not Jellyfin"):
            await connect(url=server.url).identify()


@pytest.mark.parametrize("proxied", [False, True], ids=["header", "query"])
async def test_a_redirect_takes_the_key_nowhere(connect: Connect, proxied: bool) -> None:
    async def elsewhere(exchange: Exchange) -> None:
        await exchange.answer("{}")

    async with Loopback(elsewhere) as other:

        async def script(exchange: Exchange) -> None:
            await exchange.answer("", "302 Found", Location=f"{other.url}/login?ApiKey={KEY}")

        async with Loopback(script) as server:
            headers = {"Authorization": Secret("Basic CANARY")} if proxied else {}
            with pytest.raises(WrongService) as caught:
                await connect(url=server.url, headers=headers).identify()
        assert other.seen == []
    assert KEY not in caught.value.message


async def test_no_log_line_holds_the_key(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    quiet_libraries()
    caplog.set_level(logging.DEBUG)
    client = connect(headers={"Authorization": Secret("Basic CANARY-proxy")})
    await client.identify()
    await client.probe([ITEM])
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        ("204 No Content", {}, True),
        ("404 Not Found", {}, False),
        ("404 Not Found", {"Content_Type": "text/html"}, None),
        ("403 Forbidden", {}, None),
        ("405 Method Not Allowed", {}, None),
        ("500 Internal Server Error", {}, None),
    ],
)
async def test_a_path_that_may_not_be_asked_for_is_unknown(
    connect: Connect, status: str, headers: dict[str, str], expected: bool | None
) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.answer("", status, **headers)

    async with Loopback(script) as server:
        assert await connect(url=server.url).environment_exists("/data", is_file=False) is expected
        assert b"ValidateWritable" not in server.seen[0].body

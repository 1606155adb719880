"""The one HTTP exchange everything rests on: honest about time, size, identity and failure, silent about secrets."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from tests.services.conftest import KEY, asked
from tests.services.loopback import Exchange, Loopback, Script, free_port, ok
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.services import http
from tracker_tui.services.errors import (
    BadAnswer,
    NotFound,
    RateLimited,
    ServerFault,
    ServiceError,
    Starting,
    Unauthorized,
    WrongService,
)
from tracker_tui.services.http import Link, Reply, Sessions, http_date, quiet_libraries

# ---- what an answer means

MEANING: list[tuple[str, dict[str, str], str, type[ServiceError], ServiceStatus, str]] = [
    ("401 Unauthorized", {}, "", Unauthorized, ServiceStatus.UNAUTHORIZED, "401"),
    ("403 Forbidden", {}, "{}", Unauthorized, ServiceStatus.UNAUTHORIZED, "403"),
    ("404 Not Found", {}, "{}", NotFound, ServiceStatus.ERROR, "404"),
    ("404 Not Found", {"Content_Type": "text/html"}, "<html>", WrongService, ServiceStatus.ERROR, "web page"),
    ("405 Method Not Allowed", {}, "<html>", WrongService, ServiceStatus.ERROR, "web page"),
    ("409 Conflict", {}, "{}", BadAnswer, ServiceStatus.ERROR, "409"),
    ("429 Too Many Requests", {}, "", RateLimited, ServiceStatus.ERROR, "429"),
    ("500 Internal Server Error", {}, "Error processing request.", ServerFault, ServiceStatus.ERROR, "500"),
    ("502 Bad Gateway", {"Content_Type": "text/html"}, "<html>", ServerFault, ServiceStatus.ERROR, "proxy"),
    ("503 Service Unavailable", {"Content_Type": "text/html"}, "<p>", Starting, ServiceStatus.STARTING, "503"),
    ("504 Gateway Timeout", {}, "", ServerFault, ServiceStatus.ERROR, "proxy"),
    ("200 OK", {"Content_Type": "text/html"}, "Sign in", WrongService, ServiceStatus.ERROR, "web page"),
    ("200 OK", {}, " \n<!DOCTYPE html>", WrongService, ServiceStatus.ERROR, "web page"),
]


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "shown", "says"),
    MEANING,
    ids=[f"{m[0][:3]}-{m[3].__name__}" for m in MEANING],
)
async def test_an_answer_that_is_no_data_is_named(  # noqa: PLR0917 - one row of the table
    link: Callable[..., Link],
    status: str,
    headers: dict[str, str],
    body: str,
    error: type[ServiceError],
    shown: ServiceStatus,
    says: str,
) -> None:
    async with Loopback(lambda exchange: exchange.answer(body, status, **headers)) as server:
        found = await asked(link(server.url))
    assert (type(found), found.status) == (error, shown)
    assert says in found.message


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
async def test_data_passes(link: Callable[..., Link], status: str) -> None:
    async with Loopback(lambda exchange: exchange.answer("", status)) as server:
        one = link(server.url)
        assert one.require(await one.exchange("GET", "/api")).body == b""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5", 5), ("005", 5), ("", None), ("soon", None), ("-1", None), ("²", None), ("9" * 5000, None)],
    ids=["5", "005", "none", "word", "negative", "superscript", "endless"],
)
async def test_retry_after_is_told_where_it_is_a_number(
    link: Callable[..., Link], text: str, seconds: int | None
) -> None:
    reply = Reply(503, httpx.Headers([(b"Retry-After", text.encode("latin-1"))]), b"")
    with pytest.raises(Starting) as caught:
        link("http://127.0.0.1:1").require(reply)
    assert caught.value.as_failure().retry_after_s == seconds


# ---- redirects

LOCATIONS = [
    ("https://me:CANARY-key@other.example:8443/login?next=/api&key=CANARY-key#x", "https://other.example:8443/login"),
    ("/login?apikey=CANARY-key", "/login"),
    ("//other.example/x", "//other.example/x"),
    ("", "nowhere"),
    ("http://[", "an unreadable address"),
    ("http://other.example:port/", "an unreadable address"),
    ("http://other.example/" + "a" * 5000, "http://other.example/aaa"),
]


@pytest.mark.parametrize(("location", "named"), LOCATIONS, ids=[str(n) for n in range(len(LOCATIONS))])
def test_a_redirect_is_named_without_its_secrets(link: Callable[..., Link], location: str, named: str) -> None:
    reply = Reply(302, httpx.Headers({"Location": location}), b"")
    with pytest.raises(WrongService) as caught:
        link("http://127.0.0.1:1").require(reply)
    assert caught.value.message.startswith(f"answers with a redirect to {named}")
    assert KEY not in caught.value.message
    assert len(caught.value.message) < 300


async def test_a_redirect_is_never_followed(link: Callable[..., Link]) -> None:
    async with Loopback(ok) as elsewhere:
        script: Script = lambda exchange: exchange.answer("", "307 Temporary", Location=elsewhere.url + "/api")  # noqa: E731
        async with Loopback(script) as server:
            error = await asked(link(server.url))
        assert elsewhere.seen == []
    assert isinstance(error, WrongService)


# ---- what is sent


async def test_the_key_travels_in_a_header_and_the_url_is_kept(link: Callable[..., Link]) -> None:
    async with Loopback(ok) as server:
        await link(server.url + "/base").exchange("GET", "/api/v3/series")
        (seen,) = server.seen
    assert seen.target == "/base/api/v3/series"
    assert seen.headers["x-api-key"] == KEY
    assert seen.headers["accept-encoding"] == "identity"


async def test_the_proxys_headers_go_along_and_do_not_replace_the_key(link: Callable[..., Link]) -> None:
    extra = {"CF-Access": Secret("token"), "X-Api-Key": Secret("not this one")}
    async with Loopback(ok) as server:
        await link(server.url, headers=extra).exchange("GET", "/api", headers={"If-None-Match": "1"})
        (seen,) = server.seen
    assert (seen.headers["cf-access"], seen.headers["x-api-key"], seen.headers["if-none-match"]) == ("token", KEY, "1")


@pytest.mark.parametrize("key", [KEY + "\r\nX-Evil: 1", KEY + "\n", KEY + "é", KEY + "\u2028"], ids=repr)
async def test_a_key_that_cannot_be_sent_is_named_not_shown(sessions: Sessions, key: str) -> None:
    async with Loopback(ok) as server:
        instance = Instance(kind=Kind.SONARR, name="s", url=server.url)
        error = await asked(Link(instance, sessions, {"X-Api-Key": key}))
        assert server.seen == []
    assert error.fix == "check `api_key` and `headers`"


@pytest.mark.parametrize(
    ("params", "target"),
    [
        (None, "/api"),
        ({}, "/api"),
        ({"a": True, "b": False}, "/api?a=true&b=false"),
        ({"take": 100, "skip": 0}, "/api?take=100&skip=0"),
        ({"ids": [3, 1], "t": ("x", "y")}, "/api?ids=3&ids=1&t=x&t=y"),
        ({"ids": []}, "/api?"),
        ({"path": "/data/Füße & co/[x] #1.mkv"}, "/api?path=%2Fdata%2FF%C3%BC%C3%9Fe%20%26%20co%2F%5Bx%5D%20%231.mkv"),
        ({"fields": "Path,ProviderIds"}, "/api?fields=Path%2CProviderIds"),
    ],
    ids=["none", "empty", "booleans", "numbers", "lists", "empty list", "text", "comma"],
)
async def test_parameters_as_the_servers_want_them(
    link: Callable[..., Link], params: dict[str, object] | None, target: str
) -> None:
    async with Loopback(ok) as server:
        await link(server.url).exchange("GET", "/api", params=params)  # type: ignore[arg-type]
        (seen,) = server.seen
    assert seen.target.replace("+", "%20") == target


async def test_a_body_is_sent_as_json(link: Callable[..., Link]) -> None:
    async with Loopback(ok) as server:
        await link(server.url).exchange("POST", "/api", body={"Updates": ["ü"]})
        (seen,) = server.seen
    assert (seen.head[:4], seen.headers["content-type"], seen.body.decode()) == (
        "POST",
        "application/json",
        '{"Updates":["ü"]}',
    )


# ---- sessions, measure, silence


async def test_a_connection_is_kept_for_the_next_question(link: Callable[..., Link]) -> None:
    async with Loopback(ok) as server:
        one = link(server.url)
        for _ in range(3):
            await one.exchange("GET", "/api")
        assert (len(server.seen), server.connections) == (3, 1)


async def test_a_connection_the_server_closed_meanwhile_costs_no_failure(link: Callable[..., Link]) -> None:
    async def then_close(exchange: Exchange) -> None:
        await exchange.answer()
        exchange.writer.close()

    async with Loopback(then_close) as server:
        one = link(server.url)
        for _ in range(3):
            assert (await one.exchange("GET", "/api")).status == 200
            await asyncio.sleep(0.01)


async def test_environment_proxies_are_not_used(link: Callable[..., Link], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    async with Loopback(ok) as server:
        assert (await link(server.url).exchange("GET", "/api")).status == 200


async def test_exchanges_are_measured(link: Callable[..., Link]) -> None:
    dates = iter(["Sun, 25 Jan 2026 12:00:00 GMT", "rubbish", "Sun, 25 Jan 2026 12:00:05 GMT"])
    async with Loopback(lambda exchange: exchange.answer(" " * 100, Date=next(dates))) as server:
        one = link(server.url)
        assert (one.meter.calls, one.meter.bytes_in, one.meter.latency_ms, one.meter.server_date) == (0, 0, None, None)
        seen = []
        for _ in range(3):
            await one.exchange("GET", "/api")
            seen.append((one.meter.calls, one.meter.bytes_in, one.meter.server_date))
    noon = datetime(2026, 1, 25, 12, tzinfo=UTC)
    assert seen == [(1, 100, noon), (2, 200, noon), (3, 300, noon.replace(second=5))]
    assert one.meter.latency_ms is not None
    assert one.meter.latency_ms > 0


async def test_a_failed_exchange_counts_as_a_call_and_keeps_the_last_date(link: Callable[..., Link]) -> None:
    one = link(f"http://127.0.0.1:{free_port()}")
    await asked(one)
    assert (one.meter.calls, one.meter.bytes_in, one.meter.server_date) == (1, 0, None)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sun, 25 Jan 2026 12:00:00 GMT", datetime(2026, 1, 25, 12, tzinfo=UTC)),
        ("Sun, 25 Jan 2026 14:00:00 +0200", datetime(2026, 1, 25, 12, tzinfo=UTC)),
        ("Sun, 25 Jan 2026 12:00:00", None),
        ("Sun, 25 Jan 2026 12:00:00 -0000", None),
        ("Sun, 25 Jan 2026 12:00:00 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("2026-01-25T12:00:00Z", None),
        ("1" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_the_date_of_an_answer(text: str | None, instant: datetime | None) -> None:
    assert http_date(text) == instant
    if instant is not None:
        assert http_date(text).tzinfo is UTC  # type: ignore[union-attr]


async def test_no_library_logs_a_url(link: Callable[..., Link], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_libraries()
    async with Loopback(ok) as server:
        await link(server.url).exchange("GET", "/api", params={"apikey": KEY})
    said = [record.getMessage() for record in caplog.records if record.name.startswith(("http", "h11", "anyio"))]
    assert said == []
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:8989/x", True),
        ("http://localhost", True),
        ("http://sonarr", False),
        ("http://192.168.0.2", False),
        ("http://127.0.0.1.example", False),
    ],
)
def test_loopback_is_told_by_the_host(url: str, loopback: bool) -> None:
    assert http.is_loopback(url) is loopback

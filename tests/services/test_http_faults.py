"""Exchanges that take too long, are too large, or break off."""

import asyncio
import gzip
import socket
from collections.abc import Callable

import pytest

from tests.services.conftest import asked
from tests.services.loopback import Exchange, Loopback, Script, free_port
from tracker_tui.services import http
from tracker_tui.services.errors import (
    BadAnswer,
    TooSlow,
    UnknownHost,
    Unreachable,
)
from tracker_tui.services.http import Link

SHORT = 0.1


async def _silence(exchange: Exchange) -> None:
    await asyncio.sleep(3600)


async def _half(exchange: Exchange) -> None:
    await exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await asyncio.sleep(3600)


async def _drip(exchange: Exchange) -> None:
    await exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await exchange.send(" ")
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("script", [_silence, _half, _drip], ids=["no answer", "half a body", "drip"])
async def test_one_deadline_spans_the_whole_exchange(link: Callable[..., Link], script: Script) -> None:
    async with Loopback(script) as server:
        error = await asked(link(server.url), deadline_s=SHORT)
        assert isinstance(error, TooSlow)
        assert error.message == "no complete answer within 0.1 s"
        error = await asked(link(server.url, timeout_s=SHORT))
        assert isinstance(error, TooSlow)


async def test_a_late_answer_does_not_spoil_the_next_one(link: Callable[..., Link]) -> None:
    async def late_once(exchange: Exchange) -> None:
        if len(server.seen) == 1:
            await asyncio.sleep(2 * SHORT)
        await exchange.answer(f'{{"asked":"{exchange.target}"}}')

    async with Loopback(late_once) as server:
        one = link(server.url)
        with pytest.raises(TooSlow):
            await one.exchange("GET", "/first", deadline_s=SHORT)
        assert (await one.exchange("GET", "/second")).body == b'{"asked":"/second"}'


async def _long(exchange: Exchange) -> None:
    await exchange.answer(" " * 5000)


async def _endless(exchange: Exchange) -> None:
    await exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await exchange.send(b"400\r\n" + b" " * 0x400 + b"\r\n")


async def _bomb(exchange: Exchange) -> None:
    await exchange.answer(gzip.compress(b" " * 1_000_000), Content_Encoding="gzip")


@pytest.mark.parametrize("script", [_long, _endless, _bomb], ids=["long", "endless", "compressed"])
async def test_a_body_beyond_the_limit_is_given_up(
    link: Callable[..., Link], monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 4000)
    async with Loopback(script) as server:
        assert isinstance(await asked(link(server.url)), BadAnswer)


async def test_the_limit_itself_is_allowed(link: Callable[..., Link], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 5000)
    async with Loopback(_long) as server:
        assert len((await link(server.url).exchange("GET", "/api")).body) == 5000


async def _cut(exchange: Exchange) -> None:
    exchange.cut()


async def _cut_in_body(exchange: Exchange) -> None:
    await exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    exchange.cut()


async def _not_http(exchange: Exchange) -> None:
    await exchange.send("220 mail.example ESMTP\r\n\r\n")


@pytest.mark.parametrize("script", [_cut_in_body, _not_http], ids=["reset in the body", "not HTTP"])
async def test_a_connection_that_breaks_is_unreachable(link: Callable[..., Link], script: Script) -> None:
    async with Loopback(script) as server:
        error = await asked(link(server.url))
    assert type(error) is Unreachable
    assert error.message == "the connection broke in the middle of the answer"


async def test_a_connection_that_ends_without_an_answer_may_have_expected_tls(link: Callable[..., Link]) -> None:
    async with Loopback(_cut) as server:
        error = await asked(link(server.url))
    assert type(error) is Unreachable
    assert error.message == "the connection was closed without an answer"
    assert error.fix == "check that the service runs; if it expects TLS, write https:// into `url`"


async def test_nobody_listens(link: Callable[..., Link]) -> None:
    error = await asked(link(f"http://127.0.0.1:{free_port()}"))
    assert type(error) is Unreachable
    assert error.message == "the connection to 127.0.0.1 was refused or failed"


async def test_the_name_of_the_host_is_unknown(link: Callable[..., Link], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = await asked(link("http://sonarr.invalid:8989"))
    assert type(error) is UnknownHost
    assert error.message == "the host name sonarr.invalid is unknown"


@pytest.mark.parametrize("url", ["http://a b", "http://" + "a" * 300, "http://a..b"], ids=["blank", "long", "dots"])
async def test_an_address_that_cannot_be_used(link: Callable[..., Link], url: str) -> None:
    assert isinstance(await asked(link(url)), Unreachable)


async def test_damaged_compression_is_a_bad_answer(link: Callable[..., Link]) -> None:
    async with Loopback(lambda exchange: exchange.answer("plain", Content_Encoding="gzip")) as server:
        assert isinstance(await asked(link(server.url)), BadAnswer)

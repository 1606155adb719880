"""Faults a simulated service can be told to show, each as a real server or network would."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

from aiohttp import web

RETRY_AFTER_S = 5
"""What 429 and 503 ask for."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(StrEnum):
    """What goes wrong. `STATUS_nnn` answer that code; the rest break the exchange or the body."""

    HANG = "hang"  # accepts, never answers
    HANG_BODY = "hang_body"  # headers and half a body, then silence
    DRIP = "drip"  # one byte every 100 ms, for ever
    RESET = "reset"  # connection cut before an answer
    RESET_BODY = "reset_body"  # connection cut in the middle of the body
    TRUNCATED = "truncated"  # a complete HTTP answer with half the JSON
    EMPTY = "empty"  # 200 with no body
    GIGANTIC = "gigantic"  # JSON white space without end
    WRONG_TYPES = "wrong_types"  # valid JSON of another shape
    HTML = "html"  # a login page with status 200
    REDIRECT = "redirect"  # 302 to another host
    STATUS_401 = "401"
    STATUS_403 = "403"
    STATUS_404 = "404"
    STATUS_429 = "429"
    STATUS_500 = "500"
    STATUS_502 = "502"
    STATUS_503 = "503"


async def broken(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer `request` in the way of `fault`."""
    if fault.value.isdigit():
        headers = {"Retry-After": str(RETRY_AFTER_S)} if fault in {Fault.STATUS_429, Fault.STATUS_503} else {}
        return web.Response(status=int(fault.value), headers=headers)
    match fault:
        case Fault.HANG:
            await asyncio.sleep(3600)
        case Fault.RESET:
            _cut(request)
        case Fault.EMPTY:
            return web.Response(body=b"", content_type="application/json")
        case Fault.WRONG_TYPES:
            return web.json_response(42)
        case Fault.HTML:
            return web.Response(text="<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html")
        case Fault.REDIRECT:
            return web.Response(status=302, headers={"Location": "http://elsewhere.invalid/login?token=x"})
        case Fault.GIGANTIC:
            return await _gigantic(request)
        case _:
            return await _broken_body(fault, request, handler)
    return web.Response(status=500)


async def _gigantic(request: web.Request) -> web.StreamResponse:
    stream = web.StreamResponse(headers={"Content-Type": "application/json"})
    await stream.prepare(request)
    block = b" " * (1 << 20)
    for _ in range(1024):
        await stream.write(block)
    return stream


async def _broken_body(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"
    if fault is Fault.TRUNCATED:
        return web.Response(body=body[: len(body) // 2], content_type="application/json")
    stream = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body) + 1000)})
    await stream.prepare(request)
    if fault is Fault.DRIP:
        while True:
            await stream.write(b" ")
            await asyncio.sleep(0.1)
    await stream.write(body[: max(1, len(body) // 2)])
    if fault is Fault.HANG_BODY:
        await asyncio.sleep(3600)
    _cut(request)
    return stream


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()

"""How a simulated service is held: a client of ours asks it all that it knows to ask, and everything is read again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.server import SimHost, SimulatedService

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
KEY = "contract-key"
HASHES = ("AB" * 20, "CD" * 20, "EF" * 20)


@dataclass(frozen=True)
class Answer:
    """An answer to one request. `query` are the names of its parameters; `ours` = a client of ours sent it."""

    method: str
    path: str
    query: frozenset[str]
    status: int
    body: Any
    ours: bool


@dataclass(frozen=True)
class Held:
    """A simulated service of one version and its answers."""

    service: str
    version: str
    answers: tuple[Answer, ...]
    routes: frozenset[str]
    """The paths it can be read at, as patterns."""


Ask = Callable[[SimHost, Sessions], Awaitable[Held]]


async def held(
    host: SimHost,
    service: str,
    version: str,
    server: SimulatedService,
    ask: Callable[[Instance], Awaitable[None]],
    *,
    headers: dict[str, str],
    extra: tuple[str, ...] = (),
) -> Held:
    """Start a server, let a client ask, then read again what it asked, and `extra` paths (with query)."""
    url = host.add(server)
    try:
        await ask(
            Instance(
                kind=Kind(service),
                name=service,
                url=url,
                api_key=None if service == "qbittorrent" else Secret(KEY),
                username="admin" if service == "qbittorrent" else None,
                password=Secret("adminadmin") if service == "qbittorrent" else None,
            )
        )
        asked = {(call.method, call.path, call.query): call.status for call in server.calls}
        answers = []
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            for (method, path, query), status in asked.items():
                target = f"{path}?{query}" if query else path
                body = _json(await client.get(target)) if method == "GET" else None
                answers.append(Answer(method, path, _names(query), status, body, ours=True))
            for target in extra:
                reply = await client.get(target)
                path, _, query = target.partition("?")
                answers.append(Answer("GET", path, _names(query), reply.status_code, _json(reply), ours=False))
        routes = frozenset(route.path for route in server.routes() if route.method in {"GET", "*"})
        return Held(service, version, tuple(answers), routes)
    finally:
        host.stop(server)


def _json(reply: httpx.Response) -> Any:
    return reply.json() if reply.content and "json" in reply.headers.get("content-type", "") else None


def _names(query: str) -> frozenset[str]:
    return frozenset(name for name, _ in httpx.QueryParams(query).multi_items())

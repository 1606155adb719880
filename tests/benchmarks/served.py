"""A household that stands still, each service in a process of its own, with answers rendered once.

Its CPU is not the program's, and a repeated question costs it next to nothing: what is measured is the client.
"""

import asyncio
import contextlib
import http.client
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from tracker_tui.config.settings import Settings
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost, SimulatedService

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
_OWN = "/benchmark/"


class Exchange(NamedTuple):
    """One request as a service saw it; times in s of the machine's monotonic clock, latency included."""

    url: str
    method: str
    target: str
    body: str
    content_type: str
    start_s: float
    end_s: float
    size: int


class _Frozen:
    """Answers each question once, then from memory; keeps the log; sleeps `latency_s` before every answer."""

    def __init__(self, service: SimulatedService) -> None:
        self._service = service
        self._known: dict[tuple[str, str, bytes], web.Response] = {}
        self._log: list[tuple[str, str, str, str, float, float, int]] = []
        self._latency_s = 0.0
        self._inner = service._answer
        service._answer = self._wrapped  # type: ignore[method-assign]

    def _wrapped(self, handler: Any) -> Answer:
        inner = self._inner(handler)

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.path.startswith(_OWN):
                return self._own(request)
            start = time.monotonic()
            body = await request.read()
            key = (request.method, request.path_qs, body)
            if self._latency_s:
                await asyncio.sleep(self._latency_s)
            known = self._known.get(key)
            if known is None:
                known = await inner(request)  # type: ignore[assignment]
                if isinstance(known, web.Response) and "/auth/" not in request.path and known.status == 200:
                    self._known[key] = known
            assert isinstance(known, web.Response)
            content = known.body if isinstance(known.body, bytes) else b""
            kind = request.headers.get("Content-Type", "")
            self._log.append((*key[:2], body.decode(), kind, start, time.monotonic(), len(content)))
            fresh = web.Response(status=known.status, body=content)
            fresh.headers.update({name: value for name, value in known.headers.items() if name != "Content-Length"})
            return fresh

        return answer

    def _own(self, request: web.Request) -> web.Response:
        if request.path.endswith("/latency"):
            self._latency_s = float(request.query["s"])
        told, self._log = self._log, []
        return web.json_response(told)


class Served:
    """The running processes; `settings` reach them, `write_config` says so in a file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def latency(self, seconds: float) -> None:
        """Let every answer take so long from now on."""
        for one in self.settings.instances:
            _get(one.url, f"{_OWN}latency?s={seconds}")

    def exchanges(self) -> list[Exchange]:
        """Return what was asked since the last call, in order of time."""
        found = [Exchange(one.url, *row) for one in self.settings.instances for row in _get(one.url, f"{_OWN}log")]
        return sorted(found, key=lambda exchange: exchange.start_s)

    def write_config(self, path: Path) -> None:
        """Write the configuration file."""
        lines: list[str] = []
        for one in self.settings.instances:
            lines += [f"[[{one.kind}]]", f'url = "{one.url}"']
            if one.api_key is not None:
                lines.append(f'api_key = "{one.api_key.reveal()}"')
            if one.username is not None and one.password is not None:
                lines += [f'username = "{one.username}"', f'password = "{one.password.reveal()}"']
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o600)


@contextlib.contextmanager
def served(household: Household) -> Iterator[Served]:
    """Serve `household` from one process per service until the context ends."""
    running: list[tuple[int, int]] = []
    try:
        for kind, service in household.services.items():
            pid, leash, service.url = _started(household, kind)
            running.append((pid, leash))
        yield Served(Settings(instances=household.instances()))
    finally:
        for _, leash in running:
            os.close(leash)  # a process ends when nobody holds the other end; later ones hold those of earlier ones
        for pid, _ in running:
            os.waitpid(pid, 0)


def _started(household: Household, kind: Kind) -> tuple[int, int, str]:
    """Return process, leash and URL of a service."""
    held, leash = os.pipe()
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(leash)
            os.close(told)
            service = household.services[kind]
            _Frozen(service)
            with SimHost() as host:
                os.write(tell, host.add(service).encode())
                os.close(tell)
                os.read(held, 1)
        finally:
            os._exit(0)
    os.close(held)
    os.close(tell)
    url = os.read(told, 200).decode()
    os.close(told)
    return pid, leash, url


def _get(url: str, path: str) -> Any:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()

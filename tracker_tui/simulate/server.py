"""What simulated services share: loopback HTTP on an own thread, the household's `Date`, faults, a call log."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from aiohttp import web

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault, Handler, broken


class Call(NamedTuple):
    """One request a simulated service received, for call budgets and "sends only reads" tests."""

    method: str
    path: str
    query: str
    status: int
    bytes_out: int


class SimulatedService(ABC):
    """One simulated server. Subclasses own their state and render it exactly as the real server's version would.

    `fault` (all paths) or `faults` (by path prefix; with "$" at its end the whole path) switch a failure on;
    `date_offset_s` moves its clock;
    `latency_s` delays every answer. State is changed from the story's or the test's thread under `lock`.
    """

    def __init__(self, clock: SimClock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.fault: Fault | None = None
        self.faults: dict[str, Fault] = {}
        self.date_offset_s = 0
        self.latency_s = 0.0
        self.calls: list[Call] = []
        self.url = ""

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this server and version."""

    def check(self, request: web.Request) -> web.Response | None:
        """Return the refusal of a request (authentication, start-up), or None to let it through."""
        return None

    def unrouted(self, request: web.Request) -> web.Response:
        """Return the answer for a path without route (many servers send their web page)."""
        return web.Response(status=404)

    def application(self) -> web.Application:
        """Return the aiohttp application that serves it."""
        app = web.Application(middlewares=[self._middleware], client_max_size=1 << 24)
        app.add_routes(self.routes())
        return app

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        path = f"{request.path}$"
        fault = self.fault or next((f for prefix, f in self.faults.items() if path.startswith(prefix)), None)
        answer = await (broken(fault, request, self._answer(handler)) if fault else self._answer(handler)(request))
        size = len(answer.body) if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else 0
        self.calls.append(Call(request.method, request.path, request.query_string, answer.status, size))
        if not answer.prepared:
            answer.headers["Date"] = format_datetime(self._date(), usegmt=True)
        return answer

    def _answer(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            with self.lock:
                refusal = self.check(request)
            if refusal is not None:
                return refusal
            try:
                return await handler(request)
            except web.HTTPNotFound:
                return self.unrouted(request)
            except web.HTTPException as fault:
                return web.Response(status=fault.status)

        return answer

    def _date(self) -> datetime:
        return (self.clock.now() + timedelta(seconds=self.date_offset_s)).replace(microsecond=0)


class SimHost:
    """Runs simulated services on loopback ports, on an event loop in a daemon thread. Use as a context manager."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulate", daemon=True)
        self._thread.start()
        self._runners: dict[SimulatedService, web.AppRunner] = {}

    def add(self, service: SimulatedService, port: int = 0) -> str:
        """Start `service` on 127.0.0.1 (port 0 = any free one); return and store its URL."""
        service.url = self._run(self._start(service, port))
        return service.url

    def stop(self, service: SimulatedService) -> None:
        """Stop listening: later connections are refused. `add(service, port)` brings it back."""
        runner = self._runners.pop(service, None)
        if runner is not None:
            self._run(_stopped(runner))

    def close(self) -> None:
        """Stop everything and end the thread."""
        for service in list(self._runners):
            self.stop(service)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        if not self._loop.is_running():
            self._loop.close()

    def __enter__(self) -> "SimHost":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run[T](self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _start(self, service: SimulatedService, port: int) -> str:
        runner = web.AppRunner(service.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        self._runners[service] = runner
        return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def _stopped(runner: web.AppRunner) -> None:
    """Stop listening, once what has connected is accepted: asyncio loses it where the listener closes meanwhile."""
    await _turns()
    await runner.cleanup()
    await _turns()


async def _turns() -> None:
    """Give the loop a few turns, with looks at its sockets: to accept, to read an end, to close."""
    for _ in range(4):
        await asyncio.sleep(0.001)

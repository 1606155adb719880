"""Services that only recite: plain records written by hand, answered as the real servers' routes would.

Unlike in the simulated household nothing here agrees by itself; whatever two services say must be written twice. So
the answers may contradict each other, lack fields, or come from old versions.
"""

from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.endtoend.stage import NOON
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimulatedService

GIB = 1 << 30


def iso(minutes: float = 0.0) -> str:
    """Return noon plus so many minutes."""
    return (NOON + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(minutes: float = 0.0) -> int:
    """Return the same in seconds since 1970."""
    return int((NOON + timedelta(minutes=minutes)).timestamp())


def guid(number: int) -> str:
    """Return a Jellyfin id."""
    return f"{number:032x}"


class Reciter(SimulatedService):
    """Answers GETs and POSTs from `answers`: path -> JSON, text, or a function of the request; 404 for the rest."""

    kind: Kind

    def __init__(self, clock: SimClock, name: str) -> None:
        super().__init__(clock)
        self.name = name
        self.answers: dict[str, Any] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return the one route."""
        return [web.route("*", "/{tail:.*}", self._recite)]

    async def _recite(self, request: web.Request) -> web.Response:
        starts = [path for path in self.answers if path.endswith("/*") and request.path.startswith(path[:-1])]
        answer = self.answers.get(request.path if request.path in self.answers else "".join(starts[:1]))
        if callable(answer):
            answer = answer(request)
        if answer is None:
            return web.json_response({"message": "NotFound"}, status=404)
        if isinstance(answer, web.Response):
            return answer
        return web.Response(text=answer) if isinstance(answer, str) else web.json_response(answer)


def number_of(request: web.Request, name: str) -> int:
    return int(request.query.get(name, "0"))


def last_of(request: web.Request) -> int:
    tail = request.path.rpartition("/")[2]
    return int(tail) if tail.isdigit() else 0

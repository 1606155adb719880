"""The web server in Sonarr and Radarr: keys, base path, start-up, query parameters, paging, errors."""

import functools
import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from aiohttp import web

from tracker_tui.simulate.arr.records import Json
from tracker_tui.simulate.arr.wire import render
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimulatedService

_PAGE = "<!DOCTYPE html><html><head><title>{app}</title></head><body><div id='root'></div></body></html>"


class Refusal(Exception):
    """An answer other than 200: its status and JSON body."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def not_found() -> Refusal:
    """Return the answer for an id the server does not have."""
    return Refusal(404, {"message": "NotFound"})


class Query:
    """A request's parameters. Names are found whatever their case; unreadable values are refused (400).

    `comma_lists`: Sonarr 3 takes `1,2` for a list; later versions take repeated parameters only.
    """

    def __init__(self, request: web.Request, body: Json, *, comma_lists: bool) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in request.query.items():
            self._all.setdefault(name.lower(), []).append(value)
        self._item = request.match_info.get("id", "")
        self._comma_lists = comma_lists
        self.body = body

    @property
    def id(self) -> int:
        """Return the id in the path."""
        if not self._item.isdigit():
            raise not_found()
        return int(self._item)

    def text(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter."""
        return self._all.get(name.lower(), [default])[0]

    def numbers(self, name: str) -> list[int]:
        """Return every value of a list parameter."""
        values = self._all.get(name.lower(), [])
        if self._comma_lists:
            values = [part for value in values for part in value.split(",")]
        if bad := [value for value in values if not re.fullmatch(r"-?\d+", value)]:
            raise _unbindable(name, bad[0])
        return [int(value) for value in values]

    def number(self, name: str) -> int | None:
        """Return a number, None when absent."""
        return next(iter(self.numbers(name)), None)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        value = self.text(name, str(default)).lower()
        if value not in {"true", "false"}:
            raise _unbindable(name, value)
        return value == "true"

    def time(self, name: str) -> datetime:
        """Return a time; one without zone is taken for UTC, absence for the beginning of time."""
        text = self.text(name, "0001-01-01T00:00:00Z")
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise _unbindable(name, text) from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def days(self, now: datetime) -> tuple[datetime, datetime]:
        """Return `start` and `end` of a calendar: without them today and tomorrow."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        start = self.time("start") if self.text("start") else today
        return start, self.time("end") if self.text("end") else today + timedelta(days=2)


def _unbindable(name: str, value: str) -> Refusal:
    return Refusal(
        400,
        {
            "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "errors": {name: [f"The value '{value}' is not valid."]},
        },
    )


class ArrHttp(SimulatedService):
    """Answers as the real server does before any controller is reached. Subclasses add state and endpoints.

    `starting` = still in start-up (503); `url_base` e.g. "/sonarr"; `authentication` "forms" sends strangers to the
    login page, "external" shows them the web page; `spoil` changes answers by path, for a server that errs or is of
    next year.
    """

    app: ClassVar[str]

    def __init__(self, clock: SimClock, version: str, *, api_key: str, url_base: str) -> None:
        super().__init__(clock)
        self.version = version
        self.api_key = api_key
        self.url_base = url_base
        self.starting = False
        self.authentication = "external"
        self.spoil: dict[str, Callable[[object], object]] = {}

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the version as numbers."""
        return tuple(int(part) for part in self.version.split("."))

    def since(self, *version: int) -> bool:
        """Return whether this server is of `version` or newer."""
        return self.numbers >= version

    def check(self, request: web.Request) -> web.Response | None:
        """Refuse what start-up, base path and key refuse, in the server's order."""
        if self.starting:
            return self._json(503, {"errorMessage": f"{self.app} is starting up, please try again later"})
        path = request.path
        if self.url_base and path != self.url_base and not path.startswith(f"{self.url_base}/"):
            query = f"?{request.query_string}" if request.query_string else ""
            return web.Response(status=307, headers={"Location": f"{self.url_base}{path}{query}"})
        within = path.removeprefix(self.url_base)
        if within.startswith(("/api/", "/signalr/")) and not self._has_key(request):
            return web.Response(status=401)
        return None

    def unrouted(self, request: web.Request) -> web.Response:
        """Answer an unknown path: below /api nothing, elsewhere the web page (or the way to the login)."""
        within = request.path.removeprefix(self.url_base)
        if within.startswith("/api/"):
            return web.Response(status=404, headers={"X-Application-Version": self.version})
        if self.authentication == "forms" and within == "/login":
            return web.Response(text=_PAGE.format(app=f"Login - {self.app}"), content_type="text/html")
        if self.authentication == "forms":
            target = f"{self.url_base}/login?returnUrl={request.path}"
            return web.Response(status=302, headers={"Location": target})
        return web.Response(text=_PAGE.format(app=self.app), content_type="text/html")

    @abstractmethod
    def tick(self) -> None:
        """Let everything happen that is due by now; called before every answer, under the lock."""

    def route(self, method: str, path: str, answer: Callable[[Query], object]) -> web.RouteDef:
        """Return the route of an endpoint; `answer` runs under the lock and returns JSON, or bytes already rendered."""
        return web.route(method, self.url_base + path, functools.partial(self._serve, answer))

    async def _serve(self, answer: Callable[[Query], object], request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        change = self.spoil.get(request.path)
        with self.lock:
            self.tick()
            try:
                result = answer(Query(request, body, comma_lists=self.app == "Sonarr" and not self.since(4)))
            except Refusal as refusal:
                return self._json(refusal.status, refusal.body)
            return self._json(201 if request.method == "POST" else 200, change(result) if change else result)

    def _json(self, status: int, body: object) -> web.Response:
        return web.Response(
            status=status,
            body=body if isinstance(body, bytes) else render(body),
            content_type="application/json",
            charset="utf-8",
            headers={"X-Application-Version": self.version, "Cache-Control": "no-cache, no-store"},
        )

    def _has_key(self, request: web.Request) -> bool:
        in_query = [value for name, value in request.query.items() if name.lower() == "apikey"]
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        shown = [request.headers.get("X-Api-Key"), *in_query, token if scheme == "Bearer" else None]
        return self.api_key in shown


def page_of(
    query: Query, records: Sequence[Json], keys: dict[str, Callable[[Json], object]], *, repeats: bool = False
) -> Json:
    """Return a page of records: sorted by the asked key (an unknown one means the first), 10 unless asked otherwise.

    `repeats` = past the end the last page comes again, with its number rewritten (the queue does so).
    """
    default = next(iter(keys))
    by_name = {name.lower(): name for name in keys}
    key = by_name.get(query.text("sortKey").lower(), default)
    ascending = query.text("sortDirection").lower() in {"ascending", "asc"}
    size = max(1, query.number("pageSize") or 10)
    number = max(1, query.number("page") or 1)
    if repeats and records:
        number = min(number, -(-len(records) // size))
    ordered = sorted(records, key=lambda record: (str(keys[key](record)), str(record["id"])), reverse=not ascending)
    return {
        "page": number,
        "pageSize": size,
        "sortKey": key,
        "sortDirection": "ascending" if ascending else "descending",
        "totalRecords": len(records),
        "records": ordered[(number - 1) * size : number * size],
    }

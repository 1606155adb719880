"""How a simulated Shoko takes and refuses requests: ASP.NET's routes and query names know no case."""

import json
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from aiohttp import web

from tracker_tui.simulate.shoko.records import SimUser
from tracker_tui.simulate.shoko.render import problem

NOT_RUNNING = (
    "The Server is not running. Use the First Time Setup Wizard or check your settings and logs to ensure the server is"
    " starting correctly."
)
NOT_RUNNING_6 = {
    "Starting": "The server is starting up. Check your logs to ensure the server is starting correctly.",
    "Failed": "The server failed to start. Check your logs for more information.",
    "Waiting": "The server is in setup mode. Use the First Time Setup Wizard or check your settings and logs to ensure"
    " the server is starting correctly.",
}


class Refused(Exception):
    """A request is answered with an error."""

    def __init__(self, answer: web.Response) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Ask:
    """One request: whose, for which ids of the route, with which parameters."""

    def __init__(
        self,
        user: SimUser | None,
        call: str,
        ids: tuple[str, ...],
        query: Mapping[str, str],
        body: Mapping[str, object],
    ) -> None:
        self.user = user
        self.call = call
        self.ids = ids
        self.body = body
        self._query = {name.lower(): value for name, value in query.items()}

    @property
    def id(self) -> int:
        """Return the number in the route."""
        return int(self.ids[0])

    def text(self, name: str) -> str:
        """Return a parameter, "" when absent."""
        return self._query.get(name.lower(), "")

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean parameter."""
        return self.text(name).lower() == "true" if self.text(name) else default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """Return a number; out of its range it is a 400."""
        text = self.text(name)
        if not text:
            return default
        if not re.fullmatch(r"-?\d+", text) or not low <= int(text) <= high:
            raise Refused(as_json(problem(name, low, high), status=400, kind="application/problem+json"))
        return int(text)

    def words(self, name: str, known: tuple[str, ...] | None = None) -> set[str]:
        """Return a comma-separated list of words; an unknown one makes the server fail, as its binder does."""
        given = {word.strip().lower() for word in self.text(name).split(",") if word.strip()}
        words = {word for word in known or given if word.lower() in given}
        if known is not None and len(words) < len(given):
            raise Refused(web.Response(status=500))
        return words

    def page(self, rows: list[object], default: int, high: int, total: int | None = None) -> dict[str, object]:
        """Return the page asked for in its envelope; 0 is everything."""
        size = self.number("pageSize", default, 0, high)
        start = (self.number("page", 1, 1, 2**31 - 1) - 1) * size
        shown = rows if size == 0 else rows[start : start + size]
        return {"Total": len(rows) if total is None else total, "List": shown}


Answer = Callable[[Ask], object]


class Route(NamedTuple):
    """A route: its pattern with groups for ids, and who may ask when.

    `access`: open, user or admin. `friendly` = answers before the server is started, `exempt` = while its database is
    blocked.
    """

    method: str
    pattern: re.Pattern[str]
    answer: Answer
    access: str = "user"
    friendly: bool = False
    exempt: bool = False


def route(
    path: str,
    answer: Answer,
    access: str = "user",
    *,
    method: str = "GET",
    friendly: bool = False,
    exempt: bool = False,
) -> Route:
    """Return the route of an API v3 path (or one from the root); `{}` stands for a number, `{*}` for the rest."""
    whole = path if path.startswith("/") else f"/api/v3/{path}"
    pattern = re.escape(whole).replace(r"\{\}", r"(\d+)").replace(r"\{\*\}", "(.+)")
    return Route(method, re.compile(pattern, re.IGNORECASE), answer, access, friendly, exempt)


def as_json(body: object, *, status: int = 200, kind: str = "application/json") -> web.Response:
    """Return a JSON answer."""
    return web.Response(body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type=kind)


def as_text(words: str, status: int) -> web.Response:
    """Return a plain text answer: Shoko's errors are texts."""
    return web.Response(text=words, status=status, content_type="text/plain")

"""The pane about the row under the cursor, with what was asked for it at length."""

from collections.abc import Mapping

from tracker_tui.model.answers import Answer
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.present.answers import answer_lines, answer_title
from tracker_tui.present.details import Moment, details
from tracker_tui.present.lines import EMPTY, Line, heading
from tracker_tui.present.links import Link, links
from tracker_tui.present.rows import Row
from tracker_tui.tui.pages import Prose


class Details(Prose):
    """Keeps answers beside their requests, for as long as the request's state stays and the program runs."""

    def __init__(self, web_urls: Mapping[InstanceRef, str], *, plain: bool, id: str) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self._web_urls = web_urls
        self._answers: dict[RequestId, tuple[Answer, State]] = {}

    def about(self, row: Row | None, world: World, moment: Moment) -> list[Line]:
        """Return what there is to read about a row."""
        told = details(row, moment, self.links(row), world.problems)
        if row is None or row.request is None or row.request.id not in self._answers:
            return told
        answer, state = self._answers[row.request.id]
        if row.request.state is not state:  # what it told was about another state of things
            return told
        return [*told, EMPTY, heading(answer_title(answer)), *answer_lines(answer)]

    def keep(self, answer: Answer, world: World) -> None:
        """Keep an answer, if the world still holds its request."""
        state = next((one.state for one in world.requests if one.id == answer.request), None)
        if state is not None:
            self._answers[answer.request] = answer, state

    def links(self, row: Row | None) -> tuple[Link, ...]:
        """Return where the row's request can be looked at by a browser."""
        return links(row.request, self._web_urls) if row is not None and row.request is not None else ()

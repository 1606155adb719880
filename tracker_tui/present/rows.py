"""The main tree as a flat list of rows: groups, problems, requests, seasons, episodes (SPEC 8, 2.1.11).

Rows are cheap references into the world; their words are made by `present.cells` when a row is looked at. Here is
what rows there are of one problem, request, season; `present.outline` puts them together and keeps them up to date.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

from tracker_tui.model.record import Fact
from tracker_tui.model.states import IN_FLIGHT, SETTLED, Attention, State
from tracker_tui.model.world import EpisodeRow, Problem, RequestRow, SeasonRow


class Group(IntEnum):
    """The sections of the main tree, from top to bottom."""

    PROBLEMS = -1
    ATTENTION = 0
    IN_PROGRESS = 1
    WAITING = 2
    RECENT = 3

    @property
    def key(self) -> str:
        """Return the key of its row."""
        return f"group:{self.name.lower()}"


GROUP_WORDS = {
    Group.PROBLEMS: "Problems",
    Group.ATTENTION: "Needs attention",
    Group.IN_PROGRESS: "In progress",
    Group.WAITING: "Waiting",
    Group.RECENT: "Recently ready",
}


class Sort(StrEnum):
    """Order of requests within their group; every one is stable while things move."""

    NEWEST = "newest first"
    OLDEST = "oldest first"
    TITLE = "by title"


class View(Fact):
    """What the user chose to see. `opened` holds only what was opened or closed by hand."""

    opened: Mapping[str, bool] = {}
    whole: bool = False
    """Whether everything is unfolded, whatever `opened` says."""
    filter: str = ""
    states: frozenset[State] = frozenset()
    """Only requests in one of these; empty: all."""
    only_attention: bool = False
    sort: Sort = Sort.NEWEST
    muted: frozenset[str] = frozenset()
    """Keys of requests and problems that want no attention for now."""

    @property
    def narrowed(self) -> bool:
        """Return whether requests may be hidden."""
        return bool(self.filter or self.states or self.only_attention)

    def unfolds(self, key: str, *, usually: bool) -> bool:
        """Return whether the row of that key is unfolded."""
        return self.whole or self.opened.get(key, usually)


class Headline(NamedTuple):
    """A group's heading."""

    group: Group
    size: int


class Fold(NamedTuple):
    """Rows that stand together under one: finished seasons, or episodes not yet aired."""

    state: State
    seasons: tuple[SeasonRow, ...] = ()
    episodes: tuple[EpisodeRow, ...] = ()


Item = Headline | Problem | RequestRow | SeasonRow | EpisodeRow | Fold


class Row(NamedTuple):
    """One line of the tree. `key` stays the same through every refresh and regrouping."""

    key: str
    parent: str | None
    depth: int
    item: Item
    request: RequestRow | None = None
    """The request it belongs to."""
    branch: bool = False
    open: bool = False


def group_of(row: RequestRow, *, muted: bool = False) -> Group:
    """Return where a request stands; a muted one goes where it would be without its warning."""
    if row.attention >= Attention.WARN and not muted:
        return Group.ATTENTION
    if row.state in SETTLED:
        return Group.RECENT
    return Group.IN_PROGRESS if row.state in IN_FLIGHT else Group.WAITING


def problem_key(problem: Problem) -> str:
    """Return what a problem is known by as long as it lasts."""
    return f"problem:{problem.diagnosis.code}:{problem.kind or ''}:{problem.name or ''}:{problem.scope or ''}"


def headline(group: Group, size: int, view: View) -> Row:
    """Return the row of a group's heading."""
    return _branch(Row(group.key, None, 0, Headline(group, size), branch=True), view, usually=True)


def problem_rows(problems: Sequence[Problem], view: View) -> list[Row]:
    """Return the heading of the problems and, unless it is folded, the problems."""
    if not problems:
        return []
    heading = headline(Group.PROBLEMS, len(problems), view)
    if not heading.open:
        return [heading]
    keys = _Keys()
    gravest = sorted(problems, key=lambda one: (problem_key(one) in view.muted, -one.diagnosis.attention))
    return [heading, *(Row(keys.unique(problem_key(one)), heading.key, 1, one) for one in gravest)]


def in_order(members: Sequence[RequestRow], view: View) -> Sequence[RequestRow]:
    """Return a group's requests in the view's order, given in the world's (SPEC 2.1.11)."""
    if view.sort is Sort.TITLE:
        return sorted(members, key=lambda row: (row.title.casefold(), row.id))
    if view.sort is Sort.NEWEST and not view.muted:
        return members
    newest = sorted(
        members, key=lambda row: (-row.requested_at.timestamp() if row.requested_at else float("inf"), row.id)
    )
    return newest if view.sort is Sort.NEWEST else newest[::-1]


def request_rows(request: RequestRow, parent: str, view: View) -> tuple[Row, ...]:
    """Return a request's row and what is unfolded below it."""
    branch = bool(request.seasons[1:] or (request.seasons and request.seasons[0].episodes))
    unfolded = branch and view.unfolds(request.id, usually=False)
    head = Row(request.id, parent, 1, request, request, branch, unfolded)
    return (head, *_below(request, view)) if unfolded else (head,)


def by_season(request: RequestRow) -> bool:
    """Return whether seasons have rows: a season alone would only say once more what its request says."""
    return len(request.seasons) > 1


def _below(request: RequestRow, view: View) -> Iterator[Row]:
    if not by_season(request):
        for season in request.seasons:
            yield from _episode_rows(request, season, request.id, 2, view)
        return
    finished = tuple(one for one in request.seasons if _finished(one))
    if finished:
        fold = _branch(
            Row(f"{request.id}/finished", request.id, 2, Fold(State.AVAILABLE, finished), request, True), view
        )
        yield fold
        if fold.open:
            for season in finished:
                yield from _season_rows(request, season, fold.key, 3, view)
    for season in request.seasons:
        if not _finished(season):
            yield from _season_rows(request, season, request.id, 2, view)


def _finished(season: SeasonRow) -> bool:
    return season.state is State.AVAILABLE and season.ready == season.total and season.attention < Attention.WARN


def _season_rows(request: RequestRow, season: SeasonRow, parent: str, depth: int, view: View) -> Iterator[Row]:
    key = season_key(request, season)
    head = _branch(Row(key, parent, depth, season, request, branch=bool(season.episodes)), view)
    yield head
    if head.open:
        yield from _episode_rows(request, season, key, depth + 1, view)


def season_key(request: RequestRow, season: SeasonRow) -> str:
    """Return the key of a season's row."""
    return f"{request.id}/s{season.number}"


def _episode_rows(request: RequestRow, season: SeasonRow, parent: str, depth: int, view: View) -> Iterator[Row]:
    key = season_key(request, season)
    keys = _Keys()
    unaired = tuple(one for one in season.episodes if one.state is State.UNAIRED and one.attention < Attention.WARN)
    folded = unaired if len(unaired) > 1 else ()
    for episode in season.episodes:
        if not folded or episode.state is not State.UNAIRED or episode.attention >= Attention.WARN:
            yield Row(keys.unique(f"{key}/e{episode.number}"), parent, depth, episode, request)
    if folded:
        words = Fold(State.UNAIRED, episodes=folded)
        fold = _branch(Row(f"{key}/unaired", parent, depth, words, request, branch=True), view)
        yield fold
        if fold.open:
            for episode in folded:
                yield Row(keys.unique(f"{key}/e{episode.number}"), fold.key, depth + 1, episode, request)


def _branch(row: Row, view: View, *, usually: bool = False) -> Row:
    return row._replace(open=row.branch and view.unfolds(row.key, usually=usually))


class _Keys:
    """Keeps keys unique where a service lists the same number twice."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def unique(self, key: str) -> str:
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return key if count == 1 else f"{key}#{count}"

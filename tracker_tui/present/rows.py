"""The main tree as a flat list of rows: groups, problems, requests, seasons, episodes (SPEC 8, 2.1.11).

Rows are cheap references into the world; their words are made by `present.cells` when a row is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

from tracker_tui.model.record import Fact
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import EpisodeRow, Problem, RequestRow, SeasonRow, World
from tracker_tui.present.find import mentions


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

_SETTLED = frozenset({State.AVAILABLE, State.DECLINED, State.REMOVED})
_IN_FLIGHT = frozenset({State.GRABBING, State.DOWNLOADING, State.DOWNLOADED, State.IMPORTING, State.ANIME_MATCHING})


class Sort(StrEnum):
    """Order of requests within their group; every one is stable while things move."""

    NEWEST = "newest first"
    OLDEST = "oldest first"
    TITLE = "by title"


class View(Fact):
    """What the user chose to see. `opened` holds only what was opened or closed by hand."""

    opened: Mapping[str, bool] = {}
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
    if row.state in _SETTLED:
        return Group.RECENT
    return Group.IN_PROGRESS if row.state in _IN_FLIGHT else Group.WAITING


def problem_key(problem: Problem) -> str:
    """Return what a problem is known by as long as it lasts."""
    return f"problem:{problem.diagnosis.code}:{problem.kind or ''}:{problem.name or ''}:{problem.scope or ''}"


def chosen(world: World, view: View) -> list[RequestRow]:
    """Return the requests that pass the view's filters, in the world's order."""
    return [
        row
        for row in world.requests
        if (not view.states or row.state in view.states)
        and (not view.only_attention or row.attention >= Attention.WARN)
        and (not view.filter or mentions(row, view.filter))
    ]


def rows(world: World, view: View) -> list[Row]:
    """Return every line that is unfolded, from top to bottom, with unique keys."""
    found: list[Row] = []
    _add_problems(found, world, view)
    groups: dict[Group, list[RequestRow]] = {group: [] for group in Group}
    for request in chosen(world, view):
        groups[group_of(request, muted=request.id in view.muted)].append(request)
    for group, members in groups.items():
        if not members:
            continue
        heading = _branch(Row(group.key, None, 0, Headline(group, len(members)), branch=True), view, usually=True)
        found.append(heading)
        if heading.open:
            in_order = view.sort is Sort.NEWEST and not view.muted  # the world's own order (SPEC 2.1.11)
            for request in members if in_order else _sorted(members, view.sort):
                found.extend(_request_rows(request, heading.key, view))
    return found


def _add_problems(found: list[Row], world: World, view: View) -> None:
    if not world.problems or view.narrowed:
        return
    words = Headline(Group.PROBLEMS, len(world.problems))
    heading = _branch(Row(Group.PROBLEMS.key, None, 0, words, branch=True), view, usually=True)
    found.append(heading)
    if heading.open:
        keys = _Keys()
        gravest = sorted(world.problems, key=lambda one: (problem_key(one) in view.muted, -one.diagnosis.attention))
        found.extend(Row(keys.unique(problem_key(one)), heading.key, 1, one) for one in gravest)


def _sorted(members: Sequence[RequestRow], sort: Sort) -> Sequence[RequestRow]:
    if sort is Sort.TITLE:
        return sorted(members, key=lambda row: (row.title.casefold(), row.id))
    newest = sorted(
        members, key=lambda row: (-row.requested_at.timestamp() if row.requested_at else float("inf"), row.id)
    )
    return newest if sort is Sort.NEWEST else newest[::-1]


def _request_rows(request: RequestRow, parent: str, view: View) -> Iterable[Row]:
    branch = bool(request.seasons)
    unfolded = branch and view.opened.get(request.id, False)
    head = Row(request.id, parent, 1, request, request, branch, unfolded)
    return (head, *_below(request, view)) if unfolded else (head,)


def _below(request: RequestRow, view: View) -> Iterator[Row]:
    finished = tuple(one for one in request.seasons if _finished(one))
    folded = len(request.seasons) > 1 and bool(finished)
    if folded:
        fold = _branch(
            Row(f"{request.id}/finished", request.id, 2, Fold(State.AVAILABLE, finished), request, True), view
        )
        yield fold
        if fold.open:
            for season in finished:
                yield from _season_rows(request, season, fold.key, 3, view)
    for season in request.seasons:
        if not (folded and _finished(season)):
            yield from _season_rows(request, season, request.id, 2, view)


def _finished(season: SeasonRow) -> bool:
    return season.state is State.AVAILABLE and season.ready == season.total and season.attention < Attention.WARN


def _season_rows(request: RequestRow, season: SeasonRow, parent: str, depth: int, view: View) -> Iterator[Row]:
    key = f"{request.id}/s{season.number}"
    alone = len(request.seasons) == 1
    head = _branch(Row(key, parent, depth, season, request, branch=bool(season.episodes)), view, usually=alone)
    yield head
    if not head.open:
        return
    keys = _Keys()
    unaired = tuple(one for one in season.episodes if one.state is State.UNAIRED and one.attention < Attention.WARN)
    folded = unaired if len(unaired) > 1 else ()
    for episode in season.episodes:
        if not folded or episode.state is not State.UNAIRED or episode.attention >= Attention.WARN:
            yield Row(keys.unique(f"{key}/e{episode.number}"), key, depth + 1, episode, request)
    if folded:
        words = Fold(State.UNAIRED, episodes=folded)
        fold = _branch(Row(f"{key}/unaired", key, depth + 1, words, request, branch=True), view)
        yield fold
        if fold.open:
            for episode in folded:
                yield Row(keys.unique(f"{key}/e{episode.number}"), fold.key, depth + 2, episode, request)


def _branch(row: Row, view: View, *, usually: bool = False) -> Row:
    return row._replace(open=row.branch and view.opened.get(row.key, usually))


class _Keys:
    """Keeps keys unique where a service lists the same number twice."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def unique(self, key: str) -> str:
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return key if count == 1 else f"{key}#{count}"

"""The rows of the main tree, kept up to date by what changed: a tick costs what it brings, not what is listed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tracker_tui.model.states import Attention
from tracker_tui.model.world import Problem, RequestRow, World
from tracker_tui.present.find import holds, names, problem_names, words
from tracker_tui.present.rows import Group, Row, Sort, View, group_of, headline, in_order, problem_rows, request_rows
from tracker_tui.present.verdicts import stands


class _Block(NamedTuple):
    """A request's rows, as they were made of `request` below `parent`."""

    request: RequestRow
    parent: str
    rows: tuple[Row, ...]


class _Groups(NamedTuple):
    """All of a world's requests by group, in the order of `by`: a view's order and mutes."""

    requests: Sequence[RequestRow]
    by: tuple[Sort, frozenset[str]]
    parts: Sequence[tuple[Group, Sequence[RequestRow]]]


class Outline:
    """Every line that is unfolded, from top to bottom, with unique keys.

    A request's rows are made again only when the request is another object or was folded otherwise. The list is put
    together again only when rows came, went or moved.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.chosen = 0
        """How many requests pass the view's filters."""
        self.made = 0
        """How many requests were turned into rows since the beginning: what the work grows with."""
        self._world: World | None = None
        self._view = View()
        self._wanted: tuple[str, ...] = ()
        self._blocks: dict[str, _Block] = {}
        self._starts: dict[str, int] = {}
        self._groups: _Groups | None = None
        self._names: dict[str, tuple[RequestRow, str]] = {}
        self._causes: Sequence[Problem] = ()
        """The problems whose codes are among the `_names`."""

    def update(self, world: World, view: View) -> bool:
        """Take a world and a view; return whether rows came, went or moved (otherwise only contents changed)."""
        old, before = self._world, self._view
        if old is not None and view is before and (old is world or self._patch(old, world)):
            self._world = world
            return False
        for key in {key for key, _ in before.opened.items() ^ view.opened.items()}:
            for part in _openings(key):
                self._blocks.pop(part, None)
        self._world, self._view, self._wanted = world, view, words(view.filter)
        if world.problems != self._causes:
            self._names, self._causes = {}, world.problems
        self._assemble(world, view)
        return True

    def place(self, key: str) -> int | None:
        """Return where the row of that key stands, None where it is not unfolded."""
        for part in _openings(key):
            start = self._starts.get(part)
            if start is not None:
                block = self._blocks.get(part)
                end = start + (len(block.rows) if block is not None else 1)
                return next((index for index in range(start, end) if self.rows[index].key == key), None)
        return None

    def nearest(self, key: str) -> int | None:
        """Return where the row of that key stands, else that of the season or request it lies in."""
        return next((place for one in _openings(key) if (place := self.place(one)) is not None), None)

    def warning(self, here: str | None, direction: int) -> tuple[str, frozenset[str]] | None:
        """Return the next row at which a warning stands, from the row `here` on and round, and what must be unfolded
        to see it; None where nothing warns.
        """
        rows = list(self._unfolded(here))
        at = next((index for index, row in enumerate(rows) if row.key == here), len(rows))
        before, after = rows[:at], rows[at + 1 :]
        turned = (*after, *before) if direction > 0 else (*reversed(before), *reversed(after))
        muted = self._view.muted
        for row in (*turned, *rows[at : at + 1]):
            silent = row.key in muted or (row.request is not None and row.request.id in muted)
            if not silent and stands(row.item):
                return row.key, _ancestors(row, rows)
        return None

    def _unfolded(self, here: str | None) -> Iterator[Row]:
        """Yield the rows that pass the filters, folded or not: headings, of requests those that warn, and `here`'s."""
        world, view = self._world, self._view
        if world is None:
            return
        everything = replace(view, whole=True)
        around = set(_openings(here or ""))
        yield from problem_rows(self._problems(), everything)
        for group, listed in self._grouped(world, view):
            heading = headline(group, len(listed), view)
            yield heading
            for request in self._passing(listed) if view.narrowed else listed:
                if request.attention >= Attention.WARN or request.id in around:
                    yield from request_rows(request, heading.key, everything)

    def _patch(self, old: World, world: World) -> bool:
        """Exchange the rows of requests that changed; return False, with nothing done, if that is not enough."""
        if len(old.requests) != len(world.requests) or old.problems != world.problems:
            return False
        changed = [(was, row) for was, row in zip(old.requests, world.requests, strict=True) if was is not row]
        fresh: list[tuple[int, _Block]] = []
        for was, row in changed:
            if not self._stays(was, row):
                return False
            if row.id in self._starts:
                known = self._blocks[row.id]
                block = self._made(row, known.parent)
                if [one.key for one in block.rows] != [one.key for one in known.rows]:
                    return False
                fresh.append((self._starts[row.id], block))
        for start, block in fresh:
            self._blocks[block.request.id] = block
            self.rows[start : start + len(block.rows)] = block.rows
        return True

    def _stays(self, was: RequestRow, row: RequestRow) -> bool:
        """Return whether a changed request is still listed where it was."""
        view = self._view
        return (
            was.id == row.id
            and (view.sort is Sort.NEWEST or was.title == row.title)
            and was.requested_at == row.requested_at
            and self._group(was) is self._group(row)
            and (not view.narrowed or self._passes(was) == self._passes(row))
        )

    def _assemble(self, world: World, view: View) -> None:
        rows = problem_rows(self._problems(), view)
        starts = {row.key: index for index, row in enumerate(rows)}
        blocks = self._blocks
        self.chosen = 0
        for group, listed in self._grouped(world, view):
            members = self._passing(listed) if view.narrowed else listed
            self.chosen += len(members)
            if not members:
                continue
            heading = headline(group, len(members), view)
            starts[heading.key] = len(rows)
            rows.append(heading)
            for request in members if heading.open else ():
                block = blocks.get(request.id)
                if block is None or block.request is not request or block.parent != heading.key:
                    block = blocks[request.id] = self._made(request, heading.key)
                starts[request.id] = len(rows)
                rows += block.rows
        self.rows, self._starts = rows, starts
        if len(self._blocks) > 2 * len(world.requests):
            self._blocks = {key: block for key, block in self._blocks.items() if key in starts}

    def _grouped(self, world: World, view: View) -> Sequence[tuple[Group, Sequence[RequestRow]]]:
        """Return all requests by group, in the view's order; made again only when they, the order or mutes changed."""
        known = self._groups
        if known is None or known.requests is not world.requests or known.by != (view.sort, view.muted):
            groups: dict[Group, list[RequestRow]] = {group: [] for group in Group}
            for request in world.requests:
                groups[self._group(request)].append(request)
            parts = [(group, in_order(members, view)) for group, members in groups.items()]
            known = self._groups = _Groups(world.requests, (view.sort, view.muted), parts)
        return known.parts

    def _made(self, request: RequestRow, parent: str) -> _Block:
        self.made += 1
        return _Block(request, parent, request_rows(request, parent, self._view))

    def _group(self, row: RequestRow) -> Group:
        return group_of(row, muted=row.id in self._view.muted)

    def _passes(self, row: RequestRow) -> bool:
        return bool(self._passing((row,)))

    def _problems(self) -> Sequence[Problem]:
        """Return the problems that pass the view's filters; they have no state."""
        view, found = self._view, self._causes
        if view.states:
            return ()
        if view.only_attention:
            found = [one for one in found if one.diagnosis.attention >= Attention.WARN]
        return [one for one in found if holds(problem_names(one), self._wanted)] if self._wanted else found

    def _passing(self, rows: Sequence[RequestRow]) -> Sequence[RequestRow]:
        """Return those that pass the view's filters."""
        view, wanted, names = self._view, self._wanted, self._folded_names
        if view.states:
            rows = [row for row in rows if row.state in view.states]
        if view.only_attention:
            rows = [row for row in rows if row.attention >= Attention.WARN]
        return [row for row in rows if holds(names(row), wanted)] if wanted else rows

    def _folded_names(self, row: RequestRow) -> str:
        known = self._names.get(row.id)
        if known is None or known[0] is not row:
            known = self._names[row.id] = (row, names(row, self._causes))
        return known[1]


def _ancestors(row: Row, rows: Sequence[Row]) -> frozenset[str]:
    """Return the keys of all that `row` lies below."""
    parents = {one.key: one.parent for one in rows}
    found = set()
    parent = row.parent
    while parent is not None:
        found.add(parent)
        parent = parents[parent]
    return frozenset(found)


def _openings(key: str) -> Iterator[str]:
    """Yield what a key begins with, up to each of its slashes, the whole first: its row, its season, its request."""
    while key:
        yield key
        key = key.rpartition("/")[0]

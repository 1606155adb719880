"""The main tree: rows come from `present.rows`, words from `present.cells`; only visible rows are put into words."""

from datetime import datetime, tzinfo
from itertools import chain

from msgspec.structs import replace
from textual import events
from textual.message import Message

from tracker_tui.model.states import Attention
from tracker_tui.model.world import Problem, World
from tracker_tui.present.cells import cells
from tracker_tui.present.lines import Line, Span
from tracker_tui.present.outline import Outline
from tracker_tui.present.rows import Fold, Group, Headline, Row, View
from tracker_tui.tui.columns import bar_width, columns
from tracker_tui.tui.keys import bindings
from tracker_tui.tui.lines import BLANK, Drawn, Lines
from tracker_tui.tui.paint import wrap_all


class RequestTree(Lines, can_focus=True):
    """Groups, problems, requests, seasons, episodes. Cursor and folding are kept by key through every refresh."""

    BINDINGS = bindings("list", "tree")

    class Pointed(Message):
        """The cursor stands on another row, or on a row whose content changed."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Read(Message):
        """There is nothing to unfold: the user wants to read about the row."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self.view = View()
        self.outline = Outline()
        self.cursor = 0
        self._chosen: str | None = None
        """Key of the row that the user put the cursor on; None: the cursor has not been moved yet."""
        self.hint: tuple[str, ...] = ()
        """What to say instead of an empty tree."""
        self._world: World | None = None
        self._now: datetime | None = None
        self._zone: tzinfo | None = None

    @property
    def rows(self) -> list[Row]:
        """Return every unfolded row."""
        return self.outline.rows

    @property
    def row(self) -> Row | None:
        """Return the row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(self, world: World, now: datetime, zone: tzinfo) -> None:
        """Show a world as of `now`."""
        self._world, self._now, self._zone = world, now, zone
        self._rebuild()

    def change(self, view: View) -> None:
        """Show the same world in another way."""
        self.view = view
        self._rebuild()

    def _rebuild(self) -> None:
        if self._world is None:
            return
        old, pointed = self.rows, self.row
        place, seen = self.cursor - self.top, self._in_sight()
        top_key = old[self.top].key if self.top < len(old) else None
        if self.outline.update(self._world, self.view):
            self.cursor = self._kept(old) if self._chosen is not None else self._first()
            if seen and (self.top > 0 or self.cursor >= self.size.height):
                self.top = self._clamped(self.cursor - place)  # the row under the cursor stays where it was
            if not seen and top_key is not None:  # scrolled away from the cursor: what is read stays where it is
                self.top = self._place(top_key, self.top)
        if seen:
            self._keep_visible()
        self.repaint()
        if self.row != pointed:
            self.post_message(self.Pointed(self.row))

    def _first(self) -> int:
        """Return where the cursor stands until the user moves it: the first row that wants a person, else the first."""
        first, beyond = None, False
        for index, row in enumerate(self.rows):
            if isinstance(row.item, Headline):
                beyond = row.item.group > Group.ATTENTION
            elif not beyond and self._wanting(row):
                return index
            elif first is None:
                first = index
            if beyond and first is not None:
                break
        return first or 0

    def _kept(self, old: list[Row]) -> int:
        """Return where the chosen row is now; while it is away, what it lies in, else a neighbour still there."""
        after = (row for row in old[self.cursor + 1 :] if not isinstance(row.item, Headline))
        before = (row for row in reversed(old[: self.cursor]) if not isinstance(row.item, Headline))
        near = (row.key for row in chain(old[self.cursor : self.cursor + 1], after, before))
        for key in chain((self._chosen,), near):
            place = self.outline.nearest(key) if key is not None else None
            if place is not None:
                return place
        return self._first()

    def _place(self, key: str, otherwise: int) -> int:
        place = self.outline.place(key)
        return otherwise if place is None else place

    def total(self) -> int:
        """Return the number of unfolded rows, or of lines of the hint where there are none."""
        return len(self.rows) or len(self._hinted())

    def drawn(self, index: int, width: int) -> Drawn:
        """Return a row in cells that fit `width`: the narrower, the fewer."""
        if not self.rows:
            return Drawn(self._hinted()[index])
        if self._now is None or self._zone is None:
            return BLANK
        row = self.rows[index]
        shown = cells(row, self._now, self._zone, bar_width(width), self.view.muted)
        return Drawn(columns(row, shown, width, plain=self.plain), index == self.cursor)

    def _hinted(self) -> list[tuple[Span, ...]]:
        said = [Line((Span(f"  {text}", "strong" if index == 1 else ""),), 2) for index, text in enumerate(self.hint)]
        return wrap_all(said, self.size.width, plain=self.plain)

    def point(self, index: int) -> None:
        """Put the cursor on a row, and the row into sight."""
        index = max(0, min(index, len(self.rows) - 1))
        moved = index != self.cursor
        self.cursor = index
        self._chosen = self.row.key if self.row is not None else None
        self._keep_visible()
        self.repaint()
        if moved:
            self.post_message(self.Pointed(self.row))

    def _in_sight(self) -> bool:
        return self.top <= self.cursor < self.top + max(1, self.size.height)

    def _keep_visible(self) -> None:
        height = max(1, self.size.height)
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + height:
            self.top = self.cursor - height + 1
        if self.top == 1 and self.cursor < height:
            self.top = 0  # the first heading is worth its line

    def _open(self, row: Row, *, opened: bool) -> None:
        self._chosen = row.key
        self.change(replace(self.view, opened={**self.view.opened, row.key: opened}))

    def action_cursor(self, by: int) -> None:
        """Move the cursor by rows."""
        self.point(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.point(self.cursor + by * max(1, self.size.height - 1))

    def action_edge(self, where: int) -> None:
        """Move the cursor to the first or last row."""
        self.point(0 if where < 0 else len(self.rows) - 1)

    def action_expand(self) -> None:
        """Unfold the row, or step into it."""
        row = self.row
        if row is not None and row.branch and not row.open:
            self._open(row, opened=True)
        elif row is not None and row.open:
            self.point(self.cursor + 1)

    def action_collapse(self) -> None:
        """Fold the row, or step out of it."""
        row = self.row
        if row is not None and row.open:
            self._open(row, opened=False)
        elif row is not None and row.parent is not None:
            parent = self.outline.place(row.parent)
            if parent is not None:
                self.point(parent)

    def action_fold(self) -> None:
        """Fold or unfold the row; where there is nothing to unfold, let its details be read."""
        row = self.row
        if row is not None and row.branch:
            self._open(row, opened=not row.open)
        elif row is not None:
            self.post_message(self.Read())

    def next_attention(self, direction: int) -> bool:
        """Move to the next row at which a warning stands, and unfold what hides it; return whether there is one."""
        found = self.outline.warning(self.row.key if self.row is not None else None, direction)
        if found is None:
            return False
        key, above = found
        folded = {one for one in above if (place := self.outline.place(one)) is None or not self.rows[place].open}
        if folded:
            self.change(replace(self.view, opened={**self.view.opened, **dict.fromkeys(folded, True)}))
        self.point(self._place(key, self.cursor))
        return True

    def _wanting(self, row: Row) -> bool:
        item = row.item
        if row.key in self.view.muted or (row.request is not None and row.request.id in self.view.muted):
            return False
        if isinstance(item, Problem):
            return item.diagnosis.attention >= Attention.WARN
        return not isinstance(item, Headline | Fold) and item.attention >= Attention.WARN

    def on_click(self, event: events.Click) -> None:
        """Point at the clicked row; a double click folds or unfolds it."""
        index = self.top + event.y
        if index < len(self.rows):
            self.point(index)
            if event.chain == 2:
                self.action_fold()

    def on_focus(self) -> None:
        """Show the cursor as the one that moves."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as resting."""
        self.refresh()

"""What covers the main screen for a moment: pages of text (help, log, history) and lists to choose from."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tracker_tui.present.lines import Line, Span
from tracker_tui.tui.keys import bindings, shown
from tracker_tui.tui.lines import Drawn, Lines, Text
from tracker_tui.tui.paint import wrap_all

Make = Callable[[], Sequence[Line]]


class Prose(Text, can_focus=True):
    """Paragraphs that wrap to the width and scroll."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self._lines: Sequence[Line] = ()

    def tell(self, lines: Sequence[Line], *, from_top: bool = False) -> None:
        """Show these paragraphs; the place in them is kept unless they are about something else."""
        self._lines = lines
        if from_top:
            self.top = 0
        self._wrap()

    def _wrap(self) -> None:
        room = self.size.width
        rows = wrap_all(self._lines, room, plain=self.plain)
        if len(rows) > self.size.height > 1:  # then the last column shows the position
            rows = wrap_all(self._lines, room - 1, plain=self.plain)
        self.show(rows)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._wrap()

    def action_cursor(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_lines(by)

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        self.scroll_lines(by * max(1, self.size.height - 1))

    def action_edge(self, where: int) -> None:
        """Go to the top or the end."""
        self.scroll_lines(where * self.total())


class Page(Screen[None]):
    """One text, made anew whenever the world changes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("page")

    def __init__(self, title: str, make: Make, *, plain: bool, at_end: bool = False) -> None:
        super().__init__()
        self._title = title
        self._make = make
        self._plain = plain
        self._at_end = at_end

    def compose(self) -> ComposeResult:
        """Make the title, the text and a word on how to leave."""
        yield Text(plain=self._plain, id="page-title")
        yield Prose(plain=self._plain, id="page-text")

    def on_mount(self) -> None:
        """Fill it."""
        self.call_after_refresh(self._first)

    def _first(self) -> None:
        keys = getattr(self.app, "keys", {})
        leave = shown(keys.get("close", "escape"))
        self.query_one("#page-title", Text).show([(Span(self._title, "heading"), Span(f"   {leave}: back", "muted"))])
        self.renew()
        if self._at_end:
            self.query_one(Prose).action_edge(1)

    def renew(self) -> None:
        """Make the text again; unchanged lines are not repainted."""
        self.query_one(Prose).tell(self._make())

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


class Entries(Lines, can_focus=True):
    """A list with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, entries: Sequence[Line], *, plain: bool) -> None:
        super().__init__(plain=plain)
        self.entries = entries
        self.cursor = 0

    def total(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def drawn(self, index: int, width: int) -> Drawn:
        """Return one entry."""
        return Drawn((Span(" "), *self.entries[index].spans), index == self.cursor)

    def action_cursor(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + by, len(self.entries) - 1))
        self.top = max(min(self.top, self.cursor), self.cursor - self.size.height + 1)
        self.repaint()

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.action_cursor(by * max(1, self.size.height - 1))

    def action_edge(self, where: int) -> None:
        """Move the cursor to the first or last entry."""
        self.action_cursor(where * len(self.entries))


class Choice(Screen[int | None]):
    """A list to choose from; ends with the index of what was taken, None without."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("page", "choice")

    def __init__(self, title: str, entries: Sequence[Line], about: Sequence[Line] = (), *, plain: bool) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._entries = Entries(entries, plain=plain)
        self._plain = plain

    def compose(self) -> ComposeResult:
        """Make the title and the list."""
        yield Text(plain=self._plain, id="page-title")
        if self._about:
            yield Prose(plain=self._plain, id="page-about")
        yield self._entries

    def on_mount(self) -> None:
        """Say what is to be chosen."""
        self._entries.focus()
        self.call_after_refresh(self._first)

    def _first(self) -> None:
        words = Span(self._title, "heading"), Span("   Enter: take   Esc: back", "muted")
        self.query_one("#page-title", Text).show([words])
        for prose in self.query("#page-about").results(Prose):
            prose.tell(self._about)

    def action_choose(self) -> None:
        """Take the entry under the cursor."""
        self.dismiss(self._entries.cursor if self._entries.entries else None)

    def action_close(self) -> None:
        """Take nothing."""
        self.dismiss(None)

"""What covers the main screen for a moment: pages of text (help, log, history) and lists to choose from."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen

from tracker_tui.present.lines import Line, Span
from tracker_tui.tui.keys import bindings, reworded, shown
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

    @property
    def at_end(self) -> bool:
        """Return whether the last line is in sight."""
        return self.top + self.size.height >= self.total()

    def _wrap(self) -> None:
        room = self.size.width
        lines = reworded(self._lines, getattr(self.app, "keys", {}))
        rows = wrap_all(lines, room, plain=self.plain)
        if len(rows) > self.size.height > 1:  # then the last column shows the position
            rows = wrap_all(lines, room - 1, plain=self.plain)
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


def _title(words: str, keys: str, *, plain: bool) -> Text:
    """Return the line above a page."""
    title = Text(plain=plain, id="page-title")
    title.show([(Span(words, "heading"), Span(f"   {keys}", "muted"))])
    return title


class Page(Screen[None]):
    """One text, made anew whenever the world changes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("page")

    def __init__(self, title: str, make: Make, *, plain: bool, at_end: bool = False) -> None:
        super().__init__()
        self.about = title
        self._make = make
        self._plain = plain
        self._at_end = at_end

    def compose(self) -> ComposeResult:
        """Make the title with a word on how to leave, and the text."""
        leave = shown(getattr(self.app, "keys", {}).get("close", "escape"))
        yield _title(self.about, f"{leave}: back", plain=self._plain)
        yield Prose(plain=self._plain, id="page-text")

    def on_mount(self) -> None:
        """Fill it."""
        self.set_focus(self.query_one(Prose))
        self.call_after_refresh(self.renew)

    def renew(self) -> None:
        """Make the text again; unchanged lines are not repainted. Whoever reads the end of a log goes on with it."""
        prose = self.query_one(Prose)
        follows = self._at_end and prose.at_end
        prose.tell(self._make())
        if follows:
            prose.action_edge(1)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


class Entries(Lines, can_focus=True):
    """A list with a cursor; `marked` is None where only one entry can be taken."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    class Taken(Message):
        """An entry was taken with the mouse."""

    class Pointed(Message):
        """The cursor came to another entry."""

    def __init__(self, entries: Sequence[Line], marked: Sequence[int] | None = None, *, plain: bool) -> None:
        super().__init__(plain=plain)
        self.entries = entries
        self.marked = None if marked is None else set(marked)
        self.cursor = 0

    def total(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def drawn(self, index: int, width: int) -> Drawn:
        """Return one entry."""
        mark = "" if self.marked is None else "[x] " if index in self.marked else "[ ] "
        return Drawn((Span(f" {mark}"), *self.entries[index].spans), index == self.cursor)

    def mark(self) -> None:
        """Mark the entry under the cursor, or no more."""
        if self.marked is not None and self.entries:
            self.marked ^= {self.cursor}
            self.repaint()

    def on_click(self, event: events.Click) -> None:
        """Point at the clicked entry; a double click takes it."""
        index = self.top + event.y
        if index < self.total():
            self.action_cursor(index - self.cursor)
            if event.chain == 2:
                self.post_message(self.Taken())

    def action_cursor(self, by: int) -> None:
        """Move the cursor."""
        before = self.cursor
        self.cursor = max(0, min(self.cursor + by, len(self.entries) - 1))
        if self.cursor != before:
            self.post_message(self.Pointed())
        self.top = max(min(self.top, self.cursor), self.cursor - self.size.height + 1)
        self.repaint()

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.action_cursor(by * max(1, self.size.height - 1))

    def action_edge(self, where: int) -> None:
        """Move the cursor to the first or last entry."""
        self.action_cursor(where * len(self.entries))


class _List[T](Screen[T | None]):
    """A list that covers the screen, with what is to be known before choosing above it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("page", "choice")

    def __init__(
        self,
        title: str,
        entries: Sequence[Line],
        about: Sequence[Line] = (),
        marked: Sequence[int] | None = None,
        *,
        plain: bool,
    ) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._entries = Entries(entries, marked, plain=plain)
        self._plain = plain

    def compose(self) -> ComposeResult:
        """Make the title with its keys, and the list."""
        keys = getattr(self.app, "keys", {})
        how = "   ".join(f"{shown(keys[name].split(',')[0])}: {word}" for name, word in self.how() if name in keys)
        yield _title(self._title, how, plain=self._plain)
        if self._about:
            yield Prose(plain=self._plain, id="page-about")
        yield self._entries

    def on_mount(self) -> None:
        """Say what is to be chosen."""
        self.set_focus(self._entries)
        self.call_after_refresh(self._first)

    def _first(self) -> None:
        for prose in self.query("#page-about").results(Prose):
            prose.tell(self._about)
            prose.styles.height = min(prose.total() + 1, self.size.height * 6 // 10)
        self._entries.action_cursor(0)  # into sight

    def how(self) -> tuple[tuple[str, str], ...]:
        """Return the keys of the page, by their ids, with a word for each."""
        raise NotImplementedError

    def action_choose(self) -> None:
        """Take what is chosen."""
        raise NotImplementedError

    def action_mark(self) -> None:
        """Mark the entry, or take it where only one can be taken."""
        self.action_choose()

    def on_entries_taken(self) -> None:
        """Take what was clicked twice."""
        self.action_mark()

    def action_close(self) -> None:
        """Take nothing."""
        self.dismiss(None)


class Choice(_List[int]):
    """A list to choose from; ends with the index of what was taken, None without.

    `verb` says what taking does, `start` where the cursor stands at first; `look` hears of every entry it comes to.
    """

    def __init__(
        self,
        title: str,
        entries: Sequence[Line],
        about: Sequence[Line] = (),
        *,
        plain: bool,
        verb: str = "take",
        start: int = 0,
        look: Callable[[int], object] = lambda _: None,
    ) -> None:
        super().__init__(title, entries, about, plain=plain)
        self._verb = verb
        self._entries.cursor = start
        self._look = look

    def on_entries_pointed(self) -> None:
        """Show what taking the entry would bring."""
        if self.is_current:
            self._look(self._entries.cursor)

    def how(self) -> tuple[tuple[str, str], ...]:
        """Return the keys of the page."""
        return ("choose", self._verb), ("close", "back")

    def action_choose(self) -> None:
        """Take the entry under the cursor."""
        self.dismiss(self._entries.cursor if self._entries.entries else None)


class MultiChoice(_List[list[int]]):
    """A list to choose several from; ends with the indices, in order, None without.

    Nothing marked: the entry under the cursor alone is taken, so that one choice needs one key.
    """

    def __init__(self, title: str, entries: Sequence[Line], marked: Sequence[int], *, plain: bool) -> None:
        super().__init__(title, entries, marked=marked, plain=plain)
        self._touched = bool(marked)

    def how(self) -> tuple[tuple[str, str], ...]:
        """Return the keys of the page."""
        return ("mark", "mark"), ("choose", "show these"), ("close", "back")

    def action_mark(self) -> None:
        """Mark the entry under the cursor, or no more."""
        self._touched = True
        self._entries.mark()

    def action_choose(self) -> None:
        """Take what is marked."""
        marked = sorted(self._entries.marked or ())
        self.dismiss(marked if self._touched else [self._entries.cursor])

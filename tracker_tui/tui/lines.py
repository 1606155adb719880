"""A widget of lines drawn from data: it repaints a line when, and only when, its text or tone changed.

Textual repaints a scrolled widget altogether. So this one scrolls by itself, and compares before it refreshes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tracker_tui.present.lines import Span
from tracker_tui.tui.paint import fit, strip
from tracker_tui.tui.themes import BOLD, TONES


class Drawn(NamedTuple):
    """A line as it stands on the screen, cut to its width."""

    spans: tuple[Span, ...] = ()
    selected: bool = False
    edge: str = ""
    """The last cell: where the part that is seen lies in the whole."""


BLANK = Drawn()


class Lines(Widget):
    """Base of every view. A subclass says how many lines there are and how each is drawn."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self.plain = plain
        self.top = 0
        self._drawn: dict[int, Drawn] = {}
        self._made: dict[int, Drawn] = {}
        """Lines that differ from what was drawn, made to find that out, until they are drawn."""
        self._styles: dict[str, Style] = {}
        self._theme = ""

    def total(self) -> int:
        """Return the number of lines."""
        raise NotImplementedError

    def drawn(self, index: int, width: int) -> Drawn:
        """Return how line `index` looks within `width` cells."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw a line of the visible part (Textual's line API)."""
        now = self._drawn[y] = self._made.pop(y) if y in self._made else self._at(y)
        width = self.size.width
        styles = self._tones()
        over = styles["cursor" if self.has_focus else "cursor-away"] if now.selected else None
        if not now.edge:
            return strip(now.spans, width, styles, over)
        return Strip.join([strip(now.spans, width - 1, styles, over), strip([Span(now.edge, "muted")], 1, styles)])

    def repaint(self) -> None:
        """Refresh the visible lines that differ from what was drawn last."""
        self.top = self._clamped(self.top)
        width = self.size.width
        self._made.clear()
        for y in range(self.size.height):
            now = self._at(y)
            if self._drawn.get(y) != now:
                self._made[y] = now
                self.refresh(Region(0, y, width, 1))

    def scroll_lines(self, by: int) -> None:
        """Move the visible part by some lines."""
        self.top = self._clamped(self.top + by)
        self.repaint()

    def _at(self, y: int) -> Drawn:
        index = self.top + y
        width = self.size.width
        total = self.total()
        edge = self._edge(y, total)
        if not 0 <= index < total:
            return BLANK._replace(edge=edge)
        room = width - bool(edge)
        drawn = self.drawn(index, room)
        return Drawn(tuple(fit(drawn.spans, room, plain=self.plain)), drawn.selected, edge)

    def _edge(self, y: int, total: int) -> str:
        """Return the cell that shows the position, "" where everything is visible."""
        height = self.size.height
        if total <= height or height < 2:
            return ""
        length = max(1, height * height // total)
        start = round(self.top * (height - length) / (total - height))
        inside = start <= y < start + length
        return ("#" if inside else "|") if self.plain else ("┃" if inside else "│")

    def _clamped(self, top: int) -> int:
        return max(0, min(top, self.total() - self.size.height))

    def _tones(self) -> dict[str, Style]:
        """Return the theme's tones; component classes would say the same, and cost a third of the start."""
        if self._theme != self.app.theme:
            self._theme = self.app.theme
            usual = self._styles[""] = self.rich_style
            for tone in TONES:
                colour = Color.parse(self.app.theme_variables[f"tone-{tone}"]).rich_color
                self._styles[tone] = usual + Style(color=colour, bold=tone in BOLD or None)
            if self.app.current_theme.ansi:  # in some terminals' palettes "bright black" is the very background
                self._styles["muted"] = usual + Style(dim=True)
            self._styles["cursor"] = usual + Style(reverse=True, bold=True)
            self._styles["cursor-away"] = usual + Style(reverse=True, dim=True)
        return self._styles

    def notify_style_update(self) -> None:
        """Forget colours that changed (Textual calls this)."""
        super().notify_style_update()
        self._theme = ""

    def on_resize(self) -> None:
        """Keep the visible part within the lines."""
        self._made.clear()
        self.top = self._clamped(self.top)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll by the wheel."""
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll by the wheel."""
        event.stop()
        self.scroll_lines(-3)


class Text(Lines):
    """Lines that are given, already cut to size: the header, the key line, details, help."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self._rows: Sequence[tuple[Span, ...]] = ()

    def show(self, rows: Sequence[tuple[Span, ...]]) -> None:
        """Show these rows; what stayed the same is not sent again."""
        self._rows = rows
        self.repaint()

    def total(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def drawn(self, index: int, width: int) -> Drawn:
        """Return a row as given."""
        return Drawn(self._rows[index])

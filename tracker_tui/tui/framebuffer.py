"""What the terminal shows, cell by cell, so that only cells that differ are sent.

Textual composes regions and sends them whole; over SSH most of that is what stands there already. This stands between
its compositor and its driver. It reads two of the compositor's private types; the screen of a real terminal is compared
with the composed one in the tests, so that a Textual that does otherwise is noticed.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

BRIDGE = 8
"""Equal cells between two changes that cost less than moving the cursor over them."""
CLEAR = "\x1b[0m\x1b[2J"
CLEAR_REST = "\x1b[K"


class Cell(NamedTuple):
    """A character, with the marks on it, in its style; the second half of a wide one has no text."""

    text: str
    style: Style | None


EMPTY = Cell(" ", None)
Row = list[Cell]
Update = LayoutUpdate | ChopsUpdate


class Sequence(CompositorUpdate):
    """Bytes that bring the terminal up to date."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        """Return the bytes."""
        return self.text


class FrameBuffer:
    """The cells as they were sent last."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._width = 0

    def forget(self) -> None:
        """Take nothing for granted: the terminal was resized, or somebody else wrote to it."""
        self._rows = []

    def update(self, update: Update, console: Console, size: tuple[int, int], whole: Callable[[], Update]) -> Sequence:
        """Return what must be sent for `update` to a terminal of `size`; "" if nothing.

        Where it is not known what the terminal shows, it is cleared and gets the `whole` screen.
        """
        width, height = size
        sent: list[str] = []
        if len(self._rows) != height or self._width != width:
            self._rows = [[EMPTY] * width for _ in range(height)]
            self._width = width
            sent.append(CLEAR)
            update = whole()
        for y, x, strip in _pieces(update):
            if 0 <= y < height and 0 <= x < width:
                sent += self._line(y, x, _cells(strip)[: width - x], console)
        return Sequence("".join(sent))

    def _line(self, y: int, x: int, new: Row, console: Console) -> Iterator[str]:
        row = self._rows[y]
        old = row[x : x + len(new)]
        if old == new:
            return
        steady = all(map(_steady, old)) and all(map(_steady, new))
        row[x : x + len(new)] = new
        tail = _empty_from(row)
        for start, end in _runs(old, new) if steady else [(0, len(new))]:
            first, last = x + start, x + end
            yield f"\x1b[{y + 1};{first + 1}H"
            if last > tail + len(CLEAR_REST):
                yield _rendered(row[first : max(first, tail)], console) + CLEAR_REST
                return
            yield _rendered(row[first:last], console)


def _empty_from(row: Row) -> int:
    """Return from where on a row has only empty cells, to its end."""
    end = len(row)
    while end and row[end - 1] == EMPTY:
        end -= 1
    return end


def _pieces(update: Update) -> Iterator[tuple[int, int, Strip]]:
    """Yield row, column and cells of everything that an update would send."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, left, right in update.spans:
        for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if part is not None and x <= right and end > left:
                yield y, x, part if end <= right else part.crop(0, right - x)


def _cells(strip: Strip) -> Row:
    cells: Row = []
    for text, styled, control in strip:
        if control:
            continue
        style = None if _usual(styled) else styled
        if not text.isascii():
            cells += _wide(text, style)
        elif _invisible(style):
            cells += [EMPTY if one == " " else Cell(one, style) for one in text]
        else:
            cells += [Cell(one, style) for one in text]
    return cells


def _wide(text: str, style: Style | None) -> Iterator[Cell]:
    """Yield the cells of a text that may have wide characters and marks."""
    waiting = ""
    for character in text:
        width = _width(character)
        if width:
            if waiting:
                yield from _spread(waiting, style)
            waiting = character
        else:
            waiting += character
    if waiting:
        yield from _spread(waiting, style)


def _spread(text: str, style: Style | None) -> Iterator[Cell]:
    yield EMPTY if text == " " and _invisible(style) else Cell(text, style)
    for _ in range(_width(text[0]) - 1):
        yield Cell("", style)


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    return cell_len(character)


@lru_cache(maxsize=512)
def _usual(style: Style | None) -> bool:
    """Return whether a style is what a terminal does by itself."""
    if style is None:
        return True
    attributes = (
        style.bold,
        style.dim,
        style.italic,
        style.blink,
        style.blink2,
        style.conceal,
        style.frame,
        style.encircle,
    )
    return (style.color is None or style.color.is_default) and not any(attributes) and _invisible(style)


@lru_cache(maxsize=512)
def _invisible(style: Style | None) -> bool:
    """Return whether a blank in this style looks like one that was never written."""
    if style is None:
        return True
    return (style.bgcolor is None or style.bgcolor.is_default) and not (
        style.reverse or style.underline or style.underline2 or style.strike or style.overline
    )


def _steady(cell: Cell) -> bool:
    """Return whether every terminal gives a cell the same width: then what is right of it stands where we think."""
    return len(cell.text) <= 1 and cell.text < "\U0001f000"


def _runs(old: Row, new: Row) -> Iterator[tuple[int, int]]:
    """Yield from where to where cells differ; short gaps belong to a run, and so does every half of a character."""
    changed = [index for index, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    start = end = -1
    for index in changed:
        if start >= 0 and index <= end + BRIDGE:
            end = index + 1
            continue
        if start >= 0:
            yield _whole(new, start, end)
        start, end = index, index + 1
    if start >= 0:
        yield _whole(new, start, end)


def _whole(new: Row, start: int, end: int) -> tuple[int, int]:
    while start and new[start].text == "":
        start -= 1
    while end < len(new) and new[end].text == "":
        end += 1
    return start, end


def _rendered(cells: Row, console: Console) -> str:
    segments: list[Segment] = []
    for text, style in cells:
        before = segments[-1].style if segments else None
        if segments and (before == style or (text == " " and _invisible(style) and _invisible(before))):
            segments[-1] = Segment(segments[-1].text + text, before)
        else:
            segments.append(Segment(text, style))
    return Strip(segments).render(console)

"""From spans to strips: the one place where text meets the terminal.

Segments carry text and a style, no markup is ever read, and every text passes `safe` once more on its way: whatever
slipped through a service boundary, a file name in a settings warning or an exception's words cannot reach the terminal
as a control sequence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracker_tui.model.text import clean
from tracker_tui.present.lines import Line, Span
from tracker_tui.present.narrow import plain as in_ascii

LIMIT = 4096

_TOKENS = re.compile(r"\s+|\S+")


@lru_cache(maxsize=8192)
def safe(text: str, *, plain: bool = False) -> str:
    """Return one line of text that is safe to print; `plain` replaces typographic characters by ASCII ones."""
    shown = clean(text, LIMIT)
    return in_ascii(shown) if plain else shown


def width_of(text: str) -> int:
    """Return how many terminal cells a text takes once it is safe."""
    return cell_len(safe(text))


def fit(spans: Iterable[Span], width: int, *, plain: bool = False) -> list[Span]:
    """Return `spans` made safe and cut to `width` cells, with an ellipsis where something is missing."""
    fitted: list[Span] = []
    left = width
    for span in spans:
        text = safe(span.text, plain=plain)
        cells = cell_len(text)
        if cells <= left:
            fitted.append(Span(text, span.tone))
            left -= cells
            continue
        ellipsis = "..." if plain else "…"
        if left > len(ellipsis):
            fitted.append(Span(set_cell_size(text, left - len(ellipsis)) + ellipsis, span.tone))
        elif left > 0:
            fitted.append(Span(set_cell_size(text, left), span.tone))
        break
    return fitted


def padded(text: str, width: int, *, plain: bool = False, right: bool = False) -> str:
    """Return a cell of exactly `width`: cut or filled, to the right for numbers."""
    shown = safe(text, plain=plain)
    missing = width - cell_len(shown)
    if missing < 0:
        return set_cell_size(shown, width)
    return " " * missing + shown if right else shown + " " * missing


def strip(spans: Iterable[Span], width: int, styles: Mapping[str, Style], over: Style | None = None) -> Strip:
    """Return a strip of exactly `width` cells; `over` replaces every tone (the cursor's line).

    Blanks take the style beside them: a change of style costs more bytes than what it paints.
    """
    usual = styles[""]
    if over is not None:
        return Strip([Segment("".join(span.text for span in spans), over)]).adjust_cell_length(width, over)
    segments: list[Segment] = []
    for span in spans:
        if not span.text:
            continue
        blank = span.text.isspace()
        style = segments[-1].style if blank and segments else styles.get(span.tone, usual)
        if segments and segments[0].text.isspace() and len(segments) == 1:
            segments[0] = Segment(segments[0].text, style)
        segments.append(Segment(span.text, style))
    return Strip(segments).adjust_cell_length(width, usual).simplify()


def wrap(line: Line, width: int, *, plain: bool = False) -> list[tuple[Span, ...]]:
    """Return `line` in rows of at most `width` cells, broken at spaces where possible."""
    if width < 1:
        return []
    rows: list[tuple[Span, ...]] = []
    row: list[Span] = []
    used = 0
    indent = line.indent if line.indent < width // 2 else 0
    for token, tone in _tokens(line.spans, plain):
        for piece in _pieces(token, width - indent):
            cells = cell_len(piece)
            if used + cells > width and row:
                rows.append(tuple(row))
                row, used = ([Span(" " * indent)], indent) if indent else ([], 0)
                if piece.isspace():
                    continue
            row.append(Span(piece, tone))
            used += cells
    rows.append(tuple(row))
    return rows


def wrap_all(lines: Sequence[Line], width: int, *, plain: bool = False) -> list[tuple[Span, ...]]:
    """Return all `lines` wrapped, one after another."""
    return [row for one in lines for row in wrap(one, width, plain=plain)]


def _tokens(spans: Iterable[Span], plain: bool) -> Iterator[tuple[str, str]]:
    for span in spans:
        for token in _TOKENS.findall(safe(span.text, plain=plain)):
            yield token, span.tone


def _pieces(token: str, width: int) -> list[str]:
    return [token] if cell_len(token) <= width else chop_cells(token, max(2, width))

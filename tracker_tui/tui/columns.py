"""A row of the tree in its columns: what changes often stands left; the narrower, the fewer columns there are.

Every column begins where it does in all other rows of its kind, however long a title is: the eye goes down, not along.
"""

from collections.abc import Sequence

from tracker_tui.model.states import Attention
from tracker_tui.model.world import EpisodeRow, RequestRow
from tracker_tui.present.bars import GLYPHS, Runs
from tracker_tui.present.brief import fitted
from tracker_tui.present.cells import Cells
from tracker_tui.present.labels import ATTENTION, Label
from tracker_tui.present.lines import Span
from tracker_tui.present.rows import Row
from tracker_tui.tui.paint import padded, width_of

PERCENT, SPEED, ETA = 7, 11, 7
"""Widths of the fixed cells: "≈99.9 %", "1023.9 KB/s", "23h 59m"."""
WORD = 11
"""Cells that every state's word fits into."""
WITH_LONG_BAR, WITH_SPEED, WITH_ETA, WITH_BAR = 110, 96, 72, 60
"""Widths of the tree from which on there is room for this."""
MIN_TITLE, MAX_TITLE, EPISODE = 12, 48, 40
"""Widths of the titles, as far as there is room; an episode's may take more of a narrow row."""
GAP = "  "
"""Between title and summary."""

_GRAVE = frozenset({ATTENTION[Attention.WARN].word, ATTENTION[Attention.ERROR].word})


def bar_width(width: int) -> int:
    """Return how many cells a bar has in a tree of `width`."""
    return 12 if width >= WITH_LONG_BAR else 8 if width >= WITH_BAR else 0


def columns(row: Row, shown: Cells, width: int, *, plain: bool) -> tuple[Span, ...]:
    """Return the row as spans of about `width` cells: where it is wider, what is cut off is a title without summary."""
    if shown.heading:
        tone = "heading" if shown.mark.tone == "muted" else shown.mark.tone
        return (Span(f"{_marker(row, plain)}{shown.title}", tone),)
    if shown.wide:
        title = f" {shown.title}: "
        words = fitted(shown.clauses, width - 1 - width_of(title), width_of, ellipsis(plain))
        return _glyph(shown.mark, plain), Span(title, "strong"), Span(words, shown.mark.tone)
    left, said = _left(shown, width, plain)
    room = width - sum(width_of(span.text) for span in left)
    clauses = _unsaid(shown.clauses, said) if width >= WITH_BAR else ()  # there the details below tell the rest
    return (*left, *_right(row, shown, clauses, room, plain))


def ellipsis(plain: bool) -> str:
    """Return what stands for what is cut off."""
    return "..." if plain else "…"


def _left(shown: Cells, width: int, plain: bool) -> tuple[list[Span], str]:
    """Return the fixed cells, and the word that says the state in them: "" where they hold numbers."""
    mark = [_glyph(shown.mark, plain), *([Span(" ")] if width >= WITH_ETA else [])]
    spans = [*mark, _glyph(shown.state, plain), Span(" "), *_bar(shown.bar, bar_width(width), plain)]
    speed = SPEED + 1 if width >= WITH_SPEED else 0
    eta = ETA + 1 if width >= WITH_ETA else 0
    percent = PERCENT if width >= WITH_BAR else WORD
    area = percent + speed + eta
    if shown.state is not None and shown.word and area >= WORD:
        return [
            *spans,
            Span(padded(" " * bool(bar_width(width)) + shown.word, area, plain=plain), shown.state.tone),
            Span(" "),
        ], shown.word
    spans.append(Span(padded(shown.percent, percent, plain=plain, right=True)))
    if speed:
        spans.append(Span(padded(shown.speed, speed, right=True), "downloading"))
    if eta:
        spans.append(Span(padded(shown.eta, eta, right=True)))
    return [*spans, Span(" ")], ""


def _right(row: Row, shown: Cells, clauses: Sequence[str], width: int, plain: bool) -> tuple[Span, ...]:
    tone = "strong" if isinstance(row.item, RequestRow) else ""
    lead = f"{'  ' * (row.depth - 1)}{_marker(row, plain)}"
    if not clauses:
        return Span(lead), Span(_title(shown, width - len(lead), plain), tone)
    grave = shown.mark.word in _GRAVE
    column = max(MIN_TITLE, min(MAX_TITLE, (width * 9 + 10) // 20))
    if isinstance(row.item, EpisodeRow) and not grave:
        column = max(column, min(EPISODE, width * 13 // 20))
    title = padded(_title(shown, column - len(lead), plain), column - len(lead), plain=plain)
    summary = fitted(clauses, width - column - len(GAP), width_of, ellipsis(plain))
    return Span(lead), Span(title, tone), Span(GAP), Span(summary, shown.mark.tone if grave else "muted")


def _title(shown: Cells, room: int, plain: bool) -> str:
    """Return the title within `room` cells: first the year goes, then the end."""
    for one in (shown.title, shown.short):
        if one and width_of(one) <= room:
            return one
    kept = padded(shown.short or shown.title, max(0, room - len(ellipsis(plain))), plain=plain)
    return kept.rstrip() + ellipsis(plain)


def _unsaid(clauses: Sequence[str], said: str) -> Sequence[str]:
    """Return the clauses without the state's word where it stands in the row already.

    Where it stands in ("Needs link in Shoko") is worth its cells only if nothing else is told; by whom, always.
    """
    first, rest = (clauses[0], clauses[1:]) if clauses else ("", ())
    if said and first.startswith(f"{said} by "):
        rest = (first.removeprefix(f"{said} "), *rest)
    elif not said or not (first == said or (first.startswith(f"{said} in ") and rest)):
        return clauses
    return tuple(f"{one[:1].upper()}{one[1:]}" if not index else one for index, one in enumerate(rest))


def _glyph(label: Label | None, plain: bool) -> Span:
    if label is None:
        return Span(" ")
    return Span(label.plain if plain else label.glyph, label.tone)


def _bar(runs: Runs | None, width: int, plain: bool) -> list[Span]:
    if runs is None or not width:
        return [Span(" " * width)]
    return [Span(GLYPHS[part][1 if plain else 0] * count, GLYPHS[part][2]) for part, count in runs]


def _marker(row: Row, plain: bool) -> str:
    if not row.branch:
        return "  "
    return ("- " if row.open else "+ ") if plain else ("▾ " if row.open else "▸ ")

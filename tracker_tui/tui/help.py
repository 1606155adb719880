"""The help page: what glyphs and bars say, in few lines, then the keys as the user has them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched

from tracker_tui.model.states import Attention
from tracker_tui.present.bars import GLYPHS, Part
from tracker_tui.present.labels import ATTENTION, SERVICES, STATES, Label
from tracker_tui.present.lines import EMPTY, Line, Span, heading, line
from tracker_tui.tui.keys import KEYS, shown

_PARTS = {
    Part.READY: "ready to watch",
    Part.PROCESSING: "being imported or matched",
    Part.LOADED: "downloading: what has arrived",
    Part.LOADING: "downloading: what is to come",
    Part.GRABBED: "grabbed, not started",
    Part.REST: "nothing yet",
}


_INDENT = 10

_PLACES = {
    "list": "in every list and text",
    "tree": "in the tree",
    "main": "on the main screen",
    "playback": "while something is played",
    "everywhere": "everywhere",
    "page": "on a page",
    "choice": "in a list to choose from",
    "typing": "while a filter is typed",
}


def help_lines(keys: Mapping[str, str], here: Sequence[str], complaints: Sequence[str], *, plain: bool) -> list[Line]:
    """Return the help; `keys` are the keys of every id, `here` the places whose keys are heard now, nearest first."""
    bars = [Label(word, glyph * 3, ascii_glyph * 3, tone) for word, (glyph, ascii_glyph, tone) in _bars()]
    found = [
        *_legend("States", [*STATES.values()], 15, plain),
        *_legend("Rows", [ATTENTION[Attention.WARN], ATTENTION[Attention.ERROR]], 15, plain),
        *_legend("Bars", bars, 34, plain),
        *_legend("Services", [*SERVICES.values()], 18, plain),
        line(" " * _INDENT, Span("then how often it is asked; an age only when its answers are old", "muted")),
    ]
    for place in (*here, *(one for one in _PLACES if one not in {*here, "playback"})):
        found += [EMPTY, heading(f"Keys {_PLACES[place]}{'' if place in here else ' (not here)'}")]
        found.extend(
            line(Span(f"{shown(keys[key.id]):<21} ", "strong"), key.words, Span(f"  [{key.id}]", "muted"), indent=22)
            for key in KEYS
            if key.where == place
        )
    found += [
        EMPTY,
        line(Span("The name in brackets is the action's id for [ui.keymap] in the configuration.", "muted")),
    ]
    found.extend(line(Span(one, "hand")) for one in complaints)
    found.append(line("If a lost connection leaves the terminal in a strange state, type reset and press Enter."))
    return found


def _bars() -> Iterator[tuple[str, tuple[str, str, str]]]:
    return ((word, GLYPHS[part]) for part, word in _PARTS.items())


def _legend(title: str, labels: Sequence[Label], cell: int, plain: bool) -> Iterator[Line]:
    """Yield glyphs with their words in cells of that width, as many side by side as 80 columns hold."""
    for index, row in enumerate(batched(labels, (79 - _INDENT) // cell)):
        spans = [Span(f"{'' if index else title:<{_INDENT}}", "heading")]
        for label in row:
            glyph = label.plain if plain else label.glyph
            spans += [Span(f"{glyph} ", label.tone), Span(label.word.ljust(cell - len(glyph) - 1))]
        yield line(*spans)

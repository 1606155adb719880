"""The help page: keys as the user has them, then what the glyphs and bars say."""

from collections.abc import Mapping, Sequence

from tracker_tui.model.states import Attention
from tracker_tui.present.bars import GLYPHS, Part
from tracker_tui.present.labels import ATTENTION, SERVICES, STATES, Label
from tracker_tui.present.lines import EMPTY, Line, Span, heading, line
from tracker_tui.tui.keys import KEYS, shown

_PARTS = {
    Part.READY: "ready to watch",
    Part.PROCESSING: "downloaded, importing or matching",
    Part.LOADED: "downloading: what has arrived",
    Part.LOADING: "downloading: what is to come",
    Part.GRABBED: "grabbed, not started",
    Part.REST: "nothing yet",
}


_PLACES = {
    "list": "in every list and text",
    "tree": "in the tree",
    "main": "on the main screen",
    "playback": "while something is played",
    "everywhere": "everywhere",
    "page": "on a page",
    "choice": "in a list to choose from",
}


def help_lines(keys: Mapping[str, str], here: Sequence[str], complaints: Sequence[str], *, plain: bool) -> list[Line]:
    """Return the help; `keys` are the keys of every id, `here` the places whose keys are heard now, nearest first."""
    found = [line(Span("the name in brackets is the action's id for [ui.keymap]", "muted"))]
    for place in (*here, *(one for one in _PLACES if one not in {*here, "playback"})):
        found += [EMPTY, heading(f"Keys {_PLACES[place]}{'' if place in here else ' (not here)'}")]
        found.extend(
            line(Span(f"{shown(keys[key.id]):<21} ", "strong"), key.words, Span(f"  [{key.id}]", "muted"), indent=22)
            for key in KEYS
            if key.where == place
        )
    found.extend(line(Span(one, "hand")) for one in complaints)
    found += [EMPTY, heading("States")]
    found.extend(_label(label, plain) for label in STATES.values())
    found += [EMPTY, heading("In front of a row")]
    found.extend(_label(ATTENTION[level], plain) for level in (Attention.WARN, Attention.ERROR))
    found += [EMPTY, heading("Bars")]
    for part, (glyph, ascii_glyph, tone) in GLYPHS.items():
        found.append(line(Span(f"{(ascii_glyph if plain else glyph) * 3}  ", tone), _PARTS[part]))
    found += [EMPTY, heading("Services")]
    found.extend(_label(label, plain) for label in SERVICES.values())
    found.append(line("Behind a service: how often it is asked; an age only when its answers are old."))
    found += [
        EMPTY,
        line("If a lost connection leaves the terminal in a strange state, type reset and press Enter."),
    ]
    return found


def _label(label: Label, plain: bool) -> Line:
    return line(Span(f"{label.plain if plain else label.glyph}  ", label.tone), label.word)

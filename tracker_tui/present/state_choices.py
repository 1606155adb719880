"""Which requests can be shown alone: those that need attention, and those of each state that there is."""

from collections import Counter
from typing import NamedTuple

from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import World
from tracker_tui.present.labels import STATES
from tracker_tui.present.lines import Line, Span, line
from tracker_tui.present.rows import View


class StateChoice(NamedTuple):
    """An entry of the state filter; `state` is None for what needs attention, whatever its state."""

    words: Line
    state: State | None
    chosen: bool


def state_choices(world: World, view: View, *, plain: bool) -> list[StateChoice]:
    """Return the entries, with how many requests each would show and whether it is chosen in `view`."""
    counts = Counter(row.state for row in world.requests)
    wanting = sum(row.attention >= Attention.WARN for row in world.requests)
    found = [StateChoice(line(f"needs attention ({wanting})"), None, view.only_attention)]
    for state in State:
        if counts[state]:
            label = STATES[state]
            glyph = Span(label.plain if plain else label.glyph, label.tone)
            words = line(glyph, f" {label.word} ({counts[state]})")
            found.append(StateChoice(words, state, state in view.states))
    return found

"""What happened lately, to all requests: newest first, a heading per day."""

from collections.abc import Callable
from itertools import groupby

from tracker_tui.model import moments
from tracker_tui.model.world import World
from tracker_tui.present import numbers
from tracker_tui.present.details import Moment, event_spans
from tracker_tui.present.lines import EMPTY, Line, heading, line

EVENTS = 300
"""How many are listed."""


TITLE = 30
"""Widest column of titles; a longer one takes what it needs."""


def history_lines(world: World, at: Moment, cells: Callable[[str], int]) -> list[Line]:
    """Return the events of every timeline; `cells` tells how wide a text is."""
    events = [(entry, row.title) for row in world.requests for entry in row.timeline]
    events.sort(key=lambda event: event[0].at)
    events.reverse()  # what came later in the same second stands higher, too
    column = min(TITLE, max((cells(title) for _, title in events[:EVENTS]), default=0))
    found: list[Line] = []
    for day, members in groupby(events[:EVENTS], key=lambda event: numbers.day(event[0].at, at.now, at.zone)):
        found += [EMPTY] if found else []
        found.append(heading(f"{day[:1].upper()}{day[1:]}"))
        for entry, title in members:
            when = moments.clock(entry.at, entry.at, at.zone)
            named = title + " " * (column - cells(title))
            found.append(line(*event_spans(entry, at, when, named), indent=9))
    return found or [line("Nothing happened lately, as far as is known.")]

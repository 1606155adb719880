"""What happened lately, to all requests: newest first, a heading per day."""

from itertools import groupby

from tracker_tui.model.world import World
from tracker_tui.present import numbers
from tracker_tui.present.details import Moment, event_spans
from tracker_tui.present.lines import EMPTY, Line, heading, line

EVENTS = 300
"""How many are listed."""


def history_lines(world: World, at: Moment) -> list[Line]:
    """Return the events of every timeline."""
    events = [(entry, row.title) for row in world.requests for entry in row.timeline]
    events.sort(key=lambda event: event[0].at, reverse=True)
    found: list[Line] = []
    for day, members in groupby(events[:EVENTS], key=lambda event: numbers.day(event[0].at, at.now, at.zone)):
        found += [EMPTY] if found else []
        found.append(heading(f"{day[:1].upper()}{day[1:]}"))
        for entry, title in members:
            found.append(line(*event_spans(entry, at, numbers.clock(entry.at, entry.at, at.zone), title), indent=9))
    return found or [line("Nothing happened lately, as far as is known.")]

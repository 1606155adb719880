"""The lines above and below the tree, cut to their width: services, counts, keys; what a small terminal is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import World
from tracker_tui.present.labels import SERVICES, STATES
from tracker_tui.present.lines import Span
from tracker_tui.present.rows import Row, Sort, View
from tracker_tui.present.services import counts_line, memory_words, strip
from tracker_tui.tui.keys import KEY_LINE, KEYS, shown
from tracker_tui.tui.paint import fit, width_of

Spans = tuple[Span, ...]

_OF_A_REQUEST = frozenset({"vfs-refresh", "ask", "link"})
_OF_SERVICES = frozenset({"vfs-refresh", "ask", "refresh"})


def first(keys: Mapping[str, str], name: str) -> str:
    """Return the first of an action's keys, as people write it."""
    return shown(keys[name].split(",")[0])


def services_line(world: World, now: datetime, width: int, *, plain: bool) -> Spans:
    """Return the strip of services."""
    return strip(world.services, now, width, width_of, plain=plain)


def trouble_line(trouble: str, keys: Mapping[str, str], width: int, *, plain: bool) -> Spans:
    """Return what stands in place of the services when none of them is asked any more."""
    label = SERVICES[ServiceStatus.ERROR]
    glyph = label.plain if plain else label.glyph
    words = f"{glyph} {trouble} · {first(keys, 'log')}: why · {first(keys, 'quit')}: quit, start again"
    return tuple(fit([Span(words, "failed")], width, plain=plain))


def summary_spans(
    world: World, view: View, now: datetime, *, progress: str, found: str, simulated: bool, plain: bool
) -> list[Span]:
    """Return the line of counts; `found` says what a filter shows, "" while that is said elsewhere.

    What hides rows stands first, and an errand under way: both must be seen on a narrow screen.
    """
    clauses = [[Span(f"{'*' if plain else '↻'} {progress}", "heading")]] if progress else []
    if view.narrowed and found:
        only = [f'"{view.filter}"'] if view.filter else []
        only += [STATES[state].word for state in sorted(view.states)]
        only += ["needs attention"] if view.only_attention else []
        clauses.append([Span(f"{', '.join(only)}: {found}", "heading")])
    clauses.append(list(counts_line(world.counts, world.problems)))
    if simulated:
        clauses.append([Span("simulated", "heading")])
    if words := memory_words(world, now):
        clauses.append([Span(words, "hand")])
    if muted := sum(row.id in view.muted for row in world.requests) if view.muted else 0:
        clauses.append([Span(f"{muted} muted", "muted")])
    if view.sort is not Sort.NEWEST:
        clauses.append([Span(view.sort, "muted")])
    if world.unassigned:
        clauses.append([Span(f"{len(world.unassigned)} unassigned", "muted")])
    spans: list[Span] = []
    for clause in clauses:
        spans += [Span(" · "), *clause] if spans else clause
    return spans


def key_line(keys: Mapping[str, str], row: Row | None, width: int, *, recorded: bool) -> Spans:
    """Return the most useful keys that fit; those that can do nothing for `row`, or to a recording, are paler."""
    request = row is not None and row.request is not None
    idle = (frozenset() if request else _OF_A_REQUEST) | (_OF_SERVICES if recorded else frozenset())
    words = {key.id: key.short for key in KEYS}
    spans: list[Span] = []
    left = width + 2
    for name in KEY_LINE:
        pressed = first(keys, name)
        taken = width_of(pressed) + width_of(words[name]) + 3
        if taken > left:
            continue
        spans += [Span("  ")] if spans else []
        spans += [Span(pressed, "muted" if name in idle else "strong"), Span(f" {words[name]}", "muted")]
        left -= taken
    return tuple(spans)


def too_small(size: tuple[int, int], needed: tuple[int, int], keys: Mapping[str, str]) -> Sequence[Spans]:
    """Return what a terminal is told that is too small for the screen."""
    return [
        (Span("tracker-tui", "strong"),),
        (Span(f"needs {needed[0]}x{needed[1]}, this is {size[0]}x{size[1]}"),),
        (Span("--once prints a snapshot"),),
        (Span(f"{first(keys, 'quit')} quits", "muted"),),
    ]

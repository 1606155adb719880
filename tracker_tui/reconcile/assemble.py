"""Put the rows together into one world: order and counts (SPEC 2.1.10, 2.1.11)."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.model.states import IN_FLIGHT, SETTLED, Attention, State
from tracker_tui.model.world import Counts, Problem, RequestRow, ServiceRow, Unassigned, World


def group_of(row: RequestRow) -> int:
    """Return the group of the main tree: 0 needs attention, 1 in progress, 2 waiting, 3 recently ready or closed."""
    if row.attention >= Attention.WARN:
        return 0
    if row.state in SETTLED:
        return 3
    return 1 if row.state in IN_FLIGHT else 2


def order_of(row: RequestRow) -> tuple[int, float, str]:
    """Return the sort key: group, newest request first (unknown dates last), id."""
    age = -row.requested_at.timestamp() if row.requested_at is not None else float("inf")
    return group_of(row), age, row.id


def count(rows: Iterable[RequestRow]) -> Counts:
    """Return the header's numbers, before any filter."""
    listed = list(rows)
    return Counts(
        in_progress=sum(row.state not in SETTLED for row in listed),
        ready=sum(row.state is State.AVAILABLE for row in listed),
        attention=sum(row.attention >= Attention.WARN for row in listed),
    )


def assemble(
    rows: Iterable[RequestRow],
    problems: Iterable[Problem],
    unassigned: Iterable[Unassigned],
    services: Iterable[ServiceRow],
    now: datetime,
    *,
    simulated: bool = False,
) -> World:
    """Return one consistent snapshot; the counters come from the very rows in it (invariant 1)."""
    ordered = tuple(sorted(rows, key=order_of))
    return World(
        generated_at=now,
        simulated=simulated,
        services=tuple(services),
        counts=count(ordered),
        requests=ordered,
        problems=tuple(problems),
        unassigned=tuple(unassigned),
    )

"""Services whose clocks go wrong: their times are told in the common time (SPEC 2.1.8, scenario G6).

What most services call now is now. An instance that differs by more than a minute has its times moved by whole
minutes; the correction stays until it is off by more than a minute again, so that an event keeps its time.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median

import msgspec
from msgspec.structs import replace

from tracker_tui.model.ids import InstanceRef
from tracker_tui.reconcile.memory import ClockMemory

TOLERATED = timedelta(seconds=60)

_BY_THE_CLOCK = frozenset(
    {
        "added_at",
        "at",
        "completed_at",
        "created_at",
        "ended_at",
        "estimated_at",
        "imported_at",
        "last_activity_at",
        "last_ended_at",
        "last_search_at",
        "last_started_at",
        "queued_at",
        "started_at",
        "updated_at",
    }
)
"""Fields that hold the time of an instance's own clock; dates of broadcast and release are nobody's clock."""


class Clocks:
    """The corrections in force, in whole minutes."""

    def __init__(self, known: tuple[ClockMemory, ...]) -> None:
        self._ahead = {one.instance: timedelta(minutes=one.ahead_min) for one in known}

    def ahead(self, ref: InstanceRef) -> timedelta:
        """Return by how much the times of `ref` run ahead of the common time."""
        return self._ahead.get(str(ref), timedelta())

    def settle(self, offsets: Mapping[InstanceRef, int]) -> dict[InstanceRef, timedelta]:
        """Take HTTP `Date` minus local clock, seconds, per instance; return by how much corrections changed."""
        if not offsets:
            return {}
        common = median(offsets.values())
        changed: dict[InstanceRef, timedelta] = {}
        for ref, offset in offsets.items():
            skew, before = timedelta(seconds=offset - common), self.ahead(ref)
            if abs(skew - before) <= TOLERATED:
                continue
            after = timedelta(minutes=round(skew / timedelta(minutes=1))) if abs(skew) > TOLERATED else timedelta()
            if after != before:
                changed[ref] = after - before
                self._ahead[str(ref)] = after
        return changed

    def memory(self) -> tuple[ClockMemory, ...]:
        """Return the durable form."""
        return tuple(
            ClockMemory(instance=name, ahead_min=ahead // timedelta(minutes=1))
            for name, ahead in sorted(self._ahead.items())
            if ahead
        )


def moved[T](value: T, back: timedelta) -> T:
    """Return a fact, or a table of facts, with every time of a service's clock moved back by `back`."""
    if not back:
        return value
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: _moved_field(name, one, back) for name, one in fields.items()}
        return replace(value, **{name: one for name, one in changed.items() if one is not fields[name]})
    if isinstance(value, tuple):
        return tuple(moved(one, back) for one in value)  # type: ignore[return-value]
    if isinstance(value, dict):
        return {key: moved(one, back) for key, one in value.items()}  # type: ignore[return-value]
    return value


def _moved_field(name: str, value: object, back: timedelta) -> object:
    if isinstance(value, datetime):
        return value - back if name in _BY_THE_CLOCK else value
    return moved(value, back) if isinstance(value, msgspec.Struct | tuple) and value else value

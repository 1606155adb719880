"""The program's now: the local clock corrected by what the services' HTTP `Date` headers say (SPEC 2.1.8)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from tracker_tui.model.ids import InstanceRef

JUMP_S = 60
"""A server whose offset changes by more than this from one answer to the next shows that the local clock was set."""


def local_clock() -> datetime:
    """Return the local time, aware UTC."""
    return datetime.now(UTC)


class CorrectedClock:
    """Local clock plus the median of (server `Date` - local) over the instances that answered, whole seconds."""

    def __init__(self, local: Callable[[], datetime] = local_clock) -> None:
        self._local = local
        self._offsets: dict[InstanceRef, int] = {}
        self._counted: dict[InstanceRef, int] = {}
        """Those measured since the local clock was set last."""
        self._correction = timedelta()

    def note(self, ref: InstanceRef, server_date: datetime) -> int:
        """Remember the newest answer's `Date`, read at its arrival; return this instance's offset in seconds.

        What was measured before the local clock was set counts no more: the others are asked again within seconds.
        """
        offset = round((server_date - self._local()).total_seconds())
        if abs(offset - self._offsets.get(ref, offset)) > JUMP_S:
            self._counted.clear()
        self._offsets[ref] = offset
        if self._counted.get(ref) != offset:
            self._counted[ref] = offset
            self._correction = timedelta(seconds=round(median(self._counted.values())))
        return offset

    def now(self) -> datetime:
        """Return the corrected time, aware UTC."""
        return self._local() + self._correction

"""The time the simulated household lives in; its services send it as HTTP `Date`, so the program follows it."""

import time
from datetime import UTC, datetime, timedelta


class SimClock:
    """A clock that starts at `start` (aware UTC) and runs at `speed` times real time; speed 0 stands still."""

    def __init__(self, start: datetime, speed: float = 0.0) -> None:
        self._base = start
        self._anchor = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        """Return how many simulated seconds pass per real second."""
        return self._speed

    def now(self) -> datetime:
        """Return the simulated time, aware UTC."""
        return self._base + timedelta(seconds=(time.monotonic() - self._anchor) * self._speed)

    def set_speed(self, speed: float) -> None:
        """Change the speed from now on, without a jump."""
        self._base, self._anchor = self.now(), time.monotonic()
        self._speed = speed

    def jump(self, *, to: datetime | None = None, seconds: float = 0.0) -> None:
        """Move to an instant, or by a number of simulated seconds."""
        self._base, self._anchor = (to or self.now()) + timedelta(seconds=seconds), time.monotonic()

    @classmethod
    def at_real_time(cls, speed: float = 1.0) -> "SimClock":
        """Return a clock that starts at the real present."""
        return cls(datetime.now(UTC), speed)

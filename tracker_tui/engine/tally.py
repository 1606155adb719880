"""What an instance was asked and what went wrong, for the page of services."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.traffic import Asked, Traffic, Trouble
from tracker_tui.plan.topics import Topic
from tracker_tui.services.http import Meter

TROUBLES_KEPT = 20


class Tally:
    """Counts for one instance. Safe to read from another thread than the one that counts."""

    def __init__(self) -> None:
        self._asked: dict[Topic, tuple[int, datetime]] = {}
        self._troubles: deque[Trouble] = deque(maxlen=TROUBLES_KEPT)

    def asked(self, topic: Topic, now: datetime) -> None:
        """Count a question."""
        self._asked[topic] = (self._asked.get(topic, (0,))[0] + 1, now)

    def failed(self, topic: Topic, message: str, now: datetime) -> None:
        """Keep what went wrong."""
        self._troubles.append(Trouble(at=now, topic=topic, message=message))

    def traffic(self, ref: InstanceRef, meter: Meter, rhythm_s: Callable[[Topic], float | None]) -> Traffic:
        """Return everything so far; `rhythm_s` = how often a topic is asked at present, in seconds."""
        return Traffic(
            ref=ref,
            calls=meter.calls,
            bytes_in=meter.bytes_in,
            skipped=meter.skipped,
            asked=tuple(
                Asked(topic=topic, times=times, last_at=at, every_s=rhythm_s(topic))
                for topic, (times, at) in self._asked.copy().items()
            ),
            troubles=tuple(self._troubles.copy()),
        )

"""Questions that fail while their service answers others: each waits for itself, and is named once."""

import logging
import random
import time
from datetime import datetime
from typing import NamedTuple

from tracker_tui.model.ids import InstanceRef
from tracker_tui.plan.cadence import back_off
from tracker_tui.plan.plan import Key
from tracker_tui.plan.topics import Question, Topic
from tracker_tui.services.errors import ServiceError, TooSlow

log = logging.getLogger(__name__)

LONG_QUESTIONS = 5
"""So much longer is the pause after a failed question for a whole list."""
UNWANTED_S = 120.0
"""A question that was not put again for so long, though it might, is wanted no more."""


class Ailment(NamedTuple):
    """A question that fails while the service answers others."""

    fault: ServiceError
    since: datetime
    failures: int
    again_s: float
    """When it is put again, monotonic."""


class Ailments:
    """Those of one instance. `active_s` = the pause after a first failure."""

    def __init__(self, ref: InstanceRef, active_s: float) -> None:
        self._ref = ref
        self._active_s = active_s
        self._all: dict[Key, Ailment] = {}
        self._named: set[Topic] = set()

    def __contains__(self, key: Key) -> bool:
        return key in self._all

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return the questions."""
        return tuple(self._all)

    @property
    def topics(self) -> frozenset[Topic]:
        """Return what they are about."""
        return frozenset(topic for topic, _ in self._all)

    def pausing(self, key: Key) -> bool:
        """Return whether a question failed so lately that it is not put again yet."""
        known = self._all.get(key)
        return known is not None and known.again_s > time.monotonic()

    def slow(self, key: Key) -> bool:
        """Return whether a question failed because no answer came in time."""
        known = self._all.get(key)
        return known is not None and isinstance(known.fault, TooSlow)

    def lasting(self, failures: int) -> tuple[tuple[Topic, Ailment], ...]:
        """Return those that failed so often in a row, one per topic."""
        return tuple(sorted({topic: one for (topic, _), one in self._all.items() if one.failures >= failures}.items()))

    def failed(self, question: Question, fault: ServiceError, now: datetime) -> None:
        """Note one more failure."""
        key = (question.topic, question.key)
        known = self._all.get(key)
        failures = 1 + (known.failures if known else 0)
        pause_s = back_off(failures, self._active_s, random.random())  # noqa: S311 - spreads retries
        self._all[key] = Ailment(
            fault=fault,
            since=known.since if known else now,
            failures=failures,
            again_s=time.monotonic() + pause_s * (LONG_QUESTIONS if question.background else 1),
        )

    def answered(self, question: Question) -> None:
        """Note that a question has its answer; log it where its failure was named."""
        gone = self._all.pop((question.topic, question.key), None)
        if gone and question.topic in self._named and question.topic not in self.topics:
            self._named.discard(question.topic)
            log.info("%s: %s: answered again", self._ref, question.topic)

    def forget(self) -> None:
        """Forget all of them: the service was down, and that may have been why."""
        self._all.clear()
        self._named.clear()

    def forget_unwanted(self) -> None:
        """Forget what nobody asks any more."""
        outdated_s = time.monotonic() - UNWANTED_S
        self._all = {key: one for key, one in self._all.items() if one.again_s > outdated_s}
        self._named &= self.topics

    def name(self, topic: Topic, fault: ServiceError) -> None:
        """Log a topic that goes on failing, once."""
        if topic not in self._named:
            self._named.add(topic)
            log.info("%s: %s: %s", self._ref, topic, fault.message)

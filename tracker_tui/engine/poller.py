"""One poller per instance: plans, asks, reports, waits. Never overlaps itself, never holds up another.

A failed telling question (or no connection, refused key, start-up in any question) is the service's failure: it is
reported once per poll and the next poll is put off. A failure of any other question concerns that question only.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from tracker_tui.config.settings import Instance
from tracker_tui.engine.asking import asker_for
from tracker_tui.engine.clients import Client, Closing
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import CallFailed, Identified, Observation, Payload, TorrentsRead
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.traffic import Asked, Traffic, Trouble
from tracker_tui.plan.cadence import Cadence, wait_after_failure
from tracker_tui.plan.plan import NOT_OFFERED_S, Moment, questions, wishes
from tracker_tui.plan.stirs import stirs
from tracker_tui.plan.topics import RHYTHMS, Question, Topic
from tracker_tui.reconcile.interest import Interest
from tracker_tui.services.errors import NotFound, ServiceError, Starting, TooSlow, Unauthorized, Unreachable

log = logging.getLogger(__name__)

AT_ONCE = 6
"""Questions under way at the same time per instance."""
ASKED_AGAIN = frozenset({Topic.LOOKUP, Topic.EPISODES, Topic.LOOK})
"""What a user who asks for fresh answers may have changed by hand in another window."""
DEBOUNCE_S = 2.0
"""A wish to poll now is granted at most this often."""

Emit = Callable[[Observation], None]


class Poller:
    """The life of one instance. `run` until cancelled, or `poll` once for a snapshot."""

    def __init__(
        self,
        instance: Instance,
        client: Client,
        *,
        clock: CorrectedClock,
        emit: Emit,
        interest: Callable[[], Interest],
        cadence: Cadence,
        recent: timedelta,
    ) -> None:
        self.instance = instance
        self.ref = instance.ref
        self.client = client
        self.troubles: deque[Trouble] = deque(maxlen=20)
        self._tally: dict[Topic, tuple[int, datetime]] = {}
        self.interval_s: float | None = None
        self.limited = True
        self._asker = asker_for(instance.kind, client, recent)
        self._clock = clock
        self._emit = emit
        self._interest = interest
        self._cadence = cadence
        self._identified = False
        self._failures = 0
        self._failure: CallFailed | None = None
        self._asked: dict[tuple[Topic, str], float] = {}
        self._last: dict[type[Payload], Payload] = {}
        self._stirred: frozenset[Topic] = frozenset()
        self._news_s: dict[Topic, float] = {}
        self._changed_hashes: set[str] = set()
        self._background: dict[tuple[Topic, str], asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._resting = False
        self._woken_s = float("-inf")

    @property
    def answered(self) -> bool:
        """Return whether it has proved its identity and not failed since."""
        return self._identified

    @property
    def resting(self) -> bool:
        """Return whether it waits for its next poll."""
        return self._resting

    @property
    def inventories(self) -> tuple[asyncio.Task[None], ...]:
        """Return the long questions under way."""
        return tuple(self._background.values())

    def has_questions(self) -> bool:
        """Return whether a poll now would ask anything."""
        return bool(self._due())

    def has_wishes(self) -> bool:
        """Return whether something other than a timer gives it a question."""
        return bool(wishes(self.ref, self._interest(), self._asked, self._moment()))

    @property
    def failing(self) -> CallFailed | None:
        """Return the present failure of the service, None while it answers."""
        return self._failure

    def traffic(self) -> Traffic:
        """Return what was asked so far and what went wrong. Safe from another thread than the poller's."""
        meter = self.client.meter
        return Traffic(
            ref=self.ref,
            calls=meter.calls,
            bytes_in=meter.bytes_in,
            skipped=meter.skipped,
            asked=tuple(
                Asked(topic=topic, times=times, last_at=at, every_s=self._rhythm_s(topic))
                for topic, (times, at) in self._tally.copy().items()
            ),
            troubles=tuple(self.troubles.copy()),
        )

    def _rhythm_s(self, topic: Topic) -> float | None:
        rhythm = RHYTHMS[self.ref.kind].get(topic)
        if rhythm is None:
            return None
        moving = self.ref in self._interest().moving
        seconds = rhythm.active_s if moving else rhythm.idle_s
        return None if seconds is None else max(seconds, self._cadence.interval(self.ref.kind, moving=moving))

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await self.poll()
            self.interval_s = self._wait_s()
            self._wake.clear()
            self._resting = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.0 if self._stirred else self.interval_s):
                    await self._wake.wait()
            self._resting = False

    def wake(self, *, by_user: bool = False) -> None:
        """Poll soon instead of after the interval. A user's wish also lifts a refusal and back-off; both debounced."""
        if by_user:
            retry = getattr(self.client, "retry_login", None)
            if retry is not None:
                retry()
            self._stir(ASKED_AGAIN)
        elif self._failure is not None:
            return
        if time.monotonic() - self._woken_s >= (DEBOUNCE_S if by_user else self._cadence.active_s):
            self._woken_s = time.monotonic()
            self._wake.set()

    async def poll(self) -> bool:
        """Ask what is due now; return whether anything was asked. Long questions go on in the background."""
        if not self._identified and not await self._identify():
            return True
        due = self._due()
        self._stirred -= {question.topic for question in due}
        self._changed_hashes -= {known for question in due if question.topic is Topic.FILES for known in question.keys}
        for question in due:
            self._note_asked(question)
            if question.background:
                self._start_background(question)
        await asyncio.gather(*(self._ask(question) for question in due if not question.background))
        return bool(due)

    def give_up(self, timeout_s: float) -> None:
        """Report an instance that has not answered within a snapshot's time."""
        if not self._identified and self._failure is None:
            self._failed(Question(topic=Topic.IDENTITY), TooSlow(f"no answer within {timeout_s:g} s"))

    async def aclose(self) -> None:
        """Stop long questions and close the client."""
        under_way = self.inventories
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if isinstance(self.client, Closing):
            await self.client.aclose()

    def _due(self) -> list[Question]:
        asked = questions(self.ref, self._interest(), self._asked, self._moment())
        return [question for question in asked if (question.topic, question.key) not in self._background]

    def _moment(self) -> Moment:
        return Moment(
            mono_s=time.monotonic(),
            now=self._clock.now(),
            moving=self.ref in self._interest().moving,
            stirred=self._stirred,
            news_s=dict(self._news_s),
            changed_hashes=frozenset(self._changed_hashes),
            limited=self.limited,
        )

    async def _identify(self) -> bool:
        await self._ask(Question(topic=Topic.IDENTITY))
        return self._identified

    def _note_asked(self, question: Question) -> None:
        now_s = time.monotonic()
        self._asked[question.topic, question.key] = now_s
        if question.topic is Topic.FILES:
            self._asked.update({(Topic.FILES, known): now_s for known in question.keys})
        elif question.topic is Topic.LOOKUP:
            self._asked.update({(Topic.LOOKUP, path): now_s for path, _ in question.paths})

    def _start_background(self, question: Question) -> None:
        key = (question.topic, question.key)
        task = asyncio.create_task(self._ask(question), name=f"{self.ref} {question.topic}")
        self._background[key] = task
        task.add_done_callback(lambda _: self._background.pop(key, None))

    async def _ask(self, question: Question) -> None:
        self._tally[question.topic] = (self._tally.get(question.topic, (0,))[0] + 1, self._clock.now())
        async with self._slots:
            skipped = self.client.meter.skipped
            try:
                payloads = await self._asker.ask(question, self._clock.now())
            except ServiceError as fault:
                self._failed(question, fault)
                return
            except Exception as fault:  # a fault of ours in one question must not end the monitor
                log.exception("%s: %s failed", self.ref, question.topic)
                self._failed(question, ServiceError(f"internal fault in {question.topic}: {type(fault).__name__}"))
                return
        self._answered(question, payloads, self.client.meter.skipped - skipped)

    def _answered(self, question: Question, payloads: Sequence[Payload], skipped: int) -> None:
        meter = self.client.meter
        offset = self._clock.note(self.ref, meter.server_date) if meter.server_date else None
        if question.topic is Topic.IDENTITY or self._is_telling(question):
            self._recovered()
        for payload in payloads:
            self._stir(stirs(self._last.get(type(payload)), payload))
            self._last[type(payload)] = payload
            if isinstance(payload, TorrentsRead):
                self._changed_hashes.update(torrent.hash for torrent in payload.changed)
            elif isinstance(payload, Identified):
                self._identified = True
            self._emit(
                Observation(
                    ref=self.ref,
                    at=self._clock.now(),
                    payload=payload,
                    latency_ms=meter.latency_ms,
                    clock_offset_s=offset,
                    skipped=skipped,
                )
            )

    def _stir(self, topics: Iterable[Topic]) -> None:
        """Note what is worth asking again: what has a timer at once, the rest where something waits for it."""
        timed = RHYTHMS[self.ref.kind].keys()
        self._stirred |= {topic for topic in topics if topic in timed}
        self._news_s |= dict.fromkeys((topic for topic in topics if topic not in timed), time.monotonic())

    def _is_telling(self, question: Question) -> bool:
        rhythm = RHYTHMS[self.ref.kind].get(question.topic)
        return rhythm is not None and rhythm.telling

    def _failed(self, question: Question, fault: ServiceError) -> None:
        rhythm = RHYTHMS[self.ref.kind].get(question.topic)
        if rhythm is not None and rhythm.optional and isinstance(fault, NotFound):
            self._asked[question.topic, question.key] = time.monotonic() + NOT_OFFERED_S
            return
        self.troubles.append(Trouble(at=self._clock.now(), topic=question.topic, message=fault.message))
        late_inventory = question.background and isinstance(fault, TooSlow)
        service_wide = isinstance(fault, Unreachable | Unauthorized | Starting) and not late_inventory
        if not (service_wide or question.topic is Topic.IDENTITY or self._is_telling(question)):
            log.info("%s: %s: %s", self.ref, question.topic, fault.message)
            return
        failure = fault.as_failure()
        if self._failure is None:
            log.warning("%s: %s%s", self.ref, fault.message, f" ({fault.fix})" if fault.fix else "")
            self._failures = 0
        self._failure = failure
        self._failures += 1
        if not isinstance(fault, TooSlow):
            self._identified = False  # another server, version or key may answer next
        self._emit(Observation(ref=self.ref, at=self._clock.now(), payload=failure))

    def _recovered(self) -> None:
        if self._failure is not None:
            log.warning("%s: answers again", self.ref)
            self._failure = None
            self._failures = 0

    def _wait_s(self) -> float:
        moving = self.ref in self._interest().moving
        interval = self._cadence.interval(self.ref.kind, moving=moving)
        if self._failure is None:
            return interval
        if self.ref.kind is Kind.QBITTORRENT and self._failure.status is ServiceStatus.UNAUTHORIZED:
            return 3600.0  # refused locally until the user asks or the configuration changes; a look costs nothing
        return wait_after_failure(
            self._failure.status,
            failures=self._failures,
            base_s=self._cadence.active_s,
            jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
            retry_after_s=self._failure.retry_after_s,
        )

"""One poller per instance: asks what is due, reports, waits. Never overlaps itself, never holds up another.

A failed telling question is the service's failure: it is reported once per poll and the next poll is put off. The
failure of any other question concerns that question only, as long as the telling one is answered: it is put again
after a pause of its own, and named in `parts`.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta

from msgspec.structs import replace

from tracker_tui.config.settings import Instance
from tracker_tui.engine.agenda import Agenda
from tracker_tui.engine.ailments import Ailment, Ailments
from tracker_tui.engine.asking import Asker
from tracker_tui.engine.clients import Client, Closing, Doubting
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.tally import Tally
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import CallFailed, Identified, Observation, Payload
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.traffic import Traffic
from tracker_tui.plan.cadence import Cadence, wait_after_failure
from tracker_tui.plan.plan import Key
from tracker_tui.plan.topics import Question, Topic
from tracker_tui.reconcile.interest import Interest
from tracker_tui.services.errors import (
    NotFound,
    ServiceError,
    Starting,
    TooSlow,
    Unauthorized,
    Unreachable,
    WrongService,
)

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
        self._tally = Tally()
        self.interval_s: float | None = None
        self._asker = Asker(instance.kind, client, recent)
        self._clock = clock
        self._emit = emit
        self._cadence = cadence
        self._agenda = Agenda(instance.ref, clock=clock, interest=interest, cadence=cadence)
        self._identified = False
        self._failures = 0
        self._failure: CallFailed | None = None
        self._ailing = Ailments(instance.ref, cadence.active_s)
        self._told = False
        self._fell = False
        """Its failure in this look is counted: the second telling question that fails in it is no second one."""
        self._proven = False
        """It proved its identity in this very look: what it refuses then is a part of it."""
        self._suspect: ServiceError | None = None
        self._failed_since = clock.now()
        self._background: dict[tuple[Topic, str], asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._resting = False
        self._woken_s = float("-inf")

    @property
    def limited(self) -> bool:
        """Return whether questions have their rhythms and limits; False in a snapshot, which asks for all at once."""
        return self._agenda.limited

    @limited.setter
    def limited(self, limited: bool) -> None:
        self._agenda.limited = limited

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
        return any(self._askable((wish.topic, wish.key)) for wish in self._agenda.wishes())

    @property
    def quickened(self) -> bool:
        """Return whether it rests at a slower rhythm than what moves there by now asks for (a new grab, an import)."""
        rests_s = self.interval_s if self._resting and self._failure is None else None
        return rests_s is not None and self._agenda.interval_s < rests_s

    @property
    def parts(self) -> tuple[tuple[Topic, Ailment], ...]:
        """Return the questions that go on failing though the service answers, one per topic; in a snapshot any."""
        if self._failure is not None:
            return ()
        return self._ailing.lasting(2 if self.limited else 1)

    @property
    def failing(self) -> CallFailed | None:
        """Return the present failure of the service, None while it answers."""
        return self._failure

    def traffic(self) -> Traffic:
        """Return what was asked so far and what went wrong. Safe from another thread than the poller's."""
        return self._tally.traffic(self.ref, self.client.meter, self._agenda.rhythm_s)

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            self._wake.clear()  # a wish that comes during the poll is granted after it
            await self.poll()
            self.interval_s = self._wait_s()
            self._resting = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.0 if self._urgent() else self.interval_s):
                    await self._wake.wait()
            self._resting = False

    def wake(self, *, by_user: bool = False) -> None:
        """Poll soon instead of after the interval. A user's wish also lifts a refusal and back-off.

        Both are debounced: what comes too soon is granted later.
        """
        if by_user:
            retry = getattr(self.client, "retry_login", None)
            if retry is not None:
                retry()
            self._agenda.stir(ASKED_AGAIN)
        elif self._failure is not None:
            return
        now_s = time.monotonic()
        early_s = self._woken_s + (DEBOUNCE_S if by_user else self._cadence.active_s) - now_s
        if early_s <= 0:
            self._woken_s = now_s
            self._wake.set()
        elif self._woken_s <= now_s:
            self._woken_s = now_s + early_s
            asyncio.get_running_loop().call_later(early_s, self._wake.set)

    async def poll(self) -> bool:
        """Ask what is due now; return whether anything was asked. Long questions go on in the background.

        Who has not proved identity is asked for that first; a snapshot asks for everything at once, and what comes
        counts with the proof alone. Not so qBittorrent: two questions under way are two logins, if the first fails.
        """
        self._fell = False
        if self.limited:
            self._proven = False
            if any(self._agenda.rhythm(topic).telling for topic in self._ailing.topics):
                self._identified = False  # it must prove anew that it is there, while that question fails
        proof = None if self._identified else asyncio.create_task(self._identify())
        careful = self.limited or self.ref.kind is Kind.QBITTORRENT
        if proof is not None and careful and not await proof:
            return True
        self._told, self._suspect = False, None
        due = self._due()
        asked = []
        for question in due:
            self._agenda.note_asked(question)
            if self._aside(question):
                self._start_background(question, proof)
            else:
                asked.append(self._ask(question, proof))
        await asyncio.gather(*asked, *(() if proof is None else (proof,)))
        if self._suspect is not None and self._failure is None and not self._vouched(self._suspect):
            self._down(self._suspect)
        self._ailing.forget_unwanted()
        for topic, one in self.parts:
            self._ailing.name(topic, one.fault)
        return bool(due) or proof is not None

    def _vouched(self, suspect: ServiceError) -> bool:
        """Return whether a refusal of one question says nothing of the others: its key was good in this very look.

        A snapshot's later questions come without a telling one; who was reached and is not any more, is down.
        """
        return self._told or (not self.limited and self._identified and not isinstance(suspect, Unreachable))

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
        return [question for question in self._agenda.due() if self._askable((question.topic, question.key))]

    def _askable(self, key: Key) -> bool:
        """Return whether a question may be put: it is not under way, and no pause after a failure of its own runs."""
        return key not in self._background and not self._ailing.pausing(key)

    def _aside(self, question: Question) -> bool:
        """Return whether the poll does not wait for a question: it may take long, or took too long the last time.

        Not so qBittorrent: what hangs there holds up all that follows on its connection.
        """
        if not self.limited or self.ref.kind is Kind.QBITTORRENT or self._agenda.rhythm(question.topic).telling:
            return question.background
        return question.background or self._ailing.slow((question.topic, question.key))

    def _urgent(self) -> bool:
        """Return whether an answer made something due at once."""
        return self._failure is None and any(self._askable((topic, "")) for topic in self._agenda.stirred)

    def _identify(self) -> Coroutine[None, None, bool]:
        """Return the question for identity, noted as asked; it answers whether it was proved."""
        question = Question(topic=Topic.IDENTITY)
        self._agenda.note_asked(question)

        async def ask() -> bool:
            await self._ask(question)
            return self._identified

        return ask()

    def _start_background(self, question: Question, proof: "asyncio.Task[bool] | None") -> None:
        key = (question.topic, question.key)
        task = asyncio.create_task(self._ask(question, proof), name=f"{self.ref} {question.topic}")
        self._background[key] = task
        task.add_done_callback(lambda _: self._background.pop(key, None))

    async def _ask(self, question: Question, proof: "asyncio.Task[bool] | None" = None) -> None:
        """Put a question and take its answer, if need be once `proof` has ended well."""
        self._tally.asked(question.topic, self._clock.now())
        telling = self._agenda.rhythm(question.topic).telling  # what hangs beside it takes no place of its
        async with contextlib.nullcontext() if telling else self._slots:
            skipped = self.client.meter.skipped
            answer = await self._put(question)
            skipped = self.client.meter.skipped - skipped
        if proof is not None:
            await asyncio.wait([proof])
            if proof.cancelled() or not proof.result():
                return
        if isinstance(answer, ServiceError):
            self._failed(question, answer)
        else:
            self._answered(question, answer, skipped)

    async def _put(self, question: Question) -> Sequence[Payload] | ServiceError:
        try:
            return await self._asker.ask(question, self._clock.now())
        except ServiceError as fault:
            return fault
        except Exception as fault:  # a fault of ours in one question must not end the monitor
            if (question.topic, question.key) not in self._ailing:
                log.exception("%s: %s failed", self.ref, question.topic)
            return ServiceError(f"internal fault in {question.topic}: {type(fault).__name__}")

    def _answered(self, question: Question, payloads: Sequence[Payload], skipped: int) -> None:
        meter = self.client.meter
        offset = self._clock.note(self.ref, meter.server_date) if meter.server_date else None
        self._ailing.answered(question)
        self._agenda.take(question, payloads)
        telling = self._agenda.rhythm(question.topic).telling and self._identified  # a stranger's answers tell nothing
        if question.topic is Topic.IDENTITY or telling:
            self._told = True
            self._recovered()
        if question.topic is not Topic.IDENTITY and isinstance(self.client, Doubting) and self.client.renewed:
            self._agenda.stir({Topic.IDENTITY})
        beside_failure = self._failure is not None
        for payload in payloads:
            if isinstance(payload, Identified):
                self._identified = self._proven = True
            self._emit(
                Observation(
                    ref=self.ref,
                    at=self._clock.now(),
                    payload=payload,
                    latency_ms=meter.latency_ms,
                    clock_offset_s=offset,
                    skipped=skipped,
                    beside_failure=beside_failure,
                )
            )

    def _failed(self, question: Question, fault: ServiceError) -> None:
        rhythm = self._agenda.rhythm(question.topic)
        if rhythm.optional and isinstance(fault, NotFound):
            self._agenda.note_not_offered(question)
            return
        self._tally.failed(question.topic, fault.message, self._clock.now())
        telling = rhythm.telling and (not self._proven or isinstance(fault, Unreachable | Starting))
        unproven = not self._identified or isinstance(fault, WrongService | Unauthorized)
        if telling or (question.topic is Topic.IDENTITY and unproven):
            self._down(fault)
            return
        self._ailing.failed(question, fault, self._clock.now())
        self._agenda.note_failed(question)
        late_inventory = question.background and isinstance(fault, TooSlow)
        if isinstance(fault, Unreachable | Unauthorized | Starting) and not late_inventory:
            self._suspect = fault

    def _down(self, fault: ServiceError) -> None:
        if not isinstance(fault, TooSlow):
            self._identified = False  # another server, version or key may answer next
        if self._fell:
            return
        self._fell = True
        failure = replace(fault.as_failure(), final=not self.limited)
        if self._failure is None:
            log.warning("%s: %s%s", self.ref, fault.message, f" ({fault.fix})" if fault.fix else "")
            self._failures = 0
            self._failed_since = self._clock.now()
        self._failure = failure
        self._failures += 1
        self._emit(Observation(ref=self.ref, at=self._clock.now(), payload=failure))

    def _recovered(self) -> None:
        if self._failure is None:
            return
        silent = self._clock.now() - self._failed_since
        log.warning("%s: answers again, after %d s", self.ref, silent.total_seconds())
        self._failure = None
        self._failures = 0
        self._fell = False
        self._agenda.note_recovered(self._ailing.keys)
        self._ailing.forget()

    def _wait_s(self) -> float:
        if self._failure is None:
            return self._agenda.interval_s
        if self.ref.kind is Kind.QBITTORRENT and self._failure.status is ServiceStatus.UNAUTHORIZED:
            return 3600.0  # refused locally until the user asks or the configuration changes; a look costs nothing
        return wait_after_failure(
            self._failure.status,
            failures=self._failures,
            base_s=self._cadence.active_s,
            jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
            retry_after_s=self._failure.retry_after_s,
        )

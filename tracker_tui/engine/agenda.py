"""What one instance was asked and when, what its answers made worth asking again, and so what is due now."""

import time
from collections.abc import Callable, Iterable

from tracker_tui.engine.now import CorrectedClock
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import Payload, TorrentsRead
from tracker_tui.plan.cadence import Cadence
from tracker_tui.plan.plan import NOT_OFFERED_S, Key, Moment, questions, wishes
from tracker_tui.plan.stirs import stirs
from tracker_tui.plan.topics import COVERED, RHYTHMS, Question, Rhythm, Topic
from tracker_tui.reconcile.interest import Interest

_ON_DEMAND = Rhythm(active_s=None, idle_s=None)


class Agenda:
    """The memory from which the plan of the next tick is made. Knows neither the client nor the service's health."""

    def __init__(
        self, ref: InstanceRef, *, clock: CorrectedClock, interest: Callable[[], Interest], cadence: Cadence
    ) -> None:
        self.limited = True
        """False in a snapshot: everything that is wanted is asked for at once, and only once."""
        self._ref = ref
        self._clock = clock
        self._interest = interest
        self._cadence = cadence
        self._rhythms = RHYTHMS[ref.kind]
        self._asked: dict[Key, float] = {}
        self._last: dict[type[Payload], Payload] = {}
        self._stirred: frozenset[Topic] = frozenset()
        self._news_s: dict[Topic, float] = {}
        self._changed_hashes: set[str] = set()
        self._not_offered: set[Key] = set()

    @property
    def moving(self) -> bool:
        """Return whether something of a counted item moves there."""
        return self._ref in self._interest().moving

    @property
    def interval_s(self) -> float:
        """Return the seconds from the end of one poll to the start of the next, while the instance answers."""
        return self._cadence.interval(self._ref.kind, moving=self.moving)

    @property
    def stirred(self) -> frozenset[Topic]:
        """Return the topics that an answer made due at once."""
        return self._stirred

    def rhythm(self, topic: Topic) -> Rhythm:
        """Return how often a topic is asked on a timer; what has none is asked on demand."""
        return self._rhythms.get(topic, _ON_DEMAND)

    def rhythm_s(self, topic: Topic) -> float | None:
        """Return how often a topic is asked at present, in seconds; None on demand."""
        rhythm = self.rhythm(topic)
        seconds = rhythm.active_s if self.moving else rhythm.idle_s
        return None if seconds is None else max(seconds, self.interval_s)

    def due(self) -> tuple[Question, ...]:
        """Return the questions of a tick that begins now."""
        return questions(self._ref, self._interest(), self._asked, self._moment())

    def wishes(self) -> tuple[Question, ...]:
        """Return those of them that no timer asks for."""
        return wishes(self._ref, self._interest(), self._asked, self._moment())

    def note_asked(self, question: Question) -> None:
        """Note that a question is put now, and with it what its answer tells beside."""
        now_s = time.monotonic()
        self._stirred -= {question.topic}
        self._asked[question.topic, question.key] = now_s
        self._asked.update({(topic, ""): now_s for topic in self._covered_by(question)})
        if question.topic is Topic.FILES:
            self._changed_hashes.difference_update(question.keys)
            self._asked.update({(Topic.FILES, known): now_s for known in question.keys})
        elif question.topic is Topic.LOOKUP:
            self._asked.update({(Topic.LOOKUP, path): now_s for path, _ in question.paths})

    def note_failed(self, question: Question) -> None:
        """Let a question that failed be due again, however rarely it is asked otherwise."""
        if self.limited:
            self._asked.pop((question.topic, question.key), None)
            for known in (*question.keys, *(path for path, _ in question.paths)):
                self._asked.pop((question.topic, known), None)

    def note_not_offered(self, question: Question) -> None:
        """Leave out for a while what this server does not know."""
        key = (question.topic, question.key)
        self._asked[key] = time.monotonic() + NOT_OFFERED_S
        self._not_offered.add(key)

    def note_recovered(self, failed: Iterable[Key]) -> None:
        """Ask anew what failed or was not offered: that may have been the outage's doing."""
        for key in (*failed, *self._not_offered):
            self._asked.pop(key, None)
        self._not_offered.clear()

    def take(self, question: Question, payloads: Iterable[Payload]) -> None:
        """Learn from an answer what is worth asking next."""
        told = tuple(payloads)
        if question.topic is Topic.IDENTITY and len(told) == 1:  # what goes with it failed: it is asked by itself
            for topic in self._covered_by(question):
                self._asked.pop((topic, ""), None)
        for payload in told:
            self.stir(stirs(self._last.get(type(payload)), payload))
            self._last[type(payload)] = payload
            if isinstance(payload, TorrentsRead):
                self._changed_hashes.update(torrent.hash for torrent in payload.changed)

    def stir(self, topics: Iterable[Topic]) -> None:
        """Note what is worth asking again: what has a timer at once, the rest where something waits for it."""
        timed = self._rhythms.keys()
        self._stirred |= {topic for topic in topics if topic in timed}
        self._news_s |= dict.fromkeys((topic for topic in topics if topic not in timed), time.monotonic())

    def _covered_by(self, question: Question) -> list[Topic]:
        return [topic for topic, teller in COVERED.get(self._ref.kind, {}).items() if teller is question.topic]

    def _moment(self) -> Moment:
        return Moment(
            mono_s=time.monotonic(),
            now=self._clock.now(),
            moving=self.moving,
            stirred=self._stirred,
            news_s=dict(self._news_s),
            changed_hashes=frozenset(self._changed_hashes),
            limited=self.limited,
        )

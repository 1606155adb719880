"""The pure heart: absorb observations, advance to an instant, learn what changed."""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.world import ServiceRow, Unassigned
from tracker_tui.reconcile.case import Case, Surroundings
from tracker_tui.reconcile.facts import Facts
from tracker_tui.reconcile.interest import Interest
from tracker_tui.reconcile.memory import CommonMemory, Memory, RequestMemory
from tracker_tui.reconcile.setup import Setup


class Advance(Fact):
    """What one step changed.

    `cases`: every request whose row, evidence or surroundings changed. `removed`: requests no longer listed (their
    memory stays). `memories` and `common`: documents to save, present only when something durable changed.
    `next_at`: when time alone changes something.
    """

    now: datetime
    surroundings: Surroundings
    cases: tuple[Case, ...] = ()
    removed: tuple[RequestId, ...] = ()
    memories: Mapping[RequestId, RequestMemory] = {}
    common: CommonMemory | None = None
    next_at: datetime | None = None
    services: tuple[ServiceRow, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()


class Reconciler:
    """Holds the ledger, the memory and the last result; deterministic in its inputs, reads no clock."""

    def __init__(self, setup: Setup, memory: Memory) -> None:
        self._setup = setup
        self._facts = Facts(setup, memory.common)
        self._memory = dict(memory.requests)

    def absorb(self, observation: Observation) -> None:
        """Take one observation; repeating one changes nothing."""
        self._facts.absorb(observation)

    def pace(self, ref: InstanceRef, interval_s: float) -> None:
        """Take the interval at which `ref` is asked now: freshness is measured against it."""

    def advance(self, now: datetime, *, full: bool = False) -> Advance:
        """Compute what changed since the last call; `full` recomputes every request. Before any answer: the memory."""
        raise NotImplementedError

    def interest(self) -> Interest:
        """Return what the world wants to know next, as of the last advance."""
        raise NotImplementedError

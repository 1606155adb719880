"""The pure heart: absorb observations, advance to an instant, learn what changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Observation
from tracker_tui.model.record import Fact
from tracker_tui.model.states import SETTLED
from tracker_tui.model.world import RequestRow, ServiceRow, Unassigned
from tracker_tui.reconcile.case import Case, Surroundings
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import EVERYTHING, Subject, only_torrents, service
from tracker_tui.reconcile.interest import Interest
from tracker_tui.reconcile.memory import CommonMemory, Memory, RequestMemory
from tracker_tui.reconcile.request.evaluate import Evaluator
from tracker_tui.reconcile.requests import Roster
from tracker_tui.reconcile.setup import Setup
from tracker_tui.reconcile.unassigned import Orphans
from tracker_tui.reconcile.view import service_rows, surroundings
from tracker_tui.reconcile.wants import NOTHING, Wants, add_up

SWEEP_EVERY = timedelta(hours=1)


class Broken(Fact):
    """A request whose evaluation failed: a defect of ours, for the log. `error` = the kind of error and its place."""

    id: RequestId
    error: str


class Advance(Fact):
    """What one step changed.

    `cases`: every request that was computed again, because its facts, its surroundings or the time changed it.
    `moved`: those of them of which only the numbers of their downloads are new: states, steps, attention and times
    stand. `removed`: requests no longer listed (their memory stays, unless `forgotten` has them too: another request
    stands for the same thing now). `memories`, `common`: documents to save, present only when something durable
    changed. `next_at`: when time alone changes something.
    """

    now: datetime
    surroundings: Surroundings
    cases: tuple[Case, ...] = ()
    moved: frozenset[RequestId] = frozenset()
    removed: tuple[RequestId, ...] = ()
    memories: Mapping[RequestId, RequestMemory] = {}
    forgotten: tuple[RequestId, ...] = ()
    common: CommonMemory | None = None
    next_at: datetime | None = None
    services: tuple[ServiceRow, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()
    broken: tuple[Broken, ...] = ()
    """Requests that could not be evaluated; they keep their last row, and no other request suffers."""


class Reconciler:
    """Holds the ledger, the memory and the last result; deterministic in its inputs, reads no clock."""

    def __init__(self, setup: Setup, memory: Memory) -> None:
        self._facts = Facts(setup, memory.common)
        self._memory = dict(memory.requests)
        self._common = memory.common
        self._roster = Roster(self._facts, self._memory)
        self._evaluator = Evaluator(self._facts, self._memory)
        self._orphans = Orphans(self._facts)
        self._rows: dict[RequestId, RequestRow] = {}
        self._wants: dict[RequestId, Wants] = {}
        """Of the requests that want to know something: few, in a library at rest."""
        self._interest: Interest | None = None
        """The sum of `_wants`, until something changes."""
        self._reads: dict[RequestId, frozenset[Subject]] = {}
        self._readers: dict[Subject, set[RequestId]] = {}
        self._next: dict[RequestId, datetime] = {}
        self._progress: dict[RequestId, dict[tuple[int, int], float]] = {}
        self._stale: frozenset[InstanceRef] = frozenset()
        self._broken: dict[RequestId, Broken] = {}
        self._swept_at: datetime | None = None

    def absorb(self, observation: Observation) -> None:
        """Take one observation; repeating one changes nothing."""
        self._facts.absorb(observation)
        self._interest = None

    def pace(self, ref: InstanceRef, interval_s: float) -> None:
        """Take the interval at which `ref` is asked now: freshness is measured against it."""
        known = self._facts.services.get(ref)
        if known is not None:
            known.interval_s = interval_s

    def advance(self, now: datetime, *, full: bool = False) -> Advance:
        """Compute what changed since the last call; `full` recomputes every request.

        Before any answer the first call shows the open requests of the memory, marked restored.
        """
        self._interest = None
        self._facts.settle_clocks()
        changed = self._facts.drain() | self._grown_stale(now)
        touched = self._roster.refresh(changed, now)
        everything = full or EVERYTHING in changed
        due = {known for known, at in self._next.items() if at <= now}
        todo = set(self._roster.tracked) if everything else touched | self._reading(changed) | due
        moving = only_torrents(changed)
        moved = set() if everything else self._reading(moving) - self._reading(changed - moving) - touched - due
        shown = set(self._rows)
        cases: dict[RequestId, Case] = {}
        memories: dict[RequestId, RequestMemory] = {}
        moved = self._move(moved, now, cases)
        todo -= moved
        while todo:
            closed = self._compute(todo, now, cases, memories, afresh=full)
            moved -= todo
            todo = set(self._roster.tracked) if self._evaluator.places.learnt else closed - (cases.keys() - moved)
            self._evaluator.places.learnt = False
        gone = self._retire(now)
        removed = tuple(known for known in gone if known in shown)
        forgotten = self._forget_covered(gone, memories)
        self._swept_at = self._swept_at or now
        if now - self._swept_at >= SWEEP_EVERY:
            self._sweep(now)
        self._orphans.refresh(changed, now)
        services = service_rows(self._facts, now)
        common = self._facts.memory()
        fresh_common = common if common != self._common else None
        self._common = common
        return Advance(
            now=now,
            surroundings=surroundings(self._facts, services, now),
            cases=tuple(cases[known] for known in sorted(cases) if known in self._rows),
            moved=frozenset(moved),
            removed=removed,
            memories=memories,
            forgotten=forgotten,
            common=fresh_common,
            next_at=self._next_at(),
            services=services,
            unassigned=self._orphans.listed(self._rows),
            broken=tuple(self._broken[known] for known in sorted(self._broken)),
        )

    def _forget_covered(
        self, gone: Iterable[RequestId], memories: dict[RequestId, RequestMemory]
    ) -> tuple[RequestId, ...]:
        """Forget those of `gone` that go on as part of another request; return them."""
        covered = tuple(known for known in gone if self._roster.is_covered(known) and known in self._memory)
        for known in covered:
            del self._memory[known]
            memories.pop(known, None)
        return covered

    def interest(self) -> Interest:
        """Return what the world wants to know next, as of the last advance."""
        if self._interest is None:
            self._interest = add_up(self._wants, self._facts, self._orphans.hashes)
        return self._interest

    # --- steps -------------------------------------------------------------------------------------------------

    def _grown_stale(self, now: datetime) -> set[Subject]:
        stale = frozenset(ref for ref, known in self._facts.services.items() if known.stale(now))
        changed = {service(ref) for ref in stale ^ self._stale}
        self._stale = stale
        return changed

    def _reading(self, changed: Iterable[Subject]) -> set[RequestId]:
        found: set[RequestId] = set()
        for subject in changed:
            found |= self._readers.get(subject, set())
        return found

    def _move(self, moved: Iterable[RequestId], now: datetime, cases: dict[RequestId, Case]) -> set[RequestId]:
        """Bring the numbers of requests up to date; return those to which nothing else happened."""
        done: set[RequestId] = set()
        for known in moved:
            try:
                result = self._evaluator.moved(known, now)
            except Exception:  # noqa: BLE001 - evaluating it then tells whether it is broken
                result = None
            if result is not None:
                cases[known] = result.case
                self._rows[known] = result.case.row
                self._progress[known] = _progress_of(result.case)
                done.add(known)
        return done

    def _compute(
        self,
        todo: Iterable[RequestId],
        now: datetime,
        cases: dict[RequestId, Case],
        memories: dict[RequestId, RequestMemory],
        *,
        afresh: bool,
    ) -> set[RequestId]:
        """Evaluate requests; return those that read a title which was closed or opened by it."""
        affected: set[RequestId] = set()
        for known in sorted(todo):
            tracked = self._roster.tracked.get(known)
            if tracked is None:
                continue
            try:
                result = self._evaluator.evaluate(tracked, self._progress.get(known, {}), now, afresh=afresh)
            except Exception as error:  # noqa: BLE001 - one request's defect must not take the screen down (P14)
                self._broken[known] = Broken(id=known, error=_place_of(error))
                continue
            self._broken.pop(known, None)
            case = result.case
            before = self._memory.get(known)
            if case.memory is not before:
                self._memory[known] = memories[known] = case.memory
                subject = self._evaluator.remember(case.memory, before)
                affected |= self._readers.get(subject, set()) if subject is not None else set()
            cases[known] = case
            self._rows[known] = case.row
            if result.wants != NOTHING:
                self._wants[known] = result.wants
            else:
                self._wants.pop(known, None)
            self._progress[known] = _progress_of(case)
            self._set_reads(known, result.reads)
            if result.next_at is not None:
                self._next[known] = result.next_at
            else:
                self._next.pop(known, None)
        return affected

    def _set_reads(self, known: RequestId, reads: frozenset[Subject]) -> None:
        before = self._reads.get(known, frozenset())
        if reads == before:
            return
        for subject in before - reads:
            readers = self._readers[subject]
            readers.discard(known)
            if not readers:
                del self._readers[subject]
        for subject in reads - before:
            self._readers.setdefault(subject, set()).add(known)
        self._reads[known] = reads

    def _retire(self, now: datetime) -> list[RequestId]:
        """Drop rows whose request is gone from the roster, or was settled before "lately"."""
        for known, row in self._rows.items():
            if row.state in SETTLED:
                self._roster.rest(known, now)
        gone = sorted(self._rows.keys() - self._roster.tracked.keys())
        for known in gone:
            self._set_reads(known, frozenset())
            self._evaluator.forget(known)
            for table in (self._rows, self._wants, self._reads, self._next, self._progress, self._broken):
                table.pop(known, None)
        return gone

    def _sweep(self, now: datetime) -> None:
        """Forget what no listed request rests on: a program that runs for months must not grow."""
        self._swept_at = now
        places = {(one.instance, one.entry_id) for one in self._roster.tracked.values()}
        before = now - self._facts.setup.policy.recent
        for ref, arr in self._facts.arrs.items():
            arr.history.prune({number for place, number in places if place == ref and number is not None}, before)
        names = {str(subject[1]) for subject in self._readers if subject[0] == "shoko"}
        for ref, shoko in self._facts.shokos.items():
            episodes = {subject[2] for subject in self._readers if subject[:2] == ("shoko-episode", ref)}
            series = {subject[2] for subject in self._readers if subject[:2] == ("shoko-series", ref)}
            titles = {str(subject[2]) for subject in self._readers if subject[:2] == ("shoko-kin", ref)}
            shoko.prune(names, _numbers(episodes), _numbers(series), titles)
        items = {str(subject[1]) for subject in self._readers if subject[0] == "item"}
        for jellyfin in self._facts.jellyfins.values():
            jellyfin.prune(items)
        self._evaluator.prune()

    def _next_at(self) -> datetime | None:
        times = [*self._next.values(), self._roster.next_at(), self._orphans.next_at()]
        return min((at for at in times if at is not None), default=None)


def _place_of(error: Exception) -> str:
    """Return kind and place of an error; its text may quote foreign data and stays out."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f" in {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else ""
    return f"{type(error).__name__}{where}"


def _numbers(keys: Iterable[object]) -> set[int]:
    return {key for key in keys if isinstance(key, int)}


def _progress_of(case: Case) -> dict[tuple[int, int], float]:
    return {
        (unit.row.season, unit.row.number) if unit.row is not None else (0, 0): unit.verdict.progress
        for unit in case.units
        if unit.verdict.progress is not None
    }

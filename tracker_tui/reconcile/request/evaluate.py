"""Evaluate requests against one ledger: afresh, or only the numbers of what is on its way."""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.arr import Movie, Series
from tracker_tui.model.ids import RequestId
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import (
    Subject,
    closed_title,
)
from tracker_tui.reconcile.joins.packs import PackCache
from tracker_tui.reconcile.memory import RequestMemory
from tracker_tui.reconcile.request.ending import ending_of
from tracker_tui.reconcile.request.evaluation import Assessment, Evaluation, begun
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.unit.findings import Places
from tracker_tui.reconcile.unit.look import Look
from tracker_tui.reconcile.unit.shelf import Shelf


class Evaluator:
    """Evaluates requests against one ledger; keeps only what any evaluation could find out again."""

    def __init__(self, facts: Facts, memory: Mapping[RequestId, RequestMemory]) -> None:
        self._facts = facts
        self._memory = memory
        self.places = Places(facts)
        self._packs = PackCache()
        self._shelves: dict[RequestId, Shelf] = {}
        self._aloft: dict[RequestId, Assessment] = {}
        """The last look at each request in flight, while nothing of it is to be remembered."""
        self._titles: dict[tuple[bool, int], list[RequestId]] = {}
        for known in sorted(memory):
            self.remember(memory[known], None)

    def evaluate(
        self, tracked: Tracked, progress: Mapping[tuple[int, int], float], now: datetime, *, afresh: bool = False
    ) -> Evaluation:
        """Return the evaluation of one request.

        `progress` = its units' last known progress in this process; `afresh` = trust nothing kept from the last look.
        """
        known = self._memory.get(tracked.id)
        arr = self._facts.arrs.get(tracked.instance) if tracked.instance is not None else None
        shelf = Shelf() if afresh else self._shelves.get(tracked.id) or Shelf()
        look = Look(self._facts, self.places, self._packs, tracked, known, progress=progress, shelf=shelf, now=now)
        one: Series | Movie | None = None
        if arr is not None and tracked.entry_id is not None:
            one = arr.movies.get(tracked.entry_id) if arr.is_radarr else arr.series.get(tracked.entry_id)
        ending = ending_of(look, arr, one)
        sight = Sight(look, arr, one, ending=ending, earlier=self._earlier(look))
        evaluation = Assessment(sight)
        result = evaluation.result()
        self.forget(tracked.id)
        if result.wants.moving and not tracked.is_movie:
            self._shelves[tracked.id] = shelf
        if look.flight.units and result.case.memory is known:
            self._aloft[tracked.id] = evaluation
        return result

    def moved(self, known: RequestId, now: datetime) -> Evaluation | None:
        """Return the evaluation of a request of whose facts only torrents changed, and to which time does nothing.

        None where that cannot be had from the last look: then it must be evaluated.
        """
        evaluation = self._aloft.pop(known, None)
        if evaluation is None or evaluation.known is not self._memory.get(known):
            return None
        result = evaluation.moved(now)
        if result is not None:
            self._aloft[known] = evaluation
        return result

    def prune(self) -> None:
        """Drop what is kept for torrents that are gone."""
        self._packs.prune({(ref, key) for ref, ledger in self._facts.clients.items() for key in ledger.torrents})

    def forget(self, known: RequestId) -> None:
        """Drop what is kept for a request that is no longer listed."""
        self._shelves.pop(known, None)
        self._aloft.pop(known, None)

    def remember(self, memory: RequestMemory, before: RequestMemory | None) -> Subject | None:
        """Take a changed document; return the subject of its title if it was closed or opened just now."""
        if memory.ids.tmdb is None:
            return None
        same_title = self._titles.setdefault((memory.is_movie, memory.ids.tmdb), [])
        if memory.id not in same_title:
            same_title.append(memory.id)
        closed_before = before.closed_at if before is not None else None
        return closed_title(memory.is_movie, memory.ids.tmdb) if closed_before != memory.closed_at else None

    def _earlier(self, look: Look) -> RequestMemory | None:
        """Return the newest closed request for the same title from before this one (H6)."""
        request = look.tracked.request
        if request is None or request.tmdb_id is None:
            return None
        look.reads.add(closed_title(request.is_movie, request.tmdb_id))
        asked_at = request.created_at or look.now
        older = [
            memory
            for known in self._titles.get((request.is_movie, request.tmdb_id), ())
            if known != look.tracked.id
            and (memory := self._memory.get(known)) is not None  # forgotten where a Seerr request covers it now
            and memory.is_4k == request.is_4k
        ]
        dated = [one for one in older if begun(one) < asked_at and one.closed_at is not None]
        return max(dated, key=begun, default=None)

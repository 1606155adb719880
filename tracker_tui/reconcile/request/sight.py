"""One request with everything that was found out about it: what row, timeline and memory are made of."""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.arr import Movie, Series
from tracker_tui.model.ids import Kind
from tracker_tui.reconcile.case import Seen, Unit
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.memory import RequestMemory
from tracker_tui.reconcile.request.ending import Ending
from tracker_tui.reconcile.request.scope import Scope, counted
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.unit.look import Look


class Sight:
    """The request `tracked` as seen at `now`: its entry `one`, its units, how it ended, what is remembered of it."""

    def __init__(
        self,
        look: Look,
        arr: ArrFacts | None,
        one: Series | Movie | None,
        *,
        ending: Ending,
        earlier: RequestMemory | None,
    ) -> None:
        self.look, self.arr, self.one, self.ending, self.earlier = look, arr, one, ending, earlier
        self.facts: Facts = look.facts
        self.tracked: Tracked = look.tracked
        self.known: RequestMemory | None = look.memory
        self.now: datetime = look.now
        scope, self.seen = self._units()
        self.counted = [self._is_counted(scope, each) for each in self.seen]
        self.units = [each.unit for each in self.seen]
        self.entry_known = self._is_known()

    @property
    def is_movie(self) -> bool:
        """Return whether it is a film."""
        return self.tracked.is_movie

    @property
    def kind(self) -> Kind:
        """Return which service manages it: Sonarr or Radarr."""
        return Kind.RADARR if self.is_movie else Kind.SONARR

    @property
    def asked_at(self) -> datetime | None:
        """Return when Seerr was asked for it; None for what moves without a request."""
        if self.tracked.request is not None:
            return self.tracked.request.created_at
        return self.known.requested_at if self.known is not None and self.tracked.seerr is not None else None

    @property
    def counted_units(self) -> list[Unit]:
        """Return the units of the denominator."""
        return [unit for unit, is_counted in zip(self.units, self.counted, strict=True) if is_counted]

    def move(self, now: datetime, fresh: Mapping[int, Seen]) -> None:
        """Put units with new numbers into their places."""
        self.now = now
        for place, seen in fresh.items():
            self.seen[place], self.units[place] = seen, seen.unit

    def _units(self) -> tuple[Scope, list[Seen]]:
        requested = frozenset(self.tracked.seasons or ())
        if self.arr is not None and isinstance(self.one, Movie):
            return Scope(seasons=frozenset({0})), self.look.film(self.arr, self.one)
        if self.arr is not None and isinstance(self.one, Series) and self.one.id in self.arr.details_at:
            return self.look.series(self.arr, self.one)
        seen = self.look.remembered()
        return Scope(seasons=requested or frozenset(each.season for each in seen) - {0}), seen

    def _is_counted(self, scope: Scope, seen: Seen) -> bool:
        if self.is_movie:
            return True
        if seen.unit.episode is None and seen.unit.memory is not None:
            return seen.unit.memory.counted
        return counted(scope, seen.season, seen.unit.verdict)

    def _is_known(self) -> bool | None:
        """Return whether Sonarr or Radarr has it; None while it has not said so, or its denial is not confirmed."""
        if self.one is not None:
            return True
        if self.arr is None or (self.known is not None and self.known.arr_id is not None and not self.ending.state):
            return None
        number = self.tracked.entry_id
        denied = self.arr.denied_at(number) if number is not None else self.arr.listed_at
        return False if denied is not None else None

"""What a rule is and what it may say."""

from collections.abc import Callable, Iterable

from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.world import Diagnosis, Problem
from tracker_tui.reconcile.case import Case, Surroundings


class Place(Fact):
    """The service, library or client a common cause belongs to."""

    kind: Kind
    name: str | None = None
    scope: str | None = None


class Said(Fact):
    """A verdict and the smallest node that it covers: the request, a season, an episode, or a common place.

    A cause at a `place` stands once among the problems however many requests meet it; their rows only take its phrase.
    """

    diagnosis: Diagnosis
    season: int | None = None
    number: int | None = None
    place: Place | None = None


Rule = Callable[[Case, Surroundings], Iterable[Said]]
"""Looks at one request."""

CommonRule = Callable[[Surroundings], Iterable[Problem]]
"""Looks at the services alone."""

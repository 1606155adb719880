"""What a rule is and what it may say."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.scene import Scene
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, Evidence, Phrase, Problem
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.interest import LookWanted

Node = tuple[int, int]
"""Season and number of an episode; a film is (0, 0)."""


class Code(Fact):
    """A stable diagnosis code with its documentation; calling it makes a verdict.

    `levels` = the attention it may have, gravest last; `means` = one sentence for people who meet the code.
    `lasting` = it stays true while the services it cites are silent.
    """

    name: str
    levels: tuple[Attention, ...]
    means: str
    lasting: bool = False

    def __call__(
        self,
        message: str,
        next_step: str | None = None,
        *evidence: Evidence,
        phrase: Phrase | None = None,
        level: Attention | None = None,
    ) -> Diagnosis:
        """Return a verdict; `level` is needed where the code has several."""
        attention = self.levels[0] if level is None else level
        if attention not in self.levels:
            raise ValueError(f"{self.name} is never {attention.word}")
        return Diagnosis(
            code=self.name,
            attention=attention,
            message=f"T{message[1:]}" if message.startswith("the ") else message,
            next_step=next_step,
            evidence=evidence,
            phrase=phrase,
        )


class Place(Fact):
    """The service, library or client a common cause belongs to."""

    kind: Kind
    name: str | None = None
    scope: str | None = None


class Said(Fact):
    """A verdict and what it covers.

    `nodes` = the episodes it speaks of, () = the whole request; it stands at the smallest node that holds them all.
    A cause at a `place` stands once among the problems however many requests meet it; their rows only take its
    phrase. `calms` = the wait is explained by something that moves, so time alone raises no attention. `until` = when
    its words or its level change by time alone.
    """

    diagnosis: Diagnosis
    nodes: frozenset[Node] = frozenset()
    place: Place | None = None
    calms: bool = False
    until: datetime | None = None

    @property
    def season(self) -> int | None:
        """Return the only season it speaks of; None for a whole request or several seasons."""
        seasons = {season for season, _ in self.nodes}
        return next(iter(seasons)) if len(seasons) == 1 else None

    @property
    def number(self) -> int | None:
        """Return the only episode it speaks of."""
        return next(iter(self.nodes))[1] if len(self.nodes) == 1 else None

    def covers(self, node: Node) -> bool:
        """Return whether it speaks of this episode or film."""
        return not self.nodes or node in self.nodes


class Later(Fact):
    """A rule that says nothing yet may say something at this instant, without any new answer."""

    at: datetime


class Wonder(Fact):
    """What a rule would have to know to say more; asked when the plan allows, the rule is asked again then."""

    look: LookWanted


Word = Said | Later | Wonder

Rule = Callable[[Matter, Scene], Iterable[Word]]
"""Looks at one request."""

CommonRule = Callable[[Scene], Iterable[Problem | Later]]
"""Looks at the services alone."""


def over(
    units: Sequence[Unit],
    diagnosis: Diagnosis,
    *,
    place: Place | None = None,
    calms: bool = False,
    until: datetime | None = None,
) -> Said:
    """Return a verdict about `units`: episodes of a request, or its film."""
    nodes = frozenset((unit.row.season, unit.row.number) for unit in units if unit.row is not None)
    return Said(diagnosis=diagnosis, nodes=nodes, place=place, calms=calms, until=until)


def node_of(unit: Unit) -> Node:
    """Return the node of an episode or film."""
    return (unit.row.season, unit.row.number) if unit.row is not None else (0, 0)


def at(ref: InstanceRef, scope: str | None = None) -> Place:
    """Return the place of a cause that lies with one instance."""
    return Place(kind=ref.kind, name=ref.name, scope=scope)


def problem(place: Place, diagnosis: Diagnosis) -> Problem:
    """Return a cause found by looking at the services alone."""
    return Problem(diagnosis=diagnosis, kind=place.kind, name=place.name, scope=place.scope)

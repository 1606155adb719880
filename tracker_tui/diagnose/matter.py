"""A request's case, sorted once for all rules."""

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import State
from tracker_tui.reconcile.case import Case, Unit
from tracker_tui.reconcile.unit.verdict import Step

_AT_REST = {State.AVAILABLE, State.UNAIRED, State.SKIPPED}

_PLURAL = {"is": "are", "was": "were", "has": "have", "lies": "lie", "waits": "wait"}


class Matter:
    """The counted units of a case by step, sorted in one pass: most units of most requests are at rest.

    `moving` = neither ready nor unaired nor unwanted; `upgrading` = a better release of them is on its way.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.row = case.row
        self.counted = case.counted
        self.moving: list[Unit] = []
        self.upgrading: list[Unit] = []
        self._by_step: dict[Step, list[Unit]] = {}
        for unit in self.counted:
            verdict = unit.verdict
            known = self._by_step.get(verdict.step)
            if known is None:
                self._by_step[verdict.step] = [unit]
            else:
                known.append(unit)
            if verdict.state not in _AT_REST:
                self.moving.append(unit)
            if verdict.upgrading:
                self.upgrading.append(unit)

    def units(self, *steps: Step) -> list[Unit]:
        """Return the counted units in one of the steps."""
        if len(steps) == 1:
            return self._by_step.get(steps[0], [])
        return [unit for step in steps for unit in self._by_step.get(step, ())]

    @property
    def arr(self) -> InstanceRef:
        """Return the Sonarr or Radarr that handles it, or would."""
        kind = Kind.RADARR if self.row.is_movie else Kind.SONARR
        return self.case.instance or InstanceRef(kind, kind.value)

    def what(self, units: list[Unit]) -> str:
        """Return "the film", "S01E05", "5 episodes of season 1" or "30 episodes"."""
        rows = [unit.row for unit in units if unit.row is not None]
        if not rows:
            return "the film"
        if len(rows) == 1:
            return f"S{rows[0].season:02}E{rows[0].number:02}"
        seasons = {row.season for row in rows}
        return f"{len(rows)} episodes of season {rows[0].season}" if len(seasons) == 1 else f"{len(rows)} episodes"

    def does(self, units: list[Unit], verb: str) -> str:
        """Return the units with a verb that agrees: "the film is", "5 episodes of season 1 are"."""
        return f"{self.what(units)} {verb if len(units) == 1 else _PLURAL[verb]}"

    @staticmethod
    def it(units: list[Unit]) -> str:
        """Return the pronoun: "it" or "them"."""
        return "it" if len(units) == 1 else "them"

"""Applies the rules to what changed and keeps what they said, so that each cause stands exactly once."""

import logging
from collections.abc import Iterable
from datetime import datetime

import msgspec

from tracker_tui.diagnose.catalogue import COMMON_RULES, RULES
from tracker_tui.diagnose.rule import Said
from tracker_tui.model.ids import RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.world import Diagnosis, EpisodeRow, Phrase, Problem, RequestRow, SeasonRow
from tracker_tui.reconcile.case import Case, Surroundings
from tracker_tui.reconcile.reconciler import Advance
from tracker_tui.reconcile.summary import explain

log = logging.getLogger(__name__)

_ProblemKey = tuple[str, str, str | None, str | None]


class Judged(Fact):
    """The rows of the changed requests with their verdicts, all problems, and when time alone changes a verdict."""

    rows: tuple[RequestRow, ...]
    problems: tuple[Problem, ...]
    next_at: datetime | None = None


class Diagnoser:
    """Keeps, per request, the common causes it met; deterministic, reads no clock."""

    def __init__(self) -> None:
        self._claims: dict[RequestId, tuple[Problem, ...]] = {}

    def judge(self, step: Advance) -> Judged:
        """Return rows with diagnoses for `step.cases` and every problem that stands now."""
        rows = tuple(self._judge(case, step.surroundings) for case in step.cases)
        for gone in step.removed:
            self._claims.pop(gone, None)
        common = [problem for rule in COMMON_RULES for problem in rule(step.surroundings)]
        claimed = [problem for problems in self._claims.values() for problem in problems]
        return Judged(rows=rows, problems=_once([*common, *claimed]))

    def _judge(self, case: Case, around: Surroundings) -> RequestRow:
        said = [one for rule in RULES for one in rule(case, around)]
        self._claims[case.id] = tuple(
            Problem(diagnosis=one.diagnosis, kind=one.place.kind, name=one.place.name, scope=one.place.scope)
            for one in said
            if one.place is not None
        )
        return placed(case.row, said)


def placed(row: RequestRow, said: Iterable[Said]) -> RequestRow:
    """Return `row` with each verdict at its node, attention raised to its children's, and the explaining phrase."""
    verdicts = list(said)
    own = _sorted(one.diagnosis for one in verdicts if one.place is None and one.season is None)
    seasons = tuple(_season(season, [one for one in verdicts if one.season == season.number]) for season in row.seasons)
    levels = [row.attention, *(one.attention for one in own), *(season.attention for season in seasons)]
    return msgspec.structs.replace(
        row,
        diagnoses=own,
        seasons=seasons,
        attention=max(levels),
        phrases=_explained(row.phrases, verdicts),
    )


def _season(season: SeasonRow, said: list[Said]) -> SeasonRow:
    if not said:
        return season
    own = _sorted(one.diagnosis for one in said if one.number is None and one.place is None)
    episodes = tuple(
        _episode(row, [one.diagnosis for one in said if one.number == row.number and one.place is None])
        for row in season.episodes
    )
    levels = [season.attention, *(one.attention for one in own), *(row.attention for row in episodes)]
    return msgspec.structs.replace(season, diagnoses=own, episodes=episodes, attention=max(levels))


def _episode(row: EpisodeRow, diagnoses: list[Diagnosis]) -> EpisodeRow:
    if not diagnoses:
        return row
    attention = max(row.attention, *(one.attention for one in diagnoses))
    return msgspec.structs.replace(row, diagnoses=_sorted(diagnoses), attention=attention)


def _explained(phrases: tuple[Phrase, ...], said: list[Said]) -> tuple[Phrase, ...]:
    """Let the gravest verdict that explains the wait say so in the summary."""
    explaining = [(one.diagnosis.attention, one.diagnosis.phrase) for one in said if one.diagnosis.phrase is not None]
    if not explaining:
        return phrases
    return explain(phrases, max(explaining, key=lambda one: one[0])[1])


def _sorted(diagnoses: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Return them gravest first, each once, in a stable order."""
    return tuple(sorted(dict.fromkeys(diagnoses), key=lambda one: (-one.attention, one.code)))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return one problem per cause and place, the gravest of equals, gravest first."""
    kept: dict[_ProblemKey, Problem] = {}
    for problem in problems:
        key = (problem.diagnosis.code, problem.kind.value, problem.name, problem.scope)
        if key not in kept or problem.diagnosis.attention > kept[key].diagnosis.attention:
            kept[key] = problem
    return tuple(sorted(kept.values(), key=lambda one: (-one.diagnosis.attention, one.diagnosis.code, str(one.name))))

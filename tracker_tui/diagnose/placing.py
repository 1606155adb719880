"""Where verdicts stand in a row: each once at the smallest node, attention from below, words in the summary."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Node, Place, Said, node_of
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.stuck import answers_until, stuck
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import Diagnosis, EpisodeRow, Phrase, RequestRow, SeasonRow
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.request.summary import explain
from tracker_tui.reconcile.unit.verdict import Step

_TROUBLED = {Step.PAUSED, Step.DESELECTED, Step.INCOMPLETE}
"""Steps that are a warning by themselves; elsewhere a warning comes from time alone (R8)."""


def merged(said: Iterable[Said]) -> list[Said]:
    """Let the same words about several downloads stand once, over all that they speak of (SPEC 2.1.12)."""
    found: dict[tuple[str, str, Place | None], Said] = {}
    for one in said:
        key = (one.diagnosis.code, one.diagnosis.message, one.place)
        known = found.get(key)
        found[key] = one if known is None else _both(known, one)
    return list(found.values())


def _both(one: Said, other: Said) -> Said:
    evidence = tuple(dict.fromkeys(one.diagnosis.evidence + other.diagnosis.evidence))
    return Said(
        diagnosis=replace(one.diagnosis, evidence=evidence),
        nodes=one.nodes | other.nodes if one.nodes and other.nodes else frozenset(),
        place=one.place,
        calms=one.calms and other.calms,
        until=min((at for at in (one.until, other.until) if at is not None), default=None),
    )


def weigh(matter: Matter, scene: Scene, said: Sequence[Said]) -> tuple[list[Said], frozenset[Node], list[datetime]]:
    """Return the verdicts with time taken into account, the nodes whose attention it must not raise, and until when.

    What lasts too long (R8) is calm while something that moves explains it, or an answer that would explain it has had
    no time to come; a wait with a next step becomes a warning; what nothing explains is stuck.
    """
    verdicts = list(said)
    calm: set[Node] = set()
    later: list[datetime] = []
    unexplained: list[Unit] = []
    for unit in _overdue(matter):
        node = node_of(unit)
        here = [
            one for one in verdicts if one.covers(node) and (one.diagnosis.attention >= Attention.WAIT or one.place)
        ]
        until = answers_until(matter, scene, unit)
        if until is not None:
            later.append(until)
        if until is not None or any(one.calms for one in here):
            calm.add(node)
        elif any(one.place is not None or one.diagnosis.attention >= Attention.WARN for one in here):
            continue
        elif any(one.diagnosis.next_step is not None for one in here):
            verdicts = [_ripe(one) if one in here else one for one in verdicts]
        else:
            unexplained.append(unit)
    return verdicts + stuck(matter, scene, unexplained), frozenset(calm), later


def _overdue(matter: Matter) -> list[Unit]:
    if matter.row.attention < Attention.WARN:
        return []
    return [
        unit
        for unit in matter.moving
        if unit.verdict.step not in _TROUBLED
        and (unit.row.attention if unit.row is not None else matter.row.attention) is Attention.WARN
    ]


def _ripe(said: Said) -> Said:
    if said.diagnosis.attention is not Attention.WAIT or said.diagnosis.next_step is None:
        return said
    return replace(said, diagnosis=replace(said.diagnosis, attention=Attention.WARN))


def placed(
    row: RequestRow, states: Mapping[Node, State], said: Sequence[Said], calm: frozenset[Node] = frozenset()
) -> RequestRow:
    """Return the row with each verdict at its node and attention raised to its children's.

    `states` = those of the counted nodes. Causes at a common place are left to the problems: their rows only take
    their words.
    """
    own = [one for one in said if one.place is None]
    at_request = [one for one in own if one.season is None]
    if not said and not calm:
        return row
    seasons = tuple(_season(part, said, states, calm) for part in row.seasons)
    base = row.attention
    if calm:
        base = max((part.attention for part in seasons), default=Attention.WAIT) if row.seasons else Attention.WAIT
    levels = [base, *(one.diagnosis.attention for one in at_request), *(part.attention for part in seasons)]
    return replace(
        row,
        diagnoses=_ordered(one.diagnosis for one in at_request),
        seasons=seasons,
        attention=max(levels),
        phrases=_explained(row.phrases, row.state, said, states),
    )


def _season(part: SeasonRow, said: Sequence[Said], states: Mapping[Node, State], calm: frozenset[Node]) -> SeasonRow:
    here = [one for one in said if not one.nodes or any(season == part.number for season, _ in one.nodes)]
    own = [one for one in here if one.place is None and one.season == part.number]
    quiet = {number for season, number in calm if season == part.number}
    if not here and not quiet:
        return part
    at_season = [one for one in own if one.number is None]
    by_number: dict[int, list[Diagnosis]] = {}
    for one in own:
        if one.number is not None:
            by_number.setdefault(one.number, []).append(one.diagnosis)
    episodes = part.episodes
    if by_number or quiet:
        episodes = tuple(_episode(row, by_number.get(row.number, []), row.number in quiet) for row in part.episodes)
    base = max((row.attention for row in episodes), default=Attention.NONE) if quiet else part.attention
    levels = [base, *(one.diagnosis.attention for one in at_season), *(row.attention for row in episodes)]
    inside = {node: state for node, state in states.items() if node[0] == part.number}
    return replace(
        part,
        diagnoses=_ordered(one.diagnosis for one in at_season),
        episodes=episodes,
        attention=max(levels),
        phrases=_explained(part.phrases, part.state, [one for one in here if one.nodes], inside),
    )


def _episode(row: EpisodeRow, diagnoses: list[Diagnosis], calm: bool) -> EpisodeRow:
    if not diagnoses and not calm:
        return row
    base = min(row.attention, Attention.WAIT) if calm else row.attention
    attention = max(base, *(one.attention for one in diagnoses)) if diagnoses else base
    return replace(row, diagnoses=_ordered(diagnoses), attention=attention)


def _explained(
    phrases: tuple[Phrase, ...], state: State, said: Sequence[Said], states: Mapping[Node, State]
) -> tuple[Phrase, ...]:
    """Let the gravest verdict about what the headline speaks of say so in the summary."""
    headline = {state, State.PENDING} if state is State.APPROVED else {state}
    explaining = [
        one.diagnosis
        for one in said
        if one.diagnosis.phrase is not None
        and (not one.nodes or any(states.get(node) in headline for node in one.nodes))
    ]
    if not explaining or not phrases:
        return phrases
    gravest = max(explaining, key=lambda one: one.attention)
    return explain(phrases, gravest.phrase) if gravest.phrase is not None else phrases


def _ordered(diagnoses: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Return them gravest first, each once, in a stable order."""
    return tuple(sorted(dict.fromkeys(diagnoses), key=lambda one: (-one.attention, one.code, one.message)))

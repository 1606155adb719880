"""Applies the rules to what changed and keeps what they said, so that each cause stands exactly once."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from msgspec.structs import replace

from tracker_tui.diagnose.catalogue import CODES, COMMON_RULES, RULES
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.placing import merged, placed, weigh
from tracker_tui.diagnose.rule import Later, Node, Said, Wonder, node_of
from tracker_tui.diagnose.scene import Scene
from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.states import SETTLED, Attention, ServiceStatus, State
from tracker_tui.model.world import Diagnosis, Evidence, Problem, RequestRow, Unassigned
from tracker_tui.reconcile.case import Case
from tracker_tui.reconcile.interest import LookWanted
from tracker_tui.reconcile.reconciler import Advance

log = logging.getLogger(__name__)

_Sight = tuple[str, str, str | None, str, str]
"""Code and evidence: what was seen, without when."""


class Judged(Fact):
    """The rows of the requests that were judged, all problems, and when time alone changes a verdict."""

    rows: tuple[RequestRow, ...]
    problems: tuple[Problem, ...]
    next_at: datetime | None = None
    looks: tuple[LookWanted, ...] = ()
    """What the rules would have to know to say more, of all requests."""


class _Kept(Fact):
    """What the last look at a request left behind: `case` only while there is something to look at again.

    `verdicts`, `calm` and the counted nodes' `states` are what its row was made with.
    """

    case: Case | None
    verdicts: tuple[Said, ...] = ()
    calm: frozenset[Node] = frozenset()
    states: Mapping[Node, State] = {}
    claims: tuple[Problem, ...] = ()
    looks: tuple[LookWanted, ...] = ()
    seen: Mapping[_Sight, datetime] = {}
    next_at: datetime | None = None


class Diagnoser:
    """Keeps, per request, what it met; deterministic, reads no clock. `zone` = where sentences tell the time."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._kept: dict[RequestId, _Kept] = {}
        self._offline_at: dict[InstanceRef, datetime] = {}
        self._backdrop: object = None
        self._problems_seen: dict[_Sight, datetime] = {}
        self._defects: set[str] = set()

    def judge(self, step: Advance) -> Judged:
        """Return rows with diagnoses and every problem that stands now.

        Judged again are the requests of `step`, those that time alone changes, and all open ones when something
        changed that concerns no single request. What was said of one of which only numbers are new still holds.
        """
        scene = self._scene(step)
        for gone in step.removed:
            self._kept.pop(gone, None)
        cases = {case.id: case for case in step.cases}
        due = self._due(scene)
        moved = step.moved & self._kept.keys() - due.keys()
        cases = due | cases
        rows = tuple(
            self._moved(cases[known]) if known in moved else self._judge(cases[known], scene) for known in sorted(cases)
        )
        problems, later = self._common(scene)
        times = [*(kept.next_at for kept in self._kept.values()), *later]
        next_at = min((at for at in times if at is not None and at > scene.now), default=None)
        looks = dict.fromkeys(look for kept in self._kept.values() for look in kept.looks)
        return Judged(rows=rows, problems=problems, next_at=next_at, looks=tuple(looks))

    def _scene(self, step: Advance) -> Scene:
        around = step.surroundings
        scene = Scene(around=around)
        self._offline_at.update((ref, around.now) for ref in around.clients if scene.offline(ref))
        refused = {
            InstanceRef(row.kind, row.name)
            for row in around.services
            if row.name is not None and row.status is ServiceStatus.UNAUTHORIZED
        }
        return Scene(
            around=around,
            zone=self._zone,
            silent=around.down | refused,
            offline_at=self._offline_at,
            orphans=_by_candidate(step.unassigned),
        )

    def _due(self, scene: Scene) -> dict[RequestId, Case]:
        """Return the open requests to look at again though reconcile found nothing new about them."""
        backdrop = _backdrop(scene)
        changed, self._backdrop = backdrop != self._backdrop, backdrop
        return {
            known: kept.case
            for known, kept in self._kept.items()
            if kept.case is not None and (changed or (kept.next_at is not None and kept.next_at <= scene.now))
        }

    def _judge(self, case: Case, scene: Scene) -> RequestRow:
        matter = Matter(case)
        before = self._kept.get(case.id)
        said: list[Said] = []
        times: list[datetime] = []
        looks: list[LookWanted] = []
        for rule in RULES:
            for word in self._ask(rule, matter, scene):
                if isinstance(word, Later):
                    times.append(word.at)
                elif isinstance(word, Wonder):
                    looks.append(word.look)
                elif _can_be_told(word.diagnosis, scene):
                    said.append(word)
        verdicts, calm, later = weigh(matter, scene, merged(said))
        times += later
        seen: dict[_Sight, datetime] = {}
        verdicts = [
            replace(one, diagnosis=_dated(one.diagnosis, before.seen if before is not None else {}, seen, scene.now))
            for one in verdicts
        ]
        times += [one.until for one in verdicts if one.until is not None]
        states = {node_of(unit): unit.verdict.state for unit in matter.counted}
        self._kept[case.id] = _Kept(
            case=case if verdicts or case.row.state not in SETTLED else None,
            verdicts=tuple(verdicts),
            calm=calm,
            states=states,
            claims=tuple(_claim(one) for one in verdicts if one.place is not None),
            looks=tuple(dict.fromkeys(looks)),
            seen=seen,
            next_at=min((at for at in times if at > scene.now), default=None),
        )
        return placed(case.row, states, verdicts, calm)

    def _moved(self, case: Case) -> RequestRow:
        """Return the row with what was said before: no rule reads the numbers of a download that goes on."""
        kept = self._kept[case.id]
        self._kept[case.id] = replace(kept, case=case if kept.case is not None else None)
        return placed(case.row, kept.states, kept.verdicts, kept.calm)

    def _common(self, scene: Scene) -> tuple[tuple[Problem, ...], list[datetime]]:
        found: list[Problem] = []
        later: list[datetime] = []
        for rule in COMMON_RULES:
            for word in self._ask(rule, scene):
                if isinstance(word, Later):
                    later.append(word.at)
                else:
                    found.append(word)
        claiming = sorted(known for known, kept in self._kept.items() if kept.claims)
        claimed = [problem for known in claiming for problem in self._kept[known].claims]
        seen: dict[_Sight, datetime] = {}
        dated = [replace(one, diagnosis=_dated(one.diagnosis, self._problems_seen, seen, scene.now)) for one in found]
        self._problems_seen = seen
        return _once([*dated, *claimed]), later

    def _ask[**P, W](self, rule: Callable[P, Iterable[W]], *given: P.args, **named: P.kwargs) -> list[W]:
        """Return what a rule says; a defect in one silences it alone, and is logged once without foreign text (P14)."""
        try:
            return list(rule(*given, **named))
        except Exception as error:  # noqa: BLE001 - one rule's defect must not take the screen down
            defect = f"{getattr(rule, '__name__', rule)}: {type(error).__name__}"
            if defect not in self._defects:
                self._defects.add(defect)
                log.warning("a rule of diagnosis failed: %s", defect)
            return []


def _can_be_told(diagnosis: Diagnosis, scene: Scene) -> bool:
    """Return whether every service it cites can still say so; what was settled once stays true without an answer."""
    if diagnosis.attention is Attention.INFO or CODES[diagnosis.code].lasting:
        return True
    return not any(
        one.instance is not None and InstanceRef(one.service, one.instance) in scene.silent
        for one in diagnosis.evidence
    )


def _backdrop(scene: Scene) -> object:
    """Return what rules read of the services that reconcile does not recompute requests for."""
    around = scene.around
    return (
        scene.silent,
        tuple(around.heard_at.items()),
        tuple(around.checks.items()),
        tuple((ref, view.clients, view.queue_at is None, view.history_at is None) for ref, view in around.arrs.items()),
        tuple((ref, view.entries == view.entries_without_episodes) for ref, view in around.arrs.items()),
        tuple((ref, scene.offline(ref), scene.reconnected_until(ref) is not None) for ref in around.clients),
        tuple(
            (ref, view.bans, len(view.series), len(view.episodes), view.series_with_own)
            for ref, view in around.shokos.items()
        ),
        tuple(
            (ref, view.plugins, view.shokofin, view.looks, view.previews, scene.scanning(ref))
            for ref, view in around.jellyfins.items()
        ),
        tuple((ref, view.refreshes) for ref, view in around.jellyfins.items()),
        around.vanished,
        tuple((known, some) for known, some in sorted(scene.orphans.items())),
    )


def _by_candidate(unassigned: Iterable[Unassigned]) -> dict[RequestId, tuple[Unassigned, ...]]:
    found: dict[RequestId, list[Unassigned]] = {}
    for one in unassigned:
        if one.candidate is not None:
            found.setdefault(one.candidate, []).append(one)
    return {known: tuple(some) for known, some in found.items()}


def _claim(said: Said) -> Problem:
    place = said.place
    if place is None:
        raise ValueError("not a common cause")
    return Problem(diagnosis=said.diagnosis, kind=place.kind, name=place.name, scope=place.scope)


def _dated(
    diagnosis: Diagnosis, before: Mapping[_Sight, datetime], seen: dict[_Sight, datetime], now: datetime
) -> Diagnosis:
    """Return a verdict whose evidence tells when it was observed: by its service, else when it was first seen so."""
    dated: list[Evidence] = []
    for one in diagnosis.evidence:
        sight = (diagnosis.code, one.service.value, one.instance, one.fact, one.value)
        at = one.observed_at or before.get(sight, now)
        seen[sight] = at
        dated.append(replace(one, observed_at=at) if one.observed_at is None else one)
    return replace(diagnosis, evidence=tuple(dated))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return one problem per cause and place, the gravest of equals, gravest first."""
    kept: dict[tuple[str, Kind | None, str | None, str | None], Problem] = {}
    for problem in problems:
        key = (problem.diagnosis.code, problem.kind, problem.name, problem.scope)
        if key not in kept or problem.diagnosis.attention > kept[key].diagnosis.attention:
            kept[key] = problem
    return tuple(
        sorted(
            kept.values(),
            key=lambda one: (-one.diagnosis.attention, one.diagnosis.code, str(one.name), str(one.scope)),
        )
    )

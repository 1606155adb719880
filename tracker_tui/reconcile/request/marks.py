"""How far a request's row can be trusted: the services it rests on, whose answers are old or missing (R3, G7)."""

from collections.abc import Iterable

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import SETTLED, Flag, State
from tracker_tui.model.world import EpisodeRow
from tracker_tui.reconcile.facts.subjects import entry, jellyfin_work, seerr_request, service, shoko_work
from tracker_tui.reconcile.request.sight import Sight


def pipeline_of(sight: Sight) -> tuple[InstanceRef, ...]:
    """Return the instances the request depends on now, and note that it reads them."""
    facts, reads, tracked = sight.facts, sight.look.reads, sight.tracked
    refs = [ref for ref in (tracked.instance, tracked.seerr) if ref is not None]
    if tracked.instance is not None and tracked.entry_id is not None:
        reads.add(entry(tracked.instance, tracked.entry_id))
    if tracked.seerr is not None:
        reads.add(seerr_request(tracked.seerr, int(tracked.id.rpartition(":")[2])))
    states = {unit.verdict.state for unit in sight.units}
    if states & {State.GRABBING, State.DOWNLOADING, State.DOWNLOADED}:
        refs += facts.clients
    if states & {State.ANIME_MATCHING, State.MATCH_FAILED}:
        refs += facts.shokos
        reads |= {shoko_work(ref) for ref in facts.shokos}
    if states & {State.IMPORTING, State.ANIME_MATCHING, State.AVAILABLE}:
        refs += facts.jellyfins
    if states & {State.IMPORTING, State.ANIME_MATCHING}:
        reads |= {jellyfin_work(ref) for ref in facts.jellyfins}
    reads |= {service(ref) for ref in refs}
    return tuple(refs)


def stale_services(sight: Sight, pipeline: Iterable[InstanceRef], state: State) -> frozenset[InstanceRef]:
    """Return the instances of its pipeline whose last good answer is old; a settled request waits for none."""
    if state in SETTLED:
        return frozenset()
    return frozenset(ref for ref in pipeline if sight.facts.services[ref].stale(sight.now))


def flags_of_request(sight: Sight, rows: Iterable[EpisodeRow], state: State, *, stale: bool) -> tuple[Flag, ...]:
    """Return the marks of a request: those of its episodes, and its own."""
    found = {flag for row in rows for flag in row.flags if flag is not Flag.EXTRA} | set(sight.ending.flags)
    if not sight.ending.gone and _seerr_is_silent(sight):
        found.add(Flag.RESTORED)
    if stale:
        found.add(Flag.STALE)
    if state in {State.DECLINED, State.REMOVED}:
        found &= {Flag.RESTORED, Flag.STALE}
    return tuple(flag for flag in Flag if flag in found)


def _seerr_is_silent(sight: Sight) -> bool:
    """Return whether Seerr has neither shown nor denied the request yet."""
    tracked, known = sight.tracked, sight.known
    if tracked.seerr is None or tracked.request is not None or known is None:
        return False
    number = int(tracked.id.rpartition(":")[2])
    return sight.facts.seerrs[tracked.seerr].denied_at(number, known.requested_at) is None


def awaited_services(sight: Sight) -> frozenset[Kind]:
    """Return the services that have not answered while remembered states are shown."""
    if not any(Flag.RESTORED in unit.verdict.flags for unit in sight.units):
        return frozenset()
    return frozenset(ref.kind for ref, one in sight.facts.services.items() if one.last_ok_at is None)

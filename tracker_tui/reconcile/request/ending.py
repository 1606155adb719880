"""Why a request is over where no episode says so: declined, deleted in Seerr, removed from Sonarr or Radarr."""

from datetime import datetime

from tracker_tui.model.arr import Movie, Series
from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.seerr import SeerrMediaStatus, SeerrStatus
from tracker_tui.model.states import Flag, ServiceStatus, State
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.subjects import answer, emptied
from tracker_tui.reconcile.memory import Gone, RequestMemory
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.unit.hold import Absence, confirmed, flags_of, gone_since
from tracker_tui.reconcile.unit.look import Look


class Ending(Fact):
    """Why a request is over, where no state of its episodes says so."""

    state: State | None = None
    removed_from: str | None = None
    closed_at: datetime | None = None
    gone: tuple[Gone, ...] = ()
    flags: tuple[Flag, ...] = ()


def ending_of(look: Look, arr: ArrFacts | None, one: Series | Movie | None) -> Ending:
    """Return how a request ended, or which doubt about it is pending."""
    tracked, known = look.tracked, look.memory
    request = tracked.request
    if request is not None and request.status == SeerrStatus.DECLINED:
        return Ending(state=State.DECLINED, closed_at=_decided_at(tracked, known))
    if request is not None and one is None and request.media_status == SeerrMediaStatus.DELETED:
        at = known.closed_at if known is not None and known.closed_at else _decided_at(tracked, known)
        return Ending(state=State.REMOVED, removed_from=Kind.SEERR.value, closed_at=at)
    if request is None and one is None and known is not None and known.state in {State.DECLINED, State.REMOVED}:
        return Ending(state=known.state, removed_from=known.removed_from, closed_at=known.closed_at)
    for ending in (_entry_gone(look, arr, one), _request_gone(look)):
        if ending.state is not None or ending.gone or ending.flags:
            return ending
    return Ending()


def _entry_gone(look: Look, arr: ArrFacts | None, one: Series | Movie | None) -> Ending:
    known = look.memory
    number = look.tracked.entry_id
    if arr is None or number is None or one is not None or known is None or known.arr_id != number:
        return Ending()
    key = "films" if arr.is_radarr else "series"
    look.reads |= {answer(arr.ref, "entries"), answer(arr.ref, f"entry {number}"), emptied(arr.ref, key)}
    status = look.facts.services[arr.ref].status
    absence = Absence(
        denied_at=arr.denied_at(number),
        silent=arr.denied_at(number) is None,
        failing=status is not None and status is not ServiceStatus.OK,
        emptied_at=look.facts.emptied.since(arr.ref, key),
    )
    return _gone("entry", arr.ref.kind, absence, known, look.now)


def _request_gone(look: Look) -> Ending:
    tracked, known = look.tracked, look.memory
    if tracked.seerr is None or tracked.request is not None or known is None or known.state is State.AVAILABLE:
        return Ending()
    ledger = look.facts.seerrs[tracked.seerr]
    look.reads |= {answer(tracked.seerr, "requests"), emptied(tracked.seerr, "requests")}
    status = look.facts.services[tracked.seerr].status
    number = int(tracked.id.rpartition(":")[2])
    denied_at = ledger.denied_at(number, known.requested_at)
    absence = Absence(
        denied_at=denied_at,
        silent=denied_at is None,
        failing=status is not None and status is not ServiceStatus.OK,
        emptied_at=look.facts.emptied.since(tracked.seerr, "requests"),
    )
    return _gone("request", Kind.SEERR, absence, known, look.now)


def _gone(fact: str, kind: Kind, absence: Absence, known: RequestMemory, now: datetime) -> Ending:
    gone = next((one for one in known.gone if one.fact == fact), None)
    if known.removed_from == kind.value and absence.denied_at is not None:
        return Ending(state=State.REMOVED, removed_from=kind.value, closed_at=known.closed_at)
    if confirmed(gone, absence, now) and gone is not None:
        return Ending(state=State.REMOVED, removed_from=kind.value, closed_at=gone.since)
    if known.removed_from == kind.value:
        return Ending(state=State.REMOVED, removed_from=kind.value, closed_at=known.closed_at, flags=flags_of(absence))
    since = gone_since(gone, absence, fact)
    return Ending(gone=(since,) if since is not None else (), flags=flags_of(absence))


def _decided_at(tracked: Tracked, known: RequestMemory | None) -> datetime | None:
    if known is not None and known.closed_at is not None:
        return known.closed_at
    return (tracked.request.updated_at or tracked.request.created_at) if tracked.request is not None else None

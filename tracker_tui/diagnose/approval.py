"""Requests that are not with Sonarr or Radarr yet, or no longer."""

from collections.abc import Iterable

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Said, Word
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import joined
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.moments import date
from tracker_tui.model.seerr import SeerrMediaStatus, SeerrStatus
from tracker_tui.model.states import IN_FLIGHT, Attention, State

NEEDS_APPROVAL = Code(
    name="NEEDS_APPROVAL",
    levels=(Attention.WAIT,),
    means="Somebody asked for it in Seerr; nobody approved it yet.",
    lasting=True,
)
SEERR_FAILED = Code(
    name="SEERR_FAILED",
    levels=(Attention.ERROR,),
    means="Seerr approved the request and could not send it to Sonarr or Radarr.",
    lasting=True,
)
NOT_IN_ARR = Code(
    name="NOT_IN_ARR",
    levels=(Attention.WAIT, Attention.WARN),
    means="Seerr approved the request, and Sonarr or Radarr does not have the series or film.",
)
SEERR_AHEAD = Code(
    name="SEERR_AHEAD",
    levels=(Attention.INFO,),
    means="Seerr already says available; only what Jellyfin can play counts.",
)
REQUESTED_BEFORE = Code(
    name="REQUESTED_BEFORE",
    levels=(Attention.INFO,),
    means="The same title was requested, delivered or removed before; and its old torrent is still in the client.",
)
EXTERNAL_DELETE = Code(
    name="EXTERNAL_DELETE",
    levels=(Attention.INFO,),
    means="The series, film or request was deleted in its own service.",
)
RESTORED = Code(
    name="RESTORED",
    levels=(Attention.INFO,),
    means="The states are those of the last run, until the named services have answered.",
)


def needs_approval(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Seerr waits for a person. Never a warning, however long it takes (C1)."""
    request, seerr = matter.case.request, _seerr(matter)
    if matter.row.state is not State.REQUESTED or request is None or seerr is None:
        return
    who = f" by {request.requested_by}" if request.requested_by else ""
    since = f" at {scene.clock(request.created_at)}" if request.created_at is not None else ""
    yield Said(
        diagnosis=NEEDS_APPROVAL(
            f"{scene.name(seerr)} holds this request, made{who}{since}, for approval",
            "Seerr → Requests → approve or decline it",
            scene.saw(seerr, "request status", "pending", request.created_at),
        )
    )


def seerr_failed(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Seerr could not hand an approved request on."""
    request, seerr = matter.case.request, _seerr(matter)
    if request is None or seerr is None or request.status != SeerrStatus.FAILED or _in_arr(matter):
        return
    why = f": {request.failure_reason}" if request.failure_reason else ""
    yield Said(
        diagnosis=SEERR_FAILED(
            f"{scene.name(seerr)} could not send the request to {matter.arr.kind.title}{why}",
            "Seerr → Requests → Retry",
            scene.saw(seerr, "request status", "failed", request.updated_at),
        )
    )


def not_in_arr(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that an approved request never arrived: first a wait, then a warning (C3).

    No retry is advised: newer versions answer 409 to one for a request that did not fail (Seerr issue 3460).
    """
    case, request, seerr = matter.case, matter.case.request, _seerr(matter)
    waiting = matter.row.state is State.APPROVED and case.entry_known is False
    if request is None or seerr is None or not waiting or request.status == SeerrStatus.FAILED:
        return
    arr, what = scene.name(matter.arr), "movie" if request.is_movie else "series"
    ids = [f"TMDB id {request.tmdb_id}"] if request.tmdb_id is not None else []
    ids += [f"TVDB id {request.tvdb_id}"] if request.tvdb_id is not None and not request.is_movie else []
    named = f"{arr} has no {what} with {' or '.join(ids) or 'its ids'}"
    since = request.updated_at or request.created_at or matter.row.since
    evidence = (
        scene.saw(matter.arr, what, f"none with {' or '.join(ids)}"),
        scene.saw(seerr, "request status", "approved", since),
    )
    late_at = since + scene.limits.not_in_arr if since is not None else None
    if late_at is None or scene.now < late_at:
        waits = NOT_IN_ARR(f"{named} yet; Seerr approved it just now", None, *evidence)
        yield Said(diagnosis=waits, until=late_at)
        return
    yield Said(
        diagnosis=NOT_IN_ARR(
            f"{named}, though Seerr approved it at {scene.clock(since)}" if since is not None else named,
            f"Seerr → Settings → Services → {matter.arr.kind.title}: check server, key and root folder; then "
            f"delete the request and ask again, or add it in {matter.arr.kind.title}",
            *evidence,
            level=Attention.WARN,
        )
    )


def seerr_ahead(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Seerr's "available" is not what counts (C15)."""
    request, seerr = matter.case.request, _seerr(matter)
    ahead = request is not None and request.media_status == SeerrMediaStatus.AVAILABLE
    if not ahead or seerr is None or matter.row.state not in IN_FLIGHT | {State.MATCH_FAILED}:
        return
    yield Said(
        diagnosis=SEERR_AHEAD(
            f"{scene.name(seerr)} already says available; Jellyfin cannot play it yet",
            None,
            scene.saw(seerr, "media status", "available"),
        )
    )


def requested_before(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name the torrent of an earlier request for the same title (H6)."""
    earlier = matter.case.earlier
    if earlier is None or matter.row.state not in {State.APPROVED, State.GRABBING}:
        return
    if not matter.case.earlier_in_client:
        return
    client, key = matter.case.earlier_in_client[0]
    begun = earlier.requested_at or earlier.first_seen_at
    yield Said(
        diagnosis=REQUESTED_BEFORE(
            f"Requested before on {date(begun, scene.now, scene.zone)}: {scene.name(client)} still has torrent {key}",
            f"{matter.arr.kind.title} → Wanted → Manual Import, if it is what is wanted; else remove it in the client",
            scene.saw(client, "torrent", key),
            scene.saw(matter.arr, "earlier download", key, begun),
        )
    )


def external_delete(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say where it was deleted (H3)."""
    memory = matter.case.memory
    if matter.row.state is not State.REMOVED or memory.removed_from is None:
        return
    kind = Kind(memory.removed_from)
    when = f" at {scene.clock(memory.closed_at)}" if memory.closed_at is not None else ""
    if kind is Kind.SEERR:
        yield Said(diagnosis=EXTERNAL_DELETE(f"The request was deleted in Seerr{when}"))
        return
    what = "film" if matter.row.is_movie else "series"
    yield Said(
        diagnosis=EXTERNAL_DELETE(
            f"The {what} was removed from {kind.title}{when}",
            "delete the request in Seerr, or send it again",
            scene.saw(matter.arr, what, "no longer listed", memory.closed_at),
        )
    )


def restored(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say for whose first answer a restored row waits (G7)."""
    silent = {row.kind for row in scene.around.services if row.name is not None and _failing(row.kind, scene)}
    awaited = [kind for kind in Kind if kind in matter.case.awaited - silent]
    if awaited:
        names = joined(kind.title for kind in awaited)
        yield Said(diagnosis=RESTORED(f"Restored from the last run, waiting for {names}"))


def _failing(kind: Kind, scene: Scene) -> bool:
    refs = scene.of(kind)
    return bool(refs) and all(scene.down(ref) for ref in refs)


def _seerr(matter: Matter) -> InstanceRef | None:
    word, _, rest = matter.case.id.partition(":")
    return InstanceRef(Kind.SEERR, rest.rpartition(":")[0]) if word == Kind.SEERR.value else None


def _in_arr(matter: Matter) -> bool:
    return matter.case.series is not None or matter.case.movie is not None


CODES = (NEEDS_APPROVAL, SEERR_FAILED, NOT_IN_ARR, SEERR_AHEAD, REQUESTED_BEFORE, EXTERNAL_DELETE, RESTORED)
RULES: tuple[Rule, ...] = (
    needs_approval,
    seerr_failed,
    not_in_arr,
    seerr_ahead,
    requested_before,
    external_delete,
    restored,
)

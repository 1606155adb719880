"""The timeline of one request: what the services tell now, laid over what was told before."""

from datetime import datetime

from tracker_tui.model.arr import Movie
from tracker_tui.model.ids import Kind
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.seerr import SeerrRequest
from tracker_tui.model.states import State
from tracker_tui.model.world import TimelineEntry
from tracker_tui.reconcile.facts.subjects import refreshed
from tracker_tui.reconcile.remember import ready_at, witnessed
from tracker_tui.reconcile.request import timeline
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.unit.verdict import Step

_SEARCHED = "Searched"


def chronicle(sight: Sight, state: State, *, already_there: bool) -> tuple[TimelineEntry, ...]:
    """Return the entries in order of time; `already_there` = nothing had to happen, so nothing is told (C11)."""
    fresh = [*_request_events(sight, state), *_ending_events(sight, state), *_arr_events(sight), *_loss_events(sight)]
    if not already_there:
        asked_at, is_movie = sight.asked_at, sight.is_movie
        fresh += timeline.of_history(sight.units, sight.kind, asked_at, is_movie=is_movie)
        heard_at = sight.arr.history.heard_at if sight.arr is not None else None
        fresh += timeline.of_files(sight.units, sight.kind, asked_at, heard_at, is_movie=is_movie)
        fresh += timeline.of_clients(sight.units, asked_at)
        fresh += timeline.of_shoko(sight.units, asked_at, is_movie=is_movie)
        fresh += timeline.of_jellyfin(_appearances(sight), is_movie=is_movie)
    fresh += timeline.of_refreshes(_refreshes(sight))
    known = sight.known.timeline if sight.known is not None else ()
    if any(one.text == _SEARCHED for one in fresh):
        known = tuple(one for one in known if one.text != _SEARCHED)
    return timeline.merged(known, fresh)


def _appearances(sight: Sight) -> list[datetime]:
    """Return when counted episodes were seen to appear in Jellyfin."""
    return [
        at
        for unit in sight.counted_units
        if witnessed(unit.verdict, unit.memory) and (at := ready_at(unit.verdict, unit.memory, sight.now)) is not None
    ]


def _refreshes(sight: Sight) -> list[tuple[Refreshed, Beneficiary]]:
    sight.look.reads.add(refreshed(sight.tracked.id))
    return [one for jellyfin in sight.facts.jellyfins.values() for one in jellyfin.refreshes_of(sight.tracked.id)]


def _by(name: str | None) -> str:
    return f" by {name}" if name else ""


def _request_events(sight: Sight, state: State) -> list[TimelineEntry]:
    request = sight.tracked.request
    if request is None or request.created_at is None:
        return []
    text = f"Requested{_by(request.requested_by)}"
    asked = TimelineEntry(at=request.created_at, state=State.REQUESTED, service=Kind.SEERR, text=text)
    waited = sight.known is not None and sight.known.state is State.REQUESTED
    if not waited or state in {State.REQUESTED, State.DECLINED, State.REMOVED}:
        return [asked]
    at = _approved_at(request, request.created_at, sight.now)
    text = f"Approved{_by(request.modified_by)}"
    return [asked, TimelineEntry(at=at, state=State.APPROVED, service=Kind.SEERR, text=text)]


def _approved_at(request: SeerrRequest, created_at: datetime, now: datetime) -> datetime:
    """Return when it was approved: some Seerr versions freeze `updatedAt` at creation, then it is when we saw it."""
    return min(request.updated_at, now) if request.updated_at is not None and request.updated_at > created_at else now


def _ending_events(sight: Sight, state: State) -> list[TimelineEntry]:
    at, request = sight.ending.closed_at, sight.tracked.request
    if at is None:
        return []
    if state is State.DECLINED:
        text = f"Declined{_by(request.modified_by if request is not None else None)}"
        return [TimelineEntry(at=at, state=state, service=Kind.SEERR, text=text)]
    if state is State.REMOVED and sight.ending.removed_from is not None:
        kind = Kind(sight.ending.removed_from)
        return [TimelineEntry(at=at, state=state, service=kind, text=f"Removed from {kind.title}")]
    return []


def _arr_events(sight: Sight) -> list[TimelineEntry]:
    """Return when Sonarr or Radarr got it, and its last search."""
    since = sight.asked_at - timeline.SKEW if sight.asked_at is not None else None
    times = [unit.episode.last_search_at for unit in sight.counted_units if unit.episode is not None]
    if isinstance(sight.one, Movie):
        times.append(sight.one.last_search_at)
    searched = max((at for at in times if at is not None), default=None)
    told = (
        (sight.one.added_at if sight.one is not None else None, State.APPROVED, f"Added to {sight.kind.title}"),
        (searched, State.PENDING, _SEARCHED),
    )
    return [
        TimelineEntry(at=at, state=state, service=sight.kind, text=text)
        for at, state, text in told
        if at is not None and (since is None or at >= since)
    ]


def _loss_events(sight: Sight) -> list[TimelineEntry]:
    """Return the entry of a download whose absence was confirmed just now."""
    lost = [
        gone.since
        for unit in sight.units
        if unit.verdict.step is Step.REMOVED and unit.memory is not None
        for gone in unit.memory.gone
        if gone.fact == "torrent"
    ]
    if not lost:
        return []
    text = f"Download disappeared from {Kind.QBITTORRENT.title}"
    return [TimelineEntry(at=min(lost), state=State.PENDING, service=Kind.QBITTORRENT, text=text)]

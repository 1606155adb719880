"""Which of our Sonarr or Radarr instances a Seerr request means, and which series or film there (SPEC 2.1.13)."""

import re
from collections.abc import Sequence

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.seerr import SeerrRequest, SeerrTitle
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_HIGH_RESOLUTION = re.compile(r"4k|uhd|2160")


def instance_of(facts: Facts, seerr: InstanceRef, request: SeerrRequest, tvdb_id: int | None) -> InstanceRef | None:
    """Return the instance that handles `request`; None when no rule tells it apart.

    In order: the configured number; the only instance; the only one whose entry has both the external id and the
    TVDB/TMDB id; the one named like Seerr's server; the one whose name says 4K (or not) as the request does; the
    only one that has the title at all.
    """
    kind = Kind.RADARR if request.is_movie else Kind.SONARR
    refs = facts.setup.of(kind)
    if request.server_id is not None:
        chosen = [
            one.ref for one in facts.setup.instances if one.ref in refs and one.seerr_server_id == request.server_id
        ]
        if len(chosen) == 1:
            return chosen[0]
    if len(refs) < 2:
        return refs[0] if refs else None
    holders = [ref for ref in refs if _is_entry(facts.arrs[ref], request.external_id, request, tvdb_id)]
    return (
        _only(holders)
        or _named_like_server(facts, seerr, request, refs)
        or _only([ref for ref in refs if bool(_HIGH_RESOLUTION.search(ref.name.lower())) == request.is_4k])
        or _only([ref for ref in refs if _by_id(facts.arrs[ref], request, tvdb_id)])
    )


def entry_of(arr: ArrFacts, request: SeerrRequest, title: SeerrTitle | None) -> int | None:
    """Return the series or film id that `request` means in `arr`: its external id if that is the title, else by id.

    After a deletion Seerr may still carry the old external id; the entry that exists now counts (H6).
    """
    tvdb_id = request.tvdb_id or (title.tvdb_id if title else None)
    if _is_entry(arr, request.external_id, request, tvdb_id):
        return request.external_id
    return max(_by_id(arr, request, tvdb_id), default=None)


def _by_id(arr: ArrFacts, request: SeerrRequest, tvdb_id: int | None) -> set[int]:
    return arr.entries_with(tvdb_id=tvdb_id, tmdb_id=request.tmdb_id)


def _is_entry(arr: ArrFacts, number: int | None, request: SeerrRequest, tvdb_id: int | None) -> bool:
    if number is None:
        return False
    if arr.is_radarr:
        movie = arr.movies.get(number)
        return movie is not None and (movie.tmdb_id is None or movie.tmdb_id == request.tmdb_id)
    series = arr.series.get(number)
    if series is None:
        return False
    if series.tvdb_id is not None and tvdb_id is not None:
        return series.tvdb_id == tvdb_id
    return series.tmdb_id is None or request.tmdb_id is None or series.tmdb_id == request.tmdb_id


def _only(refs: Sequence[InstanceRef]) -> InstanceRef | None:
    return refs[0] if len(refs) == 1 else None


def _named_like_server(
    facts: Facts, seerr: InstanceRef, request: SeerrRequest, refs: Sequence[InstanceRef]
) -> InstanceRef | None:
    names = {
        _NOT_A_NAME.sub("", server.name.lower())
        for server in facts.seerrs[seerr].servers
        if server.id == request.server_id and server.is_movie == request.is_movie and server.name
    }
    return _only([ref for ref in refs if _NOT_A_NAME.sub("", ref.name.lower()) in names])

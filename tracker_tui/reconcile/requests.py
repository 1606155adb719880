"""Which media requests exist (SPEC 2, "MediaRequest"): every Seerr request, and what moves without one."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.ids import InstanceRef, Kind, RequestId, request_id
from tracker_tui.model.record import Fact
from tracker_tui.model.seerr import SeerrMediaStatus, SeerrRequest, SeerrStatus, SeerrTitle
from tracker_tui.model.states import SETTLED
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import Subject, external, seerr_title
from tracker_tui.reconcile.joins.servers import entry_of, instance_of
from tracker_tui.reconcile.memory import RequestMemory


class Tracked(Fact):
    """A media request before anything is computed about it: who asked, and which entry of which instance it means.

    `seasons`: the requested ones; None = the monitored ones of the series. `entry_id` None = Sonarr/Radarr has none.
    """

    id: RequestId
    is_movie: bool
    seerr: InstanceRef | None = None
    request: SeerrRequest | None = None
    title: SeerrTitle | None = None
    instance: InstanceRef | None = None
    entry_id: int | None = None
    seasons: tuple[int, ...] | None = None


SEERR_PATIENCE = timedelta(minutes=1)
"""How long to wait for the list of settled requests once the active ones are known."""

_MOVES = {HistoryKind.GRABBED, HistoryKind.IMPORTED}


class Roster:
    """The tracked requests, kept up by the subjects that changed."""

    def __init__(self, facts: Facts, memory: Mapping[RequestId, RequestMemory]) -> None:
        self._facts = facts
        self._memory = memory
        self.tracked: dict[RequestId, Tracked] = {}
        self._covering: dict[tuple[InstanceRef, int], set[RequestId]] = {}
        self._readers: dict[Subject, set[RequestId]] = {}
        self._leaves_at: dict[RequestId, datetime] = {}
        self._remembered = set(memory)
        self._postponed: set[tuple[InstanceRef, int]] = set()
        """Entries that move, while Seerr has yet to say whether a request covers them."""

    def refresh(self, changed: Iterable[Subject], now: datetime) -> set[RequestId]:
        """Take what changed and return the requests that appeared, disappeared or mean something else now."""
        seerr_ids, entries = self._touched(changed, now)
        if self._postponed and not self._awaits_seerr(now):
            entries |= self._postponed
            self._postponed.clear()
        touched: set[RequestId] = set()
        for known in sorted(seerr_ids):
            touched |= self._consider_seerr(known, entries, now)
        for ref, number in sorted(entries):
            touched |= self._consider_entry(ref, number, now)
        for known in sorted(self._remembered - self.tracked.keys()):
            touched |= self._consider_remembered(known, now)
        return touched

    def _touched(
        self, changed: Iterable[Subject], now: datetime
    ) -> tuple[set[RequestId], set[tuple[InstanceRef, int]]]:
        seerr_ids: set[RequestId] = set()
        entries: set[tuple[InstanceRef, int]] = set()
        for subject in changed:
            seerr_ids |= self._readers.get(subject, set())
            match subject:
                case ("request", InstanceRef() as ref, int(number)):
                    seerr_ids.add(request_id(ref, number))
                    seerr_ids |= self._of_the_same_title(ref, number)
                case ("entry", InstanceRef() as ref, int(number)):
                    entries.add((ref, number))
                    seerr_ids |= self._covering.get((ref, number), set())
                case ("answer", InstanceRef(), "first-list") | ("everything",):
                    seerr_ids |= self._all_seerr()
        for known, leaves_at in list(self._leaves_at.items()):
            if leaves_at <= now:
                tracked = self.tracked[known]
                if tracked.instance is not None and tracked.entry_id is not None:
                    entries.add((tracked.instance, tracked.entry_id))
        return seerr_ids, entries

    def _of_the_same_title(self, ref: InstanceRef, number: int) -> set[RequestId]:
        request = self._facts.seerrs[ref].requests.get(number) if ref in self._facts.seerrs else None
        if request is None or request.tmdb_id is None:
            return set()
        return self._readers.get(external("tmdb", request.tmdb_id), set())

    def _all_seerr(self) -> set[RequestId]:
        return {request_id(ref, number) for ref, ledger in self._facts.seerrs.items() for number in ledger.requests}

    def next_at(self) -> datetime | None:
        """Return when the next request leaves the list only because its movement is no longer recent."""
        return min(self._leaves_at.values(), default=None)

    # --- Seerr's requests --------------------------------------------------------------------------------------

    def _consider_seerr(self, known: RequestId, entries: set[tuple[InstanceRef, int]], now: datetime) -> set[RequestId]:
        ref, number = self._parse(known)
        if ref is None or ref not in self._facts.seerrs:
            return set()
        ledger = self._facts.seerrs[ref]
        request = ledger.requests.get(number)
        before = self.tracked.get(known)
        if request is None:
            fresh = before or (self._from_memory(known) if known in self._memory else None)
            if fresh is not None:
                fresh = Tracked(
                    id=known,
                    is_movie=fresh.is_movie,
                    seerr=ref,
                    instance=fresh.instance,
                    entry_id=fresh.entry_id,
                    seasons=fresh.seasons,
                )
        else:
            fresh = self._from_seerr(known, ref, request)
            if self._at_rest(fresh, now):
                fresh = None
        return self._put(known, before, fresh, entries)

    def _parse(self, known: RequestId) -> tuple[InstanceRef | None, int]:
        kind, _, rest = known.partition(":")
        name, _, number = rest.rpartition(":")
        try:
            return InstanceRef(Kind(kind), name), int(number)
        except ValueError:
            return None, 0

    def _from_seerr(self, known: RequestId, ref: InstanceRef, request: SeerrRequest) -> Tracked:
        ledger = self._facts.seerrs[ref]
        title = ledger.titles.get((request.is_movie, request.tmdb_id)) if request.tmdb_id is not None else None
        tvdb_id = request.tvdb_id or (title.tvdb_id if title else None)
        instance = instance_of(self._facts, ref, request, tvdb_id)
        number = entry_of(self._facts.arrs[instance], request, title) if instance is not None else None
        self._read(known, request, tvdb_id)
        remembered = self._memory.get(known)
        if remembered is not None and instance is not None and remembered.instance == instance.name:
            superseded = remembered.closed_at is not None and self._asked_again(ref, request)
            number = remembered.arr_id if number is None or superseded else number
        return Tracked(
            id=known,
            is_movie=request.is_movie,
            seerr=ref,
            request=request,
            title=title,
            instance=instance,
            entry_id=number,
            seasons=tuple(sorted(request.seasons)) or None,
        )

    def _asked_again(self, ref: InstanceRef, request: SeerrRequest) -> bool:
        """Return whether a newer request for the same title exists: then a new entry is the newer one's (H6)."""
        return any(
            (other.is_movie, other.tmdb_id, other.is_4k) == (request.is_movie, request.tmdb_id, request.is_4k)
            and (request.is_movie or set(other.seasons) & set(request.seasons))
            for other in self._facts.seerrs[ref].requests.values()
            if other.id > request.id
        )

    def _read(self, known: RequestId, request: SeerrRequest, tvdb_id: int | None) -> None:
        subjects: list[Subject] = []
        if request.tmdb_id is not None:
            subjects += [external("tmdb", request.tmdb_id), seerr_title(request.tmdb_id, request.is_movie)]
        if tvdb_id is not None:
            subjects.append(external("tvdb", tvdb_id))
        for subject in subjects:
            self._readers.setdefault(subject, set()).add(known)

    def _at_rest(self, tracked: Tracked, now: datetime) -> bool:
        """Return whether a request was settled before "lately" and nothing has moved since."""
        request, remembered = tracked.request, self._memory.get(tracked.id)
        recent = now - self._facts.setup.policy.recent
        if remembered is not None:
            settled_at = remembered.closed_at if remembered.state in SETTLED else None
        elif request is not None and _settled_for_seerr(request):
            settled_at = request.updated_at or request.created_at
        else:
            settled_at = None
        if settled_at is None or settled_at >= recent:
            return False
        return not self._moving(tracked.instance, tracked.entry_id, now)

    def rest(self, known: RequestId, now: datetime) -> None:
        """Stop tracking a settled request once it was settled before "lately"."""
        tracked = self.tracked.get(known)
        if tracked is not None and tracked.seerr is not None and self._at_rest(tracked, now):
            self._put(known, tracked, None, set())

    def _moving(self, instance: InstanceRef | None, number: int | None, now: datetime) -> bool:
        if instance is None or number is None:
            return False
        return bool(_movement(self._facts.arrs[instance], number, now - self._facts.setup.policy.recent))

    # --- entries without a request -----------------------------------------------------------------------------

    def _consider_entry(self, ref: InstanceRef, number: int, now: datetime) -> set[RequestId]:
        arr = self._facts.arrs[ref]
        known = request_id(ref, number)
        before = self.tracked.get(known)
        recent = self._facts.setup.policy.recent
        moves = _movement(arr, number, now - recent)
        covered = self._covered(ref, number)
        fresh: Tracked | None = None
        if not arr.has(number):
            fresh = before if before is not None and known in self._memory else None
        elif moves and None not in covered:
            seasons = _uncovered(arr, number, moves.keys(), covered) if covered else None
            if arr.is_radarr or seasons is None or seasons:
                fresh = Tracked(id=known, is_movie=arr.is_radarr, instance=ref, entry_id=number, seasons=seasons)
                self._leaves_at[known] = max(moves.values()) + recent
        if fresh is not None and before is None and self._awaits_seerr(now):
            self._postponed.add((ref, number))
            fresh = None
        if fresh is None or not moves:
            self._leaves_at.pop(known, None)
        return self._put(known, before, fresh, set())

    def _awaits_seerr(self, now: datetime) -> bool:
        """Return whether a Seerr that answers has not listed its requests yet: what moves may be one of them."""
        return any(
            not ledger.settled_listed
            and self._facts.services[ref].failures == 0
            and (ledger.first_listed_at is None or now - ledger.first_listed_at < SEERR_PATIENCE)
            for ref, ledger in self._facts.seerrs.items()
        )

    def is_covered(self, known: RequestId) -> bool:
        """Return whether this is an entry's own row, and requests of Seerr stand for all of the entry now."""
        ref, number = self._parse(known)
        return ref is not None and ref.kind is not Kind.SEERR and bool(self._covered(ref, number))

    def _covered(self, ref: InstanceRef, number: int) -> set[int | None]:
        """Return the seasons Seerr requests cover; None in it = all of them (or the film)."""
        covered: set[int | None] = set()
        for known in self._covering.get((ref, number), set()):
            seasons = self.tracked[known].seasons
            covered.update(seasons if seasons is not None else (None,))
        return covered

    # --- memory ------------------------------------------------------------------------------------------------

    def _consider_remembered(self, known: RequestId, now: datetime) -> set[RequestId]:
        """Show a request of the last run, open or settled lately, until its services answer about it."""
        fresh = self._from_memory(known)
        closed_at = self._memory[known].closed_at
        old = closed_at is not None and closed_at < now - self._facts.setup.policy.recent
        if fresh is None or old or (fresh.seerr is None and self._answered_about(fresh)):
            self._remembered.discard(known)
            return set()
        return self._put(known, None, fresh, set())

    def _answered_about(self, tracked: Tracked) -> bool:
        arr = self._facts.arrs.get(tracked.instance) if tracked.instance is not None else None
        return arr is None or (arr.queue_at is not None and arr.listed_at is not None)

    def _from_memory(self, known: RequestId) -> Tracked | None:
        ref, _ = self._parse(known)
        one = self._memory[known]
        if ref is None or ref not in self._facts.services:
            return None
        kind = Kind.RADARR if one.is_movie else Kind.SONARR
        instance = InstanceRef(kind, one.instance) if one.instance is not None else None
        return Tracked(
            id=known,
            is_movie=one.is_movie,
            seerr=ref if ref.kind is Kind.SEERR else None,
            instance=instance if instance in self._facts.arrs else None,
            entry_id=one.arr_id,
            seasons=one.seasons_requested or None,
        )

    def _put(
        self, known: RequestId, before: Tracked | None, fresh: Tracked | None, entries: set[tuple[InstanceRef, int]]
    ) -> set[RequestId]:
        if fresh == before:
            return set()
        for one in (before, fresh):
            if one is not None and one.seerr is not None and one.instance is not None and one.entry_id is not None:
                place = (one.instance, one.entry_id)
                entries.add(place)
                if one is before:
                    self._covering.get(place, set()).discard(known)
                else:
                    self._covering.setdefault(place, set()).add(known)
        if fresh is None:
            del self.tracked[known]
            self._remembered.discard(known)
        else:
            self.tracked[known] = fresh
        return {known}


def _settled_for_seerr(request: SeerrRequest) -> bool:
    return (
        request.status in {SeerrStatus.DECLINED, SeerrStatus.COMPLETED}
        or (request.status != SeerrStatus.PENDING and request.media_status == SeerrMediaStatus.AVAILABLE)
        or request.media_status == SeerrMediaStatus.DELETED
    )


def _movement(arr: ArrFacts, number: int, recent: datetime) -> dict[int | None, datetime]:
    """Return the seasons of an entry with movement since `recent` and its last instant; key None = season not known.

    Movement: in a queue, grabbed or imported, added and missing, searched and missing.
    """
    return _film_movement(arr, number, recent) if arr.is_radarr else _series_movement(arr, number, recent)


def _film_movement(arr: ArrFacts, number: int, recent: datetime) -> dict[int | None, datetime]:
    movie = arr.movies.get(number)
    times = [record.at for record in arr.history.records.get(number, {}).values() if record.kind in _MOVES]
    if number in arr.queue and arr.queue_seen_at is not None:
        times.append(arr.queue_seen_at)
    if movie is not None and not movie.has_file and movie.monitored is not False:
        times += [at for at in (movie.added_at, movie.last_search_at) if at is not None]
    latest = max(times, default=None)
    return {None: latest} if latest is not None and latest >= recent else {}


def _series_movement(arr: ArrFacts, number: int, recent: datetime) -> dict[int | None, datetime]:
    episodes = arr.episodes.get(number, {})
    moves: dict[int | None, datetime] = {}

    def note(season: int | None, at: datetime | None) -> None:
        if at is not None and at >= recent and season != 0:
            moves[season] = max(at, moves.get(season, at))

    for record in arr.queue.get(number, ()):
        known = episodes.get(record.episode_id) if record.episode_id is not None else None
        note(record.season if known is None else known.season, arr.queue_seen_at)
    for event in arr.history.records.get(number, {}).values():
        if event.kind in _MOVES:
            known = episodes.get(event.episode_id) if event.episode_id is not None else None
            note(known.season if known is not None else None, event.at)
    for episode in episodes.values():
        if not episode.has_file and episode.monitored is not False:
            note(episode.season, episode.last_search_at)
    series = arr.series.get(number)
    if series is not None and series.added_at is not None and series.added_at >= recent:
        for season in _missing_seasons(arr, number):
            note(season, series.added_at)
    return moves


def _missing_seasons(arr: ArrFacts, number: int) -> list[int | None]:
    """Return the monitored seasons of a series that lack a file; [None] where its episode list is not there yet."""
    series = arr.series[number]
    if not series.total_episode_count and not arr.episodes.get(number):
        return [None]
    return [
        season.number
        for season in series.seasons
        if season.monitored is not False and (season.episode_count or 0) > (season.episode_file_count or 0)
    ]


def _uncovered(arr: ArrFacts, number: int, moving: Iterable[int | None], covered: set[int | None]) -> tuple[int, ...]:
    """Return the moving seasons that no Seerr request covers; a move in an unknown season covers nothing more."""
    monitored = {season.number for season in arr.series[number].seasons if season.monitored is not False}
    return tuple(sorted(one for one in moving if one is not None and one not in covered and one in monitored))

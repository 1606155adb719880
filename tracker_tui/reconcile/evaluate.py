"""Evaluate one request: units, headline, summary, timeline, memory and wants, all from the same facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker_tui.model.arr import Command, Movie, Series
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.seerr import SeerrMediaStatus, SeerrStatus
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import SafeText, clean
from tracker_tui.model.world import EpisodeRow, Phrase, RequestIds, RequestRow, TimelineEntry
from tracker_tui.reconcile import timeline
from tracker_tui.reconcile.arr_facts import ArrFacts
from tracker_tui.reconcile.assemble import SETTLED
from tracker_tui.reconcile.case import Case, Route, Unit
from tracker_tui.reconcile.facts import Facts
from tracker_tui.reconcile.findings import Places, hinted, route_of
from tracker_tui.reconcile.hold import Absence, confirmed, flags_of, gone_since
from tracker_tui.reconcile.look import Look, PackCache, Seen
from tracker_tui.reconcile.memory import EpisodeMemory, Gone, RequestMemory
from tracker_tui.reconcile.pack import ExtraReason
from tracker_tui.reconcile.paths import segments, starts_with
from tracker_tui.reconcile.remember import episode_memory, ready_at, request_memory, since_of, witnessed
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.rollup import count_states, headline, transfer_of
from tracker_tui.reconcile.rows import episode_row, ids_of, next_air, quality_of, releases_of, season_rows, torrents_of
from tracker_tui.reconcile.scope import Scope, counted
from tracker_tui.reconcile.subjects import Subject, answer, entry, seerr_request, service, shoko_work
from tracker_tui.reconcile.summary import Told, summarise
from tracker_tui.reconcile.verdict import Step
from tracker_tui.reconcile.wants import Wants, wants_of

_TOLD_EXTRAS = {ExtraReason.OTHER_SEASON, ExtraReason.OTHER_EPISODE, ExtraReason.SPECIAL}


class Evaluation(Fact):
    """The result for one request: what to show, to remember, to ask, and which subjects it was read from."""

    case: Case
    reads: frozenset[Subject]
    wants: Wants
    next_at: datetime | None = None


class Ending(Fact):
    """Why a request is over, where no state of its episodes says so."""

    state: State | None = None
    removed_from: str | None = None
    closed_at: datetime | None = None
    gone: tuple[Gone, ...] = ()
    flags: tuple[Flag, ...] = ()


class Evaluator:
    """Evaluates requests against one ledger; keeps only caches that any evaluation could rebuild."""

    def __init__(self, facts: Facts, memory: Mapping[RequestId, RequestMemory]) -> None:
        self._facts = facts
        self._memory = memory
        self.places = Places(facts)
        self._packs = PackCache()
        self._closed_titles = _closed_titles(memory)

    def evaluate(self, tracked: Tracked, progress: Mapping[tuple[int, int], float], now: datetime) -> Evaluation:
        """Return the evaluation of one request; `progress` = its units' last known progress in this process."""
        known = self._memory.get(tracked.id)
        arr = self._facts.arrs.get(tracked.instance) if tracked.instance is not None else None
        look = Look(self._facts, self.places, self._packs, tracked, known, progress, now)
        one = _entry(arr, tracked.entry_id)
        scope, seen = _units(look, arr, one)
        ending = self._ending(look, tracked, arr, one, known)
        return _Evaluation(
            self._facts, look, tracked, arr, one, scope, seen, ending, self._earlier(look, tracked, now)
        ).result()

    def remember(self, memory: RequestMemory, before: RequestMemory | None) -> Subject | None:
        """Take a changed document; return the subject of its title if it was closed or opened just now."""
        if memory.ids.tmdb is None:
            return None
        title = (memory.is_movie, memory.ids.tmdb)
        known = self._closed_titles.setdefault(title, [])
        if memory.id not in known:
            known.append(memory.id)
        closed_before = before.closed_at if before is not None else None
        return ("closed", *title) if closed_before != memory.closed_at else None

    def _earlier(self, look: Look, tracked: Tracked, now: datetime) -> RequestMemory | None:
        """Return the newest closed request for the same title from before this one (H6)."""
        request = tracked.request
        if request is None or request.tmdb_id is None:
            return None
        look.reads.add(("closed", tracked.is_movie, request.tmdb_id))
        asked_at = request.created_at or now
        older = [
            self._memory[known]
            for known in self._closed_titles.get((tracked.is_movie, request.tmdb_id), ())
            if known != tracked.id and self._memory[known].is_4k == request.is_4k
        ]
        dated = [
            one for one in older if (one.requested_at or one.first_seen_at) < asked_at and one.closed_at is not None
        ]
        return max(dated, key=lambda one: one.requested_at or one.first_seen_at, default=None)

    # --- is it over? -------------------------------------------------------------------------------------------

    def _ending(
        self,
        look: Look,
        tracked: Tracked,
        arr: ArrFacts | None,
        one: Series | Movie | None,
        known: RequestMemory | None,
    ) -> Ending:
        request = tracked.request
        if request is not None and request.status == SeerrStatus.DECLINED:
            return Ending(state=State.DECLINED, closed_at=_decided_at(tracked, known))
        if request is not None and one is None and request.media_status == SeerrMediaStatus.DELETED:
            at = known.closed_at if known is not None and known.closed_at else _decided_at(tracked, known)
            return Ending(state=State.REMOVED, removed_from=Kind.SEERR.value, closed_at=at)
        for ending in (self._entry_gone(look, tracked, arr, one, known), self._request_gone(look, tracked, known)):
            if ending.state is not None or ending.gone or ending.flags:
                return ending
        return Ending()

    def _entry_gone(
        self,
        look: Look,
        tracked: Tracked,
        arr: ArrFacts | None,
        one: Series | Movie | None,
        known: RequestMemory | None,
    ) -> Ending:
        number = tracked.entry_id
        if arr is None or number is None or one is not None or known is None or known.arr_id != number:
            return Ending()
        key = "films" if arr.is_radarr else "series"
        look.reads |= {answer(arr.ref, "entries"), answer(arr.ref, f"entry {number}"), ("emptied", arr.ref, key)}
        status = self._facts.services[arr.ref].status
        absence = Absence(
            denied_at=arr.denied_at(number),
            silent=arr.denied_at(number) is None,
            failing=status is not None and status is not ServiceStatus.OK,
            emptied_at=self._facts.emptied.since(arr.ref, key),
        )
        return _gone("entry", arr.ref.kind, absence, known, look.now)

    def _request_gone(self, look: Look, tracked: Tracked, known: RequestMemory | None) -> Ending:
        if tracked.seerr is None or tracked.request is not None or known is None or known.state is State.AVAILABLE:
            return Ending()
        ledger = self._facts.seerrs[tracked.seerr]
        look.reads.add(answer(tracked.seerr, "requests"))
        status = self._facts.services[tracked.seerr].status
        number = int(tracked.id.rpartition(":")[2])
        denied_at = ledger.denied_at(number, known.requested_at)
        absence = Absence(
            denied_at=denied_at,
            silent=denied_at is None,
            failing=status is not None and status is not ServiceStatus.OK,
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


def _closed_titles(memory: Mapping[RequestId, RequestMemory]) -> dict[tuple[bool, int], list[RequestId]]:
    found: dict[tuple[bool, int], list[RequestId]] = {}
    for known, one in sorted(memory.items()):
        if one.ids.tmdb is not None:
            found.setdefault((one.is_movie, one.ids.tmdb), []).append(known)
    return found


def _entry(arr: ArrFacts | None, number: int | None) -> Series | Movie | None:
    if arr is None or number is None:
        return None
    return arr.movies.get(number) if arr.is_radarr else arr.series.get(number)


def _units(look: Look, arr: ArrFacts | None, one: Series | Movie | None) -> tuple[Scope, list[Seen]]:
    requested = frozenset(look.tracked.seasons or ())
    if arr is not None and isinstance(one, Movie):
        return Scope(seasons=frozenset({0})), look.film(arr, one)
    if arr is not None and isinstance(one, Series) and one.id in arr.details_at:
        return look.series(arr, one)
    seen = look.remembered()
    return Scope(seasons=requested or frozenset(each.season for each in seen) - {0}), seen


class _Evaluation:
    """The single steps of one evaluation; they share too much to hand around."""

    def __init__(  # noqa: PLR0917
        self,
        facts: Facts,
        look: Look,
        tracked: Tracked,
        arr: ArrFacts | None,
        one: Series | Movie | None,
        scope: Scope,
        seen: Sequence[Seen],
        ending: Ending,
        earlier: RequestMemory | None,
    ) -> None:
        self._facts, self._look, self._tracked, self._arr, self._one = facts, look, tracked, arr, one
        self._seen, self._ending, self._earlier = seen, ending, earlier
        self._known = look.memory
        self._now = look.now
        self._counted = [
            one_seen.unit.memory.counted
            if one_seen.unit.episode is None and not tracked.is_movie and one_seen.unit.memory is not None
            else tracked.is_movie or counted(scope, one_seen.season, one_seen.unit.verdict)
            for one_seen in seen
        ]
        self._units = [one_seen.unit for one_seen in seen]
        self._entry_known = self._is_known()

    def _is_known(self) -> bool | None:
        if self._one is not None:
            return True
        if self._arr is None or (self._known is not None and self._known.arr_id is not None and not self._ending.state):
            return None
        number = self._tracked.entry_id
        denied = self._arr.denied_at(number) if number is not None else self._arr.listed_at
        return False if denied is not None else None

    def result(self) -> Evaluation:
        """Return the whole evaluation."""
        self._register()
        thresholds = self._facts.setup.thresholds
        dated = [
            episode_row(one, is_counted, thresholds, self._now)
            for one, is_counted in zip(self._seen, self._counted, strict=True)
        ]
        rows = [one.row for one in dated]
        state = self._state()
        told = self._told(state, rows)
        events = self._timeline(state)
        row = self._row(state, told, rows, events)
        gone = self._ending.gone
        memory = request_memory(
            row,
            self._known,
            self._episode_memories(),
            self._now,
            gone=gone,
            closed_at=self._closed_at(state, row.available_at),
            removed_from=self._ending.removed_from if state is State.REMOVED else None,
            library=self._library(),
            already_there=self._already_there(state),
            entry_id=self._tracked.entry_id if self._one is not None else None,
        )
        units = self._shown_units(rows)
        case = Case(
            id=self._tracked.id,
            row=row,
            now=self._now,
            memory=memory,
            request=self._tracked.request,
            title=self._tracked.title,
            instance=self._tracked.instance,
            series=self._one if isinstance(self._one, Series) else None,
            movie=self._one if isinstance(self._one, Movie) else None,
            units=units,
            route=Route.ANIME if row.anime else Route.REGULAR,
            queue=self._arr.queue_of(self._tracked.entry_id)
            if self._arr and self._tracked.entry_id is not None
            else (),
            commands=self._commands(),
            entry_known=self._entry_known,
            details_at=self._arr.details_at.get(self._one.id) if self._arr and self._one is not None else None,
            packs=dict(self._look.pack_maps),
            earlier=self._earlier,
            stale=self._stale(state),
            awaited=self._awaited(),
        )
        wants = wants_of(case, self._seen, self._tracked, self._facts, gone, self._now)
        raises = [one.raises_at for one in dated if one.raises_at is not None]
        times = [at for at in (*self._look.until, *raises, *self._minutes(row)) if at > self._now]
        return Evaluation(case=case, reads=frozenset(self._look.reads), wants=wants, next_at=min(times, default=None))

    def _register(self) -> None:
        reads, tracked = self._look.reads, self._tracked
        if tracked.instance is not None and tracked.entry_id is not None:
            reads.add(entry(tracked.instance, tracked.entry_id))
        if tracked.seerr is not None:
            reads.add(seerr_request(tracked.seerr, int(tracked.id.rpartition(":")[2])))
        reads.update(service(ref) for ref in self._pipeline())

    # --- state -------------------------------------------------------------------------------------------------

    def _counted_units(self) -> list[Unit]:
        return [unit for unit, is_counted in zip(self._units, self._counted, strict=True) if is_counted]

    def _state(self) -> State:
        if self._ending.state is not None:
            return self._ending.state
        state = headline([unit.verdict.state for unit in self._counted_units()])
        request = self._tracked.request
        if request is None:
            restored = self._known is not None and not self._units and self._tracked.seerr is not None
            return self._known.state if restored and self._known is not None else state
        if state is State.APPROVED and request.status == SeerrStatus.PENDING:
            return State.REQUESTED
        if state is State.APPROVED and request.status == SeerrStatus.FAILED and self._one is None:
            return State.FAILED
        return state

    def _told(self, state: State, rows: Sequence[EpisodeRow]) -> Told:
        counted_units = tuple(self._counted_units())
        upcoming = [
            row for row, one in zip(rows, self._seen, strict=True) if row.state is State.UNAIRED and one.season != 0
        ]
        movie = self._one if isinstance(self._one, Movie) else None
        jobs = [ledger.state.queue for ledger in self._facts.shokos.values() if ledger.state is not None]
        is_series = isinstance(self._one, Series)
        added = self._one.added_at if self._one is not None else None
        return Told(
            state=state,
            is_movie=self._tracked.is_movie,
            units=counted_units,
            transfer=transfer_of(counted_units),
            arr=(Kind.RADARR if self._tracked.is_movie else Kind.SONARR).title,
            now=self._now,
            thresholds=self._facts.setup.thresholds,
            upcoming=len(upcoming),
            next_at=movie.release_at if movie is not None else next_air(upcoming, self._now),
            entry_known=self._entry_known,
            no_episodes=is_series and self._arr is not None and not self._seen and self._has_no_episodes(),
            added_at=added if self._tracked.seerr is None else None,
            requested_before=(self._earlier.requested_at or self._earlier.first_seen_at) if self._earlier else None,
            already_there=self._already_there(state),
            extra_files=sum(
                extra.reason in _TOLD_EXTRAS for pack in self._look.pack_maps.values() for extra in pack.extras
            ),
            shoko_jobs=jobs[0].total if jobs and jobs[0] is not None else None,
            quality=quality_of(self._units[0]) if self._tracked.is_movie and self._units else None,
        )

    def _has_no_episodes(self) -> bool:
        return self._arr is not None and self._one is not None and not self._arr.episodes.get(self._one.id)

    def _phrases(self, state: State, told: Told) -> tuple[Phrase, ...]:
        request = self._tracked.request
        prefix = (Phrase(code=Clause.FOUR_K),) if self._is_4k() else ()
        match state:
            case State.REQUESTED:
                who = request.requested_by if request is not None else self._known.requested_by if self._known else None
                asked_at = self._requested_at()
                age = (Phrase(code=Clause.AGE, at=asked_at),) if asked_at is not None else ()
                return (*prefix, Phrase(code=Clause.REQUESTED, text=who), Phrase(code=Clause.AWAITING_APPROVAL), *age)
            case State.DECLINED:
                return (
                    *prefix,
                    Phrase(code=Clause.DECLINED, text=request.modified_by if request is not None else None),
                )
            case State.REMOVED:
                where = Kind(self._ending.removed_from).title if self._ending.removed_from else None
                return (*prefix, Phrase(code=Clause.REMOVED, text=where, at=self._ending.closed_at))
            case State.FAILED if not self._units:
                return (
                    *prefix,
                    Phrase(code=Clause.FAILED, text=request.failure_reason if request is not None else None),
                )
        return prefix + summarise(told)

    def _already_there(self, state: State) -> bool:
        """Return whether it was playable in the first look after the request, from a file older than it (C11)."""
        if self._known is not None:
            return self._known.already_there and state is State.AVAILABLE
        asked_at = self._tracked.request.created_at if self._tracked.request is not None else None
        if state is not State.AVAILABLE or asked_at is None:
            return False
        return all(unit.verdict.at is None or unit.verdict.at < asked_at for unit in self._counted_units())

    def _closed_at(self, state: State, available_at: datetime | None) -> datetime | None:
        if state is State.AVAILABLE:
            asked_at = self._tracked.request.created_at if self._tracked.request is not None else None
            return max((at for at in (available_at, asked_at) if at is not None), default=self._now)
        return (self._ending.closed_at or self._now) if state in SETTLED else None

    # --- the row -----------------------------------------------------------------------------------------------

    def _row(
        self, state: State, told: Told, rows: Sequence[EpisodeRow], events: tuple[TimelineEntry, ...]
    ) -> RequestRow:
        known, tracked = self._known, self._tracked
        request, title, one = tracked.request, tracked.title, self._one
        units = self._units
        attention = self._attention(state, rows)
        is_movie = tracked.is_movie
        ready_times = [
            at
            for unit, is_counted in zip(units, self._counted, strict=True)
            if is_counted and (at := ready_at(unit.verdict, unit.memory, self._now)) is not None
        ]
        stale = self._stale(state)
        per_season = {
            number: max(
                (row.attention for row in rows if row.season == number),
                default=Attention.NONE,
            )
            for number in {row.season for row in rows}
        }
        series = one if isinstance(one, Series) else None
        return RequestRow(
            id=tracked.id,
            title=self._title(),
            state=state,
            original_title=self._original_title(),
            titles=self._titles(),
            year=(one.year if one else None) or (title.year if title else None) or (known.year if known else None),
            is_movie=is_movie,
            is_4k=self._is_4k(),
            anime=self._anime(),
            partial=0 < told.ready < told.total and not is_movie,
            attention=attention,
            phrases=self._phrases(state, told),
            progress=told.transfer.progress if state is not State.AVAILABLE else 1.0,
            ready=told.ready,
            total=told.total,
            counts=count_states(unit.verdict.state for unit in told.units),
            size_bytes=told.transfer.size_bytes,
            speed_bytes_s=told.transfer.speed_bytes_s if state is State.DOWNLOADING else None,
            eta_s=told.transfer.eta_s if state is State.DOWNLOADING else None,
            flags=self._flags(state, rows, bool(stale)),
            requested_by=request.requested_by if request else known.requested_by if known else None,
            requested_at=self._requested_at(),
            seasons_requested=tracked.seasons or (),
            instance=tracked.instance,
            ids=ids_of(
                units,
                tmdb=(request.tmdb_id if request else None) or (one.tmdb_id if one else None),
                tvdb=(series.tvdb_id if series else None) or (request.tvdb_id if request else None),
                imdb=(one.imdb_id if one else None) or (request.imdb_id if request else None),
                place=tracked.instance if one is not None else None,
                entry_id=tracked.entry_id,
                known=known.ids if known is not None else RequestIds(),
            ),
            quality=quality_of(units[0]) if is_movie and units else None,
            torrents=tuple(dict.fromkeys(key for unit in units for key in torrents_of(unit))),
            seasons=() if is_movie else season_rows(list(zip(units, rows, strict=True)), told, per_season),
            releases=releases_of(units, self._look.pack_maps),
            timeline=events,
            since=self._since(state),
            available_at=max(ready_times, default=None) if state is State.AVAILABLE else None,
        )

    def _attention(self, state: State, rows: Sequence[EpisodeRow]) -> Attention:
        if state in {State.DECLINED, State.REMOVED}:
            return Attention.NONE
        if state is State.FAILED and not rows:
            return Attention.ERROR
        if state is State.REQUESTED or not any(self._counted):
            calm = state is State.AVAILABLE or (bool(rows) and self._one is not None)
            return Attention.NONE if calm else Attention.WAIT
        return max((row.attention for row in rows), default=Attention.WAIT)

    def _since(self, state: State) -> datetime | None:
        known = self._known
        if known is not None and known.state is state:
            return known.since
        times = [
            since_of(unit.verdict, unit.memory, self._now)
            for unit in self._counted_units()
            if unit.verdict.state is state or (state is State.APPROVED and unit.verdict.state is State.PENDING)
        ]
        if times:
            return max(times) if state is State.AVAILABLE else min(times)
        return self._ending.closed_at or self._requested_at() or self._now

    def _title(self) -> SafeText:
        title, request = self._tracked.title, self._tracked.request
        if self._one is not None:
            return self._one.title
        if title is not None and title.title is not None:
            return title.title
        if self._known is not None:
            return self._known.title
        if request is not None and request.slug is not None and not request.slug.isdigit():
            return clean(request.slug.replace("-", " ").title())
        return clean(f"TMDB {request.tmdb_id}" if request is not None and request.tmdb_id else self._tracked.id)

    def _original_title(self) -> SafeText | None:
        original = self._one.original_title if isinstance(self._one, Movie) else None
        if original is None and self._tracked.title is not None:
            original = self._tracked.title.original_title
        if original is None and self._known is not None:
            original = self._known.original_title
        return original if original != self._title() else None

    def _titles(self) -> tuple[SafeText, ...]:
        """Return every title it is known by, Jellyfin's included."""
        found: list[SafeText] = [self._title()]
        if (original := self._original_title()) is not None:
            found.append(original)
        if self._one is not None:
            found += self._one.titles
        elif self._known is not None:
            found += self._known.titles
        for unit in self._units:
            item = unit.jellyfin.found.item if unit.jellyfin is not None else None
            name = None if item is None else item.series_name if unit.episode is not None else item.name
            if name is not None:
                found.append(name)
        return tuple(dict.fromkeys(found))

    def _is_4k(self) -> bool:
        request = self._tracked.request
        return request.is_4k if request is not None else self._known.is_4k if self._known is not None else False

    def _requested_at(self) -> datetime | None:
        request = self._tracked.request
        if request is not None and request.created_at is not None:
            return request.created_at
        if self._known is not None and self._known.requested_at is not None:
            return self._known.requested_at
        return self._one.added_at if self._one is not None else None

    def _anime(self) -> bool | None:
        if any(unit.route is Route.ANIME for unit in self._units):
            return True
        if self._arr is not None and self._one is not None:
            if not self._facts.shokos:
                return hinted(self._facts, self._arr, self._one)
            return route_of(self._facts, self._look.places, self._arr, self._one, None) is Route.ANIME
        if self._known is not None:
            return self._known.anime
        return self._tracked.title.anime_keyword if self._tracked.title is not None else None

    # --- marks -------------------------------------------------------------------------------------------------

    def _pipeline(self) -> list[InstanceRef]:
        refs = [self._tracked.instance] if self._tracked.instance is not None else []
        if self._tracked.seerr is not None:
            refs.append(self._tracked.seerr)
        in_flight = {unit.verdict.state for unit in self._units}
        if in_flight & {State.GRABBING, State.DOWNLOADING, State.DOWNLOADED}:
            refs += self._facts.clients
        if in_flight & {State.ANIME_MATCHING, State.MATCH_FAILED}:
            refs += self._facts.shokos
            self._look.reads.update(shoko_work(ref) for ref in self._facts.shokos)
        if in_flight & {State.IMPORTING, State.ANIME_MATCHING, State.AVAILABLE}:
            refs += self._facts.jellyfins
        if in_flight & {State.IMPORTING, State.ANIME_MATCHING}:
            self._look.reads.update(("jellyfin-work", ref) for ref in self._facts.jellyfins)
        return refs

    def _stale(self, state: State) -> frozenset[InstanceRef]:
        if state in SETTLED:
            return frozenset()
        services = self._facts.services
        return frozenset(ref for ref in self._pipeline() if services[ref].stale(self._now))

    def _flags(self, state: State, rows: Sequence[EpisodeRow], stale: bool) -> tuple[Flag, ...]:
        found = {flag for row in rows for flag in row.flags if flag is not Flag.EXTRA} | set(self._ending.flags)
        if self._tracked.request is None and self._tracked.seerr is not None and not self._ending.gone:
            found.add(Flag.RESTORED)
        if stale:
            found.add(Flag.STALE)
        if state in {State.DECLINED, State.REMOVED}:
            found &= {Flag.RESTORED, Flag.STALE}
        return tuple(flag for flag in Flag if flag in found)

    def _awaited(self) -> frozenset[Kind]:
        """Return the services that have not answered while remembered states are shown."""
        if not any(Flag.RESTORED in unit.verdict.flags for unit in self._units):
            return frozenset()
        return frozenset(ref.kind for ref, one in self._facts.services.items() if one.last_ok_at is None)

    def _library(self) -> str | None:
        """Return the Jellyfin library that holds its items."""
        for unit in self._units:
            item = unit.jellyfin.found.item if unit.jellyfin is not None else None
            if item is None or item.path is None or unit.jellyfin is None:
                continue
            place = segments(item.path)
            for library in self._facts.jellyfins[unit.jellyfin.ref].libraries or ():
                if any(starts_with(place, segments(location)) for location in library.locations):
                    return library.id or library.name
        return None

    def _commands(self) -> tuple[Command, ...]:
        if self._arr is None or self._tracked.entry_id is None:
            return ()
        return self._arr.commands_of.get(self._tracked.entry_id, ())

    def _minutes(self, row: RequestRow) -> list[datetime]:
        """Return when the words of the summary that count time will change."""
        return [at for phrase in row.phrases if (at := _next_word(phrase, self._now)) is not None]

    # --- memory ------------------------------------------------------------------------------------------------

    def _episode_memories(self) -> list[EpisodeMemory]:
        return [
            episode_memory(one, is_counted, quality_of(one.unit), self._now)
            for one, is_counted in zip(self._seen, self._counted, strict=True)
        ]

    def _shown_units(self, rows: Sequence[EpisodeRow]) -> tuple[Unit, ...]:
        if self._tracked.is_movie:
            return tuple(self._units)
        return tuple(
            Unit(
                verdict=unit.verdict,
                row=row,
                episode=unit.episode,
                file=unit.file,
                history=unit.history,
                downloads=unit.downloads,
                route=unit.route,
                shoko=unit.shoko,
                jellyfin=unit.jellyfin,
                memory=unit.memory,
            )
            for unit, row in zip(self._units, rows, strict=True)
        )

    def _timeline(self, state: State) -> tuple[TimelineEntry, ...]:
        known = self._known.timeline if self._known is not None else ()
        request, asked_at = self._tracked.request, self._requested_at()
        if request is None and self._tracked.seerr is None:
            asked_at = None
        arr = Kind.RADARR if self._tracked.is_movie else Kind.SONARR
        is_movie = self._tracked.is_movie
        fresh: list[TimelineEntry] = []
        fresh += self._request_events(state)
        if not self._already_there(state):
            fresh += timeline.of_history(self._units, arr, asked_at, is_movie=is_movie)
            fresh += timeline.of_files(self._units, arr, asked_at, is_movie=is_movie)
            fresh += timeline.of_clients(self._units, asked_at)
            fresh += timeline.of_shoko(self._units, asked_at, is_movie=is_movie)
        seen = [
            at
            for unit, is_counted in zip(self._units, self._counted, strict=True)
            if is_counted
            and witnessed(unit.verdict, unit.memory)
            and (at := ready_at(unit.verdict, unit.memory, self._now)) is not None
        ]
        if not self._already_there(state):
            fresh += timeline.of_jellyfin(seen, is_movie=is_movie)
        if any(one.text == "Searched" for one in fresh):
            known = tuple(one for one in known if one.text != "Searched")
        return timeline.merged(known, fresh)

    def _request_events(self, state: State) -> list[TimelineEntry]:
        request, known, one = self._tracked.request, self._known, self._one
        arr = Kind.RADARR if self._tracked.is_movie else Kind.SONARR
        events: list[TimelineEntry] = []
        if request is not None and request.created_at is not None:
            who = f" by {request.requested_by}" if request.requested_by else ""
            events.append(
                TimelineEntry(at=request.created_at, state=State.REQUESTED, service=Kind.SEERR, text=f"Requested{who}")
            )
            approved = known is not None and known.state is State.REQUESTED and state is not State.REQUESTED
            if approved and state is not State.DECLINED:
                at = request.updated_at if request.updated_at and request.updated_at > request.created_at else self._now
                by = f" by {request.modified_by}" if request.modified_by else ""
                events.append(TimelineEntry(at=at, state=State.APPROVED, service=Kind.SEERR, text=f"Approved{by}"))
        if state is State.DECLINED and self._ending.closed_at is not None:
            by = f" by {request.modified_by}" if request is not None and request.modified_by else ""
            events.append(
                TimelineEntry(at=self._ending.closed_at, state=state, service=Kind.SEERR, text=f"Declined{by}")
            )
        if state is State.REMOVED and self._ending.closed_at is not None and self._ending.removed_from is not None:
            kind = Kind(self._ending.removed_from)
            events.append(
                TimelineEntry(at=self._ending.closed_at, state=state, service=kind, text=f"Removed from {kind.title}")
            )
        asked_at = request.created_at if request is not None else None
        added = one.added_at if one is not None else None
        if added is not None and (asked_at is None or added >= asked_at - timeline.SKEW):
            events.append(TimelineEntry(at=added, state=State.APPROVED, service=arr, text=f"Added to {arr.title}"))
        return events + self._search_events(arr, asked_at) + self._loss_events()

    def _search_events(self, arr: Kind, asked_at: datetime | None) -> list[TimelineEntry]:
        times = [unit.episode.last_search_at for unit in self._counted_units() if unit.episode is not None]
        if isinstance(self._one, Movie):
            times.append(self._one.last_search_at)
        last = max((at for at in times if at is not None), default=None)
        if last is None or (asked_at is not None and last < asked_at - timeline.SKEW):
            return []
        return [TimelineEntry(at=last, state=State.PENDING, service=arr, text="Searched")]

    def _loss_events(self) -> list[TimelineEntry]:
        """Return the entry of a download whose absence was confirmed just now."""
        lost = [
            gone.since
            for unit in self._units
            if unit.verdict.step is Step.REMOVED and unit.memory is not None
            for gone in unit.memory.gone
            if gone.fact == "torrent"
        ]
        if not lost:
            return []
        text = f"Download disappeared from {Kind.QBITTORRENT.title}"
        return [TimelineEntry(at=min(lost), state=State.PENDING, service=Kind.QBITTORRENT, text=text)]


_COUNTS_MINUTES = {Clause.AGE, Clause.IMPORTED_AT, Clause.NOT_IN_JELLYFIN_SINCE}


def _next_word(phrase: Phrase, now: datetime) -> datetime | None:
    """Return when a phrase that counts time reads differently: at the next minute, later the next hour."""
    if phrase.code not in _COUNTS_MINUTES or phrase.at is None:
        return None
    age = now - phrase.at
    unit = timedelta(minutes=1) if age < timedelta(hours=2) else timedelta(hours=1)
    return phrase.at + unit * (age // unit + 1)

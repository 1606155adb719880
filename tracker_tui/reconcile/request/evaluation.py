"""What is made of one look at a request: states, headline, summary, row, memory and wants."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tracker_tui.model.arr import Movie, Series
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.seerr import SeerrStatus
from tracker_tui.model.states import SETTLED, Attention, State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import Phrase, RequestIds, RequestRow, SeasonRow, TimelineEntry
from tracker_tui.reconcile.case import Case, Route, Seen
from tracker_tui.reconcile.facts.subjects import (
    Subject,
    torrent_life,
)
from tracker_tui.reconcile.joins.pack import ExtraReason
from tracker_tui.reconcile.memory import EpisodeMemory, RequestMemory
from tracker_tui.reconcile.remember import episode_memory, ready_at, request_memory, since_of
from tracker_tui.reconcile.request.chronicle import chronicle
from tracker_tui.reconcile.request.marks import awaited_services, flags_of_request, pipeline_of, stale_services
from tracker_tui.reconcile.request.moments import next_words, turning_points
from tracker_tui.reconcile.request.portrait import (
    is_4k,
    is_anime,
    library_of,
    original_title_of,
    requested_at,
    title_of,
    titles_of,
)
from tracker_tui.reconcile.request.rollup import count_states, headline, transfer_of, watchable_in
from tracker_tui.reconcile.request.rows import (
    Dated,
    as_removed,
    episode_row,
    ids_of,
    moved_row,
    next_air,
    quality_of,
    releases_of,
    season_rows,
)
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.request.summary import Told, summarise
from tracker_tui.reconcile.unit.shelf import Shown
from tracker_tui.reconcile.wants import Wants, wants_of

_TOLD_EXTRAS = {ExtraReason.OTHER_SEASON, ExtraReason.OTHER_EPISODE, ExtraReason.SPECIAL}


class Evaluation(Fact):
    """The result for one request: what to show, to remember, to ask, and which subjects it was read from.

    `moved` = against the last one only the numbers of its downloads are new.
    """

    case: Case
    reads: frozenset[Subject]
    wants: Wants
    next_at: datetime | None = None
    moved: bool = False


def begun(memory: RequestMemory) -> datetime:
    """Return when a request was made, as far as is known."""
    return memory.requested_at or memory.first_seen_at


class Assessment:
    """What is made of one sight; the steps share too much to hand around."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._facts = sight.facts
        pipeline = pipeline_of(sight)
        self._dated = [self._row_of(one, is_counted) for one, is_counted in zip(sight.seen, sight.counted, strict=True)]
        self._rows = [one.row for one in self._dated]
        self._state = self._state_now()
        self._already_there = self._was_already_there()
        self._stale = stale_services(sight, pipeline, self._state)
        self._told = self._what_to_tell()
        self._result: Evaluation | None = None

    @property
    def known(self) -> RequestMemory | None:
        """Return the memory of the request that it was made with."""
        return self._sight.known

    def result(self) -> Evaluation:
        """Return the whole evaluation."""
        sight = self._sight
        row = self._row(chronicle(sight, self._state, already_there=self._already_there))
        row = as_removed(row) if self._state is State.REMOVED else row
        if self._state is State.DECLINED:
            row = replace(row, progress=None, speed_bytes_s=None, eta_s=None)
        memory = request_memory(
            row,
            sight.known,
            self._episode_memories(),
            sight.now,
            gone=sight.ending.gone,
            closed_at=self._closed_at(row.available_at),
            removed_from=sight.ending.removed_from if self._state is State.REMOVED else None,
            library=library_of(sight),
            already_there=self._already_there,
            entry_id=sight.tracked.entry_id if sight.one is not None else None,
            decided_by=self._decided_by(),
        )
        raises = [one.raises_at for one in self._dated if one.raises_at is not None]
        times = (*sight.look.until, *raises, *next_words(row.phrases, sight.now), *turning_points(sight))
        next_at = min((at for at in times if at > sight.now), default=None)
        case = self._case(row, memory)
        wants = wants_of(case, sight)
        self._result = Evaluation(case=case, reads=frozenset(sight.look.reads), wants=wants, next_at=next_at)
        return self._result

    def moved(self, now: datetime) -> Evaluation | None:
        """Return the evaluation with the present numbers of its downloads; None where more than those is new."""
        sight, before = self._sight, self._result
        places = self._places_aloft()
        fresh = sight.look.flight.moved(now)
        if fresh is None or before is None:
            return None
        sight.move(now, {places[aloft]: seen for aloft, seen in fresh.items()})
        units = list(before.case.units)
        for aloft, seen in fresh.items():
            at = places[aloft]
            self._dated[at] = moved_row(self._dated[at], seen.unit)
            self._rows[at] = self._dated[at].row
            units[at] = seen.unit if sight.is_movie else replace(seen.unit, row=self._rows[at])
        counted_units = tuple(sight.counted_units)
        self._told = replace(self._told, now=now, units=counted_units, transfer=transfer_of(counted_units))
        stirred = {seen.season for seen in fresh.values()}
        unmoved = {part.number: part for part in before.case.row.seasons if part.number not in stirred}
        row = replace(before.case.row, **self._numbers(unmoved))
        packs = dict(sight.look.flight.pack_maps)
        case = replace(before.case, row=row, now=now, units=tuple(units), packs=packs)
        self._result = replace(before, case=case, moved=True)
        return self._result

    def _places_aloft(self) -> list[int]:
        """Return where the units aloft stand among all units."""
        places = {id(seen): place for place, seen in enumerate(self._sight.seen)}
        return [places[id(aloft.seen)] for aloft in self._sight.look.flight.units]

    def _case(self, row: RequestRow, memory: RequestMemory) -> Case:
        sight, number = self._sight, self._sight.tracked.entry_id
        arr = sight.arr if number is not None else None
        units = sight.units
        if not sight.is_movie:
            units = [replace(unit, row=shown) for unit, shown in zip(units, self._rows, strict=True)]
        return Case(
            id=sight.tracked.id,
            row=row,
            now=sight.now,
            memory=memory,
            request=sight.tracked.request,
            title=sight.tracked.title,
            instance=sight.tracked.instance,
            series=sight.one if isinstance(sight.one, Series) else None,
            movie=sight.one if isinstance(sight.one, Movie) else None,
            units=tuple(units),
            route=Route.ANIME if row.anime else Route.REGULAR,
            queue=arr.queue_of(number) if arr is not None and number is not None else (),
            commands=arr.commands_of.get(number, ()) if arr is not None and number is not None else (),
            entry_known=sight.entry_known,
            details_at=arr.details_at.get(number) if arr is not None and number is not None else None,
            packs=dict(sight.look.flight.pack_maps),
            earlier=sight.earlier,
            earlier_in_client=self._earlier_in_client(),
            stale=self._stale,
            awaited=awaited_services(sight),
        )

    def _earlier_in_client(self) -> tuple[tuple[InstanceRef, str], ...]:
        earlier = self._sight.earlier
        keys = earlier.torrents if earlier is not None else ()
        self._sight.look.reads.update(torrent_life(key) for key in keys)
        return tuple((found[0].ref, key) for key in keys if (found := self._facts.torrents.find(key)))

    # --- state -------------------------------------------------------------------------------------------------

    def _state_now(self) -> State:
        sight = self._sight
        if sight.ending.state is not None:
            return sight.ending.state
        state = headline([unit.verdict.state for unit in sight.counted_units])
        request = sight.tracked.request
        if request is None:
            untold = sight.known is not None and not sight.units and sight.tracked.seerr is not None
            return sight.known.state if untold and sight.known is not None else state
        if state is State.APPROVED and request.status == SeerrStatus.PENDING:
            return State.REQUESTED
        if state is State.APPROVED and request.status == SeerrStatus.FAILED and sight.one is None:
            return State.FAILED
        return state

    def _was_already_there(self) -> bool:
        """Return whether it was playable before anybody looked for it, from files older than the request (C11).

        In whatever order the services answered: what Jellyfin was asked for in vain was not there, and what Sonarr or
        Radarr did since was needed.
        """
        sight = self._sight
        if self._state is not State.AVAILABLE or sight.asked_at is None:
            return False
        if any(event.at >= sight.asked_at for unit in sight.units for event in unit.history):
            return False
        if sight.known is not None and sight.known.state is State.AVAILABLE:
            return sight.known.already_there
        if any(unit.verdict.state is State.UNAIRED for unit in sight.units):
            return False  # there is more to come
        if any(unit.memory is not None and (unit.memory.missed or unit.memory.witnessed) for unit in sight.units):
            return False
        unknown_counts = sight.known is None
        times = [unit.verdict.at for unit in sight.counted_units]
        return all(unknown_counts if at is None else at < sight.asked_at for at in times)

    def _closed_at(self, available_at: datetime | None) -> datetime | None:
        if self._state is State.AVAILABLE:
            times = [at for at in (available_at, self._sight.asked_at) if at is not None]
            return max(times, default=self._sight.now)
        return (self._sight.ending.closed_at or self._sight.now) if self._state in SETTLED else None

    def _since(self) -> datetime | None:
        sight = self._sight
        if sight.known is not None and sight.known.state is self._state:
            return sight.known.since
        same = {State.APPROVED, State.PENDING} if self._state is State.APPROVED else {self._state}
        times = [
            since_of(unit.verdict, unit.memory, sight.now) for unit in sight.counted_units if unit.verdict.state in same
        ]
        if times:
            return max(times) if self._state is State.AVAILABLE else min(times)
        return sight.ending.closed_at or requested_at(sight) or sight.now

    def _attention(self) -> Attention:
        if self._state in {State.DECLINED, State.REMOVED}:
            return Attention.NONE
        if self._state is State.FAILED and not self._rows:
            return Attention.ERROR
        if self._state is State.REQUESTED or not any(self._sight.counted):
            calm = self._state is State.AVAILABLE or (bool(self._rows) and self._sight.one is not None)
            return Attention.NONE if calm else Attention.WAIT
        return max((row.attention for row in self._rows), default=Attention.WAIT)

    # --- words -------------------------------------------------------------------------------------------------

    def _what_to_tell(self) -> Told:
        sight, one = self._sight, self._sight.one
        counted_units = tuple(sight.counted_units)
        upcoming = [row for row in self._rows if row.state is State.UNAIRED and row.season != 0]
        queues = [ledger.state.queue for ledger in self._facts.shokos.values() if ledger.state is not None]
        packs = sight.look.flight.pack_maps.values()
        return Told(
            state=self._state,
            is_movie=sight.is_movie,
            units=counted_units,
            transfer=transfer_of(counted_units),
            arr=sight.kind.title,
            now=sight.now,
            thresholds=self._facts.setup.thresholds,
            upcoming=len(upcoming),
            next_at=one.release_at if isinstance(one, Movie) else next_air(upcoming, sight.now),
            entry_known=sight.entry_known,
            no_episodes=isinstance(one, Series) and not sight.seen and self._lacks_episodes(one),
            added_at=one.added_at if one is not None and sight.tracked.seerr is None else None,
            requested_before=begun(sight.earlier) if sight.earlier is not None else None,
            already_there=self._already_there,
            extra_files=sum(extra.reason in _TOLD_EXTRAS for pack in packs for extra in pack.extras),
            shoko_jobs=queues[0].total if queues and queues[0] is not None else None,
            quality=quality_of(sight.units[0]) if sight.is_movie and sight.units else None,
        )

    def _lacks_episodes(self, series: Series) -> bool:
        arr = self._sight.arr
        return arr is not None and series.id in arr.details_at and not arr.episodes.get(series.id)

    def _phrases(self) -> tuple[Phrase, ...]:
        sight, request = self._sight, self._sight.tracked.request
        prefix = (Phrase(code=Clause.FOUR_K),) if is_4k(sight) else ()
        match self._state:
            case State.REQUESTED:
                who = request.requested_by if request is not None else sight.known.requested_by if sight.known else None
                asked_at = requested_at(sight)
                age = (Phrase(code=Clause.AGE, at=asked_at),) if asked_at is not None else ()
                return (*prefix, Phrase(code=Clause.REQUESTED, text=who), Phrase(code=Clause.AWAITING_APPROVAL), *age)
            case State.DECLINED:
                return (*prefix, Phrase(code=Clause.DECLINED, text=self._decided_by()))
            case State.REMOVED:
                where = Kind(sight.ending.removed_from).title if sight.ending.removed_from else None
                return (*prefix, Phrase(code=Clause.REMOVED, text=where, at=sight.ending.closed_at))
            case State.FAILED if not sight.units:
                why = request.failure_reason if request is not None else None
                return (*prefix, Phrase(code=Clause.FAILED, text=why))
        return prefix + summarise(self._told)

    def _decided_by(self) -> SafeText | None:
        """Return who declined it; Seerr says so only while the request exists."""
        if self._state is not State.DECLINED:
            return None
        request, known = self._sight.tracked.request, self._sight.known
        return request.modified_by if request is not None else known.decided_by if known is not None else None

    # --- the row -----------------------------------------------------------------------------------------------

    def _numbers(self, unmoved: Mapping[int, SeasonRow]) -> dict[str, Any]:
        """Return the fields of the row that follow the bytes of its downloads; `unmoved` = seasons without any."""
        sight, told, state = self._sight, self._told, self._state
        transfer = told.transfer
        pairs = list(zip(sight.units, self._rows, strict=True))
        return {
            "phrases": self._phrases(),
            "progress": transfer.progress if state is not State.AVAILABLE else 1.0,
            "size_bytes": transfer.size_bytes,
            "speed_bytes_s": transfer.speed_bytes_s if state is State.DOWNLOADING else None,
            "eta_s": transfer.eta_s if state is State.DOWNLOADING else None,
            "eta_watchable_s": watchable_in(told.units, jellyfin=bool(self._facts.jellyfins)),
            "seasons": () if sight.is_movie else season_rows(pairs, told, unmoved),
            "releases": releases_of(sight.units, sight.look.flight.pack_maps),
        }

    def _row(self, events: tuple[TimelineEntry, ...]) -> RequestRow:
        sight, state, told = self._sight, self._state, self._told
        known, tracked, one, units = sight.known, sight.tracked, sight.one, sight.units
        request, title = tracked.request, tracked.title
        return RequestRow(
            id=tracked.id,
            title=title_of(sight),
            state=state,
            original_title=original_title_of(sight),
            titles=titles_of(sight),
            year=(one.year if one else None) or (title.year if title else None) or (known.year if known else None),
            is_movie=sight.is_movie,
            is_4k=is_4k(sight),
            anime=is_anime(sight),
            partial=0 < told.ready < told.total and not sight.is_movie,
            attention=self._attention(),
            ready=told.ready,
            total=told.total,
            counts=count_states(unit.verdict.state for unit in told.units),
            flags=flags_of_request(sight, self._rows, state, stale=bool(self._stale)),
            requested_by=request.requested_by if request else known.requested_by if known else None,
            requested_at=requested_at(sight),
            seasons_requested=tracked.seasons or (),
            instance=tracked.instance,
            ids=ids_of(
                units,
                tmdb=(request.tmdb_id if request else None) or (one.tmdb_id if one else None),
                tvdb=(one.tvdb_id if isinstance(one, Series) else None) or (request.tvdb_id if request else None),
                imdb=(one.imdb_id if one else None) or (request.imdb_id if request else None),
                place=tracked.instance if one is not None else None,
                entry_id=tracked.entry_id,
                known=known.ids if known is not None else RequestIds(),
            ),
            quality=quality_of(units[0]) if sight.is_movie and units else None,
            torrents=tuple(dict.fromkeys(key for row in self._rows for key in row.torrents)),
            timeline=events,
            since=self._since(),
            available_at=self._available_at(),
            **self._numbers({}),
        )

    def _available_at(self) -> datetime | None:
        if self._state is not State.AVAILABLE:
            return None
        times = [ready_at(unit.verdict, unit.memory, self._sight.now) for unit in self._sight.counted_units]
        return max((at for at in times if at is not None), default=None)

    def _row_of(self, seen: Seen, is_counted: bool) -> Dated:
        """Return the row of a unit; a unit at rest keeps its row until time raises its attention."""
        kept = self._sight.look.shelf.shown.get((seen.season, seen.number))
        if kept is not None and kept.fits(seen, is_counted, self._sight.now):
            return kept.dated
        return episode_row(seen, is_counted, self._facts.setup.thresholds, self._sight.now)

    # --- memory ------------------------------------------------------------------------------------------------

    def _episode_memories(self) -> list[EpisodeMemory]:
        sight, shown = self._sight, self._sight.look.shelf.shown
        memories: list[EpisodeMemory] = []
        for one, is_counted, dated in zip(sight.seen, sight.counted, self._dated, strict=True):
            place = (one.season, one.number)
            kept = shown.get(place)
            if kept is None or kept.dated is not dated:
                memory = episode_memory(one, is_counted, quality_of(one.unit), sight.now)
                kept = shown[place] = Shown(seen=one, counted=is_counted, dated=dated, memory=memory)
            memories.append(kept.memory)
        return memories

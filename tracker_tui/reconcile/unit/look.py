"""One look at a request: join what is known about its episodes or its film, climb, hold."""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.arr import Command, Episode, Movie, Series
from tracker_tui.model.states import Flag, ServiceStatus, State
from tracker_tui.reconcile.case import Download, Seen, Unit
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import Subject, answer, torrent, torrent_life
from tracker_tui.reconcile.joins.packs import PackCache
from tracker_tui.reconcile.memory import EpisodeMemory, RequestMemory
from tracker_tui.reconcile.remember import restored
from tracker_tui.reconcile.request.scope import Scope, idle, listed, scope_of
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.unit.absences import Absences
from tracker_tui.reconcile.unit.downloads import GRAB_SHOWS_WITHIN, Presence, downloads_of, grabbed_at, presence_of
from tracker_tui.reconcile.unit.findings import Places, episode_rivals, film_rivals, rivals_of
from tracker_tui.reconcile.unit.flight import Aloft, Flight, Mapped
from tracker_tui.reconcile.unit.hold import Held, hold
from tracker_tui.reconcile.unit.joint import Joint, by_episode, covers, records_by_episode, searches
from tracker_tui.reconcile.unit.ladder import Rungs, climb
from tracker_tui.reconcile.unit.shelf import Findings, KeptUnit, Shelf
from tracker_tui.reconcile.unit.verdict import Step
from tracker_tui.reconcile.unit.whereabouts import Whereabouts


class Look:
    """Gathers the units of one request; `reads` and `until` tell when it must be taken again."""

    def __init__(
        self,
        facts: Facts,
        places: Places,
        packs: PackCache,
        tracked: Tracked,
        memory: RequestMemory | None,
        *,
        progress: Mapping[tuple[int, int], float],
        shelf: Shelf,
        now: datetime,
    ) -> None:
        self.facts, self.places, self.tracked, self.memory, self.now = facts, places, tracked, memory, now
        self.shelf = shelf
        self._packs = packs
        self._progress = progress
        self._remembered = {(one.season, one.number): one for one in memory.episodes} if memory is not None else {}
        self.reads: set[Subject] = set()
        self.until: list[datetime] = []
        self.flight = Flight(facts, packs)
        self._presences: dict[str, Presence] = {}

    # --- one request -------------------------------------------------------------------------------------------

    def film(self, arr: ArrFacts, movie: Movie) -> list[Seen]:
        """Return the film as its only unit."""
        history = arr.history.of(movie.id)
        records = arr.queue_of(movie.id)
        downloads = downloads_of(history, records, self.facts.torrents)
        step = (
            Step.UPCOMING
            if movie.is_available is False
            else Step.UNMONITORED
            if movie.monitored is False
            else Step.WANTED
        )
        searching = min(
            (self._started(one) for one in arr.commands_of.get(movie.id, ()) if searches(one)), default=None
        )
        joint = Joint(
            has_file=bool(movie.has_file),
            file=movie.file,
            history=tuple(history),
            downloads=downloads,
            idle=(State.APPROVED, step),
            since=self._since(movie.added_at),
            searching=searching,
            rivals=film_rivals(self.facts, arr, movie, self.reads),
        )
        return [self._unit(arr, movie, None, joint, self._whereabouts(arr, movie))]

    def series(self, arr: ArrFacts, series: Series) -> tuple[Scope, list[Seen]]:
        """Return the scope of the request and its units; those at rest come from the shelf."""
        episodes = arr.episodes.get(series.id, {})
        scope = scope_of(series, episodes.values(), self.tracked.seasons)
        rivals = rivals_of(self.facts, arr, series, self.reads)
        kept = self.shelf.open(self._stamp(arr, series)) and not rivals
        if not kept:
            self.shelf.history = by_episode(arr.history.of(series.id))
            self.shelf.records = records_by_episode(arr.queue_of(series.id), self.shelf.history)
        self.flight.mapped = {}
        joined = self._join(arr, series)
        coming = [number for number, downloads in joined.items() if any(one.live for one in downloads)]
        files = arr.files.get(series.id, {})
        running = [one for one in arr.commands_of.get(series.id, ()) if searches(one)]
        whereabouts = self._whereabouts(arr, series)
        self.reads |= whereabouts.reads
        seen: list[Seen] = []
        for episode in listed(scope, episodes, coming):
            state = idle(scope, series, episode, self.now)
            if state[0] is State.UNAIRED and episode.air_at is not None:
                self.until.append(episode.air_at)
            at_rest = self._at_rest(episode, state) if kept else None
            if at_rest is not None:
                seen.append(at_rest)
                continue
            covering = (
                [self._started(one) for one in running if covers(one, episode)] if state[0] is State.PENDING else []
            )
            joint = Joint(
                has_file=episode.has_file,
                file=files.get(episode.file_id) if episode.file_id is not None else None,
                history=tuple(self.shelf.history.get(episode.id, ())),
                downloads=joined.get(episode.id, ()),
                idle=state,
                since=self._since(episode.air_at, series.added_at) if not episode.has_file else None,
                searching=min(covering, default=None),
                rivals=episode_rivals(self.facts, rivals, episode),
            )
            seen.append(self._unit(arr, series, episode, joint, whereabouts))
        if series.id in arr.unread:
            seen += self._untold(seen)
        return scope, seen

    def _untold(self, seen: list[Seen]) -> list[Seen]:
        """Return what is remembered of episodes whose records could not be decoded: they exist all the same."""
        told = {(one.season, one.number) for one in seen}
        return [one for one in self.remembered() if (one.season, one.number) not in told]

    def _stamp(self, arr: ArrFacts, series: Series) -> object:
        """Return what units at rest rest on, besides their own memory and the time."""
        statuses = tuple(known.status for known in self.facts.services.values())
        shokos = tuple(ledger.revision for ledger in self.facts.shokos.values())
        jellyfins = tuple(ledger.revision for ledger in self.facts.jellyfins.values())
        lives = sum(ledger.lives for ledger in self.facts.clients.values())
        return arr.revision.get(series.id), statuses, shokos, jellyfins, lives, self.places.revision, self.tracked

    def _join(self, arr: ArrFacts, series: Series) -> dict[int, tuple[Download, ...]]:
        """Return the downloads per episode; those of episodes without a live one stay as they were."""
        history, records, quiet = self.shelf.history, self.shelf.records, self.shelf.quiet
        joined: dict[int, tuple[Download, ...]] = {}
        for number in history.keys() | records.keys():
            known = quiet.get(number)
            if known is None:
                known = downloads_of(history.get(number, ()), records.get(number, ()), self.facts.torrents)
                if not any(one.live for one in known):
                    quiet[number] = known
            joined[number] = known
        return self._with_files(arr, series, joined)

    def _at_rest(self, episode: Episode, state: tuple[State, Step]) -> Seen | None:
        """Return the unit as it was, if nothing can have changed about it."""
        place = (episode.season, episode.number)
        kept = self.shelf.units.get(place)
        if kept is None or kept.idle != state or kept.seen.unit.memory is not self._remembered.get(place):
            return None
        self.reads |= kept.reads
        return kept.seen

    def remembered(self) -> list[Seen]:
        """Return the units of the last run, for as long as Sonarr or Radarr has said nothing about them."""
        flag = self._flag_of_arr()
        return [
            Seen(
                unit=Unit(verdict=restored(one, flag), memory=one), season=one.season, number=one.number, gone=one.gone
            )
            for one in self._remembered.values()
        ]

    def _flag_of_arr(self) -> tuple[Flag, ...]:
        known = self.facts.services.get(self.tracked.instance) if self.tracked.instance is not None else None
        if known is None or known.last_ok_at is None:
            return (Flag.RESTORED,)
        if known.status is not ServiceStatus.OK:
            return (Flag.STALE,)
        return (Flag.RESTORED,) if self._exists() else ()

    def _exists(self) -> bool:
        """Return whether Sonarr or Radarr lists the entry whose details it has not told yet."""
        arr = self.facts.arrs.get(self.tracked.instance) if self.tracked.instance is not None else None
        return arr is not None and self.tracked.entry_id is not None and arr.has(self.tracked.entry_id)

    def _since(self, *times: datetime | None) -> datetime | None:
        asked = self.tracked.request.created_at if self.tracked.request is not None else None
        return max((at for at in (asked, *times) if at is not None), default=None)

    def _started(self, command: Command) -> datetime:
        return command.started_at or command.queued_at or self.now

    def _whereabouts(self, arr: ArrFacts, one: Series | Movie) -> Whereabouts:
        return Whereabouts(self.facts, self.places, arr, one, shelf=self.shelf, now=self.now)

    # --- joins -------------------------------------------------------------------------------------------------

    def _with_files(
        self, arr: ArrFacts, series: Series, joined: dict[int, tuple[Download, ...]]
    ) -> dict[int, tuple[Download, ...]]:
        """Give every download its episode's own files inside the torrent, and say whether it is shared."""
        carried: dict[str, set[int]] = {}
        for number, downloads in joined.items():
            for one in downloads:
                carried.setdefault(one.key, set()).add(number)
        for downloads in joined.values():
            for one in downloads:
                if one.live:
                    self.reads.add(torrent(one.key))
                if one.live and one.torrent is not None and one.key not in self.flight.pack_maps:
                    self._map(arr, series, one, frozenset(carried[one.key]))
        return {
            number: tuple(self._joined(one, number, len(carried[one.key]) > 1) for one in downloads)
            for number, downloads in joined.items()
        }

    def _map(self, arr: ArrFacts, series: Series, download: Download, carried: frozenset[int]) -> None:
        if download.torrent is None:
            return
        ref, one = download.torrent.ref, download.torrent.torrent
        files = self.facts.clients[ref].files.get(one.hash)
        if files and self.flight.mapped is not None:
            episodes = arr.episodes[series.id]
            self.flight.mapped[download.key] = Mapped(grabbed=carried, episodes=episodes)
            self.flight.pack_maps[download.key] = self._packs.map(
                ref, one.hash, files, grabbed=carried, series=series, episodes=episodes
            )

    def _joined(self, download: Download, episode_id: int, shared: bool) -> Download:
        pack = self.flight.pack_maps.get(download.key)
        files = pack.episodes.get(episode_id) if pack is not None else None
        if files is None and not shared:
            return download
        return Download(
            key=download.key,
            grabbed=download.grabbed,
            newest=download.newest,
            records=download.records,
            torrent=download.torrent,
            files=files,
            shared=shared,
            live=download.live,
        )

    def _presence(self, download: Download, arr: ArrFacts) -> Presence:
        known = self._presences.get(download.key)
        if known is None:
            known = self._presences[download.key] = presence_of(download, self.facts, arr, self.now)
            self.reads.add(torrent(download.key))
            at = grabbed_at(download)
            if known is Presence.YOUNG and at is not None:
                self.until.append(at + GRAB_SHOWS_WITHIN)
            if known is not Presence.SHOWN:
                self.reads.add(answer(arr.ref, "queue"))
                self.reads.update(answer(ref, "torrents") for ref in self.facts.clients)
        return known

    # --- one unit ----------------------------------------------------------------------------------------------

    def _unit(
        self, arr: ArrFacts, one: Series | Movie, episode: Episode | None, joint: Joint, whereabouts: Whereabouts
    ) -> Seen:
        place = (episode.season, episode.number) if episode is not None else (0, 0)
        memory = self._remembered.get(place)
        before, self.reads = self.reads, set()
        turns = len(self.until)
        found = whereabouts.of(episode, joint, memory.item_id if memory is not None else None)
        self.reads |= found.reads
        if found.shoko is not None and found.shoko.settles_at is not None:
            self.until.append(found.shoko.settles_at)
        rungs = self._rungs(arr, joint, found, memory, self._progress.get(place))
        held = self._held(arr, one.id, episode, found, rungs)
        if held.until is not None:
            self.until.append(held.until)
        unit = Unit(
            verdict=held.verdict,
            episode=episode,
            file=joint.file,
            history=joint.history,
            downloads=joint.downloads,
            route=found.route,
            shoko=found.shoko,
            jellyfin=found.jellyfin,
            memory=memory,
        )
        seen = Seen(unit=unit, season=place[0], number=place[1], gone=held.gone)
        if rungs.live:
            self.flight.units.append(Aloft(seen=seen, rungs=rungs))
        at_rest = not rungs.live and not held.gone and joint.searching is None and len(self.until) == turns
        if at_rest and not held.verdict.flags:
            self.shelf.units[place] = KeptUnit(seen=seen, idle=joint.idle, reads=frozenset(self.reads))
        before |= self.reads
        self.reads = before
        return seen

    def _rungs(
        self, arr: ArrFacts, joint: Joint, found: Findings, memory: EpisodeMemory | None, progress: float | None
    ) -> Rungs:
        """Return what the verdict rests on; `progress` = the last known one, else the remembered one counts."""
        live = tuple(download for download in joint.downloads if download.live)
        self.reads.update(torrent_life(download.key) for download in joint.downloads if not download.live)
        if progress is None and memory is not None:
            progress = memory.progress
        return Rungs(
            now=self.now,
            arr=arr.ref.kind,
            idle=joint.idle[0],
            idle_step=joint.idle[1],
            idle_since=joint.since,
            has_file=joint.has_file,
            file=joint.file,
            route=found.route,
            live=live,
            presences=tuple(self._presence(download, arr) for download in live),
            history=joint.history,
            searching_since=joint.searching,
            shoko=found.shoko,
            jellyfin=found.jellyfin,
            jellyfin_configured=bool(self.facts.jellyfins),
            memory=memory,
            last_progress=progress,
        )

    def _held(self, arr: ArrFacts, entry_id: int, episode: Episode | None, found: Findings, rungs: Rungs) -> Held:
        """Return the verdict of the ladder, or the one that is held against it while a service is silent."""
        raw, memory = climb(rungs), rungs.memory
        if memory is None:
            return Held(verdict=raw)
        absences = Absences(
            self.facts,
            arr,
            entry_id,
            episode.id if episode is not None else None,
            found,
            downloads=memory.downloads,
            library=self.memory.library if self.memory is not None else None,
            reads=self.reads,
        )
        return hold(
            raw,
            memory,
            absences.of,
            self.now,
            upgrade_gap=self.facts.setup.thresholds.upgrade_gap,
            last_progress=rungs.last_progress,
            asked_anew=found.shoko is not None and found.shoko.worked_on,
        )

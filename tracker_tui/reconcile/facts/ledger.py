"""The ledger of what every instance has answered, and of what changed since the world was last computed.

Absorbing is idempotent and touches only what an observation speaks of: no library is copied or scanned per tick.
A failed call changes the status of its instance and nothing else (R3).
"""

from datetime import datetime, timedelta

from tracker_tui.model.arr import HealthCheck
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.observation import (
    ArrSetupRead,
    CallFailed,
    CommandsRead,
    DirectoryRead,
    HealthRead,
    HistoryRead,
    Identified,
    ItemsChanged,
    ItemsListed,
    ItemsProbed,
    JellyfinSetupRead,
    LibrariesRead,
    MovieRead,
    MoviesListed,
    Observation,
    PathsSeen,
    Payload,
    Previewed,
    QueueRead,
    RefreshesNoted,
    RequestCountsRead,
    RequestRead,
    RequestsListed,
    SeerrServersRead,
    SeriesItemsRead,
    SeriesListed,
    SeriesRead,
    ShokoBansRead,
    ShokoFilesRead,
    ShokofinRead,
    ShokoFoldersRead,
    ShokoJobsRead,
    ShokoKinRead,
    ShokoSeriesFilesRead,
    ShokoSeriesRead,
    ShokoStateRead,
    TasksRead,
    TitlesRead,
    TorrentFilesRead,
    TorrentsRead,
)
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import SafeText
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.client import ClientFacts
from tracker_tui.reconcile.facts.clocks import TOLERATED, Clocks, moved
from tracker_tui.reconcile.facts.emptied import Emptied
from tracker_tui.reconcile.facts.jellyfin import JellyfinFacts
from tracker_tui.reconcile.facts.seerr import SeerrFacts
from tracker_tui.reconcile.facts.shoko import ShokoFacts
from tracker_tui.reconcile.facts.subjects import EVERYTHING, Subject, service
from tracker_tui.reconcile.joins.hashes import TorrentIndex
from tracker_tui.reconcile.joins.pathmaps import PathMaps
from tracker_tui.reconcile.memory import CommonMemory
from tracker_tui.reconcile.setup import Setup

STALE_AFTER = timedelta(seconds=30)
"""The least age at which an instance's last good answer counts as old (SPEC 2, "Freshness")."""


class ServiceFacts:
    """What the exchanges with one instance said about the instance itself."""

    def __init__(self) -> None:
        self.status: ServiceStatus | None = None
        """None = never asked."""
        self.version: SafeText | None = None
        self.note: SafeText | None = None
        self.latency_ms: float | None = None
        self.last_ok_at: datetime | None = None
        self.heard_at: datetime | None = None
        """When it began to answer: first of all, or after a failure."""
        self.failures = 0
        """Failed exchanges since the last good one."""
        self.failed_since: datetime | None = None
        self.error: SafeText | None = None
        self.fix: SafeText | None = None
        self.wrong_service = False
        self.clock_offset_s: int | None = None
        self.skipped = 0
        self.interval_s: float | None = None
        self.checks: tuple[HealthCheck, ...] = ()
        """What the server itself complains about."""

    def stale(self, now: datetime) -> bool:
        """Return whether the last good answer is older than max(2 x its interval, 30 s), or there is none."""
        if self.last_ok_at is None:
            return self.status is not None
        return now - self.last_ok_at > max(timedelta(seconds=2 * (self.interval_s or 0)), STALE_AFTER)


class Facts:
    """Everything known now, by instance. `dirty` collects the subjects that changed since it was last drained."""

    def __init__(self, setup: Setup, common: CommonMemory) -> None:
        self.setup = setup
        self.paths = PathMaps(setup.path_maps)
        self.dirty: set[Subject] = set()
        self.services = {instance.ref: ServiceFacts() for instance in setup.instances}
        self.torrents = TorrentIndex()
        self.emptied = Emptied(common, self.dirty)
        self._unclocked: set[InstanceRef] = set()
        """Instances whose clocks were compared with the local one before that was set."""
        self.clocks = Clocks(common.clocks)
        self.arrs = {ref: ArrFacts(ref, self.dirty) for kind in (Kind.SONARR, Kind.RADARR) for ref in setup.of(kind)}
        self.clients = {ref: ClientFacts(ref, self.torrents, self.dirty) for ref in setup.of(Kind.QBITTORRENT)}
        self.shokos = {ref: ShokoFacts(ref, self.dirty) for ref in setup.of(Kind.SHOKO)}
        self.jellyfins = {ref: JellyfinFacts(ref, self.dirty) for ref in setup.of(Kind.JELLYFIN)}
        self.seerrs = {ref: SeerrFacts(ref, self.dirty) for ref in setup.of(Kind.SEERR)}

    def memory(self) -> CommonMemory:
        """Return what belongs to no single request and outlives the process."""
        return CommonMemory(libraries=self.emptied.memory(), clocks=self.clocks.memory())

    def settle_clocks(self) -> None:
        """Compare the instances' clocks; what a changed correction concerns is told in the common time again.

        Not while some of them were measured against a local clock that was set since.
        """
        if any(self.services[ref].status is ServiceStatus.OK for ref in self._unclocked):
            return
        offsets = {
            ref: known.clock_offset_s for ref, known in self.services.items() if known.clock_offset_s is not None
        }
        ledgers: dict[InstanceRef, ArrFacts | ClientFacts | ShokoFacts | JellyfinFacts | SeerrFacts] = {
            **self.arrs,
            **self.clients,
            **self.shokos,
            **self.jellyfins,
            **self.seerrs,
        }
        for ref, back in self.clocks.settle(offsets).items():
            if ref in ledgers:
                ledgers[ref].move_times(back)
                self.dirty.add(EVERYTHING)

    def drain(self) -> set[Subject]:
        """Return the subjects that changed, and start collecting anew."""
        changed = set(self.dirty)
        self.dirty.clear()
        return changed

    def absorb(self, observation: Observation) -> None:
        """Take one observation; those of instances that are not configured are ignored."""
        known = self.services.get(observation.ref)
        if known is None:
            return
        if isinstance(observation.payload, RefreshesNoted | Previewed):
            self._noted(observation.ref, observation.payload, observation.at)
            return
        known.latency_ms = observation.latency_ms if observation.latency_ms is not None else known.latency_ms
        if observation.clock_offset_s is not None:
            self._clock_told(observation.ref, known, observation.clock_offset_s)
        payload = observation.payload
        if isinstance(payload, CallFailed):
            self._failed(observation.ref, known, payload, observation.at)
            return
        if not observation.beside_failure:
            self._well(observation.ref, known, observation.at)
        known.skipped = observation.skipped
        if isinstance(payload, Identified):
            known.version, known.note = payload.version, payload.note
            return
        if isinstance(payload, HealthRead):
            kept = known.checks if observation.skipped else ()
            known.checks = tuple(dict.fromkeys((*payload.checks, *kept)))
            return
        told = moved(payload, self.clocks.ahead(observation.ref))
        self._take(observation.ref, told, observation.at, observation.skipped)

    def _clock_told(self, ref: InstanceRef, known: ServiceFacts, offset_s: int) -> None:
        """Take an instance's clock; if it moved much, the local one was set, and the others must be measured anew."""
        before, known.clock_offset_s = known.clock_offset_s, offset_s
        self._unclocked.discard(ref)
        if before is None or timedelta(seconds=abs(offset_s - before)) <= TOLERATED:
            return
        for other, one in self.services.items():
            if other != ref and one.clock_offset_s is not None:
                one.clock_offset_s = None
                self._unclocked.add(other)

    def _well(self, ref: InstanceRef, known: ServiceFacts, at: datetime) -> None:
        if known.status is not ServiceStatus.OK:
            self.dirty.add(service(ref))
            known.heard_at = at
        known.status, known.error, known.fix, known.wrong_service = ServiceStatus.OK, None, None, False
        known.failures, known.failed_since = 0, None
        known.last_ok_at = max(known.last_ok_at or at, at)

    def _noted(self, ref: InstanceRef, payload: RefreshesNoted | Previewed, at: datetime) -> None:
        jellyfin = self.jellyfins.get(ref)
        if jellyfin is None:
            return
        if isinstance(payload, Previewed):
            jellyfin.previewed(payload, at)
        else:
            jellyfin.refreshes_noted(moved(payload, self.clocks.ahead(ref)))

    def _failed(self, ref: InstanceRef, known: ServiceFacts, payload: CallFailed, at: datetime) -> None:
        if known.status is not payload.status:
            self.dirty.add(service(ref))
        known.status, known.error, known.fix = payload.status, payload.message, payload.fix
        known.wrong_service = payload.wrong_service
        known.failures += 2 if payload.final else 1
        known.failed_since = known.failed_since or at

    def _take(self, ref: InstanceRef, payload: Payload, at: datetime, skipped: int) -> None:
        """Take an answer; one some of whose records were `skipped` proves no absence: they exist all the same."""
        match ref.kind:
            case Kind.SONARR | Kind.RADARR:
                self._of_arr(self.arrs[ref], payload, at, skipped)
            case Kind.QBITTORRENT:
                self._of_client(self.clients[ref], payload, at, skipped)
            case Kind.SHOKO:
                _of_shoko(self.shokos[ref], payload, at, whole=not skipped)
            case Kind.JELLYFIN:
                self._of_jellyfin(self.jellyfins[ref], payload, at, skipped)
            case Kind.SEERR:
                _of_seerr(self.seerrs[ref], payload, at, whole=not skipped)
                if isinstance(payload, RequestCountsRead) and payload.counts.total is not None:
                    self.emptied.counted(ref, "requests", payload.counts.total, at)

    def _of_arr(self, ledger: ArrFacts, payload: Payload, at: datetime, skipped: int) -> None:
        whole = not skipped
        match payload:
            case QueueRead():
                ledger.queue_read(payload, at, whole=whole)
            case HistoryRead():
                ledger.history_read(payload, at, whole=whole)
            case SeriesRead():
                ledger.series_read(payload, at, whole=whole)
            case MovieRead():
                ledger.movie_read(payload, at, whole=whole)
            case CommandsRead():
                ledger.commands_read(payload, whole=whole)
            case SeriesListed() | MoviesListed():
                self._listed(ledger, payload, at, skipped)
            case ArrSetupRead():
                ledger.setup_read(payload, whole=whole)

    def _listed(self, ledger: ArrFacts, payload: SeriesListed | MoviesListed, at: datetime, skipped: int) -> None:
        if isinstance(payload, SeriesListed):
            self.emptied.counted(ledger.ref, "series", len(payload.series) + skipped, at)
            ledger.series_listed(payload, at, whole=not skipped)
        else:
            self.emptied.counted(ledger.ref, "films", len(payload.movies) + skipped, at)
            ledger.movies_listed(payload, at, whole=not skipped)

    def _of_client(self, ledger: ClientFacts, payload: Payload, at: datetime, skipped: int) -> None:
        match payload:
            case TorrentsRead():
                self._torrents(ledger, payload, at, skipped)
            case TorrentFilesRead():
                ledger.files_read(payload, at, whole=not skipped)

    def _torrents(self, ledger: ClientFacts, payload: TorrentsRead, at: datetime, skipped: int) -> None:
        stirred = ledger.torrents_read(payload, at, whole=not skipped)
        if stirred:
            for arr in self.arrs.values():
                arr.stirred(stirred)
        self.emptied.counted(ledger.ref, "torrents", len(ledger.torrents) + skipped, at)

    def _of_jellyfin(self, ledger: JellyfinFacts, payload: Payload, at: datetime, skipped: int) -> None:
        whole = not skipped
        match payload:
            case ItemsChanged():
                ledger.items_changed(payload.items)
            case ItemsProbed():
                ledger.items_probed(payload, at, whole=whole)
            case SeriesItemsRead():
                ledger.series_items_read(payload, at, whole=whole)
            case ItemsListed():
                self._items_listed(ledger, payload, at, whole=whole)
            case LibrariesRead():
                ledger.libraries_read(payload, whole=whole)
                self.emptied.libraries_read(ledger.ref, ledger.libraries or ())
            case TasksRead():
                ledger.tasks_read(payload, whole=whole)
            case ShokofinRead():
                ledger.shokofin_read(payload)
            case PathsSeen() | DirectoryRead():
                ledger.looked(payload, at)
            case JellyfinSetupRead():
                ledger.setup_read(payload, whole=whole)

    def _items_listed(self, ledger: JellyfinFacts, payload: ItemsListed, at: datetime, *, whole: bool) -> None:
        ledger.items_listed(payload, at, whole=whole)
        self.emptied.items_listed(ledger.ref, payload, ledger.libraries, at, whole=whole)


def _of_shoko(ledger: ShokoFacts, payload: Payload, at: datetime, *, whole: bool) -> None:
    match payload:
        case ShokoStateRead():
            ledger.state_read(payload, at)
        case ShokoFilesRead():
            ledger.files_read(payload, at, whole=whole)
        case ShokoFoldersRead():
            ledger.folders_read(payload, whole=whole)
        case ShokoJobsRead():
            ledger.jobs_read(payload, at, whole=whole)
        case ShokoKinRead():
            ledger.kin_read(payload)
        case ShokoSeriesFilesRead():
            ledger.series_files_read(payload, whole=whole)
        case ShokoSeriesRead():
            ledger.series_read(payload, whole=whole)
        case ShokoBansRead():
            ledger.bans_read(payload, whole=whole)


def _of_seerr(ledger: SeerrFacts, payload: Payload, at: datetime, *, whole: bool) -> None:
    match payload:
        case RequestsListed():
            ledger.requests_listed(payload, at, whole=whole)
        case RequestRead():
            ledger.request_read(payload, at, whole=whole)
        case TitlesRead():
            ledger.titles_read(payload)
        case SeerrServersRead():
            ledger.servers_read(payload, whole=whole)
        case RequestCountsRead():
            ledger.counts = payload.counts

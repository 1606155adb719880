"""A household whose truth a test edits, and that answers like its services on every tick (scenarios.md section 2).

`House.tick` turns the present truth into observations, lets the reconciler advance and checks the invariants of
scenarios.md section 3 each time, with a twin that recomputes everything: incremental must equal full.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from tests.reconcile.things import (
    EVERYONE,
    GB,
    JELLYFIN,
    MB,
    NOON,
    QBIT,
    RADARR,
    SEERR,
    SHOKO,
    SONARR,
    SONARR_4K,
    Arr,
    at,
    episodes,
    item,
    request,
    shoko_file,
    torrent,
)
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import JellyfinItem, Library, ScheduledTask
from tracker_tui.model.observation import (
    CallFailed,
    ItemsListed,
    LibrariesRead,
    Observation,
    Payload,
    RequestCountsRead,
    RequestsListed,
    ShokoFilesRead,
    ShokofinRead,
    ShokoFoldersRead,
    ShokoLookup,
    ShokoSeriesRead,
    ShokoStateRead,
    TasksRead,
    TitlesRead,
    TorrentFilesRead,
    TorrentsRead,
)
from tracker_tui.model.seerr import SeerrCounts, SeerrRequest, SeerrTitle
from tracker_tui.model.settings import PathMap
from tracker_tui.model.shoko import (
    Connectivity,
    ShokoFile,
    ShokoFolder,
    ShokoQueue,
    ShokoSeries,
    ShokoServer,
)
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.torrents import Torrent, TorrentFile, TransferState
from tracker_tui.model.world import EpisodeRow, RequestRow, World
from tracker_tui.present.phrases import summary_line
from tracker_tui.reconcile.assemble import assemble
from tracker_tui.reconcile.case import Case
from tracker_tui.reconcile.memory import Memory, RequestMemory
from tracker_tui.reconcile.reconciler import Advance, Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup

__all__ = [
    "EVERYONE",
    "GB",
    "JELLYFIN",
    "MB",
    "NOON",
    "QBIT",
    "RADARR",
    "SEERR",
    "SHOKO",
    "SONARR",
    "SONARR_4K",
    "Arr",
    "House",
    "at",
    "episodes",
    "item",
    "request",
    "shoko_file",
    "torrent",
]


class House:
    """The truth of every service. Edit it, then `tick`."""

    def __init__(
        self,
        *extra: InstanceRef,
        without: Iterable[InstanceRef] = (),
        memory: Memory | None = None,
        now: datetime = NOON,
        path_maps: tuple[PathMap, ...] = (),
    ) -> None:
        absent = set(without)
        self.refs = tuple(ref for ref in (*EVERYONE, *extra) if ref not in absent)
        self.now = now
        self.down: dict[InstanceRef, ServiceStatus] = {}
        self.silent: set[InstanceRef] = set()
        self.skipped: dict[InstanceRef, int] = {}
        """Records per answer that an instance sends and nobody can decode."""
        self.offsets: dict[InstanceRef, int] = {}
        """HTTP `Date` minus local clock, seconds."""
        self.arrs = {ref: Arr(ref) for ref in self.refs if ref.kind in {Kind.SONARR, Kind.RADARR}}
        self.torrents: dict[str, Torrent] = {}
        self.torrent_files: dict[str, list[TorrentFile]] = {}
        self.transfer = TransferState(connection=clean("connected"))
        self.shoko_files: list[ShokoFile] = []
        self.shoko_tail = 2
        """How many trailing names of a path Shoko is asked for."""
        self.shoko_queue = ShokoQueue(total=0, waiting=0, by_type=())
        self.shoko_connectivity = Connectivity(network=clean("Internet"))
        self.shoko_folders: tuple[ShokoFolder, ...] = (
            ShokoFolder(id=1, name=clean("anime_shows"), path=clean_path("/data/anime/shows/"), watched=True),
            ShokoFolder(id=2, name=clean("anime_movies"), path=clean_path("/data/anime/movies/"), watched=True),
        )
        self.items: list[JellyfinItem] = []
        self.libraries = [
            Library(id="lib-movies", name=clean("Movies"), locations=(clean_path("/data/movies"),), uses_shoko=False),
            Library(id="lib-tv", name=clean("TV-Shows"), locations=(clean_path("/data/tv"),), uses_shoko=False),
            Library(id="lib-anime", name=clean("Anime Shows"), locations=(clean_path("/vfs/shows"),), uses_shoko=True),
            Library(id="lib-am", name=clean("Anime Movies"), locations=(clean_path("/vfs/movies"),), uses_shoko=True),
        ]
        self.task = ScheduledTask(
            id="t",
            key=clean("RefreshLibrary"),
            state=clean("Idle"),
            last_ended_at=at("11:50"),
            last_status=clean("Completed"),
        )
        self.more_tasks: tuple[ScheduledTask, ...] = ()
        self.shokofin: ShokofinRead | None = None
        self.shoko_series: list[ShokoSeries] = []
        self.requests: list[SeerrRequest] = []
        self.titles: list[SeerrTitle] = []
        instances = tuple(ConfiguredInstance(ref=ref) for ref in self.refs)
        setup = Setup(instances=instances, path_maps=path_maps)
        self._reconciler = Reconciler(setup, memory or Memory())
        self._twin = Reconciler(setup, memory or Memory())
        self.common = (memory or Memory()).common
        self.memories: dict[str, RequestMemory] = dict((memory or Memory()).requests)
        self.rows: dict[str, RequestRow] = {}
        self.cases: dict[str, Case] = {}
        self.seen: set[str] = set()
        """Requests that the last tick looked at."""
        self.last: Advance | None = None
        self.tolerates_defects = False

    @property
    def sonarr(self) -> Arr:
        return self.arrs[SONARR]

    @property
    def radarr(self) -> Arr:
        return self.arrs[RADARR]

    @property
    def reconciler(self) -> Reconciler:
        return self._reconciler

    @property
    def twin(self) -> Reconciler:
        """Return the one that recomputes everything at every step."""
        return self._twin

    def download(self, *torrents: Torrent) -> None:
        self.torrents |= {one.hash: one for one in torrents}

    def answers(self) -> list[tuple[InstanceRef, Payload]]:
        told: list[tuple[InstanceRef, Payload]] = []
        for ref in self.refs:
            if ref in self.silent:
                continue
            if ref in self.down:
                told.append((ref, CallFailed(status=self.down[ref], message=clean("no answer"))))
                continue
            told += [(ref, payload) for payload in self._of(ref)]
        return told

    def _of(self, ref: InstanceRef) -> list[Payload]:
        match ref.kind:
            case Kind.SEERR:
                return [
                    RequestCountsRead(counts=SeerrCounts(total=len(self.requests))),
                    RequestsListed(requests=tuple(self.requests), complete=True),
                    TitlesRead(titles=tuple(self.titles)),
                ]
            case Kind.QBITTORRENT:
                files = [TorrentFilesRead(hash=key, files=tuple(some)) for key, some in self.torrent_files.items()]
                torrents = tuple(self.torrents.values())
                return [TorrentsRead(full=True, changed=torrents, removed=(), transfer=self.transfer), *files]
            case Kind.SHOKO:
                return self._shoko()
            case Kind.JELLYFIN:
                told: list[Payload] = [
                    LibrariesRead(libraries=tuple(self.libraries)),
                    TasksRead(tasks=(self.task, *self.more_tasks)),
                    ItemsListed(items=tuple(self.items)),
                ]
                return [*told, self.shokofin] if self.shokofin is not None else told
        return self.arrs[ref].answers() if ref in self.arrs else []

    def _shoko(self) -> list[Payload]:
        paths = [file.path for arr in self.arrs.values() for some in arr.files.values() for file in some]
        paths += [one.file.path for arr in self.arrs.values() for one in arr.movies.values() if one.file is not None]
        lookups = []
        for path in sorted({path for path in paths if path is not None}):
            tail = "/" + "/".join(path.split("/")[-self.shoko_tail :])
            hits = [file for file in self.shoko_files if self._shoko_path(file).endswith(tail)]
            lookups.append(ShokoLookup(tail=clean_path(tail), hits=tuple(hits)))
        return [
            ShokoStateRead(
                server=ShokoServer(state=clean("Started")),
                connectivity=self.shoko_connectivity,
                queue=self.shoko_queue,
            ),
            ShokoFoldersRead(folders=self.shoko_folders),
            ShokoFilesRead(lookups=tuple(lookups)),
            *(ShokoSeriesRead(series_id=number, series=one) for number, one in self._series_told().items()),
        ]

    def _series_told(self) -> dict[int, ShokoSeries | None]:
        """Return what Shoko answers about the series of its files: nothing but what a test gave."""
        links = (link for file in self.shoko_files for link in file.links)
        told: dict[int, ShokoSeries | None] = {one.series_id: None for one in links if one.series_id is not None}
        return told | {one.id: one for one in self.shoko_series}

    def _shoko_path(self, file: ShokoFile) -> str:
        place = file.locations[0]
        return next((f"{one.path}{place.relative_path}" for one in self.shoko_folders if one.id == place.folder_id), "")

    def tick(self, seconds: float = 3.0, *, reverse: bool = False) -> "House":
        """Let `seconds` pass, have every service answer, advance, and check the invariants."""
        self.now += timedelta(seconds=seconds)
        told = [
            Observation(
                ref=ref,
                at=self.now,
                payload=payload,
                skipped=self.skipped.get(ref, 0),
                clock_offset_s=self.offsets.get(ref),
            )
            for ref, payload in self.answers()
        ]
        for observation in reversed(told) if reverse else told:
            self._reconciler.absorb(observation)
            self._twin.absorb(observation)
        self._advance()
        before = dict(self.rows)
        for observation in told:
            self._reconciler.absorb(observation)
        again = self._reconciler.advance(self.now)
        self._take(again)
        assert {key: row.timeline for key, row in self.rows.items()} == {
            key: row.timeline for key, row in before.items()
        }
        assert not again.memories, "identical answers wrote something"
        return self

    def wait(self, seconds: float) -> "House":
        """Let time pass without any answer."""
        self.now += timedelta(seconds=seconds)
        self._advance()
        return self

    def _advance(self) -> None:
        self.seen.clear()
        self.last = self._reconciler.advance(self.now)
        self._take(self.last)
        full = self._twin.advance(self.now, full=True)
        twins = {case.id: case.row for case in full.cases}
        if self.tolerates_defects:
            return
        assert self.rows.keys() == twins.keys()
        for key, row in self.rows.items():
            assert row == twins[key], f"incremental differs from full for {key}"
        self._check()

    def _take(self, step: Advance) -> None:
        assert not step.broken or self.tolerates_defects, step.broken
        for case in step.cases:
            self.rows[case.id] = case.row
            self.seen.add(case.id)
            self.cases[case.id] = case
        for gone in step.removed:
            del self.rows[gone]
        self.common = step.common or self.common
        for key, memory in step.memories.items():
            assert msgspec.json.decode(msgspec.json.encode(memory), type=RequestMemory) == memory
            self.memories[key] = memory
        for key in step.forgotten:
            del self.memories[key]

    def _check(self) -> None:
        world = self.world()
        counts = world.counts
        assert counts.ready == sum(row.state is State.AVAILABLE for row in world.requests)
        for row in world.requests:
            assert sum(number for _, number in row.counts) == row.total
            assert row.ready == dict(row.counts).get(State.AVAILABLE, 0)
            assert row.total == 0 or row.state is not State.AVAILABLE or row.ready == row.total
            shown = [episode for season in row.seasons for episode in season.episodes if episode.counted]
            if not row.is_movie:
                assert len(shown) == row.total == sum(season.total for season in row.seasons)
            settled = row.state in {State.DECLINED, State.REMOVED}
            assert settled or all(row.attention >= season.attention for season in row.seasons)
            assert all(entry.at <= self.now for entry in row.timeline)
            keys = [(entry.at, entry.state, entry.service) for entry in row.timeline]
            assert len(keys) == len(set(keys))

    def world(self) -> World:
        services = self.last.services if self.last is not None else ()
        return assemble(self.rows.values(), (), (), services, self.now)

    # --- reading -----------------------------------------------------------------------------------------------

    def row(self, key: str | None = None) -> RequestRow:
        """Return a row; without a key the only one."""
        if key is not None:
            return self.rows[key]
        assert len(self.rows) == 1, sorted(self.rows)
        return next(iter(self.rows.values()))

    def next_at(self) -> datetime | None:
        """Return when time alone will change something."""
        assert self.last is not None
        return self.last.next_at

    def summary(self, key: str | None = None) -> str:
        return summary_line(self.row(key).phrases, self.now)

    def shown(self, key: str | None = None, season: int = 1) -> list[EpisodeRow]:
        """Return the episodes of a season."""
        return [one for part in self.row(key).seasons if part.number == season for one in part.episodes]

    def states(self, key: str | None = None, season: int = 1) -> list[State]:
        return [one.state for one in self.shown(key, season)]

    def memory(self) -> Memory:
        """Return what a store would hold now."""
        return Memory(requests=dict(self.memories), common=self.common, saved_at=self.now)

"""A request together with the facts behind it: what diagnosis rules read. Short-lived; only the row is kept."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from tracker_tui.model.arr import (
    Command,
    DownloadClient,
    Episode,
    HealthCheck,
    HistoryRecord,
    MediaFile,
    Movie,
    QueueRecord,
    Series,
    Tag,
)
from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.jellyfin import DirectoryEntry, JellyfinServer, Library, Plugin, ScheduledTask
from tracker_tui.model.observation import ShokofinRead, ShokoStateRead
from tracker_tui.model.record import Fact
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.seerr import SeerrRequest, SeerrTitle
from tracker_tui.model.shoko import AniDbBan, Job, ShokoEpisode, ShokoFolder, ShokoSeries
from tracker_tui.model.torrents import TransferState
from tracker_tui.model.world import EpisodeRow, RequestRow, ServiceRow
from tracker_tui.reconcile.facts.emptied import Vanished
from tracker_tui.reconcile.joins.hashes import ClientTorrent
from tracker_tui.reconcile.joins.jellyjoin import Found
from tracker_tui.reconcile.joins.pack import EpisodeFiles, PackMap
from tracker_tui.reconcile.joins.shokojoin import Coverage, FolderVerdict, ShokoMatch, ShokoStep
from tracker_tui.reconcile.memory import EpisodeMemory, Gone, RequestMemory
from tracker_tui.reconcile.setup import Setup
from tracker_tui.reconcile.unit.verdict import Verdict


class Route(StrEnum):
    """How a file travels from Sonarr/Radarr to Jellyfin (SPEC 2.1.6)."""

    REGULAR = "regular"
    ANIME = "anime"


class Download(Fact):
    """One download of an episode or film: its grab, what became of it, and where it is now."""

    key: str
    """Download id, lower case, as Sonarr/Radarr name it."""
    grabbed: HistoryRecord | None = None
    newest: HistoryRecord | None = None
    """The newest event about it; equal to `grabbed` while nothing else happened."""
    records: tuple[QueueRecord, ...] = ()
    torrent: ClientTorrent | None = None
    files: EpisodeFiles | None = None
    """Its own files inside the torrent, where the list is known."""
    shared: bool = False
    """Other episodes come with the same download."""
    live: bool = False
    """It may still deliver: neither imported, failed nor ignored."""


class ShokoFinding(Fact):
    """What Shoko says about an imported file. `asked_at` None = it has not answered about this file."""

    ref: InstanceRef
    asked_at: datetime | None = None
    match: ShokoMatch = ShokoMatch()
    step: ShokoStep | None = None
    where: FolderVerdict | None = None
    kin: tuple[int, ...] = ()
    """Where no file has its path: the Shoko series among whose files it may be under another name."""
    renamed: bool = False
    """It was found there: Shoko has it under another name."""
    job: Job | None = None
    """What Shoko's queue holds for this very file."""
    hashing: bool = False
    """Jobs that can explain why Shoko does not list the file yet (SPEC 2.1.15)."""
    covers: Coverage | None = None
    """The part of an episode that this file and its companions hold, where it is not the whole (B9)."""
    identifying: bool = False
    """Something may still name an unrecognised file: a job, a ban, or an answer that is not there yet."""
    loading: bool = False
    """A job may bring the series data that a file in limbo lacks."""
    worked_on: bool = False
    """Shoko has a job for this very file, so an older verdict about it no longer stands."""
    settles_at: datetime | None = None
    """Until when it is too young for its job to show: hashed just now, and the job that names it is queued next."""


class JellyfinFinding(Fact):
    """What Jellyfin says about an episode or film."""

    ref: InstanceRef
    found: Found = Found()
    denied_at: datetime | None = None
    """When an answer last denied the item that used to be it."""
    looked: bool = False
    """Jellyfin has answered a question that would have shown it: not found means that it was not there."""


class Unit(Fact):
    """One episode, or the film of a film request, with its verdict and all that was joined to it."""

    verdict: Verdict
    row: EpisodeRow | None = None
    """None for a film: the request row shows it."""
    episode: Episode | None = None
    file: MediaFile | None = None
    history: tuple[HistoryRecord, ...] = ()
    """Oldest first."""
    downloads: tuple[Download, ...] = ()
    """Newest grab first, ended ones included."""
    route: Route = Route.REGULAR
    shoko: ShokoFinding | None = None
    jellyfin: JellyfinFinding | None = None
    memory: EpisodeMemory | None = None
    """As it stood before this look."""

    @property
    def live(self) -> tuple[Download, ...]:
        """Return the downloads that may still deliver, newest grab first."""
        if len(self.downloads) == 1:
            return self.downloads if self.downloads[0].live else ()
        return tuple([download for download in self.downloads if download.live])


class Seen(Fact):
    """An accepted unit before it is shown: what was joined, what to remember as gone."""

    unit: Unit
    season: int
    number: int
    gone: tuple[Gone, ...] = ()


class Case(Fact):
    """A request and everything a rule may want to cite."""

    id: RequestId
    row: RequestRow
    now: datetime
    memory: RequestMemory
    """As it stands after this look."""
    request: SeerrRequest | None = None
    title: SeerrTitle | None = None
    instance: InstanceRef | None = None
    series: Series | None = None
    movie: Movie | None = None
    units: tuple[Unit, ...] = ()
    route: Route = Route.REGULAR
    queue: tuple[QueueRecord, ...] = ()
    commands: tuple[Command, ...] = ()
    entry_known: bool | None = None
    """Whether Sonarr/Radarr has the series or film; None while it has not answered."""
    details_at: datetime | None = None
    """When its episodes and files were last read."""
    packs: Mapping[str, PackMap] = {}
    """Torrent hash -> what its file list holds, for live downloads whose list is known."""
    earlier: RequestMemory | None = None
    """The newest closed request for the same title before this one (H6)."""
    earlier_in_client: tuple[tuple[InstanceRef, str], ...] = ()
    """Downloads of that request which a client still has, and which client."""
    stale: frozenset[InstanceRef] = frozenset()
    """Instances of its pipeline whose last good answer is old."""
    awaited: frozenset[Kind] = frozenset()
    """Services that have not answered since the start while the row shows remembered states (G7)."""

    @property
    def counted(self) -> tuple[Unit, ...]:
        """Return the units of the denominator."""
        return tuple(unit for unit in self.units if unit.row is None or unit.row.counted)


class ArrView(Fact):
    """What one Sonarr or Radarr says that concerns no single request."""

    queue_at: datetime | None = None
    history_at: datetime | None = None
    clients: tuple[DownloadClient, ...] = ()
    tags: tuple[Tag, ...] = ()
    commands: tuple[Command, ...] = ()
    entries: int = 0
    entries_without_episodes: int = 0
    """Series whose episode list is empty (C9: all of them = the metadata source)."""


class ClientView(Fact):
    """What one qBittorrent says of itself; `downloading` = its unfinished, running torrents."""

    answered_at: datetime | None = None
    transfer: TransferState | None = None
    torrents: int = 0
    downloading: int = 0


class ShokoView(Fact):
    """What one Shoko says of itself. `moved_at` = when its queue last changed."""

    state: ShokoStateRead | None = None
    state_at: datetime | None = None
    moved_at: datetime | None = None
    folders: tuple[ShokoFolder, ...] | None = None
    bans: tuple[AniDbBan, ...] = ()
    series: Mapping[int, ShokoSeries | None] = {}
    episodes: Mapping[int, tuple[ShokoEpisode, ...]] = {}
    series_with_own: Mapping[int, bool] = {}
    """Series all of whose files were read -> whether one of them belongs to no other series."""


class Look(Fact):
    """What Jellyfin's process sees at a path; `listed` = `entries` was asked for, None then: no such folder.

    `checked` = whether it exists was asked by itself, and agrees with the listing.
    """

    at: datetime
    exists: bool | None
    checked: bool = False
    listed: bool = False
    entries: tuple[DirectoryEntry, ...] | None = None


class Preview(Fact):
    """What Shokofin's dry run said of one Shoko file. Neither = it is left out."""

    at: datetime
    linked: bool = False
    would: bool = False


class JellyfinView(Fact):
    """What one Jellyfin and its Shokofin say of themselves; `looks` = what its process sees, by path."""

    server: JellyfinServer | None = None
    plugins: tuple[Plugin, ...] | None = None
    libraries: tuple[Library, ...] | None = None
    tasks: tuple[ScheduledTask, ...] = ()
    shokofin: ShokofinRead | None = None
    looks: Mapping[str, Look] = {}
    previews: Mapping[int, Preview] = {}
    """Shoko file -> what the dry run said of it that the user last asked for."""
    refreshes: tuple[Refreshed, ...] = ()
    """By the user, the oldest first."""


class Surroundings(Fact):
    """The services around all requests at one instant: for rules whose cause is not one request's."""

    now: datetime
    setup: Setup
    services: tuple[ServiceRow, ...] = ()
    down: frozenset[InstanceRef] = frozenset()
    """Instances whose last exchanges failed: two in a row, or the only one there was."""
    failed_since: Mapping[InstanceRef, datetime] = {}
    heard_at: Mapping[InstanceRef, datetime] = {}
    """When each began to answer: first of all, or after a failure."""
    clock_offsets: Mapping[InstanceRef, int] = {}
    """HTTP `Date` minus local clock, whole seconds."""
    checks: Mapping[InstanceRef, tuple[HealthCheck, ...]] = {}
    """What each instance complains about itself, where it complains at all."""
    arrs: Mapping[InstanceRef, ArrView] = {}
    clients: Mapping[InstanceRef, ClientView] = {}
    shokos: Mapping[InstanceRef, ShokoView] = {}
    jellyfins: Mapping[InstanceRef, JellyfinView] = {}
    vanished: tuple[Vanished, ...] = ()

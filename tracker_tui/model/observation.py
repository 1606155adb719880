"""What one successful call to one instance taught us: the only input of reconcile besides memory and the time.

An `Observation` is a fact about an instance at an instant; applying it twice changes nothing. A failed call is
a `CallFailed`: it says something about the service, never about the media (R3).
"""

from datetime import datetime

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
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import (
    DirectoryEntry,
    JellyfinItem,
    JellyfinServer,
    Library,
    PathSeen,
    Plugin,
    ScheduledTask,
    ShokofinConfig,
    SignalRStatus,
)
from tracker_tui.model.record import Fact
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.seerr import SeerrCounts, SeerrRequest, SeerrServer, SeerrTitle
from tracker_tui.model.shoko import (
    AniDbBan,
    Connectivity,
    Job,
    ShokoEpisode,
    ShokoFile,
    ShokoFolder,
    ShokoQueue,
    ShokoSeries,
    ShokoServer,
)
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import SafeText
from tracker_tui.model.torrents import Torrent, TorrentFile, TransferState


class Identified(Fact):
    """The server said who it is: at start and after each reconnect. `note`: e.g. Overseerr, Jellyseerr, Seerr."""

    version: SafeText | None
    """None = it answers, but does not say (Seerr without internet)."""
    note: SafeText | None = None


class SeriesListed(Fact):
    """The whole `/series` list: what is not in it does not exist."""

    series: tuple[Series, ...]


class SeriesRead(Fact):
    """One series with, as far as asked, all its episodes and files. `series` None = 404, gone."""

    series_id: int
    series: Series | None
    episodes: tuple[Episode, ...] | None = None
    files: tuple[MediaFile, ...] | None = None


class MoviesListed(Fact):
    """The whole `/movie` list."""

    movies: tuple[Movie, ...]


class MovieRead(Fact):
    """One film. `movie` None = 404, gone."""

    movie_id: int
    movie: Movie | None


class QueueRead(Fact):
    """The whole queue, unknown and pending items included."""

    records: tuple[QueueRecord, ...]


class HistoryRead(Fact):
    """History events to be merged by id (order and repetition do not matter).

    `since` = everything after that server time is included; None for a targeted answer (one series or film).
    """

    records: tuple[HistoryRecord, ...]
    since: datetime | None = None


class CommandsRead(Fact):
    """Running and recent commands."""

    commands: tuple[Command, ...]


class HealthRead(Fact):
    """All standing complaints of the server."""

    checks: tuple[HealthCheck, ...]


class ArrSetupRead(Fact):
    """Tags and download clients."""

    tags: tuple[Tag, ...]
    clients: tuple[DownloadClient, ...]


class TorrentsRead(Fact):
    """A change of the torrent list, already merged: `changed` are whole torrents. `full` = nothing else exists."""

    full: bool
    changed: tuple[Torrent, ...]
    removed: tuple[str, ...]
    transfer: TransferState


class TorrentFilesRead(Fact):
    """The file list of one torrent; () before metadata, None = the client does not know the hash (404)."""

    hash: str
    files: tuple[TorrentFile, ...] | None


class ShokoStateRead(Fact):
    """Start-up state, AniDB connectivity and queue; None = not offered by this version, or not readable.

    `unread` = what could not be read, and why: ("queue", "the server failed (500)").
    """

    server: ShokoServer
    connectivity: Connectivity | None = None
    queue: ShokoQueue | None = None
    unread: tuple[tuple[str, str], ...] = ()


class ShokoFoldersRead(Fact):
    """All import folders."""

    folders: tuple[ShokoFolder, ...]


class ShokoLookup(Fact):
    """The answer to "which file is this path": `tail` is its `lookup_tail`, `hits` all files found, unranked.

    Where nothing ends with the whole tail, the hits end with the last two names of it, or only with the file name.
    """

    tail: SafeText
    hits: tuple[ShokoFile, ...]


class ShokoFilesRead(Fact):
    """Answers of file look-ups made together."""

    lookups: tuple[ShokoLookup, ...]


class ShokoSeriesFilesRead(Fact):
    """All files linked to one Shoko series, ignored ones too. `files` None = 404."""

    series_id: int
    files: tuple[ShokoFile, ...] | None


class ShokoKinRead(Fact):
    """Shoko's series of one title. `title` = the asker's own name for it."""

    title: str
    series: tuple[int, ...]


class ShokoJobsRead(Fact):
    """The items of the queue, running, waiting and blocked ones, as far as read. `complete` = there are no others."""

    jobs: tuple[Job, ...]
    complete: bool


class ShokoSeriesRead(Fact):
    """One Shoko series with, as far as asked, its episodes. `series` None = 404."""

    series_id: int
    series: ShokoSeries | None
    episodes: tuple[ShokoEpisode, ...] | None = None


class ShokoBansRead(Fact):
    """AniDB bans (5.2+)."""

    bans: tuple[AniDbBan, ...]


class ItemsListed(Fact):
    """Every item of `types` in `library_id` (None = in the whole server): what is not in it does not exist.

    Polling lists ("Series", "Movie") only: episodes come from `SeriesItemsRead` of the series that matter and from
    `ItemsChanged`, so that the cost follows what is in flight.
    """

    items: tuple[JellyfinItem, ...]
    library_id: str | None = None
    types: tuple[str, ...] = ("Series", "Movie", "Episode", "Video")


class ItemsChanged(Fact):
    """Items of the delta feed: new or changed; silent about the rest."""

    items: tuple[JellyfinItem, ...]


class ItemsProbed(Fact):
    """The answer to a question by id: asked ids that are not among `items` do not exist (or have no file)."""

    asked: tuple[str, ...]
    items: tuple[JellyfinItem, ...]


class SeriesItemsRead(Fact):
    """All playable episodes below one Jellyfin series: what is not in it is not playable there."""

    series_item_id: str
    items: tuple[JellyfinItem, ...]


class JellyfinSetupRead(Fact):
    """Server and plugins; `plugins` None = the list could not be read, which says nothing about any plugin."""

    server: JellyfinServer
    plugins: tuple[Plugin, ...] | None


class LibrariesRead(Fact):
    """All virtual folders, with their scan state."""

    libraries: tuple[Library, ...]


class TasksRead(Fact):
    """Scheduled tasks of interest (the library scan, Shokofin's own)."""

    tasks: tuple[ScheduledTask, ...]


class ShokofinRead(Fact):
    """What Shokofin says of itself; None = could not be read or not offered (404 is never "disconnected")."""

    signalr: SignalRStatus | None = None
    config: ShokofinConfig | None = None
    host_version: SafeText | None = None
    host_reachable: bool | None = None
    """False = the plugin answered that it cannot reach Shoko (500, 502)."""
    unread: tuple[tuple[str, str], ...] = ()
    """What should have been readable and was not, and why: ("folder mapping", "the server failed (500)")."""


class PathsSeen(Fact):
    """Which files and folders Jellyfin's process sees."""

    paths: tuple[PathSeen, ...]


class DirectoryRead(Fact):
    """What a folder holds for Jellyfin's process; `entries` None = it does not exist for it."""

    path: SafeText
    entries: tuple[DirectoryEntry, ...] | None


class Previewed(Fact):
    """What Shokofin's dry run said of some Shoko files, by id, when the user had it asked."""

    linked: frozenset[int] = frozenset()
    """In the virtual folder already."""
    would: frozenset[int] = frozenset()
    """A generation would link them."""
    left_out: frozenset[int] = frozenset()


class RefreshesNoted(Fact):
    """The user's refreshes of this Jellyfin, by any process: our own word, no answer of the server."""

    refreshes: tuple[Refreshed, ...]


class RequestCountsRead(Fact):
    """Seerr's request counts."""

    counts: SeerrCounts


class RequestsListed(Fact):
    """Requests. `complete` = every request younger than `since` (None: of all time) that exists is in it."""

    requests: tuple[SeerrRequest, ...]
    complete: bool
    since: datetime | None = None


class RequestRead(Fact):
    """One request. `request` None = 404, gone."""

    request_id: int
    request: SeerrRequest | None


class TitlesRead(Fact):
    """Titles that Seerr looked up."""

    titles: tuple[SeerrTitle, ...]


class SeerrServersRead(Fact):
    """Seerr's own numbers of the Sonarr and Radarr servers."""

    servers: tuple[SeerrServer, ...]


class CallFailed(Fact):
    """A call gave no usable answer. Changes no media state; texts are free of secrets."""

    status: ServiceStatus
    message: SafeText
    fix: SafeText | None = None
    retry_after_s: int | None = None
    wrong_service: bool = False
    """Somebody else answers at this address."""
    final: bool = False
    """Nobody asks again, as in a snapshot: it is believed at once."""


Payload = (
    Identified
    | SeriesListed
    | SeriesRead
    | MoviesListed
    | MovieRead
    | QueueRead
    | HistoryRead
    | CommandsRead
    | HealthRead
    | ArrSetupRead
    | TorrentsRead
    | TorrentFilesRead
    | ShokoStateRead
    | ShokoFoldersRead
    | ShokoFilesRead
    | ShokoSeriesFilesRead
    | ShokoKinRead
    | ShokoJobsRead
    | ShokoSeriesRead
    | ShokoBansRead
    | ItemsListed
    | ItemsChanged
    | ItemsProbed
    | SeriesItemsRead
    | JellyfinSetupRead
    | LibrariesRead
    | TasksRead
    | ShokofinRead
    | PathsSeen
    | DirectoryRead
    | Previewed
    | RefreshesNoted
    | RequestCountsRead
    | RequestsListed
    | RequestRead
    | TitlesRead
    | SeerrServersRead
    | CallFailed
)


class Observation(Fact):
    """`payload` as answered by `ref`, received at `at` (the program's corrected now, SPEC 2.1.8; aware UTC)."""

    ref: InstanceRef
    at: datetime
    payload: Payload
    latency_ms: float | None = None
    clock_offset_s: int | None = None
    """HTTP `Date` minus local clock, whole seconds; None where the answer had no usable Date."""
    skipped: int = 0
    """Records of this answer that could not be decoded."""
    beside_failure: bool = False
    """The service as a whole gives no answer that counts (it is starting, ...): this one says nothing of its health."""

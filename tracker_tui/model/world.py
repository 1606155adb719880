"""The world: what every view shows. Computed as one snapshot, so rows and counters always agree (invariant 1)."""

from datetime import datetime

from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import SafeText


class Evidence(Fact):
    """One observed fact behind a verdict."""

    service: Kind
    fact: str
    value: str
    observed_at: datetime | None = None
    instance: str | None = None


class Diagnosis(Fact):
    """A verdict: stable code, one plain sentence naming service and value, evidence, one next step."""

    code: str
    attention: Attention
    message: str
    next_step: str | None = None
    evidence: tuple[Evidence, ...] = ()
    phrase: "Phrase | None" = None
    """The clause that takes the place of the waiting clause in the summary, if this verdict explains the wait."""


class TimelineEntry(Fact):
    """Something that happened, with the true time of the service that knows it."""

    at: datetime
    state: State
    service: Kind
    text: str


class Phrase(Fact):
    """One clause of a summary as data; `present` owns the words. `code` is its key there, the rest its numbers."""

    code: str
    n: int | None = None
    of: int | None = None
    fraction: float | None = None
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    seconds: int | None = None
    at: datetime | None = None
    text: str | None = None


class EpisodeRow(Fact):
    """An episode as shown. `progress` is of its own file, 4 decimals; `torrents` are client hashes or download ids."""

    season: int
    number: int
    state: State
    counted: bool
    absolute: int | None = None
    title: SafeText | None = None
    progress: float | None = None
    progress_is_estimate: bool = False
    air_at: datetime | None = None
    quality: SafeText | None = None
    torrents: tuple[str, ...] = ()
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    eta_s: int | None = None
    note: str | None = None
    since: datetime | None = None
    """When it entered its state, as far as known."""
    flags: tuple[Flag, ...] = ()
    attention: Attention = Attention.NONE
    diagnoses: tuple[Diagnosis, ...] = ()


class SeasonRow(Fact):
    """A season as shown; specials are season 0. `ready` and `total` count counted episodes only."""

    number: int
    state: State
    ready: int
    total: int
    progress: float | None = None
    speed_bytes_s: int | None = None
    eta_s: int | None = None
    phrases: tuple[Phrase, ...] = ()
    attention: Attention = Attention.NONE
    diagnoses: tuple[Diagnosis, ...] = ()
    episodes: tuple[EpisodeRow, ...] = ()


class Release(Fact):
    """A torrent or usenet download of a request, for the details pane."""

    id: str
    """The client's hash (lower case) or the download id."""
    title: SafeText | None = None
    state_word: SafeText | None = None
    progress: float | None = None
    size_bytes: int | None = None
    indexer: SafeText | None = None
    quality: SafeText | None = None
    group: SafeText | None = None
    client: InstanceRef | None = None
    files: tuple[tuple[SafeText, float], ...] = ()
    """Name and progress of the wanted files."""


class RequestIds(Fact):
    """Ids of a request in every service; numeric ids of Sonarr and Radarr are per instance name."""

    tmdb: int | None = None
    tvdb: int | None = None
    imdb: SafeText | None = None
    sonarr: tuple[tuple[str, int], ...] = ()
    radarr: tuple[tuple[str, int], ...] = ()
    shoko_series: tuple[int, ...] = ()
    jellyfin: tuple[str, ...] = ()


class RequestRow(Fact):
    """A media request as shown; `phrases` is its summary line as data."""

    id: RequestId
    title: SafeText
    state: State
    original_title: SafeText | None = None
    titles: tuple[SafeText, ...] = ()
    """Every title it is known by, for the filter."""
    year: int | None = None
    is_movie: bool = False
    is_4k: bool = False
    anime: bool | None = None
    partial: bool = False
    attention: Attention = Attention.NONE
    phrases: tuple[Phrase, ...] = ()
    progress: float | None = None
    ready: int = 0
    total: int = 0
    counts: tuple[tuple[State, int], ...] = ()
    """Counted episodes per state; sums to `total`."""
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    eta_s: int | None = None
    eta_watchable_s: tuple[int, int] | None = None
    flags: tuple[Flag, ...] = ()
    requested_by: SafeText | None = None
    requested_at: datetime | None = None
    seasons_requested: tuple[int, ...] = ()
    instance: InstanceRef | None = None
    """The Sonarr or Radarr that handles it."""
    ids: RequestIds = RequestIds()
    quality: SafeText | None = None
    torrents: tuple[str, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    seasons: tuple[SeasonRow, ...] = ()
    releases: tuple[Release, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    since: datetime | None = None
    available_at: datetime | None = None


class Problem(Fact):
    """A cause that stands once for a service, a library or a client, not per episode.

    `kind` None = it lies with this program itself, as its configuration does; `scope` then says where.
    """

    diagnosis: Diagnosis
    kind: Kind | None
    name: str | None = None
    scope: str | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """Return whom it concerns, in words: the service, its name where it has one of its own, and the scope."""
        kind = self.kind
        words = (
            [self.scope] if kind is None else [kind.title, self.name if self.name != kind.value else None, self.scope]
        )
        return tuple(word for word in words if word)


class Unassigned(Fact):
    """A torrent or queue record of Sonarr's or Radarr's categories that belongs to nothing known."""

    kind: str
    """torrent or queue."""
    name: SafeText
    hash: str | None = None
    reason: str = ""
    candidate: RequestId | None = None
    next_step: str | None = None
    client: InstanceRef | None = None
    """Where a torrent is."""


class ServiceRow(Fact):
    """One configured instance, or one kind that is not configured (`name` None)."""

    kind: Kind
    name: str | None
    status: ServiceStatus
    version: SafeText | None = None
    latency_ms: float | None = None
    last_ok_at: datetime | None = None
    stale: bool = False
    error: SafeText | None = None
    fix: SafeText | None = None
    wrong_service: bool = False
    """Something else than this service answers at its address."""
    interval_s: float | None = None
    listed: bool = True
    """Whether it has told in this run what there is to follow, if it tells such: requests, series or films."""

    @property
    def title(self) -> str:
        """Return how people read it: "Sonarr", or "Sonarr 4k" where it has a name of its own."""
        return self.kind.titled(self.name)


class Counts(Fact):
    """Numbers of the header, before any filter (SPEC 2.1.10)."""

    in_progress: int = 0
    ready: int = 0
    attention: int = 0


class World(Fact):
    """One consistent snapshot."""

    generated_at: datetime
    simulated: bool = False
    remembered_at: datetime | None = None
    """When what is remembered of earlier runs was written; None: nothing is."""
    services: tuple[ServiceRow, ...] = ()
    counts: Counts = Counts()
    requests: tuple[RequestRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()

"""What outlives a process: the durable facts of each request, one document per request (SPEC 7).

All types encode to JSON with msgspec and compare by value, so that "nothing durable changed" is one comparison.
Speeds, ETAs and per-tick percentages never appear here; `progress` is the last known one and rides along with the next
durable change.
"""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.ids import RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import Evidence, RequestIds, TimelineEntry


class Gone(Fact, omit_defaults=True):
    """A fact that one successful answer no longer showed: `fact` is item, file, torrent, entry or request (R3)."""

    fact: str
    since: datetime


class EpisodeMemory(Fact, omit_defaults=True):
    """The last accepted verdict about one episode, or about the film (season and number 0)."""

    season: int
    number: int
    state: State
    step: str = ""
    """The sub-state of `ladder.Step`, so that a restart shows the same words."""
    since: datetime | None = None
    counted: bool = True
    progress: float | None = None
    estimate: bool = False
    lost: float | None = None
    """How far a download had come that is gone now."""
    downloads: tuple[str, ...] = ()
    """Client hashes or download ids, lower case, newest first."""
    usenet: bool = False
    """They are usenet's: no torrents."""
    file_id: int | None = None
    item_id: str | None = None
    """The Jellyfin item that made it AVAILABLE."""
    ready_at: datetime | None = None
    """When it was first seen in Jellyfin, else its import."""
    missed: bool = False
    """Jellyfin was asked and did not have it yet: when it comes, it comes under our eyes."""
    witnessed: bool = False
    """`ready_at` is when it was seen to appear, not its import."""
    gone: tuple[Gone, ...] = ()
    absolute: int | None = None
    title: SafeText | None = None
    air_at: datetime | None = None
    quality: SafeText | None = None
    size_bytes: int | None = None
    note: str | None = None
    evidence: tuple[Evidence, ...] = ()


class RequestMemory(Fact, omit_defaults=True):
    """Everything needed to show a request before any service has answered, and to judge later answers about it."""

    id: RequestId
    title: SafeText
    is_movie: bool
    state: State
    first_seen_at: datetime
    since: datetime | None = None
    available_at: datetime | None = None
    closed_at: datetime | None = None
    """When it became AVAILABLE, DECLINED or REMOVED; None while open."""
    original_title: SafeText | None = None
    titles: tuple[SafeText, ...] = ()
    year: int | None = None
    is_4k: bool = False
    anime: bool | None = None
    requested_by: SafeText | None = None
    decided_by: SafeText | None = None
    """Who declined it."""
    requested_at: datetime | None = None
    seasons_requested: tuple[int, ...] = ()
    instance: str | None = None
    """Name of the Sonarr or Radarr that handles it."""
    arr_id: int | None = None
    """Its series or film id there."""
    ids: RequestIds = RequestIds()
    already_there: bool = False
    """It was playable in the first look after the request: nothing had to be fetched (C11)."""
    gone: tuple[Gone, ...] = ()
    library: str | None = None
    """The Jellyfin library that held its items."""
    removed_from: str | None = None
    """The service whose confirmed absence made it REMOVED."""
    torrents: tuple[str, ...] = ()
    """All that were ever seen to be its own: the client may keep one for longer than the title lives (H6)."""
    episodes: tuple[EpisodeMemory, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()


class LibraryMemory(Fact, omit_defaults=True):
    """How many items a Jellyfin library held; `emptied_at` while it answers with none (F11)."""

    instance: str
    key: str
    count: int
    emptied_at: datetime | None = None


class ClockMemory(Fact, omit_defaults=True):
    """By how many minutes an instance's clock was found to run ahead: events keep the times they were told with."""

    instance: str
    ahead_min: int


class CommonMemory(Fact, omit_defaults=True):
    """Durable facts that belong to no single request."""

    libraries: tuple[LibraryMemory, ...] = ()
    clocks: tuple[ClockMemory, ...] = ()


class Memory(Fact):
    """All documents, as loaded from the store. `saved_at` = when the newest of them was written, for the age mark."""

    requests: Mapping[RequestId, RequestMemory] = {}
    common: CommonMemory = CommonMemory()
    saved_at: datetime | None = None

"""Facts of qBittorrent (Web API 2.8 to 2.16). Sentinels (-1, 8640000, 0-as-never) are already None here."""

from datetime import datetime
from enum import StrEnum

from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText


class TorrentState(StrEnum):
    """Our own state table over both vocabularies (4.x paused*, 5.x stopped*); `state_word` keeps the raw word."""

    METADATA = "metadata"  # metaDL, forcedMetaDL
    QUEUED = "queued"  # queuedDL
    DOWNLOADING = "downloading"  # downloading, forcedDL, allocating
    STALLED = "stalled"  # stalledDL
    CHECKING = "checking"  # checkingDL
    STOPPED = "stopped"  # pausedDL, stoppedDL: unfinished
    MOVING = "moving"
    COMPLETE = "complete"  # uploading, stalledUP, queuedUP, forcedUP, pausedUP, stoppedUP
    CHECKING_COMPLETE = "checking_complete"  # checkingUP
    RESUMING = "resuming"  # checkingResumeData: all numbers are placeholders
    MISSING_FILES = "missing_files"
    ERROR = "error"
    UNKNOWN = "unknown"


class Torrent(Fact):
    """One torrent. Speeds in bytes/s, `progress` 0..1 of the wanted bytes, None before metadata is known."""

    hash: str
    """The client's own id, lower case (for hybrid and v2 torrents the first 40 digits of v2)."""
    ids: tuple[str, ...]
    """Every id another service may use, lower case: hash, infohash_v1, infohash_v2, first 40 digits of v2."""
    name: SafeText
    state: TorrentState
    state_word: SafeText
    progress: float | None = None
    size_bytes: int | None = None
    """Wanted bytes; None before metadata."""
    left_bytes: int | None = None
    completed_bytes: int | None = None
    speed_bytes_s: int | None = None
    """Only while transferring; None otherwise (the client leaves stale values in `error`)."""
    eta_s: int | None = None
    category: SafeText | None = None
    tags: tuple[SafeText, ...] = ()
    save_path: SafeText | None = None
    content_path: SafeText | None = None
    added_at: datetime | None = None
    completed_at: datetime | None = None
    last_activity_at: datetime | None = None
    seeds: int | None = None
    seeds_total: int | None = None
    peers: int | None = None
    availability: float | None = None
    """Distributed copies; below 1 the present peers cannot complete it; None when complete or unknown."""
    queue_position: int | None = None

    @property
    def complete(self) -> bool:
        """Return whether all wanted data is there and in place (`downloading` at 1.0 before a move is not)."""
        return self.state is TorrentState.COMPLETE and self.progress == 1 and not self.left_bytes


class TorrentFile(Fact):
    """A file of a torrent; `name` is relative to the save path ("/" separators), `progress` whole verified pieces."""

    index: int
    name: SafeText
    size_bytes: int
    progress: float
    wanted: bool = True


class TransferState(Fact):
    """The client as a whole, from `server_state`."""

    connection: SafeText | None = None
    """connected, firewalled or disconnected."""
    free_bytes: int | None = None
    queueing: bool | None = None

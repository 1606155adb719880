"""The verdict about one episode or film: its state, the step inside it, the evidence and the numbers."""

from datetime import datetime
from enum import StrEnum

from tracker_tui.model.record import Fact
from tracker_tui.model.states import Flag, State
from tracker_tui.model.world import Evidence


class Step(StrEnum):
    """The sub-state: what exactly happens, or is waited for, inside a state."""

    UPCOMING = "upcoming"  # UNAIRED; or a film before its release (APPROVED)
    WANTED = "wanted"  # PENDING: monitored, nothing grabbed
    SEARCHING = "searching"  # PENDING: a search is queued or running
    UNMONITORED = "unmonitored"  # PENDING or SKIPPED: Sonarr/Radarr will not search it
    REMOVED = "removed"  # PENDING: its download is gone
    DELETED = "deleted"  # PENDING: its file was deleted
    DESELECTED = "deselected"  # PENDING: its file is not selected in the client
    FAILED = "failed"  # FAILED: the newest download failed, nothing newer
    GRABBED = "grabbed"  # GRABBING: the client does not show it yet
    QUEUED = "queued"  # GRABBING: waits in the client
    DELAYED = "delayed"  # GRABBING: Sonarr/Radarr holds it back
    UNSENT = "unsent"  # GRABBING: Sonarr/Radarr cannot reach its download client
    METADATA = "metadata"  # DOWNLOADING: and so the next ones
    TRANSFER = "transfer"
    STALLED = "stalled"
    CHECKING = "checking"
    MOVING = "moving"
    PAUSED = "paused"
    ERROR = "error"
    MISSING_FILES = "missing_files"
    UNKNOWN = "unknown"
    COMPLETE = "complete"  # DOWNLOADED: all data of its download
    FILE_COMPLETE = "file_complete"  # DOWNLOADED: its own file, inside a download that goes on
    IMPORT_PENDING = "import_pending"  # DOWNLOADED: Sonarr/Radarr is about to import
    IMPORT_BLOCKED = "import_blocked"  # DOWNLOADED: it refuses to
    IMPORTS = "imports"  # IMPORTING: the queue says so
    IMPORTED = "imported"  # IMPORTING: the file is in place, Jellyfin lacks it
    UNASKED = "unasked"  # ANIME_MATCHING: Shoko has not answered about the file
    NOT_SEEN = "not_seen"  # ANIME_MATCHING: and so the next ones, in Shoko's order
    HASHING = "hashing"
    IDENTIFYING = "identifying"
    LIMBO = "limbo"
    MATCHED = "matched"
    IGNORED = "ignored"
    INACCESSIBLE = "inaccessible"
    UNRECOGNISED = "unrecognised"  # MATCH_FAILED
    PLAYABLE = "playable"  # AVAILABLE: found in Jellyfin
    INCOMPLETE = "incomplete"  # AVAILABLE: found in Jellyfin, but its files hold only part of it (B9)
    REPLACED = "replaced"  # AVAILABLE: its file was replaced, Jellyfin has not taken the new one up yet
    UNCHECKED = "unchecked"  # AVAILABLE: no Jellyfin is configured


class Lowering(StrEnum):
    """A named reason why an episode may fall back without waiting for a second look (R3)."""

    FAILED = "failed"
    DELETED = "deleted"
    IGNORED = "ignored"


class Verdict(Fact):
    """State and step of one episode or film, and what they rest on."""

    state: State
    step: Step
    progress: float | None = None
    """Of its own file, 0..1, unrounded."""
    estimate: bool = False
    """`progress` is that of the download, or comes from Sonarr's/Radarr's queue."""
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    """Of its download while it transfers; several episodes of a pack carry the same one: never sum over episodes."""
    eta_s: int | None = None
    at: datetime | None = None
    """When a service says this stage began; None where no service knows."""
    downloads: tuple[str, ...] = ()
    """Hashes or download ids of the live downloads, newest first."""
    file_id: int | None = None
    item_id: str | None = None
    upgrade: float | None = None
    """Progress of a download that will replace a file that is there."""
    upgrading: bool = False
    upgrade_blocked: bool = False
    """That download is complete, and Sonarr or Radarr refuses to take it."""
    word: str | None = None
    """A state word of the client we do not know, or the message of a failure."""
    note: str | None = None
    lost: float | None = None
    """How far a download had come that is gone now."""
    lowering: Lowering | None = None
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()

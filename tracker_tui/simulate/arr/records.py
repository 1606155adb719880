"""What a simulated Sonarr or Radarr remembers beside its library: downloads, history, commands, complaints."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker_tui.model.arr import HistoryKind

type Json = dict[str, object]


@dataclass
class Download:
    """A download as the server sees it; one queue record per item (episode or film), or one when it knows none."""

    title: str
    size: int
    added_at: datetime
    item_ids: list[int]
    download_id: str | None = None
    """As the server writes it (torrents: upper-case info-hash); None = still pending, no client has it."""
    left: int = 0
    status: str = "downloading"
    tracked_status: str | None = "ok"
    tracked_state: str | None = "downloading"
    messages: list[tuple[str, list[str]]] = field(default_factory=list)
    error_message: str | None = None
    eta: timedelta | None = None
    output_path: str | None = None
    protocol: str = "torrent"
    client: str = "qBittorrent"
    indexer: str = "Nyaa (Prowlarr)"
    quality: str = "WEBDL-1080p"
    release_group: str = "Grp"
    imported: set[int] = field(default_factory=set)


@dataclass
class HistoryRow:
    """One event of one item; `data` holds strings or None, as the servers keep it."""

    id: int
    at: datetime
    kind: HistoryKind
    item_id: int
    parent_id: int | None
    source_title: str
    download_id: str | None
    quality: str
    data: dict[str, str | None]


@dataclass
class Command:
    """A command: started at once, done `takes` later, listed five minutes more."""

    id: int
    name: str
    body: Json
    queued_at: datetime
    takes: timedelta
    trigger: str = "manual"
    message: str | None = None
    failed: bool = False

    @property
    def ends_at(self) -> datetime:
        """Return when it is done."""
        return self.queued_at + self.takes


@dataclass
class Complaint:
    """A record of `/health`."""

    source: str
    severity: str
    message: str


@dataclass
class Client:
    """A configured download client."""

    id: int = 1
    name: str = "qBittorrent"
    implementation: str = "QBittorrent"
    protocol: str = "torrent"
    host: str = "qbittorrent"
    port: int = 8080
    category: str = "tv-sonarr"
    imported_category: str | None = None
    enabled: bool = True
    removes_completed: bool = True


@dataclass
class MediaFile:
    """A file in the library; in Sonarr several episodes may share it."""

    id: int
    path: str
    size: int
    added_at: datetime
    quality: str = "WEBDL-1080p"
    release_group: str | None = "Grp"
    scene_name: str | None = None


@dataclass
class Release:
    """What an indexer offers for an item."""

    title: str
    size: int = 1 << 30
    seeders: int = 10
    rejections: tuple[str, ...] = ()
    quality: str = "WEBDL-1080p"
    indexer: int = 1

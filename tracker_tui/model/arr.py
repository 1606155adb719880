"""Facts of Sonarr and Radarr (API v3), in their own words.

Enumerations stay text (`status`, `tracked_state`, ...), lower-cased: next year's word is shown, not dropped.
Times are aware UTC, sizes bytes. `download_id` is verbatim (torrents: upper-case info-hash); compare by `download_key`.
"""

from datetime import datetime
from enum import StrEnum

from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText


class SeasonFacts(Fact):
    """A season as listed inside a Sonarr series."""

    number: int
    monitored: bool | None = None
    episode_count: int | None = None
    total_episode_count: int | None = None
    episode_file_count: int | None = None


class Series(Fact):
    """A Sonarr series. `tags` are ids of this instance."""

    id: int
    title: SafeText
    titles: tuple[SafeText, ...] = ()
    """Every other known title (alternate, original)."""
    year: int | None = None
    tvdb_id: int | None = None
    tmdb_id: int | None = None
    imdb_id: SafeText | None = None
    series_type: SafeText | None = None
    path: SafeText | None = None
    root_folder: SafeText | None = None
    monitored: bool | None = None
    tags: tuple[int, ...] = ()
    added_at: datetime | None = None
    slug: SafeText | None = None
    seasons: tuple[SeasonFacts, ...] = ()
    episode_file_count: int | None = None
    total_episode_count: int | None = None
    size_on_disk: int | None = None


class Episode(Fact):
    """A Sonarr episode; `file_id` is None without a file."""

    id: int
    series_id: int
    season: int
    number: int
    absolute: int | None = None
    tvdb_id: int | None = None
    title: SafeText | None = None
    air_at: datetime | None = None
    monitored: bool | None = None
    has_file: bool = False
    file_id: int | None = None
    last_search_at: datetime | None = None
    scene_season: int | None = None
    scene_number: int | None = None
    scene_absolute: int | None = None


class MediaFile(Fact):
    """An imported file: Sonarr's episodefile (one file may serve several episodes) or Radarr's moviefile."""

    id: int
    path: SafeText | None = None
    size_bytes: int | None = None
    added_at: datetime | None = None
    quality: SafeText | None = None
    release_group: SafeText | None = None
    scene_name: SafeText | None = None


class Movie(Fact):
    """A Radarr film. `has_file` None = the server did not say."""

    id: int
    title: SafeText
    titles: tuple[SafeText, ...] = ()
    original_title: SafeText | None = None
    year: int | None = None
    tmdb_id: int | None = None
    imdb_id: SafeText | None = None
    monitored: bool | None = None
    has_file: bool | None = None
    is_available: bool | None = None
    """Released by the film's minimum availability: only then Radarr searches."""
    release_at: datetime | None = None
    status: SafeText | None = None
    path: SafeText | None = None
    root_folder: SafeText | None = None
    tags: tuple[int, ...] = ()
    added_at: datetime | None = None
    last_search_at: datetime | None = None
    slug: SafeText | None = None
    file: MediaFile | None = None


class StatusMessage(Fact):
    """One entry of `statusMessages`: the release or file it speaks of, and the server's words verbatim."""

    title: SafeText | None
    messages: tuple[SafeText, ...]


class QueueRecord(Fact):
    """A record of `queue/details`: one per episode (Sonarr) or film (Radarr); several share a `download_id`.

    `status`: queued paused downloading completed failed warning delay downloadClientUnavailable ...;
    `tracked_state`: downloading importBlocked importPending importing imported failedPending failed ignored;
    `tracked_status`: ok warning error. All lower-cased here. Never sum sizes over records of one download.
    """

    id: int
    title: SafeText | None = None
    series_id: int | None = None
    episode_id: int | None = None
    season: int | None = None
    movie_id: int | None = None
    download_id: SafeText | None = None
    status: SafeText | None = None
    tracked_status: SafeText | None = None
    tracked_state: SafeText | None = None
    messages: tuple[StatusMessage, ...] = ()
    error_message: SafeText | None = None
    protocol: SafeText | None = None
    download_client: SafeText | None = None
    indexer: SafeText | None = None
    output_path: SafeText | None = None
    size_bytes: int | None = None
    left_bytes: int | None = None
    left_s: int | None = None
    estimated_at: datetime | None = None
    added_at: datetime | None = None
    quality: SafeText | None = None
    episode_has_file: bool | None = None

    @property
    def download_key(self) -> str | None:
        """Return the id to compare with hashes and history: lower case."""
        return self.download_id.lower() if self.download_id else None


class HistoryKind(StrEnum):
    """What a history event tells; the numbers differ between Sonarr and Radarr, the meaning does not."""

    GRABBED = "grabbed"
    IMPORTED = "imported"
    FAILED = "failed"
    DELETED = "deleted"
    RENAMED = "renamed"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


class HistoryRecord(Fact):
    """A history event of one episode or film. URLs and guids (they may hold keys) are never decoded."""

    id: int
    kind: HistoryKind
    at: datetime
    series_id: int | None = None
    episode_id: int | None = None
    movie_id: int | None = None
    download_id: SafeText | None = None
    source_title: SafeText | None = None
    quality: SafeText | None = None
    indexer: SafeText | None = None
    release_group: SafeText | None = None
    download_client: SafeText | None = None
    protocol: SafeText | None = None
    size_bytes: int | None = None
    message: SafeText | None = None
    reason: SafeText | None = None
    """Of a deletion: MissingFromDisk, Manual, Upgrade."""
    imported_path: SafeText | None = None
    release_type: SafeText | None = None

    @property
    def download_key(self) -> str | None:
        """Return the id to compare with hashes and queue records: lower case."""
        return self.download_id.lower() if self.download_id else None


class Command(Fact):
    """A running or recent command: searches, refreshes of new items, manual imports."""

    id: int
    name: SafeText
    status: SafeText | None = None
    result: SafeText | None = None
    message: SafeText | None = None
    series_ids: tuple[int, ...] = ()
    movie_ids: tuple[int, ...] = ()
    episode_ids: tuple[int, ...] = ()
    season: int | None = None
    is_new_item: bool = False
    queued_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Return whether it is queued or started."""
        return self.status in {"queued", "started"}


class HealthCheck(Fact):
    """A standing complaint of the server; `source` is the check's class name, `message` is localised."""

    source: SafeText
    severity: SafeText | None = None
    message: SafeText | None = None


class Tag(Fact):
    """A tag's id and label."""

    id: int
    label: SafeText


class DownloadClient(Fact):
    """A download client as Sonarr or Radarr is configured to use it (no credentials are decoded)."""

    id: int
    name: SafeText
    enabled: bool | None = None
    implementation: SafeText | None = None
    protocol: SafeText | None = None
    host: SafeText | None = None
    port: int | None = None
    category: SafeText | None = None
    imported_category: SafeText | None = None
    removes_completed: bool | None = None


class RootFolder(Fact):
    """A library folder of Sonarr or Radarr, as its own process sees it."""

    path: SafeText
    accessible: bool | None = None
    free_bytes: int | None = None


class PathMapping(Fact):
    """A remote path mapping: what a download client at `host` calls `remote` is `local` for Sonarr or Radarr."""

    host: SafeText
    remote: SafeText
    local: SafeText


class FoundRelease(Fact):
    """A release that an indexer offers, with the reasons for which the server refuses it, verbatim."""

    title: SafeText
    indexer: SafeText | None = None
    quality: SafeText | None = None
    size_bytes: int | None = None
    seeders: int | None = None
    rejections: tuple[SafeText, ...] = ()


class ReleaseSearch(Fact):
    """What the indexers offered when a person asked: Sonarr's or Radarr's own verdicts, the commonest reason first."""

    found: int
    approved: int
    rejections: tuple[tuple[SafeText, int], ...] = ()
    """Reason, verbatim, and how many of the found releases it refuses; a release may have several."""
    best: tuple[FoundRelease, ...] = ()
    """The few with the fewest reasons against them, else in the server's own order."""

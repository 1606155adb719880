"""Facts of Jellyfin (10.8 to 12) and of its Shokofin plugin (4 to 6)."""

from datetime import datetime

from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText

SCAN_KEY = "RefreshLibrary"
"""The task of the full library scan."""
CLEAR_KEY = "ShokoClearPluginCache"
"""Shokofin's task that drops what it remembers of Shoko, 4 to 6; hidden, yet listed and startable."""
CLEANUP_KEY = "ShokoCleanupVirtualRoot"
"""Shokofin's task that makes virtual folders anew where they are missing or empty."""

SHOKOFIN_ID = "5216ccbfd24a4eb38a7e7da4230b7052"
"""Shokofin's id among the plugins, all versions."""
FAULTY_SHOKOFINS = frozenset({(6, 0, 0), (6, 0, 1)})
"""Releases of Shokofin that miss new files through a timing fault; 6.0.2 repaired it."""


class JellyfinServer(Fact):
    """`System/Info`."""

    name: SafeText | None = None
    server_id: SafeText | None = None
    pending_restart: bool | None = None


class JellyfinItem(Fact):
    """A library item (Episode, Movie, Video or Series). Shoko ids come from `ProviderIds` or the VFS path's tags."""

    id: str
    type: SafeText
    name: SafeText | None = None
    path: SafeText | None = None
    location_type: SafeText | None = None
    placeholder: bool = False
    season: int | None = None
    number: int | None = None
    number_end: int | None = None
    series_id: str | None = None
    series_name: SafeText | None = None
    tvdb_id: SafeText | None = None
    tmdb_id: SafeText | None = None
    imdb_id: SafeText | None = None
    anidb_id: SafeText | None = None
    shoko_series_id: int | None = None
    shoko_group_id: int | None = None
    """Of a Series: Shokofin may merge the Shoko series of one group into it, and names only the main one."""
    shoko_episode_id: int | None = None
    shoko_file_ids: tuple[int, ...] = ()
    source_paths: tuple[SafeText, ...] | None = None
    """Paths of merged versions, where `MediaSources` was asked for."""
    created_at: datetime | None = None

    @property
    def playable(self) -> bool:
        """Return whether it has a file of its own: path, not Virtual, not a placeholder, and not a container (R4)."""
        return (
            self.type in {"Episode", "Movie", "Video"}
            and self.path is not None
            and self.location_type != "Virtual"
            and not self.placeholder
        )


class Library(Fact):
    """A virtual folder. `refresh_status`: Active, Queued or Idle; `refresh_percent` only while Active."""

    id: str | None
    name: SafeText
    locations: tuple[SafeText, ...] = ()
    collection_type: SafeText | None = None
    realtime: bool | None = None
    enabled: bool | None = None
    uses_shoko: bool | None = None
    """Whether "Shoko" is among its metadata fetchers."""
    refresh_status: SafeText | None = None
    refresh_percent: float | None = None


class ScheduledTask(Fact):
    """A scheduled task, found by `key`; those that matter are above."""

    id: str
    key: SafeText
    state: SafeText | None = None
    percent: float | None = None
    last_started_at: datetime | None = None
    last_ended_at: datetime | None = None
    last_status: SafeText | None = None
    daily_at_s: int | None = None
    """Seconds after local midnight of a DailyTrigger."""
    interval_s: int | None = None


class Plugin(Fact):
    """An installed plugin version; only `status` "Active" runs."""

    id: str
    name: SafeText
    version: SafeText | None = None
    status: SafeText | None = None


class SignalRStatus(Fact):
    """Shokofin's connection to Shoko; `state`: Disconnected, Connecting, Connected, Reconnecting."""

    usable: bool | None = None
    active: bool | None = None
    state: SafeText | None = None


class ShokofinFolder(Fact):
    """A media folder of a library and its Shoko folder (`folder_id` 0 = unmapped, negative = VFS root).

    `relative_path`: where in that Shoko folder the media folder lies, "" = it is the same folder.
    """

    library_id: str | None
    library_name: SafeText | None = None
    path: SafeText | None = None
    folder_id: int | None = None
    folder_name: SafeText | None = None
    relative_path: SafeText | None = None
    mapped: bool | None = None
    ignored: bool | None = None
    file_events: bool | None = None
    vfs: bool | None = None


class ShokofinLibrary(Fact):
    """Per-library settings of Shokofin 6; `mode`: VFS, Strict, Lax."""

    library_id: str
    name: SafeText | None = None
    mode: SafeText | None = None
    file_events: bool | None = None
    iterative: bool | None = None
    last_generated_at: datetime | None = None
    force_full_next: bool | None = None


class ShokofinConfig(Fact):
    """What the plugin configuration says, read through a whitelist (it also holds Shoko's key and user tokens)."""

    auto_connect: bool | None = None
    filter_movie_libraries: bool | None = None
    separate_movies: bool | None = None
    always_included_anidb_ids: tuple[int, ...] = ()
    library_structure: SafeText | None = None
    stalled_time_s: int | None = None
    libraries: tuple[ShokofinLibrary, ...] = ()
    folders: tuple[ShokofinFolder, ...] | None = None
    """None = the configuration has no folder list we can read."""


class DirectoryEntry(Fact):
    """A file or folder as Jellyfin's process sees it."""

    name: SafeText
    is_folder: bool


class PathSeen(Fact):
    """Whether Jellyfin's process sees a file or folder; None = it may not be asked, or does not say."""

    path: SafeText
    exists: bool | None


class VfsPreview(Fact):
    """What Shokofin would link in a library (a dry run): paths below the library's virtual root, "/" separated.

    `created`, `total`: links of any kind, videos and their subtitle files together.
    """

    library_name: SafeText | None = None
    before: tuple[SafeText, ...] = ()
    after: tuple[SafeText, ...] = ()
    total: int | None = None
    created: int | None = None
    removed: int | None = None

    @property
    def conclusive(self) -> bool:
        """Return whether a generation ran: nothing at all means a scan runs, no mapping, or folders unavailable."""
        return bool(self.before or self.after or self.total)

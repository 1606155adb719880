"""What the world wants to know next: the only thing the polling plan reads. Numbers follow what is in flight."""

from datetime import datetime
from enum import StrEnum

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact


class EntryWanted(Fact):
    """A series or film whose details (episodes, files) are missing, outdated or in doubt.

    `since` = when the need arose; `not_before` = a confirming look makes no sense earlier (R3: 60 s apart).
    """

    ref: InstanceRef
    id: int
    since: datetime
    not_before: datetime | None = None


class HistoryWanted(Fact):
    """A series or film whose past events are needed once: it became a request after the history window began."""

    ref: InstanceRef
    id: int


class FilesWanted(Fact):
    """A torrent with several episodes that is unfinished, or just finished: its file list gives their own progress."""

    ref: InstanceRef
    hash: str


class FileWanted(Fact):
    """An imported file whose match in Shoko is not known yet.

    `path` as Sonarr/Radarr name it; `late_since` = when it was imported or first found missing.
    """

    path: str
    size_bytes: int | None = None
    late_since: datetime | None = None
    shoko_place: tuple[int, str] | None = None
    """Where Shoko has it, as far as an earlier look-up told: its folder's id, and the directory in it."""


class RenamedSought(Fact):
    """A title with files that Shoko lists under no such path: it may have renamed or moved them.

    `series` = Shoko's series of the title, as far as known. `directory` = the last folders of such a file, as Sonarr or
    Radarr name them. `not_before` = until then the file is only new to Shoko.
    """

    title: str
    not_before: datetime
    series: tuple[int, ...] = ()
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    directory: str | None = None
    is_movie: bool = False


class EntrySought(Fact):
    """An approved request whose series or film is in no answer of Sonarr/Radarr: worth a look by id."""

    ref: InstanceRef
    tmdb_id: int | None = None
    tvdb_id: int | None = None


class RequestWanted(Fact):
    """A request of Seerr's that a list no longer showed; a confirming look makes no sense before `not_before`."""

    ref: InstanceRef
    id: int
    not_before: datetime


class TitleWanted(Fact):
    """A title that only Seerr knows by number."""

    ref: InstanceRef
    tmdb_id: int
    is_movie: bool


class ItemsWanted(Fact):
    """Jellyfin items that made something AVAILABLE and are missing or due for a confirming look.

    `seldom` = nothing contradicts them yet but that their file was deleted, and Jellyfin tells of no deletion.
    """

    ref: InstanceRef
    item_ids: tuple[str, ...]
    not_before: datetime | None = None
    seldom: bool = False


class LookKind(StrEnum):
    """What of Jellyfin's file system is looked at, by what the look costs."""

    FILE = "file"
    FOLDER = "folder"
    LISTING = "listing"
    """What a folder of one show or season holds."""
    INVENTORY = "inventory"
    """What a folder with all shows holds: its answer grows with the library."""


class LookWanted(Fact):
    """A path that a verdict about something late hangs on, as a Jellyfin's own process sees it."""

    ref: InstanceRef
    path: str
    kind: LookKind


class Interest(Fact):
    """Everything the plan needs to choose its questions; every list is limited to open requests."""

    moving: frozenset[InstanceRef] = frozenset()
    """Instances that have something moving for a counted item: fast cadence."""
    series: tuple[EntryWanted, ...] = ()
    movies: tuple[EntryWanted, ...] = ()
    standing: tuple[EntryWanted, ...] = ()
    """Series and films of open requests: whether they still exist is worth a look now and then."""
    sought: tuple[EntrySought, ...] = ()
    requests: tuple[RequestWanted, ...] = ()
    """Requests that Seerr's lists no longer show: asked for by number to be sure."""
    history: tuple[HistoryWanted, ...] = ()
    torrent_files: tuple[FilesWanted, ...] = ()
    shoko_files: tuple[FileWanted, ...] = ()
    """Imported anime files without a settled match."""
    shoko_series: tuple[int, ...] = ()
    """Shoko series behind matched files that Jellyfin lacks: type and TMDB links explain filters."""
    shoko_parts: tuple[int, ...] = ()
    """Shoko series of whose episodes a file holds only a part: another of their files may hold the rest (B9)."""
    shoko_renamed: tuple[RenamedSought, ...] = ()
    shoko_jobs: datetime | None = None
    """Since when some file has been in Shoko's hands while its queue holds jobs, which may be for it or not."""
    shoko_backlog: int = 0
    """Jobs in that queue: a list of them grows with it."""
    jellyfin_series: tuple[str, ...] = ()
    """Jellyfin series items whose episodes below are wanted."""
    jellyfin_items: tuple[ItemsWanted, ...] = ()
    jellyfin_sources: tuple[str, ...] = ()
    """Jellyfin items whose media sources tell which version they play (H2): not known, or not since they changed."""
    looks: tuple[LookWanted, ...] = ()
    """Of the rules, not of reconcile: paths that tell why something late does not appear."""
    titles: tuple[TitleWanted, ...] = ()
    queue_wanted: frozenset[InstanceRef] = frozenset()
    """Sonarr/Radarr instances whose queue is dirty: since it was read, a download of theirs was grabbed, appeared in
    the client, became complete or vanished."""
    orphans: tuple[str, ...] = ()
    """Hashes of torrents of Sonarr's/Radarr's categories that belong to nothing known."""

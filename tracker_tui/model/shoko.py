"""Facts of Shoko Server (API v3 of 4.2 to 6-dev), version differences already levelled."""

from datetime import datetime
from enum import StrEnum

from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText, clean_path


class ShokoServer(Fact):
    """`Init/Status`: state is Starting, Started, Failed or Waiting (first-run set-up)."""

    state: SafeText | None = None
    message: SafeText | None = None
    database_blocked: bool | None = None


class Connectivity(Fact):
    """`Init/Connectivity` (5.0+): network word (Internet, LocalOnly, ...), AniDB reachability and bans."""

    network: SafeText | None = None
    udp_banned: bool | None = None
    http_banned: bool | None = None


class JobKind(StrEnum):
    """What a job does for new files, in the order of their way."""

    SCAN = "scan"
    """It looks for them."""
    DISCOVER = "discover"
    HASH = "hash"
    NAME = "name"
    """It asks AniDB what they are."""
    LOAD = "load"
    """It fetches the data of a series."""


_JOBS = {
    "scan import folder": JobKind.SCAN,
    "scan managed folder": JobKind.SCAN,
    "scan drop folders": JobKind.SCAN,
    "discover": JobKind.DISCOVER,
    "preprocess": JobKind.DISCOVER,
    "hash": JobKind.HASH,
    "cross-reference": JobKind.NAME,
    "release information": JobKind.NAME,
    "process file": JobKind.NAME,
    "anidb anime data": JobKind.LOAD,
}
"""Parts of Shoko's own names of its jobs (5.0 to 6-dev; those of 4.2 are translated)."""


def job_kind(name: str) -> JobKind | None:
    """Return what a job of Shoko's of this name does for new files; None = nothing."""
    lower = name.lower()
    return next((kind for words, kind in _JOBS.items() if words in lower), None)


class Job(Fact):
    """A queue item; `file_tail` is only "<parent folder>/<file name>" of the file it works on."""

    type: SafeText
    file_tail: SafeText | None = None
    running: bool = False
    blocked: bool = False

    @property
    def kind(self) -> JobKind | None:
        """Return what it does for new files; None = nothing."""
        return job_kind(self.type)


class ShokoQueue(Fact):
    """`Queue` (5.0+). `by_type` maps the job type's name to its count, None where not asked or not offered.

    4.2 only counts by type: `waiting` None = this version does not tell what waits and what runs.
    """

    total: int | None = None
    waiting: int | None = None
    blocked: int | None = None
    scheduled: int | None = None
    running: tuple[Job, ...] = ()
    by_type: tuple[tuple[SafeText, int], ...] | None = None

    @property
    def types(self) -> tuple[SafeText, ...]:
        """Return the names of the jobs that run or wait, as far as they were told."""
        return (*(job.type for job in self.running), *(name for name, count in self.by_type or () if count))

    @property
    def idle(self) -> bool:
        """Return whether nothing waits and nothing runs."""
        return self.total == 0 and not self.running


class ShokoFolder(Fact):
    """An import folder (managed folder in 6): `path` is Shoko's own view of it."""

    id: int
    name: SafeText | None = None
    path: SafeText | None = None
    watched: bool | None = None
    drop_type: SafeText | None = None


class ShokoLocation(Fact):
    """Where Shoko has a file. `relative_path` has "/" separators and no leading one."""

    folder_id: int | None = None
    relative_path: SafeText | None = None
    absolute_path: SafeText | None = None
    accessible: bool | None = None


class EpisodeLink(Fact):
    """A cross-reference to an episode; `episode_id` None = AniDB knows it, Shoko has no local episode yet (limbo)."""

    episode_id: int | None = None
    anidb_id: int | None = None
    start_percent: int | None = None
    end_percent: int | None = None
    tmdb_episode_ids: tuple[int, ...] = ()
    tmdb_movie_ids: tuple[int, ...] = ()


class SeriesLink(Fact):
    """The cross-references of a file to one series; `series_id` None = limbo."""

    series_id: int | None = None
    anidb_id: int | None = None
    tmdb_movie_ids: tuple[int, ...] = ()
    episodes: tuple[EpisodeLink, ...] = ()


class ShokoFile(Fact):
    """A file Shoko knows. No links = unrecognised (if hashed)."""

    id: int
    size_bytes: int | None = None
    hashed: bool | None = None
    ignored: bool = False
    locations: tuple[ShokoLocation, ...] = ()
    links: tuple[SeriesLink, ...] = ()
    imported_at: datetime | None = None
    """When it was first matched."""
    created_at: datetime | None = None

    @property
    def matched(self) -> bool:
        """Return whether some series and all its episodes exist locally: what "matched" needs to mean anything."""
        return any(
            link.series_id is not None and link.episodes and all(ep.episode_id is not None for ep in link.episodes)
            for link in self.links
        )


class ShokoSeries(Fact):
    """A Shoko series (an AniDB anime): one Sonarr series is often several. `type` is AniDB's (TV, Movie, ...).

    `group_ids` = its group, and the topmost one above that.
    """

    id: int
    name: SafeText | None = None
    anidb_id: int | None = None
    type: SafeText | None = None
    tvdb_ids: tuple[int, ...] = ()
    tmdb_movie_ids: tuple[int, ...] = ()
    group_ids: tuple[int, ...] = ()


class ShokoEpisode(Fact):
    """A Shoko episode; `type` in the words of 5.3.1 and later: Episode, Special, Credits, Trailer, Parody, Other.

    `tvdb_ids` = TVDB's ids of the very episode, () where Shoko has none (no TMDB link).
    """

    id: int
    series_id: int | None = None
    anidb_id: int | None = None
    type: SafeText | None = None
    number: int | None = None
    title: SafeText | None = None
    hidden: bool | None = None
    tvdb_ids: tuple[int, ...] = ()


class AniDbBan(Fact):
    """`AniDB/BanStatus` (5.2+): which connection is banned, for how long (seconds), since when."""

    connection: SafeText
    banned: bool
    kind: SafeText | None = None
    duration_s: int | None = None
    since: datetime | None = None


def lookup_tail(path: str) -> SafeText:
    """Return the last three names of `path` as Shoko is asked for them, "/Show/Season 01/x.mkv"."""
    return clean_path("/" + "/".join([name for name in path.replace("\\", "/").split("/") if name][-3:]))

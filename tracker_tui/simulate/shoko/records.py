"""What a simulated Shoko holds: folders, files, links, series, episodes, jobs; and what AniDB would tell it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple


class ShokoRelease(NamedTuple):
    """A server version, as far as its API differs."""

    version: str
    api: tuple[int, int, int]
    """Comparable; 6's managed folders came with the dailies after 5.3.3."""

    @property
    def managed_folders(self) -> bool:
        """Return whether folders are managed folders."""
        return self.api >= (6, 0, 0)

    @property
    def number_enums(self) -> bool:
        """Return whether State and DropFolderType are numbers."""
        return self.api < (5, 2, 0)

    @property
    def has_queue(self) -> bool:
        """Return whether there is a queue, connectivity, and TMDB's ids as an object."""
        return self.api >= (5, 0, 0)


V4_1 = ShokoRelease("4.1.2.0", (4, 1, 2))
V4_2 = ShokoRelease("4.2.2.0", (4, 2, 2))
V5_0 = ShokoRelease("5.0.0.0", (5, 0, 0))
V5_1 = ShokoRelease("5.1.0.0", (5, 1, 0))
V5_2 = ShokoRelease("5.2.5.0", (5, 2, 5))
V5_3_0 = ShokoRelease("5.3.0.0", (5, 3, 0))
V5_3 = ShokoRelease("5.3.3.0", (5, 3, 3))
V6 = ShokoRelease("6.0.0-dev.425", (6, 0, 0))
RELEASES = (V4_2, V5_0, V5_1, V5_2, V5_3_0, V5_3, V6)


@dataclass
class SimFolder:
    """An import or managed folder; `path` is the server's view and ends with a separator."""

    id: int
    name: str
    path: str
    watched: bool = True
    drop_type: str = "None"


@dataclass
class SimLocation:
    """A place of a file; `relative_path` as stored, without leading separator."""

    id: int
    folder_id: int
    relative_path: str
    accessible: bool = True


@dataclass(frozen=True)
class SimLink:
    """A cross-reference: the part from `start` to `end` percent of an AniDB episode."""

    anime_id: int
    episode_id: int
    start: int = 0
    end: int = 100
    source: str = "AniDB"


@dataclass
class SimShokoFile:
    """A video by its content. `ed2k` None = not hashed yet."""

    id: int
    size: int
    created_at: datetime
    ed2k: str | None = None
    locations: list[SimLocation] = field(default_factory=list)
    links: list[SimLink] = field(default_factory=list)
    ignored: bool = False
    imported_at: datetime | None = None


@dataclass
class SimAnimeEpisode:
    """An episode as AniDB knows it. `type` is one of Episode, Special, Credits, Trailer, Parody, Other."""

    id: int
    number: int
    title: str = ""
    type: str = "Episode"
    air_date: str | None = "2022-07-02"
    tmdb_episodes: tuple[int, ...] = ()
    tmdb_movies: tuple[int, ...] = ()
    tvdb_episodes: tuple[int, ...] = ()


@dataclass
class SimAnime:
    """An anime as AniDB knows it, with the links to others; `shoko_id` is the number its series will get."""

    id: int
    title: str
    episodes: list[SimAnimeEpisode]
    type: str = "TV"
    tmdb_shows: tuple[int, ...] = ()
    tmdb_movies: tuple[int, ...] = ()
    tvdb: tuple[int, ...] = ()
    shoko_id: int | None = None
    first_episode_id: int | None = None
    """Shoko's number for the first episode; the others follow."""


@dataclass
class SimShokoSeries:
    """A series of the collection."""

    id: int
    anime: SimAnime
    created_at: datetime


@dataclass
class SimShokoEpisode:
    """An episode of a series of the collection."""

    id: int
    series_id: int
    anidb: SimAnimeEpisode
    hidden: bool = False


@dataclass
class SimUser:
    """A user; `hidden_anime` stands for the anime that the user's tag filter hides."""

    name: str
    password: str
    admin: bool = True
    hidden_anime: set[int] = field(default_factory=set)


class Work(Enum):
    """Kinds of jobs that matter, with their names: 4.2's command, 5's job, 6's job; and seconds they take."""

    PREPROCESS = ("HashFile", "Preprocess File", "Hash File", 1.0)
    HASH = ("HashFile", "Hash File", "Hash File", 8.0)
    IDENTIFY = ("ProcessFile", "Get Cross-References for File", "Get Release Information for Video From Provider", 4.0)
    ANIME = ("AniDB_GetAnimeHTTP", "Get AniDB Anime Data", "Get AniDB Anime Data", 6.0)

    def __init__(self, command: str, job: str, job_6: str, takes_s: float) -> None:
        self.command = command
        self.job = job
        self.job_6 = job_6
        self.takes_s = takes_s

    def name_in(self, release: ShokoRelease) -> str:
        """Return what `release` calls it."""
        if not release.has_queue:
            return self.command
        return self.job_6 if release.managed_folders else self.job


@dataclass
class SimJob:
    """A job in the queue. `work` None = busywork of the given `type`, which changes nothing."""

    work: Work | None
    type: str
    takes_s: float
    path: str | None = None
    file_id: int | None = None
    anime_id: int | None = None
    started_at: datetime | None = None


@dataclass
class SimDiskFile:
    """A file on the disk Shoko sees. Equal `content` = equal bytes."""

    path: str
    size: int
    content: str
    links: tuple[SimLink, ...] = ()
    """What AniDB will say about it; none = AniDB does not know it."""
    file_id: int | None = None
    """The number it will get in Shoko."""

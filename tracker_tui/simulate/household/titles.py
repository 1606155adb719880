"""What a household asks for and what the internet offers: shows, films and releases, with the ids of every service."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

type Number = tuple[int, int]
"""Season and episode; (0, 0) is a film."""
FILM: Number = (0, 0)


@dataclass(frozen=True)
class Anime:
    """How AniDB and Shoko know a film or the one season of a show.

    Its files get Shoko's numbers from `first_file` on, one per episode.
    """

    anidb_id: int
    title: str
    series_id: int
    first_file: int
    first_episode: int | None = None


@dataclass(frozen=True, eq=False)
class Show:
    """A series. `seasons` = number -> how many episodes; `undated` episodes of the last season have no air date.

    `skipped` episodes are not monitored although their season is.
    """

    name: str
    year: int
    tvdb_id: int
    tmdb_id: int
    series_id: int
    first_episode_id: int
    seasons: Mapping[int, int]
    anime: Anime | None = None
    original_name: str | None = None
    root: str = "/data/tv"
    first_air: datetime | None = None
    undated: int = 0
    skipped: frozenset[Number] = frozenset()
    episode_names: Sequence[str] = ()

    @property
    def is_movie(self) -> bool:
        """Return False."""
        return False

    @property
    def folder(self) -> str:
        """Return its folder as Sonarr names it."""
        return f"{self.root}/{self.name}"

    def numbers(self, season: int = 1) -> list[Number]:
        """Return the episodes of a season that are wanted."""
        return [(season, one) for one in range(1, self.seasons[season] + 1) if (season, one) not in self.skipped]


@dataclass(frozen=True, eq=False)
class Film:
    """One that can be asked for; `movie_id` is Radarr's number, `root` the folder above its own."""

    name: str
    year: int
    tmdb_id: int
    movie_id: int
    anime: Anime | None = None
    original_name: str | None = None
    root: str = "/data/movies"

    @property
    def is_movie(self) -> bool:
        """Return True."""
        return True

    @property
    def folder(self) -> str:
        """Return its folder as Radarr names it."""
        return f"{self.root}/{self.name} ({self.year})"


type Wanted = Show | Film


def anime_of(wanted: Wanted) -> Anime:
    """Return how AniDB knows it. Raises ValueError where it is no anime."""
    if wanted.anime is None:
        raise ValueError(f"{wanted.name} is no anime")
    return wanted.anime


@dataclass(frozen=True)
class Release:
    """A torrent. `files` are (name as the client shows it, bytes) in the order of the episodes they hold."""

    name: str
    hash: str
    files: tuple[tuple[str, int], ...]
    quality: str = "WEBDL-1080p"
    group: str = ""

    @property
    def size(self) -> int:
        """Return its bytes."""
        return sum(size for _, size in self.files)

    @property
    def piece_size(self) -> int:
        """Return what torrent makers choose for that size."""
        return 16 << 20 if self.size > 16 << 30 else 4 << 20


def single(name: str, size: int, *, quality: str = "WEBDL-1080p", hash_: str | None = None) -> Release:
    """Return a release of one file."""
    return Release(name, hash_ or _hash(name), ((f"{name}.mkv", size),), quality, _group(name))


def pack(
    name: str, file_name: str, count: int, size: int, *, quality: str = "WEBDL-1080p", hash_: str | None = None
) -> Release:
    """Return a release of `count` files in a folder of its name; `file_name` has a place `{}` for the number."""
    sizes = [round(size / count * (1 + (index * 37 % 11 - 5) / 100)) for index in range(count)]
    sizes[-1] += size - sum(sizes)
    files = tuple((f"{name}/{file_name.format(f'{index:02}')}.mkv", one) for index, one in enumerate(sizes, 1))
    return Release(name, hash_ or _hash(name), files, quality, _group(name))


def _hash(name: str) -> str:
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


def _group(name: str) -> str:
    return name[1:].partition("]")[0] if name.startswith("[") else name.rpartition("-")[2]


def jellyfin_path(path: str) -> str:
    """Return where Jellyfin's container sees what Sonarr and Radarr call `path`."""
    return "/media" + path.removeprefix("/data")


def shoko_path(path: str) -> str:
    """Return where Shoko's container sees what Sonarr and Radarr call `path`."""
    return path.removeprefix("/data")

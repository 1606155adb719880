"""The JSON of Shoko Server about files, series and episodes (API v3, 4.2 to 6-dev), and the facts in it.

Newtonsoft's PascalCase with nulls. What differs and is levelled here: hashes are an object, a list in 6; a location
names its folder ImportFolderID, ManagedFolderID in 6; TMDB ids are a list of films up to 4.2, an object since; up to
4.2 a file without local episodes has no `SeriesIDs` at all, and times have no zone; words for episode types.
Sources: ShokoServer v4.2.2, v5.0.0, v5.2.5, v5.3.0, v5.3.3 and master, Shoko.Server/API/v3/Models.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoEpisode, ShokoFile, ShokoLocation, ShokoSeries
from tracker_tui.model.text import SafeText, clean_or_none, clean_path
from tracker_tui.services.decode import Body, Wire, decode, decode_each, each

_NAMES = {"id": "ID", "ids": "IDs", "anidb": "AniDB", "tvdb": "TvDB", "tmdb": "TMDB"}

_EPISODE_TYPES = {
    "Unknown": None,
    "Normal": "Episode",
    "ThemeSong": "Credits",
    "OpeningSong": "Credits",
    "EndingSong": "Credits",
    "Extra": "Other",
    "Interview": "Other",
}
"""Older words for episode types -> the ones since 5.3.1."""
_ANIME_TYPES = {"Unknown": None, "TVSeries": "TV"}


def _pascal(name: str) -> str:
    return "".join(_NAMES.get(part, part.capitalize()) for part in name.split("_"))


class ShokoWire(Wire, rename=_pascal):
    """Base of Shoko's records: `series_ids` is `SeriesIDs`."""


class HashesWire(Wire):
    """Hashes up to 5.3."""

    ed2k: str | None = msgspec.field(name="ED2K", default=None)


class HashWire(ShokoWire):
    """One hash in 6."""

    type: str | None = None
    value: str | None = None


class TmdbIdsWire(ShokoWire):
    """TMDB ids since 5.0."""

    movie: list[int] | None = None
    episode: list[int] | None = None


class PercentageWire(ShokoWire):
    """Which part of the episode the file holds; 0 to 0 = the server could not tell."""

    start: int | None = None
    end: int | None = None


class LinkIdsWire(ShokoWire):
    """The ids of a cross-referenced series or episode; `id` null = no local entry yet."""

    id: int | None = None
    anidb: int | None = None
    tmdb: TmdbIdsWire | list[int] | None = None
    percentage: PercentageWire | None = None

    def episode_fact(self) -> EpisodeLink:
        """Return these ids as those of an episode."""
        movies, episodes = _tmdb(self.tmdb)
        part = self.percentage
        known = part is not None and bool(part.end)
        return EpisodeLink(
            episode_id=_id(self.id),
            anidb_id=_id(self.anidb),
            start_percent=part.start if part and known else None,
            end_percent=part.end if part and known else None,
            tmdb_episode_ids=episodes,
            tmdb_movie_ids=movies,
        )


class CrossReferenceWire(ShokoWire):
    """The episodes of one series a file is linked to."""

    series_id: LinkIdsWire | None = None
    episode_ids: list[LinkIdsWire] | None = None

    def fact(self) -> SeriesLink:
        """Return the link."""
        series = self.series_id or LinkIdsWire()
        movies, _ = _tmdb(series.tmdb)
        return SeriesLink(
            series_id=_id(series.id),
            anidb_id=_id(series.anidb),
            tmdb_movie_ids=movies,
            episodes=tuple(episode.episode_fact() for episode in self.episode_ids or ()),
        )


class LocationWire(ShokoWire):
    """Where a file is."""

    managed_folder_id: int | None = None
    import_folder_id: int | None = None
    relative_path: str | None = None
    absolute_path: str | None = None
    is_accessible: bool | None = None

    def fact(self) -> ShokoLocation:
        """Return the location; its relative path with "/" between names and none before the first."""
        relative = slashes(self.relative_path or "").lstrip("/")
        return ShokoLocation(
            folder_id=_id(self.managed_folder_id) or _id(self.import_folder_id),
            relative_path=clean_path(relative) if relative else None,
            absolute_path=clean_path(self.absolute_path) if self.absolute_path else None,
            accessible=self.is_accessible,
        )


class FileWire(ShokoWire):
    """A file, asked for with its cross-references."""

    id: int
    size: int | None = None
    is_ignored: bool = False
    hashes: HashesWire | list[HashWire] | None = None
    locations: list[LocationWire] | None = None
    series_ids: list[CrossReferenceWire] | None = None
    imported: str | None = None
    created: str | None = None

    def fact(self) -> ShokoFile:
        """Return the file.

        4.2 leaves `SeriesIDs` out both for an unrecognised file and for one in limbo; `Imported` tells them apart,
        it is set by the match and cleared by unlinking.
        """
        links = tuple(link.fact() for link in self.series_ids or ())
        if self.series_ids is None and self.imported is not None:
            links = (SeriesLink(),)
        return ShokoFile(
            id=self.id,
            size_bytes=self.size,
            hashed=_hashed(self.hashes),
            ignored=self.is_ignored,
            locations=tuple(location.fact() for location in self.locations or ()),
            links=links,
            imported_at=instant(self.imported),
            created_at=instant(self.created),
        )


class SeriesIdsWire(ShokoWire):
    """The ids of a series."""

    id: int
    parent_group: int | None = None
    top_level_group: int | None = None
    anidb: int | None = None
    tvdb: list[int] | None = None
    tmdb: TmdbIdsWire | list[int] | None = None


class AnimeWire(ShokoWire):
    """AniDB's part of a series."""

    type: str | None = None


class SeriesWire(ShokoWire):
    """A series."""

    ids: SeriesIdsWire = msgspec.field(name="IDs")
    name: str | None = None
    anidb: AnimeWire | None = None

    def fact(self) -> ShokoSeries:
        """Return the series."""
        movies, _ = _tmdb(self.ids.tmdb)
        return ShokoSeries(
            id=self.ids.id,
            name=clean_or_none(self.name),
            anidb_id=_id(self.ids.anidb),
            type=_renamed(self.anidb.type if self.anidb else None, _ANIME_TYPES),
            tvdb_ids=_ids(self.ids.tvdb),
            tmdb_movie_ids=movies,
            group_ids=_ids(dict.fromkeys((self.ids.parent_group or 0, self.ids.top_level_group or 0))),
        )


class EpisodeIdsWire(ShokoWire):
    """The ids of an episode."""

    id: int
    parent_series: int | None = None
    anidb: int | None = None
    tvdb: list[int] | None = None


class AnimeEpisodeWire(ShokoWire):
    """AniDB's part of an episode."""

    type: str | None = None
    episode_number: int | None = None


class EpisodeWire(ShokoWire):
    """An episode."""

    ids: EpisodeIdsWire = msgspec.field(name="IDs")
    name: str | None = None
    is_hidden: bool | None = None
    anidb: AnimeEpisodeWire | None = None

    def fact(self) -> ShokoEpisode:
        """Return the episode, its type in the words of 5.3.1 and later."""
        return ShokoEpisode(
            id=self.ids.id,
            series_id=_id(self.ids.parent_series),
            anidb_id=_id(self.ids.anidb),
            type=_renamed(self.anidb.type if self.anidb else None, _EPISODE_TYPES),
            number=self.anidb.episode_number if self.anidb else None,
            title=clean_or_none(self.name),
            hidden=self.is_hidden,
            tvdb_ids=_ids(self.ids.tvdb),
        )


class PageWire(ShokoWire):
    """The envelope of paged lists."""

    rows: list[msgspec.Raw] = msgspec.field(name="List")
    total: int | None = None


def records_of[T](body: Body, record: type[T]) -> tuple[list[T], int]:
    """Return the good records of a plain array or of a paged list, and how many were skipped.

    Which calls answer which of the two differs by version. Raises BadAnswer for anything else.
    """
    if body.lstrip()[:1] == b"[":
        return decode_each(body, record)
    return each(decode(body, PageWire).rows, record)


def instant(text: str | None) -> datetime | None:
    """Return an ISO time (up to 7 fractional digits) as aware UTC; None without a zone: 4.2 sends its local time."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo and time.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _hashed(hashes: HashesWire | list[HashWire] | None) -> bool | None:
    if hashes is None:
        return None
    if isinstance(hashes, HashesWire):
        return bool(hashes.ed2k)
    return any(one.type == "ED2K" and one.value for one in hashes)


def _tmdb(ids: TmdbIdsWire | list[int] | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return film and episode ids; 4.2's plain list holds films."""
    if isinstance(ids, TmdbIdsWire):
        return _ids(ids.movie), _ids(ids.episode)
    return _ids(ids), ()


def _id(number: int | None) -> int | None:
    return number if number and number > 0 else None


def _ids(numbers: Iterable[int] | None) -> tuple[int, ...]:
    return tuple(number for number in numbers or () if number > 0)


def _renamed(word: str | None, names: dict[str, str | None]) -> SafeText | None:
    return clean_or_none(names.get(word, word) if word else None)


def slashes(path: str) -> str:
    """Return `path` with "/" between names: a server on Windows sends backslashes."""
    return path.replace("\\", "/")

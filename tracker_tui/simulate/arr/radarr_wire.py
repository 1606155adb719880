"""A simulated Radarr's library and how each version writes it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker_tui.simulate.arr.records import Json, MediaFile
from tracker_tui.simulate.arr.wire import OVERVIEW, file_record, present, stamp, stamp_or_none

_RATINGS: Json = {
    source: {"votes": 17873, "value": value, "type": "user"}
    for source, value in (("imdb", 7.4), ("tmdb", 7.7), ("metacritic", 72), ("rottenTomatoes", 81))
}
_ART = "https://image.tmdb.org/t/p/original/{cover}{tmdb}EQBN31P4IEhyp6NkdccvppJnyuJ4.jpg"
_CINEMA_TO_HOME = timedelta(days=90)


@dataclass
class Movie:
    """A film; at most one file."""

    id: int
    title: str
    added_at: datetime
    year: int = 2026
    tmdb_id: int = 0
    imdb_id: str | None = None
    original_title: str | None = None
    language: tuple[int, str] = (1, "English")
    root: str = "/data/movies"
    path: str = ""
    monitored: bool = True
    minimum_availability: str = "released"
    in_cinemas: datetime | None = None
    digital_release: datetime | None = None
    physical_release: datetime | None = None
    last_search_at: datetime | None = None
    genres: list[str] = field(default_factory=lambda: ["Drama", "Romance"])
    tags: list[int] = field(default_factory=list)
    alternate_titles: list[str] = field(default_factory=list)
    file: MediaFile | None = None

    def release_at(self) -> datetime | None:
        """Return when it counts as released for its minimum availability."""
        home = [at for at in (self.digital_release, self.physical_release) if at]
        if self.minimum_availability in {"tba", "announced"}:
            return min([*home, *([self.in_cinemas] if self.in_cinemas else [])], default=None)
        if self.minimum_availability == "inCinemas" and self.in_cinemas:
            return self.in_cinemas
        return min(home, default=self.in_cinemas + _CINEMA_TO_HOME if self.in_cinemas else None)

    def is_available(self, now: datetime) -> bool:
        """Return whether Radarr searches for it by now."""
        release = self.release_at()
        return self.minimum_availability in {"tba", "announced"} or (release is not None and release <= now)

    def status(self, now: datetime) -> str:
        """Return released, inCinemas or announced."""
        if any(at is not None and at <= now for at in (self.digital_release, self.physical_release)):
            return "released"
        return "inCinemas" if self.in_cinemas is not None and self.in_cinemas <= now else "announced"


def movie_record(movie: Movie, now: datetime, version: tuple[int, ...]) -> Json:
    """Return a record of `/movie` as `version` writes it."""
    fifth = version >= (5,)
    return present(
        {
            "title": movie.title,
            "originalTitle": movie.original_title or movie.title,
            "originalLanguage": _language(movie),
            "alternateTitles": _alternate_titles(movie),
            "secondaryYearSourceId": 0,
            "sortTitle": movie.title.lower(),
            "sizeOnDisk": movie.file.size if movie.file else 0,
            "status": movie.status(now),
            "overview": OVERVIEW,
            "inCinemas": stamp_or_none(movie.in_cinemas),
            "physicalRelease": stamp_or_none(movie.physical_release),
            "digitalRelease": stamp_or_none(movie.digital_release),
            "releaseDate": stamp_or_none(movie.release_at()) if fifth else None,
            "images": _images(movie),
            "website": "https://film.example/",
            "year": movie.year,
            "youTubeTrailerId": "HSzx-zryEgM",
            "studio": "CoMix Wave Films",
            "path": movie.path,
            "qualityProfileId": 4,
            "hasFile": movie.file is not None,
            "movieFileId": (movie.file.id if movie.file else 0) if version >= (5, 6) else None,
            "monitored": movie.monitored,
            "minimumAvailability": movie.minimum_availability,
            "isAvailable": movie.is_available(now),
            "folderName": movie.path,
            "runtime": 110,
            "cleanTitle": "".join(c for c in movie.title.lower() if c.isalnum()),
            "imdbId": movie.imdb_id,
            "tmdbId": movie.tmdb_id,
            "titleSlug": str(movie.tmdb_id),
            "rootFolderPath": movie.root if fifth else None,
            "folder": f"{movie.title} ({movie.year})" if fifth else None,
            "certification": "PG-13",
            "genres": movie.genres,
            "keywords": ["based on novel or book", "friendship", "rain", "tokyo, japan"] if version >= (6,) else None,
            "tags": movie.tags,
            "added": stamp(movie.added_at),
            "ratings": _RATINGS,
            "movieFile": movie_file_record(movie, movie.file, version) if movie.file else None,
            "popularity": 21.4,
            "lastSearchTime": stamp_or_none(movie.last_search_at) if fifth else None,
            "statistics": _statistics(movie) if version >= (5, 3, 2) else None,
            "id": movie.id,
        }
    )


def _images(movie: Movie) -> list[Json]:
    return [
        {
            "coverType": cover,
            "url": f"/MediaCover/{movie.id}/{cover}.jpg?lastWrite=637719344172284646",
            "remoteUrl": _ART.format(tmdb=movie.tmdb_id, cover=cover),
        }
        for cover in ("poster", "fanart")
    ]


def _statistics(movie: Movie) -> Json:
    file = movie.file
    return {
        "movieFileCount": int(file is not None),
        "sizeOnDisk": file.size if file else 0,
        "releaseGroups": [file.release_group] if file and file.release_group else [],
    }


def _alternate_titles(movie: Movie) -> list[Json]:
    return [
        {
            "sourceType": "tmdb",
            "movieMetadataId": movie.id,
            "title": title,
            "id": movie.id * 100 + number,
        }
        for number, title in enumerate(movie.alternate_titles)
    ]


def _language(movie: Movie) -> Json:
    number, name = movie.language
    return {"id": number, "name": name}


def languages(movie: Movie) -> Json:
    """Return the languages of a release."""
    return {"languages": [_language(movie)], "customFormats": [], "customFormatScore": 0}


def movie_file_record(movie: Movie, file: MediaFile, version: tuple[int, ...]) -> Json:
    """Return a record of `/moviefile`, also embedded in the film."""
    record = {
        "movieId": movie.id,
        **file_record(file, movie.path, radarr=True),
        "originalFilePath": f"{movie.title}.{movie.year}.1080p.WEB-DL-Grp/{movie.title}.{movie.year}.mkv",
        "indexerFlags": 0,
        "edition": "",
        **languages(movie),
    }
    if version < (5,):
        del record["customFormatScore"]
    return present(record)

"""A simulated Sonarr's library and how each version writes it."""

from dataclasses import dataclass, field
from datetime import datetime

from tracker_tui.simulate.arr.records import Json, MediaFile
from tracker_tui.simulate.arr.wire import OVERVIEW, file_record, present, stamp, stamp_or_none

_ART = "https://artworks.thetvdb.com/banners/v4/series/{tvdb}/{cover}/5f3a9c{tvdb}.jpg"


@dataclass
class Season:
    """A season: its own monitored switch beside those of its episodes."""

    number: int
    monitored: bool = True


@dataclass
class Episode:
    """An episode; `file_id` 0 = without a file, as Sonarr writes it."""

    id: int
    season: int
    number: int
    title: str
    air_at: datetime | None
    monitored: bool = True
    absolute: int | None = None
    tvdb_id: int = 0
    file_id: int = 0
    last_search_at: datetime | None = None
    scene_season: int | None = None
    scene_number: int | None = None
    scene_absolute: int | None = None


@dataclass
class Series:
    """A series with everything below it."""

    id: int
    title: str
    added_at: datetime
    year: int = 2026
    tvdb_id: int = 0
    tmdb_id: int = 0
    imdb_id: str | None = None
    series_type: str = "standard"
    root: str = "/data/tv"
    path: str = ""
    monitored: bool = True
    ended: bool = False
    language: tuple[int, str] = (1, "English")
    genres: list[str] = field(default_factory=lambda: ["Drama", "Science Fiction"])
    tags: list[int] = field(default_factory=list)
    alternate_titles: list[str] = field(default_factory=list)
    seasons: dict[int, Season] = field(default_factory=dict)
    episodes: dict[int, Episode] = field(default_factory=dict)
    files: dict[int, MediaFile] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Return the title as it stands in web addresses."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.title.lower()).split())

    def numbered(self, season: int, number: int) -> Episode:
        """Return the episode of that number."""
        return next(e for e in self.episodes.values() if (e.season, e.number) == (season, number))


def _statistics(series: Series, episodes: list[Episode], now: datetime) -> Json:
    """Count as Sonarr does: an episode counts when it has a file, or is monitored and aired."""
    with_file = [e for e in episodes if e.file_id]
    counted = [e for e in episodes if e.file_id or (e.monitored and e.air_at is not None and e.air_at <= now)]
    files = {e.file_id for e in with_file}
    size = sum(series.files[number].size for number in files if number in series.files)
    groups = sorted({g for n in files if n in series.files and (g := series.files[n].release_group)})
    return {
        "episodeFileCount": len(with_file),
        "episodeCount": len(counted),
        "totalEpisodeCount": len(episodes),
        "sizeOnDisk": size,
        "releaseGroups": groups,
        "percentOfEpisodes": len(with_file) / len(counted) * 100 if counted else 0,
    }


def _airing(episodes: list[Episode], now: datetime) -> Json:
    dates = [e.air_at for e in episodes if e.air_at is not None and e.monitored]
    return {
        "nextAiring": stamp_or_none(min((at for at in dates if at > now), default=None)),
        "previousAiring": stamp_or_none(max((at for at in dates if at <= now), default=None)),
    }


def series_record(series: Series, now: datetime, version: tuple[int, ...]) -> Json:
    """Return a record of `/series` as `version` writes it."""
    episodes = list(series.episodes.values())
    regular = [e for e in episodes if e.season > 0]
    fourth = version >= (4,)
    return present(
        {
            "title": series.title,
            "alternateTitles": [{"title": title, "seasonNumber": -1} for title in series.alternate_titles],
            "sortTitle": series.title.lower(),
            "status": "ended" if series.ended else "continuing",
            "ended": series.ended,
            "overview": OVERVIEW,
            **_airing(regular, now),
            "network": "TOKYO MX",
            "airTime": "23:30",
            "images": _images(series),
            "originalLanguage": _language(series) if fourth else None,
            "seasons": _seasons(series, now),
            "year": series.year,
            "path": series.path,
            "qualityProfileId": 4,
            "languageProfileId": 1,
            "seasonFolder": True,
            "monitored": series.monitored,
            "monitorNewItems": "all" if fourth else None,
            "useSceneNumbering": False,
            "runtime": 24,
            "tvdbId": series.tvdb_id,
            "tvRageId": 0,
            "tvMazeId": 0,
            "tmdbId": series.tmdb_id if version >= (4, 0, 5, 1760) else None,
            "firstAired": stamp_or_none(min((e.air_at for e in regular if e.air_at), default=None)),
            "lastAired": stamp_or_none(max((e.air_at for e in regular if e.air_at), default=None)) if fourth else None,
            "seriesType": series.series_type,
            "cleanTitle": series.slug.replace("-", ""),
            "imdbId": series.imdb_id,
            "titleSlug": series.slug,
            "rootFolderPath": series.root,
            "certification": "TV-14",
            "genres": series.genres,
            "tags": series.tags,
            "added": stamp(series.added_at),
            "ratings": {"votes": 1204, "value": 8.1},
            "statistics": {
                "seasonCount": sum(n > 0 for n in series.seasons),
                **_statistics(series, episodes, now),
            },
            "id": series.id,
        }
    )


def _seasons(series: Series, now: datetime) -> list[Json]:
    by_season = {n: [e for e in series.episodes.values() if e.season == n] for n in series.seasons}
    return [
        {
            "seasonNumber": season.number,
            "monitored": season.monitored,
            "statistics": present(
                {**_airing(by_season[season.number], now), **_statistics(series, by_season[season.number], now)}
            ),
        }
        for season in sorted(series.seasons.values(), key=lambda one: one.number)
    ]


def _images(series: Series) -> list[Json]:
    return [
        {
            "coverType": cover,
            "url": f"/MediaCover/{series.id}/{cover}.jpg?lastWrite=639117271505156612",
            "remoteUrl": _ART.format(tvdb=series.tvdb_id, cover=cover),
        }
        for cover in ("banner", "poster", "fanart", "clearlogo")
    ]


def _language(series: Series) -> Json:
    number, name = series.language
    return {"id": number, "name": name}


def episode_record(series: Series, episode: Episode) -> Json:
    """Return a record of `/episode`, `/wanted/missing` and `/calendar`."""
    return present(
        {
            "seriesId": series.id,
            "tvdbId": episode.tvdb_id,
            "episodeFileId": episode.file_id,
            "seasonNumber": episode.season,
            "episodeNumber": episode.number,
            "title": episode.title,
            "airDate": f"{episode.air_at:%Y-%m-%d}" if episode.air_at else None,
            "airDateUtc": stamp_or_none(episode.air_at),
            "lastSearchTime": stamp_or_none(episode.last_search_at),
            "runtime": 24,
            "overview": OVERVIEW[:200],
            "hasFile": episode.file_id > 0,
            "monitored": episode.monitored,
            "absoluteEpisodeNumber": episode.absolute,
            "sceneAbsoluteEpisodeNumber": episode.scene_absolute,
            "sceneEpisodeNumber": episode.scene_number,
            "sceneSeasonNumber": episode.scene_season,
            "unverifiedSceneNumbering": False,
            "id": episode.id,
        }
    )


def episode_file_record(series: Series, file: MediaFile, version: tuple[int, ...]) -> Json:
    """Return a record of `/episodefile`."""
    season = next((e.season for e in series.episodes.values() if e.file_id == file.id), 0)
    return present(
        {
            "seriesId": series.id,
            "seasonNumber": season,
            **file_record(file, series.path, radarr=False),
            **languages(series, version),
        }
    )


def languages(series: Series, version: tuple[int, ...]) -> Json:
    """Return the languages of a release: one object in Sonarr 3, a list with custom formats since 4."""
    if version < (4,):
        return {"language": _language(series)}
    return {"languages": [_language(series)], "customFormats": [], "customFormatScore": 0}

"""Client of Sonarr 3.0.10, 4 and 5, all through API v3."""

from typing import TYPE_CHECKING, override

from tracker_tui.model.arr import Episode, ReleaseSearch, SeasonFacts, Series
from tracker_tui.model.observation import HistoryRead, SeriesListed, SeriesRead
from tracker_tui.model.text import clean, clean_or_none
from tracker_tui.services.arr.shared import ArrClient
from tracker_tui.services.arr.values import Number, folder, instant, other_titles, path, positive, whole, word
from tracker_tui.services.arr.wire import CamelWire, FileWire, TitleWire
from tracker_tui.services.decode import decode, decode_each
from tracker_tui.services.http import INVENTORY_DEADLINE_S
from tracker_tui.services.together import together

if TYPE_CHECKING:
    from pyarr import AsyncSonarr


class StatisticsWire(CamelWire):
    """`statistics` of a series or season."""

    episode_count: int | None = None
    total_episode_count: int | None = None
    episode_file_count: int | None = None
    size_on_disk: Number = None


class SeasonWire(CamelWire):
    """A season inside a series."""

    season_number: int
    monitored: bool | None = None
    statistics: StatisticsWire | None = None

    def fact(self) -> SeasonFacts:
        """Return the model's season."""
        counts = self.statistics or StatisticsWire()
        return SeasonFacts(
            number=self.season_number,
            monitored=self.monitored,
            episode_count=counts.episode_count,
            total_episode_count=counts.total_episode_count,
            episode_file_count=counts.episode_file_count,
        )


class SeriesWire(CamelWire):
    """A record of `/series`. `tmdbId` since 4.0.5."""

    id: int
    title: str
    alternate_titles: list[TitleWire] | None = None
    year: int | None = None
    tvdb_id: int | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None
    series_type: str | None = None
    path: str | None = None
    root_folder_path: str | None = None
    monitored: bool | None = None
    tags: list[int] | None = None
    added: str | None = None
    title_slug: str | None = None
    seasons: list[SeasonWire] | None = None
    statistics: StatisticsWire | None = None

    def fact(self) -> Series:
        """Return the model's series."""
        counts = self.statistics or StatisticsWire()
        return Series(
            id=self.id,
            title=clean(self.title),
            titles=other_titles(self.title, (other.title for other in self.alternate_titles or [])),
            year=positive(self.year),
            tvdb_id=positive(self.tvdb_id),
            tmdb_id=positive(self.tmdb_id),
            imdb_id=clean_or_none(self.imdb_id),
            series_type=word(self.series_type),
            path=path(self.path),
            root_folder=folder(self.root_folder_path),
            monitored=self.monitored,
            tags=tuple(self.tags or ()),
            added_at=instant(self.added),
            slug=clean_or_none(self.title_slug),
            seasons=tuple(season.fact() for season in self.seasons or []),
            episode_file_count=counts.episode_file_count,
            total_episode_count=counts.total_episode_count,
            size_on_disk=whole(counts.size_on_disk),
        )


class EpisodeWire(CamelWire):
    """A record of `/episode`; `episodeFileId` 0 = no file, scene numbers 0 = none (before 3.0.7)."""

    id: int
    series_id: int
    season_number: int
    episode_number: int
    absolute_episode_number: int | None = None
    tvdb_id: int | None = None
    title: str | None = None
    air_date_utc: str | None = None
    monitored: bool | None = None
    has_file: bool | None = None
    episode_file_id: int | None = None
    last_search_time: str | None = None
    scene_season_number: int | None = None
    scene_episode_number: int | None = None
    scene_absolute_episode_number: int | None = None

    def fact(self) -> Episode:
        """Return the model's episode."""
        file_id = positive(self.episode_file_id)
        return Episode(
            id=self.id,
            series_id=self.series_id,
            season=self.season_number,
            number=self.episode_number,
            absolute=positive(self.absolute_episode_number),
            tvdb_id=positive(self.tvdb_id),
            title=clean_or_none(self.title),
            air_at=instant(self.air_date_utc),
            monitored=self.monitored,
            has_file=file_id is not None if self.has_file is None else self.has_file,
            file_id=file_id,
            last_search_at=instant(self.last_search_time),
            scene_season=self.scene_season_number if self.scene_episode_number else None,
            scene_number=positive(self.scene_episode_number),
            scene_absolute=positive(self.scene_absolute_episode_number),
        )


class SonarrClient(ArrClient["AsyncSonarr"]):
    """Reads one Sonarr instance."""

    app = "Sonarr"
    no_embedding = {"includeSeries": False, "includeEpisode": False}  # noqa: RUF012 - typed ClassVar in the base

    async def series_list(self) -> SeriesListed:
        """Read every series: 5.5 kB each and heavy on the server, never on a timer below half an hour."""
        body = await self._ask(lambda api: api.series.get(), max(INVENTORY_DEADLINE_S, self.instance.timeout_s))
        return SeriesListed(series=self._facts(body, SeriesWire))

    async def read_series(self, series_id: int, with_files: bool = False) -> SeriesRead:
        """Read one series with all its episodes and, if asked, their files; `series` None = Sonarr says 404."""
        calls = [
            self._unless_gone(lambda api: api.series.get(series_id)),
            self._unless_gone(lambda api: api.episode.get(series_id=series_id)),
        ]
        if with_files:
            calls.append(self._unless_gone(lambda api: api.episode_file.get(series_id=series_id)))
        series_body, episode_body, *more = await together(*calls)
        if series_body is None:
            return SeriesRead(series_id=series_id, series=None)
        file_body = more[0] if more else None
        episodes, bad_episodes = decode_each(episode_body or b"[]", EpisodeWire)
        files, bad_files = decode_each(file_body or b"[]", FileWire)
        self._count(bad_episodes + bad_files)
        return SeriesRead(
            series_id=series_id,
            series=decode(series_body, SeriesWire).fact(),
            episodes=None if episode_body is None else tuple(wire.fact() for wire in episodes),
            files=None if file_body is None else tuple(wire.fact() for wire in files),
        )

    async def series_alone(self, series_id: int) -> SeriesRead:
        """Read one series without its episodes: the cheapest look whether it exists; `series` None = 404."""
        body = await self._unless_gone(lambda api: api.series.get(series_id))
        return SeriesRead(series_id=series_id, series=None if body is None else decode(body, SeriesWire).fact())

    async def history_of(self, series_id: int) -> HistoryRead:
        """Read every event of one series."""
        return await self._events_of("history/series", {"seriesId": series_id})

    async def release_rejections(
        self, *, episode_id: int | None = None, series_id: int | None = None, season: int | None = None
    ) -> ReleaseSearch:
        """Search the indexers for an episode, or for a season of a series, and count why releases are refused.

        Only when the user asks: it costs every indexer a query and takes up to minutes.
        """
        if episode_id is not None:
            return await self._rejections({"episodeId": episode_id})
        if series_id is None or season is None:
            raise ValueError("either episode_id, or series_id and season")
        return await self._rejections({"seriesId": series_id, "seasonNumber": season})

    @override
    def _pyarr(self) -> "type[AsyncSonarr]":
        from pyarr import AsyncSonarr  # here, because it takes 50 ms that only who talks to Sonarr should pay

        return AsyncSonarr

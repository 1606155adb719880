"""A simulated Sonarr 3.0.10, 4.0.x or 5.x on API v3."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tracker_tui.model.arr import HistoryKind
from tracker_tui.simulate.arr import sonarr_wire as wire
from tracker_tui.simulate.arr.http import Query, Refusal, not_found, page_of
from tracker_tui.simulate.arr.life import words_of_events
from tracker_tui.simulate.arr.records import Command, Download, HistoryRow, Json, MediaFile
from tracker_tui.simulate.arr.scenery import SeriesScenery
from tracker_tui.simulate.arr.shared import SimulatedArr
from tracker_tui.simulate.arr.sonarr_wire import Episode, Season, Series
from tracker_tui.simulate.arr.wire import join_elements, render_element, stamp
from tracker_tui.simulate.clock import SimClock

SONARR_3 = "3.0.10.1567"
SONARR_4 = "4.0.17.2952"
SONARR_5 = "5.0.0.1203"


class SimulatedSonarr(SimulatedArr):
    """A Sonarr with its library. Story methods take Sonarr's own ids; `scenery` is a big library at rest."""

    app = "Sonarr"
    item = "episode"
    owner = "seriesId"
    usual_version = SONARR_4
    category = "tv-sonarr"
    roots = ("/data/tv", "/data/anime/shows")
    event_words = words_of_events("episode", deleted=5, renamed=6, ignored=7)

    def __init__(
        self, clock: SimClock, version: str | None = None, *, api_key: str | None = None, url_base: str = ""
    ) -> None:
        super().__init__(clock, version, api_key=api_key, url_base=url_base)
        self.series: dict[int, Series] = {}
        self.scenery: SeriesScenery | None = None
        self._ids = {"episode": 4000, "file": 4700}

    # ---- story

    def add_series(
        self,
        title: str,
        seasons: Mapping[int, int],
        *,
        first_air: datetime | None = None,
        every: timedelta = timedelta(days=7),
        series_id: int | None = None,
        first_episode_id: int | None = None,
        year: int = 2026,
        tvdb_id: int = 0,
        tmdb_id: int = 0,
        imdb_id: str | None = None,
        anime: bool = False,
        root: str | None = None,
        monitored_seasons: Sequence[int] | None = None,
        alternate_titles: Sequence[str] = (),
        tags: Sequence[int] = (),
        new: bool = False,
    ) -> Series:
        """Add a series with `seasons` = number -> how many episodes, aired one `every` from `first_air` on.

        Season 0 is unmonitored unless named in `monitored_seasons`; `first_air` None = all aired long ago; `new` =
        just added by somebody: its refresh is running.
        """
        with self.lock:
            number = series_id or max(self.series, default=9) + 1
            folder = root or self.roots[anime]
            series = Series(
                number,
                title,
                self.clock.now(),
                year=year,
                tvdb_id=tvdb_id,
                tmdb_id=tmdb_id,
                imdb_id=imdb_id,
                series_type="anime" if anime else "standard",
                root=folder,
                path=f"{folder}/{title}",
                language=(8, "Japanese") if anime else (1, "English"),
                tags=list(tags),
                alternate_titles=list(alternate_titles),
            )
            if first_episode_id is not None:
                self._ids["episode"] = first_episode_id - 1
            for season in seasons:
                monitored = season > 0 if monitored_seasons is None else season in monitored_seasons
                series.seasons[season] = Season(season, monitored)
            first = first_air or datetime(year, 1, 1, 15, tzinfo=UTC) - timedelta(days=365)
            self._add_episodes(series, seasons, first, every)
            self.series[number] = series
            if new:
                which: Json = {"seriesIds": [number]} if self.since(4) else {"seriesId": number}
                self.run("RefreshSeries", {**which, "isNewSeries": True})
            return series

    def _add_episodes(self, series: Series, seasons: Mapping[int, int], air_at: datetime, every: timedelta) -> None:
        """Number a series' episodes, the first of which airs at `air_at`; specials take no time of their own."""
        absolute = 0
        for season, count in seasons.items():
            monitored = series.seasons[season].monitored
            for number in range(1, count + 1):
                absolute += season > 0
                one = Episode(self._next("episode"), season, number, f"Episode {number}", air_at, monitored=monitored)
                one.absolute = absolute if season > 0 else None
                one.tvdb_id = 9_000_000 + one.id
                series.episodes[one.id] = one
                air_at += every if season > 0 else timedelta(0)

    def search(
        self, series_id: int, season: int | None = None, episode_ids: Sequence[int] = (), *, takes_s: float = 20.0
    ) -> Command:
        """Start a search for episodes, a season or a whole series; notes the search time on what it looks for."""
        with self.lock:
            for episode in self.series[series_id].episodes.values():
                if episode.id in episode_ids or (not episode_ids and season in {None, episode.season}):
                    episode.last_search_at = self.clock.now()
            if episode_ids:
                return self.run("EpisodeSearch", {"episodeIds": list(episode_ids)}, takes_s=takes_s)
            if season is not None:
                return self.run("SeasonSearch", {"seriesId": series_id, "seasonNumber": season}, takes_s=takes_s)
            return self.run("SeriesSearch", {"seriesId": series_id}, takes_s=takes_s)

    def grab(
        self,
        episode_ids: Sequence[int],
        title: str,
        size: int,
        download_id: str,
        *,
        protocol: str = "torrent",
        quality: str = "WEBDL-1080p",
        group: str = "Grp",
    ) -> Download:
        """Send a release to the client: one history row per episode now, queue records with the next refresh."""
        with self.lock:
            return self._grab(episode_ids, title, size, download_id, protocol=protocol, quality=quality, group=group)

    def import_files(self, download_id: str, episode_ids: Sequence[int] | None = None) -> list[MediaFile]:
        """Import one file per episode (all that are left unless named); an older file is replaced as an upgrade."""
        with self.lock:
            download = self.download(download_id)
            wanted = [e for e in episode_ids or download.item_ids if e not in download.imported]
            share = download.size // max(1, len(download.item_ids))
            return [self.import_file([one], download_id, size=share) for one in wanted]

    def import_file(
        self, episode_ids: Sequence[int], download_id: str | None = None, path: str | None = None, size: int = 1 << 30
    ) -> MediaFile:
        """Import one file that serves these episodes; without a download it is a manual import."""
        with self.lock:
            download = self.download(download_id) if download_id else None
            series = self._series_of(episode_ids[0])
            first = series.episodes[episode_ids[0]]
            name = f"{series.title} - S{first.season:02}E{first.number:02}.mkv"
            path = path or f"{series.path}/Season {first.season:02}/{name}"
            file = self._place(series, episode_ids, path, size, "Upgrade")
            if download is not None:
                file.quality, file.release_group = download.quality, download.release_group
                file.scene_name = download.title if len(download.item_ids) == 1 else None
            source = download.output_path if download and download.output_path else "/data/downloads/complete"
            data = {
                "fileId": str(file.id),
                "droppedPath": f"{source}/{name}",
                "importedPath": path,
                "downloadClient": "qBittorrent" if download else None,
                "downloadClientName": download.client if download else None,
                "releaseGroup": file.release_group,
            }
            if self.since(4):
                data |= {"size": str(size), "customFormatScore": "0", "indexerFlags": "0"}
            self._imported(download, episode_ids, data)
            return file

    def find_file(self, episode_ids: Sequence[int], path: str, size: int = 1 << 30) -> MediaFile:
        """Let a disk rescan find a file: the library changes, history stays silent."""
        with self.lock:
            return self._place(self._series_of(episode_ids[0]), episode_ids, path, size, None)

    def delete_file(self, file_id: int, reason: str = "Manual") -> None:
        """Delete a file: `reason` MissingFromDisk, Manual or Upgrade."""
        with self.lock:
            series = next(one for one in self.series.values() if file_id in one.files)
            file = series.files.pop(file_id)
            for episode in series.episodes.values():
                if episode.file_id == file_id:
                    episode.file_id = 0
                    data = {"reason": reason, "releaseGroup": file.release_group, "size": str(file.size)}
                    self._record(HistoryKind.DELETED, episode.id, None, dict(data), file.path)

    def delete_series(self, series_id: int) -> None:
        """Delete a series with its history; its downloads become unknown ones."""
        with self.lock:
            gone = set(self.series.pop(series_id).episodes)
            self.history = [row for row in self.history if row.item_id not in gone]
            self._event()

    def _place(
        self, series: Series, episode_ids: Sequence[int], path: str, size: int, replaces: str | None
    ) -> MediaFile:
        for number in {series.episodes[one].file_id for one in episode_ids} - {0}:
            if replaces:
                self.delete_file(number, replaces)
        file = MediaFile(self._next("file"), path, size, self.clock.now())
        series.files[file.id] = file
        for one in episode_ids:
            series.episodes[one].file_id = file.id
        return file

    def _next(self, kind: str) -> int:
        self._ids[kind] += 1
        return self._ids[kind]

    def _series_of(self, episode_id: int) -> Series:
        return next(one for one in self.series.values() if episode_id in one.episodes)

    # ---- what queue and history records carry

    @property
    def knows_blocked(self) -> bool:
        """Return whether the version has `importBlocked`: since 4.0.5.1778."""
        return self.since(4, 0, 5, 1778)

    def keys_of(self, item_id: int) -> Json | None:
        """Return series and episode of a record."""
        parent = self.parent_of(item_id)
        return None if parent is None else {"seriesId": parent, "episodeId": item_id}

    def parent_of(self, item_id: int) -> int | None:
        """Return the series of an episode."""
        return next((one.id for one in self.series.values() if item_id in one.episodes), None)

    def queue_extras(self, download: Download, item_id: int | None) -> Json:
        """Return languages and what came with 4.0: season, file flag, time added."""
        series = self._series_of(item_id) if item_id is not None else None
        extras: Json = wire.languages(series, self.numbers) if series else {"languages": [{"id": 0, "name": "Unknown"}]}
        if not self.since(4):
            return extras if series else {"language": {"id": 0, "name": "Unknown"}}
        if series and item_id is not None:
            episode = series.episodes[item_id]
            extras |= {"seasonNumber": episode.season, "episodeHasFile": episode.file_id > 0}
        else:
            extras |= {"episodeHasFile": False}
        if download.download_id is not None:
            extras |= {"added": stamp(download.added_at), "downloadClientHasPostImportCategory": False}
        return extras

    def history_extras(self, row: HistoryRow) -> Json:
        """Return the languages of the row's release."""
        return wire.languages(self._series_of(row.item_id), self.numbers)

    # ---- endpoints

    def routes(self) -> list[web.RouteDef]:
        """Return every route of this version."""
        get = "GET"
        return [
            *super().routes(),
            self.route(get, "/api/v3/series", self._series_list),
            self.route(get, "/api/v3/series/{id}", self._one_series),
            self.route(get, "/api/v3/episode", self._episodes),
            self.route(get, "/api/v3/episodefile", self._files),
            self.route(get, "/api/v3/wanted/missing", self._missing),
            self.route(get, "/api/v3/calendar", self._calendar),
        ]

    def _find(self, series_id: int | None) -> Series | None:
        """Return a series of the library or of the scenery."""
        if series_id in self.series:
            return self.series[series_id]
        return self.scenery.find(series_id) if self.scenery and series_id is not None else None

    def _series_list(self, query: Query) -> bytes:
        wanted = query.number("tvdbId")
        now = self.clock.now()
        elements = [
            render_element(wire.series_record(one, now, self.numbers))
            for one in self.series.values()
            if wanted in {None, one.tvdb_id}
        ]
        if self.scenery and wanted is None:
            elements += self.scenery.elements(now, self.numbers)
        return join_elements(elements)

    def _one_series(self, query: Query) -> Json:
        series = self._find(query.id)
        if series is None:
            raise not_found()
        return wire.series_record(series, self.clock.now(), self.numbers)

    def _episodes(self, query: Query) -> list[Json]:
        series_id, ids = query.number("seriesId"), query.numbers("episodeIds")
        season = query.number("seasonNumber")
        if series_id is None and not ids:
            raise Refusal(400, {"message": "seriesId or episodeIds must be provided"})
        series = self._find(series_id)
        homes = [series] if series else list(self.series.values()) if ids else []
        return [
            wire.episode_record(home, episode)
            for home in homes
            for episode in home.episodes.values()
            if (not ids or episode.id in ids) and season in {None, episode.season}
        ]

    def _files(self, query: Query) -> list[Json]:
        series_id, ids = query.number("seriesId"), query.numbers("episodeFileIds")
        if series_id is None and not ids:
            raise Refusal(400, {"message": "seriesId or episodeFileIds must be provided"})
        series = self._find(series_id)
        homes = [series] if series else list(self.series.values()) if ids else []
        return [
            wire.episode_file_record(home, file, self.numbers)
            for home in homes
            for file in home.files.values()
            if not ids or file.id in ids
        ]

    def _missing(self, query: Query) -> Json:
        now, monitored = self.clock.now(), query.flag("monitored", default=True)
        records = [
            wire.episode_record(series, episode)
            for series in self.series.values()
            for episode in series.episodes.values()
            if not episode.file_id
            and episode.air_at is not None
            and episode.air_at <= now
            and (episode.monitored and series.monitored) == monitored
        ]
        return page_of(query, records, {"episodes.airDateUtc": lambda record: record["airDateUtc"]})

    def _calendar(self, query: Query) -> list[Json]:
        start, end = query.days(self.clock.now())
        unmonitored = query.flag("unmonitored")
        return [
            wire.episode_record(series, episode)
            for series in self.series.values()
            for episode in series.episodes.values()
            if episode.air_at is not None and start <= episode.air_at <= end and (unmonitored or episode.monitored)
        ]

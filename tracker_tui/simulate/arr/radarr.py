"""A simulated Radarr 4, 5 or 6."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web

from tracker_tui.model.arr import HistoryKind
from tracker_tui.simulate.arr import radarr_wire as wire
from tracker_tui.simulate.arr.http import Query, Refusal, not_found, page_of
from tracker_tui.simulate.arr.life import words_of_events
from tracker_tui.simulate.arr.radarr_wire import Movie
from tracker_tui.simulate.arr.records import Command, Download, HistoryRow, Json, MediaFile
from tracker_tui.simulate.arr.scenery import MovieScenery
from tracker_tui.simulate.arr.shared import SimulatedArr
from tracker_tui.simulate.arr.wire import join_elements, render_element, stamp
from tracker_tui.simulate.clock import SimClock

RADARR_4 = "4.7.5.7809"
RADARR_5 = "5.28.0.10274"
RADARR_6 = "6.0.4.10291"


class SimulatedRadarr(SimulatedArr):
    """A Radarr with its library. Story methods take Radarr's own ids; `scenery` is a big library at rest."""

    app = "Radarr"
    item = "movie"
    owner = "movieId"
    usual_version = RADARR_6
    category = "radarr"
    roots = ("/data/movies", "/data/anime/movies")
    event_words = words_of_events("movie", deleted=6, renamed=8, ignored=9)

    def __init__(
        self, clock: SimClock, version: str | None = None, *, api_key: str | None = None, url_base: str = ""
    ) -> None:
        super().__init__(clock, version, api_key=api_key, url_base=url_base)
        self.movies: dict[int, Movie] = {}
        self.scenery: MovieScenery | None = None
        self._file_id = 30

    # ---- story

    def add_movie(
        self,
        title: str,
        *,
        movie_id: int | None = None,
        year: int = 2026,
        tmdb_id: int = 0,
        imdb_id: str | None = None,
        original_title: str | None = None,
        anime: bool = False,
        root: str | None = None,
        monitored: bool = True,
        released_at: datetime | None = None,
        alternate_titles: Sequence[str] = (),
        tags: Sequence[int] = (),
        new: bool = False,
    ) -> Movie:
        """Add a film, released 30 days ago unless `released_at` says otherwise; `new` = just added by somebody."""
        with self.lock:
            now = self.clock.now()
            number = movie_id or max(self.movies, default=6) + 1
            folder = root or self.roots[anime]
            release = released_at or now - timedelta(days=30)
            movie = Movie(
                number,
                title,
                now,
                year=year,
                tmdb_id=tmdb_id,
                imdb_id=imdb_id,
                original_title=original_title,
                language=(8, "Japanese") if anime else (1, "English"),
                root=folder,
                path=f"{folder}/{title} ({year})",
                monitored=monitored,
                in_cinemas=release - timedelta(days=90),
                digital_release=release,
                tags=list(tags),
                alternate_titles=list(alternate_titles),
            )
            self.movies[number] = movie
            if new:
                self.run("RefreshMovie", {"movieIds": [number], "isNewMovie": True})
            return movie

    def search(self, movie_id: int, *, takes_s: float = 20.0) -> Command:
        """Start a search for a film; notes the search time on it."""
        with self.lock:
            self.movies[movie_id].last_search_at = self.clock.now()
            return self.run("MoviesSearch", {"movieIds": [movie_id]}, takes_s=takes_s)

    def grab(
        self,
        movie_id: int,
        title: str,
        size: int,
        download_id: str,
        *,
        protocol: str = "torrent",
        quality: str = "WEBDL-1080p",
        group: str = "Grp",
    ) -> Download:
        """Send a release to the client: a history row now, a queue record with the next refresh."""
        with self.lock:
            return self._grab([movie_id], title, size, download_id, protocol=protocol, quality=quality, group=group)

    def import_file(
        self,
        movie_id: int,
        download_id: str | None = None,
        path: str | None = None,
        size: int | None = None,
    ) -> MediaFile:
        """Import the film's file, an older one is replaced as an upgrade; without a download, a manual import."""
        with self.lock:
            movie = self.movies[movie_id]
            download = self.download(download_id) if download_id else None
            path = path or f"{movie.path}/{movie.title} ({movie.year}).mkv"
            if movie.file:
                self.delete_file(movie_id, "Upgrade")
            file = self.find_file(movie_id, path, size or (download.size if download else 1 << 30))
            if download is not None:
                file.quality, file.release_group = download.quality, download.release_group
                file.scene_name = download.title
            source = download.output_path if download and download.output_path else "/data/downloads/complete"
            data = {
                "fileId": str(file.id),
                "droppedPath": f"{source}/{movie.title}.mkv",
                "importedPath": path,
                "downloadClient": "qBittorrent" if download else None,
                "downloadClientName": download.client if download else None,
                "releaseGroup": file.release_group,
                "size": str(file.size),
            }
            self._imported(download, [movie_id], data)
            return file

    def find_file(self, movie_id: int, path: str, size: int = 1 << 30) -> MediaFile:
        """Let a disk rescan find the film's file: the library changes, history stays silent."""
        with self.lock:
            self._file_id += 1
            file = MediaFile(self._file_id, path, size, self.clock.now())
            self.movies[movie_id].file = file
            return file

    def delete_file(self, movie_id: int, reason: str = "Manual") -> None:
        """Delete the film's file: `reason` MissingFromDisk, Manual or Upgrade."""
        with self.lock:
            movie = self.movies[movie_id]
            if movie.file is None:
                return
            file, movie.file = movie.file, None
            data: dict[str, str | None] = {"reason": reason, "releaseGroup": file.release_group, "size": str(file.size)}
            self._record(HistoryKind.DELETED, movie_id, None, data, file.path)

    def delete_movie(self, movie_id: int) -> None:
        """Delete a film with its history; its download becomes an unknown one."""
        with self.lock:
            del self.movies[movie_id]
            self.history = [row for row in self.history if row.item_id != movie_id]
            self._event()

    # ---- what queue and history records carry

    @property
    def knows_blocked(self) -> bool:
        """Return whether the version has `importBlocked`: since 5.8.0.8897."""
        return self.since(5, 8, 0, 8897)

    def keys_of(self, item_id: int) -> Json | None:
        """Return the film of a record."""
        return {"movieId": item_id} if item_id in self.movies else None

    def parent_of(self, item_id: int) -> int | None:
        """Return None."""
        return None

    def queue_extras(self, download: Download, item_id: int | None) -> Json:
        """Return languages and what came with 5.3: time added, post-import category."""
        unknown: Json = {"languages": [{"id": 0, "name": "Unknown"}], "customFormats": [], "customFormatScore": 0}
        extras = wire.languages(self.movies[item_id]) if item_id is not None else unknown
        if download.download_id is not None and self.since(5, 3, 2):
            extras |= {"added": stamp(download.added_at)}
        if self.since(5, 3, 3):
            extras |= {"downloadClientHasPostImportCategory": False}
        return extras

    def history_extras(self, row: HistoryRow) -> Json:
        """Return the languages of the row's release."""
        return wire.languages(self.movies[row.item_id])

    # ---- endpoints

    def routes(self) -> list[web.RouteDef]:
        """Return every route of this version."""
        get = "GET"
        return [
            *super().routes(),
            self.route(get, "/api/v3/movie", self._movie_list),
            self.route(get, "/api/v3/movie/{id}", self._one_movie),
            self.route(get, "/api/v3/moviefile", self._files),
            self.route(get, "/api/v3/wanted/missing", self._missing),
            self.route(get, "/api/v3/calendar", self._calendar),
        ]

    def _record_of(self, movie: Movie) -> Json:
        return wire.movie_record(movie, self.clock.now(), self.numbers)

    def _movie_list(self, query: Query) -> bytes:
        wanted = query.number("tmdbId")
        query.flag("excludeLocalCovers")
        elements = [
            render_element(self._record_of(movie)) for movie in self.movies.values() if wanted in {None, movie.tmdb_id}
        ]
        if self.scenery and wanted is None:
            elements += self.scenery.elements(self.clock.now(), self.numbers)
        return join_elements(elements)

    def _one_movie(self, query: Query) -> Json:
        movie = self.movies.get(query.id) or (self.scenery.find(query.id) if self.scenery else None)
        if movie is None:
            raise not_found()
        return self._record_of(movie)

    def _files(self, query: Query) -> list[Json]:
        movies, ids = query.numbers("movieId"), query.numbers("movieFileIds")
        if not movies and not ids:
            raise Refusal(400, {"message": "movieId or movieFileIds must be provided"})
        return [
            wire.movie_file_record(movie, movie.file, self.numbers)
            for movie in self.movies.values()
            if movie.file is not None and (movie.id in movies or movie.file.id in ids)
        ]

    def _missing(self, query: Query) -> Json:
        now, monitored = self.clock.now(), query.flag("monitored", default=True)
        records = [
            self._record_of(movie)
            for movie in self.movies.values()
            if movie.file is None and movie.is_available(now) and movie.monitored == monitored
        ]
        return page_of(query, records, {"movieMetadata.sortTitle": lambda record: record["sortTitle"]})

    def _calendar(self, query: Query) -> list[Json]:
        start, end = query.days(self.clock.now())
        unmonitored = query.flag("unmonitored")
        return [
            self._record_of(movie)
            for movie in self.movies.values()
            if (unmonitored or movie.monitored)
            and any(
                at is not None and start <= at <= end
                for at in (movie.in_cinemas, movie.digital_release, movie.physical_release)
            )
        ]

"""Client of Radarr 4, 5 and 6, all through API v3."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, override

from tracker_tui.model.arr import Movie, ReleaseSearch
from tracker_tui.model.observation import HistoryRead, MovieRead, MoviesListed
from tracker_tui.model.text import clean, clean_or_none
from tracker_tui.services.arr.shared import ArrClient
from tracker_tui.services.arr.values import folder, instant, other_titles, path, positive, word
from tracker_tui.services.arr.wire import CamelWire, FileWire, TitleWire
from tracker_tui.services.decode import decode
from tracker_tui.services.http import INVENTORY_DEADLINE_S

if TYPE_CHECKING:
    from pyarr import AsyncRadarr

COVERS_OPTIONAL = (5, 0, 2)
"""Since this version `/movie` can leave out the look for cover files on disk."""
_CINEMA_TO_HOME = timedelta(days=90)


class MovieWire(CamelWire):
    """A record of `/movie`. `hasFile` may be absent since 5.3.3, `movieFileId` and `releaseDate` came with 5.x."""

    id: int
    title: str
    original_title: str | None = None
    alternate_titles: list[TitleWire] | None = None
    year: int | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None
    monitored: bool | None = None
    has_file: bool | None = None
    movie_file_id: int | None = None
    movie_file: FileWire | None = None
    is_available: bool | None = None
    minimum_availability: str | None = None
    status: str | None = None
    in_cinemas: str | None = None
    digital_release: str | None = None
    physical_release: str | None = None
    release_date: str | None = None
    path: str | None = None
    root_folder_path: str | None = None
    tags: list[int] | None = None
    added: str | None = None
    last_search_time: str | None = None
    title_slug: str | None = None

    def fact(self) -> Movie:
        """Return the model's film."""
        return Movie(
            id=self.id,
            title=clean(self.title),
            titles=other_titles(
                self.title, (self.original_title, *(other.title for other in self.alternate_titles or []))
            ),
            original_title=clean_or_none(self.original_title),
            year=positive(self.year),
            tmdb_id=positive(self.tmdb_id),
            imdb_id=clean_or_none(self.imdb_id),
            monitored=self.monitored,
            has_file=self._has_file(),
            is_available=self.is_available,
            release_at=instant(self.release_date) or self._release_at(),
            status=word(self.status),
            path=path(self.path),
            root_folder=folder(self.root_folder_path),
            tags=tuple(self.tags or ()),
            added_at=instant(self.added),
            last_search_at=instant(self.last_search_time),
            slug=clean_or_none(self.title_slug),
            file=self.movie_file.fact() if self.movie_file else None,
        )

    def _has_file(self) -> bool | None:
        if self.has_file is not None:
            return self.has_file
        if self.movie_file is not None:
            return True
        return None if self.movie_file_id is None else self.movie_file_id > 0

    def _release_at(self) -> datetime | None:
        """Return when the film counts as released, as Radarr reckons it for its minimum availability."""
        cinema = instant(self.in_cinemas)
        home = [at for at in (instant(self.digital_release), instant(self.physical_release)) if at]
        match (self.minimum_availability or "").lower():
            case "tba" | "announced":
                return min([*home, *([cinema] if cinema else [])], default=None)
            case "incinemas" if cinema:
                return cinema
        return min(home, default=cinema + _CINEMA_TO_HOME if cinema else None)


class RadarrClient(ArrClient["AsyncRadarr"]):
    """Reads one Radarr instance."""

    app = "Radarr"
    no_embedding = {"includeMovie": False}  # noqa: RUF012 - typed ClassVar in the base

    async def movie_list(self) -> MoviesListed:
        """Read every film: 6.2 kB each, slow on big libraries, never on a timer below half an hour."""
        params = {"excludeLocalCovers": True} if self._at_least(COVERS_OPTIONAL) else {}
        body = await self._ask(
            lambda api: api.http_utils.request("movie", params=params),
            max(INVENTORY_DEADLINE_S, self.instance.timeout_s),
        )
        return MoviesListed(movies=self._facts(body, MovieWire))

    async def read_movie(self, movie_id: int) -> MovieRead:
        """Read one film; `movie` None = Radarr says 404."""
        body = await self._unless_gone(lambda api: api.movie.get(movie_id))
        return MovieRead(movie_id=movie_id, movie=None if body is None else decode(body, MovieWire).fact())

    async def movie_by_tmdb(self, tmdb_id: int) -> MovieRead | None:
        """Read the film with this TMDB id; None = Radarr does not have it. One look-up, not a filtered list."""
        movies = self._facts(await self._ask(lambda api: api.movie.get(tmdb_id=tmdb_id)), MovieWire)
        return next((MovieRead(movie_id=movie.id, movie=movie) for movie in movies if movie.tmdb_id == tmdb_id), None)

    async def history_of(self, movie_id: int) -> HistoryRead:
        """Read every event of one film."""
        return await self._events_of("history/movie", {"movieId": movie_id})

    async def release_rejections(self, *, movie_id: int) -> ReleaseSearch:
        """Search the indexers for a film and count why releases are refused.

        Only when the user asks: it costs every indexer a query and takes up to minutes.
        """
        return await self._rejections({"movieId": movie_id})

    def _at_least(self, wanted: tuple[int, ...]) -> bool:
        """Return whether the server is known to be of version `wanted` or newer."""
        return tuple(int(part) for part in re.findall(r"\d+", self.version or "")) >= wanted

    @override
    def _pyarr(self) -> "type[AsyncRadarr]":
        from pyarr import AsyncRadarr  # here, because it takes 50 ms that only who talks to Radarr should pay

        return AsyncRadarr

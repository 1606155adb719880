"""Big libraries at rest, for benchmarks: thousands of series or films that nothing happens to.

Each one is made from its number alone, so a single one can be read without keeping all; the records of the full list
are rendered once per version.
"""

from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

from tracker_tui.simulate.arr import radarr_wire, sonarr_wire
from tracker_tui.simulate.arr.radarr_wire import Movie
from tracker_tui.simulate.arr.records import Json, MediaFile
from tracker_tui.simulate.arr.sonarr_wire import Episode, Season, Series
from tracker_tui.simulate.arr.wire import render_element

FIRST_ID = 1_000_000
"""Ids of scenery start here, far above those of a story."""
_START = datetime(2015, 1, 1, 15, tzinfo=UTC)
_ABROAD = ("3D", "El regreso", "Le retour", "Die Rückkehr", "Il ritorno", "Powrót", "II", "IMAX", "(Film)", "0", "2015")
_WORDS = ("Quiet", "Northern", "Glass", "Harbor", "Seventh", "Paper", "Winter", "Lantern", "Distant", "Iron")


def _title(number: int) -> str:
    return f"{_WORDS[number % 10]} {_WORDS[number // 10 % 10]} {number}"


class _Scenery[T](ABC):
    """`count` titles with ids from `FIRST_ID` on."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._rendered: dict[tuple[int, ...], list[bytes]] = {}

    def find(self, number: int) -> T | None:
        """Return the title of that id, None when there is none."""
        index = number - FIRST_ID
        return self._make(index) if 0 <= index < self.count else None

    def elements(self, now: datetime, version: tuple[int, ...]) -> list[bytes]:
        """Return the rendered records of the full list."""
        if version not in self._rendered:
            self._rendered[version] = [
                render_element(self._record(self._make(index), now, version)) for index in range(self.count)
            ]
        return self._rendered[version]

    @abstractmethod
    def _make(self, number: int) -> T:
        """Return the title of that number, from 0."""

    @abstractmethod
    def _record(self, one: T, now: datetime, version: tuple[int, ...]) -> Json:
        """Return its record in the full list."""


class SeriesScenery(_Scenery[Series]):
    """Series of five seasons with `episodes` episodes, all with files."""

    def __init__(self, count: int, episodes: int = 50) -> None:
        super().__init__(count)
        self.episodes = episodes

    def _record(self, one: Series, now: datetime, version: tuple[int, ...]) -> Json:
        return sonarr_wire.series_record(one, now, version)

    def _make(self, number: int) -> Series:
        anime = number % 10 == 0
        title = _title(number)
        root = "/data/anime/shows" if anime else "/data/tv"
        series = Series(
            FIRST_ID + number,
            title,
            _START,
            year=2015,
            tvdb_id=500_000 + number,
            tmdb_id=700_000 + number,
            imdb_id=f"tt{5_000_000 + number}",
            series_type="anime" if anime else "standard",
            root=root,
            path=f"{root}/{title}",
            ended=True,
            alternate_titles=[f"{title}: {suffix}" for suffix in ("The Series", "La serie", "Die Serie", "Le retour")],
            seasons={one: Season(one, one > 0) for one in range(6)},
        )
        for index in range(self.episodes):
            number_of = FIRST_ID + number * self.episodes + index
            season = 1 + index * 5 // self.episodes
            path = f"{series.path}/Season {season:02}/{title} - S{season:02}E{index + 1:02}.mkv"
            series.files[number_of] = MediaFile(number_of, path, 1 << 30, _START)
            series.episodes[number_of] = Episode(
                number_of,
                season,
                index + 1,
                f"Episode {index + 1}",
                _START + timedelta(days=7 * index),
                absolute=index + 1,
                tvdb_id=number_of,
                file_id=number_of,
            )
        return series


class MovieScenery(_Scenery[Movie]):
    """Films, all with files."""

    def _record(self, one: Movie, now: datetime, version: tuple[int, ...]) -> Json:
        return radarr_wire.movie_record(one, now, version)

    def _make(self, number: int) -> Movie:
        title = _title(number)
        root = "/data/anime/movies" if number % 10 == 0 else "/data/movies"
        movie = Movie(
            FIRST_ID + number,
            title,
            _START,
            year=2015,
            tmdb_id=800_000 + number,
            imdb_id=f"tt{8_000_000 + number}",
            root=root,
            path=f"{root}/{title} (2015)",
            in_cinemas=_START,
            digital_release=_START + timedelta(days=90),
            physical_release=_START + timedelta(days=120),
            alternate_titles=[f"{title} {suffix}" for suffix in _ABROAD],
        )
        movie.file = MediaFile(
            FIRST_ID + number,
            f"{movie.path}/{title} (2015) Bluray-1080p.mkv",
            8 << 30,
            _START,
            quality="Bluray-1080p",
            scene_name=f"{title.replace(' ', '.')}.2015.1080p.BluRay.x265-Grp",
        )
        return movie

"""Households of any size: shelves nobody waits for, and the same few requests in flight in each."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from tracker_tui.config.settings import Settings
from tracker_tui.simulate.arr.scenery import FIRST_ID, MovieScenery, SeriesScenery
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.household.titles import Release, Show, jellyfin_path, pack, shoko_path
from tracker_tui.simulate.shoko.records import SimJob
from tracker_tui.simulate.story import titles as its

_ANIDB = 40_000
"""AniDB ids of the anime on the shelves start here."""


PACK = 25
"""Episodes of a season that comes as one torrent."""


class Size(NamedTuple):
    """How much stands on the shelves."""

    series: int
    movies: int
    torrents: int


SMALL = Size(series=20, movies=50, torrents=50)
LARGE = Size(series=2_000, movies=5_000, torrents=5_000)


def household_of(size: Size) -> Household:
    """Return a household at `START` with full shelves, which all services know, and no request."""
    household = Household(SimClock(START - timedelta(days=3)))
    household.shokofin.drops_events = True  # the scan at the end finds everything at once
    household.sonarr.scenery = SeriesScenery(size.series)
    household.radarr.scenery = MovieScenery(size.movies)
    household.qbittorrent.fill(size.torrents)
    for number in range(size.series):
        series = household.sonarr.scenery.find(FIRST_ID + number)
        if series is not None:
            household.jellyfin.add_title(jellyfin_path(series.path), series.title, {"Tvdb": str(series.tvdb_id)})
            file = next(iter(series.files.values()))
            _shelve(household, number, series.title, file.path, file.size, tmdb_movies=())
    for number in range(size.movies):
        movie = household.radarr.scenery.find(FIRST_ID + number)
        if movie is not None and movie.file is not None:
            household.jellyfin.add_title(jellyfin_path(movie.path), movie.title, {"Tmdb": str(movie.tmdb_id)})
            anime = size.series + number
            _shelve(household, anime, movie.title, movie.file.path, movie.file.size, tmdb_movies=(movie.tmdb_id,))
    household.jellyfin.finish_scan()
    household.shokofin.drops_events = False
    household.clock.jump(to=START)
    household.tick()
    return household


def _shelve(
    household: Household, number: int, title: str, path: str, size: int, *, tmdb_movies: tuple[int, ...]
) -> None:
    """Put one file where Jellyfin, and Shoko if it is an anime's, will find it."""
    with household.jellyfin.lock:
        household.jellyfin.disk.add_file(jellyfin_path(path), household.clock.now())
    if path.startswith("/data/anime/"):
        anime = _ANIDB + number
        household.shoko.add_anime(anime, title, 1, type="Movie" if tmdb_movies else "TV", tmdb_movies=tmdb_movies)
        household.shoko.file_appears(shoko_path(path), size, household.shoko.link(anime, 1))
        household.shoko.finish_jobs()  # each by itself: the cost of a queue of thousands grows with its square


def pass_time(household: Household, seconds: float) -> None:
    """Let everything happen that happens by itself meanwhile."""
    household.clock.jump(seconds=seconds)
    household.tick()


def season_pack_in_flight(household: Household) -> None:
    """Let a season of six be asked for and be on its way as one torrent."""
    _grabbed(household, its.STATION_NINE, its.STATION_NINE_PACK)
    household.flow(its.STATION_NINE_PACK, 0.30, 2 << 20)
    household.sonarr.client_refresh()


def seasons_in_flight(household: Household, numbers: Iterable[int]) -> None:
    """Let seasons of `PACK` episodes be on their way, each as one torrent."""
    for number in numbers:
        show, release = flight_show(number)
        _grabbed(household, show, release)
        household.flow(release, 0.1, 1 << 20)
    household.sonarr.client_refresh()


def flight_show(number: int) -> tuple[Show, Release]:
    """Return one of many alike: a season of `PACK` episodes, and the torrent that brings it."""
    ids = (950_000 + number, 850_000 + number, 6_000 + number, 500_000 + number * 100)
    name = f"Flight.{number}.S01"
    release = pack(f"{name}.1080p.WEB-DL-GRP", f"{name}E{{}}.1080p.WEB-DL-GRP", PACK, PACK << 30)
    return Show(f"Flight {number}", 2025, *ids, {1: PACK}), release


def late_anime_season(household: Household, *, minutes: float = 30.0) -> None:
    """Let a season of 13 be imported, which AniDB does not know: it has waited for its match for so long."""
    household.anidb_does_not_know(its.LYCORIS_RECOIL)
    _grabbed(household, its.LYCORIS_RECOIL, its.LYCORIS_PACK, progress=1.0)
    household.imports_now(its.LYCORIS_PACK)
    household.shoko.finish_jobs()
    pass_time(household, minutes * 60)


def unseen_anime_season(household: Household) -> None:
    """Let a season of 13 lie where Shoko does not look, for 40 minutes, while it works on other files."""
    household.shoko.folders[3].watched = False  # its root folder's
    _grabbed(household, its.SNAFU, its.SNAFU_PACK, progress=1.0)
    household.imports_now(its.SNAFU_PACK)
    paths = [f"/anime/movies/Film {number}/Film {number}.mkv" for number in range(40)]
    household.shoko.jobs += [SimJob(None, "Hash File", 1e9, path=path) for path in paths]
    pass_time(household, 40 * 60)


def finished_series(household: Household) -> None:
    """Let a season be asked for, imported and playable: it needs nothing any more."""
    _grabbed(household, its.TIDEWATER, its.TIDEWATER_PACK, progress=1.0)
    household.imports_now(its.TIDEWATER_PACK)
    household.jellyfin.finish_scan()
    pass_time(household, 600)


def _grabbed(household: Household, show: Show, release: Release, *, progress: float = 0.0) -> None:
    household.request(show, by="mia")
    household.approve(show)
    household.arr_adds(show)
    household.grab(show, release, show.numbers(), progress=progress)


def settings_for(household: Household) -> Settings:
    """Return the configuration that reaches the services, which must be running."""
    return Settings(instances=household.instances())

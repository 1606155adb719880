"""A library at rest: a few hundred titles that everybody has and nobody waits for."""

from collections.abc import Iterable

from tracker_tui.simulate.arr.scenery import FIRST_ID, MovieScenery, SeriesScenery
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.titles import jellyfin_path, shoko_path

MOVIES, SERIES, EPISODES = 240, 40, 10
_ANIDB = 40_000
"""AniDB ids of resting anime start here."""


def rest(household: Household, *, movies: int = MOVIES, series: int = SERIES) -> None:
    """Fill the shelves of Radarr, Sonarr, Shoko and Jellyfin; Jellyfin knows it after its next scan."""
    household.radarr.scenery = MovieScenery(movies)
    household.sonarr.scenery = SeriesScenery(series, EPISODES)
    for number in range(movies):
        movie = household.radarr.scenery.find(FIRST_ID + number)
        if movie is not None and movie.file is not None:
            folder = movie.path
            household.jellyfin.add_title(jellyfin_path(folder), movie.title, {"Tmdb": str(movie.tmdb_id)})
            _shelve(household, number, movie.title, [(movie.file.path, movie.file.size)], tmdb_movie=movie.tmdb_id)
    for number in range(series):
        show = household.sonarr.scenery.find(FIRST_ID + number)
        if show is not None:
            household.jellyfin.add_title(jellyfin_path(show.path), show.title, {"Tvdb": str(show.tvdb_id)})
            _shelve(household, movies + number, show.title, [(one.path, one.size) for one in show.files.values()])


def _shelve(
    household: Household, number: int, title: str, files: Iterable[tuple[str, int]], *, tmdb_movie: int | None = None
) -> None:
    now = household.clock.now()
    files = list(files)
    anime = files[0][0].startswith("/data/anime/")
    if anime:
        kind = "TV" if tmdb_movie is None else "Movie"
        movies = () if tmdb_movie is None else (tmdb_movie,)
        household.shoko.add_anime(_ANIDB + number, title, len(files), type=kind, tmdb_movies=movies)
    with household.jellyfin.lock:
        for episode, (path, size) in enumerate(files, 1):
            household.jellyfin.disk.add_file(jellyfin_path(path), now)
            if anime:
                household.shoko.file_appears(shoko_path(path), size, household.shoko.link(_ANIDB + number, episode))

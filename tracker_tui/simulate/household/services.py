"""The six services of a household, set up for each other, and how a new title becomes known to them."""

from collections.abc import Mapping
from datetime import timedelta

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.titles import Film, Show, Wanted, anime_of, jellyfin_path, shoko_path
from tracker_tui.simulate.jellyfin.items import SimulatedLibrary
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin
from tracker_tui.simulate.jellyfin.shokofin_source import ShokoStateSource
from tracker_tui.simulate.jellyfin.shokofin_vfs import Rules
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.seerr.wire import ArrServer, Title
from tracker_tui.simulate.server import SimulatedService
from tracker_tui.simulate.shoko.records import Work
from tracker_tui.simulate.shoko.server import SimulatedShoko

ANIME_SHOWS, ANIME_MOVIES, ANIME_CLASSICS = "Anime Shows", "Anime Movies", "Anime Classics"
_LIBRARIES = {
    ANIME_SHOWS: ("/data/anime/shows", "tvshows"),
    ANIME_MOVIES: ("/data/anime/movies", "movies"),
    ANIME_CLASSICS: ("/data/anime/classics", "tvshows"),
    "TV-Shows": ("/data/tv", "tvshows"),
    "Movies": ("/data/movies", "movies"),
}


class HouseholdServices:
    """The services on one clock; `libraries` are Jellyfin's, by name."""

    def __init__(self, clock: SimClock) -> None:
        self.clock = clock
        self.seerr = SimulatedSeerr(clock)
        self.sonarr = SimulatedSonarr(clock)
        self.radarr = SimulatedRadarr(clock)
        self.qbittorrent = SimulatedQbittorrent(clock)
        self.shoko = SimulatedShoko(clock)
        self.jellyfin = SimulatedJellyfin(clock)
        self.shokofin = SimulatedShokofin(self.jellyfin, ShokoStateSource(self.shoko))
        self.services: Mapping[Kind, SimulatedService] = {
            Kind.SEERR: self.seerr,
            Kind.SONARR: self.sonarr,
            Kind.RADARR: self.radarr,
            Kind.QBITTORRENT: self.qbittorrent,
            Kind.SHOKO: self.shoko,
            Kind.JELLYFIN: self.jellyfin,
        }
        self.libraries: dict[str, SimulatedLibrary] = {}
        self._connect_seerr()
        self._connect_anime()

    def instances(self) -> tuple[Instance, ...]:
        """Return what a configuration says of the services, which must be running: address, key or login of each."""
        keys = {
            Kind.SEERR: self.seerr.api_key,
            Kind.SONARR: self.sonarr.api_key,
            Kind.RADARR: self.radarr.api_key,
            Kind.SHOKO: next(iter(self.shoko.keys), "none"),
            Kind.JELLYFIN: self.jellyfin.api_key,
        }
        client = self.qbittorrent
        return tuple(
            Instance(
                kind=kind,
                name=kind.value,
                url=service.url,
                api_key=Secret(keys[kind]) if kind in keys else None,
                username=client.username if service is client else None,
                password=Secret(client.password) if service is client else None,
            )
            for kind, service in self.services.items()
        )

    def add_series(self, wanted: Show) -> None:
        """Add a series to Sonarr, unmonitored, and let those who could know it know it."""
        series = self.sonarr.add_series(
            wanted.name,
            wanted.seasons,
            first_air=wanted.first_air,
            series_id=wanted.series_id,
            first_episode_id=wanted.first_episode_id,
            year=wanted.year,
            tvdb_id=wanted.tvdb_id,
            tmdb_id=wanted.tmdb_id,
            anime=wanted.anime is not None,
            root=wanted.root,
            monitored_seasons=(),
            alternate_titles=[wanted.original_name] if wanted.original_name else [],
            new=True,
        )
        episodes = [one for one in series.episodes.values() if one.season > 0]
        for episode, name in zip(episodes, wanted.episode_names, strict=False):
            episode.title = name
        for episode in episodes[len(episodes) - wanted.undated :]:
            episode.air_at = None
        ids = {"Tvdb": str(wanted.tvdb_id), "Tmdb": str(wanted.tmdb_id)}
        numbers = {(one.season, one.number): {"Tvdb": str(one.tvdb_id)} for one in series.episodes.values()}
        self.jellyfin.add_title(jellyfin_path(wanted.folder), wanted.name, ids, numbers)
        if wanted.anime is not None:
            self._anidb_knows(wanted, sum(wanted.seasons[one] for one in wanted.seasons if one > 0))

    def add_movie(self, wanted: Film) -> None:
        """Add a film to Radarr, and let those who could know it know it."""
        is_anime = wanted.anime is not None
        self.radarr.add_movie(
            wanted.name,
            movie_id=wanted.movie_id,
            year=wanted.year,
            tmdb_id=wanted.tmdb_id,
            original_title=wanted.original_name,
            anime=is_anime,
            root=wanted.root,
            alternate_titles=[wanted.anime.title] if wanted.anime else [],
            tags=[self.radarr.tag("anime")] if is_anime else [],
            new=True,
        )
        self.jellyfin.add_title(jellyfin_path(wanted.folder), wanted.name, {"Tmdb": str(wanted.tmdb_id)})
        if is_anime:
            self._anidb_knows(wanted, 1)

    def _connect_seerr(self) -> None:
        self.seerr.arr_wait_s = 0.2  # the connection is refused, which is known soon
        self.seerr.user("adept")
        self.seerr.add_server(
            ArrServer(0, "Sonarr", False, "sonarr", 8989, "sonarr-key", "/data/tv", "/data/anime/shows")
        )
        self.seerr.add_server(ArrServer(0, "Radarr", True, "radarr", 7878, "radarr-key", "/data/movies"))

    def _connect_anime(self) -> None:
        # faster than the 5 s after which Shokofin acts on a match: it links nothing while the series is missing
        self.shoko.takes_s[Work.ANIME] = 2.0
        self.sonarr.root_folders.append("/data/anime/classics")
        self.radarr.tag("anime")
        for name, (folder, kind) in _LIBRARIES.items():
            self.libraries[name] = self.jellyfin.add_library(name, [jellyfin_path(folder)], kind)
        for number, name in enumerate((ANIME_SHOWS, ANIME_MOVIES, ANIME_CLASSICS), 1):
            folder = _LIBRARIES[name][0]
            self.shoko.add_folder(shoko_path(folder), f"anime_{folder.rpartition('/')[2]}", folder_id=number)
            self.shokofin.adopt(self.libraries[name], number)
        self.shokofin.rules = Rules(filter_movies=False)
        self.jellyfin.scan_daily(timedelta(hours=3))

    def _anidb_knows(self, wanted: Wanted, episodes: int) -> None:
        anime = anime_of(wanted)
        self.shoko.add_anime(
            anime.anidb_id,
            anime.title,
            episodes,
            type="Movie" if wanted.is_movie else "TV",
            tmdb_movies=(wanted.tmdb_id,) if wanted.is_movie else (),
            tmdb_shows=() if wanted.is_movie else (wanted.tmdb_id,),
            tvdb=(wanted.tvdb_id,) if isinstance(wanted, Show) else (),
            series_id=anime.series_id,
            first_episode_id=anime.first_episode,
        )


def seerr_title(wanted: Wanted) -> Title:
    """Return what TMDB tells Seerr of it."""
    return Title(
        wanted.tmdb_id,
        wanted.is_movie,
        wanted.name,
        wanted.original_name,
        f"{wanted.year}-07-02",
        tuple(wanted.seasons) if isinstance(wanted, Show) else (),
        wanted.tvdb_id if isinstance(wanted, Show) else None,
        anime=wanted.anime is not None,
    )

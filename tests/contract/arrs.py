"""How Sonarr and Radarr are held."""

from datetime import timedelta

from tests.contract.holding import HASHES, KEY, NOW, Ask, Held, held
from tracker_tui.config.settings import Instance
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost

_MAPPING = {"id": 1, "host": "qbittorrent", "remotePath": "/downloads/", "localPath": "/data/"}
_OF_BOTH = (
    "/api/v3/rootfolder",
    "/api/v3/remotepathmapping",
    "/api/v3/indexer",
    "/api/v3/queue/status",
    "/api/v3/system/task",
)


async def _ask_both(client: SonarrClient | RadarrClient) -> None:
    await client.identify()
    await client.setup()
    await client.queue()
    await client.history_since(NOW - timedelta(days=1))
    await client.recent_history(NOW - timedelta(days=1))
    await client.commands()
    await client.health()
    await client.indexers_searched()
    await client.path_mappings()


def sonarr(version: str) -> Ask:
    """Return how to hold a Sonarr: packs in every stage, files, failures, complaints, a search."""

    async def run(host: SimHost, sessions: Sessions) -> Held:
        clock = SimClock(NOW)
        server = SimulatedSonarr(clock, version, api_key=KEY)
        server.tag("anime")
        show = server.add_series("Station Nine", {0: 1, 1: 6}, tvdb_id=900040, tmdb_id=800040, imdb_id="tt0900040")
        anime = server.add_series(
            "Lycoris Recoil",
            {1: 13},
            tvdb_id=414057,
            imdb_id="tt1",
            anime=True,
            alternate_titles=["リコリス・リコイル"],
            tags=[1],
            new=True,
        )
        episodes = [one.id for one in show.episodes.values() if one.season == 1]
        server.grab(episodes[:3], "Station.Nine.S01.1080p.WEB-DL", 3 << 30, HASHES[0])
        server.grab(episodes[3:4], "Station.Nine.S01E04.1080p.WEB-DL", 1 << 30, HASHES[1])
        server.grab([next(iter(anime.episodes))], "[Group] Lycoris Recoil - 01", 1 << 30, HASHES[2])
        server.client_refresh()
        server.progress(HASHES[2], left=1 << 29, eta=timedelta(minutes=5))
        server.complete(HASHES[0])
        server.import_files(HASHES[0])
        server.complete(HASHES[1])
        server.block_import(HASHES[1], "No files found are eligible for import")
        server.unknown_download("Nobody.Knows.S01", 1 << 30, "99" * 20)
        server.client_refresh()
        server.search(show.id, 1)
        server.complain("DownloadClientCheck", "warning", "Unable to reach qBittorrent")
        server.path_mappings.append(_MAPPING)
        server.releases[show.id] = [Release("Station.Nine.S01.720p", rejections=("Quality not wanted",))]

        async def ask(instance: Instance) -> None:
            client = SonarrClient(instance, sessions)
            await _ask_both(client)
            await client.series_list()
            await client.read_series(show.id, with_files=True)
            await client.history_of(show.id)
            await client.release_rejections(series_id=show.id, season=1)
            await client.aclose()

        extra = (
            f"/api/v3/command/{server.commands[0].id}",
            *_OF_BOTH,
            "/api/v3/calendar?start=2024-01-01&end=2027-01-01&includeSeries=true",
            "/api/v3/wanted/missing?includeSeries=true",
            "/api/v3/queue?includeSeries=true&includeEpisode=true&includeUnknownSeriesItems=true",
        )
        return await held(host, "sonarr", version, server, ask, headers={"X-Api-Key": KEY}, extra=extra)

    return run


def radarr(version: str) -> Ask:
    """Return how to hold a Radarr: a film with its file, one in the queue, one wanted."""

    async def run(host: SimHost, sessions: Sessions) -> Held:
        clock = SimClock(NOW)
        server = SimulatedRadarr(clock, version, api_key=KEY)
        server.tag("anime")
        done = server.add_movie("Harbor Lights", year=2024, tmdb_id=700060, imdb_id="tt0700060")
        moving = server.add_movie(
            "The Garden of Words",
            tmdb_id=198375,
            imdb_id="tt2",
            anime=True,
            original_title="言の葉の庭",
            alternate_titles=["x"],
            tags=[1],
        )
        server.add_movie("Wanted", tmdb_id=5, imdb_id="tt5", new=True)
        server.grab(done.id, "Harbor.Lights.2024.1080p.BluRay-GRP", 8 << 30, HASHES[0])
        server.grab(moving.id, "[Group] Kotonoha no Niwa", 2 << 30, HASHES[1])
        server.client_refresh()
        server.complete(HASHES[0])
        server.import_file(done.id, HASHES[0])
        server.progress(HASHES[1], left=1 << 30, eta=timedelta(minutes=5))
        server.client_refresh()
        server.complain("DownloadClientCheck", "error", "All download clients are unavailable")
        server.path_mappings.append(_MAPPING)
        server.releases[done.id] = [Release("Harbor.Lights.720p", rejections=("Quality not wanted",))]

        async def ask(instance: Instance) -> None:
            client = RadarrClient(instance, sessions)
            await _ask_both(client)
            await client.movie_list()
            await client.read_movie(done.id)
            await client.movie_by_tmdb(700060)
            await client.history_of(done.id)
            await client.release_rejections(movie_id=done.id)
            await client.aclose()

        extra = (
            f"/api/v3/command/{server.commands[0].id}",
            *_OF_BOTH,
            f"/api/v3/moviefile?movieId={done.id}",
            "/api/v3/calendar?start=2024-01-01&end=2027-01-01",
            "/api/v3/wanted/missing",
            "/api/v3/queue?includeUnknownMovieItems=true",
        )
        return await held(host, "radarr", version, server, ask, headers={"X-Api-Key": KEY}, extra=extra)

    return run

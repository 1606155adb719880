"""A household of simulated services, each asked all that our clients know to ask; questions and answers are kept."""

from datetime import timedelta

from tests.contract.arrs import radarr, sonarr
from tests.contract.holding import HASHES, KEY, NOW, Ask, Held, held
from tests.simulate.shoko_stub import StubShoko
from tracker_tui.config.settings import Instance
from tracker_tui.services.http import Sessions
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.seerr import wire as seerr_wire
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.shoko.records import V4_2, ShokoRelease
from tracker_tui.simulate.shoko.server import SimulatedShoko


def qbittorrent(version: str) -> Ask:
    """Return how to hold a qBittorrent: transfers in several states."""

    async def run(host: SimHost, _: Sessions) -> Held:
        server = SimulatedQbittorrent(SimClock(NOW), version)
        files = [(f"Show.S01/Show.S01E{number:02}.mkv", 40 << 20) for number in range(1, 4)]
        for hash_ in HASHES:
            server.add_torrent(hash_.lower(), "Show.S01", files, "tv-sonarr", speed=4 << 20)
        server.set_progress(HASHES[1].lower(), 1.0)
        server.stop(HASHES[2].lower())
        server.bypass = True

        async def ask(instance: Instance) -> None:
            client = QbittorrentClient(instance)
            await client.identify()
            await client.sync()
            await client.files([HASHES[0].lower()])
            await client.aclose()

        extra = (
            "/api/v2/app/buildInfo",
            "/api/v2/torrents/info",
            "/api/v2/torrents/categories",
            "/api/v2/transfer/info",
            "/api/v2/sync/maindata?rid=0",
            f"/api/v2/torrents/files?hash={HASHES[0].lower()}",
            f"/api/v2/torrents/properties?hash={HASHES[0].lower()}",
        )
        return await held(host, "qbittorrent", version, server, ask, headers={}, extra=extra)

    return run


def shoko(release: ShokoRelease) -> Ask:
    """Return how to hold a Shoko: matched, unrecognised and hashing files, a queue."""

    async def run(host: SimHost, sessions: Sessions) -> Held:
        server = SimulatedShoko(SimClock(NOW), release, api_key=KEY)
        server.add_folder("/mnt/anime", "anime_shows")
        server.add_anime(17097, "Lycoris Recoil", 3, tmdb_shows=(154494,), tvdb=(414057,), series_id=12)
        path = "/mnt/anime/Lycoris Recoil/Season 1/Lycoris Recoil - S01E{:02}.mkv"
        for number in (1, 2):
            server.file_appears(path.format(number), 1000 + number, server.link(17097, number), file_id=300 + number)
        server.file_appears("/mnt/anime/Unknown/x.mkv", 5, file_id=400)
        server.finish_jobs()
        server.add_backlog("HashFile", 5)

        async def ask(instance: Instance) -> None:
            client = ShokoClient(instance, sessions)
            await client.identify()
            await client.state()
            await client.folders()
            await client.lookup([(path.format(1), None), ("/mnt/anime/Unknown/x.mkv", None)])
            await client.series(12)
            await client.series_files(12)
            await client.bans()
            if release.api >= (5, 1, 0):
                await client.queue_items()
            await client.aclose()

        folders = "ManagedFolder" if release.managed_folders else "ImportFolder"
        extra = (
            f"/api/v3/{folders}/1",
            f"/api/v3/{folders}/1/File",
            "/api/v3/File?pageSize=10",
            "/api/v3/File/301?include=XRefs",
            "/api/v3/Series?pageSize=10",
            "/api/v3/Series/AniDB/17097/Series",
            "/api/v3/Series/12/Episode?includeDataFrom=AniDB",
        )
        return await held(host, "shoko", release.version, server, ask, headers={"apikey": KEY}, extra=extra)

    return run


def jellyfin(version: str, plugin: str) -> Ask:
    """Return how to hold a Jellyfin: a film, a series, an anime library of the plugin, a running scan."""

    async def run(host: SimHost, sessions: Sessions) -> Held:
        clock = SimClock(NOW)
        server = SimulatedJellyfin(clock, version, api_key=KEY)
        server.add_library("Movies", ["/data/movies"], "movies")
        server.add_library("TV-Shows", ["/data/tv"])
        anime = server.add_library("Anime Shows", ["/data/anime/shows"])
        server.add_title("/data/movies/Harbor Lights (2024)", "Harbor Lights", {"Tmdb": "700060"})
        server.add_title("/data/tv/Station Nine", "Station Nine", {"Tvdb": "900040"}, {(1, 1): {"Tvdb": "4001"}})
        server.disk.add_file("/data/movies/Harbor Lights (2024)/Harbor Lights (2024).mkv", NOW)
        server.disk.add_file("/data/tv/Station Nine/Season 01/Station Nine - S01E01.mkv", NOW)
        SimulatedShokofin(server, StubShoko(), plugin).adopt(anime, 1)
        server.finish_scan()
        clock.jump(seconds=60)
        server.start_scan()
        film = server.item_at("/data/movies/Harbor Lights (2024)/Harbor Lights (2024).mkv")
        series = server.item_at("/data/tv/Station Nine")
        assert film is not None
        assert series is not None

        async def ask(instance: Instance) -> None:
            client = JellyfinClient(instance, sessions)
            await client.identify()
            await client.setup()
            await client.libraries()
            await client.tasks()
            await client.list_items()
            await client.changed_since(NOW - timedelta(hours=1))
            await client.probe([film.id, series.id])
            await client.series_items(series.id)
            await client.media_sources(film.id)
            await client.environment_exists("/data/tv", is_file=False)
            await client.directory("/data/tv")
            await client.refresh_item(series.id)
            await ShokofinClient(client.link).read()

        extra = ("/System/Info/Public", f"/Shows/{series.id}/Episodes?fields=Path,ProviderIds&isMissing=false")
        headers = {"Authorization": f'MediaBrowser Token="{KEY}"'}
        return await held(host, "jellyfin", version, server, ask, headers=headers, extra=extra)

    return run


def seerr(release: seerr_wire.Release) -> Ask:
    """Return how to hold an Overseerr, Jellyseerr or Seerr: requests in every state."""

    async def run(host: SimHost, sessions: Sessions) -> Held:
        server = SimulatedSeerr(SimClock(NOW), release, api_key=KEY)
        server.add_server(seerr_wire.ArrServer(0, "Sonarr", False, "sonarr", 8989, "k", "/data/tv", "/data/anime"))
        server.add_server(seerr_wire.ArrServer(0, "Radarr", True, "radarr", 7878, "k", "/data/movies"))
        film = seerr_wire.Title(700060, True, "Harbor Lights", date="2024-05-01", imdb_id="tt0700060")
        show = seerr_wire.Title(
            154494, False, "Lycoris Recoil", "リコリス", "2022-07-02", (0, 1), 414057, "tt1", anime=True
        )
        done = server.request_movie(film, by="kim", server_id=0)
        server.approve(done)
        server.send(done, 60)
        server.complete(done, "59975edffb48ce6e4b1caffa6581f293")
        active = server.request_tv(show, (1,), by="mia", server_id=0)
        server.approve(active)
        server.send(active, 23, slug="lycoris-recoil")
        server.fail(server.request_tv(show, (1,), is_4k=True), "no server")
        server.request_movie(film, is_4k=True, server_id=0)

        async def ask(instance: Instance) -> None:
            client = SeerrClient(instance, sessions)
            await client.identify()
            await client.active_requests()
            await client.recent_requests(NOW - timedelta(days=14))
            await client.read_request(active)
            await client.title(700060, is_movie=True)
            await client.title(154494, is_movie=False)
            await client.servers()

        kinds = ("sonarr", "radarr", "jellyfin")
        has_jellyfin = release.product is not seerr_wire.Product.OVERSEERR
        extra = tuple(f"/api/v1/settings/{kind}" for kind in kinds if has_jellyfin or kind != "jellyfin")
        return await held(
            host, "seerr", f"{release.product} {release.version}", server, ask, headers={"X-Api-Key": KEY}, extra=extra
        )

    return run


HOUSEHOLD: dict[str, tuple[Ask, str | None]] = {
    "Sonarr 3": (sonarr("3.0.10.1567"), "sonarr-v3-openapi.json"),
    "Sonarr 4": (sonarr("4.0.17.2952"), "sonarr-v3-openapi.json"),
    "Sonarr 5": (sonarr("5.0.0.1203"), "sonarr-v3-openapi.json"),
    "Radarr 5": (radarr("5.28.0.10274"), "radarr-v3-openapi.json"),
    "Radarr 6": (radarr("6.1.1.10360"), "radarr-v3-openapi.json"),
    "qBittorrent 4.6": (qbittorrent("4.6.7"), None),
    "qBittorrent 5.0": (qbittorrent("5.0.0"), None),
    "qBittorrent 5.1": (qbittorrent("5.1.4"), None),
    "qBittorrent 5.2": (qbittorrent("5.2.0"), None),
    "Shoko 4.2": (shoko(V4_2), "../captures/shoko/nakamori-lts__swagger_v3.json"),
    "Jellyfin 10.8": (jellyfin("10.8.13", "4.2.1.0"), "jellyfin-openapi-10.8.13.json"),
    "Jellyfin 10.11": (jellyfin("10.11.11", "5.0.6.0"), "jellyfin-openapi.json"),
    "Jellyfin 12": (jellyfin("12.0.0", "6.0.5.0"), "jellyfin-openapi-12.0.0-pre.json"),
    "Overseerr 1.34": (seerr(seerr_wire.OVERSEERR), "overseerr-api.yml"),
    "Jellyseerr 2.7": (seerr(seerr_wire.JELLYSEERR), "jellyseerr-api.yml"),
    "Seerr 3.1": (seerr(seerr_wire.SEERR_3_1), "seerr-api.yml"),
    "Seerr 3.2": (seerr(seerr_wire.SEERR), "seerr-api.yml"),
}
"""Name -> how to hold it, and the API description of that version beside the project."""

PREFIX = {"shoko": "/api/v3", "seerr": "/api/v1"}
"""What paths carry beyond those of the description."""

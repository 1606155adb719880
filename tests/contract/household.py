"""A household of simulated services, each asked all that our clients know to ask; questions and answers are kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.simulate.shoko_stub import StubShoko
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin
from tracker_tui.simulate.qbittorrent.server import SimulatedQbittorrent
from tracker_tui.simulate.seerr import wire as seerr_wire
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.server import SimHost, SimulatedService
from tracker_tui.simulate.shoko.records import V4_2, ShokoRelease
from tracker_tui.simulate.shoko.server import SimulatedShoko

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
KEY = "contract-key"
HASHES = ("AB" * 20, "CD" * 20, "EF" * 20)


@dataclass(frozen=True)
class Answer:
    """An answer to one request. `query` are the names of its parameters; `ours` = a client of ours sent it."""

    method: str
    path: str
    query: frozenset[str]
    status: int
    body: Any
    ours: bool


@dataclass(frozen=True)
class Held:
    """A simulated service of one version and its answers."""

    service: str
    version: str
    answers: tuple[Answer, ...]
    routes: frozenset[str]
    """The paths it can be read at, as patterns."""


Ask = Callable[[SimHost, Sessions], Awaitable[Held]]


async def held(
    host: SimHost,
    service: str,
    version: str,
    server: SimulatedService,
    ask: Callable[[Instance], Awaitable[None]],
    *,
    headers: dict[str, str],
    extra: tuple[str, ...] = (),
) -> Held:
    """Start a server, let a client ask, then read again what it asked, and `extra` paths (with query)."""
    url = host.add(server)
    try:
        await ask(
            Instance(
                kind=Kind(service),
                name=service,
                url=url,
                api_key=None if service == "qbittorrent" else Secret(KEY),
                username="admin" if service == "qbittorrent" else None,
                password=Secret("adminadmin") if service == "qbittorrent" else None,
            )
        )
        asked = {(call.method, call.path, call.query): call.status for call in server.calls}
        answers = []
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            for (method, path, query), status in asked.items():
                target = f"{path}?{query}" if query else path
                body = _json(await client.get(target)) if method == "GET" else None
                answers.append(Answer(method, path, _names(query), status, body, ours=True))
            for target in extra:
                reply = await client.get(target)
                path, _, query = target.partition("?")
                answers.append(Answer("GET", path, _names(query), reply.status_code, _json(reply), ours=False))
        routes = frozenset(route.path for route in server.routes() if route.method in {"GET", "*"})
        return Held(service, version, tuple(answers), routes)
    finally:
        host.stop(server)


def _json(reply: httpx.Response) -> Any:
    return reply.json() if reply.content and "json" in reply.headers.get("content-type", "") else None


def _names(query: str) -> frozenset[str]:
    return frozenset(name for name, _ in httpx.QueryParams(query).multi_items())


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
        server.path_mappings.append(
            {"id": 1, "host": "qbittorrent", "remotePath": "/downloads/", "localPath": "/data/"}
        )
        server.releases[show.id] = [Release("Station.Nine.S01.720p", rejections=("Quality not wanted",))]

        async def ask(instance: Instance) -> None:
            client = SonarrClient(instance, sessions)
            await client.identify()
            await client.setup()
            await client.queue()
            await client.history_since(NOW - timedelta(days=1))
            await client.recent_history(NOW - timedelta(days=1))
            await client.commands()
            await client.health()
            await client.series_list()
            await client.read_series(show.id, with_files=True)
            await client.history_of(show.id)
            await client.release_rejections(series_id=show.id, season=1)
            await client.indexers_searched()
            await client.path_mappings()
            await client.aclose()

        extra = (
            f"/api/v3/command/{server.commands[0].id}",
            "/api/v3/rootfolder",
            "/api/v3/remotepathmapping",
            "/api/v3/indexer",
            "/api/v3/queue/status",
            "/api/v3/system/task",
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
        server.path_mappings.append(
            {"id": 1, "host": "qbittorrent", "remotePath": "/downloads/", "localPath": "/data/"}
        )
        server.releases[done.id] = [Release("Harbor.Lights.720p", rejections=("Quality not wanted",))]

        async def ask(instance: Instance) -> None:
            client = RadarrClient(instance, sessions)
            await client.identify()
            await client.setup()
            await client.queue()
            await client.history_since(NOW - timedelta(days=1))
            await client.recent_history(NOW - timedelta(days=1))
            await client.commands()
            await client.health()
            await client.movie_list()
            await client.read_movie(done.id)
            await client.movie_by_tmdb(700060)
            await client.history_of(done.id)
            await client.release_rejections(movie_id=done.id)
            await client.indexers_searched()
            await client.path_mappings()
            await client.aclose()

        extra = (
            f"/api/v3/command/{server.commands[0].id}",
            "/api/v3/rootfolder",
            "/api/v3/remotepathmapping",
            "/api/v3/indexer",
            "/api/v3/queue/status",
            "/api/v3/system/task",
            f"/api/v3/moviefile?movieId={done.id}",
            "/api/v3/calendar?start=2024-01-01&end=2027-01-01",
            "/api/v3/wanted/missing",
            "/api/v3/queue?includeUnknownMovieItems=true",
        )
        return await held(host, "radarr", version, server, ask, headers={"X-Api-Key": KEY}, extra=extra)

    return run


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

"""What the six services tell our own clients over HTTP agrees, at moments all over the story."""

import asyncio
from datetime import timedelta
from typing import NamedTuple

import pytest

from tracker_tui.model.arr import HistoryKind, HistoryRecord, MediaFile, Movie, QueueRecord
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.observation import SeriesRead
from tracker_tui.model.seerr import SeerrRequest, SeerrStatus
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.torrents import Torrent
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.household.titles import jellyfin_path, shoko_path

MOMENTS = (0, 130, 480, 900, 1240, 1480, 2050, 2400)
LATELY = timedelta(seconds=90)
"""Jellyfin and Shoko may lag so far behind an import."""


class Heard(NamedTuple):
    """What everybody says at one moment."""

    queue: list[QueueRecord]
    grabs: list[HistoryRecord]
    failed: set[str]
    torrents: dict[str, Torrent]
    series: dict[int, SeriesRead]
    movies: dict[int, Movie]
    shoko: dict[str, ShokoFile]
    items: tuple[JellyfinItem, ...]
    requests: tuple[SeerrRequest, ...]

    def files(self) -> list[MediaFile]:
        """Return the files of Sonarr's and Radarr's titles."""
        found = [file for read in self.series.values() for file in read.files or ()]
        return found + [movie.file for movie in self.movies.values() if movie.file]


async def hear(demo: Demo) -> Heard:
    of = {one.kind: one for one in demo.settings.instances}
    since = demo.clock.now() - timedelta(days=4)
    sessions = Sessions()
    sonarr, radarr = SonarrClient(of[Kind.SONARR], sessions), RadarrClient(of[Kind.RADARR], sessions)
    client, shoko = QbittorrentClient(of[Kind.QBITTORRENT]), ShokoClient(of[Kind.SHOKO], sessions)
    jellyfin, seerr = JellyfinClient(of[Kind.JELLYFIN], sessions), SeerrClient(of[Kind.SEERR], sessions)
    try:
        for one in (sonarr, radarr, client, shoko, jellyfin, seerr):
            await one.identify()
        history = [*(await sonarr.history_since(since)).records, *(await radarr.history_since(since)).records]
        series = {number: await sonarr.read_series(number, with_files=True) for number in demo.household.sonarr.series}
        movies = {one.id: one for one in (await radarr.movie_list()).movies if one.id in demo.household.radarr.movies}
        paths = [file.path for read in series.values() for file in read.files or ()]
        paths += [one.file.path for one in movies.values() if one.file]
        anime = [path for path in paths if path and path.startswith("/data/anime")]
        looked = await shoko.lookup([(shoko_path(path), None) for path in anime])
        return Heard(
            queue=[*(await sonarr.queue()).records, *(await radarr.queue()).records],
            grabs=[row for row in history if row.kind is HistoryKind.GRABBED],
            failed={row.download_id or "" for row in history if row.kind is HistoryKind.FAILED},
            torrents={one.hash: one for one in (await client.sync()).changed},
            series=series,
            movies=movies,
            shoko={path: one.hits[0] for path, one in zip(anime, looked.lookups, strict=True) if len(one.hits) == 1},
            items=(await jellyfin.list_items(types=("Movie", "Episode"))).items,
            requests=(await seerr.recent_requests(since)).requests,
        )
    finally:
        await client.aclose()
        await sonarr.aclose()
        await radarr.aclose()
        await sessions.aclose()


@pytest.fixture(scope="module", params=MOMENTS)
def moment(request: pytest.FixtureRequest) -> tuple[Demo, Heard]:
    with Demo({SPEED_OF: "0"}) as demo:
        demo.story.jump(timedelta(seconds=request.param))
        return demo, asyncio.run(hear(demo))


def test_every_grab_is_a_torrent_of_the_same_name_and_size(moment: tuple[Demo, Heard]) -> None:
    _, heard = moment
    assert len(heard.grabs) > 30
    for row in heard.grabs:
        assert row.download_id is not None
        if row.download_id in heard.failed:
            assert row.download_id.lower() not in heard.torrents
            continue
        torrent = heard.torrents[row.download_id.lower()]
        assert torrent.name == row.source_title
        assert row.size_bytes == torrent.size_bytes or torrent.size_bytes in {None, 0}


def test_every_queue_record_is_a_grab_under_way(moment: tuple[Demo, Heard]) -> None:
    _, heard = moment
    grabbed = {(row.download_id, row.episode_id, row.movie_id) for row in heard.grabs}
    for record in heard.queue:
        assert (record.download_id, record.episode_id, record.movie_id) in grabbed
        torrent = heard.torrents[(record.download_id or "").lower()]
        assert record.size_bytes in {torrent.size_bytes, record.size_bytes if not torrent.size_bytes else None}
        assert record.left_bytes is not None
        assert record.left_bytes >= (torrent.left_bytes or 0)


def test_every_episode_with_a_file_has_that_file(moment: tuple[Demo, Heard]) -> None:
    _, heard = moment
    for read in heard.series.values():
        files = {file.id for file in read.files or ()}
        assert {one.file_id for one in read.episodes or () if one.has_file} == files


def test_every_old_file_of_an_anime_is_in_shoko_with_its_size(moment: tuple[Demo, Heard]) -> None:
    demo, heard = moment
    anime = [one for one in heard.files() if one.path and one.path.startswith("/data/anime")]
    assert anime
    busy = bool(demo.household.shoko.jobs)
    for file in anime:
        found = heard.shoko.get(file.path or "")
        assert found is not None or busy
        if found is not None:
            assert found.size_bytes == file.size_bytes


def test_jellyfin_shows_what_is_imported_where_nothing_holds_it_up(moment: tuple[Demo, Heard]) -> None:
    demo, heard = moment
    paths = {item.path for item in heard.items}
    for file in heard.files():
        assert file.path is not None
        assert file.added_at is not None
        if not file.path.startswith("/data/anime") and demo.clock.now() - file.added_at > LATELY:
            assert jellyfin_path(file.path) in paths


def test_what_jellyfin_shows_of_an_anime_is_matched_in_shoko(moment: tuple[Demo, Heard]) -> None:
    demo, heard = moment
    matched = {number for number, file in demo.household.shoko.files.items() if file.imported_at is not None}
    shown = {number for item in heard.items for number in item.shoko_file_ids}
    assert shown
    assert shown <= matched
    of_titles = {file.id for file in heard.shoko.values()}
    linked = {file.id for file in heard.shoko.values() if file.links}
    assert shown & of_titles <= linked


def test_requests_point_at_entries_that_exist(moment: tuple[Demo, Heard]) -> None:
    demo, heard = moment
    assert len(heard.requests) >= 13
    for request in heard.requests:
        if request.external_id is None:
            assert request.status != SeerrStatus.COMPLETED
        elif request.is_movie:
            assert heard.movies[request.external_id].tmdb_id == request.tmdb_id
        elif request.external_id in heard.series:  # a series may be deleted behind Seerr's back
            series = heard.series[request.external_id].series
            assert series is not None
            assert series.tvdb_id == request.tvdb_id
        else:
            assert demo.story.offset > timedelta(seconds=1200)


def test_what_seerr_calls_available_is_in_jellyfin(moment: tuple[Demo, Heard]) -> None:
    demo, heard = moment
    done = [one for one in heard.requests if one.status == SeerrStatus.COMPLETED]
    assert done
    for request in done:
        wanted, seasons = demo.household._requests[request.id]
        assert demo.household.playable(wanted, seasons) > 0

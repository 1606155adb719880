"""The Radarr client against simulated servers of each version, over loopback HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.services.arr.conftest import KEY, instance
from tests.services.conftest import NOW
from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.ids import Kind
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.arr.radarr import RADARR_4, RADARR_5, RADARR_6, SimulatedRadarr
from tracker_tui.simulate.arr.radarr_wire import Movie
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.clock import SimClock

HASH = "ab" * 20
GIB = 1 << 30


@pytest.fixture(params=[RADARR_4, RADARR_5, RADARR_6])
def radarr(
    request: pytest.FixtureRequest, serve: Callable[[SimulatedRadarr], SimulatedRadarr], clock: SimClock
) -> SimulatedRadarr:
    return serve(SimulatedRadarr(clock, request.param, api_key=KEY))


@pytest.fixture
def film(radarr: SimulatedRadarr) -> Movie:
    return radarr.add_movie(
        "The Garden of Words",
        movie_id=62,
        year=2013,
        tmdb_id=198375,
        original_title="言の葉の庭",
        anime=True,
        alternate_titles=["Kotonoha no Niwa"],
    )


async def test_it_says_who_it_is(radarr_client: RadarrClient, radarr: SimulatedRadarr) -> None:
    assert (await radarr_client.identify()).version == radarr.version


async def test_the_life_of_a_download(
    radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie, clock: SimClock
) -> None:
    radarr.grab(62, "Garden.2013.1080p", 8 * GIB, HASH)
    clock.jump(seconds=5)
    (record,) = (await radarr_client.queue()).records
    assert (record.movie_id, record.episode_id, record.download_key) == (62, None, HASH)
    radarr.complete(HASH)
    file = radarr.import_file(62, HASH)
    clock.jump(seconds=5)
    assert (await radarr_client.queue()).records == ()
    grabbed, imported = (await radarr_client.history_since(NOW)).records
    assert (grabbed.kind, grabbed.movie_id, grabbed.protocol) == (HistoryKind.GRABBED, 62, "torrent")
    assert (imported.kind, imported.imported_path) == (HistoryKind.IMPORTED, file.path)
    read = (await radarr_client.read_movie(62)).movie
    assert read is not None
    assert read.file is not None
    assert (read.has_file, read.file.path, read.file.quality) == (True, file.path, "WEBDL-1080p")


async def test_a_film_before_its_download(radarr_client: RadarrClient, film: Movie) -> None:
    read = (await radarr_client.read_movie(62)).movie
    assert read is not None
    assert (read.has_file, read.file, read.is_available, read.status) == (False, None, True, "released")
    assert read.titles == ("言の葉の庭", "Kotonoha no Niwa")
    assert read.release_at == NOW - timedelta(days=30)


async def test_a_film_that_is_not_out_yet(radarr_client: RadarrClient, radarr: SimulatedRadarr) -> None:
    radarr.add_movie("Next Year", movie_id=70, released_at=NOW + timedelta(days=60))
    read = (await radarr_client.read_movie(70)).movie
    assert read is not None
    assert (read.is_available, read.status, read.release_at) == (False, "incinemas", NOW + timedelta(days=60))


async def test_a_deleted_film_is_gone(radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie) -> None:
    radarr.delete_movie(62)
    assert (await radarr_client.read_movie(62)).movie is None


async def test_a_film_by_its_tmdb_id(radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie) -> None:
    radarr.add_movie("Other", tmdb_id=5)
    read = await radarr_client.movie_by_tmdb(198375)
    assert read is not None
    assert read.movie_id == 62
    assert await radarr_client.movie_by_tmdb(1) is None


async def test_the_whole_list_spares_the_server_where_it_can(
    radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie
) -> None:
    await radarr_client.identify()
    assert [movie.id for movie in (await radarr_client.movie_list()).movies] == [62]
    assert radarr.calls[-1].query == ("excludeLocalCovers=true" if radarr.since(5, 0, 2) else "")


async def test_history_of_one_film(radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie) -> None:
    radarr.add_movie("Other", movie_id=80)
    radarr.grab(62, "A", GIB, HASH)
    radarr.grab(80, "B", GIB, "cd" * 20)
    radarr.fail_download(HASH)
    kinds = [record.kind for record in (await radarr_client.history_of(62)).records]
    assert kinds == [HistoryKind.FAILED, HistoryKind.GRABBED]


async def test_blocked_import_by_version(radarr_client: RadarrClient, radarr: SimulatedRadarr, film: Movie) -> None:
    radarr.grab(62, "A", GIB, HASH)
    radarr.block_import(HASH, "Unable to parse file")
    radarr.client_refresh()
    (record,) = (await radarr_client.queue()).records
    assert record.tracked_state == ("importblocked" if radarr.since(5, 8, 0, 8897) else "importpending")
    assert record.messages[0].messages == ("Unable to parse file",)


async def test_a_new_film_shows_in_the_commands(radarr_client: RadarrClient, radarr: SimulatedRadarr) -> None:
    radarr.add_movie("New", movie_id=90, new=True)
    radarr.search(90)
    refresh, search = (await radarr_client.commands()).commands
    assert (refresh.is_new_item, refresh.movie_ids) == (True, (90,))
    assert (search.name, search.movie_ids, search.running) == ("MoviesSearch", (90,), True)


async def test_setup_reads_the_film_category(radarr_client: RadarrClient) -> None:
    assert (await radarr_client.setup()).clients[0].category == "radarr"


async def test_reasons_for_refused_releases(radarr_client: RadarrClient, radarr: SimulatedRadarr) -> None:
    radarr.releases[62] = [Release("A", rejections=("Wrong language",))]
    search = await radarr_client.release_rejections(movie_id=62)
    assert (search.found, search.approved, search.rejections) == (1, 0, (("Wrong language", 1),))


async def test_sonarr_configured_as_radarr_is_named(
    radarr: SimulatedRadarr, sonarr: object, sessions: Sessions
) -> None:
    client = RadarrClient(instance(Kind.RADARR, sonarr.url), sessions)  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="Sonarr answers at this address, not Radarr"):
        await client.identify()

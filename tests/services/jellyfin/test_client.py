"""The client against three simulated versions, over loopback HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.services.conftest import NOW
from tests.services.jellyfin.conftest import EPISODE, FILM, KEY, Connect
from tests.services.loopback import Exchange, Loopback
from tracker_tui.config.settings import Secret
from tracker_tui.model.jellyfin import ScheduledTask
from tracker_tui.services.errors import NotFound
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.ids import computed_id
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin

SERIES_ID = computed_id("Series", "/data/tv/Station Nine")


def library_of(jellyfin: SimulatedJellyfin, name: str) -> str:
    return next(one.id for one in jellyfin.libraries if one.name == name)


def asked(jellyfin: SimulatedJellyfin) -> list[str]:
    return [f"{call.method} {call.path}" for call in jellyfin.calls]


async def test_the_key_is_proved_and_the_version_told(client: JellyfinClient, version: str) -> None:
    assert (await client.identify()).version == version
    assert client.meter.server_date == NOW + timedelta(seconds=60)


async def test_setup_lists_the_plugins(client: JellyfinClient) -> None:
    read = await client.setup()
    assert read.server.name == "nas"
    assert read.server.pending_restart is False
    assert read.plugins is not None
    assert [(one.name, one.status) for one in read.plugins] == [("TMDb", "Active"), ("Shoko", "Active")]
    assert read.plugins[1].id == "5216ccbfd24a4eb38a7e7da4230b7052"


@pytest.mark.parametrize("status", [403, 404])
async def test_plugins_that_may_not_be_listed_are_unknown(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, status: int
) -> None:
    jellyfin.plugins_refused = status
    assert (await client.setup()).plugins is None


async def test_libraries_tell_their_settings(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.libraries[1].realtime = False
    movies, shows, anime = (await client.libraries()).libraries
    assert (movies.name, movies.locations, movies.collection_type) == ("Movies", ("/data/movies",), "movies")
    assert (movies.uses_shoko, anime.uses_shoko) == (False, True)
    assert (movies.realtime, shows.realtime) == (True, False)
    assert (shows.refresh_status, shows.refresh_percent, shows.enabled) == ("Idle", None, True)


async def full_scan(client: JellyfinClient) -> ScheduledTask:
    return next(task for task in (await client.tasks()).tasks if task.key == "RefreshLibrary")


async def test_a_running_scan_shows_in_tasks_and_libraries(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, clock: SimClock
) -> None:
    jellyfin.start_scan()
    clock.jump(seconds=22.5)
    scan = await full_scan(client)
    assert (scan.key, scan.state, scan.percent, scan.interval_s) == ("RefreshLibrary", "Running", 37.5, 43200)
    states = [(one.refresh_status, one.refresh_percent) for one in (await client.libraries()).libraries]
    assert states == [("Idle", None), ("Active", 12.5), ("Idle", None)]
    clock.jump(seconds=40)
    scan = await full_scan(client)
    assert (scan.state, scan.percent, scan.last_status) == ("Idle", None, "Completed")
    assert scan.last_ended_at == NOW + timedelta(seconds=120)


async def test_only_the_tasks_of_interest_are_kept(client: JellyfinClient) -> None:
    keys = {task.key for task in (await client.tasks()).tasks}
    assert keys == {"RefreshLibrary", "ShokoClearPluginCache", "ShokoCleanupVirtualRoot", "ShokoVersionCheck"}


async def test_the_index_lists_series_and_films(client: JellyfinClient) -> None:
    read = await client.list_items()
    assert {(item.type, item.name, item.tvdb_id, item.tmdb_id) for item in read.items} == {
        ("Movie", "Harbor Lights", None, "700060"),
        ("Series", "Station Nine", "900040", None),
    }
    assert read.types == ("Series", "Movie")


async def test_a_stub_without_a_file_is_listed_and_not_playable(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    jellyfin.add_item(jellyfin.libraries[0], "Movie", "Suzume", None, provider_ids={"Tmdb": "916224"})
    stub = next(item for item in (await client.list_items()).items if item.tmdb_id == "916224")
    assert (stub.location_type, stub.path, stub.playable) == ("Virtual", None, False)


async def test_one_library_is_listed_alone(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    read = await client.list_items(library_of(jellyfin, "Movies"), ("Movie", "Episode"))
    assert [item.path for item in read.items] == [FILM]
    assert read.library_id == library_of(jellyfin, "Movies")


async def test_an_unknown_library_is_not_an_empty_one(client: JellyfinClient) -> None:
    with pytest.raises(NotFound):
        await client.list_items("0f" * 16)


async def test_virtual_episodes_are_not_listed(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.add_item(jellyfin.libraries[1], "Episode", "E07", None, series_id=SERIES_ID, season=1, number=7)
    read = await client.list_items(types=("Episode",))
    assert [item.number for item in read.items] == [1, 2, 3, 4, 5, 6]


async def test_episodes_of_a_series_are_the_playable_ones(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.add_item(jellyfin.libraries[1], "Episode", "E07", None, series_id=SERIES_ID, season=1, number=7)
    jellyfin.add_item(
        jellyfin.libraries[1], "Episode", "E08", "/data/tv/x.disc", series_id=SERIES_ID, number=8, placeholder=True
    )
    read = await client.series_items(SERIES_ID)
    assert [(item.season, item.number, item.tvdb_id) for item in read.items] == [
        (1, number, str(4000 + number)) for number in range(1, 7)
    ]
    assert {item.path for item in read.items} == {EPISODE.format(number) for number in range(1, 7)}


async def test_a_series_that_is_gone_has_no_episodes(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.remove_item(SERIES_ID)
    assert (await client.series_items(SERIES_ID)).items == ()
    assert jellyfin.calls[-1].status == 400


async def test_the_delta_feed_tells_only_what_was_saved_since(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, clock: SimClock
) -> None:
    clock.jump(seconds=600)
    new = EPISODE.format(7)
    jellyfin.file_added(new)
    clock.jump(seconds=61)
    before = client.meter.server_date or clock.now()
    assert (await client.changed_since(before)).items == ()  # listed, its metadata not saved yet
    clock.jump(seconds=2)
    assert [item.path for item in (await client.changed_since(before)).items] == [new]
    query = jellyfin.calls[-1].query
    assert "minDateLastSavedForUser=2026-01-25T12:10:01.0000000Z" in query


async def test_the_delta_feed_speaks_utc(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    await client.changed_since(datetime.fromisoformat("2026-01-25T13:02:00+01:00"))
    assert "=2026-01-25T12:00:00.0000000Z" in jellyfin.calls[-1].query


async def test_a_probe_finds_a_file_by_its_computed_ids(client: JellyfinClient) -> None:
    ids = [computed_id(one, FILM) for one in ("Movie", "Video")]
    read = await client.probe(ids)
    assert read.asked == tuple(ids)
    assert [(item.type, item.path, item.playable) for item in read.items] == [("Movie", FILM, True)]


@pytest.mark.parametrize("ids", [[], [""], ["no-id"], ["0" * 32]])
async def test_a_probe_without_a_usable_id_makes_no_call(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, ids: list[str]
) -> None:
    read = await client.probe(ids)
    assert (read.asked, read.items) == ((), ())
    assert jellyfin.calls == []


async def test_a_large_probe_is_split_into_questions_that_fit_a_request_line(connect: Connect) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.answer('{"Items":[]}')

    ids = [computed_id("Movie", f"/data/movies/{number}.mkv") for number in range(301)]
    async with Loopback(script) as server:
        read = await connect(url=server.url).probe([*ids, *ids])
        assert read.asked == tuple(ids)
        assert len(server.seen) == 3
        assert max(len(exchange.target) for exchange in server.seen) < 7 * 1024  # of 8 KiB, a base path besides


async def test_a_server_that_answers_with_everything_proves_nothing_absent(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    for number in range(300):
        jellyfin.add_item(jellyfin.libraries[0], "Movie", f"Film {number:03}", f"/data/movies/{number:03}/a.mkv")
    jellyfin.ignores_ids = True
    missing = computed_id("Movie", "/data/movies/missing.mkv")
    read = await client.probe([missing, computed_id("Movie", "/data/movies/000/a.mkv")])
    assert [item.path for item in read.items] == ["/data/movies/000/a.mkv"]
    assert missing not in read.asked
    assert len(jellyfin.calls) == 1


async def test_merged_versions_show_their_paths(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, version: str, clock: SimClock
) -> None:
    other = FILM.replace(".mkv", " - 4K.mkv")
    jellyfin.file_added(other)
    jellyfin.finish_scan()
    clock.jump(seconds=10)
    (item,) = (await client.media_sources(computed_id("Movie", FILM))).items
    assert item.source_paths == (FILM, other)
    probed = await client.probe([computed_id("Video", other)])
    assert bool(probed.items) is (version != "12.1.0")  # 12 hides all but the primary version
    assert [one.path for one in (await client.list_items(types=("Movie",))).items] == [FILM]


async def test_an_unknown_item_has_no_sources(client: JellyfinClient) -> None:
    read = await client.media_sources("0f" * 16)
    assert (read.asked, read.items) == (("0f" * 16,), ())


@pytest.mark.parametrize(
    ("path", "is_file", "expected"),
    [
        (FILM, True, True),
        (FILM, False, False),
        ("/data/movies", False, True),
        ("/data/gone", False, False),
        ("/data/movies/harbor lights (2024)/Harbor Lights (2024).mkv", True, False),
    ],
)
async def test_jellyfin_says_which_paths_it_sees(
    client: JellyfinClient, path: str, is_file: bool, expected: bool
) -> None:
    assert await client.environment_exists(path, is_file=is_file) is expected


async def test_a_folder_is_listed_as_jellyfin_sees_it(client: JellyfinClient, jellyfin: SimulatedJellyfin) -> None:
    jellyfin.disk.add_folder("/data/empty")
    entries = await client.directory("/data/movies/Harbor Lights (2024)/")
    assert entries is not None
    assert [(entry.name, entry.is_folder) for entry in entries] == [("Harbor Lights (2024).mkv", False)]
    assert [entry.is_folder for entry in await client.directory("/data") or ()] == [True] * 4
    assert await client.directory("/data/empty") == ()
    assert await client.directory("/data/nowhere") is None


async def test_a_library_refresh_looks_at_that_library(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, clock: SimClock
) -> None:
    jellyfin.disk.add_file(EPISODE.format(7), clock.now())
    await client.refresh_item(library_of(jellyfin, "TV-Shows"))
    assert [one.refresh_status for one in (await client.libraries()).libraries] == ["Idle", "Active", "Idle"]
    scan = await full_scan(client)
    assert scan.state == "Idle"
    clock.jump(seconds=25)
    assert len((await client.series_items(SERIES_ID)).items) == 7
    assert asked(jellyfin)[0] == f"POST /Items/{library_of(jellyfin, 'TV-Shows')}/Refresh"
    assert jellyfin.calls[0].query == "metadataRefreshMode=Default&imageRefreshMode=Default"


async def test_a_series_refresh_looks_at_that_series(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, clock: SimClock
) -> None:
    jellyfin.disk.add_file(EPISODE.format(7), clock.now())
    jellyfin.disk.add_file("/data/tv/Other/Season 01/Other - S01E01.mkv", clock.now())
    await client.refresh_item(SERIES_ID)
    clock.jump(seconds=25)
    episodes = (await client.list_items(types=("Episode",))).items
    assert sorted(item.number or 0 for item in episodes) == [1, 2, 3, 4, 5, 6, 7]


async def test_what_does_not_exist_cannot_be_refreshed_or_started(client: JellyfinClient) -> None:
    with pytest.raises(NotFound):
        await client.refresh_item("0f" * 16)
    with pytest.raises(NotFound):
        await client.start_task("0f" * 16)


@pytest.mark.parametrize("wrong", ["", "../../Users", "a,b", "0" * 32])
async def test_a_wrong_id_never_reaches_a_query(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, wrong: str
) -> None:
    for ask in (client.series_items, client.media_sources, client.refresh_item, client.start_task):
        with pytest.raises(ValueError, match="not a Jellyfin id"):
            await ask(wrong)
    assert jellyfin.calls == []


async def test_reads_send_no_write_and_nothing_that_is_forbidden(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    await client.identify()
    await client.setup()
    await client.libraries()
    await client.tasks()
    await client.list_items(types=("Series", "Movie", "Episode"))
    await client.changed_since(NOW)
    await client.probe([SERIES_ID])
    await client.series_items(SERIES_ID)
    await client.media_sources(SERIES_ID)
    await client.directory("/data")
    assert {call.method for call in jellyfin.calls} == {"GET"}
    await client.environment_exists("/data", is_file=False)
    assert asked(jellyfin)[-1] == "POST /Environment/ValidatePath"
    for call in jellyfin.calls:
        assert "userId" not in call.query
        assert "People" not in call.query
        assert "minDateLastSaved=" not in call.query
        assert call.path != "/Items" or ("limit=" in call.query and "enableImages=false" in call.query)
        assert KEY not in call.query


CALLS = {
    "identify": (lambda client: client.identify(), 1),
    "setup": (lambda client: client.setup(), 2),
    "libraries": (lambda client: client.libraries(), 1),
    "tasks": (lambda client: client.tasks(), 1),
    "changes": (lambda client: client.changed_since(NOW + timedelta(hours=1)), 1),
    "probe": (lambda client: client.probe([SERIES_ID]), 1),
    "episodes of a series": (lambda client: client.series_items(SERIES_ID), 1),
}


@pytest.mark.parametrize("name", CALLS)
async def test_what_is_polled_costs_the_same_in_a_large_library(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, name: str
) -> None:
    ask: Any
    ask, calls = CALLS[name]
    await ask(client)
    small = sum(call.bytes_out for call in jellyfin.calls)
    assert len(jellyfin.calls) == calls
    for number in range(1500):
        jellyfin.add_item(jellyfin.libraries[0], "Movie", f"Film {number}", f"/data/movies/{number}/a.mkv")
    jellyfin.calls.clear()
    await ask(client)
    assert len(jellyfin.calls) == calls
    assert abs(sum(call.bytes_out for call in jellyfin.calls) - small) < 50  # clocks and sizes of numbers


# ---- the key


async def test_the_key_travels_in_the_one_header_that_every_version_accepts(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    await client.identify()
    assert jellyfin.calls[-1].status == 200
    assert KEY not in jellyfin.calls[-1].query
    assert KEY not in repr(client.link)


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_beside_a_proxys_login_the_key_goes_into_the_query(
    connect: Connect, jellyfin: SimulatedJellyfin, name: str
) -> None:
    client = connect(headers={name: Secret("Basic CANARY")})
    await client.identify()
    assert jellyfin.calls[-1].query == f"ApiKey={KEY}"
    await client.changed_since(NOW)
    assert f"ApiKey={KEY}" in jellyfin.calls[-1].query


@pytest.fixture
def base_path(host: Any, clock: SimClock) -> Any:
    one = SimulatedJellyfin(clock, api_key=KEY, base_path="/jellyfin")
    host.add(one)
    yield one
    host.stop(one)


async def test_a_base_path_is_kept(connect: Connect, base_path: SimulatedJellyfin) -> None:
    client = connect(url=base_path.url + "/jellyfin")
    await client.identify()
    await client.libraries()
    assert asked(base_path) == ["GET /jellyfin/System/Info", "GET /jellyfin/Library/VirtualFolders"]


async def test_times_of_other_zones_are_utc(client: JellyfinClient) -> None:
    items = (await client.list_items()).items
    assert all(item.created_at is not None and item.created_at.tzinfo is UTC for item in items)

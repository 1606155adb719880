"""The client against a simulated server of every release, over HTTP."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.services.conftest import NOW
from tests.services.shoko.conftest import KEY, SONARR, Both, Connect, Serve, appear, calls, every_release, since_5
from tracker_tui.config.settings import Secret
from tracker_tui.model.observation import ShokoKinRead
from tracker_tui.services.errors import NotFound, NotPermitted, ServerFault, Starting, Unauthorized
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.shoko.records import RELEASES, V4_1, V4_2, V5_0, V5_1, V5_2, V5_3, V5_3_0, V6, ShokoRelease
from tracker_tui.simulate.shoko.server import SimulatedShoko


@pytest.mark.parametrize("release", [V4_1, *RELEASES], ids=lambda release: release.version)
async def test_it_identifies(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    assert (await connect(serve(release)).identify()).version == release.version


@since_5
async def test_it_reads_state_connectivity_and_an_idle_queue(
    serve: Serve, connect: Connect, release: ShokoRelease
) -> None:
    shoko = serve(release)
    read = await connect(shoko).state()
    assert (read.server.state, read.server.database_blocked) == ("Started", False)
    assert read.connectivity is not None
    assert (read.connectivity.network, read.connectivity.udp_banned) == ("Internet", False)
    assert read.queue is not None
    assert read.queue.idle
    assert sorted(calls(shoko)) == ["GET Init/Connectivity", "GET Init/Status", "GET Queue"]


async def test_4_2_has_no_connectivity_and_counts_its_commands(serve: Serve, connect: Connect) -> None:
    shoko = serve(V4_2)
    client = connect(shoko)
    appear(shoko, 1, 2, 3)
    read = await client.state()
    assert read.connectivity is None
    assert read.queue is not None
    assert (read.queue.total, read.queue.waiting, read.queue.by_type) == (3, None, (("Hash File", 3),))
    shoko.calls.clear()
    await client.state()
    assert sorted(calls(shoko)) == ["GET Dashboard/QueueSummary", "GET Init/Status"]
    await client.identify()
    shoko.calls.clear()
    await client.state()
    assert "GET Queue" in calls(shoko), "after a reconnect the server may be a newer one"


@since_5
async def test_a_busy_queue_tells_types_and_what_runs(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    appear(shoko, 1)
    shoko.add_backlog("Hash File", 8)
    queue = (await connect(shoko).state()).queue
    assert queue is not None
    assert (queue.total, queue.waiting, queue.blocked, len(queue.running)) == (9, 5, 0, 4)
    first = "Hash File" if release is V6 else "Preprocess File"
    assert (queue.running[0].type, queue.running[0].file_tail) == (first, "Season 1/Lycoris Recoil - S01E01.mkv")
    assert ("Hash File", 9 if release is V6 else 8) in (queue.by_type or ())
    assert queue.scheduled == (0 if release is V6 else None)


async def test_bans_and_what_they_block(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    shoko.set_ban(udp=True)
    appear(shoko, 1)
    shoko.finish_jobs()
    client = connect(shoko)
    read = await client.state()
    assert read.connectivity is not None
    assert (read.connectivity.udp_banned, read.connectivity.http_banned) == (True, False)
    assert read.queue is not None
    assert (read.queue.total, read.queue.blocked, read.queue.running) == (1, 1, ())
    udp, http = (await client.bans()).bans
    assert (udp.connection, udp.banned, udp.duration_s, udp.since) == ("UDP", True, 43200, NOW)
    assert (http.connection, http.banned, http.duration_s) == ("HTTP", False, None)


@pytest.mark.parametrize("release", [V4_2, V5_0, V5_1], ids=lambda release: release.version)
async def test_older_servers_tell_no_bans(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    assert (await connect(serve(release)).bans()).bans == ()


@every_release
async def test_folders(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    shoko.add_folder("/mnt/downloads", "drop", watched=False, drop_type="Source")
    client = connect(shoko)
    first, second = (await client.folders()).folders
    assert (first.id, first.name, first.path, first.watched) == (1, "anime_shows", "/mnt/anime/", True)
    assert (second.id, second.watched, second.drop_type) == (2, False, "Source")
    shoko.calls.clear()
    await client.folders()
    assert calls(shoko) == ["GET ManagedFolder" if release is V6 else "GET ImportFolder"]


async def test_folders_are_found_again_after_an_upgrade(serve: Serve, connect: Connect, host: SimHost) -> None:
    old = serve(V5_3)
    client = connect(old)
    await client.folders()
    host.stop(old)
    new = SimulatedShoko(old.clock, V6, api_key=KEY)
    new.add_folder("/mnt/anime", folder_id=4)
    host.add(new, urlsplit(old.url).port or 0)
    assert [folder.id for folder in (await client.folders()).folders] == [4]
    host.stop(new)


@every_release
async def test_a_series_with_its_episodes(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    appear(shoko, 1)
    shoko.finish_jobs()
    shoko.hide_episode(next(number for number, one in shoko.episodes.items() if one.anidb.number == 3))
    client = connect(shoko)
    read = await client.series(12)
    assert read.series is not None
    assert (read.series.id, read.series.name, read.series.anidb_id, read.series.type) == (
        12,
        "Lycoris Recoil",
        17097,
        "TV",
    )
    assert read.series.tvdb_ids == (414057,)
    assert read.episodes is not None
    assert [(one.number, one.type, one.hidden, one.series_id) for one in read.episodes] == [
        (1, "Episode", False, 12),
        (2, "Episode", False, 12),
        (3, "Episode", True, 12),
    ]
    assert (await client.series(12, with_episodes=False)).episodes is None
    assert shoko.waits == []


@every_release
async def test_a_series_that_is_gone(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    client = connect(serve(release))
    read = await client.series(99)
    assert (read.series_id, read.series, read.episodes) == (99, None, None)
    assert (await client.series_files(99)).files is None


@every_release
async def test_a_renamed_file_is_among_its_series_files(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    appear(shoko, 1, 2)
    shoko.finish_jobs()
    shoko.file_moves(301, "Lycoris Recoil/Episode 1.mkv")
    shoko.ignore(302)
    client = connect(shoko)
    (lookup,) = (await client.lookup([(SONARR.format(1), 1001)])).lookups
    assert lookup.hits == ()
    files = (await client.series_files(12)).files
    assert files is not None
    assert {file.size_bytes: file.matched for file in files} == {1001: True, 1002: True}
    shoko.calls.clear()
    await client.series_files(12)
    assert len(calls(shoko)) == 1, "what 5.0 does not understand is not said to it again"


@pytest.mark.parametrize("way", ["tmdb", "tvdb", "folder", "none"])
@every_release
async def test_the_series_of_a_title(serve: Serve, connect: Connect, release: ShokoRelease, way: str) -> None:
    shoko = serve(release)
    appear(shoko, 1, 2)
    shoko.finish_jobs()
    anime = shoko.series[12].anime
    folder = shoko.files[301].locations[0].relative_path.rpartition("/")[0]
    sought: dict[str, dict[str, Any]] = {
        "tmdb": {"tmdb_id": anime.tmdb_shows[0]},
        "tvdb": {"tmdb_id": 1, "tvdb_id": anime.tvdb[0]},
        "folder": {"tmdb_id": 1, "tvdb_id": 1, "directory": folder},
        "none": {"tmdb_id": 1, "tvdb_id": 1, "directory": "Elsewhere/Season 1"},
    }
    offered = {"tmdb": release.has_queue, "tvdb": release.api < (5, 1, 0), "folder": True, "none": False}
    read = await connect(shoko).kin("sonarr:sonarr:23", **sought[way])
    assert read == ShokoKinRead(title="sonarr:sonarr:23", series=(12,) if offered[way] else ())


@since_5
async def test_the_items_of_the_queue_with_blocked_ones(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    shoko.set_ban(udp=True)
    appear(shoko, 1)
    shoko.finish_jobs()
    shoko.add_backlog("Hash File", 1500)
    read = await connect(shoko).queue_items()
    assert (len(read.jobs), read.complete) == (1501, True)
    assert [job.file_tail for job in read.jobs if job.blocked] == ["Season 1/Lycoris Recoil - S01E01.mkv"]
    assert len(calls(shoko)) == 2


async def test_an_endless_queue_is_not_read_to_its_end(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    shoko.add_backlog("Hash File", 6000)
    read = await connect(shoko).queue_items()
    assert (len(read.jobs), read.complete) == (5000, False)


async def test_the_items_are_for_admins_and_4_2_has_none(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    key = shoko.add_user("reader", "x", hidden_anime=[17097])
    appear(shoko, 1)
    shoko.finish_jobs()
    reader = connect(shoko, api_key=Secret(key))
    with pytest.raises(NotPermitted, match="admins") as caught:
        await reader.queue_items()
    assert "admin" in str(caught.value.fix)
    with pytest.raises(NotPermitted, match="hidden"):
        await reader.series(12)
    with pytest.raises(NotPermitted, match="hidden"):
        await reader.series_files(12)
    assert (await reader.lookup([(SONARR.format(1), 1001)])).lookups[0].hits == ()
    assert (await reader.identify()).note == "not an admin: queue items stay hidden, series of 1 tags stay hidden"
    with pytest.raises(NotFound):
        await connect(serve(V4_2)).queue_items()


@pytest.mark.parametrize("fault", [Fault.STATUS_404, Fault.STATUS_403], ids=["not told", "refused"])
async def test_a_server_that_tells_of_no_user_is_shoko_all_the_same(
    serve: Serve, connect: Connect, fault: Fault
) -> None:
    shoko = serve()
    shoko.faults = {"/api/v3/User/Current": fault}
    if fault is Fault.STATUS_404:
        assert (await connect(shoko).identify()).note is None
    else:
        with pytest.raises(Unauthorized):
            await connect(shoko).identify()


@pytest.mark.parametrize("release", [V4_2, V5_3_0, V6], ids=lambda release: release.version)
@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (("Starting", "Initializing Hasher...", False), Starting, "is starting: Initializing Hasher..."),
        (("Waiting", None, False), Starting, "first-run set-up"),
        (("Failed", "Failed to connect", False), ServerFault, "failed to start: Failed to connect"),
        (("Started", None, True), Starting, "database is blocked"),
    ],
    ids=["starting", "set-up", "failed", "blocked"],
)
async def test_a_server_that_is_not_ready_says_so_in_its_words(
    both: Both, release: ShokoRelease, given: tuple[str, str | None, bool], error: type[Exception], says: str
) -> None:
    serve, connect = both
    shoko = serve(release)
    shoko.state, shoko.message, shoko.database_blocked = given
    with pytest.raises(error, match=says):
        await connect(shoko).state()
    with pytest.raises(Starting):
        await connect(shoko).lookup([(SONARR.format(1), 1001)])


async def test_a_starting_server_is_not_taken_for_an_old_one(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    client = connect(shoko)
    shoko.faults = {"/api/v3": Fault.STATUS_404}
    with pytest.raises(NotFound):
        await client.state()
    shoko.faults = {}
    assert (await client.state()).queue is not None


@every_release
async def test_nothing_it_asks_changes_anything(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    appear(shoko, 1, 2)
    client = connect(shoko)
    await everything(client)
    shoko.finish_jobs()
    await everything(client)
    assert shoko.effects == []
    assert shoko.waits == []
    assert {call.method for call in shoko.calls} == {"GET"}


async def test_the_tick_costs_three_calls_whatever_the_library(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_3)
    client = connect(shoko)
    await client.state()
    small = client.meter.bytes_in
    for number in range(300):
        shoko.file_appears(f"/mnt/anime/Big/{number}.mkv", number, shoko.link(17097, 1))
    shoko.finish_jobs()
    await client.state()
    assert (client.meter.calls, client.meter.bytes_in) == (6, 2 * small)


async def test_it_measures(serve: Serve, connect: Connect, clock: SimClock) -> None:
    client = connect(serve(V5_2))
    await client.identify()
    assert client.meter.calls == 2
    assert client.meter.bytes_in > 0
    assert client.meter.latency_ms is not None
    assert client.meter.server_date == clock.now()


async def everything(client: ShokoClient) -> None:
    await client.identify()
    await client.state()
    await client.folders()
    await client.lookup([(SONARR.format(n), 1000 + n) for n in (1, 2, 9)])
    await client.series(12)
    await client.series_files(12)
    await client.bans()
    if client._absent == set():
        await client.queue_items()

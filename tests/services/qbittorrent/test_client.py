"""The client against simulated servers of three generations."""

import asyncio
import socket
from typing import Any

import pytest
import urllib3

from tests.services.faults import ANSWERS, each_of
from tests.services.qbittorrent.conftest import HASH, VERSIONS, MakeClient, MakeServer, add_season, sent
from tracker_tui.model.observation import Identified, TorrentFilesRead
from tracker_tui.model.text import SafeText
from tracker_tui.model.torrents import TorrentState
from tracker_tui.services.errors import BadAnswer, ServiceError, Unreachable, WrongService
from tracker_tui.services.qbittorrent.client import FILES_LIMIT
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import SimHost

per_version = pytest.mark.parametrize("version", VERSIONS)


@per_version
async def test_identify(version: str, make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(version)
    identified = await make_client(server.url).identify()
    assert identified == Identified(version=SafeText(version), note=SafeText(server.web_api))


@per_version
async def test_deltas_tell_only_what_changed(
    version: str, make_server: MakeServer, make_client: MakeClient, clock: SimClock
) -> None:
    server = make_server(version)
    server.fill(50)
    add_season(server)
    client = make_client(server.url)
    first = await client.sync()
    assert (first.full, len(first.changed), first.transfer.connection) == (True, 51, "connected")
    assert (await client.sync()).changed == ()
    clock.jump(seconds=30)
    second = await client.sync()
    assert (second.full, [one.hash for one in second.changed]) == (False, [HASH])
    assert second.changed[0].progress == pytest.approx(30 * 4 / (13 * 40), rel=0.01)
    server.remove(HASH)
    third = await client.sync()
    assert (third.changed, third.removed) == ((), (HASH,))
    assert client.meter.skipped == 0


@per_version
async def test_files_rise_one_after_the_other_in_sequence(
    version: str, make_server: MakeServer, make_client: MakeClient, clock: SimClock
) -> None:
    server = make_server(version)
    add_season(server, sequential=True, unwanted=[12])
    client = make_client(server.url)
    clock.jump(seconds=25.5)
    await client.sync()
    (read,) = await client.files([HASH.upper()])
    assert read.files is not None
    assert [one.progress for one in read.files[:4]] == [1.0, 1.0, 0.5, 0.0]
    assert [one.wanted for one in read.files] == [True] * 12 + [False]
    assert [one.name for one in read.files[:1]] == ["Show.S01/Show.S01E01.mkv"]


@per_version
async def test_files_before_metadata_and_of_unknown_torrents(
    version: str, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version)
    add_season(server, metadata_s=60)
    answers = await make_client(server.url).files([HASH, "0" * 40])
    assert answers == [TorrentFilesRead(hash=HASH, files=()), TorrentFilesRead(hash="0" * 40, files=None)]


@pytest.mark.parametrize(("version", "calls"), [("4.5.2", FILES_LIMIT), ("5.1.4", FILES_LIMIT), ("5.3.0", 1)])
async def test_calls_for_files_are_bounded(
    version: str, calls: int, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server(version)
    server.fill(30)
    client = make_client(server.url)
    await client.identify()
    before = len(server.calls)
    answers = await client.files([*server.torrents])
    assert len(answers) == FILES_LIMIT
    assert len(server.calls) - before == calls
    assert await client.files([]) == []
    assert await client.files(["no hash"]) == []
    assert len(server.calls) - before == calls


async def test_a_server_that_leaves_files_out_is_asked_for_each(
    make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server("5.1.4")
    server.web_api = "2.11.8"
    add_season(server)
    (read,) = await make_client(server.url).files([HASH])
    assert read.files is not None
    assert len(read.files) == 13
    assert sent(server)[-2:] == ["torrents/info", "torrents/files"]


@per_version
async def test_a_restart_removes_nothing_and_hides_placeholders(
    version: str, make_server: MakeServer, make_client: MakeClient, clock: SimClock
) -> None:
    server = make_server(version)
    server.fill(3)
    client = make_client(server.url)
    await client.sync()
    server.restart_server()
    read = await client.sync()
    assert (read.full, read.removed) == (False, ())
    assert {(one.state, one.progress) for one in read.changed} == {(TorrentState.RESUMING, None)}
    clock.jump(seconds=3)
    assert {(one.state, one.progress) for one in (await client.sync()).changed} == {(TorrentState.COMPLETE, 1.0)}


@per_version
async def test_a_lost_answer_is_made_good(
    version: str, make_server: MakeServer, make_client: MakeClient, clock: SimClock
) -> None:
    server = make_server(version)
    add_season(server, speed=0)
    client = make_client(server.url)
    await client.sync()
    await client.sync()
    server.set_progress(HASH, 0.75)
    server.faults["/api/v2/sync"] = Fault.RESET_BODY
    with pytest.raises(Unreachable):
        await client.sync()
    server.faults.clear()
    server.stop(HASH)
    (seen,) = (await client.sync()).changed
    assert (seen.state, seen.progress) == (TorrentState.STOPPED, 0.75)
    assert sent(server)[1:].count("sync/maindata") == 4, "after the 403 no call is repeated by itself"


async def test_a_cancelled_call_is_made_good(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server("5.1.4")
    add_season(server, speed=0)
    client = make_client(server.url)
    await client.sync()
    await client.sync()
    server.set_progress(HASH, 0.75)
    server.latency_s = 0.3
    call = asyncio.create_task(client.sync())
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    server.latency_s = 0
    server.stop(HASH)
    (seen,) = (await client.sync()).changed
    assert (seen.state, seen.progress) == (TorrentState.STOPPED, 0.75)
    assert sent(server).count("auth/login") == 1


async def test_everything_is_asked_for_again_now_and_then(
    make_server: MakeServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.services.qbittorrent.client.RESYNC_S", 0.0)
    server = make_server()
    add_season(server, speed=0)
    client = make_client(server.url)
    for _ in range(3):
        await client.sync()
    sizes = [call.bytes_out for call in server.calls if call.path.endswith("maindata")]
    assert len(set(sizes[-3:])) == 1
    assert sizes[-1] > 1000, "a delta of nothing would be 9 bytes"


@each_of({fault: error for fault, error in ANSWERS.items() if fault not in {Fault.STATUS_401, Fault.STATUS_403}})
async def test_broken_answers_have_a_name_and_change_nothing(
    fault: Fault, error: type[ServiceError], make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server()
    add_season(server, speed=0)
    client = make_client(server.url)
    await client.sync()
    calls = len(server.calls)
    server.faults["/api/v2/sync"] = fault
    with pytest.raises(error) as raised:
        await client.sync()
    assert raised.type is error
    assert len(server.calls) <= calls + 1, "one question, one call"
    server.faults.clear()
    healed = await client.sync()
    assert (healed.changed, healed.removed, healed.full) == ((), (), False)


async def test_an_endless_body_is_cut(
    make_server: MakeServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.services.qbittorrent.session.BODY_LIMIT", 4 << 20)
    server = make_server(bypass=True)
    server.fault = Fault.GIGANTIC
    with pytest.raises(BadAnswer, match="larger than 4 MB"):
        await make_client(server.url).sync()


async def test_a_stopped_server_is_unreachable(make_server: MakeServer, make_client: MakeClient, host: SimHost) -> None:
    server = make_server()
    url = server.url
    host.stop(server)
    with pytest.raises(Unreachable, match="refused"):
        await make_client(url).sync()


async def test_an_unknown_host_is_named(make_client: MakeClient) -> None:
    with pytest.raises(Unreachable) as raised:
        await make_client("http://no-such-host.invalid").sync()
    assert raised.value.fix == "check `url`"


async def test_an_unreadable_ca_file_is_named(make_client: MakeClient, tmp_path: object) -> None:
    with pytest.raises(Unreachable, match="CA file"):
        await make_client("https://127.0.0.1:9", ca_file=tmp_path).sync()


async def test_another_application_is_not_qbittorrent(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(bypass=True)
    server.fault = Fault.WRONG_TYPES
    with pytest.raises(WrongService):
        await make_client(server.url).identify()


async def test_compressed_answers_are_read_from_afar(
    make_server: MakeServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.services.qbittorrent.session.is_loopback", lambda _url: False)
    server = make_server()
    server.fill(200)
    client = make_client(server.url)
    assert len((await client.sync()).changed) == 200
    (size,) = [call.bytes_out for call in server.calls if call.path.endswith("maindata") and call.status == 200]
    assert size < client.meter.bytes_in < 50_000


async def test_what_an_exchange_cost_is_measured(
    make_server: MakeServer, make_client: MakeClient, clock: SimClock
) -> None:
    server = make_server()
    client = make_client(server.url)
    await client.identify()
    assert client.meter.calls == len(server.calls) == 4
    assert client.meter.latency_ms is not None
    assert client.meter.server_date == clock.now()


async def test_one_connection_serves_many_calls(
    make_server: MakeServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, int]] = []
    connect = urllib3.util.connection.create_connection

    def counted(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        opened.append(address)
        return connect(address, *args, **options)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", counted)
    server = make_server(bypass=True)
    client = make_client(server.url)
    for _ in range(4):
        await client.sync()
    await client.files(["0" * 40])
    assert len(server.calls) >= 6
    assert len(opened) == 1


async def test_damaged_records_are_counted(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server()
    add_season(server, speed=0)
    client = make_client(server.url)
    server._rendered[HASH]["size"] = "much"
    (seen,) = (await client.sync()).changed
    assert (seen.size_bytes, seen.name) == (None, "Show.S01")
    assert client.meter.skipped == 1

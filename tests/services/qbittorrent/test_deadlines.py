"""A server that never finishes costs the deadline, not the program."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.services.faults import SILENCES
from tests.services.qbittorrent.conftest import MakeClient, MakeServer, add_season, sent
from tracker_tui.services.errors import TooSlow
from tracker_tui.services.qbittorrent.worker import Worker
from tracker_tui.simulate.faults import Fault

DEADLINE_S = 0.4


def join_all(name: str) -> None:
    """Wait until every thread of that name has ended."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()


@pytest.mark.parametrize("fault", SILENCES)
async def test_the_deadline_holds_and_the_next_call_works(
    fault: Fault, make_server: MakeServer, make_client: MakeClient
) -> None:
    server = make_server()
    add_season(server, speed=0)
    client = make_client(server.url, timeout_s=DEADLINE_S)
    await client.sync()
    server.faults["/api/v2/sync"] = fault
    async with asyncio.timeout(DEADLINE_S * 5):
        with pytest.raises(TooSlow):
            await client.sync()
    server.faults.clear()
    healed = await client.sync()
    assert (healed.changed, healed.removed) == ((), ())
    assert sent(server).count("auth/login") == 1, "the rebuilt client goes on with the same session"


async def test_an_abandoned_thread_ends_with_the_next_byte(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server(bypass=True)
    server.fault = Fault.DRIP
    client = make_client(server.url, timeout_s=DEADLINE_S)
    with pytest.raises(TooSlow):
        await client.sync()
    async with asyncio.timeout(5):
        await asyncio.to_thread(join_all, "qbittorrent qb")


async def test_abandoned_threads_do_not_pile_up(make_client: MakeClient) -> None:
    release = threading.Event()
    client = make_client("http://127.0.0.1:9", timeout_s=0.05)
    for _ in range(4):
        with pytest.raises(TooSlow, match="within"):
            await client._call(lambda _session: release.wait())
    with pytest.raises(TooSlow, match="earlier calls"):
        await client.sync()
    release.set()


async def test_closing_is_bounded_too(make_server: MakeServer, make_client: MakeClient) -> None:
    server = make_server()
    client = make_client(server.url, timeout_s=DEADLINE_S)
    await client.sync()
    server.fault = Fault.HANG
    async with asyncio.timeout(DEADLINE_S * 5):
        await client.aclose()


async def test_jobs_run_in_order_on_one_thread() -> None:
    worker = Worker("test", lambda _abandoned: threading.current_thread())
    threads = await asyncio.gather(*(worker.run(lambda made: (made, threading.current_thread())) for _ in range(5)))
    assert len({thread for pair in threads for thread in pair}) == 1
    worker.abandon()


async def test_a_call_behind_a_hanging_one_fails_with_it_and_spares_the_next_thread(make_client: MakeClient) -> None:
    release = threading.Event()
    client = make_client("http://127.0.0.1:9", timeout_s=0.2)
    hanging = asyncio.create_task(client._call(lambda _session: release.wait()))
    await asyncio.sleep(0.1)
    behind = asyncio.create_task(client._call(lambda _session: "late"))
    with pytest.raises(TooSlow):
        await hanging
    assert await client._call(lambda _session: "fresh") == "fresh"
    worker = client._worker
    release.set()
    with pytest.raises(TooSlow):
        await behind
    assert client._worker is worker
    assert await client._call(lambda _session: "again") == "again"


async def test_what_fails_on_the_thread_fails_here() -> None:
    def build(_abandoned: threading.Event) -> int:
        raise LookupError("built badly")

    worker = Worker("test", build)
    with pytest.raises(LookupError, match="built badly"):
        await worker.run(lambda made: made)
    worker.abandon()


SCRIPT = """
import asyncio, socket, sys
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import TooSlow
from tracker_tui.services.qbittorrent.client import QbittorrentClient

assert "qbittorrentapi" not in sys.modules and "requests" not in sys.modules
deaf = socket.create_server(("127.0.0.1", 0))

async def main():
    url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
    client = QbittorrentClient(
        Instance(kind=Kind.QBITTORRENT, name="q", url=url, username="u", password=Secret("p"), timeout_s=3600)
    )
    call = asyncio.create_task(client.sync())
    await asyncio.sleep(0)
    deaf.accept()  # its thread waits in a read for an hour
    call.cancel()
    print("left")

asyncio.run(main())
"""


def test_the_interpreter_does_not_wait_for_the_thread() -> None:
    """Also: nothing of the library is loaded before the first call."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("left\n", "", 0)

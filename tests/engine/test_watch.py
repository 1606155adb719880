"""The running thing against a simulated household: outages, restarts, late and broken services, refused logins."""

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import msgspec
import pytest

from tracker_tui.config.settings import PollSettings, Secret, Settings
from tracker_tui.engine.engine import Engine
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.engine.worlds import Update, Worlds, beginning
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import SETTLED, Flag, ServiceStatus, State
from tracker_tui.model.world import ServiceRow, World
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.seerr.wire import Title
from tracker_tui.store.store import Store

FAST = PollSettings(active_seconds=0.05, idle_seconds=0.05)


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo({SPEED_OF: "0"}) as running:
        yield running


@pytest.fixture
def settings(demo: Demo) -> Settings:
    return msgspec.structs.replace(demo.settings, poll=FAST)


def service(world: World, kind: Kind) -> ServiceRow:
    return next(row for row in world.services if row.kind is kind)


def states(world: World) -> dict[str, State]:
    return {row.id: row.state for row in world.requests}


async def snapshot(settings: Settings, demo: Demo, store: Store, timeout_s: float = 10.0) -> World:
    watch = Watch(settings, store, clock=CorrectedClock(demo.clock.now), simulated=True)
    try:
        return await watch.snapshot(timeout_s)
    finally:
        await watch.close()


class Running:
    """A watch that runs, and the worlds it has published."""

    def __init__(self, watch: Watch, updates: list[Update]) -> None:
        self.watch = watch
        self.updates = updates

    async def until(self, holds: Callable[[World], bool], seconds: float = 15.0) -> World:
        """Wait until `holds(world)`; fails the test when it does not happen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds(self.watch.world):
                return self.watch.world
            await asyncio.sleep(0.02)
        raise AssertionError("it did not happen in time")

    def changes(self) -> int:
        return sum(bool(update.changed or update.removed) for update in self.updates)

    async def settled(self) -> World:
        """Wait until every service has answered, nothing waits for a question, and no row changes any more."""
        await self.until(all_ok)
        before = -1
        while (now := self.changes()) != before or any(one.has_wishes() for one in self.watch.pollers):
            before = now
            await asyncio.sleep(0.6)
        return self.watch.world


@pytest.fixture
async def running(settings: Settings, demo: Demo) -> AsyncIterator[Running]:
    seen: list[Update] = []
    watch = Watch(settings, Store.in_memory(), clock=CorrectedClock(demo.clock.now), publish=seen.append)
    found = Running(watch, seen)
    task = asyncio.create_task(watch.run())
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await watch.close()


def all_ok(world: World) -> bool:
    return bool(world.requests) and all(row.status is ServiceStatus.OK for row in world.services)


def down(kind: Kind) -> Callable[[World], bool]:
    return lambda world: service(world, kind).status is not ServiceStatus.OK


def up(kind: Kind) -> Callable[[World], bool]:
    return lambda world: service(world, kind).status is ServiceStatus.OK


async def test_a_snapshot_answers_all_dependent_questions(settings: Settings, demo: Demo) -> None:
    world = await snapshot(settings, demo, Store.in_memory())
    assert all_ok(world)
    assert {State.DOWNLOADING, State.REQUESTED, State.AVAILABLE, State.ANIME_MATCHING} <= set(states(world).values())
    pack = next(row for row in world.requests if row.title == "Station Nine")
    own = {episode.progress for episode in pack.seasons[0].episodes}
    assert len(own) > 1, "each episode shows the progress of its own file"
    assert not any(episode.progress_is_estimate for episode in pack.seasons[0].episodes)


async def test_two_snapshots_of_one_moment_agree(settings: Settings, demo: Demo, tmp_path: Path) -> None:
    store = tmp_path / "state.json"
    first = await snapshot(settings, demo, Store.open(store))
    written = store.stat().st_mtime_ns
    second = await snapshot(settings, demo, Store.open(store))
    assert second.requests == first.requests
    assert store.stat().st_mtime_ns == written, "nothing durable changed: not one byte written"


async def test_a_restart_shows_the_last_world_at_once_marked_restored(
    settings: Settings, demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    before = await snapshot(settings, demo, Store.open(path))
    for kind in (Kind.QBITTORRENT, Kind.JELLYFIN, Kind.SONARR, Kind.RADARR, Kind.SEERR, Kind.SHOKO):
        demo.household.services[kind].fault = Fault.RESET
    after = await snapshot(settings, demo, Store.open(path))
    assert states(after).items() >= {k: s for k, s in states(before).items() if s is not State.AVAILABLE}.items()
    assert all(Flag.RESTORED in row.flags or Flag.STALE in row.flags for row in after.requests)
    assert {row.status for row in after.services} == {ServiceStatus.UNREACHABLE}


async def test_a_service_that_hangs_costs_its_deadline_and_nothing_else(settings: Settings, demo: Demo) -> None:
    demo.household.services[Kind.JELLYFIN].fault = Fault.HANG
    world = await snapshot(settings, demo, Store.in_memory(), timeout_s=4)
    assert service(world, Kind.JELLYFIN).status is ServiceStatus.UNREACHABLE
    others = [row for row in world.services if row.kind is not Kind.JELLYFIN]
    assert {row.status for row in others} == {ServiceStatus.OK}
    assert "no answer within 4 s" in str(service(world, Kind.JELLYFIN).error)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.STATUS_401, ServiceStatus.UNAUTHORIZED),
        (Fault.STATUS_503, ServiceStatus.STARTING),
        (Fault.HTML, ServiceStatus.ERROR),
        (Fault.REDIRECT, ServiceStatus.ERROR),
        (Fault.TRUNCATED, ServiceStatus.ERROR),
        (Fault.RESET, ServiceStatus.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("kind", [Kind.SONARR, Kind.JELLYFIN])
async def test_each_fault_is_told_apart_and_lowers_no_state(
    *, kind: Kind, fault: Fault, status: ServiceStatus, settings: Settings, demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    before = await snapshot(settings, demo, Store.open(path))
    demo.household.services[kind].fault = fault
    after = await snapshot(settings, demo, Store.open(path))
    assert service(after, kind).status is status
    assert states(after) == states(before)


async def test_an_outage_and_the_recovery_are_noticed_and_logged_once_each(
    running: Running, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="tracker_tui.engine.poller")
    healthy = states(await running.settled())
    sonarr = demo.household.services[Kind.SONARR]
    sonarr.fault = Fault.STATUS_502
    broken = await running.until(down(Kind.SONARR))
    assert states(broken) == healthy
    radarr = demo.household.services[Kind.RADARR]
    asked = len(radarr.calls)
    await running.until(lambda _: len(radarr.calls) >= asked + 4)  # the others keep their cadence
    sonarr.fault = None
    await running.until(up(Kind.SONARR))
    about = [record.getMessage() for record in caplog.records if record.getMessage().startswith("sonarr:sonarr")]
    assert len(about) == 2, about
    assert "answers again" in about[1]


async def test_no_row_changes_while_nothing_happens(running: Running) -> None:
    await running.settled()
    calls = calls_of(running)
    seen = len(running.updates)
    await asyncio.sleep(0.5)
    assert calls_of(running) > calls, "it goes on asking"
    assert not any(update.changed or update.removed for update in running.updates[seen:])


def calls_of(running: Running) -> int:
    return sum(poller.client.meter.calls for poller in running.watch.pollers)


async def test_a_new_request_appears_within_ticks_and_the_user_may_ask_for_it_now(running: Running, demo: Demo) -> None:
    known = {row.id for row in (await running.settled()).requests}
    seerr = demo.household.seerr
    with seerr.lock:
        number = seerr.request_movie(Title(987_654, is_movie=True, name="Quiet Harbour"), by="kim")
    running.watch.refresh_now()
    world = await running.until(lambda world: any(row.id not in known for row in world.requests))
    new = next(row for row in world.requests if row.id not in known)
    assert new.id == f"seerr:seerr:{number}"
    assert new.state is State.REQUESTED


async def test_a_refused_login_is_tried_once_across_processes(settings: Settings, demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    wrong = tuple(
        msgspec.structs.replace(one, password=Secret("wrong")) if one.kind is Kind.QBITTORRENT else one
        for one in settings.instances
    )
    changed = msgspec.structs.replace(settings, instances=wrong, modified_ns=1)
    client = demo.household.services[Kind.QBITTORRENT]
    for _ in range(3):
        world = await snapshot(changed, demo, Store.open(path))
        assert service(world, Kind.QBITTORRENT).status is ServiceStatus.UNAUTHORIZED
    logins = [call for call in client.calls if call.path.endswith("auth/login")]
    assert len(logins) == 1

    mended = msgspec.structs.replace(settings, modified_ns=2)
    world = await snapshot(mended, demo, Store.open(path))
    assert service(world, Kind.QBITTORRENT).status is ServiceStatus.OK


async def test_a_wish_that_comes_too_soon_after_another_is_granted_later(running: Running, demo: Demo) -> None:
    await running.settled()
    client = demo.household.services[Kind.QBITTORRENT]
    client.fault = Fault.STATUS_403
    await running.until(down(Kind.QBITTORRENT))
    running.watch.refresh_now()  # refused again, and nothing but another wish will ask any more
    await asyncio.sleep(0.5)
    client.fault = None
    running.watch.refresh_now()
    await running.until(up(Kind.QBITTORRENT), seconds=10)


async def test_nothing_but_reads_and_logins_is_sent(settings: Settings, demo: Demo) -> None:
    await snapshot(settings, demo, Store.in_memory())
    writes = {
        (kind, call.path)
        for kind, one in demo.household.services.items()
        for call in one.calls
        if call.method not in {"GET", "HEAD"}
    }
    assert {path.rpartition("/")[2] for kind, path in writes if kind is Kind.QBITTORRENT} <= {
        "login",
        "logout",
        "maindata",
        "files",
        "info",
        "version",
        "webapiVersion",
    }
    assert {kind for kind, _ in writes} <= {Kind.QBITTORRENT}


async def test_an_instance_removed_from_the_configuration_loses_nothing_stored(
    settings: Settings, demo: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    await snapshot(settings, demo, Store.open(path))
    stored = set(Store.open(path, write=False).requests())
    fewer = tuple(one for one in settings.instances if one.kind is not Kind.RADARR)
    await snapshot(msgspec.structs.replace(settings, instances=fewer), demo, Store.open(path))
    assert stored <= set(Store.open(path, write=False).requests())


def test_the_engine_runs_and_stops_on_a_thread_of_its_own(settings: Settings, demo: Demo, tmp_path: Path) -> None:
    updates: list[Update] = []
    store = Store.open(tmp_path / "state.json")
    engine = Engine(settings, store, updates.append, clock=CorrectedClock(demo.clock.now), simulated=True)
    engine.start()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and not (engine.world and all_ok(engine.world)):
        time.sleep(0.02)
    engine.refresh_now()
    engine.stop()
    assert updates
    assert updates[-1].world.simulated
    assert not store.writable
    assert Store.open(tmp_path / "state.json", write=False).requests()


def test_a_defect_that_ends_the_engine_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_: Watch) -> None:
        raise ExceptionGroup("several", [LookupError("the key is hunter2")])

    monkeypatch.setattr(Watch, "run", breaks)
    told: Queue[str] = Queue()
    engine = Engine(settings, Store.in_memory(), lambda _: None, failed=told.put)
    engine.start()
    assert told.get(timeout=15) == "LookupError"
    engine.stop()


def test_the_remembered_world_needs_no_client(settings: Settings, demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    asked = asyncio.run(snapshot(settings, demo, Store.open(path)))
    start = beginning(settings, Store.open(path, write=False), demo.clock.now())
    remembered = Worlds(start, CorrectedClock(demo.clock.now))
    remembered.advance()
    open_ones = {row.id: row.state for row in asked.requests if row.state not in SETTLED}
    assert open_ones.items() <= states(remembered.world).items()
    script = "import sys, tracker_tui.engine.worlds; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"httpx", "pyarr", "qbittorrentapi", "tracker_tui.services.http"} & set(loaded)


NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        pytest.param({}, 0, id="nobody answered: local clock"),
        pytest.param({"a": 300}, 300, id="one server"),
        pytest.param({"a": 300, "b": 300, "c": 720}, 300, id="the median ignores one that is off"),
        pytest.param({"a": 0, "b": 3}, 2, id="whole seconds"),
    ],
)
def test_now_is_the_local_clock_corrected_by_the_median_of_the_services(offsets: dict[str, int], expected: int) -> None:
    clock = CorrectedClock(lambda: NOON)
    for name, offset in offsets.items():
        clock.note(InstanceRef(Kind.SONARR, name), NOON + timedelta(seconds=offset))
    assert clock.now() == NOON + timedelta(seconds=expected)


async def test_a_snapshot_takes_nothing_from_a_server_that_is_not_the_configured_one(
    settings: Settings, demo: Demo
) -> None:
    """All questions go out at once: what the wrong server answers before its identity is known must not count."""
    radarr = next(one for one in settings.instances if one.kind is Kind.RADARR)
    misled = tuple(
        msgspec.structs.replace(one, url=radarr.url, api_key=radarr.api_key) if one.kind is Kind.SONARR else one
        for one in settings.instances
    )
    world = await snapshot(msgspec.structs.replace(settings, instances=misled), demo, Store.in_memory())
    assert service(world, Kind.SONARR).status is ServiceStatus.ERROR
    assert service(world, Kind.RADARR).status is ServiceStatus.OK
    assert not any("sonarr" in key for row in world.requests for key in [row.id, *row.ids.sonarr])

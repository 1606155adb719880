"""Who answers is asked anew: at once where an answer shows that it is another one, now and then where none does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import msgspec
import pytest

from tests.hardness.afflictions import recreate
from tracker_tui.config.settings import PollSettings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow
from tracker_tui.plan.topics import RHYTHMS, Topic
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import SimulatedService
from tracker_tui.store.store import Store

FAST = PollSettings(active_seconds=0.05, idle_seconds=0.05)
PATIENCE_S = 20.0
SHOWN_BY_ANSWERS = (Kind.SONARR, Kind.RADARR, Kind.QBITTORRENT, Kind.SHOKO)
IDENTITY = {
    Kind.SEERR: "/api/v1/status",
    Kind.SONARR: "/api/v3/system/status",
    Kind.RADARR: "/api/v3/system/status",
    Kind.QBITTORRENT: "/api/v2/app/version",
    Kind.SHOKO: "/api/v3/Init/Version",
    Kind.JELLYFIN: "/System/Info",
}


class Watched:
    """A household, and a watch over it."""

    def __init__(self, demo: Demo) -> None:
        self.home = demo.household
        settings = msgspec.structs.replace(demo.settings, poll=FAST)
        self.watch = Watch(settings, Store.in_memory(), clock=CorrectedClock(demo.clock.now))

    def row(self, kind: Kind) -> ServiceRow:
        return next(row for row in self.watch.world.services if row.kind is kind)

    def service(self, kind: Kind) -> SimulatedService:
        return self.home.services[kind]

    def asked(self, kind: Kind) -> int:
        """Return how often a service was asked who it is."""
        return sum(call.path == IDENTITY[kind] for call in self.service(kind).calls)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - the watch publishes worlds, not each fact
                await asyncio.sleep(0.02)

    async def polled(self, kind: Kind, times: int = 5) -> None:
        calls = len(self.service(kind).calls)
        await self.until(lambda: len(self.service(kind).calls) >= calls + times)

    async def all_ok(self) -> None:
        await self.until(lambda: bool(self.watch.world.services))
        await self.until(lambda: all(self.row(kind).status is ServiceStatus.OK for kind in Kind))
        for kind in Kind:
            await self.polled(kind)


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo({SPEED_OF: "0"}) as running:
        yield running


@pytest.fixture
async def watched(demo: Demo) -> AsyncIterator[Watched]:
    found = Watched(demo)
    task = asyncio.create_task(found.watch.run())
    await found.all_ok()
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await found.watch.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rare question come with every poll."""
    for kind in Kind:
        rhythm = msgspec.structs.replace(RHYTHMS[kind][Topic.IDENTITY], active_s=0, idle_s=0)
        monkeypatch.setitem(RHYTHMS, kind, RHYTHMS[kind] | {Topic.IDENTITY: rhythm})


async def test_who_stays_is_asked_once(watched: Watched) -> None:
    before = {kind: watched.asked(kind) for kind in Kind}
    await watched.polled(Kind.SONARR, 20)
    assert {kind: watched.asked(kind) for kind in Kind} == before


@pytest.mark.parametrize("kind", SHOWN_BY_ANSWERS)
async def test_a_service_made_anew_between_two_polls_is_asked_at_once(
    watched: Watched, caplog: pytest.LogCaptureFixture, kind: Kind
) -> None:
    with watched.service(kind).lock:
        version = recreate(watched.home, kind)
    await watched.until(lambda: watched.row(kind).version == version)
    asked = watched.asked(kind)
    await watched.polled(kind)
    assert watched.asked(kind) <= asked + 1, "once is enough"
    assert watched.row(kind).status is ServiceStatus.OK
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING], "it was no outage"


@pytest.mark.parametrize("kind", Kind)
async def test_another_version_shows_without_any_sign_by_the_rare_question(
    often: None, watched: Watched, kind: Kind
) -> None:
    with watched.service(kind).lock:
        version = recreate(watched.home, kind)
    await watched.until(lambda: watched.row(kind).version == version)


@pytest.mark.parametrize("kind", [Kind.SONARR, Kind.JELLYFIN])
async def test_another_version_is_asked_everything_anew(often: None, watched: Watched, kind: Kind) -> None:
    """It may tell it otherwise; and behind another server is another library."""
    library, about = {Kind.SONARR: ("/api/v3/series", ""), Kind.JELLYFIN: ("/Items", "includeItemTypes=Series")}[kind]

    def lists() -> int:
        return sum(call.path == library and about in call.query for call in watched.service(kind).calls)

    before = lists()
    with watched.service(kind).lock:
        recreate(watched.home, kind)
    await watched.until(lambda: lists() > before)


async def test_another_service_at_the_address_is_named(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As when ports are mixed up while everything is made anew. That it answers other questions is no recovery."""
    client = next(one.client for one in watched.watch.pollers if one.ref.kind is Kind.SONARR)
    for name in ("queue", "history_since"):
        monkeypatch.setattr(client, name, _late(getattr(client, name)))
    with watched.home.sonarr.lock:
        monkeypatch.setattr(watched.home.sonarr, "app", "Radarr")
        recreate(watched.home, Kind.SONARR)
    await watched.until(lambda: watched.row(Kind.SONARR).status is ServiceStatus.ERROR)
    assert str(watched.row(Kind.SONARR).error) == "Radarr answers at this address, not Sonarr"
    asked = watched.asked(Kind.SONARR)
    await watched.until(lambda: watched.asked(Kind.SONARR) >= asked + 2)
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


def _late(call: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    """Let an answer come after that to who it is."""

    async def answer(*words: object) -> object:
        await asyncio.sleep(0.1)
        return await call(*words)

    return answer


async def test_a_rare_question_without_an_answer_is_no_outage(
    often: None, watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched.home.sonarr.faults = {IDENTITY[Kind.SONARR]: Fault.STATUS_500}
    await watched.until(lambda: any(one.name == "sonarr" for one in watched.watch.world.problems))
    assert watched.row(Kind.SONARR).status is ServiceStatus.OK
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


@pytest.mark.parametrize("state", ["Starting", "Waiting", "Failed"])
async def test_who_tells_its_name_while_it_starts_is_one_outage_all_the_same(
    watched: Watched, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    caplog.set_level(logging.INFO, "tracker_tui.engine.poller")
    watched.home.shoko.state = state
    await watched.until(lambda: watched.row(Kind.SHOKO).status is ServiceStatus.STARTING)
    await watched.polled(Kind.SHOKO, 12)
    assert watched.row(Kind.SHOKO).status is ServiceStatus.STARTING
    watched.home.shoko.state = "Started"
    await watched.until(lambda: watched.row(Kind.SHOKO).status is ServiceStatus.OK)
    told = [one.getMessage() for one in caplog.records if one.getMessage().startswith("shoko")]
    assert ["answers again" in one for one in told] == [False, True], told

"""An application over a feed that tests fill by hand."""

import time
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.tui.grid import grid
from tests.tui.terminal import PATIENCE_S
from tests.tui.worlds import NOON, WEB_URLS, traffic
from tracker_tui.config.settings import UiSettings
from tracker_tui.model.world import World
from tracker_tui.tui.app import TrackerApp


class HandFeed:
    """A feed whose worlds come when the test says so."""

    def __init__(self) -> None:
        self.newest: World | None = None
        self.calls: list[str] = []
        self.why: str | None = None
        self.deliver: Callable[[], object] | None = None

    def start(self, deliver: Callable[[], object]) -> None:
        self.deliver = deliver

    def take(self) -> World | None:
        newest, self.newest = self.newest, None
        return newest

    def push(self, world: World) -> None:
        self.newest = world
        assert self.deliver is not None
        self.deliver()

    def trouble(self) -> str | None:
        return self.why

    def refresh_now(self) -> None:
        self.calls.append("refresh")

    def flush_now(self) -> None:
        self.calls.append("flush")

    def stop(self) -> None:
        self.calls.append("stop")


def app_of(world: World, feed: HandFeed | None = None, **ui: object) -> TrackerApp:
    """An application that begins with `world`, at noon."""
    settings = UiSettings(**ui)  # type: ignore[arg-type]
    return TrackerApp(feed or HandFeed(), world, lambda: NOON, ui=settings, web_urls=WEB_URLS, traffic=traffic)


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until something is so, however busy the machine is."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, grid(pilot.app)
        await pilot.pause(0.02)


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()

"""What the tests of every client stand on: a clock that stands, simulated services on loopback, sessions that end."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from tracker_tui.services.http import Sessions
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    """Run simulated services."""
    with SimHost() as one:
        yield one


@pytest.fixture
async def sessions() -> AsyncIterator[Sessions]:
    one = Sessions()
    yield one
    await one.aclose()

"""What the tests of every client stand on: a clock that stands, simulated services on loopback, sessions that end."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime

import pytest

from tracker_tui.config.settings import Instance
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import ServiceError
from tracker_tui.services.http import Link, Sessions
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
KEY = "CANARY-key"


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


@pytest.fixture
def link(sessions: Sessions) -> Callable[..., Link]:
    """Return a maker of links to a URL; keyword arguments are fields of the instance."""

    def make(url: str, **fields: object) -> Link:
        fields = {"timeout_s": 5.0, **fields}
        instance = Instance(kind=Kind.SONARR, name="sonarr", url=url, **fields)  # type: ignore[arg-type]
        return Link(instance, sessions, {"X-Api-Key": KEY})

    return make


async def asked(link: Link, **ask: object) -> ServiceError:
    """Return the error of a question that must fail, after checking that it tells no secret."""
    with pytest.raises(ServiceError) as caught:
        link.require(await link.exchange("GET", "/api", **ask))  # type: ignore[arg-type]
    error = caught.value
    assert KEY not in f"{error!r} {error} {error.fix} {error.as_failure()}"
    return error

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.remedies.house import Desk, House
from tracker_tui.simulate.server import SimHost


@pytest.fixture(scope="session")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def house(host: SimHost) -> Iterator[House]:
    one = House(host)
    yield one
    one.close()


@pytest.fixture(params=["4.2.1.0", "5.0.6.0", "6.0.2.0"])
def any_house(request: pytest.FixtureRequest, host: SimHost) -> Iterator[House]:
    one = House(host, request.param)
    yield one
    one.close()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "state.json.refreshes"


@pytest.fixture
async def desk(house: House, journal: Path) -> AsyncIterator[Desk]:
    one = Desk(house, journal)
    yield one
    await one.aclose()

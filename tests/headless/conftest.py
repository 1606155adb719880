import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.headless.households import Shell
from tests.remedies.house import House
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


@pytest.fixture
def shell(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    level = logging.getLogger("tracker_tui").level
    yield Shell(house, tmp_path, capsys)
    logging.getLogger("tracker_tui").setLevel(level)

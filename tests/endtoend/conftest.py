"""A household of six services on loopback, three hours before noon; a library that nobody waits for is elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endtoend.canned.house import House
from tests.endtoend.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    found = Stage(tmp_path)
    yield found
    found.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Yield a house without services: a test adds those of its case."""
    found = House(tmp_path)
    yield found
    found.close()

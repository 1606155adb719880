"""A pair of real servers for the whole run; skipped where the binary is absent."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.real.pair import BINARY, Pair
from tracker_tui.services.qbittorrent.client import QbittorrentClient


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Start a seeder and a leecher; stop them at the end."""
    if BINARY is None:
        pytest.skip("no qbittorrent-nox on this machine")
    both = Pair(tmp_path_factory.mktemp("qbittorrent"))
    try:
        both.start()
        yield both
    finally:
        both.stop()


@pytest.fixture
def content(pair: Pair, tmp_path: Path) -> Path:
    """Return a folder for the content of this test's torrents."""
    del pair
    return tmp_path


@pytest_asyncio.fixture
async def client(pair: Pair) -> AsyncIterator[QbittorrentClient]:
    """Return our client of the leecher."""
    reader = QbittorrentClient(pair.leecher.instance)
    yield reader
    await reader.aclose()

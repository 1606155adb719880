"""Long lists, of a Jellyfin that goes on changing while they are read."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.services.conftest import NOW
from tests.services.jellyfin.conftest import FILM, Connect
from tests.services.loopback import Exchange, Loopback
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.jellyfin import client as module
from tracker_tui.services.jellyfin.client import PAGES_AT_ONCE, JellyfinClient
from tracker_tui.simulate.jellyfin.items import Item
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin


def fill(jellyfin: SimulatedJellyfin, count: int) -> list[Item]:
    library = jellyfin.libraries[0]
    return [
        jellyfin.add_item(
            library, "Movie", f"Film {number:05}", f"/data/movies/{number:05}/a.mkv", created_at=NOW + _minutes(number)
        )
        for number in range(count)
    ]


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number - 100_000)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 20)
    monkeypatch.setattr(module, "OVERLAP", 5)


def paths(items: Sequence[Any]) -> list[str]:
    return [item.path for item in items if item.path != FILM]


@pytest.mark.parametrize("count", [0, 1, 18, 19, 20, 33, 34, 35, 200])
@pytest.mark.usefixtures("small_pages")
async def test_a_long_list_is_read_whole(client: JellyfinClient, jellyfin: SimulatedJellyfin, count: int) -> None:
    wanted = [item.path for item in fill(jellyfin, count)]
    assert paths((await client.list_items(types=("Movie",))).items) == wanted


class Changing:
    """Changes the library between two pages."""

    def __init__(self, jellyfin: SimulatedJellyfin, change: Any) -> None:
        self._routes = jellyfin.check
        self._change = change
        self.pages = 0
        jellyfin.check = self.check  # type: ignore[method-assign]

    def check(self, request: Any) -> Any:
        if request.path == "/Items":
            self.pages += 1
            self._change(self.pages)
        return self._routes(request)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("removed", [1, 4, 5, 12])
async def test_items_that_vanish_while_paging_hide_no_other(
    client: JellyfinClient, jellyfin: SimulatedJellyfin, removed: int
) -> None:
    items = fill(jellyfin, 60)

    def change(page: int) -> None:
        if page == 2:
            for item in items[:removed]:
                jellyfin.remove_item(item)

    Changing(jellyfin, change)
    found = set(paths((await client.list_items(types=("Movie",))).items))
    assert {item.path for item in items[removed:]} <= found


@pytest.mark.usefixtures("small_pages")
async def test_items_that_appear_while_paging_are_found_too(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    items = fill(jellyfin, 60)
    late = NOW + timedelta(days=1)

    def change(page: int) -> None:
        jellyfin.add_item(jellyfin.libraries[0], "Movie", f"New {page}", f"/data/movies/new{page}.mkv", created_at=late)

    Changing(jellyfin, change)
    found = set(paths((await client.list_items(types=("Movie",))).items))
    assert {item.path for item in items} <= found
    assert "/data/movies/new1.mkv" in found


@pytest.mark.usefixtures("small_pages")
async def test_a_library_that_never_rests_is_not_taken_for_a_list(
    client: JellyfinClient, jellyfin: SimulatedJellyfin
) -> None:
    items = fill(jellyfin, 300)

    def change(_: int) -> None:
        for _ in range(8):
            jellyfin.remove_item(items.pop(0))

    Changing(jellyfin, change)
    with pytest.raises(BadAnswer, match="changes faster"):
        await client.list_items(types=("Movie",))


def movie(number: int) -> dict[str, object]:
    return {"Id": f"{number + 1:032x}", "Type": "Movie", "Path": f"/m/{number}.mkv"}


@pytest.mark.usefixtures("small_pages")
async def test_a_proxy_that_repeats_the_first_page_is_found_out(connect: Connect) -> None:
    page = msgspec.json.encode({"Items": [movie(number) for number in range(20)]})

    async def script(exchange: Exchange) -> None:
        await exchange.answer(page)

    async with Loopback(script) as server:
        client = connect(url=server.url)
        with pytest.raises(BadAnswer, match="every page"):
            await client.list_items(types=("Movie",))
        assert len(server.seen) == 1 + PAGES_AT_ONCE


@pytest.mark.usefixtures("small_pages")
async def test_pages_after_the_first_are_asked_for_by_twos(connect: Connect) -> None:
    two = asyncio.Barrier(PAGES_AT_ONCE)
    starts: list[int] = []

    async def script(exchange: Exchange) -> None:
        start = int(exchange.head.partition("startIndex=")[2].partition("&")[0])
        starts.append(start)
        if start:
            await two.wait()  # each waits for the other
        await exchange.answer(msgspec.json.encode({"Items": [movie(one) for one in range(start, min(start + 20, 70))]}))

    async with Loopback(script) as server:
        found = await connect(url=server.url).list_items(types=("Movie",))
    assert len(found.items) == 70
    assert sorted(starts) == [0, 15, 30, 45, 60]


async def test_one_bad_record_costs_itself_only(connect: Connect) -> None:
    records = [movie(1), {"Id": 7, "Type": "Movie"}, movie(2), {"Type": "Movie"}, movie(3) | {"Id": "short"}]

    async def script(exchange: Exchange) -> None:
        await exchange.answer(msgspec.json.encode({"Items": records, "TotalRecordCount": 5}))

    async with Loopback(script) as server:
        client = connect(url=server.url)
        assert len((await client.list_items(types=("Movie",))).items) == 2
        assert client.meter.skipped == 3
        probed = await client.probe([f"{number:032x}" for number in (2, 3, 4)])
        assert probed.asked == (f"{2:032x}", f"{3:032x}")  # a damaged record may be the missing one


@pytest.mark.parametrize("body", ["{}", "[]", '{"Items":null}', '{"Items":{}}', '{"items":[]}'])
async def test_an_answer_without_a_list_is_no_empty_list(connect: Connect, body: str) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(body)

    async with Loopback(script) as server:
        with pytest.raises(BadAnswer):
            await connect(url=server.url).list_items()

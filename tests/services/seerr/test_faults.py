"""What goes wrong with a Seerr, and what is said of it."""

from collections.abc import Callable, Coroutine

import msgspec
import pytest

from tests.services.conftest import NOW
from tests.services.faults import ANSWERS, SILENCES, each_of
from tests.services.seerr.conftest import KEY
from tests.services.seerr.test_client import HARBOR
from tracker_tui.services.errors import (
    NotFound,
    ServerFault,
    ServiceError,
    TooSlow,
    WrongService,
)
from tracker_tui.services.http import Reply
from tracker_tui.services.seerr import client as module
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.seerr.wire import SEERR, Release


@pytest.fixture(params=[SEERR], ids=["seerr"])
def release(request: pytest.FixtureRequest) -> Release:
    return request.param  # type: ignore[no-any-return]


ASKS: dict[str, Callable[[SeerrClient], Coroutine[object, object, object]]] = {
    "identify": lambda client: client.identify(),
    "counts": lambda client: client.counts(),
    "active": lambda client: client.active_requests(),
    "recent": lambda client: client.recent_requests(NOW),
    "one": lambda client: client.read_request(1),
    "title": lambda client: client.title(700060, is_movie=True),
    "servers": lambda client: client.servers(),
}


@pytest.fixture
def hasty(connect: Callable[..., SeerrClient], monkeypatch: pytest.MonkeyPatch) -> SeerrClient:
    """Return a client with short deadlines, for servers that do not answer."""
    monkeypatch.setattr(module, "LIST_DEADLINE_S", 0.15)
    return connect(timeout_s=0.15)


@pytest.fixture
def patient(connect: Callable[..., SeerrClient]) -> SeerrClient:
    """Return a client for servers that answer, however loaded the machine is."""
    return connect(timeout_s=10)


@pytest.mark.parametrize("ask", ASKS)
@each_of({**SILENCES, **ANSWERS})
async def test_a_fault_is_told_apart_and_tells_no_secret(  # noqa: PLR0917
    hasty: SeerrClient,
    patient: SeerrClient,
    seerr: SimulatedSeerr,
    ask: str,
    fault: Fault,
    error: type[ServiceError],
) -> None:
    seerr.request_movie(HARBOR)
    seerr.fault = fault
    with pytest.raises(ServiceError) as caught:
        await ASKS[ask](hasty if error is TooSlow else patient)
    assert type(caught.value) is error
    said = f"{caught.value!r} {caught.value.as_failure()}"
    assert KEY not in said
    assert "token=x" not in said


async def test_a_list_waits_longer_than_other_calls(connect: Callable[..., SeerrClient], seerr: SimulatedSeerr) -> None:
    """A Sonarr that is down slows the list, never the other questions; it is no failure."""
    number = seerr.request_movie(HARBOR)
    seerr.servers[0].up = False
    seerr.arr_wait_s = 0.4
    client = connect(timeout_s=0.2)
    assert (await client.counts()).counts.total == 1
    assert [request.id for request in (await client.active_requests()).requests] == [number]


async def test_a_list_does_not_wait_for_ever(hasty: SeerrClient, seerr: SimulatedSeerr) -> None:
    seerr.servers[0].up = False
    with pytest.raises(TooSlow):
        await hasty.active_requests()


async def test_a_url_outside_the_api_meets_the_web_app(
    connect: Callable[..., SeerrClient], seerr: SimulatedSeerr
) -> None:
    with pytest.raises(WrongService, match="web page"):
        await connect(url=seerr.url + "/requests").counts()


async def test_a_url_with_the_api_path_in_it_is_not_found(
    connect: Callable[..., SeerrClient], seerr: SimulatedSeerr
) -> None:
    client = connect(url=seerr.url + "/api/v1")
    with pytest.raises(NotFound):
        await client.counts()
    with pytest.raises(NotFound):
        await client.read_request(1)


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.STATUS_404, NotFound), (Fault.STATUS_502, ServerFault)], ids=["404", "502"]
)
async def test_the_word_of_a_proxy_is_not_the_word_of_seerr(
    client: SeerrClient, seerr: SimulatedSeerr, fault: Fault, error: type[ServiceError]
) -> None:
    """A proxy without backend answers 404 or 502: neither is the request gone, nor the title unknown."""
    number = seerr.request_movie(HARBOR)
    seerr.fault = fault
    with pytest.raises(error):
        await client.read_request(number)
    with pytest.raises(error):
        await client.title(700060, is_movie=True)


@pytest.mark.parametrize(
    "damage",
    [
        {"id": None},
        {"id": "12"},
        {"status": "approved"},
        {"type": "music"},
        {"createdAt": "yesterday"},
        {"media": [1]},
        {"seasons": [{"seasonNumber": "one"}]},
    ],
    ids=str,
)
async def test_a_record_that_cannot_be_read_is_skipped_counted_and_not_taken_for_gone(
    client: SeerrClient, seerr: SimulatedSeerr, monkeypatch: pytest.MonkeyPatch, damage: dict[str, object]
) -> None:
    good, bad = seerr.request_movie(HARBOR), 2
    exchange = client._link.exchange

    async def damaged(method: str, path: str, **rest: object) -> Reply:
        reply = await exchange(method, path, **rest)  # type: ignore[arg-type]
        page = msgspec.json.decode(reply.body)
        page["results"] = [{**record, "id": bad, **damage} for record in page["results"]] + page["results"]
        return Reply(reply.status, reply.headers, msgspec.json.encode(page))

    monkeypatch.setattr(client._link, "exchange", damaged)
    listed = await client.recent_requests(NOW)
    assert [request.id for request in listed.requests] == [good]
    assert not listed.complete
    assert client.meter.skipped == 2  # in the active list and in the list of all

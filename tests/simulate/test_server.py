"""What all simulated services share: their host, their clock on the wire, their faults, their log of calls."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from aiohttp import web

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import Call, SimHost, SimulatedService

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


class Bakery(SimulatedService):
    """A small service: `/bread` answers JSON, `/secret` wants a key, `/broken` is a bug of the simulation."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/bread", self._bread), web.get("/secret", self._bread), web.post("/bread", self._bread)]

    def check(self, request: web.Request) -> web.Response | None:
        refused = request.path == "/secret" and request.headers.get("key") != "k"
        return web.Response(status=401) if refused else None

    async def _bread(self, request: web.Request) -> web.Response:
        return web.json_response({"loaves": [{"id": 1}, {"id": 2}]})


@pytest.fixture(scope="module")
def host() -> Iterator[SimHost]:
    with SimHost() as one:
        yield one


@pytest.fixture
def bakery(host: SimHost) -> Iterator[Bakery]:
    one = Bakery(SimClock(NOON))
    host.add(one)
    yield one
    host.stop(one)


def get(bakery: Bakery, path: str = "/bread", **options: object) -> httpx.Response:
    return httpx.get(bakery.url + path, timeout=0.5, trust_env=False, **options)  # type: ignore[arg-type]


def test_it_listens_on_loopback_only_and_answers(bakery: Bakery) -> None:
    assert bakery.url.startswith("http://127.0.0.1:")
    assert get(bakery).json() == {"loaves": [{"id": 1}, {"id": 2}]}


def test_the_household_lives_in_its_own_time(bakery: Bakery) -> None:
    assert get(bakery).headers["date"] == "Sun, 25 Jan 2026 12:00:00 GMT"
    bakery.clock.jump(seconds=65)
    bakery.date_offset_s = 420
    assert get(bakery).headers["date"] == "Sun, 25 Jan 2026 12:08:05 GMT"
    assert get(bakery, "/nowhere").headers["date"] == "Sun, 25 Jan 2026 12:08:05 GMT"


def test_calls_are_logged_with_what_they_cost(bakery: Bakery) -> None:
    size = len(get(bakery, params={"page": 1}).content)
    get(bakery, "/secret")
    get(bakery, "/nowhere")
    httpx.post(bakery.url + "/bread", trust_env=False)
    assert bakery.calls == [
        Call("GET", "/bread", "page=1", 200, size),
        Call("GET", "/secret", "", 401, 0),
        Call("GET", "/nowhere", "", 404, 0),
        Call("POST", "/bread", "", 200, size),
    ]


def test_a_refusal_precedes_the_answer(bakery: Bakery) -> None:
    assert get(bakery, "/secret").status_code == 401
    assert get(bakery, "/secret", headers={"key": "k"}).status_code == 200


def test_a_stopped_service_refuses_and_comes_back_on_its_port(host: SimHost, bakery: Bakery) -> None:
    url = bakery.url
    host.stop(bakery)
    with pytest.raises(httpx.ConnectError):
        get(bakery)
    assert host.add(bakery, int(url.rsplit(":", 1)[1])) == url
    assert get(bakery).status_code == 200


def test_stopping_twice_is_harmless(host: SimHost, bakery: Bakery) -> None:
    host.stop(bakery)
    host.stop(bakery)


STATUSES = {fault: int(fault.value) for fault in Fault if fault.value.isdigit()}


@pytest.mark.parametrize(("fault", "status"), STATUSES.items(), ids=str)
def test_a_status_fault_answers_its_code(bakery: Bakery, fault: Fault, status: int) -> None:
    bakery.fault = fault
    answer = get(bakery)
    assert (answer.status_code, answer.content) == (status, b"")
    assert ("retry-after" in answer.headers) == (status in {429, 503})


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_BODY, Fault.DRIP])
def test_a_fault_that_keeps_one_waiting(bakery: Bakery, fault: Fault) -> None:
    bakery.fault = fault
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=0.05, trust_env=False) as client:
        client.get(bakery.url + "/bread")


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_BODY])
def test_a_fault_that_cuts_the_connection(bakery: Bakery, fault: Fault) -> None:
    bakery.fault = fault
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        get(bakery)


def test_faults_of_the_content(bakery: Bakery) -> None:
    whole = get(bakery).content
    seen = {}
    for fault in (Fault.TRUNCATED, Fault.EMPTY, Fault.WRONG_TYPES, Fault.HTML):
        bakery.fault = fault
        answer = get(bakery)
        assert answer.status_code == 200
        seen[fault] = answer.content
    assert seen[Fault.TRUNCATED] == whole[: len(whole) // 2]
    assert seen[Fault.EMPTY] == b""
    assert seen[Fault.WRONG_TYPES] == b"42"
    assert seen[Fault.HTML].startswith(b"<!DOCTYPE html>")


def test_a_redirect_leads_away_and_tempts_with_a_secret(bakery: Bakery) -> None:
    bakery.fault = Fault.REDIRECT
    answer = get(bakery)
    assert answer.status_code == 302
    assert answer.headers["location"] == "http://elsewhere.invalid/login?token=x"


def test_a_gigantic_answer_does_not_end(bakery: Bakery) -> None:
    bakery.fault = Fault.GIGANTIC
    with httpx.stream("GET", bakery.url + "/bread", trust_env=False) as answer:
        size = 0
        for part in answer.iter_raw():
            size += len(part)
            if size > 8 << 20:
                break
    assert size > 8 << 20


def test_a_fault_can_be_of_one_path(bakery: Bakery) -> None:
    bakery.faults["/bread"] = Fault.STATUS_500
    assert get(bakery).status_code == 500
    assert get(bakery, "/secret", headers={"key": "k"}).status_code == 200
    bakery.fault = Fault.STATUS_503
    assert get(bakery).status_code == 503, "the fault of all paths goes first"


def test_latency_delays_every_answer(bakery: Bakery) -> None:
    bakery.latency_s = 0.05
    began = time.perf_counter()
    get(bakery)
    assert time.perf_counter() - began >= 0.05


def test_a_host_may_be_left_while_a_call_hangs() -> None:
    with SimHost() as host:
        one = Bakery(SimClock(NOON))
        host.add(one)
        one.fault = Fault.HANG
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(one.url + "/bread", timeout=0.05, trust_env=False)


def test_a_clock_stands_runs_and_jumps() -> None:
    clock = SimClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.jump(to=NOON + timedelta(hours=1), seconds=5)
    assert clock.now() == NOON + timedelta(hours=1, seconds=5)
    clock.set_speed(1_000_000)
    first = clock.now()
    time.sleep(0.001)
    assert clock.now() - first > timedelta(minutes=10)
    clock.set_speed(0)
    assert clock.now() == clock.now()
    assert clock.speed == 0

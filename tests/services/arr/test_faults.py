"""What goes wrong on the way to Sonarr and Radarr, and what the clients say about it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from tests.services.arr.conftest import KEY, instance
from tests.services.conftest import NOW
from tests.services.faults import ANSWERS, SILENCES, each_of
from tracker_tui.model.ids import Kind
from tracker_tui.services import errors
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.services.http import Sessions
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import SimulatedService

Serve = Callable[[Any], Any]

CALLS: dict[str, Callable[[SonarrClient], Awaitable[object]]] = {
    "identify": lambda client: client.identify(),
    "setup": lambda client: client.setup(),
    "queue": lambda client: client.queue(),
    "history_since": lambda client: client.history_since(NOW),
    "recent_history": lambda client: client.recent_history(NOW),
    "history_of": lambda client: client.history_of(23),
    "read_series": lambda client: client.read_series(23, with_files=True),
    "series_list": lambda client: client.series_list(),
    "commands": lambda client: client.commands(),
    "health": lambda client: client.health(),
    "release_rejections": lambda client: client.release_rejections(episode_id=1),
}


@pytest.fixture
def sonarr(serve: Serve, clock: SimClock) -> SimulatedSonarr:
    server: SimulatedSonarr = serve(SimulatedSonarr(clock, api_key=KEY))
    server.add_series("Show", {1: 3}, series_id=23, first_episode_id=1)
    server.grab([1], "Show.S01E01", 1 << 30, "ab" * 20)
    server.client_refresh()
    return server


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[[SonarrClient], Awaitable[object]]:
    return CALLS[request.param]


@each_of({**ANSWERS, Fault.STATUS_404: errors.WrongService})  # their own 404 is JSON
async def test_every_call_tells_failures_apart(
    fault: Fault,
    error: type[errors.ServiceError],
    call: Callable[[SonarrClient], Awaitable[object]],
    sonarr: SimulatedSonarr,
    sonarr_client: SonarrClient,
) -> None:
    sonarr.fault = fault
    with pytest.raises(errors.ServiceError) as caught:
        await call(sonarr_client)
    assert type(caught.value) is error


@pytest.mark.parametrize("fault", SILENCES)
async def test_every_call_ends_at_its_deadline(
    fault: Fault,
    call: Callable[[SonarrClient], Awaitable[object]],
    sonarr: SimulatedSonarr,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker_tui.services.arr.sonarr.INVENTORY_DEADLINE_S", 0.15)
    monkeypatch.setattr("tracker_tui.services.arr.shared.RELEASE_DEADLINE_S", 0.15)
    client = SonarrClient(instance(Kind.SONARR, sonarr.url, timeout_s=0.15), sessions)
    sonarr.fault = fault
    with pytest.raises(errors.TooSlow):
        await call(client)


async def test_the_full_list_has_more_time_than_the_rest(sonarr: SimulatedSonarr, sessions: Sessions) -> None:
    client = SonarrClient(instance(Kind.SONARR, sonarr.url, timeout_s=0.1), sessions)
    sonarr.latency_s = 0.3
    assert len((await client.series_list()).series) == 1
    with pytest.raises(errors.TooSlow):
        await client.queue()


async def test_an_endless_answer_is_cut(
    call: Callable[[SonarrClient], Awaitable[object]],
    sonarr: SimulatedSonarr,
    sonarr_client: SonarrClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker_tui.services.http.BODY_LIMIT", 1 << 20)
    sonarr.fault = Fault.GIGANTIC
    with pytest.raises(errors.BadAnswer, match="larger than"):
        await call(sonarr_client)


async def test_no_connection(serve: Serve, sessions: Sessions) -> None:
    client = SonarrClient(instance(Kind.SONARR, "http://127.0.0.1:9"), sessions)
    with pytest.raises(errors.Unreachable):
        await client.queue()


async def test_a_wrong_key(sonarr: SimulatedSonarr, sessions: Sessions) -> None:
    client = SonarrClient(instance(Kind.SONARR, sonarr.url, "wrong"), sessions)
    with pytest.raises(errors.Unauthorized, match="401"):
        await client.identify()


async def test_no_key_at_all_asks_nobody(sonarr: SimulatedSonarr, sessions: Sessions) -> None:
    client = SonarrClient(instance(Kind.SONARR, sonarr.url, None), sessions)
    with pytest.raises(errors.Unauthorized, match="no key is configured"):
        await client.identify()
    assert sonarr.calls == []


async def test_starting_up(sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    sonarr.starting = True
    with pytest.raises(errors.Starting):
        await sonarr_client.identify()


async def test_a_missing_base_path(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    server = serve(SimulatedSonarr(clock, api_key=KEY, url_base="/sonarr"))
    with pytest.raises(errors.WrongService, match="/sonarr/api/v3/system/status") as caught:
        await SonarrClient(instance(Kind.SONARR, server.url), sessions).identify()
    assert "base path" in (caught.value.fix or "")


@pytest.mark.parametrize("authentication", ["external", "forms"])
async def test_a_wrong_base_path(authentication: str, sonarr: SimulatedSonarr, sessions: Sessions) -> None:
    sonarr.authentication = authentication
    with pytest.raises(errors.WrongService):
        await SonarrClient(instance(Kind.SONARR, f"{sonarr.url}/tv"), sessions).identify()


async def test_another_application_is_named(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    radarr = serve(SimulatedRadarr(clock, api_key=KEY))
    with pytest.raises(errors.WrongService, match="Radarr answers at this address, not Sonarr"):
        await SonarrClient(instance(Kind.SONARR, radarr.url), sessions).identify()


class Scripted(SimulatedService):
    """Answers every request with one prepared response."""

    def __init__(self, clock: SimClock, status: int, body: str = "", **headers: str) -> None:
        super().__init__(clock)
        self.prepared = (status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/{path:.*}", self.answer)]

    async def answer(self, request: web.Request) -> web.Response:
        status, body, headers = self.prepared
        return web.Response(status=status, text=body, headers=headers)


async def test_the_key_does_not_follow_a_redirect(
    call: Callable[[SonarrClient], Awaitable[object]],
    serve: Serve,
    sonarr: SimulatedSonarr,
    clock: SimClock,
    sessions: Sessions,
) -> None:
    sonarr.calls.clear()
    bouncer = serve(Scripted(clock, 302, Location=f"{sonarr.url}/api/v3/queue/details"))
    with pytest.raises(errors.WrongService, match="redirect"):
        await call(SonarrClient(instance(Kind.SONARR, bouncer.url), sessions))
    assert sonarr.calls == []


async def test_a_proxys_404_does_not_delete_a_series(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    proxy = serve(Scripted(clock, 404, "404 page not found\n"))
    with pytest.raises(errors.WrongService, match="not Sonarr's own"):
        await SonarrClient(instance(Kind.SONARR, proxy.url), sessions).read_series(23)
    with pytest.raises(errors.WrongService, match="not Radarr's own"):
        await RadarrClient(instance(Kind.RADARR, proxy.url), sessions).read_movie(62)


async def test_an_api_without_v3_is_no_sonarr(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    other = serve(Scripted(clock, 404, '{"message":"NotFound"}', Content_Type="application/json"))
    with pytest.raises(errors.WrongService, match="no Sonarr answers"):
        await SonarrClient(instance(Kind.SONARR, other.url), sessions).identify()


async def test_a_name_is_due(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    other = serve(Scripted(clock, 200, '{"version":"3.2.2"}', Content_Type="application/json"))
    with pytest.raises(errors.WrongService, match="something without a name"):
        await RadarrClient(instance(Kind.RADARR, other.url), sessions).identify()


async def test_json_counts_whatever_its_label(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    server = serve(Scripted(clock, 200, "[]", Content_Type="text/plain"))
    assert (await SonarrClient(instance(Kind.SONARR, server.url), sessions).queue()).records == ()


def spoiled(records: object) -> object:
    """Put a record of another shape first and next year's fields into every good one."""
    assert isinstance(records, list)
    good = [{**record, "status": "unheardOf", "newIn2027": {"deep": [1, None]}} for record in records]
    return [{"id": "not a number", "title": 5}, *good]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/api/v3/queue/details", lambda client: client.queue()),
        ("/api/v3/history/since", lambda client: client.history_since(NOW)),
        ("/api/v3/command", lambda client: client.commands()),
        ("/api/v3/episode", lambda client: client.read_series(23)),
        ("/api/v3/episodefile", lambda client: client.read_series(23, with_files=True)),
    ],
)
async def test_one_bad_record_costs_one_record(
    path: str,
    read: Callable[[SonarrClient], Awaitable[Any]],
    sonarr: SimulatedSonarr,
    sonarr_client: SonarrClient,
) -> None:
    sonarr.import_file([2])
    sonarr.search(23)
    sonarr.spoil[path] = spoiled
    client = sonarr_client
    answer = await read(client)
    counts = [len(value) for name in answer.__struct_fields__ if isinstance(value := getattr(answer, name), tuple)]
    assert client.skipped == 1
    assert client.meter.skipped == 1
    assert counts
    assert all(counts)
    await client.health()
    assert client.skipped == 0
    assert client.meter.skipped == 1


async def test_a_series_list_outlives_a_bad_series(serve: Serve, clock: SimClock, sessions: Sessions) -> None:
    server = serve(Scripted(clock, 200, '[{"id": 1}, {"id": 2, "title": "Good"}]', Content_Type="application/json"))
    client = SonarrClient(instance(Kind.SONARR, server.url), sessions)
    assert [one.title for one in (await client.series_list()).series] == ["Good"]
    assert client.skipped == 1


async def test_page_after_page_of_nothing_readable_still_ends(
    serve: Serve, clock: SimClock, sessions: Sessions
) -> None:
    page = json.dumps({"page": 1, "totalRecords": 600, "records": [{"id": "x"}]})
    server = serve(Scripted(clock, 200, page, Content_Type="application/json"))
    client = SonarrClient(instance(Kind.SONARR, server.url), sessions)
    assert (await client.recent_history(NOW)).records == ()
    assert len(server.calls) == 3
    assert client.skipped == 3

"""What broken answers become: the right error, its fix, and never a secret."""

import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest

from tests.services.faults import ANSWERS, SILENCES, each_of
from tests.services.shoko.conftest import KEY, Both, Connect, Serve, appear
from tracker_tui.config.settings import Secret
from tracker_tui.services.errors import (
    NotFound,
    NotPermitted,
    ServiceError,
    TooSlow,
    Unauthorized,
    Unreachable,
    WrongService,
)
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.shoko.records import RELEASES, V4_2, V5_2, V6, ShokoRelease

PATHS = [("/tv/Lycoris Recoil/Season 1/Lycoris Recoil - S01E01.mkv", 1001)]
CALLS: dict[str, Callable[[ShokoClient], Awaitable[object]]] = {
    "identify": lambda client: client.identify(),
    "state": lambda client: client.state(),
    "folders": lambda client: client.folders(),
    "lookup": lambda client: client.lookup(PATHS),
    "series": lambda client: client.series(12),
    "series_files": lambda client: client.series_files(12),
    "queue_items": lambda client: client.queue_items(),
    "bans": lambda client: client.bans(),
}


@pytest.mark.parametrize("call", CALLS)
@each_of({fault: error for fault, error in {**SILENCES, **ANSWERS}.items() if fault is not Fault.STATUS_404})
async def test_every_call_names_every_fault(both: Both, fault: Fault, error: type[ServiceError], call: str) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    appear(shoko, 1)
    shoko.finish_jobs()
    shoko.fault = fault
    expected = NotPermitted if (fault, call) == (Fault.STATUS_403, "queue_items") else error
    with pytest.raises(expected) as caught:
        await CALLS[call](connect(shoko, timeout_s=0.25 if expected is TooSlow else 10))
    shown = repr(caught.value.as_failure()) + "".join(traceback.format_exception(caught.value))
    assert "CANARY" not in shown
    assert "token=x" not in shown
    assert caught.value.as_failure().message


@pytest.mark.parametrize("call", [name for name in CALLS if name != "bans"])
async def test_a_404_of_a_proxy_says_nothing_about_what_exists(serve: Serve, connect: Connect, call: str) -> None:
    shoko = serve(V5_2)
    shoko.fault = Fault.STATUS_404
    with pytest.raises(NotFound):
        await CALLS[call](connect(shoko))


async def test_no_server(serve: Serve, connect: Connect, host: SimHost) -> None:
    shoko = serve(V5_2)
    client = connect(shoko)
    await client.state()
    host.stop(shoko)
    with pytest.raises(Unreachable) as caught:
        await client.state()
    assert caught.value.fix


@pytest.mark.parametrize("release", [V4_2, V5_2, V6], ids=lambda release: release.version)
@pytest.mark.parametrize("settings", [{"api_key": Secret("CANARY-wrong")}, {"api_key": None}], ids=["wrong", "none"])
async def test_a_key_that_is_not_accepted(
    both: Both, release: ShokoRelease, settings: dict[str, Secret | None]
) -> None:
    serve, connect = both
    client = connect(serve(release), **settings)
    with pytest.raises(Unauthorized) as caught:
        await client.identify()
    assert "api_key" in str(caught.value.fix)
    assert "CANARY" not in repr(caught.value.as_failure())
    with pytest.raises(Unauthorized):
        await client.lookup(PATHS)


@pytest.mark.parametrize("fault", [Fault.STATUS_403, Fault.STATUS_500, Fault.TRUNCATED, Fault.WRONG_TYPES, Fault.HANG])
@pytest.mark.parametrize(("path", "part"), [("Queue", "queue"), ("Init/Connectivity", "connectivity")])
async def test_one_missing_answer_is_said_and_leaves_the_others(
    serve: Serve, connect: Connect, path: str, part: str, fault: Fault
) -> None:
    shoko = serve(V5_2)
    shoko.faults = {f"/api/v3/{path}$": fault}
    state = await connect(shoko, timeout_s=0.5).state()
    assert state.server.state == "Started"
    assert [known for known, _ in state.unread] == [part]
    assert (state.queue is None, state.connectivity is None) == (part == "queue", part == "connectivity")


@pytest.mark.parametrize("fault", [Fault.STATUS_401, Fault.RESET])
async def test_a_refused_key_or_a_lost_connection_is_no_missing_part(
    serve: Serve, connect: Connect, fault: Fault
) -> None:
    shoko = serve(V5_2)
    shoko.faults = {"/api/v3/Queue": fault}
    with pytest.raises((Unauthorized, Unreachable)):
        await connect(shoko).state()


async def test_the_first_failed_look_up_ends_the_others(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    shoko.faults = {"/api/v3/File": Fault.HANG}
    client = connect(shoko, timeout_s=0.3)
    with pytest.raises(TooSlow):
        await client.lookup([(f"/tv/a/b/{number}.mkv", 1) for number in range(40)])
    assert client.meter.calls <= 8


async def test_a_bad_record_is_skipped_and_counted(serve: Serve, connect: Connect) -> None:
    shoko = serve(V6)
    appear(shoko, 1)
    shoko.finish_jobs()
    shoko.file_appears("/mnt/anime/Lycoris Recoil/Season 1/copy.mkv", 5, file_id=900)
    shoko.finish_jobs()
    shoko.files[900].size = "five"  # type: ignore[assignment]
    client = connect(shoko)
    read = await client.lookup([("/tv/Lycoris Recoil/Season 1/copy.mkv", None), *PATHS])
    assert [len(one.hits) for one in read.lookups] == [0, 1]
    assert client.meter.skipped == 3, "once for each tail that finds it"


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
async def test_the_key_is_never_in_a_url_nor_in_a_log(
    both: Both, release: ShokoRelease, caplog: pytest.LogCaptureFixture
) -> None:
    serve, connect = both
    shoko = serve(release)
    client = connect(shoko)
    with caplog.at_level(logging.DEBUG):
        for name, call in CALLS.items():
            if name != "queue_items" or release is not V4_2:
                await call(client)
    assert not any("CANARY" in call.query or "apikey" in call.query.lower() for call in shoko.calls)
    assert KEY not in caplog.text
    assert "CANARY" not in repr(vars(client))


async def test_a_redirect_carries_no_key_elsewhere(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    shoko.fault = Fault.REDIRECT
    with pytest.raises(WrongService, match="redirect"):
        await connect(shoko).folders()
    assert len(shoko.calls) == 1

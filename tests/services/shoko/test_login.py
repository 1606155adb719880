"""User name and password instead of a key: one login, and none after a refusal until it is asked for."""

import asyncio
from typing import Any

import pytest

from tests.services.shoko.conftest import PASSWORD, Both, calls
from tracker_tui.config.settings import Secret
from tracker_tui.services.errors import LoginRefused, Starting, Unauthorized
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.shoko.records import RELEASES, V5_2, ShokoRelease

LOGIN = "POST /api/auth"


def with_password(password: str = PASSWORD) -> dict[str, Any]:
    return {"api_key": None, "username": "admin", "password": Secret(password)}


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
async def test_it_logs_in_once_before_the_first_call_that_needs_it(both: Both, release: ShokoRelease) -> None:
    serve, connect = both
    shoko = serve(release)
    client = connect(shoko, **with_password())
    await client.identify()
    await client.state()
    await client.folders()
    await client.lookup([(f"/a/b/{number}.mkv", 1) for number in range(5)])
    assert calls(shoko).count(LOGIN) == 1
    assert PASSWORD not in repr(vars(client)) + str(shoko.calls)


async def test_the_same_device_gets_the_same_key(both: Both) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    for _ in range(2):
        await connect(shoko, **with_password()).folders()
    assert len(shoko.keys) == 2, "the given one and ours"
    assert shoko._key_of("admin", "tracker_tui") in shoko.keys
    assert len(shoko.keys) == 2, "ours is the one of the device tracker_tui"


async def test_a_refused_login_is_not_repeated_by_itself(both: Both) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    client = connect(shoko, **with_password("CANARY-wrong"))
    for _ in range(3):
        with pytest.raises(LoginRefused) as caught:
            await client.folders()
    with pytest.raises(LoginRefused):
        await client.identify()
    assert calls(shoko).count(LOGIN) == 1
    assert "CANARY" not in repr(caught.value.as_failure())
    shoko.users["admin"].password = "CANARY-wrong"
    client.retry_login()
    assert (await client.folders()).folders
    assert calls(shoko).count(LOGIN) == 2


@pytest.mark.parametrize(
    ("fault", "state"), [(None, "Starting"), (Fault.STATUS_503, "Started")], ids=["starting", "a proxy's 503"]
)
async def test_a_login_that_could_not_be_tried_is_tried_again(both: Both, fault: Fault | None, state: str) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    client = connect(shoko, **with_password())
    shoko.fault, shoko.state = fault, state
    with pytest.raises(Starting):
        await client.folders()
    shoko.fault, shoko.state = None, "Started"
    assert (await client.folders()).folders


async def test_a_revoked_key_is_replaced_by_one_login_whatever_is_under_way(both: Both) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    client = connect(shoko, **with_password())
    await client.folders()
    for logins in (2, 3):
        shoko.revoke_keys()
        await asyncio.gather(*(client.folders() for _ in range(4)))
        assert calls(shoko).count(LOGIN) == logins


async def test_a_password_that_is_wrong_by_now_is_tried_once(both: Both) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    client = connect(shoko, **with_password())
    await client.folders()
    shoko.revoke_keys()
    shoko.users["admin"].password = "CANARY-other"
    told = await asyncio.gather(*(client.folders() for _ in range(4)), return_exceptions=True)
    assert [type(one) for one in told] == [LoginRefused] * 4
    with pytest.raises(LoginRefused):
        await client.folders()
    assert calls(shoko).count(LOGIN) == 2


async def test_a_key_that_is_refused_fresh_is_not_asked_for_again_at_once(both: Both) -> None:
    """A proxy takes it away: another login would change nothing."""
    serve, connect = both
    shoko = serve(V5_2)
    shoko.faults = {"/api/v3/": Fault.STATUS_401}
    client = connect(shoko, **with_password())
    with pytest.raises(Unauthorized, match="login was refused"):
        await client.folders()
    assert calls(shoko).count(LOGIN) == 1


async def test_closing_forgets_the_key(both: Both) -> None:
    serve, connect = both
    shoko = serve(V5_2)
    client = connect(shoko, **with_password())
    await client.folders()
    await client.aclose()
    await client.folders()
    assert calls(shoko).count(LOGIN) == 2

"""The services themselves: G1, G2, G6, strangers, starts; several of a kind."""

from typing import Any

import pytest

from tests.diagnose.given import House
from tests.reconcile.given import JELLYFIN, QBIT, RADARR, SEERR, SHOKO, SONARR, SONARR_4K, at
from tests.reconcile.test_resilience import downloading_lycoris
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import CallFailed, Observation, QueueRead
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import clean


def failing(house: House, ref: InstanceRef, status: ServiceStatus, **more: Any) -> None:
    """Let one exchange fail, in words of its own."""
    facts: dict[str, Any] = {"message": clean("Connection refused")}
    payload = CallFailed(status=status, **facts | more)
    for reconciler in (house.reconciler, house.twin):
        reconciler.absorb(Observation(ref=ref, at=house.now, payload=payload))


def test_g1_a_service_that_dies_is_said_once_with_its_last_answer() -> None:
    house = House()
    downloading_lycoris(house)
    house.tick()
    failing(house, SONARR, ServiceStatus.UNREACHABLE)
    house.wait(0)
    assert house.problems() == [], "one failure is normal life"
    house.down[SONARR] = ServiceStatus.UNREACHABLE
    for _ in range(30):
        house.tick()
    problem = house.problem("SERVICE_DOWN")
    assert problem.diagnosis.attention is Attention.ERROR
    assert problem.diagnosis.message == "Sonarr does not answer (no answer); last answer 90 s ago"
    assert (problem.kind, problem.name) == ("sonarr", "sonarr")
    row = house.verdict()
    assert row.state is State.DOWNLOADING
    assert Flag.STALE in row.flags
    assert house.codes() == []


def test_g1_the_age_moves_in_steps() -> None:
    house = House()
    house.tick()
    house.down[SONARR] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    seen = []
    for _ in range(60):
        house.wait(10)
        seen.append(house.problem("SERVICE_DOWN").diagnosis.message.rpartition("; ")[2])
    assert list(dict.fromkeys(seen)) == [
        "last answer under 30 s ago", "last answer 30 s ago", "last answer 60 s ago", "last answer 90 s ago",
        "last answer 2 min ago", "last answer 5 min ago", "last answer 10 min ago",
    ]  # fmt: skip


def test_a_service_that_never_answered() -> None:
    house = House()
    house.down[RADARR] = ServiceStatus.UNREACHABLE
    house.tick()
    assert house.problem("SERVICE_DOWN").diagnosis.message == "Radarr does not answer (no answer); no answer so far"


def test_who_was_not_asked_yet_is_not_down() -> None:
    house = House()
    house.silent = {SONARR, RADARR, QBIT, SHOKO, JELLYFIN, SEERR}
    assert house.wait(10).problems() == []


def test_g2_a_refused_login() -> None:
    house = House()
    downloading_lycoris(house)
    house.tick()
    house.down[QBIT] = ServiceStatus.UNAUTHORIZED
    house.tick()
    problem = house.problem("AUTH_FAILED")
    assert problem.diagnosis.attention is Attention.ERROR
    assert problem.diagnosis.message == "qBittorrent refuses the login: no answer"
    step = problem.diagnosis.next_step or ""
    assert "user name and password" in step
    assert "press r" in step
    assert house.verdict().state is State.DOWNLOADING
    assert "TORRENT_GONE" not in house.codes()


def test_the_clients_own_advice_comes_first() -> None:
    house = House()
    house.tick()
    for _ in range(2):
        failing(house, JELLYFIN, ServiceStatus.UNAUTHORIZED, fix=clean("make a new key in Jellyfin → API Keys"))
    house.wait(1)
    assert house.problem("AUTH_FAILED").diagnosis.next_step == "make a new key in Jellyfin → API Keys"


@pytest.mark.parametrize("wrong", [True, False])
def test_somebody_else_answers(wrong: bool) -> None:
    house = House()
    house.tick()
    for _ in range(2):
        failing(
            house, SONARR, ServiceStatus.ERROR, message=clean("Radarr answers at this address, not Sonarr"),
            wrong_service=wrong,
        )  # fmt: skip
    house.wait(1)
    assert house.problems() == (["WRONG_SERVICE"] if wrong else ["SERVICE_DOWN"])
    if wrong:
        message = house.problem("WRONG_SERVICE").diagnosis.message
        assert message.endswith("Radarr answers at this address, not Sonarr")


def test_a_start_is_a_wait_that_ends() -> None:
    house = House()
    house.down[SHOKO] = ServiceStatus.STARTING
    house.tick()
    assert house.problem("SERVICE_STARTING").diagnosis.attention is Attention.WAIT
    assert house.judged is not None
    assert house.judged.next_at == at("12:10:03")
    house.wait(10 * 60)
    assert house.problem("SERVICE_STARTING").diagnosis.attention is Attention.WARN


def test_two_instances_are_told_apart() -> None:
    house = House(SONARR_4K)
    house.down[SONARR_4K] = ServiceStatus.UNREACHABLE
    house.tick()
    problem = house.problem("SERVICE_DOWN")
    assert problem.name == "sonarr-4k"
    assert problem.diagnosis.message.startswith("Sonarr (sonarr-4k) does not answer")


def clocks(house: House, offsets: dict[InstanceRef, int]) -> None:
    for ref, offset in offsets.items():
        answer = Observation(ref=ref, at=house.now, payload=QueueRead(records=()), clock_offset_s=offset)
        for reconciler in (house.reconciler, house.twin):
            reconciler.absorb(answer)
    house.wait(1)


def test_g6_clocks_that_disagree() -> None:
    house = House()
    house.tick()
    clocks(house, {SEERR: 300, SONARR: 300, JELLYFIN: 300, RADARR: 720})
    problem = house.problem("CLOCK_SKEW")
    assert problem.kind == "radarr"
    assert problem.diagnosis.attention is Attention.WARN
    assert problem.diagnosis.message == "The clock of Radarr is +7 min off; this computer's clock is −5 min off"


@pytest.mark.parametrize(
    "offsets",
    [{SONARR: 0, RADARR: 59}, {SONARR: 300, RADARR: 300, SEERR: 301}, {SONARR: 4000}],
    ids=["within a minute", "only this computer differs", "one clock is no majority"],
)
def test_g6_no_skew(offsets: dict[InstanceRef, int]) -> None:
    house = House()
    house.tick()
    clocks(house, offsets)
    assert house.problems() == []

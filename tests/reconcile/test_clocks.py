"""Clocks that disagree, and secrets that stay where they are (G6, G9)."""

from datetime import timedelta

import pytest

from tests.reconcile.given import (
    JELLYFIN,
    NOON,
    QBIT,
    RADARR,
    SEERR,
    SHOKO,
    SONARR,
    House,
    at,
    episodes,
    request,
    torrent,
)
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import ScheduledTask
from tracker_tui.model.observation import HistoryRead, Observation
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.reconcile.facts.clocks import Clocks, moved
from tracker_tui.reconcile.memory import ClockMemory
from tracker_tui.reconcile.unit import look

FILM_ID = "seerr:seerr:71"
LOCAL_BEHIND = 5 * 60
"""The local clock says 11:55 at noon."""


def skewed_house(radarr_ahead_s: int = 7 * 60) -> House:
    house = House()
    house.offsets = dict.fromkeys((SEERR, SONARR, JELLYFIN), LOCAL_BEHIND) | {RADARR: LOCAL_BEHIND + radarr_ahead_s}
    house.requests = [
        request(71, movie=True, tmdb_id=700060, created_at=at("11:57"), updated_at=at("11:57")),
        request(72, tmdb_id=2, tvdb_id=2, seasons=(1,), created_at=at("11:57"), updated_at=at("11:57")),
    ]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("12:04"))
    house.radarr.event("grabbed", at("12:05"), movie_id=60, download_id="HA")
    house.download(torrent("ha", progress=0.1, category="radarr", added_at=at("11:58:10")))
    aired = episodes(40, 1, [1], first_id=1, aired=at("11:58"))
    house.sonarr.add_series(40, "Station Nine", aired, tvdb_id=2)
    return house


def grabs(house: House) -> list[tuple[str, object]]:
    return [(one.text, one.at) for one in house.row(FILM_ID).timeline if one.text.startswith("Grabbed")]


def test_g6_a_grab_is_told_in_the_common_time() -> None:
    house = skewed_house()
    house.tick(0)
    assert house.row(FILM_ID).state is State.DOWNLOADING
    assert grabs(house) == [("Grabbed the film", at("11:58"))], "two minutes ago, not in five"
    assert all(entry.at <= NOON for row in house.rows.values() for entry in row.timeline)
    assert house.row(FILM_ID).since == at("11:58")
    assert house.states("seerr:seerr:72") == [State.PENDING], "it has aired, whatever the local clock says"
    assert house.last is not None
    assert house.last.surroundings.clock_offsets[RADARR] == LOCAL_BEHIND + 7 * 60


def test_a_local_clock_that_is_set_makes_no_server_run_ahead() -> None:
    house = skewed_house()
    house.tick(0)
    before, clocks = grabs(house), house.common.clocks
    set_back = LOCAL_BEHIND - 7200
    house.offsets = dict.fromkeys((SEERR, SONARR, JELLYFIN), set_back) | {RADARR: set_back + 7 * 60}
    house.silent = {SEERR, SONARR, JELLYFIN}
    assert grabs(house.tick()) == before, "only Radarr has answered since"
    house.silent = set()
    assert grabs(house.tick()) == before
    assert house.common.clocks == clocks


def test_g6_an_event_keeps_its_time_when_the_skew_drifts_and_after_a_restart() -> None:
    house = skewed_house()
    house.tick(0)
    for drift in (1, 20, -25, 31):
        house.offsets[RADARR] = LOCAL_BEHIND + 7 * 60 + drift
        house.tick()
        assert grabs(house) == [("Grabbed the film", at("11:58"))]
    again = House(memory=house.memory(), now=house.now)
    again.requests, again.arrs, again.torrents = house.requests, house.arrs, house.torrents
    again.offsets = house.offsets
    again.tick()
    assert grabs(again) == [("Grabbed the film", at("11:58"))]
    assert again.common.clocks == (ClockMemory(instance="radarr:radarr", ahead_min=7),)


def test_g6_a_skew_that_is_learnt_late_moves_what_was_read_before() -> None:
    house = skewed_house()
    offsets, house.offsets = house.offsets, {}
    house.radarr.history.clear()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:58"))
    house.radarr.event("grabbed", at("11:59"), movie_id=60, download_id="HA")
    house.tick(0)
    assert house.cases[FILM_ID].units[0].history[0].at == at("11:59")
    house.offsets = offsets
    house.tick()
    assert house.cases[FILM_ID].units[0].history[0].at == at("11:52")


def test_g6_evidence_that_seems_to_precede_the_request_counts() -> None:
    house = skewed_house(radarr_ahead_s=-7 * 60)
    house.radarr.history.clear()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:50"))
    house.radarr.event("grabbed", at("11:51"), movie_id=60, download_id="HA")
    house.tick(0)
    assert house.row(FILM_ID).state is State.DOWNLOADING
    assert grabs(house) == [("Grabbed the film", at("11:58"))]


SKEWS: dict[str, tuple[dict[InstanceRef, int], dict[InstanceRef, int]]] = {
    "one alone is right": ({SONARR: 300}, {}),
    "a minute is no skew": ({SONARR: 0, RADARR: 60, SHOKO: 0}, {}),
    "more is": ({SONARR: 0, RADARR: 61, SHOKO: 0}, {RADARR: 1}),
    "behind": ({SONARR: 0, RADARR: -600, SHOKO: 0}, {RADARR: -10}),
    "the local clock is wrong for all": ({SONARR: 300, RADARR: 301, SHOKO: 299}, {}),
}


@pytest.mark.parametrize(("offsets", "expected"), SKEWS.values(), ids=SKEWS)
def test_which_clocks_are_wrong(offsets: dict[InstanceRef, int], expected: dict[InstanceRef, int]) -> None:
    clocks = Clocks(())
    changed = clocks.settle(offsets)
    assert changed == {ref: timedelta(minutes=minutes) for ref, minutes in expected.items()}
    assert clocks.settle(offsets) == {}
    assert {one.instance: one.ahead_min for one in clocks.memory()} == {str(ref): m for ref, m in expected.items()}


def test_a_corrected_clock_needs_no_correction() -> None:
    clocks = Clocks((ClockMemory(instance=str(RADARR), ahead_min=7),))
    assert clocks.settle({SONARR: 0, RADARR: 0, QBIT: 0}) == {RADARR: timedelta(minutes=-7)}
    assert clocks.memory() == ()


def test_only_times_of_the_clock_move() -> None:
    (part,) = episodes(40, 1, [1], first_id=1, aired=NOON, last_search_at=NOON)
    shifted = moved({1: {1: part}}, timedelta(minutes=7))[1][1]
    assert (shifted.air_at, shifted.last_search_at) == (NOON, at("11:53"))
    task = ScheduledTask(id="t", key=clean("RefreshLibrary"), last_ended_at=NOON)
    assert moved((task,), timedelta(minutes=7))[0].last_ended_at == at("11:53")
    assert moved(task, timedelta()) is task
    answer = HistoryRead(records=(), since=NOON)
    assert moved(answer, timedelta(minutes=7)) == answer


# --- G9 --------------------------------------------------------------------------------------------------------------


def test_g9_the_text_of_a_defect_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("GET http://sonarr/api?apikey=0123456789abcdef failed")

    house = skewed_house()
    house.tolerates_defects = True
    monkeypatch.setattr(look.Look, "film", broken)
    for ref, payload in house.answers():
        house.reconciler.absorb(Observation(ref=ref, at=house.now, payload=payload))
    step = house.reconciler.advance(house.now)
    assert [one.id for one in step.broken] == [FILM_ID]
    assert "apikey" not in repr(step)
    assert "0123456789abcdef" not in repr(step)

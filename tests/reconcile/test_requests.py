"""Scenarios C: approval, search, media that is already there; which requests exist at all."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.reconcile.given import (
    RADARR,
    SEERR,
    House,
    at,
    episodes,
    item,
    request,
    torrent,
)
from tracker_tui.model.seerr import SeerrTitle
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import clean

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def test_c1_a_request_waits_for_approval() -> None:
    house = House()
    house.requests = [request(71, status=1, media_status=2, requested_by=clean("mia"), **FILM)]
    house.titles = [SeerrTitle(tmdb_id=700060, is_movie=True, title=clean("Harbor Lights"))]
    house.tick()
    assert house.row().state is State.REQUESTED
    assert house.row().title == "Harbor Lights"
    assert house.summary() == "Requested by mia · waiting for approval · 3 h"
    assert house.row().attention is Attention.WAIT
    assert house.wait(6 * 3600).row().attention is Attention.WAIT, "never flagged as stuck"


def test_c2_a_declined_request_is_over() -> None:
    house = House()
    house.requests = [request(71, status=3, modified_by=clean("adept"), updated_at=at("11:00"), **FILM)]
    house.tick()
    assert house.row().state is State.DECLINED
    assert house.summary() == "Declined by adept"
    assert house.row().attention is Attention.NONE
    assert house.world().counts.in_progress == 0
    assert [entry.text for entry in house.row().timeline] == ["Requested by adept", "Declined by adept"]


def test_a_declined_request_leaves_the_list_after_two_weeks() -> None:
    house = House()
    house.requests = [request(71, status=3, updated_at=at("11:00"), **FILM)]
    assert house.tick().rows
    house.now += timedelta(days=15)
    assert not house.tick().rows
    assert house.memories["seerr:seerr:71"].state is State.DECLINED


def test_c3_approved_and_not_in_radarr() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:59"), **FILM)]
    for seconds in (3, 20, 360):
        house.tick(seconds)
        assert house.row().state is State.APPROVED
        assert house.summary() == "Approved · waiting for Radarr to add it"
        assert house.cases["seerr:seerr:71"].entry_known is False
    (sought,) = house.reconciler.interest().sought
    assert (sought.ref, sought.tmdb_id) == (RADARR, 700060)


def test_c11_media_that_is_already_there_is_ready_at_once() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:59:55"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("1T00:00") - timedelta(days=200))
    house.radarr.place_movie(60, PATH, added=at("1T00:00") - timedelta(days=200))
    house.items = [item("m", "Movie", "/media/other/hl.mkv", tmdb_id="700060")]
    house.tick()
    assert house.row().state is State.AVAILABLE
    assert house.summary() == "Ready · was already in the library"
    assert [entry.text for entry in house.row().timeline] == ["Requested by adept"]
    assert house.tick().summary() == "Ready · was already in the library"


def test_c12_a_new_season_of_a_known_show_is_not_ready() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(2,))]
    parts = episodes(40, 1, range(1, 7), first_id=4001) + episodes(40, 2, range(1, 7), first_id=4101)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)
    house.sonarr.place(40, range(1, 7), "/data/tv/Station Nine/Season 1", added=at("1T00:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 7)
    ]
    house.tick()
    assert house.states(season=2) == [State.PENDING] * 6
    assert house.row().state is State.APPROVED
    assert house.summary() == "Searching for 6 episodes"
    assert house.row().total == 6


def test_c14_partly_available() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1, 2), media_status=4)]
    parts = episodes(40, 1, range(1, 13), first_id=4001) + episodes(40, 2, range(1, 13), first_id=4101)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)
    house.sonarr.place(40, range(1, 13), "/data/tv/Station Nine/Season 1", added=at("10:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 13)
    ]
    house.tick()
    assert house.row().state is State.APPROVED
    assert house.row().partial
    assert house.summary() == "12/24 ready · 12 searching"
    assert [season.state for season in house.row().seasons] == [State.AVAILABLE, State.PENDING]


def test_c15_seerr_saying_available_makes_nothing_available() -> None:
    house = House()
    house.requests = [request(71, media_status=5, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH, added=at("11:57"))
    house.tick()
    assert house.row().state is State.IMPORTING
    assert house.summary() == "Imported · waiting for Jellyfin"
    assert house.row().attention is Attention.WAIT


@pytest.mark.parametrize(
    ("status", "media_status", "age_days", "listed"),
    [(5, 5, 20, False), (2, 5, 20, False), (5, 5, 3, True), (2, 3, 300, True), (1, 2, 300, True)],
    ids=["completed long ago", "available long ago", "completed lately", "still wanted", "still waiting"],
)
def test_which_seerr_requests_are_listed(status: int, media_status: int, age_days: int, listed: bool) -> None:
    house = House()
    asked = at("09:00") - timedelta(days=age_days)
    house.requests = [request(71, status=status, media_status=media_status, created_at=asked, updated_at=asked, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=asked)
    if media_status == 5:
        house.radarr.place_movie(60, PATH, added=asked)
        house.items = [item("m", "Movie", PATH, tmdb_id="700060")]
    assert bool(house.tick().rows) is listed


def test_an_upgrade_brings_a_settled_request_back() -> None:
    house = House()
    asked = at("09:00") - timedelta(days=60)
    house.requests = [request(71, status=5, media_status=5, created_at=asked, updated_at=asked, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=asked)
    house.radarr.place_movie(60, PATH, added=asked)
    house.items = [item("m", "Movie", PATH, tmdb_id="700060")]
    assert not house.tick().rows
    house.radarr.event("grabbed", house.now, movie_id=60, download_id="HU")
    house.download(torrent("hu", progress=0.3, category="radarr"))
    assert house.tick().row().state is State.AVAILABLE
    assert house.summary() == "Ready · upgrading 1 (30 %)"


def test_movement_in_a_season_nobody_requested_is_a_request_of_its_own() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    parts = episodes(40, 1, range(1, 7), first_id=4001) + episodes(40, 2, range(1, 7), first_id=4101)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040, added_at=at("1T00:00"))
    house.sonarr.grab(40, [4101], "h2", at("11:00"))
    house.download(torrent("h2", progress=0.5))
    house.tick()
    assert sorted(house.rows) == ["seerr:seerr:75", "sonarr:sonarr:40"]
    assert house.row("seerr:seerr:75").seasons_requested == (1,)
    assert house.row("sonarr:sonarr:40").seasons_requested == (2,)
    assert house.row("seerr:seerr:75").state is State.APPROVED
    assert house.row("sonarr:sonarr:40").state is State.DOWNLOADING


def test_two_requests_share_a_series_by_season() -> None:
    house = House()
    house.requests = [
        request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,)),
        request(76, tmdb_id=800040, tvdb_id=900040, seasons=(2,)),
    ]
    parts = episodes(40, 1, range(1, 7), first_id=4001) + episodes(40, 2, range(1, 5), first_id=4101)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)
    house.sonarr.grab(40, range(4101, 4105), "h2", at("11:00"))
    house.download(torrent("h2", progress=0.5))
    house.tick()
    assert house.row("seerr:seerr:75").total == 6
    assert house.row("seerr:seerr:75").state is State.APPROVED
    assert house.row("seerr:seerr:76").total == 4
    assert house.row("seerr:seerr:76").state is State.DOWNLOADING


def test_a_request_deleted_in_seerr_is_removed_after_a_second_look() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    assert house.tick().row().state is State.APPROVED
    house.requests = []
    assert house.tick().row().state is State.APPROVED
    assert house.tick(61).row().state is State.REMOVED
    assert house.summary() == "Removed from Seerr at 12:00"


def test_a_seerr_without_any_request_is_not_believed() -> None:
    house = House()
    house.requests = [request(71, **FILM), request(72, movie=True, tmdb_id=5), request(73, movie=True, tmdb_id=6)]
    house.tick()
    house.requests = []
    for _ in range(4):
        house.tick(61)
        assert house.row("seerr:seerr:71").state is State.APPROVED
        assert Flag.DOUBTFUL in house.row("seerr:seerr:71").flags
    house.requests = [request(71, **FILM)]
    house.tick(61)
    assert house.row("seerr:seerr:71").flags == ()
    house.tick(61)
    house.tick(61)
    assert house.row("seerr:seerr:72").state is State.REMOVED, "it answers with something again"


def test_a_silent_seerr_removes_nothing() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.tick()
    house.down[SEERR] = ServiceStatus.UNREACHABLE
    for _ in range(5):
        assert house.tick(61).row().state is State.APPROVED


def test_the_title_falls_back_to_what_is_known() -> None:
    house = House()
    house.requests = [request(71, slug=clean("harbor-lights"), **FILM), request(72, movie=True, tmdb_id=5)]
    house.tick()
    assert house.row("seerr:seerr:71").title == "Harbor Lights"
    assert house.row("seerr:seerr:72").title == "TMDB 5"
    wanted = {title.tmdb_id for title in house.reconciler.interest().titles}
    assert wanted == {700060, 5}


def test_approval_is_told_with_the_time_seerr_knows() -> None:
    house = House()
    waiting = request(71, status=1, **FILM)
    house.requests = [waiting]
    house.tick()
    house.requests = [msgspec.structs.replace(waiting, status=2, updated_at=at("11:59:30"), modified_by=clean("adept"))]
    house.tick()
    assert [(entry.at, entry.text) for entry in house.row().timeline] == [
        (at("09:00"), "Requested by adept"),
        (at("11:59:30"), "Approved by adept"),
    ]


def test_what_a_seerr_request_covers_leaves_no_document_of_its_own_behind() -> None:
    house = House()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:00"))
    house.down[SEERR] = ServiceStatus.UNREACHABLE
    house.tick()
    assert list(house.rows) == list(house.memories) == ["radarr:radarr:60"]
    house.down.clear()
    house.requests = [request(71, movie=True, tmdb_id=700060)]
    house.tick()
    assert list(house.rows) == list(house.memories) == ["seerr:seerr:71"]
    after = House(memory=house.memory(), now=house.now)
    after.requests, after.arrs = house.requests, house.arrs
    assert list(after.tick().rows) == ["seerr:seerr:71"]

"""From request to ready: each station of films, series and anime (A1 to A5, C1, C2, C11)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endtoend.stage import Stage
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.household.resting import rest
from tracker_tui.simulate.household.titles import Show, pack
from tracker_tui.simulate.story.titles import (
    GARDEN_OF_WORDS,
    GARDEN_RELEASE,
    HARBOR_LIGHTS,
    HARBOR_LIGHTS_RELEASE,
    LYCORIS_PACK,
    LYCORIS_RECOIL,
)

STATION_NINE = Show("Station Nine", 2025, 900040, 800040, 40, 4001, {1: 6})
STATION_PACK = pack("Station.Nine.S01.1080p-ORBIT", "Station.Nine.S01E{}.1080p-ORBIT", 6, 9_019_431_322)


async def test_a1_a_series_from_request_to_ready(stage: Stage) -> None:
    home = stage.household
    stage.at("11:30")
    home.request(STATION_NINE, by="adept")
    seen = [await stage.look()]
    home.approve(STATION_NINE)
    seen.append(await stage.look())
    home.arr_adds(STATION_NINE)
    home.search(STATION_NINE, takes_s=60)
    seen.append(await stage.look())
    assert seen[-1].summary() == "Searching for 6 episodes"
    assert seen[-1].states() == ["PENDING"] * 6
    home.qbittorrent.set_queueing(0)
    home.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers())
    stage.passes(6, 2)
    seen.append(await stage.look())
    assert seen[-1].summary() == "Season pack grabbed · 6/6"
    assert seen[-1].states() == ["GRABBING"] * 6
    home.qbittorrent.set_queueing(None)
    home.flow(STATION_PACK, 0.0, 13_002_342)
    stage.passes(30)
    home.qbittorrent.set_file_progress(STATION_PACK.hash, dict.fromkeys(range(6), 0.42))
    seen.append(await stage.look())
    assert seen[-1].states() == ["DOWNLOADING"] * 6
    assert re.fullmatch(
        r"Downloading · 0/6 ready · 42(\.\d)? % of 8\.4 GB · 1\d(\.\d)? MB/s · ETA \d+m( \d+s)?", seen[-1].summary()
    )
    home.flow(STATION_PACK, 1.0, 0)
    home.tick()
    seen.append(await stage.look())
    stage.until(lambda: home.sonarr.download(STATION_PACK.hash).tracked_state == "importing")
    home.sonarr.client_refresh()
    seen.append(await stage.look())
    assert seen[-1].states() == ["IMPORTING"] * 6
    stage.until(lambda: len(home.sonarr.series[40].files) == 6)
    seen.append(await stage.look())
    assert seen[-1].summary() == "Imported 6/6 · waiting for Jellyfin"
    stage.passes(90)
    seen.append(await stage.look())
    assert seen[-1].summary() == "Ready · 6/6"
    assert [look.state() for look in seen] == [
        *("REQUESTED", "APPROVED", "APPROVED", "GRABBING", "DOWNLOADING", "DOWNLOADED", "IMPORTING", "IMPORTING"),
        "AVAILABLE",
    ]
    assert all(look.row()["attention"] in {"none", "info", "wait"} for look in seen)
    assert {look.code for look in seen} == {0}


async def test_a2_a_film_from_request_to_ready(stage: Stage) -> None:
    home = stage.household
    stage.at("11:30")
    stage.asked(HARBOR_LIGHTS)
    seen = [await stage.look()]
    home.grab(HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE, progress=0.084, speed=1 << 20)
    stage.passes(6, 2)
    seen.append(await stage.look())
    assert seen[-1].summary().startswith("Downloading · 8.")
    assert "WEBDL-1080p" in seen[-1].summary()
    assert seen[-1].row()["torrents"] == [HARBOR_LIGHTS_RELEASE.hash]
    home.flow(HARBOR_LIGHTS_RELEASE, 1.0, 0)
    home.tick()
    seen.append(await stage.look())
    stage.until(lambda: home.radarr.movies[60].file is not None)
    seen.append(await stage.look())
    stage.passes(90)
    seen.append(await stage.look())
    assert seen[-1].summary() == "Ready"
    assert [look.state() for look in seen] == ["APPROVED", "DOWNLOADING", "DOWNLOADED", "IMPORTING", "AVAILABLE"]
    assert all(look.row()["attention"] in {"none", "info", "wait"} for look in seen)


async def test_a3_an_anime_season_through_shoko(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(LYCORIS_RECOIL)
    home.grab(LYCORIS_RECOIL, LYCORIS_PACK, LYCORIS_RECOIL.numbers(), progress=0.55, speed=1 << 20)
    home.qbittorrent.set_file_progress(LYCORIS_PACK.hash, dict.fromkeys(range(13), 0.55))
    first = await stage.look()
    assert (first.state(), first.states()) == ("DOWNLOADING", ["DOWNLOADING"] * 13)
    home.shoko.paused = True
    home.flow(LYCORIS_PACK, 1.0, 0)
    stage.until(lambda: len(home.sonarr.series[23].files) == 5)
    home.sonarr.client_refresh()
    part = await stage.look()
    assert part.states() == ["ANIME_MATCHING"] * 5 + ["IMPORTING"] * 8
    assert part.state() == "IMPORTING"
    stage.until(lambda: len(home.sonarr.series[23].files) == 13)
    hashing = await stage.look()
    assert hashing.states() == ["ANIME_MATCHING"] * 13
    assert "0/13 ready" in hashing.summary()
    home.shokofin.drops_events = True
    home.shoko.paused = False
    home.shoko.finish_jobs()
    matched = await stage.look()
    assert matched.states() == ["ANIME_MATCHING"] * 13
    assert matched.summary() == "Matched 13/13 · waiting for Jellyfin"
    assert matched.row()["attention"] == "wait"
    stage.scanned()
    ready = await stage.look()
    assert (ready.state(), ready.summary()) == ("AVAILABLE", "Ready · 13/13")
    assert ready.row()["ids"]["shoko_series"] == [12]


async def test_a4_an_anime_film_that_shoko_stores_as_a_series(stage: Stage) -> None:
    stage.at("11:50")
    stage.asked(GARDEN_OF_WORDS)
    stage.on_the_shelf(GARDEN_OF_WORDS, GARDEN_RELEASE)
    look = await stage.look()
    assert (look.state(), look.summary()) == ("AVAILABLE", "Ready")
    assert len(look.row()["ids"]["jellyfin"]) == 1
    assert look.code == 0


async def test_a3_an_anime_season_that_was_ready_long_before_the_first_start(stage: Stage) -> None:
    stage.at("09:30")
    stage.asked(LYCORIS_RECOIL)
    stage.on_the_shelf(LYCORIS_RECOIL, LYCORIS_PACK)
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.states()) == ("AVAILABLE", ["AVAILABLE"] * 13)
    assert look.summary() == "Ready · 13/13", "its series in Jellyfin carries Shoko's id only"


@pytest.fixture
def without_seerr(tmp_path: Path) -> Iterator[Stage]:
    found = Stage(tmp_path, without={Kind.SEERR})
    yield found
    found.close()


async def test_a5_without_seerr_only_what_moves_is_listed(without_seerr: Stage) -> None:
    stage = without_seerr
    rest(stage.household, movies=400, series=0)
    stage.at("11:50")
    stage.asked(HARBOR_LIGHTS)
    stage.asked(STATION_NINE)
    stage.household.grab(STATION_NINE, STATION_PACK, [(1, 1), (1, 2)], progress=0.1, speed=1 << 20)
    stage.passes(6, 2)
    look = await stage.look()
    assert {title: row["state"] for title, row in look.rows.items()} == {
        "Harbor Lights": "APPROVED",
        "Station Nine": "DOWNLOADING",
    }
    assert look.summary("Harbor Lights") == "Searching · added to Radarr today"
    assert look.status(Kind.SEERR) == "not_configured"
    assert {row["requested_by"] for row in look.rows.values()} == {None}
    assert look.code == 0


async def test_c1_waiting_for_approval(stage: Stage) -> None:
    stage.household.request(HARBOR_LIGHTS, by="mia")
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("REQUESTED", "Requested by mia · waiting for approval · 3 h")
    assert look.verdicts() == {"NEEDS_APPROVAL": "wait"}
    assert look.content["counts"] == {"in_progress": 1, "ready": 0, "attention": 0}


async def test_c2_declined(stage: Stage) -> None:
    stage.household.request(HARBOR_LIGHTS, by="mia")
    stage.household.decline(HARBOR_LIGHTS, by="adept")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("DECLINED", "Declined by adept")
    assert look.verdicts() == {}
    assert look.content["counts"] == {"in_progress": 0, "ready": 0, "attention": 0}
    assert look.code == 0


@pytest.mark.parametrize("late", [None, Kind.SEERR, Kind.RADARR, Kind.JELLYFIN])
async def test_c11_already_in_the_library(stage: Stage, late: Kind | None) -> None:
    """In whatever order the services answer."""
    home = stage.household
    if late is not None:
        home.services[late].latency_s = 0.3
    home.add_movie(HARBOR_LIGHTS)
    home.radarr.find_file(60, f"{HARBOR_LIGHTS.folder}/Harbor Lights.mkv")
    home.jellyfin.file_added("/media/movies/Harbor Lights (2024)/Harbor Lights.mkv")
    home.jellyfin.finish_scan()
    stage.at("11:59:55")
    stage.asked(HARBOR_LIGHTS)
    look = await stage.look()
    assert (look.state(), look.summary()) == ("AVAILABLE", "Ready · was already in the library")
    assert look.verdicts() == {}
    assert not {"GRABBING", "DOWNLOADING", "DOWNLOADED"} & {one["state"] for one in look.row()["timeline"]}
    assert (await stage.look()).summary() == look.summary()

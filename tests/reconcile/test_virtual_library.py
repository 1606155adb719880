"""Scenarios F7 to F14: matched in Shoko, and what Jellyfin and Shokofin say about it not being there."""

from typing import Any

import msgspec
import pytest

from tests.reconcile.given import JELLYFIN, SHOKO, House, at, episodes, request, shoko_file
from tests.reconcile.test_gaps import vfs
from tests.reconcile.titles import FOLDER, LR, known_to_shoko, lycoris
from tracker_tui.model.jellyfin import ShokofinConfig, ShokofinFolder, SignalRStatus
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.shoko import ShokoSeries
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean


def matched(house: House, since: str = "11:58", imported: str = "11:30") -> None:
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at(imported))
    known_to_shoko(house, matched=13, hashed=13)
    house.shoko_files = [msgspec.structs.replace(one, imported_at=at(since)) for one in house.shoko_files]


def view(house: House) -> Any:
    assert house.last is not None
    return house.last.surroundings.jellyfins[JELLYFIN]


UNMAPPED = {
    "no entry": ShokofinConfig(folders=()),
    "folder 0": ShokofinConfig(folders=(ShokofinFolder(library_id="lib-anime", folder_id=0, mapped=False),)),
    "forbidden": None,
}


@pytest.mark.parametrize("config", UNMAPPED.values(), ids=UNMAPPED)
def test_f7_a_library_without_mapping(config: ShokofinConfig | None) -> None:
    house = House()
    matched(house, "11:45")
    house.requests.append(request(76, tmdb_id=2, tvdb_id=2, seasons=(1,)))
    house.sonarr.add_series(24, "SNAFU", episodes(24, 1, [1], first_id=900), tvdb_id=2, root_folder="/data/anime/shows")
    house.sonarr.place(24, [1], "/data/anime/shows/SNAFU/Season 1", added=at("11:30"))
    snafu = shoko_file(500, "/data/anime/shows/SNAFU/Season 1/S01E01.mkv", series=14, imported_at=at("11:45"))
    house.shoko_files.append(snafu)
    house.shokofin = ShokofinRead(config=config)
    house.tick()
    assert house.states(LR) == [State.ANIME_MATCHING] * 13
    assert house.states("seerr:seerr:76") == [State.ANIME_MATCHING]
    assert house.summary(LR) == "Matched 13/13 · not in Jellyfin for 15 min"
    assert view(house).shokofin.config == config
    assert house.last is not None
    assert house.last.broken == ()


def test_what_shokofin_tells_late_leads_the_anime_of_the_house_another_way() -> None:
    house = House()
    matched(house, "11:45")
    house.libraries = [msgspec.structs.replace(one, uses_shoko=False) for one in house.libraries]
    house.tick()
    assert house.states(LR) == [State.IMPORTING] * 13, "no library is driven by Shokofin"
    house.shokofin = ShokofinRead(config=ShokofinConfig(folders=()))
    house.tick()
    assert house.states(LR) == [State.ANIME_MATCHING] * 13, "it is configured after all"


def test_f8_a_matched_film_that_jellyfin_lacks() -> None:
    house = House()
    path = "/data/anime/movies/Kaguya (2026)/Kaguya.mkv"
    house.requests = [request(75, movie=True, tmdb_id=1575337)]
    house.radarr.add_movie(63, "Cosmic Princess Kaguya!", tmdb_id=1575337, root_folder="/data/anime/movies")
    house.radarr.place_movie(63, path, added=at("11:00"))
    house.shoko_files = [shoko_file(220, path, series=32, imported_at=at("11:40"))]
    house.shoko_series = [ShokoSeries(id=32, name=clean("Chou Kaguya-hime"), anidb_id=19701, type=clean("Web"))]
    house.shokofin = ShokofinRead(config=ShokofinConfig(filter_movie_libraries=True))
    house.tick()
    assert house.row().state is State.ANIME_MATCHING
    assert house.summary() == "Matched · not in Jellyfin for 20 min"
    assert house.reconciler.interest().shoko_series == (32,)
    assert house.last is not None
    series = house.last.surroundings.shokos[SHOKO].series[32]
    assert series is not None
    assert (series.tmdb_movie_ids, series.type) == ((), "Web")
    assert view(house).shokofin.config.filter_movie_libraries


@pytest.mark.parametrize(
    "said",
    [
        ShokofinRead(signalr=SignalRStatus(usable=True, active=False, state=clean("Disconnected"))),
        ShokofinRead(signalr=None),
    ],
    ids=["disconnected", "not offered (404)"],
)
def test_f9_what_shokofin_says_of_its_connection(said: ShokofinRead) -> None:
    house = House()
    matched(house, "11:50:30")
    house.tick()
    house.shokofin = said
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matched 13/13 · waiting for Jellyfin"
    assert view(house).shokofin.signalr is said.signalr, "no answer stays no answer"
    assert LR in house.seen, "whoever waits for Jellyfin is looked at again"


def test_f12_a_running_scan_is_seen_by_those_who_wait_for_it() -> None:
    house = House()
    matched(house, imported="11:57")
    house.tick()
    house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=37.5)
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.row().attention is Attention.WAIT
    assert house.summary() == "Matched 13/13 · waiting for Jellyfin"
    assert LR in house.seen
    assert view(house).tasks[0].percent == 37.5
    assert house.reconciler.interest().moving == {JELLYFIN}
    assert JELLYFIN in house.reconciler.interest().moving


def test_f14_after_a_scan_everything_is_ready() -> None:
    house = House()
    matched(house, "11:40")
    house.tick()
    assert house.summary() == "Matched 13/13 · not in Jellyfin for 20 min"
    for percent in (10.0, 62.0):
        house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=percent)
        assert house.tick(60).states() == [State.ANIME_MATCHING] * 13
    house.task = msgspec.structs.replace(house.task, state=clean("Idle"), percent=None, last_ended_at=house.now)
    house.items = vfs(range(1, 14))
    house.tick(60)
    assert house.states() == [State.AVAILABLE] * 13
    assert house.summary() == "Ready · 13/13"
    assert house.row().timeline[-1].text == "13 episodes in Jellyfin"
    assert not house.reconciler.interest().moving


def test_what_is_matched_is_looked_at_again_when_it_is_late() -> None:
    house = House()
    matched(house, "11:55")
    house.tick(0)
    assert house.summary() == "Matched 13/13 · waiting for Jellyfin"
    assert house.next_at() == at("12:05")
    assert house.wait(5 * 60).summary() == "Matched 13/13 · not in Jellyfin for 10 min"

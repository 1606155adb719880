"""What a program that runs for months forgets, and what is to be expected of it: spans, overrides (SPEC 5)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.reconcile.given import (
    GB,
    JELLYFIN,
    MB,
    NOON,
    RADARR,
    SHOKO,
    House,
    at,
    item,
    request,
    shoko_file,
    torrent,
)
from tests.reconcile.test_downloads import grabbed_film
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.arr import HistoryKind, HistoryRecord
from tracker_tui.model.observation import HistoryRead, ShokoFilesRead, ShokoLookup
from tracker_tui.model.settings import PathMap
from tracker_tui.model.shoko import ShokoFolder
from tracker_tui.model.states import State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.shoko import ShokoFacts
from tracker_tui.reconcile.request.rollup import IMPORT_SPAN_S, MATCH_SPAN_S, SCAN_SPAN_S

# --- forgetting ------------------------------------------------------------------------------------------------------


def event(number: int, owner: int, days: int, key: str) -> HistoryRecord:
    when = NOON - timedelta(days=days)
    return HistoryRecord(
        id=number, kind=HistoryKind("grabbed"), at=when, movie_id=owner, download_id=clean(key.upper())
    )


def test_old_events_of_entries_that_nobody_looks_at_are_forgotten() -> None:
    arr = ArrFacts(RADARR, set())
    told = (event(1, 1, 20, "a"), event(2, 2, 20, "b"), event(3, 2, 5, "c"), event(4, 3, 20, "a"))
    arr.history_read(HistoryRead(records=told, since=at("1T00:00")), NOON)
    arr.history.prune({1}, NOON - timedelta(days=14))
    assert {owner: sorted(events) for owner, events in arr.history.records.items()} == {1: [1], 2: [3]}
    assert arr.history.entries_of_download == {"a": {1}, "c": {2}}


def test_files_that_no_request_reads_are_forgotten() -> None:
    shoko = ShokoFacts(SHOKO, set())
    kept = shoko_file(1, f"{FOLDER}/S01E01.mkv", series=12)
    gone = shoko_file(2, f"{FOLDER}/S01E02.mkv", series=12)
    half = shoko_file(3, f"{FOLDER}/S01E03 b.mkv", series=12, episode=77)
    for file, name in ((kept, "S01E01.mkv"), (gone, "S01E02.mkv"), (half, "S01E03 b.mkv")):
        lookup = ShokoLookup(tail=clean_path(f"/Season 1/{name}"), hits=(file,))
        shoko.files_read(ShokoFilesRead(lookups=(lookup,)), NOON)
    shoko.prune({"s01e01.mkv"}, {77}, {12}, {"sonarr:sonarr:23"})
    assert sorted(shoko.files) == [1, 3]
    assert shoko.asked_at(("season 1", "s01e01.mkv")) == NOON
    assert shoko.asked_at(("season 1", "s01e02.mkv")) is None


def test_a_sweep_changes_no_row() -> None:
    house = House()
    lycoris(house, 3)
    house.sonarr.place(23, range(1, 4), FOLDER, added=at("11:30"))
    known_to_shoko(house, matched=3, hashed=3, count=3)
    house.tick()
    before = house.states()
    for _ in range(4):
        assert house.wait(40 * 60).states() == before


# --- when it can be watched ------------------------------------------------------------------------------------------


def span(*spans: tuple[int, int]) -> tuple[int, int]:
    return sum(low for low, _ in spans), sum(high for _, high in spans)


WATCHABLE: dict[str, tuple[dict[str, Any], bool]] = {
    "downloading with an eta": ({"eta_s": 600, "speed_bytes_s": MB}, True),
    "no eta": ({"eta_s": None, "speed_bytes_s": MB}, False),
    "stalled": ({"state": "stalled", "eta_s": 600}, False),
    "complete": ({"state": "complete", "progress": 1.0}, False),
}


@pytest.mark.parametrize(("more", "known"), WATCHABLE.values(), ids=WATCHABLE)
def test_when_a_film_can_be_watched(more: dict[str, Any], known: bool) -> None:
    house = House()
    grabbed_film(house)
    facts: dict[str, Any] = {"state": "downloading", "progress": 0.4, "category": "radarr"}
    house.download(torrent("ha", **facts | more))
    house.tick()
    low, high = span((600, 600), IMPORT_SPAN_S, SCAN_SPAN_S)
    assert house.row().eta_watchable_s == ((low, high) if known else None)


def test_when_an_anime_pack_can_be_watched() -> None:
    house = House()
    lycoris(house, 3)
    house.sonarr.grab(23, range(739, 742), "hlr", at("10:00"))
    house.download(torrent("hlr", progress=0.5, size_bytes=GB, speed_bytes_s=MB, eta_s=60))
    house.tick()
    assert house.row().eta_watchable_s == span((60, 60), IMPORT_SPAN_S, SCAN_SPAN_S, MATCH_SPAN_S)
    lacking = House()
    lycoris(lacking, 3)
    lacking.sonarr.grab(23, range(739, 741), "hlr", at("10:00"))
    lacking.torrents = house.torrents
    lacking.tick()
    assert lacking.row().eta_watchable_s is None, "one episode is still searched"


def test_without_jellyfin_the_import_is_the_end() -> None:
    house = House(without=[JELLYFIN])
    grabbed_film(house)
    house.download(torrent("ha", progress=0.4, category="radarr", speed_bytes_s=MB, eta_s=600))
    house.tick()
    assert house.row().eta_watchable_s == span((600, 600), IMPORT_SPAN_S)


# --- path overrides --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mapped", [True, False])
def test_an_override_joins_what_trailing_names_cannot(mapped: bool) -> None:
    maps = (
        PathMap(instance=RADARR, theirs="/movies", common="/data/films"),
        PathMap(instance=JELLYFIN, theirs="/media/cinema", common="/data/films"),
    )
    house = House(path_maps=maps if mapped else ())
    house.requests = [request(71, movie=True, tmdb_id=700060)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, "/movies/Harbor Lights (2024).mkv")
    house.items = [item("m", "Movie", "/media/cinema/Harbor Lights (2024).mkv")]
    house.tick()
    assert house.row().state is (State.AVAILABLE if mapped else State.IMPORTING)


@pytest.mark.parametrize("mapped", [True, False])
def test_an_override_finds_the_file_in_shoko(mapped: bool) -> None:
    maps = (PathMap(instance=RADARR, theirs="/films", common="/data/anime/movies"),)
    house = House(path_maps=maps if mapped else ())
    house.shoko_folders = (ShokoFolder(id=2, name=clean("m"), path=clean_path("/data/anime/movies/"), watched=True),)
    house.requests = [request(71, movie=True, tmdb_id=700060)]
    house.radarr.add_movie(60, "The Garden of Words", tmdb_id=700060, tags=(3,), root_folder="/films")
    house.radarr.place_movie(60, "/films/Garden.mkv")
    house.shoko_files = [shoko_file(240, "/data/anime/movies/Garden.mkv", series=29)]
    house.shoko_tail = 1
    unit = house.tick().cases["seerr:seerr:71"].units[0]
    assert unit.shoko is not None
    assert (unit.shoko.match.file is not None) == mapped

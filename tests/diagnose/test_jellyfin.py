"""Imported and not in Jellyfin, regular media: E7, E11 to E13, D9, F11, F15, H2. No word about Shoko for them."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.reconcile.given import JELLYFIN, SHOKO, at, item, request, shoko_file
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.observation import Identified, Payload
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import clean, clean_path

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def imported_film(house: House, when: str) -> None:
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("imported", at(when), movie_id=60, download_id="HB")
    house.radarr.place_movie(60, PATH, added=at(when))


def scanned(house: House, started: str, ended: str, **more: Any) -> None:
    house.task = msgspec.structs.replace(
        house.task, last_started_at=at(started), last_ended_at=at(ended), **{"daily_at_s": 3 * 3600} | more
    )


def no_shoko_words(house: House) -> None:
    for one in house.said():
        text = f"{one.message} {one.next_step} {one.evidence}".lower()
        assert "shoko" not in text
        assert "vfs" not in text


def test_e11_not_scanned_since_the_import() -> None:
    house = House()
    imported_film(house, "10:50")
    scanned(house, "24T03:00", "24T03:05")
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert said.attention is Attention.WARN
    assert said.message == (
        f"The film was imported 70 min ago ({PATH}); Jellyfin's last library scan ended before that, "
        "at 24 Jan 03:05; next scan at 03:00"
    )
    assert said.next_step == "press v to scan the library, or Jellyfin → Dashboard → Scan All Libraries"
    assert house.line() == "Imported 70 min ago · not in Jellyfin"
    no_shoko_words(house)


def test_a_scan_that_did_not_find_it_makes_another_scan_useless() -> None:
    house = House()
    imported_film(house, "10:50")
    scanned(house, "11:50", "11:52")
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert "has scanned since and does not find it" in said.message
    assert said.next_step is not None
    assert "check that a library holds this folder" in said.next_step
    assert "press v" not in said.next_step
    no_shoko_words(house)


@pytest.mark.parametrize(
    ("library", "in_vain"),
    [("lib-movies", True), ("lib-more", False), ("lib-am", False)],
    ids=["the library of its folder", "another of the type", "one of Shokofin"],
)
def test_a_scan_in_vain_for_one_film_counts_for_the_others_of_the_library(library: str, in_vain: bool) -> None:
    house = House()
    imported_film(house, "10:50")
    house.libraries.append(
        Library(id="lib-more", name=clean("More"), locations=(clean_path("/data/more"),), uses_shoko=False)
    )
    scanned(house, "24T03:00", "24T03:05")
    other = Beneficiary(id="seerr:seerr:72", state=State.IMPORTING, total=1)
    house.refreshes = (
        Refreshed(
            server="http://jellyfin:8096",
            started_at=at("11:50"),
            ended_at=at("11:52"),
            library_id=library,
            requests=(other,),
        ),
    )
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert ("your scan of Jellyfin that ended 11:52 did not bring it" in said.message) is in_vain
    assert ("press v" in (said.next_step or "")) is not in_vain


def test_before_the_threshold_it_only_waits() -> None:
    house = House()
    imported_film(house, "11:57")
    scanned(house, "24T03:00", "24T03:05", daily_at_s=None, interval_s=12 * 3600)
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert said.attention is Attention.WAIT
    assert said.next_step is None
    assert house.verdict().attention is Attention.WAIT
    assert house.line() == "Imported · waiting for Jellyfin"


@pytest.mark.parametrize(
    ("ended", "words"),
    [("11:05", "; next scan at 23:05"), ("24T03:05", "")],
    ids=["to come", "past"],
)
def test_an_interval_tells_of_no_scan_in_the_past(ended: str, words: str) -> None:
    house = House()
    imported_film(house, "11:57")
    scanned(house, ended, ended, daily_at_s=None, interval_s=12 * 3600)
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert said.message == f"The film is imported; Jellyfin has not taken it up yet{words}"


def test_a_running_scan_is_the_only_thing_to_wait_for() -> None:
    house = House()
    imported_film(house, "10:00")
    house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=37.5)
    house.tick()
    assert house.codes() == ["JF_SCAN_RUNNING"]
    assert house.verdict().attention is Attention.WAIT, "two hours old, but it moves"
    assert house.said()[0].next_step is None
    assert house.line().endswith("Jellyfin scan 38 %")


def test_a_refresh_of_one_library_counts_as_a_scan() -> None:
    house = House()
    imported_film(house, "11:57")
    house.libraries[0] = msgspec.structs.replace(
        house.libraries[0], refresh_status=clean("Active"), refresh_percent=12.0
    )
    house.tick()
    assert house.codes() == ["JF_SCAN_RUNNING"]


def test_d9_an_upgrade_that_jellyfin_lost() -> None:
    house = House()
    imported_film(house, "10:00")
    house.items = [item("m", "Movie", PATH, tmdb_id="700060"), item("x", "Movie", "/data/movies/O/O.mkv", tmdb_id="1")]
    house.tick()
    house.radarr.event("deleted", house.now, movie_id=60, reason="Upgrade")
    house.radarr.event("imported", house.now, movie_id=60, download_id="HU")
    house.radarr.place_movie(60, PATH.replace(".mkv", " 2160p.mkv"), added=house.now, file_id=2)
    house.items = house.items[1:]
    house.tick(30)
    assert house.verdict().state is State.AVAILABLE
    assert [one.attention for one in house.said()] == [Attention.WAIT]
    house.tick(20 * 60)
    assert house.verdict().state is State.IMPORTING
    said = house.diagnosis("NOT_SCANNED")
    assert said.attention is Attention.WARN, "20 minutes are late for something that was there"
    assert "2160p" in said.message


def test_e12_a_stub() -> None:
    house = House()
    imported_film(house, "11:57")
    house.items = [item("s", "Movie", None, tmdb_id="700060", name=clean("Suzume"))]
    house.tick()
    said = house.diagnosis("JF_STUB")
    assert said.attention is Attention.INFO
    assert said.message == "Jellyfin lists the film without a file"
    assert said.next_step is None


class VersionedHouse(House):
    """Jellyfin also tells its version."""

    version = "10.11.3"

    def _of(self, ref: Any) -> list[Payload]:
        told = super()._of(ref)
        return [Identified(version=clean(self.version)), *told] if ref == JELLYFIN else told


@pytest.mark.parametrize(("version", "said"), [("12.1.0", True), ("10.11.3", False), ("unstable", False)])
def test_jellyfin_12_and_the_announcements_it_no_longer_hears(version: str, said: bool) -> None:
    house = VersionedHouse()
    house.version = version
    imported_film(house, "10:50")
    house.tick()
    assert house.problems() == (["JF_LEGACY_HEADER"] if said else [])
    if said:
        problem = house.problem("JF_LEGACY_HEADER")
        assert problem.diagnosis.attention is Attention.INFO
        assert problem.name == "jellyfin"
        assert "12.1.0" in problem.diagnosis.message


def test_a_silent_jellyfin_is_not_blamed_for_what_it_cannot_tell() -> None:
    house = House()
    imported_film(house, "10:50")
    house.tick()
    assert house.codes() == ["NOT_SCANNED"]
    house.down[JELLYFIN] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    assert house.codes() == []
    assert house.problems() == ["SERVICE_DOWN"]


@pytest.mark.parametrize("who", ["shoko", "jellyfin"])
def test_e7_equally_good_candidates_are_both_named(who: str) -> None:
    house = House()
    if who == "jellyfin":
        imported_film(house, "11:57")
        house.items = [
            item(letter, "Movie", f"/{letter}/Harbor Lights (2024)/Harbor Lights.mkv") for letter in ("a", "b")
        ]
        paths = [f"/{letter}/Harbor Lights (2024)/Harbor Lights.mkv" for letter in ("a", "b")]
    else:
        lycoris(house, 1)
        house.sonarr.place(23, [1], FOLDER)
        house.shoko_files = [shoko_file(n, f"{FOLDER}/S01E01.mkv", series=12) for n in (301, 302)]
        paths = [f"file {n} Lycoris Recoil/Season 1/S01E01.mkv" for n in (301, 302)]
    house.tick()
    said = house.diagnosis("AMBIGUOUS_PATH")
    assert said.attention is Attention.WARN
    assert all(path in said.message for path in paths)


def test_f15_a_film_that_is_a_special_in_jellyfin() -> None:
    house = House()
    path = "/data/anime/movies/Recollections (2021)/Recollections.mkv"
    house.requests = [request(71, movie=True, tmdb_id=1052946)]
    house.radarr.add_movie(51, "Violet Evergarden: Recollections", tmdb_id=1052946, root_folder="/data/anime/movies")
    house.radarr.place_movie(51, path)
    house.shoko_files = [shoko_file(280, path, series=90)]
    house.items = [
        item(
            "v", "Episode", "/vfs/shows/Violet/S00E01 [Shoko File=280].mkv", shoko_file_ids=(280,), season=0,
            series_name=clean("Violet Evergarden"),
        )
    ]  # fmt: skip
    house.tick()
    assert house.verdict().state is State.AVAILABLE
    assert house.diagnosis("RECATEGORIZED").attention is Attention.INFO
    assert house.line() == "Ready · listed as a special of Violet Evergarden"


def emptied_house(anime: bool) -> House:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:00"))
    known_to_shoko(house, matched=13, hashed=13)
    where = "/vfs/shows" if anime else "/data/tv"
    shows = [item(f"show{n}", "Series", f"{where}/Show {n}") for n in range(35)]
    ready = [
        item(f"j{n}", path=f"{where}/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
    ]
    films = [item(f"film{n}", "Movie", f"/data/movies/F{n}/F{n}.mkv") for n in range(5)]
    house.items = films + shows + ready
    house.tick()
    assert house.verdict().state is State.AVAILABLE
    house.items = films
    return house


def test_f11_a_virtual_folder_that_is_gone_is_said_once() -> None:
    house = emptied_house(anime=True)
    for _ in range(3):
        house.tick(90)
    assert house.problems() == ["VFS_LIBRARY_EMPTY"]
    problem = house.problem("VFS_LIBRARY_EMPTY")
    assert problem.scope == "Anime Shows"
    assert problem.diagnosis.attention is Attention.ERROR
    assert "35 titles vanished" in problem.diagnosis.message or "48 titles vanished" in problem.diagnosis.message
    assert "VFS folder of library" in (problem.diagnosis.next_step or "")
    row = house.verdict()
    assert row.state is State.AVAILABLE
    assert Flag.DOUBTFUL in row.flags
    assert house.codes() == []
    assert house.line().endswith("Anime Shows library is empty in Jellyfin")


def test_f11_new_anime_waits_for_the_same_cause() -> None:
    house = emptied_house(anime=True)
    house.tick(90)
    house.tick(31 * 60)
    assert house.verdict().state is State.ANIME_MATCHING
    assert house.codes() == []
    assert house.problems() == ["VFS_LIBRARY_EMPTY"]
    assert house.line() == "Matched 13/13 · Anime Shows library is empty in Jellyfin"


def test_an_emptied_plain_library_has_no_virtual_folder() -> None:
    house = emptied_house(anime=False)
    house.tick(90)
    problem = house.problem("LIBRARY_EMPTY")
    assert problem.scope == "TV-Shows"
    assert "virtual" not in problem.diagnosis.message
    assert "mounted" in (problem.diagnosis.next_step or "")


def test_a_service_that_lists_nothing_any_more() -> None:
    house = House()
    for number in range(10):
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number + 1)
    house.tick()
    house.radarr.movies.clear()
    house.tick()
    assert house.problem("LIBRARY_EMPTY").diagnosis.message.startswith("Radarr lists no films any more; it had 10")


def test_h2_the_missing_version_is_named_by_its_path() -> None:
    radarr_4k = InstanceRef(Kind.RADARR, "radarr-4k")
    house = House(radarr_4k)
    house.requests = []
    arr = house.arrs[radarr_4k]
    arr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    arr.place_movie(60, "/data/movies-4k/Harbor Lights (2024)/HL.mkv", added=at("10:00"))
    arr.event("imported", at("10:00"), movie_id=60, download_id="H4")
    house.tick()
    said = house.diagnosis("NOT_SCANNED", "radarr:radarr-4k:60")
    assert "/data/movies-4k/Harbor Lights (2024)/HL.mkv" in said.message


def test_without_shoko_anime_is_told_like_regular_media() -> None:
    house = House(without=[SHOKO])
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("10:30"))
    scanned(house, "10:00", "10:05")
    house.tick()
    assert house.codes() == ["NOT_SCANNED"]
    no_shoko_words(house)

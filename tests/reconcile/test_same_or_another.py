"""Which file is which: foreign roots, ties, merged versions, files with a part of an episode (B9, E7, H2)."""

from typing import Any

import msgspec
import pytest

from tests.reconcile.given import (
    RADARR,
    SHOKO,
    House,
    at,
    episodes,
    item,
    request,
    shoko_file,
)
from tests.reconcile.titles import FOLDER, LR, known_to_shoko, lycoris
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.observation import Observation, ShokoSeriesFilesRead
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoFile, ShokoFolder, ShokoLocation
from tracker_tui.model.states import Attention, Flag, State
from tracker_tui.model.text import clean, clean_path

RADARR_4K = InstanceRef(Kind.RADARR, "radarr-4k")


# --- B9 --------------------------------------------------------------------------------------------------------------


def linked(file: ShokoFile, *links: EpisodeLink) -> ShokoFile:
    return msgspec.structs.replace(file, links=(SeriesLink(series_id=12, episodes=links),))


def part(number: int, start: int, end: int) -> ShokoFile:
    """Return a file with a part of Shoko's episode 3050."""
    link = EpisodeLink(episode_id=3050, start_percent=start, end_percent=end)
    name = "S01E05" if start == 0 else f"S01E05 from {start}"
    return linked(shoko_file(number, f"{FOLDER}/{name}.mkv", series=12), link)


def vfs(file_id: int, name: str, **more: Any) -> JellyfinItem:
    path = f"/vfs/shows/L/{name} [Shoko File={file_id}].mkv"
    return item(f"j{file_id}", path=path, shoko_file_ids=(file_id,), series_id="jl", **more)


def parted_house() -> House:
    """Return the house of B9: E12 and E13 share file 340, E05 is file 350 with the first half."""
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 12), FOLDER, added=at("11:00"))
    house.sonarr.place(23, [12], FOLDER, added=at("11:00"))
    shared = house.sonarr.files[23][-1].id
    house.sonarr.edit(23, [13], has_file=True, file_id=shared)
    known_to_shoko(house, matched=13, hashed=13)
    both = linked(
        shoko_file(340, f"{FOLDER}/S01E12.mkv", series=12), EpisodeLink(episode_id=3120), EpisodeLink(episode_id=3130)
    )
    house.shoko_files = [one for one in house.shoko_files if one.id not in {305, 312, 313}] + [both, part(350, 0, 50)]
    house.items = [vfs(300 + n, f"S01E{n:02}", shoko_episode_id=3000 + 10 * n) for n in range(1, 12) if n != 5]
    house.items += [vfs(340, "S01E12-E13"), vfs(350, "S01E05.pt1", shoko_episode_id=3050)]
    return house


def test_b9_one_file_for_two_episodes_and_half_an_episode_in_one_file() -> None:
    house = parted_house()
    house.tick()
    assert house.states() == [State.AVAILABLE] * 13
    assert house.summary() == "13/13 ready · 1 incomplete"
    half = house.shown()[4]
    assert half.attention is house.row().attention is Attention.WARN, "never plain ready"
    assert half.note == "Shoko covers 0\N{EN DASH}50 % of the episode"
    assert {row.attention for row in house.shown() if row.number != 5} == {Attention.NONE}
    assert house.row().state is State.AVAILABLE
    assert house.reconciler.interest().shoko_parts == (12,)


def test_b9_the_other_half_may_be_a_file_that_sonarr_does_not_know() -> None:
    house = parted_house()
    house.tick()
    rest = ShokoSeriesFilesRead(series_id=12, files=(part(350, 0, 50), part(351, 50, 100)))
    for reconciler in (house.reconciler, house.twin):
        reconciler.absorb(Observation(ref=SHOKO, at=house.now, payload=rest))
    house.wait(3)
    assert house.summary() == "Ready · 13/13"
    assert house.row().attention is Attention.NONE
    assert house.reconciler.interest().shoko_parts == ()


def test_b9_a_companion_in_jellyfin_that_shoko_has_not_told_about_settles_nothing() -> None:
    house = parted_house()
    house.items.append(vfs(351, "S01E05.pt2", shoko_episode_id=3050))
    house.tick()
    assert house.summary() == "Ready · 13/13"


def test_b9_until_jellyfin_has_it_it_is_matched() -> None:
    house = parted_house()
    house.items = [one for one in house.items if one.id != "j350"]
    house.tick()
    assert house.shown()[4].state is State.ANIME_MATCHING
    shoko = house.cases[LR].units[4].shoko
    assert shoko is not None
    assert shoko.covers is not None
    assert shoko.covers.spans == ((0, 50),)


# --- E7 --------------------------------------------------------------------------------------------------------------

SHOWS = {23: ("Lycoris Recoil", 301), 24: ("Kotonoha", 401)}


def foreign_house(leading_slash: bool = False) -> House:
    """Return a house where Sonarr, Shoko and Jellyfin name one disk differently, and two shows have a `01.mkv`."""
    house = House()
    house.shoko_folders = (
        ShokoFolder(id=1, name=clean("anime"), path=clean_path("/mnt/nas/anime/"), watched=True),
    )  # fmt: skip
    for number, (name, file_id) in SHOWS.items():
        house.requests.append(request(number, tmdb_id=number, tvdb_id=number, seasons=(1,)))
        house.sonarr.add_series(
            number, name, episodes(number, 1, [1], first_id=number * 10), tvdb_id=number, series_type="anime",
            root_folder="/tv-anime", path=f"/tv-anime/{name}",
        )  # fmt: skip
        house.sonarr.place(number, [1], f"/tv-anime/{name}/Season 1", added=at("11:00"))
        house.sonarr.files[number] = [
            msgspec.structs.replace(one, path=clean_path(f"/tv-anime/{name}/Season 1/01.mkv"))
            for one in house.sonarr.files[number]
        ]
        relative = f"{'/' if leading_slash else ''}shows/{name}/Season 1/01.mkv"
        known = shoko_file(file_id, "/data/anime/shows/x", series=number)
        place = ShokoLocation(folder_id=1, relative_path=clean_path(relative), accessible=True)
        house.shoko_files.append(msgspec.structs.replace(known, locations=(place,)))
        ids = f"[Shoko Series={number}] [Shoko File={file_id}]"
        path = f"/config/Shokofin/VFS/a1/{name}/Season 01/{name} S01E01 {ids}.mkv"
        house.items.append(
            item(f"j{file_id}", path=path, shoko_file_ids=(file_id,), series_id=f"s{number}", season=1, number=1)
        )
    return house


@pytest.mark.parametrize("leading_slash", [False, True], ids=["relative", "leading slash"])
def test_e7_every_service_has_its_own_paths(leading_slash: bool) -> None:
    house = foreign_house(leading_slash)
    house.tick()
    for number, (_, file_id) in SHOWS.items():
        key = f"seerr:seerr:{number}"
        assert house.summary(key) == "Ready · 1/1"
        shoko, jellyfin = house.cases[key].units[0].shoko, house.cases[key].units[0].jellyfin
        assert shoko is not None
        assert jellyfin is not None
        assert shoko.match.file is not None
        assert shoko.match.file.id == file_id, "never swapped"
        assert jellyfin.found.item is not None
        assert jellyfin.found.item.id == f"j{file_id}"


@pytest.mark.parametrize("missing", SHOWS)
def test_e7_each_show_is_ready_only_by_its_own_file(missing: int) -> None:
    house = foreign_house()
    house.items = [one for one in house.items if one.id != f"j{SHOWS[missing][1]}"]
    house.tick()
    for number in SHOWS:
        expected = State.ANIME_MATCHING if number == missing else State.AVAILABLE
        assert house.row(f"seerr:seerr:{number}").state is expected


def test_e7_equally_good_files_are_named_not_guessed() -> None:
    house = foreign_house()
    twin = house.shoko_files[0]
    copy = ShokoLocation(folder_id=1, relative_path=clean_path("old/Lycoris Recoil/Season 1/01.mkv"), accessible=True)
    house.shoko_files.append(msgspec.structs.replace(twin, id=302, locations=(copy,)))
    house.items = []
    house.tick()
    unit = house.cases["seerr:seerr:23"].units[0]
    assert unit.verdict.state is State.ANIME_MATCHING
    assert unit.shoko is not None
    assert unit.shoko.match.file is None
    assert [one.id for one in unit.shoko.match.tied] == [301, 302]


def test_e7_a_tie_changes_no_state() -> None:
    house = foreign_house()
    house.tick()
    twin = house.shoko_files[0]
    copy = ShokoLocation(folder_id=1, relative_path=clean_path("old/Lycoris Recoil/Season 1/01.mkv"), accessible=True)
    house.shoko_files.append(msgspec.structs.replace(twin, id=302, locations=(copy,)))
    for _ in range(3):
        assert house.tick(90).row("seerr:seerr:23").state is State.AVAILABLE


def test_paths_that_fit_two_items_of_jellyfin_change_no_state() -> None:
    house = House()
    lycoris(house, 1)
    house.requests[0] = msgspec.structs.replace(house.requests[0], tvdb_id=414057)
    house.sonarr.series[23] = msgspec.structs.replace(
        house.sonarr.series[23], series_type=clean("standard"), root_folder=clean("/data/tv"), path=clean("/data/tv/LR")
    )
    house.sonarr.place(23, [1], "/data/tv/LR/Season 1", added=at("11:00"))
    mine = item("j1", path="/media/LR/Season 1/S01E01.mkv", series_id="a")
    house.items = [mine]
    assert house.tick().row().state is State.AVAILABLE
    house.items = [
        msgspec.structs.replace(mine, path=clean("/media/a/LR/Season 1/S01E01.mkv")),
        item("j2", path="/media/b/LR/Season 1/S01E01.mkv", series_id="b"),
    ]
    for _ in range(3):
        assert house.tick(90).row().state is State.AVAILABLE
        assert Flag.DOUBTFUL in house.row().flags
    finding = house.cases[LR].units[0].jellyfin
    assert finding is not None
    assert {one.id for one in finding.found.tied} == {"j1", "j2"}


# --- H2 --------------------------------------------------------------------------------------------------------------

PATHS = {RADARR: "/data/movies/Harbor Lights/HL.mkv", RADARR_4K: "/data/movies-4k/Harbor Lights/HL.mkv"}


def two_versions() -> House:
    house = House(RADARR_4K)
    house.requests = [
        request(80, movie=True, tmdb_id=700060, server_id=0, external_id=60),
        request(81, movie=True, tmdb_id=700060, server_id=1, external_id=61, is_4k=True),
    ]
    for ref, number in ((RADARR, 60), (RADARR_4K, 61)):
        house.arrs[ref].add_movie(number, "Harbor Lights", tmdb_id=700060)
        house.arrs[ref].place_movie(number, PATHS[ref], added=at("11:30"))
    return house


def merged(*refs: InstanceRef) -> JellyfinItem:
    paths = tuple(clean_path(PATHS[ref]) for ref in refs)
    return item("m", "Movie", PATHS[refs[0]], tmdb_id="700060", source_paths=paths)


def test_h2_versions_merged_into_one_item_are_told_apart_by_their_sources() -> None:
    house = two_versions()
    house.items = [merged(RADARR)]
    house.tick()
    assert house.row("seerr:seerr:80").state is State.AVAILABLE
    assert house.row("seerr:seerr:81").state is State.IMPORTING
    assert house.summary("seerr:seerr:81") == "4K · Imported · waiting for Jellyfin"
    house.items = [merged(RADARR, RADARR_4K)]
    house.tick()
    assert [house.row(f"seerr:seerr:{number}").state for number in (80, 81)] == [State.AVAILABLE] * 2
    assert {house.row(f"seerr:seerr:{number}").ids.jellyfin for number in (80, 81)} == {("m",)}


def test_h2_unknown_sources_are_asked_for_and_decide_nothing_until_then() -> None:
    house = two_versions()
    house.items = [msgspec.structs.replace(merged(RADARR), source_paths=None)]
    house.tick()
    assert house.row("seerr:seerr:80").state is State.AVAILABLE, "its own path is known"
    assert house.row("seerr:seerr:81").state is State.IMPORTING, "the provider id alone never decides"
    assert house.reconciler.interest().jellyfin_sources == ("m",)
    house.items = [merged(RADARR, RADARR_4K)]
    house.tick()
    assert house.row("seerr:seerr:81").state is State.AVAILABLE
    assert house.reconciler.interest().jellyfin_sources == ()


def test_h2_a_version_stays_ready_while_the_sources_of_a_changed_item_are_not_known() -> None:
    house = two_versions()
    house.items = [merged(RADARR, RADARR_4K)]
    house.tick()
    house.items = [msgspec.structs.replace(merged(RADARR), source_paths=None, name=clean("Harbor Lights"))]
    for _ in range(3):
        house.tick(90)
        assert house.row("seerr:seerr:81").state is State.AVAILABLE
        assert house.reconciler.interest().jellyfin_sources == ("m",)

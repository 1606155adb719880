"""Scenarios E and F: imports, Jellyfin, Shoko, the route of anime."""

import msgspec
import pytest

from tests.reconcile.given import (
    JELLYFIN,
    SHOKO,
    House,
    at,
    episodes,
    item,
    request,
    shoko_file,
    torrent,
)
from tests.reconcile.titles import FILM, FOLDER, LR, PATH, known_to_shoko, lycoris
from tracker_tui.model.shoko import Connectivity, ShokoQueue
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import clean, clean_path


def test_the_old_item_of_an_upgraded_file_does_not_hide_for_ever_that_shoko_does_not_know_the_new_one() -> None:
    house = House()
    folder = "/data/anime/movies/Harbor Lights (2024)"
    house.requests = [request(71, created_at=at("11:50"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, root_folder="/data/anime/movies")
    house.radarr.place_movie(60, f"{folder}/old.mkv", added=at("11:51"))
    house.shoko_files = [shoko_file(401, f"{folder}/old.mkv", series=12)]
    vfs = "/vfs/movies/Harbor Lights [Shoko Series=12]/Harbor Lights [Shoko File=401].mkv"
    house.items = [item("m", "Movie", vfs, shoko_file_ids=(401,))]
    assert house.tick().row().state is State.AVAILABLE
    house.radarr.place_movie(60, f"{folder}/new.mkv", added=house.now, file_id=2)
    house.shoko_files.append(shoko_file(402, f"{folder}/new.mkv", created_at=house.now))
    assert house.tick(300).row().state is State.AVAILABLE, "Jellyfin may take it up yet"
    assert house.tick(11 * 60).row().state is State.MATCH_FAILED


@pytest.mark.parametrize("anime", [False, True], ids=["regular", "anime"])
def test_e4_a_file_that_radarr_found_without_a_grab(anime: bool) -> None:
    house = House()
    root = "/data/anime/movies" if anime else "/data/movies"
    path = f"{root}/Harbor Lights (2024)/Harbor Lights.mkv"
    house.requests = [request(71, created_at=at("11:50"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:50:30"), root_folder=root)
    house.radarr.place_movie(60, path, added=at("11:51"))
    house.download(torrent("hold", "complete", 1.0, category="radarr", added_at=at("10T00:00")))
    house.tick()
    assert house.row().state is (State.ANIME_MATCHING if anime else State.IMPORTING)
    assert house.row().attention is Attention.WAIT
    if not anime:
        assert house.summary() == "Imported · waiting for Jellyfin"
        assert "Radarr found the file" in [entry.text for entry in house.row().timeline]
    house.items = [item("m", "Movie", path, tmdb_id="700060")]
    assert house.tick().row().state is State.AVAILABLE


def test_e8_a_manual_import_ends_the_download() -> None:
    house = House()
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", "complete", 1.0))
    for number in range(739, 752):
        house.sonarr.event(
            "imported", at("11:58"), series_id=23, episode_id=number, imported_path=f"{FOLDER}/{number}.mkv"
        )
    house.sonarr.place(23, range(1, 14), FOLDER)
    known_to_shoko(house, matched=0, hashed=0)
    house.shoko_queue = ShokoQueue(total=13, by_type=((clean("Hash File"), 13),))
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matching · 0/13 ready · Shoko hashing"
    assert "Imported 13 files by hand" in [entry.text for entry in house.row().timeline]


def test_e8_even_before_the_file_is_known_to_be_there() -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.grab(23, [739], "hlr", at("10:00"))
    house.download(torrent("hlr", "complete", 1.0))
    house.sonarr.event("imported", at("11:58"), series_id=23, episode_id=739)
    assert not any(download.live for download in house.tick().cases[LR].units[0].downloads)


def test_e10_an_import_seen_before_the_download_looks_complete() -> None:
    house = House()
    lycoris(house, 12)
    house.sonarr.grab(23, range(739, 751), "ha", at("10:00"))
    house.sonarr.place(23, range(1, 13), FOLDER, added=at("11:59:57"))
    house.download(torrent("ha", progress=0.97))
    known_to_shoko(house, matched=12, hashed=12, count=12)
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 12
    assert house.summary() == "Matched 12/12 · waiting for Jellyfin"
    assert not house.row().flags
    assert house.row().attention is Attention.WAIT


def test_e11_imported_long_ago_and_not_scanned() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("imported", at("10:50"), movie_id=60, download_id="HB")
    house.radarr.place_movie(60, PATH, added=at("10:50"))
    house.tick()
    assert house.row().state is State.IMPORTING
    assert house.summary() == "Imported 70 min ago · not in Jellyfin"
    assert house.row().attention is Attention.WARN
    assert house.wait(60).summary() == "Imported 71 min ago · not in Jellyfin"


def test_e12_a_stub_is_no_film() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=916224)]
    house.radarr.add_movie(60, "Suzume", tmdb_id=916224)
    house.radarr.place_movie(60, "/data/movies/Suzume (2022)/Suzume.mkv")
    house.items = [item("s", "Movie", None, tmdb_id="916224")]
    house.tick()
    assert house.row().state is State.IMPORTING
    assert house.summary() == "Imported · waiting for Jellyfin"
    finding = house.cases["seerr:seerr:71"].units[0].jellyfin
    assert finding is not None
    assert finding.found.stub is not None


def test_e13_only_the_film_that_was_asked_for_counts() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=572154)]
    house.radarr.add_movie(60, "Bunny Girl", tmdb_id=572154)
    house.radarr.place_movie(60, "/data/movies/Bunny Girl (2019)/Bunny Girl.mkv")
    house.items = [item(f"x{n}", "Movie", f"/data/movies/F{n}/F{n}.mkv", tmdb_id=str(810693 + n)) for n in range(500)]
    assert house.tick().summary() == "Imported · waiting for Jellyfin"
    house.items[317] = item("right", "Movie", "/media/elsewhere/b.mkv", tmdb_id="572154")
    assert house.tick().summary() == "Ready"
    assert house.row().ids.jellyfin == ("right",)


def test_f1_a_hashing_backlog() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:54"))
    known_to_shoko(house, matched=3, hashed=3)
    house.shoko_queue = ShokoQueue(total=412, waiting=408, by_type=((clean("Hash File"), 180),))
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matching · 3/13 matched · Shoko busy (412 jobs)"
    assert house.row().attention is Attention.WAIT
    moved = house.last.surroundings.shokos[SHOKO].moved_at if house.last else None
    house.tick(15 * 60)
    assert house.last is not None
    assert house.last.surroundings.shokos[SHOKO].moved_at == moved, "the queue has not moved since"


def test_f2_an_unrecognised_file_needs_a_hand() -> None:
    house = House()
    path = "/data/anime/movies/Spirited Away (2001)/Spirited Away.mkv"
    house.requests = [request(71, movie=True, tmdb_id=129)]
    house.radarr.add_movie(64, "Spirited Away", tmdb_id=129, root_folder="/data/anime/movies")
    house.radarr.place_movie(64, path, added=at("11:40"))
    house.shoko_files = [shoko_file(260, path)]
    house.tick()
    assert house.row().state is State.MATCH_FAILED
    assert house.summary() == "Needs link in Shoko"
    assert house.row().attention is Attention.ERROR


@pytest.mark.parametrize("why", ["job", "ban", "offline", "queue not known"])
def test_an_unrecognised_file_is_no_verdict_while_something_may_name_it(why: str) -> None:
    house = House()
    path = "/data/anime/movies/Spirited Away (2001)/Spirited Away.mkv"
    house.requests = [request(71, movie=True, tmdb_id=129)]
    house.radarr.add_movie(64, "Spirited Away", tmdb_id=129, root_folder="/data/anime/movies")
    house.radarr.place_movie(64, path, added=at("11:40"))
    house.shoko_files = [shoko_file(260, path)]
    connectivity = Connectivity(network=clean("Internet"))
    if why == "job":
        house.shoko_queue = ShokoQueue(total=1, by_type=((clean("Get Cross-References for File"), 1),))
    if why == "ban":
        connectivity = Connectivity(network=clean("Internet"), http_banned=True)
    if why == "offline":
        connectivity = Connectivity(network=clean("LocalOnly"))
    if why == "queue not known":
        house.shoko_queue = None  # type: ignore[assignment]
    house.shoko_connectivity = connectivity
    house.tick()
    assert house.row().state is State.ANIME_MATCHING
    assert house.row().attention is Attention.WAIT


def test_f4_a_file_in_limbo_is_not_matched() -> None:
    house = House()
    path = "/data/anime/movies/Limbo (2025)/Limbo.mkv"
    house.requests = [request(71, movie=True, tmdb_id=270)]
    house.radarr.add_movie(65, "Limbo", tmdb_id=270, root_folder="/data/anime/movies")
    house.radarr.place_movie(65, path)
    limbo = shoko_file(270, path, series=1)
    link = limbo.links[0]
    house.shoko_files = [
        msgspec.structs.replace(limbo, links=(msgspec.structs.replace(link, series_id=None, anidb_id=17097),))
    ]
    house.tick()
    assert house.row().state is State.ANIME_MATCHING
    assert house.summary() == "Matching · Shoko waits for AniDB data"


@pytest.mark.parametrize(
    ("path", "root"),
    [(FOLDER, "/data/anime/shows"), ("/data/anime-new/Lycoris Recoil/Season 1", "/data/anime-new")],
    ids=["in a folder", "outside"],
)
def test_f5_shoko_has_never_seen_the_files(path: str, root: str) -> None:
    house = House()
    lycoris(house)
    house.sonarr.series[23] = msgspec.structs.replace(house.sonarr.series[23], root_folder=clean_path(root))
    house.sonarr.place(23, range(1, 14), path, added=at("11:20"))
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Imported 13/13 · Shoko has not seen the files"


def test_f6_matched_and_not_in_jellyfin() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:30"))
    known_to_shoko(house, matched=13, hashed=13)
    house.shoko_files = [msgspec.structs.replace(one, imported_at=at("11:40")) for one in house.shoko_files]
    house.tick()
    assert house.states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matched 13/13 · not in Jellyfin for 20 min"
    assert house.reconciler.interest().shoko_series == (12,)
    assert not house.reconciler.interest().shoko_files


def test_b16_one_missing_episode_of_a_series_that_shoko_splits() -> None:
    house = House()
    lycoris(house, 12)
    house.sonarr.episodes[23] += episodes(23, 2, range(1, 13), first_id=839)
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057, seasons=(1, 2))]
    second = FOLDER.replace("Season 1", "Season 2")
    house.sonarr.place(23, range(1, 13), FOLDER, added=at("11:58"))
    house.sonarr.place(23, range(1, 13), second, season=2, added=at("11:58"))
    house.shoko_files = [
        shoko_file(300 + n, f"{FOLDER}/S01E{n:02}.mkv", series=50, imported_at=at("11:59")) for n in range(1, 13)
    ] + [shoko_file(400 + n, f"{second}/S02E{n:02}.mkv", series=51, imported_at=at("11:59")) for n in range(1, 13)]
    house.items = [
        item(f"i{base + n}", path=f"/vfs/shows/A/S01E{n:02} [Shoko File={base + n}].mkv", shoko_file_ids=(base + n,),
             season=1, number=n, series_id=f"s{base}")
        for base in (300, 400) for n in range(1, 13) if (base, n) != (400, 7)
    ]  # fmt: skip
    house.tick()
    assert house.states(season=1) == [State.AVAILABLE] * 12
    assert [n for n, state in enumerate(house.states(season=2), 1) if state is not State.AVAILABLE] == [7]
    assert house.row().state is State.ANIME_MATCHING
    assert house.summary() == "Matching · 23/24 ready · 1 matched, waiting for Jellyfin"


def test_f11_an_emptied_library_is_doubted_not_believed() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:00"))
    known_to_shoko(house, matched=13, hashed=13)
    rest = [item(f"film{n}", "Movie", f"/data/movies/F{n}/F{n}.mkv") for n in range(5)]
    shows = [item(f"show{n}", "Series", f"/vfs/shows/Show {n}") for n in range(35)]
    ready = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
    ]
    house.items = rest + shows + ready
    assert house.tick().row().state is State.AVAILABLE
    house.items = rest
    for _ in range(3):
        house.tick(90)
        assert house.states() == [State.AVAILABLE] * 13
        assert Flag.DOUBTFUL in house.row().flags
    (vanished,) = house.last.surroundings.vanished if house.last else ()
    assert (vanished.ref, vanished.key) == (JELLYFIN, "lib-anime")
    assert house.tick(31 * 60).row().state is State.ANIME_MATCHING


def test_f15_a_film_that_shoko_keeps_as_a_special() -> None:
    house = House()
    path = "/data/anime/movies/Recollections (2021)/Recollections.mkv"
    house.requests = [request(71, movie=True, tmdb_id=1052946)]
    house.radarr.add_movie(51, "Violet Evergarden: Recollections", tmdb_id=1052946, root_folder="/data/anime/movies")
    house.radarr.place_movie(51, path)
    house.shoko_files = [shoko_file(280, path, series=90)]
    house.items = [item("other", "Series", "/vfs/shows/Violet", tmdb_id="75214")]
    assert house.tick().row().state is State.ANIME_MATCHING
    house.items.append(
        item("v", "Episode", "/vfs/shows/Violet/S00E01 [Shoko File=280].mkv", shoko_file_ids=(280,), season=0)
    )
    assert house.tick().row().state is State.AVAILABLE


def test_f16_every_title_is_known_to_the_filter() -> None:
    house = House()
    path = "/data/anime/movies/5 Centimeters (2007)/5cm.mkv"
    house.requests = [request(71, movie=True, tmdb_id=38142)]
    house.radarr.add_movie(
        66, "5 Centimeters per Second", tmdb_id=38142, root_folder="/data/anime/movies",
        original_title=clean("秒速5センチメートル"), titles=(clean("Byousoku 5 Centimeter"),),
    )  # fmt: skip
    house.radarr.place_movie(66, path)
    house.shoko_files = [shoko_file(28, path, series=28)]
    house.items = [
        item("c", "Movie", "/vfs/movies/x [Shoko File=28].mkv", name="Byousoku 5 Centimeter", shoko_file_ids=(28,))
    ]
    house.tick()
    assert house.row().state is State.AVAILABLE
    assert house.row().original_title == "秒速5センチメートル"
    assert set(house.row().titles) == {"5 Centimeters per Second", "秒速5センチメートル", "Byousoku 5 Centimeter"}


def test_f18_the_folder_decides_the_route_not_tag_or_genre() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=1), request(72, movie=True, tmdb_id=2)]
    anime, western = "/data/anime/movies/A (2020)/A film.mkv", "/data/movies/B (2020)/B film.mkv"
    house.radarr.add_movie(1, "A film", tmdb_id=1)
    house.radarr.add_movie(2, "B film", tmdb_id=2, root_folder="/data/movies")
    house.radarr.place_movie(1, anime)
    house.radarr.place_movie(2, western, file_id=2)
    house.shoko_files = [shoko_file(99, anime, hashed=False)]
    house.tick()
    assert house.row("seerr:seerr:71").state is State.ANIME_MATCHING
    assert house.summary("seerr:seerr:71") == "Matching · Shoko hashing"
    assert house.row("seerr:seerr:71").anime is True
    assert house.row("seerr:seerr:72").state is State.IMPORTING
    assert house.summary("seerr:seerr:72") == "Imported · waiting for Jellyfin"
    assert house.row("seerr:seerr:72").anime is False


def test_without_shoko_anime_takes_the_regular_route() -> None:
    house = House(without=[SHOKO])
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER)
    assert house.tick().states() == [State.IMPORTING] * 13


def test_without_jellyfin_a_file_is_the_end() -> None:
    house = House(without=[JELLYFIN])
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH)
    house.tick()
    assert house.row().state is State.AVAILABLE
    assert house.summary() == "Ready · not checked in Jellyfin"
    assert Flag.ASSUMED in house.row().flags


def test_an_item_that_vanishes_is_missed_only_after_a_second_look() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH)
    house.items = [item("m", "Movie", PATH, tmdb_id="700060")]
    house.tick()
    house.items = []
    assert house.tick().row().state is State.AVAILABLE
    (wanted,) = house.reconciler.interest().jellyfin_items
    assert wanted.item_ids == ("m",)
    house.down[JELLYFIN] = ServiceStatus.STARTING
    assert house.tick(90).row().state is State.AVAILABLE, "a failed call confirms nothing"
    house.down.clear()
    assert house.tick(3).row().state is State.IMPORTING


def test_a_file_deleted_on_purpose_falls_back_at_once() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH)
    house.tick()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("deleted", house.now, movie_id=60, reason="Manual")
    assert house.tick().row().state is State.APPROVED
    assert house.summary() == "Searching · file was deleted"


def test_places_are_learnt_from_files_both_services_know() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=1), request(72, movie=True, tmdb_id=2)]
    house.shoko_folders = (house.shoko_folders[1],)
    house.radarr.add_movie(1, "Known", tmdb_id=1, root_folder="/mnt/kino", tags=(3,))
    house.radarr.place_movie(1, "/mnt/kino/Known (2020)/Known film.mkv")
    house.radarr.add_movie(2, "Other", tmdb_id=2, root_folder="/mnt/kino")
    house.radarr.place_movie(2, "/mnt/kino/Other (2020)/Other film.mkv", file_id=2)
    house.shoko_files = [shoko_file(5, "/data/anime/movies/Known (2020)/Known film.mkv", series=5)]
    house.tick()
    assert house.row("seerr:seerr:71").state is State.ANIME_MATCHING
    assert house.row("seerr:seerr:72").state is State.ANIME_MATCHING, "the untagged film lies in the same place"

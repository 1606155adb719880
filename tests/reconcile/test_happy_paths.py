"""Scenarios A: the happy path of each kind, tick by tick."""

from typing import Any

import pytest

from tests.reconcile.given import (
    GB,
    MB,
    SEERR,
    House,
    at,
    episodes,
    item,
    request,
    shoko_file,
    torrent,
)
from tracker_tui.model.arr import Command
from tracker_tui.model.shoko import ShokoQueue
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean

ST = "seerr:seerr:75"


def station_nine(house: House) -> None:
    house.sonarr.add_series(
        40, "Station Nine", episodes(40, 1, range(1, 7), first_id=4001), tvdb_id=900040, tmdb_id=800040,
        root_folder="/data/tv", path="/data/tv/Station Nine",
    )  # fmt: skip


def test_a1_regular_season_pack_from_request_to_ready() -> None:
    house = House()
    wanted: dict[str, Any] = {"tmdb_id": 800040, "tvdb_id": 900040, "seasons": (1,)}
    house.requests = [request(75, status=1, **wanted)]
    assert house.tick().row().state is State.REQUESTED

    house.requests = [request(75, **wanted)]
    assert house.tick().row().state is State.APPROVED
    assert house.summary() == "Approved · waiting for Sonarr to add it"

    station_nine(house)
    house.sonarr.commands = [
        Command(
            id=1, name=clean("SeasonSearch"), status=clean("started"), series_ids=(40,), season=1, started_at=house.now
        )
    ]
    assert house.tick().row().state is State.APPROVED
    assert house.states() == [State.PENDING] * 6
    assert house.summary() == "Searching for 6 episodes"

    house.sonarr.commands = []
    house.sonarr.grab(40, range(4001, 4007), "ha", house.now)
    for episode_id in range(4001, 4007):
        house.sonarr.enqueue("ha", status="queued", series_id=40, episode_id=episode_id)
    house.download(torrent("ha", "queued", size_bytes=9_019_431_322))
    assert house.tick().row().state is State.GRABBING
    assert house.summary() == "Season pack grabbed · 6/6"

    house.download(torrent("ha", "downloading", 0.42, size_bytes=9_019_431_322, speed_bytes_s=13_002_342, eta_s=390))
    assert house.tick().row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · 0/6 ready · 42 % of 8.4 GB · 12.4 MB/s · ETA 6m 30s"
    assert house.row().progress == pytest.approx(0.42)

    house.download(torrent("ha", "complete", 1.0, size_bytes=9_019_431_322, completed_at=house.now))
    house.sonarr.queue = []
    for episode_id in range(4001, 4007):
        house.sonarr.enqueue("ha", status="completed", tracked="importpending", series_id=40, episode_id=episode_id)
    assert house.tick().row().state is State.DOWNLOADED
    assert house.row().speed_bytes_s is None
    assert house.row().eta_s is None

    house.sonarr.queue = []
    for episode_id in range(4001, 4007):
        house.sonarr.enqueue("ha", status="completed", tracked="importing", series_id=40, episode_id=episode_id)
    assert house.tick().row().state is State.IMPORTING

    house.sonarr.queue = []
    house.sonarr.place(40, range(1, 7), "/data/tv/Station Nine/Season 1", added=house.now)
    assert house.tick().row().state is State.IMPORTING
    assert house.summary() == "Imported 6/6 · waiting for Jellyfin"
    assert house.row().progress == 1.0

    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 7)
    ]
    assert house.tick().row().state is State.AVAILABLE
    assert house.summary() == "Ready · 6/6"
    assert house.row().attention is Attention.NONE
    texts = [entry.text for entry in house.row().timeline]
    assert texts[0] == "Requested by adept"
    assert "Grabbed 6 episodes" in texts
    assert texts[-1] == "6 episodes in Jellyfin"


def test_a2_regular_film_from_request_to_ready() -> None:
    house = House()
    house.requests = [request(80, movie=True, tmdb_id=700060)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, path="/data/movies/Harbor Lights (2024)")
    assert house.tick().row().state is State.APPROVED

    house.radarr.event("grabbed", house.now, movie_id=60, download_id="HB", indexer="Nyaa.si", quality="WEBDL-1080p")
    house.radarr.enqueue("hb", movie_id=60)
    house.download(torrent("hb", progress=0.084, category="radarr", speed_bytes_s=MB, eta_s=60))
    assert house.tick().row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · 8.4 % of 1.0 GB · 1.0 MB/s · ETA 1m · WEBDL-1080p"

    house.download(torrent("hb", "complete", 1.0, category="radarr"))
    house.radarr.queue = []
    house.radarr.enqueue("hb", status="completed", tracked="importpending", movie_id=60)
    assert house.tick().row().state is State.DOWNLOADED

    house.radarr.queue = []
    house.radarr.place_movie(60, "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv", added=house.now)
    assert house.tick().row().state is State.IMPORTING
    assert house.summary() == "Imported · waiting for Jellyfin"

    house.items = [item("m", "Movie", "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv", tmdb_id="700060")]
    assert house.tick().row().state is State.AVAILABLE
    assert house.summary() == "Ready"


def lycoris(house: House) -> None:
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057, seasons=(1,))]
    house.sonarr.add_series(
        23, "Lycoris Recoil", episodes(23, 1, range(1, 14), first_id=739), tvdb_id=414057, series_type="anime",
        root_folder="/data/anime/shows", path="/data/anime/shows/Lycoris Recoil",
    )  # fmt: skip


FOLDER = "/data/anime/shows/Lycoris Recoil/Season 1"


def shoko_files(matched: int, hashed: int = 13) -> list[Any]:
    return [
        shoko_file(
            300 + n, f"{FOLDER}/S01E{n:02}.mkv", series=12 if n <= matched else None, hashed=n <= hashed,
            imported_at=at("12:00") if n <= matched else None,
        )
        for n in range(1, 14)
    ]  # fmt: skip


def vfs_items(numbers: range) -> list[Any]:
    return [
        item(f"j{n}", path=f"/vfs/shows/Lycoris [Shoko Series=12]/S01E{n:02} [Shoko File={300 + n}].mkv",
             shoko_file_ids=(300 + n,), shoko_series_id=12, series_id="jshow")
        for n in numbers
    ]  # fmt: skip


def test_a3_anime_pack_through_shoko_to_jellyfin() -> None:
    house = House()
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("11:00"))
    house.download(torrent("hlr", progress=0.55, size_bytes=33_930_242_048))
    assert house.tick().states() == [State.DOWNLOADING] * 13

    for episode_id in range(739, 752):
        house.sonarr.enqueue("hlr", status="completed", tracked="importing", series_id=23, episode_id=episode_id)
    house.download(torrent("hlr", "complete", 1.0, size_bytes=33_930_242_048))
    house.sonarr.place(23, range(1, 6), FOLDER, added=house.now)
    assert house.tick().states() == [State.ANIME_MATCHING] * 5 + [State.IMPORTING] * 8
    assert house.row().state is State.IMPORTING

    house.sonarr.queue = []
    house.sonarr.place(23, range(1, 14), FOLDER, added=house.now)
    house.shoko_files = shoko_files(matched=4, hashed=4)
    house.shoko_queue = ShokoQueue(total=9, waiting=9, by_type=((clean("Hash File"), 9),))
    assert house.tick().states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matching · 0/13 ready · Shoko: 4 matched, 9 hashing"

    house.shoko_files = shoko_files(matched=13)
    house.shoko_queue = ShokoQueue(total=0, waiting=0, by_type=())
    assert house.tick().states() == [State.ANIME_MATCHING] * 13
    assert house.summary() == "Matched 13/13 · waiting for Jellyfin"

    house.items = vfs_items(range(1, 14))
    assert house.tick().states() == [State.AVAILABLE] * 13
    assert house.summary() == "Ready · 13/13"
    assert house.row().ids.shoko_series == (12,)


def test_a4_anime_film_that_shoko_keeps_as_a_series() -> None:
    house = House(without=[SEERR])
    path = "/data/anime/movies/The Garden of Words (2013)/Garden.mkv"
    house.radarr.add_movie(62, "The Garden of Words", tmdb_id=198375, tags=(3,), root_folder="/data/anime/movies")
    house.radarr.event("imported", at("11:00"), movie_id=62)
    house.radarr.place_movie(62, path, added=at("11:00"))
    house.shoko_files = [shoko_file(240, path, series=29, episode=623)]
    house.items = [
        item("gw", "Movie", "/vfs/movies/Kotonoha [Shoko File=240].mkv", name="Kotonoha no Niwa", tmdb_id="198375",
             shoko_file_ids=(240,), shoko_episode_id=623)
    ]  # fmt: skip
    assert house.tick().row().state is State.AVAILABLE
    assert house.summary() == "Ready"
    assert "Kotonoha no Niwa" in house.row().titles
    assert house.row().ids.jellyfin == ("gw",)


def test_a5_without_seerr_only_what_moves_is_a_request() -> None:
    house = House(without=[SEERR])
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("08:00"))
    for number in range(100, 500):
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number, has_file=True, added_at=at("1T00:00"))
    station_nine(house)
    for episode_id in (4001, 4002):
        house.sonarr.enqueue("hs", series_id=40, episode_id=episode_id, season=1, size_bytes=GB, left_bytes=GB // 2)
    house.tick()
    assert sorted(house.rows) == ["radarr:radarr:60", "sonarr:sonarr:40"]
    assert house.row("radarr:radarr:60").state is State.APPROVED
    assert house.summary("radarr:radarr:60") == "Searching · added to Radarr today"
    assert house.row("sonarr:sonarr:40").state is State.DOWNLOADING
    assert house.row("sonarr:sonarr:40").requested_by is None
    lamps = {(service.kind.value, service.name): service.status.value for service in house.world().services}
    assert lamps["seerr", None] == "not_configured"

"""Anime that is matched in Shoko and late in Jellyfin."""

from typing import Any

import msgspec

from tests.diagnose.given import House
from tests.reconcile.given import at, request, shoko_file
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.shoko import ShokoSeries

KAGUYA = "/data/anime/movies/Cosmic Princess Kaguya! (2026)/Kaguya.mkv"


def matched_lycoris(house: House, when: str = "11:40", imported: str = "11:30") -> None:
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at(imported))
    known_to_shoko(house, matched=13, hashed=13)
    house.shoko_files = [msgspec.structs.replace(one, imported_at=at(when)) for one in house.shoko_files]


def scanned(house: House, started: str, ended: str, **more: Any) -> None:
    house.task = msgspec.structs.replace(house.task, last_started_at=at(started), last_ended_at=at(ended), **more)


def matched_film(house: House, series: ShokoSeries, when: str = "11:40") -> None:
    house.requests = [request(71, movie=True, tmdb_id=1575337)]
    house.radarr.add_movie(63, "Cosmic Princess Kaguya!", tmdb_id=1575337, root_folder="/data/anime/movies")
    house.radarr.place_movie(63, KAGUYA, added=at("11:30"))
    house.shoko_files = [shoko_file(220, KAGUYA, series=32, imported_at=at(when))]
    house.shoko_series = [series]
    scanned(house, "11:45", "11:50")

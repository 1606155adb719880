"""The titles that many tests are about: a film, and an anime season of thirteen episodes."""

from typing import Any

from tests.reconcile.given import House, at, episodes, request, shoko_file

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"
FOLDER = "/data/anime/shows/Lycoris Recoil/Season 1"
LR = "seerr:seerr:75"


def lycoris(house: House, count: int = 13) -> None:
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057, seasons=(1,))]
    house.sonarr.add_series(
        23, "Lycoris Recoil", episodes(23, 1, range(1, count + 1), first_id=739), tvdb_id=414057,
        series_type="anime", root_folder="/data/anime/shows", path="/data/anime/shows/Lycoris Recoil",
    )  # fmt: skip


def known_to_shoko(house: House, matched: int, hashed: int, count: int = 13) -> None:
    house.shoko_files = [
        shoko_file(
            300 + n, f"{FOLDER}/S01E{n:02}.mkv", series=12 if n <= matched else None, hashed=n <= hashed,
            imported_at=at("11:59") if n <= matched else None,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip

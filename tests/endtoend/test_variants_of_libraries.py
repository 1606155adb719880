"""Cases beside the acceptance scenarios: several instances, other notations of paths, stubs and bare records."""

from typing import Any

import pytest

from tests.endtoend.canned.house import House
from tests.endtoend.canned.reciter import iso

HASH = "ab" * 20


async def test_a_virtual_library_outside_its_own_folders_is_seen_to_be_empty(house: House) -> None:
    sonarr, shoko, jellyfin, seerr = house.sonarr(), house.shoko(), house.jellyfin(), house.seerr()
    jellyfin.libraries = [
        jellyfin.library(1, "Anime", "tvshows", "/media/anime", shoko=True),
        jellyfin.library(2, "Movies", "movies", "/data/movies"),
    ]
    root = "/config/Shokofin/VFS/00000000-0000-0000-0000-000000000001"  # Shokofin 4 and 5: not one of its locations
    for number in (80, 81, 82):
        name, shoko_series = f"Tide {number}", 500 + number
        seerr.asks(number, sonarr.series(number, name, {1: 1}, path=f"/data/anime/{name}"), [1])
        sonarr.has(sonarr.of(number), added=iso(-90))
        shoko.file(number, f"{name}/Season 01/{name} - S01E01.mkv", shoko_series, 600 + number)
        paths = [(1, 1, f"{root}/{name}/S01E01 [Shoko Series={shoko_series}] [Shoko File={number}].mkv")]
        ids = {"Shoko Series": str(shoko_series)}
        jellyfin.show(100 + 10 * number, name, 0, paths, Path=f"{root}/{name}", ProviderIds=ids)
    jellyfin.movie(90, "Another", 1, "/data/movies/Another/Another.mkv")
    before = await house.look()
    assert {row["state"] for row in before.rows.values()} == {"AVAILABLE"}
    jellyfin.items = [one for one in jellyfin.items if one["Type"] == "Movie"]
    for _ in range(3):
        house.passes(2)
        look = await house.look()
        assert look.problems() == {"VFS_LIBRARY_EMPTY": "error"}
        assert {row["state"] for row in look.rows.values()} == {"AVAILABLE"}
        assert all("doubtful" in row["flags"] for row in look.rows.values())


async def test_the_4k_version_waits_for_a_file_of_its_own(house: House) -> None:
    main, uhd = house.sonarr("main"), house.sonarr("uhd")
    jellyfin, seerr = house.jellyfin(), house.seerr()
    seerr.servers["sonarr"] = [{"id": 0, "name": "main"}, {"id": 1, "name": "uhd", "is4k": True}]
    seerr.asks(80, main.series(40, "Station Nine", {1: 2}), [1])
    other = uhd.series(40, "Station Nine", {1: 2}, path="/data/tv-4k/Station Nine")
    seerr.asks(81, other, [1], is4k=True, media={"serviceId4k": 1, "externalServiceId4k": 40, "status4k": 3})
    main.has(main.of(40))
    uhd.has(uhd.of(40), added=iso(-3))
    paths = [(1, one, f"/data/tv/Station Nine/Season 01/Station Nine - S01E0{one}.mkv") for one in (1, 2)]
    items = jellyfin.show(100, "Station Nine", 900040, paths)
    states = {row["id"]: row["state"] for row in (await house.look()).content["requests"]}
    assert states == {"seerr:seerr:80": "AVAILABLE", "seerr:seerr:81": "IMPORTING"}
    for item in items:
        versions = (item["Path"], item["Path"].replace("/data/tv/", "/data/tv-4k/"))
        item["MediaSources"] = [{"Path": one} for one in versions]
    house.passes(2)
    merged = await house.look()
    assert {row["state"] for row in merged.content["requests"]} == {"AVAILABLE"}
    assert merged.code == 0


@pytest.mark.parametrize(
    ("item", "state"),
    [
        pytest.param(
            {"Path": r"\\nas\movies\Harbor Lights (2024)\Harbor Lights.mkv", "ProviderIds": {}},
            "AVAILABLE",
            id="its path",
        ),
        pytest.param({"Path": "/other/Harbor Lights (2024)/renamed.mkv"}, "AVAILABLE", id="its TMDB id"),
        pytest.param({"Path": "/x/Harbor Lights.strm", "LocationType": "Remote"}, "AVAILABLE", id="a stream"),
        pytest.param(
            {"ProviderIds": {"Tmdb": "1"}, "Path": "/x/Harbor Lights (1984)/it.mkv"}, "IMPORTING", id="a namesake"
        ),
        pytest.param({"IsPlaceHolder": True, "Path": "/x/Harbor Lights.disc"}, "IMPORTING", id="a placeholder"),
        pytest.param({"LocationType": "Virtual"}, "IMPORTING", id="virtual"),
        pytest.param({}, "IMPORTING", id="without a path"),
    ],
)
async def test_what_is_playable(house: House, item: dict[str, Any], state: str) -> None:
    radarr, jellyfin, seerr = house.radarr(), house.jellyfin(), house.seerr()
    film = radarr.film(60, "Harbor Lights")
    seerr.asks(1, film)
    radarr.has(film, added=iso(-3))
    jellyfin.movie(300, "Harbor Lights", film["tmdbId"], None, **item)
    assert (await house.look()).state() == state


async def test_bare_records_of_old_versions(house: House) -> None:
    sonarr = house.sonarr(version="3.0.10.1567")
    client = house.client(version="v4.3.9", web_api="2.8.2")
    house.jellyfin(version="10.8.13")
    series = sonarr.series(90, "Bare", {1: 3}, year=0)
    house.seerr(version="1.4.1").asks(1, series, [1])
    for key in ("tmdbId", "seriesType", "added", "tags"):
        del series[key]
    for one in sonarr.of(90):
        del one["title"], one["hasFile"]
    sonarr.queued(sonarr.of(90)[:2], HASH.upper(), size=0, sizeleft=0)
    for record in sonarr.queue:
        del record["trackedDownloadState"]
    client.torrents[HASH] = {"name": "x", "state": "stoppedDL", "progress": 0.0, "size": 0, "total_size": -1}
    look = await house.look()
    assert look.states() == ["GRABBING", "GRABBING", "PENDING"]
    row = look.row()
    assert {row[key] for key in ("progress", "size_bytes", "speed_bytes_s", "eta_s", "original_title")} == {None}
    assert {one["title"] for one in look.episodes()} == {None}, "unknown is never empty"

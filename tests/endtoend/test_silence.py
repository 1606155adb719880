"""What is still known while services are silent, and after they forgot: nothing turns into null or is invented."""

import pytest

from tests.endtoend.canned.house import House
from tests.endtoend.canned.reciter import GIB, iso

HASH = "ab" * 20
OTHER = "cd" * 20


@pytest.mark.parametrize("known_files", [True, False], ids=["files known", "files unknown"])
async def test_progress_outlives_sonarr_and_the_client(house: House, known_files: bool) -> None:
    sonarr, client, seerr = house.sonarr(), house.client(), house.seerr()
    seerr.asks(1, sonarr.series(40, "Station Nine", {1: 3}), [1])
    pack, alone = sonarr.of(40)[:2], sonarr.of(40)[2:]
    for episodes, key in ((pack, HASH), (alone, OTHER)):
        sonarr.grabbed(episodes, key.upper())
        sonarr.queued(episodes, key.upper())
    client.torrent(HASH, progress=0.5)
    client.torrent(OTHER, progress=0.25)
    if known_files:
        client.holds(HASH, {f"Pack/Pack.S01E0{one}.mkv": done for one, done in ((1, 1.0), (2, 0.0))}, size=2 * GIB)
    before = await house.look()
    assert before.row()["progress"] == 0.375
    house.down(sonarr)
    house.down(client)
    house.passes(2)
    look = await house.look()
    assert look.states() == before.states()
    assert look.row()["progress"] == 0.375
    assert look.row()["seasons"][0]["ready"] == 0
    assert (look.row()["speed_bytes_s"], look.row()["eta_s"], look.code) == (None, None, 3)
    assert "stale" in look.row()["flags"] or "restored" in look.row()["flags"]


async def test_usenet_stays_usenet_while_sonarr_is_silent(house: House) -> None:
    sonarr, radarr, seerr = house.sonarr(), house.radarr(), house.seerr()
    seerr.asks(1, sonarr.series(44, "Usenet", {1: 2}), [1])
    seerr.asks(2, radarr.film(60, "Harbor Lights"))
    sonarr.grabbed(sonarr.of(44), "SABnzbd_nzo_1")
    sonarr.queued(sonarr.of(44), "SABnzbd_nzo_1", protocol="usenet", sizeleft=GIB)
    radarr.queued(radarr.entries[0], "SABnzbd_nzo_2", protocol="usenet")
    await house.look()
    for service in (sonarr, radarr):
        house.down(service)
    for _ in range(2):
        house.passes(2)
        look = await house.look()
        assert look.states(title="Usenet") == ["DOWNLOADING"] * 2
        assert [one["torrents"] for one in look.episodes(title="Usenet")] == [[], []]
        assert look.row("Harbor Lights")["torrents"] == []
        assert look.row("Usenet")["progress"] == 0.75


async def test_who_declined_is_remembered_when_the_request_is_deleted(house: House) -> None:
    radarr, seerr = house.radarr(), house.seerr()
    radarr.film(61, "Other")
    wanted = {"id": 60, "title": "Harbor Lights", "tmdbId": 700060, "year": 2024}
    request = seerr.asks(1, wanted, media={"status": 1, "externalServiceId": None})
    request |= {"status": 3, "modifiedBy": {"displayName": "mia"}, "updatedAt": iso(-30)}
    seerr.asks(2, radarr.entries[0])
    assert (await house.look()).summary("Harbor Lights") == "Declined by mia"
    del seerr.requests[0]
    for _ in range(3):
        house.passes(2)
        look = await house.look()
        assert (look.state("Harbor Lights"), look.summary("Harbor Lights")) == ("DECLINED", "Declined by mia")
        assert look.row("Harbor Lights")["attention"] == "none"


@pytest.mark.parametrize("series_known", [True, False], ids=["series told", "series answers 404"])
async def test_an_anime_film_in_the_films_library_is_a_film_whatever_shoko_tells(
    house: House, series_known: bool
) -> None:
    radarr, shoko, jellyfin, seerr = house.radarr(), house.shoko(), house.jellyfin(), house.seerr()
    jellyfin.libraries = [
        jellyfin.library(1, "Anime", "tvshows", "/vfs/1", shoko=True),
        jellyfin.library(2, "Anime Films", "movies", "/vfs/2", shoko=True),
    ]
    film = radarr.film(62, "The Garden of Words", path="/data/anime/The Garden of Words")
    radarr.has(film, added=iso(-50))
    seerr.asks(1, film)
    shoko.file(240, "The Garden of Words/The Garden of Words.mkv", 29, 623)
    if series_known:
        series = {"IDs": {"ID": 29, "AniDB": 18000}, "Name": "Kotonoha", "AniDB": {"Type": "Movie"}}
        shoko.answers["/api/v3/Series/29"] = series
    first = await house.look()
    assert first.state() == "ANIME_MATCHING"
    assert "RECATEGORIZED" not in first.verdicts()
    path = "/vfs/2/Kotonoha [Shoko Series=29]/Kotonoha [Shoko Series=29] [Shoko File=240].mkv"
    jellyfin.movie(300, "Kotonoha no Niwa", film["tmdbId"], path)
    look = await house.look()
    assert (look.state(), look.summary(), look.verdicts()) == ("AVAILABLE", "Ready", {})

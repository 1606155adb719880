"""Cases beside the acceptance scenarios: downloads, searches and what belongs to nobody."""

from tests.endtoend.canned.house import House
from tests.endtoend.canned.reciter import GIB, epoch, iso
from tests.endtoend.stage import Look

HASH = "ab" * 20


async def test_usenet_has_no_torrents(house: House) -> None:
    sonarr, radarr, seerr = house.sonarr(), house.radarr(), house.seerr()
    seerr.asks(1, sonarr.series(44, "Usenet", {1: 2}), [1])
    seerr.asks(2, radarr.film(60, "Harbor Lights"))
    sonarr.grabbed(sonarr.of(44), "SABnzbd_nzo_1")
    sonarr.queued(sonarr.of(44), "SABnzbd_nzo_1", protocol="usenet", sizeleft=GIB, timeleft="00:10:00")
    radarr.queued(radarr.entries[0], "SABnzbd_nzo_2", protocol="usenet", status="paused")
    look = await house.look()
    assert look.states(title="Usenet") == ["DOWNLOADING"] * 2
    assert [one["torrents"] for one in look.episodes(title="Usenet")] == [[], []]
    assert look.row("Usenet")["progress"] == 0.75
    assert look.row("Usenet")["eta_s"] == 600
    assert look.row("Harbor Lights")["torrents"] == []
    assert look.summary("Harbor Lights").startswith("Downloading · paused at 50 %")


async def test_a_torrent_added_by_hand_whoever_answers_first(house: House) -> None:
    sonarr, client, seerr = house.sonarr(), house.client(), house.seerr()
    seerr.asks(1, sonarr.series(45, "Hand Made", {1: 2}), [1])
    client.torrent(HASH, "stalledUP", 1.0, name="Hand.Made.S01.1080p")
    for slow, quick in ((sonarr, client), (client, sonarr)):
        slow.latency_s, quick.latency_s = 0.2, 0.0
        look = await house.look(store=False)
        assert [(one["hash"], one["candidate"]) for one in look.content["unassigned"]] == [(HASH, "seerr:seerr:1")]
        assert look.verdicts()["ORPHAN_TORRENT"] == "warn"
        assert "Manual Import" in look.diagnoses()["ORPHAN_TORRENT"]["next_step"]


async def test_a_search_that_names_only_episodes_ends_a_failure(house: House) -> None:
    sonarr, seerr = house.sonarr(), house.seerr()
    seerr.asks(1, sonarr.series(49, "Fail", {1: 2}), [1])
    first, second = sonarr.of(49)
    for one in (first, second):
        sonarr.event("grabbed", one, HASH, at=-60)
        sonarr.event("downloadFailed", one, HASH, at=-40, data={"message": "Found password"})
    failed = await house.look()
    assert (failed.state(), failed.states()) == ("FAILED", ["FAILED"] * 2)
    assert failed.verdicts() == {"DOWNLOAD_FAILED": "error"}
    search = {"id": 9, "name": "EpisodeSearch", "status": "started", "queued": iso(-1), "started": iso(-1)}
    sonarr.commands.append(search | {"body": {"episodeIds": [first["id"]]}})
    look = await house.look()
    assert look.states() == ["PENDING", "FAILED"]
    assert look.episodes()[0]["note"] == "search running"


async def test_a_shared_torrent_tells_its_eta_though_the_first_file_is_complete(house: House) -> None:
    sonarr, client, seerr = house.sonarr(), house.client(), house.seerr()
    series = sonarr.series(47, "Both", {1: 2, 2: 2})
    seerr.asks(1, series, [1])
    seerr.asks(2, series, [2])
    sonarr.grabbed(sonarr.of(47), HASH.upper())
    sonarr.queued(sonarr.of(47), HASH.upper())
    client.torrent(HASH, progress=0.5)
    names = [f"Both/Both.S{season:02}E{number:02}.mkv" for season in (1, 2) for number in (1, 2)]
    client.holds(HASH, dict(zip(names, (1.0, 0.5, 0.25, 0.0), strict=True)))
    rows = {row["id"]: row for row in (await house.look()).content["requests"]}
    shown = {key: [one["state"] for one in row["seasons"][0]["episodes"]] for key, row in rows.items()}
    assert shown == {
        "seerr:seerr:1": ["DOWNLOADED", "DOWNLOADING"],
        "seerr:seerr:2": ["DOWNLOADING", "DOWNLOADING"],
    }
    assert [row["eta_s"] for row in rows.values()] == [600, 600]
    assert all(row["summary"].endswith("50 % of 4.0 GB · 1.0 MB/s · ETA 10m") for row in rows.values())


async def test_a_series_removed_from_sonarr_while_its_torrent_goes_on(house: House) -> None:
    sonarr, client, seerr = house.sonarr(), house.client(), house.seerr()
    seerr.asks(1, sonarr.series(52, "Gone", {1: 2}), [1])
    sonarr.series(53, "Other", {1: 1})
    sonarr.grabbed(sonarr.of(52), HASH.upper())
    sonarr.queued(sonarr.of(52), HASH.upper())
    client.torrent(HASH, progress=0.5, added_on=epoch(-30))
    await house.look()
    sonarr.entries, sonarr.episodes = sonarr.entries[1:], sonarr.of(53)
    sonarr.queue, sonarr.history = [], []
    house.passes(1)
    doubted = await house.look()
    assert doubted.state() == "DOWNLOADING", "one look proves nothing"
    assert doubted.content["unassigned"] == [], "the request still claims its torrent"
    house.passes(2)
    look = await house.look()
    _removed(look)
    assert [one["hash"] for one in look.content["unassigned"]] == [HASH]


def _removed(look: Look) -> None:
    row = look.row()
    assert (row["state"], row["attention"], row["progress"]) == ("REMOVED", "info", None)
    assert [part["state"] for part in row["seasons"]] == ["REMOVED"]
    assert {one["state"] for one in look.episodes()} == {"REMOVED"}
    assert {one["progress"] for one in look.episodes()} == {None}
    assert look.verdicts() == {"EXTERNAL_DELETE": "info"}
    assert look.content["counts"] == {"in_progress": 0, "ready": 0, "attention": 0}
    assert look.code == 0


async def test_rows_of_sonarr_become_rows_of_seerr(house: House) -> None:
    sonarr, client, seerr = house.sonarr(), house.client(), house.seerr()
    seerr.asks(1, sonarr.series(51, "Down", {1: 2}), [1])
    sonarr.grabbed(sonarr.of(51), HASH.upper())
    client.torrent(HASH, progress=0.5)
    house.down(seerr)
    looks = [await house.look()]
    house.up(seerr)
    for _ in range(3):
        house.passes(2)
        looks.append(await house.look())
    assert [[row["id"] for row in look.content["requests"]] for look in looks] == [
        ["sonarr:sonarr:51"],
        *[["seerr:seerr:1"]] * 3,
    ]
    assert [look.row()["progress"] for look in looks] == [0.5] * 4
    assert not any(look.row()["flags"] for look in looks[1:])


async def test_a_season_that_shokofin_merged_into_another_shows_series_is_found_on_the_first_start(
    house: House,
) -> None:
    sonarr, shoko, jellyfin, seerr = house.sonarr(), house.shoko(), house.jellyfin(), house.seerr()
    jellyfin.libraries = [jellyfin.library(1, "Anime", "tvshows", "/vfs", shoko=True)]
    seerr.asks(1, sonarr.series(80, "Blue Tide", {1: 2, 2: 2}, path="/data/anime/Blue Tide"), [2])
    sonarr.has(sonarr.of(80, 2), added=iso(-50))
    for number in (1, 2):
        shoko.file(310 + number, f"Blue Tide/Season 02/Blue Tide - S02E0{number}.mkv", 13, 630 + number)
    ids = {"ID": 13, "ParentGroup": 5, "TopLevelGroup": 4, "AniDB": 18001}
    shoko.answers["/api/v3/Series/13"] = {"IDs": ids, "Name": "Aoi Shio 2"}
    shoko.answers["/api/v3/Series/13/Episode"] = []
    paths = [(2, one, f"/vfs/Aoi Shio/S02E0{one} [Shoko Series=13] [Shoko File={310 + one}].mkv") for one in (1, 2)]
    main = {"Shoko Series": "12", "Shoko Group": "5"}
    jellyfin.show(100, "Aoi Shio", 0, paths, Path="/vfs/Aoi Shio", ProviderIds=main)
    look = await house.look()
    assert (look.states(2), look.summary(), look.verdicts()) == (["AVAILABLE"] * 2, "Ready · 2/2", {})


async def test_anime_that_jellyfin_still_plays_is_not_called_restored(house: House) -> None:
    sonarr, shoko, jellyfin, seerr = house.sonarr(), house.shoko(), house.jellyfin(), house.seerr()
    jellyfin.libraries = [jellyfin.library(1, "Anime", "tvshows", "/vfs", shoko=True)]
    seerr.asks(1, sonarr.series(80, "Blue Tide", {1: 2}, path="/data/anime/Blue Tide"), [1])
    sonarr.has(sonarr.of(80), added=iso(-50))
    for number in (1, 2):
        shoko.file(300 + number, f"Blue Tide/Season 01/Blue Tide - S01E0{number}.mkv", 12, 620 + number)
    shoko.answers["/api/v3/Series/12"] = {"IDs": {"ID": 12, "AniDB": 18000}, "Name": "Aoi Shio"}
    shoko.answers["/api/v3/Series/12/Episode"] = []
    paths = [(1, one, f"/vfs/Aoi Shio/S01E0{one} [Shoko Series=12] [Shoko File={300 + one}].mkv") for one in (1, 2)]
    jellyfin.show(100, "Aoi Shio", 0, paths, Path="/vfs/Aoi Shio", ProviderIds={"Shoko Series": "12"})
    for _ in range(2):
        look = await house.look()
        assert (look.states(), look.row()["flags"]) == (["AVAILABLE"] * 2, [])
        assert look.summary() == "Ready · 2/2"
        house.passes(2)
    house.down(jellyfin)
    silent = await house.look()
    assert (silent.states(), silent.code) == (["AVAILABLE"] * 2, 3)
    assert "stale" in silent.row()["flags"]

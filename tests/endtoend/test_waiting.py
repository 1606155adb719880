"""What a request waits for, and what is no reason to call it ready or lost.

B6, B13, C8, C12, C14, C15, D3, D9, D13, E10, E12, F4, F9, H3.
"""

from dataclasses import replace

from tests.endtoend.stage import Stage
from tracker_tui.simulate.household.titles import Film, Show, jellyfin_path, pack, single
from tracker_tui.simulate.story.titles import HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE, LYCORIS_PACK, LYCORIS_RECOIL

TWO_SEASONS = Show("Station Nine", 2025, 900040, 800040, 40, 4001, {1: 6, 2: 6})
FIRST_SEASON = pack("Station.Nine.S01.1080p-ORBIT", "Station.Nine.S01E{}.1080p-ORBIT", 6, 6 << 30)
LIGHTS = HARBOR_LIGHTS_RELEASE


async def test_c8_requested_and_not_monitored(stage: Stage) -> None:
    home = stage.household
    stage.at("11:00")
    stage.asked(TWO_SEASONS, seasons=(2,))
    series = home.sonarr.series[40]
    series.seasons[2].monitored = False
    for number in TWO_SEASONS.numbers(2):
        series.numbered(*number).monitored = False
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.states(2)) == ("APPROVED", ["PENDING"] * 6)
    assert look.summary() == "0/6 · not monitored in Sonarr"
    assert look.verdicts() == {"NOT_MONITORED": "warn"}
    assert "onitor" in look.diagnoses()["NOT_MONITORED"]["next_step"]
    assert look.content["counts"]["ready"] == 0


async def test_c12_a_new_season_of_a_show_that_is_there(stage: Stage) -> None:
    stage.at("10:00")
    stage.household.add_series(TWO_SEASONS)
    stage.on_the_shelf(TWO_SEASONS, FIRST_SEASON)
    assert stage.household.playable(TWO_SEASONS) == 6
    stage.at("11:50")
    stage.asked(TWO_SEASONS, seasons=(2,))
    look = await stage.look()
    assert (look.state(), look.states(2)) == ("APPROVED", ["PENDING"] * 6)
    assert look.summary() == "Searching for 6 episodes"
    assert (look.row()["ready"], look.row()["total"]) == (0, 6)
    assert set(look.verdicts().values()) <= {"wait"}


async def test_c14_one_of_two_seasons_is_ready(stage: Stage) -> None:
    home = stage.household
    stage.at("09:10")
    stage.asked(TWO_SEASONS, seasons=(1, 2))
    stage.on_the_shelf(TWO_SEASONS, FIRST_SEASON)
    home.search(TWO_SEASONS, season=2, takes_s=60, message="Season search completed. 0 reports downloaded.")
    home.seerr.partial(home.number_of(TWO_SEASONS))
    stage.at("12:00")
    look = await stage.look()
    assert (look.states(1), look.states(2)) == (["AVAILABLE"] * 6, ["PENDING"] * 6)
    assert (look.state(), look.row()["partial"]) == ("APPROVED", True)
    assert look.summary().startswith("6/12 ready · 6 searching")
    assert look.verdicts() == {"SEARCH_NO_GRAB": "warn"}


async def test_c15_seerr_says_available_and_jellyfin_has_nothing(stage: Stage) -> None:
    home = stage.household
    home.libraries["Movies"].realtime = False
    stage.at("11:00")
    stage.asked(HARBOR_LIGHTS)
    stage.at("11:57")
    stage.arrived(HARBOR_LIGHTS, LIGHTS)
    home.seerr.complete(home.number_of(HARBOR_LIGHTS))
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("IMPORTING", "Imported · waiting for Jellyfin")
    assert look.verdicts()["SEERR_AHEAD"] == "info"
    assert set(look.verdicts().values()) <= {"info", "wait"}
    assert look.content["counts"]["ready"] == 0


async def test_d3_an_error_because_the_disk_is_full(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(HARBOR_LIGHTS)
    home.grab(HARBOR_LIGHTS, LIGHTS, progress=0.61)
    home.qbittorrent.fail_disk_full(LIGHTS.hash)
    home.radarr.client_warns(LIGHTS.hash, "error")
    look = await stage.look()
    assert look.state() == "DOWNLOADING"
    assert look.summary().startswith("Downloading · 61 %")
    assert "error in qBittorrent" in look.summary()
    assert {**look.verdicts(), **look.problems()}["DISK_FULL"] == "error"
    assert "resume" in str(look.content).lower()
    assert look.row()["attention"] == "error"


async def test_d9_an_upgraded_film_is_away_from_jellyfin_for_a_while(stage: Stage) -> None:
    home = stage.household
    stage.at("10:00")
    stage.asked(HARBOR_LIGHTS)
    stage.on_the_shelf(HARBOR_LIGHTS, LIGHTS)
    assert (await stage.look()).state() == "AVAILABLE"
    stage.at("11:30")
    home.libraries["Movies"].realtime = False
    better = single("Harbor.Lights.2024.2160p-ORBIT", 20 << 30, quality="Bluray-2160p")
    stage.arrived(HARBOR_LIGHTS, better)
    old = home.jellyfin.item_at("/media/movies/Harbor Lights (2024)/Harbor Lights (2024) [WEBDL-1080p].mkv")
    assert old is not None
    home.jellyfin.remove_item(old)
    home.radarr.client_refresh()
    for _ in range(3):
        stage.clock.jump(seconds=30)
        away = await stage.look()
        assert (away.state(), away.summary()) == ("AVAILABLE", "Ready · upgraded, waiting for Jellyfin to re-scan")
        assert away.row()["attention"] in {"info", "wait"}
        assert "EXTERNAL_DELETE" not in away.verdicts()
    stage.clock.jump(seconds=20 * 60)
    late = await stage.look()
    assert late.state() == "IMPORTING"
    assert late.verdicts() == {"NOT_SCANNED": "warn", "SEERR_AHEAD": "info"}
    assert late.summary().startswith("Imported")
    stage.scanned()
    back = await stage.look()
    assert (back.state(), back.summary()) == ("AVAILABLE", "Ready")


async def test_d13_a_client_without_a_connection(stage: Stage) -> None:
    home = stage.household
    stage.at("11:00")
    films = [Film(f"Film {number}", 2024, 700100 + number, 100 + number) for number in range(4)]
    releases = [single(f"Film.{number}-GRP", 1 << 30) for number in range(4)]
    for film, release in zip(films, releases, strict=True):
        stage.asked(film)
        home.grab(film, release, progress=0.3)
        home.qbittorrent.torrents[release.hash].seeds = 0
        home.qbittorrent.stall(release.hash)
    home.qbittorrent.connection = "disconnected"
    await stage.look()
    stage.passes(40 * 60, 60)
    look = await stage.look()
    assert [row["state"] for row in look.rows.values()] == ["DOWNLOADING"] * 4
    assert all("client offline" in row["summary"] for row in look.rows.values())
    assert look.problems() == {"CLIENT_OFFLINE": "error"}
    assert not any("STALLED" in look.verdicts(title) for title in look.rows)
    said = look.content["problems"][0]
    assert "qBittorrent" in str(said)
    assert "VPN" in str(said)


async def test_e12_jellyfin_lists_the_title_without_a_file(stage: Stage) -> None:
    home = stage.household
    home.libraries["Movies"].realtime = False
    stage.at("11:50")
    stage.asked(HARBOR_LIGHTS)
    home.jellyfin.add_item(
        home.libraries["Movies"], "Movie", "Harbor Lights", None, provider_ids={"Tmdb": str(HARBOR_LIGHTS.tmdb_id)}
    )
    stage.at("11:57")
    stage.arrived(HARBOR_LIGHTS, LIGHTS)
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("IMPORTING", "Imported · waiting for Jellyfin")
    assert look.verdicts()["JF_STUB"] == "info"
    assert "without a file" in str(look.diagnoses()["JF_STUB"])


async def test_f4_a_ban_by_anidb(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(LYCORIS_RECOIL)
    home.shoko.set_ban(udp=True, http=True)
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.states()) == ("ANIME_MATCHING", ["ANIME_MATCHING"] * 13)
    assert "banned by AniDB" in look.summary()
    assert look.problems() == {"ANIDB_BANNED": "warn"}
    assert "ANIDB_BANNED" not in look.verdicts(), "it is said once"
    assert "until about" in look.content["problems"][0]["message"]


async def test_f9_shokofin_is_not_connected(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    home.shokofin.signalr = "Disconnected"
    for library in home.libraries.values():
        library.realtime = False
    stage.asked(LYCORIS_RECOIL)
    stage.at("11:50")
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    home.shoko.finish_jobs()
    stage.at("12:00")
    look = await stage.look()
    assert look.states() == ["ANIME_MATCHING"] * 13
    assert look.summary() == "Matched 13/13 · Shokofin is not connected to Shoko"
    assert look.problems() == {"SIGNALR_DOWN": "error"}
    assert "SIGNALR_DOWN" not in look.verdicts(), "it is said once"
    assert "Connect" in look.content["problems"][0]["next_step"]


async def test_h3_a_series_deleted_in_sonarr(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    home.add_series(TWO_SEASONS)
    stage.asked(LYCORIS_RECOIL)
    home.grab(LYCORIS_RECOIL, LYCORIS_PACK, LYCORIS_RECOIL.numbers(), progress=0.4)
    home.sonarr.client_refresh()
    assert (await stage.look()).state() == "DOWNLOADING"
    home.delete_series(LYCORIS_RECOIL)
    home.qbittorrent.remove(LYCORIS_PACK.hash)
    stage.clock.jump(seconds=60)
    await stage.look()
    stage.clock.jump(seconds=70)
    gone = await stage.look()
    assert gone.state() == "REMOVED"
    assert gone.summary().startswith("Removed from Sonarr")
    assert gone.verdicts() == {"EXTERNAL_DELETE": "info"}
    assert "Seerr" in gone.diagnoses()["EXTERNAL_DELETE"]["next_step"]


async def test_b13_a_second_grab_while_the_first_downloads(stage: Stage) -> None:
    home = stage.household
    first, second = (single(f"Station.Nine.S01E0{number}-ORBIT", 1 << 30) for number in (1, 2))
    stage.at("11:50")
    stage.asked(TWO_SEASONS)
    home.grab(TWO_SEASONS, first, [(1, 1)])
    home.flow(first, 0.6, 0)
    seen = [await stage.look()]
    home.sonarr.grab([4002], second.name, second.size, second.hash)
    seen.append(await stage.look())
    assert seen[-1].summary().startswith("Downloading · 1 downloading, 1 queued, 4 searching")
    home.qbittorrent.add_torrent(second.hash, second.name, second.files, "tv-sonarr", progress=0.1)
    home.qbittorrent.set_progress(first.hash, 1.0)
    seen.append(await stage.look())
    assert [look.states()[:2] for look in seen] == [
        ["DOWNLOADING", "PENDING"],
        ["DOWNLOADING", "GRABBING"],
        ["DOWNLOADED", "DOWNLOADING"],
    ]
    assert {look.state() for look in seen} == {"DOWNLOADING"}


async def test_b6_specials_are_no_part_of_a_season(stage: Stage) -> None:
    home = stage.household
    show = replace(TWO_SEASONS, seasons={0: 4, 1: 6})
    stage.at("10:00")
    stage.asked(show)
    series = home.sonarr.series[40]
    specials = [series.numbered(*number) for number in show.numbers(0)]
    for special in specials:
        special.monitored = False
    stage.on_the_shelf(show, FIRST_SEASON)
    path = f"{show.folder}/Specials/Station Nine - S00E02.mkv"
    home.sonarr.find_file([specials[1].id], path)
    home.jellyfin.file_added(jellyfin_path(path))
    stage.scanned()
    look = await stage.look()
    assert (look.state(), look.summary()) == ("AVAILABLE", "Ready · 6/6")
    assert (look.row()["ready"], look.row()["total"]) == (6, 6)
    assert look.states() == ["AVAILABLE"] * 6
    assert look.states(0) == ["SKIPPED", "AVAILABLE", "SKIPPED", "SKIPPED"]
    assert [one["flags"] for one in look.episodes(0)] == [[], ["extra"], [], []]
    assert not any(one["counted"] for one in look.episodes(0))
    assert look.verdicts() == {}


async def test_e10_imported_before_the_download_looks_complete(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(LYCORIS_RECOIL)
    home.shokofin.drops_events = True
    for library in home.libraries.values():
        library.realtime = False
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    home.shoko.finish_jobs()
    home.qbittorrent.set_progress(LYCORIS_PACK.hash, 0.97)
    home.sonarr.client_refresh()
    look = await stage.look()
    assert (look.state(), look.states()) == ("ANIME_MATCHING", ["ANIME_MATCHING"] * 13)
    assert look.summary() == "Matched 13/13 · waiting for Jellyfin"
    assert set(look.verdicts().values()) <= {"wait"}

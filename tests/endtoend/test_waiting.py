"""What a request waits for, and what is no reason to call it ready (C8, C12, C14, C15, D3, D9, D13)."""

from tests.endtoend.stage import Stage
from tracker_tui.simulate.household_titles import Film, Show, pack, single
from tracker_tui.simulate.story_titles import HARBOR_LIGHTS, HARBOR_LIGHTS_RELEASE

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

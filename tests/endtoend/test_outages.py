"""Services that fail, and the program started again (F1, F2, F5, F16, G1, G7, H1)."""

from tests.endtoend.stage import MIB, Stage
from tests.endtoend.test_packs import STATION_NINE
from tests.endtoend.test_trouble import STATION_PACK
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.shoko.records import Work
from tracker_tui.simulate.story.titles import (
    FIVE_CENTIMETERS,
    FIVE_CENTIMETERS_RELEASE,
    HARBOR_LIGHTS,
    LYCORIS_PACK,
    LYCORIS_RECOIL,
    SUMMER_GHOST,
    SUMMER_GHOST_RELEASE,
)


async def test_f1_a_hashing_backlog(stage: Stage) -> None:
    home = stage.household
    stage.at("11:54")
    stage.asked(LYCORIS_RECOIL)
    home.shoko.takes_s[Work.HASH] = 1e6
    for number in range(400):
        home.shoko.file_appears(f"/anime/shows/Other/Other - {number}.mkv", MIB + number)
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    stage.passes(30)
    busy = await stage.look()
    assert busy.states() == ["ANIME_MATCHING"] * 13
    assert "Shoko busy (4" in busy.summary()
    assert busy.row()["attention"] == "wait"
    assert "MATCH_FAILED" not in busy.states()


async def test_f2_a_file_that_anidb_does_not_know(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(SUMMER_GHOST)
    home.anidb_does_not_know(SUMMER_GHOST)
    stage.on_the_shelf(SUMMER_GHOST, SUMMER_GHOST_RELEASE)
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("MATCH_FAILED", "Needs link in Shoko")
    assert look.verdicts() == {"SHOKO_UNRECOGNIZED": "error"}
    assert "Unrecognized" in look.diagnoses()["SHOKO_UNRECOGNIZED"]["next_step"]


async def test_f5_a_folder_that_shoko_does_not_watch(stage: Stage) -> None:
    home = stage.household
    home.shoko.folders[1].watched = False
    stage.at("11:20")
    stage.asked(LYCORIS_RECOIL)
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    stage.at("12:00")
    look = await stage.look()
    assert look.states() == ["ANIME_MATCHING"] * 13
    assert look.summary() == "Imported 13/13 · Shoko has not seen the files"
    codes = {**look.verdicts(), **look.problems()}
    assert codes == {"SHOKO_NOT_SEEN": "warn"}
    assert "anime_shows" in str(look.content)


async def test_f16_an_english_request_and_a_romaji_library(stage: Stage) -> None:
    stage.at("11:00")
    stage.asked(FIVE_CENTIMETERS)
    stage.on_the_shelf(FIVE_CENTIMETERS, FIVE_CENTIMETERS_RELEASE)
    look = await stage.look()
    assert (look.state(), look.summary()) == ("AVAILABLE", "Ready")
    assert look.row()["original_title"] == "秒速5センチメートル"
    assert look.verdicts() == {}


async def test_g1_sonarr_dies_during_a_download(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(STATION_NINE)
    home.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers())
    home.flow(STATION_PACK, 0.5, MIB)
    home.sonarr.client_refresh()
    before = await stage.look()
    assert before.state() == "DOWNLOADING"
    home.goes_down(Kind.SONARR)
    shares = [0.52, 0.55, 0.58]
    for share in shares:
        stage.passes(30)
        home.flow(STATION_PACK, share, MIB)
        look = await stage.look()
        assert look.state() == "DOWNLOADING"
        assert len(look.states()) == 6
        assert not {"PENDING", "REMOVED", "FAILED"} & set(look.states())
        assert "stale" in look.row()["flags"]
        assert list(look.problems()) == ["SERVICE_DOWN"]
        assert look.status(Kind.SONARR) != "ok"
        assert look.code == 3
    home.flow(STATION_PACK, 1.0, 0)
    home.returns(Kind.SONARR)
    stage.until(lambda: home.sonarr.download(STATION_PACK.hash).tracked_state == "importing")
    home.sonarr.client_refresh()
    after = await stage.look()
    assert (after.state(), after.problems()) == ("IMPORTING", {})


async def test_g7_started_again_while_two_services_are_silent(stage: Stage) -> None:
    home = stage.household
    stage.at("10:00")
    stage.asked(FIVE_CENTIMETERS)
    stage.on_the_shelf(FIVE_CENTIMETERS, FIVE_CENTIMETERS_RELEASE)
    stage.asked(STATION_NINE)
    home.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers())
    home.flow(STATION_PACK, 0.5, MIB)
    home.sonarr.client_refresh()
    home.request(HARBOR_LIGHTS, by="mia")
    before = await stage.look()
    for kind in (Kind.QBITTORRENT, Kind.JELLYFIN):
        home.goes_down(kind)
    stage.clock.jump(seconds=60)
    silent = await stage.look()
    states = {title: row["state"] for title, row in before.rows.items()}
    assert {title: row["state"] for title, row in silent.rows.items()} == states
    assert states == {
        "5 Centimeters per Second": "AVAILABLE",
        "Station Nine": "DOWNLOADING",
        "Harbor Lights": "REQUESTED",
    }
    assert "stale" in silent.row("5 Centimeters per Second")["flags"]
    for kind in (Kind.QBITTORRENT, Kind.JELLYFIN):
        home.returns(kind)
    after = await stage.look()
    for title, row in before.rows.items():
        told = [(one["at"], one["text"]) for one in after.row(title)["timeline"]]
        assert len(told) == len(set(told)), "nothing twice"
        ready = [[one for one in each["timeline"] if one["state"] == "AVAILABLE"] for each in (row, after.row(title))]
        assert ready[0] == ready[1], "no date reset"
        assert after.row(title)["state"] == row["state"]
    assert all(not row["flags"] for row in after.rows.values())


async def test_the_same_answers_again_tell_nothing_new(stage: Stage) -> None:
    stage.asked(FIVE_CENTIMETERS)
    stage.on_the_shelf(FIVE_CENTIMETERS, FIVE_CENTIMETERS_RELEASE)
    stage.asked(STATION_NINE)
    stage.household.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers(), progress=0.5)
    stage.household.sonarr.client_refresh()
    first = await stage.look()
    written = stage.store_path.read_bytes()
    second = await stage.look()
    assert second.content["requests"] == first.content["requests"]
    assert stage.store_path.read_bytes() == written

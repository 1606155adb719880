"""Trouble on the way: magnets, lost and failed downloads, upgrades, client words, manual imports, late scans.

D1, D2, D5, D6, D8, D10, C3, C5, E1, E8, E11.
"""

import pytest

from tests.endtoend.stage import MIB, Stage
from tests.endtoend.test_packs import STATION_NINE, TWELVE, TWELVE_PACK
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.household.titles import Film, Show, jellyfin_path, pack, shoko_path, single
from tracker_tui.simulate.story.titles import (
    HARBOR_LIGHTS,
    HARBOR_LIGHTS_RELEASE,
    LYCORIS_PACK,
    LYCORIS_RECOIL,
    PANCREAS,
    PANCREAS_RELEASE,
    SALT_ROAD,
    SALT_ROAD_RELEASE,
)

STATION_PACK = pack("Station.Nine.S01.1080p-ORBIT", "Station.Nine.S01E{}.1080p-ORBIT", 6, 6144 * MIB)
LIGHTS = HARBOR_LIGHTS_RELEASE


def sent(stage: Stage, wanted: Show, progress: float = 0.0) -> None:
    """Grab the pack without anybody who acts on what the client reports."""
    home = stage.household
    ids = [home.sonarr.series[wanted.series_id].numbered(*number).id for number in wanted.numbers()]
    home.sonarr.grab(ids, STATION_PACK.name, STATION_PACK.size, STATION_PACK.hash)
    home.qbittorrent.add_torrent(
        STATION_PACK.hash, STATION_PACK.name, STATION_PACK.files, "tv-sonarr", progress=progress
    )
    home.sonarr.client_refresh()


async def test_c3_approved_and_not_in_radarr(stage: Stage) -> None:
    stage.at("11:50")
    stage.household.request(HARBOR_LIGHTS, by="mia")
    stage.household.approve(HARBOR_LIGHTS)
    stage.passes(20)
    early = await stage.look()
    assert (early.state(), early.summary()) == ("APPROVED", "Approved · waiting for Radarr to add it")
    assert early.row()["attention"] == "wait"
    stage.passes(360)
    late = await stage.look()
    assert late.state() == "APPROVED"
    assert late.verdicts() == {"NOT_IN_ARR": "warn"}
    assert late.code == 1


async def test_c5_a_search_that_found_nothing(stage: Stage) -> None:
    stage.at("11:30")
    stage.asked(TWELVE)
    stage.at("11:40")
    stage.household.search(TWELVE, takes_s=60, message="Season search completed. 0 reports downloaded.")
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.states()) == ("APPROVED", ["PENDING"] * 12)
    assert look.summary() == "Searching for 12 episodes · last search 20 min ago found nothing to grab"
    assert look.verdicts() == {"SEARCH_NO_GRAB": "warn"}
    assert not any("/release" in call.path for call in stage.household.sonarr.calls), "polling never asks the indexers"


async def test_d1_a_magnet_that_fetches_its_metadata(stage: Stage) -> None:
    home = stage.household
    stage.at("11:30")
    stage.asked(STATION_NINE)
    home.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers(), metadata_s=1e6)
    stage.at("11:32")
    early = await stage.look()
    assert (early.state(), early.summary()) == ("DOWNLOADING", "Downloading · 0/6 ready · fetching metadata")
    assert (early.row()["progress"], early.row()["eta_s"], early.row()["size_bytes"]) == (None, None, None)
    assert early.row()["attention"] in {"none", "wait"}
    stage.at("11:55")
    late = await stage.look()
    assert late.verdicts() == {"NO_METADATA": "warn"}
    assert late.summary() == early.summary()


async def test_d2_a_stalled_download(stage: Stage) -> None:
    home = stage.household
    stage.at("11:00")
    stage.asked(SALT_ROAD)
    home.grab(SALT_ROAD, SALT_ROAD_RELEASE, progress=0.25, speed=100_000)
    stage.passes(10)
    home.qbittorrent.torrents[SALT_ROAD_RELEASE.hash].seeds = 0
    home.qbittorrent.stall(SALT_ROAD_RELEASE.hash)
    stage.passes(240)
    early = await stage.look()
    assert "STALLED" not in early.verdicts(), "a stall of a few minutes"
    stage.passes(40 * 60 - 240, 60)
    late = await stage.look()
    assert late.state() == "DOWNLOADING"
    assert late.summary().startswith("Downloading · 25 %")
    assert "stalled 40 min · 0 seeds" in late.summary()
    assert late.verdicts() == {"STALLED": "warn"}
    assert late.row()["eta_s"] is None


async def test_d5_a_torrent_removed_half_way(stage: Stage) -> None:
    home = stage.household
    stage.at("10:00")
    stage.asked(STATION_NINE)
    sent(stage, STATION_NINE, 0.4)
    home.qbittorrent.set_file_progress(STATION_PACK.hash, dict.fromkeys(range(6), 0.4))
    assert (await stage.look()).state() == "DOWNLOADING"
    stage.clock.jump(to=stage.clock.now().replace(hour=12))
    home.qbittorrent.remove(STATION_PACK.hash)
    home.sonarr.lose_download(STATION_PACK.hash)
    home.sonarr.client_refresh()
    missed = await stage.look()
    assert missed.states() == ["DOWNLOADING"] * 6, "one answer is no proof"
    stage.clock.jump(seconds=70)
    gone = await stage.look()
    assert (gone.state(), gone.states()) == ("APPROVED", ["PENDING"] * 6)
    assert gone.summary().startswith("Searching · download was removed at 40")
    assert gone.verdicts() == {"TORRENT_GONE": "warn"}


async def test_d6_a_failed_download_and_its_successor(stage: Stage) -> None:
    home = stage.household
    first, second = (single(f"Station.Nine.S01E01-{group}", 1024 * MIB) for group in ("ORBIT", "HALYARD"))
    one = Show("Station Nine", 2025, 900040, 800040, 40, 4001, {1: 1})
    stage.at("10:00")
    stage.asked(one)
    home.grab(one, first, [(1, 1)], progress=0.7)
    stage.at("11:30")
    home.fails(first, "The torrent is dead")
    stage.at("11:31")
    home.grab(one, second, [(1, 1)], speed=MIB)
    stage.passes(10)
    home.qbittorrent.set_progress(second.hash, 0.1)
    look = await stage.look()
    assert (look.state(), look.states()) == ("DOWNLOADING", ["DOWNLOADING"])
    assert look.episodes()[0]["torrents"] == [second.hash]
    assert round(look.row()["progress"], 1) == 0.1
    assert "2nd attempt" in look.summary()
    assert set(look.verdicts().values()) == {"info"}
    assert any("The torrent is dead" in one["message"] for one in look.diagnoses().values())


async def test_d8_an_upgrade_of_a_ready_episode(stage: Stage) -> None:
    home = stage.household
    stage.at("09:30")
    stage.asked(TWELVE)
    stage.on_the_shelf(TWELVE, TWELVE_PACK)
    stage.at("11:50")
    better = single("[Grp] Twelve Moons - S01E03 (BD)", 3 * 1024 * MIB, quality="Bluray-1080p")
    home.grab(TWELVE, better, [(1, 3)], speed=MIB)
    stage.passes(10)
    home.qbittorrent.set_progress(better.hash, 0.3)
    look = await stage.look()
    assert (look.state(), look.states()) == ("AVAILABLE", ["AVAILABLE"] * 12)
    assert look.summary() == "Ready · 12/12 · upgrading 1 (30 %)"
    assert look.verdicts() == {"UPGRADE": "info"}
    assert [one["flags"] for one in look.episodes()].index(["upgrading"]) == 2
    assert look.code == 0


D10 = {
    "queuedDL": (0.0, "GRABBING"),
    "metaDL": (0.0, "DOWNLOADING"),
    "forcedMetaDL": (0.0, "DOWNLOADING"),
    "downloading": (0.4, "DOWNLOADING"),
    "forcedDL": (0.4, "DOWNLOADING"),
    "stalledDL": (0.4, "DOWNLOADING"),
    "checkingDL": (0.4, "DOWNLOADING"),
    "moving": (0.4, "DOWNLOADING"),
    "pausedDL": (0.4, "DOWNLOADING"),
    "stoppedDL": (0.4, "DOWNLOADING"),
    "error": (0.4, "DOWNLOADING"),
    "missingFiles": (0.4, "DOWNLOADING"),
    "unknown": (0.4, "DOWNLOADING"),
    "frobDL": (0.4, "DOWNLOADING"),
    "uploading": (1.0, "DOWNLOADED"),
    "forcedUP": (1.0, "DOWNLOADED"),
    "stalledUP": (1.0, "DOWNLOADED"),
    "queuedUP": (1.0, "DOWNLOADED"),
    "checkingUP": (1.0, "DOWNLOADED"),
    "pausedUP": (1.0, "DOWNLOADED"),
    "stoppedUP": (1.0, "DOWNLOADED"),
}
"""The client's word -> progress and the state that follows."""


@pytest.mark.parametrize("late", [None, *Kind])
async def test_d10_every_word_of_the_client(stage: Stage, late: Kind | None) -> None:
    """In whatever order the services answer: the client's own word beats the queue's copy of it."""
    home = stage.household
    if late is not None:
        home.services[late].latency_s = 0.3
    stage.at("11:50")
    for number, (word, (progress, _)) in enumerate(D10.items(), 100):
        film = Film(word, 2024, 700000 + number, number)
        release = single(f"Film.{word}-GRP", 1024 * MIB)
        stage.asked(film)
        home.radarr.grab(number, release.name, release.size, release.hash)
        home.qbittorrent.add_torrent(release.hash, release.name, release.files, "radarr", progress=progress)
        home.qbittorrent.set_word(release.hash, word)
        if progress == 1:
            home.radarr.complete(release.hash)
    home.radarr.client_refresh()
    look = await stage.look()
    assert {title: row["state"] for title, row in look.rows.items()} == {
        word: state for word, (_, state) in D10.items()
    }
    for word in ("pausedDL", "stoppedDL"):
        assert "paused at 40 %" in look.summary(word)
        assert look.verdicts(word) == {"PAUSED": "warn"}
    for word in ("error", "missingFiles"):
        assert look.row(word)["attention"] == "error"
    said = str(look.row("frobDL"))
    assert "frobDL" in said.replace("'title': 'frobDL'", "").replace("Film.frobDL", "")


async def test_e1_a_film_whose_name_radarr_cannot_parse(stage: Stage) -> None:
    home = stage.household
    stage.at("11:00")
    stage.asked(PANCREAS)
    home.grab(PANCREAS, PANCREAS_RELEASE, progress=1.0, refusal=("Unable to parse file",))
    stage.passes(120)
    look = await stage.look()
    assert (look.state(), look.summary()) == ("DOWNLOADED", "Downloaded · import blocked")
    assert look.verdicts() == {"IMPORT_BLOCKED": "error"}
    said = look.diagnoses()["IMPORT_BLOCKED"]
    assert "Unable to parse file" in str(said)
    assert "Manual Import" in said["next_step"]


async def test_e8_a_manual_import_in_sonarr(stage: Stage) -> None:
    home = stage.household
    stage.at("11:00")
    stage.asked(LYCORIS_RECOIL)
    home.sonarr.grab(range(739, 752), LYCORIS_PACK.name, LYCORIS_PACK.size, LYCORIS_PACK.hash)
    home.qbittorrent.add_torrent(LYCORIS_PACK.hash, LYCORIS_PACK.name, LYCORIS_PACK.files, "tv-sonarr", progress=1.0)
    home.sonarr.lose_download(LYCORIS_PACK.hash)
    stage.at("11:58")
    home.shoko.paused = True
    for number in range(1, 14):
        path = f"{LYCORIS_RECOIL.folder}/Season 01/Lycoris Recoil - S01E{number:02}.mkv"
        home.sonarr.import_file([738 + number], None, path)
        home.shoko.file_appears(shoko_path(path), 1 << 30, file_id=300 + number)
        home.jellyfin.file_added(jellyfin_path(path))
    home.sonarr.client_refresh()
    look = await stage.look()
    assert look.states() == ["ANIME_MATCHING"] * 13
    assert look.summary().startswith("Matching · 0/13 ready · Shoko")
    assert look.row()["attention"] in {"info", "wait"}
    assert "imported manually" in str(look.row()).lower()


async def test_e11_imported_and_not_scanned(stage: Stage) -> None:
    home = stage.household
    home.libraries["Movies"].realtime = False
    stage.at("10:50")
    stage.asked(HARBOR_LIGHTS)
    stage.arrived(HARBOR_LIGHTS, LIGHTS)
    stage.at("12:00")
    look = await stage.look()
    assert (look.state(), look.summary()) == ("IMPORTING", "Imported 70 min ago · not in Jellyfin")
    assert look.verdicts() == {"NOT_SCANNED": "warn"}
    said = str(look.diagnoses()["NOT_SCANNED"])
    assert "03:00" in said
    assert "Shoko" not in said
    assert "VFS" not in said

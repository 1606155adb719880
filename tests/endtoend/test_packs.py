"""Packs, singles and numbering: every episode follows its own file (B1, B3, B8, B10, B12, B14)."""

from tests.endtoend.stage import MIB, Stage
from tracker_tui.simulate.household.titles import Anime, Release, Show, jellyfin_path, pack, single
from tracker_tui.simulate.story.titles import LONG_ORBIT

TWELVE = Show(
    "Twelve Moons",
    2023,
    900050,
    800050,
    50,
    5001,
    {1: 12},
    anime=Anime(18000, "Juuni no Tsuki", 60, 700),
    root="/data/anime/shows",
)
TWELVE_PACK = pack("[Grp] Twelve Moons S01", "[Grp] Twelve Moons - S01E{}", 12, 83_966_000_000)
STATION_NINE = Show("Station Nine", 2025, 900040, 800040, 40, 4001, {1: 6})
SEQUEL = Show(
    "Sequel",
    2023,
    900051,
    800051,
    51,
    5101,
    {1: 12, 2: 12},
    anime=Anime(18001, "Zoku", 61, 800),
    root="/data/anime/shows",
)


async def test_b1_a_season_pack_with_progress_per_file(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(TWELVE)
    home.grab(TWELVE, TWELVE_PACK, TWELVE.numbers(), speed=30_513_561)
    stage.passes(10)
    home.qbittorrent.set_file_progress(TWELVE_PACK.hash, {0: 1.0, 1: 0.67, 2: 0.33})
    look = await stage.look()
    assert look.states() == ["DOWNLOADED"] + ["DOWNLOADING"] * 11
    shown = [round(one["progress"], 2) for one in look.episodes()]
    assert shown == [1.0, 0.67, 0.33] + [0.0] * 9
    assert not any(one["progress_is_estimate"] for one in look.episodes())
    assert look.summary().startswith("Downloading · 1/12 downloaded, 0/12 ready · 1")
    assert "of 78.2 GB" in look.summary()
    assert look.verdicts() == {}, "the torrent of the finished file is not complete: no import is late"


async def test_b3_a_pack_and_two_singles_add_up(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(TWELVE)
    ten = pack("[Grp] Twelve Moons 01-10", "[Grp] Twelve Moons - S01E{}", 10, 10_240 * MIB)
    eleven, twelve = (single(f"[Grp] Twelve Moons - S01E{number}", 1024 * MIB) for number in (11, 12))
    numbers = TWELVE.numbers()
    home.grab(TWELVE, ten, numbers[:10], speed=4 * MIB)
    home.grab(TWELVE, eleven, numbers[10:11], progress=1.0)
    home.grab(TWELVE, twelve, numbers[11:], speed=MIB)
    stage.passes(10)
    home.qbittorrent.set_file_progress(ten.hash, dict.fromkeys(range(10), 0.5))
    home.qbittorrent.set_file_progress(twelve.hash, {0: 0.2})
    look = await stage.look()
    assert look.states() == ["DOWNLOADING"] * 10 + ["DOWNLOADED", "DOWNLOADING"]
    row = look.row()
    assert round(row["progress"], 2) == 0.52, "weighted by size"
    torrents = home.qbittorrent.torrents
    assert row["speed_bytes_s"] == torrents[ten.hash].speed + torrents[twelve.hash].speed, "speeds are summed"
    assert row["eta_s"] > 1200 * 0.8, "the longest ETA"
    assert look.summary().startswith("Downloading · 1/12 downloaded, 0/12 ready · 51.")
    assert [len(one["torrents"]) for one in look.episodes()] == [1] * 12


async def test_b8_one_file_for_two_episodes(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(STATION_NINE)
    files = ("S01E01E02", "S01E03", "S01E04", "S01E05", "S01E06")
    release = Release("Station.Nine.S01", "ab" * 20, tuple((f"Station.Nine.{one}.mkv", 1024 * MIB) for one in files))
    home.sonarr.grab(range(4001, 4007), release.name, release.size, release.hash)
    home.qbittorrent.add_torrent(release.hash, release.name, release.files, "tv-sonarr")
    home.qbittorrent.set_file_progress(release.hash, dict(enumerate((0.5, 0.25, 0.0, 0.0, 0.75))))
    home.sonarr.client_refresh()
    first = await stage.look()
    assert [one["progress"] for one in first.episodes()] == [0.5, 0.5, 0.25, 0.0, 0.0, 0.75]
    home.qbittorrent.set_progress(release.hash, 1.0)
    home.sonarr.complete(release.hash)
    for ids, word in zip(((4001, 4002), (4003,), (4004,), (4005,), (4006,)), files, strict=True):
        path = f"{STATION_NINE.folder}/Season 01/Station Nine - {word}.mkv"
        home.sonarr.import_file(ids, release.hash, path)
        home.jellyfin.file_added(jellyfin_path(path))
    stage.scanned()
    home.sonarr.client_refresh()
    ready = await stage.look()
    assert (ready.states(), ready.summary()) == (["AVAILABLE"] * 6, "Ready · 6/6")
    assert ready.verdicts() == {}


async def test_b10_an_airing_show(stage: Stage) -> None:
    home = stage.household
    stage.at("11:40")
    stage.asked(LONG_ORBIT)
    for number in (1, 2, 3):
        home.grab(LONG_ORBIT, single(f"The.Long.Orbit.S01E{number:02}", 1024 * MIB), [(1, number)], speed=MIB)
    stage.passes(6, 2)
    look = await stage.look()
    assert look.states() == ["DOWNLOADING"] * 3 + ["UNAIRED"] * 9
    assert [one["counted"] for one in look.episodes()] == [True] * 3 + [False] * 9
    assert look.episodes()[-1]["air_date"] is None
    assert (look.row()["ready"], look.row()["total"]) == (0, 3)
    assert look.summary().startswith("Downloading · 0/3 aired ready")
    assert "9 upcoming, next 31 Jan" in look.summary()
    assert look.verdicts() == {}


async def test_b12_three_of_twelve_grabbed_so_far(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(TWELVE)
    home.qbittorrent.set_queueing(0)
    for number in (1, 2, 3):
        home.grab(TWELVE, single(f"[Grp] Twelve Moons - S01E{number:02}", 1024 * MIB), [(1, number)])
    home.sonarr.search(50, episode_ids=range(5004, 5013), takes_s=120)
    stage.passes(6, 2)
    look = await stage.look()
    assert look.state() == "GRABBING"
    assert look.states() == ["GRABBING"] * 3 + ["PENDING"] * 9
    assert look.summary() == "Grabbing 3/12 · 9 searching"
    assert look.row()["attention"] in {"none", "wait"}


async def test_b14_absolute_numbers_in_a_second_season(stage: Stage) -> None:
    home = stage.household
    stage.at("11:50")
    stage.asked(SEQUEL, seasons=(2,))
    names = [f"[Grp] Sequel - {number}{'v2' if number == 24 else ''}.mkv" for number in range(13, 25)]
    release = Release("[Grp] Sequel 13-24", "cd" * 20, tuple((name, 1024 * MIB) for name in names))
    home.grab(SEQUEL, release, SEQUEL.numbers(2), speed=MIB)
    wanted = [index / 16 for index in range(12)]
    home.qbittorrent.set_file_progress(release.hash, dict(enumerate(wanted)))
    home.sonarr.client_refresh()
    look = await stage.look()
    assert look.states(2) == ["DOWNLOADING"] * 12
    assert [one["progress"] for one in look.episodes(2)] == wanted
    assert look.row()["total"] == 12
    assert "UNMAPPED_FILE" not in look.verdicts()

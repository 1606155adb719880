"""The household: single verbs go through all services, and what follows from them follows by the clock."""

from datetime import timedelta

import pytest

from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.ids import Kind
from tracker_tui.model.seerr import SeerrStatus
from tracker_tui.simulate.arr.records import Download
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.household.resting import rest
from tracker_tui.simulate.household.services import ANIME_MOVIES, ANIME_SHOWS
from tracker_tui.simulate.household.titles import Anime, Film, Show, Wanted, jellyfin_path, pack, shoko_path, single

MIB = 1 << 20

SHOW = Show("Station Nine", 2025, 900040, 800040, 40, 4001, {1: 3, 2: 2})
PACK = pack("Station.Nine.S01-ORBIT", "Station.Nine.S01E{}-ORBIT", 3, 3000 * MIB)
FILM = Film("Harbor Lights", 2024, 700060, 60)
RELEASE = single("Harbor.Lights.2024.1080p.WEB-DL-ORBIT", 600 * MIB)
ANIME = Show(
    "Lycoris Recoil",
    2022,
    414057,
    154494,
    23,
    739,
    {1: 2},
    anime=Anime(17097, "Lycoris Recoil", 12, 301),
    root="/data/anime/shows",
)
ANIME_PACK = pack("[Vertex] Lycoris Recoil", "[Vertex] Lycoris Recoil - S01E{}", 2, 400 * MIB, quality="Bluray-1080p")
ANIME_FILM = Film(
    "Summer Ghost",
    2021,
    798544,
    64,
    anime=Anime(16208, "Summer Ghost", 10, 260),
    root="/data/anime/movies",
)
ANIME_RELEASE = single("[Lantern] Summer Ghost", 150 * MIB)


@pytest.fixture
def household() -> Household:
    return Household(SimClock(START))


def passes(household: Household, seconds: float, step: float = 2.0) -> None:
    """Let time pass in small steps."""
    for _ in range(round(seconds / step)):
        household.clock.jump(seconds=step)
        household.tick()


def wanted(household: Household, one: Wanted) -> None:
    household.request(one, by="mia")
    household.approve(one)
    household.arr_adds(one)


def queue(household: Household, release_hash: str) -> Download:
    return household.sonarr.download(release_hash)


def test_a_request_is_pending_until_it_is_approved_and_then_handed_over(household: Household) -> None:
    number = household.request(FILM, by="mia")
    assert household.seerr.requests[number].status == SeerrStatus.PENDING
    assert FILM.movie_id not in household.radarr.movies
    household.approve(FILM)
    household.arr_adds(FILM)
    assert household.seerr.requests[number].status == SeerrStatus.APPROVED
    assert household.seerr.requests[number].edition.external_id == FILM.movie_id
    assert household.radarr.movies[FILM.movie_id].tmdb_id == FILM.tmdb_id


def test_a_declined_request_never_reaches_radarr(household: Household) -> None:
    number = household.request(FILM, by="mia")
    household.decline(FILM)
    assert household.seerr.requests[number].status == SeerrStatus.DECLINED
    assert household.radarr.movies == {}


def test_only_the_seasons_that_are_asked_for_are_monitored(household: Household) -> None:
    wanted(household, SHOW)
    seasons = household.sonarr.series[SHOW.series_id].seasons
    assert {number: one.monitored for number, one in seasons.items()} == {1: True, 2: False}
    household.request(SHOW, by="kim", seasons=(2,))
    household.arr_adds(SHOW)
    assert {number: one.monitored for number, one in seasons.items()} == {1: True, 2: True}


def test_a_grab_is_history_first_then_a_torrent_then_a_queue_record(household: Household) -> None:
    wanted(household, SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), speed=10 * MIB)
    rows = [(row.item_id, row.download_id, row.quality) for row in household.sonarr.history]
    assert rows == [(one, PACK.hash.upper(), "WEBDL-1080p") for one in (4001, 4002, 4003)]
    torrent = household.qbittorrent.torrents[PACK.hash]
    assert (torrent.category, torrent.size) == ("tv-sonarr", PACK.size)
    assert [file.name for file in torrent.files] == [name for name, _ in PACK.files]
    passes(household, 4)
    assert household.sonarr._queue_records() == []
    passes(household, 2)
    assert {record["episodeId"] for record in household.sonarr._queue_records()} == {4001, 4002, 4003}


def test_sonarr_knows_the_progress_of_its_last_look_at_the_client(household: Household) -> None:
    wanted(household, SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), speed=10 * MIB)
    passes(household, 6)
    told = household.sonarr._queue_records()[0]["sizeleft"]
    passes(household, 50)
    assert household.sonarr._queue_records()[0]["sizeleft"] == told
    assert household.qbittorrent.torrents[PACK.hash].completed() > 400 * MIB
    passes(household, 12)
    assert household.sonarr._queue_records()[0]["sizeleft"] != told


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ("stall", "warning", "The download is stalled with no connections"),
        ("stop", "paused", None),
        ("queue", "queued", None),
    ],
)
def test_the_queue_tells_the_clients_states(
    household: Household, change: str, status: str, message: str | None
) -> None:
    wanted(household, SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), speed=MIB)
    if change == "queue":
        household.qbittorrent.set_queueing(0)
    else:
        getattr(household.qbittorrent, change)(PACK.hash)
    passes(household, 70)
    record = household.sonarr._queue_records()[0]
    assert (record["status"], record.get("errorMessage")) == (status, message)


def test_a_pack_goes_its_whole_way_by_itself(household: Household) -> None:
    wanted(household, SHOW)
    number = household.number_of(SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), speed=100 * MIB)
    seen: list[str] = []
    for _ in range(300):
        passes(household, 2)
        records = household.sonarr._queue_records()
        word = str(records[0]["trackedDownloadState"]) if records else "gone"
        if not seen or seen[-1] != word:
            seen.append(word)
    assert seen == ["gone", "downloading", "importPending", "importing", "gone"]
    series = household.sonarr.series[SHOW.series_id]
    assert sorted(file.size for file in series.files.values()) == sorted(size for _, size in PACK.files)
    for file in series.files.values():
        item = household.jellyfin.item_at(jellyfin_path(file.path))
        assert item is not None
        assert item.season == 1
    assert household.playable(SHOW, [1]) == 3
    assert household.seerr.requests[number].status == SeerrStatus.COMPLETED


def test_an_anime_film_goes_through_shoko_and_shokofin(household: Household) -> None:
    wanted(household, ANIME_FILM)
    household.grab(ANIME_FILM, ANIME_RELEASE, speed=50 * MIB)
    passes(household, 240)
    file = household.radarr.movies[ANIME_FILM.movie_id].file
    assert file is not None
    shoko = household.shoko.files[260]
    assert household.shoko.absolute_path(shoko.locations[0]) == shoko_path(file.path)
    assert (shoko.size, shoko.imported_at is not None) == (file.size, True)
    (item,) = [one for one in household.jellyfin.index.items.values() if one.provider_ids.get("Shoko File") == "260"]
    assert item.library_id == household.libraries[ANIME_MOVIES].id
    assert item.provider_ids["Tmdb"] == str(ANIME_FILM.tmdb_id)


def test_what_shoko_matches_during_a_scan_waits_for_a_refresh(household: Household) -> None:
    rest(household, movies=0, series=1)  # Jellyfin would skip a library whose virtual folder is empty
    household.shoko.finish_jobs()
    household.jellyfin.finish_scan()
    wanted(household, ANIME)
    household.shoko.add_backlog("Hash File", 4, takes_s=200)
    household.grab(ANIME, ANIME_PACK, ANIME.numbers(), progress=1.0)
    household.imports_now(ANIME_PACK)
    household.tick()
    assert not household.hashing_begins(ANIME)
    while not household.hashing_begins(ANIME):
        passes(household, 2)
    household.scan(lasts_s=60)
    passes(household, 400)
    assert household.shoko.files[301].imported_at is not None
    assert household.playable(ANIME) == 0
    household.refresh_library(ANIME_SHOWS)
    passes(household, 30)
    assert household.playable(ANIME) == 2


def test_an_unknown_anime_waits_for_a_link_by_hand(household: Household) -> None:
    wanted(household, ANIME_FILM)
    household.anidb_does_not_know(ANIME_FILM)
    household.grab(ANIME_FILM, ANIME_RELEASE, progress=1.0)
    household.imports_now(ANIME_RELEASE)
    passes(household, 200)
    file = household.shoko.files[260]
    assert (file.ed2k is not None, file.links) == (True, [])
    household.links_by_hand(ANIME_FILM)
    passes(household, 90)
    assert household.playable(ANIME_FILM) == 1


def test_a_refused_import_waits_for_a_person(household: Household) -> None:
    wanted(household, FILM)
    household.grab(FILM, RELEASE, progress=1.0, refusal=("Unable to parse file",))
    passes(household, 120)
    (record,) = household.radarr._queue_records()
    assert record["trackedDownloadState"] == "importBlocked"
    assert household.radarr.movies[FILM.movie_id].file is None
    household.imports_now(RELEASE)
    passes(household, 70)
    assert household.radarr._queue_records() == []
    assert household.playable(FILM) == 1


def test_an_upgrade_replaces_the_file_everywhere(household: Household) -> None:
    wanted(household, FILM)
    household.grab(FILM, single("Harbor.Lights.2024.720p-OLD", MIB, quality="WEBDL-720p"), progress=1.0)
    passes(household, 160)
    old = household.radarr.movies[FILM.movie_id].file
    household.grab(FILM, RELEASE, progress=1.0)
    passes(household, 160)
    new = household.radarr.movies[FILM.movie_id].file
    assert old is not None
    assert new is not None
    assert household.jellyfin.item_at(jellyfin_path(old.path)) is None
    assert household.jellyfin.item_at(jellyfin_path(new.path)) is not None
    assert [row.data.get("reason") for row in household.radarr.history if row.kind is HistoryKind.DELETED] == [
        "Upgrade"
    ]


def test_a_failed_release_leaves_queue_and_client(household: Household) -> None:
    wanted(household, SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), speed=MIB)
    passes(household, 10)
    household.fails(PACK, "fake")
    passes(household, 10)
    assert household.sonarr._queue_records() == []
    assert PACK.hash not in household.qbittorrent.torrents
    assert [row.kind for row in household.sonarr.history[-3:]] == [HistoryKind.FAILED] * 3


def test_a_server_that_is_down_imports_when_it_is_back(household: Household) -> None:
    wanted(household, FILM)
    household.grab(FILM, RELEASE, progress=1.0)
    household.goes_down(Kind.RADARR)
    assert [server.up for server in household.seerr.servers] == [True, False]
    passes(household, 300)
    assert household.radarr.movies[FILM.movie_id].file is None
    household.returns(Kind.RADARR)
    passes(household, 120)
    assert household.radarr.movies[FILM.movie_id].file is not None
    assert household.down == set()


def test_an_outage_in_the_middle_of_an_import_only_delays_it(household: Household) -> None:
    wanted(household, SHOW)
    household.grab(SHOW, PACK, SHOW.numbers(), progress=1.0)
    while not household.sonarr.series[SHOW.series_id].files:
        passes(household, 2)
    household.goes_down(Kind.SONARR)
    passes(household, 60)
    assert len(household.sonarr.series[SHOW.series_id].files) < 3
    household.returns(Kind.SONARR)
    passes(household, 60)
    assert len(household.sonarr.series[SHOW.series_id].files) == 3


def test_the_same_seed_gives_the_same_speeds_whatever_the_steps() -> None:
    def speeds(seed: int, step: float) -> list[int]:
        household = Household(SimClock(START), seed=seed)
        wanted(household, SHOW)
        household.grab(SHOW, PACK, SHOW.numbers(), speed=MIB)
        found = []
        for _ in range(5):
            passes(household, 20, step)
            found.append(household.qbittorrent.torrents[PACK.hash].speed)
        return found

    assert speeds(1, 2.0) == speeds(1, 5.0)
    assert speeds(1, 2.0) != speeds(2, 2.0)
    assert len(set(speeds(1, 2.0))) == 5


def test_a_pack_is_as_big_as_its_files() -> None:
    assert PACK.size == 3000 * MIB
    assert len({size for _, size in PACK.files}) == 3


def test_what_is_no_anime_cannot_be_linked(household: Household) -> None:
    with pytest.raises(ValueError, match="no anime"):
        household.links_by_hand(FILM)


def test_searching_notes_when(household: Household) -> None:
    wanted(household, SHOW)
    passes(household, 30)
    household.search(SHOW, takes_s=10, message="Season search completed. 0 reports downloaded.")
    episodes = household.sonarr.series[SHOW.series_id].episodes.values()
    assert {one.last_search_at for one in episodes if one.season == 1} == {START + timedelta(seconds=30)}
    assert household.sonarr.commands[-1].message is not None


def test_a_library_at_rest_is_in_all_services(household: Household) -> None:
    rest(household, movies=11, series=11)
    household.shoko.finish_jobs()
    household.jellyfin.finish_scan()
    types = [item.type for item in household.jellyfin.index.items.values()]
    assert types.count("Movie") == 11
    assert types.count("Series") == 11
    anime = [file for file in household.shoko.files.values() if file.imported_at is not None]
    assert len(anime) == 2 + 2 * 10
    assert household.radarr.scenery is not None
    assert household.sonarr.scenery is not None

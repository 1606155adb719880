"""Cases that an operator tries and the acceptance scenarios do not hold, as a table: what is said, and how it reads."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest

from tests.endtoend.canned.arrs import Sonarr
from tests.endtoend.canned.client import Client
from tests.endtoend.canned.house import House
from tests.endtoend.canned.media import Jellyfin
from tests.endtoend.canned.reciter import GIB, epoch, guid, iso
from tests.endtoend.stage import Json, Look

HASH, OTHER = "ab" * 20, "cd" * 20
FOLDER = "/data/tv/Station Nine"


class Home(NamedTuple):
    """The services that nearly every case has; the series has id 40, its request number 1."""

    house: House
    sonarr: Sonarr
    client: Client
    jellyfin: Jellyfin

    @property
    def episodes(self) -> list[Json]:
        return self.sonarr.of(40)

    def sent(
        self, episodes: Iterable[Json], state: str = "downloading", progress: float = 0.5, **record: object
    ) -> None:
        """Let episodes be grabbed, in the queue and in the client."""
        episodes = list(episodes)
        self.sonarr.grabbed(episodes, HASH.upper())
        self.sonarr.queued(episodes, HASH.upper(), **record)
        self.client.torrent(HASH, state, progress)

    def plays(self, numbers: Iterable[int], season: int = 1) -> list[Json]:
        files = [
            (season, one, f"{FOLDER}/Season {season:02}/Station Nine - S{season:02}E{one:02}.mkv") for one in numbers
        ]
        return self.jellyfin.show(100, "Station Nine", 900040, files)


def station(house: House, seasons: dict[int, int], asked: list[int], **more: object) -> Home:
    """Return a house in which some seasons of Station Nine were asked for two hours ago."""
    home = Home(house, house.sonarr(), house.client(), house.jellyfin())
    house.seerr().asks(1, home.sonarr.series(40, "Station Nine", seasons, **more), asked)
    return home


def two_episodes_in_one_file_that_jellyfin_counts_once(house: House) -> None:
    home = station(house, {1: 3}, [1])
    first, second, third = home.episodes
    home.sonarr.has([first, third])
    second |= {"hasFile": True, "episodeFileId": first["episodeFileId"]}
    home.sonarr.files[0]["path"] = double = f"{FOLDER}/Season 01/Station Nine - S01E01-E02.mkv"
    home.plays([1, 3])[0]["Path"] = double


def absolute_numbers_of_a_later_season(house: House) -> None:
    home = station(house, {1: 24, 2: 3}, [2], seriesType="anime")
    for number, episode in enumerate(home.episodes, 1):
        episode["absoluteEpisodeNumber"] = number
    home.sonarr.has(home.sonarr.of(40, 1))
    home.sent(home.sonarr.of(40, 2))
    home.client.holds(HASH, {f"[Grp] Station Nine - {n}.mkv": part for n, part in ((25, 1.0), (26, 0.5), (27, 0.0))})


def specials_that_were_asked_for(house: House) -> None:
    home = station(house, {0: 2, 1: 2}, [0])
    for special in home.sonarr.of(40, 0):
        special["monitored"] = True
    home.sonarr.has(home.sonarr.of(40, 0)[:1])
    home.plays([1], season=0)


def a_pack_of_which_half_is_there(house: House) -> None:
    home = station(house, {1: 6}, [1])
    home.sonarr.has(home.episodes[:3])
    home.plays([1, 2, 3])
    home.sent(home.episodes, progress=0.4)
    home.client.holds(HASH, {f"Station.Nine.S01E0{number}.mkv": 0.4 for number in range(1, 7)})


def one_pack_for_two_requests(house: House) -> None:
    home = station(house, {1: 2, 2: 2}, [1])
    seerr = house.services[-1]
    seerr.asks(2, home.sonarr.entries[0], [2])  # type: ignore[attr-defined]
    home.sent(home.episodes)
    parts = {"S01E01": 1.0, "S01E02": 1.0, "S02E01": 0.0, "S02E02": 0.0}
    home.client.holds(HASH, {f"Station.Nine.{name}.mkv": part for name, part in parts.items()})


def a_second_version_of_the_hash(house: House) -> None:
    home = station(house, {1: 1}, [1])
    v2 = "9f" * 32
    home.sonarr.grabbed(home.episodes, v2[:40].upper())
    home.sonarr.queued(home.episodes, v2[:40].upper())
    home.client.torrent(HASH, infohash_v1=HASH, infohash_v2=v2)


def usenet(house: House) -> None:
    home = station(house, {1: 1}, [1])
    home.sonarr.grabbed(home.episodes, "SABnzbd_nzo_1", data={"protocol": "usenet"})
    told = {"protocol": "usenet", "downloadClient": "SABnzbd", "sizeleft": GIB, "timeleft": "00:05:00"}
    home.sonarr.queued(home.episodes, "SABnzbd_nzo_1", **told)


def usenet_that_cannot_be_unpacked(house: House) -> None:
    home = station(house, {1: 1}, [1])
    home.sonarr.grabbed(home.episodes, "SABnzbd_nzo_1", data={"protocol": "usenet"})
    told = {"status": "failed", "trackedDownloadState": "failedPending", "trackedDownloadStatus": "warning"}
    home.sonarr.queued(home.episodes, "SABnzbd_nzo_1", protocol="usenet", errorMessage="Unpacking failed", **told)


def imported_by_hand(house: House) -> None:
    home = station(house, {1: 2}, [1])
    home.sonarr.grabbed(home.episodes, HASH.upper())
    home.client.torrent(HASH, "stalledUP", 1.0)
    home.sonarr.has(home.episodes, added=iso(-2))
    for episode in home.episodes:
        home.sonarr.event("downloadFolderImported", episode, None, at=-2)


def all_that_has_aired_is_there(house: House) -> None:
    home = station(house, {1: 6}, [1])
    home.sonarr.has(home.episodes[:3])
    home.plays([1, 2, 3])
    for week, episode in enumerate(home.episodes[3:]):
        episode["airDateUtc"] = iso(60 * 24 * (6 + 7 * week))
    del home.episodes[5]["airDateUtc"]


def an_episode_deleted_on_purpose(house: House) -> None:
    home = station(house, {1: 3}, [1])
    first, *rest = home.episodes
    home.sonarr.has(rest)
    home.plays([2, 3])
    home.sonarr.event("episodeFileDeleted", first, None, at=-60, data={"reason": "Manual"})
    first["monitored"] = False


def unmonitored_while_it_downloads(house: House) -> None:
    home = station(house, {1: 2}, [1], monitored=False)
    home.sonarr.entries[0]["seasons"][0]["monitored"] = False
    for episode in home.episodes:
        episode["monitored"] = False
    home.sent(home.episodes)


def a_renamed_folder(house: House) -> None:
    home = station(house, {1: 2}, [1], path="/data/tv/Station Nine (2022) {tvdb-900040}")
    home.sonarr.has(home.episodes)
    home.plays([1, 2])


def no_room_in_the_middle_of_an_import(house: House) -> None:
    home = station(house, {1: 4}, [1])
    done, rest = home.episodes[:2], home.episodes[2:]
    home.sonarr.grabbed(home.episodes, HASH.upper())
    home.sonarr.has(done, added=iso(-3))
    for episode in done:
        home.sonarr.event("downloadFolderImported", episode, HASH.upper(), at=-3)
    home.plays([1, 2])
    words = [{"title": "x.mkv", "messages": ["Not enough free space (1.1 GB) to import: x.mkv (1.4 GB)"]}]
    told = {"status": "completed", "trackedDownloadState": "importPending", "trackedDownloadStatus": "warning"}
    home.sonarr.queued(rest, HASH.upper(), sizeleft=0, statusMessages=words, **told)
    home.client.torrent(HASH, "stalledUP", 1.0)


def _pending(home: Home, status: str, **more: object) -> None:
    told = {"status": status, "sizeleft": 4 * GIB, "trackedDownloadState": None, "trackedDownloadStatus": None}
    home.sonarr.queued(home.episodes, "", **told, **more)
    for record in home.sonarr.queue:
        del record["downloadId"]


def a_delay_profile(house: House) -> None:
    _pending(station(house, {1: 2}, [1]), "delay", estimatedCompletionTime=iso(90))


def a_client_that_sonarr_cannot_reach(house: House) -> None:
    _pending(station(house, {1: 1}, [1]), "downloadClientUnavailable")


def a_proper_before_jellyfin_saw_the_first(house: House) -> None:
    home = station(house, {1: 1}, [1])
    (episode,) = home.episodes
    home.sonarr.has([episode], added=iso(-9))
    home.sonarr.event("grabbed", episode, OTHER.upper(), at=-30)
    home.sonarr.event("downloadFolderImported", episode, OTHER.upper(), at=-9)
    home.sonarr.grabbed([episode], HASH.upper(), at=-5)
    home.sonarr.queued([episode], HASH.upper(), episodeHasFile=True)
    home.client.torrent(HASH)


def versions_that_jellyfin_merged(house: House) -> None:
    home = station(house, {1: 1}, [1])
    home.sonarr.has(home.episodes)
    (item,) = home.plays([1])
    paths = [item["Path"].replace("E01", "E01 - 480p"), item["Path"]]
    item |= {"Path": paths[0], "MediaSources": [{"Path": one} for one in paths]}


def no_air_dates(house: House) -> None:
    home = station(house, {1: 3}, [1])
    for episode in home.episodes:
        del episode["airDateUtc"]


def times_of_three_zones(house: House) -> None:
    home = station(house, {1: 2}, [1])
    aired, later = home.episodes
    aired["airDateUtc"], later["airDateUtc"] = "2026-01-25T20:58:00+09:00", "2026-01-25T13:30:00+01:00"
    home.sent([aired])
    home.sonarr.history[-1]["date"] = "2026-01-25T12:58:00+01:00"


def a_very_long_name(house: House) -> None:
    house_name = "That Time a Very Long Title Came Back " * 12
    home = Home(house, house.sonarr(), house.client(), house.jellyfin())
    house.seerr().asks(1, home.sonarr.series(40, house_name, {1: 1}, path=f"/data/tv/{house_name[:200]}"), [1])
    home.sent(home.episodes, title=house_name)


def a_season_that_sonarr_does_not_know(house: House) -> None:
    home = station(house, {1: 2}, [3])
    home.sonarr.has(home.episodes)
    home.plays([1, 2])


def a_file_that_is_not_selected(house: House) -> None:
    home = station(house, {1: 2}, [1])
    home.sent(home.episodes, "stalledUP", 1.0, status="completed", trackedDownloadState="importPending", sizeleft=0)
    home.client.holds(HASH, {"Station.Nine.S01E01.mkv": 1.0, "Station.Nine.S01E02.mkv": 0.0})
    home.client.contents[HASH][1]["priority"] = 0


def a_forced_torrent_that_stalls(house: House) -> None:
    home = station(house, {1: 1}, [1])
    home.sent(home.episodes, "forcedDL")
    home.client.torrents[HASH] |= {"dlspeed": 0, "last_activity": epoch(-40), "num_seeds": 0}


def ignored_by_a_person(house: House) -> None:
    home = station(house, {1: 1}, [1])
    (episode,) = home.episodes
    home.sonarr.event("grabbed", episode, HASH.upper(), at=-60)
    home.sonarr.event("downloadIgnored", episode, HASH.upper(), at=-3, data={"message": "Manually ignored"})
    home.client.torrent(HASH)


def two_clients_with_the_same_torrent(house: House) -> None:
    home = station(house, {1: 1}, [1])
    home.sent(home.episodes, "stoppedDL", 0.1)
    house.client("seedbox").torrent(HASH, "downloading", 0.7)


class Case(NamedTuple):
    """What is shown: the states of the asked season, the beginning of the summary, the verdicts, words in them."""

    happens: Callable[[House], None]
    states: str
    summary: str
    says: dict[str, str] | None = None
    words: str = ""
    season: int = 1


SHORT = {"A": "AVAILABLE", "D": "DOWNLOADING", "C": "DOWNLOADED", "P": "PENDING", "U": "UNAIRED", "S": "SKIPPED"} | {
    "G": "GRABBING",
    "I": "IMPORTING",
    "F": "FAILED",
}
CASES = (
    Case(two_episodes_in_one_file_that_jellyfin_counts_once, "AAA", "Ready · 3/3"),
    Case(absolute_numbers_of_a_later_season, "CDD", "Downloading · 1/3 downloaded, 0/3 ready", season=2),
    Case(specials_that_were_asked_for, "AP", "1/2 ready · 1 searching", {"STUCK": "warn"}, season=0),
    Case(
        a_pack_of_which_half_is_there, "AAADDD", "Downloading · 3/6 ready · 40 % of", {"UPGRADE": "info"}, "3 episodes"
    ),
    Case(a_second_version_of_the_hash, "D", "Downloading · 0/1 ready · 50 %"),
    Case(usenet, "D", "Downloading · 0/1 ready · 75 % of 4.0 GB · ETA 5m"),
    Case(usenet_that_cannot_be_unpacked, "F", "Failed", {"DOWNLOAD_FAILED": "error"}, '"Unpacking failed"'),
    Case(
        imported_by_hand,
        "II",
        "Imported 2/2 · waiting for Jellyfin",
        {"IMPORTED_MANUALLY": "info", "NOT_SCANNED": "wait"},
    ),
    Case(all_that_has_aired_is_there, "AAAUUU", "Ready · 3/3 · 3 upcoming, next 31 Jan"),
    Case(an_episode_deleted_on_purpose, "SAA", "Ready · 2/2"),
    Case(unmonitored_while_it_downloads, "DD", "Downloading · 0/2 ready · 50 %"),
    Case(a_renamed_folder, "AA", "Ready · 2/2"),
    Case(
        no_room_in_the_middle_of_an_import,
        "AACC",
        "Downloaded 2/4 · 2/4 ready · import blocked",
        {"IMPORT_BLOCKED": "error"},
        "free space on the disk of the library",
    ),
    Case(a_delay_profile, "GG", "Grabbing 2/2", {"DELAYED": "wait"}, "holds 2 episodes of season 1 back until 1"),
    Case(a_client_that_sonarr_cannot_reach, "G", "Grabbing 1/1", {"GRAB_WAITING": "warn"}, "Download Clients"),
    Case(
        a_proper_before_jellyfin_saw_the_first,
        "I",
        "Imported 1/1 · waiting for Jellyfin",
        {"UPGRADE": "info", "NOT_SCANNED": "wait"},
        "to another release in WEBDL-1080p",
    ),
    Case(versions_that_jellyfin_merged, "A", "Ready · 1/1"),
    Case(no_air_dates, "UUU", "3 upcoming"),
    Case(times_of_three_zones, "DU", "Downloading · 0/1 aired ready · 50 %"),
    Case(a_very_long_name, "D", "Downloading · 0/1 ready · 50 %"),
    Case(a_season_that_sonarr_does_not_know, "", "Approved", {"SEASON_UNKNOWN": "warn"}, "no season 3", season=3),
    Case(
        a_file_that_is_not_selected,
        "CP",
        "Downloaded 1/2 · 1 searching · waiting for import",
        {"IMPORT_PENDING": "wait", "DESELECTED": "warn"},
        "file of S01E02",
    ),
    Case(a_forced_torrent_that_stalls, "D", "Downloading · 0/1 ready · 50 %", {"STALLED": "warn"}, "for 40 min"),
    Case(ignored_by_a_person, "P", "Searching for 1 episode", {"STUCK": "warn"}, "what it grabbed came to nothing"),
    Case(two_clients_with_the_same_torrent, "D", "Downloading · 0/1 ready · 70 %"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.happens.__name__.replace("_", " "))
async def test_it_reads_as_it_is(house: House, case: Case) -> None:
    case.happens(house)
    for _ in range(2):
        look = await house.look()
        assert look.states(case.season) == [SHORT[one] for one in case.states]
        assert look.summary().startswith(case.summary), look.summary()
        assert look.verdicts() == (case.says or {})
        said = [f"{one['message']} -> {one['next_step']}" for one in look.diagnoses().values()]
        assert any(case.words in one for one in said) or not case.words, said
        assert not look.problems()


async def test_one_pack_serves_two_requests_each_with_its_own_files(house: House) -> None:
    one_pack_for_two_requests(house)
    rows = {row["id"]: row for row in (await house.look()).content["requests"]}
    first, second = rows["seerr:seerr:1"], rows["seerr:seerr:2"]
    assert (first["state"], second["state"]) == ("DOWNLOADED", "DOWNLOADING")
    assert [one["progress"] for one in second["seasons"][0]["episodes"]] == [0.0, 0.0]


async def test_a_series_in_two_sonarrs_is_two_rows(house: House) -> None:
    main, anime, seerr = house.sonarr("main"), house.sonarr("anime"), house.seerr()
    client, jellyfin = house.client(), house.jellyfin()
    seerr.servers["sonarr"] = [{"id": 0, "name": "main"}, {"id": 1, "name": "anime"}]
    seerr.asks(1, main.series(40, "Station Nine", {1: 2}), [1])
    anime.series(7, "Station Nine", {1: 2}, tvdbId=900040, tmdbId=800040, path="/data/anime/Station Nine")
    main.has(main.of(40))
    Home(house, main, client, jellyfin).plays([1, 2])
    anime.grabbed(anime.of(7), HASH.upper())
    anime.queued(anime.of(7), HASH.upper())
    client.torrent(HASH, progress=0.3)
    states = {row["id"]: row["state"] for row in (await house.look()).content["requests"]}
    assert states == {"seerr:seerr:1": "AVAILABLE", "sonarr:anime:7": "DOWNLOADING"}


async def test_films_of_one_name_are_told_apart_by_their_year(house: House) -> None:
    radarr, seerr, jellyfin = house.radarr(), house.seerr(), house.jellyfin()
    old = radarr.film(60, "Dune", year=1984, tmdbId=841, path="/data/movies/Dune (1984)")
    new = radarr.film(61, "Dune", year=2021, tmdbId=438631, path="/data/movies/Dune (2021)")
    for number, film in ((1, old), (2, new)):
        seerr.asks(number, film)
        radarr.has(film, added=iso(-3))
    jellyfin.movie(200, "Dune", 841, "/media/films/Dune (1984)/Dune.mkv")
    rows = {row["id"]: row for row in (await house.look()).content["requests"]}
    assert {one: row["state"] for one, row in rows.items()} == {
        "seerr:seerr:1": "AVAILABLE",
        "seerr:seerr:2": "IMPORTING",
    }
    assert rows["seerr:seerr:1"]["ids"]["jellyfin"] == [guid(200)]


async def test_a_film_that_one_may_have_and_another_not(house: House) -> None:
    radarr, seerr, client = house.radarr(), house.seerr(), house.client()
    film = radarr.film(60, "Harbor Lights")
    seerr.asks(1, film, status=3)
    seerr.asks(2, film)
    radarr.event("grabbed", film, HASH.upper(), at=-30)
    radarr.queued(film, HASH.upper())
    client.torrent(HASH, category="radarr")
    rows = {row["id"]: row for row in (await house.look()).content["requests"]}
    declined, wanted = rows["seerr:seerr:1"], rows["seerr:seerr:2"]
    assert (declined["state"], declined["progress"]) == ("DECLINED", None)
    assert (wanted["state"], wanted["progress"]) == ("DOWNLOADING", 0.5)


async def _anime_typed(house: House, *, shows: bool) -> Look:
    """Look at a series of type anime that lies in the regular library, outside of what Shoko sees."""
    home = station(house, {1: 1}, [1], seriesType="anime")
    house.shoko()
    virtual = home.jellyfin.library(3, "Anime", "tvshows", "/vfs", shoko=True)
    home.jellyfin.libraries = [*home.jellyfin.libraries, virtual]
    home.sonarr.has(home.episodes, added=iso(-3))
    if shows:
        home.plays([1])
    return await house.look()


@pytest.mark.parametrize(("shows", "state"), [(False, "IMPORTING"), (True, "AVAILABLE")])
async def test_a_regular_librarys_series_never_waits_for_shoko(house: House, *, shows: bool, state: str) -> None:
    look = await _anime_typed(house, shows=shows)
    assert look.states() == [state]
    assert "OUTSIDE_SHOKO" not in look.verdicts()

"""Anime before Shoko has matched it: A3, B9, F1, F2, F4, F5, F18."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.reconcile.given import SHOKO, at, item, request, shoko_file
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.observation import Payload, ShokoBansRead
from tracker_tui.model.shoko import AniDbBan, Connectivity, EpisodeLink, Job, SeriesLink, ShokoQueue
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean, clean_path

SPIRITED = "/data/anime/movies/Spirited Away (2001)/Spirited Away.mkv"


def imported_lycoris(house: House, when: str, *, matched: int = 0, hashed: int = 0) -> None:
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at(when))
    known_to_shoko(house, matched=matched, hashed=hashed)


def imported_film(house: House, when: str = "11:40", **more: Any) -> None:
    house.requests = [request(71, movie=True, tmdb_id=129)]
    house.radarr.add_movie(64, "Spirited Away", tmdb_id=129, root_folder="/data/anime/movies")
    house.radarr.place_movie(64, SPIRITED, added=at(when))
    house.shoko_files = [shoko_file(260, SPIRITED, **more)]


def no_refresh(house: House) -> None:
    for one in house.said():
        assert "refresh" not in (one.next_step or "").lower()
        assert "press v" not in (one.next_step or "")


def queue(total: int, kind: str = "Hash File", *, running: int = 0, **more: Any) -> ShokoQueue:
    facts: dict[str, Any] = {
        "waiting": total - running,
        "running": tuple(Job(type=clean(kind), running=True) for _ in range(running)),
        "by_type": ((clean(kind), total),),
    }
    return ShokoQueue(total=total, **facts | more)


def test_a3_hashing_is_a_wait() -> None:
    house = House()
    imported_lycoris(house, "11:55", matched=4, hashed=4)
    house.shoko_queue = queue(9, running=4)
    house.tick()
    said = house.diagnosis("SHOKO_HASHING")
    assert said.attention is Attention.WAIT
    assert said.message == "Shoko hashes 9 episodes of season 1"
    no_refresh(house)


def test_f1_a_backlog_that_shrinks_is_a_wait_whatever_the_time() -> None:
    house = House()
    imported_lycoris(house, "11:00", matched=3, hashed=3)
    house.shoko_queue = queue(412, running=4)
    house.tick()
    said = house.diagnosis("SHOKO_QUEUE")
    assert said.attention is Attention.WAIT
    assert "412 jobs" in said.message
    assert house.verdict().seasons[0].episodes[12].attention is Attention.WAIT
    assert house.verdict().state is State.ANIME_MATCHING
    assert house.line() == "Matching · 3/13 matched · Shoko busy (412 jobs)"
    no_refresh(house)


def test_f1_a_queue_that_stands_still_is_said_once() -> None:
    house = House()
    imported_lycoris(house, "11:54", matched=3, hashed=3)
    house.shoko_queue = queue(412)
    house.tick()
    assert "SHOKO_QUEUE_STALLED" not in house.problems()
    assert house.judged is not None
    house.tick(15 * 60)
    problem = house.problem("SHOKO_QUEUE_STALLED")
    assert problem.diagnosis.attention is Attention.WARN
    assert problem.diagnosis.message == "Shoko has 412 jobs and runs none since 12:00: paused?"
    assert problem.diagnosis.next_step == "Shoko → Dashboard → Queue Processor → resume it"
    assert house.line().endswith("Shoko's queue stands still")
    no_refresh(house)


@pytest.mark.parametrize(
    "told",
    [queue(412, running=4), queue(412, waiting=None), queue(412, blocked=412)],
    ids=["jobs run", "4.2 does not tell", "all blocked"],
)
def test_f1_no_queue_is_called_paused_on_less_evidence(told: ShokoQueue) -> None:
    house = House()
    imported_lycoris(house, "11:54", matched=3, hashed=3)
    house.shoko_queue = told
    house.tick()
    house.tick(15 * 60)
    assert "SHOKO_QUEUE_STALLED" not in house.problems()


def test_f1_the_stall_is_announced() -> None:
    house = House()
    imported_lycoris(house, "11:58", matched=3, hashed=3)
    house.shoko_queue = queue(412)
    house.tick()
    house.wait(15 * 60)
    assert house.problems() == ["SHOKO_QUEUE_STALLED"]


def test_f2_an_unrecognised_file() -> None:
    house = House()
    imported_film(house)
    house.tick()
    assert house.verdict().state is State.MATCH_FAILED
    said = house.diagnosis("SHOKO_UNRECOGNIZED")
    assert said.attention is Attention.ERROR
    assert said.message == ("Shoko does not recognise Spirited Away.mkv (Shoko file 260): AniDB does not know it")
    assert said.next_step == "Shoko → Utilities → Unrecognized Files → link it to the series"
    assert house.line() == "Needs link in Shoko"
    no_refresh(house)


@pytest.mark.parametrize("connection", ["http", "udp"])
def test_f4_a_ban_is_said_once(connection: str) -> None:
    house = House()
    imported_film(house)
    flags = {f"{connection}_banned": True}
    house.shoko_connectivity = Connectivity(network=clean("Internet"), **flags)
    house.shoko_queue = ShokoQueue(
        total=1, waiting=1, blocked=1, by_type=((clean("Get Cross-References for File"), 1),)
    )
    house.tick()
    assert house.verdict().state is State.ANIME_MATCHING
    assert house.problems() == ["ANIDB_BANNED"]
    problem = house.problem("ANIDB_BANNED")
    assert problem.diagnosis.attention is Attention.WARN
    assert problem.diagnosis.message == f"Shoko is banned by AniDB ({connection.upper()}): usually lifts within a day"
    assert house.codes() == []
    assert house.line() == "Matching · Shoko is banned by AniDB"
    assert house.verdict().attention is Attention.WAIT


def test_f4_limbo_is_identified_and_not_matched() -> None:
    house = House()
    imported_film(house)
    link = SeriesLink(series_id=None, anidb_id=17097, episodes=(EpisodeLink(episode_id=None, anidb_id=5),))
    house.shoko_files = [msgspec.structs.replace(house.shoko_files[0], links=(link,))]
    house.shoko_connectivity = Connectivity(network=clean("Internet"), http_banned=True)
    house.tick()
    said = house.diagnosis("SHOKO_LIMBO")
    assert said.attention is Attention.WAIT
    assert said.message == "Shoko has identified the film; the data of the series is missing (AniDB 17097)"
    assert said.next_step is None, "while the ban lasts there is nothing to do"
    assert house.problems() == ["ANIDB_BANNED"]
    assert house.line() == "Matching · Shoko is banned by AniDB"
    house.shoko_connectivity = Connectivity(network=clean("Internet"))
    house.tick()
    assert house.problems() == []
    said = house.diagnosis("SHOKO_LIMBO")
    assert said.next_step is not None
    assert said.next_step.startswith("Shoko → Actions → Download Missing AniDB Data; ")
    house.tick(30 * 60)
    assert house.diagnosis("SHOKO_LIMBO").attention is Attention.WARN
    house.shoko_queue = ShokoQueue(total=1, waiting=1, by_type=((clean("Get AniDB Anime Data"), 1),))
    house.tick()
    said = house.diagnosis("SHOKO_LIMBO")
    assert said.message == "Shoko has identified the film; the data of the series is on its way (AniDB 17097)"
    assert said.next_step is None, "its job comes"


def test_an_udp_ban_does_not_explain_limbo() -> None:
    house = House()
    imported_film(house)
    link = SeriesLink(series_id=None, anidb_id=17097, episodes=(EpisodeLink(episode_id=None),))
    house.shoko_files = [msgspec.structs.replace(house.shoko_files[0], links=(link,))]
    house.shoko_connectivity = Connectivity(network=clean("Internet"), udp_banned=True)
    assert house.tick().problems() == []


def test_the_end_of_a_ban_is_named_where_shoko_knows_it() -> None:
    class Banned(House):
        def _of(self, ref: Any) -> list[Payload]:
            told = super()._of(ref)
            ban = AniDbBan(connection=clean("HTTP"), banned=True, duration_s=43200, since=at("11:00"))
            return [*told, ShokoBansRead(bans=(ban,))] if ref == SHOKO else told

    house = Banned()
    imported_film(house)
    house.shoko_connectivity = Connectivity(network=clean("Internet"), http_banned=True)
    house.tick()
    assert house.problem("ANIDB_BANNED").diagnosis.message.endswith("until about 23:00")


def test_no_internet_is_shokos_own_trouble() -> None:
    house = House()
    imported_film(house)
    house.shoko_connectivity = Connectivity(network=clean("LocalOnly"))
    house.tick()
    assert house.problems() == ["SHOKO_NO_INTERNET"]
    assert house.line() == "Matching · Shoko has no internet"


def test_identifying_waits_and_ripens() -> None:
    house = House()
    imported_film(house, "11:50")
    house.shoko_queue = queue(1, "Get Cross-References for File", running=1)
    house.tick()
    assert house.diagnosis("SHOKO_IDENTIFYING").attention is Attention.WAIT
    house.tick(30 * 60)
    assert house.diagnosis("SHOKO_IDENTIFYING").attention is Attention.WARN
    assert house.codes() == ["SHOKO_IDENTIFYING"]


def test_f5_a_folder_that_is_not_watched() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:20"))
    first, second = house.shoko_folders
    house.shoko_folders = (msgspec.structs.replace(first, watched=False), second)
    house.tick()
    said = house.diagnosis("SHOKO_NOT_SEEN")
    assert said.attention is Attention.WARN
    assert said.message == "Shoko has not seen 13 episodes of season 1: its folder anime_shows is not watched"
    assert said.next_step == "Shoko → Dashboard → Import Folders → anime_shows: enable watching, then scan it"
    assert house.line() == "Imported 13/13 · Shoko has not seen the files"
    no_refresh(house)


@pytest.mark.parametrize(("when", "attention"), [("11:50", Attention.WAIT), ("11:20", Attention.WARN)])
def test_f5_a_watched_folder_gets_its_time(when: str, attention: Attention) -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at(when))
    house.tick()
    said = house.diagnosis("SHOKO_NOT_SEEN")
    assert said.attention is attention
    assert (said.next_step is None) is (attention is Attention.WAIT)


def test_f5_outside_every_folder() -> None:
    house = House()
    lycoris(house)
    root = "/data/anime-new"
    house.sonarr.series[23] = msgspec.structs.replace(house.sonarr.series[23], root_folder=clean_path(root))
    house.sonarr.add_series(99, "Anchor", [], root_folder=clean_path("/data/anime/shows"))
    house.sonarr.place(23, range(1, 14), f"{root}/Lycoris Recoil/Season 1", added=at("11:20"))
    house.tick()
    key = "seerr:seerr:75"
    said = house.diagnosis("OUTSIDE_SHOKO", key)
    assert said.attention is Attention.ERROR
    assert f"{root}/Lycoris Recoil/Season 1/S01E01.mkv" in said.message
    assert "/data/anime/shows/" in said.message
    assert "SHOKO_UNRECOGNIZED" not in house.codes(key)


@pytest.mark.parametrize(
    ("code", "change", "attention"),
    [("SHOKO_IGNORED", {"ignored": True}, Attention.WARN), ("SHOKO_INACCESSIBLE", {}, Attention.ERROR)],
)
def test_files_that_shoko_will_not_or_cannot_see(code: str, change: dict[str, Any], attention: Attention) -> None:
    house = House()
    imported_film(house, **change)
    if code == "SHOKO_INACCESSIBLE":
        file = house.shoko_files[0]
        places = tuple(msgspec.structs.replace(one, accessible=False) for one in file.locations)
        house.shoko_files = [msgspec.structs.replace(file, locations=places)]
    house.tick()
    (said,) = house.said()
    assert (said.code, said.attention) == (code, attention)
    no_refresh(house)


def test_b9_half_an_episode() -> None:
    house = House()
    imported_lycoris(house, "10:00", matched=13, hashed=13)
    half = (SeriesLink(series_id=12, episodes=(EpisodeLink(episode_id=3050, start_percent=0, end_percent=50),)),)
    house.shoko_files[4] = msgspec.structs.replace(house.shoko_files[4], links=half)
    house.items = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
    ]
    house.tick()
    said = house.diagnosis("PARTIAL_FILE")
    assert said.attention is Attention.WARN
    assert said.message == "Shoko covers 0–50 % of the episode with S01E05"
    assert said.next_step == "find the second part and import it in Sonarr"
    assert house.verdict().seasons[0].episodes[4].diagnoses == (said,)
    assert house.verdict().attention is Attention.WARN


def test_f18_the_folder_makes_it_anime_and_the_other_is_told_as_regular() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=1), request(72, movie=True, tmdb_id=2)]
    anime, western = "/data/anime/movies/A (2020)/A film.mkv", "/data/movies/B (2020)/B film.mkv"
    house.radarr.add_movie(1, "A film", tmdb_id=1)
    house.radarr.add_movie(2, "B film", tmdb_id=2, root_folder="/data/movies")
    house.radarr.place_movie(1, anime)
    house.radarr.place_movie(2, western, file_id=2)
    house.shoko_files = [shoko_file(99, anime, hashed=False)]
    house.tick()
    assert house.codes("seerr:seerr:71") == ["SHOKO_HASHING"]
    assert house.codes("seerr:seerr:72") == ["NOT_SCANNED"]


def test_a_shoko_that_is_down_is_not_quoted() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:00"))
    house.tick()
    assert house.codes() == ["SHOKO_NOT_SEEN"]
    house.down[SHOKO] = ServiceStatus.STARTING
    house.tick().tick()
    assert house.codes() == []
    assert house.problems() == ["SERVICE_STARTING"]

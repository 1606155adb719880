"""Complete and not imported: E1, E2, E8, B1, paths."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.reconcile.given import RADARR, at, episodes, request, torrent
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.arr import StatusMessage
from tracker_tui.model.shoko import ShokoQueue
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.torrents import TorrentFile

KEY = "seerr:seerr:71"


def complete_film(house: House, **more: Any) -> None:
    house.requests = [request(71, movie=True, tmdb_id=504253)]
    house.radarr.add_movie(70, "I Want to Eat Your Pancreas", tmdb_id=504253)
    house.radarr.event("grabbed", at("11:10"), movie_id=70, download_id="HK")
    facts: dict[str, Any] = {
        "category": clean("radarr"),
        "completed_at": at("11:35"),
        "save_path": clean_path("/data/downloads/complete"),
        "content_path": clean_path("/data/downloads/complete/[YURI] Kimi no Suizou"),
        "word": "stalledUP",
    }
    house.download(torrent("hk", "complete", 1.0, **facts | more))


@pytest.mark.parametrize("movie_id", [70, None], ids=["known to Radarr", "unknown to Radarr"])
def test_e1_radarrs_own_words_and_the_path(movie_id: int | None) -> None:
    house = House()
    complete_film(house)
    house.radarr.enqueue(
        "hk", status="completed", tracked="importblocked", tracked_status=clean("warning"), movie_id=movie_id,
        title=clean("[YURI] Kimi no Suizou o Tabetai"),
        messages=(StatusMessage(title=clean("x"), messages=(clean("Unable to parse file"),)),),
        output_path=clean_path("/data/downloads/complete/[YURI] Kimi no Suizou"),
    )  # fmt: skip
    house.tick()
    assert house.verdict(KEY).state is State.DOWNLOADED
    assert house.line(KEY) == "Downloaded · import blocked"
    (said,) = house.said(KEY)
    assert said.code == "IMPORT_BLOCKED"
    assert said.attention is Attention.ERROR
    assert said.message == (
        'Radarr does not import the film: "Unable to parse file" (/data/downloads/complete/[YURI] Kimi no Suizou)'
    )
    assert said.next_step == "Radarr → Activity → Queue → Manual Import, choose the movie"


def test_complete_files_that_radarr_cannot_find() -> None:
    house = House()
    complete_film(house)
    house.radarr.enqueue(
        "hk", status="completed", tracked="downloading", tracked_status=clean("warning"), movie_id=70,
        messages=(StatusMessage(title=None, messages=(clean("[/downloads/x] is not a valid local path"),)),),
        output_path=clean_path("/downloads/x"),
    )  # fmt: skip
    house.tick()
    assert house.line(KEY) == "Downloaded · import blocked"
    (said,) = house.said(KEY)
    assert said.code == "IMPORT_BLOCKED"
    assert said.message == (
        'Radarr does not import the film: "[/downloads/x] is not a valid local path" (/downloads/x)'
    )
    assert said.next_step is not None
    assert said.next_step.startswith("Radarr → Settings → Download Clients → Remote Path Mappings")


def test_a_torrent_without_a_folder_of_its_own() -> None:
    house = House()
    complete_film(house, content_path=clean_path("/data/downloads/complete/"))
    house.radarr.enqueue(
        "hk", status="completed", tracked="importpending", tracked_status=clean("warning"), movie_id=70,
        messages=(StatusMessage(title=None, messages=(clean("Path is not valid"),)),),
    )  # fmt: skip
    house.tick()
    (said,) = house.said()
    assert said.code == "PATH_TROUBLE"
    assert '"Path is not valid"' in said.message
    assert "/data/downloads/complete" in said.message


def test_e2_complete_and_unknown_to_radarrs_queue() -> None:
    house = House(now=at("11:35:17"))
    complete_film(house)
    house.tick()
    assert house.now == at("11:35:20")
    assert [(one.code, one.attention) for one in house.said()] == [("IMPORT_PENDING", Attention.WAIT)]
    house.tick((at("12:00") - house.now).total_seconds())
    said = house.diagnosis("QUEUE_DESYNC")
    assert said.attention is Attention.ERROR
    assert said.message == ("The film has been complete in qBittorrent for 25 min, and Radarr's queue does not know it")
    assert said.next_step == "Radarr → Wanted → Manual Import from /data/downloads/complete, or restart Radarr"
    facts = {one.fact: one.value for one in said.evidence}
    assert facts["completed download handling"] == "no complaint"
    assert facts["connection to the client"] == "no complaint"
    assert facts["category"] == facts["category of the client"] == "radarr"
    assert house.line() == "Downloaded · Radarr is not importing it"
    assert house.verdict().state is State.DOWNLOADED


def test_e2_the_threshold_is_announced() -> None:
    house = House(now=at("11:35:17"))
    complete_film(house)
    house.tick()
    assert house.judged is not None
    assert house.judged.next_at == at("11:40")


def test_e2_a_category_that_radarr_does_not_watch_is_the_next_step() -> None:
    house = House()
    complete_film(house, category=clean("movies"))
    house.tick()
    assert house.diagnosis("QUEUE_DESYNC").next_step == "qBittorrent → set the torrent's category to radarr"


def test_e2_not_where_radarr_cannot_reach_the_client() -> None:
    house = House()
    complete_film(house)
    house.complain(RADARR, "DownloadClientStatusCheck", "All download clients are unavailable")
    house.tick()
    assert "QUEUE_DESYNC" not in house.codes()
    assert house.problems() == ["CLIENT_UNREACHABLE_FROM_ARR"]


def test_import_handling_that_is_off_is_named_among_the_checks() -> None:
    house = House()
    complete_film(house)
    house.complain(RADARR, "ImportMechanismCheck", "Enable Completed Download Handling", "warning")
    house.tick()
    facts = {one.fact: one.value for one in house.diagnosis("QUEUE_DESYNC").evidence}
    assert facts["completed download handling"] == "Enable Completed Download Handling"


def test_an_import_that_is_near_ripens_with_time() -> None:
    house = House(now=at("11:35:30"))
    complete_film(house)
    house.radarr.enqueue("hk", status="completed", tracked="importpending", movie_id=70)
    house.tick()
    assert [(one.code, one.attention) for one in house.said()] == [("IMPORT_PENDING", Attention.WAIT)]
    house.tick(31 * 60)
    assert [(one.code, one.attention) for one in house.said()] == [("IMPORT_PENDING", Attention.WARN)]
    assert house.verdict().attention is Attention.WARN


def test_b1_a_finished_file_of_an_unfinished_pack_is_no_trouble() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=1, tvdb_id=2, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, range(1, 4), first_id=4001), tvdb_id=2)
    house.sonarr.grab(40, range(4001, 4004), "ht", at("10:00"))
    house.download(torrent("ht", progress=0.5, speed_bytes_s=1, completed_at=None))
    house.torrent_files["ht"] = [
        TorrentFile(index=n, name=clean(f"Station.Nine.S01E{n:02}.mkv"), size_bytes=100, progress=progress)
        for n, progress in ((1, 1.0), (2, 0.5), (3, 0.0))
    ]
    house.tick(3600)
    assert house.states() == [State.DOWNLOADED, State.DOWNLOADING, State.DOWNLOADING]
    assert house.codes() == []


def test_e8_imported_manually() -> None:
    house = House()
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", "complete", 1.0))
    for number in range(739, 752):
        house.sonarr.event("imported", at("11:58"), series_id=23, episode_id=number, imported_path=f"{FOLDER}/{number}")
    house.sonarr.place(23, range(1, 14), FOLDER)
    known_to_shoko(house, matched=0, hashed=0)
    house.shoko_queue = ShokoQueue(total=13, waiting=13, by_type=((clean("Hash File"), 13),))
    house.tick()
    assert house.diagnosis("IMPORTED_MANUALLY").attention is Attention.INFO
    assert house.diagnosis("SHOKO_HASHING").attention is Attention.WAIT
    assert house.verdict().attention is Attention.WAIT
    assert msgspec.structs.asdict(house.diagnosis("IMPORTED_MANUALLY"))["next_step"] is None

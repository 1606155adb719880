"""Trouble on the way: searches that find nothing, stalls, errors, blocked imports (C5, C9, D2, D3, D13, E1, E2)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.reconcile.given import QBIT, House, at, episodes, request, torrent
from tests.reconcile.test_downloads import grabbed_film
from tests.reconcile.titles import FILM, LR, lycoris
from tracker_tui.model.arr import Command, StatusMessage
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.torrents import TransferState
from tracker_tui.reconcile.unit.verdict import Step

FILM_ID = "seerr:seerr:71"


# --- C5, C9: nothing to download -------------------------------------------------------------------------------------


def searched_in_vain(house: House) -> None:
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057, seasons=(1,), created_at=at("11:30"))]
    searched = episodes(23, 1, range(1, 13), first_id=739, last_search_at=at("11:40"))
    house.sonarr.add_series(23, "Lycoris Recoil", searched, tvdb_id=414057, added_at=at("11:31"))
    house.sonarr.commands = [
        Command(
            id=1, name=clean("SeasonSearch"), status=clean("completed"), series_ids=(23,), season=1,
            message=clean("Season search completed. 0 reports downloaded."),
            started_at=at("11:39"), ended_at=at("11:40"),
        )
    ]  # fmt: skip


def test_c5_a_search_that_found_nothing() -> None:
    house = House()
    searched_in_vain(house)
    house.tick()
    assert house.row().state is State.APPROVED
    assert house.states() == [State.PENDING] * 12
    assert house.summary() == "Searching for 12 episodes"
    case = house.cases[LR]
    assert {unit.verdict.step for unit in case.units} == {Step.WANTED}, "a finished search is no search"
    assert {unit.episode.last_search_at for unit in case.units if unit.episode} == {at("11:40")}
    assert [command.message for command in case.commands] == ["Season search completed. 0 reports downloaded."]
    assert ("Searched", at("11:40")) in [(entry.text, entry.at) for entry in house.row().timeline]


def test_c5_time_alone_brings_the_moment_to_say_so() -> None:
    house = House(now=at("11:41"))
    searched_in_vain(house)
    house.tick()
    assert house.next_at() == at("11:46"), "15 minutes after the request was there, else after the search"
    house.wait(5 * 60)
    assert house.next_at() == at("11:55")


def test_c9_a_series_without_an_episode_list() -> None:
    house = House()
    lycoris(house)
    house.sonarr.add_series(23, "Lycoris Recoil", [], tvdb_id=414057, total_episode_count=0, added_at=at("09:00"))
    house.tick()
    row = house.row()
    assert (row.state, row.seasons, row.total, row.ready) == (State.APPROVED, (), 0, 0)
    assert house.summary() == "No episode list yet"
    assert row.attention is Attention.WAIT
    assert house.last is not None
    (view,) = [one for ref, one in house.last.surroundings.arrs.items() if ref.kind == "sonarr"]
    assert (view.entries, view.entries_without_episodes) == (1, 1), "all of them: the source, not the series"


def test_c9_files_on_the_disk_make_nothing_ready() -> None:
    house = House()
    lycoris(house)
    house.sonarr.add_series(
        23, "Lycoris Recoil", [], tvdb_id=414057, total_episode_count=0, episode_file_count=13, size_on_disk=10**9
    )
    house.tick()
    assert house.summary() == "No episode list yet"
    assert house.row().state is State.APPROVED


def test_c9_ten_minutes_after_it_was_added_it_is_looked_at_again() -> None:
    house = House()
    lycoris(house)
    house.sonarr.add_series(23, "Lycoris Recoil", [], tvdb_id=414057, total_episode_count=0, added_at=at("11:59"))
    house.tick(0)
    assert house.next_at() == at("12:09")


# --- D2, D3, D13: the client -----------------------------------------------------------------------------------------


def test_d2_a_stalled_download_has_no_eta_and_no_alarm_of_its_own() -> None:
    house = House()
    grabbed_film(house)
    house.download(
        torrent(
            "ha", "stalled", 0.25, word="stalledDL", category="radarr", seeds=0, seeds_total=0, availability=0.4,
            eta_s=600, last_activity_at=house.now - timedelta(minutes=4),
        )
    )  # fmt: skip
    house.radarr.enqueue(
        "ha", status="warning", movie_id=60, tracked_status=clean("warning"),
        error_message=clean("The download is stalled with no connections"), left_s=600,
    )  # fmt: skip
    house.tick()
    row = house.row()
    assert row.state is State.DOWNLOADING
    assert house.summary() == "Downloading · 25 % of 1.0 GB"
    assert (row.eta_s, row.eta_watchable_s, row.speed_bytes_s) == (None, None, None)
    assert row.attention is Attention.WAIT, "four minutes are no trouble"
    (unit,) = house.cases[FILM_ID].units
    assert unit.verdict.step is Step.STALLED
    assert unit.live[0].torrent is not None
    assert unit.live[0].torrent.torrent.availability == 0.4
    assert unit.live[0].records[0].error_message == "The download is stalled with no connections"
    assert house.next_at() == at("12:06"), "ten minutes after the last byte"


def test_d3_an_error_of_the_client_is_no_failure() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "error", 0.61, category="radarr"))
    house.transfer = TransferState(connection=clean("connected"), free_bytes=0)
    house.radarr.enqueue("ha", status="warning", movie_id=60, error_message=clean("qBittorrent is reporting an error"))
    house.tick()
    assert house.row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · 61 % of 1.0 GB · error in qBittorrent"
    assert house.row().attention is Attention.ERROR
    assert house.last is not None
    transfer = house.last.surroundings.clients[QBIT].transfer
    assert transfer is not None
    assert transfer.free_bytes == 0


def test_d13_a_client_without_connection_stalls_four_and_blames_none() -> None:
    house = House()
    for number in range(1, 5):
        house.requests.append(request(number, movie=True, tmdb_id=number))
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number)
        house.radarr.event("grabbed", at("11:00"), movie_id=number, download_id=f"H{number}")
        house.download(
            torrent(f"h{number}", "stalled", 0.1 * number, category="radarr", seeds=0, last_activity_at=at("11:58"))
        )
    house.transfer = TransferState(connection=clean("disconnected"))
    house.tick()
    assert {row.state for row in house.rows.values()} == {State.DOWNLOADING}
    assert {row.attention for row in house.rows.values()} == {Attention.WAIT}
    assert house.summary("seerr:seerr:4") == "Downloading · 40 % of 1.0 GB"
    assert house.last is not None
    client = house.last.surroundings.clients[QBIT]
    assert client.transfer is not None
    assert (client.transfer.connection, client.downloading) == ("disconnected", 4)
    house.transfer = TransferState(connection=clean("connected"))
    assert house.tick().seen == set(house.rows), "its connection concerns everyone who waits for it"


# --- E1, E2: the import ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("placed", [True, False], ids=["a: movieId=70", "b: without movieId"])
def test_e1_a_file_that_radarr_cannot_parse(placed: bool) -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(70, "I Want to Eat Your Pancreas", tmdb_id=700060, root_folder="/data/anime/movies")
    house.radarr.event("grabbed", at("11:00"), movie_id=70, download_id="HK")
    more: dict[str, Any] = {"movie_id": 70} if placed else {}
    said = StatusMessage(title=clean("x.mkv"), messages=(clean("Unable to parse file"),))
    path = clean_path("/data/downloads/complete/[YURI] Kimi no Suizou o Tabetai")
    house.radarr.enqueue(
        "hk", status="completed", tracked="importblocked", tracked_status=clean("warning"), messages=(said,),
        title=clean("[YURI] Kimi no Suizou o Tabetai"), output_path=path, **more,
    )  # fmt: skip
    house.download(torrent("hk", "complete", 1.0, category="radarr", completed_at=at("11:30")))
    house.tick()
    assert house.row().state is State.DOWNLOADED
    assert house.summary() == "Downloaded · import blocked"
    assert house.row().attention is Attention.ERROR
    (record,) = house.cases[FILM_ID].units[0].live[0].records
    assert (record.messages[0].messages, record.output_path) == (("Unable to parse file",), path)
    assert house.last is not None
    assert house.last.unassigned == ()


E2_TIMES = {"11:35:20": (Attention.WAIT, at("11:40")), "12:00": (Attention.WAIT, at("12:05"))}


@pytest.mark.parametrize(("clock", "attention", "look"), [(k, *v) for k, v in E2_TIMES.items()], ids=E2_TIMES)
def test_e2_complete_in_the_client_and_absent_from_the_queue(clock: str, attention: Attention, look: object) -> None:
    house = House(now=at(clock))
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(71, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:10"), movie_id=71, download_id="HD")
    house.download(torrent("hd", "complete", 1.0, category="radarr", completed_at=at("11:35"), word="stalledUP"))
    house.tick(0)
    row = house.row()
    assert (row.state, row.attention, row.since) == (State.DOWNLOADED, attention, at("11:35"))
    assert house.summary() == "Downloaded · waiting for import", "a verdict takes the place of what is waited for"
    assert house.next_at() == look
    assert house.cases[FILM_ID].queue == ()
    for _ in range(3):
        assert house.tick(90).row().state is State.DOWNLOADED, "never searching, never gone"


def test_e2_after_half_an_hour_the_state_itself_is_too_old() -> None:
    house = House(now=at("11:35:20"))
    grabbed_film(house)
    house.download(torrent("ha", "complete", 1.0, category="radarr", completed_at=at("11:35")))
    house.tick(0)
    assert house.wait(29 * 60).row().attention is Attention.WAIT
    assert house.wait(60).row().attention is Attention.WARN

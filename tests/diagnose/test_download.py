"""Scenarios D: what the client says, and what it means."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.reconcile.given import GB, MB, QBIT, at, episodes, item, request, torrent
from tracker_tui.model.arr import Episode
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TransferState

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def grabbed_film(house: House, when: str = "11:30") -> None:
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at(when), movie_id=60, download_id="HA")


def in_client(house: House, state: str, progress: float | None = 0.4, **more: Any) -> None:
    house.download(torrent("ha", state, progress, **{"category": clean("radarr"), "added_at": at("11:30")} | more))


def test_d1_no_metadata_waits_ten_minutes() -> None:
    house = House()
    grabbed_film(house)
    in_client(house, "metadata", None, size_bytes=None, word="metaDL", added_at=at("11:58"))
    house.tick()
    assert house.diagnosis("NO_METADATA").attention is Attention.WAIT
    house.wait(9 * 60)
    said = house.diagnosis("NO_METADATA")
    assert said.attention is Attention.WARN
    assert said.message == "qBittorrent: no peer has delivered the torrent's metadata for 11 min"
    assert house.line() == "Downloading · fetching metadata"


def test_the_same_words_about_two_torrents_stand_once_at_their_season() -> None:
    house = House()
    house.requests = [request(75, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1, 2], first_id=4001), tvdb_id=900040)
    for number, key in ((4001, "e1"), (4002, "e2")):
        house.sonarr.grab(40, [number], key, at("10:00"))
        house.download(torrent(key, "metadata", None, size_bytes=None, word="metaDL", added_at=at("10:00")))
    house.tick()
    (season,) = house.verdict().seasons
    assert [one.code for one in season.diagnoses] == ["NO_METADATA"]
    assert not [one for episode in season.episodes for one in episode.diagnoses]
    assert season.attention is Attention.WARN


def stalled(house: House, **more: Any) -> None:
    facts: dict[str, Any] = {"last_activity_at": at("11:20"), "seeds": 0, "availability": 0.4, "word": "stalledDL"}
    in_client(house, "stalled", 0.25, **facts | more)


def test_d2_stalled_and_it_cannot_finish() -> None:
    house = House()
    grabbed_film(house)
    stalled(house)
    house.tick()
    said = house.diagnosis("STALLED")
    assert said.attention is Attention.WARN
    assert said.message == (
        "qBittorrent has received nothing for 40 min at 25 %: 0 seeds; "
        "peers together hold 40 % of the data, so it cannot finish"
    )
    assert said.next_step == "Radarr → Activity → Queue → Remove, with block-list, or wait for a seed"
    assert ("availability", "0.40") in [(one.fact, one.value) for one in said.evidence]
    assert house.line() == "Downloading · 25 % of 1.0 GB · stalled 40 min · 0 seeds"
    assert "ETA" not in house.line()


QUIET = [
    ("a few minutes", {"last_activity_at": at("11:55")}, "connected"),
    ("no time known", {"last_activity_at": None, "added_at": None}, "connected"),
    ("offline", {}, "disconnected"),
]


@pytest.mark.parametrize(("more", "connection"), [one[1:] for one in QUIET], ids=[one[0] for one in QUIET])
def test_d2_no_stall_is_claimed(more: dict[str, Any], connection: str) -> None:
    house = House()
    grabbed_film(house)
    stalled(house, **more)
    house.transfer = TransferState(connection=clean(connection))
    house.tick()
    assert "STALLED" not in house.codes()


def test_a_stall_says_nothing_within_a_minute_of_a_reconnect() -> None:
    house = House()
    grabbed_film(house)
    stalled(house)
    house.transfer = TransferState(connection=clean("disconnected"))
    house.tick()
    house.transfer = TransferState(connection=clean("connected"))
    house.tick(10)
    assert house.problems() == []
    assert "STALLED" not in house.codes()
    assert house.judged is not None
    assert house.judged.next_at is not None
    house.wait((house.judged.next_at - house.now).total_seconds() + 50)
    assert "STALLED" in house.codes()


def test_a_stall_counts_from_the_last_activity_not_from_the_first_look() -> None:
    house = House()
    grabbed_film(house)
    stalled(house, last_activity_at=at("11:51"))
    house.tick()
    assert house.judged is not None
    assert house.judged.next_at == at("12:01")
    assert house.wait(60).codes() == ["STALLED"]


def test_d3_a_full_disk_is_the_cause_not_the_torrent() -> None:
    house = House()
    grabbed_film(house)
    in_client(house, "error", 0.61, word="error", left_bytes=GB)
    house.transfer = TransferState(connection=clean("connected"), free_bytes=0)
    house.tick()
    problem = house.problem("DISK_FULL")
    assert problem.diagnosis.message == "0 bytes free on the download disk of qBittorrent"
    assert problem.diagnosis.attention is Attention.ERROR
    assert (problem.diagnosis.next_step or "").startswith("free some space")
    assert house.codes() == []
    assert house.verdict().attention is Attention.ERROR
    assert house.verdict().state is State.DOWNLOADING
    assert house.line() == "Downloading · 61 % of 1.0 GB · error in qBittorrent"


@pytest.mark.parametrize("free", [None, 500 * GB])
def test_an_error_without_a_full_disk_is_the_torrents(free: int | None) -> None:
    house = House()
    grabbed_film(house)
    in_client(house, "error", 0.61, word="error", left_bytes=GB)
    house.radarr.enqueue(
        "ha", status="warning", movie_id=60, error_message=clean("qBittorrent is reporting an error"),
        size_bytes=GB, left_bytes=GB // 2,
    )  # fmt: skip
    house.transfer = TransferState(connection=clean("connected"), free_bytes=free)
    house.tick()
    assert house.problems() == []
    said = house.diagnosis("TORRENT_ERROR")
    assert said.message == (
        'qBittorrent reports an error for the torrent of the film (Radarr: "qBittorrent is reporting an error")'
    )


def test_d5_a_download_that_is_gone() -> None:
    house = House()
    grabbed_film(house, "10:00")
    in_client(house, "downloading", 0.4)
    house.tick()
    house.torrents.clear()
    house.tick()
    assert "TORRENT_GONE" not in house.codes(), "not on the first look"
    house.tick(61)
    said = house.diagnosis("TORRENT_GONE")
    assert said.attention is Attention.WARN
    assert said.message == (
        "Radarr grabbed the film at 10:00; the download is no longer in qBittorrent; it had come to 40 %"
    )
    assert said.next_step == "Radarr → search again"
    assert house.line() == "Searching · download was removed at 40 %"


def test_of_several_clients_each_is_named_that_does_not_have_it() -> None:
    house = House(InstanceRef(Kind.QBITTORRENT, "seedbox"))
    grabbed_film(house, "10:00")
    in_client(house, "downloading", 0.4)
    house.tick()
    house.torrents.clear()
    house.tick().tick(61)
    said = house.diagnosis("TORRENT_GONE")
    assert "no longer in qBittorrent (qbittorrent) or qBittorrent (seedbox);" in said.message


def test_d6_the_first_release_failed() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1], first_id=4001), tvdb_id=900040)
    house.sonarr.grab(40, [4001], "ha", at("10:00"))
    house.sonarr.event("failed", at("11:30"), series_id=40, episode_id=4001, download_id="HA", message="no seeds")
    house.sonarr.grab(40, [4001], "hb", at("11:31"))
    house.download(torrent("hb", progress=0.1))
    house.tick()
    said = house.diagnosis("DOWNLOAD_FAILED")
    assert said.attention is Attention.INFO
    assert said.message == "Sonarr: the first release of S01E01 failed at 11:30: no seeds"
    assert house.verdict().seasons[0].episodes[0].diagnoses == (said,)
    assert house.line().endswith("2nd attempt")


def test_a_failure_without_a_new_attempt_wants_a_hand() -> None:
    house = House()
    grabbed_film(house)
    house.radarr.event("failed", at("11:40"), movie_id=60, download_id="HA", message="dangerous file")
    house.tick()
    said = house.diagnosis("DOWNLOAD_FAILED")
    assert said.attention is Attention.ERROR
    assert said.message == "Radarr: the download of the film failed at 11:40: dangerous file"


def test_d8_an_upgrade_names_both_qualities() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, range(1, 4), first_id=4001), tvdb_id=900040)
    house.sonarr.place(
        40, range(1, 4), "/data/tv/Station Nine/Season 1", added=at("10:00"), quality=clean("WEBDL-720p")
    )
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 4)
    ]
    house.sonarr.grab(40, [4003], "hu", at("11:50"), quality="Bluray-1080p")
    house.download(torrent("hu", progress=0.3))
    house.tick()
    (said,) = house.said()
    assert said.message == "Sonarr upgrades S01E03 from WEBDL-720p to Bluray-1080p"
    assert said.attention is Attention.INFO
    assert house.verdict().state is State.AVAILABLE
    assert house.line() == "Ready · 3/3 · upgrading 1 (30 %)"


D10 = [
    ("queued", "queuedDL", 0.0, ["GRAB_WAITING"]),
    ("downloading", "forcedDL", 0.4, []),
    ("checking", "checkingDL", 0.4, []),
    ("moving", "moving", 0.4, []),
    ("stopped", "pausedDL", 0.4, ["PAUSED"]),
    ("stopped", "stoppedDL", 0.4, ["PAUSED"]),
    ("stopped", "stoppedDL", 0.0, ["PAUSED"]),
    ("error", "error", 0.4, ["TORRENT_ERROR"]),
    ("missing_files", "missingFiles", 0.4, ["MISSING_FILES"]),
    ("unknown", "frobDL", 0.4, ["CLIENT_STATE_UNKNOWN"]),
]


@pytest.mark.parametrize(("state", "word", "progress", "codes"), D10, ids=[f"{one[1]}-{one[2]}" for one in D10])
def test_d10_every_state_has_its_verdict(state: str, word: str, progress: float, codes: list[str]) -> None:
    house = House()
    grabbed_film(house)
    in_client(house, state, progress, word=word)
    house.tick()
    assert house.codes() == codes
    for said in house.said():
        assert any(one.value == word for one in said.evidence), "the client's own word is evidence"
    if word == "frobDL":
        assert '"frobDL"' in house.said()[0].message
    if word == "stoppedDL" and progress:
        assert house.said()[0].message == "The film is stopped in qBittorrent at 40 %"


def test_d13_an_offline_client_is_said_once_and_no_stall_beside_it() -> None:
    house = House()
    house.requests = [request(number, movie=True, tmdb_id=number) for number in range(1, 5)]
    for number in range(1, 5):
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number)
        house.radarr.event("grabbed", at("11:00"), movie_id=number, download_id=f"H{number}")
        house.download(torrent(f"h{number}", "stalled", 0.5, last_activity_at=at("11:20"), seeds=0, availability=0.1))
    house.transfer = TransferState(connection=clean("disconnected"))
    house.tick()
    assert house.problems() == ["CLIENT_OFFLINE"]
    problem = house.problem("CLIENT_OFFLINE")
    assert problem.diagnosis.attention is Attention.ERROR
    assert "gluetun" in (problem.diagnosis.next_step or "")
    for number in range(1, 5):
        key = f"seerr:seerr:{number}"
        assert house.codes(key) == []
        assert house.line(key).endswith("client offline")
        assert house.verdict(key).state is State.DOWNLOADING
        assert house.verdict(key).attention is Attention.WAIT


def test_an_idle_client_without_a_connection_is_no_problem() -> None:
    house = House()
    house.transfer = TransferState(connection=clean("disconnected"))
    assert house.tick().problems() == []


def test_a_pack_is_judged_once() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    parts: list[Episode] = episodes(40, 1, range(1, 7), first_id=4001)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)
    house.sonarr.grab(40, range(4001, 4007), "ha", at("11:30"))
    stalled(house)
    house.tick()
    (season,) = house.verdict().seasons
    assert [one.code for one in season.diagnoses] == ["STALLED"]
    assert house.verdict().diagnoses == ()
    assert all(not one.diagnoses for one in season.episodes)
    assert (house.verdict().attention, season.attention) == (Attention.WARN, Attention.WARN)


def test_two_torrents_of_a_season_have_a_verdict_each() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1, 2, 3], first_id=4001), tvdb_id=900040)
    house.sonarr.grab(40, [4001], "ha", at("11:30"))
    house.sonarr.grab(40, [4002], "hb", at("11:30"))
    house.sonarr.grab(40, [4003], "hc", at("11:30"))
    house.download(torrent("ha", "stopped", 0.4), torrent("hb", "error", 0.1), torrent("hc", "downloading", 0.1))
    house.tick()
    shown = house.verdict().seasons[0].episodes
    assert [[one.code for one in row.diagnoses] for row in shown] == [["PAUSED"], ["TORRENT_ERROR"], []]
    assert [row.attention for row in shown] == [Attention.WARN, Attention.ERROR, Attention.WAIT]


def test_a_delay_profile_is_not_stuck() -> None:
    house = House()
    house.requests = [request(71, created_at=at("8T00:00"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.enqueue("", status="delay", tracked=None, movie_id=60, estimated_at=at("14:00"), added_at=at("09:00"))
    house.tick()
    assert house.diagnosis("DELAYED").message == "A delay profile of Radarr holds the film back until 14:00"
    house.tick(3600)
    assert house.verdict().attention is Attention.WAIT


def test_waiting_in_the_clients_queue_becomes_a_warning_by_time() -> None:
    house = House()
    grabbed_film(house, "11:50")
    in_client(house, "queued", 0.0, word="queuedDL", queue_position=7)
    house.tick()
    said = house.diagnosis("GRAB_WAITING")
    assert said.attention is Attention.WAIT
    assert said.message == "qBittorrent has the film in its queue (position 7), grabbed at 11:50"
    house.tick(3600)
    assert house.diagnosis("GRAB_WAITING").attention is Attention.WARN
    assert house.codes() == ["GRAB_WAITING"], "and nothing says stuck beside it"


def test_a_file_that_was_not_selected() -> None:
    from tracker_tui.model.torrents import TorrentFile

    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1, 2], first_id=4001), tvdb_id=900040)
    house.sonarr.grab(40, [4001, 4002], "ha", at("11:30"))
    house.download(torrent("ha", "complete", 1.0))
    house.torrent_files["ha"] = [
        TorrentFile(index=0, name=clean("Station.Nine.S01E01.mkv"), size_bytes=GB, progress=1.0),
        TorrentFile(index=1, name=clean("Station.Nine.S01E02.mkv"), size_bytes=GB, progress=0.0, wanted=False),
    ]
    house.tick()
    said = house.diagnosis("DESELECTED")
    assert "S01E02" in said.message
    assert house.verdict().seasons[0].episodes[1].diagnoses == (said,)


def test_a_file_deleted_on_purpose() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH)
    house.tick()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("deleted", house.now, movie_id=60, reason="MissingFromDisk")
    house.tick()
    assert (
        house.diagnosis("FILE_DELETED").message == "Radarr: the file of the film was deleted at 12:00 (MissingFromDisk)"
    )


def test_a_silent_client_is_not_quoted() -> None:
    house = House()
    grabbed_film(house)
    stalled(house)
    house.tick()
    assert house.codes() == ["STALLED"]
    house.down[QBIT] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    assert house.codes() == []
    assert house.problems() == ["SERVICE_DOWN"]
    house.down.clear()
    stalled(house, speed_bytes_s=MB)
    assert house.tick().codes() == ["STALLED"]


def test_a_download_that_lasts_a_day_is_stuck() -> None:
    house = House()
    grabbed_film(house, "24T11:00")
    in_client(house, "downloading", 0.4, speed_bytes_s=10, added_at=at("24T11:00"))
    house.tick()
    assert house.codes() == ["STUCK"]
    said = house.diagnosis("STUCK")
    assert said.message == "The film has been downloading for 25 h, as Radarr grabbed it"
    assert msgspec.structs.asdict(said)["next_step"]

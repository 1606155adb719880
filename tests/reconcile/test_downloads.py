"""Scenarios D: every state of the client, failures, upgrades, downloads that disappear."""

from typing import Any

import msgspec
import pytest

from tests.reconcile.given import GB, MB, QBIT, RADARR, House, at, episodes, item, request, torrent
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import clean

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"
NEW_PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights 2160p.mkv"


def grabbed_film(house: House) -> None:
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("10:00"), movie_id=60, download_id="HA")


def test_d1_a_magnet_without_metadata_has_no_numbers() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "metadata", 0.0, size_bytes=None, word="metaDL"))
    house.tick()
    assert house.row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · fetching metadata"
    assert house.row().progress is None
    assert house.row().size_bytes is None
    assert house.row().eta_s is None


def test_d5_a_download_that_disappears_is_believed_only_after_a_second_look() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", progress=0.4, category="radarr"))
    assert house.tick().row().state is State.DOWNLOADING

    house.torrents.clear()
    assert house.tick().row().state is State.DOWNLOADING
    assert house.tick(30).row().state is State.DOWNLOADING
    assert house.tick(31).row().state is State.APPROVED
    assert house.summary() == "Searching · download was removed at 40 %"
    assert house.row().progress is None
    assert "Download disappeared from qBittorrent" in [entry.text for entry in house.row().timeline]
    assert house.tick(600).summary() == "Searching · download was removed at 40 %"


def test_a_grab_that_nobody_ever_showed_is_not_held_against_the_clients_first_answer() -> None:
    house = House()
    grabbed_film(house)
    house.silent = {QBIT}
    assert house.tick().row().state is State.GRABBING
    house.silent = set()
    assert house.tick(1).row().state is State.APPROVED
    assert house.summary() == "Searching · download was removed"


def test_a_queued_download_stays_so_while_its_client_fails() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "queued", 0.0, category="radarr"))
    house.tick()
    house.torrents.clear()
    house.down[QBIT] = ServiceStatus.UNREACHABLE
    assert house.tick(61).memories["seerr:seerr:71"].episodes[0].step == "queued"
    house.down.clear()
    assert house.tick(1).row().state is State.GRABBING, "it was seen: one answer does not make it gone"
    assert house.tick(61).row().state is State.APPROVED


def test_a_queued_download_that_is_gone_is_believed_by_the_next_process() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "queued", 0.0, category="radarr"))
    house.tick()
    house.torrents.clear()
    assert house.tick().row().state is State.GRABBING
    again = House(memory=house.memory(), now=house.now)
    again.requests, again.arrs = house.requests, house.arrs
    again.silent = {QBIT}
    assert again.tick(70).row().state is State.GRABBING
    again.silent = set()
    assert again.tick(1).row().state is State.APPROVED, "two answers, more than a minute apart"


def test_a_failing_client_never_makes_a_download_disappear() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", progress=0.4, category="radarr"))
    house.tick()
    house.down[QBIT] = ServiceStatus.UNREACHABLE
    for _ in range(5):
        assert house.tick(61).row().state is State.DOWNLOADING
    assert Flag.STALE in house.row().flags


def test_a_download_that_comes_back_clears_the_doubt() -> None:
    house = House()
    grabbed_film(house)
    there = torrent("ha", progress=0.4, category="radarr")
    house.download(there)
    house.tick()
    house.torrents.clear()
    house.tick()
    assert house.memories["seerr:seerr:71"].episodes[0].gone
    house.download(there)
    house.tick(61)
    assert not house.memories["seerr:seerr:71"].episodes[0].gone
    house.torrents.clear()
    assert house.tick(61).row().state is State.DOWNLOADING


def test_d6_after_a_failure_the_new_grab_counts() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1], first_id=4001), tvdb_id=900040)
    house.sonarr.grab(40, [4001], "ha", at("10:00"))
    house.sonarr.event("failed", at("11:30"), series_id=40, episode_id=4001, download_id="HA", message="no seeds")
    house.sonarr.grab(40, [4001], "hb", at("11:31"))
    house.download(torrent("hb", progress=0.1, size_bytes=None))
    house.tick()
    assert house.states() == [State.DOWNLOADING]
    assert house.row().torrents == ("hb",)
    assert house.shown()[0].progress == pytest.approx(0.1)
    assert house.summary().endswith("2nd attempt")
    assert "Download failed: no seeds" in [entry.text for entry in house.row().timeline]


def test_a_failed_download_without_a_newer_one_is_a_failure() -> None:
    house = House()
    grabbed_film(house)
    house.radarr.event("failed", at("11:30"), movie_id=60, download_id="HA", message="dangerous file")
    house.tick()
    assert house.row().state is State.FAILED
    assert house.row().attention is Attention.ERROR
    assert house.summary() == "Failed · dangerous file"


def test_d8_an_upgrade_leaves_the_episode_ready() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, range(1, 13), first_id=4001), tvdb_id=900040)
    house.sonarr.place(40, range(1, 13), "/data/tv/Station Nine/Season 1", added=at("10:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 13)
    ]
    house.sonarr.grab(40, [4003], "hu", at("11:50"))
    house.sonarr.enqueue("hu", series_id=40, episode_id=4003, episode_has_file=True)
    house.download(torrent("hu", progress=0.3))
    house.tick()
    assert house.states() == [State.AVAILABLE] * 12
    assert house.row().state is State.AVAILABLE
    assert house.summary() == "Ready · 12/12 · upgrading 1 (30 %)"
    assert house.row().flags == (Flag.UPGRADING,)
    assert house.shown()[2].flags == (Flag.UPGRADING,)


def upgraded_film(house: House) -> None:
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH, added=at("10:00"))
    house.items = [
        item("m", "Movie", PATH, tmdb_id="700060"),
        item("x", "Movie", "/data/movies/Other/Other.mkv", tmdb_id="1"),
    ]
    assert house.tick().row().state is State.AVAILABLE
    house.radarr.event("deleted", house.now, movie_id=60, reason="Upgrade")
    house.radarr.event("imported", house.now, movie_id=60, download_id="HU")
    house.radarr.place_movie(60, NEW_PATH, added=house.now, file_id=2)
    house.items = house.items[1:]


def test_d9_an_upgraded_film_may_be_missing_from_jellyfin_for_a_while() -> None:
    house = House()
    upgraded_film(house)
    for _ in range(3):
        assert house.tick(30).row().state is State.AVAILABLE
        assert house.summary() == "Ready · upgraded, waiting for Jellyfin to re-scan"
    house.items.append(item("m2", "Movie", NEW_PATH, tmdb_id="700060"))
    assert house.tick().row().state is State.AVAILABLE
    assert house.summary() == "Ready"


def test_d9_but_not_for_ever() -> None:
    house = House()
    upgraded_film(house)
    house.tick(30)
    assert house.tick(20 * 60).row().state is State.IMPORTING
    assert house.summary() == "Imported · waiting for Jellyfin"


STATES = [
    ("queued", "queuedDL", 0.0, State.GRABBING),
    ("queued", "queuedDL", 0.4, State.DOWNLOADING),
    ("metadata", "metaDL", None, State.DOWNLOADING),
    ("metadata", "forcedMetaDL", None, State.DOWNLOADING),
    ("downloading", "downloading", 0.4, State.DOWNLOADING),
    ("downloading", "forcedDL", 0.4, State.DOWNLOADING),
    ("downloading", "downloading", 1.0, State.DOWNLOADING),
    ("stalled", "stalledDL", 0.4, State.DOWNLOADING),
    ("checking", "checkingDL", 0.4, State.DOWNLOADING),
    ("moving", "moving", 0.4, State.DOWNLOADING),
    ("moving", "moving", 1.0, State.DOWNLOADING),
    ("stopped", "pausedDL", 0.4, State.DOWNLOADING),
    ("stopped", "stoppedDL", 0.4, State.DOWNLOADING),
    ("stopped", "stoppedDL", 0.0, State.GRABBING),
    ("error", "error", 0.4, State.DOWNLOADING),
    ("missing_files", "missingFiles", 0.4, State.DOWNLOADING),
    ("complete", "uploading", 1.0, State.DOWNLOADED),
    ("complete", "stoppedUP", 1.0, State.DOWNLOADED),
    ("checking_complete", "checkingUP", 0.2, State.DOWNLOADED),
    ("unknown", "unknown", 0.4, State.DOWNLOADING),
    ("unknown", "frobDL", 0.4, State.DOWNLOADING),
]


@pytest.mark.parametrize(("ours", "word", "progress", "state"), STATES, ids=[f"{s[1]}-{s[2]}" for s in STATES])
def test_d10_every_state_of_the_client(ours: str, word: str, progress: float | None, state: State) -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", ours, progress, word=word, category="radarr"))
    house.tick()
    assert house.row().state is state
    if ours == "stopped" and progress:
        assert house.summary() == "Downloading · paused at 40 %"
        assert house.row().attention is Attention.WARN
    if ours in {"error", "missing_files"}:
        assert house.row().attention is Attention.ERROR
    if ours == "unknown":
        assert house.summary().endswith(word)


def test_d10_while_the_client_reads_its_records_the_state_stays() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "downloading", 0.4, category="radarr"))
    house.tick()
    house.download(torrent("ha", "resuming", 0.0, word="checkingResumeData", category="radarr"))
    assert house.tick().row().state is State.DOWNLOADING
    assert house.cases["seerr:seerr:71"].units[0].verdict.progress == pytest.approx(0.4)


def test_checking_keeps_the_last_progress_and_says_so() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "downloading", 0.61, category="radarr", speed_bytes_s=MB, eta_s=60))
    house.tick()
    for progress in (0.0, 0.2):
        house.download(torrent("ha", "checking", progress, word="checkingDL", category="radarr"))
        house.tick()
        assert house.row().progress == pytest.approx(0.61)
        assert house.summary() == "Downloading · 61 % of 1.0 GB · checking"
        assert house.row().speed_bytes_s is None
        assert house.row().eta_s is None


def test_usenet_lives_by_the_queue_alone() -> None:
    house = House(without=[QBIT])
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:59"), movie_id=60, download_id="SABnzbd_1", protocol="usenet")
    assert house.tick().row().state is State.GRABBING
    house.radarr.enqueue(
        "SABnzbd_1", movie_id=60, protocol=clean("usenet"), size_bytes=GB, left_bytes=GB // 4, left_s=90
    )
    house.tick()
    assert house.row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · 75 % of 1.0 GB · ETA 1m 30s"
    assert house.cases["seerr:seerr:71"].units[0].verdict.estimate


QUEUE = [
    ("queued", "downloading", 1.0, State.GRABBING),
    ("delay", None, 1.0, State.GRABBING),
    ("paused", "downloading", 1.0, State.GRABBING),
    ("paused", "downloading", 0.5, State.DOWNLOADING),
    ("warning", "downloading", 0.5, State.DOWNLOADING),
    ("downloading", "downloading", 0.5, State.DOWNLOADING),
    ("completed", "downloading", 0.0, State.DOWNLOADED),
    ("completed", "importpending", 0.0, State.DOWNLOADED),
    ("completed", "importblocked", 0.0, State.DOWNLOADED),
    ("completed", "importing", 0.0, State.IMPORTING),
]


@pytest.mark.parametrize(("status", "tracked", "left", "state"), QUEUE, ids=[f"{q[0]}-{q[1]}-{q[2]}" for q in QUEUE])
def test_without_a_readable_torrent_the_queue_decides(
    status: str, tracked: str | None, left: float, state: State
) -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.down[QBIT] = ServiceStatus.UNREACHABLE
    house.radarr.enqueue("ha", status=status, tracked=tracked, movie_id=60, size_bytes=GB, left_bytes=int(GB * left))
    assert house.tick().row().state is state


def test_a_hybrid_torrent_is_one_download_under_both_its_ids() -> None:
    house = House()
    grabbed_film(house)
    house.radarr.enqueue("v2short", movie_id=60)
    house.download(torrent("v2short", progress=0.5, ids=("v2short", "ha"), category="radarr"))
    house.tick()
    assert house.row().torrents == ("v2short",)
    assert len(house.cases["seerr:seerr:71"].units[0].downloads) == 1


def test_a_young_grab_waits_for_the_client_an_old_one_is_gone() -> None:
    house = House()
    grabbed_film(house)
    house.radarr.history[0] = msgspec.structs.replace(house.radarr.history[0], at=at("11:59:30"))
    assert house.tick().row().state is State.GRABBING
    assert house.tick(90).row().state is State.GRABBING, "not before a second look"
    assert house.tick(61).row().state is State.APPROVED


def test_a_lost_grab_is_seen_at_first_sight() -> None:
    house = House()
    grabbed_film(house)
    house.tick()
    assert house.row().state is State.APPROVED
    assert house.summary() == "Searching · download was removed"


def test_a_failing_radarr_keeps_its_queue_records_meaning_nothing() -> None:
    house = House()
    grabbed_film(house)
    house.download(torrent("ha", "complete", 1.0, category="radarr"))
    house.radarr.enqueue("ha", status="completed", tracked="importpending", movie_id=60)
    house.tick()
    house.down[RADARR] = ServiceStatus.ERROR
    assert house.tick(90).row().state is State.DOWNLOADED
    assert Flag.STALE in house.row().flags


@pytest.mark.parametrize(
    ("states", "running"),
    [
        (["downloading", "stalled", "metadata", "queued", "stopped", "complete"], 3),
        (["complete", "queued", "stopped", "metadata", "stalled"], 2),
        ([], 0),
    ],
    ids=["all kinds", "they change their states", "they are gone"],
)
def test_a_client_knows_how_many_torrents_run(states: list[str], running: int) -> None:
    house = House()
    house.download(*(torrent(f"h{number}", "downloading") for number in range(6)))
    house.tick()
    house.torrents.clear()
    house.download(*(torrent(f"h{number}", state) for number, state in enumerate(states)))
    house.tick()
    assert house.last is not None
    assert house.last.surroundings.clients[QBIT].downloading == running

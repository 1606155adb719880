"""What the diagnoser owes beyond its rules: once, in time, in the reader's zone, and whole when a rule is not."""

import logging
from collections.abc import Iterable
from datetime import timedelta, timezone
from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House, shokofin
from tests.reconcile.given import QBIT, RADARR, SONARR, at, episodes, item, request, torrent
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.diagnose.catalogue import COMMON_RULES, RULES
from tracker_tui.diagnose.diagnoser import Diagnoser
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TransferState

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def wanted_film(house: House) -> None:
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, last_search_at=at("11:00"))


def test_a_defect_in_one_rule_silences_it_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Iterable[Any]:
        raise ValueError("[/red] a foreign name")

    monkeypatch.setattr("tracker_tui.diagnose.diagnoser.RULES", (broken, *RULES))
    monkeypatch.setattr("tracker_tui.diagnose.diagnoser.COMMON_RULES", (broken, *COMMON_RULES))
    house = House()
    wanted_film(house)
    with caplog.at_level(logging.WARNING):
        house.tick().tick()
    assert house.codes() == ["SEARCH_NO_GRAB"]
    said = {record.getMessage() for record in caplog.records}
    assert said == {"a rule of diagnosis failed: broken: ValueError"}, "and what it quotes stays out of the log"


def test_sentences_tell_the_readers_time() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:30"))
    known_to_shoko(house, matched=13, hashed=13)
    house.shoko_files = [msgspec.structs.replace(one, imported_at=at("11:40")) for one in house.shoko_files]
    house.tick()
    assert " at 11:40" in house.diagnosis("VFS_MISSING_ENTRY").message
    tokyo = Diagnoser(zone=timezone(timedelta(hours=9)))
    (row,) = tokyo.judge(house.twin.advance(house.now, full=True)).rows
    assert " at 20:40" in row.seasons[0].diagnoses[0].message


def test_evidence_is_dated_by_when_it_was_first_seen_and_stays_so() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:30"), movie_id=60, download_id="HA")
    house.download(torrent("ha", "stopped", 0.4, word="stoppedDL"))
    house.tick()
    (first,) = house.diagnosis("PAUSED").evidence
    assert first.observed_at == house.now
    before = house.verdict()
    house.tick(30)
    assert house.diagnosis("PAUSED").evidence == (first,)
    assert house.verdict() == before, "nothing new, nothing different"


def test_a_change_of_the_surroundings_reaches_requests_that_did_not_change() -> None:
    house = House()
    wanted_film(house)
    house.tick()
    assert house.codes() == ["SEARCH_NO_GRAB"]
    house.complain(RADARR, "IndexerStatusCheck", "All indexers are unavailable")
    house.tick()
    assert "SEARCH_NO_GRAB" not in house.codes()
    house.checks.clear()
    house.tick()
    assert house.codes() == ["SEARCH_NO_GRAB"]


def test_a_removed_request_takes_its_claims_along() -> None:
    house = House()
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:30"))
    known_to_shoko(house, matched=13, hashed=13)
    house.shokofin = shokofin(signalr="Disconnected")
    house.task = msgspec.structs.replace(house.task, last_ended_at=at("11:20"))
    house.tick()
    assert house.problems() == ["SIGNALR_DOWN"]
    house.items = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
    ]
    house.tick()
    assert house.verdict().state is State.AVAILABLE
    assert house.problems() == []


def test_what_is_late_is_not_hidden_by_what_is_new() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1, 2], first_id=4001), tvdb_id=900040)
    house.sonarr.place(40, [1], "/data/tv/Station Nine/Season 1", added=at("09:30"))
    house.sonarr.place(40, [2], "/data/tv/Station Nine/Season 1", added=at("11:58"))
    house.tick()
    first, second = house.verdict().seasons[0].episodes
    assert [(one.code, one.attention) for one in first.diagnoses] == [("NOT_SCANNED", Attention.WARN)]
    assert [(one.code, one.attention) for one in second.diagnoses] == [("NOT_SCANNED", Attention.WAIT)]
    assert (first.attention, second.attention) == (Attention.WARN, Attention.WAIT)


def test_a_verdict_about_two_seasons_stands_at_the_request() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1, 2))]
    parts = episodes(40, 1, [1, 2], first_id=4001) + episodes(40, 2, [1, 2], first_id=4101)
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)
    house.sonarr.grab(40, [4001, 4002, 4101, 4102], "ha", at("11:30"))
    house.download(torrent("ha", "stopped", 0.4))
    house.tick()
    row = house.verdict()
    assert [one.code for one in row.diagnoses] == ["PAUSED"]
    assert row.diagnoses[0].message == "4 episodes are stopped in qBittorrent at 40 %"
    assert all(not season.diagnoses for season in row.seasons)
    assert row.attention is Attention.WARN


def test_a_ready_row_forgets_a_scan_that_ended() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH, added=at("10:00"))
    house.items = [item("m", "Movie", PATH, tmdb_id="700060"), item("x", "Movie", "/data/movies/O/O.mkv", tmdb_id="1")]
    house.tick()
    house.radarr.event("deleted", house.now, movie_id=60, reason="Upgrade")
    house.radarr.place_movie(60, PATH.replace(".mkv", " 2160p.mkv"), added=house.now, file_id=2)
    house.items = house.items[1:]
    house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=10.0)
    house.tick(30)
    assert house.verdict().state is State.AVAILABLE
    assert house.codes() == ["JF_SCAN_RUNNING"]
    house.task = msgspec.structs.replace(house.task, state=clean("Idle"), percent=None)
    house.tick(30)
    assert house.codes() == ["NOT_SCANNED"]


def test_an_emptied_client_is_doubted_for_half_an_hour_only() -> None:
    house = House()
    for number in range(5):
        house.download(torrent(f"h{number}", "complete", 1.0, category=clean("other")))
    house.tick()
    house.torrents.clear()
    house.tick()
    assert house.problem("LIBRARY_EMPTY").diagnosis.attention is Attention.WARN
    house.wait(30 * 60)
    assert house.problems() == []


def test_one_cause_with_two_services_stands_once_for_each() -> None:
    house = House()
    house.complain(SONARR, "IndexerStatusCheck", "down")
    house.complain(RADARR, "IndexerStatusCheck", "down")
    house.tick()
    assert house.problems() == ["INDEXERS", "INDEXERS"]


def test_problems_are_ordered_by_gravity() -> None:
    house = House()
    house.complain(SONARR, "IndexerStatusCheck", "some", "warning")
    house.down[QBIT] = ServiceStatus.UNREACHABLE
    house.transfer = TransferState()
    house.tick()
    assert house.problems() == ["SERVICE_DOWN", "INDEXERS"]

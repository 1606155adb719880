"""Requests before Sonarr and Radarr, and after them: C1 to C3, C15, H3, H6, G7."""

from typing import Any

import pytest

from tests.diagnose.given import House
from tests.reconcile.given import JELLYFIN, QBIT, RADARR, SEERR, at, item, request, torrent
from tracker_tui.model.seerr import SeerrTitle
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def test_c1_waits_for_approval_and_is_never_stuck() -> None:
    house = House()
    house.requests = [request(71, status=1, media_status=2, requested_by=clean("mia"), **FILM)]
    house.titles = [SeerrTitle(tmdb_id=700060, is_movie=True, title=clean("Harbor Lights"))]
    house.tick()
    said = house.diagnosis("NEEDS_APPROVAL")
    assert said.attention is Attention.WAIT
    assert said.message == "Seerr holds this request, made by mia at 09:00, for approval"
    assert said.next_step == "Seerr → Requests → approve or decline it"
    house.tick(12 * 3600)
    assert house.codes() == ["NEEDS_APPROVAL"]
    assert house.verdict().attention is Attention.WAIT
    assert "earch" not in house.line()


def test_c2_a_declined_request_needs_no_word() -> None:
    house = House()
    house.requests = [request(71, status=3, modified_by=clean("adept"), **FILM)]
    assert house.tick().codes() == []


def test_c3_not_in_radarr_waits_then_warns() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:59"), updated_at=at("11:59:50"), **FILM)]
    house.tick(20)
    assert house.diagnosis("NOT_IN_ARR").attention is Attention.WAIT
    assert house.judged is not None
    house.wait((at("12:04:50") - house.now).total_seconds())
    said = house.diagnosis("NOT_IN_ARR")
    assert said.attention is Attention.WARN
    assert said.message == "Radarr has no movie with TMDB id 700060, though Seerr approved it at 11:59"
    assert said.next_step is not None
    assert said.next_step.startswith("Seerr → Settings → Services → Radarr")
    assert "retry" not in said.next_step, "Seerr refuses that for a request that did not fail"
    assert house.line() == "Approved · waiting for Radarr to add it"


def test_time_alone_changes_a_verdict_at_the_instant_that_was_announced() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:59"), updated_at=at("11:59:50"), **FILM)]
    house.tick()
    assert house.judged is not None
    assert house.judged.next_at == at("12:04:50")


def test_seerr_could_not_send_it() -> None:
    house = House()
    house.requests = [request(71, status=4, failure_reason=clean("Quality profile does not exist"), **FILM)]
    house.tick()
    said = house.diagnosis("SEERR_FAILED")
    assert said.message == "Seerr could not send the request to Radarr: Quality profile does not exist"
    assert house.codes() == ["SEERR_FAILED"]
    house.down[SEERR] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    assert house.codes() == ["SEERR_FAILED"], "what was settled stays true while Seerr is silent"


def test_nothing_is_missing_in_a_radarr_that_does_not_answer() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:00"), updated_at=at("11:00"), **FILM)]
    house.tick()
    house.down[RADARR] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    assert house.codes() == []
    assert house.problems() == ["SERVICE_DOWN"]


def test_c15_seerr_is_ahead() -> None:
    house = House()
    house.requests = [request(71, media_status=5, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH, added=at("11:57"))
    house.tick()
    assert house.diagnosis("SEERR_AHEAD").attention is Attention.INFO
    assert house.diagnosis("NOT_SCANNED").attention is Attention.WAIT
    assert house.verdict().state is State.IMPORTING
    assert house.verdict().attention is Attention.WAIT


def test_h3_deleted_in_radarr() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.add_movie(61, "Other", tmdb_id=5)
    house.tick()
    del house.radarr.movies[60]
    house.tick().tick(61)
    key = "seerr:seerr:71"
    assert house.verdict(key).state is State.REMOVED
    said = house.diagnosis("EXTERNAL_DELETE", key)
    assert said.attention is Attention.INFO
    assert said.message.startswith("The film was removed from Radarr at 12:00")
    assert said.next_step == "delete the request in Seerr, or send it again"


def test_h6_the_torrent_of_an_earlier_request() -> None:
    house = House()
    house.requests = [request(40, movie=True, tmdb_id=1386807, created_at=at("10T10:00"))]
    house.radarr.add_movie(40, "Again", tmdb_id=1386807, added_at=at("10T10:01"))
    house.radarr.event("grabbed", at("24T10:02"), movie_id=40, download_id="HOLD")
    house.radarr.event("imported", at("24T11:00"), movie_id=40, download_id="HOLD")
    house.radarr.place_movie(40, PATH, added=at("24T11:00"))
    house.tick()
    house.items = [item("m", "Movie", PATH, tmdb_id="1386807")]
    assert house.tick().row("seerr:seerr:40").state is State.AVAILABLE
    house = House(memory=house.memory(), now=house.now)
    house.tick()
    house.tick(61)
    assert house.row("seerr:seerr:40").state is State.REMOVED
    again = House(memory=house.memory(), now=house.now)
    again.requests = [request(90, movie=True, tmdb_id=1386807, created_at=at("11:50"))]
    again.radarr.add_movie(77, "Again", tmdb_id=1386807, added_at=at("11:51"))
    again.tick()
    assert again.codes("seerr:seerr:90") == [], "its old torrent is gone from the client"
    again.download(torrent("hold", "complete", 1.0))
    again.tick()
    said = again.diagnosis("REQUESTED_BEFORE", "seerr:seerr:90")
    assert said.attention is Attention.INFO
    assert "on 10 Jan" in said.message
    assert "hold" in said.message


@pytest.mark.parametrize("silent", [{QBIT, JELLYFIN}, {JELLYFIN}], ids=["two", "one"])
def test_g7_names_those_who_have_not_answered(silent: set[Any]) -> None:
    before = House()
    before.requests = [request(71, **FILM)]
    before.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    before.radarr.place_movie(60, PATH, added=at("10:00"))
    before.items = [film_item()]
    before.tick()
    after = House(memory=before.memory(), now=before.now)
    after.requests, after.arrs, after.items = before.requests, before.arrs, before.items
    after.silent = silent
    after.tick()
    said = after.diagnosis("RESTORED")
    assert said.attention is Attention.INFO
    wanted = "qBittorrent and Jellyfin" if QBIT in silent else "Jellyfin"
    assert said.message == f"Restored from the last run, waiting for {wanted}"
    after.silent = set()
    after.tick()
    assert after.codes() == []


def film_item() -> Any:
    return item("m", "Movie", PATH, tmdb_id="700060")

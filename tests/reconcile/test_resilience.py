"""Scenarios G and H: outages, restarts, deletions, several instances; what must never be forgotten or invented."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.reconcile.given import (
    GB,
    JELLYFIN,
    MB,
    NOON,
    QBIT,
    RADARR,
    SONARR,
    SONARR_4K,
    House,
    at,
    episodes,
    item,
    request,
    torrent,
)
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.arr import Movie
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.seerr import SeerrServer
from tracker_tui.model.states import Flag, ServiceStatus, State
from tracker_tui.model.text import clean
from tracker_tui.reconcile.case import Seen
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.memory import Memory
from tracker_tui.reconcile.unit.look import Look

LR = "seerr:seerr:75"
FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}
PATH = "/data/movies/Harbor Lights (2024)/Harbor Lights.mkv"


def downloading_lycoris(house: House, progress: float = 0.5) -> None:
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", progress=progress, size_bytes=10 * GB, speed_bytes_s=MB, eta_s=60))


def test_g1_sonarr_dies_in_the_middle_of_a_download() -> None:
    house = House()
    downloading_lycoris(house)
    house.tick()
    house.down[SONARR] = ServiceStatus.UNREACHABLE
    for step in range(30):
        house.download(torrent("hlr", progress=0.5 + step * 0.08 / 29, size_bytes=10 * GB, speed_bytes_s=MB, eta_s=60))
        house.tick()
        assert house.states() == [State.DOWNLOADING] * 13
    assert house.summary() == "Downloading · 0/13 ready · 58 % of 10.0 GB · 1.0 MB/s · ETA 1m"
    assert house.row().flags == (Flag.STALE,)
    lamp = next(one for one in house.world().services if one.kind is Kind.SONARR)
    assert (lamp.status, lamp.stale, lamp.last_ok_at) == (ServiceStatus.UNREACHABLE, True, at("12:00:03"))
    assert house.last is not None
    assert SONARR in house.last.surroundings.down

    house.down.clear()
    for number in range(739, 752):
        house.sonarr.enqueue("hlr", status="completed", tracked="importing", series_id=23, episode_id=number)
    assert house.tick().states() == [State.IMPORTING] * 13
    assert house.row().flags == ()


def test_one_failed_call_marks_nothing() -> None:
    house = House()
    downloading_lycoris(house)
    house.tick()
    house.down[SONARR] = ServiceStatus.UNREACHABLE
    house.tick()
    assert house.row().flags == ()
    assert house.last is not None
    assert SONARR not in house.last.surroundings.down


def test_g2_a_refused_client_keeps_what_it_last_said() -> None:
    house = House()
    downloading_lycoris(house)
    for number in range(739, 752):
        house.sonarr.enqueue("hlr", series_id=23, episode_id=number, size_bytes=10 * GB, left_bytes=4 * GB)
    house.tick()
    house.down[QBIT] = ServiceStatus.UNAUTHORIZED
    assert house.tick(120).states() == [State.DOWNLOADING] * 13
    assert Flag.STALE in house.row().flags


def test_g7_a_restart_shows_the_stored_world_until_the_services_answer() -> None:
    before = House()
    downloading_lycoris(before)
    before.sonarr.place(23, range(1, 4), FOLDER, added=at("11:00"))
    known_to_shoko(before, matched=3, hashed=3, count=3)
    before.items = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in (1, 2)
    ]
    before.tick()
    states = [State.AVAILABLE] * 2 + [State.ANIME_MATCHING] + [State.DOWNLOADING] * 10
    assert before.states() == states
    entries = before.row().timeline

    after = House(memory=before.memory(), now=before.now)
    after.requests, after.arrs = before.requests, before.arrs
    after.torrents, after.items, after.shoko_files = before.torrents, before.items, before.shoko_files
    after.wait(10)
    assert after.states() == states, "before any answer"
    assert after.row().flags == (Flag.RESTORED,)
    assert after.row().requested_by == "adept"
    assert after.row().title == "Lycoris Recoil"

    after.silent = {QBIT, JELLYFIN}
    after.tick()
    assert after.states() == states, "Seerr and Sonarr answered"
    assert Flag.RESTORED in after.row().flags
    assert {Kind.QBITTORRENT, Kind.JELLYFIN} <= after.cases[LR].awaited
    assert after.row().timeline == entries

    after.silent = set()
    after.tick()
    assert after.states() == states
    assert after.row().flags == ()
    assert after.row().timeline == entries
    assert after.memories[LR].episodes[0].ready_at == before.memories[LR].episodes[0].ready_at
    assert after.memories[LR].first_seen_at == before.memories[LR].first_seen_at


def test_g7_the_summary_survives_a_restart() -> None:
    before = House()
    lycoris(before)
    before.sonarr.place(23, range(1, 14), FOLDER, added=at("11:59"))
    known_to_shoko(before, matched=13, hashed=13)
    before.tick()
    after = House(memory=before.memory(), now=before.now)
    assert after.wait(3).summary() == before.summary() == "Matched 13/13 · waiting for Jellyfin"


def test_a_restart_confirms_what_an_earlier_run_saw_gone() -> None:
    before = House()
    before.requests = [request(71, **FILM)]
    before.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    before.radarr.event("grabbed", at("10:00"), movie_id=60, download_id="HA")
    before.download(torrent("ha", progress=0.4, category="radarr"))
    before.tick()
    before.torrents.clear()
    before.tick()
    after = House(memory=before.memory(), now=before.now)
    after.requests, after.arrs = before.requests, before.arrs
    assert after.tick(61).row().state is State.APPROVED
    assert after.summary() == "Searching · download was removed at 40 %"


def h1_house(main_has_files: bool = True) -> House:
    house = House(SONARR_4K)
    for ref in (SONARR, SONARR_4K):
        house.arrs[ref].add_series(40, "Station Nine", episodes(40, 1, range(1, 7), first_id=4001), tvdb_id=900040)
    house.requests = [
        request(80, tmdb_id=800040, tvdb_id=900040, seasons=(1,), server_id=0, external_id=40),
        request(81, tmdb_id=800040, tvdb_id=900040, seasons=(1,), server_id=1, external_id=40, is_4k=True),
    ]
    if main_has_files:
        house.sonarr.place(40, range(1, 7), "/data/tv/Station Nine/Season 1", added=at("10:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 7)
    ]
    return house


def test_h1_two_instances_keep_their_episodes_apart() -> None:
    house = h1_house()
    house.arrs[SONARR_4K].grab(40, range(4001, 4007), "h4k", at("11:00"))
    house.download(torrent("h4k", progress=0.2))
    house.tick()
    assert sorted(house.rows) == ["seerr:seerr:80", "seerr:seerr:81"]
    assert house.row("seerr:seerr:80").state is State.AVAILABLE
    assert house.states("seerr:seerr:81") == [State.DOWNLOADING] * 6
    assert house.summary("seerr:seerr:81") == "4K · Downloading · 0/6 ready · 20 % of 1.0 GB"
    assert house.row("seerr:seerr:80").instance == SONARR
    assert house.row("seerr:seerr:81").instance == SONARR_4K
    assert house.row("seerr:seerr:81").ids.sonarr == (("sonarr-4k", 40),)


def test_h2_the_4k_version_is_ready_only_by_its_own_file() -> None:
    house = h1_house()
    house.arrs[SONARR_4K].place(40, range(1, 7), "/data/tv-4k/Station Nine 4K/Season 1", added=at("11:00"))
    house.tick()
    assert house.row("seerr:seerr:80").state is State.AVAILABLE
    assert house.row("seerr:seerr:81").state is State.IMPORTING
    house.items = [
        msgspec.structs.replace(
            one, source_paths=(one.path, clean(f"/data/tv-4k/Station Nine 4K/Season 1/S01E{one.number:02}.mkv"))
        )
        if one.type == "Episode" and one.path is not None
        else one
        for one in house.items
    ]
    house.tick()
    assert house.row("seerr:seerr:81").state is State.AVAILABLE


@pytest.mark.parametrize("by", ["name of the server", "4K in the name", "number in the configuration"])
def test_seerrs_server_is_found_among_several(by: str) -> None:
    from tests.reconcile.given import SEERR
    from tracker_tui.model.observation import (
        Observation,
        RequestsListed,
        SeerrServersRead,
    )
    from tracker_tui.reconcile.reconciler import Reconciler
    from tracker_tui.reconcile.setup import ConfiguredInstance, Setup

    other = InstanceRef(Kind.SONARR, "uhd" if by == "4K in the name" else "second")
    setup = Setup(
        instances=(
            ConfiguredInstance(ref=SEERR),
            ConfiguredInstance(ref=SONARR),
            ConfiguredInstance(ref=other, seerr_server_id=1 if by == "number in the configuration" else None),
        )
    )
    reconciler = Reconciler(setup, Memory())
    asked = request(81, tmdb_id=1, tvdb_id=2, server_id=1, is_4k=True)
    servers = (
        SeerrServer(id=0, name=clean("Sonarr")),
        SeerrServer(id=1, name=clean("Second") if by == "name of the server" else clean("?")),
    )
    for payload in (SeerrServersRead(servers=servers), RequestsListed(requests=(asked,), complete=True)):
        reconciler.absorb(Observation(ref=SEERR, at=NOON, payload=payload))
    (case,) = reconciler.advance(NOON).cases
    assert case.instance == other


def test_h3_a_deleted_series_is_removed_after_a_second_look() -> None:
    house = House()
    downloading_lycoris(house)
    house.sonarr.add_series(24, "Other", episodes(24, 1, [1], first_id=9001), tvdb_id=1, added_at=at("1T00:00"))
    house.tick(30)
    del house.sonarr.series[23]
    house.torrents.clear()
    house.now = at("12:01")
    assert house.tick(0).states() == [State.DOWNLOADING] * 13
    assert house.tick(30).row().state is State.DOWNLOADING
    assert house.tick(31).row().state is State.REMOVED
    assert house.summary() == "Removed from Sonarr at 12:01"
    assert house.row().timeline[-1].text == "Removed from Sonarr"
    assert house.tick(600).row().state is State.REMOVED
    assert house.world().counts.in_progress == 0


def test_h3_a_sonarr_that_lists_nothing_at_all_is_not_believed() -> None:
    house = House()
    downloading_lycoris(house)
    for number in (24, 25, 26):
        house.sonarr.add_series(number, f"Other {number}", [], tvdb_id=number, added_at=at("1T00:00"))
    house.tick()
    house.sonarr.series.clear()
    for _ in range(4):
        house.tick(61)
        assert house.states() == [State.DOWNLOADING] * 13
        assert Flag.DOUBTFUL in house.row().flags
    assert house.last is not None
    (vanished,) = house.last.surroundings.vanished
    assert (vanished.ref, vanished.key, vanished.before) == (SONARR, "series", 4)


def test_h6_the_same_film_again_is_a_new_lifecycle() -> None:
    before = House(now=at("10T09:30"))
    before.requests = [request(60, movie=True, tmdb_id=1386807, created_at=at("10T09:00"))]
    before.radarr.add_movie(40, "Again", tmdb_id=1386807, added_at=at("10T09:01"))
    before.radarr.event("grabbed", at("10T09:10"), movie_id=40, download_id="HOLD")
    before.radarr.event("imported", at("10T09:20"), movie_id=40, download_id="HOLD")
    before.radarr.place_movie(40, "/data/movies/Again (2025)/Again.mkv", added=at("10T09:20"))
    before.items = [item("old", "Movie", "/data/movies/Again (2025)/Again.mkv", tmdb_id="1386807")]
    before.tick()
    before.now = at("20T10:00")
    before.radarr.movies.clear()
    before.radarr.history.clear()
    before.items = []
    before.tick()
    assert before.tick(61).row().state is State.REMOVED

    house = House(memory=before.memory())
    house.requests = [
        request(60, movie=True, tmdb_id=1386807, created_at=at("10T09:00"), external_id=77, status=5),
        request(90, movie=True, tmdb_id=1386807, created_at=at("11:50"), external_id=77),
    ]
    house.radarr.add_movie(77, "Again", tmdb_id=1386807, added_at=at("11:51"))
    house.download(torrent("hold", "complete", 1.0, category="radarr", added_at=at("10T09:10")))
    house.tick()
    new = house.row("seerr:seerr:90")
    assert new.state is State.APPROVED
    assert house.summary("seerr:seerr:90") == "Searching · requested before (10 Jan)"
    assert new.torrents == ()
    assert house.cases["seerr:seerr:90"].earlier is not None
    assert house.row("seerr:seerr:60").state is State.REMOVED
    assert house.row("seerr:seerr:60").ids.radarr == (("radarr", 40),)


def test_orphans_of_sonarr_and_radarr_are_listed_others_are_not() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:00"), movie_id=60, download_id="HA")
    house.download(
        torrent("ha", progress=0.4, category="radarr"),
        torrent("lost", progress=0.4, category="radarr", name=clean("Harbor.Lights.2024.1080p-GRP")),
        torrent("linux", progress=0.4, category="iso"),
        torrent("old", "complete", 1.0, category="radarr", added_at=NOON - timedelta(days=40)),
        torrent("young", progress=0.0, category="radarr", added_at=NOON),
    )
    house.tick()
    assert house.last is not None
    assert [one.hash for one in house.last.unassigned] == ["lost"]
    assert house.last.unassigned[0].candidate is None, "it is downloading already"
    house.tick(180)
    assert house.last is not None
    assert [one.hash for one in house.last.unassigned] == ["lost", "young"]
    house.radarr.event("grabbed", house.now, movie_id=60, download_id="LOST")
    house.tick()
    assert [one.hash for one in house.last.unassigned] == ["young"]


def test_an_orphan_names_the_only_request_it_can_belong_to() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.download(torrent("lost", progress=0.4, category="radarr", name=clean("Harbor.Lights.2024.1080p-GRP")))
    house.tick()
    assert house.last is not None
    (orphan,) = house.last.unassigned
    assert orphan.candidate == "seerr:seerr:71"
    assert house.reconciler.interest().orphans == ("lost",)


def test_e1_a_queue_record_radarr_cannot_place_is_joined_by_its_download() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:00"), movie_id=60, download_id="HK")
    house.radarr.enqueue("hk", status="completed", tracked="importblocked", tracked_status=clean("warning"))
    house.download(torrent("hk", "complete", 1.0, category="radarr"))
    house.tick()
    assert house.row().state is State.DOWNLOADED
    assert house.summary() == "Downloaded · import blocked"
    assert house.last is not None
    assert house.last.unassigned == ()


def test_e2_complete_in_the_client_and_unknown_to_radarrs_queue() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:10"), movie_id=60, download_id="HD")
    house.download(torrent("hd", "complete", 1.0, category="radarr", completed_at=at("11:35")))
    house.tick()
    assert house.row().state is State.DOWNLOADED
    assert house.row().since == at("11:35")


def test_a_defect_in_one_request_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.requests = [request(71, **FILM), request(72, movie=True, tmdb_id=5)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.tick()
    working = Look.film

    def failing(look: Look, arr: ArrFacts, movie: Movie) -> list[Seen]:
        if movie.tmdb_id == 700060:
            raise ValueError("a secret detail")
        return working(look, arr, movie)

    monkeypatch.setattr(Look, "film", failing)
    house.tolerates_defects = True
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, year=2024)
    house.radarr.add_movie(61, "Other", tmdb_id=5)
    house.tick()
    assert house.row("seerr:seerr:71").state is State.APPROVED, "its last row stays"
    assert house.row("seerr:seerr:72").title == "Other"
    assert house.last is not None
    (broken,) = house.last.broken
    assert broken.id == "seerr:seerr:71"
    assert broken.error.startswith("ValueError in test_resilience.py:")
    monkeypatch.undo()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, year=2025)
    house.tick()
    assert house.last.broken == ()
    assert house.row("seerr:seerr:71").year == 2025


def test_a_broken_record_hides_nobody_else() -> None:
    house = House()
    house.requests = [request(71, **FILM), request(72, movie=True, tmdb_id=None, created_at=None, updated_at=None)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.tick()
    assert house.row("seerr:seerr:71").state is State.APPROVED
    assert house.row("seerr:seerr:72").state is State.APPROVED


def test_an_instance_that_is_not_configured_is_ignored() -> None:
    house = House(without=[RADARR])
    house.requests = [request(71, **FILM)]
    house.tick()
    assert house.row().state is State.APPROVED
    assert house.row().instance is None


def test_what_was_settled_lately_is_shown_at_once_after_a_restart() -> None:
    before = House()
    before.requests = [request(75, **FILM, status=3), request(76, movie=True, tmdb_id=2)]
    before.radarr.add_movie(60, "Other", tmdb_id=2)
    before.tick()
    del before.radarr.movies[60]
    before.tick().tick(61)
    assert [before.row(f"seerr:seerr:{number}").state for number in (75, 76)] == [State.DECLINED, State.REMOVED]
    after = House(memory=before.memory(), now=before.now)
    after.silent = set(after.refs)
    after.tick()
    assert [after.row(f"seerr:seerr:{number}").state for number in (75, 76)] == [State.DECLINED, State.REMOVED]
    after.silent = set()
    for _ in range(3):
        after.tick(61)
        assert [after.row(f"seerr:seerr:{number}").state for number in (75, 76)] == [State.DECLINED, State.REMOVED]
    assert "seerr:seerr:75" not in House(memory=before.memory(), now=NOON + timedelta(days=20)).wait(1).rows


def test_a_row_of_radarrs_own_that_a_request_took_over_is_no_earlier_lifecycle() -> None:
    house = House()
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:00"), movie_id=60, download_id="HB")
    house.download(torrent("hb", progress=0.5, category="radarr"))
    house.tick()
    assert set(house.rows) == {"radarr:radarr:60"}
    house.requests = [request(90, movie=True, tmdb_id=700060, created_at=at("11:50"))]
    for progress in (0.6, 0.7, 0.8):
        house.download(torrent("hb", progress=progress, category="radarr"))
        house.tick()
        assert set(house.rows) == {"seerr:seerr:90"}
        assert house.row("seerr:seerr:90").progress == progress

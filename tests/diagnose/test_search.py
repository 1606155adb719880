"""Wanted and not grabbed: A5, C5, C8, C9, C12, C14, films before their release, indexers."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.reconcile.given import RADARR, SEERR, SONARR, at, episodes, item, request
from tracker_tui.model.arr import Command, SeasonFacts
from tracker_tui.model.states import Attention
from tracker_tui.model.text import clean

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}


def station(house: House, seasons: tuple[int, ...] = (1,), count: int = 12, **more: Any) -> None:
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=seasons)]
    parts = [
        part
        for season in range(1, max(seasons) + 1)
        for part in episodes(40, season, range(1, count + 1), first_id=4000 + season * 100, **more)
    ]
    house.sonarr.add_series(40, "Station Nine", parts, tvdb_id=900040)


def test_a5_added_today_and_searching_without_seerr() -> None:
    house = House(without=[SEERR])
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:00"))
    for number in range(100, 110):
        house.radarr.add_movie(number, f"Old {number}", tmdb_id=number, added_at=at("1T00:00"))
        house.radarr.place_movie(number, f"/data/movies/Old {number}/o.mkv", added=at("1T00:00"), file_id=number)
    house.tick()
    assert list(house.verdicts) == ["radarr:radarr:60"]
    assert house.problems() == []


def test_c5_the_last_search_found_nothing_to_grab() -> None:
    house = House()
    station(house, last_search_at=at("11:40"))
    house.sonarr.commands = [
        Command(
            id=1, name=clean("SeasonSearch"), status=clean("completed"), series_ids=(40,), season=1,
            ended_at=at("11:40:10"), message=clean("Season search completed. 0 reports downloaded."),
        )
    ]  # fmt: skip
    house.tick()
    said = house.diagnosis("SEARCH_NO_GRAB")
    assert said.attention is Attention.WARN
    assert said.message == (
        "Sonarr's last search for 12 episodes of season 1, 19 min ago, found nothing to grab "
        '("Season search completed. 0 reports downloaded.")'
    )
    assert said.next_step is not None
    assert said.next_step.startswith("press x")
    assert house.line() == "Searching for 12 episodes · last search 19 min ago found nothing to grab"
    assert "no release" not in said.message.lower()
    assert house.verdict().seasons[0].diagnoses == (said,)
    house.wait(60)
    assert "20 min ago" in house.line()
    assert "20 min ago" in house.diagnosis("SEARCH_NO_GRAB").message


def test_a_running_search_is_a_wait_whatever_the_time() -> None:
    house = House()
    station(house)
    house.sonarr.commands = [
        Command(id=1, name=clean("SeasonSearch"), status=clean("started"), series_ids=(40,), season=1,
                started_at=at("11:59"))
    ]  # fmt: skip
    house.tick()
    assert house.codes() == ["SEARCHING"]
    assert house.verdict().attention is Attention.WAIT, "requested three hours ago, but it moves"
    assert {one.attention for one in house.verdict().seasons[0].episodes} == {Attention.WAIT}
    house.sonarr.commands = []
    house.tick(2 * 3600)
    assert house.codes() == ["STUCK"]
    assert house.said()[0].message == "Sonarr has wanted 12 episodes of season 1 for 2 h and grabbed nothing"
    assert house.verdict().attention is Attention.WARN


def test_c12_a_search_that_just_ended_only_waits() -> None:
    house = House()
    station(house, (1,), 6, last_search_at=at("11:55"))
    house.tick()
    (said,) = house.said()
    assert (said.code, said.attention) == ("SEARCHING", Attention.WAIT)
    assert house.verdict().attention is Attention.WAIT
    assert house.judged is not None
    assert house.judged.next_at == at("12:10")
    house.wait(600)
    assert house.codes() == ["SEARCH_NO_GRAB"]


def test_c14_the_season_that_lacks_it_is_named() -> None:
    house = House()
    station(house, (1, 2), last_search_at=at("09:00"))
    house.sonarr.place(40, range(1, 13), "/data/tv/Station Nine/Season 1", added=at("10:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 13)
    ]
    house.tick()
    first, second = house.verdict().seasons
    assert first.diagnoses == ()
    assert [one.code for one in second.diagnoses] == ["SEARCH_NO_GRAB"]
    assert house.line().startswith("12/24 ready · 12 searching")


def test_a_search_from_before_the_request_found_nothing_for_it() -> None:
    house = House()
    station(house, last_search_at=at("08:00"))
    house.tick()
    assert "SEARCH_NO_GRAB" not in house.codes()


def test_c8_requested_and_not_monitored() -> None:
    house = House()
    station(house, (2,), 10)
    series = house.sonarr.series[40]
    seasons = (SeasonFacts(number=1, monitored=True), SeasonFacts(number=2, monitored=False))
    house.sonarr.series[40] = msgspec.structs.replace(series, seasons=seasons)
    house.sonarr.edit(40, range(1, 11), season=2, monitored=False)
    house.tick()
    assert house.line() == "0/10 · not monitored in Sonarr"
    (said,) = house.said()
    assert said.code == "NOT_MONITORED"
    assert said.message == "Sonarr will not search season 2: not monitored"
    assert said.next_step == "Sonarr → open the series → monitor season 2, then search"


@pytest.mark.parametrize("what", ["film", "series"])
def test_not_monitored_as_a_whole(what: str) -> None:
    house = House()
    if what == "film":
        house.requests = [request(71, **FILM)]
        house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, monitored=False)
    else:
        station(house)
        house.sonarr.series[40] = msgspec.structs.replace(house.sonarr.series[40], monitored=False)
    house.tick()
    assert f"will not search the {what}" in house.diagnosis("NOT_MONITORED").message


def test_a_season_that_sonarr_does_not_have() -> None:
    house = House()
    station(house, (1,))
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(3,))]
    house.tick()
    assert house.diagnosis("SEASON_UNKNOWN").message == "Sonarr has no season 3 of this series, only 1"


@pytest.mark.parametrize(("added", "attention"), [("11:55", Attention.WAIT), ("09:00", Attention.WARN)])
def test_c9_no_episode_list(added: str, attention: Attention) -> None:
    house = House()
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057, seasons=(1,))]
    house.sonarr.add_series(23, "Lycoris Recoil", [], tvdb_id=414057, added_at=at(added), total_episode_count=0)
    house.sonarr.add_series(24, "Other", episodes(24, 1, [1], first_id=1), tvdb_id=5, total_episode_count=1)
    house.tick()
    assert house.line("seerr:seerr:75") == "No episode list yet"
    said = house.diagnosis("NO_EPISODE_METADATA", "seerr:seerr:75")
    assert said.attention is attention
    if attention is Attention.WARN:
        assert said.next_step == "Sonarr → open the series → Refresh & Scan"
    assert house.problems() == []


def test_c9_all_series_are_empty_is_said_once() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=154494, tvdb_id=414057), request(76, tmdb_id=2, tvdb_id=5)]
    for number, tvdb in ((23, 414057), (24, 5)):
        house.sonarr.add_series(number, f"Show {number}", [], tvdb_id=tvdb, total_episode_count=0)
    house.tick()
    assert house.problems() == ["NO_EPISODE_METADATA"]
    problem = house.problem("NO_EPISODE_METADATA")
    assert "any of its 2 series" in problem.diagnosis.message
    assert "restart Sonarr" in (problem.diagnosis.next_step or "")
    assert not house.said("seerr:seerr:75")


def test_a_film_before_its_release_waits_in_peace() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(
        60, "Harbor Lights", tmdb_id=700060, is_available=False, release_at=at("31T00:00"), status=clean("inCinemas")
    )
    house.tick()
    said = house.diagnosis("NOT_RELEASED")
    assert said.message == "Radarr does not search before the release on 31 Jan (status inCinemas)"
    assert house.verdict().attention is Attention.WAIT


def test_indexers_that_are_down_explain_a_fruitless_search() -> None:
    house = House()
    station(house, last_search_at=at("11:00"))
    house.complain(SONARR, "IndexerStatusCheck", "All indexers are unavailable due to failures")
    house.tick()
    problem = house.problem("INDEXERS")
    assert problem.name == "sonarr"
    assert problem.diagnosis.attention is Attention.ERROR
    assert '"All indexers are unavailable due to failures"' in problem.diagnosis.message
    assert "SEARCH_NO_GRAB" not in house.codes()


CHECKS = [
    ("DownloadClientStatusCheck", "CLIENT_UNREACHABLE_FROM_ARR"),
    ("RemotePathMappingCheck", "PATH_TROUBLE"),
    ("ImportMechanismCheck", "IMPORT_HANDLING_OFF"),
    ("RootFolderCheck", "ROOT_FOLDER_MISSING"),
    ("IndexerLongTermStatusCheck", "INDEXERS"),
]


@pytest.mark.parametrize(("source", "code"), CHECKS)
@pytest.mark.parametrize(
    ("severity", "attention"), [("error", Attention.ERROR), ("warning", Attention.WARN), ("notice", Attention.INFO)]
)
def test_complaints_of_radarr_are_passed_on_once(source: str, code: str, severity: str, attention: Attention) -> None:
    house = House()
    house.complain(RADARR, source, "Something [/red] is wrong", severity)
    house.tick()
    assert house.problems() == [code]
    problem = house.problem(code)
    assert (problem.kind, problem.name, problem.diagnosis.attention) == ("radarr", "radarr", attention)
    assert "Something [/red] is wrong" in problem.diagnosis.evidence[0].value, "verbatim"


@pytest.mark.parametrize("source", ["UpdateCheck", "ProxyCheck", "ImportListStatusCheck"])
def test_complaints_that_hold_nothing_up_are_not_passed_on(source: str) -> None:
    house = House()
    house.complain(RADARR, source, "New update is available", "warning")
    assert house.tick().problems() == []


def test_p74_who_reaches_the_client_and_who_does_not() -> None:
    house = House()
    house.complain(SONARR, "DownloadClientStatusCheck", "All download clients are unavailable")
    house.tick()
    message = house.problem("CLIENT_UNREACHABLE_FROM_ARR").diagnosis.message
    assert message.startswith("Sonarr cannot reach its download client")
    assert "(this program does reach qBittorrent)" in message

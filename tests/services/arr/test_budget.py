"""What each method asks of the server: which calls, that they only read, and that big libraries change nothing."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.services.conftest import NOW
from tracker_tui.services.arr.radarr import RadarrClient
from tracker_tui.services.arr.shared import CALLS_AT_ONCE
from tracker_tui.services.arr.sonarr import SonarrClient
from tracker_tui.simulate.arr.radarr import SimulatedRadarr
from tracker_tui.simulate.arr.scenery import MovieScenery, SeriesScenery
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr

SINCE = "date=2026-01-25T12:00:00Z"
ALONE = "includeSeries=false&includeEpisode=false"

SONARR: dict[str, tuple[Callable[[SonarrClient], Awaitable[Any]], list[str]]] = {
    "identify": (lambda client: client.identify(), ["system/status"]),
    "setup": (lambda client: client.setup(), ["downloadclient", "tag"]),
    "queue": (lambda client: client.queue(), [f"queue/details?{ALONE}"]),
    "history_since": (lambda client: client.history_since(NOW), [f"history/since?{SINCE}&{ALONE}"]),
    "recent_history": (
        lambda client: client.recent_history(NOW),
        [f"history?page=1&pageSize=250&sortKey=date&sortDirection=descending&{ALONE}"],
    ),
    "history_of": (lambda client: client.history_of(23), [f"history/series?seriesId=23&{ALONE}"]),
    "series_list": (lambda client: client.series_list(), ["series"]),
    "read_series": (lambda client: client.read_series(23), ["episode?seriesId=23", "series/23"]),
    "read_series, files": (
        lambda client: client.read_series(23, with_files=True),
        ["episode?seriesId=23", "episodefile?seriesId=23", "series/23"],
    ),
    "commands": (lambda client: client.commands(), ["command"]),
    "health": (lambda client: client.health(), ["health"]),
    "release_rejections": (lambda client: client.release_rejections(episode_id=1), ["release?episodeId=1"]),
    "release_rejections, season": (
        lambda client: client.release_rejections(series_id=23, season=1),
        ["release?seriesId=23&seasonNumber=1"],
    ),
}
RADARR: dict[str, tuple[Callable[[RadarrClient], Awaitable[Any]], list[str]]] = {
    "queue": (lambda client: client.queue(), ["queue/details?includeMovie=false"]),
    "history_since": (lambda client: client.history_since(NOW), [f"history/since?{SINCE}&includeMovie=false"]),
    "history_of": (lambda client: client.history_of(62), ["history/movie?movieId=62&includeMovie=false"]),
    "movie_list": (lambda client: client.movie_list(), ["movie"]),
    "read_movie": (lambda client: client.read_movie(62), ["movie/62"]),
    "movie_by_tmdb": (lambda client: client.movie_by_tmdb(198375), ["movie?tmdbid=198375"]),
    "release_rejections": (lambda client: client.release_rejections(movie_id=62), ["release?movieId=62"]),
}


def asked(server: SimulatedSonarr | SimulatedRadarr) -> list[str]:
    assert {call.method for call in server.calls} <= {"GET"}
    return sorted(
        call.path.removeprefix("/api/v3/") + (f"?{call.query}" if call.query else "") for call in server.calls
    )


@pytest.mark.parametrize("name", SONARR)
async def test_sonarr_calls(name: str, sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    sonarr.add_series("Show", {1: 3}, series_id=23, first_episode_id=1)
    read, calls = SONARR[name]
    await read(sonarr_client)
    assert asked(sonarr) == calls
    assert sonarr_client.meter.calls == len(calls)


@pytest.mark.parametrize("name", RADARR)
async def test_radarr_calls(name: str, radarr: SimulatedRadarr, radarr_client: RadarrClient) -> None:
    radarr.add_movie("Film", movie_id=62, tmdb_id=198375)
    read, calls = RADARR[name]
    await read(radarr_client)
    assert asked(radarr) == calls
    assert radarr_client.meter.calls == len(calls)


@pytest.mark.parametrize("name", ["queue", "history_since", "commands", "health", "read_series"])
async def test_bytes_do_not_grow_with_the_library(
    name: str, sonarr: SimulatedSonarr, sonarr_client: SonarrClient
) -> None:
    sonarr.add_series("Show", {1: 3}, series_id=23, first_episode_id=1)
    read, _ = SONARR[name]
    await read(sonarr_client)
    small = sonarr_client.meter.bytes_in
    sonarr.scenery = SeriesScenery(300)
    await read(sonarr_client)
    assert sonarr_client.meter.bytes_in == 2 * small


async def test_an_idle_tick_is_two_bytes(sonarr: SimulatedSonarr, sonarr_client: SonarrClient) -> None:
    await sonarr_client.history_since(NOW)
    assert sonarr_client.meter.bytes_in == 2


async def test_big_lists_are_read_whole(
    sonarr: SimulatedSonarr, sonarr_client: SonarrClient, radarr: SimulatedRadarr, radarr_client: RadarrClient
) -> None:
    sonarr.scenery, radarr.scenery = SeriesScenery(300), MovieScenery(300)
    assert len((await sonarr_client.series_list()).series) == 300
    assert len((await radarr_client.movie_list()).movies) == 300


async def test_a_server_meets_so_many_calls_at_once_and_no_more(
    sonarr: SimulatedSonarr, sonarr_client: SonarrClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = 0, 0
    exchange = type(sonarr_client._contact.link).exchange

    async def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await exchange(*args, **kwargs)
        finally:
            running -= 1

    monkeypatch.setattr(type(sonarr_client._contact.link), "exchange", counted)
    sonarr.latency_s = 0.02
    await asyncio.gather(*(sonarr_client.health() for _ in range(9)))
    assert most == CALLS_AT_ONCE


def test_pyarr_is_not_paid_for_by_an_import() -> None:
    clients = "tracker_tui.services.arr.sonarr, tracker_tui.services.arr.radarr"
    code = f"import sys, {clients}; sys.exit('pyarr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""A season on its way through a real client, as a snapshot shows it: every episode follows its own file."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from tests.real.metainfo import make_season
from tests.real.pair import Pair
from tracker_tui.config.settings import Instance, Secret, Settings
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import State
from tracker_tui.model.world import EpisodeRow
from tracker_tui.simulate.arr.sonarr import SimulatedSonarr
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost
from tracker_tui.store.store import Store

pytestmark = pytest.mark.real

EPISODES = 13
SIZE = 256 << 10
LIMIT = 500_000
PATIENCE_S = 40.0
LADDER = [State.GRABBING, State.DOWNLOADING, State.DOWNLOADED]


async def test_every_episode_of_a_season_follows_its_own_file(pair: Pair, content: Path, tmp_path: Path) -> None:
    season = make_season(content, "Slow.Season.S01.1080p-GRP", size=SIZE, episodes=EPISODES)
    sonarr = SimulatedSonarr(SimClock.at_real_time())
    series = sonarr.add_series("Slow Season", {1: EPISODES}, tvdb_id=900060, tmdb_id=800060)
    client = pair.leecher.instance
    with SimHost() as host:
        url = host.add(sonarr)
        server = Instance(kind=Kind.SONARR, name="sonarr", url=url, api_key=Secret(sonarr.api_key))
        settings = Settings(instances=(server, client))

        async def look() -> list[EpisodeRow]:
            watch = Watch(settings, Store.open(tmp_path / "state.json"))
            try:
                world = await watch.snapshot(10.0)
            finally:
                await watch.close()
            (row,) = world.requests
            (part,) = row.seasons
            return list(part.episodes)

        sonarr.grab(list(series.episodes), season.name, EPISODES * SIZE, season.client_hash.upper())
        looks = [await look()]
        assert {one.state for one in looks[0]} == {State.GRABBING}, "Sonarr knows, the client does not yet"
        await asyncio.to_thread(pair.seed, season)
        await asyncio.to_thread(lambda: pair.leech(season, limit=LIMIT, sequential=True))
        async with asyncio.timeout(PATIENCE_S):
            while {one.state for one in looks[-1]} != {State.DOWNLOADED}:
                looks.append(await look())
    for before, after in pairwise(looks):
        for old, new in zip(before, after, strict=True):
            assert LADDER.index(old.state) <= LADDER.index(new.state), "nothing goes back"
            assert (old.progress or 0.0) <= (new.progress or 0.0)
    assert any({State.DOWNLOADING, State.DOWNLOADED} <= {one.state for one in each} for each in looks), "one by one"
    under_way = [one for each in looks for one in each if one.state is State.DOWNLOADING]
    assert any(0 < (one.progress or 0.0) < 1 for one in under_way)
    assert not any(one.progress_is_estimate for one in under_way), "the files' own progress"
    assert {one.torrents for each in looks[1:] for one in each} == {(season.client_hash,)}

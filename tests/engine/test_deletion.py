"""What somebody deletes in Sonarr is noticed within minutes, though whole lists are read every half hour."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.benchmarks.households import SMALL, finished_series, household_of, season_pack_in_flight
from tests.benchmarks.ticking import Ticking, stepped_time
from tracker_tui.model.states import State
from tracker_tui.model.world import RequestRow
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.titles import Show, jellyfin_path
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.story.titles import STATION_NINE, TIDEWATER

STEPS_A_MINUTE = 20


@asynccontextmanager
async def settled(story: Callable[[Household], None]) -> AsyncIterator[Ticking]:
    """Let the program have seen all of a small household in which `story` happened."""
    household = household_of(SMALL)
    story(household)
    with SimHost() as host, stepped_time() as time:
        for service in household.services.values():
            host.add(service)
        ticking = Ticking(household, time)
        try:
            await passes(ticking, minutes=2)
            yield ticking
        finally:
            await ticking.watch.close()


async def passes(ticking: Ticking, minutes: int) -> None:
    for _ in range(minutes * STEPS_A_MINUTE):
        await ticking.step()


def row_of(ticking: Ticking, show: Show) -> RequestRow:
    (row,) = [one for one in ticking.watch.world.requests if one.title == show.name]
    return row


async def test_a_series_deleted_in_sonarr() -> None:
    """Its records leave the queue, read every 15 s: it is looked at then, and a minute later to confirm."""
    async with settled(season_pack_in_flight) as ticking:
        sonarr = ticking.household.sonarr
        assert row_of(ticking, STATION_NINE).state is State.DOWNLOADING
        ticking.household.delete_series(STATION_NINE)
        sonarr.calls.clear()
        await passes(ticking, minutes=2)
        row = row_of(ticking, STATION_NINE)
        assert row.state is State.REMOVED
        assert [one.code for one in row.diagnoses] == ["EXTERNAL_DELETE"]
        assert not [call for call in sonarr.calls if call.path == "/api/v3/series"], "the whole list was not needed"


async def test_an_episode_of_a_finished_season_whose_file_is_deleted() -> None:
    """Jellyfin tells of no deletion: the item is looked at within a minute of Sonarr's word, and another to confirm."""

    def states(ticking: Ticking) -> list[State]:
        return [one.state for one in row_of(ticking, TIDEWATER).seasons[0].episodes if one.counted]

    async with settled(finished_series) as ticking:
        home = ticking.household
        assert states(ticking) == [State.AVAILABLE] * 8
        series = home.sonarr.series[TIDEWATER.series_id]
        file = series.files[series.numbered(1, 3).file_id]
        home.sonarr.delete_file(file.id)
        home.jellyfin.file_removed(jellyfin_path(file.path))
        await passes(ticking, minutes=4)
        assert states(ticking) == [State.AVAILABLE] * 2 + [State.PENDING] + [State.AVAILABLE] * 5

"""What somebody deletes in Sonarr is noticed within two minutes, though its whole list is read every half hour."""

from tests.benchmarks.households import SMALL, finished_series, household_of, season_pack_in_flight
from tests.benchmarks.ticking import Ticking, stepped_time
from tracker_tui.model.states import State
from tracker_tui.simulate.household.titles import jellyfin_path
from tracker_tui.simulate.server import SimHost
from tracker_tui.simulate.story.titles import STATION_NINE, TIDEWATER

MINUTES = 2
"""Its records leave the queue, read every 15 s: it is looked at then, and a minute later to confirm."""


async def test_a_series_deleted_in_sonarr() -> None:
    household = household_of(SMALL)
    season_pack_in_flight(household)
    with SimHost() as host, stepped_time() as time:
        for service in household.services.values():
            host.add(service)
        ticking = Ticking(household, time)
        try:
            for _ in range(40):
                await ticking.step()
            states = {str(row.title): row.state for row in ticking.watch.world.requests}
            assert states[STATION_NINE.name] is State.DOWNLOADING
            household.delete_series(STATION_NINE)
            household.sonarr.calls.clear()
            for _ in range(MINUTES * 20):
                await ticking.step()
            (row,) = [one for one in ticking.watch.world.requests if one.title == STATION_NINE.name]
            assert row.state is State.REMOVED
            assert [one.code for one in row.diagnoses] == ["EXTERNAL_DELETE"]
            lists = [call for call in household.sonarr.calls if call.path == "/api/v3/series"]
            assert not lists, "the whole list was not needed"
        finally:
            await ticking.watch.close()


CONFIRMED_MINUTES = 4
"""The deletion is seen in Sonarr's history, its item looked at within a minute, and another later to confirm."""


async def test_an_episode_of_a_finished_season_whose_file_is_deleted() -> None:
    """Jellyfin tells of no deletion: what was ready must not read so until the program is started again."""
    household = household_of(SMALL)
    finished_series(household)
    with SimHost() as host, stepped_time() as time:
        for service in household.services.values():
            host.add(service)
        ticking = Ticking(household, time)
        try:
            for _ in range(40):
                await ticking.step()
            assert _states(ticking) == [State.AVAILABLE] * 8
            series = household.sonarr.series[TIDEWATER.series_id]
            file = series.files[series.numbered(1, 3).file_id]
            household.sonarr.delete_file(file.id)
            household.jellyfin.file_removed(jellyfin_path(file.path))
            for _ in range(CONFIRMED_MINUTES * 20):
                await ticking.step()
            assert _states(ticking) == [State.AVAILABLE] * 2 + [State.PENDING] + [State.AVAILABLE] * 5
        finally:
            await ticking.watch.close()


def _states(ticking: Ticking) -> list[State]:
    (row,) = [one for one in ticking.watch.world.requests if one.title == TIDEWATER.name]
    return [one.state for one in row.seasons[0].episodes if one.counted]

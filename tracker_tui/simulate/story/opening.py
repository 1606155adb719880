"""What happened in the demo's household before its story: the first instant is already in the middle of things."""

from collections.abc import Callable
from datetime import timedelta

from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.resting import rest
from tracker_tui.simulate.household.services import ANIME_CLASSICS
from tracker_tui.simulate.household.titles import FILM, Number, Release, Show, Wanted
from tracker_tui.simulate.story import titles as its
from tracker_tui.simulate.story.offers import OFFERS

type Act = Callable[[Household], None]

LONG_AGO = timedelta(days=3)
"""How long before the story's first instant the household is set up."""
ACTIVE_DOWNLOADS = 6
"""qBittorrent lets so many run at once; the next one waits in its queue."""


def open_story(household: Household) -> None:
    """Bring a new household from `LONG_AGO` to the first instant of the story."""
    start = household.clock.now() + LONG_AGO
    for before, act in _EARLIER:
        household.clock.jump(to=start - before)
        household.tick()
        act(household)
    household.clock.jump(to=start)
    household.tick()


def wanted_by(wanted: Wanted, by: str) -> Act:
    """Return: asked for, approved and handed over."""

    def act(household: Household) -> None:
        household.request(wanted, by=by)
        household.approve(wanted)
        household.arr_adds(wanted)

    return act


def arrives(wanted: Wanted, release: Release, *numbers: Number) -> Act:
    """Return: grabbed, downloaded and imported, all at once."""

    def act(household: Household) -> None:
        household.grab(wanted, release, numbers or (FILM,), progress=1.0)
        household.imports_now(release)

    return act


def _asked(wanted: Wanted, by: str) -> Act:
    def act(household: Household) -> None:
        household.request(wanted, by=by)

    return act


def _grabbed(show: Show, release: Release, *numbers: Number) -> Act:
    return lambda household: household.grab(show, release, numbers)


def _set_up(household: Household) -> None:
    household.shokofin.drops_events = True  # the scan at the end finds everything at once
    rest(household)
    household.qbittorrent.set_queueing(ACTIVE_DOWNLOADS)
    household.shokofin.break_mapping(household.libraries[ANIME_CLASSICS])
    wanted_by(its.TIDEWATER, "mia")(household)
    arrives(its.TIDEWATER, its.TIDEWATER_PACK, *its.TIDEWATER.numbers())(household)
    wanted_by(its.LONG_ORBIT, "kim")(household)
    arrives(its.LONG_ORBIT, its.LONG_ORBIT_1, (1, 1))(household)
    for wanted, found in OFFERS.items():
        household.indexers_offer(wanted, *found)
    household.shoko.finish_jobs()
    household.jellyfin.finish_scan()
    household.shokofin.drops_events = False


def _nothing_found(household: Household) -> None:
    household.search(its.GLASS_GARDENS, takes_s=40, message="Season search completed. 0 reports downloaded.")


def _salt_road(household: Household) -> None:
    household.grab(its.SALT_ROAD, its.SALT_ROAD_RELEASE, progress=0.2, speed=100_000)


def _salt_road_stalls(household: Household) -> None:
    household.qbittorrent.torrents[its.SALT_ROAD_RELEASE.hash].seeds = 0
    household.qbittorrent.stall(its.SALT_ROAD_RELEASE.hash)


def _pancreas(household: Household) -> None:
    refusal = ("Unable to parse file",)
    household.grab(its.PANCREAS, its.PANCREAS_RELEASE, progress=1.0, refusal=refusal)


def _summer_ghost(household: Household) -> None:
    household.anidb_does_not_know(its.SUMMER_GHOST)
    arrives(its.SUMMER_GHOST, its.SUMMER_GHOST_RELEASE)(household)


def _everything_flows(household: Household) -> None:
    mib = 1 << 20
    household.flow(its.STATION_NINE_PACK, 0.38, int(12.4 * mib))
    household.flow(its.LYCORIS_PACK, 0.60, int(30.5 * mib))
    household.flow(its.GARDEN_RELEASE, 0.82, int(2.6 * mib))
    household.flow(its.LONG_ORBIT_2, 0.67, int(2.1 * mib))
    household.flow(its.LONG_ORBIT_3, 0.0, int(1.2 * mib))
    household.flow(its.TIDEWATER_UPGRADE, 0.28, int(3.1 * mib))
    for arr in (household.sonarr, household.radarr):
        arr.client_refresh()


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


_EARLIER: tuple[tuple[timedelta, Act], ...] = (
    (LONG_AGO, _set_up),
    (timedelta(hours=26), wanted_by(its.FIVE_CENTIMETERS, "adept")),
    (timedelta(hours=25), arrives(its.FIVE_CENTIMETERS, its.FIVE_CENTIMETERS_RELEASE)),
    (timedelta(hours=24), lambda household: household.jellyfin.finish_scan()),
    (_minutes(180), _asked(its.HARBOR_LIGHTS, "mia")),
    (_minutes(125), wanted_by(its.SNAFU, "adept")),
    (_minutes(120), wanted_by(its.GLASS_GARDENS, "kim")),
    (_minutes(119), _nothing_found),
    (_minutes(112), wanted_by(its.SALT_ROAD, "kim")),
    (_minutes(110), _salt_road),
    (_minutes(90), wanted_by(its.PANCREAS, "mia")),
    (_minutes(80), arrives(its.SNAFU, its.SNAFU_PACK, *its.SNAFU.numbers())),
    (_minutes(45), _pancreas),
    (_minutes(40), _salt_road_stalls),
    (_minutes(40), _asked(its.PAPER_MOONS, "kim")),
    (_minutes(31), wanted_by(its.LYCORIS_RECOIL, "adept")),
    (_minutes(30), _grabbed(its.LYCORIS_RECOIL, its.LYCORIS_PACK, *its.LYCORIS_RECOIL.numbers())),
    (_minutes(28), wanted_by(its.SUMMER_GHOST, "mia")),
    (_minutes(20), _summer_ghost),
    (_minutes(19), wanted_by(its.STATION_NINE, "adept")),
    (_minutes(18), _grabbed(its.STATION_NINE, its.STATION_NINE_PACK, *its.STATION_NINE.numbers())),
    (_minutes(13), wanted_by(its.GARDEN_OF_WORDS, "mia")),
    (_minutes(12), lambda household: household.grab(its.GARDEN_OF_WORDS, its.GARDEN_RELEASE)),
    (_minutes(10), _grabbed(its.TIDEWATER, its.TIDEWATER_UPGRADE, (1, 3))),
    (_minutes(6), _grabbed(its.LONG_ORBIT, its.LONG_ORBIT_2, (1, 2))),
    (_minutes(2), _grabbed(its.LONG_ORBIT, its.LONG_ORBIT_3, (1, 3))),
    (_minutes(0.5), _everything_flows),
)
"""How long before the first instant what happened, in order."""

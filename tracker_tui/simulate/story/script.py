"""The demo's story, step by step: what people and services do at which moment, and the sentence that says so."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker_tui.model.ids import Kind
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.services import ANIME_CLASSICS, ANIME_SHOWS
from tracker_tui.simulate.household.titles import Film, Release, jellyfin_path, shoko_path
from tracker_tui.simulate.story import titles as its
from tracker_tui.simulate.story.opening import Act

MIB = 1 << 20
FREE_BYTES = 300 * 10**9

LYCORIS_STUCK_S = 1560.0
"""From here on a refresh frees a show, until the story's own does."""


def _nothing(_: Household) -> None:
    """Only a sentence: what it tells follows from what was done before."""


def _always(_: Household) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """What happens `at_s` seconds after the first instant, or later as soon as `when` holds; `text` makes it a beat."""

    at_s: float
    text: str | None
    act: Act = _nothing
    when: Callable[[Household], bool] = _always


def _downloads(film: Film, release: Release, speed: int, metadata_s: float) -> Act:
    return lambda household: household.grab(film, release, speed=speed, metadata_s=metadata_s)


def _orbit_again(household: Household) -> None:
    household.search(its.LONG_ORBIT, takes_s=10, message="Season search completed. 1 reports downloaded.")
    household.grab(its.LONG_ORBIT, its.LONG_ORBIT_3_AGAIN, [(1, 3)], speed=5 * MIB)


def _backlog(household: Household) -> None:
    household.shoko.add_backlog("Hash File", 48, takes_s=40)


def _disk_is_full(household: Household) -> None:
    household.qbittorrent.fail_disk_full(its.LONG_ORBIT_3_AGAIN.hash)


def _space_again(household: Household) -> None:
    household.qbittorrent.free_bytes = FREE_BYTES
    household.qbittorrent.start(its.LONG_ORBIT_3_AGAIN.hash)


def _indexers_fail(household: Household) -> None:
    household.sonarr.complain("IndexerStatusCheck", "error", "All indexers are unavailable due to failures")


def _nobody_asked(household: Household) -> None:
    release = its.TIDEWATER_BY_HAND
    household.qbittorrent.add_torrent(release.hash, release.name, release.files, "tv-sonarr", speed=2 * MIB)


def _map_classics(household: Household) -> None:
    folder = household.shoko.folder_of(f"{shoko_path(its.SNAFU.root)}/")
    if folder is not None:
        path = jellyfin_path(its.SNAFU.root)
        household.shokofin.map_folder(household.libraries[ANIME_CLASSICS], path, folder.id)


def _refresh_classics(household: Household) -> None:
    if household.playable(its.SNAFU) < len(its.SNAFU.numbers()):
        household.refresh_library(ANIME_CLASSICS)


def _episodes(*numbers: int) -> Act:
    def act(household: Household) -> None:
        for number in numbers:
            release = its.STATION_NINE_SINGLES[number - 1]
            household.grab(its.STATION_NINE, release, [(2, number)], speed=round((3 + number) * MIB))

    return act


def _second_season(household: Household) -> None:
    household.request(its.STATION_NINE, by="mia", seasons=(2,))
    household.seerr.partial(household.number_of(its.STATION_NINE))


def _approve_second_season(household: Household) -> None:
    household.approve(its.STATION_NINE)
    household.arr_adds(its.STATION_NINE)


def _refresh_anime(household: Household) -> None:
    if household.playable(its.LYCORIS_RECOIL) < len(its.LYCORIS_RECOIL.numbers()):
        household.refresh_library(ANIME_SHOWS)


SCRIPT: tuple[Step, ...] = (
    Step(0, "Five transfers run; The Salt Road is stalled, lacking seeds"),
    Step(40, "adept approves Harbor Lights", lambda household: household.approve(its.HARBOR_LIGHTS)),
    Step(55, None, lambda household: household.arr_adds(its.HARBOR_LIGHTS)),
    Step(65, "Radarr has Harbor Lights and searches", lambda household: household.search(its.HARBOR_LIGHTS)),
    Step(
        90,
        "Radarr grabs Harbor Lights; no peer sends its metadata yet",
        _downloads(its.HARBOR_LIGHTS, its.HARBOR_LIGHTS_RELEASE, 11 * MIB, 45),
    ),
    Step(115, "SNAFU: v cannot help, its details (d) say why"),
    Step(135, "The Garden of Words is complete; Radarr looks soon"),
    Step(185, "Glass Gardens: press x to ask why nothing was grabbed"),
    Step(250, "Shoko knows The Garden of Words; Jellyfin follows"),
    Step(
        300,
        "Radarr goes down; what it said last stays, with its age",
        lambda household: household.goes_down(Kind.RADARR),
    ),
    Step(380, "Shoko gets busy with old files: new ones have to wait", _backlog),
    Step(420, "Radarr is back", lambda household: household.returns(Kind.RADARR)),
    Step(440, "Station Nine and Lycoris Recoil are imported file by file"),
    Step(500, "adept declines Paper Moons", lambda household: household.decline(its.PAPER_MOONS)),
    Step(
        600,
        "The Long Orbit E03 was a fake release: Sonarr gives it up",
        lambda household: household.fails(its.LONG_ORBIT_3, "Caution: Found executable file in the release"),
    ),
    Step(640, "Lycoris Recoil is imported, but Shoko's queue is long"),
    Step(720, "Sonarr finds another release of The Long Orbit E03", _orbit_again),
    Step(750, "Harbor Lights is imported; Jellyfin has not looked yet"),
    Step(
        780,
        "Lycoris Recoil is hashed while Jellyfin scans: no links yet",
        lambda household: household.scan(lasts_s=150),
        lambda household: household.hashing_begins(its.LYCORIS_RECOIL),
    ),
    Step(920, "The disk is full: The Long Orbit E03 stops with an error", _disk_is_full),
    Step(985, "There is space again: The Long Orbit E03 goes on", _space_again),
    Step(
        1060,
        "adept imports I Want to Eat Your Pancreas by hand",
        lambda household: household.imports_now(its.PANCREAS_RELEASE),
    ),
    Step(
        1120,
        "mia links Summer Ghost in Shoko by hand",
        lambda household: household.links_by_hand(its.SUMMER_GHOST),
    ),
    Step(
        1200,
        "kim deletes Glass Gardens in Sonarr",
        lambda household: household.delete_series(its.GLASS_GARDENS),
    ),
    Step(1260, "mia asks for the second season of Station Nine", _second_season),
    Step(1290, "adept approves the second season of Station Nine", _approve_second_season),
    Step(1300, None, lambda household: household.search(its.STATION_NINE, season=2, takes_s=60)),
    Step(1330, "Sonarr grabs Station Nine season 2, episode by episode", _episodes(1, 2)),
    Step(1390, None, _episodes(3)),
    Step(1430, "All of Sonarr's indexers fail: nothing new can be found", _indexers_fail),
    Step(1450, None, _episodes(4, 5, 6)),
    Step(1500, "Sonarr's indexers answer again", lambda household: household.sonarr.recover("IndexerStatusCheck")),
    Step(LYCORIS_STUCK_S, "Lycoris Recoil is stuck: press v on it"),
    Step(1590, None, _nobody_asked),
    Step(1700, "Sonarr never asked for a torrent of Tidewater S02: u lists it"),
    Step(1800, "Station Nine season 2 is imported; Lycoris Recoil waits for v"),
    Step(1900, "Station Nine season 2 is ready: H lists what happened"),
    Step(2000, "A refresh of Anime Shows: Lycoris Recoil is in Jellyfin", _refresh_anime),
    Step(
        2080,
        "Jellyfin restarts: what was ready stays ready",
        lambda household: household.goes_down(Kind.JELLYFIN, Fault.STATUS_503),
    ),
    Step(2160, "Jellyfin is back", lambda household: household.returns(Kind.JELLYFIN)),
    Step(2240, "adept maps Anime Classics in Shokofin: v can free SNAFU now", _map_classics),
    Step(2330, "A refresh of Anime Classics: SNAFU is in Jellyfin, too", _refresh_classics),
    Step(2400, "The story is told; press 0 to begin again"),
)
"""In the order in which they are told."""

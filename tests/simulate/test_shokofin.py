"""The simulated Shokofin behaves as the plugin was read to behave: why anime does not appear, and what helps."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulate.shoko_stub import MATCHED, StubShoko, series
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.jellyfin.items import Item, SimulatedLibrary
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import CLEANUP_ROOT, CLEAR_CACHE, SimulatedShokofin
from tracker_tui.simulate.jellyfin.shokofin_source import ShokoStateSource
from tracker_tui.simulate.jellyfin.shokofin_vfs import FolderMapping, LinkedFile, Rules
from tracker_tui.simulate.shoko.records import V5_2
from tracker_tui.simulate.shoko.state import ShokoState

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
MEDIA = "/data/anime/shows"


class Household:
    """A Jellyfin with the plugin and one anime library over Shoko's folder 1."""

    def __init__(self, version: str = "6.0.2.0", kind: str = "tvshows") -> None:
        self.clock = SimClock(NOW)
        self.shoko = StubShoko()
        self.jellyfin = SimulatedJellyfin(self.clock, "10.11.6")
        self.library: SimulatedLibrary = self.jellyfin.add_library("Anime", [MEDIA], kind)
        self.plugin = SimulatedShokofin(self.jellyfin, self.shoko, version)
        self.plugin.adopt(self.library, 1)
        self.plugin.drops_events = True

    @property
    def root(self) -> str:
        return self.plugin.adopted[self.library.id].root

    def file(self, name: str) -> str:
        """Put a file where Jellyfin sees it; return its path in Shoko's folder."""
        self.jellyfin.disk.add_file(f"{MEDIA}/{name}", self.clock.now())
        return name

    def refresh(self) -> None:
        """Refresh the library through its queue, and wait for it."""
        with self.jellyfin.lock:
            self.jellyfin.scanner.refresh(self.library, None, self.jellyfin.catch_up())
        self.clock.jump(seconds=21)
        with self.jellyfin.lock:
            self.jellyfin.catch_up()

    def run(self, key: str) -> None:
        with self.jellyfin.lock:
            self.plugin.run(next(task for task in self.plugin.tasks if task.key == key), self.jellyfin.catch_up())

    def wait(self, seconds: float) -> None:
        self.clock.jump(seconds=seconds)
        with self.jellyfin.lock:
            self.jellyfin.catch_up()

    def items(self, kind: str = "Episode") -> list[Item]:
        return [item for item in self.jellyfin.index.items.values() if item.type == kind]

    def file_ids(self) -> list[int]:
        """Return the Shoko file ids of the items that have a file."""
        found = [item for kind in ("Episode", "Movie") for item in self.items(kind) if item.path]
        return sorted(int(item.provider_ids["Shoko File"]) for item in found)


@pytest.fixture
def house() -> Household:
    return Household()


@pytest.fixture(params=["4.2.1.0", "5.0.6.0", "6.0.2.0"])
def any_house(request: pytest.FixtureRequest) -> Household:
    return Household(request.param)


# ---- generation


def test_a_refresh_of_the_library_makes_the_links(any_house: Household) -> None:
    any_house.shoko.add(301, any_house.file("LR/01.mkv"), series(12, 1))
    assert any_house.file_ids() == []
    any_house.refresh()
    (episode,) = any_house.items()
    assert episode.path == (
        f"{any_house.root}/Lycoris Recoil [Shoko Series=12]/Season 01/"
        "Lycoris Recoil S01E01 [Shoko Series=12] [Shoko File=301].mkv"
    )
    assert episode.provider_ids == {
        "Shoko Episode": "1201",
        "Shoko File": "301",
        "Shoko Series": "12",
        "AniDB": "12001",
    }
    assert (episode.season, episode.number) == (1, 1)


def test_the_full_scan_makes_them_too(any_house: Household) -> None:
    any_house.shoko.add(301, any_house.file("LR/01.mkv"), series(12, 1))
    any_house.jellyfin.start_scan()
    any_house.wait(61)
    assert any_house.file_ids() == [301]


@pytest.mark.parametrize(
    ("version", "locations"),
    [("4.2.1.0", [MEDIA]), ("5.0.6.0", [MEDIA, "vfs"]), ("6.0.2.0", ["vfs"])],
)
def test_where_the_library_lies_by_version(version: str, locations: list[str]) -> None:
    house = Household(version)
    assert house.library.locations == [house.root if one == "vfs" else one for one in locations]


def test_a_file_that_left_shoko_loses_its_link(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.shoko.add(302, house.file("LR/02.mkv"), series(12, 2))
    house.refresh()
    house.shoko.files.pop(0)
    house.run(CLEAR_CACHE)
    house.refresh()
    assert house.file_ids() == [302]


# ---- what is remembered


@pytest.mark.parametrize(("version", "stalled"), [("4.2.1.0", 10), ("5.0.6.0", 10), ("6.0.2.0", 60)])
def test_a_second_refresh_soon_after_finds_nothing_new(version: str, stalled: int) -> None:
    house = Household(version)
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.jellyfin.scanner.refresh_lasts = timedelta(seconds=3)
    house.refresh()
    house.shoko.add(302, house.file("LR/02.mkv"), series(12, 2))
    house.jellyfin.finish_scan()  # 18 s after the generation
    assert house.file_ids() == ([301] if stalled > 18 else [301, 302])
    house.wait(stalled + 1)
    house.jellyfin.finish_scan()
    assert house.file_ids() == [301, 302]


def test_every_look_restarts_the_waiting(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    house.shoko.add(302, house.file("LR/02.mkv"), series(12, 2))
    for _ in range(4):
        house.wait(30)
        house.jellyfin.finish_scan()
        assert house.file_ids() == [301]


def test_clearing_the_cache_makes_the_next_refresh_ask_shoko(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    house.shoko.add(302, house.file("LR/02.mkv"), series(12, 2))
    house.run(CLEAR_CACHE)
    assert house.file_ids() == [301]  # by itself it makes no link
    house.refresh()
    assert house.file_ids() == [301, 302]


def test_iterative_generation_skips_what_was_matched_before_the_last(house: Household) -> None:
    adopted = house.plugin.adopted[house.library.id]
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    adopted.iterative = True
    house.shoko.add(302, house.file("LR/02.mkv"), series(12, 2), at=MATCHED)
    house.run(CLEAR_CACHE)
    house.refresh()
    assert house.file_ids() == [301]
    adopted.force_full = True
    house.run(CLEAR_CACHE)
    house.refresh()
    assert house.file_ids() == [301, 302]
    assert not adopted.force_full


# ---- when it gives up


def test_an_unmapped_library_gets_nothing_until_it_is_mapped(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    for keep_entry in (True, False):
        house.plugin.break_mapping(house.library, keep_entry=keep_entry)
        house.refresh()
        assert house.file_ids() == []
    house.plugin.map_folder(house.library, MEDIA, 1)
    house.refresh()
    assert house.file_ids() == [301]


def test_one_missing_media_folder_stops_the_whole_library(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.plugin.map_folder(house.library, "/data/anime/more", 2)
    house.refresh()
    assert house.file_ids() == []
    house.jellyfin.disk.add_file("/data/anime/more/x.mkv", NOW)
    house.refresh()
    assert house.file_ids() == [301]


def test_an_unreachable_shoko_leaves_the_links_as_they_are(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    house.shoko.reachable = False
    house.run(CLEAR_CACHE)
    house.refresh()
    assert house.file_ids() == [301]


def test_an_emptied_root_is_skipped_until_it_is_repaired(house: Household) -> None:
    house.file("LR/01.mkv")
    house.refresh()  # links nothing, and takes .keep away
    assert house.jellyfin.disk.listing(house.root) == []
    house.shoko.add(301, "LR/01.mkv", series(12, 1))
    house.run(CLEAR_CACHE)
    house.refresh()
    assert house.file_ids() == []
    house.run(CLEANUP_ROOT)
    house.refresh()
    assert house.file_ids() == [301]


def test_the_repair_does_nothing_during_a_scan(house: Household) -> None:
    house.plugin.lose_vfs(house.library)
    house.jellyfin.start_scan()
    house.run(CLEANUP_ROOT)
    assert house.jellyfin.disk.listing(house.root) is None
    house.wait(61)
    house.run(CLEANUP_ROOT)
    assert house.jellyfin.disk.listing(house.root) is not None


# ---- what is filtered


@pytest.mark.parametrize(
    ("path", "mapping", "linked"),
    [
        ("LR/01.mkv", FolderMapping(MEDIA, 1), True),
        ("/LR/01.mkv", FolderMapping(MEDIA, 1), True),
        ("shows/LR/01.mkv", FolderMapping(MEDIA, 1, "/shows"), True),
        ("other/LR/01.mkv", FolderMapping(MEDIA, 1, "/shows"), False),
        ("showsX/LR/01.mkv", FolderMapping(MEDIA, 1, "/shows"), False),
        ("LR/01.mkv", FolderMapping(MEDIA, 2), False),
        ("LR/01.mkv", FolderMapping(MEDIA, 1, ignored=True), False),
        ("lr/01.mkv", FolderMapping(MEDIA, 1), False),
    ],
)
def test_a_file_needs_a_mapping_and_a_path_that_jellyfin_sees(
    house: Household, path: str, mapping: FolderMapping, linked: bool
) -> None:
    house.file("LR/01.mkv")
    house.plugin.adopted[house.library.id].mappings = [mapping]
    house.shoko.add(301, path, series(12, 1))
    house.refresh()
    assert house.file_ids() == ([301] if linked else [])


def test_a_file_in_limbo_is_not_linked(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(None, 1))
    house.refresh()
    assert house.file_ids() == []


def test_a_hidden_episode_is_not_linked(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1, hidden=True))
    house.refresh()
    assert house.file_ids() == []


def test_a_file_of_two_series_needs_one_that_stands_alone(house: Household) -> None:
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1), series(13, 1))
    house.refresh()
    assert house.file_ids() == []
    house.shoko.add(302, house.file("LR/02.mkv"), series(13, 2))
    house.run(CLEAR_CACHE)
    house.run(CLEANUP_ROOT)
    house.refresh()
    assert {item.provider_ids["Shoko Series"] for item in house.items() if item.path} == {"13"}
    assert house.file_ids() == [301, 302]


@pytest.mark.parametrize(
    ("kind", "rules", "series_kind", "tmdb", "linked"),
    [
        pytest.param("movies", Rules(), "Movie", (), True, id="a film in a film library"),
        pytest.param("movies", Rules(), "Web", (), False, id="the movie filter drops what is no film"),
        pytest.param("movies", Rules(), "Web", (1575337,), True, id="a TMDB film link makes it one"),
        pytest.param("movies", Rules(filter_movies=False), "Web", (), True, id="filter off"),
        pytest.param("movies", Rules(always_included=frozenset({19012})), "Web", (), True, id="always included"),
        pytest.param("tvshows", Rules(), "Movie", (), True, id="a film among shows"),
        pytest.param("tvshows", Rules(separate_movies=True), "Movie", (), False, id="films kept apart"),
    ],
)
def test_the_library_type_decides(
    kind: str, rules: Rules, series_kind: str, tmdb: tuple[int, ...], linked: bool
) -> None:
    house = Household(kind=kind)
    house.plugin.rules = rules
    house.shoko.add(220, house.file("KG/film.mkv"), series(12, 1, kind=series_kind, tmdb=tmdb))
    house.refresh()
    assert house.file_ids() == ([220] if linked else [])


# ---- virtual episodes


@pytest.mark.parametrize("missing", [True, False])
def test_missing_episodes_are_announced_without_a_file(house: Household, missing: bool) -> None:
    house.plugin.add_missing_metadata = missing
    house.shoko.length = {12: 3}
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    virtual = [item for item in house.items() if item.path is None]
    assert [item.number for item in virtual] == ([2, 3] if missing else [])
    assert all("Shoko File" not in item.provider_ids and "Shoko Episode" in item.provider_ids for item in virtual)


# ---- events


@pytest.fixture
def listening() -> Household:
    """A household with one linked episode, where events arrive."""
    house = Household()
    house.plugin.drops_events = False
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1))
    house.refresh()
    house.wait(120)
    return house


def match(house: Household, *, limbo: bool = False) -> None:
    house.shoko.add(302, house.file("LR/02.mkv"), series(None if limbo else 12, 2), at=house.clock.now())
    house.wait(0)


def test_an_event_links_one_file_and_the_monitor_lists_it(listening: Household) -> None:
    match(listening)
    listening.wait(6)
    assert len(listening.jellyfin.disk.videos_below(listening.root)) == 2
    assert listening.file_ids() == [301]
    listening.wait(60)
    assert listening.file_ids() == [301, 302]


def test_an_event_during_a_scan_is_dropped(listening: Household) -> None:
    listening.jellyfin.scanner.task.lasts = timedelta(seconds=600)
    listening.jellyfin.start_scan()
    match(listening)
    listening.wait(300)
    assert listening.jellyfin.scanner.running
    assert listening.file_ids() == [301]
    assert len(listening.jellyfin.disk.videos_below(listening.root)) == 1


def test_a_library_refresh_does_not_drop_events(listening: Household) -> None:
    listening.plugin.adopted[listening.library.id].remembered = True
    listening.jellyfin.scanner.refresh_lasts = timedelta(seconds=600)
    with listening.jellyfin.lock:
        listening.jellyfin.scanner.refresh(listening.library, None, listening.jellyfin.catch_up())
    match(listening)
    listening.wait(70)
    assert listening.file_ids() == [301, 302]


@pytest.mark.parametrize("state", ["Disconnected", "Reconnecting"])
def test_without_a_connection_no_event_arrives(listening: Household, state: str) -> None:
    listening.plugin.signalr = state  # type: ignore[assignment]
    match(listening)
    listening.wait(300)
    listening.plugin.signalr = "Connected"
    listening.wait(300)
    assert listening.file_ids() == [301]


def test_a_file_in_limbo_at_its_event_is_never_tried_again(listening: Household) -> None:
    match(listening, limbo=True)
    listening.wait(10)
    listening.shoko.files.pop()
    match(listening)  # the series exists now; Shoko sends no second match
    listening.wait(300)
    assert listening.file_ids() == [301]
    listening.refresh()
    assert listening.file_ids() == [301, 302]


# ---- what is caught up late


def test_a_scan_looked_at_later_knows_nothing_from_after_it(house: Household) -> None:
    house.jellyfin.start_scan()  # ends at 12:01
    house.shoko.add(301, house.file("LR/01.mkv"), series(12, 1), at=NOW + timedelta(seconds=90))
    house.wait(120)
    assert not house.jellyfin.scanner.running
    assert house.file_ids() == []


@pytest.mark.parametrize(("ready_after_s", "linked"), [(4, True), (6, False)])
def test_an_event_handled_late_sees_shoko_as_it_was(listening: Household, ready_after_s: int, linked: bool) -> None:
    now = listening.clock.now()
    ready = now + timedelta(seconds=ready_after_s)
    path = listening.file("LR/02.mkv")
    listening.shoko.files.append(LinkedFile(302, 1, path, (series(12, 2),), now, ready))
    listening.wait(300)
    assert listening.file_ids() == ([301, 302] if linked else [301])


# ---- with the simulated Shoko itself


def test_a_new_anime_matched_before_its_series_exists_waits_for_a_refresh() -> None:
    clock = SimClock(NOW)
    shoko = ShokoState(clock, V5_2)
    shoko.add_folder("/mnt/anime/", folder_id=1)
    shoko.add_anime(15771, "Lycoris Recoil", 2, series_id=12, first_episode_id=1201)
    jellyfin = SimulatedJellyfin(clock)
    library = jellyfin.add_library("Anime", [MEDIA])
    plugin = SimulatedShokofin(jellyfin, ShokoStateSource(shoko))
    plugin.adopt(library, 1)
    for number in (1, 2):
        jellyfin.disk.add_file(f"{MEDIA}/LR/{number}.mkv", NOW)
        shoko.file_appears(
            f"/mnt/anime/LR/{number}.mkv", 1000 + number, shoko.link(15771, number), file_id=300 + number
        )
    for _ in range(120):  # the anime's data come 6 s after the match, the event is handled after 5 s
        clock.jump(seconds=1)
        with jellyfin.lock:
            jellyfin.catch_up()
    assert all(file.imported_at is not None and not shoko.in_limbo(file) for file in shoko.files.values())
    assert jellyfin.disk.videos_below("/config") == []
    jellyfin.finish_scan()
    clock.jump(seconds=3)
    found = [item for item in jellyfin.index.items.values() if item.type == "Episode"]
    assert [(item.number, item.provider_ids["Shoko File"], item.provider_ids["Shoko Episode"]) for item in found] == [
        (1, "301", "1201"),
        (2, "302", "1202"),
    ]

"""Which Jellyfin item is an episode, by which rule."""

from itertools import permutations

import pytest

from tests.reconcile.joins.items import VFS, item, shoko, show
from tracker_tui.model.arr import Episode, Series
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.text import SafeText
from tracker_tui.reconcile.joins.jellyindex import JellyfinIndex, Key
from tracker_tui.reconcile.joins.jellyjoin import Found, Rule, Sought, find_episode

SERIES = Series(id=40, title=SafeText("Station Nine"), tvdb_id=900040, tmdb_id=800040)
E03 = Episode(id=4003, series_id=40, season=1, number=3, tvdb_id=5003)
E04 = Episode(id=4004, series_id=40, season=1, number=4, tvdb_id=5004)
S02E07 = Episode(id=4107, series_id=40, season=2, number=7, tvdb_id=5107)
ST = show("st", tvdb=900040)
PATH = "/data/tv/Station Nine/Season 1/Station Nine - S01E03.mkv"
THERE = PATH.replace("/data/tv", "/mnt/media")

EPISODES: list[tuple[str, list[JellyfinItem], Episode, Sought, bool, tuple[str, Rule] | None]] = [
    (
        "its path under another root",
        [ST, item("a", THERE, series="st")],
        E03,
        Sought(path=PATH),
        False,
        ("a", Rule.PATH),
    ),
    (
        "its exact provider id",
        [ST, item("a", "/x/y.mkv", tvdb=5003)],
        E03,
        Sought(path=PATH),
        False,
        ("a", Rule.PROVIDER_ID),
    ),
    (
        "provider id without any file of ours",
        [item("a", "/x/y.mkv", tvdb=5003)],
        E03,
        Sought(),
        False,
        ("a", Rule.PROVIDER_ID),
    ),
    (
        "season and number in its series",
        [ST, item("a", "/x/y.mkv", series="st", at=(1, 3))],
        E03,
        Sought(),
        False,
        ("a", Rule.NUMBER),
    ),
    (
        "a range that covers it (B8)",
        [ST, item("a", "/x/y.mkv", series="st", at=(1, 3, 4))],
        E04,
        Sought(),
        False,
        ("a", Rule.NUMBER),
    ),
    ("a range that ends before it", [ST, item("a", "/x/y.mkv", series="st", at=(1, 1, 2))], E03, Sought(), False, None),
    (
        "the same number in another series",
        [ST, show("b"), item("a", "/x/y.mkv", series="b", at=(1, 3))],
        E03,
        Sought(),
        False,
        None,
    ),
    (
        "the series item alone (C12)",
        [item("st", PATH, kind="Series", tvdb=900040)],
        S02E07,
        Sought(path=PATH),
        False,
        None,
    ),
    (
        "another season of the series (C12)",
        [ST, item("a", THERE, series="st", at=(1, 7))],
        S02E07,
        Sought(),
        False,
        None,
    ),
    (
        "never by number for anime (B16)",
        [ST, item("a", VFS + "x/Season 01/y.mkv", series="st", at=(2, 7))],
        S02E07,
        Sought(path=PATH),
        True,
        None,
    ),
    (
        "its Shoko file",
        [item("a", VFS + "x.mkv", shoko_files=(301,))],
        E03,
        Sought(path=PATH, shoko=shoko(301, 9)),
        True,
        ("a", Rule.SHOKO_FILE),
    ),
    (
        "a part file of several Shoko files (B9)",
        [item("a", VFS + "x.pt1.mkv", shoko_files=(301, 302))],
        E03,
        Sought(path=PATH, shoko=shoko(302, 9)),
        True,
        ("a", Rule.SHOKO_FILE),
    ),
    (
        "the Shoko file before the path",
        [item("a", THERE), item("b", VFS + "x.mkv", shoko_files=(301,))],
        E03,
        Sought(path=PATH, shoko=shoko(301, 9)),
        True,
        ("b", Rule.SHOKO_FILE),
    ),
    (
        "another file of its Shoko episode",
        [item("a", VFS + "x.mkv", shoko_files=(8,), shoko_episode=9)],
        E03,
        Sought(path=PATH, shoko=shoko(301, 9)),
        True,
        ("a", Rule.SHOKO_EPISODE),
    ),
    (
        "one of the file's two Shoko episodes is not all of it",
        [item("a", VFS + "x.mkv", shoko_episode=9)],
        E03,
        Sought(path=PATH, shoko=shoko(301, 9, 10)),
        True,
        None,
    ),
    (
        "an anime in a plain library",
        [ST, item("a", THERE)],
        E03,
        Sought(path=PATH, shoko=shoko(301, 9)),
        True,
        ("a", Rule.PATH),
    ),
    (
        "a merged version's path (1.7)",
        [item("a", "/x/y.mkv", sources=("/x/y.mkv", THERE))],
        E03,
        Sought(path=PATH),
        False,
        ("a", Rule.PATH),
    ),
    (
        "the wrong type of provider id",
        [item("a", "/x/y.mkv", kind="Movie", tvdb=5003)],
        E03,
        Sought(path=PATH),
        False,
        None,
    ),
    ("a file name alone", [item("a", "/mnt/other/Station Nine - S01E03.mkv")], E03, Sought(path=PATH), False, None),
    ("nothing", [], E03, Sought(path=PATH), False, None),
]


@pytest.mark.parametrize(
    ("items", "episode", "sought", "anime", "expected"), [row[1:] for row in EPISODES], ids=[row[0] for row in EPISODES]
)
def test_an_episode_is_recognised_by(
    items: list[JellyfinItem], episode: Episode, sought: Sought, anime: bool, expected: tuple[str, Rule] | None
) -> None:
    for order in permutations(items):
        found = find_episode(JellyfinIndex(order), SERIES, episode, sought, anime=anime)
        assert ((found.item.id, found.rule) if found.item else None) == expected
        assert found.by_path is (expected is not None and expected[1] in {Rule.PATH, Rule.SHOKO_FILE})


GENERIC = "/tv/Station Nine/Season 1/03.mkv"
OTHERS = show("other", tvdb=1)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([OTHERS, item("b", "/jf/Other Show/Season 1/03.mkv", series="other")], None),
        ([item("b", "/jf/Other Show/Season 1/03.mkv", series="unknown")], None),
        ([ST, item("a", "/jf/Renamed/Season 1/03.mkv", series="st")], "a"),
        (
            [
                ST,
                OTHERS,
                item("a", "/jf/Station Nine/Season 1/03.mkv", series="st"),
                item("b", "/jf/Other Show/Season 1/03.mkv", series="other"),
            ],
            "a",
        ),
        ([ST, OTHERS, item("b", "/jf/Station Nine/Season 1/03.mkv", series="other")], "b"),
    ],
    ids=["other series", "unknown series", "our series, other folder", "both", "our folder, wrongly identified"],
)
def test_two_shows_with_the_same_file_name_are_not_swapped(items: list[JellyfinItem], expected: str | None) -> None:
    """E7."""
    found = find_episode(JellyfinIndex(items), SERIES, E03, Sought(path=GENERIC), anime=False)
    assert (found.item.id if found.item else None) == expected


def test_a_remake_with_the_same_file_names_is_another_series() -> None:
    items = [show("old", tvdb=1), item("a", "/jf/Station Nine (1999)/Season 1/Station Nine - S01E03.mkv", series="old")]
    assert find_episode(JellyfinIndex(items), SERIES, E03, Sought(path=PATH), anime=False) == Found()


def test_equally_good_paths_are_a_tie() -> None:
    items = [item("b", "/two/Station Nine/Season 1/Station Nine - S01E03.mkv"), item("a", THERE)]
    for order in permutations(items):
        found = find_episode(JellyfinIndex(order), SERIES, E03, Sought(path=PATH), anime=False)
        assert (found.item, [one.id for one in found.tied]) == (None, ["a", "b"])


def test_a_version_that_is_an_item_of_its_own_is_no_tie() -> None:
    """Up to 10.11 a merged version is also a Video of the same path."""
    items = [item("a", THERE, kind="Video"), item("e", "/x/y.mkv", sources=("/x/y.mkv", THERE))]
    found = find_episode(JellyfinIndex(items), SERIES, E03, Sought(path=PATH), anime=False)
    assert found.item is not None
    assert found.item.id == "e"


@pytest.mark.parametrize(
    ("stub", "anime"),
    [
        (item("s", None, tvdb=5003), False),
        (item("s", None, series="st", at=(1, 3)), False),
        (item("s", None, shoko_episode=9), True),
        (item("s", None, tvdb=5003), True),
    ],
    ids=["provider id", "number", "Shoko episode", "provider id of anime"],
)
def test_a_virtual_item_is_only_a_stub(stub: JellyfinItem, anime: bool) -> None:
    """E12, and Shokofin's AddMissingMetadata."""
    sought = Sought(path=PATH, shoko=shoko(301, 9) if anime else None)
    found = find_episode(JellyfinIndex([ST, stub]), SERIES, E03, sought, anime=anime)
    assert (found.item, found.stub) == (None, stub)


def test_a_shoko_file_without_a_path_is_not_playable() -> None:
    lost = item("s", None, shoko_files=(301,))
    assert (
        find_episode(JellyfinIndex([lost]), SERIES, E03, Sought(path=PATH, shoko=shoko(301, 9)), anime=True) == Found()
    )


def test_a_placeholder_is_not_playable() -> None:
    disc = JellyfinItem(
        id="d", type=SafeText("Episode"), path=SafeText(THERE), placeholder=True, tvdb_id=SafeText("5003")
    )
    found = find_episode(JellyfinIndex([disc]), SERIES, E03, Sought(path=PATH), anime=False)
    assert (found.item, found.stub) == (None, disc)


def test_shoko_splits_one_series_into_two() -> None:
    """B16: the second cour lacks episode 7, the first has one."""
    items = [show("one"), show("two")]
    items += [
        item(f"one{n}", f"{VFS}a/Season 01/a{n}.mkv", series="one", at=(1, n), shoko_files=(500 + n,))
        for n in range(1, 13)
    ]
    items += [
        item(f"two{n}", f"{VFS}b/Season 01/b{n}.mkv", series="two", at=(1, n), shoko_files=(600 + n,))
        for n in range(1, 13)
        if n != 7
    ]
    index = JellyfinIndex(items)
    for season, base in ((1, 500), (2, 600)):
        for n in range(1, 13):
            episode = Episode(id=n, series_id=40, season=season, number=n)
            sought = Sought(path=f"/a/S/Season {season}/{n}.mkv", shoko=shoko(base + n, base + n))
            found = find_episode(index, SERIES, episode, sought, anime=True)
            assert (found.item is None) is ((season, n) == (2, 7))


def test_two_sonarrs_do_not_share_a_version() -> None:
    """H1."""
    hd, uhd = PATH, PATH.replace("/tv/", "/tv-4k/")
    index = JellyfinIndex([ST, item("a", PATH, series="st", at=(1, 3), tvdb=5003, sources=(PATH,))])
    assert find_episode(index, SERIES, E03, Sought(path=hd, rivals=(uhd,)), anime=False).rule is Rule.PATH
    assert find_episode(index, SERIES, E03, Sought(path=uhd, rivals=(hd,)), anime=False) == Found()
    assert find_episode(index, SERIES, E03, Sought(rivals=(hd,)), anime=False) == Found()


def test_a_merged_shoko_version_is_known_by_its_vfs_path() -> None:
    sources = (f"{VFS}a [Shoko File=301].mkv", f"{VFS}b [Shoko File=3,30].mkv")
    index = JellyfinIndex([item("a", sources[0], shoko_files=(301,), shoko_episode=9, sources=sources)])
    for file_id, expected in ((301, True), (30, True), (3, True), (1, False)):
        sought = Sought(path=PATH, shoko=shoko(file_id, 9), rivals=("/4k/x/y.mkv",))
        assert (find_episode(index, SERIES, E03, sought, anime=True).item is not None) is expected


def test_the_index_follows_changes() -> None:
    index = JellyfinIndex([item("a", "/x/one/01.mkv", tvdb=1, shoko_files=(5,)), item("b", "/y/one/01.mkv", tvdb=1)])
    assert [one.id for one in index.find(Key.EPISODE_TVDB, "1")] == ["a", "b"]
    index.upsert([item("a", "/x/two/02.mkv", tvdb=2)])
    assert [one.id for one in index.find(Key.EPISODE_TVDB, "1")] == ["b"]
    assert index.find(Key.SHOKO_FILE, 5) == ()
    assert [one.id for one in index.with_tail(("one", "01.mkv"))] == ["b"]
    assert [one.id for one in index.with_tail(("z", "two", "02.mkv"))] == ["a"]
    index.remove(["a", "b", "unknown"])
    assert (len(index), index.get("a"), index.find(Key.EPISODE_TVDB, "2")) == (0, None, ())
    assert index.with_tail(("one", "01.mkv")) == ()


@pytest.mark.parametrize("value", [None, "", "nothing", 0])
def test_unknown_values_find_nothing(value: str | int | None) -> None:
    index = JellyfinIndex([item("a", "/x/one/01.mkv")])
    assert all(index.find(key, value) == () for key in Key)


def test_an_exact_id_settles_a_tie_of_paths() -> None:
    items = [item("b", "/two/Station Nine/Season 1/Station Nine - S01E03.mkv", tvdb=5003), item("a", THERE)]
    found = find_episode(JellyfinIndex(items), SERIES, E03, Sought(path=PATH), anime=False)
    assert found.item is not None
    assert (found.item.id, found.rule) == ("b", Rule.PROVIDER_ID)


def test_names_that_every_show_has_are_looked_up_by_show() -> None:
    index = JellyfinIndex(
        JellyfinItem(
            id=f"i{n}",
            type=SafeText("Episode"),
            path=SafeText(f"/tv/show {n}/season 1/s01e01.mkv"),
            location_type=SafeText("FileSystem"),
            series_id=f"s{n}",
        )
        for n in range(50)
    )
    assert [one.id for one in index.with_tail(("data", "show 7", "season 1", "s01e01.mkv"))] == ["i7"]
    assert index.with_tail(("data", "other", "season 1", "s01e01.mkv")) == ()
    assert [one.id for one in index.with_tail(("x", "other", "season 1", "s01e01.mkv"), ["s9"])] == ["i9"]

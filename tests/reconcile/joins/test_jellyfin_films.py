"""Which Jellyfin item is a film, and whose version it plays."""

import pytest

from tests.reconcile.joins.items import VFS, item, shoko
from tracker_tui.model.arr import Movie
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.text import SafeText
from tracker_tui.reconcile.joins.jellyindex import JellyfinIndex
from tracker_tui.reconcile.joins.jellyjoin import Found, Rule, Sought, find_movie

FILM = Movie(id=60, title=SafeText("Harbor Lights"), tmdb_id=700060, imdb_id=SafeText("tt0700060"))
HD, UHD = "/data/movies/Harbor Lights (2024)/hl.mkv", "/data/movies-4k/Harbor Lights (2024)/hl.mkv"
MOVIES: list[tuple[str, list[JellyfinItem], Sought, tuple[str, Rule] | None]] = [
    ("its path", [item("a", "/m/Harbor Lights (2024)/hl.mkv", kind="Movie")], Sought(path=HD), ("a", Rule.PATH)),
    ("its TMDB id", [item("a", "/m/x.mkv", kind="Movie", tmdb=700060)], Sought(path=HD), ("a", Rule.PROVIDER_ID)),
    (
        "its TMDB id on a Video",
        [item("a", "/m/x.mkv", kind="Video", tmdb=700060)],
        Sought(path=HD),
        ("a", Rule.PROVIDER_ID),
    ),
    ("its IMDb id", [item("a", "/m/x.mkv", kind="Movie", imdb="tt0700060")], Sought(path=HD), ("a", Rule.PROVIDER_ID)),
    ("a show of the same TMDB number", [item("a", "/m", kind="Series", tmdb=700060)], Sought(path=HD), None),
    ("an episode of the same TMDB number", [item("a", "/m/x.mkv", tmdb=700060)], Sought(path=HD), None),
    ("only a film of another id (E13)", [item("a", "/m/x.mkv", kind="Movie", tmdb=810693)], Sought(path=HD), None),
    (
        "an anime film filed as a special (F15)",
        [item("a", VFS + "v.mkv", at=(0, 2), shoko_files=(280,))],
        Sought(path=HD, shoko=shoko(280, 9)),
        ("a", Rule.SHOKO_FILE),
    ),
    (
        "a romaji title by its Shoko file (F16)",
        [item("a", VFS + "byousoku.mkv", kind="Movie", shoko_files=(28,))],
        Sought(path=HD, shoko=shoko(28, 9)),
        ("a", Rule.SHOKO_FILE),
    ),
    (
        "a flat file name in folders of other names",
        [item("a", "/films/hl.mkv", kind="Movie")],
        Sought(path="/data/movies/hl.mkv"),
        None,
    ),
]


@pytest.mark.parametrize(("items", "sought", "expected"), [row[1:] for row in MOVIES], ids=[row[0] for row in MOVIES])
def test_a_film_is_recognised_by(items: list[JellyfinItem], sought: Sought, expected: tuple[str, Rule] | None) -> None:
    found = find_movie(JellyfinIndex(items), FILM, sought)
    assert ((found.item.id, found.rule) if found.item else None) == expected


def test_among_a_whole_library_only_the_right_id_counts() -> None:
    """E13: a filter the server ignores answers with everything."""
    items = [item(f"m{n}", f"/m/{n}/x.mkv", kind="Movie", tmdb=810693 + n) for n in range(500)]
    index = JellyfinIndex(items)
    assert find_movie(index, FILM, Sought(path=HD)) == Found()
    index.upsert([item("m317", "/m/317/x.mkv", kind="Movie", tmdb=700060)])
    found = find_movie(index, FILM, Sought(path=HD))
    assert found.item is not None
    assert found.item.id == "m317"


def test_a_film_stub_is_reported() -> None:
    """E12."""
    stub = item("s", None, kind="Movie", tmdb=700060)
    assert find_movie(JellyfinIndex([stub]), FILM, Sought(path=HD)) == Found(stub=stub)


def merged(*sources: str, asked: bool = True) -> JellyfinItem:
    return item("hl", HD, kind="Movie", tmdb=700060, sources=sources if asked else None)


OURS_HD, OURS_UHD = Sought(path=HD, rivals=(UHD,)), Sought(path=UHD, rivals=(HD,))
VERSIONS: list[tuple[str, JellyfinItem, Sought, bool, tuple[str, ...]]] = [
    ("1080p by its path (H2, t1)", merged(HD), OURS_HD, True, ()),
    ("4K while only 1080p is there (H2, t1)", merged(HD), OURS_UHD, False, ()),
    ("4K as second media source (H2, t2)", merged(HD, UHD), OURS_UHD, True, ()),
    ("1080p beside it (H2, t2)", merged(HD, UHD), OURS_HD, True, ()),
    ("4K with media sources unknown", merged(asked=False), OURS_UHD, False, ("hl",)),
    ("1080p with media sources unknown", merged(asked=False), OURS_HD, True, ()),
    ("4K without a file (H1)", merged(HD), Sought(rivals=(HD,)), False, ()),
    ("4K without a file, nor elsewhere", merged(HD), Sought(rivals=()), False, ()),
    (
        "1080p under unknown roots, 4K has no file",
        item("hl", "/z/y.mkv", kind="Movie", tmdb=700060),
        Sought(path=HD, rivals=()),
        True,
        (),
    ),
    (
        "roots that tell nothing",
        item("hl", "/z/Harbor Lights (2024)/hl.mkv", kind="Movie", tmdb=700060, sources=()),
        OURS_UHD,
        False,
        (),
    ),
]


@pytest.mark.parametrize(
    ("one", "sought", "playable", "needs"), [row[1:] for row in VERSIONS], ids=[row[0] for row in VERSIONS]
)
def test_with_two_instances_each_needs_its_own_version(
    one: JellyfinItem, sought: Sought, playable: bool, needs: tuple[str, ...]
) -> None:
    found = find_movie(JellyfinIndex([one]), FILM, sought)
    assert (found.item is not None, found.needs_sources) == (playable, needs)


def test_a_changed_item_forgets_media_sources_that_were_not_asked_again() -> None:
    index = JellyfinIndex([merged(HD)])
    index.upsert([merged(asked=False)])
    assert find_movie(index, FILM, OURS_UHD).needs_sources == ("hl",)


@pytest.mark.parametrize("sought", [OURS_HD, OURS_UHD])
def test_roots_that_tell_nothing_are_reported(sought: Sought) -> None:
    one = item("hl", "/z/Harbor Lights (2024)/hl.mkv", kind="Movie", tmdb=700060, sources=())
    assert find_movie(JellyfinIndex([one]), FILM, sought) == Found(tied=(one,))

"""Paths of one file as different services write them."""

from itertools import permutations

import pytest

from tracker_tui.reconcile.joins.paths import Match, best_match, common_suffix, distinctive, segments


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data/Show/Season 1/01.mkv", ("data", "show", "season 1", "01.mkv")),
        ("D:\\Media\\Show\\01.mkv", ("media", "show", "01.mkv")),
        ("\\\\nas\\media\\Show\\01.mkv", ("nas", "media", "show", "01.mkv")),
        ("shows//./Show/01.mkv/", ("shows", "show", "01.mkv")),
        ("/Cafe\u0301/STRASSE.mkv", ("caf\u00e9", "strasse.mkv")),
        ("/Stra\u00dfe/x.mkv", ("strasse", "x.mkv")),
        ("", ()),
    ],
)
def test_segments(path: str, expected: tuple[str, ...]) -> None:
    assert segments(path) == expected


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ("/a/b/c", "/x/b/c", 2),
        ("/a/b/c", "/a/b/d", 0),
        ("/a/b/c", "c", 1),
        ("/a/b/c", "/a/b/c", 3),
        ("", "/a", 0),
        ("/sub/xa", "/sub/a", 0),
    ],
)
def test_common_suffix_counts_whole_segments(a: str, b: str, shared: int) -> None:
    assert common_suffix(segments(a), segments(b)) == common_suffix(segments(b), segments(a)) == shared


@pytest.mark.parametrize(
    ("tail", "tells"),
    [
        ("Season 1/01.mkv", False),
        ("Season 01/S01E01.mkv", False),
        ("Specials/Episode 3.mkv", False),
        ("2/05v2.mkv", False),
        ("第05話.mkv", False),
        ("Season 1/Show - S01E01.mkv", True),
        ("Show/Season 1/01.mkv", True),
        ("Show/01.mkv", True),
        ("", False),
    ],
)
def test_which_tails_say_whose_they_are(tail: str, tells: bool) -> None:
    assert distinctive(segments(tail)) is tells


OWN = "/tv-anime/Show A/Season 1/01.mkv"
A, B = "/mnt/nas/anime/shows/Show A/Season 1/01.mkv", "/mnt/nas/anime/shows/Show B/Season 1/01.mkv"
WINDOWS = "D:\\anime\\Show A\\Season 1\\01.mkv"
MATCHES: list[tuple[str, int | None, list[tuple[str, int | None]], set[str]]] = [
    ("the longer agreement (E7)", None, [(A, None), (B, None)], {A}),
    ("the other show alone is nothing (E7)", None, [(B, None)], set()),
    ("a differing size vetoes", 10, [(A, 11)], set()),
    ("an unknown size is no veto", 10, [(A, None)], {A}),
    ("equal size decides between equals", 10, [(A, 10), (A.replace("nas", "ssd"), 12)], {A}),
    ("equal size before unknown size", 10, [(A, 10), (A.replace("nas", "ssd"), None)], {A}),
    ("equal size makes a bare tail enough", 10, [(B, 10)], {B}),
    ("longer of unknown size against shorter of equal size", 10, [(A, None), (B, 10)], {A, B}),
    ("two equals are a tie", None, [(A, None), (A.replace("nas", "ssd"), None)], {A, A.replace("nas", "ssd")}),
    ("two equals of equal size are a tie", 5, [(A, 5), (A.replace("nas", "ssd"), 5)], {A, A.replace("nas", "ssd")}),
    ("one common segment proves nothing", 10, [("/x/01.mkv", 10)], set()),
    ("a leading slash does not matter", None, [(A[1:], None)], {A[1:]}),
    ("Windows separators", None, [(WINDOWS, None)], {WINDOWS}),
    ("nothing there", 10, [], set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "candidates", "expected"), [row[1:] for row in MATCHES], ids=[row[0] for row in MATCHES]
)
def test_best_match(size: int | None, candidates: list[tuple[str, int | None]], expected: set[str]) -> None:
    for order in permutations(candidates):
        match = best_match(OWN, size, [(path, path, other) for path, other in order])
        found = {match.one} if match.one is not None else set(match.tied)
        assert found == expected
        assert (match.one is None) == (len(expected) != 1)


def test_one_file_at_two_places_is_one_candidate() -> None:
    match = best_match(OWN, 10, [(7, A, 10), (7, "/backup/Season 1/01.mkv", 10)])
    assert match == Match(one=7, shared=3)

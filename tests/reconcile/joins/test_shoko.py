"""Which Shoko file, which Shoko folder, how far."""

from itertools import permutations

import pytest

from tracker_tui.model.arr import MediaFile
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoFile, ShokoFolder, ShokoLocation
from tracker_tui.model.text import SafeText
from tracker_tui.reconcile.joins.shokojoin import (
    FolderMap,
    Inside,
    ShokoMatch,
    ShokoStep,
    coverage,
    episode_ids,
    match_file,
    series_ids,
    shoko_step,
)


def located(
    file_id: int, relative: str, *, size: int | None = 100, absolute: str | None = None, folder: int = 1
) -> ShokoFile:
    place = ShokoLocation(
        folder_id=folder,
        relative_path=SafeText(relative),
        absolute_path=SafeText(absolute) if absolute else None,
        accessible=True,
    )
    return ShokoFile(id=file_id, size_bytes=size, hashed=True, locations=(place,))


def folder(number: int, path: str) -> ShokoFolder:
    return ShokoFolder(id=number, name=SafeText(f"f{number}"), path=SafeText(path), watched=True)


def media(path: str | None, size: int | None = 100) -> MediaFile:
    return MediaFile(id=1, path=SafeText(path) if path else None, size_bytes=size)


OWN = "/tv-anime/Show A/Season 1/01.mkv"
RIGHT = located(301, "shows/Show A/Season 1/01.mkv")
OTHER = located(401, "shows/Show B/Season 1/01.mkv", size=200)
TWIN = located(302, "copy/Show A/Season 1/01.mkv", folder=2)
RENAMED = located(303, "shows/Show A/Season 1/Show A 01 [grp].mkv")


@pytest.mark.parametrize("path", ["shows/Show A/Season 1/01.mkv", "/shows/Show A/Season 1/01.mkv"])
def test_foreign_roots_and_a_leading_slash_do_not_matter(path: str) -> None:
    """E7."""
    file = located(301, path)
    assert match_file(media(OWN), [file, OTHER], [folder(1, "/mnt/nas/anime/")]) == ShokoMatch(file=file)


def test_a_shallow_import_folder_is_joined_by_its_path() -> None:
    file = located(7, "01.mkv")
    assert match_file(media(OWN), [file], [folder(1, "/x/Show A/Season 1")]).file == file


def test_the_other_shows_file_is_never_taken() -> None:
    assert match_file(media(OWN), [OTHER]) == ShokoMatch()
    unsized = located(401, "shows/Show B/Season 1/01.mkv", size=None)
    assert match_file(media(OWN), [unsized]) == ShokoMatch()


def test_equal_candidates_are_reported_in_any_order() -> None:
    for order in permutations([RIGHT, TWIN, OTHER]):
        assert match_file(media(OWN), order) == ShokoMatch(tied=(RIGHT, TWIN))


def test_repeated_hits_are_one_candidate() -> None:
    assert match_file(media(OWN), [RIGHT, RIGHT]).file == RIGHT


def test_a_renamed_file_is_found_by_size_within_its_series() -> None:
    assert match_file(media(OWN), [], series_files=[RENAMED, OTHER]) == ShokoMatch(file=RENAMED)
    assert match_file(media(OWN), [OTHER], series_files=[RENAMED]).file == RENAMED


def test_two_files_of_the_same_size_are_not_guessed() -> None:
    second = located(304, "shows/Show A/Season 1/Show A 02 [grp].mkv")
    assert match_file(media(OWN), [], series_files=[second, RENAMED]) == ShokoMatch(tied=(RENAMED, second))


@pytest.mark.parametrize("one", [media(None), media(OWN, None)])
def test_without_path_or_size_there_is_no_renamed_file(one: MediaFile) -> None:
    assert match_file(one, [], series_files=[RENAMED]) == ShokoMatch()


SHOWS, MOVIES = folder(1, "/data/anime/shows/"), folder(2, "/data/anime/movies/")
NAS = folder(3, "/mnt/nas/anime/")
SEEN = ShokoLocation(folder_id=3, relative_path=SafeText("shows/Seen/Season 1/01.mkv"))
PLACES: list[tuple[str, FolderMap, str, Inside, list[int]]] = [
    ("under the folder", FolderMap([SHOWS, MOVIES]), "/data/anime/shows/X/1.mkv", Inside.YES, [1]),
    ("outside every folder (F5)", FolderMap([SHOWS, MOVIES]), "/data/anime-new/X/Season 1/1.mkv", Inside.NO, []),
    ("outside though a name recurs", FolderMap([SHOWS, MOVIES], roots=["/data/anime/shows"]),
     "/data/anime-new/shows/X/1.mkv", Inside.NO, []),
    ("same name, another root", FolderMap([SHOWS, MOVIES]), "/media/anime/shows/X/1.mkv", Inside.POSSIBLE, [1]),
    ("the longer run of names", FolderMap([NAS, SHOWS]), "/media/anime/shows/X/1.mkv", Inside.POSSIBLE, [1]),
    ("roots without anything in common", FolderMap([NAS]), "/tv/X/Season 1/1.mkv", Inside.UNKNOWN, []),
    ("learnt from another show", FolderMap([NAS], pairs=[("/tv-anime/Seen/Season 1/01.mkv", SEEN)]),
     "/tv-anime/X/Season 1/1.mkv", Inside.YES, [3]),
    ("learnt, but another root", FolderMap([NAS], pairs=[("/tv-anime/Seen/Season 1/01.mkv", SEEN)]),
     "/tv/X/Season 1/1.mkv", Inside.UNKNOWN, []),
    ("learnt where only Shoko's root is deeper",
     FolderMap([folder(4, "/mnt/anime")],
               pairs=[("/anime/Seen/S1/01.mkv", ShokoLocation(folder_id=4, relative_path=SafeText("Seen/S1/01.mkv")))]),
     "/anime/X/S1/1.mkv", Inside.YES, [4]),
    ("the file's own name is no folder", FolderMap([folder(5, "/mnt/x.mkv")]), "/tv/x.mkv", Inside.UNKNOWN, []),
    ("no folders at all", FolderMap([]), "/tv/x.mkv", Inside.NO, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("places", "path", "inside", "ids"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES]
)
def test_which_folders_hold_a_path(places: FolderMap, path: str, inside: Inside, ids: list[int]) -> None:
    verdict = places.where(path)
    assert (verdict.inside, [one.id for one in verdict.folders]) == (inside, ids)


def link(series: int | None, *episodes: int | None) -> SeriesLink:
    return SeriesLink(series_id=series, anidb_id=1, episodes=tuple(EpisodeLink(episode_id=one) for one in episodes))


LINKS = (link(1, 2),)
HERE, LOST = ShokoLocation(accessible=True), ShokoLocation(accessible=False)
STEPS: list[tuple[str, ShokoFile, ShokoStep]] = [
    ("no hashes yet", ShokoFile(id=1, hashed=False, locations=(HERE,)), ShokoStep.HASHING),
    ("unknown hash state is no verdict", ShokoFile(id=1, hashed=None), ShokoStep.HASHING),
    ("hashed without links (F2)", ShokoFile(id=1, hashed=True, locations=(HERE,)), ShokoStep.UNRECOGNISED),
    ("ignored", ShokoFile(id=1, hashed=True, ignored=True), ShokoStep.IGNORED),
    ("ignored but linked", ShokoFile(id=1, hashed=True, ignored=True, links=(link(1, 2),)), ShokoStep.MATCHED),
    ("series missing (F4)", ShokoFile(id=1, hashed=True, links=(link(None, None),)), ShokoStep.LIMBO),
    ("episode missing", ShokoFile(id=1, hashed=True, links=(link(1, None),)), ShokoStep.LIMBO),
    ("one of two episodes missing", ShokoFile(id=1, hashed=True, links=(link(1, 2, None),)), ShokoStep.LIMBO),
    ("a second series in limbo", ShokoFile(id=1, hashed=True, links=(link(None, None), link(1, 2))), ShokoStep.MATCHED),
    ("matched", ShokoFile(id=1, hashed=True, links=LINKS, locations=(LOST, HERE)), ShokoStep.MATCHED),
    ("not to be seen", ShokoFile(id=1, hashed=True, links=LINKS, locations=(LOST, LOST)), ShokoStep.INACCESSIBLE),
    ("may be seen", ShokoFile(id=1, hashed=True, links=LINKS, locations=(ShokoLocation(),)), ShokoStep.MATCHED),
]  # fmt: skip


@pytest.mark.parametrize(("file", "step"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS])
def test_how_far_shoko_is(file: ShokoFile, step: ShokoStep) -> None:
    assert shoko_step(file) is step


def test_several_series_and_episodes() -> None:
    file = ShokoFile(id=1, links=(link(5, 51, 52), link(6, 61), link(None, None), link(5, 51)))
    assert series_ids(file) == (5, 6)
    assert episode_ids(file) == (51, 52, 61)


def part(file_id: int, start: int | None, end: int | None, episode: int = 9) -> ShokoFile:
    span = EpisodeLink(episode_id=episode, start_percent=start, end_percent=end)
    return ShokoFile(id=file_id, links=(SeriesLink(series_id=1, episodes=(span,)),))


@pytest.mark.parametrize(
    ("files", "spans"),
    [
        ([part(1, 0, 100)], ((0, 100),)),
        ([part(1, None, None)], ((0, 100),)),
        ([part(1, 0, 50)], ((0, 50),)),
        ([part(2, 50, 100), part(1, 0, 50)], ((0, 100),)),
        ([part(1, 0, 33), part(2, 34, 66), part(3, 67, 100)], ((0, 100),)),
        ([part(1, 0, 40), part(2, 60, 100)], ((0, 40), (60, 100))),
        ([part(1, 0, 60), part(2, 30, 100), part(3, 10, 20)], ((0, 100),)),
        ([part(1, 0, 50), part(2, 50, 100, episode=8)], ((0, 50),)),
        ([], ()),
    ],
)
def test_coverage_of_an_episode_by_parts(files: list[ShokoFile], spans: tuple[tuple[int, int], ...]) -> None:
    """B9."""
    for order in permutations(files):
        found = coverage(9, order)
        assert found.spans == spans
        assert found.complete is (spans == ((0, 100),))

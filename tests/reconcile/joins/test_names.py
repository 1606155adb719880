"""What file names of releases say."""

import pytest

from tests.reconcile.joins.names import NAMES, Name
from tracker_tui.reconcile.joins.filenames import FileKind, comparable, read_name


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.path)
def test_a_name_is_read_as_a_person_reads_it(name: Name) -> None:
    facts = read_name(name.path)
    assert facts.kind is name.kind
    if facts.kind in {FileKind.EPISODE, FileKind.SPECIAL}:
        assert (facts.season, facts.episodes or facts.numbers) == (name.season, name.numbers)
        assert (facts.air_date, facts.part, facts.version) == (name.day, name.part, name.version)


def test_the_table_is_large_and_has_no_name_twice() -> None:
    assert len({name.path for name in NAMES}) == len(NAMES) > 250


@pytest.mark.parametrize(
    ("path", "season", "episodes", "numbers"),
    [
        ("Show S2 - 05.mkv", 2, (5,), ()),
        ("Show/Season 2/05.mkv", 2, (), (5,)),
        ("Show - 05.mkv", None, (), (5,)),
    ],
)
def test_a_season_of_a_folder_leaves_the_number_open(
    path: str, season: int | None, episodes: tuple[int, ...], numbers: tuple[int, ...]
) -> None:
    facts = read_name(path)
    assert (facts.season, facts.episodes, facts.numbers) == (season, episodes, numbers)


@pytest.mark.parametrize(
    ("path", "group", "crc", "prefix"),
    [
        ("[Skiff] Kumo no Kissaten - 05 (1080p) [3f2a9c01].mkv", "Skiff", "3F2A9C01", "kumo no kissaten"),
        ("Night.Ferry.S01E05.1080p.WEB.h264-KITE.mkv", "KITE", None, "night ferry"),
        ("【字幕舟】【云之咖啡店】【05】.mp4", "字幕舟", None, "云之咖啡店"),
        ("[Skiff] Kumo no Kissaten (2019) - S01E05.mkv", "Skiff", None, "kumo no kissaten"),
        ("05.mkv", None, None, ""),
    ],
)
def test_group_checksum_and_title(path: str, group: str | None, crc: str | None, prefix: str) -> None:
    facts = read_name(path)
    assert (facts.group, facts.crc, facts.prefix) == (group, crc, prefix)


def test_titles_compare_by_words() -> None:
    assert comparable("Night Ferry: The Lost (2019)") == "night ferry the lost"
    assert comparable("Ｎｉｇｈｔ_Ferry!") == "night ferry"


@pytest.mark.parametrize(
    "path", ["", "/", ".mkv", "a", "[].mkv", "第十.mkv", "S.E.mkv", "-.mkv", "第話.mkv", "((([[.mkv"]
)
def test_odd_names_are_read_without_complaint(path: str) -> None:
    assert read_name(path).numbers == ()

"""Which files of a torrent hold which episodes."""

from collections.abc import Collection, Sequence

import pytest

from tests.reconcile.joins.packs import GIB, daily, file, files, series, span
from tracker_tui.model.arr import Episode
from tracker_tui.reconcile.joins.pack import ExtraReason, PackMap, map_pack


def placed(pack: PackMap) -> dict[int, list[str]]:
    """Return the file names per episode that are more than an estimate."""
    return {one: [f.name for f in found.files] for one, found in pack.episodes.items() if not found.estimate}


def each(pattern: str, first: int, last: int) -> list[str]:
    return [pattern.format(n=number) for number in range(first, last + 1)]


def in_order(ids: Sequence[int], names: Sequence[str]) -> dict[int, list[str]]:
    return {one: [name] for one, name in zip(ids, names, strict=True)}


SCENE = "Night.Ferry.S{s:02}.1080p.WEB.x264-OAR/Night.Ferry.S{s:02}E{{n:02}}.1080p.WEB.x264-OAR.mkv"
WHOLE_PACKS: list[tuple[str, tuple[Episode, ...], list[int], list[str], list[str]]] = [
    ("scene season", series(10), span(1, 1, 10), ["Night Ferry"], each(SCENE.format(s=1), 1, 10)),
    ("second scene season", series(10, 8), span(2, 1, 8), ["Night Ferry"], each(SCENE.format(s=2), 1, 8)),
    ("numbers only", series(12), span(1, 1, 12), ["Show"], each("Show [BD 1080p]/{n:02}.mkv", 1, 12)),
    ("season folder", series(12, 12), span(2, 1, 12), ["Show"], each("Show/Season 2/{n:02}.mkv", 1, 12)),
    ("absolute in a season folder", series(12, 12), span(2, 1, 12), ["Show"], each("Show/S2/{n}.mkv", 13, 24)),
    ("absolute (B14)", series(12, 12), span(2, 1, 12), ["Title"], each("[Grp] Title - {n}.mkv", 13, 24)),
    ("relative in a later season", series(12, 12), span(2, 1, 12), ["Show"], each("[Grp] Show - {n:02}.mkv", 1, 12)),
    ("2nd Season", series(12, 12), span(2, 1, 12), ["Show"], each("[Grp] Show 2nd Season - {n:02}.mkv", 1, 12)),
    ("Show 2", series(12, 12), span(2, 1, 12), ["Show"], each("[Grp] Show 2 - {n:02}.mkv", 1, 12)),
    ("Show II", series(12, 12), span(2, 1, 12), ["Show"], each("[Grp] Show II - {n:02}.mkv", 1, 12)),
    ("Show II, absolute", series(12, 12), span(2, 1, 12), ["Show"], each("[Grp] Show II - {n:02}.mkv", 13, 24)),
    ("title is a number", series(11), span(1, 1, 11), ["86"], each("[Grp] 86 - {n:02} [1080p].mkv", 1, 11)),
    ("title ends in one", series(12), span(1, 1, 12), ["Area 88"], each("[Grp] Area 88 - {n:02}.mkv", 1, 12)),
    ("title starts with one", series(12), span(1, 1, 12), ["22/7"], each("[Grp] 22-7 - {n:02}.mkv", 1, 12)),
    ("two seasons flat", series(13, 13), span(1, 1, 13) + span(2, 1, 13), ["Show"], each("Show - {n:02}.mkv", 1, 26)),
    ("both seasons by folder", series(2, 2), span(1, 1, 2) + span(2, 1, 2), ["Show"],
     each("Show/Season 1/{n:02}.mkv", 1, 2) + each("Show/Season 2/{n:02}.mkv", 1, 2)),
    ("three digits", series(150), span(1, 101, 110), ["Show"], each("Show - {n}.mkv", 101, 110)),
    ("compact numbers", series(9, 9), span(2, 1, 9), ["Show"], each("show.20{n}.hdtv.xvid-oar.avi", 1, 9)),
    ("second cour counted on", series(12, 12), span(2, 1, 12), ["Show"], each("Show S01E{n}.mkv", 13, 24)),
    ("CJK", series(12), span(1, 1, 12), ["雲の喫茶店"], each("雲の喫茶店 第{n:02}話.mkv", 1, 12)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("episodes", "grabbed", "titles", "names"), [row[1:] for row in WHOLE_PACKS], ids=[row[0] for row in WHOLE_PACKS]
)
def test_every_episode_of_a_pack_gets_its_file(
    episodes: tuple[Episode, ...], grabbed: list[int], titles: list[str], names: list[str]
) -> None:
    pack = map_pack(files(names), episodes, grabbed=grabbed, titles=titles)
    assert placed(pack) == in_order(grabbed, names)
    assert [pack.episodes[one].progress for one in grabbed] == [n / 100 for n in range(len(names))]
    assert (pack.extras, pack.unmapped) == ((), ())


@pytest.mark.parametrize(
    "second",
    [
        "SN/Season 2/SN - {n:02}.mkv",
        "SN/SN S2/SN - {n:02}.mkv",
        "SN/SN 2nd Season/[Grp] SN - {n:02}.mkv",
        "SN/SN TOO/[Grp] SN TOO - {n:02}.mkv",
        "SN/SN 2/[Grp] SN 2 - {n:02}.mkv",
        "SN/SN II/[Grp] SN II - {n:02}.mkv",
        "SN/S02E{n:02}.mkv",
    ],
)
def test_another_seasons_numbers_never_land_in_the_grabbed_season(second: str) -> None:
    """B4: 13 files of season 1, 13 of season 2 and an OVA; season 1 was grabbed."""
    first = each("SN/SN S1/[Grp] SN - {n:02}.mkv" if "TOO" not in second else "SN/[Grp] SN - {n:02}.mkv", 1, 13)
    names = [*first, *each(second, 1, 13), "SN/[Grp] SN - OVA.mkv"]
    pack = map_pack(files(names), series(13, 13), grabbed=span(1, 1, 13), titles=["SN"])
    assert placed(pack) == in_order(span(1, 1, 13), first)
    assert len(pack.extras) == 14
    assert pack.unmapped == ()


def test_extras_say_what_they_are() -> None:
    names = [
        "Show/Season 1/Show - S01E01.mkv",
        "Show/Season 1/Show - S01E02.mkv",
        "Show/Season 2/Show - S02E01.mkv",
        "Show/Show - OVA.mkv",
        "Show/NC/Show - NCOP1.mkv",
        "Show/Sample/show.s01e01.sample.mkv",
        "Show/Season 1/cover.jpg",
    ]
    pack = map_pack(files(names), series(2, 2), grabbed=[101], titles=["Show"])
    assert {extra.file.name: extra.reason for extra in pack.extras} == {
        names[1]: ExtraReason.OTHER_EPISODE,
        names[2]: ExtraReason.OTHER_SEASON,
        names[3]: ExtraReason.SPECIAL,
        names[4]: ExtraReason.EXTRA,
        names[5]: ExtraReason.SAMPLE,
    }
    assert {extra.file.name: extra.episode_ids for extra in pack.extras if extra.episode_ids} == {
        names[1]: (102,),
        names[2]: (201,),
    }


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Show.S01E01E02.mkv", (101, 102)),
        ("Show.S01E01-E03.mkv", (101, 102, 103)),
        ("[Grp] Show - 01-02 [1080p].mkv", (101, 102)),
    ],
)
def test_one_file_holds_several_episodes(name: str, ids: tuple[int, ...]) -> None:
    """B8."""
    pack = map_pack([file(name, 0.4), file("Show.S01E06.mkv", 0.1)], series(6), grabbed=span(1, 1, 6), titles=["Show"])
    assert {one: pack.episodes[one].progress for one in ids} == dict.fromkeys(ids, 0.4)
    assert placed(pack)[106] == ["Show.S01E06.mkv"]


def test_an_episode_in_parts_is_weighed_by_size() -> None:
    pack = map_pack(
        [
            file("Show.S01E01.Part1.mkv", 1.0, size=3 * GIB),
            file("Show.S01E01.Part2.mkv", 0.2, size=GIB),
            file("Show.S01E02.mkv"),
        ],
        series(2),
        grabbed=[101, 102],
    )
    assert pack.episodes[101].progress == pytest.approx(0.8)
    assert pack.episodes[101].size_bytes == 4 * GIB


def test_a_two_part_story_is_no_split_file() -> None:
    names = ["Show.S01E01.The.Trial.Part.1.mkv", "Show.S01E02.The.Trial.Part.2.mkv"]
    assert placed(map_pack(files(names), series(2), grabbed=[101, 102])) == in_order([101, 102], names)


def test_the_better_version_wins_and_the_other_is_a_duplicate() -> None:
    names = ["[Grp] Show - 01.mkv", "[Grp] Show - 01v2.mkv", "[Grp] Show - 02.mkv"]
    pack = map_pack(files(names), series(2), grabbed=[101, 102], titles=["Show"])
    assert placed(pack) == {101: [names[1]], 102: [names[2]]}
    assert [(extra.file.name, extra.reason) for extra in pack.extras] == [(names[0], ExtraReason.DUPLICATE)]


def test_of_two_qualities_the_larger_counts_unless_it_is_deselected() -> None:
    small, large = "Show [720p]/Show - {n:02}.mkv", "Show [1080p]/Show - {n:02}.mkv"
    names = each(small, 1, 2) + each(large, 1, 2)
    sized = [file(name, size=GIB * (2 if "1080" in name else 1)) for name in names]
    assert placed(map_pack(sized, series(2), grabbed=[101, 102], titles=["Show"])) == in_order([101, 102], names[2:])
    chosen = [file(name, size=GIB * (2 if "1080" in name else 1), wanted="720" in name) for name in names]
    pack = map_pack(chosen, series(2), grabbed=[101, 102], titles=["Show"])
    assert placed(pack) == in_order([101, 102], names[:2])
    assert {extra.reason for extra in pack.extras} == {ExtraReason.DESELECTED}


def test_a_deselected_file_is_neither_downloading_nor_done() -> None:
    pack = map_pack(
        [file("Show.S01E01.mkv", 1.0), file("Show.S01E02.mkv", 0.334, wanted=False)], series(2), grabbed=[101, 102]
    )
    assert pack.episodes[102].selected is False
    assert pack.episodes[102].progress is None
    assert pack.episodes[101].progress == 1.0


@pytest.mark.parametrize("name", ["a8f3e1c0.mkv", "S05E09.mkv", "Trailer.mkv", "[Grp] Show OVA.mkv", "x/y/z.mp4"])
def test_a_single_video_is_the_single_grabbed_episode_whatever_its_name(name: str) -> None:
    junk = [file("a.nfo"), file("sample.mkv", size=1), file("NCED.mkv", size=1)]
    pack = map_pack(
        [file(name, 0.5), *(junk if name != "Trailer.mkv" else [])], series(6), grabbed=[103], titles=["Show"]
    )
    assert placed(pack) == {103: [name]}
    assert pack.episodes[103].progress == 0.5
    assert pack.unmapped == ()


def test_a_packed_scene_release_counts_its_volumes() -> None:
    folder = "Night.Ferry.S01E{n:02}.720p.HDTV.x264-OAR/"
    names = [folder.format(n=n) + f"nf{n}.{ext}" for n in (1, 2) for ext in ("rar", "r00", "r01", "nfo", "sfv")]
    names.append(folder.format(n=1) + "Sample/nf1-sample.mkv")
    pack = map_pack([file(name, 0.5) for name in names], series(2), grabbed=[101, 102], titles=["Night Ferry"])
    assert [len(pack.episodes[one].files) for one in (101, 102)] == [3, 3]
    assert pack.episodes[101].size_bytes == 3 * GIB


def test_scene_numbers_are_what_scene_releases_mean() -> None:
    """TVDB has one season of 24, the scene two of 12."""
    episodes = tuple(
        Episode(id=n, series_id=1, season=1, number=n, scene_season=1 + (n > 12), scene_number=n - 12 * (n > 12))
        for n in range(1, 25)
    )
    names = each("Show.S02E{n:02}.mkv", 1, 12)
    pack = map_pack(files(names), episodes, grabbed=range(13, 25), titles=["Show"])
    assert placed(pack) == in_order(range(13, 25), names)


def test_scene_numbers_come_first_where_both_fit() -> None:
    swapped = tuple(
        Episode(id=n, series_id=1, season=1, number=n, scene_season=1, scene_number=n + (1 if n % 2 else -1))
        for n in range(1, 5)
    )
    names = each("Show.S01E{n:02}.mkv", 1, 4)
    pack = map_pack(files(names), swapped, grabbed=range(1, 5), titles=["Show"])
    assert placed(pack) == {2: [names[0]], 1: [names[1]], 4: [names[2]], 3: [names[3]]}


def test_a_name_with_its_season_comes_before_a_bare_number() -> None:
    names = ["Show - 01.mkv", "Show.S01E01.mkv", "Show.S01E02.mkv"]
    pack = map_pack(files(names), series(2), grabbed=[101, 102], titles=["Show"])
    assert placed(pack) == {101: [names[1]], 102: [names[2]]}


def test_scene_absolute_numbers() -> None:
    episodes = tuple(
        Episode(id=n, series_id=1, season=2, number=n, absolute=n + 50, scene_absolute=n + 48) for n in range(1, 5)
    )
    names = each("[Grp] Show - {n}.mkv", 49, 52)
    assert placed(map_pack(files(names), episodes, grabbed=range(1, 5))) == in_order(range(1, 5), names)


@pytest.mark.parametrize(
    "hour", ["T15:00:00", "T02:30:00"], ids=["same UTC day", "evening in America is the next UTC day"]
)
def test_daily_shows_go_by_date(hour: str) -> None:
    shift = 0 if hour.startswith("T15") else 1
    episodes = daily(*(f"2024-01-{15 + shift + n}{hour}" for n in range(3)))
    names = [f"The.Desk.2024.01.{15 + n}.Guest.720p.WEB.mkv" for n in range(3)]
    assert placed(map_pack(files(names), episodes, grabbed=[1, 2, 3])) == in_order([1, 2, 3], names)


def test_specials_are_placed_only_by_a_season_zero_number() -> None:
    names = ["Show.S00E02.mkv", "Show.S01E01.mkv", "[Grp] Show - SP1.mkv"]
    pack = map_pack(files(names), series(1, specials=3), grabbed=[2, 101], titles=["Show"])
    assert placed(pack) == {2: [names[0]], 101: [names[1]]}
    assert [extra.reason for extra in pack.extras] == [ExtraReason.SPECIAL]


def test_a_recap_is_not_the_episode_before_it() -> None:
    names = each("[Grp] Show - {n:02}.mkv", 1, 7)
    pack = map_pack(files([*names, "[Grp] Show - 06.5.mkv"]), series(7), grabbed=span(1, 1, 7), titles=["Show"])
    assert placed(pack) == in_order(span(1, 1, 7), names)
    assert [extra.reason for extra in pack.extras] == [ExtraReason.SPECIAL]


AMBIGUOUS: list[tuple[str, tuple[Episode, ...], Collection[int], list[str]]] = [
    ("13 to 24 of a season of 24", series(12, 24), span(2, 1, 24), each("Show - {n}.mkv", 13, 24)),
    ("two discs count alike", series(4), span(1, 1, 4), each("Disc 1/{n}.mkv", 1, 2) + each("Disc 2/{n}.mkv", 1, 2)),
    ("numbers count on behind a label", series(12, 24), span(2, 13, 24), each("Show S2 Part 2 - {n:02}.mkv", 1, 12)),
    ("a numeral that is no season", series(24), span(1, 13, 24), each("Show 2 - {n:02}.mkv", 1, 14)),
    ("titles on a disc", series(4), span(1, 1, 4), each("Show S01 D1/VIDEO_TS/VTS_01_{n}.VOB", 1, 4)),
    ("streams on a disc", series(4), span(1, 1, 4), each("Show S01/BDMV/STREAM/0000{n}.m2ts", 1, 4)),
    ("names say nothing", series(3), span(1, 1, 3), ["The Rain.mkv", "The Storm.mkv", "The Sun.mkv"]),
    ("the label is no season TVDB knows", series(24), span(1, 13, 24), each("Show S2 - {n:02}.mkv", 1, 12)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("episodes", "grabbed", "names"), [row[1:] for row in AMBIGUOUS], ids=[row[0] for row in AMBIGUOUS]
)
def test_what_cannot_be_told_is_an_estimate_over_all_candidates(
    episodes: tuple[Episode, ...], grabbed: list[int], names: list[str]
) -> None:
    pack = map_pack([file(name, 0.5) for name in names], episodes, grabbed=grabbed, titles=["Show"])
    assert placed(pack) == {}
    assert {found.progress for found in pack.episodes.values()} == {0.5}
    assert set(pack.episodes) == set(grabbed)
    assert {one.name for one in pack.unmapped} == set(names)


def test_only_the_missing_episodes_are_estimated() -> None:
    names = ["Show.S01E01.mkv", "Show.S01E02.mkv", "The Finale.mkv"]
    pack = map_pack(files(names), series(3), grabbed=[101, 102, 103], titles=["Show"])
    assert placed(pack) == in_order([101, 102], names[:2])
    assert pack.episodes[103].estimate
    assert pack.episodes[103].progress == 0.02


def test_a_clip_is_no_candidate_for_a_missing_episode() -> None:
    pack = map_pack(
        [file("Show.S01E01.mkv"), file("Show.S01E02.mkv"), file("clip.mkv", size=GIB // 100)],
        series(3),
        grabbed=[101, 102, 103],
    )
    assert 103 not in pack.episodes
    assert [extra.reason for extra in pack.extras] == [ExtraReason.EXTRA]


def test_without_a_file_list_nothing_is_claimed() -> None:
    assert map_pack([], series(3), grabbed=[101], titles=["Show"]) == PackMap()


def test_without_history_the_names_alone_decide() -> None:
    names = each(SCENE.format(s=2), 1, 8)
    pack = map_pack(files(names), series(10, 8), grabbed=None, titles=["Night Ferry"])
    assert placed(pack) == in_order(span(2, 1, 8), names)


def test_another_shows_file_loses_against_ours() -> None:
    names = ["Night.Ferry.S01E01.mkv", "Other.Boat.S01E01.mkv"]
    sized = [file(names[0], size=GIB), file(names[1], size=5 * GIB)]
    pack = map_pack(sized, series(2), grabbed=[101, 102], titles=["Night Ferry"])
    assert placed(pack)[101] == [names[0]]
    assert [extra.reason for extra in pack.extras] == [ExtraReason.UNKNOWN]


def test_complete_is_exactly_one() -> None:
    sizes = (GIB + 1, GIB + 3, 7)
    parts = [file(f"Show.S01E01.Part{n}.mkv", 1.0, size=size) for n, size in enumerate(sizes, start=1)]
    assert map_pack([*parts, file("Show.S01E02.mkv")], series(2), grabbed=[101, 102]).episodes[101].progress == 1.0

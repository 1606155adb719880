"""What holds for every set of files, candidates and items."""

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconcile.joins.items import item
from tests.reconcile.joins.names import NAMES, Name
from tests.reconcile.joins.packs import GIB, file, series, span
from tracker_tui.model.arr import Episode
from tracker_tui.model.text import SafeText
from tracker_tui.model.torrents import TorrentFile
from tracker_tui.reconcile.joins.filenames import FileKind, read_name
from tracker_tui.reconcile.joins.jellyindex import JellyfinIndex, Key
from tracker_tui.reconcile.joins.pack import PackMap, map_pack
from tracker_tui.reconcile.joins.paths import best_match

SEASONS = series(13, 13, specials=2)
NUMBERS = st.integers(1, 27)
PATTERNS = st.sampled_from(
    [
        "Show.S01E{n:02}.mkv",
        "Show.S02E{n:02}.mkv",
        "Show S2 - {n:02}.mkv",
        "Show/Season 2/{n:02}.mkv",
        "[Grp] Show - {n:02} [1080p].mkv",
        "[Grp] Show - {n:02}v2 [1080p].mkv",
        "[Grp] Show II - {n:02}.mkv",
        "Show/Other - {n:02}.mkv",
        "Show.S00E{n:02}.mkv",
        "Show - OVA {n}.mkv",
        "Show - NCOP{n}.mkv",
        "Show.S01E{n:02}E{m:02}.mkv",
        "Show.S01E{n:02}.Part1.mkv",
        "Show/{n:02}.mkv",
        "cover {n}.jpg",
    ]
)
GRABBED = st.one_of(
    st.none(),
    st.just(span(1, 1, 13)),
    st.just(span(2, 1, 13)),
    st.just(span(1, 1, 13) + span(2, 1, 13)),
    st.lists(st.sampled_from([one.id for one in SEASONS]), min_size=1, unique=True),
)


@st.composite
def torrent_files(draw: st.DrawFn) -> list[TorrentFile]:
    names = {draw(PATTERNS).format(n=n, m=n + 1) for n in draw(st.lists(NUMBERS, max_size=14))}
    return [
        file(
            name,
            draw(st.sampled_from([0.0, 0.25, 1.0])),
            size=draw(st.sampled_from([GIB, GIB + 1, 2 * GIB])),
            wanted=draw(st.booleans()),
            index=place,
        )
        for place, name in enumerate(sorted(names))
    ]


def mapped(files: Sequence[TorrentFile], grabbed: list[int] | None, episodes: Sequence[Episode] = SEASONS) -> PackMap:
    return map_pack(files, episodes, grabbed=grabbed, titles=["Show"])


@settings(deadline=None)
@given(torrent_files(), GRABBED, st.randoms(use_true_random=False))
def test_order_of_files_and_episodes_changes_nothing(
    files: list[TorrentFile], grabbed: list[int] | None, random: Random
) -> None:
    shuffled, episodes = files[:], list(SEASONS)
    random.shuffle(shuffled)
    random.shuffle(episodes)
    assert mapped(shuffled, grabbed, episodes) == mapped(files, grabbed)


@settings(deadline=None)
@given(torrent_files(), GRABBED)
def test_every_video_is_somewhere_exactly_once_or_in_the_episodes_it_names(
    files: list[TorrentFile], grabbed: list[int] | None
) -> None:
    pack = mapped(files, grabbed)
    sure = [f.index for one in pack.episodes.values() if not one.estimate for f in one.files]
    elsewhere = [extra.file.index for extra in pack.extras] + [f.index for f in pack.unmapped]
    assert len(elsewhere) == len(set(elsewhere))
    assert not set(elsewhere) & set(sure)
    videos = {f.index for f in files if read_name(f.name).kind is not FileKind.OTHER}
    assert set(sure) | set(elsewhere) == videos


@settings(deadline=None)
@given(torrent_files(), GRABBED)
def test_a_file_holds_two_episodes_only_if_it_names_two(files: list[TorrentFile], grabbed: list[int] | None) -> None:
    holders: dict[str, int] = {}
    for one in mapped(files, grabbed).episodes.values():
        for held in one.files if not one.estimate else ():
            holders[held.name] = holders.get(held.name, 0) + 1
    for name, count in holders.items():
        facts = read_name(name)
        assert count <= max(1, len(facts.episodes or facts.numbers))


@settings(deadline=None)
@given(torrent_files(), GRABBED)
def test_only_grabbed_episodes_get_files(files: list[TorrentFile], grabbed: list[int] | None) -> None:
    assert set(mapped(files, grabbed).episodes) <= set(grabbed if grabbed is not None else [one.id for one in SEASONS])


@settings(deadline=None)
@given(torrent_files(), GRABBED)
def test_progress_is_of_selected_bytes_and_complete_only_when_they_are(
    files: list[TorrentFile], grabbed: list[int] | None
) -> None:
    for one in mapped(files, grabbed).episodes.values():
        selected = [f for f in one.files if f.wanted]
        assert one.selected is bool(selected)
        if not selected:
            assert one.progress is None
        else:
            assert one.progress is not None
            assert min(f.progress for f in selected) <= one.progress <= max(f.progress for f in selected)
            assert (one.progress == 1) is all(f.progress == 1 for f in selected)


UNRELATED = st.sampled_from(
    [
        "Show/Extras/Interview.mkv",
        "Show - NCED.mkv",
        "Show/Sample/show.s01e01.sample.mkv",
        "Show - OVA 3.mkv",
        "Show - 06.5.mkv",
        "Show.S01E01.nfo",
        "Show.S07E01.mkv",
        "Other.Boat.S02E01.mkv",
        "[Grp] Other Boat - 03.mkv",
        "The Rain Stops.mkv",
    ]
)


@settings(deadline=None)
@given(torrent_files(), st.sampled_from([None, span(1, 1, 13), span(2, 1, 13)]), UNRELATED)
def test_an_unrelated_file_moves_no_other_episode(
    files: list[TorrentFile], grabbed: list[int] | None, name: str
) -> None:
    files = [one for one in files if "Other" not in one.name]  # two unknown titles contradict each other
    before = {one.episode_id: one for one in mapped(files, grabbed).episodes.values() if not one.estimate}
    added = file(name, 0.5, index=len(files))
    after = mapped([*files, added], grabbed).episodes
    for one, found in before.items():
        assert after[one] == found


@settings(deadline=None)
@given(st.sampled_from(NAMES))
def test_a_neutral_folder_does_not_change_what_a_name_says(name: Name) -> None:
    alone, below = read_name(name.path), read_name(f"Torrent Folder/{name.path}")
    assert (below.kind, below.season, below.episodes, below.numbers) == (
        alone.kind,
        alone.season,
        alone.episodes,
        alone.numbers,
    )


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["mkv", "mp4", "rar"]))
def test_any_text_can_be_read(stem: str, extension: str) -> None:
    facts = read_name(f"{stem}.{extension}")
    assert all(number >= 0 for number in (*facts.episodes, *facts.numbers))
    assert list(facts.episodes or facts.numbers) == sorted(set(facts.episodes or facts.numbers))


PIECES = st.sampled_from(["a", "show", "season 1", "01.mkv", "show - 01.mkv", "data"])
PATHS = st.lists(PIECES, min_size=1, max_size=4).map("/".join)


@settings(deadline=None)
@given(
    PATHS,
    st.sampled_from([None, 1, 2]),
    st.lists(st.tuples(st.integers(0, 5), PATHS, st.sampled_from([None, 1, 2])), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_candidates_changes_nothing(
    path: str, size: int | None, candidates: list[tuple[int, str, int | None]], random: Random
) -> None:
    shuffled = candidates[:]
    random.shuffle(shuffled)
    one, other = best_match(path, size, candidates), best_match(path, size, shuffled)
    assert (one.one, set(one.tied), one.shared) == (other.one, set(other.tied), other.shared)


OPERATIONS = st.lists(
    st.tuples(st.booleans(), st.sampled_from("abcd"), st.integers(1, 3), st.integers(1, 3)), max_size=20
)


@settings(deadline=None)
@given(OPERATIONS)
def test_an_index_that_followed_changes_equals_a_fresh_one(operations: list[tuple[bool, str, int, int]]) -> None:
    followed, items = JellyfinIndex(), {}
    for keep, item_id, value, other in operations:
        if keep:
            items[item_id] = item(
                item_id, f"/x/{other}/{value}.mkv", tvdb=value, shoko_files=(value, other), series=str(other)
            )
            followed.upsert([items[item_id]])
        else:
            items.pop(item_id, None)
            followed.remove([item_id])
    fresh = JellyfinIndex(items.values())
    for key in Key:
        for value in (1, 2, 3):
            assert followed.find(key, value) == fresh.find(key, value)
            assert followed.find(key, str(value)) == fresh.find(key, str(value))
    for value in (1, 2, 3):
        for other in (1, 2, 3):
            tail = (SafeText(str(other)), SafeText(f"{value}.mkv"))
            assert followed.with_tail(tail) == fresh.with_tail(tail)

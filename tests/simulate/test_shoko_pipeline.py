"""The simulated Shoko takes files in as the real one does: stage by stage, as time passes, and stops where it would."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.shoko.server import SimulatedShoko

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
FIRST = "/mnt/anime/Show/Season 1/Show - 01.mkv"


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


def made(clock: SimClock) -> SimulatedShoko:
    shoko = SimulatedShoko(clock)
    shoko.add_folder("/mnt/anime")
    shoko.add_anime(100, "Show", 3, series_id=12, first_episode_id=620)
    return shoko


def matched(shoko: SimulatedShoko, number: int = 1, file_id: int = 301) -> str:
    path = f"/mnt/anime/Show/Season 1/Show - {number:02}.mkv"
    shoko.file_appears(path, 1000 + number, shoko.link(100, number), file_id=file_id)
    shoko.finish_jobs()
    return path


def stage(shoko: SimulatedShoko) -> str:
    shoko.settle()
    if not shoko.files:
        return shoko.jobs[0].type if shoko.jobs else "unseen"
    file = shoko.files[301]
    if not file.links:
        return "identifying" if shoko.jobs else "unrecognised"
    return "limbo" if shoko.in_limbo(file) else "matched"


def test_a_file_passes_the_stages_as_time_passes(clock: SimClock) -> None:
    shoko = made(clock)
    assert stage(shoko) == "unseen"
    shoko.file_appears(FIRST, 1001, shoko.link(100, 1), file_id=301)
    seen = [stage(shoko)]
    for _ in range(25):
        clock.jump(seconds=1)
        if (now := stage(shoko)) != seen[-1]:
            seen.append(now)
    assert seen == ["Preprocess File", "Hash File", "identifying", "limbo", "matched"]
    assert (shoko.series[12].anime.title, sorted(shoko.episodes)) == ("Show", [620, 621, 622])
    assert shoko.files[301].imported_at == NOW.replace(second=13)
    assert shoko.jobs == []


def test_a_jump_over_everything_ends_where_small_steps_do(clock: SimClock) -> None:
    shoko = made(clock)
    shoko.file_appears(FIRST, 1001, shoko.link(100, 1), file_id=301)
    clock.jump(seconds=3600)
    assert stage(shoko) == "matched"
    assert shoko.files[301].imported_at == NOW.replace(second=13)


@pytest.mark.parametrize(
    ("trouble", "stuck"),
    [
        (lambda shoko: shoko.pause_queue(), "Preprocess File"),
        (lambda shoko: shoko.set_ban(udp=True), "identifying"),
        (lambda shoko: shoko.set_ban(http=True), "limbo"),
        (lambda shoko: shoko.set_network("LocalOnly"), "identifying"),
    ],
    ids=["paused", "UDP ban", "HTTP ban", "no internet"],
)
def test_what_stops_it_where_and_that_it_goes_on(clock: SimClock, trouble: Any, stuck: str) -> None:
    shoko = made(clock)
    trouble(shoko)
    shoko.file_appears(FIRST, 1001, shoko.link(100, 1), file_id=301)
    clock.jump(seconds=3600)
    assert stage(shoko) == stuck
    shoko.pause_queue(paused=False)
    shoko.set_ban(udp=False, http=False)
    shoko.set_network("Internet")
    assert stage(shoko) == stuck, "time that passed while it was stopped is not made up for"
    clock.jump(seconds=3600)
    assert stage(shoko) == "matched"


def test_what_anidb_does_not_know_stays_unrecognised_until_linked_by_hand(clock: SimClock) -> None:
    shoko = made(clock)
    shoko.file_appears(FIRST, 1001, file_id=301)
    shoko.finish_jobs()
    assert stage(shoko) == "unrecognised"
    shoko.link_manually(301, shoko.link(100, 1))
    shoko.finish_jobs()
    assert stage(shoko) == "matched"
    shoko.unlink(301)
    assert (stage(shoko), shoko.files[301].imported_at) == ("unrecognised", None)


def test_only_watched_folders_notice_and_a_scan_catches_up(clock: SimClock) -> None:
    shoko = made(clock)
    shoko.folders[1].watched = False
    shoko.file_appears(FIRST, 1001, shoko.link(100, 1), file_id=301)
    shoko.file_appears("/elsewhere/x.mkv", 5)
    shoko.finish_jobs()
    assert stage(shoko) == "unseen"
    shoko.scan_folder(1)
    shoko.finish_jobs()
    assert list(shoko.files) == [301]


def test_equal_bytes_are_one_file_with_two_places(clock: SimClock) -> None:
    shoko = made(clock)
    shoko.add_folder("/mnt/downloads")
    shoko.file_appears("/mnt/downloads/a.mkv", 9, shoko.link(100, 1), file_id=301, content="same")
    shoko.file_appears(FIRST, 9, shoko.link(100, 1), content="same")
    shoko.finish_jobs()
    assert [(one.folder_id, one.relative_path) for one in shoko.files[301].locations] == [
        (2, "a.mkv"),
        (1, "Show/Season 1/Show - 01.mkv"),
    ]


def test_other_bytes_at_the_same_path_are_another_file(clock: SimClock) -> None:
    shoko = made(clock)
    matched(shoko)
    shoko.file_appears(FIRST, 2002, shoko.link(100, 1), file_id=401)
    shoko.finish_jobs()
    assert [(file.id, file.size) for file in shoko.files.values()] == [(401, 2002)]


def test_a_file_out_of_sight_comes_back(clock: SimClock) -> None:
    shoko = made(clock)
    path = matched(shoko)
    shoko.file_vanishes(path)
    assert not shoko.files[301].locations[0].accessible
    shoko.file_appears(path, 1001, shoko.link(100, 1))
    shoko.finish_jobs()
    assert shoko.files[301].locations[0].accessible
    assert list(shoko.files) == [301]

"""When a hashed file without a match is called unrecognised: not while its job may only be unseen; then steadily."""

import pytest

from tests.reconcile.given import House, at, request, shoko_file
from tracker_tui.model.observation import ShokoFilesRead
from tracker_tui.model.shoko import Job, ShokoQueue
from tracker_tui.model.states import State
from tracker_tui.model.text import clean, clean_path

NAME = "Summer Ghost (2021)/Summer Ghost.mkv"
PATH = f"/data/anime/movies/{NAME}"
IDLE = ShokoQueue(total=0, waiting=0, by_type=())


def queue(*running: str, waiting: int = 0) -> ShokoQueue:
    """Return a queue that asks AniDB: jobs that name these files run, `waiting` others wait."""
    job = clean("Get Cross-References for File")
    jobs = tuple(Job(type=job, file_tail=clean_path(tail), running=True) for tail in running)
    return ShokoQueue(total=waiting + len(jobs), waiting=waiting, running=jobs, by_type=((job, waiting + len(jobs)),))


def unmatched(created: str) -> House:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=798544)]
    house.radarr.add_movie(64, "Summer Ghost", tmdb_id=798544, root_folder="/data/anime/movies")
    house.radarr.place_movie(64, PATH, added=at("11:30"))
    house.shoko_files = [shoko_file(260, PATH, created_at=at(created))]
    return house


def test_a_file_hashed_just_now_is_still_being_identified_though_no_job_shows() -> None:
    house = unmatched("11:59:40")
    assert house.tick().row().state is State.ANIME_MATCHING
    house.wait(30)
    assert house.row().state is State.ANIME_MATCHING
    house.wait(30)
    assert house.row().state is State.MATCH_FAILED, "time alone settles it"


def test_a_file_hashed_long_ago_is_unrecognised_at_the_first_look() -> None:
    assert unmatched("11:40").tick().row().state is State.MATCH_FAILED


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        pytest.param(queue(waiting=5), State.MATCH_FAILED, id="jobs for unnamed files"),
        pytest.param(queue("Another/x.mkv", waiting=5), State.MATCH_FAILED, id="a job for another file"),
        pytest.param(queue(NAME), State.ANIME_MATCHING, id="a job for this file"),
    ],
)
def test_what_was_not_recognised_stays_so_while_shoko_works_for_others(jobs: ShokoQueue, state: State) -> None:
    house = unmatched("11:40").tick()
    house.shoko_queue = jobs
    for _ in range(3):
        assert house.tick().row().state is state
    house.shoko_queue = IDLE
    assert house.tick().row().state is State.MATCH_FAILED


def test_before_the_first_verdict_any_such_job_may_be_for_this_file() -> None:
    house = unmatched("11:40")
    house.shoko_queue = queue(waiting=5)
    assert house.tick().row().state is State.ANIME_MATCHING


@pytest.mark.parametrize(
    "jobs", [pytest.param(queue(NAME), id="its own"), pytest.param(queue(waiting=5), id="unnamed")]
)
def test_a_look_up_from_before_the_end_of_a_job_does_not_tell_how_it_ended(
    jobs: ShokoQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = unmatched("11:40")
    house.shoko_queue = jobs
    assert house.tick().row().state is State.ANIME_MATCHING
    house.shoko_queue = IDLE
    told = house._shoko
    monkeypatch.setattr(house, "_shoko", lambda: [one for one in told() if not isinstance(one, ShokoFilesRead)])
    assert house.tick().row().state is State.ANIME_MATCHING, "the file was not looked up since"
    monkeypatch.undo()
    assert house.tick().row().state is State.MATCH_FAILED

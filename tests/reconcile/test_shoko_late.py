"""Files that Shoko is late with: under another name there, or with jobs in its queue."""

import msgspec
import pytest

from tests.reconcile.given import (
    SHOKO,
    House,
    at,
    shoko_file,
)
from tests.reconcile.titles import FOLDER, LR, known_to_shoko, lycoris
from tracker_tui.model.observation import Observation, Payload, ShokoJobsRead, ShokoKinRead, ShokoSeriesFilesRead
from tracker_tui.model.shoko import Job, ShokoQueue
from tracker_tui.model.text import clean, clean_path
from tracker_tui.reconcile.unit.verdict import Step


@pytest.mark.parametrize("linked", [True, False], ids=["by what Shoko calls the title's", "by its other files"])
def test_a_late_file_is_found_under_the_name_that_shoko_gave_it(linked: bool) -> None:
    house = House()
    lycoris(house, 2)
    house.sonarr.place(23, [1], FOLDER, added=at("11:20"), size_bytes=1000)
    house.sonarr.place(23, [2], FOLDER, added=at("11:20"), size_bytes=2000)
    known_to_shoko(house, 2, 2, 2)
    place = msgspec.structs.replace(house.shoko_files[0].locations[0], relative_path=clean_path("Ririko/Ep. 1.mkv"))
    moved = msgspec.structs.replace(house.shoko_files[0], size_bytes=1000, locations=(place,))
    other = msgspec.structs.replace(house.shoko_files[1], size_bytes=2000)
    house.shoko_files = [] if linked else [other]
    house.tick()
    assert house.cases[LR].units[0].verdict.step is Step.NOT_SEEN
    (wanted,) = house.reconciler.interest().shoko_renamed
    assert wanted.series == (() if linked else (12,))
    assert (wanted.tmdb_id, wanted.tvdb_id, wanted.directory) == (None, 414057, "Lycoris Recoil/Season 1")
    assert wanted.not_before == at("11:50"), "a new file gets its time"
    tell(house, ShokoKinRead(title=wanted.title, series=(12,)) if linked else None)
    assert house.reconciler.interest().shoko_renamed[0].series == (12,)
    tell(house, ShokoSeriesFilesRead(series_id=12, files=(moved, other)))
    unit = house.cases[LR].units[0]
    assert unit.verdict.step is Step.MATCHED
    assert unit.shoko is not None
    assert unit.shoko.match.file == moved
    assert unit.shoko.renamed
    assert "under another name: Ririko/Ep. 1.mkv" in unit.verdict.evidence[-1].value


SAME_SIZE = {
    "another of the title's files has that size": ((1000, 1000), (1000,), None),
    "two of the series' files have that size": ((1000, 2000), (1000, 1000), None),
    "Sonarr does not tell the size": ((None, 2000), (1000,), None),
    "the only one": ((1000, 2000), (1000, 3000), 301),
}


@pytest.mark.parametrize(("ours", "theirs", "found"), SAME_SIZE.values(), ids=SAME_SIZE)
def test_a_size_alone_decides_only_where_nothing_else_could_be_meant(
    ours: tuple[int | None, ...], theirs: tuple[int, ...], found: int | None
) -> None:
    house = House()
    lycoris(house, 2)
    for number, size in enumerate(ours, 1):
        house.sonarr.place(23, [number], FOLDER, added=at("11:20"), size_bytes=size)
    house.tick()
    (wanted,) = house.reconciler.interest().shoko_renamed
    files = tuple(
        shoko_file(300 + n, f"/data/anime/shows/Ririko/{n}.mkv", series=12, size_bytes=size)
        for n, size in enumerate(theirs, 1)
    )
    tell(house, ShokoKinRead(title=wanted.title, series=(12,)))
    tell(house, ShokoSeriesFilesRead(series_id=12, files=files))
    shoko = house.cases[LR].units[0].shoko
    assert shoko is not None
    assert (shoko.match.file.id if shoko.match.file is not None else None) == found


def tell(house: House, payload: Payload | None) -> None:
    """Let Shoko answer something, in both ways of judging, and look again."""
    if payload is not None:
        for reconciler in (house.reconciler, house.twin):
            reconciler.absorb(Observation(ref=SHOKO, at=house.now, payload=payload))
    house.tick()


OURS = "Season 1/S01E01.mkv"


def job(kind: str, tail: str | None = OURS, *, blocked: bool = False) -> Job:
    return Job(type=clean(kind), file_tail=clean_path(tail) if tail is not None else None, blocked=blocked)


HASH, NAME, NAME_6 = "Hash File", "Get Cross-References for File", "Get Release Information for Video From Provider"
NEW, KNOWN = "no record", "hashed, no link"
JOBS = {
    "hashed by its own job": (NEW, [job(HASH), job(HASH, "Season 1/S01E02.mkv")], True, Step.HASHING),
    "only others are hashed": (NEW, [job(HASH, "Season 1/S01E02.mkv")], True, Step.NOT_SEEN),
    "only others, as far as listed": (NEW, [job(HASH, "Season 1/S01E02.mkv")], False, Step.HASHING),
    "a job that names no file may be its": (NEW, [job("Preprocess File", None)], True, Step.HASHING),
    "jobs of other kinds": (NEW, [job("Refresh Anime Stats", None)], True, Step.NOT_SEEN),
    "asked about": (KNOWN, [job(NAME)], True, Step.IDENTIFYING),
    "its job is blocked": (KNOWN, [job(NAME, blocked=True)], True, Step.IDENTIFYING),
    "only others are asked about": (KNOWN, [job(NAME, "Season 2/S02E01.mkv")], True, Step.UNRECOGNISED),
    "others, as far as listed": (KNOWN, [job(NAME, "Season 2/S02E01.mkv")], False, Step.IDENTIFYING),
    "in 6, without a file": (KNOWN, [job(NAME_6, None)], True, Step.IDENTIFYING),
    "hashed anew": (KNOWN, [job(HASH)], True, Step.IDENTIFYING),
}  # fmt: skip


@pytest.mark.parametrize(("record", "jobs", "complete", "step"), JOBS.values(), ids=JOBS)
def test_whose_jobs_the_queue_holds(record: str, jobs: list[Job], complete: bool, step: Step) -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.place(23, [1], FOLDER, added=at("11:57"))
    if record == KNOWN:
        house.shoko_files = [shoko_file(301, f"{FOLDER}/S01E01.mkv", created_at=at("11:57"))]
    counts = tuple((clean(kind), 2) for kind in dict.fromkeys(one.type for one in jobs))
    house.shoko_queue = ShokoQueue(total=2 * len(counts), waiting=2, by_type=counts)
    house.tick()
    hashes, names = jobs[0].type in {HASH, "Preprocess File"}, jobs[0].type in {NAME, NAME_6}
    by_kind = (Step.HASHING if hashes else Step.NOT_SEEN, Step.IDENTIFYING if names else Step.UNRECOGNISED)
    assert house.cases[LR].units[0].verdict.step is by_kind[record == KNOWN]
    assert house.reconciler.interest().shoko_jobs == at("11:57")
    tell(house, ShokoJobsRead(jobs=tuple(jobs), complete=complete))
    unit = house.cases[LR].units[0]
    assert unit.verdict.step is step
    assert unit.shoko is not None
    own = next((one for one in jobs if one.file_tail == OURS), None)
    assert unit.shoko.job == own
    house.shoko_queue = ShokoQueue(total=0, waiting=0)
    house.tick()
    unit = house.cases[LR].units[0]
    assert unit.verdict.step is (Step.NOT_SEEN if record == NEW else Step.UNRECOGNISED), "an empty queue holds nothing"
    assert unit.shoko is not None
    assert unit.shoko.job is None
    assert house.reconciler.interest().shoko_jobs is None


def test_a_version_that_only_counts_its_jobs_is_not_asked_for_them() -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.place(23, [1], FOLDER, added=at("11:50"))
    house.shoko_queue = ShokoQueue(total=7, by_type=((clean(HASH), 7),))
    assert house.tick().reconciler.interest().shoko_jobs is None
    assert house.cases[LR].units[0].verdict.step is Step.HASHING


def test_a_list_of_jobs_from_before_its_own_could_be_there_says_nothing_of_a_file() -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.place(23, [1], FOLDER, added=at("11:50"))
    house.shoko_files = [shoko_file(301, f"{FOLDER}/S01E01.mkv", created_at=at("11:59:30"))]
    house.shoko_queue = ShokoQueue(total=2, waiting=2, by_type=((clean(NAME), 2),))
    house.tick()
    tell(house, ShokoJobsRead(jobs=(job(NAME, "Season 2/S02E01.mkv"),), complete=True))
    house.tick(45)
    assert house.cases[LR].units[0].verdict.step is Step.IDENTIFYING
    tell(house, ShokoJobsRead(jobs=(job(NAME, "Season 2/S02E01.mkv"),), complete=True))
    assert house.cases[LR].units[0].verdict.step is Step.UNRECOGNISED

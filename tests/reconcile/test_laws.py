"""Laws over whole stories: evidence never lowers, outages never lower, a restart changes nothing, counts add up.

Every tick of the house also proves that repetition changes nothing and that incremental equals full.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconcile.given import EVERYONE, GB, MB, House, at, item, torrent
from tests.reconcile.test_gaps import vfs
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.unit.ladder import RANK

COUNT = 4
EPISODES = range(739, 739 + COUNT)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def grab(house: House) -> None:
    house.sonarr.grab(23, EPISODES, "hlr", at("10:00"))
    for episode_id in EPISODES:
        house.sonarr.enqueue("hlr", status="queued", series_id=23, episode_id=episode_id, size_bytes=GB, left_bytes=GB)


def show(house: House) -> None:
    house.download(torrent("hlr", "queued", 0.0, size_bytes=GB))


def transfer(house: House) -> None:
    house.download(torrent("hlr", progress=0.5, size_bytes=GB, speed_bytes_s=MB, eta_s=60))


def complete(house: House) -> None:
    house.download(torrent("hlr", "complete", 1.0, size_bytes=GB, completed_at=at("11:50")))


def begin_import(house: House) -> None:
    house.sonarr.queue.clear()
    for episode_id in EPISODES:
        house.sonarr.enqueue("hlr", status="completed", tracked="importing", series_id=23, episode_id=episode_id)


def place(house: House) -> None:
    house.sonarr.queue.clear()
    house.sonarr.place(23, range(1, COUNT + 1), FOLDER, added=at("11:55"))
    for episode_id in EPISODES:
        house.sonarr.event("imported", at("11:55"), series_id=23, episode_id=episode_id, download_id="HLR")


def match(house: House) -> None:
    known_to_shoko(house, matched=COUNT, hashed=COUNT, count=COUNT)


def index(house: House) -> None:
    house.items = vfs(range(1, COUNT + 1))


STORY: tuple[Callable[[House], None], ...] = (grab, show, transfer, complete, begin_import, place, match, index)
"""Each step adds evidence for a higher or an equal stage, and takes away only what it outdates."""


def begun(steps: int) -> House:
    house = House()
    lycoris(house, COUNT)
    house.tick()
    for step in STORY[:steps]:
        step(house)
        house.tick()
    return house


def ranks(row: RequestRow) -> list[int]:
    return [RANK[episode.state] for season in row.seasons for episode in season.episodes]


def shown_alike(row: RequestRow) -> tuple[object, ...]:
    episodes = [
        (
            one.number,
            one.state,
            one.counted,
            one.progress,
            one.since,
            one.torrents,
            one.quality,
            one.note,
            one.attention,
        )
        for season in row.seasons
        for one in season.episodes
    ]
    return row.state, row.counts, row.phrases, row.progress, row.since, row.flags, row.timeline, episodes


@few
@given(st.lists(st.integers(0, len(STORY) - 1), min_size=1, max_size=len(STORY), unique=True), st.integers(1, 200))
def test_more_evidence_never_lowers_a_state(chosen: list[int], seconds: int) -> None:
    house = House()
    lycoris(house, COUNT)
    before = ranks(house.tick().row())
    for number in sorted(chosen):
        STORY[number](house)
        now = ranks(house.tick(seconds).row())
        assert all(new >= old for new, old in zip(now, before, strict=True)), STORY[number].__name__
        before = now


@few
@given(
    st.integers(0, len(STORY)),
    st.lists(st.tuples(st.sets(st.sampled_from(EVERYONE)), st.integers(1, 400)), min_size=1, max_size=4),
    st.sampled_from([ServiceStatus.UNREACHABLE, ServiceStatus.UNAUTHORIZED, ServiceStatus.ERROR]),
)
def test_an_outage_of_any_services_lowers_nothing(
    steps: int, outages: list[tuple[set[InstanceRef], int]], status: ServiceStatus
) -> None:
    house = begun(steps)
    before = house.row()
    for down, seconds in outages:
        house.down = dict.fromkeys(down, status)
        now = house.tick(seconds).row()
        assert ranks(now) == ranks(before)
        assert (now.state, now.counts, now.timeline) == (before.state, before.counts, before.timeline)
    house.down = {}
    assert ranks(house.tick().row()) == ranks(before)


@few
@given(st.integers(0, len(STORY)), st.sets(st.sampled_from(EVERYONE)), st.integers(1, 300))
def test_a_restart_changes_nothing_once_all_have_answered(steps: int, late: set[InstanceRef], seconds: int) -> None:
    house = begun(steps)
    again = House(memory=house.memory(), now=house.now)
    again.requests, again.arrs, again.torrents = house.requests, house.arrs, house.torrents
    again.shoko_files, again.items = house.shoko_files, house.items
    again.silent = late
    first = again.tick(seconds)
    assert ranks(first.row()) == ranks(house.row()), "what is not known yet is as it was"
    again.silent = set()
    again.tick()
    house.tick(seconds).tick()
    assert shown_alike(again.row()) == shown_alike(house.row())


@few
@given(st.data())
def test_whatever_comes_and_goes_the_numbers_add_up(data: st.DataObject) -> None:
    house = begun(0)
    losses: tuple[Callable[[House], None], ...] = (
        lambda one: one.torrents.clear(),
        lambda one: one.items.clear(),
        lambda one: one.sonarr.queue.clear(),
        lambda one: one.shoko_files.clear(),
        lambda one: one.sonarr.edit(23, [1, 2], has_file=False, file_id=None),
        lambda one: one.items.append(item("stub", "Episode", tvdb_id="1")),
        lambda one: one.down.update(dict.fromkeys(EVERYONE[:3], ServiceStatus.UNREACHABLE)),
        lambda one: one.down.clear(),
        lambda one: one.skipped.update(dict.fromkeys(EVERYONE[2:], 1)),
        lambda one: one.skipped.clear(),
    )
    for act in data.draw(st.lists(st.sampled_from(STORY + losses), min_size=3, max_size=10)):
        act(house)
        row = house.tick(data.draw(st.sampled_from([3, 61, 700]))).row()
        assert row.total == COUNT
        assert row.state is not State.AVAILABLE or row.ready == COUNT

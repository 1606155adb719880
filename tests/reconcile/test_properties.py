"""Laws of the pure core: order and repetition of answers do not matter, memory is plain data, headlines are total."""

import itertools
from datetime import timedelta

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reconcile.given import GB, MB, NOON, House, at, item, request, torrent
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.observation import Observation
from tracker_tui.model.states import Attention, State
from tracker_tui.model.torrents import TorrentState
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.memory import Memory, RequestMemory
from tracker_tui.reconcile.reconciler import Reconciler
from tracker_tui.reconcile.request.rollup import headline
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup


def a_busy_house() -> House:
    house = House()
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", progress=0.5, size_bytes=10 * GB, speed_bytes_s=MB, eta_s=60))
    house.sonarr.place(23, range(1, 6), FOLDER, added=at("11:00"))
    known_to_shoko(house, matched=3, hashed=4, count=5)
    house.items = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in (1, 2)
    ]
    return house


def rows_after(told: list[Observation], house: House) -> dict[str, RequestRow]:
    reconciler = Reconciler(Setup(instances=tuple(ConfiguredInstance(ref=ref) for ref in house.refs)), Memory())
    for observation in told:
        reconciler.absorb(observation)
    return {case.id: case.row for case in reconciler.advance(NOON).cases}


HOUSE = a_busy_house()
TOLD = [Observation(ref=ref, at=NOON, payload=payload) for ref, payload in HOUSE.answers()]
EXPECTED = rows_after(TOLD, HOUSE)


def test_the_busy_house_has_something_of_everything() -> None:
    (row,) = EXPECTED.values()
    assert {state for state, _ in row.counts} > {State.DOWNLOADING, State.ANIME_MATCHING, State.AVAILABLE}


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(TOLD))))
def test_the_order_of_answers_does_not_matter(order: list[int]) -> None:
    assert rows_after([TOLD[index] for index in order], HOUSE) == EXPECTED


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, len(TOLD) - 1), max_size=30))
def test_repeated_answers_do_not_matter(extra: list[int]) -> None:
    assert rows_after(TOLD + [TOLD[index] for index in extra], HOUSE) == EXPECTED


@example(steps=[(TorrentState.COMPLETE, None, None, 1), (TorrentState.COMPLETE, 0.0, None, 1)])
@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(TorrentState)),
            st.one_of(st.none(), st.floats(0, 1)),
            st.one_of(st.none(), st.integers(0, 10 * GB)),
            st.integers(1, 200),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_sequence_of_client_answers_breaks_an_invariant(
    steps: list[tuple[TorrentState, float | None, int | None, int]],
) -> None:
    house = House()
    lycoris(house, 3)
    house.sonarr.grab(23, range(739, 742), "hlr", at("10:00"))
    for state, progress, size, seconds in steps:
        house.download(torrent("hlr", state.value, progress, size_bytes=size))
        house.tick(seconds)
        assert house.row().state in {State.GRABBING, State.DOWNLOADING, State.DOWNLOADED}
        progress_shown = house.row().progress
        assert progress_shown is None or 0 <= progress_shown <= 1


def test_incremental_steps_end_where_one_full_step_does() -> None:
    house = a_busy_house()
    house.tick()
    for step in range(5):
        house.download(torrent("hlr", progress=0.5 + step / 20, size_bytes=10 * GB, speed_bytes_s=MB, eta_s=60))
        house.sonarr.place(23, [6 + step], FOLDER, added=house.now)
        house.tick()
    assert house.row().ready == 2
    assert sum(one.state is State.DOWNLOADING for one in house.shown()) == 3


def test_only_touched_requests_are_computed_again() -> None:
    house = House()
    for number in range(1, 30):
        house.requests.append(request(number, movie=True, tmdb_id=number))
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number)
        house.radarr.event("grabbed", at("11:00"), movie_id=number, download_id=f"H{number}")
        house.download(torrent(f"h{number}", progress=0.1, category="radarr"))
    house.tick()
    house.download(torrent("h7", progress=0.2, category="radarr"), torrent("h9", progress=0.2, category="radarr"))
    told = [Observation(ref=ref, at=house.now, payload=payload) for ref, payload in house.answers()]
    for observation in told:
        house.reconciler.absorb(observation)
    step = house.reconciler.advance(house.now)
    assert [case.id for case in step.cases] == ["seerr:seerr:7", "seerr:seerr:9"]
    assert not step.memories, "progress alone is not durable"


def test_progress_writes_nothing_a_new_state_does() -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.grab(23, [739], "h1", at("10:00"))
    house.download(torrent("h1", progress=0.1))
    house.tick()
    before = house.memories["seerr:seerr:75"]
    for progress in (0.2, 0.3):
        house.download(torrent("h1", progress=progress))
        house.tick()
        assert house.memories["seerr:seerr:75"] is before
    house.download(torrent("h1", "complete", 1.0))
    house.tick()
    after = house.memories["seerr:seerr:75"]
    assert after is not before
    assert after.episodes[0].progress == 1.0
    text = msgspec.json.encode(after)
    assert b"speed" not in text
    assert msgspec.json.decode(text, type=RequestMemory) == after


IN_FLIGHT = [State.GRABBING, State.DOWNLOADED, State.IMPORTING, State.MATCH_FAILED, State.ANIME_MATCHING]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], State.APPROVED),
        ([State.AVAILABLE], State.AVAILABLE),
        ([State.AVAILABLE, State.PENDING], State.APPROVED),
        ([State.AVAILABLE, State.FAILED], State.FAILED),
        ([State.PENDING, State.FAILED], State.FAILED),
        *(([State.DOWNLOADING, other], State.DOWNLOADING) for other in State if other is not State.SKIPPED),
        *(([later, earlier], earlier) for earlier, later in itertools.combinations(IN_FLIGHT, 2)),
        *(([state, State.FAILED, State.AVAILABLE, State.PENDING], state) for state in IN_FLIGHT),
    ],
)
def test_the_headline_is_a_total_order(states: list[State], expected: State) -> None:
    assert headline(states) is expected
    assert headline(list(reversed(states))) is expected


@pytest.mark.parametrize(("minutes", "attention"), [(29, Attention.WAIT), (30, Attention.WARN), (31, Attention.WARN)])
def test_time_alone_raises_attention_at_its_threshold(minutes: int, attention: Attention) -> None:
    house = House()
    lycoris(house, 1)
    house.sonarr.grab(23, [739], "h1", at("10:00"))
    house.download(torrent("h1", "complete", 1.0, completed_at=NOON))
    house.tick(0)
    assert house.last is not None
    assert house.last.next_at == NOON + timedelta(minutes=5), "unknown to the queue for so long is worth a word"
    step = house.wait(5 * 60).last
    assert step is not None
    assert step.next_at == NOON + timedelta(minutes=30)
    assert house.wait((minutes - 5) * 60).row().attention is attention

"""The demo's story: every beat comes, every state occurs, it can be steered, and it is the same each time."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.answers import Answer
from tracker_tui.model.arr import ReleaseSearch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.model.world import World
from tracker_tui.remedies.proposal import Refusal
from tracker_tui.remedies.questions import Question, Questions
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.household.household import START
from tracker_tui.simulate.household.titles import Wanted
from tracker_tui.simulate.story import titles as its
from tracker_tui.simulate.story.offers import OFFERS
from tracker_tui.simulate.story.script import SCRIPT
from tracker_tui.simulate.story.story import CALM_SPEED, SPEED, Story
from tracker_tui.store.store import Store

END = timedelta(seconds=2400)
REMEMBERED_S = (1190, 1205, 1280, 2070, 2100)
"""Before a series is deleted, when it is found missing, and when that is certain; Jellyfin restarts."""
MOMENTS_S = (0, 45, 100, 160, 200, 350, 420, 510, 620, 750, 900, 940, 1340, 1450, 1620, 1750, 2390, *REMEMBERED_S)
"""When the engine looks, in simulated seconds."""


async def _look(demo: Demo, store: Store) -> World:
    watch = Watch(demo.settings, store, clock=CorrectedClock(demo.clock.now), simulated=True)
    try:
        return await watch.snapshot(10)
    finally:
        await watch.close()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, World]:
    """What the program makes of the story; it needs its memory to see that something was deleted."""
    memory = tmp_path_factory.mktemp("store") / "state.json"
    found = {}
    with Demo({SPEED_OF: "0"}) as demo:
        for moment in sorted(MOMENTS_S):
            demo.story.jump(timedelta(seconds=moment))
            store = Store.open(memory) if moment in REMEMBERED_S else Store.in_memory()
            found[moment] = asyncio.run(_look(demo, store))
    return found


def _states(world: World) -> dict[str, State]:
    """Return the state of each title's newest request."""
    rows = sorted(world.requests, key=lambda row: (row.requested_at is not None, row.requested_at))
    return {row.title: row.state for row in rows}


def test_the_first_instant_is_in_the_middle_of_things(worlds: dict[int, World]) -> None:
    states = _states(worlds[0])
    assert set(states) == {one.name for one in its.TITLES}
    assert {
        State.REQUESTED,
        State.APPROVED,
        State.DOWNLOADING,
        State.DOWNLOADED,
        State.ANIME_MATCHING,
        State.MATCH_FAILED,
        State.AVAILABLE,
    } <= set(states.values())
    percents = {row.progress for row in worlds[0].requests if row.state is State.DOWNLOADING}
    assert len(percents) == 5
    assert worlds[0].counts.ready == 2
    assert {service.status.value for service in worlds[0].services} == {"ok"}


def test_a_library_at_rest_makes_no_rows(worlds: dict[int, World]) -> None:
    shown = {row.title for world in worlds.values() for row in world.requests}
    assert shown == {one.name for one in its.TITLES}


def test_every_state_occurs(worlds: dict[int, World]) -> None:
    seen = {row.state for world in worlds.values() for row in world.requests}
    seen |= {
        episode.state
        for world in worlds.values()
        for row in world.requests
        for season in row.seasons
        for episode in season.episodes
    }
    assert seen == set(State)


@pytest.mark.parametrize(
    ("moment", "wanted", "state"),
    [
        (45, its.HARBOR_LIGHTS, State.APPROVED),
        (100, its.HARBOR_LIGHTS, State.DOWNLOADING),
        (160, its.GARDEN_OF_WORDS, State.DOWNLOADED),
        (200, its.GARDEN_OF_WORDS, State.ANIME_MATCHING),
        (420, its.GARDEN_OF_WORDS, State.AVAILABLE),
        (420, its.STATION_NINE, State.DOWNLOADED),
        (510, its.PAPER_MOONS, State.DECLINED),
        (620, its.STATION_NINE, State.AVAILABLE),
        (620, its.LONG_ORBIT, State.FAILED),
        (620, its.LYCORIS_RECOIL, State.ANIME_MATCHING),
        (750, its.LONG_ORBIT, State.DOWNLOADING),
        (1205, its.PANCREAS, State.AVAILABLE),
        (1205, its.SUMMER_GHOST, State.AVAILABLE),
        (1280, its.GLASS_GARDENS, State.REMOVED),
        (1280, its.STATION_NINE, State.REQUESTED),
        (1340, its.STATION_NINE, State.DOWNLOADING),
        (1620, its.LYCORIS_RECOIL, State.ANIME_MATCHING),
        (2070, its.LYCORIS_RECOIL, State.AVAILABLE),
        (2070, its.STATION_NINE, State.AVAILABLE),
        (2070, its.SNAFU, State.ANIME_MATCHING),
        (2070, its.SALT_ROAD, State.DOWNLOADING),
        (2390, its.SNAFU, State.AVAILABLE),
        (2390, its.FIVE_CENTIMETERS, State.AVAILABLE),
    ],
    ids=lambda value: value.name if isinstance(value, State) else getattr(value, "name", str(value)),
)
def test_titles_move_as_told(worlds: dict[int, World], moment: int, wanted: Wanted, state: State) -> None:
    assert _states(worlds[moment])[wanted.name] is state


@pytest.mark.parametrize(
    ("moment", "problems", "unassigned"),
    [
        (900, {"VFS_UNMAPPED"}, 0),
        (940, {"VFS_UNMAPPED", "DISK_FULL"}, 0),
        (1450, {"VFS_UNMAPPED", "INDEXERS"}, 0),
        (1750, {"VFS_UNMAPPED"}, 1),
        (2100, {"SERVICE_STARTING"}, 1),
        (2390, set(), 1),
    ],
)
def test_troubles_come_and_go(worlds: dict[int, World], moment: int, problems: set[str], unassigned: int) -> None:
    world = worlds[moment]
    assert {one.diagnosis.code for one in world.problems} == problems
    assert len(world.unassigned) == unassigned


def test_what_was_ready_stays_so_while_jellyfin_restarts(worlds: dict[int, World]) -> None:
    assert _states(worlds[2100]) == _states(worlds[2070])


def test_something_happens_all_the_time() -> None:
    at = [beat.at.total_seconds() for beat in Story().beats]
    assert max(later - earlier for earlier, later in pairwise(at)) <= 140


def test_every_sentence_names_what_it_is_about() -> None:
    names = [*(one.name for one in its.TITLES), "SNAFU", *(kind.title for kind in Kind)]
    assert [beat.text for beat in Story().beats[:-1] if not any(name in beat.text for name in names)] == []


def test_every_beat_comes_in_its_order() -> None:
    story = Story()
    story.jump(END)
    assert story.over
    assert [beat.text for beat in story.told] == [beat.text for beat in story.beats]
    late = [told.at - planned.at for told, planned in zip(story.told, story.beats, strict=True)]
    assert min(late) >= timedelta(0)
    assert max(late) < timedelta(minutes=3)  # the one that waits for Shoko's queue


def test_it_lasts_about_four_minutes() -> None:
    assert timedelta(minutes=3.5) <= Story().beats[-1].at / SPEED <= timedelta(minutes=5)


def test_it_is_the_same_each_time() -> None:
    def pages(seed: int) -> list[object]:
        story = Story(seed=seed)
        found: list[object] = []
        for moment in (0, 300, 900):
            story.jump(timedelta(seconds=moment))
            household = story.household
            found += [
                household.qbittorrent.maindata(),
                household.sonarr._queue_records(),
                [household.radarr.history_record(row) for row in household.radarr.history],
                sorted(household.jellyfin.index.items),
                household.shoko.files,
                [(one.id, one.status) for one in household.seerr.requests.values()],
            ]
        return found

    first = pages(1)
    assert pages(1) == first
    assert pages(2) != first


def test_pause_speed_and_resume() -> None:
    story = Story(speed=50)
    assert story.clock.speed == 0
    story.resume()
    assert story.clock.speed == 50
    story.set_speed(20)
    assert story.clock.speed == 20
    story.pause()
    story.set_speed(30)
    assert (story.clock.speed, story.speed) == (0, 30)


def test_after_its_end_it_is_calm() -> None:
    story = Story(speed=50)
    story.jump(END - timedelta(seconds=1))
    story.resume()
    story.clock.jump(seconds=2)
    story.tick()
    assert story.over
    assert story.clock.speed == CALM_SPEED
    story.resume()
    assert story.clock.speed == CALM_SPEED


def test_a_jump_to_a_beat_has_told_all_before_it() -> None:
    story = Story()
    beat = story.beats[7]
    story.jump(beat)
    assert story.offset == beat.at
    assert [one.text for one in story.told] == [one.text for one in story.beats[:8]]


def test_a_jump_back_begins_anew() -> None:
    story = Story()
    first = story.household
    story.jump(timedelta(seconds=600))
    story.jump(timedelta(seconds=100))
    assert story.household is not first
    assert story.offset == timedelta(seconds=100)
    assert story.clock.now() == START + timedelta(seconds=100)
    assert its.LONG_ORBIT_3.hash in story.household.qbittorrent.torrents  # fails only later


def test_radarr_is_seen_to_be_down(worlds: dict[int, World]) -> None:
    down = {row.kind for row in worlds[350].services if row.status is ServiceStatus.UNREACHABLE}
    assert down == {Kind.RADARR}
    assert {row.status for row in worlds[420].services} == {ServiceStatus.OK}


def test_radarr_is_down_for_two_minutes() -> None:
    story = Story()
    story.jump(timedelta(seconds=310))
    assert story.household.down == {Kind.RADARR}
    story.jump(timedelta(seconds=420))
    assert story.household.down == set()


def test_the_stalled_torrent_cannot_finish() -> None:
    household = Story().household
    shown = household.qbittorrent.maindata()["torrents"][its.SALT_ROAD_RELEASE.hash]
    assert (shown["state"], shown["num_complete"]) == ("stalledDL", 0)
    assert 0 < shown["availability"] < 1


def test_no_refresh_frees_what_is_not_mapped() -> None:
    story = Story()
    story.household.refresh_library("Anime Classics")
    story.jump(timedelta(seconds=60))
    assert story.household.playable(its.SNAFU) == 0


def test_a_refresh_by_the_user_frees_the_pack_before_the_story_does() -> None:
    story = Story()
    story.jump(timedelta(seconds=1600))
    assert story.household.playable(its.LYCORIS_RECOIL) == 0
    story.household.refresh_library("Anime Shows")
    story.jump(timedelta(seconds=1630))
    assert story.household.playable(its.LYCORIS_RECOIL) == 13
    story.jump(timedelta(seconds=2010))
    assert story.household.jellyfin.scanner.queue == []


def test_a_sentence_fits_a_narrow_terminal() -> None:
    assert {beat.text for beat in Story().beats if len(f"Demo · {beat.text} · paused") > 80} == set()


def test_the_script_is_in_order() -> None:
    assert [step.at_s for step in SCRIPT] == sorted(step.at_s for step in SCRIPT)
    assert SCRIPT[0].at_s == 0


@pytest.mark.parametrize(
    ("moment", "wanted", "found", "approved"),
    [(0, its.GLASS_GARDENS, 10, 0), (60, its.HARBOR_LIGHTS, 1, 1), (650, its.LONG_ORBIT, 2, 1)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_search_by_hand_tells_why_nothing_was_grabbed(moment: int, wanted: Wanted, found: int, approved: int) -> None:
    async def asked(demo: Demo) -> Answer | Refusal | Question:
        world = await _look(demo, Store.in_memory())
        row = next(one for one in world.requests if one.title == wanted.name)
        questions = Questions(demo.settings)
        try:
            question = await questions.propose(row)
            return await questions.ask(question) if isinstance(question, Question) else question
        finally:
            await questions.aclose()

    with Demo({SPEED_OF: "0"}, at_s=moment) as demo:
        answer = asyncio.run(asked(demo))
    assert isinstance(answer, Answer), answer
    assert isinstance(answer.found, ReleaseSearch)
    assert (answer.found.found, answer.found.approved) == (found, approved)
    counts = [count for _, count in answer.found.rejections]
    assert sum(counts) == sum(len(one.rejections) for one in OFFERS[wanted])
    assert counts == sorted(counts, reverse=True)
    assert bool(counts) is (approved < found)

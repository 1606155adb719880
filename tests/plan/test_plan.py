"""Who is asked what, and when: the plan as a table."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import ScheduledTask
from tracker_tui.model.observation import Payload, RequestCountsRead, ShokoStateRead, TasksRead
from tracker_tui.model.seerr import SeerrCounts
from tracker_tui.model.shoko import ShokoQueue, ShokoServer
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import SafeText
from tracker_tui.plan.cadence import Cadence, back_off, wait_after_failure
from tracker_tui.plan.plan import (
    FILES_PER_TICK,
    ITEMS_PER_TICK,
    LOOKS_PER_TICK,
    LOOKUPS_PER_MINUTE,
    LOOKUPS_PER_TICK,
    TITLES_PER_TICK,
    Key,
    Moment,
    questions,
    wishes,
)
from tracker_tui.plan.stirs import stirs
from tracker_tui.plan.topics import COVERED, RHYTHMS, Question, Topic
from tracker_tui.reconcile.interest import (
    EntryWanted,
    FilesWanted,
    FileWanted,
    HistoryWanted,
    Interest,
    ItemsWanted,
    LookKind,
    LookWanted,
    RequestWanted,
    TitleWanted,
)

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
REFS = {kind: InstanceRef(kind, kind.value) for kind in Kind}
NOTHING = Interest()


def moment(mono_s: float = 1000.0, *, moving: bool = False, limited: bool = True) -> Moment:
    return Moment(mono_s=mono_s, now=NOW, moving=moving, limited=limited)


def topics(kind: Kind, interest: Interest, asked: dict[Key, float], when: Moment) -> list[str]:
    return [question.topic.value for question in questions(REFS[kind], interest, asked, when)]


AT_REST: dict[Kind, dict[int, set[str]]] = {
    Kind.SONARR: {3: {"history"}, 15: {"history", "queue", "commands"}, 60: {"history", "queue", "commands", "health"}},
    Kind.RADARR: {3: {"history"}, 15: {"history", "queue", "commands"}, 60: {"history", "queue", "commands", "health"}},
    Kind.QBITTORRENT: {3: {"sync"}, 15: {"sync"}, 600: {"sync"}, 3600: {"sync", "identity"}},
    Kind.SHOKO: {15: {"state"}, 60: {"state"}, 600: {"state", "folders"}},
    Kind.JELLYFIN: {
        15: {"changes"},
        60: {"changes", "libraries", "tasks"},
        1800: {"changes", "libraries", "tasks", "shokofin", "library", "identity"},
    },
    Kind.SEERR: {
        15: {"counts"},
        60: {"counts", "active"},
        300: {"counts", "recent"},
        1800: {"counts", "identity", "recent"},
    },
}
"""Kind -> seconds since everything was asked -> what a tick asks when nothing is in flight. Where identity is asked,
Jellyfin's facts come along with it."""


@pytest.mark.parametrize(
    ("kind", "after_s", "expected"),
    [
        pytest.param(kind, after_s, expected, id=f"{kind} {after_s}s")
        for kind, rows in AT_REST.items()
        for after_s, expected in rows.items()
    ],
)
def test_the_call_budget_at_rest(kind: Kind, after_s: int, expected: set[str]) -> None:
    asked: dict[Key, float] = {(topic, ""): 1000.0 for topic in RHYTHMS[kind]}
    assert set(topics(kind, NOTHING, asked, moment(1000.0 + after_s))) == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_the_first_tick_asks_every_timed_question_once_or_another_that_holds_its_answer(kind: Kind) -> None:
    first = topics(kind, NOTHING, {}, moment(limited=False))
    held = COVERED.get(kind, {})
    assert first == [topic.value for topic in RHYTHMS[kind] if held.get(topic) not in first]
    assert first.count("recent") == (kind is Kind.SEERR)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_telling_question_is_put_at_every_tick_also_beside_one_that_tells_the_same(kind: Kind) -> None:
    telling = next(topic for topic, rhythm in RHYTHMS[kind].items() if rhythm.telling)
    assert topics(kind, NOTHING, {}, moment())[0] == telling


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_exactly_one_telling_question_asked_at_each_tick(kind: Kind) -> None:
    telling = [rhythm for rhythm in RHYTHMS[kind].values() if rhythm.telling]
    assert [(rhythm.active_s, rhythm.idle_s) for rhythm in telling] == [(0, 0)]


def test_while_jellyfin_matters_its_scan_state_is_asked_every_few_seconds() -> None:
    asked: dict[Key, float] = {(topic, ""): 1000.0 for topic in RHYTHMS[Kind.JELLYFIN]}
    assert set(topics(Kind.JELLYFIN, NOTHING, asked, moment(1006.0, moving=True))) == {"changes", "libraries", "tasks"}


def test_a_dirty_queue_is_read_at_once_but_not_at_every_look() -> None:
    ref = REFS[Kind.SONARR]
    interest = Interest(queue_wanted=frozenset({ref}))
    asked: dict[Key, float] = {(topic, ""): 1000.0 for topic in RHYTHMS[Kind.SONARR]}
    assert topics(Kind.SONARR, interest, asked, moment(1001.0)) == ["history"]
    assert topics(Kind.SONARR, interest, asked, moment(1004.0)) == ["history", "queue"]


def test_a_wish_does_not_repeat_what_the_timer_asks_anyway() -> None:
    interest = Interest(queue_wanted=frozenset({REFS[Kind.SONARR]}))
    assert topics(Kind.SONARR, interest, {}, moment()).count("queue") == 1


def entries(count: int, not_before: datetime | None = None) -> tuple[EntryWanted, ...]:
    ref = REFS[Kind.SONARR]
    return tuple(EntryWanted(ref=ref, id=number, since=NOW, not_before=not_before) for number in range(count))


def wanted_files(count: int, late_since: datetime | None = None) -> tuple[FileWanted, ...]:
    return tuple(FileWanted(path=f"/a/{number}.mkv", late_since=late_since) for number in range(count))


LIMITS = [
    pytest.param(Kind.SONARR, Interest(series=entries(50)), ITEMS_PER_TICK, id="series"),
    pytest.param(
        Kind.RADARR,
        Interest(movies=tuple(EntryWanted(ref=REFS[Kind.RADARR], id=n, since=NOW) for n in range(50))),
        ITEMS_PER_TICK,
        id="films",
    ),
    pytest.param(
        Kind.SONARR,
        Interest(history=tuple(HistoryWanted(ref=REFS[Kind.SONARR], id=n) for n in range(50))),
        ITEMS_PER_TICK,
        id="history of a series",
    ),
    pytest.param(
        Kind.JELLYFIN, Interest(jellyfin_series=tuple(f"{n:032x}" for n in range(50))), ITEMS_PER_TICK, id="episodes"
    ),
    pytest.param(
        Kind.SEERR,
        Interest(titles=tuple(TitleWanted(ref=REFS[Kind.SEERR], tmdb_id=n, is_movie=True) for n in range(50))),
        TITLES_PER_TICK,
        id="titles",
    ),
]


@pytest.mark.parametrize(("kind", "interest", "limit"), LIMITS)
def test_a_burst_of_wishes_is_spread_over_ticks_and_nobody_waits_for_ever(
    kind: Kind, interest: Interest, limit: int
) -> None:
    asked: dict[Key, float] = {}
    seen: list[str] = []
    for tick in range(50 // limit + 1):
        found = wishes(REFS[kind], interest, asked, moment(1000.0 + tick))
        assert len(found) <= limit
        seen += [question.key for question in found]
        asked.update({(question.topic, question.key): 1000.0 + tick for question in found})
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 50
    assert len(wishes(REFS[kind], interest, {}, moment(limited=False))) == 50


@pytest.mark.parametrize(("count", "a_minute"), [(1, 1), (6, 6), (30, 12)])
def test_whether_what_is_waited_for_still_exists_is_asked_within_a_minute_or_a_budget(
    count: int, a_minute: int
) -> None:
    ref = REFS[Kind.SONARR]
    interest = Interest(standing=entries(count))
    asked: dict[Key, float] = {}
    seen: list[str] = []
    for second in range(0, 1200, 3):
        found = wishes(ref, interest, asked, moment(1000.0 + second))
        asked.update({(one.topic, one.key): 1000.0 + second for one in found})
        seen += [one.key for one in found if second >= 600]
    assert 9 * a_minute <= len(seen) <= 11 * a_minute
    assert len(set(seen)) == count
    assert wishes(ref, interest, {}, moment(limited=False)) == (), "a snapshot reads the whole list"


def test_a_request_that_vanished_is_asked_for_by_its_number() -> None:
    ref = REFS[Kind.SEERR]
    wanted = RequestWanted(ref=ref, id=71, not_before=NOW + timedelta(seconds=30))
    assert wishes(ref, Interest(requests=(wanted,)), {}, moment()) == ()
    later = Moment(mono_s=1000.0, now=NOW + timedelta(seconds=30))
    (question,) = wishes(ref, Interest(requests=(wanted,)), {}, later)
    assert (question.topic, question.ids) == (Topic.REQUEST, (71,))


def test_file_lists_go_into_one_question_of_at_most_twenty() -> None:
    ref = REFS[Kind.QBITTORRENT]
    interest = Interest(torrent_files=tuple(FilesWanted(ref=ref, hash=f"{n:040x}") for n in range(30)))
    (question,) = wishes(ref, interest, {}, moment())
    assert len(question.keys) == FILES_PER_TICK


def test_file_lists_of_torrents_that_did_not_change_are_not_asked_again() -> None:
    ref = REFS[Kind.QBITTORRENT]
    interest = Interest(torrent_files=(FilesWanted(ref=ref, hash="a"), FilesWanted(ref=ref, hash="b")))
    asked: dict[Key, float] = {(Topic.FILES, "a"): 990.0, (Topic.FILES, "b"): 990.0}
    assert wishes(ref, interest, asked, moment()) == ()
    changed = Moment(mono_s=1000.0, now=NOW, changed_hashes=frozenset({"b", "unrelated"}))
    assert [question.keys for question in wishes(ref, interest, asked, changed)] == [("b",)]


def test_another_instance_does_not_ask_what_concerns_this_one() -> None:
    other = InstanceRef(Kind.SONARR, "4k")
    assert wishes(other, Interest(series=entries(3)), {}, moment()) == ()


def test_a_confirming_look_waits_for_its_time() -> None:
    ref = REFS[Kind.SONARR]
    early, due = (Interest(series=entries(1, NOW + timedelta(seconds=s))) for s in (30, 0))
    assert wishes(ref, early, {}, moment()) == ()
    assert len(wishes(ref, due, {}, moment())) == 1


@pytest.mark.parametrize(
    ("age", "moved", "pause_s"),
    [
        pytest.param(timedelta(minutes=1), True, 6, id="just imported, Shoko works"),
        pytest.param(timedelta(minutes=30), True, 15, id="for half an hour, Shoko works"),
        pytest.param(timedelta(hours=5), True, 60, id="for hours, Shoko works"),
        pytest.param(timedelta(minutes=1), False, 30, id="just imported, Shoko rests"),
        pytest.param(timedelta(minutes=30), False, 60, id="for half an hour, Shoko rests"),
        pytest.param(timedelta(hours=5), False, 120, id="for hours, Shoko rests"),
    ],
)
def test_the_longer_a_file_waits_for_shoko_and_the_less_shoko_does_the_rarer_it_is_looked_up(
    age: timedelta, moved: bool, pause_s: int
) -> None:
    ref = REFS[Kind.SHOKO]
    interest = Interest(shoko_files=wanted_files(1, NOW - age))
    asked: dict[Key, float] = {(Topic.LOOKUP, "/a/0.mkv"): 1000.0}
    news = {Topic.LOOKUP: 1001.0 if moved else 999.0}

    def at(mono_s: float) -> tuple[Question, ...]:
        return wishes(ref, interest, asked, Moment(mono_s=mono_s, now=NOW, news_s=news))

    assert at(1000.0 + pause_s - 1) == ()
    assert len(at(1000.0 + pause_s)) == 1


def test_look_ups_of_one_tick_are_one_question_without_repeats() -> None:
    interest = Interest(shoko_files=wanted_files(40) + wanted_files(40))
    (question,) = wishes(REFS[Kind.SHOKO], interest, {}, moment())
    assert len(question.paths) == len(set(question.paths)) == LOOKUPS_PER_TICK


def in_place(count: int, directory: str, folder: int = 1) -> tuple[FileWanted, ...]:
    return tuple(
        msgspec.structs.replace(one, path=f"/x/{directory}/{number}.mkv", shoko_place=(folder, directory))
        for number, one in enumerate(wanted_files(count))
    )


def test_the_waiting_files_of_one_directory_are_one_question() -> None:
    interest = Interest(shoko_files=in_place(13, "Show/Season 1") + in_place(2, "Film"))
    found = wishes(REFS[Kind.SHOKO], interest, {}, moment())
    assert [(question.place, len(question.paths)) for question in found] == [(None, 2), ((1, "Show/Season 1"), 13)]


@pytest.mark.parametrize("count", [1, 13, 200])
def test_however_many_files_wait_shoko_gets_no_more_questions_a_minute_than_declared(count: int) -> None:
    interest = Interest(shoko_files=wanted_files(count, NOW))
    asked: dict[Key, float] = {}
    put = 0
    for second in range(0, 720, 3):
        at = Moment(mono_s=1000.0 + second, now=NOW, news_s={Topic.LOOKUP: 1000.0 + second})
        for question in wishes(REFS[Kind.SHOKO], interest, asked, at):
            asked.update({(Topic.LOOKUP, path): at.mono_s for path, _ in question.paths})
            put += len(question.paths) if second >= 120 else 0
    assert len(asked) == count
    assert 0 < put <= LOOKUPS_PER_MINUTE * 10


def test_looks_at_the_file_system_of_jellyfin_are_few_and_a_scan_or_a_user_makes_them_due() -> None:
    ref = REFS[Kind.JELLYFIN]
    wanted = [LookWanted(ref=ref, path=f"/a/{n}.mkv", kind=LookKind.FILE) for n in range(3)]
    wanted += [LookWanted(ref=ref, path="/a", kind=kind) for kind in (LookKind.FOLDER, LookKind.INVENTORY)]
    wanted += [LookWanted(ref=ref, path=f"/vfs/{n}", kind=LookKind.LISTING) for n in range(3)]
    asked: dict[Key, float] = {}
    put: list[Question] = []
    for second in range(0, 3600, 3):
        now = Moment(mono_s=1000.0 + second, now=NOW)
        tick = [one for one in wishes(ref, Interest(looks=tuple(wanted)), asked, now) if one.topic is Topic.LOOK]
        assert len(tick) <= LOOKS_PER_TICK
        asked.update({(one.topic, one.key): now.mono_s for one in tick})
        put += tick
    assert len(put) == 7 * 12 + 2, "what is read of a late season costs Jellyfin less than two calls a minute"
    told = Moment(mono_s=4600.0, now=NOW, news_s={Topic.LOOK: 4599.5})
    assert len(wishes(ref, Interest(looks=tuple(wanted)), asked, told)) == LOOKS_PER_TICK


def test_a_missing_item_is_asked_for_by_its_ids() -> None:
    ref = REFS[Kind.JELLYFIN]
    interest = Interest(jellyfin_items=(ItemsWanted(ref=ref, item_ids=("aa", "bb")),))
    (question,) = wishes(ref, interest, {}, moment())
    assert (question.topic, question.keys) == (Topic.PROBE, ("aa", "bb"))


def test_episodes_are_read_again_when_a_scan_has_ended_since() -> None:
    interest = Interest(jellyfin_series=("aa",))
    asked: dict[Key, float] = {(Topic.EPISODES, "aa"): 1000.0}
    for told_s, count in ((999.0, 0), (1001.0, 1)):
        at = Moment(mono_s=1002.0, now=NOW, news_s={Topic.EPISODES: told_s})
        assert len(wishes(REFS[Kind.JELLYFIN], interest, asked, at)) == count


def shoko_state(jobs: int | None) -> ShokoStateRead:
    return ShokoStateRead(server=ShokoServer(), queue=ShokoQueue(total=jobs) if jobs is not None else None)


def scan_ended(at: datetime | None) -> TasksRead:
    return TasksRead(tasks=(ScheduledTask(id="1", key=SafeText("RefreshLibrary"), last_ended_at=at),))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, scan_ended(NOW), set(), id="the first look stirs nothing"),
        pytest.param(scan_ended(NOW), scan_ended(NOW), set(), id="no scan ended"),
        pytest.param(
            scan_ended(None),
            scan_ended(NOW),
            {Topic.LIBRARY, Topic.LIBRARIES, Topic.EPISODES, Topic.LOOK},
            id="a scan ended",
        ),
        pytest.param(
            RequestCountsRead(counts=SeerrCounts(total=1)),
            RequestCountsRead(counts=SeerrCounts(total=2)),
            {Topic.ACTIVE, Topic.RECENT},
            id="a new request",
        ),
        pytest.param(shoko_state(3), shoko_state(3), set(), id="Shoko's queue stands"),
        pytest.param(shoko_state(3), shoko_state(2), {Topic.LOOKUP}, id="Shoko's queue moves"),
        pytest.param(shoko_state(None), shoko_state(None), {Topic.LOOKUP}, id="Shoko shows no queue"),
    ],
)
def test_what_an_answer_makes_due(before: Payload | None, after: Payload, expected: set[Topic]) -> None:
    assert stirs(before, after) == expected


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SEERR])
def test_three_seconds_while_something_moves_fifteen_otherwise(kind: Kind) -> None:
    assert [Cadence().interval(kind, moving=moving) for moving in (True, False)] == [3.0, 15.0]


def test_back_off_doubles_to_a_minute_and_is_jittered() -> None:
    assert [back_off(n, 3.0, 0.5) for n in range(1, 8)] == [3, 6, 12, 24, 48, 60, 60]
    assert back_off(1, 3.0, 0.0) < back_off(1, 3.0, 1.0)
    assert back_off(10_000, 3.0, 1.0) == 60


@pytest.mark.parametrize(
    ("status", "failures", "retry_after_s", "expected"),
    [
        pytest.param(ServiceStatus.UNAUTHORIZED, 1, None, 60, id="a refused key is tried once a minute"),
        pytest.param(ServiceStatus.UNREACHABLE, 1, None, 3, id="a first failure is soon forgotten"),
        pytest.param(ServiceStatus.STARTING, 1, 20, 20, id="the server's own time is kept"),
        pytest.param(ServiceStatus.STARTING, 1, 86_400, 300, id="within reason"),
    ],
)
def test_waiting_after_a_failure(
    status: ServiceStatus, failures: int, retry_after_s: int | None, expected: float
) -> None:
    wait = wait_after_failure(status, failures=failures, base_s=3.0, jitter=0.5, retry_after_s=retry_after_s)
    assert wait == pytest.approx(expected)

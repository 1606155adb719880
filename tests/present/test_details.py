"""The details of a row begin with where, why and what next, whatever row of a request it is."""

from datetime import UTC

import pytest
from msgspec.structs import replace

from tests.tui.worlds import NOON, matching, pack, stuck
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, Flag, State
from tracker_tui.model.world import Phrase, Problem, RequestRow, TimelineEntry, World
from tracker_tui.present.details import Moment, details
from tracker_tui.present.history import history_lines
from tracker_tui.present.rows import Fold, Row

AT = Moment(NOON, UTC)
MAPPED = Phrase(code=Clause.SAID, text="library not mapped in Shokofin")
UNMAPPED = Problem(
    kind=Kind.JELLYFIN, diagnosis=replace(stuck("VFS_UNMAPPED", "mapped to nothing", "map it"), phrase=MAPPED)
)
HELD_UP = replace(matching(), phrases=(MAPPED,), diagnoses=(), flags=(Flag.STALE,), eta_watchable_s=(900, 1800))


def texts(row: Row, *problems: Problem) -> list[str]:
    return [one.text for one in details(row, AT, problems=problems)]


def row_of(request: RequestRow, item: object) -> Row:
    return Row("key", None, 1, item, request)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["request", "season", "episode"])
def test_a_common_cause_and_its_next_step_come_right_after_the_state(part: str) -> None:
    season = HELD_UP.seasons[0]
    item = {"request": HELD_UP, "season": season, "episode": season.episodes[0]}[part]
    where, _, why, what_next = texts(row_of(HELD_UP, item), UNMAPPED)[:4]
    assert where.startswith("Lycoris Recoil (2022)")
    assert (why, what_next) == ("! mapped to nothing", "→ map it")


def test_what_concerns_a_request_is_not_said_of_an_episode_that_is_ready() -> None:
    episode = replace(HELD_UP.seasons[0].episodes[0], state=State.AVAILABLE, attention=Attention.NONE)
    assert "! mapped to nothing" not in texts(row_of(HELD_UP, episode), UNMAPPED)


def test_what_only_informs_stands_below_when_it_is_watchable() -> None:
    told = replace(HELD_UP, diagnoses=(stuck("SLOW", "it takes long", "wait", Attention.INFO),))
    found = texts(row_of(told, told), UNMAPPED)
    assert found[1].endswith(" · old data")
    order = ["! mapped to nothing", "Watchable in 15 to 30 min", "i it takes long"]
    assert [one for one in found if one in order] == order


def test_unaired_episodes_that_stand_together_are_listed_with_their_dates() -> None:
    season = pack().seasons[1]
    fold = Fold(State.UNAIRED, episodes=season.episodes[-2:])
    assert texts(row_of(pack(), fold))[1:] == ["S02E07  airs 31 Jan 12:00", "S02E08  airs 1 Feb 12:00"]


def test_of_events_in_the_same_second_the_later_one_stands_higher() -> None:
    entries = tuple(
        TimelineEntry(at=NOON, state=State.GRABBING, service=Kind.SONARR, text=text) for text in ("Grabbed", "Imported")
    )
    world = World(generated_at=NOON, requests=(replace(pack(), timeline=entries),))
    shown = [one.text for one in history_lines(world, AT, len)]
    assert [("Imported" in one, "Grabbed" in one) for one in shown[1:]] == [(True, False), (False, True)]

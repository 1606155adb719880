"""The tree's rows: groups, order, folding, unique keys (SPEC 8, 2.1.11)."""

from itertools import product

import pytest
from msgspec.structs import replace

from tests.tui.worlds import NOON, film, household, matching, pack, services
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import EpisodeRow, SeasonRow, World
from tracker_tui.present.outline import Outline
from tracker_tui.present.rows import Fold, Row, Sort, View, group_of
from tracker_tui.reconcile import assemble

FRIEREN = "seerr:seerr:75"


def rows(world: World, view: View) -> list[Row]:
    outline = Outline()
    outline.update(world, view)
    return outline.rows


def keys(found: list[Row]) -> list[str]:
    return [row.key for row in found]


def opened(*names: str) -> View:
    return View(opened=dict.fromkeys(names, True))


def world_of(*requests: object) -> World:
    return assemble.assemble(requests, (), (), services(), NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "attention"), list(product(State, Attention)))
def test_groups_are_those_of_the_worlds_order(state: State, attention: Attention) -> None:
    row = film(1, state, attention=attention)
    assert group_of(row) == assemble.group_of(row)


def test_groups_stand_in_order_and_nothing_is_empty() -> None:
    found = [row.key for row in rows(household(), View()) if row.depth == 0]
    assert found == ["group:problems", "group:attention", "group:in_progress", "group:waiting", "group:recent"]
    assert keys(rows(world_of(film(1, State.REQUESTED)), View())) == ["group:waiting", "seerr:seerr:1"]


def test_finished_seasons_and_unaired_episodes_are_folded_under_their_words() -> None:
    found = rows(world_of(pack()), opened(FRIEREN, f"{FRIEREN}/s2"))
    assert keys(found)[1:] == [
        FRIEREN,
        f"{FRIEREN}/finished",
        f"{FRIEREN}/s2",
        *(f"{FRIEREN}/s2/e{number}" for number in range(1, 7)),
        f"{FRIEREN}/s2/unaired",
    ]
    folds = [row.item for row in found if isinstance(row.item, Fold)]
    assert [len(fold.seasons) or len(fold.episodes) for fold in folds] == [1, 2]


def test_a_fold_opens() -> None:
    view = opened(FRIEREN, f"{FRIEREN}/finished", f"{FRIEREN}/s1", f"{FRIEREN}/s2", f"{FRIEREN}/s2/unaired")
    found = keys(rows(world_of(pack()), view))
    assert {f"{FRIEREN}/s1", f"{FRIEREN}/s1/e1", f"{FRIEREN}/s2/e8"} <= set(found)


def test_a_finished_season_that_wants_somebody_is_not_hidden() -> None:
    seasons = tuple(replace(one, attention=Attention.WARN) for one in pack().seasons)
    found = keys(rows(world_of(replace(pack(), seasons=seasons)), opened(FRIEREN)))
    assert f"{FRIEREN}/finished" not in found
    assert f"{FRIEREN}/s1" in found


def test_a_muted_request_stands_where_it_would_without_its_warning() -> None:
    found = rows(world_of(matching()), View(muted=frozenset({matching().id})))
    assert keys(found) == ["group:in_progress", matching().id]


def test_keys_are_unique_even_where_numbers_are_not() -> None:
    twice = tuple(EpisodeRow(season=1, number=1, state=State.PENDING, counted=True) for _ in range(3))
    season = SeasonRow(number=1, state=State.PENDING, ready=0, total=3, episodes=twice)
    row = replace(pack(), seasons=(season,))
    found = keys(rows(world_of(row), opened(FRIEREN)))
    assert len(set(found)) == len(found) == 5


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.NEWEST, ["1", "2", "3"]), (Sort.OLDEST, ["3", "2", "1"]), (Sort.TITLE, ["3", "1", "2"])],
    ids=str,
)
def test_sorting_stays_within_groups(sort: Sort, order: list[str]) -> None:
    requests = [film(number, State.APPROVED, title=title) for number, title in ((1, "b"), (2, "C"), (3, "a"))]
    found = rows(world_of(*requests), View(sort=sort))
    assert [row.key.rpartition(":")[2] for row in found[1:]] == order


@pytest.mark.parametrize(
    ("view", "count"),
    [
        (View(filter="film 1"), 2),
        (View(filter="MIA"), 1),
        (View(filter="sonarr"), 1),
        (View(filter="mia downloading journey"), 1),
        (View(filter="downloading"), 2),
        (View(states=frozenset({State.FAILED, State.AVAILABLE})), 2),
        (View(only_attention=True), 2),
        (View(filter="x", only_attention=True), 0),
    ],
    ids=["text", "requester", "service", "words", "state", "states", "attention", "nothing"],
)
def test_filters(view: View, count: int) -> None:
    outline = Outline()
    outline.update(household(), view)
    assert outline.chosen == count


@pytest.mark.parametrize(
    ("view", "there"),
    [
        (View(filter="signalr"), True),
        (View(filter="jellyfin anime"), True),
        (View(filter="radarr"), False),
        (View(only_attention=True), True),
        (View(states=frozenset({State.FAILED})), False),
    ],
    ids=["code", "place", "another service", "attention", "states"],
)
def test_problems_pass_the_filters_that_speak_of_them(view: View, there: bool) -> None:
    assert ("group:problems" in keys(rows(household(), view))) is there

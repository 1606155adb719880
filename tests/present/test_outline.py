"""An outline that is kept up to date shows what one made afresh would show, and works only for what changed."""

import random

import pytest
from msgspec.structs import replace

from tests.tui.worlds import FILM_STATES, film, household, minutes, pack, with_row, without
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import RequestRow, World
from tracker_tui.present.outline import Outline
from tracker_tui.present.rows import Row, Sort, View
from tracker_tui.reconcile.assemble import assemble

MANY = 500


def afresh(world: World, view: View) -> Outline:
    outline = Outline()
    outline.update(world, view)
    return outline


def series(number: int) -> RequestRow:
    return replace(pack(), id=f"seerr:a/b:{number}", requested_at=minutes(1000 + number), attention=Attention.NONE)


def many() -> World:
    return assemble([series(number) for number in range(MANY)], (), (), (), household().generated_at)


def _changed(world: World, chance: random.Random) -> World:
    """Let something happen to some row."""
    row = chance.choice(world.requests)
    what = chance.randrange(7)
    if what == 0 and len(world.requests) > 3:
        return without(world, row.id)
    if what == 1:
        return with_row(world, film(chance.randrange(40), chance.choice(FILM_STATES)))
    if what == 2:
        return with_row(world, replace(row, state=chance.choice(list(State))))
    if what == 3:
        return with_row(world, replace(row, attention=chance.choice(list(Attention))))
    if what == 4:
        return with_row(world, replace(row, title=chance.choice(("Zeta", "alpha", "Film 7"))))
    if what == 5:
        return replace(world, problems=world.problems[: chance.randrange(2)])
    return with_row(world, replace(row, progress=chance.random(), seasons=row.seasons[: chance.randrange(4)]))


def _turned(view: View, world: World, outline: Outline, chance: random.Random) -> View:
    """Let the user do something."""
    what = chance.randrange(6)
    if what == 0:
        row: Row = chance.choice(outline.rows) if outline.rows else Row("group:waiting", None, 0, world.requests[0])
        return replace(view, opened={**view.opened, row.key: not row.open})
    if what == 1:
        return replace(view, filter=chance.choice(("", "film", "A")))
    if what == 2:
        return replace(view, sort=chance.choice(list(Sort)))
    if what == 3:
        return replace(view, muted=view.muted ^ {chance.choice(world.requests).id})
    if what == 4:
        return replace(view, only_attention=chance.random() < 0.2)
    return replace(
        view, states=frozenset({State.APPROVED, State.DOWNLOADING}) if chance.random() < 0.2 else frozenset()
    )


@pytest.mark.parametrize("seed", range(8))
def test_kept_up_to_date_it_equals_one_made_afresh(seed: int) -> None:
    chance = random.Random(seed)
    world, view, outline = household(), View(), Outline()
    for _ in range(150):
        outline.update(world, view)
        fresh = afresh(world, view)
        assert outline.rows == fresh.rows
        assert outline.chosen == fresh.chosen
        assert [outline.place(row.key) for row in outline.rows] == list(range(len(outline.rows)))
        if chance.random() < 0.7:
            world = _changed(world, chance)
        else:
            view = _turned(view, world, outline, chance)


def test_a_tick_makes_the_rows_of_what_changed() -> None:
    world, view, outline = many(), View(), Outline()
    assert outline.update(world, view)
    assert outline.made == MANY
    before = outline.rows
    for number in (3, 77):
        world = with_row(world, replace(series(number), progress=0.5))
    assert not outline.update(world, view), "nothing came, went or moved"
    assert outline.made == MANY + 2
    assert outline.rows is before, "the list itself is not made again"
    assert not outline.update(replace(world, services=()), view)
    assert outline.made == MANY + 2


def test_a_request_that_moves_leaves_the_others_as_they_are() -> None:
    world, view, outline = many(), View(), Outline()
    outline.update(world, view)
    assert outline.update(with_row(world, replace(series(9), attention=Attention.WARN)), view)
    assert outline.made == MANY + 1


@pytest.mark.parametrize(
    ("view", "more"),
    [
        (View(opened={"seerr:a/b:5": True}), 1),
        (View(opened={"seerr:a/b:5/s2": True, "seerr:a/b:6": True}), 2),
        (View(filter="frieren"), 0),
        (View(filter="nobody has this"), 0),
        (View(sort=Sort.TITLE), 0),
    ],
    ids=["one unfolded", "two unfolded", "filter that all pass", "filter that none passes", "sorted"],
)
def test_a_key_press_makes_the_rows_of_what_it_touches(view: View, more: int) -> None:
    world, outline = many(), Outline()
    outline.update(world, View())
    outline.update(world, view)
    assert outline.made == MANY + more
    outline.update(world, View())
    assert outline.made <= MANY + 2 * more


def test_what_is_not_unfolded_has_no_place() -> None:
    outline = afresh(many(), View(opened={"seerr:a/b:5": True}))
    assert outline.place("seerr:a/b:5/s2") is not None
    assert outline.place("seerr:a/b:6/s2") is None
    assert outline.place("seerr:other:1") is None

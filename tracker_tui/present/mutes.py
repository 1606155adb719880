"""What the user does not want to hear of: single rows, and warnings by their code wherever they stand.

Muted rows stay listed and say so; they neither notify nor count as wanting attention.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracker_tui.model.record import Fact
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Problem, RequestRow, World
from tracker_tui.present.cells import titled
from tracker_tui.present.rows import Row, problem_key
from tracker_tui.present.verdicts import causes, diagnoses


class Mutes(Fact):
    """`rows`: key of a request or problem -> its title, so that it can be named when it is gone; `codes`: warnings."""

    rows: Mapping[str, str] = {}
    codes: tuple[str, ...] = ()

    def with_row(self, key: str, title: str) -> "Mutes":
        """Return the same with a row muted, or heard of again."""
        rows = {one: words for one, words in self.rows.items() if one != key}
        return Mutes(rows=rows if key in self.rows else {**rows, key: title}, codes=self.codes)

    def with_code(self, code: str) -> "Mutes":
        """Return the same with a warning muted, or heard of again."""
        codes = tuple(one for one in self.codes if one != code)
        return Mutes(rows=self.rows, codes=codes if code in self.codes else (*codes, code))


class MuteChoice(NamedTuple):
    """One thing that can be muted or heard of again, and what is muted then."""

    words: str
    then: Mutes


def mute_choices(row: Row | None, mutes: Mutes, world: World) -> list[MuteChoice]:
    """Return what can be muted of `row`: itself, its warnings; then everything else that is muted, to hear of it."""
    here: dict[str, str] = {}
    codes: tuple[str, ...] = ()
    if row is not None and isinstance(row.item, Problem):
        here = {row.key: ", ".join(row.item.place)}
        codes = (row.item.diagnosis.code,)
    elif row is not None and row.request is not None:
        here = {row.request.id: titled(row.request)}
        codes = warnings(row.request, world.problems)
    return [
        *(MuteChoice(f"{_verb(key in mutes.rows)} {title}", mutes.with_row(key, title)) for key, title in here.items()),
        *(MuteChoice(f"{_verb(code in mutes.codes)} every {code}", mutes.with_code(code)) for code in codes),
        *(
            MuteChoice(f"{_verb(True)} {title}", mutes.with_row(key, title))
            for key, title in mutes.rows.items()
            if key not in here
        ),
        *(
            MuteChoice(f"{_verb(True)} every {code}", mutes.with_code(code))
            for code in mutes.codes
            if code not in codes
        ),
    ]


def _verb(muted: bool) -> str:
    return "Hear again of" if muted else "Mute"


def muted_keys(world: World, mutes: Mutes) -> frozenset[str]:
    """Return the keys of all rows that are silent: muted themselves, or every one of their warnings is."""
    found = set(mutes.rows)
    if mutes.codes:
        silent = set(mutes.codes)
        found.update(problem_key(one) for one in world.problems if one.diagnosis.code in silent)
        wanting = (row for row in world.requests if row.attention >= Attention.WARN)
        found.update(row.id for row in wanting if (codes := warnings(row, world.problems)) and silent.issuperset(codes))
    return frozenset(found)


def warnings(row: RequestRow, problems: Sequence[Problem]) -> tuple[str, ...]:
    """Return the codes of a request's warnings, its seasons', its episodes' and those of common causes it names."""
    found = (*diagnoses(row), *causes(row, problems))
    return tuple(dict.fromkeys(one.code for one in found if one.attention >= Attention.WARN))

"""Each service x each fault on the running program; the whole matrix is run once, in processes of its own.

What breaks there is tried once more by itself: the cells measure real time, beside whatever else the machine does.
"""

import pytest

from tests.hardness import matrix
from tests.hardness.afflictions import CELLS
from tests.hardness.matrix import Outcome
from tracker_tui.model.ids import Kind


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, Kind], Outcome]:
    found = {(one.affliction, one.kind): one for one in matrix.run()}
    for name, kind in [cell for cell, one in found.items() if one.faults]:
        (found[name, kind],) = matrix.run((kind,), (name,))
    return found


@pytest.mark.parametrize(("affliction", "kind"), CELLS, ids=[f"{kind.value}-{name}" for name, kind in CELLS])
def test_the_program_is_whole_after(outcomes: dict[tuple[str, Kind], Outcome], affliction: str, kind: Kind) -> None:
    outcome = outcomes[affliction, kind]
    assert not outcome.faults, outcome

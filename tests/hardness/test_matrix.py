"""Each service x each fault on the running program; the whole matrix is run once, in processes of its own."""

import os

import pytest

from tests.hardness import matrix
from tests.hardness.afflictions import CELLS
from tests.hardness.matrix import Outcome
from tracker_tui.model.ids import Kind

pytestmark = pytest.mark.skipif(
    "TRACKER_TUI_MATRIX" not in os.environ,
    reason="minutes of real time: TRACKER_TUI_MATRIX=1, or `python -m tests.hardness matrix`",
)


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, Kind], Outcome]:
    return {(one.affliction, one.kind): one for one in matrix.run()}


@pytest.mark.parametrize(("affliction", "kind"), CELLS, ids=[f"{kind.value}-{name}" for name, kind in CELLS])
def test_the_program_is_whole_after(outcomes: dict[tuple[str, Kind], Outcome], affliction: str, kind: Kind) -> None:
    outcome = outcomes[affliction, kind]
    assert not outcome.faults, outcome

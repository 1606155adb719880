"""Random stories of a household, told to the running program over HTTP: whatever happens, no law is broken.

More of them: `python -m tests.endtoend.stories --seeds 500`.
"""

from pathlib import Path

import pytest

from tests.endtoend.stories.telling import Telling

SEEDS = (2, 7)
STEPS = 8


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_story_breaks_a_law(seed: int, tmp_path: Path) -> None:
    telling = Telling(seed, tmp_path)
    await telling.told(STEPS)
    assert len(telling.tale.told) >= STEPS

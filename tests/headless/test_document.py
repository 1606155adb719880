"""The JSON document of the demo at three moments of its story: valid, simulated, and a different world each time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.endtoend.stage import Look
from tracker_tui.simulate.demo import AT, SPEED_OF

MOMENTS = (0, 600, 1500)
"""Simulated seconds into the story."""


def told_at(moment: int) -> Look:
    done = subprocess.run(
        [sys.executable, "-m", "tracker_tui", "--demo", "--once", "--json"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, AT: str(moment), SPEED_OF: "0"},
    )
    assert "simulated" in done.stderr
    return Look(json.loads(done.stdout), done.returncode)


def test_the_demo_tells_another_world_at_each_moment() -> None:
    looks = [told_at(moment) for moment in MOMENTS]
    for look in looks:
        assert look.content["simulated"] is True
        assert len(look.rows) >= 8
        assert look.code in {1, 3}, "there is always something to look at"
    states = [{title: row["state"] for title, row in look.rows.items()} for look in looks]
    assert states[0] != states[1] != states[2]
    ready = [look.content["counts"]["ready"] for look in looks]
    assert ready == sorted(ready)
    assert ready[0] < ready[-1], "what is on its way arrives"
    assert [look.content["generated_at"] for look in looks] == [
        "2026-01-25T12:00:00Z",
        "2026-01-25T12:10:00Z",
        "2026-01-25T12:25:00Z",
    ]

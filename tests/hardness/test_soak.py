"""A short soak: some hours with random faults leave nothing behind. The long one: `python -m tests.hardness soak`."""

from datetime import timedelta

from tests.hardness import soak


def test_hours_of_faults_leave_nothing_behind() -> None:
    result = soak.run(minutes=0.3, seed=11, day=timedelta(hours=3))
    assert result.outages > 3
    assert result.faults == [], result.text()

"""A refresh that works, in every version of the plugin; and ones that cannot."""

from pathlib import Path

from tests.remedies.house import LYCORIS_RECOIL, Desk, House
from tracker_tui.remedies.events import Ending, Step
from tracker_tui.remedies.proposal import Scope


async def test_thirteen_missing_episodes_appear(any_house: House, journal: Path) -> None:
    desk = Desk(any_house, journal)
    assert any_house.shown() == 0
    proposal = await desk.proposal()
    assert (proposal.scope, proposal.library, proposal.shokofin) == (Scope.LIBRARY, "Anime Shows", True)
    assert [(one.ready, one.total, one.waiting) for one in proposal.stakes] == [(0, 13, 13)]
    assert any_house.posts() == []  # a proposal only reads

    steps, end = await desk.carry_out(proposal)
    assert (end.ending, end.new) == (Ending.VERIFIED, 13)
    assert end.text == "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new"
    assert any_house.shown() == 13
    assert [step.step for step in steps][:3] == [Step.CHECKING, Step.CLEARING, Step.ASKING]
    assert any(step.step is Step.REFRESHING and step.fraction for step in steps)
    assert any_house.refreshes() == [f"/Items/{proposal.library_id}/Refresh"]
    await desk.aclose()
    assert (await any_house.row(LYCORIS_RECOIL)).ready == 13

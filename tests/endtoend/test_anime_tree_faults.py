"""The anime decision tree with each of its questions unanswerable: it says so, falls back, blames nobody wrongly."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.endtoend.stage import Look, Stage
from tests.endtoend.test_anime_tree import Happens, Reading, done, hidden, late, then
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.faults import Fault

QUESTIONS = {
    "0 state": (Kind.SHOKO, "/api/v3/Init/Status"),
    "1 look-up": (Kind.SHOKO, "/api/v3/File/PathEndsWith"),
    "3 queue": (Kind.SHOKO, "/api/v3/Queue$"),
    "4 folders": (Kind.SHOKO, "/api/v3/ImportFolder"),
    "6 connectivity": (Kind.SHOKO, "/api/v3/Init/Connectivity"),
    "6 bans": (Kind.SHOKO, "/api/v3/AniDB/BanStatus"),
    "8 items": (Kind.JELLYFIN, "/Items"),
    "9 tasks": (Kind.JELLYFIN, "/ScheduledTasks"),
    "9, 10 libraries": (Kind.JELLYFIN, "/Library/VirtualFolders"),
    "10 plugins": (Kind.JELLYFIN, "/Plugins$"),
    "11 plugin's way to Shoko": (Kind.JELLYFIN, "/Shokofin/Host/Version"),
    "12 mapping": (Kind.JELLYFIN, "/Plugins/5216ccbfd24a4eb38a7e7da4230b7052/Configuration"),
    "15 paths": (Kind.JELLYFIN, "/Environment/ValidatePath"),
    "16 series": (Kind.SHOKO, "/api/v3/Series/12$"),
    "16 episodes": (Kind.SHOKO, "/api/v3/Series/12/Episode"),
    "19 connection": (Kind.JELLYFIN, "/Shokofin/SignalR/Status"),
    "21 listings": (Kind.JELLYFIN, "/Environment/DirectoryContents"),
}
FAULTS = {
    "an older version": Fault.STATUS_404,
    "forbidden": Fault.STATUS_403,
    "broken": Fault.STATUS_500,
    "another shape": Fault.WRONG_TYPES,
}
HONEST = {"PARTLY_SILENT", "SERVICE_DOWN", "AUTH_FAILED"}
FALLBACK = {"VFS_MISSING_ENTRY", "STUCK"}
"""Nothing is known that forbids it; it lasts, and whether it is there is not known."""


class Truth(NamedTuple):
    """What really is the matter, the code that says so, and in which ways questions fail meanwhile."""

    after: Happens
    code: str
    faults: tuple[str, ...]


TRUTHS = {
    "nothing forbids it": Truth(done, "VFS_MISSING_ENTRY", tuple(FAULTS)),
    "hidden": Truth(then(done, hidden), "VFS_HIDDEN", ("broken",)),
}


@pytest.fixture(scope="module", params=TRUTHS)
def late_stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Stage, Truth]]:
    stage = Stage(tmp_path_factory.mktemp("stage"))
    late(stage, Reading(request.param, {}, after=TRUTHS[request.param].after))
    yield stage, TRUTHS[request.param]
    stage.close()


_numbers = count()


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_cannot_be_asked_is_said_and_misleads_nobody(
    late_stage: tuple[Stage, Truth], question: str, tmp_path: Path
) -> None:
    stage, truth = late_stage
    kind, path = QUESTIONS[question]
    service = stage.household.services[kind]
    for why in truth.faults:
        fault = FAULTS[why]
        stage.store_path = tmp_path / f"{next(_numbers)}.json"  # nothing is remembered from before
        service.faults = {path: fault}
        try:
            look = await stage.look()
        finally:
            service.faults = {}
        codes = set(look.verdicts()) | {one["code"] for one in look.content["problems"]}
        allowed = {truth.code} | FALLBACK | HONEST
        if (question, fault) == ("11 plugin's way to Shoko", Fault.STATUS_500):
            allowed |= {"SHOKOFIN_NO_SHOKO"}  # that is how the plugin says so
        assert codes <= allowed, (why, codes)
        assert set(look.states()) == {"ANIME_MATCHING"}, why
        assert truth.code in codes or is_honest(look), (why, codes)


def is_honest(look: Look) -> bool:
    """Return whether it is said what could not be read, or a service says of itself why it tells nothing."""
    if {one["code"] for one in look.content["problems"]} & {*HONEST, "SHOKOFIN_NO_SHOKO"}:
        return True
    seen = [one for diagnosis in look.diagnoses().values() for one in diagnosis["evidence"]]
    return any("could not be read" in (one["fact"], one["value"]) for one in seen)

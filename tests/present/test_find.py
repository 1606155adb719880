"""What a request is found by: whatever a user may know of it."""

import pytest
from msgspec.structs import replace

from tests.tui.worlds import matching, pack, stuck
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import Phrase, Problem, Release, RequestIds, RequestRow
from tracker_tui.present.find import mentions

FRIEREN = replace(
    pack(),
    counts=((State.AVAILABLE, 2), (State.DOWNLOADING, 5), (State.GRABBING, 1)),
    releases=(Release(id="3f", client=InstanceRef(Kind.QBITTORRENT, "seedbox")),),
    ids=RequestIds(sonarr=(("sonarr", 23), ("uhd", 4)), shoko_series=(12,), jellyfin=("af01",)),
)


@pytest.mark.parametrize(
    "text",
    [
        *("frieren", "FRIEREN", "beyond journey", "sousou no", "葬送の", "ﾌﾘｰﾚﾝ"),
        *("mia", "downloading", "grabbed", "downloading mia"),
        *("seerr", "sonarr", "uhd", "qbittorrent", "seedbox", "shoko", "jellyfin"),
    ],
)
def test_a_request_is_found_by_title_requester_state_and_service(text: str) -> None:
    assert mentions(FRIEREN, text)


@pytest.mark.parametrize("text", ["ready", "radarr", "matching", "frieren kim"])
def test_what_is_not_its_own_does_not_find_it(text: str) -> None:
    assert not mentions(FRIEREN, text)


def held_up_by(problem: Phrase) -> RequestRow:
    return replace(matching(), phrases=(problem,), diagnoses=())


@pytest.mark.parametrize("text", ["VFS_MISSING_ENTRY", "vfs missing", "missing_entry", "jellyfin"])
def test_a_request_is_found_by_what_is_wrong_with_it(text: str) -> None:
    assert mentions(matching(), text)
    assert not mentions(replace(matching(), diagnoses=()), text)


def test_a_request_is_found_by_a_cause_it_shares_with_others() -> None:
    phrase = Phrase(code=Clause.SAID, text="library not mapped in Shokofin")
    verdict = replace(stuck("VFS_UNMAPPED", "mapped to nothing", "map it"), phrase=phrase)
    problem = Problem(kind=Kind.JELLYFIN, diagnosis=verdict)
    assert mentions(held_up_by(phrase), "unmapped", (problem,))
    assert not mentions(held_up_by(phrase), "unmapped")
    assert not mentions(matching(), "unmapped", (problem,))


def test_anime_that_waits_for_shoko_is_shokos() -> None:
    assert mentions(replace(matching(), diagnoses=(), attention=Attention.NONE), "shoko")

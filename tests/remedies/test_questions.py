"""The expensive question: what is asked for which row, what it tells, when it is refused; no secret, no change."""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.remedies.house import HARBOR_LIGHTS, LYCORIS_RECOIL, House
from tracker_tui.model.answers import Answer, FolderSeen, WouldLink
from tracker_tui.model.arr import ReleaseSearch
from tracker_tui.present.answers import answer_lines, answer_title
from tracker_tui.remedies.proposal import Refusal, Why
from tracker_tui.remedies.questions import Meant, Question, Questions
from tracker_tui.simulate.arr.records import Release
from tracker_tui.simulate.arr.wire import SECRET
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.simulate.household.titles import Wanted
from tracker_tui.simulate.server import SimHost

QUALITY, SIZE = "SDTV is not wanted in profile", "12.3 GB is larger than maximum allowed 4.0 GB"


@pytest.fixture
async def questions(house: House) -> AsyncIterator[Questions]:
    one = Questions(house.settings)
    yield one
    await one.aclose()


async def question(questions: Questions, house: House, wanted: Wanted, place: Meant = None) -> Question:
    found = await questions.propose(await house.row(wanted), place)
    assert isinstance(found, Question), found
    return found


async def refusal(questions: Questions, house: House, wanted: Wanted) -> Refusal:
    found = await questions.propose(await house.row(wanted))
    assert isinstance(found, Refusal), found
    return found


async def answer(questions: Questions, asked: Question) -> Answer:
    found = await questions.ask(asked)
    assert isinstance(found, Answer), found
    return found


def text(found: Answer) -> str:
    return "\n".join([answer_title(found), *(one.text for one in answer_lines(found))])


def wants_a_film(house: House) -> None:
    house.home.request(HARBOR_LIGHTS, by="mia")
    house.home.approve(HARBOR_LIGHTS)
    house.home.arr_adds(HARBOR_LIGHTS)


async def test_a_wanted_film_is_searched_for_by_hand(house: House, questions: Questions) -> None:
    wants_a_film(house)
    house.home.radarr.releases[HARBOR_LIGHTS.movie_id] = [
        Release("Harbor.Lights.SD", rejections=(QUALITY, SIZE)),
        Release("Harbor.Lights.HD", rejections=(SIZE,)),
    ]
    asked = await question(questions, house, HARBOR_LIGHTS)
    assert asked.text.startswith("Let Radarr search for Harbor Lights")
    assert asked.effects == ("it asks 2 indexers now and may take a minute or two", "nothing is grabbed")
    assert not [call for call in house.home.radarr.calls if "release" in call.path], "not before the user agrees"
    found = await answer(questions, asked)
    assert isinstance(found.found, ReleaseSearch)
    told = text(found)
    assert "2 releases found, Radarr refuses all." in told
    assert f"   2 × {SIZE}" in told
    assert f"   1 × {QUALITY}" in told
    assert told.index("Harbor.Lights.HD") < told.index("Harbor.Lights.SD"), "the fewest reasons first"
    assert SECRET not in repr(found) + told
    assert house.posts() == []


async def test_nothing_offered_is_said(house: House, questions: Questions) -> None:
    wants_a_film(house)
    assert "No indexer offers anything." in text(
        await answer(questions, await question(questions, house, HARBOR_LIGHTS))
    )


async def test_a_series_is_searched_for_by_season_or_episode(host: SimHost) -> None:
    house = House(host, bring=False)
    house.home.request(LYCORIS_RECOIL, by="mia")
    house.home.approve(LYCORIS_RECOIL)
    house.home.arr_adds(LYCORIS_RECOIL)
    questions = Questions(house.settings)
    whole = await question(questions, house, LYCORIS_RECOIL)
    one = await question(questions, house, LYCORIS_RECOIL, (1, 3))
    assert (whole.about, one.about) == ("season 1 of Lycoris Recoil", "S01E03 of Lycoris Recoil")
    for each, query in ((whole, "seriesId=23&seasonNumber=1"), (one, "episodeId=741")):
        await answer(questions, each)
        assert [call.query for call in house.home.sonarr.calls if call.path == "/api/v3/release"][-1] == query
    await questions.aclose()
    house.close()


# ---- Shokofin's preview


async def test_the_preview_tells_what_a_refresh_would_link(any_house: House) -> None:
    questions = Questions(any_house.settings)
    asked = await question(questions, any_house, LYCORIS_RECOIL)
    assert ANIME_SHOWS in asked.text
    found = await answer(questions, asked)
    assert isinstance(found.found, WouldLink)
    assert (found.found.wanted, found.found.linked, found.found.would) == (13, 0, 13)
    told = text(found)
    assert "A refresh would link 13 of 13 files in Anime Shows." in told
    assert "→ press v" in told
    assert any_house.refreshes() == []
    assert any_house.shown() == 0
    await questions.aclose()


async def test_what_the_plugin_leaves_out_is_named(house: House, questions: Questions) -> None:
    asked = await question(questions, house, LYCORIS_RECOIL)
    for number in list(house.home.shoko.episodes)[:1]:
        house.home.shoko.hide_episode(number)
    found = await answer(questions, asked)
    assert isinstance(found.found, WouldLink)
    assert (found.found.would, len(found.found.left_out)) == (12, 1)
    assert (len(found.found.files.would), len(found.found.files.left_out)) == (12, 1)
    assert "Left out" in text(found)


async def test_files_that_are_linked_are_jellyfins_affair(house: House, questions: Questions) -> None:
    asked = await question(questions, house, LYCORIS_RECOIL)
    house.jellyfin.finish_scan()
    told = text(await answer(questions, asked))
    assert "13 of 13 files are linked in Anime Shows already" in told
    assert "press v" not in told


async def test_a_preview_that_tells_nothing_is_no_verdict(house: House, questions: Questions) -> None:
    asked = await question(questions, house, LYCORIS_RECOIL)
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])
    told = text(await answer(questions, asked))
    assert "Shokofin told nothing about Anime Shows." in told
    assert "press v" not in told


# ---- the folder


async def test_the_folder_of_a_regular_file_as_jellyfin_sees_it(house: House, questions: Questions) -> None:
    house.home.libraries["Movies"].realtime = False
    house.bring(HARBOR_LIGHTS)
    house.wait(3600)
    asked = await question(questions, house, HARBOR_LIGHTS)
    found = await answer(questions, asked)
    assert isinstance(found.found, FolderSeen)
    assert found.found.folder_there is not None
    assert found.found.folder in text(found)
    assert [call.path for call in house.posts()] == []


# ---- refused


def _scan(house: House) -> None:
    house.home.scan(lasts_s=100_000)


def _plugin_gone(house: House) -> None:
    house.home.shokofin.plugin_id = "0" * 31 + "1"
    house.home.shokofin.name = "Other"


def _shown(house: House) -> None:
    house.jellyfin.finish_scan()
    house.wait(120)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (_scan, "previews nothing meanwhile"),
        (_plugin_gone, "no Shokofin is there"),
        (_shown, "there is nothing to ask"),
    ],
    ids=["scan", "no plugin", "ready"],
)
async def test_it_is_refused_with_the_reason(
    house: House, questions: Questions, trouble: Callable[[House], None], words: str
) -> None:
    trouble(house)
    assert words in (await refusal(questions, house, LYCORIS_RECOIL)).message
    assert not [call for call in house.jellyfin.calls if call.path.endswith("/Preview")]


async def test_a_version_without_a_preview_says_so(house: House, questions: Questions) -> None:
    asked = await question(questions, house, LYCORIS_RECOIL)
    for prefix in ("/Shokofin", "/Plugin/Shokofin"):
        house.jellyfin.faults[f"{prefix}/Utility"] = Fault.STATUS_404
    found = await questions.ask(asked)
    assert isinstance(found, Refusal)
    assert found.message == "this version of Shokofin offers no preview"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault.RESET, Why.UNREACHABLE),
        (Fault.STATUS_500, Why.UNREACHABLE),
        (Fault.STATUS_401, Why.NOT_PERMITTED),
        (Fault.HTML, Why.UNREACHABLE),
    ],
)
async def test_no_answer_is_no_verdict(house: House, questions: Questions, fault: Fault, why: Why) -> None:
    wants_a_film(house)
    asked = await question(questions, house, HARBOR_LIGHTS)
    house.home.radarr.fault = fault
    found = await questions.ask(asked)
    assert isinstance(found, Refusal)
    assert found.why is why

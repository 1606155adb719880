"""What Jellyfin's own process sees of late files: checks 15 and 21 of the tree, asked only while something is late."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import ACTIVE, House, mapped, shokofin
from tests.diagnose.late import matched_lycoris, scanned
from tracker_tui.model.jellyfin import Library, ScheduledTask
from tracker_tui.model.states import Attention
from tracker_tui.model.text import clean, clean_path
from tracker_tui.reconcile.interest import LookKind

ID = "3edecd27fe5c515593d79c197224f11f"
ROOT = "/config/Shokofin/VFS/3edecd27-fe5c-5155-93d7-9c197224f11f"
MEDIA = "/anime"
SHOW = f"{ROOT}/Lycoris Recoil [Shoko Series=12]"
SEASON = f"{SHOW}/Season 01"


def late_lycoris(**folder: Any) -> House:
    """Return a household whose matched season Jellyfin lacks for 20 minutes, all services else being sound."""
    house = House()
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    house.libraries = [
        *[one for one in house.libraries if one.id != "lib-anime"],
        Library(
            id=ID,
            name=clean("Anime Shows"),
            locations=(clean_path(ROOT),),
            collection_type=clean("tvshows"),
            uses_shoko=True,
        ),
    ]
    facts: dict[str, Any] = {"path": clean_path(MEDIA)} | folder
    house.shokofin = shokofin(config={"folders": (mapped(ID, 1, **facts), mapped("lib-am", 2))})
    return house


def look(house: House) -> House:
    for _ in range(6):
        house.tick()
    return house


def looks_of(house: House, kind: LookKind) -> list[Any]:
    house.tick()
    assert house.judged is not None
    return [one for one in house.judged.looks if one.kind is kind]


def test_nothing_is_looked_at_before_it_is_late() -> None:
    house = late_lycoris()
    house.shoko_files = [
        msgspec.structs.replace(one, imported_at=house.now, created_at=house.now) for one in house.shoko_files
    ]
    house.tick()
    assert house.judged is not None
    assert house.judged.looks == ()
    assert house.judged.next_at is not None
    house.wait(11 * 60)
    assert house.judged.looks


def test_a_look_that_is_not_answered_says_nothing() -> None:
    house = look(late_lycoris())
    assert house.codes() == ["VFS_MISSING_ENTRY"]
    kinds = {one.kind for one in house.looked}
    assert LookKind.FILE in kinds
    assert len([one for one in house.looked if one.kind is LookKind.FILE]) <= 3


def test_a_file_that_jellyfin_sees_leads_on_to_the_virtual_folder() -> None:
    house = late_lycoris()
    files = {one.path for one in looks_of(house, LookKind.FILE)}
    house.disk = dict.fromkeys(files, ())
    look(house)
    assert house.codes() == ["VFS_MISSING_ENTRY"]
    assert {one.path for one in house.looked if one.kind is LookKind.INVENTORY} == {ROOT}


@pytest.mark.parametrize(
    ("seen", "state"), [pytest.param(None, "does not exist", id="missing"), pytest.param((), "is empty", id="empty")]
)
def test_a_media_folder_that_jellyfin_does_not_see_stops_the_library_and_is_said_once(
    seen: tuple[str, ...] | None, state: str
) -> None:
    house = late_lycoris()
    house.disk = dict.fromkeys((one.path for one in looks_of(house, LookKind.FILE)), None) | {MEDIA: seen}
    look(house)
    assert house.problems() == ["VFS_FOLDER_MISSING"]
    problem = house.problem("VFS_FOLDER_MISSING")
    assert (problem.scope, problem.diagnosis.attention) == ("Anime Shows", Attention.ERROR)
    assert problem.diagnosis.message.startswith(f"{MEDIA} {state} for Jellyfin")
    assert house.codes() == []
    assert house.line() == "Matched 13/13 · Jellyfin does not see a folder of Anime Shows"
    assert "press v" not in (problem.diagnosis.next_step or "")


def test_another_folder_of_the_library_stops_it_too_unless_the_plugin_is_older() -> None:
    for version, problems in (("6.0.2.0", ["VFS_FOLDER_MISSING"]), ("5.0.3.0", [])):
        house = late_lycoris()
        house.plugins = (msgspec.structs.replace(ACTIVE, version=clean(version)),)
        other = mapped(ID, 2, path=clean_path("/ani"))  # no part of /anime
        assert house.shokofin is not None
        config = house.shokofin.config
        assert config is not None
        house.shokofin = shokofin(config={"folders": (*(config.folders or ()), other)})
        house.disk = dict.fromkeys((one.path for one in looks_of(house, LookKind.FILE)), ())
        house.disk |= {"/ani": ()}
        look(house)
        assert house.problems() == problems


def test_files_that_jellyfin_does_not_see_though_it_sees_the_folder() -> None:
    house = late_lycoris()
    files = [one.path for one in looks_of(house, LookKind.FILE)]
    house.disk = dict.fromkeys(files, None) | {MEDIA: ("Another Show/",)}
    look(house)
    assert house.codes() == ["VFS_MISSING_ENTRY"], "a look that is not offered would be answered alike"
    house.disk |= {path.rpartition("/")[0]: None for path in files}
    look(house)
    said = house.diagnosis("VFS_FILE_UNSEEN")
    assert said.attention is Attention.ERROR
    assert said.message.startswith("Jellyfin does not see 13 episodes of season 1 where Shoko has them: /anime/")
    assert house.codes() == ["VFS_FILE_UNSEEN"]


@pytest.mark.parametrize(
    ("root", "offered"),
    [
        pytest.param((), True, id="empty, with its task"),
        pytest.param((), False, id="empty, the task is not offered"),
        pytest.param(None, True, id="missing"),
    ],
)
def test_an_empty_virtual_folder_names_the_task_that_repairs_it(root: tuple[str, ...] | None, offered: bool) -> None:
    house = late_lycoris()
    house.disk = dict.fromkeys((one.path for one in looks_of(house, LookKind.FILE)), ()) | {ROOT: root}
    if offered:
        house.more_tasks = (ScheduledTask(id="c", key=clean("ShokoCleanupVirtualRoot")),)
    look(house)
    problem = house.problem("VFS_ROOT_EMPTY")
    assert problem.scope == "Anime Shows"
    step = problem.diagnosis.next_step or ""
    assert step.startswith("press v: Shokofin makes the folder anew" if offered else "restart Jellyfin")
    assert house.codes() == []


@pytest.mark.parametrize(
    ("links", "linked"),
    [
        pytest.param(
            [f"Lycoris Recoil S01E{n:02} [Shoko Series=12] [Shoko File={300 + n}].mkv" for n in range(1, 14)],
            13,
            id="all of them",
        ),
        pytest.param(["x [Shoko Series=12] [Shoko File=301,302].pt1.mkv"], 2, id="one link of two files"),
        pytest.param(["x [Shoko Series=12] [Shoko File=3011].mkv"], 0, id="another file's number"),
        pytest.param([], 0, id="an empty season folder"),
    ],
)
def test_what_is_linked_and_not_listed_is_jellyfins_affair(links: list[str], linked: int) -> None:
    house = late_lycoris()
    house.disk = dict.fromkeys((one.path for one in looks_of(house, LookKind.FILE)), ())
    house.disk |= {ROOT: (".keep", "Another [Shoko Series=123]/", "Lycoris Recoil [Shoko Series=12]/")}
    house.disk |= {SHOW: ("Season 01/",), SEASON: tuple(links)}
    look(house)
    codes = house.codes()
    assert ("VFS_NOT_INDEXED" in codes, "VFS_MISSING_ENTRY" in codes) == (linked > 0, linked < 13)
    if linked == 13:
        assert house.diagnosis("VFS_NOT_INDEXED").next_step == "press v to refresh"
        scanned(house, "11:52", "11:55")
        house.tick()
        assert "Logs" in (house.diagnosis("VFS_NOT_INDEXED").next_step or "")
    assert not any("Another" in one.path for one in house.looked)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        pytest.param({"path": clean_path("/anime/")}, "/anime/Lycoris", id="a trailing slash"),
        pytest.param({"path": clean_path("D:\\Anime")}, "D:\\Anime\\Lycoris", id="Windows"),
        pytest.param(
            {"path": clean_path("/lr"), "relative_path": clean_path("/Lycoris Recoil")},
            "/lr/Season 1",
            id="below",
        ),
    ],
)
def test_the_place_is_spelled_as_the_plugin_spells_it(folder: dict[str, Any], expected: str) -> None:
    house = late_lycoris(**folder)
    assert all(one.path.startswith(expected) for one in looks_of(house, LookKind.FILE))
    assert looks_of(house, LookKind.FILE)

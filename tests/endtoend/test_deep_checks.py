"""Matched anime that never appears, over HTTP: what Jellyfin's own process sees tells why (checks 15 and 21)."""

from collections.abc import Callable

import pytest

from tests.endtoend.stage import Stage
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.simulate.household.titles import jellyfin_path
from tracker_tui.simulate.story.titles import LYCORIS_PACK, LYCORIS_RECOIL

LOOKS = ("/Environment/ValidatePath", "/Environment/DirectoryContents")


def _nothing(_: Household) -> None:
    """Everything is sound: a refresh would bring the files."""


def _unmounted(home: Household) -> None:
    folder = jellyfin_path("/data/anime/shows")
    home.jellyfin.disk.remove(folder)
    home.jellyfin.disk.add_folder(folder)


def _mount_lost(home: Household) -> None:
    home.jellyfin.disk.remove(jellyfin_path("/data/anime/shows"))


def _show_not_readable(home: Household) -> None:
    home.jellyfin.disk.add_file(jellyfin_path("/data/anime/shows/Another Show/Season 01/x.mkv"), home.clock.now())
    home.jellyfin.disk.remove(jellyfin_path(LYCORIS_RECOIL.folder))


def _virtual_folder_lost(home: Household) -> None:
    home.shokofin.lose_vfs(home.libraries[ANIME_SHOWS])


def _may_not_look(home: Household) -> None:
    _mount_lost(home)
    for path in LOOKS:
        home.jellyfin.faults[path] = Fault.STATUS_403


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        pytest.param(_nothing, "VFS_MISSING_ENTRY", id="nothing forbids it"),
        pytest.param(_unmounted, "VFS_FOLDER_MISSING", id="the mount is an empty folder"),
        pytest.param(_mount_lost, "VFS_FOLDER_MISSING", id="the mount is gone"),
        pytest.param(_show_not_readable, "VFS_FILE_UNSEEN", id="Jellyfin sees the folder and not the show"),
        pytest.param(_virtual_folder_lost, "VFS_ROOT_EMPTY", id="the virtual folder is gone"),
        pytest.param(_may_not_look, "VFS_MISSING_ENTRY", id="the looks are forbidden"),
    ],
)
async def test_why_a_matched_season_never_appears(
    stage: Stage, happens: Callable[[Household], None], code: str
) -> None:
    home = stage.household
    stage.asked(LYCORIS_RECOIL)
    home.shokofin.drops_events = True
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    home.shoko.finish_jobs()
    early = await stage.look()
    assert not [call for call in home.jellyfin.calls if call.path in LOOKS], "nothing is late yet"
    assert early.verdicts() == {"VFS_MISSING_ENTRY": "wait"}
    happens(home)
    stage.passes(12 * 60, step=60)
    late = await stage.look()
    said = late.verdicts() | late.problems()
    assert set(said) - {"PARTLY_SILENT"} == {code}, "what may not be asked is said so, and nothing else of it"
    assert late.states() == ["ANIME_MATCHING"] * 13
    asked = [call for call in home.jellyfin.calls if call.path in LOOKS]
    assert 0 < len(asked) <= 8
    assert late.status(Kind.JELLYFIN) == "ok"

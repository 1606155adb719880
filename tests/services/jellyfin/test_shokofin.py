"""The plugin's client: connection, mapping, dry run, in the versions 4, 5 and 6; secrets stay where they are."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.services.jellyfin.conftest import KEY, Connect
from tests.services.loopback import Exchange, Loopback
from tests.simulate.shoko_stub import StubShoko, series
from tracker_tui.model.jellyfin import ShokofinConfig, ShokofinFolder, SignalRStatus, VfsPreview
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.services.decode import decode
from tracker_tui.services.errors import BadAnswer, NotFound, ServiceError, Starting, Unauthorized, Unreachable
from tracker_tui.services.jellyfin.shokofin import ConfigWire, ShokofinClient
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin

LIBRARY = "3edecd27fe5c515593d79c197224f11f"
SECRETS = {
    "ApiKey": "CANARY-shoko-key",
    "Username": "CANARY-user",
    "Url": "http://CANARY:CANARY@shoko:8111",
    "PublicUrl": "http://CANARY@outside",
    "UserList": [{"Username": "CANARY-user", "Token": "CANARY-token"}],
    "Somewhere": {"Deep": {"ApiKey": "CANARY-deep"}},
}
OLD_FOLDER = {
    "LibraryId": LIBRARY,
    "LibraryName": "Anime",
    "MediaFolderPath": "/data/anime",
    "ImportFolderId": 1,
    "ImportFolderName": "Anime folder",
    "ImportFolderRelativePath": "/shows",
    "IsVirtualRoot": False,
    "IsMapped": True,
    "IsFileEventsEnabled": True,
    "IsVirtualFileSystemEnabled": True,
    "LibraryFilteringMode": "Auto",
}
NEW_FOLDER = {
    "LibraryId": "3edecd27-fe5c-5155-93d7-9c197224f11f",
    "Path": "/data/anime",
    "ManagedFolderId": 1,
    "ManagedFolderName": "Anime folder",
    "ManagedFolderRelativePath": "/shows",
    "IsMapped": True,
    "IsIgnored": False,
}
NEW_LIBRARY = {
    "Id": LIBRARY,
    "Name": "Anime",
    "LibraryOperationMode": "VFS",
    "IsFileEventsEnabled": True,
    "IterativeVfsGeneration_Enabled": True,
    "IterativeVfsGeneration_LastGeneratedAt": "2026-03-01T10:10:00Z",
    "IterativeVfsGeneration_ForceFullGenerationOnNextRefresh": False,
}
MIXED_FOLDER = {
    "LibraryId": LIBRARY,
    "LibraryName": "Anime",
    "MediaFolderPath": "/data/anime",
    "ManagedFolderId": 1,
    "ManagedFolderName": "Anime folder",
    "ManagedFolderRelativePath": "/shows",
    "IsFileEventsEnabled": True,
    "LibraryOperationMode": "VFS",
}


def config(**told: Any) -> ShokofinConfig:
    return decode(msgspec.json.encode(told | SECRETS), ConfigWire).fact()


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"MediaFolders": [OLD_FOLDER]}, id="4 and 5"),
        pytest.param({"Libraries": [NEW_LIBRARY], "LibraryFolders": [NEW_FOLDER]}, id="6"),
        pytest.param({"MediaFolders": [MIXED_FOLDER]}, id="early 6"),
    ],
)
def test_every_version_tells_the_same_mapping(told: dict[str, Any]) -> None:
    (folder,) = config(**told).folders or ()
    expected: dict[str, Any] = {
        "library_id": LIBRARY,
        "library_name": "Anime",
        "path": "/data/anime",
        "folder_id": 1,
        "folder_name": "Anime folder",
        "relative_path": "/shows",
        "mapped": True,
        "ignored": folder.ignored,
        "file_events": True,
        "vfs": True,
    }
    assert folder == ShokofinFolder(**expected)


def test_six_tells_its_library_settings() -> None:
    (library,) = config(Libraries=[NEW_LIBRARY, {"Id": "damaged"}, {"Name": 1}]).libraries
    assert (library.library_id, library.mode, library.iterative) == (LIBRARY, "VFS", True)
    assert library.last_generated_at == datetime(2026, 3, 1, 10, 10, tzinfo=UTC)
    assert library.force_full_next is False


@pytest.mark.parametrize(
    ("change", "folder_id", "mapped"),
    [
        pytest.param({"ImportFolderId": 0, "IsMapped": False}, 0, False, id="unmapped"),
        pytest.param({"ImportFolderId": 0, "IsMapped": None}, 0, False, id="unmapped, not told so"),
        pytest.param({"ImportFolderId": -1, "IsMapped": None}, -1, True, id="virtual root"),
        pytest.param({"ImportFolderId": None, "IsMapped": None}, None, None, id="unknown"),
    ],
)
def test_folder_zero_is_unmapped(change: dict[str, Any], folder_id: int | None, mapped: bool | None) -> None:
    (folder,) = config(MediaFolders=[OLD_FOLDER | change]).folders or ()
    assert (folder.folder_id, folder.mapped) == (folder_id, mapped)


@pytest.mark.parametrize(
    ("told", "folders"),
    [
        pytest.param({}, None, id="other field names: unknown, not empty"),
        pytest.param({"LibraryFolders": []}, 0, id="no folder at all"),
        pytest.param({"MediaFolders": [OLD_FOLDER, {"LibraryId": 5}, 7]}, 1, id="unreadable rows are left out"),
    ],
)
def test_an_unknown_shape_is_not_an_empty_mapping(told: dict[str, Any], folders: int | None) -> None:
    found = config(**told).folders
    assert (None if found is None else len(found)) == folders


def test_the_settings_that_decide_what_is_linked() -> None:
    fact = config(
        SignalR_AutoConnectEnabled=False,
        FilterMovieLibraries=True,
        SeparateMovies=False,
        VFS_AlwaysIncludedAnidbIdList=[3651],
        UsageTracker_StalledTimeInSeconds=60,
        DefaultLibraryStructure="AniDB_Anime",
    )
    assert (fact.auto_connect, fact.filter_movie_libraries, fact.separate_movies) == (False, True, False)
    assert (fact.always_included_anidb_ids, fact.stalled_time_s) == ((3651,), 60)
    assert fact.library_structure == "AniDB_Anime"


def test_a_root_folder_is_mapped_with_an_empty_path() -> None:
    (folder,) = config(MediaFolders=[OLD_FOLDER | {"ImportFolderRelativePath": ""}]).folders or ()
    assert folder.relative_path == ""
    (folder,) = config(MediaFolders=[OLD_FOLDER | {"ImportFolderRelativePath": None}]).folders or ()
    assert folder.relative_path is None


@pytest.mark.parametrize("kind", ["4 and 5", "6"])
def test_no_secret_is_ever_decoded(kind: str) -> None:
    told = {
        "MediaFolders": [OLD_FOLDER | SECRETS],
        "Libraries": [NEW_LIBRARY | SECRETS],
        "LibraryFolders": [NEW_FOLDER | SECRETS] if kind == "6" else None,
    }
    body = msgspec.json.encode(told | SECRETS)
    assert b"CANARY" in body
    fact = decode(body, ConfigWire).fact()
    assert "CANARY" not in repr(fact)
    assert b"CANARY" not in msgspec.json.encode(fact)


# ---- over HTTP


async def test_the_plugin_tells_of_itself(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, plugin: SimulatedShokofin
) -> None:
    plugin.secrets = {name: f"CANARY-{name}" for name in plugin.secrets}
    read = await shokofin.read()
    assert read.signalr is not None
    assert (read.signalr.usable, read.signalr.active, read.signalr.state) == (True, True, "Connected")
    assert (read.host_version, read.host_reachable) == ("5.2.5.0", True)
    assert read.config is not None
    assert [(one.path, one.folder_id, one.vfs) for one in read.config.folders or ()] == [("/data/anime/shows", 1, True)]
    assert read.config.filter_movie_libraries is True
    assert "CANARY" not in repr(read).replace(KEY, "")
    assert "shoko-password" not in repr(read)
    assert {call.method for call in jellyfin.calls} == {"GET"}


async def test_the_plugins_place_is_looked_for_once(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, plugin: SimulatedShokofin
) -> None:
    await shokofin.read()
    first = len(jellyfin.calls)
    await shokofin.read()
    assert first == (3 if plugin.version >= (6,) else 4)
    assert len(jellyfin.calls) - first == 3


async def test_the_early_six_shape_is_read(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, plugin: SimulatedShokofin
) -> None:
    plugin.mixed_config = True
    read = await shokofin.read()
    assert read.config is not None
    assert [(one.folder_id, one.mapped, one.vfs) for one in read.config.folders or ()] == [(1, True, True)]


async def test_a_broken_mapping_is_seen(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, plugin: SimulatedShokofin
) -> None:
    anime = jellyfin.libraries[2]
    plugin.break_mapping(anime)
    read = await shokofin.read()
    assert read.config is not None
    assert [(one.library_id, one.folder_id, one.mapped) for one in read.config.folders or ()] == [(anime.id, 0, False)]
    plugin.break_mapping(anime, keep_entry=False)
    read = await shokofin.read()
    assert read.config is not None
    assert read.config.folders == ()


@pytest.mark.parametrize("fault", [500, 502])
async def test_the_plugin_says_that_it_cannot_reach_shoko(
    shokofin: ShokofinClient, plugin: SimulatedShokofin, fault: int
) -> None:
    plugin.host_fault = fault
    read = await shokofin.read()
    assert (read.host_version, read.host_reachable) == (None, False)


async def test_a_disconnected_plugin_says_so(shokofin: ShokofinClient, plugin: SimulatedShokofin) -> None:
    plugin.signalr = "Disconnected"
    read = await shokofin.read()
    assert read.signalr == SignalRStatus(usable=True, active=False, state="Disconnected")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [Fault.STATUS_404, Fault.STATUS_403])
async def test_what_may_not_be_read_is_unknown_never_disconnected(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, status: Fault
) -> None:
    jellyfin.fault = status
    assert await shokofin.read() == ShokofinRead()


@pytest.mark.parametrize("fault", [Fault.WRONG_TYPES])
async def test_another_shape_is_unknown(shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, fault: Fault) -> None:
    jellyfin.fault = fault
    assert await shokofin.read() == ShokofinRead()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TRUNCATED, BadAnswer),
        (Fault.EMPTY, BadAnswer),
        (Fault.RESET, Unreachable),
        (Fault.HANG, Unreachable),
        (Fault.STATUS_401, Unauthorized),
        (Fault.STATUS_503, Starting),
    ],
)
async def test_a_failed_exchange_is_not_taken_for_an_answer(
    connect: Connect, jellyfin: SimulatedJellyfin, fault: Fault, expected: type[ServiceError]
) -> None:
    jellyfin.fault = fault
    with pytest.raises(expected):
        await ShokofinClient(connect(timeout_s=0.3).link).read()


async def test_a_plugin_that_waits_for_shoko_proves_nothing(connect: Connect, jellyfin: SimulatedJellyfin) -> None:
    for prefix in ("/Shokofin", "/Plugin/Shokofin"):
        jellyfin.faults[f"{prefix}/Host/Version"] = Fault.HANG
    read = await ShokofinClient(connect(timeout_s=0.5).link).read()
    assert (read.host_version, read.host_reachable) == (None, None)
    assert read.signalr is not None
    assert read.config is not None


async def test_without_the_plugin_nothing_is_said(connect: Connect) -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.answer("", "404 Not Found")

    async with Loopback(script) as server:
        shokofin = ShokofinClient(connect(url=server.url).link)
        assert await shokofin.read() == ShokofinRead()
        with pytest.raises(NotFound, match="Shokofin"):
            await shokofin.preview(LIBRARY)


# ---- the dry run


async def test_the_dry_run_tells_what_would_be_linked(
    shokofin: ShokofinClient, jellyfin: SimulatedJellyfin, shoko: StubShoko
) -> None:
    jellyfin.disk.add_file("/data/anime/shows/LR/01.mkv", jellyfin.clock.now())
    shoko.add(301, "LR/01.mkv", series(12, 1))
    preview = await shokofin.preview(jellyfin.libraries[2].id)
    assert preview.conclusive
    assert (preview.library_name, preview.before, preview.created) == ("Anime Shows", (), 1)
    assert preview.after == (
        "/Lycoris Recoil [Shoko Series=12]/Season 01/Lycoris Recoil S01E01 [Shoko Series=12] [Shoko File=301].mkv",
    )
    assert jellyfin.disk.videos_below("/config") == []


async def test_a_dry_run_that_gave_up_is_not_conclusive(shokofin: ShokofinClient, jellyfin: SimulatedJellyfin) -> None:
    assert not (await shokofin.preview(jellyfin.libraries[2].id)).conclusive


async def test_a_dry_run_of_an_unknown_library(shokofin: ShokofinClient, jellyfin: SimulatedJellyfin) -> None:
    with pytest.raises(NotFound):
        await shokofin.preview("0f" * 16)
    jellyfin.calls.clear()
    with pytest.raises(ValueError, match="not a Jellyfin id"):
        await shokofin.preview("")
    assert jellyfin.calls == []


@pytest.mark.parametrize(
    ("told", "conclusive"),
    [
        ({}, False),
        ({"before": ("/a",)}, True),
        ({"after": ("/a",)}, True),
        ({"total": 0, "created": 0}, False),
        ({"total": 5}, True),
    ],
)
def test_success_is_inferred(told: dict[str, Any], conclusive: bool) -> None:
    assert VfsPreview(**told).conclusive is conclusive

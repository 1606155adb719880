"""The HTTP face of a simulated Shokofin: its own routes, and its configuration in the shapes of 4 to 6."""

from typing import TYPE_CHECKING

from aiohttp import web

from tracker_tui.simulate.jellyfin.items import Json, dotnet, guid

if TYPE_CHECKING:
    from tracker_tui.simulate.jellyfin.server import SimulatedJellyfin
    from tracker_tui.simulate.jellyfin.shokofin import Adopted, SimulatedShokofin


class ShokofinHttp:
    """The routes and the configuration of one plugin."""

    def __init__(self, plugin: "SimulatedShokofin", jellyfin: "SimulatedJellyfin") -> None:
        self._plugin = plugin
        self._jellyfin = jellyfin

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; the prefix changed with 6, the preview came with 4.2."""
        prefix = "/Shokofin" if self._plugin.version >= (6,) else "/Plugin/Shokofin"
        found = [
            web.get(prefix + "/SignalR/Status", self._status),
            web.post(prefix + "/SignalR/Connect", self._connect),
            web.post(prefix + "/SignalR/Disconnect", self._disconnect),
            web.get(prefix + "/Host/Version", self._host_version),
        ]
        if self._plugin.version >= (4, 2):
            found.append(web.post(prefix + "/Utility/VFS/Library/{id}/Preview", self._preview))
        return found

    async def _status(self, _: web.Request) -> web.Response:
        state = self._plugin.signalr
        return web.json_response({"IsUsable": True, "IsActive": state != "Disconnected", "State": state})

    async def _connect(self, _: web.Request) -> web.Response:
        self._plugin.signalr = "Connected"
        return web.Response(status=200)

    async def _disconnect(self, _: web.Request) -> web.Response:
        self._plugin.signalr = "Disconnected"
        return web.Response(status=200)

    async def _host_version(self, _: web.Request) -> web.Response:
        if self._plugin.host_fault is not None or not self._plugin.shoko.reachable:
            return web.Response(status=self._plugin.host_fault or 500)
        return web.json_response({"Version": self._plugin.shoko.version_text, "ReleaseChannel": "Stable"})

    async def _preview(self, request: web.Request) -> web.Response:
        """Answer the dry run. Whether it succeeded is not said: without one, everything is zero and empty."""
        with self._jellyfin.lock:
            own_id = guid(request.match_info["id"])
            library = next((one for one in self._jellyfin.libraries if one.id == own_id), None)
            if library is None:
                return web.Response(status=404)
            before, after, root = self._dry_run(self._plugin.adopted.get(library.id))
        return web.json_response(
            {
                "LibraryName": library.name,
                "CollectionType": library.collection_type,
                "VfsRoot": f"{self._jellyfin.data_path}/Shokofin/VFS",
                "FilesBeforeChanges": sorted(path.removeprefix(root) for path in before),
                "FilesAfterChanges": sorted(path.removeprefix(root) for path in after),
                "Stats": {
                    "Total": len(after),
                    "Created": len(after - before),
                    "Fixed": 0,
                    "Skipped": len(after & before),
                    "Removed": len(before - after),
                },
            }
        )

    def _dry_run(self, adopted: "Adopted | None") -> tuple[set[str], set[str], str]:
        """Return the links before and after, and the root; nothing at all where a generation gives up."""
        if adopted is None or self._jellyfin.scanner.running:
            return set(), set(), ""
        wanted = self._plugin.wanted(adopted, self._jellyfin.clock.now())
        return (set(), set(), "") if wanted is None else (set(adopted.links), set(wanted), adopted.root)

    # ---- configuration

    def configuration(self) -> Json:
        """Return everything the plugin stores, secrets included."""
        plugin = self._plugin
        told: Json = {
            "Url": "http://somebody:shoko-password@shoko:8111",
            "PublicUrl": "",
            "Username": plugin.secrets["Username"],
            "ApiKey": plugin.secrets["ApiKey"],
            "UserList": [{"UserId": "0" * 31 + "1", "Username": "somebody", "Token": plugin.secrets["Token"]}],
            "SignalR_AutoConnectEnabled": plugin.signalr == "Connected",
            "SignalR_FileEvents": True,
            "SeparateMovies": plugin.rules.separate_movies,
            "FilterMovieLibraries": plugin.rules.filter_movies,
            "AddMissingMetadata": plugin.add_missing_metadata,
            "UsageTracker_StalledTimeInSeconds": plugin.stalled_s,
        }
        adopted = list(plugin.adopted.values())
        if plugin.mixed_config:
            return told | {"MediaFolders": [row for one in adopted for row in self._rows(one, "Managed", mixed=True)]}
        if plugin.version < (6,):
            return told | {
                "VFS_Enabled": True,
                "VFS_AttachRoot": any(one.attached for one in adopted),
                "MediaFolders": [row for one in adopted for row in self._rows(one, "Import")],
            }
        return told | {
            "DefaultLibraryStructure": plugin.rules.structure,
            "VFS_AlwaysIncludedAnidbIdList": sorted(plugin.rules.always_included),
            "Libraries": [_library(one) for one in adopted],
            "LibraryFolders": [
                {
                    "LibraryId": one.library.id,
                    "Path": mapping.path,
                    "ManagedFolderId": mapping.folder_id,
                    "ManagedFolderRelativePath": mapping.relative_path,
                    "IsMapped": mapping.folder_id != 0,
                    "IsIgnored": mapping.ignored,
                    "NeedsRefresh": False,
                }
                for one in adopted
                for mapping in one.mappings
            ],
        }

    def _rows(self, adopted: "Adopted", word: str, *, mixed: bool = False) -> list[Json]:
        rows: list[Json] = []
        for mapping in adopted.mappings:
            row: Json = {
                "LibraryId": adopted.library.id,
                "LibraryName": adopted.library.name,
                "MediaFolderId": "77" * 16,
                "MediaFolderPath": mapping.path,
                f"{word}FolderId": mapping.folder_id,
                f"{word}FolderRelativePath": mapping.relative_path,
                "IsVirtualRoot": False,
                "IsMapped": mapping.folder_id != 0,
                "IsFileEventsEnabled": adopted.file_events,
                "IsRefreshEventsEnabled": True,
            }
            rows.append(
                row | ({"LibraryOperationMode": adopted.mode} if mixed else {"IsVirtualFileSystemEnabled": True})
            )
        return rows


def _library(adopted: "Adopted") -> Json:
    told: Json = {
        "Id": adopted.library.id,
        "Name": adopted.library.name,
        "IsFileEventsEnabled": adopted.file_events,
        "IsRefreshEventsEnabled": True,
        "LibraryOperationMode": adopted.mode,
        "IterativeVfsGeneration_Enabled": adopted.iterative,
        "IterativeVfsGeneration_CurrentCount": 0,
        "IterativeVfsGeneration_MaxCount": 0,
        "IterativeVfsGeneration_ForceFullGenerationOnNextRefresh": adopted.force_full,
    }
    if adopted.iterative and adopted.last_generated_at is not None:
        told["IterativeVfsGeneration_LastGeneratedAt"] = dotnet(adopted.last_generated_at)
    return told

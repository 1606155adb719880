"""Client of Shokofin 4 to 6, Jellyfin's plugin for Shoko: its connection, its folder mapping, its dry run.

Its configuration also holds Shoko's key, user tokens and private addresses. Only the fields declared here are ever
decoded; the rest of the body is skipped by the decoder and dropped with it.
"""

from datetime import datetime

import msgspec

from tracker_tui.model.jellyfin import (
    SHOKOFIN_ID,
    ShokofinConfig,
    ShokofinFolder,
    ShokofinLibrary,
    SignalRStatus,
    VfsPreview,
)
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.text import SafeText, clean_or_none, clean_path
from tracker_tui.services.decode import Wire, decode, each
from tracker_tui.services.errors import BadAnswer, NotFound, ServerFault, ServiceError, TooSlow
from tracker_tui.services.http import Reply
from tracker_tui.services.jellyfin.client import JellyfinLink
from tracker_tui.services.jellyfin.wire import guid, moment
from tracker_tui.services.together import outcome, together

_PREFIXES = ("/Shokofin", "/Plugin/Shokofin")
"""Where the plugin's own routes lie: since 6, up to 5."""
_ABSENT = {403, 404, 405}
_PREVIEW_DEADLINE_S = 600.0
"""The dry run generates everything but the links: minutes on a large collection."""


class SignalRWire(Wire, rename="pascal"):
    """`SignalR/Status`."""

    is_usable: bool | None = None
    is_active: bool | None = None
    state: str | None = None


class HostVersionWire(Wire, rename="pascal"):
    """`Host/Version`: Shoko's version, as the plugin sees it."""

    version: str | None = None


class FolderWire(Wire, rename="pascal"):
    """A media folder: `MediaFolders[]` up to 5, `LibraryFolders[]` in 6; early 6 builds mix both vocabularies."""

    library_id: str | None = None
    library_name: str | None = None
    media_folder_path: str | None = None
    path: str | None = None
    import_folder_id: int | None = None
    import_folder_name: str | None = None
    import_folder_relative_path: str | None = None
    managed_folder_id: int | None = None
    managed_folder_name: str | None = None
    managed_folder_relative_path: str | None = None
    is_mapped: bool | None = None
    is_ignored: bool | None = None
    is_file_events_enabled: bool | None = None
    is_virtual_file_system_enabled: bool | None = None
    library_operation_mode: str | None = None

    def fact(self, libraries: dict[str, ShokofinLibrary]) -> ShokofinFolder:
        """Return the folder's facts, with what its library settles for all its folders."""
        library = libraries.get(guid(self.library_id) or "")
        folder = _first(self.managed_folder_id, self.import_folder_id)
        mode = self.library_operation_mode or (library.mode if library else None)
        return ShokofinFolder(
            library_id=guid(self.library_id),
            library_name=clean_or_none(self.library_name) or (library.name if library else None),
            path=_path(self.path or self.media_folder_path or None),
            folder_id=folder,
            folder_name=clean_or_none(self.managed_folder_name or self.import_folder_name),
            relative_path=_path(_first(self.managed_folder_relative_path, self.import_folder_relative_path)),
            mapped=_first(self.is_mapped, None if folder is None else folder != 0),
            ignored=self.is_ignored,
            file_events=_first(self.is_file_events_enabled, library.file_events if library else None),
            vfs=mode == "VFS" if mode else self.is_virtual_file_system_enabled,
        )


class LibraryWire(Wire, rename="pascal"):
    """`Libraries[]` of 6."""

    id: str
    name: str | None = None
    library_operation_mode: str | None = None
    is_file_events_enabled: bool | None = None
    iterative: bool | None = msgspec.field(default=None, name="IterativeVfsGeneration_Enabled")
    last_generated_at: datetime | None = msgspec.field(default=None, name="IterativeVfsGeneration_LastGeneratedAt")
    force_full_next: bool | None = msgspec.field(
        default=None, name="IterativeVfsGeneration_ForceFullGenerationOnNextRefresh"
    )

    def fact(self) -> ShokofinLibrary | None:
        """Return the library's settings; None without a usable id."""
        own_id = guid(self.id)
        if own_id is None:
            return None
        return ShokofinLibrary(
            library_id=own_id,
            name=clean_or_none(self.name),
            mode=clean_or_none(self.library_operation_mode),
            file_events=self.is_file_events_enabled,
            iterative=self.iterative,
            last_generated_at=moment(self.last_generated_at),
            force_full_next=self.force_full_next,
        )


class ConfigWire(Wire, rename="pascal"):
    """The whitelist of the plugin's configuration."""

    filter_movie_libraries: bool | None = None
    separate_movies: bool | None = None
    default_library_structure: str | None = None
    auto_connect: bool | None = msgspec.field(default=None, name="SignalR_AutoConnectEnabled")
    always_included: list[int] | None = msgspec.field(default=None, name="VFS_AlwaysIncludedAnidbIdList")
    stalled_time_s: int | None = msgspec.field(default=None, name="UsageTracker_StalledTimeInSeconds")
    libraries: list[msgspec.Raw] | None = None
    library_folders: list[msgspec.Raw] | None = None
    media_folders: list[msgspec.Raw] | None = None

    def fact(self) -> ShokofinConfig:
        """Return the configuration's facts; records of unknown shape are left out."""
        settled = [fact for wire in each(self.libraries or [], LibraryWire)[0] if (fact := wire.fact())]
        by_id = {library.library_id: library for library in settled}
        raws = self.library_folders if self.library_folders is not None else self.media_folders
        return ShokofinConfig(
            auto_connect=self.auto_connect,
            filter_movie_libraries=self.filter_movie_libraries,
            separate_movies=self.separate_movies,
            always_included_anidb_ids=tuple(self.always_included or ()),
            library_structure=clean_or_none(self.default_library_structure),
            stalled_time_s=self.stalled_time_s,
            libraries=tuple(settled),
            folders=None if raws is None else tuple(wire.fact(by_id) for wire in each(raws, FolderWire)[0]),
        )


class StatsWire(Wire, rename="pascal"):
    """The counters of a dry run."""

    total: int | None = None
    created: int | None = None
    removed: int | None = None


class PreviewWire(Wire, rename="pascal"):
    """`Utility/VFS/Library/{id}/Preview`."""

    library_name: str | None = None
    files_before_changes: tuple[str, ...] = ()
    files_after_changes: tuple[str, ...] = ()
    stats: StatsWire | None = None

    def fact(self) -> VfsPreview:
        """Return the dry run's facts."""
        stats = self.stats or StatsWire()
        return VfsPreview(
            library_name=clean_or_none(self.library_name),
            before=tuple(clean_path(path) for path in self.files_before_changes),
            after=tuple(clean_path(path) for path in self.files_after_changes),
            total=stats.total,
            created=stats.created,
            removed=stats.removed,
        )


class ShokofinClient:
    """Asks the plugin through its Jellyfin, over the same link. Raises ServiceError where Jellyfin gives no answer."""

    def __init__(self, link: JellyfinLink) -> None:
        self._link = link
        self._prefix: str | None = None

    async def read(self) -> ShokofinRead:
        """Read connection, configuration and whether the plugin reaches Shoko; each None where it cannot be read.

        Raises what is wrong with all of them alike.
        """
        (signalr, (version, reachable)), config = await together(self._connections(), outcome(self._config))
        unread: list[tuple[str, str]] = []
        for part, answer in (("folder mapping", config), ("SignalR status", signalr)):
            if isinstance(answer, ServiceError):
                if not isinstance(answer, ServerFault | BadAnswer | TooSlow):
                    raise answer
                unread.append((part, answer.message))
        if isinstance(config, ServiceError) and isinstance(signalr, ServiceError):
            raise config  # not one answer came
        return ShokofinRead(
            signalr=signalr if isinstance(signalr, SignalRStatus) else None,
            config=config if isinstance(config, ShokofinConfig) else None,
            host_version=version,
            host_reachable=reachable,
            unread=tuple(unread),
        )

    async def preview(self, library_id: str) -> VfsPreview:
        """Let the plugin tell what it would link in a library. On demand only, never while a scan runs.

        Takes minutes, changes no link, but may leave empty show folders. Raises NotFound for an unknown library or
        a plugin before 4.2, ValueError for a text that is no library id.
        """
        known = guid(library_id)
        if known is None:
            raise ValueError("not a Jellyfin id")
        if self._prefix is None:
            await self._signalr()
        if self._prefix is None:
            raise NotFound("Shokofin does not answer", "check that the plugin is installed and active")
        reply = await self._link.exchange(
            "POST", f"{self._prefix}/Utility/VFS/Library/{known}/Preview", deadline_s=_PREVIEW_DEADLINE_S
        )
        return decode(self._link.require(reply).body, PreviewWire).fact()

    async def _signalr(self) -> SignalRStatus | None:
        """Return the plugin's connection to Shoko; find out where its routes lie. No route is never "disconnected"."""
        for prefix in (self._prefix,) if self._prefix else _PREFIXES:
            reply = await self._link.exchange("GET", f"{prefix}/SignalR/Status")
            if reply.status in _ABSENT:
                continue
            if reply.status >= 500:
                self._prefix = prefix  # its routes are there, whatever is wrong with this one
            wire = self._lenient(reply, SignalRWire)
            if wire is not None:
                self._prefix = prefix
                return SignalRStatus(usable=wire.is_usable, active=wire.is_active, state=clean_or_none(wire.state))
        self._prefix = None
        return None

    async def _connections(
        self,
    ) -> tuple[SignalRStatus | ServiceError | None, tuple[SafeText | None, bool | None]]:
        """Return the plugin's standing connection and its reach; the first look finds the way for the second."""
        signalr = await outcome(self._signalr)
        host = await outcome(self._host) if not isinstance(signalr, ServiceError) or self._prefix else (None, None)
        return signalr, (None, None) if isinstance(host, ServiceError) else host

    async def _config(self) -> ShokofinConfig | None:
        reply = await self._link.exchange("GET", f"/Plugins/{SHOKOFIN_ID}/Configuration")
        wire = None if reply.status in _ABSENT else self._lenient(reply, ConfigWire)
        return wire.fact() if wire else None

    async def _host(self) -> tuple[SafeText | None, bool | None]:
        """Return Shoko's version through the plugin, and whether the plugin reaches it (500, 502: it does not)."""
        if self._prefix is None:
            return None, None
        try:
            reply = await self._link.exchange("GET", f"{self._prefix}/Host/Version")
        except TooSlow:
            return None, None  # the plugin waits for Shoko longer than we do; that proves nothing
        if reply.status in {500, 502}:
            return None, False
        if reply.status in _ABSENT:
            return None, None
        wire = self._lenient(reply, HostVersionWire)
        return (clean_or_none(wire.version) if wire else None), True

    def _lenient[T](self, reply: Reply, kind: type[T]) -> T | None:
        """Decode a complete answer; None when its shape is not one we know. Raises for any other trouble."""
        document = decode(self._link.require(reply).body, msgspec.Raw)
        try:
            return decode(bytes(document), kind)
        except BadAnswer:
            return None


def _path(text: str | None) -> SafeText | None:
    """Return a safe path; "" is one: the mapped folder itself."""
    return None if text is None else clean_path(text)


def _first[T](*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)

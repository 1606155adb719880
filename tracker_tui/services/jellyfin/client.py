"""Client of Jellyfin 10.8 to 12: what the libraries hold, whether a scan runs, and the two calls a refresh needs.

Rules that its versions forced: the key travels as `Authorization: MediaBrowser Token=` (12 ignores every older form);
never `userId` (slow since 10.11, hides items); never an empty id list or an unbounded list (a value that does not
parse is dropped silently, and the question becomes "the whole library"); `minDateLastSavedForUser`, because
`minDateLastSaved` is broken up to 10.10. Facts read from the server's source, 10.8.13 to 12.0-rc5.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tracker_tui.config.settings import Instance
from tracker_tui.model.jellyfin import SCAN_KEY, DirectoryEntry, JellyfinItem, Plugin
from tracker_tui.model.observation import (
    Identified,
    ItemsChanged,
    ItemsListed,
    ItemsProbed,
    JellyfinSetupRead,
    LibrariesRead,
    SeriesItemsRead,
    TasksRead,
)
from tracker_tui.model.text import clean_or_none
from tracker_tui.services.decode import decode, decode_each, each
from tracker_tui.services.errors import BadAnswer, NotFound, NotPermitted, ServiceError, WrongService
from tracker_tui.services.http import INVENTORY_DEADLINE_S, Link, Meter, Params, Reply, Sessions
from tracker_tui.services.jellyfin.wire import (
    CountWire,
    EntryWire,
    InfoWire,
    ItemWire,
    LibraryWire,
    PageWire,
    PluginWire,
    RawPageWire,
    TaskWire,
    guid,
)
from tracker_tui.services.together import outcome, together

if TYPE_CHECKING:
    from tracker_tui.services.jellyfin.shokofin import ShokofinClient

PROBE_LIMIT = 150
"""Ids in one question: 35 bytes each, within the 8 KiB request line of the server and of most proxies."""
PAGE = 1000
OVERLAP = 50
"""Records by which a page repeats the one before: so many may vanish meanwhile without a gap going unnoticed."""
PAGES_LIMIT = 2000
PAGES_AT_ONCE = 2
"""Of a long list; at its end one page more than there are is asked for."""
DELTA_MARGIN = timedelta(seconds=120)
"""How far the delta feed looks back beyond the last answer: an item is saved some time after it is listed."""

DELTA_PAGE = 500

_ITEMS: Params = {
    "recursive": True,
    "fields": "Path,ProviderIds,DateCreated",
    "enableImages": False,
    "enableUserData": False,
    "enableTotalRecordCount": False,
}
_BY_AGE: Params = {"sortBy": "DateCreated,SortName", "sortOrder": "Ascending"}
"""Paging order: a file keeps its age, and new ones come last, so that a growing library moves nothing."""


_UNSAID = {400, 403, 405, 500}
"""Answers to a look at the file system that say nothing about the folder, nor about the key for other calls."""


class JellyfinLink(Link):
    """The way to one Jellyfin, for its own API and its plugins'.

    Where the configured headers already hold an `Authorization` (a proxy's Basic login), the key goes into the query
    as `ApiKey`, the one other form that 12 accepts. URLs are never part of an error, and httpx's log is silenced.
    """

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        key = instance.api_key.reveal() if instance.api_key else None
        occupied = any(name.lower() == "authorization" for name in instance.headers)
        super().__init__(
            instance, sessions, {"Authorization": f'MediaBrowser Token="{key}"'} if key and not occupied else {}
        )
        self._in_query = {"ApiKey": key} if key and occupied else {}

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        deadline_s: float | None = None,
    ) -> Reply:
        """Send one request with the key; see Link.exchange."""
        return await super().exchange(
            method, path, params={**(params or {}), **self._in_query}, body=body, headers=headers, deadline_s=deadline_s
        )


class JellyfinClient:
    """Reads one instance. Every method raises ServiceError when there is no usable answer."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self.link = JellyfinLink(instance, sessions)

    @property
    def meter(self) -> Meter:
        """Return what the exchanges cost so far."""
        return self.link.meter

    @cached_property
    def shokofin(self) -> "ShokofinClient":
        """Return the client of the plugin behind this server."""
        from tracker_tui.services.jellyfin.shokofin import ShokofinClient

        return ShokofinClient(self.link)

    async def identify(self) -> Identified:
        """Prove the key and tell the version. Raises Starting during start-up and migrations (503)."""
        return _identified(await self._info())

    async def setup(self) -> JellyfinSetupRead:
        """Read the server's facts and its plugins; plugins are None where the key may not list them."""
        info, plugins = await together(self._info(), self._plugins())
        return JellyfinSetupRead(server=info.fact(), plugins=plugins)

    async def introduction(self) -> tuple[Identified] | tuple[Identified, JellyfinSetupRead]:
        """Answer `identify` and `setup` at once; without the latter where only the plugins could not be read."""
        info, plugins = await together(self._info(), outcome(self._plugins))
        if isinstance(plugins, ServiceError):
            return (_identified(info),)
        return _identified(info), JellyfinSetupRead(server=info.fact(), plugins=plugins)

    async def libraries(self) -> LibrariesRead:
        """Read the libraries with their scan state: a directory listing plus memory, cheap enough for polling."""
        reply = self.link.require(await self.link.exchange("GET", "/Library/VirtualFolders"))
        libraries, skipped = decode_each(reply.body, LibraryWire)
        self.meter.skipped += skipped
        return LibrariesRead(libraries=tuple(library.fact() for library in libraries))

    async def tasks(self) -> TasksRead:
        """Read the full library scan's task and Shokofin's own (hidden ones included)."""
        reply = self.link.require(await self.link.exchange("GET", "/ScheduledTasks"))
        tasks, skipped = decode_each(reply.body, TaskWire)
        self.meter.skipped += skipped
        wanted = [task for task in tasks if task.key == SCAN_KEY or task.key.startswith("Shoko")]
        return TasksRead(tasks=tuple(task.fact() for task in wanted))

    async def list_items(
        self, library_id: str | None = None, types: Sequence[str] = ("Series", "Movie")
    ) -> ItemsListed:
        """Read every item of `types` in a library, or in the whole server.

        Virtual episodes (announced, without a file) are left out by the server; there may be thousands of them.
        Raises NotFound for an unknown library; BadAnswer when the library changes faster than it can be read.
        """
        within = {"parentId": _guid(library_id)} if library_id else {}
        items: list[JellyfinItem] = []
        for group, extra in (
            ([one for one in types if one != "Episode"], {}),
            ([one for one in types if one == "Episode"], {"excludeLocationTypes": "Virtual"}),
        ):
            if group:
                wanted = {**within, **extra, **_BY_AGE, "includeItemTypes": ",".join(group)}
                items += await self._read_all(wanted, PAGE, deadline_s=INVENTORY_DEADLINE_S)
        return ItemsListed(items=tuple(items), library_id=library_id, types=tuple(types))

    async def count_playable(self, library_id: str | None = None) -> int:
        """Count what has a file in a library, or in the whole server: one small answer, whatever its size."""
        params: Params = {
            **_ITEMS,
            "includeItemTypes": "Episode,Movie,Video",
            "excludeLocationTypes": "Virtual",
            "fields": "",
            "limit": 1,
            "enableTotalRecordCount": True,
            **({"parentId": _guid(library_id)} if library_id else {}),
        }
        return (await self.link.json(CountWire, "/Items", params=params)).total_record_count

    async def changed_since(self, server_time: datetime) -> ItemsChanged:
        """Read episodes and films saved after `server_time` (aware; the server's own clock) minus 120 s."""
        since = (server_time - DELTA_MARGIN).astimezone(UTC)
        items = await self._read_all(
            {
                "includeItemTypes": "Episode,Movie",
                "excludeLocationTypes": "Virtual",
                "minDateLastSavedForUser": since.strftime("%Y-%m-%dT%H:%M:%S.0000000Z"),
                "sortBy": "DateCreated",
                "sortOrder": "Descending",
            },
            DELTA_PAGE,
        )
        return ItemsChanged(items=tuple(items))

    async def probe(self, ids: Sequence[str]) -> ItemsProbed:
        """Look up items by id, 150 per call; no ids, no call.

        Where the answer holds more than was asked (the question was ignored: the whole library) or a damaged record,
        it says nothing about the ids that are missing from it: then only the ones found count as asked.
        """
        asked = list(dict.fromkeys(known for one in ids if (known := guid(one))))
        answered: list[str] = []
        found: list[JellyfinItem] = []
        for first in range(0, len(asked), PROBE_LIMIT):
            part = asked[first : first + PROBE_LIMIT]
            items, count = await self._page(
                {"ids": ",".join(part), "excludeLocationTypes": "Virtual", "limit": PROBE_LIMIT + 50}
            )
            wanted = [item for item in items if item.id in set(part)]
            answered += part if len(wanted) == count else [item.id for item in wanted]
            found += wanted
        return ItemsProbed(asked=tuple(answered), items=tuple(found))

    async def series_items(self, series_item_id: str) -> SeriesItemsRead:
        """Read all playable episodes below a series; none where the series is gone (Jellyfin says 400)."""
        try:
            items = await self._read_all(
                {
                    **_BY_AGE,
                    "parentId": _guid(series_item_id),
                    "includeItemTypes": "Episode",
                    "excludeLocationTypes": "Virtual",
                },
                PAGE,
                deadline_s=self.link.instance.timeout_s,
            )
        except NotFound:
            items = []
        return SeriesItemsRead(series_item_id=series_item_id, items=tuple(item for item in items if item.playable))

    async def media_sources(self, item_id: str) -> ItemsProbed:
        """Read one item with the paths of its merged versions. Slow on the server: for one item on demand."""
        asked = _guid(item_id)
        items, _ = await self._page({"ids": asked, "fields": "Path,ProviderIds,MediaSources", "limit": 1})
        found = tuple(item for item in items if item.id == asked)
        return ItemsProbed(asked=(asked,) if found or not items else (), items=found)

    async def environment_exists(self, path: str, *, is_file: bool) -> bool | None:
        """Return whether Jellyfin's process sees a file or folder; None where it may not be asked.

        A POST that changes nothing, as long as `IsFile` is given and `ValidateWritable` is not.
        """
        reply = await self.link.exchange("POST", "/Environment/ValidatePath", body={"Path": path, "IsFile": is_file})
        if reply.status == 404:
            return None if reply.is_html else False
        if reply.status in _UNSAID:
            return None
        self.link.require(reply)
        return True

    async def directory(self, path: str) -> tuple[DirectoryEntry, ...] | None:
        """List a folder as Jellyfin's process sees it; None where it does not exist for it.

        Raises NotPermitted where this may not be asked, or the folder cannot be read: it says nothing of other calls.
        """
        reply = await self.link.exchange(
            "GET",
            "/Environment/DirectoryContents",
            params={"path": path, "includeFiles": True, "includeDirectories": True},
        )
        if reply.status == 404 and not reply.is_html:
            return None
        if reply.status in _UNSAID:
            raise NotPermitted(f"a folder cannot be listed ({reply.status})", "use an administrator's key")
        entries, skipped = decode_each(self.link.require(reply).body, EntryWire)
        self.meter.skipped += skipped
        return tuple(entry.fact() for entry in entries)

    async def refresh_item(self, item_id: str) -> None:
        """Start a refresh of a series or a whole library (its `ItemId`). Changes the server: on the user's word only.

        Both modes are needed: they default to None, and new files would get no metadata. Raises NotFound.
        """
        self.link.require(
            await self.link.exchange(
                "POST",
                f"/Items/{_guid(item_id)}/Refresh",
                params={"metadataRefreshMode": "Default", "imageRefreshMode": "Default"},
            )
        )

    async def start_task(self, task_id: str) -> None:
        """Start a scheduled task. Changes the server: on the user's word only.

        The answer is the same when the task already runs, in which case nothing is started: look at its state.
        """
        self.link.require(await self.link.exchange("POST", f"/ScheduledTasks/Running/{_guid(task_id)}"))

    async def _plugins(self) -> tuple[Plugin, ...] | None:
        reply = await self.link.exchange("GET", "/Plugins")
        if reply.status in {403, 404}:
            return None
        plugins, skipped = decode_each(self.link.require(reply).body, PluginWire)
        self.meter.skipped += skipped
        return tuple(plugin.fact() for plugin in plugins)

    async def _info(self) -> InfoWire:
        info = await self.link.json(InfoWire, "/System/Info")
        if info.version is None or "jellyfin" not in (info.product_name or "jellyfin").lower():
            raise WrongService(
                f"{clean_or_none(info.product_name) or 'another application'} answers, not Jellyfin", "check `url`"
            )
        return info

    async def _read_all(self, params: Params, page: int, *, deadline_s: float | None = None) -> list[JellyfinItem]:
        """Read a list page by page; start over when so much vanished meanwhile that records were skipped."""
        for _ in range(3):
            items = await self._read_once(params, page, deadline_s)
            if items is not None:
                return list(items.values())
        raise BadAnswer("the library changes faster than it can be read", "wait until the scan has ended")

    async def _read_once(self, params: Params, page: int, deadline_s: float | None) -> dict[str, JellyfinItem] | None:
        """Return all records by id, after the first page by twos; None when one did not continue the one before."""
        found: dict[str, JellyfinItem] = {}
        for first in (0, *range(1, PAGES_LIMIT, PAGES_AT_ONCE)):
            starts = [number * (page - OVERLAP) for number in range(first, first + (PAGES_AT_ONCE if first else 1))]
            pages = (self._page({**params, "startIndex": start, "limit": page}, deadline_s) for start in starts)
            for items, count in await together(*pages):
                new = [item for item in items if item.id not in found]
                if first and len(new) == len(items):
                    return None
                found.update((item.id, item) for item in items)
                if count < page:
                    return found
                if not new:
                    raise BadAnswer("every page of a list is the same", "check the proxy in front of Jellyfin")
        raise BadAnswer("a list has no end", "check what answers at `url`")

    async def _page(self, params: Params, deadline_s: float | None = None) -> tuple[list[JellyfinItem], int]:
        """Return the good records of one page, and how many it had. Raises NotFound for an unknown parent (400)."""
        reply = await self.link.exchange("GET", "/Items", params={**_ITEMS, **params}, deadline_s=deadline_s)
        if reply.status == 400 and "parentId" in params:
            raise NotFound("the library or series does not exist (400)")
        body = self.link.require(reply).body
        try:
            records = decode(body, PageWire).items
            count = len(records)
        except BadAnswer:
            raws = decode(body, RawPageWire).items
            count = len(raws)
            records, _ = each(raws, ItemWire)
        items = [fact for record in records if (fact := record.fact())]
        self.meter.skipped += count - len(items)
        return items, count


def _identified(info: InfoWire) -> Identified:
    return Identified(version=clean_or_none(info.version))


def _guid(text: str) -> str:
    """Return an id fit for a query; an unfit one would make the question a wider one."""
    known = guid(text)
    if known is None:
        raise ValueError("not a Jellyfin id")
    return known

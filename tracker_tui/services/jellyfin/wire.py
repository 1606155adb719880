"""Jellyfin's JSON (10.8 to 12): only the fields we use, nulls omitted or sent, and how they become facts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from tracker_tui.model.jellyfin import (
    DirectoryEntry,
    JellyfinItem,
    JellyfinServer,
    Library,
    Plugin,
    ScheduledTask,
)
from tracker_tui.model.text import SafeText, clean, clean_or_none, clean_path
from tracker_tui.services.decode import Wire

_TICKS_PER_SECOND = 10_000_000
_GUID = re.compile(r"[0-9a-f]{32}\Z")
_NUMBERS = re.compile(r"[0-9]{1,9}")
_SHOKO_TAG = re.compile(r"\[Shoko (Series|Episode|File)=([0-9]{1,9}(?:,[0-9]{1,9})*)\]")
_ID_LIMIT = 64


class InfoWire(Wire, rename="pascal"):
    """`System/Info`."""

    id: str | None = None
    server_name: str | None = None
    version: str | None = None
    product_name: str | None = None
    has_pending_restart: bool | None = None

    def fact(self) -> JellyfinServer:
        """Return the server's facts."""
        return JellyfinServer(
            name=clean_or_none(self.server_name),
            server_id=clean_or_none(self.id, _ID_LIMIT),
            pending_restart=self.has_pending_restart,
        )


class PluginWire(Wire, rename="pascal"):
    """An element of `Plugins`."""

    id: str
    name: str | None = None
    version: str | None = None
    status: str | None = None

    def fact(self) -> Plugin:
        """Return the plugin's facts."""
        return Plugin(
            id=guid(self.id) or clean(self.id, _ID_LIMIT),
            name=clean(self.name or "", _ID_LIMIT),
            version=clean_or_none(self.version, _ID_LIMIT),
            status=clean_or_none(self.status, _ID_LIMIT),
        )


class SourceWire(Wire, rename="pascal"):
    """An element of `MediaSources`: one version of an item."""

    path: str | None = None
    type: str | None = None


class ItemWire(Wire, rename="pascal"):
    """A BaseItemDto."""

    id: str
    type: str
    name: str | None = None
    path: str | None = None
    location_type: str | None = None
    is_place_holder: bool | None = None
    index_number: int | None = None
    index_number_end: int | None = None
    parent_index_number: int | None = None
    series_id: str | None = None
    series_name: str | None = None
    provider_ids: dict[str, str | None] | None = None
    media_sources: list[SourceWire] | None = None
    date_created: datetime | None = None

    def fact(self) -> JellyfinItem | None:
        """Return the item's facts; None without a usable id."""
        own_id = guid(self.id)
        if own_id is None:
            return None
        ids = {name.lower(): text for name, text in (self.provider_ids or {}).items() if text}
        shoko = shoko_ids(ids, self.path)
        return JellyfinItem(
            id=own_id,
            type=clean(self.type, _ID_LIMIT),
            name=clean_or_none(self.name),
            path=clean_path(self.path) if self.path else None,
            location_type=clean_or_none(self.location_type, _ID_LIMIT),
            placeholder=bool(self.is_place_holder) or _only_placeholders(self.media_sources),
            season=self.parent_index_number,
            number=self.index_number,
            number_end=self.index_number_end,
            series_id=guid(self.series_id),
            series_name=clean_or_none(self.series_name),
            tvdb_id=clean_or_none(ids.get("tvdb"), _ID_LIMIT),
            tmdb_id=clean_or_none(ids.get("tmdb"), _ID_LIMIT),
            imdb_id=clean_or_none(ids.get("imdb"), _ID_LIMIT),
            anidb_id=clean_or_none(ids.get("anidb"), _ID_LIMIT),
            shoko_series_id=next(iter(shoko["series"]), None),
            shoko_group_id=next(iter(_numbers(ids.get("shoko group"))), None),
            shoko_episode_id=next(iter(shoko["episode"]), None),
            shoko_file_ids=shoko["file"],
            source_paths=None
            if self.media_sources is None
            else tuple(clean_path(one.path) for one in self.media_sources if one.path and one.type != "Placeholder"),
            created_at=moment(self.date_created),
        )


class PageWire(Wire, rename="pascal"):
    """A page of `/Items`, all records good."""

    items: list[ItemWire]


class CountWire(Wire, rename="pascal"):
    """How many records a question has, whatever page was asked for."""

    total_record_count: int


class RawPageWire(Wire, rename="pascal"):
    """The same page where some record is not."""

    items: list[msgspec.Raw]


class TypeOptionsWire(Wire, rename="pascal"):
    """The metadata settings of one item type."""

    metadata_fetchers: list[str] | None = None


class LibraryOptionsWire(Wire, rename="pascal"):
    """The settings of a virtual folder."""

    enabled: bool | None = None
    enable_realtime_monitor: bool | None = None
    type_options: list[TypeOptionsWire] | None = None


class LibraryWire(Wire, rename="pascal"):
    """An element of `Library/VirtualFolders`. `ItemId` is absent on damaged libraries."""

    name: str
    item_id: str | None = None
    locations: list[str] | None = None
    collection_type: str | None = None
    library_options: LibraryOptionsWire | None = None
    refresh_status: str | None = None
    refresh_progress: float | None = None

    def fact(self) -> Library:
        """Return the library's facts; `Enabled` exists since 10.9 and is true before."""
        options = self.library_options
        return Library(
            id=guid(self.item_id),
            name=clean(self.name),
            locations=tuple(clean_path(one) for one in self.locations or ()),
            collection_type=clean_or_none(self.collection_type, _ID_LIMIT),
            realtime=options.enable_realtime_monitor if options else None,
            enabled=None if options is None else options.enabled is not False,
            uses_shoko=self._uses_shoko(),
            refresh_status=clean_or_none(self.refresh_status, _ID_LIMIT),
            refresh_percent=self.refresh_progress if self.refresh_status in {None, "Active"} else None,
        )

    def _uses_shoko(self) -> bool | None:
        """Return whether Shokofin fills the library: its metadata comes from Shoko, or its virtual root lies in it.

        Options may be left out, and a library without its own takes the server's defaults: then the root is the proof.
        """
        options = self.library_options
        if options is not None and options.type_options:
            return any("Shoko" in (one.metadata_fetchers or ()) for one in options.type_options)
        own = guid(self.item_id)
        return True if own is not None and any(guid(_last_name(one)) == own for one in self.locations or ()) else None


def _last_name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


class TriggerWire(Wire, rename="pascal"):
    """When a task starts by itself; times in ticks of 100 ns."""

    type: str | None = None
    time_of_day_ticks: int | None = None
    interval_ticks: int | None = None


class TaskResultWire(Wire, rename="pascal"):
    """How the last run of a task went."""

    start_time_utc: datetime | None = None
    end_time_utc: datetime | None = None
    status: str | None = None


class TaskWire(Wire, rename="pascal"):
    """A scheduled task. Its name is localised: `Key` identifies it."""

    id: str
    key: str
    state: str | None = None
    current_progress_percentage: float | None = None
    last_execution_result: TaskResultWire | None = None
    triggers: list[TriggerWire] | None = None

    def fact(self) -> ScheduledTask:
        """Return the task's facts."""
        last = self.last_execution_result or TaskResultWire()
        triggers = self.triggers or []
        daily = [one.time_of_day_ticks for one in triggers if one.type == "DailyTrigger"]
        interval = [one.interval_ticks for one in triggers if one.type == "IntervalTrigger"]
        return ScheduledTask(
            id=guid(self.id) or clean(self.id, _ID_LIMIT),
            key=clean(self.key, _ID_LIMIT),
            state=clean_or_none(self.state, _ID_LIMIT),
            percent=self.current_progress_percentage,
            last_started_at=moment(last.start_time_utc),
            last_ended_at=moment(last.end_time_utc),
            last_status=clean_or_none(last.status, _ID_LIMIT),
            daily_at_s=_soonest(daily),
            interval_s=_soonest(interval),
        )


class EntryWire(Wire, rename="pascal"):
    """An element of `Environment/DirectoryContents`."""

    name: str
    type: str | None = None

    def fact(self) -> DirectoryEntry:
        """Return the entry's facts."""
        return DirectoryEntry(name=SafeText(clean_path(self.name)), is_folder=self.type == "Directory")


def guid(text: str | None) -> str | None:
    """Return an id as 32 lower-case hex digits; None for anything else, and for the empty id."""
    if text is None:
        return None
    plain = text.replace("-", "").lower()
    return plain if _GUID.match(plain) and plain.strip("0") else None


def moment(raw: datetime | None) -> datetime | None:
    """Return an aware UTC time; .NET's "never" (year 1) is None."""
    if raw is None or raw.year < 1970:
        return None
    return raw.astimezone(UTC) if raw.tzinfo else raw.replace(tzinfo=UTC)


def shoko_ids(provider_ids: Mapping[str, str], path: str | None) -> dict[str, tuple[int, ...]]:
    """Return Shoko's series, episode and file ids of an item: from its provider ids, else from its path's tags.

    `provider_ids` has lower-case names. Of several tags the last counts: the folder carries the show's, the file
    name its own series and files. Ids that are not numbers (Shokofin 6 under TMDB structure) are no Shoko ids.
    """
    tags = dict(_SHOKO_TAG.findall(path)) if path and "[Shoko " in path else {}
    return {
        kind.lower(): _numbers(provider_ids.get(f"shoko {kind.lower()}")) or _numbers(tags.get(kind))
        for kind in ("Series", "Episode", "File")
    }


def _numbers(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    parts = [part.strip() for part in text.split(",")]
    return tuple(int(part) for part in parts if _NUMBERS.fullmatch(part))


def _only_placeholders(sources: list[SourceWire] | None) -> bool:
    return bool(sources) and all(one.type == "Placeholder" for one in sources or ())


def _soonest(ticks: list[int | None]) -> int | None:
    return min((one // _TICKS_PER_SECOND for one in ticks if one is not None), default=None)

"""What a simulated Jellyfin's libraries hold, and its `/Items` query with the real server's traps."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tracker_tui.simulate.jellyfin.ids import computed_id

Json = dict[str, object]
Version = tuple[int, ...]

SERVER_ID = "8d5f0c9be6334fbc9be29bbb0b76c9f1"
_TYPES = {"episode", "movie", "video", "series", "season", "audio", "boxset", "collectionfolder", "folder"}
_SORTS: dict[str, Callable[["Item"], object]] = {
    "datecreated": lambda item: item.created_at,
    "sortname": lambda item: (item.series_name or "", item.season or 0, item.number or 0, item.name),
}
_GUID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass
class Item:
    """One item. `saved_at` is when its metadata was first saved, some seconds after it was listed."""

    id: str
    type: str
    name: str
    library_id: str
    path: str | None = None
    season: int | None = None
    number: int | None = None
    number_end: int | None = None
    series_id: str | None = None
    series_name: str | None = None
    season_id: str | None = None
    provider_ids: dict[str, str] = field(default_factory=dict)
    placeholder: bool = False
    primary_id: str | None = None
    """Set on a further version of the same film."""
    sources: list[str] = field(default_factory=list)
    created_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    saved_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)

    @property
    def location_type(self) -> str:
        """Return what the server computes from the path."""
        if self.path is None:
            return "Virtual"
        return "Remote" if "://" in self.path else "FileSystem"


@dataclass
class SimulatedLibrary:
    """A virtual folder."""

    id: str
    name: str
    locations: list[str]
    collection_type: str
    realtime: bool = True
    fetchers: tuple[str, ...] = ("TheMovieDb",)


class UnknownParent(Exception):
    """`parentId` names nothing: the server answers 400."""


class BrokenQuery(Exception):
    """The server's own SQL fails: it answers 500."""


def item_id(item_type: str, path: str, data_path: str) -> str:
    """Return the id the server computes; below its data folder paths are hashed relative, with backslashes."""
    if path.startswith(data_path + "/"):
        path = path[len(data_path) + 1 :].replace("/", "\\")
    return computed_id(item_type, path)


def guid(text: str) -> str | None:
    """Return an id as the server parses it, dashes or not; None where it does not parse."""
    plain = text.replace("-", "").lower()
    return plain if _GUID.match(plain) else None


def dashed(own_id: str) -> str:
    """Return an id in the form with dashes, as plugins name folders."""
    return str(uuid.UUID(hex=own_id))


def dotnet(moment: datetime) -> str:
    """Return a time as Jellyfin writes it: UTC, seven fractional digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def query(
    items: Mapping[str, Item],
    libraries: Iterable[SimulatedLibrary],
    asked: Mapping[str, str],
    *,
    version: Version,
    now: datetime,
) -> list[Item]:
    """Return the items that `/Items` finds; `asked` has lower-case names. Values that do not parse are dropped."""
    found = _children(items, libraries, asked, version)
    ids = {known for one in asked.get("ids", "").split(",") if (known := guid(one))}
    if ids:
        found = [item for item in found if item.id in ids]
    types = {one.lower() for one in asked.get("includeitemtypes", "").split(",")} & _TYPES
    if types:
        found = [item for item in found if item.type.lower() in types]
    if "virtual" in asked.get("excludelocationtypes", "").lower() or asked.get("ismissing", "").lower() == "false":
        found = [item for item in found if item.path is not None]
    if version >= (12,):
        found = [item for item in found if item.primary_id is None]
    found = _saved_since(found, asked, version, now)
    for name in reversed(asked.get("sortby", "sortname").lower().split(",")):
        if name in _SORTS:
            found.sort(key=_SORTS[name], reverse=asked.get("sortorder", "").lower().startswith("desc"))  # type: ignore[arg-type]
    return found


def _children(
    items: Mapping[str, Item],
    libraries: Iterable[SimulatedLibrary],
    asked: Mapping[str, str],
    version: Version,
) -> list[Item]:
    parent_text = asked.get("parentid", "")
    if not parent_text:
        return list(items.values()) if asked.get("recursive", "").lower() == "true" or asked.get("ids") else []
    parent_id = guid(parent_text)
    if parent_id in {library.id for library in libraries}:
        return [item for item in items.values() if item.library_id == parent_id]
    parent = items.get(parent_id or "")
    if parent is None:
        raise UnknownParent
    if parent.type == "Season":
        broken = version >= (10, 11)  # a key-only query below a season finds nothing (jellyfin/jellyfin#15107)
        return [] if broken else [item for item in items.values() if item.season_id == parent_id]
    # below a series the server itself leaves virtual items out
    return [item for item in items.values() if item.series_id == parent_id and item.path is not None]


def _saved_since(found: list[Item], asked: Mapping[str, str], version: Version, now: datetime) -> list[Item]:
    if asked.get("mindatelastsaved") and version < (10, 11):
        if version >= (10, 9):
            raise BrokenQuery
        return []
    since_text = asked.get("mindatelastsavedforuser") or asked.get("mindatelastsaved")
    if not since_text:
        return found
    since = datetime.fromisoformat(since_text)
    return [item for item in found if since <= item.saved_at <= now]


def page(found: Sequence[Item], asked: Mapping[str, str], *, now: datetime) -> Json:
    """Return the answer of `/Items`: the asked page of the found items."""
    start = int(asked.get("startindex") or 0)
    limit = int(asked.get("limit") or 0) or len(found)
    part = found[start : start + limit]
    counted = asked.get("enabletotalrecordcount", "true").lower() != "false"
    fields = {one.strip().lower() for one in asked.get("fields", "").split(",")}
    return {
        "Items": [render(item, fields, now=now) for item in part],
        "TotalRecordCount": len(found) if counted else len(part),
        "StartIndex": start,
    }


def render(item: Item, fields: set[str], *, now: datetime) -> Json:
    """Return an item as the server sends it: nulls omitted, some fields only on request."""
    saved = item.saved_at <= now
    full: Json = {
        "Name": item.name,
        "ServerId": SERVER_ID,
        "Id": item.id,
        "DateCreated": dotnet(item.created_at) if "datecreated" in fields else None,
        "Container": "mkv" if item.path and item.type != "Series" else None,
        "Path": item.path if "path" in fields else None,
        "ProviderIds": (dict(item.provider_ids) if saved else {}) if "providerids" in fields else None,
        "IsFolder": item.type in {"Series", "Season"},
        "Type": item.type,
        "MediaType": "Unknown" if item.type in {"Series", "Season"} else "Video",
        "IndexNumber": item.number,
        # the end of a multi-episode file is read from its name by the first metadata refresh
        "IndexNumberEnd": item.number_end if saved else None,
        "ParentIndexNumber": item.season,
        "SeriesName": item.series_name,
        "SeriesId": item.series_id,
        "SeasonId": item.season_id,
        "IsPlaceHolder": True if item.placeholder else None,
        "LocationType": item.location_type,
        "VideoType": "VideoFile" if item.path and item.type != "Series" else None,
        "MediaSources": [
            {"Protocol": "File", "Id": item.id, "Path": path, "Type": "Default", "Name": path.rpartition("/")[2]}
            for path in ([item.path] if item.path else []) + item.sources
        ]
        if "mediasources" in fields
        else None,
    }
    return {name: value for name, value in full.items() if value is not None}

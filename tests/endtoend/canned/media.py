"""Jellyfin."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.endtoend.canned.reciter import Reciter, guid, iso
from tests.endtoend.stage import Json
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock


class Jellyfin(Reciter):
    """A Jellyfin 10.11 with one library of series and one of films; no Shokofin unless `plugin` is called."""

    kind = Kind.JELLYFIN

    def __init__(self, clock: SimClock, name: str, *, version: str = "10.11.5") -> None:
        super().__init__(clock, name)
        self.items: list[Json] = []
        self.task: Json = {
            "Id": "7738148ffcd07979c7ceb148e06b3aed",
            "Key": "RefreshLibrary",
            "State": "Idle",
            "LastExecutionResult": {
                "StartTimeUtc": iso(-12),
                "EndTimeUtc": iso(-10),
                "Status": "Completed",
            },
            "Triggers": [],
        }
        self.libraries: list[Json] = [
            self.library(1, "TV-Shows", "tvshows", "/data/tv"),
            self.library(2, "Movies", "movies", "/data/movies"),
        ]
        self.answers = {
            "/System/Info": {"Id": guid(9), "ServerName": "jf", "Version": version, "ProductName": "Jellyfin Server"},
            "/Plugins": [],
            "/Library/VirtualFolders": lambda _: self.libraries,
            "/ScheduledTasks": lambda _: [self.task],
            f"/ScheduledTasks/{self.task['Id']}": lambda _: self.task,
            "/Items": self._items,
            "/Environment/ValidatePath": lambda _: web.Response(status=204),
            "/Environment/DirectoryContents": [],
        }

    @staticmethod
    def library(number: int, name: str, kind: str, path: str, *, shoko: bool = False) -> Json:
        """Return a library."""
        return {
            "Name": name,
            "ItemId": guid(number),
            "Locations": [path],
            "CollectionType": kind,
            "LibraryOptions": {
                "Enabled": True,
                "EnableRealtimeMonitor": True,
                "TypeOptions": [
                    {"Type": one, "MetadataFetchers": ["Shoko"] if shoko else ["TheMovieDb"]}
                    for one in ("Series", "Season", "Episode", "Movie")
                ],
            },
        }

    def _items(self, request: web.Request) -> Json:
        query = {name.lower(): value for name, value in request.query.items()}
        found = self.items
        if types := query.get("includeitemtypes"):
            found = [one for one in found if one["Type"] in types.split(",")]
        if query.get("excludelocationtypes") == "Virtual":
            found = [one for one in found if one.get("LocationType") != "Virtual"]
        if ids := query.get("ids"):
            found = [one for one in found if one["Id"] in ids.split(",")]
        if parent := query.get("parentid"):
            found = [one for one in found if parent in {one.get("SeriesId"), one.get("Library")}]
        if since := query.get("mindatelastsavedforuser"):
            found = [one for one in found if one.get("Saved", "") >= since]
        start, limit = int(query.get("startindex", 0)), int(query.get("limit", 10**6))
        return {"Items": found[start : start + limit], "TotalRecordCount": len(found), "StartIndex": start}

    def movie(self, number: int, name: str, tmdb: int, path: str | None, **more: Any) -> Json:
        """Add a film."""
        record = {
            "Id": guid(number),
            "Type": "Movie",
            "Name": name,
            "LocationType": "FileSystem",
            "ProviderIds": {"Tmdb": str(tmdb)},
            "Library": guid(2),
            **({"Path": path} if path else {}),
            **more,
        }
        self.items.append(record)
        return record

    def show(self, number: int, name: str, tvdb: int, files: Iterable[tuple[int, int, str]], **more: Any) -> list[Json]:
        """Add a series with episodes: (season, number, path); their ids follow its own."""
        self.items.append(
            {
                "Id": guid(number),
                "Type": "Series",
                "Name": name,
                "LocationType": "FileSystem",
                "ProviderIds": {"Tvdb": str(tvdb)},
                "Path": f"/data/tv/{name}",
                "Library": guid(1),
            }
            | more
        )
        episodes = [
            {
                "Id": guid(number + index),
                "Type": "Episode",
                "Name": f"Part {episode}",
                "LocationType": "FileSystem",
                "ProviderIds": {},
                "Path": path,
                "ParentIndexNumber": season,
                "IndexNumber": episode,
                "SeriesId": guid(number),
                "SeriesName": name,
                "Library": guid(1),
            }
            for index, (season, episode, path) in enumerate(files, 1)
        ]
        self.items += episodes
        return episodes

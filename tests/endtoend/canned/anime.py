"""Shoko."""

from typing import Any

from aiohttp import web

from tests.endtoend.canned.reciter import GIB, Reciter, iso
from tests.endtoend.stage import Json
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock


class Shoko(Reciter):
    """A Shoko 5.2."""

    kind = Kind.SHOKO

    def __init__(self, clock: SimClock, name: str, *, version: str = "5.2.5.0") -> None:
        super().__init__(clock, name)
        self.files: list[Json] = []
        self.folders = [
            {"ID": 1, "Name": "anime", "Path": "/data/anime/", "WatchForNewFiles": True, "DropFolderType": 0}
        ]
        base = "/api/v3"
        self.answers = {
            f"{base}/Init/Version": {"Server": {"Version": version}},
            f"{base}/Init/Status": {"State": "Started"},
            f"{base}/Init/Connectivity": {
                "NetworkAvailability": "Internet",
                "IsAniDBUdpReachable": True,
                "IsAniDBHttpBanned": False,
                "IsAniDBUdpBanned": False,
            },
            f"{base}/User/Current": {"ID": 1, "Username": "Default", "IsAdmin": True},
            f"{base}/Queue": {
                "WaitingCount": 0,
                "BlockedCount": 0,
                "TotalCount": 0,
                "ThreadCount": 4,
                "CurrentlyExecuting": [],
            },
            f"{base}/Queue/Types": {},
            f"{base}/Queue/Items": {"Total": 0, "List": []},
            f"{base}/AniDB/BanStatus": None,
            f"{base}/ImportFolder": lambda _: self.folders,
            f"{base}/File/PathEndsWith": self._ending,
        }

    def _ending(self, request: web.Request) -> list[Json]:
        tail = request.query["path"].lstrip("/")
        return [one for one in self.files if any(each["RelativePath"].endswith(tail) for each in one["Locations"])]

    def file(
        self, number: int, relative: str, series: int | None = None, episode: int | None = None, **more: Any
    ) -> Json:
        """Add a hashed file; matched if it has a series."""
        links = [{"SeriesID": {"ID": series, "AniDB": 18000}, "EpisodeIDs": [{"ID": episode, "AniDB": 250000}]}]
        record = {
            "ID": number,
            "Size": GIB,
            "IsVariation": False,
            "Hashes": {"ED2K": f"{number:032x}"},
            "Locations": [{"ImportFolderID": 1, "RelativePath": relative, "IsAccessible": True}],
            "Created": iso(-60),
            "Imported": iso(-55) if series else None,
            "SeriesIDs": links if series else [],
            **more,
        }
        self.files.append(record)
        return record

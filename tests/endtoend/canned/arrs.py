"""Sonarr and Radarr."""

from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from tests.endtoend.canned.reciter import GIB, Reciter, iso, last_of, number_of
from tests.endtoend.stage import Json
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock


class Arr(Reciter):
    """Sonarr or Radarr: `entries` are series or films."""

    def __init__(self, clock: SimClock, name: str, *, version: str) -> None:
        super().__init__(clock, name)
        self.entries: list[Json] = []
        self.episodes: list[Json] = []
        self.files: list[Json] = []
        self.queue: list[Json] = []
        self.history: list[Json] = []
        self.commands: list[Json] = []
        self.tags: list[Json] = []
        self.clients: list[Json] = []
        is_film = self.kind is Kind.RADARR
        base, plural, one = "/api/v3", "movie" if is_film else "series", "movieId" if is_film else "seriesId"

        def mine(records: Callable[[], list[Json]], key: str) -> Callable[[web.Request], list[Json]]:
            return lambda request: [each for each in records() if each.get(key) == number_of(request, key)]

        def single(request: web.Request) -> Json | None:
            return next((each for each in self.entries if each["id"] == last_of(request)), None)

        def since(request: web.Request) -> list[Json]:
            return [each for each in self.history if each["date"] >= request.query["date"]]

        def page(request: web.Request) -> Json:
            ordered = sorted(self.history, key=lambda each: str(each["date"]), reverse=True)
            return {"page": 1, "pageSize": 250, "totalRecords": len(ordered), "records": ordered}

        def entries(request: web.Request) -> list[Json]:
            wanted = [each for each in self.entries if "tmdbId" not in request.query or not is_film]
            return wanted or mine(lambda: self.entries, "tmdbId")(request)

        self.answers = {
            f"{base}/system/status": {"appName": self.kind.title, "version": version},
            f"{base}/{plural}": entries,
            f"{base}/{plural}/*": single,
            f"{base}/episode": mine(lambda: self.episodes, "seriesId"),
            f"{base}/{'moviefile' if is_film else 'episodefile'}": mine(lambda: self.files, one),
            f"{base}/queue/details": lambda _: self.queue,
            f"{base}/history": page,
            f"{base}/history/since": since,
            f"{base}/history/{plural}": mine(lambda: self.history, one),
            f"{base}/command": lambda _: self.commands,
            f"{base}/health": [],
            f"{base}/tag": lambda _: self.tags,
            f"{base}/downloadclient": lambda _: self.clients,
            f"{base}/rootfolder": [],
            f"{base}/remotepathmapping": [],
        }


class Sonarr(Arr):
    """A Sonarr."""

    kind = Kind.SONARR

    def series(self, number: int, title: str, seasons: dict[int, int], **more: Any) -> Json:
        """Add a series with aired, monitored episodes: season -> how many. Their ids are 100 x series + n."""
        path = more.get("path", f"/data/tv/{title}")
        record = {
            "id": number,
            "title": title,
            "year": 2022,
            "tvdbId": 900000 + number,
            "tmdbId": 800000 + number,
            "seriesType": "standard",
            "path": path,
            "monitored": True,
            "added": "2025-01-01T00:00:00Z",
            "tags": [],
            "seasons": [{"seasonNumber": one, "monitored": one != 0} for one in seasons],
            **more,
        }
        self.entries.append(record)
        for season, count in seasons.items():
            for one in range(1, count + 1):
                self.episodes.append(
                    {
                        "id": number * 100 + len([each for each in self.episodes if each["seriesId"] == number]) + 1,
                        "seriesId": number,
                        "seasonNumber": season,
                        "episodeNumber": one,
                        "title": f"Part {one}",
                        "airDateUtc": "2022-07-02T14:30:00Z",
                        "monitored": season != 0,
                        "hasFile": False,
                        "episodeFileId": 0,
                    }
                )
        return record

    def of(self, number: int, season: int | None = None) -> list[Json]:
        """Return the episodes of a series."""
        return [one for one in self.episodes if one["seriesId"] == number and season in {None, one["seasonNumber"]}]

    def has(self, episodes: Iterable[Json], *, added: str = "2025-02-01T00:00:00Z", where: str | None = None) -> None:
        """Let each episode have a file of its own."""
        for one in episodes:
            series = next(each for each in self.entries if each["id"] == one["seriesId"])
            name = f"S{one['seasonNumber']:02}E{one['episodeNumber']:02}.mkv"
            folder = where or f"{series['path']}/Season {one['seasonNumber']:02}"
            one |= {"hasFile": True, "episodeFileId": one["id"] + 50000}
            self.files.append(
                {
                    "id": one["id"] + 50000,
                    "seriesId": one["seriesId"],
                    "path": f"{folder}/{series['title']} - {name}",
                    "size": GIB,
                    "dateAdded": added,
                    "quality": {"quality": {"name": "WEBDL-1080p"}},
                }
            )

    def grabbed(self, episodes: Iterable[Json], download: str, *, at: float = -30.0, **more: Any) -> None:
        """Let each episode be grabbed: history alone."""
        for one in episodes:
            self.event("grabbed", one, download, at=at, **more)

    def event(self, kind: str, one: Json, download: str | None = None, *, at: float = -30.0, **more: Any) -> None:
        """Add a history event."""
        self.history.append(
            {
                "id": len(self.history) + 1,
                "eventType": kind,
                "date": iso(at),
                "seriesId": one["seriesId"],
                "episodeId": one["id"],
                "sourceTitle": more.pop("sourceTitle", "Some.Release"),
                "quality": {"quality": {"name": "WEBDL-1080p"}},
                "data": {"indexer": "Nyaa.si", **more.pop("data", {})},
                **({"downloadId": download} if download else {}),
                **more,
            }
        )

    def queued(self, episodes: Iterable[Json], download: str, **more: Any) -> None:
        """Let each episode be in the queue."""
        for one in episodes:
            self.queue.append(
                {
                    "id": len(self.queue) + 1,
                    "title": "Some.Release",
                    "seriesId": one["seriesId"],
                    "episodeId": one["id"],
                    "seasonNumber": one["seasonNumber"],
                    "downloadId": download,
                    "status": "downloading",
                    "trackedDownloadStatus": "ok",
                    "trackedDownloadState": "downloading",
                    "protocol": "torrent",
                    "size": 4 * GIB,
                    "sizeleft": 2 * GIB,
                    **more,
                }
            )


class Radarr(Arr):
    """A Radarr."""

    kind = Kind.RADARR

    def film(self, number: int, title: str, **more: Any) -> Json:
        """Add a film without a file."""
        record = {
            "id": number,
            "title": title,
            "year": 2024,
            "tmdbId": 700000 + number,
            "path": f"/data/movies/{title} (2024)",
            "monitored": True,
            "isAvailable": True,
            "hasFile": False,
            "added": "2025-01-01T00:00:00Z",
            "tags": [],
            **more,
        }
        self.entries.append(record)
        return record

    def has(self, film: Json, *, added: str = "2025-02-01T00:00:00Z", path: str | None = None) -> None:
        """Let a film have a file."""
        film["hasFile"] = True
        film["movieFile"] = {
            "id": film["id"] + 50000,
            "movieId": film["id"],
            "path": path or f"{film['path']}/{film['title']}.mkv",
            "size": 2 * GIB,
            "dateAdded": added,
            "quality": {"quality": {"name": "WEBDL-1080p"}},
        }
        self.files.append(film["movieFile"])

    def event(self, kind: str, film: Json, download: str | None = None, *, at: float = -30.0, **more: Any) -> None:
        """Add a history event."""
        self.history.append(
            {
                "id": len(self.history) + 1,
                "eventType": kind,
                "date": iso(at),
                "movieId": film["id"],
                "sourceTitle": "Some.Film",
                "quality": {"quality": {"name": "WEBDL-1080p"}},
                "data": {"indexer": "Nyaa.si", **more.pop("data", {})},
                **({"downloadId": download} if download else {}),
                **more,
            }
        )

    def queued(self, film: Json | None, download: str, **more: Any) -> None:
        """Add a record to the queue; without a film an unknown one."""
        self.queue.append(
            {
                "id": len(self.queue) + 1,
                "title": "Some.Film",
                **({"movieId": film["id"]} if film else {}),
                "downloadId": download,
                "status": "downloading",
                "trackedDownloadStatus": "ok",
                "trackedDownloadState": "downloading",
                "protocol": "torrent",
                "size": 4 * GIB,
                "sizeleft": 2 * GIB,
                **more,
            }
        )

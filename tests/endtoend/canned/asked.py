"""Seerr."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.endtoend.canned.reciter import Reciter, iso, last_of, number_of
from tests.endtoend.stage import Json
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock


class Seerr(Reciter):
    """A Seerr; titles come from `titles`: ("movie" or "tv", TMDB id) -> name."""

    kind = Kind.SEERR

    def __init__(self, clock: SimClock, name: str, *, version: str = "2.7.3") -> None:
        super().__init__(clock, name)
        self.requests: list[Json] = []
        self.titles: dict[tuple[str, int], Json] = {}
        self.servers: dict[str, list[Json]] = {
            "sonarr": [{"id": 0, "name": "Sonarr"}],
            "radarr": [{"id": 0, "name": "Radarr"}],
        }
        base = "/api/v1"
        self.answers = {
            f"{base}/status": {"version": version},
            f"{base}/settings/public": {"mediaServerType": 2},
            f"{base}/request/count": lambda _: {
                "total": len(self.requests),
                "pending": len([one for one in self.requests if one["status"] == 1]),
                "approved": len([one for one in self.requests if one["status"] == 2]),
            },
            f"{base}/request": self._page,
            f"{base}/request/*": lambda request: next(
                (one for one in self.requests if one["id"] == last_of(request)),
                web.json_response({"message": "Request not found."}, status=404),
            ),
            f"{base}/movie/*": lambda request: self.titles.get(("movie", last_of(request))),
            f"{base}/tv/*": lambda request: self.titles.get(("tv", last_of(request))),
            f"{base}/service/sonarr": lambda _: self.servers["sonarr"],
            f"{base}/service/radarr": lambda _: self.servers["radarr"],
        }

    def _page(self, request: web.Request) -> Json:
        which = request.query.get("filter", "all")
        take, skip = number_of(request, "take"), number_of(request, "skip")
        chosen = [
            one
            for one in sorted(self.requests, key=lambda each: str(each["updatedAt"]), reverse=True)
            if which == "all"
            or (which == "failed" and one["status"] == 4)
            or (which == "unavailable" and one["status"] in {1, 2} and one["media"]["status"] != 5)
        ]
        return {"pageInfo": {"results": len(chosen), "pages": 1, "page": 1}, "results": chosen[skip : skip + take]}

    def asks(self, number: int, entry: Json, seasons: Iterable[int] = (), **more: Any) -> Json:
        """Add an approved request for a series (with seasons) or a film."""
        is_film = "tvdbId" not in entry
        self.titles[("movie" if is_film else "tv", entry["tmdbId"])] = {
            "title" if is_film else "name": entry["title"],
            "releaseDate" if is_film else "firstAirDate": f"{entry['year']}-01-01",
        }
        media: Json = {
            "status": 3,
            "tmdbId": entry["tmdbId"],
            "tvdbId": entry.get("tvdbId"),
            "externalServiceId": entry["id"],
            "serviceId": 0,
            **more.pop("media", {}),
        }
        record = {
            "id": number,
            "status": 2,
            "type": "movie" if is_film else "tv",
            "is4k": False,
            "createdAt": iso(-120),
            "updatedAt": iso(-119),
            "seasons": [{"seasonNumber": one} for one in seasons],
            "requestedBy": {"displayName": "adept"},
            "media": media,
            **more,
        }
        self.requests.append(record)
        return record

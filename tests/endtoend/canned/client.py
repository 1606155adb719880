"""qBittorrent."""

from typing import Any

from aiohttp import web

from tests.endtoend.canned.reciter import GIB, Reciter, epoch
from tests.endtoend.stage import Json
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock


class Client(Reciter):
    """qBittorrent, without a login."""

    kind = Kind.QBITTORRENT

    def __init__(self, clock: SimClock, name: str, *, version: str = "v5.1.4", web_api: str = "2.11.4") -> None:
        super().__init__(clock, name)
        self.torrents: dict[str, Json] = {}
        self.contents: dict[str, list[Json]] = {}
        self.server = {"connection_status": "connected", "dl_info_speed": 1, "free_space_on_disk": 1 << 40}
        base = "/api/v2"
        self.answers = {
            f"{base}/auth/login": "Ok.",
            f"{base}/auth/logout": "",
            f"{base}/app/version": version,
            f"{base}/app/webapiVersion": web_api,
            f"{base}/sync/maindata": lambda _: {
                "rid": 1,
                "full_update": True,
                "torrents": self.torrents,
                "server_state": self.server,
            },
        }

    async def _recite(self, request: web.Request) -> web.Response:
        if request.path == "/api/v2/torrents/files":
            hash_ = (await request.post()).get("hash") or request.query.get("hash")
            files = self.contents.get(str(hash_))
            return web.json_response(files) if files is not None else web.Response(status=404, text="Not Found")
        return await super()._recite(request)

    def torrent(self, hash_: str, state: str = "downloading", progress: float = 0.5, **more: Any) -> Json:
        """Add a torrent of four GiB."""
        size = more.get("size", 4 * GIB)
        record = {
            "name": "Some.Release",
            "state": state,
            "progress": progress,
            "size": size,
            "total_size": size,
            "amount_left": int(size * (1 - progress)),
            "completed": int(size * progress),
            "dlspeed": 1 << 20 if state == "downloading" else 0,
            "eta": 600 if state == "downloading" else 8640000,
            "category": "tv-sonarr",
            "save_path": "/data/downloads/complete",
            "added_on": epoch(-30),
            "completion_on": epoch(-10) if progress == 1 else -1,
            "last_activity": epoch(0),
            "num_seeds": 5,
            "num_complete": 9,
            "availability": 5.0,
            **more,
        }
        self.torrents[hash_] = record
        return record

    def holds(self, hash_: str, files: dict[str, float], size: int = GIB) -> None:
        """Let a torrent hold files: name -> progress."""
        self.contents[hash_] = [
            {"index": number, "name": name, "size": size, "progress": progress, "priority": 1}
            for number, (name, progress) in enumerate(files.items())
        ]

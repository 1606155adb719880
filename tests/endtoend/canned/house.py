"""The services of one case, looked at as `--once --json` does."""

import json
from pathlib import Path
from typing import Any

import msgspec

from tests.endtoend.canned.anime import Shoko
from tests.endtoend.canned.arrs import Radarr, Sonarr
from tests.endtoend.canned.asked import Seerr
from tests.endtoend.canned.client import Client
from tests.endtoend.canned.media import Jellyfin
from tests.endtoend.canned.reciter import Reciter
from tests.endtoend.stage import NOON, Look
from tracker_tui.config.settings import Instance, Secret, Settings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.headless.document import document
from tracker_tui.headless.exit_codes import exit_code
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.server import SimHost
from tracker_tui.store.store import Store

KEY = "0123456789abcdef0123456789abcdef"


class House:
    """The services of one case, their clock, and the store that the looks share."""

    def __init__(self, folder: Path) -> None:
        self.clock = SimClock(NOON)
        self.store_path = folder / "state.json"
        self._host = SimHost()
        self.services: list[Reciter] = []
        self.more: dict[str, dict[str, Any]] = {}
        """Further settings of an instance, by name."""

    def add[S: Reciter](self, service: S) -> S:
        """Start a service."""
        self._host.add(service)
        self.services.append(service)
        return service

    def sonarr(self, name: str = "sonarr", version: str = "4.0.17.2952") -> Sonarr:
        return self.add(Sonarr(self.clock, name, version=version))

    def radarr(self, name: str = "radarr", version: str = "6.0.4.10291") -> Radarr:
        return self.add(Radarr(self.clock, name, version=version))

    def client(self, name: str = "qbittorrent", **more: Any) -> Client:
        return self.add(Client(self.clock, name, **more))

    def shoko(self, name: str = "shoko", **more: Any) -> Shoko:
        return self.add(Shoko(self.clock, name, **more))

    def jellyfin(self, name: str = "jellyfin", **more: Any) -> Jellyfin:
        return self.add(Jellyfin(self.clock, name, **more))

    def seerr(self, name: str = "seerr", **more: Any) -> Seerr:
        return self.add(Seerr(self.clock, name, **more))

    def down(self, service: Reciter) -> None:
        """Stop listening."""
        self._host.stop(service)

    def up(self, service: Reciter) -> None:
        """Listen again, at the same address."""
        self._host.add(service, int(service.url.rpartition(":")[2]))

    def close(self) -> None:
        self._host.close()

    @property
    def settings(self) -> Settings:
        """Return the configuration that reaches the services."""
        return Settings(
            instances=tuple(
                Instance(
                    kind=one.kind,
                    name=one.name,
                    url=one.url,
                    **(
                        {"username": "admin", "password": Secret("adminadmin")}
                        if one.kind is Kind.QBITTORRENT
                        else {"api_key": Secret(KEY)}
                    ),
                    **self.more.get(one.name, {}),
                )
                for one in self.services
            )
        )

    def passes(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.jump(seconds=minutes * 60)

    async def look(self, *, store: bool = True, timeout_s: float = 10.0) -> Look:
        """Take a snapshot with a program started anew, on the store that all looks share or on none."""
        store_of = Store.open(self.store_path) if store else Store.open(self.store_path.with_name("none.json"))
        watch = Watch(self.settings, store_of, clock=CorrectedClock(self.clock.now))
        try:
            world = await watch.snapshot(timeout_s)
        finally:
            await watch.close()
        if not store:
            store_of_path = self.store_path.with_name("none.json")
            store_of_path.unlink(missing_ok=True)
        text = msgspec.json.encode(document(world, world.requests)).decode()
        assert KEY not in text
        return Look(json.loads(text), exit_code(world))

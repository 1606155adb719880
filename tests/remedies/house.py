"""A household whose matched anime Jellyfin lacks, over loopback HTTP, and what a refresh needs beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from tracker_tui.config.settings import Settings, StoreSettings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.world import RequestRow, World
from tracker_tui.remedies.events import Event, Outcome, Reached
from tracker_tui.remedies.proposal import Proposal, Refusal, RequestTarget, Target
from tracker_tui.remedies.refresh import Pace
from tracker_tui.remedies.vfs_refresh import VfsRefresh
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.simulate.household.titles import Film, Show, Wanted, jellyfin_path
from tracker_tui.simulate.jellyfin.shokofin import SimulatedShokofin
from tracker_tui.simulate.jellyfin.shokofin_source import ShokoStateSource
from tracker_tui.simulate.server import Call, SimHost
from tracker_tui.simulate.story.opening import arrives, wanted_by
from tracker_tui.simulate.story.titles import (
    HARBOR_LIGHTS,
    HARBOR_LIGHTS_RELEASE,
    LYCORIS_PACK,
    LYCORIS_RECOIL,
)
from tracker_tui.store.store import Store

SPEED = 40.0
"""Simulated seconds per real second while a refresh is carried out."""
PACE = Pace(poll_s=0.05, unseen_s=0.4, clear_s=2.0, limit_s=20.0, silence_s=1.0, settle_s=0.3, series_settle_s=2.0)
FOLDERS = {ANIME_SHOWS: 1, "Anime Movies": 2, "Anime Classics": 3}


class House:
    """The household. Time stands still but for `wait`; all of Lycoris Recoil is matched, none in Jellyfin."""

    def __init__(self, host: SimHost, shokofin: str = "6.0.2.0", *, bring: bool = True) -> None:
        self.host = host
        self.clock = SimClock(START)
        self.home = Household(self.clock)
        if shokofin != "6.0.2.0":
            self._replace_plugin(shokofin)
        self.home.shokofin.drops_events = True
        self.jellyfin = self.home.jellyfin
        self.jellyfin.scan_daily(timedelta(hours=3))
        if bring:
            self.bring(LYCORIS_RECOIL)
        for service in self.home.services.values():
            host.add(service)

    def _replace_plugin(self, version: str) -> None:
        home = self.home
        plugin = SimulatedShokofin(home.jellyfin, ShokoStateSource(home.shoko), version)
        for name, number in FOLDERS.items():
            library = home.libraries[name]
            library.locations = [jellyfin_path(f"/data/{name.lower().replace(' ', '/')}")]
            plugin.adopt(library, number)
        home.shokofin = plugin

    def bring(self, wanted: Wanted) -> None:
        """Let a title be asked for, downloaded, imported and, if anime, matched; 20 min ago."""
        wanted_by(wanted, "adept")(self.home)
        release = LYCORIS_PACK if wanted is LYCORIS_RECOIL else HARBOR_LIGHTS_RELEASE
        arrives(wanted, release, *(wanted.numbers() if isinstance(wanted, Show) else ()))(self.home)
        self.home.shoko.finish_jobs()
        self.wait(20 * 60)

    def wait(self, seconds: float) -> None:
        """Let time pass at once."""
        self.clock.jump(seconds=seconds)
        self.home.tick()

    @contextlib.asynccontextmanager
    async def passing(self, speed: float = SPEED) -> AsyncIterator[None]:
        """Let time pass meanwhile."""
        self.clock.set_speed(speed)
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            self.clock.set_speed(0)

    async def _tick(self) -> None:
        while True:
            self.home.tick()
            await asyncio.sleep(0.02)

    def close(self) -> None:
        for service in self.home.services.values():
            self.host.stop(service)

    # ---- what the program has

    @property
    def settings(self) -> Settings:
        return Settings(instances=tuple(replace(one, timeout_s=5.0) for one in self.home.instances()))

    def clock_of_program(self) -> CorrectedClock:
        return CorrectedClock(self.clock.now)

    async def world(self) -> World:
        watch = Watch(self.settings, Store.in_memory(), clock=self.clock_of_program())
        try:
            return await watch.snapshot(10)
        finally:
            await watch.close()

    async def row(self, wanted: Wanted = LYCORIS_RECOIL) -> RequestRow:
        return row_of(await self.world(), wanted)

    # ---- what was sent

    def posts(self) -> list[Call]:
        """Return the requests that changed something in Jellyfin, reading POSTs left out."""
        return [
            call
            for call in list(self.jellyfin.calls)
            if call.method != "GET" and not call.path.startswith("/Environment/")
        ]

    def refreshes(self) -> list[str]:
        """Return the paths of the requests that start a refresh or scan."""
        scan = "/ScheduledTasks/Running/7738148ffcd07979c7ceb148e06b3aed"
        return [
            call.path
            for call in self.posts()
            if call.path.endswith("/Refresh") or call.path == scan or call.path.startswith("/Library/")
        ]

    def shown(self, wanted: Wanted = LYCORIS_RECOIL) -> int:
        self.home.tick()
        return self.home.playable(wanted)


def row_of(world: World, wanted: Wanted) -> RequestRow:
    return next(row for row in world.requests if row.title == wanted.name)


class Desk:
    """The remedy over a house, as a view uses it."""

    def __init__(self, house: House, journal: Path | None = None, pace: Pace = PACE) -> None:
        self.house = house
        store = StoreSettings(path=journal.with_suffix("")) if journal is not None else StoreSettings()
        self.remedy = VfsRefresh(replace(house.settings, store=store), pace=pace)

    async def propose(self, target: Target | None = None, wanted: Wanted = LYCORIS_RECOIL) -> Proposal | Refusal:
        world = await self.house.world()
        return await self.remedy.propose(target or RequestTarget(request_id=row_of(world, wanted).id), world)

    async def proposal(self, target: Target | None = None, wanted: Wanted = LYCORIS_RECOIL) -> Proposal:
        answer = await self.propose(target, wanted)
        assert isinstance(answer, Proposal), answer
        return answer

    async def refusal(self, target: Target | None = None, wanted: Wanted = LYCORIS_RECOIL) -> Refusal:
        answer = await self.propose(target, wanted)
        assert isinstance(answer, Refusal), answer
        return answer

    async def carry_out(self, proposal: Proposal, speed: float = SPEED) -> tuple[list[Reached], Outcome]:
        """Carry it out while time passes; return the steps and the end."""
        events: list[Event] = []
        async with self.house.passing(speed):
            events += [event async for event in self.remedy.carry_out(proposal, self.house.world)]
        *steps, end = events
        assert isinstance(end, Outcome)
        return [step for step in steps if isinstance(step, Reached)], end

    async def aclose(self) -> None:
        await self.remedy.aclose()


__all__ = ["HARBOR_LIGHTS", "LYCORIS_RECOIL", "Desk", "Film", "House"]

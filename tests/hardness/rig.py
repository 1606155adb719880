"""The running program (engine thread, store, log) on a simulated household whose services can be made to fail."""

import asyncio
import contextlib
import io
import logging
import math
import re
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker_tui.config.log import Line, collected
from tracker_tui.config.settings import Instance, PollSettings, Secret, Settings
from tracker_tui.engine.engine import Engine
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.worlds import Update
from tracker_tui.headless.document import document
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import ServiceStatus, State
from tracker_tui.model.world import Problem, ServiceRow, World
from tracker_tui.plan import cadence
from tracker_tui.plan.topics import RHYTHMS, Rhythm
from tracker_tui.services import http
from tracker_tui.services.qbittorrent import session as qbittorrent_session
from tracker_tui.simulate import demo, faults
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.server import SimHost, SimulatedService
from tracker_tui.store.store import Store

PACE_S = 0.3
"""Poll interval: a tenth of the real one."""
TIMEOUT_S = 1.5
BODY_LIMIT = 8 << 20
PATIENCE_S = 30.0
CANARY = "c4na4ry8b1f9a7d4e6fa1b2c3d4e5f60"
DOMAIN = "household.test"


class Rig:
    """One household and the program that watches it. Everything the program says is kept: updates, log, store."""

    def __init__(self, folder: Path, *, speed: float = 0.0, lists_s: float = math.inf) -> None:
        self.store_path = folder / "state.json"
        self.updates: list[Update] = []
        self.unknown_hosts: set[str] = set()
        self._speed, self._pace_s, self._lists_s = speed, PACE_S, lists_s
        self._later = timedelta()
        self._ends = contextlib.ExitStack()
        self._said = io.StringIO()

    def __enter__(self) -> "Rig":
        patch = self._ends.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(cadence, "REFUSED_KEY_S", 4 * self._pace_s)
        patch.setattr(cadence, "BACK_OFF_CAP_S", 4 * self._pace_s)
        patch.setattr(faults, "RETRY_AFTER_S", 1)
        patch.setattr(http, "BODY_LIMIT", BODY_LIMIT)
        patch.setattr(qbittorrent_session, "BODY_LIMIT", BODY_LIMIT)
        patch.setattr(socket, "getaddrinfo", self._resolve)
        patch.setattr(demo, "CALLS_KEPT", 1_000_000)
        for kind, rhythms in RHYTHMS.items():
            patch.setitem(RHYTHMS, kind, {topic: self._faster(rhythm) for topic, rhythm in rhythms.items()})
        handler = logging.StreamHandler(self._said)
        handler.setFormatter(Line())
        self._ends.enter_context(collected(handler, "debug"))
        self.demo = Demo({SPEED_OF: str(self._speed)})
        plant(self.demo.household)
        self._ends.enter_context(self.demo)
        self.engine = Engine(
            self.settings(), Store.open(self.store_path), self.updates.append, clock=CorrectedClock(self.local)
        )
        self.engine.start()
        self._ends.callback(self.engine.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _faster(self, rhythm: Rhythm) -> Rhythm:
        """Return a rhythm for accelerated time: as much faster as the pace is, and nothing rarer than the limits."""
        by, most_s = self._pace_s / 3, self._lists_s if rhythm.background else 3.0
        active_s, idle_s = (
            None if every is None else min(every * by, most_s) for every in (rhythm.active_s, rhythm.idle_s)
        )
        return msgspec.structs.replace(rhythm, active_s=active_s, idle_s=idle_s)

    # ---- the household

    @property
    def household(self) -> Household:
        return self.demo.household

    @property
    def host(self) -> SimHost:
        assert self.demo._host is not None
        return self.demo._host

    def service(self, kind: Kind) -> SimulatedService:
        return self.household.services[kind]

    def settings(self) -> Settings:
        found = self.demo.settings
        poll = PollSettings(active_seconds=self._pace_s, idle_seconds=self._pace_s)
        instances = tuple(self._named(one) for one in found.instances)
        return msgspec.structs.replace(found, instances=instances, poll=poll)

    def later(self, seconds: float) -> None:
        """Let time pass for the program and the services' clocks; the household itself stands still."""
        self._later += timedelta(seconds=seconds)
        for service in self.household.services.values():
            service.date_offset_s += round(seconds)

    def _named(self, instance: Instance) -> Instance:
        """Return the instance under a host name, which can become unknown, and with a proxy's header."""
        return msgspec.structs.replace(
            instance,
            url=re.sub(r"127\.0\.0\.1", f"{instance.kind.value}.{DOMAIN}", instance.url),
            timeout_s=TIMEOUT_S,
            headers={"X-Proxy-Token": Secret(f"{CANARY}-proxy")},
        )

    def local(self) -> datetime:
        return self.demo.clock.now() + self._later

    def _resolve(self, host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        kind, _, domain = name.partition(".")
        if domain == DOMAIN:
            if kind in self.unknown_hosts:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = "127.0.0.1"
        return _resolve(host, *rest, **named)

    # ---- what the program knows and says

    @property
    def world(self) -> World:
        assert self.engine.world is not None
        return self.engine.world

    def row(self, kind: Kind) -> ServiceRow:
        return next(row for row in self.world.services if row.kind is kind)

    def problems(self, kind: Kind) -> list[Problem]:
        return [one for one in self.world.problems if one.kind is kind]

    def states(self) -> dict[str, State]:
        return states(self.world)

    def said(self, since: int = 0) -> str:
        """Return the log from a position on, at level debug."""
        return self._said.getvalue()[since:]

    def position(self) -> int:
        return len(self._said.getvalue())

    def forget(self) -> int:
        """Drop what is kept of the past, so that what the program itself keeps can be weighed; return the calls."""
        del self.updates[:-1]
        calls = 0
        for kind in Kind:
            calls += len(kept := self.service(kind).calls)
            kept.clear()
        return calls

    def answers(self, kind: Kind) -> bool:
        """Return whether the program takes an instance for well, its poller too."""
        watch = self.engine._watch
        assert watch is not None
        failing = any(one.failing for one in watch.pollers if one.ref.kind is kind)
        return not failing and self.row(kind).status is ServiceStatus.OK

    def skipped(self, kind: Kind) -> int:
        """Return how many records of an instance could not be read so far."""
        watch = self.engine._watch
        assert watch is not None
        return sum(one.client.meter.skipped for one in watch.pollers if one.ref.kind is kind)

    def tasks(self) -> int:
        """Return how many things the engine is at."""
        assert self.engine._loop is not None
        return len(asyncio.all_tasks(self.engine._loop))

    def interval_s(self, kind: Kind) -> float | None:
        watch = self.engine._watch
        assert watch is not None
        return next(one.interval_s for one in watch.pollers if one.ref == InstanceRef(kind, kind.value))

    def everything(self) -> str:
        """Return all text that left the program: worlds as JSON, the store's files, the log."""
        worlds = {id(one.world): one.world for one in [*self.updates[-3:], Update(world=self.world)]}
        shown = [msgspec.json.encode(document(one, one.requests)).decode() for one in worlds.values()]
        stored = [file.read_text(errors="replace") for file in self.store_path.parent.iterdir() if file.is_file()]
        return "\n".join([*shown, *stored, self.said(), repr(self.settings())])

    # ---- waiting

    def until(self, holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
        """Wait until something is so; return whether it became so."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def ready(self) -> bool:
        return self.engine.world is not None and all_ok(self.world)

    def settled(self) -> None:
        """Wait until everybody answers and no row changes any more."""
        assert self.until(self.ready), [(row.kind, row.status, row.error) for row in self.world.services]
        rest_s, seen = 12 * self._pace_s, -1
        while seen != (seen := sum(bool(one.changed or one.removed) for one in self.updates)):
            time.sleep(rest_s)


_resolve = socket.getaddrinfo


def all_ok(world: World) -> bool:
    return bool(world.requests) and all(row.status is ServiceStatus.OK for row in world.services)


def states(world: World) -> dict[str, State]:
    """Return the state of every request and episode."""
    found = {row.id: row.state for row in world.requests}
    for row in world.requests:
        for season in row.seasons:
            for episode in season.episodes:
                found[f"{row.id} {season.number}x{episode.number}"] = episode.state
    return found


def plant(household: Household) -> None:
    """Make every key of the household recognisable."""
    household.seerr.api_key = f"{CANARY}-seerr"
    household.sonarr.api_key = f"{CANARY}-sonarr"
    household.radarr.api_key = f"{CANARY}-radarr"
    household.jellyfin.api_key = f"{CANARY}-jellyfin"
    household.shoko.keys = {f"{CANARY}-shoko": "admin"}
    household.qbittorrent.password = f"{CANARY}-qbittorrent"
    household.seerr.jellyfin_key = f"{CANARY}-in-seerr"
    household.shokofin.secrets = dict.fromkeys(household.shokofin.secrets, f"{CANARY}-in-shokofin")


@contextlib.contextmanager
def rig(folder: Path, **how: Any) -> Iterator[Rig]:
    """Run a rig until everything is known."""
    with Rig(folder, **how) as found:
        found.settled()
        yield found

"""A day of a household in accelerated time with random faults, and what it leaves behind in the program."""

import asyncio
import gc
import os
import random
import re
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import msgspec

from tests.hardness.rig import Rig, all_ok, rig, states
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.titles import Film, Release, single
from tracker_tui.simulate.story import titles as its
from tracker_tui.store.store import Store

DAY = timedelta(days=1)
STEP = timedelta(seconds=20)
BUSY = 0.5
"""Share of the day in which new films come; what is kept of them is no leak. Faults and polls go on to the end."""
LOOKS = (0.0, 0.25, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the day at which is measured. Growth is what comes after the third: by then caches are full."""
WARM = 2
FAULTS = [fault for fault in Fault if fault is not Fault.GIGANTIC]
LASTING_S = (0.2, 2.5)
PAUSE_S = (0.1, 1.5)
FILM_EVERY = timedelta(minutes=40)
SETTLE_S = 40.0
LISTS_S = 6.0
"""Whole lists are read as often: what was deleted is missing from nothing else."""

REMEMBERED = {State.REMOVED}
"""States that rest on memory alone: a program that starts afresh cannot know them."""


class Measure(msgspec.Struct):
    """What program and simulated services hold at some hour; `blocks` are Python's objects, in thousands."""

    hour: float
    rss_mb: float
    blocks: float
    threads: int
    handles: int
    tasks: int
    store_kb: float
    log_kb: float


class Result(msgspec.Struct):
    """The figures of a soak, and what is wrong with them."""

    hours: float
    seconds: float
    outages: int
    polls: int
    looks: list[Measure]
    requests: int
    outage_lines: int
    recovery_lines: int
    faults: list[str]

    def text(self) -> str:
        rows = [
            f"{name:<10}" + "".join(f" {getattr(look, name):>9.1f}" for look in self.looks)
            for name in Measure.__struct_fields__
        ]
        head = (
            f"{self.hours:.1f} hours in {self.seconds:.0f} s: {self.outages} faults, {self.polls} calls, "
            f"{self.requests} requests at the end; log: {self.outage_lines} outages, {self.recovery_lines} recoveries"
        )
        return "\n".join([head, *rows, *(f"BROKEN: {fault}" for fault in self.faults)])


class _Life:
    """New films come, are grabbed, downloaded and imported; services fail and come back."""

    def __init__(self, running: Rig, seed: int, busy: timedelta) -> None:
        self.rig = running
        self._busy = busy
        self.dice = random.Random(seed)
        self.films = 0
        self.outages = 0
        self.flowing: list[tuple[Release, float]] = []
        self._next_film = timedelta()
        self._broken: dict[Kind, float] = {}
        self._next_fault = time.monotonic() + self.dice.uniform(*PAUSE_S)

    def step(self, passed: timedelta) -> None:
        home = self.rig.household
        self.rig.demo.clock.jump(seconds=STEP.total_seconds())
        self.rig.demo.story.tick()
        if passed >= self._next_film and passed < self._busy:
            self._next_film = passed + FILM_EVERY * self.dice.uniform(0.5, 1.5)
            self._film()
        for release, progress in list(self.flowing):
            self.flowing.remove((release, progress))
            more = min(1.0, progress + self.dice.uniform(0.002, 0.03))
            home.flow(release, more, 0 if more == 1.0 else 4_000_000)
            if more < 1.0:
                self.flowing.append((release, more))
        self._fail()

    def _film(self) -> None:
        self.films += 1
        number = self.films
        film = Film(f"Soak {number:03}", 2025, 770_000 + number, 7000 + number)
        home = self.rig.household
        home.request(film, by=self.dice.choice(("adept", "mia")))
        if self.dice.random() < 0.1:
            home.decline(film)
            return
        home.approve(film)
        home.arr_adds(film)
        if self.dice.random() < 0.85:
            release = single(f"Soak.{number:03}.2025.1080p-ORBIT", 2 << 30)
            home.grab(film, release)
            self.flowing.append((release, 0.0))

    def _fail(self) -> None:
        now = time.monotonic()
        for kind, until in list(self._broken.items()):
            if now >= until:
                self.rig.service(kind).fault = None
                del self._broken[kind]
        if now >= self._next_fault:
            self._next_fault = now + self.dice.uniform(*PAUSE_S)
            kind = self.dice.choice(list(Kind))
            if kind is not Kind.QBITTORRENT or self.dice.random() < 0.5:
                wrong = [one for one in FAULTS if kind is not Kind.QBITTORRENT or one.value not in {"401", "403"}]
                self.rig.service(kind).fault = self.dice.choice(wrong)
                self._broken[kind] = now + self.dice.uniform(*LASTING_S)
                self.outages += 1

    def heal(self) -> None:
        for kind in Kind:
            self.rig.service(kind).fault = None
        self.rig.engine.refresh_now()


def run(minutes: float, seed: int, day: timedelta = DAY) -> Result:
    """Live through `day` in about `minutes`."""
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), lists_s=LISTS_S) as running:
        life = _Life(running, seed, BUSY * day)
        steps, start = int(day / STEP), time.monotonic()
        looks, calls = [], 0
        due = {int(steps * share) for share in LOOKS}
        wait_s = minutes * 60 / steps
        for number in range(steps):
            life.step(STEP * number)
            if number in due:
                calls += running.forget()
                looks.append(measured(running, STEP * number))
            time.sleep(max(0.0, start + wait_s * (number + 1) - time.monotonic()))
        seconds = time.monotonic() - start
        life.heal()
        faults = []
        if not running.until(running.ready, SETTLE_S):
            faults.append(f"not well again: {[(row.kind, row.error) for row in running.world.services]}")
        fresh = _settled(running)
        calls += running.forget()
        looks.append(measured(running, day))
        faults += _growth(looks[WARM], looks[-1]) + _differences(running.world, fresh)
        said = running.said()
        errors = re.findall(r"^(?:ERROR|CRITICAL) .*(?:\n    .*)*", said, re.MULTILINE)
        faults += [f"{len(errors)} errors of ours: {errors[0]}"] if errors else []
        began, ended = said.count("WARNING tracker_tui.engine.poller"), said.count("answers again")
        if began - ended != ended:
            faults.append(f"{began - ended} lines for outages, {ended} for recoveries")
        return Result(
            hours=day / timedelta(hours=1),
            seconds=seconds,
            outages=life.outages,
            polls=calls,
            looks=looks,
            requests=len(running.world.requests),
            outage_lines=began - ended,
            recovery_lines=ended,
            faults=faults,
        )


def measured(running: Rig, passed: timedelta) -> Measure:
    """Measure this process, the simulated services included."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    store = [one.stat().st_size for one in running.store_path.parent.iterdir() if one.is_file()]
    return Measure(
        hour=passed / timedelta(hours=1),
        blocks=sys.getallocatedblocks() / 1000,
        rss_mb=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        threads=threading.active_count(),
        handles=len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - a listing, not paths
        tasks=running.tasks(),
        store_kb=sum(store) / 1024,
        log_kb=running.position() / 1024,
    )


def _settled(running: Rig) -> World:
    """Return the world of a program that starts now, once it and the running one agree or have had their time."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        fresh = asyncio.run(_fresh(running))
        if not _differences(running.world, fresh) or time.monotonic() > deadline:
            return fresh
        running.later(61)  # what is gone is believed gone at a second look


async def _fresh(running: Rig) -> World:
    watch = Watch(running.settings(), Store.in_memory(), clock=CorrectedClock(running.local))
    try:
        return await watch.snapshot(30.0)
    finally:
        await watch.close()


def _growth(warm: Measure, end: Measure) -> list[str]:
    found = []
    for name, most in (("rss_mb", 1.15), ("blocks", 1.04), ("store_kb", 1.5)):
        if getattr(end, name) > getattr(warm, name) * most:
            found.append(f"{name} grew from {getattr(warm, name):.0f} to {getattr(end, name):.0f}")
    for name, most in (("threads", 6), ("handles", 24), ("tasks", 40)):
        if getattr(end, name) > getattr(warm, name) + most:
            found.append(f"{name} grew from {getattr(warm, name):.0f} to {getattr(end, name):.0f}")
    return found


def _differences(lived: World, fresh: World) -> list[str]:
    """Compare with a fresh start; only what rests on memory alone may differ, and what the story deletes in Sonarr.

    A deletion that no event tells of is looked for every few minutes of real time, and a soak has none to spare.
    """
    if not all_ok(fresh):
        return ["the fresh start is not whole"]
    deleted = its.GLASS_GARDENS.name
    by_memory = {row.id for row in lived.requests if row.state in REMEMBERED or row.title == deleted}
    old, new = (
        {key: state for key, state in states(world).items() if key.partition(" ")[0] not in by_memory}
        for world in (lived, fresh)
    )
    differ = {
        key: f"{old.get(key)} / {new.get(key)}" for key in old.keys() | new.keys() if old.get(key) is not new.get(key)
    }
    if differ:
        rows = {row.id: (row.title, row.state.value) for row in (*lived.requests, *fresh.requests)}
        about = sorted({str(rows.get(key.partition(" ")[0])) for key in differ})
        return [f"{len(differ)} states differ from a fresh start: {about[:4]} {dict(sorted(differ.items())[:4])}"]
    return []

"""`python -m tests.pictures [name ...] [--into FOLDER]`: pictures (SVG) of the demo, the same bytes every time."""

import argparse
import asyncio
import os
import re
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from tests.tui.conftest import HandFeed
from tracker_tui.config.settings import UiSettings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.model.world import World
from tracker_tui.simulate.demo import AT, Demo
from tracker_tui.store.store import Store
from tracker_tui.tui.app import TrackerApp

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
TIMEOUT_S = 60.0
LATENCY_MS = 12
"""What every service is said to take: the real one is another each time."""


class Picture(NamedTuple):
    """What to show: seconds into the story, size, keys pressed before, theme."""

    name: str
    at_s: int
    width: int
    height: int
    keys: Sequence[str] = ()
    theme: str = "dark"


PICTURES = (
    Picture("main", 900, 120, 40, ("j", "j")),
    Picture("narrow", 900, 80, 24),
    Picture("wide", 900, 200, 50, ("j", "j")),
    Picture("services", 900, 120, 40, ("S",)),
    Picture("help", 900, 120, 40, ("question_mark",)),
    Picture("filter", 900, 120, 40, ("slash", *"ly")),
    Picture("light", 900, 120, 40, ("l",), "light"),
    Picture("high-contrast", 900, 120, 40, ("l",), "high-contrast"),
)


SHOWN = ("main", "narrow")
"""Those that the README shows; the others are for looking at."""


async def world_at(seconds: int) -> tuple[World, datetime]:
    """Return the demo's world so far into its story, and what time it is there."""
    with Demo({AT: str(seconds)}, still=True) as demo:
        watch = Watch(demo.settings, Store.in_memory(), clock=CorrectedClock(demo.clock.now), simulated=True)
        try:
            world = await watch.snapshot(TIMEOUT_S)
            steady = tuple(replace(one, latency_ms=LATENCY_MS) for one in world.services)
            return replace(world, services=steady), demo.clock.now()
        finally:
            await watch.close()


async def svg(picture: Picture, world: World, now: datetime) -> str:
    """Return the picture: it loads nothing from elsewhere, and its class names are no process's own."""
    app = TrackerApp(HandFeed(), world, lambda: now, ui=UiSettings(theme=picture.theme))
    async with app.run_test(size=(picture.width, picture.height)) as pilot:
        await pilot.pause()
        for key in picture.keys:
            await pilot.press(key)
        await pilot.pause()
        drawn = app.export_screenshot(title="tracker-tui --demo", simplify=True)
    alone = re.sub(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)
    return re.sub(r"terminal-[0-9a-f]+", "t", alone)


async def made(names: Sequence[str]) -> dict[str, str]:
    """Return the pictures of those names."""
    found: dict[str, str] = {}
    worlds: dict[int, tuple[World, datetime]] = {}
    for picture in PICTURES:
        if picture.name not in names:
            continue
        if picture.at_s not in worlds:
            worlds[picture.at_s] = await world_at(picture.at_s)
        found[picture.name] = await svg(picture, *worlds[picture.at_s])
    return found


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description="Make pictures of the demo.")
    known = ", ".join(one.name for one in PICTURES)
    parser.add_argument("names", nargs="*", metavar="name", default=SHOWN, help=f"of {known}; those of the README")
    parser.add_argument("--into", type=Path, default=FOLDER, metavar="FOLDER")
    asked = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    asked.into.mkdir(parents=True, exist_ok=True)
    for name, drawn in asyncio.run(made(asked.names)).items():
        (asked.into / f"{name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()

"""A fresh world from an engine that is running anyway."""

import asyncio
import time
from collections.abc import Callable

from tracker_tui.model.ids import Kind
from tracker_tui.model.world import World

_LOOK_S = 0.2
_SETTLE_S = 2.0
"""After Jellyfin's first new answer, the questions that follow from it are answered too."""


async def newer_world(newest: Callable[[], World], ask: Callable[[], object], within_s: float = 20.0) -> World:
    """Ask for new answers and return the world made of them; after `within_s`, the newest there is.

    `newest` returns the engine's world, `ask` lets it poll everything now; both are called on the caller's thread.
    """
    before = _jellyfin_answered(newest())
    ask()
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        await asyncio.sleep(_LOOK_S)
        if _jellyfin_answered(newest()) != before:
            await asyncio.sleep(_SETTLE_S)
            break
    return newest()


def _jellyfin_answered(world: World) -> object:
    return tuple(row.last_ok_at for row in world.services if row.kind is Kind.JELLYFIN)

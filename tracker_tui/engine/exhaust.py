"""Ask everybody until nobody has a question left: the heart of a snapshot."""

import asyncio
from collections.abc import Callable, Sequence

from tracker_tui.engine.poller import Poller


async def exhaust(
    pollers: Sequence[Poller],
    timeout_s: float,
    inventory_s: float,
    advance: Callable[[], None],
    opening: asyncio.Task[None],
) -> tuple[Poller, ...]:
    """Poll all instances at once, and again whenever an answer raised a new question, until none is left.

    `advance` takes what was answered so far into account; it can once `opening` has ended.
    Ordinary questions have `timeout_s` in all, whole lists `inventory_s`. An instance that failed is not asked again.
    Returns the instances whose whole lists were late; those that gave no answer at all have reported a failure.
    """
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    polls: dict[asyncio.Task[bool], Poller] = {}
    for poller in pollers:
        poller.limited = False
    resting = set(pollers)
    try:
        while True:
            for poller in pollers:  # in their order
                if poller in resting and poller.failing is None and (not poller.answered or poller.has_questions()):
                    resting.discard(poller)
                    polls[asyncio.create_task(poller.poll())] = poller
            inventories = [task for poller in pollers for task in poller.inventories]
            under_way = [*polls, *inventories, *(() if opening.done() else (opening,))]
            left_s = start_s + (timeout_s if polls else inventory_s) - loop.time()
            if not under_way or left_s <= 0:
                break
            await asyncio.wait(under_way, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            resting |= {polls.pop(task) for task in list(polls) if task.done()}
            if opening.done():
                advance()
    finally:
        for task in polls:
            task.cancel()
    for poller in pollers:
        poller.give_up(timeout_s)
    return tuple(poller for poller in pollers if poller.inventories)

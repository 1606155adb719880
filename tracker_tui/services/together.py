"""Calls made at the same time, of which some may fail."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, overload

from tracker_tui.services.errors import ServiceError


@overload
async def together[A, B](one: Coroutine[Any, Any, A], two: Coroutine[Any, Any, B], /) -> tuple[A, B]: ...
@overload
async def together[T](*work: Coroutine[Any, Any, T]) -> tuple[T, ...]: ...
async def together(*work: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """Run calls concurrently; the first failure in their order is raised once all have ended.

    Each has its deadline. None is cancelled: a connection that is just being made would be lost without being closed.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(task.result() for task in tasks)  # a failure that was returned as a value is none


async def outcome[T](call: Callable[[], Coroutine[Any, Any, T]]) -> T | ServiceError:
    """Return the failure of a call as a value, so that others made at the same time go on.

    The call begins here: one handed over already begun would be warned of where all is cancelled before it is awaited.
    """
    try:
        return await call()
    except ServiceError as problem:
        return problem


async def or_none[T](call: Awaitable[T]) -> T | None:
    """Return an answer, None where the call fails: what it would tell stays unknown."""
    try:
        return await call
    except ServiceError:
        return None

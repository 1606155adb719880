"""Calls made at the same time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, overload

from tracker_tui.services.errors import ServiceError


@overload
async def together[A, B](one: Coroutine[Any, Any, A], two: Coroutine[Any, Any, B], /) -> tuple[A, B]: ...
@overload
async def together[T](*work: Coroutine[Any, Any, T]) -> tuple[T, ...]: ...
async def together(*work: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """Run calls concurrently; the first failure ends the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return tuple(task.result() for task in tasks)


async def outcome[T](work: Coroutine[Any, Any, T]) -> T | ServiceError:
    """Return the failure of a call as a value, so that others made at the same time go on."""
    try:
        return await work
    except ServiceError as problem:
        return problem

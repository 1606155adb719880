"""A daemon thread that runs blocking calls for an event loop and can be left behind."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any


class Worker[S]:
    """Runs jobs on a `resource` that only its thread touches, one after the other, in the order they come.

    The thread is a daemon: neither the event loop nor the interpreter's exit waits for it. `resource` is made by
    `build` on the thread with the first job; what `build` raises, that job raises.
    """

    def __init__(self, name: str, build: Callable[[threading.Event], S]) -> None:
        self._build = build
        self._jobs: SimpleQueue[tuple[Callable[[S], Any], asyncio.Future[Any]] | None] = SimpleQueue()
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Return whether the thread still runs."""
        return self._thread.is_alive()

    async def run[T](self, job: Callable[[S], T]) -> T:
        """Run `job` on the thread and return its result. Cancelling stops the waiting, not the job.

        Raises what the job raises, and TimeoutError once the worker is abandoned.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((job, future))
        return await future

    def abandon(self) -> None:
        """Let the thread end after the job at hand; what `build` got as argument is set at once."""
        self._abandoned.set()
        self._jobs.put(None)

    def _run(self) -> None:
        resource: S | None = None
        while (item := self._jobs.get()) is not None:
            job, future = item
            if future.cancelled():
                continue
            try:
                if self._abandoned.is_set():
                    raise TimeoutError  # an earlier job held the thread too long
                if resource is None:
                    resource = self._build(self._abandoned)
                result = job(resource)
            except BaseException as fault:  # noqa: BLE001 - whatever it is, the waiting side has to know
                _deliver(future, None, fault)
            else:
                _deliver(future, result, None)
            del job, future, item


def _deliver(future: asyncio.Future[Any], result: object, fault: BaseException | None) -> None:
    def settle() -> None:
        if future.done():
            return
        if fault is None:
            future.set_result(result)
        else:
            future.set_exception(fault)

    loop = future.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)

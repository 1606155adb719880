"""What `init` asks the services: who answers at an address, whether a login works, what a Seerr knows of others."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import NamedTuple, Self

from msgspec.structs import replace

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.engine.clients import Closing, connect
from tracker_tui.headless.check.findings import Finding, Notes
from tracker_tui.headless.check.services import examine
from tracker_tui.model.arr import DownloadClient
from tracker_tui.services.arr.shared import ArrClient
from tracker_tui.services.errors import ServiceError, UnknownHost, Unreachable, Untrusted
from tracker_tui.services.http import Sessions
from tracker_tui.services.recognise import Seen, recognise
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.services.seerr.neighbours import Neighbour

TRIAL_S = 10.0


class Trial(NamedTuple):
    """How a service took a login."""

    error: ServiceError | None
    findings: tuple[Finding, ...] = ()


class Prober:
    """Asks services from a dialogue that waits for each answer. Use as a context manager."""

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def who(self, instance: Instance, urls: Sequence[str]) -> Seen:
        """Return what answers at the first of `urls` where the instance's kind does, else what else answers.

        No key is sent. Raises the most telling ServiceError if none of the six does.
        """
        answers = self._run(_all(instance, urls))
        found = [one for one in answers if isinstance(one, Seen)]
        if found:
            return next((one for one in found if one.kind is instance.kind), found[0])
        failures = [one for one in answers if isinstance(one, ServiceError)]
        raise min(failures, key=_rank)

    def many(self, instances: Sequence[Instance]) -> list[Seen]:
        """Return those of several services that answer where they are looked for.

        Raises UnknownHost where none does because their host is unknown.
        """
        answers = self._run(_each(instances))
        unknown = [one for one in answers if isinstance(one, UnknownHost)]
        if unknown and len(unknown) == len(instances):
            raise unknown[0]
        return [
            seen
            for seen, one in zip(answers, instances, strict=True)
            if isinstance(seen, Seen) and seen.kind is one.kind
        ]

    def test(self, instance: Instance, settings: Settings) -> Trial:
        """Log in once and ask what the program depends on."""
        return self._run(_tested(instance, settings))

    def neighbours(self, seerr: Instance) -> tuple[Neighbour, ...]:
        """Return the servers that a Seerr knows. Raises ServiceError."""
        return self._run(_neighbours(seerr))

    def download_clients(self, arr: Instance) -> tuple[DownloadClient, ...]:
        """Return the download clients of a Sonarr or Radarr; () if it does not tell."""
        return self._run(_download_clients(arr))

    def _run[T](self, work: Coroutine[object, object, T]) -> T:
        return self._runner.run(work)


def _rank(fault: ServiceError) -> int:
    """Return how little a failure tells: an answer of any kind tells more than none."""
    return 0 if isinstance(fault, Untrusted) else 2 if isinstance(fault, Unreachable) else 1


async def _each(instances: Sequence[Instance]) -> list[Seen | ServiceError]:
    sessions = Sessions()
    try:
        return await asyncio.gather(*(_one(one, sessions) for one in instances))
    finally:
        await sessions.aclose()


async def _all(instance: Instance, urls: Sequence[str]) -> list[Seen | ServiceError]:
    return await _each([replace(instance, url=url) for url in urls])


async def _one(instance: Instance, sessions: Sessions) -> Seen | ServiceError:
    try:
        return await recognise(instance, sessions)
    except ServiceError as fault:
        return fault


async def _tested(instance: Instance, settings: Settings) -> Trial:
    sessions = Sessions()
    client = connect(instance, sessions)
    notes = Notes(instance.ref)
    try:
        await client.identify()
        async with asyncio.timeout(TRIAL_S):
            await examine(instance, client, settings, notes)
    except ServiceError as fault:
        return Trial(fault)
    except TimeoutError:
        pass  # what was found until then stands
    finally:
        if isinstance(client, Closing):
            await client.aclose()
        await sessions.aclose()
    return Trial(None, tuple(notes.findings))


async def _neighbours(seerr: Instance) -> tuple[Neighbour, ...]:
    sessions = Sessions()
    try:
        return await SeerrClient(seerr, sessions).neighbours()
    finally:
        await sessions.aclose()


async def _download_clients(arr: Instance) -> tuple[DownloadClient, ...]:
    sessions = Sessions()
    client = connect(arr, sessions)
    try:
        return (await client.setup()).clients if isinstance(client, ArrClient) else ()
    except ServiceError:
        return ()
    finally:
        await sessions.aclose()

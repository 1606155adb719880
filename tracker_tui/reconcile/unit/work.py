"""What Shoko's queue holds for a file (checks 3, 6 and 7): its own job, or one that may be its own."""

from collections.abc import Sequence
from datetime import datetime

from tracker_tui.model.shoko import Job, JobKind, ShokoQueue, job_kind
from tracker_tui.reconcile.facts.shoko import ShokoFacts
from tracker_tui.reconcile.joins.paths import Segments, segments

_HASHING = frozenset({JobKind.DISCOVER, JobKind.HASH})
_NAMING = frozenset({JobKind.NAME})
_LOADING = frozenset({JobKind.LOAD})
_ORDER = (_HASHING, _NAMING, _LOADING)
"""What lies between a new file and its match."""


type Kinds = frozenset[JobKind]


class Work:
    """The queue of one Shoko as last told: what runs with every look, the whole of it where it was listed."""

    def __init__(self, shoko: ShokoFacts) -> None:
        self._shoko = shoko
        self._queue: ShokoQueue | None = shoko.state.queue if shoko.state is not None else None

    def of(self, path: Segments) -> Job | None:
        """Return the job for the file at `path`: a running one, else the first of those that lead to its match."""
        tail = path[-2:]
        running = [one for one in self._running if one.file_tail is not None and segments(one.file_tail)[-2:] == tail]
        waiting = [one for one in self._shoko.jobs.get(tail, ()) if _rank(one) < len(_ORDER)]
        ours = running or waiting
        return min(ours, key=_rank, default=None)

    def hashes(self, path: Segments) -> bool:
        """Return whether a job may be about to read the file: its own, or an unnamed one."""
        return self.of(path) is not None or self._may_come(_HASHING, None)

    def names(self, path: Segments, since: datetime | None) -> bool:
        """Return whether an unrecognised file may still be named: then that is no verdict yet.

        `since` = from when a list of the queue must be to show its job.
        """
        state = self._shoko.state
        if state is None or self._queue is None:
            return True
        connectivity = state.connectivity
        if connectivity is not None and (connectivity.http_banned or connectivity.udp_banned):
            return True
        if connectivity is not None and connectivity.network not in {None, "Internet"}:
            return True
        return self.of(path) is not None or self._may_come(_NAMING, since)

    def loads(self) -> bool:
        """Return whether series data is on its way, of whatever series; while nobody tells, it may be."""
        return self._queue is None or self._has(_LOADING) or bool(self._queue.scheduled and not self._listed)

    @property
    def _running(self) -> Sequence[Job]:
        return self._queue.running if self._queue is not None else ()

    @property
    def _listed(self) -> bool:
        return self._shoko.jobs_at is not None

    def _may_come(self, kinds: Kinds, since: datetime | None) -> bool:
        """Return whether a job of such a name may be the file's: where all are listed, only one that names no file."""
        listed_at = self._shoko.jobs_at
        if listed_at is not None and (since is None or listed_at >= since):
            return any(one.kind in kinds for one in self._shoko.jobs.get((), ()))
        return self._has(kinds)

    def _has(self, kinds: Kinds) -> bool:
        told = self._queue.types if self._queue is not None else ()
        listed = (job.type for jobs in self._shoko.jobs.values() for job in jobs)
        return any(job_kind(name) in kinds for name in (*told, *listed))


def _rank(job: Job) -> int:
    return next((rank for rank, kinds in enumerate(_ORDER) if job.kind in kinds), len(_ORDER))

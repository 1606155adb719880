"""What one Shoko server has answered so far."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import (
    ShokoBansRead,
    ShokoFilesRead,
    ShokoFoldersRead,
    ShokoJobsRead,
    ShokoKinRead,
    ShokoSeriesFilesRead,
    ShokoSeriesRead,
    ShokoStateRead,
)
from tracker_tui.model.shoko import (
    AniDbBan,
    Job,
    JobKind,
    ShokoEpisode,
    ShokoFile,
    ShokoFolder,
    ShokoSeries,
    job_kind,
)
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.subjects import (
    EVERYTHING,
    Subject,
    answer,
    shoko_episode,
    shoko_kin,
    shoko_name,
    shoko_series,
    shoko_work,
)
from tracker_tui.reconcile.joins.paths import Segments, segments
from tracker_tui.reconcile.joins.shokojoin import episode_ids, series_ids

JOBS_LAST = timedelta(minutes=15)
"""A list of the queue is believed no longer than this, should it never be answered again."""


class ShokoFacts:
    """One Shoko server: its files by name, folders, series and the state of its work."""

    def __init__(self, ref: InstanceRef, dirty: set[Subject]) -> None:
        self.ref = ref
        self._dirty = dirty
        self.state: ShokoStateRead | None = None
        self.state_at: datetime | None = None
        self.moved_at: datetime | None = None
        """When the queue last changed its numbers or its running jobs."""
        self.folders: tuple[ShokoFolder, ...] | None = None
        self.all_folders = True
        """False while some folder could not be decoded: then no path is outside of all of them."""
        self.files: dict[int, ShokoFile] = {}
        self._named: dict[str, set[int]] = {}
        self._of_episode: dict[int, set[int]] = {}
        self._asked: dict[str, dict[Segments, datetime]] = {}
        self.series: dict[int, ShokoSeries | None] = {}
        self.episodes: dict[int, tuple[ShokoEpisode, ...]] = {}
        self._files_in: dict[int, tuple[ShokoFile, ...]] = {}
        """Series all of whose files were read -> those files."""
        self.jobs: dict[Segments, tuple[Job, ...]] = {}
        """The end of a path ("<folder>/<file>") -> the queue's jobs for it, as last listed; () -> those for no file."""
        self.jobs_at: datetime | None = None
        """When the whole queue was last listed; None = it was not, or is over."""
        self._worked_on: frozenset[Segments] = frozenset()
        self._ended: dict[Segments, datetime] = {}
        self.kin: dict[str, tuple[int, ...]] = {}
        """Title -> its series, where they were asked for."""
        self.series_with_own: dict[int, bool] = {}
        """Series all of whose files were read -> whether one of them belongs to no other series."""
        self.bans: tuple[AniDbBan, ...] = ()
        self.revision = 0
        """How often something about files or folders changed."""

    def hits(self, path: Segments) -> tuple[ShokoFile, ...]:
        """Return the known files with the base name of `path`."""
        return tuple(self.files[file_id] for file_id in sorted(self._named.get(path[-1], ()))) if path else ()

    def files_of(self, episode_id: int) -> dict[int, ShokoFile]:
        """Return the known files of an episode."""
        return {file_id: self.files[file_id] for file_id in sorted(self._of_episode.get(episode_id, ()))}

    def files_in(self, series: Iterable[int]) -> tuple[ShokoFile, ...]:
        """Return the files of those of the series all of whose files were read."""
        return tuple(file for number in sorted(series) for file in self._files_in.get(number, ()))

    def asked_at(self, path: Segments) -> datetime | None:
        """Return when a look-up that covers `path` was last answered, whatever it found."""
        asked = self._asked.get(path[-1], {}) if path else {}
        return max((at for tail, at in asked.items() if path[-len(tail) :] == tail), default=None)

    def state_read(self, payload: ShokoStateRead, at: datetime) -> None:
        """Take start-up state, connectivity and queue."""
        if self.state is None or self.state.queue != payload.queue:
            self.moved_at = at
        if self.state != payload:
            self.revision += 1
            self._dirty.add(shoko_work(self.ref))
        self.state, self.state_at = payload, at
        if self.jobs and (not self.has_jobs or (self.jobs_at is not None and at - self.jobs_at > JOBS_LAST)):
            self._set_jobs({}, None)
        self._note_ends(at)

    def ended_at(self, path: Segments) -> datetime | None:
        """Return when a job that might name the file at `path` was first found gone; older look-ups cannot know how."""
        ends = [end for end in (self._ended.get(path[-2:]), self._ended.get(())) if end is not None]
        return max(ends, default=None)

    def _note_ends(self, at: datetime) -> None:
        queue = self.state.queue if self.state is not None else None
        running = queue.running if queue is not None else ()
        worked_on = {segments(job.file_tail)[-2:] for job in running if job.file_tail is not None} | self.jobs.keys()
        told = (job.type for job in self.jobs.get((), ())) if self.jobs_at is not None else queue.types if queue else ()
        worked_on.discard(())
        if any(job_kind(name) is JobKind.NAME for name in told):
            worked_on.add(())
        self._ended |= dict.fromkeys(self._worked_on - worked_on, at)
        self._worked_on = frozenset(worked_on)

    @property
    def has_jobs(self) -> bool:
        """Return whether there are jobs that it would name: 4.2 only counts them."""
        queue = self.state.queue if self.state is not None else None
        return queue is not None and queue.waiting is not None and bool(queue.total or queue.scheduled)

    @property
    def backlog(self) -> int:
        """Return how many jobs there are, as far as it tells."""
        queue = self.state.queue if self.state is not None else None
        return (queue.total or 0) + (queue.scheduled or 0) if queue is not None else 0

    def jobs_read(self, payload: ShokoJobsRead, at: datetime, *, whole: bool = True) -> None:
        """Take the items of the queue; of a list that is not whole only what it holds is believed."""
        jobs: dict[Segments, tuple[Job, ...]] = {}
        for job in payload.jobs:
            tail = segments(job.file_tail)[-2:] if job.file_tail is not None else ()
            jobs[tail] = (*jobs.get(tail, ()), job)
        self._set_jobs(jobs, at if payload.complete and whole else None)
        self._note_ends(at)

    def _set_jobs(self, jobs: dict[Segments, tuple[Job, ...]], at: datetime | None) -> None:
        if (jobs, at) != (self.jobs, self.jobs_at):
            self.revision += 1
            self._dirty.add(shoko_work(self.ref))
        self.jobs, self.jobs_at = jobs, at

    def folders_read(self, payload: ShokoFoldersRead, *, whole: bool = True) -> None:
        """Take all import folders."""
        folders = payload.folders if whole else _merged(self.folders or (), payload.folders)
        if (folders, whole) != (self.folders, self.all_folders):
            self.revision += 1
            self.folders, self.all_folders = folders, whole
            self._dirty.add(EVERYTHING)

    def files_read(self, payload: ShokoFilesRead, at: datetime, *, whole: bool = True) -> None:
        """Take look-ups: their hits are the only files whose names end as asked, if all could be decoded."""
        for lookup in payload.lookups:
            tail = segments(lookup.tail)
            if not tail:
                continue
            name = tail[-1]
            first = tail not in self._asked.get(name, {})
            if whole:
                self._asked.setdefault(name, {})[tail] = at
            fresh = {hit.id for hit in lookup.hits}
            stale = {
                file_id
                for file_id in self._named.get(name, set()) - fresh
                if whole and any(_ends_with(place, tail) for place in _places(self.files[file_id]))
            }
            for file_id in stale:
                self._forget(file_id)
            changed = [hit for hit in lookup.hits if self.files.get(hit.id) != hit]
            for hit in changed:
                self._put(hit)
            if first or stale or changed:
                self.revision += 1
                self._dirty.add(shoko_name(name))
        self._dirty.add(answer(self.ref, "files"))

    def kin_read(self, payload: ShokoKinRead) -> None:
        """Take the series of a title."""
        if self.kin.get(payload.title) != payload.series:
            self.kin[payload.title] = payload.series
            self.revision += 1
            self._dirty.add(shoko_kin(self.ref, payload.title))

    def series_files_read(self, payload: ShokoSeriesFilesRead, *, whole: bool = True) -> None:
        """Take all files of one series: they may hold the other parts of an episode (B9), or be its own alone."""
        if payload.files is not None:
            own = any(series_ids(file) == (payload.series_id,) for file in payload.files)
            if own or whole:
                self.series_with_own = {**self.series_with_own, payload.series_id: own}
        files = payload.files or ()
        if self._files_in.get(payload.series_id, ()) != files:
            self._files_in[payload.series_id] = files
            self.revision += 1
            self._dirty.add(shoko_series(self.ref, payload.series_id))
        for file in files:
            if self.files.get(file.id) != file:
                self._put(file)
                self.revision += 1

    def _put(self, file: ShokoFile) -> None:
        self._forget(file.id)
        self.files[file.id] = file
        for place in _places(file):
            self._named.setdefault(place[-1], set()).add(file.id)
            self._dirty.add(shoko_name(place[-1]))
        for number in episode_ids(file):
            self._of_episode.setdefault(number, set()).add(file.id)
            self._dirty.add(shoko_episode(self.ref, number))

    def _forget(self, file_id: int) -> None:
        known = self._drop(file_id)
        if known is None:
            return
        self._dirty.update(shoko_name(place[-1]) for place in _places(known))
        self._dirty.update(shoko_episode(self.ref, number) for number in episode_ids(known))

    def _drop(self, file_id: int) -> ShokoFile | None:
        known = self.files.pop(file_id, None)
        if known is not None:
            for place in _places(known):
                self._named.get(place[-1], set()).discard(file_id)
            for number in episode_ids(known):
                owners = self._of_episode[number]
                owners.discard(file_id)
                if not owners:
                    del self._of_episode[number]
        return known

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`."""
        self.files = moved(self.files, back)
        self.revision += 1

    def prune(
        self, names: Collection[str], episodes: Collection[int], series: Collection[int], titles: Collection[str]
    ) -> None:
        """Forget look-ups and files of other base names than `names`, unless they hold one of `episodes`.

        Lists of files are kept of `series`, and the series of `titles`.
        """
        self.kin = {title: known for title, known in self.kin.items() if title in titles}
        self._files_in = {number: files for number, files in self._files_in.items() if number in series}
        self._ended = {tail: at for tail, at in self._ended.items() if not tail or tail[-1] in names}
        for name in self._asked.keys() - names:
            del self._asked[name]
        for name in self._named.keys() - names:
            for file_id in self._named[name] & self.files.keys():
                file = self.files[file_id]
                named = any(place[-1] in names for place in _places(file))
                if not named and not any(number in episodes for number in episode_ids(file)):
                    self._drop(file_id)
            if not self._named[name]:
                del self._named[name]

    def series_read(self, payload: ShokoSeriesRead, *, whole: bool = True) -> None:
        """Take one Shoko series."""
        if payload.series is None and not whole:
            return
        if self.series.get(payload.series_id) != payload.series or payload.series_id not in self.series:
            self.series[payload.series_id] = payload.series
            self.revision += 1
            self._dirty.add(shoko_series(self.ref, payload.series_id))
        if payload.episodes is not None:
            known = self.episodes.get(payload.series_id, ()) if not whole else ()
            self.episodes[payload.series_id] = tuple({one.id: one for one in (*known, *payload.episodes)}.values())

    def bans_read(self, payload: ShokoBansRead, *, whole: bool = True) -> None:
        """Take the bans of each connection."""
        known = self.bans if not whole else ()
        self.bans = tuple({one.connection: one for one in (*known, *payload.bans)}.values())


def _merged(known: tuple[ShokoFolder, ...], fresh: tuple[ShokoFolder, ...]) -> tuple[ShokoFolder, ...]:
    return tuple({one.id: one for one in (*known, *fresh)}.values())


def _places(file: ShokoFile) -> list[Segments]:
    paths = (location.relative_path or location.absolute_path for location in file.locations)
    return [place for path in paths if path and (place := segments(path))]


def _ends_with(path: Segments, tail: Segments) -> bool:
    shared = min(len(path), len(tail))
    return path[-shared:] == tail[-shared:]

"""The working of a simulated Shoko, without HTTP: disk -> preprocess -> hash -> AniDB file -> AniDB anime -> series.

Time is the household's: `settle` brings everything up to the clock's present, job by job; `finish_jobs` does not wait.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from hashlib import md5
from typing import Concatenate

from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.shoko.records import (
    ShokoRelease,
    SimAnime,
    SimAnimeEpisode,
    SimDiskFile,
    SimFolder,
    SimJob,
    SimLink,
    SimLocation,
    SimShokoEpisode,
    SimShokoFile,
    SimShokoSeries,
    Work,
)

THREADS = 4


def _story[**P, R](tell: Callable[Concatenate["ShokoState", P], R]) -> Callable[Concatenate["ShokoState", P], R]:
    """Make a story method: under the lock, after bringing the queue up to the present."""

    @wraps(tell)
    def told(state: "ShokoState", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with state.lock:
            state.settle()
            return tell(state, *args, **kwargs)

    return told


class ShokoState:
    """Folders, files, series and queue of one server. Plain attributes to read; story methods to change."""

    def __init__(self, clock: SimClock, release: ShokoRelease) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.release = release
        self.folders: dict[int, SimFolder] = {}
        self.files: dict[int, SimShokoFile] = {}
        self.series: dict[int, SimShokoSeries] = {}
        self.episodes: dict[int, SimShokoEpisode] = {}
        self.anime: dict[int, SimAnime] = {}
        """What AniDB knows, whether or not it is in the collection."""
        self.disk: dict[str, SimDiskFile] = {}
        self.jobs: list[SimJob] = []
        self.paused = False
        self.network = "Internet"
        self.udp_ban_at: datetime | None = None
        self.http_ban_at: datetime | None = None
        self.takes_s: dict[Work, float] = {}
        """How long kinds of jobs take, seconds, where not as usual."""
        self.early_records = False
        """Whether a file has a record, without hashes, before it is hashed (older databases hold such ones)."""
        self._series_by_anime: dict[int, SimShokoSeries] = {}
        self._episode_by_anidb: dict[int, SimShokoEpisode] = {}
        self._settled_at = clock.now()
        self._next_id = 1000

    # ---- story: what is there

    @_story
    def add_folder(
        self, path: str, name: str = "", *, folder_id: int | None = None, watched: bool = True, drop_type: str = "None"
    ) -> SimFolder:
        """Add an import (managed) folder; `path` is the server's view, its last separator is added."""
        separator = "\\" if "\\" in path else "/"
        path = path if path.endswith(separator) else path + separator
        number = folder_id or max(self.folders, default=0) + 1
        folder = SimFolder(number, name or path.rstrip(separator).rpartition(separator)[2], path, watched, drop_type)
        self.folders[folder.id] = folder
        return folder

    @_story
    def add_anime(
        self,
        anidb_id: int,
        title: str,
        episodes: int | Sequence[SimAnimeEpisode],
        *,
        type: str = "TV",  # noqa: A002 - AniDB's own word
        tmdb_shows: tuple[int, ...] = (),
        tmdb_movies: tuple[int, ...] = (),
        tvdb: tuple[int, ...] = (),
        series_id: int | None = None,
        first_episode_id: int | None = None,
    ) -> SimAnime:
        """Let AniDB know an anime; a number of episodes makes ids of 10 x its id + number."""
        made = (
            [SimAnimeEpisode(anidb_id * 10 + n, n, f"Episode {n}") for n in range(1, episodes + 1)]
            if isinstance(episodes, int)
            else list(episodes)
        )
        anime = SimAnime(anidb_id, title, made, type, tmdb_shows, tmdb_movies, tvdb, series_id, first_episode_id)
        self.anime[anidb_id] = anime
        return anime

    def link(self, anidb_id: int, *numbers: int, start: int = 0, end: int = 100) -> tuple[SimLink, ...]:
        """Return the links of a file that holds the first ones of these episode numbers of an anime."""
        episodes = {episode.number: episode.id for episode in reversed(self.anime[anidb_id].episodes)}
        return tuple(SimLink(anidb_id, episodes[number], start, end) for number in numbers)

    @_story
    def file_appears(
        self,
        path: str,
        size: int,
        links: Iterable[SimLink] = (),
        *,
        file_id: int | None = None,
        content: str | None = None,
    ) -> None:
        """Put a file on disk (the server's view of its path); `links` is what AniDB will say about it.

        A watched folder notices it at once, an unwatched one when it is scanned, and outside of all folders nobody.
        """
        name = path.replace("\\", "/").rpartition("/")[2]
        self.disk[path] = SimDiskFile(path, size, content or f"{name}:{size}", tuple(links), file_id)
        folder = self.folder_of(path)
        if folder is not None and folder.watched:
            self._discover(path)

    @_story
    def scan_folder(self, folder_id: int) -> None:
        """Do what the user's click on "scan" does: look at every file of the folder."""
        for path in list(self.disk):
            folder = self.folder_of(path)
            if folder is not None and folder.id == folder_id:
                self._discover(path)

    @_story
    def file_vanishes(self, path: str) -> None:
        """Take a file off the disk (or its mount away): Shoko keeps the record, and cannot see the file."""
        self.disk.pop(path, None)
        for location in self._locations_at(path):
            location.accessible = False

    @_story
    def file_moves(self, file_id: int, relative_path: str) -> None:
        """Rename a file inside its folder, as Shoko's renamer does."""
        location = self.files[file_id].locations[0]
        root = self.folders[location.folder_id].path
        old = self.disk.pop(root + location.relative_path, None)
        location.relative_path = relative_path
        if old is not None:
            self.disk[root + relative_path] = replace(old, path=root + relative_path)

    @_story
    def link_manually(self, file_id: int, links: Iterable[SimLink]) -> None:
        """Link a file by hand; the series is created when AniDB can be asked."""
        file = self.files[file_id]
        file.links = [replace(link, source="User") for link in links]
        file.imported_at = self.clock.now()
        self._fetch_anime(file)

    @_story
    def unlink(self, file_id: int) -> None:
        """Remove a file's links: it is unrecognised again."""
        self.files[file_id].links = []
        self.files[file_id].imported_at = None

    @_story
    def ignore(self, file_id: int, *, ignored: bool = True) -> None:
        """Ignore a file."""
        self.files[file_id].ignored = ignored

    @_story
    def hide_episode(self, episode_id: int, *, hidden: bool = True) -> None:
        """Hide an episode of the collection."""
        self.episodes[episode_id].hidden = hidden

    # ---- story: what it is busy with

    @_story
    def set_ban(self, *, udp: bool | None = None, http: bool | None = None) -> None:
        """Let AniDB ban or pardon a connection; None leaves it as it is."""
        now = self.clock.now()
        if udp is not None:
            self.udp_ban_at = now if udp else None
        if http is not None:
            self.http_ban_at = now if http else None

    @_story
    def set_network(self, word: str) -> None:
        """Change how far the network reaches: NoInterfaces, NoGateways, LocalOnly, PartialInternet or Internet."""
        self.network = word

    @_story
    def pause_queue(self, *, paused: bool = True) -> None:
        """Pause or resume the queue; what runs is finished."""
        self.paused = paused

    @_story
    def add_backlog(self, job_type: str, count: int, *, takes_s: float = 60.0) -> None:
        """Queue jobs that change nothing."""
        self.jobs += [SimJob(None, job_type, takes_s) for _ in range(count)]

    @_story
    def finish_jobs(self) -> None:
        """Finish every job that can run, and those that follow from it, without waiting for the clock."""
        while any(job.started_at for job in self.jobs) or self._startable():
            self._start(self.clock.now())
            for job in [job for job in self.jobs if job.started_at]:
                self._finish(job, self.clock.now())

    def settle(self) -> None:
        """Bring the queue up to the clock's present; safe to call from any thread."""
        with self.lock:
            now = self.clock.now()
            at = self._settled_at
            self._start(at)
            while running := [job for job in self.jobs if job.started_at]:
                job = min(running, key=_done_at)
                if _done_at(job) > now:
                    break
                at = _done_at(job)
                self._finish(job, at)
                self._start(at)
            self._settled_at = now
            self._start(now)

    def is_blocked(self, job: SimJob) -> bool:
        """Return whether a ban or the network keeps a job from running."""
        if job.work not in {Work.IDENTIFY, Work.ANIME}:
            return False
        banned = self.udp_ban_at if job.work is Work.IDENTIFY else self.http_ban_at
        return banned is not None or self.network != "Internet"

    # ---- reading

    def folder_of(self, path: str) -> SimFolder | None:
        """Return the first folder that is a prefix of `path`."""
        return next((folder for folder in self.folders.values() if path.startswith(folder.path)), None)

    def absolute_path(self, location: SimLocation) -> str | None:
        """Return a location's whole path in the server's view."""
        folder = self.folders.get(location.folder_id)
        return None if folder is None else folder.path + location.relative_path

    def series_of(self, anime_id: int) -> SimShokoSeries | None:
        """Return the series of an anime, if it is in the collection."""
        return self._series_by_anime.get(anime_id)

    def episode_of(self, anidb_episode_id: int) -> SimShokoEpisode | None:
        """Return the local episode of AniDB's, if there is one."""
        return self._episode_by_anidb.get(anidb_episode_id)

    def files_of_series(self, series_id: int) -> list[SimShokoFile]:
        """Return the files linked to a series."""
        anime_id = self.series[series_id].anime.id
        return [file for file in self.files.values() if any(link.anime_id == anime_id for link in file.links)]

    def files_of_episode(self, anidb_episode_id: int) -> list[SimShokoFile]:
        """Return the files linked to an episode."""
        return [file for file in self.files.values() if any(link.episode_id == anidb_episode_id for link in file.links)]

    def in_limbo(self, file: SimShokoFile) -> bool:
        """Return whether AniDB said what it is and the collection lacks that."""
        return any(self.episode_of(link.episode_id) is None for link in file.links)

    # ---- the pipeline

    def _discover(self, path: str) -> None:
        known = self._locations_at(path)
        for location in known:
            location.accessible = True
        same = any(file.ed2k == _ed2k(self.disk[path]) for file in self.files.values())
        if not (known and same) and not any(job.path == path for job in self.jobs):
            self._queue(Work.PREPROCESS, path=path)

    def _preprocessed(self, job: SimJob, at: datetime) -> None:
        path = job.path or ""
        if path not in self.disk:
            return
        file_id = self._record(self.disk[path], at).id if self.early_records else None
        self._queue(Work.HASH, path=path, file_id=file_id)

    def _hashed(self, job: SimJob, at: datetime) -> None:
        on_disk = self.disk.get(job.path or "")
        if on_disk is None:
            return
        ed2k = _ed2k(on_disk)
        known = next((file for file in self.files.values() if file.ed2k == ed2k), None)
        self._replace(on_disk.path, keep=job.file_id)
        if known is not None and known.id != job.file_id:
            self._add_location(known, on_disk.path)
            return
        file = self.files.get(job.file_id or 0) or self._record(on_disk, at)
        file.ed2k = ed2k
        self._queue(Work.IDENTIFY, path=on_disk.path, file_id=file.id)

    def _identified(self, job: SimJob, at: datetime) -> None:
        file = self.files[job.file_id or 0]
        on_disk = self.disk.get(job.path or "")
        if on_disk is None or not on_disk.links or file.links:
            return
        file.links = list(on_disk.links)
        file.imported_at = at
        self._fetch_anime(file)

    def _fetch_anime(self, file: SimShokoFile) -> None:
        for anime_id in dict.fromkeys(link.anime_id for link in file.links):
            missing = self.series_of(anime_id) is None
            if missing and not any(job.anime_id == anime_id for job in self.jobs):
                self._queue(Work.ANIME, anime_id=anime_id)

    def _anime_read(self, job: SimJob, at: datetime) -> None:
        anime = self.anime.get(job.anime_id or 0)
        if anime is None or self.series_of(anime.id) is not None:
            return
        series = SimShokoSeries(anime.shoko_id or self._new_id(), anime, at)
        self.series[series.id] = self._series_by_anime[anime.id] = series
        for offset, episode in enumerate(anime.episodes):
            number = self._new_id() if anime.first_episode_id is None else anime.first_episode_id + offset
            local = SimShokoEpisode(number, series.id, episode)
            self.episodes[number] = self._episode_by_anidb[episode.id] = local

    def _record(self, on_disk: SimDiskFile, at: datetime) -> SimShokoFile:
        file = SimShokoFile(on_disk.file_id or self._new_id(), on_disk.size, at)
        self.files[file.id] = file
        self._add_location(file, on_disk.path)
        return file

    def _replace(self, path: str, *, keep: int | None) -> None:
        """Forget what was at `path` before: other bytes are another file."""
        for file in list(self.files.values()):
            if file.id != keep:
                file.locations = [one for one in file.locations if self.absolute_path(one) != path]
                if not file.locations:
                    del self.files[file.id]

    def _add_location(self, file: SimShokoFile, path: str) -> None:
        folder = self.folder_of(path)
        if folder is not None:
            file.locations.append(SimLocation(self._new_id(), folder.id, path.removeprefix(folder.path)))

    def _locations_at(self, path: str) -> list[SimLocation]:
        return [
            location
            for file in self.files.values()
            for location in file.locations
            if self.absolute_path(location) == path
        ]

    # ---- the queue

    def _queue(
        self, work: Work, *, path: str | None = None, file_id: int | None = None, anime_id: int | None = None
    ) -> None:
        takes_s = self.takes_s.get(work, work.takes_s)
        self.jobs.append(SimJob(work, work.name_in(self.release), takes_s, path, file_id, anime_id))

    def _startable(self) -> list[SimJob]:
        if self.paused:
            return []
        return [job for job in self.jobs if job.started_at is None and not self.is_blocked(job)]

    def _start(self, at: datetime) -> None:
        free = THREADS - sum(job.started_at is not None for job in self.jobs)
        for job in self._startable()[: max(0, free)]:
            job.started_at = at

    def _finish(self, job: SimJob, at: datetime) -> None:
        self.jobs.remove(job)
        match job.work:
            case Work.PREPROCESS:
                self._preprocessed(job, at)
            case Work.HASH:
                self._hashed(job, at)
            case Work.IDENTIFY:
                self._identified(job, at)
            case Work.ANIME:
                self._anime_read(job, at)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id


def _ed2k(on_disk: SimDiskFile) -> str:
    return md5(on_disk.content.encode(), usedforsecurity=False).hexdigest().upper()


def _done_at(job: SimJob) -> datetime:
    return (job.started_at or datetime.min) + timedelta(seconds=job.takes_s)  # noqa: DTZ901 - only running jobs come

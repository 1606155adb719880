"""What one Shoko server has answered so far."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import (
    ShokoBansRead,
    ShokoFilesRead,
    ShokoFoldersRead,
    ShokoSeriesFilesRead,
    ShokoSeriesRead,
    ShokoStateRead,
)
from tracker_tui.model.shoko import AniDbBan, ShokoEpisode, ShokoFile, ShokoFolder, ShokoSeries
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.subjects import (
    EVERYTHING,
    Subject,
    answer,
    shoko_episode,
    shoko_name,
    shoko_series,
    shoko_work,
)
from tracker_tui.reconcile.joins.paths import Segments, segments
from tracker_tui.reconcile.joins.shokojoin import episode_ids, series_ids


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

    def series_files_read(self, payload: ShokoSeriesFilesRead) -> None:
        """Take all files of one series: they may hold the other parts of an episode (B9), or be its own alone."""
        if payload.files is not None:
            own = any(series_ids(file) == (payload.series_id,) for file in payload.files)
            self.series_with_own = {**self.series_with_own, payload.series_id: own}
        for file in payload.files or ():
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

    def prune(self, names: Collection[str], episodes: Collection[int]) -> None:
        """Forget look-ups and files of other base names than `names`, unless they hold one of `episodes`."""
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

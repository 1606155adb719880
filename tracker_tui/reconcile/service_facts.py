"""What the download clients, Shoko, Jellyfin and Seerr have answered so far, one ledger per instance."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import JellyfinItem, JellyfinServer, Library, Plugin, ScheduledTask
from tracker_tui.model.observation import (
    ItemsListed,
    ItemsProbed,
    JellyfinSetupRead,
    LibrariesRead,
    RequestRead,
    RequestsListed,
    SeerrServersRead,
    SeriesItemsRead,
    ShokoFilesRead,
    ShokofinRead,
    ShokoFoldersRead,
    ShokoSeriesRead,
    ShokoStateRead,
    TasksRead,
    TitlesRead,
    TorrentFilesRead,
    TorrentsRead,
)
from tracker_tui.model.seerr import SeerrCounts, SeerrRequest, SeerrServer, SeerrTitle
from tracker_tui.model.shoko import AniDbBan, ShokoEpisode, ShokoFile, ShokoFolder, ShokoSeries
from tracker_tui.model.torrents import Torrent, TorrentFile, TransferState
from tracker_tui.reconcile.hashes import TorrentIndex
from tracker_tui.reconcile.jellyindex import JellyfinIndex, Key, item_paths
from tracker_tui.reconcile.paths import Segments, segments
from tracker_tui.reconcile.subjects import (
    EVERYTHING,
    Subject,
    answer,
    item_subject,
    jellyfin_key,
    jellyfin_work,
    seerr_request,
    seerr_title,
    shoko_name,
    shoko_series,
    shoko_work,
    torrent,
)


class ClientFacts:
    """One qBittorrent: its torrents (in an index shared by all clients), their file lists, the transfer state."""

    def __init__(self, ref: InstanceRef, index: TorrentIndex, dirty: set[Subject]) -> None:
        self.ref = ref
        self._index = index
        self._dirty = dirty
        self.torrents: dict[str, Torrent] = {}
        self.files: dict[str, tuple[TorrentFile, ...]] = {}
        self.files_at: dict[str, datetime] = {}
        self.answered_at: datetime | None = None
        self.transfer: TransferState | None = None

    def torrents_read(self, payload: TorrentsRead, at: datetime) -> list[Torrent]:
        """Take a delta or the full list; return the torrents that appeared, became complete or vanished."""
        if payload.full:
            gone = self.torrents.keys() - {one.hash for one in payload.changed}
        else:
            gone = self.torrents.keys() & set(payload.removed)
        stirred: list[Torrent] = []
        for torrent_hash in gone:
            stirred.append(self.torrents.pop(torrent_hash))
            self._touch(stirred[-1])
            self.files.pop(torrent_hash, None)
            self.files_at.pop(torrent_hash, None)
        self._index.remove(self.ref, gone)
        changed = [one for one in payload.changed if self.torrents.get(one.hash) != one]
        for one in changed:
            known = self.torrents.get(one.hash)
            if known is None or known.complete != one.complete:
                stirred.append(one)
            self.torrents[one.hash] = one
            self._touch(one)
        self._index.upsert(self.ref, changed)
        self.transfer = payload.transfer
        self.answered_at = at
        self._dirty.add(answer(self.ref, "torrents"))
        return stirred

    def _touch(self, one: Torrent) -> None:
        self._dirty.update(torrent(any_id) for any_id in {one.hash, *one.ids})

    def files_read(self, payload: TorrentFilesRead, at: datetime) -> None:
        """Take the file list of one torrent; of an unknown hash there is nothing to keep."""
        if payload.files is None:
            return
        self.files_at[payload.hash] = at
        if self.files.get(payload.hash) != payload.files:
            self.files[payload.hash] = payload.files
            known = self.torrents.get(payload.hash)
            self._dirty.update(torrent(any_id) for any_id in {payload.hash, *(known.ids if known else ())})


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
        self.files: dict[int, ShokoFile] = {}
        self._named: dict[str, set[int]] = {}
        self._asked: dict[str, dict[Segments, datetime]] = {}
        self.series: dict[int, ShokoSeries | None] = {}
        self.episodes: dict[int, tuple[ShokoEpisode, ...]] = {}
        self.bans: tuple[AniDbBan, ...] = ()
        self.revision = 0
        """How often something about files or folders changed."""

    def hits(self, path: Segments) -> tuple[ShokoFile, ...]:
        """Return the known files with the base name of `path`."""
        return tuple(self.files[file_id] for file_id in sorted(self._named.get(path[-1], ()))) if path else ()

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

    def folders_read(self, payload: ShokoFoldersRead) -> None:
        """Take all import folders."""
        if payload.folders != self.folders:
            self.revision += 1
            self.folders = payload.folders
            self._dirty.add(EVERYTHING)

    def files_read(self, payload: ShokoFilesRead, at: datetime) -> None:
        """Take look-ups: their hits are the only files whose names end as asked."""
        for lookup in payload.lookups:
            tail = segments(lookup.tail)
            if not tail:
                continue
            name = tail[-1]
            first = tail not in self._asked.get(name, {})
            self._asked.setdefault(name, {})[tail] = at
            fresh = {hit.id for hit in lookup.hits}
            stale = {
                file_id
                for file_id in self._named.get(name, set()) - fresh
                if any(_ends_with(place, tail) for place in _places(self.files[file_id]))
            }
            for file_id in stale:
                self._forget(file_id)
            changed = [hit for hit in lookup.hits if self.files.get(hit.id) != hit]
            for hit in changed:
                self._forget(hit.id)
                self.files[hit.id] = hit
                for place in _places(hit):
                    self._named.setdefault(place[-1], set()).add(hit.id)
                    self._dirty.add(shoko_name(place[-1]))
            if first or stale or changed:
                self.revision += 1
                self._dirty.add(shoko_name(name))
        self._dirty.add(answer(self.ref, "files"))

    def _forget(self, file_id: int) -> None:
        known = self.files.pop(file_id, None)
        for place in _places(known) if known else ():
            self._named.get(place[-1], set()).discard(file_id)
            self._dirty.add(shoko_name(place[-1]))

    def series_read(self, payload: ShokoSeriesRead) -> None:
        """Take one Shoko series."""
        if self.series.get(payload.series_id) != payload.series or payload.series_id not in self.series:
            self.series[payload.series_id] = payload.series
            self._dirty.add(shoko_series(self.ref, payload.series_id))
        if payload.episodes is not None:
            self.episodes[payload.series_id] = payload.episodes


def _places(file: ShokoFile) -> list[Segments]:
    paths = (location.relative_path or location.absolute_path for location in file.locations)
    return [place for path in paths if path and (place := segments(path))]


def _ends_with(path: Segments, tail: Segments) -> bool:
    shared = min(len(path), len(tail))
    return path[-shared:] == tail[-shared:]


class JellyfinFacts:
    """One Jellyfin: its items, libraries, tasks and what Shokofin says."""

    def __init__(self, ref: InstanceRef, dirty: set[Subject]) -> None:
        self.ref = ref
        self._dirty = dirty
        self.index = JellyfinIndex()
        self._ids: dict[str, JellyfinItem] = {}
        self.listed_at: dict[str, datetime] = {}
        """Item type -> when the whole of it was last listed."""
        self.series_at: dict[str, datetime] = {}
        """Series item -> when the episodes below it were last read."""
        self._denied: dict[str, tuple[datetime, JellyfinItem | None]] = {}
        """Item id -> when an answer first denied it, and what it was."""
        self.server: JellyfinServer | None = None
        self.plugins: tuple[Plugin, ...] | None = None
        self.libraries: tuple[Library, ...] | None = None
        self.libraries_at: datetime | None = None
        self.tasks: tuple[ScheduledTask, ...] = ()
        self.shokofin: ShokofinRead | None = None
        self.revision = 0
        """How often something about items or libraries changed."""

    @property
    def asked(self) -> bool:
        """Return whether any question about items was answered."""
        return bool(self.listed_at or self.series_at or self._denied or self._ids)

    @property
    def without_shokofin(self) -> bool:
        """Return whether it has said that Shokofin drives no library: none uses it, none is configured in it."""
        if not self.libraries or (self.shokofin is not None and self.shokofin.config is not None):
            return False
        return all(one.uses_shoko is False for one in self.libraries)

    def denied_at(self, item_id: str) -> datetime | None:
        """Return when an answer last denied an item: the one that did first, or a later list it would be in."""
        if item_id not in self._denied:
            return None
        at, was = self._denied[item_id]
        later = (self.listed_at.get(was.type), self.series_at.get(was.series_id or "")) if was is not None else ()
        return max((one for one in (at, *later) if one is not None), default=at)

    def items_listed(self, payload: ItemsListed, at: datetime) -> None:
        """Take a complete list of some types, of the server or of one library."""
        if payload.library_id is None:
            fresh = {one.id for one in payload.items}
            types = set(payload.types)
            self._deny((one.id for one in list(self._ids.values()) if one.type in types and one.id not in fresh), at)
            for word in payload.types:
                self.listed_at[word] = at
        self.items_changed(payload.items)
        self._dirty.add(answer(self.ref, "items"))

    def items_changed(self, items: Iterable[JellyfinItem]) -> None:
        """Take new or changed items."""
        changed = [one for one in items if self._ids.get(one.id) != one]
        for one in changed:
            known = self._ids.get(one.id)
            if known is not None:
                self._touch(known)
            self._ids[one.id] = one
            self._denied.pop(one.id, None)
            self._touch(one)
        self.index.upsert(changed)

    def items_probed(self, payload: ItemsProbed, at: datetime) -> None:
        """Take the answer to a question by id."""
        found = {one.id for one in payload.items}
        self._deny((item_id for item_id in payload.asked if item_id not in found), at)
        self.items_changed(payload.items)
        self._dirty.add(answer(self.ref, "items"))

    def series_items_read(self, payload: SeriesItemsRead, at: datetime) -> None:
        """Take all playable episodes below one series item."""
        found = {one.id for one in payload.items}
        below = self.index.find(Key.SERIES_CHILD, payload.series_item_id)
        self._deny((one.id for one in below if one.id not in found), at)
        if payload.series_item_id not in self.series_at:
            self._dirty.add(item_subject(payload.series_item_id))
        self.series_at[payload.series_item_id] = at
        self.items_changed(payload.items)
        self._dirty.add(answer(self.ref, "items"))

    def _deny(self, item_ids: Iterable[str], at: datetime) -> None:
        gone = list(item_ids)
        for item_id in gone:
            known = self._ids.pop(item_id, None)
            self._denied[item_id] = (at, known or self._denied.get(item_id, (at, None))[1])
            if known is not None:
                self._touch(known)
        self.index.remove(gone)

    def _touch(self, one: JellyfinItem) -> None:
        self.revision += 1
        self._dirty.add(item_subject(one.id))
        self._dirty.update(jellyfin_key(key, value) for key, value in lookup_keys(one))

    def setup_read(self, payload: JellyfinSetupRead) -> None:
        """Take server and plugins."""
        if (payload.server, payload.plugins) != (self.server, self.plugins):
            self.server, self.plugins = payload.server, payload.plugins
            self._dirty.add(jellyfin_work(self.ref))

    def libraries_read(self, payload: LibrariesRead, at: datetime) -> None:
        """Take all libraries; where they lie decides routes, their scan state only waits."""
        if self.libraries is None or _places_of(self.libraries) != _places_of(payload.libraries):
            self.revision += 1
            self._dirty.add(EVERYTHING)
        elif self.libraries != payload.libraries:
            self._dirty.add(jellyfin_work(self.ref))
        self.libraries, self.libraries_at = payload.libraries, at

    def tasks_read(self, payload: TasksRead) -> None:
        """Take the scheduled tasks."""
        if self.tasks != payload.tasks:
            self.tasks = payload.tasks
            self._dirty.add(jellyfin_work(self.ref))

    def shokofin_read(self, payload: ShokofinRead) -> None:
        """Take what Shokofin says of itself."""
        if self.shokofin != payload:
            before = self.shokofin.config if self.shokofin else None
            self.shokofin = payload
            self._dirty.add(EVERYTHING if before != payload.config else jellyfin_work(self.ref))


def lookup_keys(item: JellyfinItem) -> set[tuple[str, object]]:
    """Return the keys under which a request may have missed this item."""
    keys: set[tuple[str, object]] = {("file", file_id) for file_id in item.shoko_file_ids}
    keys |= {("name", path[-1]) for path in item_paths(item) if path}
    named = (
        ("series", item.series_id),
        ("shoko-episode", item.shoko_episode_id),
        ("tvdb", item.tvdb_id),
        ("tmdb", item.tmdb_id),
        ("imdb", item.imdb_id),
    )
    return keys | {(word, value) for word, value in named if value is not None}


def _places_of(libraries: tuple[Library, ...]) -> list[tuple[str | None, tuple[str, ...], bool | None]]:
    return [(one.id, one.locations, one.uses_shoko) for one in libraries]


class SeerrFacts:
    """One Seerr: its requests, the titles it looked up, its numbers of the servers."""

    def __init__(self, ref: InstanceRef, dirty: set[Subject]) -> None:
        self.ref = ref
        self._dirty = dirty
        self.requests: dict[int, SeerrRequest] = {}
        self.absent_at: dict[int, datetime] = {}
        self.titles: dict[tuple[bool, int], SeerrTitle] = {}
        self.servers: tuple[SeerrServer, ...] = ()
        self.counts: SeerrCounts | None = None
        self.listed_at: datetime | None = None
        self._complete: tuple[datetime, datetime | None] | None = None

    def denied_at(self, number: int, created_at: datetime | None) -> datetime | None:
        """Return when an answer last denied a request that was created at `created_at`; None if none did."""
        if number in self.requests:
            return None
        single = self.absent_at.get(number)
        if self._complete is None:
            return single
        at, since = self._complete
        covered = since is None or (created_at is not None and created_at >= since)
        return max(single or at, at) if covered else single

    def requests_listed(self, payload: RequestsListed, at: datetime) -> None:
        """Take a list; a complete one denies every younger request that is not in it."""
        fresh = {one.id for one in payload.requests}
        if payload.complete:
            self._complete = (at, payload.since)
            for number, known in list(self.requests.items()):
                inside = payload.since is None or (known.created_at is not None and known.created_at >= payload.since)
                if number not in fresh and inside:
                    self._drop(number, at)
        for one in payload.requests:
            self._put(one)
        if self.listed_at is None:
            self._dirty.add(answer(self.ref, "first-list"))
        self.listed_at = at
        self._dirty.add(answer(self.ref, "requests"))

    def request_read(self, payload: RequestRead, at: datetime) -> None:
        """Take one request."""
        if payload.request is None:
            self._drop(payload.request_id, at)
        else:
            self._put(payload.request)
        self._dirty.add(answer(self.ref, "requests"))

    def _put(self, one: SeerrRequest) -> None:
        self.absent_at.pop(one.id, None)
        if self.requests.get(one.id) != one:
            self.requests[one.id] = one
            self._dirty.add(seerr_request(self.ref, one.id))

    def _drop(self, number: int, at: datetime) -> None:
        self.requests.pop(number, None)
        self.absent_at[number] = at
        self._dirty.add(seerr_request(self.ref, number))

    def titles_read(self, payload: TitlesRead) -> None:
        """Take looked-up titles; kept for good."""
        for title in payload.titles:
            key = (title.is_movie, title.tmdb_id)
            if self.titles.get(key) != title:
                self.titles[key] = title
                self._dirty.add(seerr_title(title.tmdb_id, title.is_movie))

    def servers_read(self, payload: SeerrServersRead) -> None:
        """Take Seerr's numbers of the servers."""
        if self.servers != payload.servers:
            self.servers = payload.servers
            self._dirty.add(EVERYTHING)

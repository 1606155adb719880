"""What one Sonarr or Radarr has answered so far."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from tracker_tui.model.arr import (
    Command,
    DownloadClient,
    Episode,
    HistoryKind,
    MediaFile,
    Movie,
    QueueRecord,
    Series,
    Tag,
)
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.observation import (
    ArrSetupRead,
    CommandsRead,
    HistoryRead,
    MovieRead,
    MoviesListed,
    QueueRead,
    SeriesListed,
    SeriesRead,
)
from tracker_tui.model.torrents import Torrent
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.history import History
from tracker_tui.reconcile.facts.subjects import EVERYTHING, Subject, answer, entry, external

_USUAL_CATEGORIES = {
    Kind.SONARR: frozenset({"sonarr", "tv-sonarr"}),
    Kind.RADARR: frozenset({"radarr", "movies-radarr"}),
}
"""What the two servers call their categories unless told otherwise; used while their settings are unknown."""

_FILE_EVENTS = {HistoryKind.IMPORTED, HistoryKind.DELETED, HistoryKind.RENAMED}


class ArrFacts:
    """The ledger of one instance; "entry" is a series (Sonarr) or a film (Radarr)."""

    def __init__(self, ref: InstanceRef, dirty: set[Subject]) -> None:
        self.ref = ref
        self._dirty = dirty
        self.series: dict[int, Series] = {}
        self.movies: dict[int, Movie] = {}
        self.episodes: dict[int, dict[int, Episode]] = {}
        self.files: dict[int, dict[int, MediaFile]] = {}
        self.queue: dict[int, tuple[QueueRecord, ...]] = {}
        self.unknown_queue: tuple[QueueRecord, ...] = ()
        self.queued_downloads: frozenset[str] = frozenset()
        """Download ids of the records the server can place."""
        self.queue_at: datetime | None = None
        """When the queue was last read without a gap: what is not in it is not queued."""
        self.queue_seen_at: datetime | None = None
        """When it was last read at all."""
        self.queue_due = False
        """Whether something happened to a download of this instance after its queue was last read."""
        self.history = History(films=self.is_radarr)
        self.commands: tuple[Command, ...] = ()
        self.commands_of: dict[int, tuple[Command, ...]] = {}
        self.tags: tuple[Tag, ...] = ()
        self.clients: tuple[DownloadClient, ...] = ()
        self.listed_at: datetime | None = None
        self.list_heard = False
        """Whether a list of everything has come, be it one with gaps."""
        self.without_episodes = 0
        """How many series of the last list have no episodes at all (a stuck metadata source empties all of them)."""
        self.absent_at: dict[int, datetime] = {}
        """When an answer last said that an entry does not exist."""
        self.details_at: dict[int, datetime] = {}
        """When the episodes and files of an entry were last read."""
        self.unread: dict[int, frozenset[int]] = {}
        """Series of whose episodes some could not be decoded -> the known ones that were not among the others."""
        self.details_due: dict[int, datetime] = {}
        """Entries whose episodes or files changed after they were last read, and since when."""
        self.revision: dict[int, int] = {}
        """How often something about an entry changed: what was read at one revision stays right until the next."""
        self._owner: dict[int, int] = {}
        self._by_external: dict[tuple[str, int], set[int]] = {}

    # --- reading -----------------------------------------------------------------------------------------------

    @property
    def is_radarr(self) -> bool:
        """Return whether entries are films."""
        return self.ref.kind is Kind.RADARR

    @property
    def categories(self) -> frozenset[str]:
        """Return the client categories it uses, the one after import included."""
        named = {word for client in self.clients for word in (client.category, client.imported_category) if word}
        return frozenset(named) or _USUAL_CATEGORIES[self.ref.kind]

    def stirred(self, torrents: Iterable[Torrent]) -> None:
        """Take torrents that appeared, became complete or vanished: the queue will say something new soon."""
        categories = self.categories
        self.queue_due = self.queue_due or any(
            one.category in categories or any(key in self.history.entries_of_download for key in one.ids)
            for one in torrents
        )

    def has(self, number: int) -> bool:
        """Return whether the entry is known to exist."""
        return number in (self.movies if self.is_radarr else self.series)

    def denied_at(self, number: int) -> datetime | None:
        """Return when an answer last denied that the entry exists; None if none did."""
        if self.has(number):
            return None
        single = self.absent_at.get(number)
        if self.listed_at is None or (single is not None and single > self.listed_at):
            return single
        return self.listed_at

    def read_at(self, number: int, episode_id: int | None) -> datetime | None:
        """Return when an episode or film was last read; None while its own record cannot be decoded."""
        return self.details_at.get(number) if episode_id not in self.unread.get(number, ()) else None

    def entries_with(self, *, tvdb_id: int | None, tmdb_id: int | None) -> set[int]:
        """Return the series with this TVDB id, else this TMDB id; the films with this TMDB id."""
        by_tvdb = self._by_external.get(("tvdb", tvdb_id), set()) if tvdb_id and not self.is_radarr else set()
        return by_tvdb or (self._by_external.get(("tmdb", tmdb_id), set()) if tmdb_id else set())

    def queue_of(self, number: int) -> tuple[QueueRecord, ...]:
        """Return the queue records of an entry, with those the server cannot place but whose grab was for it."""
        own = self.queue.get(number, ())
        if not self.unknown_queue:
            return own
        placed = tuple(
            record
            for record in self.unknown_queue
            if record.download_key and number in self.history.entries_of_download.get(record.download_key, ())
        )
        return own + placed

    def _touch(self, number: int) -> None:
        self.revision[number] = self.revision.get(number, 0) + 1
        self._dirty.add(entry(self.ref, number))

    # --- absorbing ---------------------------------------------------------------------------------------------

    def series_listed(self, payload: SeriesListed, at: datetime, *, whole: bool = True) -> None:
        """Take the list: what is not in a whole one does not exist."""
        if whole:
            for number in self.series.keys() - {one.id for one in payload.series}:
                self._drop(number, at)
        for one in payload.series:
            known = self.series.get(one.id)
            if known == one:
                continue
            if known is not None and _counts(known) != _counts(one):
                self.details_due.setdefault(one.id, at)
            self._put_series(one)
        self.without_episodes = sum(one.total_episode_count == 0 for one in payload.series)
        self._listed(at, whole=whole)

    def movies_listed(self, payload: MoviesListed, at: datetime, *, whole: bool = True) -> None:
        """Take the list: what is not in a whole one does not exist."""
        if whole:
            for number in self.movies.keys() - {one.id for one in payload.movies}:
                self._drop(number, at)
        for one in payload.movies:
            self.details_at[one.id] = at
            self.details_due.pop(one.id, None)
            self._put_movie(one)
        self._listed(at, whole=whole)

    def _listed(self, at: datetime, *, whole: bool) -> None:
        self.list_heard = True
        if whole:
            self.absent_at = {number: when for number, when in self.absent_at.items() if not self.has(number)}
            if self.listed_at is None:
                self._dirty.add(answer(self.ref, "first-list"))
            self.listed_at = at
        self._dirty.add(answer(self.ref, "entries"))

    def series_read(self, payload: SeriesRead, at: datetime, *, whole: bool = True) -> None:
        """Take one series with its episodes and files as far as they were asked for."""
        number = payload.series_id
        if payload.series is None and not whole:
            return
        if payload.series is None:
            self._drop(number, at)
            self._dirty.add(answer(self.ref, "entries"))
            return
        known = self.series.get(number)
        if payload.episodes is None and known is not None and _counts(known) != _counts(payload.series):
            self.details_due.setdefault(number, at)
        self._put_series(payload.series)
        if payload.files is not None:
            files = {file.id: file for file in payload.files}
            if not whole:
                files = self.files.get(number, {}) | files
            if files != self.files.get(number):
                self.files[number] = files
                self._touch(number)
        if payload.episodes is not None:
            episodes = {episode.id: episode for episode in payload.episodes}
            self._note_unread(number, None if whole else episodes.keys())
            if not whole:
                episodes = self.episodes.get(number, {}) | episodes
            if episodes != self.episodes.get(number):
                self.episodes[number] = episodes
                self._owner.update(dict.fromkeys(episodes, number))
                self._touch(number)
                if any(not episodes.keys().isdisjoint(one.episode_ids) for one in self.commands):
                    self._assign_commands()
            self._read(number, at)

    def _note_unread(self, number: int, told: Collection[int] | None) -> None:
        """Note which known episodes an answer with gaps was silent about; `told` None = it had no gaps."""
        before = self.unread.pop(number, None)
        if told is not None:
            self.unread[number] = frozenset(self.episodes.get(number, {}).keys() - set(told))
        if before != self.unread.get(number):
            self._touch(number)

    def movie_read(self, payload: MovieRead, at: datetime, *, whole: bool = True) -> None:
        """Take one film."""
        if payload.movie is None and not whole:
            return
        if payload.movie is None:
            self._drop(payload.movie_id, at)
            self._dirty.add(answer(self.ref, "entries"))
            return
        self._put_movie(payload.movie)
        self._read(payload.movie.id, at)

    def _read(self, number: int, at: datetime) -> None:
        first = number not in self.details_at
        self.details_at[number] = at
        if self.details_due.pop(number, None) is not None or first:
            self._touch(number)
        self._dirty.add(answer(self.ref, f"entry {number}"))

    def _put_series(self, one: Series) -> None:
        known = self.series.get(one.id)
        if known != one:
            self.series[one.id] = one
            self._index(one.id, known, one)
        self.absent_at.pop(one.id, None)

    def _put_movie(self, one: Movie) -> None:
        known = self.movies.get(one.id)
        if known != one:
            self.movies[one.id] = one
            self._index(one.id, known, one)
        self.absent_at.pop(one.id, None)

    def _index(self, number: int, before: Series | Movie | None, after: Series | Movie | None) -> None:
        old, new = _external_ids(before), _external_ids(after)
        for key in old - new:
            self._by_external[key].discard(number)
        for key in new - old:
            self._by_external.setdefault(key, set()).add(number)
        self._touch(number)
        self._dirty.update(external(*key) for key in old | new)

    def _drop(self, number: int, at: datetime) -> None:
        self.absent_at[number] = at
        self._index(number, self.series.pop(number, None) or self.movies.pop(number, None), None)
        for episode_id in self.episodes.pop(number, {}):
            self._owner.pop(episode_id, None)
        for table in (self.files, self.unread):
            table.pop(number, None)
        self.details_at.pop(number, None)
        self.details_due.pop(number, None)

    def queue_read(self, payload: QueueRead, at: datetime, *, whole: bool = True) -> None:
        """Take the queue; beside one with gaps the known records stay."""
        grouped: dict[int, list[QueueRecord]] = {}
        unknown: list[QueueRecord] = []
        for record in payload.records if whole else self._with_known(payload.records):
            owner = record.movie_id if self.is_radarr else record.series_id
            if owner is None:
                unknown.append(record)
            else:
                grouped.setdefault(owner, []).append(record)
        fresh = {owner: tuple(sorted(records, key=lambda one: one.id)) for owner, records in grouped.items()}
        for owner in self.queue.keys() | fresh.keys():
            if self.queue.get(owner) != fresh.get(owner):
                self._touch(owner)
        if whole:
            self._note_departures(self.queue.keys() - fresh.keys(), at)
        self.queue = fresh
        self.queued_downloads = frozenset(
            record.download_key for records in fresh.values() for record in records if record.download_key
        )
        changed = set(self.unknown_queue) ^ set(unknown)
        self.unknown_queue = tuple(sorted(unknown, key=lambda one: one.id))
        for record in changed:
            self._touch_download(record.download_key)
            self._dirty.add(answer(self.ref, "unknown-queue"))
        self.queue_at = at if whole else self.queue_at
        self.queue_seen_at, self.queue_due = at, False
        self._dirty.add(answer(self.ref, "queue"))

    def _note_departures(self, owners: Iterable[int], at: datetime) -> None:
        """Have what left the queue read again: no event tells that a series or film was deleted (H3)."""
        for owner in owners:
            if owner in self.details_at and self.queue_seen_at is not None:
                self.details_due.setdefault(owner, at)

    def _with_known(self, records: Iterable[QueueRecord]) -> list[QueueRecord]:
        known = [record for some in (*self.queue.values(), self.unknown_queue) for record in some]
        return list({record.id: record for record in (*known, *records)}.values())

    def _touch_download(self, key: str | None) -> None:
        for owner in self.history.entries_of_download.get(key, ()) if key else ():
            self._touch(owner)

    def history_read(self, payload: HistoryRead, at: datetime, *, whole: bool = True) -> None:
        """Take events; a new one about files makes the entry's details outdated until they are read again."""
        for owner, record in self.history.take(payload, at, whole=whole):
            self._touch(owner)
            if payload.since is None:
                continue
            self.queue_due = self.queue_due or self.queue_seen_at is not None
            if record.kind in _FILE_EVENTS and owner in self.details_at:
                self.details_due.setdefault(owner, at)

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`."""
        self.series, self.movies = moved(self.series, back), moved(self.movies, back)
        self.episodes, self.files = moved(self.episodes, back), moved(self.files, back)
        self.queue, self.unknown_queue = moved(self.queue, back), moved(self.unknown_queue, back)
        self.history.move_times(back)
        self.commands, self.commands_of = moved(self.commands, back), moved(self.commands_of, back)
        self.revision = {number: count + 1 for number, count in self.revision.items()}

    def commands_read(self, payload: CommandsRead, *, whole: bool = True) -> None:
        """Take running and recent commands."""
        known = self.commands if not whole else ()
        self.commands = tuple({one.id: one for one in (*known, *payload.commands)}.values())
        for command in self.commands:
            if command.is_new_item or (not command.running and _refreshes(command)):
                for owner in self._owners(command):
                    self._renew(owner, command.ended_at)
        self._assign_commands()

    def _assign_commands(self) -> None:
        """Give each command to its series or films; one about episodes finds its series once these are read."""
        grouped: dict[int, list[Command]] = {}
        for command in self.commands:
            for owner in self._owners(command):
                grouped.setdefault(owner, []).append(command)
        fresh = {owner: tuple(commands) for owner, commands in grouped.items()}
        for owner in self.commands_of.keys() | fresh.keys():
            if self.commands_of.get(owner) != fresh.get(owner):
                self._touch(owner)
        self.commands_of = fresh

    def _owners(self, command: Command) -> Iterable[int]:
        if self.is_radarr:
            return command.movie_ids
        found = {self._owner[episode_id] for episode_id in command.episode_ids if episode_id in self._owner}
        return sorted(found.union(command.series_ids))

    def _renew(self, owner: int, ended_at: datetime | None) -> None:
        read_at = self.details_at.get(owner)
        if read_at is not None and ended_at is not None and ended_at > read_at:
            self.details_due.setdefault(owner, ended_at)

    def setup_read(self, payload: ArrSetupRead, *, whole: bool = True) -> None:
        """Take tags and download clients."""
        known = (self.tags, self.clients) if not whole else ((), ())
        tags = tuple({one.id: one for one in (*known[0], *payload.tags)}.values())
        if tags != self.tags:
            self._dirty.add(EVERYTHING)
        self.tags = tags
        self.clients = tuple({one.id: one for one in (*known[1], *payload.clients)}.values())


def _counts(series: Series) -> tuple[int | None, int | None]:
    return series.episode_file_count, series.total_episode_count


def _refreshes(command: Command) -> bool:
    return command.name.lower() in {"refreshseries", "refreshmovie", "rescanseries", "rescanmovie", "manualimport"}


def _external_ids(one: Series | Movie | None) -> set[tuple[str, int]]:
    ids: set[tuple[str, int]] = set()
    if isinstance(one, Series) and one.tvdb_id:
        ids.add(("tvdb", one.tvdb_id))
    if one is not None and one.tmdb_id:
        ids.add(("tmdb", one.tmdb_id))
    return ids

"""What one Jellyfin, and its Shokofin plugin, have answered so far."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.jellyfin import JellyfinItem, JellyfinServer, Library, Plugin, ScheduledTask
from tracker_tui.model.observation import (
    DirectoryRead,
    ItemsListed,
    ItemsProbed,
    JellyfinSetupRead,
    LibrariesRead,
    PathsSeen,
    Previewed,
    RefreshesNoted,
    SeriesItemsRead,
    ShokofinRead,
    TasksRead,
)
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.reconcile.case import Look, Preview
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.looks import after_check, after_listing
from tracker_tui.reconcile.facts.subjects import (
    EVERYTHING,
    Subject,
    answer,
    item_subject,
    jellyfin_key,
    jellyfin_work,
    refreshed,
)
from tracker_tui.reconcile.joins.jellyindex import JellyfinIndex, Key, item_paths

PREVIEW_LASTS = timedelta(days=1)
LOOK_LASTS = timedelta(hours=1)


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
        self._partly_read: set[str] = set()
        """Series items of whose episodes some could not be decoded in the last answer."""
        self._denied: dict[str, tuple[datetime, JellyfinItem | None]] = {}
        """Item id -> when an answer first denied it, and what it was."""
        self.server: JellyfinServer | None = None
        self.plugins: tuple[Plugin, ...] | None = None
        self.libraries: tuple[Library, ...] | None = None
        self._all_libraries = True
        self.tasks: tuple[ScheduledTask, ...] = ()
        self.shokofin: ShokofinRead | None = None
        self.looks: dict[str, Look] = {}
        """Path -> what a look at Jellyfin's file system said, for an hour."""
        self.previews: dict[int, Preview] = {}
        """Shoko file -> what the last dry run said of it, for a day."""
        self.refreshes: tuple[Refreshed, ...] = ()
        """By the user, the oldest first."""
        self.revision = 0
        """How often something about items or libraries changed."""

    @property
    def asked(self) -> bool:
        """Return whether any question about items was answered."""
        return bool(self.listed_at or self.series_at or self._denied or self._ids)

    @property
    def without_shokofin(self) -> bool:
        """Return whether it has said that Shokofin drives no library: none uses it, none is configured in it."""
        configured = self.shokofin is not None and self.shokofin.config is not None
        if not self.libraries or not self._all_libraries or configured:
            return False
        no_plugin = self.plugins is not None and not any(one.name == "Shoko" for one in self.plugins)
        return all(one.uses_shoko is False or (one.uses_shoko is None and no_plugin) for one in self.libraries)

    def denied_at(self, item_id: str) -> datetime | None:
        """Return when an answer last denied an item: the one that did first, or a later list it would be in."""
        if item_id not in self._denied:
            return None
        at, was = self._denied[item_id]
        later = (self.listed_at.get(was.type), self.denied_below(was.series_id or "")) if was is not None else ()
        return max((one for one in (at, *later) if one is not None), default=at)

    def denied_below(self, series_item_id: str) -> datetime | None:
        """Return when an answer last said which episodes of a series item are playable, and that no others are."""
        return self.series_at.get(series_item_id) if series_item_id not in self._partly_read else None

    def items_listed(self, payload: ItemsListed, at: datetime, *, whole: bool = True) -> None:
        """Take a complete list of some types, of the server or of one library."""
        if payload.library_id is None and whole:
            fresh = {one.id for one in payload.items}
            types = set(payload.types)
            self._deny((one.id for one in list(self._ids.values()) if one.type in types and one.id not in fresh), at)
            if not types <= self.listed_at.keys():  # from now on it is known what it has not
                self.revision += 1
                self._dirty.add(EVERYTHING)
            self.listed_at |= dict.fromkeys(types, at)
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

    def items_probed(self, payload: ItemsProbed, at: datetime, *, whole: bool = True) -> None:
        """Take the answer to a question by id."""
        found = {one.id for one in payload.items}
        if whole:
            self._deny((item_id for item_id in payload.asked if item_id not in found), at)
        self.items_changed(payload.items)
        self._dirty.add(answer(self.ref, "items"))

    def series_items_read(self, payload: SeriesItemsRead, at: datetime, *, whole: bool = True) -> None:
        """Take all playable episodes below one series item."""
        told = self.denied_below(payload.series_item_id) is not None
        if whole:
            found = {one.id for one in payload.items}
            below = self.index.find(Key.SERIES_CHILD, payload.series_item_id)
            self._deny((one.id for one in below if one.id not in found), at)
            self._partly_read.discard(payload.series_item_id)
        else:
            self._partly_read.add(payload.series_item_id)
        self.series_at[payload.series_item_id] = at
        if told != whole:
            self.revision += 1
            self._dirty.add(item_subject(payload.series_item_id))
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

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`; when items were created matters to nobody."""
        self.tasks = moved(self.tasks, back)
        self.refreshes = moved(self.refreshes, back)
        self.revision += 1

    def prune(self, item_ids: Collection[str]) -> None:
        """Forget the denials of items that nothing rests on."""
        for item_id in self._denied.keys() - item_ids:
            del self._denied[item_id]

    def _touch(self, one: JellyfinItem) -> None:
        self.revision += 1
        self._dirty.add(item_subject(one.id))
        self._dirty.update(jellyfin_key(key, value) for key, value in lookup_keys(one))

    def setup_read(self, payload: JellyfinSetupRead, *, whole: bool = True) -> None:
        """Take server and plugins; a list with gaps says nothing about plugins that are not in it."""
        plugins = payload.plugins
        if not whole and plugins is not None:
            fresh = {one.id: one for one in plugins}
            plugins = (*(one for one in self.plugins if one.id not in fresh), *plugins) if self.plugins else None
        if (payload.server, plugins) != (self.server, self.plugins):
            before = self.without_shokofin
            self.server, self.plugins = payload.server, plugins
            self._dirty.add(jellyfin_work(self.ref))
            if before != self.without_shokofin:  # the ways of all anime lead elsewhere
                self.revision += 1
                self._dirty.add(EVERYTHING)

    def libraries_read(self, payload: LibrariesRead, *, whole: bool = True) -> None:
        """Take all libraries; where they lie decides routes, their scan state only waits."""
        libraries = payload.libraries
        if not whole:
            fresh = {one.name for one in libraries}
            libraries = (*(one for one in self.libraries or () if one.name not in fresh), *libraries)
        before = (_places_of(self.libraries), self._all_libraries) if self.libraries is not None else None
        if before != (_places_of(libraries), whole):
            self.revision += 1
            self._dirty.add(EVERYTHING)
        elif self.libraries != libraries:
            self._dirty.add(jellyfin_work(self.ref))
        self.libraries, self._all_libraries = libraries, whole

    def tasks_read(self, payload: TasksRead, *, whole: bool = True) -> None:
        """Take the scheduled tasks."""
        known = self.tasks if not whole else ()
        tasks = tuple({one.id: one for one in (*known, *payload.tasks)}.values())
        if self.tasks != tasks:
            self.tasks = tasks
            self._dirty.add(jellyfin_work(self.ref))

    def looked(self, payload: PathsSeen | DirectoryRead, at: datetime) -> None:
        """Take what Jellyfin's process sees; a listing also tells whether the folder is there."""
        fresh = {path: one for path, one in self.looks.items() if at - one.at < LOOK_LASTS}
        if isinstance(payload, DirectoryRead):
            fresh[payload.path] = after_listing(fresh.get(payload.path), payload.entries, at)
        else:
            for one in payload.paths:
                fresh[one.path] = after_check(fresh.get(one.path), one.exists, at)
        self.looks = fresh

    def previewed(self, payload: Previewed, at: datetime) -> None:
        """Take what a dry run said of some files."""
        kept = {number: one for number, one in self.previews.items() if at - one.at < PREVIEW_LASTS}
        told = payload.linked | payload.would | payload.left_out
        fresh = {
            number: Preview(at=at, linked=number in payload.linked, would=number in payload.would) for number in told
        }
        self.previews = kept | fresh
        self._dirty.add(jellyfin_work(self.ref))

    def shokofin_read(self, payload: ShokofinRead) -> None:
        """Take what Shokofin says of itself; a part that could not be read stays as it was."""
        unread = {part for part, _ in payload.unread}
        if self.shokofin is not None and unread:
            last = self.shokofin
            payload = replace(
                payload,
                config=last.config if "folder mapping" in unread else payload.config,
                signalr=last.signalr if "SignalR status" in unread else payload.signalr,
            )
        if self.shokofin != payload:
            same = payload.config == (self.shokofin.config if self.shokofin is not None else None)
            self.shokofin = payload
            self.revision += not same
            self._dirty.add(jellyfin_work(self.ref) if same else EVERYTHING)

    def refreshes_noted(self, payload: RefreshesNoted) -> None:
        """Take the user's refreshes; the requests they were for are told."""
        changed = set(payload.refreshes) - set(self.refreshes)
        self.refreshes = payload.refreshes
        if changed:
            self._dirty.add(jellyfin_work(self.ref))
        self._dirty.update(refreshed(request.id) for one in changed for request in one.requests)

    def refreshes_of(self, known: RequestId) -> Iterator[tuple[Refreshed, Beneficiary]]:
        """Yield the refreshes that were for a request, with how it stood."""
        for one in self.refreshes:
            for request in one.requests:
                if request.id == known:
                    yield one, request


def lookup_keys(item: JellyfinItem) -> set[tuple[str, object]]:
    """Return the keys under which a request may have missed this item."""
    keys: set[tuple[str, object]] = {("file", file_id) for file_id in item.shoko_file_ids}
    keys |= {("name", path[-1]) for path in item_paths(item) if path}
    named = (
        ("series", item.series_id),
        ("shoko-episode", item.shoko_episode_id),
        ("shoko-series", item.shoko_series_id if item.type == "Series" else None),
        ("shoko-group", item.shoko_group_id if item.type == "Series" else None),
        ("tvdb", item.tvdb_id),
        ("tmdb", item.tmdb_id),
        ("imdb", item.imdb_id),
    )
    return keys | {(word, value) for word, value in named if value is not None}


def _places_of(libraries: tuple[Library, ...]) -> list[tuple[str | None, tuple[str, ...], bool | None]]:
    return [(one.id, one.locations, one.uses_shoko) for one in libraries]

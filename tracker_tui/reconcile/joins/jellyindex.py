"""Jellyfin's items, findable by everything that can identify one without looking at a title."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.reconcile.joins.paths import MIN_SHARED, Segments, distinctive, segments

_PLACES = frozenset({"Episode", "Movie", "Video"})
"""Types that can be a file; series and seasons are never evidence (R4)."""


class Key(StrEnum):
    """What an index entry is found by; provider ids count only on the type they identify."""

    SHOKO_FILE = "shoko_file"
    SHOKO_EPISODE = "shoko_episode"
    EPISODE_TVDB = "episode_tvdb"
    MOVIE_TMDB = "movie_tmdb"
    MOVIE_IMDB = "movie_imdb"
    SERIES_TVDB = "series_tvdb"
    SERIES_TMDB = "series_tmdb"
    SERIES_IMDB = "series_imdb"
    SERIES_SHOKO = "series_shoko"
    SERIES_GROUP = "series_group"
    SERIES_CHILD = "series_child"
    TAIL = "tail"


_Ids = str | list[str]
"""One item id, or several: nearly every key has exactly one, and a series' list costs a tenth of a set."""


class JellyfinIndex:
    """The items of one Jellyfin by id, Shoko id, typed provider id, path tail and series; updated item by item.

    Every look-up is one dictionary access; answers are in id order, so that insertion order never matters.
    """

    def __init__(self, items: Iterable[JellyfinItem] = ()) -> None:
        self._items: dict[str, JellyfinItem] = {}
        self._by: dict[Key, dict[int | str, _Ids]] = {key: {} for key in Key}
        self.upsert(items)

    def __len__(self) -> int:
        return len(self._items)

    def upsert(self, items: Iterable[JellyfinItem]) -> None:
        """Add items, or replace what is known of them."""
        for item in items:
            old = self._items.get(item.id)
            if old == item:
                continue
            if old is not None:
                self._unlink(old)
            self._items[item.id] = item
            for key, value in _keys(item):
                entries = self._by[key]
                known = entries.get(value)
                if known is None:
                    entries[value] = item.id
                elif isinstance(known, str):
                    entries[value] = [known, item.id]
                else:
                    known.append(item.id)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget items; unknown ids are ignored."""
        for item_id in ids:
            item = self._items.pop(item_id, None)
            if item is not None:
                self._unlink(item)

    def _unlink(self, item: JellyfinItem) -> None:
        for key, value in _keys(item):
            entries = self._by[key]
            known = entries.get(value)
            if isinstance(known, list):
                known.remove(item.id)
                if len(known) == 1:
                    entries[value] = known[0]
            elif known == item.id:
                del entries[value]

    def get(self, item_id: str) -> JellyfinItem | None:
        """Return the item with this id."""
        return self._items.get(item_id)

    def find(self, key: Key, value: int | str | None) -> tuple[JellyfinItem, ...]:
        """Return the items with exactly this value, in id order; None finds nothing."""
        known = self._by[key].get(value) if value is not None else None
        if known is None:
            return ()
        return (self._items[known],) if isinstance(known, str) else tuple(self._items[one] for one in sorted(known))

    def with_tail(self, path: Segments, shows: Iterable[str] = ()) -> tuple[JellyfinItem, ...]:
        """Return the items one of whose paths (merged versions included) may end like `path`: to be compared.

        Two common segments are enough where they tell the show, or below one of the series items `shows`; of
        `season 1/s01e01.mkv`, which every show has, only the items in a folder of the same name.
        """
        hits = [item for tail in _tails(path, shows) for item in self.find(Key.TAIL, tail)]
        if len(hits) < 2:
            return tuple(hits)
        by_id = {item.id: item for item in hits}
        return tuple(by_id[known] for known in sorted(by_id))


def item_paths(item: JellyfinItem) -> tuple[Segments, ...]:
    """Return every known path of an item, its own first."""
    if not item.source_paths:
        return (segments(item.path),) if item.path is not None else ()
    own = (item.path,) if item.path is not None else ()
    return tuple(dict.fromkeys(segments(path) for path in (*own, *item.source_paths)))


def _tails(path: Segments, shows: Iterable[str]) -> Iterator[int]:
    """Return the hashes a path is found by: 32 bytes an entry instead of the 150 of the text it stands for.

    The last two segments if they tell whose they are, else three of them, and two together with the series item.
    """
    last = path[-MIN_SHARED:]
    if len(last) < MIN_SHARED:
        return
    if distinctive(last):
        yield hash(last)
        return
    if len(path) > MIN_SHARED:
        yield hash(path[-MIN_SHARED - 1 :])
    for show in shows:
        yield hash((show, *last))


def _keys(item: JellyfinItem) -> Iterator[tuple[Key, int | str]]:
    if item.type == "Series":
        yield from _present(
            (Key.SERIES_TVDB, item.tvdb_id),
            (Key.SERIES_TMDB, item.tmdb_id),
            (Key.SERIES_IMDB, item.imdb_id),
            (Key.SERIES_SHOKO, item.shoko_series_id),
            (Key.SERIES_GROUP, item.shoko_group_id),
        )
    if item.type not in _PLACES:
        return
    for file_id in dict.fromkeys(item.shoko_file_ids):
        yield Key.SHOKO_FILE, file_id
    yield from _present((Key.SHOKO_EPISODE, item.shoko_episode_id), (Key.SERIES_CHILD, item.series_id))
    if item.type == "Episode":
        yield from _present((Key.EPISODE_TVDB, item.tvdb_id))
    else:
        yield from _present((Key.MOVIE_TMDB, item.tmdb_id), (Key.MOVIE_IMDB, item.imdb_id))
    shows = (item.series_id,) if item.series_id is not None else ()
    for tail in {tail for path in item_paths(item) for tail in _tails(path, shows)}:
        yield Key.TAIL, tail


def _present(*pairs: tuple[Key, int | str | None]) -> Iterator[tuple[Key, int | str]]:
    for key, value in pairs:
        if value is not None:
            yield key, value

"""Jellyfin's items, findable by everything that can identify one without looking at a title."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.reconcile.paths import Segments, segments

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

    def with_tail(self, path: Segments) -> tuple[JellyfinItem, ...]:
        """Return the items one of whose paths (merged versions included) ends with the last two segments of `path`."""
        hits = self.find(Key.TAIL, _tail(path))
        return tuple(item for item in hits if any(one[-2:] == path[-2:] for one in item_paths(item)))


def item_paths(item: JellyfinItem) -> tuple[Segments, ...]:
    """Return every known path of an item, its own first."""
    own = (item.path,) if item.path is not None else ()
    return tuple(dict.fromkeys(segments(path) for path in (*own, *(item.source_paths or ()))))


def _tail(path: Segments) -> int | None:
    """Return the hash of the last two segments: 32 bytes an entry instead of the 150 of the text it stands for."""
    return hash(path[-2:]) if len(path) >= 2 else None


def _keys(item: JellyfinItem) -> Iterator[tuple[Key, int | str]]:
    if item.type == "Series":
        yield from _present(
            (Key.SERIES_TVDB, item.tvdb_id), (Key.SERIES_TMDB, item.tmdb_id), (Key.SERIES_IMDB, item.imdb_id)
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
    for tail in {_tail(path) for path in item_paths(item)} - {None}:
        yield Key.TAIL, tail  # type: ignore[misc]


def _present(*pairs: tuple[Key, int | str | None]) -> Iterator[tuple[Key, int | str]]:
    for key, value in pairs:
        if value is not None:
            yield key, value

"""Which Jellyfin item is this episode or film, and by which rule (R4, R5; api facts of Jellyfin 10.8 to 12).

Rules in order: the Shoko file, the path (merged versions included), the Shoko episode, the exact provider id of the
right type, and for regular series season and number. Titles never decide, series items are never evidence.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from tracker_tui.model.arr import Episode, Movie, Series
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.record import Fact
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.reconcile.joins.jellyindex import JellyfinIndex, Key, item_paths
from tracker_tui.reconcile.joins.paths import MIN_SHARED, Segments, common_suffix, distinctive, segments
from tracker_tui.reconcile.joins.shokojoin import episode_ids

_SHOWS_FOLDER = 3
"""Common trailing segments that include the show's own folder: show, season, file."""

_VFS_FILE = re.compile(r"\[Shoko File=([\d,]+)\]")


class Rule(StrEnum):
    """What an item was recognised by, strongest first."""

    SHOKO_FILE = "shoko_file"
    PATH = "path"
    SHOKO_EPISODE = "shoko_episode"
    PROVIDER_ID = "provider_id"
    NUMBER = "number"


class Found(Fact):
    """The playable item, and how it was recognised; without one, what else is known.

    `by_path`: it is this very file; otherwise some file of the same episode or film. `stub` = Jellyfin lists it
    without a file. `tied` = paths fit several items equally well, or an item fits another instance's file as well as
    ours, and no other rule tells. `needs_sources` = ids of items whose media
    sources must be asked before anything can be said.
    """

    item: JellyfinItem | None = None
    rule: Rule | None = None
    by_path: bool = False
    stub: JellyfinItem | None = None
    tied: tuple[JellyfinItem, ...] = ()
    needs_sources: tuple[str, ...] = ()


class Sought(Fact):
    """The file to be found. `rivals` = paths of the other instances' files of the same thing; None = no other instance.

    With another instance handling the same title, only an own path, media source or Shoko file tells whose version
    Jellyfin plays. Without a `path` nothing was imported.
    """

    path: str | None = None
    shoko: ShokoFile | None = None
    rivals: tuple[str, ...] | None = None

    @property
    def any_version_will_do(self) -> bool:
        """Return whether an item of the right title is enough: nobody else's file can be behind it."""
        return self.rivals is None or (self.path is not None and not self.rivals)


def find_episode(
    index: JellyfinIndex,
    series: Series,
    episode: Episode,
    sought: Sought,
    *,
    anime: bool,
    shows: frozenset[str] | None = None,
) -> Found:
    """Return the Jellyfin item of `episode`.

    `anime` (the Shoko route) rules out season and number: AniDB splits and renumbers seasons. `shows` = the series
    items of `series`, where already looked up.
    """
    shows = shows if shows is not None else series_items(index, series)
    by_file = _by_file(index, sought, lambda item, tail: _of_show(index, series, shows, item, tail), shows)
    if by_file.item is not None:
        return by_file
    exact = index.find(Key.EPISODE_TVDB, str(episode.tvdb_id) if episode.tvdb_id else None)
    numbered = () if anime else _numbered(index, shows, episode)
    return _by_name(
        sought,
        by_file.tied,
        (Rule.SHOKO_EPISODE, _shoko_episodes(index, sought.shoko)),
        (Rule.PROVIDER_ID, exact),
        (Rule.NUMBER, numbered),
    )


def find_movie(index: JellyfinIndex, movie: Movie, sought: Sought) -> Found:
    """Return the Jellyfin item of `movie`; an anime film may be an Episode there (Shoko files it as a special)."""
    by_file = _by_file(index, sought, lambda _item, tail: distinctive(tail))
    if by_file.item is not None:
        return by_file
    exact = (
        *index.find(Key.MOVIE_TMDB, str(movie.tmdb_id) if movie.tmdb_id else None),
        *index.find(Key.MOVIE_IMDB, movie.imdb_id),
    )
    return _by_name(
        sought, by_file.tied, (Rule.SHOKO_EPISODE, _shoko_episodes(index, sought.shoko)), (Rule.PROVIDER_ID, exact)
    )


def _by_file(
    index: JellyfinIndex,
    sought: Sought,
    accept: Callable[[JellyfinItem, Segments], bool],
    shows: Iterable[str] = (),
) -> Found:
    """Return the item of exactly this file: by its Shoko file id, else by path."""
    if sought.shoko is not None:
        for item in index.find(Key.SHOKO_FILE, sought.shoko.id):
            if item.playable:
                return Found(item=item, rule=Rule.SHOKO_FILE, by_path=True)
    if sought.path is None:
        return Found()
    own = segments(sought.path)
    rivals = [segments(path) for path in sought.rivals or ()]
    agreement: list[tuple[int, JellyfinItem]] = []
    contested: list[JellyfinItem] = []
    for item in index.with_tail(own, shows):
        shared, theirs = _agreement(own, rivals, item)
        if not item.playable or shared < max(MIN_SHARED, theirs) or not accept(item, own[-shared:]):
            continue
        if shared == theirs:
            contested.append(item)
        else:
            agreement.append((shared, item))
    longest = max((shared for shared, _ in agreement), default=0)
    best = _without_copies([item for shared, item in agreement if shared == longest])
    if len(best) == 1:
        return Found(item=best[0], rule=Rule.PATH, by_path=True)
    return Found(tied=tuple(best or contested))


def _agreement(own: Segments, rivals: Sequence[Segments], item: JellyfinItem) -> tuple[int, int]:
    """Return the common trailing segments of our file and of the nearest rival with the item's most telling path."""
    paths = item_paths(item)
    if len(paths) == 1 and not rivals:
        return common_suffix(own, paths[0]), 0
    return max(
        (
            (common_suffix(own, path), max((common_suffix(rival, path) for rival in rivals), default=0))
            for path in paths
        ),
        key=lambda shared: (shared[0] > shared[1], *shared),
        default=(0, 0),
    )


def _without_copies(items: list[JellyfinItem]) -> list[JellyfinItem]:
    """Drop items of the same path: up to 10.11 a merged version is a Video of its own beside its Episode or Movie."""
    if len(items) < 2:
        return items
    seen: dict[Segments, JellyfinItem] = {}
    for item in sorted(items, key=lambda item: (item.type == "Video", item.id)):
        if not any(path in seen for path in item_paths(item)):
            seen |= dict.fromkeys(item_paths(item), item)
    return list(dict.fromkeys(seen.values()))


def _of_show(index: JellyfinIndex, series: Series, shows: frozenset[str], item: JellyfinItem, tail: Segments) -> bool:
    """Return whether an episode item with this common path tail can be of `series`.

    A tail with the show's folder in it says so itself. A shorter one (`season 1/x.mkv`) counts under the item's
    series: always if that is ours, never if that is known to be another, else only if the names are telling.
    """
    if len(tail) >= _SHOWS_FOLDER and distinctive(tail):
        return True
    if item.series_id in shows:
        return True
    parent = index.get(item.series_id) if item.series_id is not None else None
    if parent is not None and any(
        ours is not None and theirs is not None and str(ours) != theirs
        for ours, theirs in ((series.tvdb_id, parent.tvdb_id), (series.tmdb_id, parent.tmdb_id))
    ):
        return False
    return distinctive(tail)


def series_items(index: JellyfinIndex, series: Series) -> frozenset[str]:
    """Return the series items with the provider ids of `series`."""
    return frozenset(
        item.id
        for key, value in (
            (Key.SERIES_TVDB, series.tvdb_id),
            (Key.SERIES_TMDB, series.tmdb_id),
            (Key.SERIES_IMDB, series.imdb_id),
        )
        for item in index.find(key, str(value) if value else None)
    )


def _numbered(index: JellyfinIndex, shows: Iterable[str], episode: Episode) -> tuple[JellyfinItem, ...]:
    return tuple(
        item
        for show in sorted(shows)
        for item in index.find(Key.SERIES_CHILD, show)
        if item.type == "Episode"
        and item.season == episode.season
        and item.number is not None
        and item.number <= episode.number <= (item.number_end or item.number)
    )


def _shoko_episodes(index: JellyfinIndex, shoko: ShokoFile | None) -> tuple[JellyfinItem, ...]:
    """Return the items of the file's Shoko episodes: another file of the same content.

    Which of a file's several episodes is the one asked for is unknown, so all of them must be playable.
    """
    groups = [index.find(Key.SHOKO_EPISODE, one) for one in episode_ids(shoko)] if shoko is not None else []
    items = tuple(item for group in groups for item in group)
    if all(any(item.playable for item in group) for group in groups):
        return items
    return tuple(item for item in items if not item.playable)


def _by_name(sought: Sought, tied: tuple[JellyfinItem, ...], *answers: tuple[Rule, Sequence[JellyfinItem]]) -> Found:
    """Return the first playable item that names the episode or film, if any version of it will do."""
    stub = next((item for _, items in answers for item in items if not item.playable), None)
    playable = [(rule, item) for rule, items in answers for item in items if item.playable]
    if not playable:
        return Found(stub=stub, tied=tied)
    if sought.any_version_will_do:
        rule, item = playable[0]
        return Found(item=item, rule=rule)
    if sought.path is None:
        return Found()
    if sought.shoko is not None:
        for _, item in playable:
            if _plays_shoko_file(item, sought.shoko.id):
                return Found(item=item, rule=Rule.SHOKO_FILE, by_path=True)
    unasked = tuple(dict.fromkeys(item.id for _, item in playable if item.source_paths is None))
    return Found(needs_sources=unasked, tied=() if unasked else tied)


def _plays_shoko_file(item: JellyfinItem, file_id: int) -> bool:
    """Return whether a merged version of `item` is this Shoko file: the VFS names it in the path."""
    return any(str(file_id) in ids.split(",") for path in item.source_paths or () for ids in _VFS_FILE.findall(path))

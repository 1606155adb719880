"""How a simulated Jellyfin turns files into items: names, folders, versions, and what metadata providers know."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from tracker_tui.simulate.jellyfin.disk import SimulatedDisk
from tracker_tui.simulate.jellyfin.items import Item, SimulatedLibrary, item_id

_EPISODE = re.compile(r"S(\d+)E(\d+)(?:-?E(\d+))?", re.IGNORECASE)
_SEASON = re.compile(r"(?:Season|Staffel) (\d+)|Specials", re.IGNORECASE)
SAVE_DELAY = timedelta(seconds=2)
"""From listing a new item to saving its metadata."""


@dataclass
class Title:
    """What the metadata providers find for a series' or film's folder; `episodes` by (season, number)."""

    name: str
    provider_ids: dict[str, str] = field(default_factory=dict)
    episodes: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)


@dataclass
class Described:
    """What a plugin says about one of its files or announced episodes."""

    name: str
    provider_ids: dict[str, str]
    season: int | None = None
    number: int | None = None
    number_end: int | None = None


class Index:
    """All items, by id."""

    def __init__(self, disk: SimulatedDisk, data_path: str) -> None:
        self.items: dict[str, Item] = {}
        self.titles: dict[str, Title] = {}
        self._films: dict[str, str] = {}
        """Folder -> the item of its first file: a further file there is a version of the same film."""
        self._disk = disk
        self._data_path = data_path

    def drop(self, ids: Iterable[str]) -> None:
        """Remove items, and what belongs to removed series."""
        gone = set(ids)
        self.items = {key: item for key, item in self.items.items() if key not in gone and item.series_id not in gone}

    def by_path(self, path: str) -> Item | None:
        """Return the item at a path."""
        return next((item for item in self.items.values() if item.path == path), None)

    def look(
        self,
        library: SimulatedLibrary,
        root: str,
        scope: str,
        at: datetime,
        described: dict[str, Described] | None = None,
    ) -> None:
        """Bring the items below `scope` in line with the disk. `root` is the library folder that holds `scope`."""
        below = scope.rstrip("/") + "/"
        present = self._disk.videos_below(scope)
        known = {item.path: item.id for item in self.items.values() if item.path and item.path.startswith(below)}
        there = self._disk.files.keys() | _folders_of(present)
        self.drop(item_id for path, item_id in known.items() if path not in there)
        for item in self.items.values():
            item.sources = [path for path in item.sources if path in self._disk.files]
        for path in present:
            if path not in known:
                told = None if described is None else described.get(path)
                if described is None or told is not None:
                    self._add(library, root, path, at, told)

    def announce(self, library: SimulatedLibrary, series: Item, told: Described, at: datetime) -> None:
        """Add a virtual episode: listed, without a file."""
        key = item_id("Episode", f"{series.id}/{told.season}/{told.number}", self._data_path)
        if key not in self.items:
            self.items[key] = Item(
                key,
                "Episode",
                told.name,
                library.id,
                season=told.season,
                number=told.number,
                series_id=series.id,
                series_name=series.name,
                provider_ids=told.provider_ids,
                created_at=at,
                saved_at=at + SAVE_DELAY,
            )

    def _add(self, library: SimulatedLibrary, root: str, path: str, at: datetime, told: Described | None) -> None:
        if library.collection_type == "movies":
            self._add_movie(library, path, at, told)
        else:
            self._add_episode(library, root, path, at, told)

    def _add_movie(self, library: SimulatedLibrary, path: str, at: datetime, told: Described | None) -> None:
        folder = str(PurePosixPath(path).parent)
        title = self.titles.get(folder) or Title(PurePosixPath(folder).name)
        first = self.items.get(self._films.get(folder, ""))
        item = self._item(
            library,
            "Movie" if first is None else "Video",
            path,
            at,
            told or Described(title.name, dict(title.provider_ids)),
        )
        if first is None:
            self._films[folder] = item.id
        else:
            item.primary_id = first.id
            first.sources.append(path)

    def _add_episode(
        self, library: SimulatedLibrary, root: str, path: str, at: datetime, told: Described | None
    ) -> None:
        parts = PurePosixPath(path).relative_to(root).parts
        show = str(PurePosixPath(root, parts[0]))
        title = self.titles.get(show) or Title(parts[0])
        series = self.items.get(item_id("Series", show, self._data_path))
        if series is None:
            series = self._item(library, "Series", show, at, Described(title.name, dict(title.provider_ids)))
        found = _EPISODE.search(parts[-1])
        if told is None:
            season, number, end = (int(one) if one else None for one in found.groups()) if found else (None,) * 3
            ids = dict(title.episodes.get((season or 0, number or 0), {}))
            told = Described(PurePosixPath(path).stem, ids, season, number, end)
        item = self._item(library, "Episode", path, at, told)
        item.series_id, item.series_name = series.id, series.name
        if len(parts) > 2 and _SEASON.match(parts[1]):
            item.season_id = self._season(library, series, str(PurePosixPath(show, parts[1])), told.season, at).id

    def _season(self, library: SimulatedLibrary, series: Item, folder: str, number: int | None, at: datetime) -> Item:
        key = item_id("Season", folder, self._data_path)
        if key not in self.items:
            season = self._item(library, "Season", folder, at, Described(PurePosixPath(folder).name, {}))
            season.number, season.series_id, season.series_name = number, series.id, series.name
        return self.items[key]

    def _item(self, library: SimulatedLibrary, item_type: str, path: str, at: datetime, told: Described) -> Item:
        item = Item(
            item_id(item_type, path, self._data_path),
            item_type,
            told.name,
            library.id,
            path,
            told.season,
            told.number,
            told.number_end,
            provider_ids=dict(told.provider_ids),
            created_at=self._disk.files.get(path, at),  # by default Jellyfin takes the file's own time
            saved_at=at + SAVE_DELAY,
        )
        self.items[item.id] = item
        return item


def _folders_of(paths: Iterable[str]) -> set[str]:
    """Return every folder that one of `paths` lies in, at any depth."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found

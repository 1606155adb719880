"""Which of Shoko's files a simulated Shokofin links into its virtual file system, and under which names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from tracker_tui.simulate.jellyfin.disk import SimulatedDisk
from tracker_tui.simulate.jellyfin.index import Described
from tracker_tui.simulate.jellyfin.items import SimulatedLibrary

_STORY_TYPES = {"Episode", "Normal", "Special", "Other"}
"""AniDB episode types that make a show; the rest are extras."""


@dataclass(frozen=True)
class LinkedEpisode:
    """An episode as Shoko knows it; `id` None = AniDB has it, Shoko has no entry yet."""

    id: int | None
    anidb_id: int
    number: int = 1
    type: str = "Episode"
    title: str = ""
    hidden: bool = False
    tmdb: bool = False
    """It has a TMDB link."""


@dataclass(frozen=True)
class LinkedSeries:
    """A series with those of its episodes that a file holds; `id` None = no entry yet (limbo)."""

    id: int | None
    anidb_id: int
    name: str
    episodes: tuple[LinkedEpisode, ...]
    type: str = "TV"
    tmdb_movie_ids: tuple[int, ...] = ()

    @property
    def is_movie(self) -> bool:
        """Return whether Shokofin takes it for a film."""
        return self.type == "Movie" or bool(self.tmdb_movie_ids)

    @property
    def complete(self) -> bool:
        """Return whether Shoko has an entry for it and all the episodes."""
        return self.id is not None and all(episode.id is not None for episode in self.episodes)


@dataclass(frozen=True)
class LinkedFile:
    """A file in one of Shoko's folders with its cross-references."""

    id: int
    folder_id: int
    relative_path: str
    series: tuple[LinkedSeries, ...]
    imported_at: datetime
    ready_at: datetime | None = None
    """Since when all its series exist in Shoko; None = since the match."""


class ShokoSource(Protocol):
    """What the plugin asks of Shoko."""

    @property
    def reachable(self) -> bool:
        """Return whether Shoko answers the plugin."""

    @property
    def version_text(self) -> str:
        """Return Shoko's version."""

    def matched(self) -> Mapping[int, datetime]:
        """Return the ids of all matched files, with the time of the match."""

    def linked_files(self) -> Sequence[LinkedFile]:
        """Return every matched file at every place it has."""

    def series_episodes(self, series_id: int) -> Sequence[LinkedEpisode]:
        """Return all episodes of a series, with or without files."""


@dataclass
class FolderMapping:
    """A media folder and its Shoko folder; `folder_id` 0 = unmapped."""

    path: str
    folder_id: int
    relative_path: str = ""
    ignored: bool = False


@dataclass(frozen=True)
class Rules:
    """The settings that decide what is linked."""

    filter_movies: bool = True
    separate_movies: bool = False
    always_included: frozenset[int] = frozenset()
    structure: str = "AniDB_Anime"


@dataclass(frozen=True)
class Link:
    """A file's place in the virtual file system."""

    path: str
    show: str
    file: LinkedFile
    series: LinkedSeries
    described: Described


def links_of(
    files: Iterable[LinkedFile],
    library: SimulatedLibrary,
    root: str,
    *,
    mappings: Sequence[FolderMapping],
    disk: SimulatedDisk,
    rules: Rules,
) -> list[Link]:
    """Return the links for those files that pass every filter, by path."""
    seen = [file for file in files if any(disk.exists(path, is_file=True) for path in sources(file, mappings))]
    alone = {file.series[0].id for file in seen if len(file.series) == 1}
    found = [
        _link(file, series, library, root)
        for file in seen
        for series in _wanted(file, alone, rules)
        if _allowed(series, library, rules)
    ]
    return sorted(found, key=lambda link: link.path)


def sources(file: LinkedFile, mappings: Iterable[FolderMapping]) -> list[str]:
    """Return where Jellyfin should see the file, by each mapping that contains it."""
    relative = "/" + file.relative_path.lstrip("/")
    return [
        one.path.rstrip("/") + relative[len(one.relative_path) :]
        for one in mappings
        if one.folder_id == file.folder_id
        and not one.ignored
        and (not one.relative_path or relative.startswith(one.relative_path + "/"))
    ]


def _wanted(file: LinkedFile, alone: set[int | None], rules: Rules) -> list[LinkedSeries]:
    """Return the series a file is linked for: with several, only those that own another file by themselves."""
    if not file.series or not all(series.complete for series in file.series):
        return []
    if len({series.id for series in file.series}) == 1:
        return [file.series[0]]
    return [series for series in file.series if series.id in alone or series.anidb_id in rules.always_included]


def _allowed(series: LinkedSeries, library: SimulatedLibrary, rules: Rules) -> bool:
    shown = [episode for episode in series.episodes if not episode.hidden and episode.type in _STORY_TYPES]
    if rules.structure.startswith("TMDB"):
        shown = [episode for episode in shown if episode.tmdb]
    if not shown:
        return False
    if library.collection_type == "movies":
        return not rules.filter_movies or series.is_movie or series.anidb_id in rules.always_included
    return not (rules.separate_movies and series.is_movie)


def _link(file: LinkedFile, series: LinkedSeries, library: SimulatedLibrary, root: str) -> Link:
    first, last = series.episodes[0], series.episodes[-1]
    title = plain_name(series.name)
    ids = {
        "Shoko Episode": str(first.id),
        "Shoko File": str(file.id),
        "Shoko Series": str(series.id),
        "AniDB": str(first.anidb_id),
    }
    tags = f"[Shoko Series={series.id}] [Shoko File={file.id}]"
    suffix = PurePosixPath(file.relative_path).suffix
    if library.collection_type == "movies":
        show = f"{root}/{title} [Shoko Series={series.id}] [Shoko Episode={first.id}]"
        ids["Tmdb"] = ",".join(map(str, series.tmdb_movie_ids[:1]))
        told = Described(series.name, {name: text for name, text in ids.items() if text})
        return Link(f"{show}/{title} {tags}{suffix}", show, file, series, told)
    season = 0 if first.type == "Special" else 1
    show = f"{root}/{title} [Shoko Series={series.id}]"
    end = last.number if last.number > first.number else None
    numbers = f"S{season:02}E{first.number:02}" + (f"-E{end:02}" if end else "")
    return Link(
        f"{show}/Season {season:02}/{title} {numbers} {tags}{suffix}",
        show,
        file,
        series,
        Described(first.title or f"Episode {first.number}", ids, season, first.number, end),
    )


def announced_in(
    shows: Mapping[str, LinkedSeries], present: set[int | None], source: ShokoSource
) -> list[tuple[str, Described]]:
    """Return the virtual episodes of linked shows: those without a file, with Shoko's episode id only."""
    return [
        (
            show,
            Described(
                episode.title or f"Episode {episode.number}",
                {"Shoko Episode": str(episode.id), "Shoko Series": str(series.id), "AniDB": str(episode.anidb_id)},
                0 if episode.type == "Special" else 1,
                episode.number,
            ),
        )
        for show, series in shows.items()
        for episode in source.series_episodes(series.id or 0)
        if episode.id not in present and not episode.hidden and episode.type in _STORY_TYPES
    ]


def plain_name(name: str) -> str:
    """Return a folder's name as the plugin writes it: ASCII, at most 64 characters, no separators."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r'[/\\:*?"<>|]', "", ascii_only).strip()[:64].strip() or "Unknown"

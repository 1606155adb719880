"""Things of the services as tests make them: requests, episodes, torrents, items, files, a whole Sonarr or Radarr."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from tracker_tui.model.arr import (
    Command,
    DownloadClient,
    Episode,
    HistoryKind,
    HistoryRecord,
    MediaFile,
    Movie,
    QueueRecord,
    SeasonFacts,
    Series,
    Tag,
)
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.observation import (
    ArrSetupRead,
    CommandsRead,
    HistoryRead,
    MoviesListed,
    Payload,
    QueueRead,
    SeriesListed,
    SeriesRead,
)
from tracker_tui.model.seerr import SeerrRequest
from tracker_tui.model.shoko import (
    EpisodeLink,
    SeriesLink,
    ShokoFile,
    ShokoLocation,
)
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.torrents import Torrent, TorrentState

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
GB = 1024**3
MB = 1024**2

SONARR = InstanceRef(Kind.SONARR, "sonarr")
SONARR_4K = InstanceRef(Kind.SONARR, "sonarr-4k")
RADARR = InstanceRef(Kind.RADARR, "radarr")
QBIT = InstanceRef(Kind.QBITTORRENT, "qbittorrent")
SHOKO = InstanceRef(Kind.SHOKO, "shoko")
JELLYFIN = InstanceRef(Kind.JELLYFIN, "jellyfin")
SEERR = InstanceRef(Kind.SEERR, "seerr")
EVERYONE = (SEERR, SONARR, RADARR, QBIT, SHOKO, JELLYFIN)


def at(text: str) -> datetime:
    """Return an instant of the day of the base world: "11:50" or "11:50:30"; "20T10:00" = the 20th."""
    day, _, clock = text.rpartition("T")
    parts = [int(part) for part in clock.split(":")]
    return datetime(2026, 1, int(day or 25), parts[0], parts[1], parts[2] if len(parts) > 2 else 0, tzinfo=UTC)


# --- things of the services ------------------------------------------------------------------------------------------


def request(number: int, *, movie: bool = False, status: int = 2, **more: Any) -> SeerrRequest:
    facts: dict[str, Any] = {
        "requested_by": clean("adept"),
        "created_at": at("09:00"),
        "updated_at": at("09:00"),
        "media_status": 3,
    }
    return SeerrRequest(id=number, status=status, is_movie=movie, **facts | more)


def episodes(
    series_id: int, season: int, numbers: Iterable[int], *, first_id: int, aired: datetime | None = None, **more: Any
) -> list[Episode]:
    made = []
    for offset, number in enumerate(numbers):
        facts: dict[str, Any] = {
            "id": first_id + offset,
            "series_id": series_id,
            "season": season,
            "number": number,
            "title": clean(f"Part {number}"),
            "air_at": aired or datetime(2025, 1, min(28, number), tzinfo=UTC),
            "monitored": True,
        }
        made.append(Episode(**facts | more))
    return made


def torrent(key: str, state: str = "downloading", progress: float | None = 0.0, **more: Any) -> Torrent:
    """Return a torrent; `state` is our word, `word` the client's."""
    word = more.pop("word", state)
    facts: dict[str, Any] = {
        "hash": key.lower(),
        "ids": (key.lower(),),
        "name": clean(f"Release {key}"),
        "state": TorrentState(state),
        "state_word": clean(word),
        "progress": progress,
        "size_bytes": GB,
        "category": clean("tv-sonarr"),
        "added_at": at("11:00"),
    }
    return Torrent(**facts | more)


def item(item_id: str, kind: str = "Episode", path: str | None = None, **more: Any) -> JellyfinItem:
    return JellyfinItem(
        id=item_id,
        type=clean(kind),
        path=clean_path(path) if path is not None else None,
        **{"location_type": clean("FileSystem" if path is not None else "Virtual")} | more,
    )


def shoko_file(
    number: int, path: str, *, series: int | None = None, episode: int | None = None, **more: Any
) -> ShokoFile:
    """Return a file of folder 1 or 2 (`/data/anime/shows`, `/data/anime/movies`); `series` None = not matched."""
    folder, _, relative = path.removeprefix("/data/anime/").partition("/")
    links = (
        (SeriesLink(series_id=series, episodes=(EpisodeLink(episode_id=episode or number * 10),)),)
        if series is not None
        else ()
    )
    facts: dict[str, Any] = {
        "hashed": True,
        "imported_at": at("11:40") if series is not None else None,
        "size_bytes": None,
    }
    return ShokoFile(
        id=number,
        locations=(
            ShokoLocation(folder_id=1 if folder == "shows" else 2, relative_path=clean_path(relative), accessible=True),
        ),
        links=links,
        **facts | more,
    )


class Arr:
    """The truth of one Sonarr or Radarr."""

    def __init__(self, ref: InstanceRef) -> None:
        self.ref = ref
        self.series: dict[int, Series] = {}
        self.episodes: dict[int, list[Episode]] = {}
        self.files: dict[int, list[MediaFile]] = {}
        self.movies: dict[int, Movie] = {}
        self.queue: list[QueueRecord] = []
        self.history: list[HistoryRecord] = []
        self.commands: list[Command] = []
        self.tags: tuple[Tag, ...] = (Tag(id=3, label=clean("anime")),)

    def add_series(self, number: int, title: str, parts: list[Episode], **more: Any) -> None:
        seasons = tuple(
            SeasonFacts(number=season, monitored=season > 0) for season in sorted({part.season for part in parts})
        )
        facts: dict[str, Any] = {"monitored": True, "series_type": clean("standard"), "added_at": at("09:01")}
        self.series[number] = Series(id=number, title=clean(title), seasons=seasons, **facts | more)
        self.episodes[number] = parts
        self.files.setdefault(number, [])

    def edit(self, series_id: int, numbers: Iterable[int], season: int = 1, **changes: Any) -> None:
        """Change some episodes of a season."""
        wanted = set(numbers)
        self.episodes[series_id] = [
            msgspec.structs.replace(part, **changes) if part.season == season and part.number in wanted else part
            for part in self.episodes[series_id]
        ]

    def place(
        self,
        series_id: int,
        numbers: Iterable[int],
        folder: str,
        season: int = 1,
        added: datetime | None = None,
        **more: Any,
    ) -> None:
        """Put a file into the library for each of some episodes."""
        for number in numbers:
            part = next(p for p in self.episodes[series_id] if (p.season, p.number) == (season, number))
            path = f"{folder}/S{season:02}E{number:02}.mkv"
            file = MediaFile(id=part.id + 5000, path=clean_path(path), added_at=added or at("11:58"), **more)
            self.files[series_id] = [one for one in self.files[series_id] if one.id != file.id] + [file]
            self.edit(series_id, [number], season, has_file=True, file_id=file.id)

    def add_movie(self, number: int, title: str, **more: Any) -> None:
        facts: dict[str, Any] = {"monitored": True, "is_available": True, "has_file": False, "added_at": at("09:01")}
        self.movies[number] = Movie(id=number, title=clean(title), **facts | more)

    def place_movie(self, number: int, path: str, added: datetime | None = None, file_id: int = 1, **more: Any) -> None:
        file = MediaFile(id=file_id, path=clean_path(path), added_at=added or at("11:58"), **more)
        self.movies[number] = msgspec.structs.replace(self.movies[number], has_file=True, file=file)

    def event(self, kind: str, when: datetime, **more: Any) -> None:
        """Add a history event."""
        texts: dict[str, Any] = {key: clean(value) if isinstance(value, str) else value for key, value in more.items()}
        self.history.append(HistoryRecord(id=len(self.history) + 1, kind=HistoryKind(kind), at=when, **texts))

    def grab(self, series_id: int, episode_ids: Iterable[int], download: str, when: datetime, **more: Any) -> None:
        for episode_id in episode_ids:
            self.event(
                "grabbed", when, series_id=series_id, episode_id=episode_id, download_id=download.upper(), **more
            )

    def enqueue(
        self, download: str, *, status: str = "downloading", tracked: str | None = "downloading", **more: Any
    ) -> None:
        self.queue.append(
            QueueRecord(
                id=len(self.queue) + 1,
                download_id=clean(download.upper()),
                status=clean(status),
                tracked_state=clean(tracked) if tracked is not None else None,
                **{"tracked_status": clean("ok")} | more,
            )
        )

    def answers(self) -> list[Payload]:
        told: list[Payload] = [ArrSetupRead(tags=self.tags, clients=(_client(self.ref),))]
        if self.ref.kind is Kind.SONARR:
            told.append(SeriesListed(series=tuple(self.series.values())))
            told += [
                SeriesRead(
                    series_id=number,
                    series=one,
                    episodes=tuple(self.episodes[number]),
                    files=tuple(self.files[number]),
                )
                for number, one in self.series.items()
            ]
        else:
            told.append(MoviesListed(movies=tuple(self.movies.values())))
        return [
            *told,
            HistoryRead(records=tuple(self.history), since=at("11T00:00")),
            QueueRead(records=tuple(self.queue)),
            CommandsRead(commands=tuple(self.commands)),
        ]


def _client(ref: InstanceRef) -> DownloadClient:
    return DownloadClient(
        id=1, name=clean("qBittorrent"), category=clean("radarr" if ref.kind is Kind.RADARR else "tv-sonarr")
    )

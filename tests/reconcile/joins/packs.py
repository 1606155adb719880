"""Episodes and torrent files as short notation."""

from collections.abc import Iterable
from datetime import UTC, datetime

from tracker_tui.model.arr import Episode
from tracker_tui.model.text import SafeText
from tracker_tui.model.torrents import TorrentFile

GIB = 2**30


def episode_id(season: int, number: int) -> int:
    """Return the id the episodes here have, so that tables can be read: S02E05 is 205."""
    return season * 100 + number


def series(*lengths: int, specials: int = 0, absolute: bool = True) -> tuple[Episode, ...]:
    """Return the episodes of seasons of these lengths, numbered absolutely through unless told otherwise."""
    episodes = [Episode(id=number, series_id=1, season=0, number=number) for number in range(1, specials + 1)]
    counted = 0
    for season, length in enumerate(lengths, start=1):
        for number in range(1, length + 1):
            counted += 1
            episodes.append(
                Episode(
                    id=episode_id(season, number),
                    series_id=1,
                    season=season,
                    number=number,
                    absolute=counted if absolute else None,
                )
            )
    return tuple(episodes)


def daily(*days: str) -> tuple[Episode, ...]:
    """Return episodes of season 2024 airing at these UTC times."""
    return tuple(
        Episode(id=n, series_id=1, season=2024, number=n, air_at=datetime.fromisoformat(day).replace(tzinfo=UTC))
        for n, day in enumerate(days, start=1)
    )


def file(name: str, progress: float = 0.0, *, size: int = GIB, wanted: bool = True, index: int = 0) -> TorrentFile:
    return TorrentFile(index=index, name=SafeText(name), size_bytes=size, progress=progress, wanted=wanted)


def files(names: Iterable[str]) -> tuple[TorrentFile, ...]:
    """Return files of 1 GiB whose progress is their place in hundredths, so that each is recognised by it."""
    return tuple(file(name, place / 100, index=place) for place, name in enumerate(names))


def span(season: int, first: int, last: int) -> list[int]:
    return [episode_id(season, number) for number in range(first, last + 1)]

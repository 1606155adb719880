"""Read what a file name of a release says about its episodes."""

from datetime import date
from enum import StrEnum
from functools import lru_cache

from tracker_tui.model.record import Fact


class FileKind(StrEnum):
    """What sort of content a name announces."""

    EPISODE = "episode"
    SPECIAL = "special"
    """OVA, OAD, special, recap with a decimal number."""
    EXTRA = "extra"
    """Credits, trailers, menus, interviews, bonus folders."""
    SAMPLE = "sample"
    OTHER = "other"
    """Not a video."""


class NameFacts(Fact):
    """What one path inside a release says; () and None mean it says nothing.

    `season` is named in the file or, with `season_from_folder`, by a folder above it. `episodes` are numbers within
    that season (`S02E05`, `2x05`, `S2 - 05`); `numbers` are bare ones, season-relative or absolute: only the whole
    set of files can tell. `prefix` is the comparable text before the number: the title as the release writes it.
    """

    path: str
    kind: FileKind
    season: int | None = None
    season_from_folder: bool = False
    episodes: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    air_date: date | None = None
    part: int | None = None
    version: int = 1
    prefix: str = ""
    group: str | None = None
    crc: str | None = None


@lru_cache(maxsize=4096)
def read_name(path: str) -> NameFacts:
    """Return what `path`, as a torrent lists it, says: quality, codecs, years, checksums and groups are not numbers."""
    return NameFacts(path=path, kind=FileKind.OTHER)

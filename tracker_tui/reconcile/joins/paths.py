"""Compare file paths of services that see the same disks under different roots.

Only trailing segments are comparable: Sonarr's `/tv-anime/Show/Season 1/01.mkv`, Shoko's
`shows/Show/Season 1/01.mkv` and Jellyfin's `D:\\Media\\Show\\Season 1\\01.mkv` are one file. Ties are reported, never
guessed.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from tracker_tui.model.record import Fact

Segments = tuple[str, ...]
"""A path as comparable segments, root first."""

MIN_SHARED = 2
"""Fewer common trailing segments prove nothing: every season has an `01.mkv`."""

_DRIVE = re.compile(r"[a-z]:", re.ASCII)
_DRIVE_LENGTH = 2
_GENERIC_FOLDER = re.compile(
    r"(?:season|series|staffel|saison|temporada|stagione|seizoen|specials?|extras?|disc|disk|vol(?:ume)?|cd|part|s)?"
    r"[\s._-]*\d*"
)
_GENERIC_STEM = re.compile(r"(?:s\d+)?[\s._-]*(?:e|ep|episode|folge|第)?[\s._-]*\d*(?:v\d)?[話集回]?")


class Match[K](Fact):
    """The candidate that is this file, or the equally good ones; neither = none. `shared` = common end segments."""

    one: K | None = None
    tied: tuple[K, ...] = ()
    shared: int = 0


def segments(path: str) -> Segments:
    """Return the comparable segments of `path`: NFC, case-folded, either separator, without drive letter or dots."""
    text = path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
    parts = [part for part in text.replace("\\", "/").split("/") if part and part != "."]
    if parts and len(parts[0]) == _DRIVE_LENGTH and _DRIVE.fullmatch(parts[0]):
        del parts[0]
    return tuple(parts)


def common_suffix(a: Segments, b: Segments) -> int:
    """Return how many trailing segments are equal."""
    shared = 0
    for left, right in zip(reversed(a), reversed(b), strict=False):
        if left != right:
            break
        shared += 1
    return shared


def starts_with(path: Segments, folder: Segments) -> bool:
    """Return whether `path` lies in `folder`; an empty folder contains nothing we know of."""
    return bool(folder) and path[: len(folder)] == folder


def distinctive(tail: Segments) -> bool:
    """Return whether trailing segments say which show they are of: `season 1/01.mkv` does not, two shows have it."""
    if not tail:
        return False
    return not _generic_name(tail[-1]) or any(not _generic_folder(part) for part in tail[:-1])


@lru_cache(4096)  # the same few names and folders occur in every show
def _generic_name(name: str) -> bool:
    return _GENERIC_STEM.fullmatch(name.rpartition(".")[0] or name) is not None


@lru_cache(4096)
def _generic_folder(name: str) -> bool:
    return _GENERIC_FOLDER.fullmatch(name) is not None


def best_match[K](path: str, size: int | None, candidates: Iterable[tuple[K, str, int | None]]) -> Match[K]:
    """Return which candidate `(key, path, size)` is the file at `path` of `size` bytes.

    A differing size vetoes (an unknown one does not); at least two trailing segments must agree, and without an
    equal size they must name the show; equal size decides, then the longest agreement. A longer agreement of
    unknown size against a shorter one of equal size is a tie.
    """
    own = segments(path)
    sized: dict[K, int] = {}
    unsized: dict[K, int] = {}
    for key, other, other_size in candidates:
        if size is not None and other_size is not None and size != other_size:
            continue
        shared = common_suffix(own, segments(other))
        equal = size is not None and size == other_size
        if shared < MIN_SHARED or not (equal or distinctive(own[-shared:])):
            continue
        pool = sized if equal else unsized
        pool[key] = max(shared, pool.get(key, 0))
    longest = max(sized.values(), default=0)
    best = {key: shared for key, shared in sized.items() if shared == longest}
    rest = max(unsized.values(), default=0)
    if rest > longest:
        best |= {key: shared for key, shared in unsized.items() if shared == rest}
    return _verdict(best, max(longest, rest))


def _verdict[K](best: dict[K, int], shared: int) -> Match[K]:
    keys = tuple(best)
    if len(keys) == 1:
        return Match(one=keys[0], shared=shared)
    return Match(tied=keys, shared=shared) if keys else Match()

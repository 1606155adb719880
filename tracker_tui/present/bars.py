"""Bars as runs of cells: which part is ready, processing, loading, grabbed or waiting; glyph and tone say the same."""

from collections.abc import Sequence
from enum import StrEnum

from tracker_tui.model.states import State


class Part(StrEnum):
    """A stretch of a bar, in the order in which they stand from left to right."""

    READY = "ready"
    PROCESSING = "processing"
    LOADED = "loaded"
    LOADING = "loading"
    GRABBED = "grabbed"
    REST = "rest"


GLYPHS: dict[Part, tuple[str, str, str]] = {
    Part.READY: ("█", "#", "ready"),
    Part.PROCESSING: ("▓", "=", "processing"),
    Part.LOADED: ("▒", "=", "downloading"),
    Part.LOADING: ("░", "-", "downloading"),
    Part.GRABBED: ("░", "-", "grabbed"),
    Part.REST: ("·", ".", "muted"),
}
"""Part -> cell, the cell for `--ascii`, tone. Every character is in code page 437, which the poorest fonts have."""

Runs = tuple[tuple[Part, int], ...]
"""Parts with their widths in cells; the widths sum to the width asked for."""

_PART_OF: dict[State, Part] = {
    State.AVAILABLE: Part.READY,
    State.DOWNLOADED: Part.PROCESSING,
    State.IMPORTING: Part.PROCESSING,
    State.ANIME_MATCHING: Part.PROCESSING,
    State.MATCH_FAILED: Part.PROCESSING,
    State.DOWNLOADING: Part.LOADING,
    State.GRABBING: Part.GRABBED,
}


def bar(counts: Sequence[tuple[State, int]], progress: float | None, width: int) -> Runs:
    """Return a bar over counted episodes; what downloads is split at `progress`. Nothing counted: an empty bar.

    Every part that is not empty has at least one cell, as far as `width` allows: one failed episode of a hundred
    must not look finished.
    """
    shares = dict.fromkeys(Part, 0.0)
    for state, count in counts:
        shares[_PART_OF.get(state, Part.REST)] += count
    loading = shares[Part.LOADING]
    shares[Part.LOADED] = loading * min(1.0, max(0.0, progress or 0.0))
    shares[Part.LOADING] = loading - shares[Part.LOADED]
    total = sum(shares.values())
    if total <= 0:
        return ((Part.REST, width),) if width else ()
    return tuple((part, cells) for part, cells in _spread(shares, total, width).items() if cells)


def single(state: State, progress: float | None, width: int) -> Runs:
    """Return the bar of one file."""
    return bar(((state, 1),), progress, width)


def _spread(shares: dict[Part, float], total: float, width: int) -> dict[Part, int]:
    """Divide `width` by largest remainder; what exists keeps a cell, taken from the longest part."""
    exact = {part: share * width / total for part, share in shares.items()}
    cells = {part: int(share) for part, share in exact.items()}
    by_rest = sorted(exact, key=lambda part: exact[part] - cells[part], reverse=True)
    for part in by_rest[: width - sum(cells.values())]:
        cells[part] += 1
    download = {Part.LOADED, Part.LOADING}  # one cell is enough for both
    for part, share in exact.items():
        there = sum(cells[one] for one in download) if part in download else cells[part]
        longest = max(cells, key=lambda one: cells[one])
        if share > 0 and not there and cells[longest] > 1:
            cells[longest] -= 1
            cells[part] = 1
    return cells

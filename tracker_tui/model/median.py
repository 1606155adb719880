"""The middle of a few numbers; `statistics` would load fractions and more for it, 0.4 MB of every snapshot."""

from collections.abc import Iterable


def median(values: Iterable[float]) -> float:
    """Return the middle value, of an even number the mean of the two in the middle. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no median of nothing")
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2

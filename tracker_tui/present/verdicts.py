"""Where a warning stands: each stands once, and whatever lies above or below that row only has its share of it."""

from collections.abc import Iterator, Sequence

from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, EpisodeRow, Problem, RequestRow, SeasonRow
from tracker_tui.present.rows import Item, by_season


def stands(item: Item) -> bool:
    """Return whether a warning stands at this very item: where the next step is to be read."""
    match item:
        case Problem():
            return item.diagnosis.attention >= Attention.WARN
        case RequestRow() if item.attention >= Attention.WARN:
            if warns(item) or (not by_season(item) and any(map(warns, item.seasons))):
                return True
            return not any(map(within, item.seasons))
        case SeasonRow() | EpisodeRow():
            return warns(item)
    return False


def within(item: SeasonRow | EpisodeRow) -> bool:
    """Return whether a warning stands at it or below it; else its attention is that of what it belongs to."""
    return warns(item) or (isinstance(item, SeasonRow) and any(map(warns, item.episodes)))


def warns(item: RequestRow | SeasonRow | EpisodeRow) -> bool:
    """Return whether it has a warning of its own."""
    return any(one.attention >= Attention.WARN for one in item.diagnoses)


def diagnoses(row: RequestRow) -> Iterator[Diagnosis]:
    """Yield every diagnosis of a request, its seasons and episodes."""
    yield from row.diagnoses
    for season in row.seasons:
        yield from season.diagnoses
        for episode in season.episodes:
            yield from episode.diagnoses


def causes(row: RequestRow, problems: Sequence[Problem]) -> list[Diagnosis]:
    """Return the verdicts on a service or a library that the request's summary speaks of."""
    return [one.diagnosis for one in problems if one.diagnosis.phrase and one.diagnosis.phrase in row.phrases]

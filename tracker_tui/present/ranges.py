"""Episodes of a season in one line: neighbours in the same state stand together."""

from collections.abc import Iterable
from itertools import groupby

from tracker_tui.model import fractions
from tracker_tui.model.states import State
from tracker_tui.model.world import EpisodeRow, SeasonRow
from tracker_tui.present.labels import STATES


def episode_ranges(season: SeasonRow) -> tuple[str, ...]:
    """Return e.g. ("E01-E02 Downloaded", "E03 Downloading 67 %", "E04-E06 Downloading 0 %"), in order of number.

    Only counted episodes; one entry, or none, means that the season's own line has said it all.
    """
    counted = sorted((row for row in season.episodes if row.counted), key=lambda row: row.number)
    return tuple(f"{_span(rows)} {words}" for words, rows in groupby(counted, key=_words))


def _words(row: EpisodeRow) -> str:
    word = STATES[row.state].word
    if row.state is State.DOWNLOADING and row.progress is not None:
        return f"{word} {'≈' if row.progress_is_estimate else ''}{fractions.percent(row.progress)}"
    return word


def _span(rows: Iterable[EpisodeRow]) -> str:
    members = list(rows)
    first, last = members[0].number, members[-1].number
    return f"E{first:02}" if first == last else f"E{first:02}-E{last:02}"

"""What stands in a row of the tree: fixed cells for what changes often, then title and a summary without them."""

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from tracker_tui.model import fractions
from tracker_tui.model.clauses import Clause
from tracker_tui.model.states import Attention, Flag, State
from tracker_tui.model.world import Diagnosis, EpisodeRow, Problem, RequestRow, SeasonRow
from tracker_tui.present import numbers
from tracker_tui.present.bars import Part, Runs, bar, single
from tracker_tui.present.brief import brief
from tracker_tui.present.labels import ATTENTION, FLAGS, STATES, Label
from tracker_tui.present.rows import GROUP_WORDS, Fold, Group, Headline, Row, by_season
from tracker_tui.present.verdicts import within

MUTED = Label("muted", "–", "-", "muted")
INHERITED = Label("", ATTENTION[Attention.WARN].glyph, ATTENTION[Attention.WARN].plain, "muted")
"""The mark of what waits for something that is said above it."""


class Cells(NamedTuple):
    """A row in words. Empty text = nothing to say, never zero."""

    mark: Label
    """Whether a person is wanted."""
    state: Label | None
    bar: Runs | None
    percent: str
    speed: str
    eta: str
    title: str
    clauses: tuple[str, ...]
    """Its summary, the most important clause first."""
    word: str = ""
    """The state in a word, where no number says how far it is."""
    short: str = ""
    """The title without its year, for where there is no room for both."""
    heading: bool = False
    """A group's heading: nothing but its title."""
    wide: bool = False
    """Title and summary begin at the left, without cells before them."""


def cells(row: Row, now: datetime, zone: tzinfo, bar_width: int, muted: frozenset[str] = frozenset()) -> Cells:
    """Return the words of one row."""
    item = row.item
    if isinstance(item, Headline):
        return _heading(item)
    if isinstance(item, Problem):
        return _problem(item, row.key in muted)
    if isinstance(item, RequestRow):
        return _request(item, now, zone, bar_width, item.id in muted)
    if isinstance(item, SeasonRow):
        return _season(item, now, zone, bar_width)
    if isinstance(item, Fold):
        return _fold(item, now, zone)
    alone = row.request is not None and not by_season(row.request)
    return _episode(item, now, zone, bar_width, alone=alone)


def _heading(item: Headline) -> Cells:
    tone = "hand" if item.group in {Group.PROBLEMS, Group.ATTENTION} else "muted"
    mark = Label("", " ", " ", tone)
    return Cells(mark, None, None, "", "", "", f"{GROUP_WORDS[item.group]} ({item.size})", (), heading=True)


def _problem(item: Problem, muted: bool) -> Cells:
    mark = MUTED if muted else ATTENTION[item.diagnosis.attention]
    clauses = ("muted", item.diagnosis.message) if muted else (item.diagnosis.message,)
    return Cells(mark, None, None, "", "", "", ", ".join(item.place), clauses, wide=True)


def _request(item: RequestRow, now: datetime, zone: tzinfo, bar_width: int, muted: bool) -> Cells:
    told = {phrase.code for phrase in item.phrases}
    notes = flag_words(item.flags, said={Flag.UPGRADING} if Clause.UPGRADING in told else ())
    runs = single(item.state, item.progress, bar_width) if item.is_movie else bar(item.counts, item.progress, bar_width)
    return Cells(
        mark=MUTED if muted else _mark(item.attention),
        state=STATES[item.state],
        bar=_worth(runs),
        percent=_percent(item.progress),
        speed=_speed(item.speed_bytes_s),
        eta=_eta(item.eta_s),
        title=titled(item),
        clauses=(*(("muted",) if muted else ()), *_brief(item, now, zone, notes)),
        word=_word(item),
        short=item.title,
    )


def flag_words(flags: Collection[Flag], said: Collection[Flag] = ()) -> list[str]:
    """Return the words of flags, without those `said` elsewhere; what is from the last run is old anyway."""
    unsaid = {*said, Flag.STALE} if Flag.RESTORED in flags else said
    return [FLAGS[flag] for flag in flags if flag not in unsaid]


def titled(item: RequestRow) -> str:
    """Return title and year."""
    return item.title if item.year is None else f"{item.title} ({item.year})"


def _season(item: SeasonRow, now: datetime, zone: tzinfo, bar_width: int) -> Cells:
    counts: dict[State, int] = {}
    for episode in item.episodes:
        if episode.counted:
            counts[episode.state] = counts.get(episode.state, 0) + 1
    return Cells(
        mark=_share(item),
        state=STATES[item.state],
        bar=_worth(bar(tuple(counts.items()), item.progress, bar_width)),
        percent=_percent(item.progress),
        speed=_speed(item.speed_bytes_s),
        eta=_eta(item.eta_s),
        title=season_title(item.number),
        clauses=_brief(item, now, zone),
        word=_word(item),
    )


def season_title(number: int) -> str:
    """Return "Season 2"; season 0 holds the specials."""
    return "Specials" if number == 0 else f"Season {number}"


def _fold(item: Fold, now: datetime, zone: tzinfo) -> Cells:
    if item.seasons:
        ready, total = sum(one.ready for one in item.seasons), sum(one.total for one in item.seasons)
        title = f"{len(item.seasons)} finished {'season' if len(item.seasons) == 1 else 'seasons'}"
        words = f"{ready} ready" if ready == total else f"{ready}/{total} ready"
    else:
        coming = min((one.air_at for one in item.episodes if one.air_at is not None and one.air_at > now), default=None)
        title = f"{len(item.episodes)} unaired"
        words = f"next {numbers.coming(coming, now, zone)}" if coming is not None else ""
    return Cells(_mark(Attention.NONE), STATES[item.state], None, "", "", "", title, (words,) if words else ())


def _episode(item: EpisodeRow, now: datetime, zone: tzinfo, bar_width: int, *, alone: bool) -> Cells:
    notes = [item.note] if item.note else []
    if item.state is State.UNAIRED and item.air_at is not None:
        notes.append(f"airs {numbers.coming(item.air_at, now, zone)}")
    notes.extend(FLAGS[flag] for flag in item.flags if not (flag is Flag.UPGRADING and item.note))
    if item.quality:
        notes.append(item.quality)
    clauses = brief((), item.state, item.attention, now, zone, warning=_unsaid(item.diagnoses), notes=notes)
    code = f"S{item.season:02}{episode_code(item)}" if alone else episode_code(item)
    return Cells(
        mark=_share(item),
        state=STATES[item.state],
        bar=_worth(single(item.state, item.progress, bar_width)),
        percent=_percent(item.progress, estimate=item.progress_is_estimate),
        speed=_speed(item.speed_bytes_s),
        eta=_eta(item.eta_s),
        title=f"{code} {item.title}" if item.title else code,
        clauses=clauses,
        word=_word(item),
    )


def _brief(item: RequestRow | SeasonRow, now: datetime, zone: tzinfo, notes: Sequence[str] = ()) -> tuple[str, ...]:
    unsaid = _unsaid(item.diagnoses)
    return brief(item.phrases, item.state, item.attention, now, zone, warning=unsaid, notes=notes)


def episode_code(item: EpisodeRow) -> str:
    """Return "E03", with the absolute number where it is another one: "E03 (28)"."""
    code = f"E{item.number:02}"
    return code if item.absolute in {None, item.number} else f"{code} ({item.absolute})"


def _mark(attention: Attention) -> Label:
    return ATTENTION[attention if attention >= Attention.WARN else Attention.NONE]


def _share(item: SeasonRow | EpisodeRow) -> Label:
    """Return the mark of a part of a request: pale where the warning stands elsewhere."""
    return INHERITED if item.attention >= Attention.WARN and not within(item) else _mark(item.attention)


def _unsaid(diagnoses: tuple[Diagnosis, ...]) -> str | None:
    """Return the gravest warning that the summary does not carry already."""
    warnings = [one for one in diagnoses if one.attention >= Attention.WARN and one.phrase is None]
    return max(warnings, key=lambda one: one.attention).message if warnings else None


def _word(item: RequestRow | SeasonRow | EpisodeRow) -> str:
    """Return the state's word where no number stands in its place."""
    numbered = _percent(item.progress) or item.speed_bytes_s or item.eta_s is not None
    return "" if numbered else STATES[item.state].word


def _worth(runs: Runs) -> Runs | None:
    """Return the bar if there is anything in it, and anything still to come: bars are for what is under way."""
    parts = {part for part, _ in runs}
    return None if parts in ({Part.REST}, {Part.READY}, set()) else runs


def _percent(progress: float | None, *, estimate: bool = False) -> str:
    """Return how much has arrived; what is complete says so by its state."""
    return "" if progress is None or progress >= 1 else ("≈" if estimate else "") + fractions.percent(progress)


def _speed(bytes_s: int | None) -> str:
    return "" if not bytes_s else numbers.speed(bytes_s)


def _eta(seconds: int | None) -> str:
    return "" if seconds is None else numbers.duration(seconds)

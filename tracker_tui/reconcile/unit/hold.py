"""No regress (R3, SPEC 2.1.9): a state falls only for a named reason or after a confirmed absence.

A failed or silent service lowers nothing. A good answer without the fact starts a gone-since; a later good answer, at
least 60 s after it, by whichever process, confirms. A whole library or service that answers with nothing is doubted.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from tracker_tui.model.record import Fact
from tracker_tui.model.states import Flag, State
from tracker_tui.reconcile.memory import EpisodeMemory, Gone
from tracker_tui.reconcile.unit.ladder import RANK, UNHEARD
from tracker_tui.reconcile.unit.verdict import Lowering, Step, Verdict

CONFIRM_AFTER = timedelta(seconds=60)
DOUBT_FOR = timedelta(minutes=30)
"""After so long an emptied library is believed (F11)."""


class Absence(Fact):
    """What the answers of the service that should know a fact are worth.

    `denied_at` = when a good answer last did not show it; `silent` = no answer since the start; `failing` = the
    last exchange failed; `undecided` = the answers fit several things equally well, or must be asked more closely;
    `emptied_at` = the whole library or service answers with nothing since then; `shown` = the fact itself was seen
    again, though not what joins it to the file.
    """

    denied_at: datetime | None = None
    silent: bool = False
    failing: bool = False
    undecided: bool = False
    emptied_at: datetime | None = None
    shown: bool = False


class Held(Fact):
    """The accepted verdict; `gone` = what to remember; `until` = when time alone may change it."""

    verdict: Verdict
    gone: tuple[Gone, ...] = ()
    until: datetime | None = None


def confirmed(gone: Gone | None, absence: Absence, now: datetime) -> bool:
    """Return whether the absence of a fact may be believed now."""
    if absence.silent or absence.failing or absence.denied_at is None:
        return False
    if absence.emptied_at is not None and now - absence.emptied_at < DOUBT_FOR:
        return False
    return gone is not None and absence.denied_at - gone.since >= CONFIRM_AFTER


def gone_since(gone: Gone | None, absence: Absence, fact: str) -> Gone | None:
    """Return the gone-since to remember: the first good answer without the fact."""
    if gone is not None or absence.silent or absence.failing or absence.denied_at is None:
        return gone
    return Gone(fact=fact, since=absence.denied_at)


def flags_of(absence: Absence) -> tuple[Flag, ...]:
    """Return how a state is marked that is held against such an absence."""
    if absence.failing:
        return (Flag.STALE,)
    if absence.silent and not absence.undecided and not absence.shown:
        return (Flag.RESTORED,)
    return (Flag.DOUBTFUL,) if absence.undecided or absence.emptied_at is not None else ()


def fact_behind(memory: EpisodeMemory) -> str | None:
    """Return which fact carries a remembered state; None where nothing has to be seen."""
    if memory.state is State.AVAILABLE:
        return "file" if memory.step == Step.UNCHECKED else "item"
    if memory.state in {State.IMPORTING, State.ANIME_MATCHING, State.MATCH_FAILED}:
        return "queue" if memory.step == Step.IMPORTS else "file"
    return "torrent" if RANK.get(memory.state, 0) else None


def hold(
    raw: Verdict,
    memory: EpisodeMemory,
    absence_of: Callable[[str], Absence],
    now: datetime,
    *,
    upgrade_gap: timedelta,
    last_progress: float | None,
    asked_anew: bool = False,
) -> Held:
    """Return the verdict to show: `raw`, or the remembered one where nothing yet justifies falling back.

    `asked_anew` = Shoko works on this very file now: what it said of it before no longer counts.
    """
    fact = fact_behind(memory)
    if fact is None or RANK[raw.state] >= RANK[memory.state]:
        kept_gone = memory.gone if UNHEARD in raw.evidence else ()  # what nobody was asked about yet is not back
        return Held(verdict=_keep_what_was_said(raw, memory, absence_of, asked_anew=asked_anew), gone=kept_gone)
    absence = absence_of(fact)
    known = next((one for one in memory.gone if one.fact == fact), None)
    if _explained(raw, memory, absence) or confirmed(known, absence, now):
        return Held(verdict=_lowered(raw, memory, last_progress))
    gap_ends = _gap_end(raw, memory, upgrade_gap)
    # the item of the file that was replaced may be listed for ever
    heard = not absence.silent or (absence.shown and raw.step is not Step.UNASKED)
    if gap_ends is not None and heard and not absence.failing:
        if now >= gap_ends:
            return Held(verdict=raw)
        return Held(verdict=_remembered(raw, memory, Step.REPLACED, last_progress, ()), until=gap_ends)
    gone = gone_since(known, absence, fact)
    until = absence.emptied_at + DOUBT_FOR if absence.emptied_at is not None else None
    kept = _remembered(raw, memory, Step(memory.step or raw.step), last_progress, flags_of(absence))
    return Held(verdict=kept, gone=(gone,) if gone is not None else (), until=until)


def _explained(raw: Verdict, memory: EpisodeMemory, absence: Absence) -> bool:
    """Return whether a named reason lets the state fall at once."""
    if memory.state is State.AVAILABLE:
        return raw.lowering is Lowering.DELETED and absence.denied_at is not None
    if raw.lowering is not None or raw.state is State.FAILED or _the_client_spoke(raw, memory):
        return True
    if raw.step is Step.DESELECTED:
        return True  # the client says so itself
    if raw.step is Step.REMOVED and UNHEARD in memory.evidence:
        return True  # it was taken to be there while nobody could tell: nothing that was seen is gone
    newer = bool(raw.downloads) and raw.downloads[0] not in memory.downloads
    return newer and RANK[raw.state] > 0 and fact_behind(memory) != "file"


def _the_client_spoke(raw: Verdict, memory: EpisodeMemory) -> bool:
    """Return whether the client itself now tells of a transfer that only the queue, an old copy, had told of."""
    if fact_behind(memory) != "torrent" or not memory.evidence:
        return False
    only_queue = all(one.fact == "queue" for one in memory.evidence)
    return only_queue and any(one.fact == "torrent" for one in raw.evidence)


def _gap_end(raw: Verdict, memory: EpisodeMemory, gap: timedelta) -> datetime | None:
    """Return until when an upgrade may be missing from Jellyfin, if this is one: its file is another one now."""
    if memory.state is not State.AVAILABLE or RANK[raw.state] != RANK[State.IMPORTING] or raw.at is None:
        return None
    replaced = raw.file_id is not None and memory.file_id is not None and raw.file_id != memory.file_id
    return raw.at + gap if replaced or memory.step == Step.REPLACED else None


def _lowered(raw: Verdict, memory: EpisodeMemory, last_progress: float | None) -> Verdict:
    if raw.step is Step.REMOVED and RANK[memory.state] < RANK[State.IMPORTING]:
        return replace(raw, lost=last_progress if last_progress is not None else memory.progress)
    return raw


def _keep_what_was_said(
    raw: Verdict, memory: EpisodeMemory, absence_of: Callable[[str], Absence], *, asked_anew: bool
) -> Verdict:
    """Carry the remembered step over while its service has not answered, and how far a lost download had come.

    A file that was not recognised stays so while Shoko's jobs are for others.
    """
    same_file = raw.file_id is not None and raw.file_id == memory.file_id
    if raw.step is Step.IDENTIFYING and memory.step == Step.UNRECOGNISED and same_file and not asked_anew:
        return replace(raw, state=State.MATCH_FAILED, step=Step.UNRECOGNISED)
    if raw.step is Step.REMOVED and memory.step == Step.REMOVED:
        return replace(raw, lost=memory.lost)
    if raw.step is Step.GRABBED and memory.state is State.GRABBING and raw.downloads == memory.downloads:
        return replace(raw, step=Step(memory.step or raw.step))
    asked_again = raw.step is Step.UNASKED and memory.step not in {"", Step.UNASKED}
    if asked_again and memory.state in {State.ANIME_MATCHING, State.MATCH_FAILED}:
        flags = flags_of(absence_of("match"))
        if flags:
            return replace(raw, state=memory.state, step=Step(memory.step), flags=flags)
    return raw


def _remembered(
    raw: Verdict, memory: EpisodeMemory, step: Step, last_progress: float | None, flags: tuple[Flag, ...]
) -> Verdict:
    return Verdict(
        state=memory.state,
        step=step,
        progress=1.0 if memory.state is State.AVAILABLE else last_progress,
        estimate=memory.estimate,
        size_bytes=memory.size_bytes,
        at=memory.since,
        downloads=memory.downloads,
        file_id=memory.file_id or raw.file_id,  # by the one that was seen a replaced one is told
        item_id=memory.item_id,
        note=memory.note,
        flags=flags,
        evidence=raw.evidence or memory.evidence,
    )

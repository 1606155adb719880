"""The summary of a row in the tree: what matters first, nothing that its glyph and cells say already (SPEC 2.1.18)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo

from msgspec.structs import replace

from tracker_tui.model.clauses import REPLACEABLE, VOLATILE, Clause
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import Phrase
from tracker_tui.present.labels import FLAGS, STATES
from tracker_tui.present.phrases import SEPARATOR, clause

SENTENCE = 30
"""A clause wider than this is a sentence: where it does not fit, its beginning is still worth reading."""
BEGINNING = 16
"""Fewer cells of a sentence than this say nothing."""

_WHY = REPLACEABLE | {
    Clause.STALLED_FOR,
    Clause.LAST_SEARCH,
    Clause.JELLYFIN_SCAN,
    Clause.SAID,
    Clause.PAUSED,
    Clause.CLIENT_WORD,
    Clause.DOWNLOAD_REMOVED,
    Clause.DESELECTED,
    Clause.NEEDS_LINK,
}
"""Clauses that say why something waits; they come first where a person is wanted."""
_FLAGGED = frozenset(FLAGS.values())
_LAST = frozenset({Clause.QUALITY, Clause.UPCOMING, Clause.EXTRA_FILES})
_STEADY = frozenset({Clause.UPGRADING, Clause.JELLYFIN_SCAN})
"""Clauses that are said without their fraction, which moves with every tick."""


def brief(
    phrases: Sequence[Phrase],
    state: State,
    attention: Attention,
    now: datetime,
    zone: tzinfo,
    *,
    warning: str | None = None,
    notes: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the clauses of a row, the most important one first; never none.

    `warning` is a verdict that no phrase carries, a whole sentence: it comes first only where no clause gives the
    reason. `notes` are remarks of the row's own.
    """
    wanted = attention >= Attention.WARN
    said = [one for one in phrases if one.code not in VOLATILE]
    why = [one for one in said if wanted and one.code in _WHY]
    last = [one for one in said if one.code in _LAST and one not in why]
    rest = [one for one in said if one not in why and one not in last]
    word = STATES[state].word

    def told(phrases: Sequence[Phrase]) -> Iterator[tuple[str, bool]]:
        return ((_worded(one, word, now, zone), one.text is None) for one in phrases)

    remarks = ((note, False) for note in notes)
    sentence = [(warning or "", False)]
    clauses = [*told(why), *told(rest), *sentence] if why else [*sentence, *told(rest)]
    clauses += [*remarks, *told(last)]
    found = [(text, ours) for text, ours in clauses if text and text != word]
    if all(text in _FLAGGED for text, _ in found):  # how sure it is says nothing without what it is
        found.insert(0, (word, True))
    first = found[0][0]
    return (first[:1].upper() + first[1:], *(_lowered(text) if ours else text for text, ours in found[1:]))


def fitted(clauses: Sequence[str], width: int, cells: Callable[[str], int], ellipsis: str = "…") -> str:
    """Return as many whole clauses as fit `width` cells; only a sentence is cut, between words."""
    text = ""
    for index, one in enumerate(clauses):
        longer = f"{text}{SEPARATOR}{one}" if index else one
        rest = clauses[index + 1 :]
        room = width - (cells(f" {ellipsis}") if rest else 0)
        if cells(longer) <= room:
            text = longer
            continue
        start = f"{text}{SEPARATOR}" if index else ""
        room = width - cells(start) - cells(ellipsis)
        if not index and cells(one) <= width:
            return one  # whole, without a word on the rest
        if not index or (cells(one) > SENTENCE and room >= BEGINNING):
            return start + _beginning(one, room, cells) + ellipsis
        return f"{text} {ellipsis}"
    return text


def _beginning(text: str, width: int, cells: Callable[[str], int]) -> str:
    """Return the whole words of `text` that fit; the beginning of the first one where not even that fits."""
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if cells(longer) > width:
            break
        kept = longer
    while not kept and text and cells(text) > max(0, width):
        text = text[:-1]
    return (kept or text).rstrip(" ,;:-·")


def _worded(phrase: Phrase, word: str, now: datetime, zone: tzinfo) -> str:
    if phrase.code == Clause.READY and phrase.n is not None:
        return f"{phrase.n}/{phrase.of} ready"
    text = clause(replace(phrase, fraction=None) if phrase.code in _STEADY else phrase, now, zone)
    return text.removeprefix(f"{word}{SEPARATOR}")


def _lowered(text: str) -> str:
    """Return a clause that does not begin the line any more without its capital."""
    return text if text.startswith(_NAMES) or not text[1:2].islower() else text[:1].lower() + text[1:]


_NAMES = ("Shoko", "Jellyfin", "Sonarr", "Radarr", "Seerr")

"""Finding a request by what people call it, where it stands, who wants it, who handles it and what is wrong with it."""

import unicodedata
from collections.abc import Iterator, Sequence

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import Problem, RequestRow
from tracker_tui.present.labels import STATES
from tracker_tui.present.verdicts import causes, diagnoses

_SHOKOS = frozenset({State.ANIME_MATCHING, State.MATCH_FAILED})
"""States in which anime is in Shoko's hands, whether Shoko has seen it or not."""


def mentions(row: RequestRow, text: str, problems: Sequence[Problem] = ()) -> bool:
    """Return whether every word of `text` stands in one of the request's `names`."""
    return holds(names(row, problems), words(text))


def words(text: str) -> tuple[str, ...]:
    """Return the words to find, folded."""
    return tuple(folded(text).split())


def holds(known: str, wanted: tuple[str, ...]) -> bool:
    """Return whether every one of `wanted` stands in `known`, a request's `names`."""
    for word in wanted:  # noqa: SIM110 - all() takes twice the time, at every key for every request
        if word not in known:
            return False
    return True


def names(row: RequestRow, problems: Sequence[Problem] = ()) -> str:
    """Return what a request is found by, folded, one a line: titles, requester, states of what is not ready, services,
    and its verdicts' codes, those of the common causes among `problems` too.
    """
    return folded("\n".join(_names(row, problems)))


def problem_names(one: Problem) -> str:
    """Return what a problem is found by, folded: whom it concerns, its code, its sentence."""
    code = one.diagnosis.code
    kind = (one.kind.title,) if one.kind is not None else ()
    return folded("\n".join((*kind, *one.place, code, code.replace("_", " "), one.diagnosis.message)))


def _names(row: RequestRow, problems: Sequence[Problem]) -> Iterator[str]:
    yield row.title
    yield from row.titles
    yield from filter(None, (row.original_title, row.requested_by))
    yield STATES[row.state].word
    for state, _ in row.counts:
        if state is not State.AVAILABLE:
            yield STATES[state].word
    yield from _services(row)
    found = list(diagnoses(row)) if row.attention is not Attention.NONE else []
    if problems:
        found += causes(row, problems)
    for verdict in found:
        yield verdict.code
        yield verdict.code.replace("_", " ")
        yield from (evidence.service for evidence in verdict.evidence)


def _services(row: RequestRow) -> Iterator[str]:
    """Yield the kinds of services that know the request, and the instances' names."""
    known = [row.instance] if row.instance is not None else []
    known += [release.client for release in row.releases if release.client is not None]
    kind, name, _ = row.id.split(":", 2)
    ids = row.ids
    if kind == Kind.SEERR:
        known.append(InstanceRef(Kind.SEERR, name))
    known += [InstanceRef(Kind.SONARR, name) for name, _ in ids.sonarr]
    known += [InstanceRef(Kind.RADARR, name) for name, _ in ids.radarr]
    for one in known:
        yield one.kind
        yield one.name
    if ids.shoko_series or row.state in _SHOKOS:
        yield Kind.SHOKO
    if ids.jellyfin:
        yield Kind.JELLYFIN


def folded(text: str) -> str:
    """Return `text` without differences of case, width and compatibility forms."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()

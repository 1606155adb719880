"""The instants at which time alone makes something worth saying: thresholds that the row's own clocks run towards.

Whoever judges a case looks again at these, without any new answer (SPEC 2.1.14).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker_tui.model.arr import Series
from tracker_tui.model.clauses import Clause
from tracker_tui.model.settings import Thresholds
from tracker_tui.model.world import Phrase
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.request.summary import matched_since
from tracker_tui.reconcile.unit.downloads import grabbed_at
from tracker_tui.reconcile.unit.verdict import Step

_COUNTS_TIME = {Clause.AGE, Clause.IMPORTED_AT, Clause.NOT_IN_JELLYFIN_SINCE}
_HOURS_FROM = timedelta(hours=2)
"""From this age on, words count hours."""


def next_words(phrases: Iterable[Phrase], now: datetime) -> list[datetime]:
    """Return when each phrase that counts time reads differently: at the next minute, later the next hour."""
    found: list[datetime] = []
    for phrase in phrases:
        if phrase.code in _COUNTS_TIME and phrase.at is not None:
            age = now - phrase.at
            unit = timedelta(minutes=1) if age < _HOURS_FROM else timedelta(hours=1)
            found.append(phrase.at + unit * (age // unit + 1))
    return found


def turning_points(sight: Sight) -> list[datetime]:
    """Return when something of the request will have lasted so long that a verdict about it may change."""
    limits = sight.facts.setup.thresholds
    found: list[datetime | None] = []
    units = sight.counted_units
    for unit in units:
        limit = _limit(unit.verdict.step, limits)
        if limit is not None:
            found += [at + limit for at in _beginnings(unit) if at is not None]
    since = matched_since([unit for unit in units if unit.verdict.step is Step.MATCHED])
    found.append(since + limits.not_in_jellyfin if since is not None else None)
    found += _of_entry(sight, limits)
    return [at for at in found if at is not None and at > sight.now]


def _limit(step: Step, limits: Thresholds) -> timedelta | None:
    match step:
        case Step.STALLED:
            return limits.stalled
        case Step.METADATA:
            return limits.no_metadata
        case Step.COMPLETE:
            return limits.queue_desync
        case Step.IMPORTED:
            return limits.importing
        case Step.WANTED | Step.SEARCHING:
            return limits.nothing_grabbed
    return None


def _beginnings(unit: Unit) -> Sequence[datetime | None]:
    """Return since when a unit may be said to be in its step: by the client, by its download, by its last search."""
    verdict = unit.verdict
    if verdict.step in {Step.WANTED, Step.SEARCHING}:
        return (unit.episode.last_search_at if unit.episode is not None else None, verdict.at)
    if verdict.step not in {Step.STALLED, Step.METADATA} or not unit.live:
        return (verdict.at,)
    download = unit.live[0]
    torrent = download.torrent.torrent if download.torrent is not None else None
    since = (torrent.last_activity_at, torrent.added_at) if torrent is not None else ()
    return (grabbed_at(download), *since)


def _of_entry(sight: Sight, limits: Thresholds) -> list[datetime | None]:
    request, one = sight.tracked.request, sight.one
    found: list[datetime | None] = []
    if sight.entry_known is False and request is not None:
        times = (request.created_at, request.updated_at)
        found += [at + limits.not_in_arr for at in times if at is not None]
    if isinstance(one, Series) and not sight.seen:
        details_at = sight.arr.details_at.get(one.id) if sight.arr is not None else None
        found += [at + limits.no_episode_list for at in (one.added_at, details_at) if at is not None]
    return found

"""Which episodes a series request is about, and which of them count (R7, SPEC 2.1.5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker_tui.model.arr import Episode, Series
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.reconcile.unit.verdict import Step, Verdict


class Scope(Fact):
    """The requested seasons of a series, and those of them that are unmonitored as a whole (C8)."""

    seasons: frozenset[int]
    unmonitored: frozenset[int] = frozenset()


def scope_of(series: Series, episodes: Iterable[Episode], requested: tuple[int, ...] | None) -> Scope:
    """Return the scope: the requested seasons, else the monitored ones without the specials."""
    listed = list(episodes)
    watched = {episode.season for episode in listed if episode.monitored is not False}
    if requested is None:
        flagged = {season.number for season in series.seasons if season.monitored is not False}
        seasons = frozenset((flagged or watched) - {0})
    else:
        seasons = frozenset(requested)
    return Scope(seasons=seasons, unmonitored=seasons - watched)


def listed(scope: Scope, episodes: Mapping[int, Episode], live: Iterable[int]) -> list[Episode]:
    """Return the episodes to show, in order: those in scope, and the specials once one of them is here or coming."""
    coming = set(live)
    specials = 0 not in scope.seasons and any(
        episode.season == 0 and (episode.has_file or episode.id in coming) for episode in episodes.values()
    )
    shown = [
        episode
        for episode in episodes.values()
        if episode.season in scope.seasons or (specials and episode.season == 0)
    ]
    return sorted(shown, key=lambda episode: (episode.season, episode.number, episode.id))


def aired(episode: Episode, now: datetime) -> bool:
    """Return whether it has been broadcast; an episode without a date has not."""
    return episode.air_at is not None and episode.air_at <= now


def idle(scope: Scope, series: Series, episode: Episode, now: datetime) -> tuple[State, Step]:
    """Return what an episode is when no service shows anything of it."""
    whole_season = episode.season in scope.unmonitored
    if episode.monitored is False and not whole_season:
        return State.SKIPPED, Step.UNMONITORED
    if not aired(episode, now):
        return State.UNAIRED, Step.UPCOMING
    unmonitored = whole_season or series.monitored is False
    return State.PENDING, Step.UNMONITORED if unmonitored else Step.WANTED


def counted(scope: Scope, season: int, verdict: Verdict) -> bool:
    """Return whether an episode is in the denominator: in scope, and aired or here or coming."""
    return season in scope.seasons and verdict.state not in {State.UNAIRED, State.SKIPPED}

"""Wanted, and nothing grabbed: release, monitoring, episode lists, searches."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, CommonRule, Later, Rule, Said, Word, at, over, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import age_changes_at
from tracker_tui.model.arr import Command
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.moments import date
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Phrase, Problem
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.unit.verdict import Step

NOT_RELEASED = Code(
    name="NOT_RELEASED", levels=(Attention.WAIT,), means="Radarr waits for the film's release before it searches."
)
NOT_MONITORED = Code(
    name="NOT_MONITORED",
    levels=(Attention.WARN,),
    means="It was asked for, but Sonarr or Radarr does not monitor it and so never searches.",
    lasting=True,
)
SEASON_UNKNOWN = Code(
    name="SEASON_UNKNOWN",
    levels=(Attention.WARN,),
    means="Seerr asks for a season that Sonarr's series does not have (TMDB and TVDB split seasons differently).",
)
NO_EPISODE_METADATA = Code(
    name="NO_EPISODE_METADATA",
    levels=(Attention.WAIT, Attention.WARN),
    means="Sonarr has the series and no episode list; once for all series when none has one.",
)
SEARCHING = Code(
    name="SEARCHING", levels=(Attention.WAIT,), means="A search runs, or ended too recently to call it fruitless."
)
SEARCH_NO_GRAB = Code(
    name="SEARCH_NO_GRAB",
    levels=(Attention.WARN,),
    means="The last search ended some time ago and nothing was grabbed: no release, or all of them rejected.",
)

_SAME_TIME = timedelta(minutes=5)
"""A search this long before the request or broadcast still was for it: clocks differ, entries are added around it."""


def not_released(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say until when Radarr waits by itself."""
    movie, units = matter.case.movie, matter.units(Step.UPCOMING)
    if movie is None or not units:
        return
    radarr = matter.arr
    when = f" on {date(movie.release_at, scene.now, scene.zone)}" if movie.release_at is not None else ""
    word = f" (status {movie.status})" if movie.status else ""
    yield over(
        units,
        NOT_RELEASED(
            f"{scene.name(radarr)} does not search before the release{when}{word}",
            None,
            scene.saw(radarr, "isAvailable", "false"),
        ),
        calms=True,
    )


def not_monitored(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say what nobody will search, though it was asked for (C8)."""
    arr, series = matter.arr, matter.case.series
    units = matter.units(Step.UNMONITORED)
    if not units:
        return
    name = arr.kind.title
    if series is None or series.monitored is False:
        what = "the film" if series is None else "the series"
        yield over(
            units,
            NOT_MONITORED(
                f"{scene.name(arr)} will not search {what}: it is not monitored",
                f"{name} → open {what} → monitor it, then search",
                scene.saw(arr, "monitored", "false"),
            ),
        )
        return
    by_season: dict[int, list[Unit]] = {}
    for unit in units:
        by_season.setdefault(unit.row.season if unit.row is not None else 0, []).append(unit)
    for season, some in sorted(by_season.items()):
        yield over(
            some,
            NOT_MONITORED(
                f"{scene.name(arr)} will not search {_which(matter, season, some)}: not monitored",
                f"{name} → open the series → monitor season {season}, then search",
                scene.saw(arr, f"season {season} monitored", "false"),
            ),
        )


def _which(matter: Matter, season: int, units: list[Unit]) -> str:
    whole = matter.case.series is not None and any(
        one.number == season and one.monitored is False for one in matter.case.series.seasons
    )
    return f"season {season}" if whole else matter.what(units)


def season_unknown(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the asked-for season does not exist in Sonarr."""
    series = matter.case.series
    if series is None or matter.case.details_at is None or not series.seasons or _no_episodes(matter):
        return
    known = sorted(one.number for one in series.seasons if one.number > 0)
    missing = [number for number in matter.row.seasons_requested if number not in known and number != 0]
    if not missing or not known:
        return
    wanted = ", ".join(str(number) for number in missing)
    have = ", ".join(str(number) for number in known)
    sonarr = matter.arr
    yield Said(
        diagnosis=SEASON_UNKNOWN(
            f"{scene.name(sonarr)} has no season {wanted} of this series, only {have}",
            "ask in Seerr for the season that TVDB lists",
            scene.saw(sonarr, "seasons", have),
            scene.saw(sonarr, "season asked for", wanted),
        )
    )


def no_episode_metadata(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that a series has no episodes at all; where none has, the common rule says it once (C9)."""
    series, sonarr = matter.case.series, matter.arr
    if series is None or not _no_episodes(matter) or _all_without_episodes(scene).get(sonarr):
        return
    times = [series.added_at, matter.case.request.created_at if matter.case.request is not None else None]
    since = max((one for one in times if one is not None), default=None)
    evidence = scene.saw(sonarr, "episodes", "0", since)
    late_at = since + scene.limits.no_episode_list if since is not None else None
    if late_at is not None and scene.now < late_at:
        young = NO_EPISODE_METADATA(f"{scene.name(sonarr)} has not loaded the episode list yet", None, evidence)
        yield Said(diagnosis=young, until=late_at)
        return
    when = f", added {scene.clock(since)}" if since is not None else ""
    yield Said(
        diagnosis=NO_EPISODE_METADATA(
            f"{scene.name(sonarr)} has the series{when}, and no episode list for it",
            "Sonarr → open the series → Refresh & Scan",
            evidence,
            level=Attention.WARN,
        )
    )


def no_series_has_episodes(scene: Scene) -> Iterable[Problem | Later]:
    """Say once that every series of a Sonarr is empty."""
    for ref, number in _all_without_episodes(scene).items():
        yield problem(
            at(ref),
            NO_EPISODE_METADATA(
                f"{scene.name(ref)} has no episode list for any of its {number} series",
                "restart Sonarr, then Sonarr → Series → Update All",
                scene.saw(ref, "series without episodes", f"{number} of {number}"),
                level=Attention.WARN,
            ),
        )


def _all_without_episodes(scene: Scene) -> dict[InstanceRef, int]:
    return {
        ref: view.entries
        for ref, view in scene.around.arrs.items()
        if ref.kind is Kind.SONARR and 1 < view.entries == view.entries_without_episodes
    }


def _no_episodes(matter: Matter) -> bool:
    return any(phrase.code == Clause.NO_EPISODES for phrase in matter.row.phrases)


def searching(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that a search runs now."""
    units, arr = matter.units(Step.SEARCHING), matter.arr
    if not units:
        return
    since = min((unit.verdict.at for unit in units if unit.verdict.at is not None), default=None)
    when = f" since {scene.clock(since)}" if since is not None else ""
    yield over(
        units,
        SEARCHING(
            f"{scene.name(arr)} searches for {matter.what(units)}{when}",
            None,
            scene.saw(arr, "search command", "queued or started", since),
        ),
        calms=True,
    )


def search_no_grab(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the last search grabbed nothing; soon after its end it only waits (C5, C12, C14)."""
    arr = matter.arr
    if any(check.severity == "error" for check in scene.checks(arr, "Indexer")):
        return
    view = scene.around.arrs.get(arr)
    if view is None or view.history_at is None:
        return  # what was grabbed since is not told yet
    by_search: dict[datetime, list[Unit]] = {}
    for unit in matter.units(Step.WANTED):
        last = _last_search(matter, unit)
        if last is not None and (unit.verdict.at is None or last >= unit.verdict.at - _SAME_TIME):
            by_search.setdefault(last, []).append(unit)
    fruitless = {last: some for last, some in by_search.items() if scene.now - last >= scene.limits.nothing_grabbed}
    young = [unit for last, some in by_search.items() if last not in fruitless for unit in some]
    if young:
        last = max(by_search)
        yield over(
            young,
            SEARCHING(
                f"{scene.name(arr)} searched for {matter.what(young)} at {scene.clock(last)}; nothing is grabbed yet",
                None,
                scene.saw(arr, "last search", scene.clock(last), last),
            ),
            calms=True,
            until=min(last for last in by_search if last not in fruitless) + scene.limits.nothing_grabbed,
        )
    units = [unit for some in fruitless.values() for unit in some]
    if units:
        yield _nothing_grabbed(matter, scene, units, max(fruitless))


def _nothing_grabbed(matter: Matter, scene: Scene, units: list[Unit], last: datetime) -> Said:
    arr = matter.arr
    said = next((one.message for one in _searches(matter) if one.ended_at == last and one.message), None)
    result = f' ("{said}")' if said else ""
    return over(
        units,
        SEARCH_NO_GRAB(
            f"{scene.name(arr)}'s last search for {matter.what(units)}, {scene.age(last)} ago, "
            f"found nothing to grab{result}",
            f"press x for the reasons (asks the indexers), or {arr.kind.title} → Interactive Search",
            scene.saw(arr, "last search", scene.clock(last), last),
            phrase=Phrase(code=Clause.LAST_SEARCH, at=last),
        ),
        until=age_changes_at(last, scene.now),
    )


def _last_search(matter: Matter, unit: Unit) -> datetime | None:
    """Return when its last search ended, as far as Sonarr or Radarr says."""
    noted = unit.episode.last_search_at if unit.episode is not None else None
    if matter.case.movie is not None:
        noted = matter.case.movie.last_search_at
    ended = [one.ended_at for one in _searches(matter) if one.ended_at is not None and _for(one, unit)]
    return max((one for one in (noted, *ended) if one is not None), default=None)


def _searches(matter: Matter) -> list[Command]:
    return [one for one in matter.case.commands if not one.running and "search" in one.name.lower()]


def _for(command: Command, unit: Unit) -> bool:
    if unit.episode is None:
        return True
    if command.episode_ids:
        return unit.episode.id in command.episode_ids
    return command.season is None or command.season == unit.episode.season


CODES = (NOT_RELEASED, NOT_MONITORED, SEASON_UNKNOWN, NO_EPISODE_METADATA, SEARCHING, SEARCH_NO_GRAB)
RULES: tuple[Rule, ...] = (
    not_released,
    not_monitored,
    season_unknown,
    no_episode_metadata,
    searching,
    search_no_grab,
)
COMMON_RULES: tuple[CommonRule, ...] = (no_series_has_episodes,)

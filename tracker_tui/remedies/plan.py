"""The decision: the smallest refresh that can work, or the reason why nothing is sent. Pure."""

from datetime import datetime

from msgspec.structs import replace

from tracker_tui.diagnose.mapping import mapped_folders
from tracker_tui.model.jellyfin import CLEANUP_KEY, CLEAR_KEY, Library
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.states import State
from tracker_tui.model.world import Diagnosis, RequestRow, World
from tracker_tui.reconcile.joins.shokojoin import ShokoStep, series_ids, shoko_step
from tracker_tui.remedies.home import Home, anime_home, regular_home, unmapped
from tracker_tui.remedies.hope import barred, barred_library
from tracker_tui.remedies.place import IMPORTED, Place
from tracker_tui.remedies.proposal import (
    LibraryTarget,
    Proposal,
    Refusal,
    RequestTarget,
    Scope,
    Stake,
    Target,
    WaitingTarget,
    Why,
)
from tracker_tui.remedies.standing import Standing, in_motion, plugin_out

_UNMATCHED = {
    ShokoStep.IGNORED: "is ignored in Shoko",
    ShokoStep.INACCESSIBLE: "cannot be read by Shoko",
    ShokoStep.HASHING: "is still being hashed by Shoko",
    ShokoStep.UNRECOGNISED: "is not recognised by Shoko",
    ShokoStep.LIMBO: "has no series in Shoko yet",
}


def plan_request(row: RequestRow, world: World, standing: Standing, place: Place, jellyfin: str) -> Proposal | Refusal:
    """Return the refresh for one request, or why there is none. The cooldown is the caller's."""
    is_anime = _by_shokofin(row, place)
    refusal = in_motion(standing) or _nothing_waits(row, place) or _hopeless(row, world, standing, place, is_anime)
    if refusal is not None:
        return refusal
    if not is_anime:
        home = regular_home(place, standing, is_movie=row.is_movie)
        library = home.libraries[0] if home.libraries else None
        return _proposal(RequestTarget(request_id=row.id), jellyfin, standing, library, (_stake(row, place),))
    home = anime_home(place, standing, is_movie=row.is_movie)
    if home.barred:
        return _no_home(home)
    library = home.libraries[0] if home.libraries and home.together else None
    item_id = place.item_id if library is not None and _fits_in_series(place) else None
    return _proposal(
        RequestTarget(request_id=row.id),
        jellyfin,
        standing,
        library,
        (_stake(row, place),),
        item_id=item_id,
        anime=True,
    )


def plan_library(
    target: LibraryTarget, world: World, standing: Standing, stakes: tuple[Stake, ...], jellyfin: str
) -> Proposal | Refusal:
    """Return the refresh of a whole library, or why there is none."""
    found = [one for one in standing.libraries if one.name.casefold() == target.name.casefold()]
    if not found:
        names = ", ".join(one.name for one in standing.libraries) or "none"
        return Refusal(
            why=Why.UNKNOWN_TARGET,
            message=f"{jellyfin} has no library {target.name}",
            next_step=f"its libraries are: {names}",
        )
    library = found[0]
    refusal = in_motion(standing)
    if refusal is None and library.uses_shoko:
        refusal = _told(barred_library(library.name, jellyfin, world)) or plugin_out(standing)
        if refusal is None and unmapped(library, standing):
            refusal = _no_home(Home(barred=True, candidates=(library,)))
    if refusal is not None:
        return refusal
    return _proposal(target, jellyfin, standing, library, stakes, anime=bool(library.uses_shoko))


def plan_waiting(plans: tuple[Proposal | Refusal, ...], standing: Standing, jellyfin: str) -> Proposal | Refusal:
    """Return one refresh for several requests: their common library, else everything. `plans` = each one's own."""
    good = [one for one in plans if isinstance(one, Proposal)]
    if not good:
        return next((one for one in plans if isinstance(one, Refusal)), nothing_waits())
    stakes = tuple(stake for one in good for stake in one.stakes)
    libraries = {one.library_id for one in good}
    library = next((one for one in standing.libraries if one.id in libraries), None) if len(libraries) == 1 else None
    return _proposal(WaitingTarget(), jellyfin, standing, library, stakes, anime=any(one.shokofin for one in good))


def nothing_waits() -> Refusal:
    """Return the refusal where no request waits for Shokofin."""
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message="no request waits for Shokofin: everything that Shoko matched is in Jellyfin",
        next_step="name a library to refresh it all the same",
    )


def after_one_in_vain(proposal: Proposal, last: Refreshed | None, now: datetime) -> Proposal:
    """Return the proposal with a word of warning where the last refresh did the same for nothing."""
    if last is None or not last.conclusive or last.ended_at is None or last.new != 0:
        return proposal
    ours = {one.id for one in proposal.stakes}
    same = last.everything or last.library_id == proposal.library_id or any(one.id in ours for one in last.requests)
    if not same:
        return proposal
    minutes = max(1, round((now - last.ended_at).total_seconds() / 60))
    ago = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    told = f"the one {ago} ago brought nothing: another helps only where something was changed since"
    return replace(proposal, effects=(*proposal.effects, told))


def repaired(proposal: Proposal, standing: Standing, root: str) -> Proposal | Refusal:
    """Return the proposal that makes an empty virtual folder anew first; the refusal where nothing can do that."""
    if standing.task(CLEANUP_KEY) is None:
        return Refusal(
            why=Why.NOTHING_TO_GAIN,
            message=f"a refresh would change nothing: {root} is empty, and Jellyfin skips an empty library folder",
            next_step="restart Jellyfin (Shokofin makes the folder anew), then refresh",
            code="VFS_ROOT_EMPTY",
        )
    told = (
        f"{root} is empty, so Jellyfin would skip it: Shokofin makes it anew first, by the task that it runs at each "
        "start (it also tidies up the virtual folders of libraries that are gone)"
    )
    return replace(proposal, empty_root=root, effects=(told, *proposal.effects))


# ---- nothing to gain


def _by_shokofin(row: RequestRow, place: Place) -> bool:
    """Return whether Shokofin is to bring the files: Shoko has one of them, or the row takes that route."""
    if any(one.shoko is not None for one in place.files or ()):
        return True
    states = {row.state, *(episode.state for season in row.seasons for episode in season.episodes)}
    return bool(states & {State.ANIME_MATCHING, State.MATCH_FAILED})


def _nothing_waits(row: RequestRow, place: Place) -> Refusal | None:
    """Return the refusal where no file is imported and missing."""
    counted = [state for state, count in row.counts if count]
    present = set(counted) | {row.state} | {ep.state for season in row.seasons for ep in season.episodes}
    if present & IMPORTED and place.files != ():
        return None
    if State.MATCH_FAILED in present:
        return None  # its diagnosis says more than "not imported"
    if row.state is State.AVAILABLE:
        return Refusal(why=Why.NOTHING_TO_GAIN, message=f"{row.title} is in Jellyfin already")
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"{row.title} has no imported file that Jellyfin lacks",
        next_step="wait until Sonarr or Radarr has imported it",
    )


def _hopeless(row: RequestRow, world: World, standing: Standing, place: Place, is_anime: bool) -> Refusal | None:
    """Return the refusal where something else must happen before a refresh can bring anything."""
    verdict = _told(barred(row, world))
    if not is_anime:
        return verdict
    return verdict or plugin_out(standing) or _unmatched(place)


def _told(verdict: Diagnosis | None) -> Refusal | None:
    if verdict is None:
        return None
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"a refresh would change nothing: {verdict.message}",
        next_step=verdict.next_step,
        code=verdict.code,
    )


def _unmatched(place: Place) -> Refusal | None:
    """Return the refusal where Shoko answered and has matched none of the files."""
    files = place.files or ()
    if not files or not place.asked_shoko or any(one.shoko is not None and one.shoko.matched for one in files):
        return None
    first = next((one for one in files if one.shoko is not None), files[0])
    name = first.path.replace("\\", "/").rpartition("/")[2]
    why = "is not known to Shoko" if first.shoko is None else _UNMATCHED.get(shoko_step(first.shoko), "is not matched")
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"a refresh would change nothing: Shoko has matched none of the files ({name} {why})",
        next_step="look at Shoko: Utilities → Unrecognized Files, and its queue",
    )


def _no_home(home: Home) -> Refusal:
    names = ", ".join(one.name for one in home.candidates) or "no library"
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"a refresh would change nothing: Shokofin maps {names} to no Shoko folder that holds the files",
        next_step="Shokofin → Library settings → map the library to the folder, restart Jellyfin, then refresh",
        code="VFS_UNMAPPED",
    )


# ---- the smallest scope


def _fits_in_series(place: Place) -> bool:
    """Return whether the files belong into a season that the series' item shows already.

    A new season folder is listed on a second pass only, another Shoko series is another folder: both need the library.
    """
    files = [one.shoko for one in place.files or () if one.shoko is not None and one.shoko.matched]
    present = {one.shoko_series_id for one in place.items if one.season}
    if not files or any(one.season == 0 for one in place.files or ()):
        return False
    return all(set(series_ids(one)) <= present for one in files)


def _stake(row: RequestRow, place: Place) -> Stake:
    return Stake(
        id=row.id,
        title=row.title,
        state=row.state,
        ready=row.ready,
        total=row.total,
        waiting=len(place.files or ()),
    )


def _proposal(
    target: Target,
    jellyfin: str,
    standing: Standing,
    library: Library | None,
    stakes: tuple[Stake, ...],
    *,
    item_id: str | None = None,
    anime: bool = False,
) -> Proposal:
    usable = library is not None and library.id is not None
    scope = Scope.EVERYTHING if not usable else Scope.SERIES if item_id is not None else Scope.LIBRARY
    return Proposal(
        target=target,
        jellyfin=jellyfin,
        scope=scope,
        library_id=library.id if library is not None and usable else None,
        library=library.name if library is not None and usable else None,
        item_id=item_id if scope is Scope.SERIES else None,
        shokofin=anime,
        stakes=stakes,
        question=_question(scope, library, stakes, anime=anime),
        effects=tuple(_effects(scope, standing, library, stakes, anime=anime)),
    )


def _question(scope: Scope, library: Library | None, stakes: tuple[Stake, ...], *, anime: bool) -> str:
    what = "rebuild Shokofin's links" if anime else "look for new files"
    if scope is Scope.SERIES:
        return f"Let Jellyfin {what} of {stakes[0].title}?"
    if scope is Scope.LIBRARY and library is not None:
        return f"Let Jellyfin {what} in the library {library.name}?"
    return f"Let Jellyfin scan all libraries{' and rebuild Shokofin’s links' if anime else ''}?"


def _effects(
    scope: Scope, standing: Standing, library: Library | None, stakes: tuple[Stake, ...], *, anime: bool
) -> list[str]:
    told: list[str] = []
    waiting = sum(one.waiting for one in stakes)
    if waiting:
        of = stakes[0].title if len(stakes) == 1 else f"{len(stakes)} requests"
        told.append(f"{waiting} imported {'file' if waiting == 1 else 'files'} of {of} should appear")
    if anime and standing.task(CLEAR_KEY) is not None:
        told.append("Shokofin first forgets what it remembers of Shoko (its own task; nothing is deleted)")
    elif anime:
        told.append("Shokofin offers no task to clear its memory: it must have forgotten by itself")
    if scope is Scope.EVERYTHING:
        told.append(f"Jellyfin reads all {len(standing.libraries)} libraries again: the disks work, playing goes on")
        if anime:
            told.append("while it scans, Shokofin misses what Shoko reports; those files wait for the next refresh")
    elif scope is Scope.LIBRARY:
        told.append(f"Jellyfin reads all of {library.name if library else ''} again: the disks work, playing goes on")
        told.append("other refreshes in Jellyfin wait until it has ended")
    return told


def shokofin_libraries(standing: Standing) -> tuple[Library, ...]:
    """Return the libraries that Shokofin fills and maps."""
    config = standing.shokofin.config
    if config is None or config.folders is None:
        return tuple(one for one in standing.libraries if one.uses_shoko)
    return tuple(one for one in standing.libraries if one.uses_shoko and mapped_folders(config, one))

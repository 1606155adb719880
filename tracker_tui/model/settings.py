"""The settings that rules work with: thresholds, anime hints, request policy, path overrides.

They are part of the model because reconcile, diagnose and plan need them and know nothing of configuration files.
"""

from datetime import timedelta

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


class Thresholds(Fact):
    """How long something may last before it wants attention (SPEC 2.1.14, scenarios R8); every value is positive."""

    approved: timedelta = _minutes(120)
    """A state may last this long before time alone raises attention; so for the next five."""
    grabbing: timedelta = _minutes(60)
    downloading: timedelta = _minutes(24 * 60)
    downloaded: timedelta = _minutes(30)
    importing: timedelta = _minutes(60)
    anime_matching: timedelta = _minutes(30)

    stalled: timedelta = _minutes(10)
    """A running torrent that receives nothing."""
    no_metadata: timedelta = _minutes(10)
    """A magnet link whose metadata no peer delivers."""
    queue_desync: timedelta = _minutes(5)
    """Complete in the client, unknown to Sonarr's or Radarr's queue."""
    not_in_jellyfin: timedelta = _minutes(10)
    """Matched in Shoko, absent from Jellyfin."""
    nothing_grabbed: timedelta = _minutes(15)
    """A search that ended without a grab."""
    upgrade_gap: timedelta = _minutes(15)
    """An upgraded file that Jellyfin has not taken up again."""
    not_in_arr: timedelta = _minutes(5)
    """An approved request that Sonarr or Radarr does not have."""
    no_episode_list: timedelta = _minutes(10)
    """A series without episodes in Sonarr."""
    shoko_queue_stalled: timedelta = _minutes(15)
    """A Shoko queue that does not move."""
    clock_skew: timedelta = timedelta(seconds=60)
    """An instance's clock that differs from the common one."""

    def of_state(self, state: State) -> timedelta | None:
        """Return how long `state` may last, or None where time alone never raises attention."""
        return _BY_STATE[state](self) if state in _BY_STATE else None


_BY_STATE = {
    State.APPROVED: lambda known: known.approved,
    State.PENDING: lambda known: known.approved,
    State.GRABBING: lambda known: known.grabbing,
    State.DOWNLOADING: lambda known: known.downloading,
    State.DOWNLOADED: lambda known: known.downloaded,
    State.IMPORTING: lambda known: known.importing,
    State.ANIME_MATCHING: lambda known: known.anime_matching,
}


class AnimeHints(Fact):
    """What hints at the anime route before a file lies in a Shoko folder (SPEC 2.1.6). Genre never does."""

    root_folders: tuple[str, ...] = ()
    """Root folders, as Sonarr and Radarr name them, that hold nothing but anime; no trailing slash."""
    path_fragments: tuple[str, ...] = ("anime",)
    """Found, whatever their case, in the root folder of a series or film."""
    tags: tuple[str, ...] = ("anime",)
    """Labels of Sonarr's and Radarr's tags, compared whatever their case."""


class RequestPolicy(Fact):
    """Which library items count as requests, and how long settled ones stay listed (SPEC 2)."""

    recent_days: int = 14
    """What "lately" means, days."""

    @property
    def recent(self) -> timedelta:
        """Return "lately" as a span."""
        return timedelta(days=self.recent_days)


class PathMap(Fact):
    """An override: what `instance` names `theirs` is the folder that the others' entries call `common`."""

    instance: InstanceRef
    theirs: str
    """Path prefix as the instance reports it, no trailing slash."""
    common: str
    """The same folder in the notation shared by all entries, no trailing slash."""

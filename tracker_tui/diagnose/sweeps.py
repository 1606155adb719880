"""What Jellyfin has looked through since files were there: its own scans, and the user's refreshes.

Only a sweep that is over, and that would have shown the files, counts: what it did not bring, another would not.
"""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.diagnose.scene import Scene
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.record import Fact
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.world import Evidence


class Sweep(Fact):
    """One that is over. `refresh` = the user's; None = a scan of Jellyfin's own."""

    ended_at: datetime
    refresh: Refreshed | None = None


def sweep_since(
    scene: Scene, ref: InstanceRef, since: datetime, request: RequestId, libraries: Iterable[Library] = ()
) -> Sweep | None:
    """Return the newest sweep that began after `since`: at everything, at one of `libraries`, or for the request."""
    places = {one.id for one in libraries} - {None}
    ours = [
        Sweep(ended_at=one.ended_at, refresh=one)
        for one in scene.jellyfin(ref).refreshes
        if one.conclusive
        and one.ended_at is not None
        and one.started_at > since
        and (one.everything or one.library_id in places or any(each.id == request for each in one.requests))
    ]
    scan = _scan_since(scene, ref, since)
    # a scan of everything that the user started is both; the refresh says more
    return max([*([scan] if scan is not None else []), *ours], key=lambda one: one.ended_at, default=None)


def refresh_evidence(scene: Scene, ref: InstanceRef, refresh: Refreshed) -> Evidence:
    """Return the user's refresh as evidence."""
    brought = "" if refresh.new is None else f"; {refresh.new} new"
    ended_at = refresh.ended_at or refresh.started_at
    return scene.saw(ref, "refresh by user ended", f"{scene.clock(ended_at)}{brought}", ended_at)


def _scan_since(scene: Scene, ref: InstanceRef, since: datetime) -> Sweep | None:
    task = scene.scan(ref)
    if task is None or task.last_ended_at is None or task.last_status not in {None, "Completed"}:
        return None
    began_at = task.last_started_at or task.last_ended_at
    return Sweep(ended_at=task.last_ended_at) if began_at > since else None

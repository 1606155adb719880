"""What a queue record of Sonarr or Radarr says by itself: state, step and how far it is (SPEC 2.1.2)."""

from collections.abc import Sequence

from tracker_tui.model.arr import QueueRecord
from tracker_tui.model.states import State
from tracker_tui.reconcile.unit.verdict import Step

_TRACKED = {
    "importing": (State.IMPORTING, Step.IMPORTS),
    "importpending": (State.DOWNLOADED, Step.IMPORT_PENDING),
    "importblocked": (State.DOWNLOADED, Step.IMPORT_BLOCKED),
    "failedpending": (State.FAILED, Step.FAILED),
    "failed": (State.FAILED, Step.FAILED),
}
_BEFORE_IMPORT = {Step.COMPLETE, Step.IMPORT_PENDING}
"""What a warning holds up: the record may stay `downloading` where Sonarr cannot even find the files."""


def stage_of_record(record: QueueRecord, progress: float | None) -> tuple[State, Step]:
    """Return the stage a record shows: import life where there is some, else how the transfer stands."""
    tracked = (record.tracked_state or "").lower()
    state, step = _TRACKED.get(tracked) or _by_status(record, progress)
    troubled = step in _BEFORE_IMPORT and record.tracked_status not in {None, "ok"}
    return state, Step.IMPORT_BLOCKED if troubled else step


def _by_status(record: QueueRecord, progress: float | None) -> tuple[State, Step]:
    begun = progress is not None and progress > 0
    match record.status:
        case "completed":
            return State.DOWNLOADED, Step.COMPLETE
        case "downloading":
            return State.DOWNLOADING, Step.TRANSFER
        case "paused" if begun:
            return State.DOWNLOADING, Step.PAUSED
        case "warning" if begun:
            return State.DOWNLOADING, Step.STALLED
        case "failed":
            return State.FAILED, Step.FAILED
        case "delay":
            return State.GRABBING, Step.DELAYED
        case "downloadclientunavailable":
            return State.GRABBING, Step.UNSENT
    return State.GRABBING, Step.QUEUED


def blocked(records: Sequence[QueueRecord]) -> bool:
    """Return whether Sonarr or Radarr refuses to import a download, by its records."""
    return bool(records) and stage_of_record(records[0], None)[1] is Step.IMPORT_BLOCKED


def queue_progress(records: Sequence[QueueRecord]) -> float | None:
    """Return how far a download is by the sizes of its record, 0..1; None where it has none."""
    record = records[0] if records else None
    if record is None or not record.size_bytes or record.left_bytes is None:
        return None
    return min(1.0, max(0.0, 1 - record.left_bytes / record.size_bytes))

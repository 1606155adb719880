"""What an answer makes worth asking at once."""

from tracker_tui.model.jellyfin import SCAN_KEY
from tracker_tui.model.observation import Identified, Payload, RequestCountsRead, ShokoStateRead, TasksRead
from tracker_tui.plan.topics import Topic

_NOTHING: frozenset[Topic] = frozenset()
_EVERYTHING = frozenset(Topic) - {Topic.IDENTITY}
"""Another version may tell everything otherwise, and another server has other things."""


def stirs(before: Payload | None, after: Payload) -> frozenset[Topic]:
    """Return the topics of the same instance that `after` makes due, given the previous answer of its kind.

    What Shoko knows of files changes by its jobs; one that does not show its queue may have learnt anything.
    """
    match before, after:
        case Identified() as old, Identified() as new if old.version != new.version:
            return _EVERYTHING
        case RequestCountsRead() as old, RequestCountsRead() as new if old.counts != new.counts:
            return frozenset({Topic.ACTIVE, Topic.RECENT})
        case TasksRead() as old, TasksRead() as new if _scan_end(old) != _scan_end(new):
            return frozenset({Topic.LIBRARY, Topic.LIBRARIES, Topic.EPISODES, Topic.LOOK})
        case _, ShokoStateRead(queue=None):
            return frozenset({Topic.LOOKUP})
        case ShokoStateRead() as old, ShokoStateRead() as new if old.queue != new.queue:
            return frozenset({Topic.LOOKUP})
        case _:
            return _NOTHING


def _scan_end(read: TasksRead) -> object:
    return next((task.last_ended_at for task in read.tasks if task.key == SCAN_KEY), None)

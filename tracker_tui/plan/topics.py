"""The questions we know to ask and the rhythm of those that are asked on a timer (call plans of SPEC 6).

`telling` marks the cheapest telling call of a kind: it is made at every tick and its failure is the service's failure.
Rhythms are seconds; None = only on demand (start, change, something waits).
"""

from enum import StrEnum

from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact
from tracker_tui.reconcile.interest import LookKind, RenamedSought


class Topic(StrEnum):
    """A question, by what it is about."""

    IDENTITY = "identity"
    SETUP = "setup"
    HISTORY = "history"
    QUEUE = "queue"
    COMMANDS = "commands"
    HEALTH = "health"
    LIBRARY = "library"
    ITEM = "item"
    ITEM_HISTORY = "item_history"
    SOUGHT = "sought"
    STANDING = "standing"
    SYNC = "sync"
    FILES = "files"
    STATE = "state"
    FOLDERS = "folders"
    LOOKUP = "lookup"
    SERIES = "series"
    PARTS = "parts"
    KIN = "kin"
    JOBS = "jobs"
    BANS = "bans"
    CHANGES = "changes"
    EPISODES = "episodes"
    PROBE = "probe"
    SOURCES = "sources"
    LIBRARIES = "libraries"
    TASKS = "tasks"
    SHOKOFIN = "shokofin"
    LOOK = "look"
    COUNTS = "counts"
    ACTIVE = "active"
    RECENT = "recent"
    REQUEST = "request"
    SERVERS = "servers"
    TITLE = "title"


class Question(Fact):
    """One question to one instance. `background` = may take long: never holds up the tick."""

    topic: Topic
    key: str = ""
    """Tells apart questions of one topic: an item id, a hash, a path; "" for the only one."""
    ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    paths: tuple[tuple[str, int | None], ...] = ()
    """Files, as Sonarr or Radarr name them, with their sizes."""
    place: tuple[int, str] | None = None
    """The directory of a Shoko folder in which all of `paths` lie."""
    sought: RenamedSought | None = None
    """The title whose series in Shoko are asked for."""
    look: LookKind | None = None
    """What of Jellyfin's file system is looked at; the path is in `keys`."""
    with_files: bool = False
    is_movie: bool = False
    background: bool = False


class Rhythm(Fact):
    """How often a topic is asked while the instance is active or idle."""

    active_s: float | None
    idle_s: float | None
    telling: bool = False
    background: bool = False
    optional: bool = False
    """A server may not offer it: "not found" is an answer, asked again only now and then."""


_TICK = Rhythm(active_s=0, idle_s=0, telling=True)

_AGAIN = Rhythm(active_s=3600, idle_s=3600)
"""Who answers is asked anew now and then: a container can be made anew between two polls. Where an answer shows it
(Sonarr's and Radarr's header, qBittorrent's lost session, Shoko's uptime), it is asked at once."""
_AGAIN_UNTOLD = Rhythm(active_s=1800, idle_s=1800)
"""Where no answer shows it."""

_ARR = {
    Topic.HISTORY: _TICK,
    Topic.QUEUE: Rhythm(active_s=15, idle_s=15),
    Topic.COMMANDS: Rhythm(active_s=15, idle_s=15),
    Topic.HEALTH: Rhythm(active_s=60, idle_s=60),
    Topic.LIBRARY: Rhythm(active_s=1800, idle_s=1800, background=True),
    Topic.SETUP: Rhythm(active_s=3600, idle_s=3600),
    Topic.IDENTITY: _AGAIN,
}

RHYTHMS: dict[Kind, dict[Topic, Rhythm]] = {
    Kind.SONARR: _ARR,
    Kind.RADARR: _ARR,
    Kind.QBITTORRENT: {Topic.SYNC: _TICK, Topic.IDENTITY: _AGAIN},
    Kind.SHOKO: {
        Topic.STATE: _TICK,
        Topic.FOLDERS: Rhythm(active_s=300, idle_s=600),
        Topic.BANS: Rhythm(active_s=300, idle_s=None, optional=True),
        Topic.IDENTITY: _AGAIN,
    },
    Kind.JELLYFIN: {
        Topic.CHANGES: _TICK,
        Topic.LIBRARIES: Rhythm(active_s=6, idle_s=60),
        Topic.TASKS: Rhythm(active_s=6, idle_s=60),
        Topic.SETUP: Rhythm(active_s=1800, idle_s=1800),
        Topic.SHOKOFIN: Rhythm(active_s=60, idle_s=600, optional=True),
        Topic.LIBRARY: Rhythm(active_s=1800, idle_s=1800, background=True),
        Topic.IDENTITY: _AGAIN_UNTOLD,
    },
    Kind.SEERR: {
        Topic.COUNTS: Rhythm(active_s=0, idle_s=0, telling=True),
        Topic.ACTIVE: Rhythm(active_s=30, idle_s=60, background=True),
        Topic.RECENT: Rhythm(active_s=300, idle_s=300, background=True),
        Topic.SERVERS: Rhythm(active_s=3600, idle_s=3600),
        Topic.IDENTITY: _AGAIN_UNTOLD,
    },
}

COVERED: dict[Kind, dict[Topic, Topic]] = {
    Kind.JELLYFIN: {Topic.SETUP: Topic.IDENTITY},
    Kind.SEERR: {Topic.COUNTS: Topic.IDENTITY, Topic.ACTIVE: Topic.RECENT},
}
"""Topic -> the other one whose answer holds all that its own would tell: while both are due, that one is put."""

"""The JSON of Shoko Server about itself (API v3, 4.2 to 6-dev), and the facts in it: state, queue, folders, bans.

Enums are numbers up to 5.1. The queue exists since 5.0; 4.2 only counts its commands by type. The version is a list of
parts up to 4.1. Sources: ShokoServer v4.1.2, v4.2.2, v5.0.0, v5.1.0, v5.2.5 and master, Shoko.Server/API/v3/Models.
"""

import msgspec

from tracker_tui.model.shoko import AniDbBan, Connectivity, Job, ShokoFolder, ShokoQueue, ShokoServer
from tracker_tui.model.text import SafeText, clean, clean_or_none, clean_path, quoted_or_none
from tracker_tui.services.decode import Body, Wire, decode, each
from tracker_tui.services.shoko.wire import ShokoWire, instant, slashes
from tracker_tui.services.timespan import span_s

_STATES = {1: "Starting", 2: "Started", 3: "Failed", 4: "Waiting"}
_DROP_TYPES = {0: "None", 1: "Source", 2: "Destination", 3: "Both"}
_COMMANDS = {
    "HashFile": "Hash File",
    "ProcessFile": "Get Cross-References for File",
    "AniDB_GetFileUDP": "Get AniDB File Data",
    "AniDB_GetAnimeHTTP": "Get AniDB Anime Data",
    "Refresh_AnimeStats": "Refresh Anime Stats",
    "ReadMediaInfo": "Read MediaInfo for File",
    "LinkFileManually": "Manually Link File to Episode",
    "AniDB_AddFileUDP": "Add File to MyList",
}
"""4.2's command names -> the names the same work has as a job since 5.0."""


class ComponentWire(ShokoWire):
    """A part of the server and its version; `name` only up to 4.1, where the parts are a list."""

    name: str | None = None
    version: str | None = None


class VersionsWire(ShokoWire):
    """`Init/Version` since 4.2."""

    server: ComponentWire


class UserWire(ShokoWire):
    """The user of the key (`User/Current`)."""

    is_admin: bool | None = None
    restricted_tags: list[int] | None = None

    def note(self) -> SafeText | None:
        """Return what this user may not see, None for a user who sees everything."""
        limits = ["not an admin: queue items stay hidden"] if self.is_admin is False else []
        if self.restricted_tags:
            limits.append(f"series of {len(self.restricted_tags)} tags stay hidden")
        return clean_or_none(", ".join(limits))


class BlockedWire(ShokoWire):
    """Whether the database is blocked, by a migration for example; `status` up to 5.3, `reason` in 6."""

    blocked: bool | None = None
    status: str | None = None
    reason: str | None = None


class StatusWire(ShokoWire):
    """`Init/Status`; in 6 only state and message without a key."""

    state: str | int
    startup_message: str | None = None
    uptime: str | None = None
    database_blocked: BlockedWire | None = None

    @property
    def up_for_s(self) -> int | None:
        """Return how long the server runs; None where it does not say (6 without a key, or while it starts)."""
        return span_s(self.uptime)

    def fact(self) -> ShokoServer:
        """Return the state in words."""
        blocked = self.database_blocked
        message = self.startup_message or (blocked and blocked.blocked and (blocked.status or blocked.reason)) or None
        return ShokoServer(
            state=_word(self.state, _STATES),
            message=quoted_or_none(message),
            database_blocked=blocked.blocked if blocked else None,
        )


class ConnectivityWire(ShokoWire):
    """`Init/Connectivity` (5.0+)."""

    network_availability: str | None = None
    is_anidb_udp_banned: bool | None = None
    is_anidb_http_banned: bool | None = None

    def fact(self) -> Connectivity:
        """Return reachability and bans."""
        return Connectivity(
            network=clean_or_none(self.network_availability),
            udp_banned=self.is_anidb_udp_banned,
            http_banned=self.is_anidb_http_banned,
        )


class DetailsWire(Wire):
    """What a job works on; values may be numbers and booleans."""

    file_path: object = msgspec.field(name="File Path", default=None)


class JobWire(ShokoWire):
    """A queue item. `type` is null for jobs the server itself cannot read."""

    type: str | None = None
    title: str | None = None
    details: DetailsWire | None = None
    is_running: bool = False
    is_blocked: bool = False

    def fact(self) -> Job:
        """Return the job; its file as "<parent folder>/<file name>", also where the server runs on Windows."""
        path = self.details.file_path if self.details else None
        return Job(
            type=clean_or_none(self.type) or clean_or_none(self.title) or SafeText("unknown job"),
            file_tail=clean_path(slashes(path)) if isinstance(path, str) and path else None,
            running=self.is_running,
            blocked=self.is_blocked,
        )


class QueueWire(ShokoWire):
    """`Queue` (5.0+); `scheduled_count` is 6's and not part of the total."""

    total_count: int
    waiting_count: int | None = None
    blocked_count: int | None = None
    scheduled_count: int | None = None
    currently_executing: list[msgspec.Raw] | None = None

    def fact(self, by_type: dict[str, int] | None) -> tuple[ShokoQueue, int]:
        """Return the queue, and how many running jobs could not be read."""
        running, skipped = each(self.currently_executing or [], JobWire)
        queue = ShokoQueue(
            total=self.total_count,
            waiting=self.waiting_count,
            blocked=self.blocked_count,
            scheduled=self.scheduled_count,
            running=tuple(job.fact() for job in running),
            by_type=None if by_type is None else _counts(by_type),
        )
        return queue, skipped


class FolderWire(ShokoWire):
    """`ManagedFolder` (6), `ImportFolder` (up to 5.3)."""

    id: int
    name: str | None = None
    path: str | None = None
    watch_for_new_files: bool | None = None
    drop_folder_type: str | int | None = None

    def fact(self) -> ShokoFolder:
        """Return the folder; its path stays in the server's own spelling."""
        return ShokoFolder(
            id=self.id,
            name=clean_or_none(self.name),
            path=clean_path(self.path) if self.path else None,
            watched=self.watch_for_new_files,
            drop_type=_word(self.drop_folder_type, _DROP_TYPES),
        )


class BanWire(ShokoWire):
    """The state of one connection to AniDB (5.2+)."""

    is_banned: bool
    type: str | None = None
    ban_duration: str | None = None
    last_updated_at: str | None = None

    def fact(self, connection: str) -> AniDbBan:
        """Return the ban of `connection`."""
        return AniDbBan(
            connection=clean(connection),
            banned=self.is_banned,
            kind=None if self.type == "None" else clean_or_none(self.type),
            duration_s=span_s(self.ban_duration),
            since=instant(self.last_updated_at) if self.is_banned else None,
        )


class LoginWire(Wire):
    """The answer to a login."""

    apikey: str


def bans_of(body: Body) -> tuple[tuple[AniDbBan, ...], int]:
    """Return the bans in `AniDB/BanStatus` by connection, UDP and HTTP, and how many could not be read."""
    bans: list[AniDbBan] = []
    connections = decode(body, dict[str, msgspec.Raw])
    for connection, raw in connections.items():
        bans += [wire.fact(connection) for wire in each([raw], BanWire)[0]]
    return tuple(bans), len(connections) - len(bans)


def version_of(body: Body) -> SafeText | None:
    """Return the server's version from `Init/Version`, an opaque text. Raises BadAnswer for another shape."""
    parts = decode(body, VersionsWire | list[ComponentWire])  # type: ignore[arg-type]
    if isinstance(parts, VersionsWire):
        return clean_or_none(parts.server.version)
    return next((clean_or_none(part.version) for part in parts if part.name == "Server"), None)


def command_queue(counts: dict[str, int]) -> ShokoQueue:
    """Return 4.2's `Dashboard/QueueSummary` as a queue: it does not tell what runs (`waiting` is None)."""
    jobs = {_COMMANDS.get(command, command): count for command, count in counts.items()}
    return ShokoQueue(total=sum(jobs.values()), by_type=_counts(jobs))


def _word(value: str | int | None, words: dict[int, str]) -> SafeText | None:
    return clean_or_none(words.get(value) if isinstance(value, int) else value)


def _counts(counts: dict[str, int]) -> tuple[tuple[SafeText, int], ...]:
    return tuple((clean(name), count) for name, count in sorted(counts.items()))

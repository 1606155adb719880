"""How each question is put to its client: per kind a table from topic to call.

Cursors of delta questions are server times taken from the answers (record dates, HTTP `Date`), never local ones.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from tracker_tui.engine.clients import Client
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import PathSeen
from tracker_tui.model.observation import DirectoryRead, HistoryRead, PathsSeen, Payload
from tracker_tui.model.text import clean_path
from tracker_tui.plan.topics import Question, Topic
from tracker_tui.reconcile.interest import LookKind

if TYPE_CHECKING:
    from tracker_tui.services.arr.radarr import RadarrClient
    from tracker_tui.services.arr.sonarr import SonarrClient
    from tracker_tui.services.jellyfin.client import JellyfinClient
    from tracker_tui.services.qbittorrent.client import QbittorrentClient
    from tracker_tui.services.seerr.client import SeerrClient
    from tracker_tui.services.shoko.client import ShokoClient

HISTORY_OVERLAP = timedelta(seconds=2)
"""History dates are cut to the second: ask a little before the newest one and let ids weed out repeats."""

type Answer = Payload | Sequence[Payload]
type Call[C] = Callable[[C, Question, Cursor], Awaitable[Answer]]


class Cursor:
    """How far the delta question of one server has come, in that server's time."""

    def __init__(self, recent: timedelta) -> None:
        self.recent = recent
        """How far back requests and history matter."""
        self.now = datetime.min.replace(tzinfo=UTC)
        """The server's time as of its newest answer, the program's before the first."""
        self.since: datetime | None = None
        self.told: frozenset[int] = frozenset()
        """Ids of the records of the newest answer: the overlap brings the last of them again."""


class Asker:
    """Puts questions to one client and keeps its cursor."""

    def __init__(self, kind: Kind, client: Client, recent: timedelta) -> None:
        self._client = client
        self._calls: Mapping[Topic, Call[Any]] = _CALLS[kind]
        self._cursor = Cursor(recent)

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Return what the answer taught, in order; () when there was nothing to ask after all. Raises ServiceError."""
        self._cursor.now = self._client.meter.server_date or now
        answer = await self._calls[question.topic](self._client, question, self._cursor)
        return answer if isinstance(answer, Sequence) else (answer,)


async def _history(client: "SonarrClient | RadarrClient", _: Question, cursor: Cursor) -> HistoryRead:
    """Read the back-fill the first time, then what is new; the cursor only moves when the answer is complete."""
    start = cursor.now
    if cursor.since is None:
        read = await client.recent_history(start - cursor.recent)
    else:
        start = cursor.since + HISTORY_OVERLAP
        read = await client.history_since(cursor.since)
    cursor.since = max((record.at for record in read.records), default=start) - HISTORY_OVERLAP
    told, cursor.told = cursor.told, frozenset(record.id for record in read.records)
    return msgspec.structs.replace(read, records=tuple(one for one in read.records if one.id not in told))


async def _film(client: "RadarrClient", question: Question, _: Cursor) -> Answer:
    found = await client.movie_by_tmdb(question.ids[0])
    return () if found is None else found


async def _changes(client: "JellyfinClient", _: Question, cursor: Cursor) -> Answer:
    """Read what was saved since the last answer, the first time since the server's present."""
    read = await client.changed_since(cursor.since or cursor.now)
    cursor.since = client.meter.server_date or cursor.now
    return read


async def _look(client: "JellyfinClient", question: Question, _: Cursor) -> Answer:
    path = clean_path(question.keys[0])
    if question.look in {LookKind.LISTING, LookKind.INVENTORY}:
        return DirectoryRead(path=path, entries=await client.directory(path))
    exists = await client.environment_exists(path, is_file=question.look is LookKind.FILE)
    return PathsSeen(paths=(PathSeen(path=path, exists=exists),))


async def _kin(client: "ShokoClient", question: Question, _: Cursor) -> Answer:
    one = question.sought
    if one is None:
        return ()
    return await client.kin(
        one.title, tmdb_id=one.tmdb_id, tvdb_id=one.tvdb_id, directory=one.directory, is_movie=one.is_movie
    )


_ARR: "Mapping[Topic, Call[SonarrClient | RadarrClient]]" = {
    Topic.IDENTITY: lambda client, _, __: client.identify(),
    Topic.HISTORY: _history,
    Topic.QUEUE: lambda client, _, __: client.queue(),
    Topic.COMMANDS: lambda client, _, __: client.commands(),
    Topic.HEALTH: lambda client, _, __: client.health(),
    Topic.SETUP: lambda client, _, __: client.setup(),
    Topic.ITEM_HISTORY: lambda client, asked, _: client.history_of(asked.ids[0]),
}
_SONARR: "Mapping[Topic, Call[SonarrClient]]" = {
    **_ARR,
    Topic.LIBRARY: lambda client, _, __: client.series_list(),
    Topic.STANDING: lambda client, asked, _: client.series_alone(asked.ids[0]),
    Topic.ITEM: lambda client, asked, _: client.read_series(asked.ids[0], with_files=asked.with_files),
}
_RADARR: "Mapping[Topic, Call[RadarrClient]]" = {
    **_ARR,
    Topic.LIBRARY: lambda client, _, __: client.movie_list(),
    Topic.STANDING: lambda client, asked, _: client.read_movie(asked.ids[0]),
    Topic.ITEM: lambda client, asked, _: client.read_movie(asked.ids[0]),
    Topic.SOUGHT: _film,
}
_QBITTORRENT: "Mapping[Topic, Call[QbittorrentClient]]" = {
    Topic.IDENTITY: lambda client, _, __: client.identify(),
    Topic.SYNC: lambda client, _, __: client.sync(),
    Topic.FILES: lambda client, asked, _: client.files(asked.keys),
}
_SHOKO: "Mapping[Topic, Call[ShokoClient]]" = {
    Topic.IDENTITY: lambda client, _, __: client.identify(),
    Topic.STATE: lambda client, _, __: client.state(),
    Topic.FOLDERS: lambda client, _, __: client.folders(),
    Topic.BANS: lambda client, _, __: client.bans(),
    Topic.SERIES: lambda client, asked, _: client.series(asked.ids[0]),
    Topic.KIN: _kin,
    Topic.JOBS: lambda client, _, __: client.queue_items(),
    Topic.PARTS: lambda client, asked, _: client.series_files(asked.ids[0]),
    Topic.LOOKUP: lambda client, asked, _: client.lookup(asked.paths, asked.place),
}
_JELLYFIN: "Mapping[Topic, Call[JellyfinClient]]" = {
    Topic.IDENTITY: lambda client, _, __: client.introduction(),
    Topic.CHANGES: _changes,
    Topic.LIBRARY: lambda client, _, __: client.list_items(types=("Series", "Movie")),
    Topic.EPISODES: lambda client, asked, _: client.series_items(asked.keys[0]),
    Topic.PROBE: lambda client, asked, _: client.probe(asked.keys),
    Topic.SOURCES: lambda client, asked, _: client.media_sources(asked.keys[0]),
    Topic.LIBRARIES: lambda client, _, __: client.libraries(),
    Topic.TASKS: lambda client, _, __: client.tasks(),
    Topic.SETUP: lambda client, _, __: client.setup(),
    Topic.LOOK: _look,
    Topic.SHOKOFIN: lambda client, _, __: client.shokofin.read(),
}
_SEERR: "Mapping[Topic, Call[SeerrClient]]" = {
    Topic.IDENTITY: lambda client, _, __: client.introduction(),
    Topic.COUNTS: lambda client, _, __: client.counts(),
    Topic.ACTIVE: lambda client, _, __: client.active_requests(),
    Topic.RECENT: lambda client, _, cursor: client.recent_requests(cursor.now - cursor.recent),
    Topic.SERVERS: lambda client, _, __: client.servers(),
    Topic.REQUEST: lambda client, asked, _: client.read_request(asked.ids[0]),
    Topic.TITLE: lambda client, asked, _: client.title(asked.ids[0], is_movie=asked.is_movie),
}
_CALLS: Mapping[Kind, Mapping[Topic, Call[Any]]] = {
    Kind.SONARR: _SONARR,
    Kind.RADARR: _RADARR,
    Kind.QBITTORRENT: _QBITTORRENT,
    Kind.SHOKO: _SHOKO,
    Kind.JELLYFIN: _JELLYFIN,
    Kind.SEERR: _SEERR,
}

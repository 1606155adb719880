"""How each question is put to its client: question in, payloads out. Keeps the cursors of delta questions.

Cursors are server times taken from the answers (record dates, HTTP `Date`), never from the local clock.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

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


class Asker(Protocol):
    """Puts the questions of one kind. `ask` raises ServiceError."""

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Return what the answer taught, in order; () when there is nothing to ask after all."""


def asker_for(kind: Kind, client: Client, recent: timedelta) -> Asker:
    """Return the asker for a client of `kind`; `recent` is how far back requests and history matter."""
    asker: Asker = _ASKERS[kind](client, recent)
    return asker


class _Asker:
    """Base: identity, and the server's own time."""

    def __init__(self, client: Client, recent: timedelta) -> None:
        self._client = client
        self._recent = recent

    def _server_now(self, now: datetime) -> datetime:
        return self._client.meter.server_date or now


class _ArrAsker(_Asker):
    """Sonarr and Radarr. `HISTORY` is the back-fill the first time, then only what came since."""

    def __init__(self, client: "SonarrClient | RadarrClient", recent: timedelta) -> None:
        super().__init__(client, recent)
        self.client = client
        self._since: datetime | None = None

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Put one question. Raises ServiceError."""
        match question.topic:
            case Topic.IDENTITY:
                return [await self.client.identify()]
            case Topic.HISTORY:
                return [await self._history(now)]
            case Topic.QUEUE:
                return [await self.client.queue()]
            case Topic.COMMANDS:
                return [await self.client.commands()]
            case Topic.HEALTH:
                return [await self.client.health()]
            case Topic.SETUP:
                return [await self.client.setup()]
            case Topic.ITEM_HISTORY:
                return [await self.client.history_of(question.ids[0])]
            case _:
                return await self._item(question)

    async def _item(self, question: Question) -> Sequence[Payload]:
        raise NotImplementedError

    async def _history(self, now: datetime) -> HistoryRead:
        """Ask for what is new; the cursor only moves when the answer is complete."""
        if self._since is None:
            start = self._server_now(now)
            read = await self.client.recent_history(start - self._recent)
            newest = max((record.at for record in read.records), default=start)
        else:
            read = await self.client.history_since(self._since)
            newest = max((record.at for record in read.records), default=self._since + HISTORY_OVERLAP)
        self._since = newest - HISTORY_OVERLAP
        return read


class _SonarrAsker(_ArrAsker):
    client: "SonarrClient"

    async def _item(self, question: Question) -> Sequence[Payload]:
        if question.topic is Topic.LIBRARY:
            return [await self.client.series_list()]
        if question.topic is Topic.STANDING:
            return [await self.client.series_alone(question.ids[0])]
        return [await self.client.read_series(question.ids[0], with_files=question.with_files)]


class _RadarrAsker(_ArrAsker):
    client: "RadarrClient"

    async def _item(self, question: Question) -> Sequence[Payload]:
        if question.topic is Topic.LIBRARY:
            return [await self.client.movie_list()]
        if question.topic is Topic.SOUGHT:
            found = await self.client.movie_by_tmdb(question.ids[0])
            return [] if found is None else [found]
        return [await self.client.read_movie(question.ids[0])]


class _QbittorrentAsker(_Asker):
    def __init__(self, client: "QbittorrentClient", recent: timedelta) -> None:
        super().__init__(client, recent)
        self.client = client

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Put one question. Raises ServiceError."""
        match question.topic:
            case Topic.IDENTITY:
                return [await self.client.identify()]
            case Topic.SYNC:
                return [await self.client.sync()]
            case _:
                return await self.client.files(question.keys)


class _ShokoAsker(_Asker):
    def __init__(self, client: "ShokoClient", recent: timedelta) -> None:
        super().__init__(client, recent)
        self.client = client

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Put one question. Raises ServiceError."""
        match question.topic:
            case Topic.IDENTITY:
                return [await self.client.identify()]
            case Topic.STATE:
                return [await self.client.state()]
            case Topic.FOLDERS:
                return [await self.client.folders()]
            case Topic.BANS:
                return [await self.client.bans()]
            case Topic.SERIES:
                return [await self.client.series(question.ids[0])]
            case Topic.PARTS:
                return [await self.client.series_files(question.ids[0])]
            case _:
                return [await self.client.lookup(question.paths, question.place)]


class _JellyfinAsker(_Asker):
    """Jellyfin with Shokofin. The delta question starts at the first answer's server time."""

    def __init__(self, client: "JellyfinClient", recent: timedelta) -> None:
        from tracker_tui.services.jellyfin.shokofin import ShokofinClient

        super().__init__(client, recent)
        self.client = client
        self._shokofin = ShokofinClient(client.link)
        self._since: datetime | None = None

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Put one question. Raises ServiceError."""
        match question.topic:
            case Topic.IDENTITY:
                return [await self.client.identify()]
            case Topic.CHANGES:
                return [await self._changes(now)]
            case Topic.LIBRARY:
                return [await self.client.list_items(types=("Series", "Movie"))]
            case Topic.EPISODES:
                return [await self.client.series_items(question.keys[0])]
            case Topic.PROBE:
                return [await self.client.probe(question.keys)]
            case Topic.SOURCES:
                return [await self.client.media_sources(question.keys[0])]
            case Topic.LIBRARIES:
                return [await self.client.libraries()]
            case Topic.TASKS:
                return [await self.client.tasks()]
            case Topic.SETUP:
                return [await self.client.setup()]
            case Topic.LOOK:
                return [await self._look(question)]
            case _:
                return [await self._shokofin.read()]

    async def _look(self, question: Question) -> Payload:
        path = clean_path(question.keys[0])
        if question.look in {LookKind.LISTING, LookKind.INVENTORY}:
            return DirectoryRead(path=path, entries=await self.client.directory(path))
        exists = await self.client.environment_exists(path, is_file=question.look is LookKind.FILE)
        return PathsSeen(paths=(PathSeen(path=path, exists=exists),))

    async def _changes(self, now: datetime) -> Payload:
        since = self._since or self._server_now(now)
        read = await self.client.changed_since(since)
        self._since = self._server_now(now)
        return read


class _SeerrAsker(_Asker):
    def __init__(self, client: "SeerrClient", recent: timedelta) -> None:
        super().__init__(client, recent)
        self.client = client

    async def ask(self, question: Question, now: datetime) -> Sequence[Payload]:
        """Put one question. Raises ServiceError."""
        match question.topic:
            case Topic.IDENTITY:
                return [await self.client.identify()]
            case Topic.COUNTS:
                return [await self.client.counts()]
            case Topic.ACTIVE:
                return [await self.client.active_requests()]
            case Topic.RECENT:
                return [await self.client.recent_requests(self._server_now(now) - self._recent)]
            case Topic.SERVERS:
                return [await self.client.servers()]
            case Topic.REQUEST:
                return [await self.client.read_request(question.ids[0])]
            case _:
                return [await self.client.title(question.ids[0], is_movie=question.is_movie)]


_ASKERS: dict[Kind, Callable[[Any, timedelta], Asker]] = {
    Kind.SONARR: _SonarrAsker,
    Kind.RADARR: _RadarrAsker,
    Kind.QBITTORRENT: _QbittorrentAsker,
    Kind.SHOKO: _ShokoAsker,
    Kind.JELLYFIN: _JellyfinAsker,
    Kind.SEERR: _SeerrAsker,
}

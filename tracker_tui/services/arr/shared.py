"""What the clients of Sonarr and Radarr share: pyarr over our own link, and the calls both servers have.

pyarr knows the endpoints; our `Gateway` stands where it expects an HTTP session, so that TLS settings, extra headers,
deadline, size limit, metering and the errors of `services.errors` hold for its calls too. Bodies pass through pyarr
undecoded and are decoded typed. pyarr is imported with the first call, off the event loop (about 50 ms).
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

from tracker_tui.config.settings import Instance
from tracker_tui.model.arr import HistoryRecord, PathMapping, ReleaseSearch, RootFolder
from tracker_tui.model.observation import (
    ArrSetupRead,
    CommandsRead,
    HealthRead,
    HistoryRead,
    Identified,
    QueueRead,
)
from tracker_tui.model.text import SafeText, clean_or_none, quoted
from tracker_tui.services.arr.setup_wire import (
    DownloadClientWire,
    HealthWire,
    IndexerWire,
    PathMappingWire,
    RootFolderWire,
    TagWire,
)
from tracker_tui.services.arr.wire import (
    CommandWire,
    HistoryPageWire,
    HistoryWire,
    QueueWire,
    ReleaseWire,
    StatusWire,
)
from tracker_tui.services.decode import Body, Telling, decode, decode_each, each, facts_each
from tracker_tui.services.errors import NotFound, NotPermitted, Unauthorized, WrongService
from tracker_tui.services.http import Link, Meter, Params, Reply, Sessions
from tracker_tui.services.together import together

if TYPE_CHECKING:
    import httpx
    from pyarr import AsyncRadarr, AsyncSonarr

CALLS_AT_ONCE = 6
"""Per server: what a browser on its web page may do at once; they answer from SQLite and slow down under more."""
HISTORY_PAGE = 250
BEST = 5
"""Releases of a search that are told one by one."""
RELEASE_DEADLINE_S = 150.0
"""Deadline of an indexer search: it asks every indexer live, 10 to 100 s."""

_API = "/api/v3"
_VERSION_HEADER = "X-Application-Version"


class _Answer:
    """A good answer in the shape pyarr reads; `json` hands the body on undecoded."""

    status_code = 200
    headers: ClassVar = {"Content-Type": "application/json"}
    text = ""

    def __init__(self, body: Body) -> None:
        self._body = body

    def json(self) -> Body:
        """Return the body as it came."""
        return self._body


class Contact:
    """The one way to a server: its link, how many calls may run, and the version its answers name."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.permits = asyncio.Semaphore(CALLS_AT_ONCE)
        self.version: str | None = None


class Gateway:
    """Stands for the HTTP session inside pyarr: sends its requests through the instance's link.

    Every answer that is no data becomes a ServiceError before pyarr can judge it (it takes web pages and redirects
    for data and raises bare `Exception` for 503).
    """

    def __init__(self, contact: Contact, deadline_s: float | None) -> None:
        self._contact = contact
        self._deadline_s = deadline_s
        self.root = ""
        """The URL pyarr puts before every endpoint."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        json: object = None,
        headers: dict[str, str] | None = None,
        data: object = None,
    ) -> _Answer:
        """Exchange one request (API v3 takes no `data`). Raises ServiceError for anything but data."""
        link = self._contact.link
        async with self._contact.permits:
            reply = await link.exchange(
                method,
                _API + url.removeprefix(self.root),
                params=params,
                body=json,
                headers=headers,
                deadline_s=self._deadline_s,
            )
        self._contact.version = reply.headers.get(_VERSION_HEADER, self._contact.version)
        if reply.status == 404 and not _own_words(reply):
            raise WrongService(
                f"a 404 came that is not {link.instance.kind.title}'s own",
                "check that the service runs, the proxy in front of it, and the base path in `url`",
            )
        return _Answer(link.require(reply).body)


def _own_words(reply: Reply) -> bool:
    """Return whether the server itself answered: a proxy's 404 for a stopped server must not mean "deleted"."""
    return _VERSION_HEADER in reply.headers or "json" in reply.headers.get("content-type", "")


class ArrClient[Api: (AsyncSonarr, AsyncRadarr)](ABC):
    """Reads one Sonarr or Radarr. Every method raises ServiceError when there is no usable answer.

    `skipped` = records that the last call could not decode: read it right after awaiting the call, in the same task.
    What was skipped exists all the same: nothing follows from its absence.
    """

    app: ClassVar[str]
    """The name the server calls itself."""
    no_embedding: ClassVar[Params]
    """Keeps whole series or films out of queue and history records (the defaults differ between versions)."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self.instance = instance
        self.skipped = 0
        self._contact = Contact(Link(instance, sessions, {}))
        self._apis: dict[float | None, Api] = {}
        self._maker: type[Api] | None = None
        self._identified: str | None = None

    @property
    def meter(self) -> Meter:
        """Return what the exchanges cost so far."""
        return self._contact.link.meter

    @property
    def version(self) -> SafeText | None:
        """Return the version named by the newest answer; None before the first one. A change needs no call to see."""
        return clean_or_none(self._contact.version)

    @property
    def renewed(self) -> bool:
        """Return whether another version answers than the one that was identified."""
        return self._identified is not None and self._contact.version != self._identified

    def load(self) -> None:
        """Load pyarr, which takes about 50 ms and blocks; the first call does it otherwise."""
        self._maker = self._maker or self._pyarr()

    async def aclose(self) -> None:
        """Let go of pyarr; the connections belong to the shared sessions."""
        self._apis.clear()

    async def identify(self) -> Identified:
        """Prove that the configured application answers, and tell its version. Raises WrongService otherwise."""
        fix = f"check `url`: it must lead to {self.app} 3 or newer, with its port and base path"
        try:
            wire = decode(await self._ask(lambda api: api.system.get_status()), StatusWire)
        except NotFound:
            raise WrongService(f"no {self.app} answers at this address (404)", fix) from None
        if wire.app_name != self.app:
            name = clean_or_none(wire.app_name, 40) or "something without a name"
            raise WrongService(f"{name} answers at this address, not {self.app}", fix)
        self._identified = self._contact.version
        return Identified(version=clean_or_none(wire.version))

    async def setup(self) -> ArrSetupRead:
        """Read tags and download clients (no credentials: they stay undecoded)."""
        tag_body, client_body = await together(
            self._ask(lambda api: api.tag.get()), self._ask(lambda api: api.download_client.get())
        )
        tags, bad_tags = decode_each(tag_body, TagWire)
        clients, bad_clients = decode_each(client_body, DownloadClientWire)
        self._count(bad_tags + bad_clients)
        return ArrSetupRead(tags=tuple(one.fact() for one in tags), clients=tuple(one.fact() for one in clients))

    async def queue(self) -> QueueRead:
        """Read the whole queue, unknown and pending items included: the server's snapshot, up to a minute old."""
        body = await self._ask(lambda api: api.http_utils.request("queue/details", params=self.no_embedding))
        return QueueRead(records=self._facts(body, QueueWire))

    async def history_since(self, at: datetime) -> HistoryRead:
        """Read every event from `at` (aware, the server's clock) on, oldest first. Two bytes when nothing happened."""
        params = {"date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", **self.no_embedding}
        body = await self._ask(lambda api: api.http_utils.request("history/since", params=params))
        return HistoryRead(records=self._events(body), since=at)

    async def history_page(self, page: int, page_size: int = HISTORY_PAGE) -> tuple[tuple[HistoryRecord, ...], int]:
        """Read one page of the history (from 1), newest first; return its records and the total number of them."""
        params = {
            "page": page,
            "pageSize": page_size,
            "sortKey": "date",
            "sortDirection": "descending",
            **self.no_embedding,
        }
        wire = decode(
            await self._ask(lambda api: api.http_utils.request("history", params=params)),
            HistoryPageWire,
        )
        wires, skipped = each(wire.records, HistoryWire)
        self._count(skipped)
        return tuple(one.fact() for one in wires), wire.total_records

    async def recent_history(self, back_to: datetime) -> HistoryRead:
        """Read the events from `back_to` (aware) to now, page by page: a big window in one answer is slow to build."""
        found: dict[int, HistoryRecord] = {}
        skipped = 0
        page = 1
        while True:
            records, total = await self.history_page(page, HISTORY_PAGE)
            skipped += self.skipped
            found |= {record.id: record for record in records}
            if page * HISTORY_PAGE >= total or any(record.at < back_to for record in records):
                break
            page += 1
        self.skipped = skipped
        return HistoryRead(records=tuple(found.values()), since=back_to)

    async def commands(self) -> CommandsRead:
        """Read running and recent commands: searches, refreshes of new items, manual imports."""
        return CommandsRead(commands=self._facts(await self._ask(lambda api: api.command.get()), CommandWire))

    async def health(self) -> HealthRead:
        """Read the server's standing complaints; () = healthy."""
        return HealthRead(checks=self._facts(await self._ask(lambda api: api.system.get_health()), HealthWire))

    async def root_folders(self) -> tuple[RootFolder, ...]:
        """Read the library folders. Walks the server's disks, seconds per folder: for a check, never for polling."""
        return self._facts(await self._ask(lambda api: api.root_folder.get()), RootFolderWire)

    async def path_mappings(self) -> tuple[PathMapping, ...]:
        """Read how it translates the paths of its download clients."""
        body = await self._ask(lambda api: api.http_utils.request("remotepathmapping"))
        return self._facts(body, PathMappingWire)

    @abstractmethod
    def _pyarr(self) -> type[Api]:
        """Return pyarr's client class; imports pyarr."""

    async def _ask(self, call: Callable[[Api], Awaitable[object]], deadline_s: float | None = None) -> Body:
        """Return the body that a call through pyarr answers. `deadline_s` None = the instance's own."""
        return cast("Body", await call(await self._api(deadline_s)))

    async def _unless_gone(self, call: Callable[[Api], Awaitable[object]]) -> Body | None:
        """Return the body that a call answers, None for the service's own 404."""
        try:
            return await self._ask(call)
        except NotFound:
            return None

    async def _api(self, deadline_s: float | None) -> Api:
        """Return pyarr's client for a deadline. Raises Unauthorized when there is no key to send."""
        if deadline_s not in self._apis:
            if self.instance.api_key is None:
                raise Unauthorized("no key is configured", "set one of `api_key`, `api_key_file`, `api_key_env`")
            if self._maker is None:
                await asyncio.to_thread(self.load)
            maker = cast(
                "type[Api]", self._maker
            )  # no second wait: whole lists, asked first, would lose their place to short questions
            gateway = Gateway(self._contact, deadline_s)
            api = maker(
                self.instance.url,
                self.instance.api_key.reveal(),
                api_ver="v3",  # never asked of the server: Sonarr 5 would say v5, Sonarr 3 has no such answer
                session=cast("httpx.AsyncClient", gateway),
            )
            gateway.root = str(api.http_utils.api_url)
            self._apis[deadline_s] = api
        return self._apis[deadline_s]

    async def _rejections(self, params: Params) -> ReleaseSearch:
        """Search the indexers and count the reasons for which the server refuses what they offer."""
        body = await self._ask(
            lambda api: api.http_utils.request("release", params=params),
            max(RELEASE_DEADLINE_S, self.instance.timeout_s),
        )
        releases = self._records(body, ReleaseWire)
        reasons = Counter(quoted(reason) for release in releases for reason in release.rejections or [])
        return ReleaseSearch(
            found=len(releases),
            approved=sum(release.approved is True for release in releases),
            rejections=tuple(reasons.most_common()),
            best=tuple(one.fact() for one in sorted(releases, key=lambda one: len(one.rejections or []))[:BEST]),
        )

    async def indexers_searched(self) -> int | None:
        """Return how many indexers a search by hand asks; None where the server does not say."""
        try:
            body = await self._ask(lambda api: api.http_utils.request("indexer"))
        except (NotFound, NotPermitted):
            return None
        return sum(one.enable_interactive_search is not False for one in self._records(body, IndexerWire))

    async def _events_of(self, endpoint: str, params: Params) -> HistoryRead:
        params = {**params, **self.no_embedding}
        body = await self._ask(lambda api: api.http_utils.request(endpoint, params=params))
        return HistoryRead(records=self._events(body))

    def _events(self, body: Body) -> tuple[HistoryRecord, ...]:
        return self._facts(body, HistoryWire)

    def _facts[F](self, body: Body, record: type[Telling[F]]) -> tuple[F, ...]:
        facts, skipped = facts_each(body, record)
        self._count(skipped)
        return facts

    def _records[T](self, body: Body, record: type[T]) -> list[T]:
        records, skipped = decode_each(body, record)
        self._count(skipped)
        return records

    def _count(self, skipped: int) -> None:
        self.skipped = skipped
        self.meter.skipped += skipped

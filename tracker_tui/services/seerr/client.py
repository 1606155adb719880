"""Client of Overseerr 1.x, Jellyseerr 1.4..2.7 and Seerr 3.x: who asked for what, and whether it was handed over.

One API (`/api/v1`), one client. Only query parameters that every version's validator accepts are sent: it refuses
unknown ones with 400. Lists are the expensive call: since Jellyseerr 2.0 each one asks every Sonarr and Radarr for
its profiles, and waits when one of them is down; they have a deadline of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from tracker_tui.config.settings import Instance
from tracker_tui.model.observation import (
    Identified,
    RequestCountsRead,
    RequestRead,
    RequestsListed,
    SeerrServersRead,
    TitlesRead,
)
from tracker_tui.model.seerr import SeerrRequest, SeerrTitle
from tracker_tui.model.text import SafeText, clean_or_none
from tracker_tui.services.decode import decode, decode_each, each
from tracker_tui.services.errors import BadAnswer, ServiceError
from tracker_tui.services.http import Link, Meter, Params, Reply, Sessions
from tracker_tui.services.seerr.neighbours import Neighbour, read_neighbours
from tracker_tui.services.seerr.wire import (
    CountsWire,
    ErrorWire,
    PageWire,
    PublicSettingsWire,
    RequestWire,
    ServerWire,
    StatusWire,
    TitleWire,
)
from tracker_tui.services.together import together

LIST_DEADLINE_S = 25.0
"""Deadline of one page: Seerr waits up to 10 s for each Sonarr and Radarr that is down, Jellyseerr 2 longer."""
STATUS_DEADLINE_S = 3.0
"""`/status` asks GitHub and hangs on hosts without internet; the version is not worth waiting for."""
PAGE = 100
MOST = 50_000
"""Requests read at most of one filter."""

Filter = Literal["all", "unavailable", "failed"]
"""The filters we use, known to every version. `unavailable` = pending or approved, and not all of it available."""

_API = "/api/v1"


class _List(NamedTuple):
    """The requests of one filter. `whole` = nothing can have been missed between the pages."""

    requests: tuple[SeerrRequest, ...]
    whole: bool


class SeerrClient:
    """Reads one instance. Every method raises ServiceError when there is no usable answer."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        key = instance.api_key
        self._link = Link(instance, sessions, {"X-Api-Key": key.reveal()} if key else {})

    @property
    def meter(self) -> Meter:
        """Return what the exchanges cost so far."""
        return self._link.meter

    async def identify(self) -> Identified:
        """Prove the key and tell version and product: Overseerr, Jellyseerr or Seerr.

        The version is None where `/status` does not answer in time. A refused key is 403 here.
        """
        return (await self.introduction())[0]

    async def introduction(self) -> tuple[Identified, RequestCountsRead]:
        """Answer `identify` and `counts` at once: what proves the key are the counts."""
        counts, (version, product) = await together(self.counts(), self._about())
        return Identified(version=version, note=product), counts

    async def _about(self) -> tuple[SafeText | None, SafeText | None]:
        """Return version and product."""
        return await together(self._version(), self._product())

    async def counts(self) -> RequestCountsRead:
        """Read the counts: nine counts of its own database, no call to anybody; a cheap sign of change."""
        return RequestCountsRead(counts=(await self._link.json(CountsWire, f"{_API}/request/count")).fact())

    async def active_requests(self) -> RequestsListed:
        """Read what is pending, approved and not all available, or failed, of any age. Not complete by itself."""
        lists = await together(self._list("unavailable"), self._list("failed"))
        return RequestsListed(requests=_merged(lists), complete=False)

    async def recent_requests(self, since: datetime) -> RequestsListed:
        """Read every request younger than `since` (aware UTC), older ones changed since then, and what is active.

        Sorted by `updatedAt`, which is never before `createdAt`: versions that forget to update it
        (Jellyseerr 2.6 .. Seerr 3.1) sort by creation, the others add what was declined or completed lately.
        `complete` is false when requests came or went while the pages were read: then nothing follows from absence.
        """
        lists = await together(self._list("unavailable"), self._list("failed"), self._list("all", changed_since=since))
        return RequestsListed(requests=_merged(lists), complete=all(one.whole for one in lists), since=since)

    async def read_request(self, request_id: int) -> RequestRead:
        """Read one request (no outbound call of the server); `request` None = it is gone."""
        reply = await self._link.exchange("GET", f"{_API}/request/{request_id}")
        if reply.status == 404 and _complaint(reply).startswith("Request not found"):
            return RequestRead(request_id=request_id, request=None)
        wire = decode(self._link.require(reply).body, RequestWire)
        return RequestRead(request_id=request_id, request=wire.fact())

    async def title(self, tmdb_id: int, *, is_movie: bool) -> TitlesRead:
        """Read the title behind a TMDB id: a call to TMDB unless cached there, so once per title.

        The server answers 500 when TMDB does not know the id or cannot be reached: that is a title of which
        nothing is known (`title` None), not a failure of this service.
        """
        reply = await self._link.exchange("GET", f"{_API}/movie/{tmdb_id}" if is_movie else f"{_API}/tv/{tmdb_id}")
        if reply.status in {404, 500} and _complaint(reply):
            return TitlesRead(titles=(SeerrTitle(tmdb_id=tmdb_id, is_movie=is_movie),))
        wire = decode(self._link.require(reply).body, TitleWire)
        return TitlesRead(titles=(wire.fact(tmdb_id, is_movie=is_movie),))

    async def servers(self) -> SeerrServersRead:
        """Read its own numbers and names of the Sonarr and Radarr servers (without addresses and keys)."""
        series, movies = await together(self._servers("sonarr"), self._servers("radarr"))
        return SeerrServersRead(
            servers=(
                *(one.fact(is_movie=False) for one in series),
                *(one.fact(is_movie=True) for one in movies),
            )
        )

    async def neighbours(self) -> tuple[Neighbour, ...]:
        """Read its Sonarr, Radarr and Jellyfin servers, with addresses and keys: for `init`, when the user asks."""
        return await read_neighbours(self._link)

    async def _version(self) -> SafeText | None:
        try:
            status = await self._link.json(StatusWire, f"{_API}/status", deadline_s=STATUS_DEADLINE_S)
        except ServiceError:
            return None
        return clean_or_none(status.version)

    async def _product(self) -> SafeText | None:
        try:
            settings = await self._link.json(PublicSettingsWire, f"{_API}/settings/public")
        except ServiceError:
            return None
        if settings.media_server_type is None:
            return SafeText("Overseerr")
        return SafeText("Jellyseerr" if settings.hide_blocklisted is None else "Seerr")

    async def _servers(self, kind: Literal["sonarr", "radarr"]) -> list[ServerWire]:
        reply = self._link.require(await self._link.exchange("GET", f"{_API}/service/{kind}"))
        servers, skipped = decode_each(reply.body, ServerWire)
        self.meter.skipped += skipped
        return servers

    async def _list(self, which: Filter, *, changed_since: datetime | None = None) -> _List:
        """Read a filter, last changed first, down to what changed before `changed_since`."""
        found: dict[int, SeerrRequest] = {}
        total: int | None = None
        whole = True
        for skip in range(0, MOST, PAGE):
            page = await self._page({"take": PAGE, "skip": skip, "filter": which, "sort": "modified"})
            wires, skipped = each(page.results, RequestWire)
            self.meter.skipped += skipped
            fresh = {wire.id: wire.fact() for wire in wires if wire.id not in found}
            # a shifted page repeats records or hides some; a record that cannot be read is not a record that is gone
            whole = whole and not skipped and len(fresh) == len(wires) and total in {None, page.page_info.results}
            total = page.page_info.results
            recent = [request for request in fresh.values() if not _changed_before(request, changed_since)]
            found |= {request.id: request for request in recent}
            if skip + PAGE >= total or len(recent) < len(fresh) or not fresh:
                return _List(tuple(found.values()), whole)
        return _List(tuple(found.values()), whole=False)

    async def _page(self, params: Params) -> PageWire:
        deadline = max(LIST_DEADLINE_S, self._link.instance.timeout_s)
        reply = await self._link.exchange("GET", f"{_API}/request", params=params, deadline_s=deadline)
        return decode(self._link.require(reply).body, PageWire)


def _changed_before(request: SeerrRequest, since: datetime | None) -> bool:
    changed = request.updated_at or request.created_at
    return since is not None and changed is not None and changed < since


def _merged(lists: Sequence[_List]) -> tuple[SeerrRequest, ...]:
    return tuple({request.id: request for one in lists for request in one.requests}.values())


def _complaint(reply: Reply) -> str:
    """Return the server's own error text, or "": what a proxy in front of it says is no word of the server."""
    try:
        return decode(reply.body, ErrorWire).message
    except BadAnswer:
        return ""

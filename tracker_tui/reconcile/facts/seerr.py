"""What one Seerr has answered so far: its requests, the titles it looked up, its numbers of the servers."""

from datetime import datetime, timedelta

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import RequestRead, RequestsListed, SeerrServersRead, TitlesRead
from tracker_tui.model.seerr import SeerrCounts, SeerrRequest, SeerrServer, SeerrTitle
from tracker_tui.reconcile.facts.clocks import moved
from tracker_tui.reconcile.facts.subjects import EVERYTHING, Subject, answer, seerr_request, seerr_title


class SeerrFacts:
    """One Seerr: its requests, the titles it looked up, its numbers of the servers."""

    def __init__(self, ref: InstanceRef, dirty: set[Subject]) -> None:
        self.ref = ref
        self._dirty = dirty
        self.requests: dict[int, SeerrRequest] = {}
        self.absent_at: dict[int, datetime] = {}
        self.titles: dict[tuple[bool, int], SeerrTitle] = {}
        self.servers: tuple[SeerrServer, ...] = ()
        self.counts: SeerrCounts | None = None
        self.listed_at: datetime | None = None
        self.first_listed_at: datetime | None = None
        self.settled_listed = False
        """Requests that are settled were listed too, not only the active ones."""
        self._complete: tuple[datetime, datetime | None] | None = None

    def denied_at(self, number: int, created_at: datetime | None) -> datetime | None:
        """Return when an answer last denied a request that was created at `created_at`; None if none did."""
        if number in self.requests:
            return None
        single = self.absent_at.get(number)
        if self._complete is None:
            return single
        at, since = self._complete
        covered = since is None or (created_at is not None and created_at >= since)
        return max(single or at, at) if covered else single

    def requests_listed(self, payload: RequestsListed, at: datetime, *, whole: bool = True) -> None:
        """Take a list; a complete one denies every younger request that is not in it."""
        fresh = {one.id for one in payload.requests}
        if payload.complete and whole:
            self._complete = (at, payload.since)
            for number, known in list(self.requests.items()):
                inside = payload.since is None or (known.created_at is not None and known.created_at >= payload.since)
                if number not in fresh and inside:
                    self._drop(number, at)
        for one in payload.requests:
            self._put(one)
        self.first_listed_at = self.first_listed_at or at
        self.settled_listed = self.settled_listed or payload.complete or payload.since is not None
        if self.listed_at is None:
            self._dirty.add(answer(self.ref, "first-list"))
        self.listed_at = at
        self._dirty.add(answer(self.ref, "requests"))

    def request_read(self, payload: RequestRead, at: datetime, *, whole: bool = True) -> None:
        """Take one request."""
        if payload.request is not None:
            self._put(payload.request)
        elif whole:
            self._drop(payload.request_id, at)
        self._dirty.add(answer(self.ref, "requests"))

    def _put(self, one: SeerrRequest) -> None:
        self.absent_at.pop(one.id, None)
        if self.requests.get(one.id) != one:
            self.requests[one.id] = one
            self._dirty.add(seerr_request(self.ref, one.id))

    def _drop(self, number: int, at: datetime) -> None:
        self.requests.pop(number, None)
        self.absent_at[number] = at
        self._dirty.add(seerr_request(self.ref, number))

    def move_times(self, back: timedelta) -> None:
        """Move every time of this instance's clock back by `back`."""
        self.requests = moved(self.requests, back)

    def titles_read(self, payload: TitlesRead) -> None:
        """Take looked-up titles; kept for good."""
        for title in payload.titles:
            key = (title.is_movie, title.tmdb_id)
            if self.titles.get(key) != title:
                self.titles[key] = title
                self._dirty.add(seerr_title(title.tmdb_id, title.is_movie))

    def servers_read(self, payload: SeerrServersRead, *, whole: bool = True) -> None:
        """Take Seerr's numbers of the servers."""
        known = self.servers if not whole else ()
        servers = tuple({(one.is_movie, one.id): one for one in (*known, *payload.servers)}.values())
        if self.servers != servers:
            self.servers = servers
            self._dirty.add(EVERYTHING)

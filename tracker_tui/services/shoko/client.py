"""Client of Shoko Server 4.2 to 6-dev: is it ready, what is it busy with, and which file is which episode.

API v3. Every call here is a read: `/Action/*`, `*/Scan` and `File/{id}/Scrobble` are GETs too, but change things, and
`includeDataFrom=TMDB` waits for a running update; none of them is ever asked. The key travels in a header only.
"""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.observation import (
    Identified,
    ShokoBansRead,
    ShokoFilesRead,
    ShokoFoldersRead,
    ShokoJobsRead,
    ShokoKinRead,
    ShokoSeriesFilesRead,
    ShokoSeriesRead,
    ShokoStateRead,
)
from tracker_tui.model.shoko import Connectivity, Job, ShokoQueue, ShokoServer
from tracker_tui.services.decode import Body, decode, each
from tracker_tui.services.errors import (
    BadAnswer,
    NotFound,
    ServerFault,
    ServiceError,
    Unauthorized,
)
from tracker_tui.services.http import Link, Meter, Params, Reply, Sessions
from tracker_tui.services.shoko.lookup import WITH_LINKS, Lookups
from tracker_tui.services.shoko.refusals import SeriesGone, meaning, not_started, of_that_alone, refused_login
from tracker_tui.services.shoko.server_wire import (
    ConnectivityWire,
    FolderWire,
    JobWire,
    LoginWire,
    QueueWire,
    StatusWire,
    UserWire,
    bans_of,
    command_queue,
    version_of,
)
from tracker_tui.services.shoko.wire import EpisodeWire, FileWire, PageWire, SeriesWire, records_of
from tracker_tui.services.together import outcome, together

DEVICE = "tracker_tui"
"""Names our key in Shoko; a login of the same user and device gets the existing key again."""
JOBS_PAGE = 1000
"""Most that `Queue/Items` gives at once; 0 does not mean "all" there up to 5.3."""
JOBS_LIMIT = 5000

_API = "/api/v3"
_ANIDB: Params = {"includeDataFrom": "AniDB"}
_ALL_EPISODES: Params = {
    "pageSize": 0,
    "includeMissing": True,
    "includeUnaired": True,
    "includeHidden": True,
    "includeDataFrom": "AniDB",
}


class _Login:
    """A key that a login gave; `proved` once an answer came by it: refused after that, it was revoked in Shoko."""

    def __init__(self, key: Secret) -> None:
        self.key = key
        self.proved = False


class ShokoClient:
    """Reads one instance. Every method raises ServiceError when there is no usable answer.

    With user name and password instead of a key, logs in before the first call that needs it, and once more where the
    key of the login was revoked; a refused login is not repeated until `retry_login`.
    """

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self._link = Link(instance, sessions, {})
        self._instance = instance
        self._login: _Login | None = None
        self._login_lock = asyncio.Lock()
        self._login_refused = False
        self._absent: set[str] = set()
        self._folder_route = "/ManagedFolder"
        self._knows_limbo = True
        self._uptime_s = 0
        self.renewed = False
        """Whether the server was started anew since the last `identify`."""
        self._lookups = Lookups(self._get, self._records)

    @property
    def meter(self) -> Meter:
        """Return what the exchanges cost so far."""
        return self._link.meter

    def retry_login(self) -> None:
        """Allow another login after a refused one: the user asked for it, or the configuration changed."""
        self._login_refused = False

    async def aclose(self) -> None:
        """Forget the key of the login; connections belong to the shared sessions."""
        self._login = None

    async def identify(self) -> Identified:
        """Tell the version (opaque: dailies use semver text) and prove the key; forget what the server seemed to lack.

        The queue is open to everybody from 5.0 to 5.2, so `state` alone would not notice a wrong key there.
        `note` says what the key's user cannot see; a server that does not tell of users leaves that open.
        """
        self._absent.clear()
        self._knows_limbo = True
        version, user = await together(self._get("/Init/Version", anonymous=True), outcome(self._user))
        if isinstance(user, ServiceError) and not isinstance(user, NotFound):
            raise user
        self.renewed = False
        return Identified(version=version_of(version), note=user.note() if isinstance(user, UserWire) else None)

    async def _user(self) -> UserWire:
        return decode(await self._get("/User/Current"), UserWire)

    async def state(self) -> ShokoStateRead:
        """Read start-up state, connectivity and queue: the cheapest telling calls.

        Connectivity and queue are None where the version does not offer them, or they alone cannot be read. Raises
        Starting with the server's own words while it is not started, is in its first-run set-up, failed to start, or
        its database is blocked.
        """
        async with asyncio.TaskGroup() as group:
            asked_server = group.create_task(outcome(self._server))
            asked_connectivity = group.create_task(outcome(self._connectivity))
            asked_queue = group.create_task(outcome(self._queue))
        server, connectivity, queue = asked_server.result(), asked_connectivity.result(), asked_queue.result()
        if isinstance(server, ServiceError):
            self._absent.clear()  # what is missing while nothing answers rightly is not missing in this version
            raise server
        unread = []
        for part, told in (("queue", queue), ("connectivity", connectivity)):
            if isinstance(told, ServiceError):
                if not of_that_alone(told):
                    raise told
                unread.append((part, told.message))
        return ShokoStateRead(
            server=server,
            connectivity=connectivity if isinstance(connectivity, Connectivity) else None,
            queue=queue if isinstance(queue, ShokoQueue) else None,
            unread=tuple(unread),
        )

    async def folders(self) -> ShokoFoldersRead:
        """Read all folders: managed folders since 5.3.1-dev/6, import folders before."""
        try:
            body = await self._get(self._folder_route)
        except NotFound:
            other = "/ImportFolder" if self._folder_route == "/ManagedFolder" else "/ManagedFolder"
            body = await self._get(other)
            self._folder_route = other
        folders = self._records(body, FolderWire)
        return ShokoFoldersRead(folders=tuple(folder.fact() for folder in folders))

    async def lookup(
        self, paths: Sequence[tuple[str, int | None]], place: tuple[int, str] | None = None
    ) -> ShokoFilesRead:
        """Find files by path and size (None = unknown); see Lookups.

        `place` = the folder's id and its directory where all of them were: one listing answers for those still there.
        """
        return await self._lookups.find(paths, (self._folder_route, *place) if place is not None else None)

    async def series(self, series_id: int, *, with_episodes: bool = True) -> ShokoSeriesRead:
        """Read one series and its episodes, hidden, missing and unaired ones too. `series` None = 404.

        Raises NotPermitted when the user's tag filter hides it.
        """
        path = f"/Series/{series_id}"
        try:
            asked = [self._get(path, _ANIDB)]
            if with_episodes:
                asked.append(self._get(f"{path}/Episode", _ALL_EPISODES))
            body, *rest = await together(*asked)
        except SeriesGone:
            return ShokoSeriesRead(series_id=series_id, series=None)
        episodes = [episode.fact() for part in rest for episode in self._records(part, EpisodeWire)]
        return ShokoSeriesRead(
            series_id=series_id,
            series=decode(body, SeriesWire).fact(),
            episodes=tuple(episodes) if with_episodes else None,
        )

    async def kin(
        self,
        title: str,
        *,
        tmdb_id: int | None = None,
        tvdb_id: int | None = None,
        directory: str | None = None,
        is_movie: bool = False,
    ) -> ShokoKinRead:
        """Find the series of a title: by TMDB link (5.0+), by TVDB link (4.2 and 5.0), else by a folder of its files.

        `title` = the asker's name for it, handed back. () = none, as far as this version can be asked.
        """
        ways = [
            f"/TMDB/{'Movie' if is_movie else 'Show'}/{tmdb_id}/Shoko/Series" if tmdb_id is not None else None,
            f"/Series/TvDB/{tvdb_id}/Series" if tvdb_id is not None else None,
            f"/Series/PathEndsWith/{quote(directory, safe='/')}" if directory else None,
        ]
        for way in ways:
            try:
                body = await self._get(way) if way is not None else None
            except NotFound:
                continue
            found = self._records(body, SeriesWire) if body is not None else []
            if found:
                return ShokoKinRead(title=title, series=tuple(sorted(one.ids.id for one in found)))
        return ShokoKinRead(title=title, series=())

    async def series_files(self, series_id: int) -> ShokoSeriesFilesRead:
        """Read the files linked to a series, ignored ones too: a file that Shoko renamed is found here by its size."""
        try:
            body = await self._series_files(series_id)
        except SeriesGone:
            return ShokoSeriesFilesRead(series_id=series_id, files=None)
        files = self._records(body, FileWire)
        return ShokoSeriesFilesRead(series_id=series_id, files=tuple(file.fact() for file in files))

    async def queue_items(self) -> ShokoJobsRead:
        """Read what runs and waits, with the files they work on (5.0+, at most 5000 items).

        Raises NotPermitted unless the key belongs to an admin, NotFound on 4.2.
        """
        jobs: list[Job] = []
        for page in range(1, JOBS_LIMIT // JOBS_PAGE + 1):
            # `showAll` (blocked ones too) is unknown to 6, which shows them anyway; `showScheduled` is 6's
            params: Params = {"pageSize": JOBS_PAGE, "page": page, "showAll": True, "showScheduled": True}
            items = decode(await self._get("/Queue/Items", params, admin=True), PageWire)
            wires, skipped = each(items.rows, JobWire)
            self.meter.skipped += skipped
            jobs += [wire.fact() for wire in wires]
            if len(items.rows) < JOBS_PAGE:
                return ShokoJobsRead(jobs=tuple(jobs), complete=True)
        return ShokoJobsRead(jobs=tuple(jobs), complete=False)

    async def bans(self) -> ShokoBansRead:
        """Read how AniDB treats us (5.2+); no bans known where the version does not tell."""
        try:
            body = await self._get("/AniDB/BanStatus")
        except NotFound:
            return ShokoBansRead(bans=())
        bans, skipped = bans_of(body)
        self.meter.skipped += skipped
        return ShokoBansRead(bans=bans)

    async def _server(self) -> ShokoServer:
        status = decode(await self._get("/Init/Status", anonymous=True), StatusWire)
        server, up_for_s = status.fact(), status.up_for_s
        if up_for_s is not None:
            self.renewed = self.renewed or up_for_s < self._uptime_s
            self._uptime_s = up_for_s
        if server.state == "Started" and not server.database_blocked:
            return server
        raise not_started(server)

    async def _connectivity(self) -> Connectivity | None:
        body = await self._offered("/Init/Connectivity", anonymous=True)
        return None if body is None else decode(body, ConnectivityWire).fact()

    async def _queue(self) -> ShokoQueue | None:
        body = await self._offered("/Queue")
        if body is None:
            counts = await self._offered("/Dashboard/QueueSummary")
            return None if counts is None else command_queue(decode(counts, dict[str, int]))
        wire = decode(body, QueueWire)
        types = await self._offered("/Queue/Types") if wire.total_count > 0 else None
        queue, skipped = wire.fact(None if types is None else decode(types, dict[str, int]))
        self.meter.skipped += skipped
        return queue

    async def _series_files(self, series_id: int) -> Body:
        path = f"/Series/{series_id}/File"
        params: dict[str, str | int | bool] = {
            "pageSize": 0,
            "includeXRefs": True,
            "include": f"{WITH_LINKS},Ignored" + (",ImportLimbo" if self._knows_limbo else ""),
        }
        try:
            return await self._get(path, params)
        except (BadAnswer, ServerFault):
            if not self._knows_limbo:
                raise
        # 5.0 fails over the word ImportLimbo (5.1+), and hides no such files
        body = await self._get(path, params | {"include": f"{WITH_LINKS},Ignored"})
        self._knows_limbo = False
        return body

    def _records[T](self, body: Body, record: type[T]) -> list[T]:
        records, skipped = records_of(body, record)
        self.meter.skipped += skipped
        return records

    async def _offered(self, path: str, *, anonymous: bool = False) -> Body | None:
        """Return the answer, or None where this version has no such route; then it is not asked for again."""
        if path in self._absent:
            return None
        try:
            return await self._get(path, anonymous=anonymous)
        except NotFound:
            self._absent.add(path)
            return None

    async def _get(
        self, path: str, params: Params | None = None, *, anonymous: bool = False, admin: bool = False
    ) -> Body:
        """GET `path`; an `anonymous` call never logs in, `admin` says what a 403 means."""
        login = self._login if anonymous else await self._logged_in()
        reply = await self._sent(path, params, login)
        if reply.status == 401 and login is not None and login.proved and not anonymous:
            login = await self._logged_in(instead=login)
            reply = await self._sent(path, params, login)
        if 200 <= reply.status < 300:
            if login is not None and not anonymous:
                login.proved = True
            return self._link.require(reply).body
        if reply.status == 401 and login is self._login:
            self._login = None  # the next poll logs in again
        raise meaning(reply, self._instance, admin=admin)

    async def _sent(self, path: str, params: Params | None, login: "_Login | None") -> Reply:
        key = self._instance.api_key or (login.key if login else None)
        headers = {"apikey": key.reveal()} if key else None
        return await self._link.exchange("GET", _API + path, params=params, headers=headers)

    async def _logged_in(self, instead: "_Login | None" = None) -> "_Login | None":
        """Return the login, None where a key is configured or nothing is; a new one where it is still `instead`."""
        if self._instance.api_key is not None or self._instance.username is None:
            return None
        async with self._login_lock:
            if self._login_refused:
                raise refused_login()
            if self._login is None or self._login is instead:
                self._login = None
                self._login = _Login(await self._log_in(self._instance.username))
            return self._login

    async def _log_in(self, username: str) -> Secret:
        password = self._instance.password
        body = {"user": username, "pass": password.reveal() if password else "", "device": DEVICE}
        reply = await self._link.exchange("POST", "/api/auth", body=body)
        if 200 <= reply.status < 300:
            return Secret(decode(self._link.require(reply).body, LoginWire).apikey)
        problem = meaning(reply, self._instance)
        if not isinstance(problem, Unauthorized):
            raise problem
        self._login_refused = True
        raise refused_login()

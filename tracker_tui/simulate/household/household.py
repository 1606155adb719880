"""One household whose six services agree: a request goes through all of them with single verbs, the rest follows.

Everything that happens by itself (transfers, looks at the client, imports, Shoko's queue, Jellyfin's monitor and
scans, Seerr's look at Jellyfin) happens in `tick`, by the household's clock. The services are not served by anybody
yet: give them to a `SimHost`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tracker_tui.model.ids import Kind
from tracker_tui.model.seerr import SeerrStatus
from tracker_tui.simulate.arr.records import Release as Offer
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.downloads import Downloads, Fetch
from tracker_tui.simulate.household.services import HouseholdServices, seerr_title
from tracker_tui.simulate.household.titles import (
    FILM,
    Film,
    Number,
    Release,
    Show,
    Wanted,
    anime_of,
    jellyfin_path,
    shoko_path,
)
from tracker_tui.simulate.jellyfin.tasks import Agenda

START = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
SEERR_LOOKS_EVERY = timedelta(minutes=5)
"""How often Seerr looks for new media in Jellyfin."""


class Household(HouseholdServices):
    """Verbs do what a person or a service does; titles and releases are the caller's.

    `down` holds the services that do not answer at the moment.
    """

    def __init__(self, clock: SimClock, *, seed: int = 1) -> None:
        super().__init__(clock)
        self.down: set[Kind] = set()
        self.agenda = Agenda()
        self._downloads = Downloads(clock, self.agenda, self.qbittorrent, self._imported, seed)
        self._requests: dict[int, tuple[Wanted, tuple[int, ...]]] = {}
        self._unknown: set[Wanted] = set()
        self.agenda.add(clock.now() + SEERR_LOOKS_EVERY, self._seerr_looks)

    def tick(self) -> None:
        """Carry out everything that is due by now, and what follows from it."""
        self.agenda.run(self.clock.now())
        self._downloads.tick()
        self.shoko.settle()
        with self.jellyfin.lock:
            self.jellyfin.catch_up()

    # ---- requests

    def request(self, wanted: Wanted, *, by: str, seasons: Sequence[int] = (1,)) -> int:
        """Let somebody ask for a film or for seasons; return Seerr's number."""
        title, asked = seerr_title(wanted), () if wanted.is_movie else tuple(seasons)
        if wanted.is_movie:
            number = self.seerr.request_movie(title, by=by, server_id=0)
        else:
            number = self.seerr.request_tv(title, asked, by=by, server_id=0)
        self._requests[number] = (wanted, asked)
        return number

    def approve(self, wanted: Wanted, *, by: str = "adept") -> None:
        """Approve the newest request for it."""
        self.seerr.approve(self.number_of(wanted), by)

    def decline(self, wanted: Wanted, *, by: str = "adept") -> None:
        """Decline the newest request for it."""
        self.seerr.decline(self.number_of(wanted), by)

    def number_of(self, wanted: Wanted) -> int:
        """Return Seerr's number of the newest request for it."""
        return max(number for number, (one, _) in self._requests.items() if one is wanted)

    # ---- Sonarr, Radarr and the client

    def arr_adds(self, wanted: Wanted) -> None:
        """Let Seerr hand an approved request over: Sonarr or Radarr has it now, if not already."""
        if isinstance(wanted, Show):
            if wanted.series_id not in self.sonarr.series:
                self.add_series(wanted)
            self._monitor(wanted)
            self.seerr.send(self.number_of(wanted), wanted.series_id, slug=self.sonarr.series[wanted.series_id].slug)
        else:
            if wanted.movie_id not in self.radarr.movies:
                self.add_movie(wanted)
            self.seerr.send(self.number_of(wanted), wanted.movie_id)

    def search(self, wanted: Wanted, *, season: int = 1, takes_s: float = 20.0, message: str | None = None) -> None:
        """Start a search for a film or a season; `message` is its outcome."""
        if isinstance(wanted, Show):
            command = self.sonarr.search(wanted.series_id, season, takes_s=takes_s)
        else:
            command = self.radarr.search(wanted.movie_id, takes_s=takes_s)
        command.message = message

    def indexers_offer(self, wanted: Wanted, *found: Offer) -> None:
        """Let searches by hand for a show or film find these."""
        if isinstance(wanted, Show):
            self.sonarr.releases[wanted.series_id] = found
        else:
            self.radarr.releases[wanted.movie_id] = found

    def grab(
        self,
        wanted: Wanted,
        release: Release,
        numbers: Iterable[Number] = (FILM,),
        *,
        speed: int = 0,
        progress: float = 0.0,
        metadata_s: float = 0.0,
        refusal: tuple[str, ...] = (),
    ) -> None:
        """Grab a release for a film or these episodes; the client has it at once. `refusal` will block its import."""
        name, size, hash_, quality, group = release.name, release.size, release.hash, release.quality, release.group
        if isinstance(wanted, Show):
            series = self.sonarr.series[wanted.series_id]
            items = {series.numbered(*number).id: number for number in numbers}
            self.sonarr.grab(list(items), name, size, hash_, quality=quality, group=group)
            fetch = Fetch(wanted, release, self.sonarr, items, speed, refusal)
        else:
            self.radarr.grab(wanted.movie_id, name, size, hash_, quality=quality, group=group)
            fetch = Fetch(wanted, release, self.radarr, {wanted.movie_id: FILM}, speed, refusal)
        category = fetch.arr.clients[0].category
        self._downloads.send(fetch, category, progress=progress, metadata_s=metadata_s)

    def flow(self, release: Release, progress: float, speed: int) -> None:
        """Set how far a transfer is and how fast it is from now on."""
        self._downloads.fetches[release.hash].speed = speed
        self.qbittorrent.set_progress(release.hash, progress)
        self.qbittorrent.set_speed(release.hash, speed)

    def imports_now(self, release: Release) -> None:
        """Import a finished release at once, whatever stood in its way: a person's manual import."""
        self._downloads.import_all(self._downloads.fetches[release.hash])

    def fails(self, release: Release, message: str) -> None:
        """Let Sonarr or Radarr give a release up."""
        self._downloads.fail(self._downloads.fetches[release.hash], message)

    def loses(self, release: Release) -> None:
        """Let somebody remove a release in the client; Sonarr or Radarr is told nothing."""
        self._downloads.lose(self._downloads.fetches[release.hash])

    @property
    def fetches(self) -> Mapping[str, Fetch]:
        """Return every grabbed release with how far it is, by hash."""
        return self._downloads.fetches

    def delete_series(self, wanted: Show) -> None:
        """Let somebody delete a series in Sonarr; the request in Seerr stays."""
        self._downloads.abandon(wanted)
        self.sonarr.delete_series(wanted.series_id)

    def delete_movie(self, wanted: Film) -> None:
        """Let somebody delete a film in Radarr; the request in Seerr stays."""
        self._downloads.abandon(wanted)
        self.radarr.delete_movie(wanted.movie_id)

    # ---- Shoko and Jellyfin

    def anidb_does_not_know(self, wanted: Wanted) -> None:
        """Let files of this anime stay unrecognised."""
        self._unknown.add(wanted)

    def links_by_hand(self, wanted: Wanted) -> None:
        """Let somebody link an unrecognised film's file in Shoko."""
        anime = anime_of(wanted)
        self._unknown.discard(wanted)
        self.shoko.link_manually(anime.first_file, self.shoko.link(anime.anidb_id, 1))

    def hashing_begins(self, wanted: Wanted) -> bool:
        """Return whether Shoko has come to hash, or has hashed, a file of this anime."""
        anime = anime_of(wanted)
        folder = shoko_path(wanted.folder) + "/"
        jobs = [job for job in self.shoko.jobs if job.path and job.path.startswith(folder)]
        return anime.first_file in self.shoko.files or any(job.started_at for job in jobs)

    def scan(self, *, lasts_s: float) -> None:
        """Start Jellyfin's full scan; the anime libraries come first."""
        self.jellyfin.scanner.task.lasts = timedelta(seconds=lasts_s)
        self.jellyfin.start_scan()

    def refresh_library(self, name: str) -> None:
        """Let somebody refresh one library in Jellyfin."""
        with self.jellyfin.lock:
            self.jellyfin.scanner.refresh(self.libraries[name], None, self.jellyfin.catch_up())

    def playable(self, wanted: Wanted, seasons: Sequence[int] = ()) -> int:
        """Return how many of its imported files Jellyfin shows."""
        if wanted.anime is not None:
            ours = str(wanted.anime.series_id)
            with self.jellyfin.lock:
                items = list(self.jellyfin.index.items.values())
            return sum(item.path is not None and item.provider_ids.get("Shoko Series") == ours for item in items)
        with self.jellyfin.lock:
            shown = {item.path for item in self.jellyfin.index.items.values()}
        return sum(jellyfin_path(path) in shown for path in self._paths(wanted, seasons))

    # ---- outages

    def goes_down(self, kind: Kind, fault: Fault = Fault.RESET) -> None:
        """Let a service stop answering."""
        self.down.add(kind)
        self.services[kind].fault = fault
        self._tell_seerr(kind, up=False)

    def returns(self, kind: Kind) -> None:
        """Let a service answer again."""
        self.down.discard(kind)
        self.services[kind].fault = None
        self._tell_seerr(kind, up=True)

    # ---- what happens by itself

    def _imported(self, fetch: Fetch, item_id: int) -> None:
        """Put a finished file into the library, where all three container paths lead to it."""
        number = fetch.items[item_id]
        _, size = fetch.file_of(item_id)
        wanted, quality = fetch.wanted, fetch.release.quality
        if isinstance(wanted, Show):
            series = self.sonarr.series[wanted.series_id]
            episode = series.episodes[item_id]
            old = series.files.get(episode.file_id)
            season, one = number
            name = f"{wanted.name} - S{season:02}E{one:02} - {episode.title} [{quality}].mkv"
            path = f"{wanted.folder}/Season {season:02}/{name}"
            self.sonarr.import_file([item_id], fetch.release.hash, path, size)
        else:
            old = self.radarr.movies[item_id].file
            path = f"{wanted.folder}/{wanted.name} ({wanted.year}) [{quality}].mkv"
            self.radarr.import_file(item_id, fetch.release.hash, path, size)
        if old is not None and old.path != path:
            self.jellyfin.file_removed(jellyfin_path(old.path))
            self.shoko.file_vanishes(shoko_path(old.path))
        self.jellyfin.file_added(jellyfin_path(path))
        if wanted.anime is not None:
            anime, offset = wanted.anime, max(0, number[1] - 1)
            links = () if wanted in self._unknown else self.shoko.link(anime.anidb_id, offset + 1)
            free = anime.first_file + offset not in self.shoko.files  # other bytes are another file
            file_id = anime.first_file + offset if free else None
            self.shoko.file_appears(shoko_path(path), size, links, file_id=file_id)

    def _seerr_looks(self, _: datetime) -> None:
        """Let Seerr find out what has become available."""
        for number, (wanted, seasons) in self._requests.items():
            request = self.seerr.requests[number]
            total = sum(len(wanted.numbers(one)) for one in seasons) if isinstance(wanted, Show) else 1
            is_open = request.status == SeerrStatus.APPROVED and request.edition.external_id is not None
            if is_open and self.playable(wanted, seasons) >= total:
                self.seerr.complete(number)
        self.agenda.add(self.clock.now() + SEERR_LOOKS_EVERY, self._seerr_looks)

    def _paths(self, wanted: Wanted, seasons: Sequence[int]) -> list[str]:
        if isinstance(wanted, Show):
            series = self.sonarr.series.get(wanted.series_id)
            if series is None:
                return []
            used = {one.file_id for one in series.episodes.values() if not seasons or one.season in seasons}
            return [file.path for number, file in series.files.items() if number in used]
        movie = self.radarr.movies.get(wanted.movie_id)
        return [movie.file.path] if movie and movie.file else []

    def _monitor(self, wanted: Show) -> None:
        """Monitor the seasons that are asked for, as Seerr does."""
        asked = self._requests[self.number_of(wanted)][1]
        series = self.sonarr.series[wanted.series_id]
        with self.sonarr.lock:
            for season in asked:
                series.seasons[season].monitored = True
            for episode in series.episodes.values():
                is_wanted = (episode.season, episode.number) not in wanted.skipped
                episode.monitored = is_wanted and (episode.monitored or episode.season in asked)

    def _tell_seerr(self, kind: Kind, *, up: bool) -> None:
        for server in self.seerr.servers:
            if kind is (Kind.RADARR if server.is_movie else Kind.SONARR):
                server.up = up

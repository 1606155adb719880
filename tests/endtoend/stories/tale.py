"""What happens in a simulated household, drawn by chance among what can happen now."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.downloads import Fetch, Stage
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.household.titles import (
    FILM,
    Anime,
    Film,
    Number,
    Release,
    Show,
    Wanted,
    jellyfin_path,
    pack,
    shoko_path,
    single,
)

MIB = 1 << 20
BETTER = ("WEBDL-1080p", "Bluray-1080p", "Bluray-2160p")
LONG_AGO = datetime(2024, 4, 6, 15, 30, tzinfo=START.tzinfo)
FAULTS = (Fault.RESET, Fault.STATUS_503, Fault.STATUS_500, Fault.TRUNCATED, Fault.WRONG_TYPES, Fault.EMPTY, Fault.HTML)


def titles() -> tuple[Wanted, ...]:
    """Return a series of two seasons, an anime series, a film and an anime film."""
    lanterns, garden = Anime(17001, "Kami no Akari", 51, 1501), Anime(9001, "Niwa no Uta", 52, 1601)
    shows = "/data/anime/shows", "/data/anime/movies"
    return (
        Show("Harbour Watch", 2024, 900041, 800041, 41, 4101, {1: 4, 2: 3}, first_air=LONG_AGO),
        Show("Paper Lanterns", 2024, 900042, 800042, 42, 4201, {1: 4}, lanterns, root=shows[0], first_air=LONG_AGO),
        Film("Salt and Slate", 2024, 700061, 61),
        Film("A Garden Sings", 2023, 700062, 62, garden, root=shows[1]),
    )


class Choice(NamedTuple):
    """Something that can happen now. `about` = the title whose states it may lower, "" = all of them, None = none."""

    weight: float
    name: str
    act: Callable[[], object]
    about: str | None = None


class Tale:
    """One household and what chance makes of it.

    `lowered` = title -> when something last gave its states reason to fall.
    """

    def __init__(self, clock: SimClock, seed: int) -> None:
        self.clock, self.chance = clock, Random(seed)
        self.home = Household(clock, seed=seed)
        self.home.jellyfin.finish_scan()
        self.wanted = titles()
        self.lowered: dict[str, datetime] = {}
        self.asked: dict[Wanted, tuple[int, ...]] = {}
        self.told: list[str] = []
        self.happened_at = clock.now()
        self._grabs = 0
        self._empty: dict[str, dict[str, object]] = {}

    # ---- one event

    def goes_on(self) -> str:
        """Let one thing happen; return what."""
        choices = list(self._choices())
        chosen = self.chance.choices(choices, [one.weight for one in choices])[0]
        chosen.act()
        self.happened_at = self.clock.now()
        self.home.tick()
        if chosen.about is not None:
            for one in self.wanted:
                if chosen.about in {"", one.name}:
                    self.lowered[one.name] = self.clock.now()
        self.told.append(f"{self.clock.now():%d %H:%M:%S} {chosen.name}")
        return chosen.name

    def passes(self, seconds: float) -> None:
        """Let time pass, in steps small enough for what happens by itself."""
        left = seconds
        while left > 0:
            self.clock.jump(seconds=min(left, 5.0))
            left -= 5.0
            self.home.tick()

    def _choices(self) -> Iterator[Choice]:
        for wanted in self.wanted:
            yield from self._asking(wanted)
            if self.is_there(wanted):
                yield from self._fetching(wanted)
                yield from self._keeping(wanted)
        for fetch in self.home.fetches.values():
            yield from self._transferring(fetch)
        yield from self._of_services()

    # ---- what is asked and sought

    def _asking(self, wanted: Wanted) -> Iterator[Choice]:
        home, name = self.home, wanted.name
        if wanted not in self.asked:
            seasons = self.chance.choice([(1,), (1, 2)]) if isinstance(wanted, Show) and 2 in wanted.seasons else (1,)
            yield Choice(8, f"{name} is asked for, seasons {seasons}", lambda: self._ask(wanted, seasons))
            return
        request = home.seerr.requests[home.number_of(wanted)]
        if request.status == 1:
            yield Choice(12, f"{name} is approved", lambda: home.approve(wanted))
            yield Choice(0.5, f"{name} is declined", lambda: home.decline(wanted), name)
        if request.status == 2 and request.edition.external_id is None:
            yield Choice(20, f"{name} is added", lambda: home.arr_adds(wanted))

    def _ask(self, wanted: Wanted, seasons: tuple[int, ...]) -> None:
        self.asked[wanted] = seasons
        self.home.request(wanted, by="mia", seasons=seasons)

    def is_there(self, wanted: Wanted) -> bool:
        """Return whether Sonarr or Radarr has it."""
        if isinstance(wanted, Show):
            return wanted.series_id in self.home.sonarr.series
        return wanted.movie_id in self.home.radarr.movies

    def numbers(self, wanted: Wanted) -> list[Number]:
        """Return what of it is monitored."""
        if isinstance(wanted, Film):
            return [FILM]
        episodes = self.home.sonarr.series[wanted.series_id].episodes.values()
        return [(one.season, one.number) for one in episodes if one.monitored and one.season > 0]

    def _fetching(self, wanted: Wanted) -> Iterator[Choice]:
        busy = {number for fetch in self._open(wanted) for number in fetch.items.values()}
        missing = [one for one in self.numbers(wanted) if one not in busy and self.path_of(wanted, one) is None]
        had = [one for one in self.numbers(wanted) if one not in busy and self.path_of(wanted, one) is not None]
        if missing:
            season = missing[0][0]
            yield Choice(1, f"{wanted.name}: search", lambda: self.home.search(wanted, season=season))
            yield Choice(14, f"{wanted.name}: grab {missing}", lambda: self._grab(wanted, missing))
        if had:
            chosen = self.chance.sample(had, self.chance.randint(1, len(had)))
            yield Choice(2, f"{wanted.name}: upgrade {chosen}", lambda: self._grab(wanted, sorted(chosen), better=True))

    def _open(self, wanted: Wanted) -> list[Fetch]:
        done = {Stage.IMPORTED, Stage.FAILED}
        return [one for one in self.home.fetches.values() if one.wanted is wanted and one.stage not in done]

    def _grab(self, wanted: Wanted, numbers: list[Number], *, better: bool = False) -> None:
        """Grab all numbers in one pack per season, or a single for the first."""
        self._grabs += 1
        group, quality = f"G{self._grabs}", self.chance.choice(BETTER) if better else "WEBDL-1080p"
        progress = self.chance.choice([0.0, 0.0, 0.3, 0.999])
        more: dict[str, object] = {"progress": progress, "speed": self.chance.choice([0, 2, 40]) * MIB}
        if self.chance.random() < 0.15:
            more["refusal"] = ("Not an upgrade for existing file(s)" if better else "Unable to parse file",)
        if self.chance.random() < 0.1:
            more |= {"metadata_s": 40.0, "progress": 0.0}
        season = numbers[0][0]
        ours = [one for one in numbers if one[0] == season]
        stem = wanted.name.replace(" ", ".")
        if wanted.is_movie:
            release = single(f"{stem}.2024.1080p-{group}", 3000 * MIB + self._grabs, quality=quality)
        elif len(ours) == 1 or self.chance.random() < 0.4:
            ours = ours[:1]
            release = single(
                f"{stem}.S{season:02}E{ours[0][1]:02}.1080p-{group}", 700 * MIB + self._grabs, quality=quality
            )
        else:
            files = tuple(
                (
                    f"{stem}.S{season:02}.1080p-{group}/{stem}.S{season:02}E{one:02}.1080p-{group}.mkv",
                    (690 + one) * MIB + self._grabs,
                )
                for _, one in ours
            )
            whole = pack(f"{stem}.S{season:02}.1080p-{group}", "x{}", 1, 1, quality=quality)
            release = Release(whole.name, whole.hash, files, quality, group)
        self.home.grab(wanted, release, ours, **more)  # type: ignore[arg-type]

    # ---- what is on its way

    def _transferring(self, fetch: Fetch) -> Iterator[Choice]:
        home, release, name = self.home, fetch.release, fetch.release.name
        torrent = home.qbittorrent.torrents.get(release.hash)
        title = fetch.wanted.name
        if torrent is None:
            return
        if fetch.stage is Stage.TRANSFER and not torrent.finished:
            client = home.qbittorrent
            share = self.chance.choice([0.1, 0.5, 0.9, 0.9996, 1.0, 1.0, 1.0])
            if not torrent.failure and not torrent.stopped and not torrent.metadata_s:
                yield Choice(9, f"{name} is at {share} and flows", lambda: home.flow(release, share, 3 * MIB), title)
                yield Choice(1, f"{name} stalls", lambda: client.stall(release.hash))
                yield Choice(1, f"{name} is stopped", lambda: client.stop(release.hash), title)
            else:
                yield Choice(6, f"{name} is started", lambda: client.start(release.hash))
            yield Choice(0.5, f"{name} is in error", lambda: client.fail_disk_full(release.hash))
            yield Choice(0.5, f"{name} is checked again", lambda: client.recheck(release.hash), title)
            yield Choice(1, f"{name} fails", lambda: home.fails(release, "The torrent is dead"), title)
            yield Choice(1, f"{name} is removed", lambda: home.loses(release), title)
        if fetch.stage is Stage.BLOCKED:
            yield Choice(3, f"{name} is imported by hand", lambda: home.imports_now(release))
            yield Choice(2, f"{name} fails", lambda: home.fails(release, "refused"), title)
        if fetch.stage is Stage.IMPORTED:
            yield Choice(0.3, f"{name} is removed, for it is done", lambda: home.qbittorrent.remove(release.hash))

    # ---- what is in place

    def _keeping(self, wanted: Wanted) -> Iterator[Choice]:
        home, name = self.home, wanted.name
        with_file = [one for one in self.numbers(wanted) if self.path_of(wanted, one) is not None]
        if with_file:
            number = self.chance.choice(with_file)
            yield Choice(0.6, f"{name}: file of {number} is deleted", lambda: self._delete(wanted, number), name)
        if isinstance(wanted, Show):
            yield Choice(0.15, f"{name} is deleted in Sonarr", lambda: home.delete_series(wanted), name)
        else:
            yield Choice(0.15, f"{name} is deleted in Radarr", lambda: home.delete_movie(wanted), name)
        if wanted.anime is not None:
            yield Choice(0.3, f"AniDB does not know {name}", lambda: home.anidb_does_not_know(wanted))
            unlinked = [
                one for one in home.shoko.files.values() if one.ed2k and not one.links and self.is_of(one.id, wanted)
            ]
            for file in unlinked[:1]:
                yield Choice(4, f"{name}: file {file.id} is linked by hand", partial(self._link, wanted, file.id))

    def _delete(self, wanted: Wanted, number: Number) -> None:
        path = self.path_of(wanted, number)
        if path is None:
            return
        if isinstance(wanted, Show):
            series = self.home.sonarr.series[wanted.series_id]
            self.home.sonarr.delete_file(series.numbered(*number).file_id)
        else:
            self.home.radarr.delete_file(wanted.movie_id)
        self.home.jellyfin.file_removed(jellyfin_path(path))
        if wanted.anime is not None:
            self.home.shoko.file_vanishes(shoko_path(path))

    def is_of(self, file_id: int, wanted: Wanted) -> bool:
        paths = [self.home.shoko.absolute_path(one) or "" for one in self.home.shoko.files[file_id].locations]
        return any(path.startswith(shoko_path(wanted.folder) + "/") for path in paths)

    def _link(self, wanted: Wanted, file_id: int) -> None:
        paths = [self.home.shoko.absolute_path(one) for one in self.home.shoko.files[file_id].locations]
        number = next(
            (one for one in self.numbers(wanted) if shoko_path(self.path_of(wanted, one) or "") in paths), FILM
        )
        if wanted.anime is not None:
            self.home.shoko.link_manually(file_id, self.home.shoko.link(wanted.anime.anidb_id, max(1, number[1])))

    # ---- the truth

    def path_of(self, wanted: Wanted, number: Number) -> str | None:
        """Return the path of its file, as Sonarr or Radarr has it."""
        if not self.is_there(wanted):
            return None
        if isinstance(wanted, Film):
            file = self.home.radarr.movies[wanted.movie_id].file
            return file.path if file is not None else None
        series = self.home.sonarr.series[wanted.series_id]
        known = series.files.get(series.numbered(*number).file_id)
        return known.path if known is not None else None

    def plays(self, wanted: Wanted, number: Number) -> bool:
        """Return whether Jellyfin has an item for its very file."""
        path = self.path_of(wanted, number)
        if path is None:
            return False
        items = self.home.jellyfin.index.items.values()
        if wanted.anime is None:
            return any(item.path == jellyfin_path(path) for item in items)
        shoko = self.home.shoko
        ids = {
            str(file.id)
            for file in shoko.files.values()
            if any(shoko.absolute_path(one) == shoko_path(path) for one in file.locations)
        }
        return any(item.path is not None and item.provider_ids.get("Shoko File") in ids for item in items)

    def in_jellyfin(self, wanted: Wanted, number: Number) -> bool:
        """Return whether Jellyfin has an item with a file for it, whichever."""
        items = [one for one in self.home.jellyfin.index.items.values() if one.path and one.type != "Series"]
        if wanted.anime is not None:
            ours = [one for one in items if one.provider_ids.get("Shoko Series") == str(wanted.anime.series_id)]
        else:
            ours = [one for one in items if (one.path or "").startswith(jellyfin_path(wanted.folder) + "/")]
        return bool(ours) if wanted.is_movie else any((one.season, one.number) == number for one in ours)

    # ---- the services themselves

    def _of_services(self) -> Iterator[Choice]:
        home = self.home
        for kind in Kind:
            if kind in home.down:
                yield Choice(4, f"{kind.title} is back", partial(home.returns, kind))
            elif len(home.down) < 2:
                fault = self.chance.choice(FAULTS)
                yield Choice(0.25, f"{kind.title} fails: {fault}", partial(home.goes_down, kind, fault))
        yield Choice(0.7, "qBittorrent restarts", home.qbittorrent.restart_server)
        yield Choice(0.3, "qBittorrent's sessions end", home.qbittorrent.expire_sessions)
        queue = self.chance.choice([None, 0, 1, 2])
        yield Choice(0.7, f"qBittorrent runs {queue} at once", lambda: home.qbittorrent.set_queueing(queue), "")
        yield Choice(
            0.5, "Shoko's queue is paused or resumed", lambda: home.shoko.pause_queue(paused=not home.shoko.paused)
        )
        yield Choice(0.3, "AniDB bans or pardons", lambda: home.shoko.set_ban(http=home.shoko.http_ban_at is None))
        yield Choice(1, "Jellyfin scans", lambda: home.scan(lasts_s=60))
        yield Choice(0.5, "Shokofin misses events, or not", self._events)
        yield Choice(0.4, "Jellyfin starts or has started", self._jellyfin_starts)
        yield Choice(0.25, "a library is empty, or full again", self._library)

    def _events(self) -> None:
        self.home.shokofin.drops_events = not self.home.shokofin.drops_events

    def _jellyfin_starts(self) -> None:
        self.home.jellyfin.starting = not self.home.jellyfin.starting

    def _library(self) -> None:
        """Let Jellyfin lose all items of a library, or find them again."""
        items = self.home.jellyfin.index.items
        if self._empty:
            for name, lost in self._empty.items():
                items.update({key: item for key, item in lost.items() if key not in items})  # type: ignore[misc]
                del name
            self._empty = {}
            return
        name, library = self.chance.choice(sorted(self.home.libraries.items()))
        lost = {key: item for key, item in items.items() if item.library_id == library.id}
        if len(lost) >= 3:
            self._empty = {name: dict(lost)}
            self.home.jellyfin.index.drop(lost)

    def starting(self) -> set[Kind]:
        """Return what answers that it has not started yet."""
        return {Kind.JELLYFIN} if self.home.jellyfin.starting else set()

    def in_shoko(self, wanted: Wanted, number: Number) -> bool:
        """Return whether Shoko has the file of an episode or film."""
        shoko, path = self.home.shoko, shoko_path(self.path_of(wanted, number) or "")
        return any(shoko.absolute_path(one) == path for file in shoko.files.values() for one in file.locations)

    def heals(self) -> None:
        """Let every service be well again, and whatever was paused go on."""
        home = self.home
        for kind in sorted(home.down):
            home.returns(kind)
        home.jellyfin.starting = False
        if self._empty:
            self._library()
        home.qbittorrent.set_queueing(None)
        home.shoko.set_ban(http=False)
        home.shoko.pause_queue(paused=False)
        home.qbittorrent.free_bytes = 1 << 40

    def quiet(self) -> timedelta:
        """Return how long after the last event memory has nothing left to hold."""
        return timedelta(minutes=40)

"""Worlds made by hand, in every state that a screen must be able to show."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.text import SafeText, clean
from tracker_tui.model.traffic import Asked, Traffic, Trouble
from tracker_tui.model.world import (
    Diagnosis,
    EpisodeRow,
    Evidence,
    Phrase,
    Problem,
    Release,
    RequestIds,
    RequestRow,
    SeasonRow,
    ServiceRow,
    TimelineEntry,
    Unassigned,
    World,
)
from tracker_tui.reconcile.assemble import assemble

NOON = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
GB = 1024**3
MB = 1024**2
SONARR = InstanceRef(Kind.SONARR, "sonarr")
WEB_URLS = {
    InstanceRef(Kind.SEERR, "seerr"): "http://seerr.home.example",
    SONARR: "http://sonarr.home.example",
    InstanceRef(Kind.JELLYFIN, "jellyfin"): "http://jellyfin.home.example",
}


def text(raw: str) -> SafeText:
    return clean(raw)


def minutes(count: float) -> datetime:
    """An instant before noon."""
    return NOON - timedelta(minutes=count)


def services(
    status: ServiceStatus = ServiceStatus.OK, *, age_s: float = 2, error: str | None = None
) -> tuple[ServiceRow, ...]:
    answered = status is ServiceStatus.OK
    return tuple(
        ServiceRow(
            kind=kind,
            name=kind.value,
            status=status,
            version=text("1.0"),
            latency_ms=12,
            last_ok_at=NOON - timedelta(seconds=age_s) if answered else None,
            stale=age_s > 30,
            interval_s=3 if kind is Kind.QBITTORRENT else 15,
            error=text(error) if error else None,
            fix=text("is it running?") if error else None,
        )
        for kind in Kind
    )  # fmt: skip


def traffic() -> tuple[Traffic, ...]:
    """What two of the services were asked."""
    return (
        Traffic(
            ref=SONARR,
            calls=1234,
            bytes_in=5 * MB,
            skipped=1,
            asked=(
                Asked(topic="history", times=800, last_at=NOON, every_s=3),
                Asked(topic="queue", times=160, last_at=minutes(0.2), every_s=15),
                Asked(topic="library", times=2, last_at=minutes(20), every_s=1800),
                Asked(topic="item_history", times=12, last_at=minutes(41)),
            ),
            troubles=(
                Trouble(at=minutes(90), topic="queue", message="no answer within 10 s"),
                Trouble(at=minutes(15), topic="health", message="the server failed (HTTP 500)"),
            ),
        ),
        Traffic(ref=InstanceRef(Kind.SHOKO, "shoko"), calls=1, bytes_in=900),
    )


def stuck(code: str, message: str, next_step: str, attention: Attention = Attention.WARN) -> Diagnosis:
    return Diagnosis(
        code=code,
        attention=attention,
        message=message,
        next_step=next_step,
        evidence=(
            Evidence(service=Kind.JELLYFIN, fact="last library scan ended", value="11:22", observed_at=minutes(1)),
            Evidence(service=Kind.SHOKO, fact="files matched", value="13 of 13", observed_at=minutes(3)),
        ),
    )


def pack(progress: float = 0.42, speed: int = 13 * MB) -> RequestRow:
    """A season pack on its way, one finished season before it, two episodes to come."""
    episodes = tuple(
        EpisodeRow(
            season=2,
            number=number,
            state=State.DOWNLOADING,
            counted=True,
            absolute=28 + number,
            title=text(f"The {number}th Journey"),
            progress=round(min(1.0, progress * (2 - number / 6)), 4),
            quality=text("WEBDL-1080p"),
            torrents=("3f92992e",),
            size_bytes=GB,
            attention=Attention.NONE,
        )
        for number in range(1, 7)
    )
    coming = tuple(
        EpisodeRow(
            season=2, number=number, state=State.UNAIRED, counted=False, air_at=NOON + timedelta(days=number - 1)
        )
        for number in (7, 8)
    )
    first = tuple(
        EpisodeRow(season=1, number=number, state=State.AVAILABLE, counted=True, progress=1.0, title=text("Then"))
        for number in (1, 2)
    )
    return RequestRow(
        id="seerr:seerr:75",
        title=text("Frieren: Beyond Journey's End"),
        original_title=text("葬送のフリーレン"),
        titles=(text("Sousou no Frieren"),),
        year=2023,
        anime=True,
        state=State.DOWNLOADING,
        partial=True,
        phrases=(
            Phrase(code=Clause.DOWNLOADING),
            Phrase(code=Clause.PROGRESS, fraction=progress, size_bytes=6 * GB),
            Phrase(code=Clause.SPEED, speed_bytes_s=speed),
            Phrase(code=Clause.ETA, seconds=390),
            Phrase(code=Clause.READY_OF, n=2, of=8),
            Phrase(code=Clause.UPCOMING, n=2, at=NOON + timedelta(days=6)),
        ),
        progress=progress,
        ready=2,
        total=8,
        counts=((State.AVAILABLE, 2), (State.DOWNLOADING, 6)),
        size_bytes=6 * GB,
        speed_bytes_s=speed,
        eta_s=390,
        eta_watchable_s=(900, 1800),
        requested_by=text("mia"),
        requested_at=minutes(60),
        seasons_requested=(1, 2),
        instance=SONARR,
        ids=RequestIds(tmdb=209867, tvdb=424536, sonarr=(("sonarr", 23),), shoko_series=(12,)),
        torrents=("3f92992e",),
        seasons=(
            SeasonRow(number=1, state=State.AVAILABLE, ready=2, total=2, episodes=first),
            SeasonRow(
                number=2,
                state=State.DOWNLOADING,
                ready=0,
                total=6,
                progress=progress,
                speed_bytes_s=speed,
                eta_s=390,
                phrases=(Phrase(code=Clause.DOWNLOADING), Phrase(code=Clause.READY_OF, n=0, of=6)),
                episodes=episodes + coming,
            ),
        ),
        releases=(
            Release(
                id="3f92992e",
                title=text("[SubsPlease] Frieren S2 (01-06) (1080p) [F00BA4]"),
                state_word=text("downloading"),
                progress=progress,
                size_bytes=6 * GB,
                indexer=text("Nyaa"),
                quality=text("WEBDL-1080p"),
                group=text("SubsPlease"),
                files=((text("[SubsPlease] Frieren S2 - 01 (1080p) [AAAA].mkv"), 0.77),),
            ),
        ),
        timeline=(
            TimelineEntry(at=minutes(58), state=State.APPROVED, service=Kind.SEERR, text="Approved"),
            TimelineEntry(at=minutes(20), state=State.GRABBING, service=Kind.SONARR, text="Found (WEBDL-1080p)"),
        ),
    )


def matching() -> RequestRow:
    """All matched, and Jellyfin does not show it."""
    episodes = tuple(
        EpisodeRow(
            season=1,
            number=number,
            state=State.ANIME_MATCHING,
            counted=True,
            progress=1.0,
            note="matched in Shoko",
            attention=Attention.WARN,
        )
        for number in range(1, 4)
    )
    return RequestRow(
        id="seerr:seerr:74",
        title=text("Lycoris Recoil"),
        year=2022,
        anime=True,
        state=State.ANIME_MATCHING,
        attention=Attention.WARN,
        phrases=(
            Phrase(code=Clause.MATCHED, n=3, of=3),
            Phrase(code=Clause.NOT_IN_JELLYFIN_SINCE, at=minutes(20)),
        ),
        progress=1.0,
        total=3,
        counts=((State.ANIME_MATCHING, 3),),
        requested_at=minutes(120),
        ids=RequestIds(tmdb=154494),
        diagnoses=(
            stuck(
                "VFS_MISSING_ENTRY",
                "Shoko matched 13 files, but Shokofin made no entry for them in the library Anime Shows",
                "press v to make Jellyfin rebuild Shokofin's virtual file system",
            ),
        ),
        seasons=(
            SeasonRow(
                number=1, state=State.ANIME_MATCHING, ready=0, total=3, attention=Attention.WARN, episodes=episodes
            ),
        ),
    )


def film(number: int, state: State, **over: object) -> RequestRow:
    """A film in some state."""
    row = RequestRow(
        id=f"seerr:seerr:{number}",
        title=text(f"Film {number}"),
        year=2000 + number,
        is_movie=True,
        state=state,
        total=1,
        ready=int(state is State.AVAILABLE),
        counts=((state, 1),),
        requested_at=minutes(200 + number),
        attention=Attention.ERROR if state is State.FAILED else Attention.NONE,
    )
    return replace(row, **over)


def series(number: int, episodes: int = 24, **over: object) -> RequestRow:
    """A series on its way in one torrent; the higher the number, the older the request."""
    parts = tuple(
        EpisodeRow(season=1, number=one, state=State.DOWNLOADING, counted=True, title=text(f"Chapter {one}"))
        for one in range(1, episodes + 1)
    )
    counts = ((State.DOWNLOADING, episodes),)
    row = RequestRow(
        id=f"seerr:seerr:{number}",
        title=text(f"Series {number}"),
        year=1990 + number % 35,
        state=State.DOWNLOADING,
        total=episodes,
        counts=counts,
        progress=0.1,
        requested_at=minutes(10 + number),
        seasons=(SeasonRow(number=1, state=State.DOWNLOADING, ready=0, total=episodes, episodes=parts),),
    )
    return replace(row, **over)


FILM_STATES = (
    State.REQUESTED,
    State.APPROVED,
    State.GRABBING,
    State.DOWNLOADING,
    State.DOWNLOADED,
    State.IMPORTING,
    State.AVAILABLE,
    State.FAILED,
    State.DECLINED,
    State.REMOVED,
)

HOSTILE = (
    "plain \x1b]0;owned\x07 title",
    "\x1b[2J\x1b[H clear",
    "c1 \x9b31m red \x9d0;x\x9c",
    "bidi \u202egnp.exe\u202c \u2066x\u2069",
    "zero\u200bwidth\u200d\ufeff",
    "[@click=app.quit]click[/] [/nope] [b]bold",
    "[SubsPlease] Show - 01 (1080p) [F00BA4].mkv",
    "wide 葬送のフリーレン " * 30,
    "e" + "\u0301" * 40,
    "osc52 \x1b]52;c;aGk=\x07",
    "line\nbreak\r\ttab\x0b\x0c\x85\u2028",
    "\ud800 lone",
    "tag \U000e0041\U000e0042",
)
"""Names as somebody would choose them who wants to own the terminal."""


def household() -> World:
    """Something of everything."""
    rows = [pack(), matching(), *(film(index, state) for index, state in enumerate(FILM_STATES, 1))]
    rows[5] = replace(rows[5], progress=0.163, size_bytes=8 * GB, speed_bytes_s=2 * MB, eta_s=3900)
    problems = (
        Problem(
            kind=Kind.JELLYFIN,
            name="jellyfin",
            scope="Anime Shows",
            diagnosis=stuck(
                "SIGNALR_DOWN",
                "Shokofin's live connection to Shoko is down, so new files are not announced to Jellyfin",
                "Jellyfin, Dashboard, Plugins, Shoko: connect again",
                Attention.ERROR,
            ),
        ),
    )
    unassigned = (
        Unassigned(
            kind="torrent",
            name=text("[Group] Something - 01 [1080p].mkv"),
            hash="aa" * 20,
            reason="category tv-sonarr, but Sonarr does not know it",
            candidate="seerr:seerr:74",
            next_step="Sonarr, Wanted, Manual Import",
        ),
    )
    return assemble(rows, problems, unassigned, services(), NOON)


def hostile() -> World:
    """Names of the enemy in every place that shows foreign text, not made safe by any service boundary."""
    rows = []
    for index, raw in enumerate(HOSTILE):
        name = SafeText(raw)
        episode = EpisodeRow(
            season=1,
            number=1,
            state=State.DOWNLOADING,
            counted=True,
            title=name,
            note=raw,
            quality=name,
            torrents=(raw,),
        )
        diagnosis = Diagnosis(
            code="X",
            attention=Attention.WARN,
            message=raw,
            next_step=raw,
            evidence=(Evidence(service=Kind.SONARR, fact=raw, value=raw, instance=raw),),
        )
        rows.append(
            replace(
                pack(),
                id=f"seerr:seerr:{index}",
                title=name,
                original_title=name,
                requested_by=name,
                attention=Attention.WARN,
                phrases=(Phrase(code=Clause.SAID, text=raw),),
                diagnoses=(diagnosis,),
                flags=(Flag.STALE,),
                seasons=(SeasonRow(number=1, state=State.DOWNLOADING, ready=0, total=1, episodes=(episode,)),),
                releases=(Release(id=raw, title=name, state_word=name, indexer=name, files=((name, 0.5),)),),
                timeline=(TimelineEntry(at=NOON, state=State.APPROVED, service=Kind.SEERR, text=raw),),
            )
        )
    problems = tuple(
        Problem(
            kind=Kind.SONARR,
            name=raw,
            scope=raw,
            diagnosis=Diagnosis(code=f"P{index}", attention=Attention.ERROR, message=raw, next_step=raw),
        )
        for index, raw in enumerate(HOSTILE)
    )
    strays = tuple(
        Unassigned(kind="torrent", name=SafeText(raw), hash=raw, reason=raw, next_step=raw) for raw in HOSTILE
    )
    named = tuple(replace(one, error=SafeText(HOSTILE[0]), name=HOSTILE[1]) for one in services())
    return assemble(rows, problems, strays, named, NOON)


def nothing() -> World:
    """Services answer, and nothing is on its way."""
    return World(generated_at=NOON, services=services())


def all_ready() -> World:
    """Nothing moves, nothing is wrong."""
    rows = [film(number, State.AVAILABLE, phrases=(Phrase(code=Clause.READY),)) for number in range(1, 4)]
    return assemble(rows, (), (), services(), NOON)


def demo() -> World:
    """A simulated household."""
    return replace(household(), simulated=True)


def from_the_store() -> World:
    """What an earlier run knew, before anybody answers."""
    rows = [replace(row, flags=(Flag.RESTORED, Flag.STALE)) for row in household().requests]
    asked = tuple(replace(one, status=ServiceStatus.STARTING, last_ok_at=None, stale=True) for one in services())
    return replace(assemble(rows, (), (), asked, NOON), remembered_at=minutes(150))


def first_run() -> World:
    """The first frame of the first run: nobody has been asked yet."""
    asked = tuple(replace(one, status=ServiceStatus.STARTING, last_ok_at=None) for one in services())
    return World(generated_at=NOON, services=asked)


def all_down() -> World:
    """Nobody answers, nothing is remembered."""
    return World(generated_at=NOON, services=services(ServiceStatus.UNREACHABLE, error="connection refused"))


def with_row(world: World, row: RequestRow) -> World:
    """The same world with one row put in or exchanged."""
    rows = [one for one in world.requests if one.id != row.id]
    return assemble([*rows, row], world.problems, world.unassigned, world.services, world.generated_at)


def without(world: World, request: str) -> World:
    """The same world without a request."""
    rows = [one for one in world.requests if one.id != request]
    return assemble(rows, world.problems, world.unassigned, world.services, world.generated_at)

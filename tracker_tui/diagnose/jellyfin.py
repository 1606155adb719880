"""Imported, and Jellyfin does not show it: scans, placeholders, libraries that answer with nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from tracker_tui.diagnose.mapping import library_at, vfs_root
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, CommonRule, Later, Rule, Word, at, over, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.sweeps import refresh_evidence, sweep_since
from tracker_tui.diagnose.words import age_changes_at, listed
from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.states import Attention, Flag, State
from tracker_tui.model.world import Diagnosis, Evidence, Phrase, Problem
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.facts.emptied import Vanished
from tracker_tui.reconcile.unit.hold import DOUBT_FOR
from tracker_tui.reconcile.unit.verdict import Step

NOT_SCANNED = Code(
    name="NOT_SCANNED",
    levels=(Attention.WAIT, Attention.WARN),
    means="The file is imported, and Jellyfin has not taken it up: not scanned since, or scanned and not found.",
)
JF_SCAN_RUNNING = Code(
    name="JF_SCAN_RUNNING",
    levels=(Attention.WAIT,),
    means="Jellyfin scans now; a refresh would cancel and restart the scan.",
)
JF_STUB = Code(
    name="JF_STUB",
    levels=(Attention.INFO,),
    means="Jellyfin lists the title without a file: metadata only, nothing to play.",
)
JF_LEGACY_HEADER = Code(
    name="JF_LEGACY_HEADER",
    levels=(Attention.INFO,),
    means="Jellyfin 12 ignores the key header that older Sonarr and Radarr announce imports with.",
)
AMBIGUOUS_PATH = Code(
    name="AMBIGUOUS_PATH",
    levels=(Attention.WARN,),
    means="Several files in Shoko or items in Jellyfin fit the imported file equally well; none is chosen.",
)
VFS_LIBRARY_EMPTY = Code(
    name="VFS_LIBRARY_EMPTY",
    levels=(Attention.ERROR,),
    means="Everything in a library of Shokofin vanished at once: its virtual folder is probably missing.",
)
LIBRARY_EMPTY = Code(
    name="LIBRARY_EMPTY",
    levels=(Attention.WARN, Attention.ERROR),
    means="Everything in a library of Jellyfin, or in a service, vanished at once; nothing of it is believed yet.",
)
RECATEGORIZED = Code(
    name="RECATEGORIZED",
    levels=(Attention.INFO,),
    means="The film is in Jellyfin as an episode or special of a series.",
)


def scan_running(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Jellyfin scans now: the only thing to do is to wait (F12). Matched anime is the VFS rules' affair."""
    for ref, units in _by_server(matter.units(Step.IMPORTED, Step.REPLACED)):
        if scene.scanning(ref):
            said = scans(scene, ref)
            ready = matter.row.state is State.AVAILABLE
            yield over(units, replace(said, phrase=None) if ready else said, calms=True)


def scans(scene: Scene, ref: InstanceRef) -> Diagnosis:
    """Return the verdict about a running scan."""
    return JF_SCAN_RUNNING(
        f"{scene.name(ref)} scans its libraries now",
        None,
        scene.saw(ref, "library scan", "running"),
        phrase=Phrase(code=Clause.JELLYFIN_SCAN, fraction=scene.scan_percent(ref)),
    )


def not_scanned(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say whether Jellyfin has scanned since the import, and when it will (E11, D9, H2). Never a word about Shoko."""
    for ref, units in _by_server(matter.units(Step.IMPORTED, Step.REPLACED)):
        if scene.scanning(ref):
            continue
        untied = [
            unit
            for unit in units
            if unit.jellyfin is not None and unit.jellyfin.looked and not unit.jellyfin.found.tied
        ]
        if untied:
            homes = _homes(matter, scene, ref, untied)
            yield from missing_in_jellyfin(matter, scene, ref, untied, limit=_limit(scene, untied), libraries=homes)


def _homes(matter: Matter, scene: Scene, ref: InstanceRef, units: list[Unit]) -> list[Library]:
    """Return the libraries that should show the files: where a sweep of one of them did not, another would not."""
    plain = [one for one in scene.jellyfin(ref).libraries or () if not one.uses_shoko]
    found = (library_at(path, plain, is_movie=matter.row.is_movie) for path in _paths(units))
    return list(dict.fromkeys(one for one in found if one is not None))


def missing_in_jellyfin(
    matter: Matter,
    scene: Scene,
    ref: InstanceRef,
    units: list[Unit],
    *,
    limit: timedelta,
    libraries: Iterable[Library],
) -> Iterable[Word]:
    """Yield the verdicts about imported files that Jellyfin does not show: `limit` after its import one is late.

    `libraries` = those that should show them.
    """
    late = [unit for unit in units if unit.verdict.at is not None and scene.now - unit.verdict.at >= limit]
    young = [unit for unit in units if unit not in late]
    if matter.row.state is State.AVAILABLE:
        late, young = [], units
    if young:
        times = [unit.verdict.at for unit in young if unit.verdict.at is not None]
        yield over(
            young,
            NOT_SCANNED(
                f"{matter.does(young, 'is')} imported; {scene.name(ref)} has not taken {matter.it(young)} up yet"
                + _comes(scene, ref),
                None,
                *_missing_evidence(matter, scene, ref, young),
            ),
            calms=True,
            until=min(times) + limit if times else None,
        )
    if late:
        yield _late_in_jellyfin(matter, scene, ref, late, libraries)


def _late_in_jellyfin(
    matter: Matter, scene: Scene, ref: InstanceRef, units: list[Unit], libraries: Iterable[Library]
) -> Word:
    since = max((unit.verdict.at for unit in units if unit.verdict.at is not None), default=scene.now)
    imported = f"{matter.does(units, 'was')} imported {scene.age(since)} ago ({listed(_paths(units), 1)})"
    swept = sweep_since(scene, ref, since, matter.row.id, libraries)
    if swept is not None:
        found = f"{scene.name(ref)} has scanned since and does not find {matter.it(units)}"
        if swept.refresh is not None:
            when = scene.clock(swept.ended_at)
            found = f"your scan of {scene.name(ref)} that ended {when} did not bring {matter.it(units)}"
        words = f"{imported}; {found}{_comes(scene, ref)}"
        step = "Jellyfin → Dashboard → Libraries: check that a library holds this folder and Jellyfin can read it"
    else:
        ended = _last_scan(scene, ref)
        last = f"ended before that, at {scene.clock(ended)}" if ended is not None else "is not known"
        words = f"{imported}; {scene.name(ref)}'s last library scan {last}{_comes(scene, ref)}"
        step = "press v to scan the library, or Jellyfin → Dashboard → Scan All Libraries"
    evidence = _missing_evidence(matter, scene, ref, units)
    if swept is not None and swept.refresh is not None:
        evidence.append(refresh_evidence(scene, ref, swept.refresh))
    return over(
        units,
        NOT_SCANNED(words, step, *evidence, level=Attention.WARN),
        until=age_changes_at(since, scene.now),
    )


def _comes(scene: Scene, ref: InstanceRef) -> str:
    coming = scene.next_scan(ref)
    return f"; next scan {coming}" if coming else ""


def _missing_evidence(matter: Matter, scene: Scene, ref: InstanceRef, units: list[Unit]) -> list[Evidence]:
    files = [
        scene.saw(matter.arr, "file", unit.file.path, unit.verdict.at)
        for unit in units[:3]
        if unit.file is not None and unit.file.path is not None
    ]
    return files + scan_evidence(scene, ref)


def _last_scan(scene: Scene, ref: InstanceRef) -> datetime | None:
    task = scene.scan(ref)
    return (task.last_ended_at or task.last_started_at) if task is not None else None


def scan_evidence(scene: Scene, ref: InstanceRef) -> list[Evidence]:
    """Return when Jellyfin last scanned and will scan, as far as known."""
    ended = _last_scan(scene, ref)
    coming = scene.next_scan(ref)
    found = [scene.saw(ref, "last library scan ended", scene.clock(ended), ended)] if ended is not None else []
    return found + ([scene.saw(ref, "next library scan", coming)] if coming else [])


def _limit(scene: Scene, units: list[Unit]) -> timedelta:
    """Return how long Jellyfin may lack them: an upgraded file was playable a moment ago, so less (D9)."""
    return scene.limits.upgrade_gap if all(_upgraded(unit) for unit in units) else scene.limits.importing


def _upgraded(unit: Unit) -> bool:
    deletions = [event for event in unit.history if event.kind is HistoryKind.DELETED]
    return bool(deletions) and (deletions[-1].reason or "").lower() == "upgrade"


def _paths(units: Iterable[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.file.path for unit in units if unit.file is not None and unit.file.path))


def legacy_header(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Hint at Jellyfin 12, which no longer hears older Sonarr and Radarr say "imported"."""
    for ref, units in _by_server(matter.units(Step.IMPORTED)):
        version = next(
            (row.version for row in scene.around.services if (row.kind, row.name) == (ref.kind, ref.name)), None
        )
        late = [unit for unit in units if unit.verdict.at and scene.now - unit.verdict.at >= scene.limits.importing]
        major = (version or "").partition(".")[0]
        if late and major.isdigit() and int(major) >= 12:
            arr = matter.arr
            yield over(
                late,
                JF_LEGACY_HEADER(
                    f"{scene.name(ref)} {version} ignores the key header that older Sonarr and Radarr send with "
                    '"Update Library": their announcements may fail with 401',
                    f"update {arr.kind.title}, or enable legacy authorization in Jellyfin's configuration",
                    scene.saw(ref, "version", version),
                ),
                place=at(ref),
            )


def stub(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that what Jellyfin lists is only metadata (E12)."""
    units = [
        unit
        for unit in matter.units(Step.IMPORTED, Step.MATCHED)
        if unit.jellyfin is not None and unit.jellyfin.found.stub is not None
    ]
    for ref, some in _by_server(units):
        yield over(
            some,
            JF_STUB(
                f"{scene.name(ref)} lists {matter.what(some)} without a file",
                None,
                scene.saw(ref, "item without a file", _stub_name(some[0])),
            ),
        )


def _stub_name(unit: Unit) -> str:
    found = unit.jellyfin.found.stub if unit.jellyfin is not None else None
    return (found.name or found.id) if found is not None else "yes"


def ambiguous_path(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name the candidates that fit equally well (E7)."""
    for unit in matter.moving:
        if unit.file is None or unit.file.path is None:
            continue
        named: tuple[InstanceRef, list[str]] | None = None
        if unit.shoko is not None and unit.shoko.match.tied:
            paths = [" ".join(filter(None, (f"file {one.id}", _place_of(one)))) for one in unit.shoko.match.tied]
            named = unit.shoko.ref, paths
        elif unit.jellyfin is not None and unit.jellyfin.found.tied:
            named = unit.jellyfin.ref, [one.path or one.id for one in unit.jellyfin.found.tied]
        if named is not None:
            ref, paths = named
            yield over(
                [unit],
                AMBIGUOUS_PATH(
                    f"{scene.name(ref)} has several entries that fit {unit.file.path} equally well: {listed(paths)}",
                    "give the files or folders names of their own, or set [paths] in the configuration",
                    *(scene.saw(ref, "candidate", path) for path in paths[:5]),
                ),
            )


def _place_of(file: ShokoFile) -> str | None:
    return next((place.absolute_path or place.relative_path for place in file.locations), None)


def recategorized(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say where in Jellyfin a film is to be found that is no film there (F15)."""
    if not matter.row.is_movie:
        return
    for unit in matter.units(Step.PLAYABLE):
        item = unit.jellyfin.found.item if unit.jellyfin is not None else None
        if item is None or unit.jellyfin is None or item.type != "Episode":
            continue
        what = "a special" if item.season == 0 else "an episode"
        where = f" of {item.series_name}" if item.series_name else ""
        yield over(
            [unit],
            RECATEGORIZED(
                f"{scene.name(unit.jellyfin.ref)} lists the film as {what}{where}",
                None,
                scene.saw(unit.jellyfin.ref, "item", item.path or item.name or item.id),
                phrase=Phrase(code=Clause.SAID, text=f"listed as {what}{where}"),
            ),
        )


# --- emptied libraries -----------------------------------------------------------------------------------------------


def emptied(scene: Scene) -> Iterable[Problem | Later]:
    """Say once that a library or a whole service answers with nothing (F11)."""
    for gone in scene.around.vanished:
        if scene.down(gone.ref):
            continue
        believed_at = gone.since + DOUBT_FOR
        if gone.ref.kind is not Kind.QBITTORRENT:
            yield problem(at(gone.ref, _scope(scene, gone)), empty(scene, gone))
        elif scene.now < believed_at:  # somebody may well have emptied a client on purpose
            yield Later(at=believed_at)
            yield problem(at(gone.ref, _scope(scene, gone)), empty(scene, gone))


def emptied_rows(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Let rows whose readiness is doubted say why."""
    for gone in scene.around.vanished:
        doubted = [unit for unit in matter.units(Step.PLAYABLE) if Flag.DOUBTFUL in unit.verdict.flags]
        if doubted and gone.ref.kind is Kind.JELLYFIN and matter.case.memory.library == gone.key:
            yield over(doubted, empty(scene, gone), place=at(gone.ref, _scope(scene, gone)))


def emptied_place(scene: Scene, gone: Vanished) -> tuple[Diagnosis, str | None]:
    """Return the verdict about an emptied library, and its name."""
    return empty(scene, gone), _scope(scene, gone)


def _scope(scene: Scene, gone: Vanished) -> str | None:
    if gone.ref.kind is not Kind.JELLYFIN:
        return None
    library = scene.library(gone.ref, gone.key)
    return library.name if library is not None else gone.key


def empty(scene: Scene, gone: Vanished) -> Diagnosis:
    """Return the verdict about a scope that answers with nothing."""
    name = scene.name(gone.ref)
    seen = scene.saw(gone.ref, "items", f"0 (before: {gone.before})", gone.since)
    if gone.ref.kind is not Kind.JELLYFIN:
        return LIBRARY_EMPTY(
            f"{name} lists no {gone.key} any more; it had {gone.before} before {scene.clock(gone.since)}",
            f"check {name}'s database and configuration folder",
            seen,
            level=Attention.WARN if gone.ref.kind is Kind.QBITTORRENT else Attention.ERROR,
        )
    library = scene.library(gone.ref, gone.key)
    title = library.name if library is not None else gone.key
    lost = f'{gone.before} titles vanished from {name}\'s library "{title}" at {scene.clock(gone.since)}'
    phrase = Phrase(code=Clause.SAID, text=f"{title} library is empty in Jellyfin")
    if library is not None and library.uses_shoko:
        folder = vfs_root(library) or f"of library {gone.key}"
        return VFS_LIBRARY_EMPTY(
            f"{lost}; its virtual folder is probably missing",
            f"check Shokofin's VFS folder {folder}, then press v to refresh",
            seen,
            phrase=phrase,
        )
    step = "check that the library's folder is mounted in Jellyfin"
    return LIBRARY_EMPTY(lost, step, seen, phrase=phrase, level=Attention.ERROR)


def _by_server(units: Iterable[Unit]) -> list[tuple[InstanceRef, list[Unit]]]:
    groups: dict[InstanceRef, list[Unit]] = {}
    for unit in units:
        if unit.jellyfin is not None:
            groups.setdefault(unit.jellyfin.ref, []).append(unit)
    return list(groups.items())


CODES = (
    NOT_SCANNED,
    JF_SCAN_RUNNING,
    JF_STUB,
    JF_LEGACY_HEADER,
    AMBIGUOUS_PATH,
    VFS_LIBRARY_EMPTY,
    LIBRARY_EMPTY,
    RECATEGORIZED,
)
RULES: tuple[Rule, ...] = (
    scan_running,
    not_scanned,
    legacy_header,
    stub,
    ambiguous_path,
    recategorized,
    emptied_rows,
)
COMMON_RULES: tuple[CommonRule, ...] = (emptied,)

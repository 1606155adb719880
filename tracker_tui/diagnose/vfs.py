"""Matched in Shoko and not in Jellyfin: what Shokofin's virtual file system does with it (checks 8 to 22 of the tree).

Causes are asked in the order in which one rules out the next; a file that one of them explains is not asked about
again. A refresh is only recommended where nothing says that it cannot help.
"""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.diagnose.filters import extras_only, filtered, hidden, iterative, no_tmdb, several_series
from tracker_tui.diagnose.jellyfin import emptied_place, missing_in_jellyfin, scan_evidence, scans
from tracker_tui.diagnose.mapping import mapped_folders, without_vfs
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.mounts import media_folders, virtual_folder
from tracker_tui.diagnose.plugin import connection_lost, no_library, no_shoko, plugin_missing
from tracker_tui.diagnose.rule import Code, Rule, Said, Word, at, node_of, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.sweeps import Sweep, refresh_evidence
from tracker_tui.diagnose.waiting import Cause, Waiting, file_of, says
from tracker_tui.diagnose.words import listed
from tracker_tui.model.jellyfin import Library
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, Evidence
from tracker_tui.reconcile.case import Preview, Unit
from tracker_tui.reconcile.request.summary import matched_since
from tracker_tui.reconcile.unit.verdict import Step

VFS_UNMAPPED = Code(
    name="VFS_UNMAPPED",
    levels=(Attention.ERROR,),
    means="A library of Shokofin maps to no Shoko folder, so its virtual folder stays empty.",
)
VFS_IGNORED = Code(
    name="VFS_IGNORED",
    levels=(Attention.ERROR,),
    means="Shokofin ignores the media folder of the files: a .shoko-ignore file lies in it.",
)
VFS_OTHER_FOLDER = Code(
    name="VFS_OTHER_FOLDER",
    levels=(Attention.ERROR,),
    means="The files lie in a Shoko folder that no library of Shokofin maps.",
)
VFS_MISSING_ENTRY = Code(
    name="VFS_MISSING_ENTRY",
    levels=(Attention.WAIT, Attention.WARN),
    means="Shoko matched the file, nothing forbids it, and Jellyfin does not have it: refresh first, then look closer.",
)


def matched_and_missing(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say why Jellyfin lacks what Shoko matched: the first cause that explains a file is its verdict."""
    units = [
        unit
        for unit in matter.units(Step.MATCHED)
        if unit.jellyfin is not None
        and unit.jellyfin.looked
        and not unit.jellyfin.found.tied
        and unit.shoko is not None
        and unit.shoko.match.file is not None
    ]
    if not units or units[0].jellyfin is None or units[0].shoko is None:
        return
    waiting = Waiting(matter, scene, units[0].jellyfin.ref, units[0].shoko.ref)
    for cause in _CAUSES:
        said = list(cause(waiting, units)) if units else []
        yield from said
        units = [unit for unit in units if not any(isinstance(one, Said) and one.covers(node_of(unit)) for one in said)]


def _emptied(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A library that vanished as a whole explains everything in it (F11)."""
    for gone in waiting.scene.around.vanished:
        library = waiting.scene.library(waiting.ref, gone.key) if gone.ref == waiting.ref else None
        if library is None or not library.uses_shoko:
            continue
        inside = [unit for unit in units if _belongs(waiting, unit, library)]
        if inside:
            diagnosis, scope = emptied_place(waiting.scene, gone)
            yield over(inside, diagnosis, place=at(waiting.ref, scope))


def _belongs(waiting: Waiting, unit: Unit, library: Library) -> bool:
    target = waiting.target(unit)
    if target.known:
        return library in target.holding
    return waiting.matter.case.memory.library in {None, library.id, library.name}


def _unmapped(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A library without a Shoko folder shows nothing: once per library, never per episode (F7)."""
    for group in waiting.alike(units, lambda unit: _without_home(waiting, unit) or None):
        for library in _without_home(waiting, group[0]):
            yield over(group, _no_mapping(waiting, group, library), place=at(waiting.ref, library.name))


def _ignored(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A folder that the plugin was told to ignore is not unmapped: somebody wanted it so (check 14)."""
    for group in waiting.alike(units, lambda unit: waiting.target(unit).ignored or None):
        target = waiting.target(group[0])
        if target.holding:
            continue
        for library, path in target.ignored:
            yield over(
                group,
                VFS_IGNORED(
                    f'Shokofin in {waiting.scene.name(waiting.ref)} ignores {path}, a folder of "{library.name}"',
                    f"remove the file .shoko-ignore from {path}, restart Jellyfin, then refresh",
                    waiting.scene.saw(waiting.ref, f"mapping of {library.name}", f"{path}: ignored"),
                    phrase=says("in a folder that Shokofin ignores"),
                ),
                place=at(waiting.ref, library.name),
            )


def _without_home(waiting: Waiting, unit: Unit) -> tuple[Library, ...]:
    target = waiting.target(unit)
    return target.unmapped if target.known and not target.holding else ()


def _no_mapping(waiting: Waiting, units: list[Unit], library: Library) -> Diagnosis:
    scene, config = waiting.scene, waiting.config
    has = [
        f"{folder.path or 'a folder'} → {folder.folder_id}"
        for folder in (config.folders if config is not None else None) or ()
        if folder.library_id == library.id
    ]
    present = listed(has) or "no entry"
    should = _folders_of(waiting, units)
    return VFS_UNMAPPED(
        f'Shokofin maps {scene.name(waiting.ref)}\'s library "{library.name}" to no Shoko folder ({present}); '
        f"it should have {should}",
        f"Shokofin → Library settings → map {library.name} to {should} (or edit the plugin's folder mapping), "
        "restart Jellyfin, then refresh",
        scene.saw(waiting.ref, f"mapping of {library.name}", present),
        scene.saw(waiting.shoko, "folder of the files", should),
        phrase=says("library not mapped in Shokofin"),
    )


def _folders_of(waiting: Waiting, units: list[Unit]) -> str:
    names = {one.id: one.name or one.path or "" for one in waiting.scene.shoko(waiting.shoko).folders or ()}
    ids = dict.fromkeys(
        place.folder_id for unit in units for place in file_of(unit).locations if place.folder_id is not None
    )
    return listed([f"{number} {names.get(number, '')}".strip() for number in ids])


def _other_folder(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """The libraries have folders, and the file lies in none of them: once per Shoko folder (check 13)."""
    homeless = [unit for unit in units if (target := waiting.target(unit)).known and not target.holding]
    for group in waiting.alike(homeless, lambda unit: _folders_of(waiting, [unit])):
        config, target = waiting.config, waiting.target(group[0])
        if config is None or not target.others:
            continue
        where = _folders_of(waiting, group)
        maps = listed(
            [
                f"{library.name}: {folder.folder_id} {folder.folder_name or ''}".strip()
                + (f" ({folder.relative_path})" if folder.relative_path else "")
                for library in target.others
                for folder in mapped_folders(config, library)
            ]
        )
        yield over(
            group,
            VFS_OTHER_FOLDER(
                f"The files lie in Shoko folder {where}, which no library of {waiting.scene.name(waiting.ref)} "
                f"maps ({maps})",
                "add that folder to a Jellyfin library of Shokofin, or let Shoko scan the library's own folder",
                waiting.scene.saw(waiting.shoko, "folder of the files", where),
                waiting.scene.saw(waiting.ref, "mapped folders", maps),
                phrase=says("in a Shoko folder that no library maps"),
            ),
            place=at(waiting.ref, f"Shoko folder {where}"),
        )


def _plain_library(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Libraries that show their folders as they are need a scan like any other: no word about the VFS (check 14)."""
    config = waiting.config
    if config is None or waiting.scene.scanning(waiting.ref):
        return
    plain = [unit for unit in units if without_vfs(config, waiting.target(unit).holding)]
    if plain:
        limit, homes = waiting.scene.limits.not_in_jellyfin, waiting.homes(plain)
        yield from missing_in_jellyfin(waiting.matter, waiting.scene, waiting.ref, plain, limit=limit, libraries=homes)


# --- nothing forbids it ---


def _scanning(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    if waiting.scene.scanning(waiting.ref):
        yield over(units, scans(waiting.scene, waiting.ref), calms=True)


def _not_linked(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A lost connection explains it, unless a sweep since the match did not bring the files either."""
    swept = waiting.swept(units) is not None
    lost = list(connection_lost(waiting, units, swept=swept))
    yield from lost
    if swept or not lost:
        yield from _missing_entry(waiting, units)


def _missing_entry(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Wait while it is young or Shoko still works on the rest; then what is late."""
    scene, matter, name = waiting.scene, waiting.matter, waiting.scene.name(waiting.ref)
    limit = scene.limits.not_in_jellyfin
    busy = matter.units(Step.HASHING, Step.IDENTIFYING)
    times = {node_of(unit): matched_since([unit]) for unit in units}
    late = [unit for unit in units if (at_ := times[node_of(unit)]) is not None and scene.now - at_ >= limit]
    if busy:
        late = []
    young = [unit for unit in units if unit not in late]
    if young:
        known = [at_ for unit in young if (at_ := times[node_of(unit)]) is not None]
        then = (
            f"it still works on {matter.what(busy)}, {name} comes after that"
            if busy
            else f"{name} does not show {matter.it(young)} yet"
        )
        yield over(
            young,
            VFS_MISSING_ENTRY(f"Shoko matched {matter.what(young)}; {then}", None, *_evidence(waiting, young)),
            calms=True,
            until=min(known) + limit if known and not busy else None,
        )
    if late:
        yield _late_entry(waiting, late)


def _late_entry(waiting: Waiting, units: list[Unit]) -> Word:
    """Refresh once; if Jellyfin has looked since the match and not found it either, look closer instead (F6)."""
    scene, ref = waiting.scene, waiting.ref
    name, since, task = scene.name(ref), matched_since(units) or scene.now, scene.scan(ref)
    ended_at = task.last_ended_at if task is not None else None
    matched = f"Shoko matched {waiting.matter.what(units)} at {scene.clock(since)}"
    swept = waiting.swept(units)
    evidence = _evidence(waiting, units)
    previewed = _previewed(waiting, units, after=max(since, swept.ended_at) if swept is not None else since)
    if previewed is not None:
        said, step, seen = previewed
        return over(units, VFS_MISSING_ENTRY(f"{matched}; {said}", step, *evidence, seen, level=Attention.WARN))
    if swept is not None:
        words = f"{matched}; {_in_vain(waiting, swept, waiting.matter.it(units))}"
        step = "press x for Shokofin's VFS preview, and check its filters and folder mapping"
        evidence += [refresh_evidence(scene, ref, swept.refresh)] if swept.refresh is not None else []
    else:
        last = (
            f"{name}'s last scan ended {scene.clock(ended_at)}"
            if ended_at
            else f"{name} has not taken {waiting.matter.it(units)} up"
        )
        words = f"{matched}; {last}"
        step = f"press v to refresh the VFS of {_library_name(waiting, units[0])}"
    return over(units, VFS_MISSING_ENTRY(words, step, *evidence, level=Attention.WARN))


def _previewed(waiting: Waiting, units: list[Unit], *, after: datetime) -> tuple[str, str, Evidence] | None:
    """Return what Shokofin's dry run says of all the files, and what follows (check 22); None without a newer one."""
    known = [waiting.view.previews.get(file_of(unit).id) for unit in units]
    told = [one for one in known if one is not None and one.at > after]
    if not told or len(told) < len(known):
        return None
    scene, when = waiting.scene, waiting.scene.clock(told[0].at)
    would, linked = sum(one.would for one in told), sum(one.linked for one in told)
    it, seen = waiting.matter.it(units), f"{would} would be linked, {linked} are, {len(told) - would - linked} left out"
    evidence = scene.saw(waiting.ref, "Shokofin's preview", seen, told[0].at)
    if would:
        said = f"Shokofin's preview at {when} would link {_part(would, told)}: its memory, or the time, kept {it} out"
        return said, f"press v to refresh the VFS of {_library_name(waiting, units[0])}", evidence
    if linked:
        said = f"Shokofin has linked {_part(linked, told)}, as its preview at {when} says"
        return (
            f"{said}, and {scene.name(waiting.ref)} does not list {it}",
            "Jellyfin → Dashboard → Logs: look for the name of the show",
            evidence,
        )
    said = f"Shokofin's preview at {when} links none of {it}, though nothing that can be read forbids it"
    return said, "Jellyfin → Dashboard → Logs: look for Shokofin's words about these files", evidence


def _part(number: int, told: list[Preview]) -> str:
    if number < len(told):
        return f"{number} of {len(told)} files"
    return "it" if number == 1 else "them"


def _in_vain(waiting: Waiting, swept: Sweep, them: str) -> str:
    ended = waiting.scene.clock(swept.ended_at)
    if swept.refresh is None:
        return f"{waiting.scene.name(waiting.ref)} scanned again, ended {ended}, and still lacks {them}"
    return f"your refresh that ended {ended} did not bring {them}"


def _evidence(waiting: Waiting, units: list[Unit]) -> list[Evidence]:
    found = _match_evidence(waiting, units, matched_since(units))
    found += scan_evidence(waiting.scene, waiting.ref) + _mapping_evidence(waiting, units[0])
    unknown = listed(_unknown(waiting, units[0]), 10)
    return found + ([waiting.scene.saw(waiting.ref, "could not be read", unknown)] if unknown else [])


def _unknown(waiting: Waiting, unit: Unit) -> list[str]:
    """Return what would tell more and is not to be had: a version without it, a key without the right, a failure."""
    asked = {
        "library scan": waiting.scene.scan(waiting.ref),
        "libraries": waiting.view.libraries,
        "plugins": waiting.view.plugins,
        "SignalR status": waiting.plugin.signalr,
        "whether Shokofin reaches Shoko": waiting.plugin.host_reachable,
        "Shoko's series": waiting.series(file_of(unit)),
    }
    return [name for name, known in asked.items() if known is None]


def _match_evidence(waiting: Waiting, units: list[Unit], since: datetime | None) -> list[Evidence]:
    ids = listed([str(file_of(unit).id) for unit in units], 5)
    return [waiting.scene.saw(waiting.shoko, "matched files", ids, since)]


def _mapping_evidence(waiting: Waiting, unit: Unit) -> list[Evidence]:
    target = waiting.target(unit)
    if not target.known:
        return [waiting.scene.saw(waiting.ref, "folder mapping of Shokofin", "could not be read")]
    names = listed([library.name for library in target.holding])
    return [waiting.scene.saw(waiting.ref, "libraries that map the folder", names)] if names else []


def _library_name(waiting: Waiting, unit: Unit) -> str:
    target = waiting.target(unit)
    names = [library.name for library in target.holding]
    return names[0] if len(names) == 1 else "its library"


_CAUSES: tuple[Cause, ...] = (
    _emptied,
    plugin_missing,
    no_shoko,
    no_library,
    _ignored,
    _unmapped,
    _other_folder,
    _plain_library,
    filtered,
    hidden,
    extras_only,
    no_tmdb,
    several_series,
    media_folders,
    iterative,
    _scanning,
    virtual_folder,
    _not_linked,
)

CODES = (VFS_UNMAPPED, VFS_IGNORED, VFS_OTHER_FOLDER, VFS_MISSING_ENTRY)
RULES: tuple[Rule, ...] = (matched_and_missing,)

"""Complete in the client, on its way into the library of Sonarr or Radarr."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.diagnose.health import PATH_TROUBLE
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Word, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import age_changes_at, listed
from tracker_tui.model.arr import HistoryKind, QueueRecord
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import Attention, State
from tracker_tui.model.torrents import Torrent
from tracker_tui.model.world import Diagnosis, Evidence, Phrase
from tracker_tui.reconcile.case import Download, Unit
from tracker_tui.reconcile.joins.paths import segments
from tracker_tui.reconcile.unit.verdict import Step

IMPORT_BLOCKED = Code(
    name="IMPORT_BLOCKED",
    levels=(Attention.INFO, Attention.ERROR),
    means="Sonarr or Radarr refuses to import a complete download and waits for a person; its own words are shown. "
    "Info where it would only have replaced a file that is there.",
    lasting=True,
)
IMPORT_PENDING = Code(
    name="IMPORT_PENDING",
    levels=(Attention.WAIT, Attention.WARN),
    means="The download is complete; Sonarr or Radarr is about to import it.",
)
QUEUE_DESYNC = Code(
    name="QUEUE_DESYNC",
    levels=(Attention.ERROR,),
    means="The download is complete in the client, and the queue of Sonarr or Radarr does not know it.",
)
IMPORTED_MANUALLY = Code(
    name="IMPORTED_MANUALLY",
    levels=(Attention.INFO,),
    means="A person imported the files by hand; the download counts as done.",
)


def import_blocked(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Pass on why Sonarr or Radarr refuses, verbatim, with the path (E1)."""
    arr = matter.arr
    for download, units in _blocked_upgrades(matter):
        words = said_in_queue(download)
        yield over(
            units,
            IMPORT_BLOCKED(
                f"{scene.name(arr)} does not import the upgrade of {matter.what(units)}{quoted(words)}; "
                "what is there stays",
                f"{arr.kind.title} → Activity → Queue → Manual Import, or remove it from the queue",
                scene.saw(arr, "queue", download.records[0].tracked_state or download.records[0].status or "blocked"),
                *_verbatim(scene, arr, words),
                level=Attention.INFO,
            ),
        )
    for download, units in _by_download(matter.units(Step.IMPORT_BLOCKED)):
        record = download.records[0] if download.records else None
        words = said_in_queue(download)
        path = record.output_path if record is not None else None
        torrent = download.torrent.torrent if download.torrent is not None else None
        path = path or (torrent.content_path if torrent is not None else None)
        where = f" ({path})" if path else ""
        if torrent is not None and _is_save_path(torrent):
            yield over(units, _path_trouble(matter, scene, units, download, words))
            continue
        yield over(
            units,
            IMPORT_BLOCKED(
                f"{scene.name(arr)} does not import {matter.what(units)}{quoted(words)}{where}",
                _way_in(matter, record, words),
                scene.saw(arr, "queue", record.tracked_state or record.status if record is not None else "blocked"),
                *_verbatim(scene, arr, words),
                level=Attention.ERROR,
            ),
        )


def _way_in(matter: Matter, record: QueueRecord | None, words: list[str]) -> str:
    """Return how to get the files imported: where it never came to importing, Sonarr does not even find them."""
    name = matter.arr.kind.title
    if any("free space" in word.lower() for word in words):
        return f"free space on the disk of the library, then {name} → Activity → Queue → Manual Import"
    if record is not None and record.tracked_state == "downloading":
        return f"{name} → Settings → Download Clients → Remote Path Mappings: is the folder where {name} looks for it?"
    what = "the movie" if matter.row.is_movie else "the series and episodes"
    return f"{name} → Activity → Queue → Manual Import, choose {what}"


def said_in_queue(download: Download) -> list[str]:
    """Return what the queue of Sonarr or Radarr says of a download, each message once."""
    messages = [message for one in download.records for message in one.messages]
    words: list[str] = list(dict.fromkeys(word for message in messages for word in message.messages))
    return words + [one.error_message for one in download.records[:1] if one.error_message]


def _blocked_upgrades(matter: Matter) -> list[tuple[Download, list[Unit]]]:
    groups: dict[str, tuple[Download, list[Unit]]] = {}
    for unit in matter.upgrading:
        download = next((one for one in unit.live if one.key == unit.verdict.downloads[0]), None)
        if unit.verdict.upgrade_blocked and download is not None:
            groups.setdefault(download.key, (download, []))[1].append(unit)
    return list(groups.values())


def _path_trouble(matter: Matter, scene: Scene, units: list[Unit], download: Download, said: list[str]) -> Diagnosis:
    path = download.torrent.torrent.save_path if download.torrent is not None else None
    arr = matter.arr
    seen = (scene.saw(download.torrent.ref, "content path", path),) if download.torrent is not None else ()
    return PATH_TROUBLE(
        f"The torrent of {matter.what(units)} has no folder of its own: its content path is the whole "
        f"download folder {path}, which {scene.name(arr)} never imports{quoted(said)}",
        f"{arr.kind.title} → Wanted → Manual Import, choose its files in {path}",
        *seen,
        *_verbatim(scene, arr, said),
        level=Attention.ERROR,
    )


def quoted(words: list[str]) -> str:
    """Return messages as the end of a sentence; nothing where there are none."""
    return f': "{listed(words)}"' if words else ""


def _verbatim(scene: Scene, arr: InstanceRef, words: list[str]) -> list[Evidence]:
    return [scene.saw(arr, "status message", word) for word in words[:5]]


def _is_save_path(torrent: Torrent) -> bool:
    if torrent.content_path is None or torrent.save_path is None:
        return False
    return bool(segments(torrent.save_path)) and segments(torrent.content_path) == segments(torrent.save_path)


def import_pending(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the import is near."""
    arr = matter.arr
    step = f"{arr.kind.title} → Activity → Queue: see whether it says why"
    for download, units in _by_download(matter.units(Step.IMPORT_PENDING)):
        record = download.records[0] if download.records else None
        word = record.tracked_state if record is not None else None
        yield over(
            units,
            IMPORT_PENDING(
                f"{scene.name(arr)} is about to import {matter.what(units)}",
                step,
                scene.saw(arr, "queue", word or "import pending", _completed_at(download, units)),
            ),
        )
    for download, units in _by_download(matter.units(Step.COMPLETE)):
        if download.records:
            yield over(
                units,
                IMPORT_PENDING(
                    f"The download of {matter.what(units)} is complete; {scene.name(arr)} imports {matter.it(units)} "
                    "when it next looks at its queue (once a minute)",
                    step,
                    scene.saw(arr, "queue", download.records[0].status or "listed", _completed_at(download, units)),
                ),
            )


def queue_desync(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that Sonarr or Radarr lost sight of a complete download (E2); not where it cannot reach the client."""
    arr = matter.arr
    view = scene.around.arrs.get(arr)
    if view is None or scene.down(arr):
        return
    for download, units in _by_download(matter.units(Step.COMPLETE)):
        since = _completed_at(download, units)
        if download.records or download.torrent is None or since is None:
            continue
        asked = view.queue_at is not None and view.queue_at > since
        late_at = since + scene.limits.queue_desync
        if not asked or scene.now < late_at:
            waits = IMPORT_PENDING(
                f"The download of {matter.what(units)} is complete; {scene.name(arr)} has not taken notice yet",
                None,
                scene.saw(download.torrent.ref, "complete since", scene.clock(since), since),
            )
            yield over(units, waits, calms=True, until=late_at)
            continue
        if scene.checks(arr, "DownloadClientStatusCheck", "DownloadClientCheck"):
            continue
        yield _desync(matter, scene, units, download, since)


def _desync(matter: Matter, scene: Scene, units: list[Unit], download: Download, since: datetime) -> Word:
    arr = matter.arr
    torrent = download.torrent.torrent if download.torrent is not None else None
    ref = download.torrent.ref if download.torrent is not None else arr
    name, folder = arr.kind.title, torrent.save_path if torrent is not None else None
    evidence = [
        scene.saw(ref, "complete since", scene.clock(since), since),
        scene.saw(arr, "queue", "does not list it"),
        *_desync_checks(scene, arr, ref, torrent),
    ]
    step = f"{name} → Wanted → Manual Import{f' from {folder}' if folder else ''}, or restart {name}"
    strange = _strange_category(scene, arr, torrent)
    if strange is not None:
        step = f"qBittorrent → set the torrent's category to {strange}"
    return over(
        units,
        QUEUE_DESYNC(
            f"{matter.does(units, 'has')} been complete in {scene.name(ref)} for {scene.age(since)}, "
            f"and {scene.name(arr)}'s queue does not know {matter.it(units)}",
            step,
            *evidence,
            phrase=Phrase(code=Clause.SAID, text=f"{name} is not importing {matter.it(units)}"),
        ),
        until=age_changes_at(since, scene.now),
    )


def _desync_checks(scene: Scene, arr: InstanceRef, ref: InstanceRef, torrent: Torrent | None) -> list[Evidence]:
    """Return what can be read of the usual causes: category, completed download handling, connection."""
    known = sorted(_categories(scene, arr))
    off = scene.checks(arr, "ImportMechanismCheck")
    found = [
        scene.saw(arr, "completed download handling", off[0].message or "off" if off else "no complaint"),
        scene.saw(arr, "connection to the client", "no complaint"),
    ]
    if torrent is not None:
        found.append(scene.saw(ref, "category", torrent.category or "none"))
        found.append(scene.saw(ref, "content path", torrent.content_path or "unknown"))
    if known:
        found.append(scene.saw(arr, "category of the client", ", ".join(known)))
    return found


def _categories(scene: Scene, arr: InstanceRef) -> set[str]:
    view = scene.around.arrs.get(arr)
    return {one.category for one in view.clients if one.category} if view is not None else set()


def _strange_category(scene: Scene, arr: InstanceRef, torrent: Torrent | None) -> str | None:
    """Return the category the torrent should have, if it has another one."""
    known = _categories(scene, arr)
    if torrent is None or len(known) != 1 or torrent.category in known:
        return None
    view = scene.around.arrs.get(arr)
    done = {one.imported_category for one in view.clients} if view is not None else set()
    return None if torrent.category in done else next(iter(known))


_WITH_FILE = {State.IMPORTING, State.ANIME_MATCHING, State.MATCH_FAILED}


def imported_manually(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that a person did it, so that the torrent's silence surprises nobody (E8)."""
    units: list[Unit] = []
    for unit in matter.moving:
        if unit.verdict.state not in _WITH_FILE or unit.verdict.step is Step.IMPORTS:
            continue
        imports = [event for event in unit.history if event.kind is HistoryKind.IMPORTED]
        grabbed = any(one.grabbed is not None for one in unit.downloads)
        if grabbed and imports and imports[-1].download_key is None:
            units.append(unit)
    if units:
        at = max(unit.history[-1].at for unit in units)
        arr = matter.arr
        yield over(
            units,
            IMPORTED_MANUALLY(
                f"{matter.does(units, 'was')} imported manually in {scene.name(arr)} at {scene.clock(at)}",
                None,
                scene.saw(arr, "import without a download id", scene.clock(at), at),
            ),
        )


def _by_download(units: Iterable[Unit]) -> list[tuple[Download, list[Unit]]]:
    groups: dict[str, tuple[Download, list[Unit]]] = {}
    for unit in units:
        complete = (one for one in unit.live if one.torrent is not None and one.torrent.torrent.complete)
        blocked = (one for one in unit.live if any(record.tracked_state is not None for record in one.records))
        chosen = next(complete, None) or next(blocked, None) or next(iter(unit.live), None)
        if chosen is not None:
            groups.setdefault(chosen.key, (chosen, []))[1].append(unit)
    return list(groups.values())


def _completed_at(download: Download, units: list[Unit]) -> datetime | None:
    if download.torrent is not None and download.torrent.torrent.completed_at is not None:
        return download.torrent.torrent.completed_at
    return min((unit.row.since for unit in units if unit.row is not None and unit.row.since is not None), default=None)


CODES = (IMPORT_BLOCKED, IMPORT_PENDING, QUEUE_DESYNC, IMPORTED_MANUALLY)
RULES: tuple[Rule, ...] = (import_blocked, import_pending, queue_desync, imported_manually)

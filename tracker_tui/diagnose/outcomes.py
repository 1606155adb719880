"""How downloads ended: gone, failed, their file deleted, or replaced by a better one."""

from collections.abc import Iterable

from tracker_tui.diagnose.download import by_download
from tracker_tui.diagnose.imports import quoted, said_in_queue
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Word, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.model.arr import HistoryKind, HistoryRecord
from tracker_tui.model.fractions import percent
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, State
from tracker_tui.reconcile.case import Download, Unit
from tracker_tui.reconcile.unit.downloads import grabbed_at
from tracker_tui.reconcile.unit.verdict import Step

TORRENT_GONE = Code(
    name="TORRENT_GONE",
    levels=(Attention.WARN,),
    means="It was grabbed; now neither client nor queue has the download, and it was not imported.",
)
FILE_DELETED = Code(
    name="FILE_DELETED", levels=(Attention.WARN,), means="The imported file was deleted; it is wanted again."
)
DOWNLOAD_FAILED = Code(
    name="DOWNLOAD_FAILED",
    levels=(Attention.INFO, Attention.ERROR),
    means="The newest download failed (error), or an earlier one did before the present attempt (info).",
    lasting=True,
)
UPGRADE = Code(
    name="UPGRADE", levels=(Attention.INFO,), means="A better release is on its way for something that is ready."
)


def torrent_gone(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that a download disappeared before it was imported (D5)."""
    arr = matter.arr
    for download, units in by_download(matter, Step.REMOVED):
        since = grabbed_at(download)
        when = f" at {scene.clock(since)}" if since is not None else ""
        lost = max((unit.verdict.lost or 0.0 for unit in units), default=0.0)
        far = f"; it had come to {percent(lost)}" if lost else ""
        clients = scene.of(Kind.QBITTORRENT)
        where = " or ".join(map(scene.name, clients)) or f"{scene.name(arr)}'s queue"
        yield over(
            units,
            TORRENT_GONE(
                f"{scene.name(arr)} grabbed {matter.what(units)}{when}; the download is no longer in {where}{far}",
                f"{arr.kind.title} → search again",
                scene.saw(arr, "grabbed", download.key, since),
                *(scene.saw(client, "torrent", "not there") for client in clients),
            ),
        )


def file_deleted(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the file was there and was deleted, once it is known that Jellyfin does not play it all the same."""
    arr = matter.arr
    groups: dict[str, list[Unit]] = {}
    for unit in matter.units(Step.DELETED):
        if unit.jellyfin is not None and not unit.jellyfin.looked and not scene.down(unit.jellyfin.ref):
            continue
        groups.setdefault(unit.history[-1].reason or "" if unit.history else "", []).append(unit)
    for reason, units in sorted(groups.items()):
        times = [unit.verdict.at for unit in units if unit.verdict.at is not None]
        when = f" at {scene.clock(max(times))}" if times else ""
        why = f" ({reason})" if reason else ""
        yield over(
            units,
            FILE_DELETED(
                f"{scene.name(arr)}: the file of {matter.what(units)} was deleted{when}{why}",
                f"{arr.kind.title} → search again, or stop monitoring it",
                scene.saw(arr, "file deleted", reason or "yes", max(times, default=None)),
            ),
        )


def download_failed(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say why the last download failed, or that an earlier one did (D6)."""
    failed: dict[str, tuple[HistoryRecord, list[Unit]]] = {}
    earlier: dict[str, tuple[HistoryRecord, list[Unit]]] = {}
    pending: dict[str, list[Unit]] = {}
    for unit in matter.moving:
        event = _last_failure(unit)
        if unit.verdict.state is State.FAILED and event is None:
            told = [word for download in unit.live for word in said_in_queue(download)]
            pending.setdefault(quoted(told), []).append(unit)
        elif event is not None and unit.verdict.state is State.FAILED:
            failed.setdefault(event.download_key or "", (event, []))[1].append(unit)
        elif event is not None and unit.live:
            earlier.setdefault(event.download_key or "", (event, []))[1].append(unit)
    arr = matter.arr
    for event, units in failed.values():
        yield over(
            units,
            DOWNLOAD_FAILED(
                f"{scene.name(arr)}: the download of {matter.what(units)} failed at {scene.clock(event.at)}"
                + (f": {event.message}" if event.message else ""),
                f"{arr.kind.title} → Interactive Search: choose another release",
                scene.saw(arr, "download failed", event.message or "yes", event.at),
                level=Attention.ERROR,
            ),
        )
    for words, units in pending.items():
        yield over(
            units,
            DOWNLOAD_FAILED(
                f"{scene.name(arr)}'s queue says that the download of {matter.what(units)} failed{words}",
                f"{arr.kind.title} → Activity → Queue: remove it there, and choose another release",
                scene.saw(arr, "queue", "failed"),
                level=Attention.ERROR,
            ),
        )
    for event, units in earlier.values():
        message = f": {event.message}" if event.message else ""
        yield over(
            units,
            DOWNLOAD_FAILED(
                f"{scene.name(arr)}: the first release of {matter.what(units)} failed "
                f"at {scene.clock(event.at)}{message}",
                None,
                scene.saw(arr, "download failed", event.message or "yes", event.at),
            ),
        )


def _last_failure(unit: Unit) -> HistoryRecord | None:
    failures = [one.newest for one in unit.downloads if one.newest is not None]
    failures = [one for one in failures if one.kind is HistoryKind.FAILED]
    return max(failures, key=lambda one: one.at, default=None)


def upgrade(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say what replaces what (D8)."""
    arr = matter.arr
    groups: dict[tuple[str, str], tuple[Download, list[Unit]]] = {}
    for unit in matter.upgrading:
        if unit.live and not unit.verdict.upgrade_blocked:
            download = unit.live[0]
            groups.setdefault((download.key, _change(unit, download)), (download, []))[1].append(unit)
    for (_, change), (download, units) in groups.items():
        yield over(
            units,
            UPGRADE(
                f"{scene.name(arr)} upgrades {matter.what(units)}{change}",
                None,
                scene.saw(arr, "grabbed", download.key, grabbed_at(download)),
            ),
        )


def _change(unit: Unit, download: Download) -> str:
    new = download.grabbed.quality if download.grabbed is not None else None
    new = new or next((record.quality for record in download.records if record.quality), None)
    old = unit.file.quality if unit.file is not None else None
    if old and old == new:
        return f" to another release in {new}"
    return f" from {old or 'the present file'} to {new or 'another release'}" if old or new else ""


CODES = (TORRENT_GONE, FILE_DELETED, DOWNLOAD_FAILED, UPGRADE)
RULES: tuple[Rule, ...] = (torrent_gone, file_deleted, download_failed, upgrade)

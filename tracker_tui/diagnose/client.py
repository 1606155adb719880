"""Causes that lie with a download client as a whole."""

from collections.abc import Iterable

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, CommonRule, Later, Rule, Word, at, over, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import size
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis, Phrase, Problem
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.unit.verdict import Step

CLIENT_OFFLINE = Code(
    name="CLIENT_OFFLINE",
    levels=(Attention.ERROR,),
    means="The client runs but has no connection to any peer, as when its VPN is down: everything stalls.",
)
DISK_FULL = Code(
    name="DISK_FULL", levels=(Attention.ERROR,), means="The disk the client downloads to has no space left."
)

_FULL_BELOW = 50 * 1024**2
"""Fewer free bytes than this are none: a piece of a large torrent takes 16 MB, and several arrive at once."""

_ON_THE_WIRE = (Step.TRANSFER, Step.STALLED, Step.METADATA)


def client_offline(scene: Scene) -> Iterable[Problem | Later]:
    """Say once that a client has no connection while it has something to download (D13)."""
    for ref, view in scene.around.clients.items():
        if scene.offline(ref) and view.downloading and not scene.down(ref):
            yield problem(at(ref), _offline(scene, ref))


def client_offline_rows(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Let the rows say that their client is offline."""
    groups: dict[InstanceRef, list[Unit]] = {}
    for unit in matter.units(*_ON_THE_WIRE):
        for download in unit.live[:1]:
            if download.torrent is not None and scene.offline(download.torrent.ref):
                groups.setdefault(download.torrent.ref, []).append(unit)
    for ref, units in groups.items():
        yield over(units, _offline(scene, ref), place=at(ref))


def _offline(scene: Scene, ref: InstanceRef) -> Diagnosis:
    return CLIENT_OFFLINE(
        f"{scene.name(ref)} has no connection: nothing can be downloaded (VPN container down?)",
        "check qBittorrent's network, or the VPN container (gluetun) if it runs behind one",
        scene.saw(ref, "connection status", "disconnected"),
        phrase=Phrase(code=Clause.SAID, text="client offline"),
    )


def disk_is_full(scene: Scene) -> Iterable[Problem | Later]:
    """Say once that a client has no space left for what it downloads."""
    for ref, view in scene.around.clients.items():
        if view.downloading and low_on_space(scene, ref, None) and not scene.down(ref):
            yield problem(at(ref), disk_full(scene, ref))


def low_on_space(scene: Scene, ref: InstanceRef, needed: int | None) -> bool:
    """Return whether a client says that its disk holds nothing more, or less than `needed` bytes."""
    view = scene.around.clients.get(ref)
    free = view.transfer.free_bytes if view is not None and view.transfer is not None else None
    return free is not None and (free < _FULL_BELOW or (needed is not None and free < needed))


def disk_full(scene: Scene, ref: InstanceRef) -> Diagnosis:
    """Return the verdict about a client's full disk."""
    view = scene.around.clients.get(ref)
    free = view.transfer.free_bytes if view is not None and view.transfer is not None else None
    left = size(_coarse(free)) if free is not None else "unknown"
    return DISK_FULL(
        f"{left} free on the download disk of {scene.name(ref)}",
        "free some space, then resume the torrents in qBittorrent",
        scene.saw(ref, "free space", left),
    )


def _coarse(free: int) -> int:
    """Return bytes without what changes from tick to tick."""
    step = 1024**3 if free >= 1024**3 else 1024**2
    return free // step * step


CODES = (CLIENT_OFFLINE, DISK_FULL)
RULES: tuple[Rule, ...] = (client_offline_rows,)
COMMON_RULES: tuple[CommonRule, ...] = (client_offline, disk_is_full)

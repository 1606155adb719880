"""Grabbed and on its way through the download client."""

from collections.abc import Iterable
from datetime import datetime

from tracker_tui.diagnose.client import disk_full, low_on_space
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Later, Rule, Word, at, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import age_changes_at, count
from tracker_tui.model.arr import QueueRecord
from tracker_tui.model.clauses import Clause
from tracker_tui.model.fractions import percent
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention
from tracker_tui.model.torrents import TorrentState
from tracker_tui.model.world import Diagnosis, Phrase
from tracker_tui.reconcile.case import Download, Unit
from tracker_tui.reconcile.joins.hashes import ClientTorrent
from tracker_tui.reconcile.unit.downloads import grabbed_at
from tracker_tui.reconcile.unit.verdict import Step

DELAYED = Code(
    name="DELAYED", levels=(Attention.WAIT,), means="A delay profile of Sonarr or Radarr holds the release back."
)
GRAB_WAITING = Code(
    name="GRAB_WAITING",
    levels=(Attention.WAIT, Attention.WARN),
    means="It was grabbed, and waits in the client's queue or is not to be seen there yet.",
)
NO_METADATA = Code(
    name="NO_METADATA",
    levels=(Attention.WAIT, Attention.WARN),
    means="A magnet link whose content no peer has described yet: size and files are unknown.",
)
STALLED = Code(name="STALLED", levels=(Attention.WARN,), means="A running torrent has received nothing for some time.")
PAUSED = Code(
    name="PAUSED", levels=(Attention.WARN,), means="The download is stopped (paused) in the client.", lasting=True
)
TORRENT_ERROR = Code(
    name="TORRENT_ERROR", levels=(Attention.ERROR,), means="The client reports an error for the torrent.", lasting=True
)
MISSING_FILES = Code(
    name="MISSING_FILES",
    levels=(Attention.ERROR,),
    means="The client cannot find the files of the torrent where it left them.",
    lasting=True,
)
CLIENT_STATE_UNKNOWN = Code(
    name="CLIENT_STATE_UNKNOWN",
    levels=(Attention.INFO,),
    means="The client reports a state this program does not know; its own word is shown.",
)
DESELECTED = Code(
    name="DESELECTED",
    levels=(Attention.WARN,),
    means="The torrent is complete, but the file of this episode is not selected in it.",
    lasting=True,
)

_STATES = {
    Step.METADATA: {TorrentState.METADATA},
    Step.STALLED: {TorrentState.STALLED},
    Step.PAUSED: {TorrentState.STOPPED},
    Step.ERROR: {TorrentState.ERROR},
    Step.MISSING_FILES: {TorrentState.MISSING_FILES},
    Step.QUEUED: {TorrentState.QUEUED},
    Step.UNKNOWN: {TorrentState.UNKNOWN},
}


def delayed(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say until when a delay profile holds a release back."""
    arr = matter.arr
    groups: dict[datetime | None, tuple[QueueRecord, list[Unit]]] = {}
    for download, units in by_download(matter, Step.DELAYED):
        record = next((one for one in download.records if one.status == "delay"), None)
        if record is not None:  # one record each, though they may be one release
            groups.setdefault(record.estimated_at, (record, []))[1].extend(units)
    for until, (record, units) in groups.items():
        when = f" until {scene.clock(until)}" if until is not None else ""
        yield over(
            units,
            DELAYED(
                f"A delay profile of {scene.name(arr)} holds {matter.what(units)} back{when}",
                None,
                scene.saw(arr, "queue status", "delay", record.added_at),
            ),
            calms=True,
        )


def grab_waiting(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say what a grab waits for in the client."""
    arr = matter.arr
    for download, units in by_download(matter, Step.GRABBED, Step.QUEUED):
        since = grabbed_at(download)
        when = f" at {scene.clock(since)}" if since is not None else ""
        carrier = download.torrent
        client = _client_name(scene, carrier)
        if carrier is not None:
            position = carrier.torrent.queue_position
            line = f" (position {position})" if position else ""
            words = f"{client} has {matter.what(units)} in its queue{line}, grabbed{when}"
            step = f"{client} → move it up, or allow more active downloads"
            seen = scene.saw(carrier.ref, "torrent state", carrier.torrent.state_word)
        else:
            words = f"{scene.name(arr)} grabbed {matter.what(units)}{when}; {client} does not show it yet"
            step = f"{arr.kind.title} → Activity → Queue: see whether {client} took it"
            seen = scene.saw(arr, "grabbed", download.key, since)
        yield over(units, GRAB_WAITING(words, step, seen))


def unsent(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that a release is chosen and cannot be handed to the client."""
    arr = matter.arr
    if units := matter.units(Step.UNSENT):
        yield over(
            units,
            GRAB_WAITING(
                f"{scene.name(arr)} chose a release of {matter.what(units)} and cannot reach its download client",
                f"{arr.kind.title} → Settings → Download Clients → Test",
                scene.saw(arr, "queue status", "downloadClientUnavailable"),
                level=Attention.WARN,
            ),
        )


def no_metadata(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that nobody describes the torrent (D1); silent while the client itself is offline."""
    for download, units in by_download(matter, Step.METADATA):
        carrier = download.torrent
        if carrier is None or scene.offline(carrier.ref):
            continue
        since = carrier.torrent.added_at or grabbed_at(download)
        client = scene.name(carrier.ref)
        seen = scene.saw(carrier.ref, "torrent state", carrier.torrent.state_word, since)
        late_at = since + scene.limits.no_metadata if since is not None else None
        if since is None or late_at is None or scene.now < late_at:
            waits = NO_METADATA(f"{client} asks peers for the torrent's metadata", None, seen)
            yield over(units, waits, calms=True, until=late_at)
            continue
        yield over(
            units,
            NO_METADATA(
                f"{client}: no peer has delivered the torrent's metadata for {scene.age(since)}",
                f"choose another release in {matter.arr.kind.title} (Interactive Search), or check VPN and DHT",
                seen,
                level=Attention.WARN,
            ),
            until=age_changes_at(since, scene.now),
        )


def stalled(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that nothing arrives, and whether it can still finish (D2); never just after a reconnect."""
    for download, units in by_download(matter, Step.STALLED):
        carrier = download.torrent
        if carrier is None or scene.offline(carrier.ref):
            continue
        since = carrier.torrent.last_activity_at or carrier.torrent.added_at
        if since is None:
            continue
        quiet_until = max(since + scene.limits.stalled, scene.reconnected_until(carrier.ref) or since)
        if scene.now < quiet_until:
            yield Later(at=quiet_until)
            continue
        yield over(units, _stall(matter, scene, carrier, since), until=age_changes_at(since, scene.now))


def _stall(matter: Matter, scene: Scene, carrier: ClientTorrent, since: datetime) -> Diagnosis:
    torrent, arr = carrier.torrent, matter.arr.kind.title
    far = f" at {percent(torrent.progress)}" if torrent.progress is not None else ""
    seeds = f": {count(torrent.seeds, 'seed')}" if torrent.seeds is not None else ""
    hopeless = torrent.availability is not None and torrent.availability < 1
    together = ""
    if torrent.availability is not None and hopeless:
        together = f"; peers together hold {percent(torrent.availability)} of the data, so it cannot finish"
    evidence = [scene.saw(carrier.ref, "last activity", scene.clock(since), since)]
    if torrent.availability is not None:
        evidence.append(scene.saw(carrier.ref, "availability", f"{torrent.availability:.2f}"))
    if torrent.seeds is not None:
        evidence.append(scene.saw(carrier.ref, "seeds", torrent.seeds))
    remove = f"{arr} → Activity → Queue → Remove, with block-list"
    return STALLED(
        f"{scene.name(carrier.ref)} has received nothing for {scene.age(since)}{far}{seeds}{together}",
        f"{remove}, or wait for a seed" if hopeless else f"wait, or {remove}",
        *evidence,
        phrase=Phrase(code=Clause.STALLED_FOR, at=since, n=torrent.seeds),
    )


def paused(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that somebody stopped it (D10)."""
    for download, units in by_download(matter, Step.PAUSED):
        carrier, arr = download.torrent, matter.arr
        client = _client_name(scene, carrier)
        progress = carrier.torrent.progress if carrier is not None else None
        far = f" at {percent(progress)}" if progress else ""
        seen = (
            scene.saw(carrier.ref, "torrent state", carrier.torrent.state_word)
            if carrier is not None
            else scene.saw(arr, "queue status", "paused")
        )
        yield over(
            units,
            PAUSED(f"{matter.does(units, 'is')} stopped in {client}{far}", f"{client} → resume it", seen),
        )


def torrent_error(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say what the client's error is: a full disk is the cause, not the torrent (D3)."""
    for download, units in by_download(matter, Step.ERROR):
        carrier = download.torrent
        if carrier is None:
            continue
        left = carrier.torrent.left_bytes
        if low_on_space(scene, carrier.ref, left):
            yield over(units, disk_full(scene, carrier.ref), place=at(carrier.ref))
            continue
        client = scene.name(carrier.ref)
        said = next((record.error_message for record in download.records if record.error_message), None)
        words = f' ({matter.arr.kind.title}: "{said}")' if said else ""
        yield over(
            units,
            TORRENT_ERROR(
                f"{client} reports an error for the torrent of {matter.what(units)}{words}",
                f"{client} → see its log, then Force recheck and resume",
                scene.saw(carrier.ref, "torrent state", carrier.torrent.state_word),
            ),
        )


def missing_files(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that the client lost the files."""
    for download, units in by_download(matter, Step.MISSING_FILES):
        carrier = download.torrent
        if carrier is None:
            continue
        client, path = scene.name(carrier.ref), carrier.torrent.content_path or carrier.torrent.save_path
        where = f" at {path}" if path else ""
        yield over(
            units,
            MISSING_FILES(
                f"{client} cannot find the files of {matter.what(units)}{where}",
                f"check that the folder is mounted, then {client} → Force recheck",
                scene.saw(carrier.ref, "torrent state", carrier.torrent.state_word),
            ),
        )


def client_state_unknown(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Show a word of the client that this program does not know."""
    for download, units in by_download(matter, Step.UNKNOWN):
        carrier = download.torrent
        if carrier is not None:
            word = carrier.torrent.state_word
            yield over(
                units,
                CLIENT_STATE_UNKNOWN(
                    f'{scene.name(carrier.ref)} reports the state "{word}", which this program does not know',
                    None,
                    scene.saw(carrier.ref, "torrent state", word),
                ),
            )


def deselected(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say that an episode's file was left out of its torrent."""
    for download, units in by_download(matter, Step.DESELECTED):
        if download.torrent is None:
            continue
        client = scene.name(download.torrent.ref)
        yield over(
            units,
            DESELECTED(
                f"{client} does not download the file of {matter.what(units)}: it is not selected in the torrent",
                f"{client} → Content → select the file",
                scene.saw(download.torrent.ref, "file priority", "0"),
            ),
        )


# --- joins -----------------------------------------------------------------------------------------------------------


def by_download(matter: Matter, *steps: Step) -> list[tuple[Download, list[Unit]]]:
    """Return the units in `steps`, together where they come with the same download."""
    groups: dict[str, tuple[Download, list[Unit]]] = {}
    for step in steps:
        for unit in matter.units(step):
            download = _carrying(unit, step)
            if download is not None:
                groups.setdefault(download.key, (download, []))[1].append(unit)
    return list(groups.values())


def _carrying(unit: Unit, step: Step) -> Download | None:
    """Return the download that is in this step, or the newest one where no client says so."""
    states = _STATES.get(step, set())
    for download in unit.live:
        if download.torrent is not None and download.torrent.torrent.state in states:
            return download
    if step in {Step.METADATA, Step.STALLED, Step.ERROR, Step.MISSING_FILES, Step.UNKNOWN}:
        return None
    return unit.live[0] if unit.live else None


def _client_name(scene: Scene, carrier: ClientTorrent | None) -> str:
    if carrier is not None:
        return scene.name(carrier.ref)
    clients = scene.of(Kind.QBITTORRENT)
    return scene.name(clients[0]) if len(clients) == 1 else "the download client"


CODES = (
    DELAYED,
    GRAB_WAITING,
    NO_METADATA,
    STALLED,
    PAUSED,
    TORRENT_ERROR,
    MISSING_FILES,
    CLIENT_STATE_UNKNOWN,
    DESELECTED,
)
RULES: tuple[Rule, ...] = (
    delayed,
    grab_waiting,
    unsent,
    no_metadata,
    stalled,
    paused,
    torrent_error,
    missing_files,
    client_state_unknown,
    deselected,
)

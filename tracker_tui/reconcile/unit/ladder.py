"""The evidence ladder: the state of one episode or film from what is known now (R1, SPEC 2.1.1 to 2.1.4).

The highest stage with positive evidence wins; nothing here remembers, refuses or waits. `hold` does.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tracker_tui.model.arr import HistoryKind, HistoryRecord, MediaFile, QueueRecord
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.model.torrents import Torrent, TorrentState
from tracker_tui.model.world import Evidence
from tracker_tui.reconcile.case import Download, JellyfinFinding, Route, ShokoFinding
from tracker_tui.reconcile.joins.jellyjoin import Rule
from tracker_tui.reconcile.joins.shokojoin import ShokoStep
from tracker_tui.reconcile.memory import EpisodeMemory
from tracker_tui.reconcile.unit.downloads import GRAB_SHOWS_WITHIN, Presence, grabbed_at
from tracker_tui.reconcile.unit.queued import blocked, queue_progress, stage_of_record
from tracker_tui.reconcile.unit.verdict import Lowering, Step, Verdict


class Rungs(Fact):
    """Everything one climb needs. `arr` is the kind that manages it: Sonarr for an episode, Radarr for a film.

    `presences` belong to `live` one by one; `has_file` may be true before the file's own record is known.
    """

    now: datetime
    arr: Kind
    idle: State
    """What it is without any evidence: PENDING, APPROVED (a film), UNAIRED or SKIPPED."""
    idle_step: Step
    idle_since: datetime | None = None
    has_file: bool = False
    file: MediaFile | None = None
    route: Route = Route.REGULAR
    live: tuple[Download, ...] = ()
    presences: tuple[Presence, ...] = ()
    history: tuple[HistoryRecord, ...] = ()
    searching_since: datetime | None = None
    """Start of a search that is queued or running for it."""
    shoko: ShokoFinding | None = None
    jellyfin: JellyfinFinding | None = None
    jellyfin_configured: bool = True
    memory: EpisodeMemory | None = None
    last_progress: float | None = None


def climb(rungs: Rungs) -> Verdict:
    """Return the verdict of the highest rung with positive evidence."""
    upgrades = _upgrades(rungs)
    item = rungs.jellyfin.found.item if rungs.jellyfin is not None else None
    if item is not None and rungs.jellyfin is not None:
        return _with_upgrade(_playable(rungs, rungs.jellyfin, item), upgrades)
    if rungs.has_file:
        return _with_upgrade(_in_place(rungs), upgrades)
    stages = [
        _stage(download, rungs)
        for download, presence in zip(rungs.live, rungs.presences, strict=True)
        if presence is Presence.SHOWN
    ]
    if stages:
        best = max(stages, key=lambda verdict: RANK[verdict.state])
        return replace(best, downloads=tuple(download.key for download in rungs.live))
    return replace(_waiting(rungs), lowering=_lowering(rungs))


_LOWERING = {
    HistoryKind.FAILED: Lowering.FAILED,
    HistoryKind.DELETED: Lowering.DELETED,
    HistoryKind.IGNORED: Lowering.IGNORED,
}


def _lowering(rungs: Rungs) -> Lowering | None:
    """Return the event that explains why nothing is there any more."""
    newest = rungs.history[-1] if rungs.history else None
    return _LOWERING.get(newest.kind) if newest is not None else None


RANK = {
    State.SKIPPED: 0,
    State.UNAIRED: 0,
    State.PENDING: 0,
    State.APPROVED: 0,
    State.FAILED: 0,
    State.GRABBING: 1,
    State.DOWNLOADING: 2,
    State.DOWNLOADED: 3,
    State.IMPORTING: 4,
    State.ANIME_MATCHING: 4,
    State.MATCH_FAILED: 4,
    State.AVAILABLE: 5,
}
"""The order of the pipeline; equal rank = no regress in changing between them."""


_IMPORTS = {"importing", "imported"}

# --- the file is there -----------------------------------------------------------------------------------------------


def _upgrades(rungs: Rungs) -> tuple[Download, ...]:
    """Return live downloads that will replace the file: grabbed after it came, or queued beside it and not its own.

    A download that is only still there because the answers crossed (its import is done, the client's answer is
    older) is no upgrade. Where nobody tells when it was grabbed, a file that has been there for longer than answers
    can cross is not its own, unless its import goes on.
    """
    if not rungs.has_file:
        return ()
    added = rungs.file.added_at if rungs.file is not None else None
    found = []
    for download, presence in zip(rungs.live, rungs.presences, strict=True):
        at = grabbed_at(download)
        if presence is Presence.ABSENT:
            continue
        if added is not None and at is not None:
            newer = at > added
        else:
            settled = added is not None and rungs.now - added >= GRAB_SHOWS_WITHIN
            newer = any(_will_replace(record, settled=settled) for record in download.records)
        if newer:
            found.append(download)
    return tuple(found)


def _will_replace(record: QueueRecord, *, settled: bool) -> bool:
    """Return whether a queue record is for more than the file that is there; `settled` = it came long ago."""
    state = (record.tracked_state or "").lower()
    return (state == "downloading" and bool(record.episode_has_file)) or (settled and state not in _IMPORTS)


def _with_upgrade(verdict: Verdict, upgrades: tuple[Download, ...]) -> Verdict:
    if not upgrades:
        return verdict
    torrent = upgrades[0].torrent.torrent if upgrades[0].torrent is not None else None
    progress = torrent.progress if torrent is not None else queue_progress(upgrades[0].records)
    return replace(
        verdict,
        upgrading=True,
        upgrade=progress,
        upgrade_blocked=blocked(upgrades[0].records),
        downloads=tuple(one.key for one in upgrades),
    )


_FOUND_BY: dict[Rule | None, str] = {rule: f"playable item, by {rule.replace('_', ' ')}" for rule in Rule}
_FOUND_BY[None] = "playable item"


def _playable(rungs: Rungs, finding: JellyfinFinding, item: JellyfinItem) -> Verdict:
    covers = rungs.shoko.covers if rungs.shoko is not None else None
    return Verdict(
        state=State.AVAILABLE,
        step=Step.PLAYABLE if covers is None else Step.INCOMPLETE,
        progress=1.0,
        size_bytes=rungs.file.size_bytes if rungs.file is not None else None,
        at=_imported_at(rungs),
        file_id=rungs.file.id if rungs.file is not None else None,
        item_id=item.id,
        note=f"Shoko covers {covers.text} of the episode" if covers is not None else None,
        evidence=(
            Evidence(
                service=Kind.JELLYFIN,
                instance=finding.ref.name,
                fact=_FOUND_BY[finding.found.rule],
                value=item.name or item.id,
            ),
        ),
    )


def _in_place(rungs: Rungs) -> Verdict:
    """Return the verdict about an imported file that Jellyfin does not show."""
    file = rungs.file
    at = _imported_at(rungs)
    evidence = (
        Evidence(
            service=rungs.arr,
            fact="file",
            value=(file.path if file is not None and file.path is not None else "yes"),
            observed_at=at,
        ),
    )
    state, step = State.IMPORTING, Step.IMPORTED
    shoko: tuple[Evidence, ...] = ()
    if not rungs.jellyfin_configured:
        state, step = State.AVAILABLE, Step.UNCHECKED
    elif rungs.route is Route.ANIME:
        state, step, shoko = _matching(rungs.shoko)
    return Verdict(
        state=state,
        step=step,
        progress=1.0,
        size_bytes=file.size_bytes if file is not None else None,
        at=at,
        file_id=file.id if file is not None else None,
        note="not checked in Jellyfin" if step is Step.UNCHECKED else None,
        evidence=evidence + shoko,
    )


_SHOKO_STEPS = {
    ShokoStep.IGNORED: Step.IGNORED,
    ShokoStep.INACCESSIBLE: Step.INACCESSIBLE,
    ShokoStep.HASHING: Step.HASHING,
    ShokoStep.LIMBO: Step.LIMBO,
    ShokoStep.MATCHED: Step.MATCHED,
}


def _matching(finding: ShokoFinding | None) -> tuple[State, Step, tuple[Evidence, ...]]:
    if finding is None or finding.asked_at is None or finding.match.tied:
        return State.ANIME_MATCHING, Step.UNASKED, ()
    if finding.match.file is None:
        step = Step.HASHING if finding.hashing else Step.NOT_SEEN
        value = "no file of this path"
    else:
        step = _SHOKO_STEPS.get(
            finding.step or ShokoStep.HASHING, Step.IDENTIFYING if finding.identifying else Step.UNRECOGNISED
        )
        value = f"file {finding.match.file.id}: {step.value}"
        if finding.renamed:
            names = (one.relative_path for one in finding.match.file.locations)
            value += f", under another name: {next(filter(None, names), '?')}"
    state = State.MATCH_FAILED if step is Step.UNRECOGNISED else State.ANIME_MATCHING
    said = Evidence(
        service=Kind.SHOKO, instance=finding.ref.name, fact="file", value=value, observed_at=finding.asked_at
    )
    return state, step, (said,)


def _imported_at(rungs: Rungs) -> datetime | None:
    if rungs.file is not None and rungs.file.added_at is not None:
        return rungs.file.added_at
    imports = [event.at for event in rungs.history if event.kind is HistoryKind.IMPORTED]
    return imports[-1] if imports else None


# --- it is on its way ------------------------------------------------------------------------------------------------


def _stage(download: Download, rungs: Rungs) -> Verdict:
    """Return the verdict about one live download that a client or a queue shows."""
    by_queue = _queue_stage(download, rungs)
    if download.torrent is None:
        return by_queue or _verdict(State.GRABBING, Step.GRABBED, rungs, download)
    by_client = _client_stage(download, download.torrent.torrent, rungs)
    if by_client.step is Step.DESELECTED:
        return by_client  # the queue tells of the release as a whole, in which this file does not come
    if by_queue is None or RANK[by_queue.state] <= RANK[by_client.state]:
        if by_queue is not None and by_queue.state is by_client.state and by_queue.step in _QUEUE_KNOWS_BETTER:
            return replace(by_client, step=by_queue.step, evidence=by_client.evidence + by_queue.evidence)
        return by_client
    if by_queue.step in _QUEUE_ALONE_KNOWS:
        evidence = by_client.evidence + by_queue.evidence
        return replace(by_queue, size_bytes=by_client.size_bytes, progress=1.0, estimate=False, evidence=evidence)
    return by_client


_QUEUE_KNOWS_BETTER = {Step.IMPORT_BLOCKED, Step.IMPORT_PENDING}
_QUEUE_ALONE_KNOWS = {Step.IMPORTS, *_QUEUE_KNOWS_BETTER}
"""Of the client's own words the queue is only an old copy; import life is known to nobody else."""


def _verdict(state: State, step: Step, rungs: Rungs, download: Download, **more: Any) -> Verdict:
    if "at" not in more:
        more["at"] = grabbed_at(download) or rungs.idle_since
    return Verdict(state=state, step=step, **more)


def _queue_stage(download: Download, rungs: Rungs) -> Verdict | None:
    """Return what the queue says: import life always, the transfer only as far as it knows it."""
    if not download.records:
        return None
    record = download.records[0]
    progress = queue_progress(download.records)
    evidence = Evidence(
        service=rungs.arr, fact="queue", value="/".join(word for word in (record.status, record.tracked_state) if word)
    )
    state, step = stage_of_record(record, progress)
    done = state in {State.DOWNLOADED, State.IMPORTING}
    return _verdict(
        state,
        step,
        rungs,
        download,
        progress=1.0 if done else progress,
        estimate=not done,
        size_bytes=record.size_bytes,
        eta_s=record.left_s if state is State.DOWNLOADING and record.status == "downloading" else None,
        evidence=(evidence,),
    )


_STEPS = {
    TorrentState.METADATA: Step.METADATA,
    TorrentState.DOWNLOADING: Step.TRANSFER,
    TorrentState.STALLED: Step.STALLED,
    TorrentState.CHECKING: Step.CHECKING,
    TorrentState.MOVING: Step.MOVING,
    TorrentState.STOPPED: Step.PAUSED,
    TorrentState.QUEUED: Step.QUEUED,
    TorrentState.MISSING_FILES: Step.MISSING_FILES,
    TorrentState.ERROR: Step.ERROR,
    TorrentState.COMPLETE: Step.TRANSFER,  # an upload state with unfinished data
    TorrentState.UNKNOWN: Step.UNKNOWN,
}


def _client_stage(download: Download, torrent: Torrent, rungs: Rungs) -> Verdict:
    said = Evidence(
        service=Kind.QBITTORRENT,
        instance=download.torrent.ref.name if download.torrent is not None else None,
        fact="torrent",
        value=torrent.state_word,
    )
    own, estimate, size = _own_share(download, torrent)
    more: dict[str, Any] = {"size_bytes": size, "evidence": (said,)}
    at = torrent.completed_at or grabbed_at(download)
    if torrent.state is TorrentState.RESUMING:
        return _as_before(rungs, download, more)
    if torrent.complete or torrent.state is TorrentState.CHECKING_COMPLETE:
        if download.files is not None and not download.files.selected:
            return _verdict(rungs.idle, Step.DESELECTED, rungs, download, **more)
        return _verdict(State.DOWNLOADED, Step.COMPLETE, rungs, download, progress=1.0, **more | {"at": at})
    if torrent.state is TorrentState.CHECKING:
        known = rungs.last_progress if rungs.last_progress is not None else own
        return _verdict(State.DOWNLOADING, Step.CHECKING, rungs, download, progress=known, estimate=estimate, **more)
    if download.shared and own == 1.0 and not estimate and torrent.state is not TorrentState.MISSING_FILES:
        return _verdict(State.DOWNLOADED, Step.FILE_COMPLETE, rungs, download, progress=1.0, **more)
    step = _STEPS[torrent.state]
    waits = torrent.state in {TorrentState.QUEUED, TorrentState.STOPPED} and not torrent.progress
    return _verdict(
        State.GRABBING if waits else State.DOWNLOADING,
        step,
        rungs,
        download,
        progress=None if step is Step.METADATA else own,
        estimate=estimate,
        speed_bytes_s=torrent.speed_bytes_s,
        eta_s=torrent.eta_s if torrent.state is TorrentState.DOWNLOADING else None,
        word=torrent.state_word if step is Step.UNKNOWN else None,
        **more,
    )


def _own_share(download: Download, torrent: Torrent) -> tuple[float | None, bool, int | None]:
    """Return progress, whether it is an estimate, and size of what belongs to this episode inside the torrent."""
    if download.files is not None and download.files.progress is not None:
        return download.files.progress, download.files.estimate, download.files.size_bytes
    return torrent.progress, download.shared, None if download.shared else torrent.size_bytes


def _as_before(rungs: Rungs, download: Download, more: dict[str, Any]) -> Verdict:
    """Return the previous verdict: while the client reads its own records it sends placeholders (all versions)."""
    known = rungs.memory
    if known is None or RANK[known.state] < RANK[State.GRABBING] or RANK[known.state] > RANK[State.DOWNLOADED]:
        return _verdict(State.GRABBING, Step.QUEUED, rungs, download, **more)
    return _verdict(
        known.state,
        Step(known.step) if known.step else Step.TRANSFER,
        rungs,
        download,
        progress=rungs.last_progress,
        estimate=known.estimate,
        **more,
    )


UNHEARD = Evidence(service=Kind.QBITTORRENT, fact="torrents", value="no answer yet")
"""Beside a grab: whether the client has it, nobody could tell."""

# --- nothing is there ------------------------------------------------------------------------------------------------


def _waiting(rungs: Rungs) -> Verdict:
    """Return what is left when no client, queue, file or item shows it."""
    for download, presence in zip(rungs.live, rungs.presences, strict=True):
        if presence in {Presence.YOUNG, Presence.UNKNOWN}:
            said = Evidence(service=rungs.arr, fact="grabbed", value=download.key, observed_at=grabbed_at(download))
            keys = tuple(one.key for one in rungs.live)
            seen = (said, UNHEARD) if presence is Presence.UNKNOWN else (said,)
            return _verdict(State.GRABBING, Step.GRABBED, rungs, download, downloads=keys, evidence=seen)
    if rungs.searching_since is not None:
        return Verdict(state=rungs.idle, step=Step.SEARCHING, at=rungs.searching_since)
    if rungs.live:
        lost = rungs.live[0]
        said = Evidence(service=rungs.arr, fact="grabbed", value=lost.key, observed_at=grabbed_at(lost))
        return Verdict(
            state=rungs.idle, step=Step.REMOVED, at=grabbed_at(lost), downloads=(lost.key,), evidence=(said,)
        )
    newest = next((event for event in reversed(rungs.history) if event.kind is not HistoryKind.RENAMED), None)
    if newest is not None and newest.kind is HistoryKind.FAILED:
        said = Evidence(service=rungs.arr, fact="download failed", value=newest.message or "", observed_at=newest.at)
        return Verdict(state=State.FAILED, step=Step.FAILED, at=newest.at, word=newest.message, evidence=(said,))
    if newest is not None and newest.kind is HistoryKind.DELETED and rungs.idle_step is not Step.UNMONITORED:
        said = Evidence(service=rungs.arr, fact="file deleted", value=newest.reason or "", observed_at=newest.at)
        return Verdict(state=rungs.idle, step=Step.DELETED, at=newest.at, evidence=(said,))
    return Verdict(state=rungs.idle, step=rungs.idle_step, at=rungs.idle_since)

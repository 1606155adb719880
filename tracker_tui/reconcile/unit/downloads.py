"""The downloads of one episode or film: joined from history, queue and clients by download id (R6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from tracker_tui.model.arr import HistoryKind, HistoryRecord, QueueRecord
from tracker_tui.model.states import ServiceStatus
from tracker_tui.reconcile.case import Download
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.joins.hashes import TorrentIndex

_ENDED = {HistoryKind.IMPORTED, HistoryKind.FAILED, HistoryKind.IGNORED}
_OVER = {"imported", "failed", "ignored"}
"""Tracked states of records that are only still there until the next refresh of the queue."""

GRAB_SHOWS_WITHIN = timedelta(seconds=90)
"""A grab may take this long to appear in a queue or client (Sonarr's own refresh is a minute)."""


def downloads_of(
    history: Sequence[HistoryRecord], records: Iterable[QueueRecord], torrents: TorrentIndex
) -> tuple[Download, ...]:
    """Return the downloads of one episode or film, newest grab first.

    `history` = its events, oldest first; `records` = its queue records. A download is live until its own import,
    failure or "ignored" event, or until a later import that names no download (a manual one). A hybrid torrent has
    two ids; what the client knows as one torrent is one download.
    """
    grabs: dict[str, HistoryRecord] = {}
    newest: dict[str, HistoryRecord] = {}
    queued: dict[str, list[QueueRecord]] = {}
    manual_at: datetime | None = None
    for event in history:
        key = _canonical(event.download_key, torrents)
        if key is None:
            if event.kind is HistoryKind.IMPORTED:
                manual_at = event.at
            continue
        newest[key] = event
        if event.kind is HistoryKind.GRABBED:
            grabs[key] = event
    for record in records:
        key = _canonical(record.download_key, torrents) or f"pending-{record.id}"
        queued.setdefault(key, []).append(record)
    found = [
        _download(
            key,
            torrents,
            grabbed=grabs.get(key),
            newest=newest.get(key),
            records=tuple(queued.get(key, ())),
            manual_at=manual_at,
        )
        for key in dict.fromkeys((*grabs, *newest, *queued))
    ]
    return tuple(sorted(found, key=_newest_first))


def _canonical(key: str | None, torrents: TorrentIndex) -> str | None:
    owners = torrents.find(key)
    return owners[0].torrent.hash if owners else key


def _download(
    key: str,
    torrents: TorrentIndex,
    *,
    grabbed: HistoryRecord | None,
    newest: HistoryRecord | None,
    records: tuple[QueueRecord, ...],
    manual_at: datetime | None,
) -> Download:
    owners = torrents.find(key)
    ended = newest is not None and newest.kind in _ENDED
    if not ended and manual_at is not None:
        ended = newest is not None and manual_at > newest.at
    active = any(record.tracked_state not in _OVER for record in records)
    return Download(
        key=key,
        grabbed=grabbed,
        newest=newest,
        records=records,
        torrent=owners[0] if owners else None,
        live=not ended and (grabbed is not None or active),
    )


def grabbed_at(download: Download) -> datetime | None:
    """Return when it was grabbed, else when its queue record was added."""
    if download.grabbed is not None:
        return download.grabbed.at
    return min((record.added_at for record in download.records if record.added_at is not None), default=None)


def _newest_first(download: Download) -> tuple[float, str]:
    at = grabbed_at(download)
    return (-at.timestamp() if at is not None else 0.0, download.key)


class Presence(Enum):
    """Whether a live download that nobody shows is absent, or only not to be seen."""

    SHOWN = "shown"
    YOUNG = "young"
    UNKNOWN = "unknown"
    ABSENT = "absent"


def presence_of(download: Download, facts: Facts, arr: ArrFacts, now: datetime) -> Presence:
    """Return whether a live download is to be seen in a client or queue.

    Records leave the queue when Sonarr/Radarr cannot reach the client, so only good answers of both, younger than
    the grab, make an absence; for usenet, or without qBittorrent, the queue alone.
    """
    if download.torrent is not None or download.records:
        return Presence.SHOWN
    since = grabbed_at(download)
    if since is None or now - since < GRAB_SHOWS_WITHIN:
        return Presence.YOUNG
    answers = [arr.queue_at if facts.services[arr.ref].status is ServiceStatus.OK else None]
    if not is_usenet(download):
        answers += [
            ledger.denied_at((download.key,)) if facts.services[ref].status is ServiceStatus.OK else None
            for ref, ledger in facts.clients.items()
        ]
    if any(at is None or at <= since for at in answers):
        return Presence.UNKNOWN
    return Presence.ABSENT


def is_usenet(download: Download) -> bool:
    """Return whether its protocol is known to be usenet."""
    words = [record.protocol for record in download.records]
    if download.grabbed is not None:
        words.append(download.grabbed.protocol)
    return "usenet" in words

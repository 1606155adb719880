"""Torrents and queue records of Sonarr's and Radarr's that belong to nothing known (SPEC 2.1.17)."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tracker_tui.model.arr import QueueRecord
from tracker_tui.model.ids import RequestId
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import Torrent
from tracker_tui.model.world import RequestRow, Unassigned
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import EVERYTHING, Subject
from tracker_tui.reconcile.joins.hashes import ClientTorrent

_SETTLES_WITHIN = timedelta(minutes=2)
"""A torrent this young may belong to a grab whose history has not been read yet."""

_NOT_A_LETTER = re.compile(r"[\W_]+")
_TELLING = 5
"""A title shorter than this occurs in names by chance."""

_LOOKING = {State.APPROVED, State.PENDING, State.GRABBING, State.FAILED}

_NO_NAME = clean("(no name)")


class Orphans:
    """The torrents and records without an owner, re-judged only where something changed."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._torrents: dict[str, ClientTorrent] = {}
        self._young: dict[str, datetime] = {}
        self._scanned: tuple[bool, ...] = ()
        """Who had answered when everything was judged last: what nobody could say then may be known now."""

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the torrents that belong to nothing known."""
        return tuple(sorted(self._torrents))

    def refresh(self, changed: Iterable[Subject], now: datetime) -> None:
        """Judge again what changed; a new grab or queue record may give an orphan its owner."""
        subjects = set(changed)
        answered = self._answered()
        if answered != self._scanned or EVERYTHING in subjects:
            self._scanned = answered
            hashes = {entry.torrent.hash for entry in self._facts.torrents.all()}
        else:
            hashes = {str(one[1]) for one in subjects if one[0] == "torrent"}
            hashes |= {known for known, due in self._young.items() if due <= now}
            if any(one[0] == "entry" for one in subjects):
                hashes |= self._torrents.keys()
        for known in hashes:
            self._judge(known, now)

    def _answered(self) -> tuple[bool, ...]:
        clients = (ledger.answered_at for ledger in self._facts.clients.values())
        arrs = (at for arr in self._facts.arrs.values() for at in (arr.history.heard_at, arr.queue_at))
        return tuple(at is not None for at in (*clients, *arrs))

    def _judge(self, known: str, now: datetime) -> None:
        self._young.pop(known, None)
        owners = self._facts.torrents.find(known)
        carrier = owners[0] if owners else None
        if carrier is not None and carrier.torrent.hash != known:
            return
        if carrier is None or not self._orphaned(carrier.torrent, now):
            self._torrents.pop(known, None)
        else:
            self._torrents[known] = carrier

    def _orphaned(self, torrent: Torrent, now: datetime) -> bool:
        """Return whether nobody knows it. Older ones than the history that was read cannot be judged."""
        arrs = [arr for arr in self._facts.arrs.values() if torrent.category in arr.categories]
        added = torrent.added_at
        if not arrs or added is None or added < now - self._facts.setup.policy.recent:
            return False
        if any(arr.history.heard_at is None or arr.queue_at is None for arr in self._facts.arrs.values()):
            return False
        if any(arr.history.gap_at is not None and added <= arr.history.gap_at for arr in self._facts.arrs.values()):
            return False
        ids = {torrent.hash, *torrent.ids}
        if any(
            ids & arr.history.entries_of_download.keys() or ids & arr.queued_downloads
            for arr in self._facts.arrs.values()
        ):
            return False
        if now - added < _SETTLES_WITHIN:
            self._young[torrent.hash] = added + _SETTLES_WITHIN
            return False
        return True

    def next_at(self) -> datetime | None:
        """Return when a young torrent may turn out to be an orphan."""
        return min(self._young.values(), default=None)

    def listed(self, rows: Mapping[RequestId, RequestRow]) -> tuple[Unassigned, ...]:
        """Return everything without an owner, with the request it probably belongs to."""
        held = self._held(rows)
        found = [self._torrent(self._torrents[known], rows) for known in sorted(self._torrents) if known not in held]
        for arr in self._facts.arrs.values():
            found += [self._record(arr, record, rows) for record in arr.unknown_queue if not _placed(arr, record)]
        return tuple(found)

    def _held(self, rows: Mapping[RequestId, RequestRow]) -> set[str]:
        """Return the torrents that a request still claims, though Sonarr or Radarr tell of no grab any more (R3)."""
        if not self._torrents:
            return set()
        return {key for row in rows.values() if row.state is not State.REMOVED for key in row.torrents}

    def _torrent(self, carrier: ClientTorrent, rows: Mapping[RequestId, RequestRow]) -> Unassigned:
        torrent = carrier.torrent
        candidate = _candidate(torrent.name, rows)
        owner = (
            "Radarr" if any(arr.is_radarr and torrent.category in arr.categories for arr in self._arrs()) else "Sonarr"
        )
        step = "Manual Import" if candidate is not None else "assign it by Manual Import, or remove it"
        return Unassigned(
            kind="torrent",
            name=torrent.name,
            hash=torrent.hash,
            reason=f"in category {torrent.category}, but no grab of {owner} led to it",
            candidate=candidate,
            next_step=f"{owner} → Wanted → {step}",
            client=carrier.ref,
        )

    def _arrs(self) -> list[ArrFacts]:
        return list(self._facts.arrs.values())

    @staticmethod
    def _record(arr: ArrFacts, record: QueueRecord, rows: Mapping[RequestId, RequestRow]) -> Unassigned:
        what = "film" if arr.is_radarr else "series"
        name = record.title
        return Unassigned(
            kind="queue",
            name=name if name is not None else _NO_NAME,
            hash=record.download_key,
            reason=f"{arr.ref.kind.title} cannot tell which {what} it is",
            candidate=_candidate(name, rows) if name is not None else None,
            next_step=f"{arr.ref.kind.title} → Activity → Queue → Manual Import, choose the {what}",
        )


def _placed(arr: ArrFacts, record: QueueRecord) -> bool:
    return record.download_key is not None and bool(arr.history.entries_of_download.get(record.download_key))


def _candidate(name: str, rows: Mapping[RequestId, RequestRow]) -> RequestId | None:
    """Return the only open, unserved request whose title occurs in `name`; two are none."""
    words = f" {_NOT_A_LETTER.sub(' ', name.casefold()).strip()} "
    hits = [
        row.id
        for row in rows.values()
        if row.state in _LOOKING
        and any(
            len(title) >= _TELLING and f" {_NOT_A_LETTER.sub(' ', title.casefold()).strip()} " in words
            for title in row.titles
        )
    ]
    return hits[0] if len(hits) == 1 else None

"""Who can say whether a remembered fact is gone, and what their answers are worth (R3)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec.structs import replace

from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import ServiceStatus
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import Subject, answer, emptied
from tracker_tui.reconcile.unit.hold import Absence
from tracker_tui.reconcile.unit.shelf import Findings


class Absences:
    """The absences of one unit's facts; notes in `reads` whose next answer may confirm one.

    `downloads` = the ids it was last known to come with, `library` = the Jellyfin library that held the request's
    items, both as far as remembered.
    """

    def __init__(
        self,
        facts: Facts,
        arr: ArrFacts,
        entry_id: int,
        episode_id: int | None,
        found: Findings,
        *,
        downloads: Collection[str],
        library: str | None,
        reads: set[Subject],
    ) -> None:
        self._facts, self._arr, self._entry_id, self._episode_id, self._found = facts, arr, entry_id, episode_id, found
        self._downloads, self._library, self._reads = downloads, library, reads

    def of(self, fact: str) -> Absence:
        """Return the absence of `fact`: item, match, torrent, file or queue."""
        facts, arr = self._facts, self._arr
        match fact:
            case "item":
                return self._of_item()
            case "match":
                asked_at = self._found.shoko.asked_at if self._found.shoko is not None else None
                return self._of_service(facts.shokos, asked_at)
            case "torrent":
                return self._of_download()
            case "file":
                self._reads |= {answer(arr.ref, f"entry {self._entry_id}"), answer(arr.ref, "entries")}
                key = "films" if arr.is_radarr else "series"
                return self._of_service((arr.ref,), arr.read_at(self._entry_id, self._episode_id), key=key)
        self._reads.add(answer(arr.ref, "queue"))
        return self._of_service((arr.ref,), arr.queue_at)

    def _of_download(self) -> Absence:
        """A download is in a client, in the queue (usenet: only there), or in both: all of them must deny it."""
        refs = (self._arr.ref, *self._facts.clients)
        self._reads.add(answer(self._arr.ref, "queue"))
        self._reads.update(answer(ref, "torrents") for ref in self._facts.clients)
        times = [self._arr.queue_at, *(one.denied_at(self._downloads) for one in self._facts.clients.values())]
        known = [at for at in times if at is not None]
        return self._of_service(refs, min(known) if len(known) == len(times) else None, key="torrents")

    def _of_item(self) -> Absence:
        refs = tuple(self._facts.jellyfins)
        self._reads.update(answer(ref, "items") for ref in refs)
        finding, shoko = self._found.jellyfin, self._found.shoko
        undecided = finding is not None and bool(finding.found.tied or finding.found.needs_sources)
        undecided = undecided or (shoko is not None and bool(shoko.match.tied))
        denied_at = finding.denied_at if finding is not None and not undecided else None
        if self._library is not None:
            self._reads.update(emptied(ref, self._library) for ref in refs)
        known = self._found.item_id
        items = [one.index.get(known) for one in self._facts.jellyfins.values()] if known is not None else []
        shown = any(item is not None and item.playable for item in items)
        return replace(self._of_service(refs, denied_at, key=self._library or ""), undecided=undecided, shown=shown)

    def _of_service(self, refs: Iterable[InstanceRef], at: datetime | None, key: str = "") -> Absence:
        failing, emptied_at = False, None
        for ref in refs:
            status = self._facts.services[ref].status
            failing = failing or (status is not None and status is not ServiceStatus.OK)
            emptied_at = emptied_at or (self._facts.emptied.since(ref, key) if key else None)
        return Absence(denied_at=at, silent=at is None and not failing, failing=failing, emptied_at=emptied_at)

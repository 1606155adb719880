"""The units of a request that downloads carry, and how their numbers are brought up to date without a new look.

Most ticks bring nothing but bytes: the same torrents in the same states, further along. Then the joins, the request's
history and everything that does not move stay as they are, and only these units are climbed again.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from tracker_tui.model.arr import Episode
from tracker_tui.model.record import Fact
from tracker_tui.model.torrents import Torrent
from tracker_tui.reconcile.case import Download, Seen
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.joins.hashes import ClientTorrent
from tracker_tui.reconcile.joins.pack import PackMap
from tracker_tui.reconcile.joins.packs import PackCache
from tracker_tui.reconcile.unit.ladder import Rungs, climb
from tracker_tui.reconcile.unit.verdict import Step, Verdict

STEADY = frozenset({Step.TRANSFER, Step.FILE_COMPLETE})
"""Steps about which nothing but the row's numbers follows from the numbers of a torrent: no threshold, no verdict."""


class Aloft(Fact):
    """A unit with live downloads as it was found, and what its verdict rests on."""

    seen: Seen
    rungs: Rungs


class Mapped(Fact):
    """For which episodes of which list the files of a download were placed."""

    grabbed: frozenset[int]
    episodes: dict[int, Episode]


class _Carrier(Fact):
    """Where a download is now, and what its files hold."""

    torrent: ClientTorrent | None = None
    pack: PackMap | None = None


class Flight:
    """The units aloft of one look; `mapped` = the downloads whose files were placed, None for a film."""

    def __init__(self, facts: Facts, packs: PackCache) -> None:
        self._facts, self._packs = facts, packs
        self.units: list[Aloft] = []
        self.mapped: dict[str, Mapped] | None = None
        self.pack_maps: dict[str, PackMap] = {}

    def moved(self, now: datetime) -> Mapping[int, Seen] | None:
        """Bring the units up to date where nothing but the numbers of their downloads is new.

        Returns the new ones by their place in `units`; None, and nothing is changed, where more than that may differ.
        """
        carriers: dict[str, _Carrier] = {}
        fresh: dict[int, Aloft] = {}
        for place, aloft in enumerate(self.units):
            for download in aloft.seen.unit.downloads:
                if download.key not in carriers:
                    carrier = self._carrier(download)
                    if carrier is None:
                        return None
                    carriers[download.key] = carrier
            downloads = tuple(_carried(one, aloft.seen, carriers[one.key]) for one in aloft.seen.unit.downloads)
            if downloads != aloft.seen.unit.downloads:
                climbed = _climbed(aloft, downloads, now)
                if climbed is None:
                    return None
                fresh[place] = climbed
        for place, aloft in fresh.items():
            self.units[place] = aloft
        self.pack_maps.update((key, one.pack) for key, one in carriers.items() if one.pack is not None)
        return {place: aloft.seen for place, aloft in fresh.items()}

    def _carrier(self, download: Download) -> _Carrier | None:
        """Return where a download is now; None if more about it is new than its numbers."""
        owners = self._facts.torrents.find(download.key)
        known, found = download.torrent, owners[0] if owners else None
        if known is None or found is None:
            return _Carrier() if known is found else None
        if found.ref != known.ref or not _only_moved(found.torrent, known.torrent):
            return None
        if self.mapped is None or not download.live:
            return _Carrier(torrent=found)
        files = self._facts.clients[found.ref].files.get(found.torrent.hash)
        mapped = self.mapped.get(download.key)
        if mapped is None or not files:
            return _Carrier(torrent=found) if mapped is None and not files else None
        pack = self._packs.kept(found.ref, found.torrent.hash, files, grabbed=mapped.grabbed, episodes=mapped.episodes)
        return _Carrier(torrent=found, pack=pack) if pack is not None else None


def _carried(download: Download, seen: Seen, carrier: _Carrier) -> Download:
    files = None
    if carrier.pack is not None and seen.unit.episode is not None:
        files = carrier.pack.episodes.get(seen.unit.episode.id)
    return replace(download, torrent=carrier.torrent, files=files)


def _climbed(aloft: Aloft, downloads: tuple[Download, ...], now: datetime) -> Aloft | None:
    """Return a unit with its new downloads; None where its verdict differs in more than numbers."""
    unit = aloft.seen.unit
    if aloft.seen.gone or not (unit.verdict.step in STEADY or unit.verdict.upgrading):
        return None
    rungs = replace(aloft.rungs, now=now, live=tuple(one for one in downloads if one.live))
    verdict = climb(rungs)
    if not _same_but_numbers(verdict, unit.verdict):
        return None
    return Aloft(seen=replace(aloft.seen, unit=replace(unit, verdict=verdict, downloads=downloads)), rungs=rungs)


def _same_but_numbers(verdict: Verdict, known: Verdict) -> bool:
    """Return whether two verdicts differ in nothing but how far it is; a number that was unknown is more than that."""
    if (verdict.progress is None, verdict.upgrade is None) != (known.progress is None, known.upgrade is None):
        return False
    masked = replace(
        verdict,
        progress=known.progress,
        speed_bytes_s=known.speed_bytes_s,
        eta_s=known.eta_s,
        upgrade=known.upgrade,
    )
    return masked == known


def _only_moved(torrent: Torrent, known: Torrent) -> bool:
    """Return whether two looks at a torrent differ in nothing but what every look brings anew."""
    if torrent is known:
        return True
    masked = replace(
        torrent,
        progress=known.progress,
        left_bytes=known.left_bytes,
        completed_bytes=known.completed_bytes,
        speed_bytes_s=known.speed_bytes_s,
        eta_s=known.eta_s,
        last_activity_at=known.last_activity_at,
        seeds=known.seeds,
        seeds_total=known.seeds_total,
        peers=known.peers,
        availability=known.availability,
    )
    return masked == known

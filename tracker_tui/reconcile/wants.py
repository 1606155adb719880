"""What one request wants to know next; `interest` adds these up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.ids import InstanceRef, Kind, RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.states import Flag, State
from tracker_tui.model.text import MARK
from tracker_tui.reconcile.case import Case, Route, Seen, Unit
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.interest import (
    EntrySought,
    EntryWanted,
    FilesWanted,
    FileWanted,
    HistoryWanted,
    Interest,
    ItemsWanted,
    RenamedSought,
    RequestWanted,
    TitleWanted,
)
from tracker_tui.reconcile.joins.jellyjoin import series_items
from tracker_tui.reconcile.joins.shokojoin import series_ids
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.requests import Tracked
from tracker_tui.reconcile.unit.findings import shoko_shows
from tracker_tui.reconcile.unit.hold import CONFIRM_AFTER
from tracker_tui.reconcile.unit.kin import kin_title
from tracker_tui.reconcile.unit.verdict import Step


class Wants(Fact):
    """The questions of one request. `moving` = instances where something of it moves."""

    moving: frozenset[InstanceRef] = frozenset()
    entries: tuple[EntryWanted, ...] = ()
    standing: tuple[EntryWanted, ...] = ()
    sought: tuple[EntrySought, ...] = ()
    requests: tuple[RequestWanted, ...] = ()
    history: tuple[HistoryWanted, ...] = ()
    torrent_files: tuple[FilesWanted, ...] = ()
    shoko_files: tuple[FileWanted, ...] = ()
    shoko_series: tuple[int, ...] = ()
    shoko_parts: tuple[int, ...] = ()
    shoko_renamed: tuple[RenamedSought, ...] = ()
    shoko_jobs: datetime | None = None
    jellyfin_series: tuple[str, ...] = ()
    jellyfin_items: tuple[ItemsWanted, ...] = ()
    jellyfin_sources: tuple[str, ...] = ()
    titles: tuple[TitleWanted, ...] = ()


NOTHING = Wants()
_IN_JELLYFINS_HANDS = {Step.IMPORTED, Step.MATCHED, Step.REPLACED}
_IN_SHOKOS_HANDS = {
    Step.UNASKED,
    Step.NOT_SEEN,
    Step.HASHING,
    Step.IDENTIFYING,
    Step.LIMBO,
    Step.IGNORED,
    Step.INACCESSIBLE,
    Step.UNRECOGNISED,
}


_WORKED_ON = {Step.NOT_SEEN, Step.HASHING, Step.IDENTIFYING, Step.LIMBO, Step.UNRECOGNISED}
_DELETION_NOTICED = timedelta(days=1)
"""So long after a file's deletion its item is looked at; a Jellyfin that still shows it then has it from elsewhere."""
_DEPTH = 2
"""So many folders of a file's path tell its place in Shoko: the show's and the season's."""


def wants_of(case: Case, sight: Sight) -> Wants:
    """Return what `case` wants to know."""
    tracked, facts, arr = sight.tracked, sight.facts, sight.arr
    if case.row.state in {State.DECLINED, State.REMOVED}:
        return Wants(titles=_titles(case, tracked, facts))
    units = sight.units
    shows = _shows(case, sight)
    waiting = [unit for unit in units if unit.verdict.step in _IN_JELLYFINS_HANDS]
    matching = [unit for unit in units if unit.verdict.step in _IN_SHOKOS_HANDS or _remembered_match(unit)]
    return Wants(
        moving=_moving(case, facts),
        entries=_entries(case, sight),
        standing=_standing(case, sight),
        sought=_sought(case, tracked, arr),
        requests=_requests(sight),
        history=_history(case, sight),
        torrent_files=_torrent_files(units, facts),
        shoko_files=_files(matching),
        shoko_series=_shoko_series(waiting),
        shoko_parts=_shoko_series([one for one in units if one.shoko is not None and one.shoko.covers is not None])
        + tuple(number for one in waiting if len(own := _shoko_series([one])) > 1 for number in own),
        shoko_renamed=_renamed(case, sight),
        shoko_jobs=_jobs(case, sight),
        jellyfin_series=shows if waiting or _unread(case, facts, shows) else (),
        jellyfin_items=_items(sight.seen, facts, sight.now),
        jellyfin_sources=_sources(units),
        titles=_titles(case, tracked, facts),
    )


def _remembered_match(unit: Unit) -> bool:
    """Return whether its match in Shoko is only remembered: Shoko has yet to say so in this run."""
    asked = unit.shoko is not None and unit.shoko.asked_at is not None
    return unit.route is Route.ANIME and unit.verdict.state is State.ANIME_MATCHING and not asked


def _moving(case: Case, facts: Facts) -> frozenset[InstanceRef]:
    """Return the instances where something of a counted episode moves."""
    arr = {case.instance} if case.instance is not None else set()
    refs: set[InstanceRef] = set()
    for unit in case.counted:
        match unit.verdict.state:
            case State.GRABBING | State.DOWNLOADING | State.DOWNLOADED:
                refs |= arr | _clients(unit, facts)
            case State.IMPORTING if unit.verdict.step is Step.IMPORTS:
                refs |= arr | _clients(unit, facts)
            case State.IMPORTING:
                refs.update(facts.jellyfins)
            case State.ANIME_MATCHING:
                refs.update(facts.jellyfins if unit.verdict.step is Step.MATCHED else facts.shokos)
            case State.PENDING | State.APPROVED if unit.verdict.step is Step.SEARCHING:
                refs |= arr
        if unit.verdict.step is Step.REPLACED:
            refs.update(facts.jellyfins)
        if unit.verdict.upgrading:
            refs |= arr | _clients(unit, facts)
    return frozenset(refs)


def _clients(unit: Unit, facts: Facts) -> set[InstanceRef]:
    """Return the clients that carry its live downloads; all of them while none shows it yet."""
    carrying = {one.torrent.ref for one in unit.live if one.torrent is not None}
    return carrying or set(facts.clients)


def _entries(case: Case, sight: Sight) -> tuple[EntryWanted, ...]:
    tracked, arr, now = sight.tracked, sight.arr, sight.now
    number = tracked.entry_id
    if arr is None or number is None:
        external = tracked.request.external_id if tracked.request is not None else None
        if arr is None or external is None or external in arr.absent_at:
            return ()
        return (EntryWanted(ref=arr.ref, id=external, since=now),)
    if number in arr.details_due:
        return (EntryWanted(ref=arr.ref, id=number, since=arr.details_due[number]),)
    doubted = [one.since for one in sight.ending.gone if one.fact == "entry"]
    doubted += [one.since for unit in sight.seen for one in unit.gone if one.fact in {"file", "queue", "torrent"}]
    if doubted:
        since = min(doubted)
        return (EntryWanted(ref=arr.ref, id=number, since=since, not_before=since + CONFIRM_AFTER),)
    if not arr.has(number) and case.entry_known is False:
        return ()
    if number not in arr.details_at:
        return (EntryWanted(ref=arr.ref, id=number, since=arr.listed_at or now),)
    return ()


def _standing(case: Case, sight: Sight) -> tuple[EntryWanted, ...]:
    """Return the entry of an open request that was seen to exist a minute ago or longer."""
    arr, number = sight.arr, sight.tracked.entry_id
    if arr is None or number is None or not arr.has(number) or case.row.state is State.AVAILABLE:
        return ()
    seen_at = max((at for at in (arr.listed_at, arr.details_at.get(number)) if at is not None), default=sight.now)
    return (EntryWanted(ref=arr.ref, id=number, since=seen_at, not_before=seen_at + CONFIRM_AFTER),)


def _requests(sight: Sight) -> tuple[RequestWanted, ...]:
    doubted = [one.since for one in sight.ending.gone if one.fact == "request"]
    if not doubted or sight.tracked.seerr is None:
        return ()
    number = int(sight.tracked.id.rpartition(":")[2])
    return (RequestWanted(ref=sight.tracked.seerr, id=number, not_before=min(doubted) + CONFIRM_AFTER),)


def _sought(case: Case, tracked: Tracked, arr: ArrFacts | None) -> tuple[EntrySought, ...]:
    request = tracked.request
    if arr is None or request is None or case.entry_known is not False or case.row.state is State.REQUESTED:
        return ()
    return (EntrySought(ref=arr.ref, tmdb_id=request.tmdb_id, tvdb_id=request.tvdb_id),)


def _history(case: Case, sight: Sight) -> tuple[HistoryWanted, ...]:
    """A request from before the history window: its grabs are older than what `history/since` brought."""
    arr, number = sight.arr, sight.tracked.entry_id
    if arr is None or number is None or not arr.has(number) or number in arr.history.read_alone:
        return ()
    began = case.row.requested_at
    if case.row.state is State.AVAILABLE or began is None or began >= sight.now - sight.facts.setup.policy.recent:
        return ()
    return (HistoryWanted(ref=arr.ref, id=number),)


def _torrent_files(units: Sequence[Unit], facts: Facts) -> tuple[FilesWanted, ...]:
    found: dict[str, FilesWanted] = {}
    for unit in units:
        for download in unit.live:
            if download.torrent is None or not download.shared:
                continue
            ref, torrent = download.torrent.ref, download.torrent.torrent
            known = facts.clients[ref].files.get(torrent.hash)
            finished = (
                torrent.complete and known is not None and all(one.progress == 1 or not one.wanted for one in known)
            )
            if not finished and torrent.size_bytes is not None:
                found[torrent.hash] = FilesWanted(ref=ref, hash=torrent.hash)
    return tuple(found.values())


def _files(units: Sequence[Unit]) -> tuple[FileWanted, ...]:
    """Return the files of `units` to look up; one file may serve several episodes."""
    found: dict[str, FileWanted] = {}
    for unit in units:
        path = unit.file.path if unit.file is not None else None
        if unit.file is None or path is None or path in found:
            continue
        shoko = unit.shoko.match.file if unit.shoko is not None else None
        found[path] = FileWanted(
            path=path,
            size_bytes=unit.file.size_bytes,
            late_since=unit.verdict.at,
            shoko_place=_place_of(shoko) if shoko is not None else None,
        )
    return tuple(found.values())


def _renamed(case: Case, sight: Sight) -> tuple[RenamedSought, ...]:
    """Return where files may be that Shoko does not list by their paths, though it had its time."""
    unseen = [one for one in sight.units if one.shoko is not None and one.verdict.step is Step.NOT_SEEN]
    times = [one.verdict.at for one in unseen if one.verdict.at is not None]
    one = case.series or case.movie
    if one is None or case.instance is None or not times:
        return ()
    paths = [unit.file.path for unit in unseen if unit.file is not None and unit.file.path is not None]
    folders = paths[0].replace("\\", "/").strip("/").split("/")[:-1] if paths else []
    folders = folders[-1 if case.movie is not None else -_DEPTH :]
    return (
        RenamedSought(
            title=kin_title(case.instance, one.id),
            not_before=min(times) + sight.facts.setup.thresholds.anime_matching,
            series=tuple(sorted({number for unit in unseen if unit.shoko is not None for number in unit.shoko.kin})),
            tmdb_id=one.tmdb_id,
            tvdb_id=case.series.tvdb_id if case.series is not None else None,
            directory="/".join(folders) if folders and not any(MARK in name for name in folders) else None,
            is_movie=case.movie is not None,
        ),
    )


def _jobs(case: Case, sight: Sight) -> datetime | None:
    """Return since when a file of it has been in Shoko's hands while Shoko has jobs that might be for it."""
    shoko = next(iter(sight.facts.shokos.values()), None)
    if shoko is None or not shoko.has_jobs:
        return None
    ours = [one for one in case.units if one.verdict.step in _WORKED_ON and one.shoko is not None]
    return min((one.verdict.at for one in ours if one.verdict.at is not None), default=None)


def _place_of(file: ShokoFile) -> tuple[int, str] | None:
    """Return folder and directory of a file that Shoko has in one place; at the top of a folder there is none."""
    if len(file.locations) != 1:
        return None
    folder, path = file.locations[0].folder_id, file.locations[0].relative_path or ""
    directory = path.replace("\\", "/").rpartition("/")[0]
    return (folder, directory) if folder is not None and directory and MARK not in directory else None


def _shows(case: Case, sight: Sight) -> tuple[str, ...]:
    """Return the series items in Jellyfin below which its episodes may be."""
    if case.series is None:
        return ()
    numbers, found = _shoko_series(case.units), set[str]()
    for ledger in sight.facts.jellyfins.values():
        found |= series_items(ledger.index, case.series)
        found |= shoko_shows(sight.facts, ledger, numbers, sight.look.reads)
    for unit in case.units:
        item = unit.jellyfin.found.item if unit.jellyfin is not None else None
        if item is not None and item.series_id is not None:
            found.add(item.series_id)
    return tuple(sorted(found))


def _unread(case: Case, facts: Facts, shows: tuple[str, ...]) -> bool:
    """Return whether an open request has a show in Jellyfin whose episodes nobody asked for yet."""
    read = {show for ledger in facts.jellyfins.values() for show in ledger.series_at}
    return case.row.state is not State.AVAILABLE and bool(set(shows) - read)


def _shoko_series(units: Sequence[Unit]) -> tuple[int, ...]:
    files = [unit.shoko.match.file for unit in units if unit.shoko is not None]
    return tuple(sorted({number for file in files if file is not None for number in series_ids(file)}))


def _sources(units: Sequence[Unit]) -> tuple[str, ...]:
    found = [unit.jellyfin.found.needs_sources for unit in units if unit.jellyfin is not None]
    return tuple(sorted({item_id for some in found for item_id in some}))


def _items(seen: Sequence[Seen], facts: Facts, now: datetime) -> tuple[ItemsWanted, ...]:
    """Items whose absence is to be confirmed, that lost their file, or made something AVAILABLE in the last run."""
    ref = next(iter(facts.jellyfins), None)
    if ref is None:
        return ()
    doubted = [
        (one.since, seen_one.unit.memory.item_id)
        for seen_one in seen
        if seen_one.unit.memory is not None and seen_one.unit.memory.item_id is not None
        for one in seen_one.gone
        if one.fact == "item"
    ]
    wanted: list[ItemsWanted] = []
    if doubted:
        ids = tuple(sorted({item_id for _, item_id in doubted if item_id is not None}))
        wanted.append(ItemsWanted(ref=ref, item_ids=ids, not_before=min(since for since, _ in doubted) + CONFIRM_AFTER))
    restored = {
        one.unit.verdict.item_id
        for one in seen
        if Flag.RESTORED in one.unit.verdict.flags and one.unit.verdict.state is State.AVAILABLE
    }
    if known := tuple(sorted(item_id for item_id in restored if item_id is not None)):
        wanted.append(ItemsWanted(ref=ref, item_ids=known))
    fileless = {one.unit.verdict.item_id for one in seen if _lost_its_file(one.unit, now)}
    if orphans := tuple(sorted(item_id for item_id in fileless if item_id is not None)):
        wanted.append(ItemsWanted(ref=ref, item_ids=orphans, seldom=True))
    return tuple(wanted)


def _lost_its_file(unit: Unit, now: datetime) -> bool:
    """Return whether the file behind an item was deleted a short while ago: the item may be gone, too."""
    if unit.verdict.state is not State.AVAILABLE or unit.file is not None:
        return False
    deleted = [event.at for event in unit.history if event.kind is HistoryKind.DELETED]
    return bool(deleted) and now - deleted[-1] < _DELETION_NOTICED


def _titles(case: Case, tracked: Tracked, facts: Facts) -> tuple[TitleWanted, ...]:
    """Return the title that only Seerr can tell: Sonarr/Radarr does not have the item, or does not answer."""
    request = tracked.request
    if request is None or tracked.seerr is None or request.tmdb_id is None:
        return ()
    if tracked.title is not None or case.series is not None or case.movie is not None:
        return ()
    known = facts.services.get(tracked.instance) if tracked.instance is not None else None
    soon_told = known is not None and known.failures == 0 and case.entry_known is not False
    if request.external_id is not None and soon_told:
        return ()
    return (TitleWanted(ref=tracked.seerr, tmdb_id=request.tmdb_id, is_movie=request.is_movie),)


def _newcomers(facts: Facts) -> list[EntryWanted]:
    """Return series and films that queue, history or commands name and the whole list did not hold: added since."""
    return [
        EntryWanted(ref=arr.ref, id=number, since=arr.listed_at)
        for arr in facts.arrs.values()
        if arr.listed_at is not None
        for number in sorted(arr.queue.keys() | arr.history.records.keys() | arr.commands_of.keys())
        if not arr.has(number) and number not in arr.absent_at
    ]


def add_up(wants: Mapping[RequestId, Wants], facts: Facts, orphans: tuple[str, ...]) -> Interest:
    """Return the sum of what all requests want, without repetitions, in a stable order."""
    ordered = [wants[known] for known in sorted(wants)]
    entries = list(dict.fromkeys([*(entry for one in ordered for entry in one.entries), *_newcomers(facts)]))
    return Interest(
        moving=frozenset(ref for one in ordered for ref in one.moving),
        series=tuple(entry for entry in entries if entry.ref.kind is Kind.SONARR),
        movies=tuple(entry for entry in entries if entry.ref.kind is Kind.RADARR),
        standing=tuple(dict.fromkeys(entry for one in ordered for entry in one.standing)),
        requests=tuple(dict.fromkeys(known for one in ordered for known in one.requests)),
        sought=tuple(dict.fromkeys(sought for one in ordered for sought in one.sought)),
        history=tuple(dict.fromkeys(history for one in ordered for history in one.history)),
        torrent_files=tuple(dict.fromkeys(files for one in ordered for files in one.torrent_files)),
        shoko_files=tuple(file for one in ordered for file in one.shoko_files),
        shoko_series=tuple(sorted({number for one in ordered for number in one.shoko_series})),
        shoko_parts=tuple(sorted({number for one in ordered for number in one.shoko_parts})),
        shoko_renamed=tuple(dict.fromkeys(sought for one in ordered for sought in one.shoko_renamed)),
        shoko_jobs=min((one.shoko_jobs for one in ordered if one.shoko_jobs is not None), default=None),
        shoko_backlog=max((ledger.backlog for ledger in facts.shokos.values()), default=0),
        jellyfin_series=tuple(sorted({show for one in ordered for show in one.jellyfin_series})),
        jellyfin_items=tuple(items for one in ordered for items in one.jellyfin_items),
        jellyfin_sources=tuple(sorted({item_id for one in ordered for item_id in one.jellyfin_sources})),
        titles=tuple(dict.fromkeys(title for one in ordered for title in one.titles)),
        queue_wanted=frozenset(ref for ref, arr in facts.arrs.items() if arr.queue_due),
        orphans=orphans,
    )

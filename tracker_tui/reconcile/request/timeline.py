"""What happened, with the true times of the services; grouped, stable, free of duplicates (invariant 6).

Every entry is derived again from the same facts, or carried over from memory where the services have forgotten. Its
identity is when it began, who knows it and what state it led to; a group that grows changes only its text.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracker_tui.model.arr import HistoryKind, HistoryRecord
from tracker_tui.model.ids import Kind
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.states import State
from tracker_tui.model.world import TimelineEntry
from tracker_tui.reconcile.case import Route, Unit

LIMIT = 60
"""Entries kept per request, newest first out last."""

SKEW = timedelta(minutes=10)
"""Events may precede the request by this much: clocks differ (G6)."""

_TOGETHER = timedelta(minutes=10)
"""Files that appear this close to each other are told as one."""


def merged(known: Iterable[TimelineEntry], fresh: Iterable[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Return both in order of time; a fresh entry takes the place of the known one that it is."""
    entries = {_identity(one): one for one in known} | {_identity(one): one for one in fresh}
    return tuple(sorted(entries.values(), key=lambda one: (one.at, list(State).index(one.state), one.service)))[-LIMIT:]


def _identity(entry: TimelineEntry) -> tuple[datetime, State, Kind]:
    return entry.at, entry.state, entry.service


def things(count: int, is_movie: bool, word: str = "episode") -> str:
    """Return "6 episodes", "1 episode", or "the film"."""
    if is_movie:
        return "the film"
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def of_history(units: Sequence[Unit], arr: Kind, asked_at: datetime | None, *, is_movie: bool) -> list[TimelineEntry]:
    """Return grabs, imports, failures and deletions, one entry per download and kind."""
    groups: dict[tuple[object, ...], list[tuple[Unit, HistoryRecord]]] = {}
    for unit in units:
        for event in unit.history:
            if asked_at is not None and event.at < asked_at - SKEW:
                continue
            key: object = event.download_key or ("moment", int(event.at.timestamp()) // 600)
            groups.setdefault((event.kind, key, _reason(event)), []).append((unit, event))
    entries = [_told(kind, found, arr, is_movie) for (kind, _, _), found in groups.items()]
    return [entry for entry in entries if entry is not None]


def _reason(event: HistoryRecord) -> str | None:
    return event.reason if event.kind is HistoryKind.DELETED else None


def _told(kind: object, found: Sequence[tuple[Unit, HistoryRecord]], arr: Kind, is_movie: bool) -> TimelineEntry | None:
    unit, first = min(found, key=lambda pair: (pair[1].at, pair[1].id))
    count = len({(one.episode.id if one.episode is not None else 0) for one, _ in found})
    what = things(count, is_movie)
    match kind:
        case HistoryKind.GRABBED:
            source = f" from {first.indexer}" if first.indexer else ""
            quality = f" · {first.quality}" if first.quality else ""
            return TimelineEntry(
                at=first.at, state=State.GRABBING, service=arr, text=f"Grabbed {what}{quality}{source}"
            )
        case HistoryKind.IMPORTED:
            files = len({event.imported_path or event.id for _, event in found})
            manual = " by hand" if first.download_key is None else ""
            state = State.ANIME_MATCHING if unit.route is Route.ANIME else State.IMPORTING
            text = "Imported the film" if is_movie else f"Imported {things(files, False, 'file')}"
            return TimelineEntry(at=first.at, state=state, service=arr, text=f"{text}{manual}")
        case HistoryKind.FAILED:
            why = f": {first.message}" if first.message else ""
            return TimelineEntry(at=first.at, state=State.FAILED, service=arr, text=f"Download failed{why}")
        case HistoryKind.IGNORED:
            return TimelineEntry(at=first.at, state=State.PENDING, service=arr, text="Download ignored")
        case HistoryKind.DELETED:
            if (first.reason or "").lower() == "upgrade":
                text = "Replaced the file" if is_movie else f"Replaced {things(count, False, 'file')}"
                return TimelineEntry(at=first.at, state=State.AVAILABLE, service=arr, text=f"{text} by an upgrade")
            why = f" ({first.reason})" if first.reason else ""
            return TimelineEntry(at=first.at, state=State.PENDING, service=arr, text=f"File of {what} deleted{why}")
    return None


def of_files(
    units: Sequence[Unit], arr: Kind, asked_at: datetime | None, heard_at: datetime | None, *, is_movie: bool
) -> list[TimelineEntry]:
    """Return files that are there without an import event: found by a scan, or copied by hand (E4).

    `heard_at` = when the history was last read: a file younger than that may still get its event.
    """
    if heard_at is None:
        return []
    silent = [
        unit.file.added_at
        for unit in units
        if unit.file is not None
        and unit.file.added_at is not None
        and unit.file.added_at < heard_at
        and not any(event.kind is HistoryKind.IMPORTED for event in unit.history)
        and (asked_at is None or unit.file.added_at >= asked_at - SKEW)
    ]
    return [
        TimelineEntry(
            at=first,
            state=State.IMPORTING,
            service=arr,
            text=f"{arr.title} found {'the file' if is_movie else things(count, False, 'file')}",
        )
        for first, count in _clusters(silent)
    ]


def of_clients(units: Sequence[Unit], asked_at: datetime | None) -> list[TimelineEntry]:
    """Return when downloads were complete, by the clock of the client."""
    done: dict[str, datetime] = {}
    for unit in units:
        for download in unit.downloads:
            torrent = download.torrent.torrent if download.torrent is not None else None
            if torrent is not None and torrent.completed_at is not None and download.grabbed is not None:
                done[torrent.hash] = torrent.completed_at
    return [
        TimelineEntry(at=at, state=State.DOWNLOADED, service=Kind.QBITTORRENT, text="Download finished")
        for at in sorted(set(done.values()))
        if asked_at is None or at >= asked_at - SKEW
    ]


def of_shoko(units: Sequence[Unit], asked_at: datetime | None, *, is_movie: bool) -> list[TimelineEntry]:
    """Return when Shoko matched the files."""
    times = {
        unit.shoko.match.file.id: unit.shoko.match.file.imported_at
        for unit in units
        if unit.shoko is not None and unit.shoko.match.file is not None and unit.shoko.match.file.matched
    }
    known = [at for at in times.values() if at is not None and (asked_at is None or at >= asked_at - SKEW)]
    return [
        TimelineEntry(
            at=first,
            state=State.ANIME_MATCHING,
            service=Kind.SHOKO,
            text=f"Shoko matched {'the film' if is_movie else things(count, False, 'file')}",
        )
        for first, count in _clusters(known)
    ]


def of_jellyfin(ready: Iterable[datetime], *, is_movie: bool) -> list[TimelineEntry]:
    """Return when Jellyfin was first seen to have it, from the remembered instants."""
    return [
        TimelineEntry(
            at=first,
            state=State.AVAILABLE,
            service=Kind.JELLYFIN,
            text="In Jellyfin" if is_movie else f"{things(count, False)} in Jellyfin",
        )
        for first, count in _clusters(ready)
    ]


def of_refreshes(refreshes: Iterable[tuple[Refreshed, Beneficiary]]) -> list[TimelineEntry]:
    """Return what the user had refreshed for it, and with what result; `after` unknown says nothing of a result."""
    return [
        TimelineEntry(
            at=one.started_at,
            state=request.state,
            service=Kind.JELLYFIN,
            text=" · ".join(filter(None, (_what(one), one.library, _result(one, request)))),
        )
        for one, request in refreshes
    ]


def _what(one: Refreshed) -> str:
    if one.shokofin:
        return "VFS refresh by user"
    return "Scan of all libraries by user" if one.everything else "Library scan by user"


def _result(one: Refreshed, request: Beneficiary) -> str | None:
    if request.after is None:
        return one.doubt
    gained = max(0, request.after - request.ready)
    if one.doubt is not None and not gained:
        return one.doubt
    what = f"{gained} new" if gained else "nothing new"
    counts = f" ({request.ready}/{request.total} → {request.after}/{request.total})" if request.total > 1 else ""
    return f"{what}{counts}" + (f": {one.verdict}" if one.verdict and not gained else "")


def _clusters(times: Iterable[datetime]) -> list[tuple[datetime, int]]:
    """Group instants whose gaps are short; a group is known by its first and never splits by growing later."""
    groups: list[list[datetime]] = []
    for at in sorted(times):
        if groups and at - groups[-1][-1] <= _TOGETHER:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [(group[0], len(group)) for group in groups]

"""The rows that views show, made from units: episodes, seasons, releases, ids."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tracker_tui.model.fractions import four_decimals, percent
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import Thresholds
from tracker_tui.model.states import Attention, Flag, State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import EpisodeRow, Release, RequestIds, RequestRow, SeasonRow
from tracker_tui.reconcile.case import Download, Seen, Unit
from tracker_tui.reconcile.joins.jellyjoin import Rule
from tracker_tui.reconcile.joins.pack import PackMap
from tracker_tui.reconcile.joins.shokojoin import series_ids
from tracker_tui.reconcile.remember import since_of
from tracker_tui.reconcile.request.rollup import attention_of, headline, season_idle, transfer_of
from tracker_tui.reconcile.request.summary import Told, summarise
from tracker_tui.reconcile.unit.downloads import is_usenet
from tracker_tui.reconcile.unit.verdict import Step


class Dated(Fact):
    """A unit's row together with when time alone will raise its attention."""

    row: EpisodeRow
    raises_at: datetime | None = None


def episode_row(seen: Seen, counted: bool, thresholds: Thresholds, now: datetime) -> Dated:
    """Return how one unit is shown; a film's row only lends its fields to the request."""
    unit, verdict, known = seen.unit, seen.unit.verdict, seen.unit.memory
    episode = unit.episode
    since = since_of(verdict, known, now)
    attention, raises_at = attention_of(verdict, since, now, thresholds)
    air_at = episode.air_at if episode is not None else known.air_at if known is not None else None
    row = EpisodeRow(
        season=seen.season,
        number=seen.number,
        state=verdict.state,
        counted=counted,
        absolute=episode.absolute if episode is not None else known.absolute if known is not None else None,
        title=episode.title if episode is not None else known.title if known is not None else None,
        progress_is_estimate=verdict.estimate and verdict.progress is not None,
        air_at=air_at,
        quality=quality_of(unit),
        torrents=torrents_of(unit),
        size_bytes=verdict.size_bytes,
        since=since,
        flags=_flags(unit, counted),
        attention=attention if counted else Attention.NONE,
        **_numbers(unit),
    )
    return Dated(row=row, raises_at=raises_at if counted else None)


def moved_row(dated: Dated, unit: Unit) -> Dated:
    """Return a unit's row with the present numbers of its downloads."""
    return replace(dated, row=replace(dated.row, **_numbers(unit)))


def _numbers(unit: Unit) -> dict[str, Any]:
    """Return the fields of a row that follow the bytes of its downloads."""
    verdict = unit.verdict
    alone = not any(one.shared for one in unit.live)
    return {
        "progress": _progress(unit),
        "speed_bytes_s": verdict.speed_bytes_s if alone else None,
        "eta_s": verdict.eta_s if alone else None,
        "note": note_of(unit),
    }


def _progress(unit: Unit) -> float | None:
    verdict = unit.verdict
    if verdict.state in {State.PENDING, State.UNAIRED, State.APPROVED, State.SKIPPED, State.FAILED}:
        return None
    return four_decimals(verdict.progress) if verdict.progress is not None else None


def quality_of(unit: Unit) -> SafeText | None:
    """Return the quality of its file, else of its newest live download, else the remembered one."""
    if unit.file is not None and unit.file.quality is not None:
        return unit.file.quality
    for download in unit.live:
        quality = _download_quality(download)
        if quality is not None:
            return quality
    return unit.memory.quality if unit.memory is not None else None


def _download_quality(download: Download) -> SafeText | None:
    if download.grabbed is not None and download.grabbed.quality is not None:
        return download.grabbed.quality
    return next((record.quality for record in download.records if record.quality is not None), None)


def torrents_of(unit: Unit) -> tuple[str, ...]:
    """Return the live downloads, else the one its file came from, else the remembered ones; usenet has no torrents."""
    keys = tuple(one.key for one in unit.live)
    if not keys:
        imported = (one.key for one in unit.downloads if one.newest is not None and one.newest.kind == "imported")
        keys = (*imported,)[:1] or unit.verdict.downloads
    usenet = {one.key for one in unit.downloads if is_usenet(one)}
    if unit.memory is not None and unit.memory.usenet:
        usenet |= set(unit.memory.downloads) - {one.key for one in unit.downloads}
    return tuple(key for key in keys if key not in usenet)


_NOTES = {
    Step.SEARCHING: "search running",
    Step.UNMONITORED: "not monitored",
    Step.DELETED: "file was deleted",
    Step.DESELECTED: "not selected in the client",
    Step.DELAYED: "held back by a delay profile",
    Step.UNSENT: "waiting for the download client",
    Step.QUEUED: "queued in the client",
    Step.METADATA: "fetching metadata",
    Step.STALLED: "no data arrives",
    Step.CHECKING: "checking",
    Step.MOVING: "moving files",
    Step.PAUSED: "paused",
    Step.ERROR: "error in the client",
    Step.MISSING_FILES: "files missing in the client",
    Step.IMPORT_BLOCKED: "import blocked",
    Step.NOT_SEEN: "not seen by Shoko",
    Step.HASHING: "Shoko is hashing",
    Step.IDENTIFYING: "Shoko is identifying",
    Step.LIMBO: "Shoko waits for AniDB data",
    Step.MATCHED: "matched in Shoko",
    Step.IGNORED: "ignored in Shoko",
    Step.INACCESSIBLE: "Shoko cannot see the file",
    Step.UNRECOGNISED: "needs link in Shoko",
    Step.REPLACED: "upgraded, waiting for Jellyfin",
}


def note_of(unit: Unit) -> str | None:
    """Return a few words on what exactly happens, where the state alone does not say it."""
    verdict = unit.verdict
    if verdict.note is not None:
        return verdict.note
    if verdict.step is Step.REMOVED:
        return "download was removed" + (f" at {percent(verdict.lost)}" if verdict.lost else "")
    if verdict.upgrade_blocked:
        return "upgrade not imported"
    if verdict.upgrading:
        return "upgrading" + (f" ({percent(verdict.upgrade)})" if verdict.upgrade is not None else "")
    if verdict.step is Step.UNKNOWN:
        return verdict.word
    return _NOTES.get(verdict.step)


def _flags(unit: Unit, counted: bool) -> tuple[Flag, ...]:
    flags = list(unit.verdict.flags)
    if not counted and unit.verdict.state is State.AVAILABLE:
        flags.append(Flag.EXTRA)
    if unit.verdict.upgrading:
        flags.append(Flag.UPGRADING)
    if assumed(unit):
        flags.append(Flag.ASSUMED)
    return tuple(flags)


def assumed(unit: Unit) -> bool:
    """Return whether AVAILABLE rests on less than the very file or its exact id."""
    if unit.verdict.step is Step.UNCHECKED:
        return True
    found = unit.jellyfin.found if unit.jellyfin is not None else None
    return unit.verdict.step is Step.PLAYABLE and found is not None and found.rule is Rule.NUMBER


def season_rows(
    units: Sequence[tuple[Unit, EpisodeRow]], told: Told, unmoved: Mapping[int, SeasonRow]
) -> tuple[SeasonRow, ...]:
    """Return the seasons with their episodes; `told` is the request's, for what all share; `unmoved` stay as given."""
    by_season: dict[int, list[tuple[Unit, EpisodeRow]]] = {}
    for unit, row in units:
        by_season.setdefault(row.season, []).append((unit, row))
    return tuple(unmoved.get(number) or _season(number, by_season[number], told) for number in sorted(by_season))


def _season(number: int, pairs: Sequence[tuple[Unit, EpisodeRow]], told: Told) -> SeasonRow:
    counted = tuple(unit for unit, row in pairs if row.counted)
    states = [unit.verdict.state for unit in counted] or [
        row.state for _, row in pairs if row.state not in {State.SKIPPED, State.UNAIRED}
    ]
    state = headline(states, season_idle(row.state for _, row in pairs))
    transfer = transfer_of(counted)
    upcoming = [row for _, row in pairs if row.state is State.UNAIRED]
    part = Told(
        state=state,
        is_movie=False,
        units=counted,
        transfer=transfer,
        arr=told.arr,
        now=told.now,
        thresholds=told.thresholds,
        upcoming=len(upcoming),
        next_at=next_air(upcoming, told.now),
        entry_known=told.entry_known,
        shoko_jobs=told.shoko_jobs,
    )
    return SeasonRow(
        number=number,
        state=state,
        ready=part.ready,
        total=part.total,
        progress=transfer.progress,
        speed_bytes_s=transfer.speed_bytes_s,
        eta_s=transfer.eta_s,
        phrases=summarise(part) if counted or upcoming else (),
        attention=max((row.attention for _, row in pairs), default=Attention.NONE),
        episodes=tuple(row for _, row in pairs),
    )


_STAYS = {State.AVAILABLE, State.SKIPPED, State.UNAIRED}


def as_removed(row: RequestRow) -> RequestRow:
    """Return the row of a removed request: nothing of it is on its way any more, what can be played still can."""
    moved = sum(number for state, number in row.counts if state not in _STAYS)
    counts = tuple(one for one in row.counts if one[0] in _STAYS) + (((State.REMOVED, moved),) if moved else ())
    seasons = tuple(_season_removed(part) for part in row.seasons)
    progress = None if moved else row.progress
    return replace(row, counts=counts, seasons=seasons, progress=progress, speed_bytes_s=None, eta_s=None)


def _season_removed(part: SeasonRow) -> SeasonRow:
    return replace(
        part,
        state=part.state if part.state in _STAYS else State.REMOVED,
        progress=part.progress if part.state in _STAYS else None,
        speed_bytes_s=None,
        eta_s=None,
        phrases=(),
        attention=Attention.NONE,
        episodes=tuple(
            row
            if row.state in _STAYS
            else replace(row, state=State.REMOVED, progress=None, progress_is_estimate=False, attention=Attention.NONE)
            for row in part.episodes
        ),
    )


def next_air(rows: Iterable[EpisodeRow], now: datetime) -> datetime | None:
    """Return the next broadcast among `rows`."""
    return min((row.air_at for row in rows if row.air_at is not None and row.air_at > now), default=None)


def releases_of(units: Iterable[Unit], packs: Mapping[str, PackMap]) -> tuple[Release, ...]:
    """Return the distinct downloads of a request, newest first, for the details pane."""
    found: dict[str, Download] = {}
    for unit in units:
        for download in unit.downloads:
            if download.live or (download.newest is not None and download.newest.kind == "imported"):
                found.setdefault(download.key, download)
    return tuple(_release(download, packs.get(download.key)) for download in found.values())


def _release(download: Download, pack: PackMap | None) -> Release:
    """Return one download; of an ended one the client says only that it has it: what it seeds is no news."""
    torrent = download.torrent.torrent if download.torrent is not None else None
    moving = torrent if download.live else None
    grabbed, record = download.grabbed, download.records[0] if download.records else None
    files: list[tuple[SafeText, float]] = []
    if pack is not None and moving is not None and not moving.complete:
        chosen = {file.index: file for one in pack.episodes.values() for file in one.files}
        files = [(chosen[index].name, chosen[index].progress) for index in sorted(chosen)]
    client: InstanceRef | None = download.torrent.ref if download.torrent is not None else None
    return Release(
        id=torrent.hash if torrent is not None else download.key,
        title=(grabbed.source_title if grabbed else None)
        or (record.title if record else None)
        or (torrent.name if torrent else None),
        state_word=moving.state_word if moving is not None else record.status if record is not None else None,
        progress=four_decimals(moving.progress) if moving is not None and moving.progress is not None else None,
        size_bytes=torrent.size_bytes if torrent is not None else record.size_bytes if record is not None else None,
        indexer=(grabbed.indexer if grabbed else None) or (record.indexer if record else None),
        quality=_download_quality(download),
        group=grabbed.release_group if grabbed is not None else None,
        client=client,
        files=tuple(files),
    )


def ids_of(
    units: Iterable[Unit],
    *,
    tmdb: int | None,
    tvdb: int | None,
    imdb: SafeText | None,
    place: InstanceRef | None,
    entry_id: int | None,
    known: RequestIds,
) -> RequestIds:
    """Return the ids in every service; what no service says now stays as remembered."""
    shoko: set[int] = set()
    items: list[str] = []
    for unit in units:
        if unit.shoko is not None and unit.shoko.match.file is not None:
            shoko.update(series_ids(unit.shoko.match.file))
        item = unit.jellyfin.found.item if unit.jellyfin is not None else None
        if item is not None:
            items.append(item.series_id or item.id)
            if item.shoko_series_id is not None:
                shoko.add(item.shoko_series_id)
    numbers = ((place.name, entry_id),) if place is not None and entry_id is not None else ()
    return RequestIds(
        tmdb=tmdb or known.tmdb,
        tvdb=tvdb or known.tvdb,
        imdb=imdb or known.imdb,
        sonarr=numbers if place is not None and place.kind == "sonarr" else known.sonarr,
        radarr=numbers if place is not None and place.kind == "radarr" else known.radarr,
        shoko_series=tuple(sorted(shoko)) or known.shoko_series,
        jellyfin=tuple(dict.fromkeys(items)) or known.jellyfin,
    )

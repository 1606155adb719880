"""The records that Sonarr and Radarr (API v3) share, as sent, and their way into the model.

Only what is needed is declared: passwords, `downloadUrl` and `guid` are never decoded. Enumeration words differ in
case between versions and are lower-cased; numbers come as integers, decimals (`123.0` from Sonarr 3) or digits in
strings (history data). Zero ids, year 0, size 0 and the year 1 are the servers' ways to say "unknown".
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from tracker_tui.model.arr import (
    Command,
    FoundRelease,
    HistoryKind,
    HistoryRecord,
    MediaFile,
    QueueRecord,
    StatusMessage,
)
from tracker_tui.model.text import PATH_LIMIT, SafeText, clean, clean_or_none, quoted, quoted_or_none
from tracker_tui.services.arr.values import Number, instant, path, positive, utc, whole, word
from tracker_tui.services.decode import Wire
from tracker_tui.services.timespan import span_s

_PROTOCOLS = {"1": "usenet", "2": "torrent"}

HISTORY_KINDS = {
    "grabbed": HistoryKind.GRABBED,
    "downloadfolderimported": HistoryKind.IMPORTED,
    "seriesfolderimported": HistoryKind.IMPORTED,
    "moviefolderimported": HistoryKind.IMPORTED,
    "downloadfailed": HistoryKind.FAILED,
    "episodefiledeleted": HistoryKind.DELETED,
    "moviefiledeleted": HistoryKind.DELETED,
    "episodefilerenamed": HistoryKind.RENAMED,
    "moviefilerenamed": HistoryKind.RENAMED,
    "downloadignored": HistoryKind.IGNORED,
}
"""Both servers' words, lower-cased."""


class CamelWire(Wire, rename="camel", gc=False):
    """A record with camelCase keys; absent and null are None. Never part of a reference cycle."""


class NamedWire(CamelWire):
    """Anything of which the name is enough: a quality."""

    name: str | None = None


class QualityWire(CamelWire):
    """`quality`: the quality itself beside its revision."""

    quality: NamedWire | None = None

    @property
    def label(self) -> SafeText | None:
        """Return e.g. "WEBDL-1080p"."""
        return clean_or_none(self.quality.name) if self.quality else None


def quality_label(wire: QualityWire | None) -> SafeText | None:
    """Return the quality's name, None without one."""
    return wire.label if wire else None


class TitleWire(CamelWire):
    """An entry of `alternateTitles`."""

    title: str | None = None


class StatusWire(CamelWire):
    """`/system/status`; `appName` since Radarr 4 and Sonarr 3."""

    app_name: str | None = None
    version: str | None = None


class StatusMessageWire(CamelWire):
    """An entry of `statusMessages`."""

    title: str | None = None
    messages: list[str | None] | None = None

    def fact(self) -> StatusMessage:
        """Return the model's message."""
        texts = (quoted_or_none(text) for text in self.messages or [])
        return StatusMessage(title=quoted_or_none(self.title), messages=tuple(text for text in texts if text))


class QueueWire(CamelWire):
    """A record of `/queue/details`; Sonarr's and Radarr's ids are absent on unknown items."""

    id: int
    title: str | None = None
    series_id: int | None = None
    episode_id: int | None = None
    season_number: int | None = None
    movie_id: int | None = None
    download_id: str | None = None
    status: str | None = None
    tracked_download_status: str | None = None
    tracked_download_state: str | None = None
    status_messages: list[StatusMessageWire] | None = None
    error_message: str | None = None
    protocol: str | None = None
    download_client: str | None = None
    indexer: str | None = None
    output_path: str | None = None
    size: Number = None
    sizeleft: Number = None
    timeleft: str | None = None
    estimated_completion_time: str | None = None
    added: str | None = None
    quality: QualityWire | None = None
    episode_has_file: bool | None = None

    def fact(self) -> QueueRecord:
        """Return the model's record."""
        size = positive(self.size)  # 0 before the torrent's metadata is there
        left = whole(self.sizeleft)
        return QueueRecord(
            id=self.id,
            title=clean_or_none(self.title),
            series_id=positive(self.series_id),
            episode_id=positive(self.episode_id),
            season=self.season_number,
            movie_id=positive(self.movie_id),
            download_id=clean_or_none(self.download_id),
            status=word(self.status),
            tracked_status=word(self.tracked_download_status),
            tracked_state=word(self.tracked_download_state),
            messages=tuple(message.fact() for message in self.status_messages or []),
            error_message=quoted_or_none(self.error_message),
            protocol=word(self.protocol),
            download_client=clean_or_none(self.download_client),
            indexer=clean_or_none(self.indexer),
            output_path=path(self.output_path),
            size_bytes=size,
            left_bytes=left if size is not None and left is not None and left >= 0 else None,
            left_s=span_s(self.timeleft),
            estimated_at=instant(self.estimated_completion_time),
            added_at=instant(self.added),
            quality=quality_label(self.quality),
            episode_has_file=self.episode_has_file,
        )


class HistoryDataWire(CamelWire):
    """`data` of a history record: every value is a string or null. `downloadUrl`, `guid`, `nzbInfoUrl` stay unread."""

    indexer: str | None = None
    release_group: str | None = None
    download_client: str | None = None
    download_client_name: str | None = None
    protocol: str | None = None
    size: Number = None
    message: str | None = None
    reason: str | None = None
    imported_path: str | None = None
    release_type: str | None = None


class HistoryWire(CamelWire):
    """A record of `/history*`."""

    id: int
    event_type: str
    date: datetime
    series_id: int | None = None
    episode_id: int | None = None
    movie_id: int | None = None
    download_id: str | None = None
    source_title: str | None = None
    quality: QualityWire | None = None
    data: HistoryDataWire | None = None

    def fact(self) -> HistoryRecord:
        """Return the model's record."""
        data = self.data or HistoryDataWire()
        return HistoryRecord(
            id=self.id,
            kind=HISTORY_KINDS.get(self.event_type.lower(), HistoryKind.UNKNOWN),
            at=utc(self.date),
            series_id=positive(self.series_id),
            episode_id=positive(self.episode_id),
            movie_id=positive(self.movie_id),
            download_id=clean_or_none(self.download_id),
            source_title=clean_or_none(self.source_title),
            quality=quality_label(self.quality),
            indexer=clean_or_none(data.indexer),
            release_group=clean_or_none(data.release_group),
            download_client=clean_or_none(data.download_client_name) or clean_or_none(data.download_client),
            protocol=word(_PROTOCOLS.get(data.protocol or "", data.protocol)),
            size_bytes=positive(data.size),
            message=quoted_or_none(data.message),
            reason=quoted_or_none(data.reason),
            imported_path=path(data.imported_path),
            release_type=word(data.release_type),
        )


class HistoryPageWire(CamelWire):
    """A page of `/history`."""

    records: list[msgspec.Raw]
    total_records: int


class CommandFileWire(CamelWire):
    """A file of a running `ManualImport`."""

    series_id: int | None = None
    movie_id: int | None = None
    episode_ids: list[int] | None = None


class CommandBodyWire(CamelWire):
    """What a command is about. Sonarr 3 has `seriesId` where later versions have `seriesIds`."""

    series_id: int | None = None
    series_ids: list[int] | None = None
    movie_id: int | None = None
    movie_ids: list[int] | None = None
    episode_ids: list[int] | None = None
    season_number: int | None = None
    is_new_series: bool | None = None
    is_new_movie: bool | None = None
    files: list[CommandFileWire] | None = None


class CommandWire(CamelWire):
    """A record of `/command`."""

    id: int
    name: str
    status: str | None = None
    result: str | None = None
    message: str | None = None
    body: CommandBodyWire | None = None
    queued: str | None = None
    started: str | None = None
    ended: str | None = None

    def fact(self) -> Command:
        """Return the model's command."""
        body = self.body or CommandBodyWire()
        files = body.files or []
        return Command(
            id=self.id,
            name=clean(self.name),
            status=word(self.status),
            result=word(self.result),
            message=quoted_or_none(self.message),
            series_ids=_ids(body.series_ids, [body.series_id], [file.series_id for file in files]),
            movie_ids=_ids(body.movie_ids, [body.movie_id], [file.movie_id for file in files]),
            episode_ids=_ids(body.episode_ids, *(file.episode_ids for file in files)),
            season=body.season_number,
            is_new_item=bool(body.is_new_series or body.is_new_movie),
            queued_at=instant(self.queued),
            started_at=instant(self.started),
            ended_at=instant(self.ended),
        )


def _ids(*lists: Iterable[int | None] | None) -> tuple[int, ...]:
    """Return all ids above zero, each once, in the order they came."""
    return tuple(dict.fromkeys(one for ids in lists for one in ids or () if one and one > 0))


class FileWire(CamelWire):
    """A record of `/episodefile`, `/moviefile`, or the `movieFile` inside a film."""

    id: int
    path: str | None = None
    size: Number = None
    date_added: str | None = None
    quality: QualityWire | None = None
    release_group: str | None = None
    scene_name: str | None = None

    def fact(self) -> MediaFile:
        """Return the model's file."""
        return MediaFile(
            id=self.id,
            path=path(self.path),
            size_bytes=positive(self.size),
            added_at=instant(self.date_added),
            quality=quality_label(self.quality),
            release_group=clean_or_none(self.release_group),
            scene_name=clean_or_none(self.scene_name, PATH_LIMIT),
        )


class ReleaseWire(CamelWire):
    """A release found by a search, with the verdict; its `guid` and `downloadUrl` may hold keys and stay unread."""

    approved: bool | None = None
    rejections: list[str] | None = None
    title: str | None = None
    indexer: str | None = None
    quality: QualityWire | None = None
    size: int | None = None
    seeders: int | None = None

    def fact(self) -> FoundRelease:
        """Return what is shown of it."""
        return FoundRelease(
            title=clean_or_none(self.title) or clean("?"),
            indexer=clean_or_none(self.indexer),
            quality=quality_label(self.quality),
            size_bytes=positive(self.size),
            seeders=self.seeders,
            rejections=tuple(quoted(one) for one in self.rejections or ()),
        )

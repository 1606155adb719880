"""qBittorrent's wire records (Web API 2.8 to 2.16) and what they mean in the model's words.

Every sentinel ends here: eta 8640000, -1, 0 before metadata, times near 1970 (4.x sends minus the server's UTC
offset for "never"), stale speeds of torrents that do not transfer. Magnet links and tracker URLs (they hold
passkeys) are never decoded.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from tracker_tui.model.text import SafeText, clean, clean_or_none, clean_path
from tracker_tui.model.torrents import Torrent, TorrentFile, TorrentState, TransferState
from tracker_tui.services.decode import Wire, decode
from tracker_tui.services.errors import BadAnswer

STATES: Mapping[str, TorrentState] = {
    "metaDL": TorrentState.METADATA,
    "forcedMetaDL": TorrentState.METADATA,
    "queuedDL": TorrentState.QUEUED,
    "allocating": TorrentState.DOWNLOADING,  # <= 4.3.0
    "downloading": TorrentState.DOWNLOADING,
    "forcedDL": TorrentState.DOWNLOADING,
    "stalledDL": TorrentState.STALLED,
    "checkingDL": TorrentState.CHECKING,
    "pausedDL": TorrentState.STOPPED,  # <= 4.6
    "stoppedDL": TorrentState.STOPPED,  # >= 5.0
    "moving": TorrentState.MOVING,
    "uploading": TorrentState.COMPLETE,
    "stalledUP": TorrentState.COMPLETE,
    "queuedUP": TorrentState.COMPLETE,
    "forcedUP": TorrentState.COMPLETE,
    "pausedUP": TorrentState.COMPLETE,  # <= 4.6
    "stoppedUP": TorrentState.COMPLETE,  # >= 5.0
    "checkingUP": TorrentState.CHECKING_COMPLETE,
    "checkingResumeData": TorrentState.RESUMING,
    "missingFiles": TorrentState.MISSING_FILES,
    "error": TorrentState.ERROR,
}
"""qBittorrent's words of all versions; any other word is UNKNOWN."""

ETA_UNKNOWN = 8_640_000
_YEAR_1971 = 365 * 86_400
_YEAR_9999 = 253_370_764_800
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

type Sent[T] = T | UnsetType | None
"""A field of a delta: UNSET = not sent, so unchanged; None = sent, but null or unreadable, so unknown."""


class TorrentWire(Wire):
    """The needed fields of a torrent, as in `sync/maindata` (the hash is the key there)."""

    name: Sent[str] = UNSET
    state: Sent[str] = UNSET
    infohash_v1: Sent[str] = UNSET
    infohash_v2: Sent[str] = UNSET
    progress: Sent[float] = UNSET
    size: Sent[int] = UNSET
    total_size: Sent[int] = UNSET
    amount_left: Sent[int] = UNSET
    completed: Sent[int] = UNSET
    dlspeed: Sent[int] = UNSET
    eta: Sent[int] = UNSET
    category: Sent[str] = UNSET
    tags: Sent[str] = UNSET
    save_path: Sent[str] = UNSET
    content_path: Sent[str] = UNSET
    added_on: Sent[int] = UNSET
    completion_on: Sent[int] = UNSET
    last_activity: Sent[int] = UNSET
    num_seeds: Sent[int] = UNSET
    num_complete: Sent[int] = UNSET
    num_leechs: Sent[int] = UNSET
    availability: Sent[float] = UNSET
    priority: Sent[int] = UNSET


class ServerWire(Wire):
    """The needed fields of `server_state`."""

    connection_status: Sent[str] = UNSET
    free_space_on_disk: Sent[int] = UNSET
    queueing: Sent[bool] = UNSET


class Maindata(Wire):
    """One `sync/maindata` answer; everything but `rid` may be missing."""

    rid: int
    full_update: bool = False
    torrents: dict[str, TorrentWire | None] = msgspec.field(default_factory=dict)
    """None = there is something under this hash, but it is no torrent record."""
    torrents_removed: list[str] = msgspec.field(default_factory=list)
    server_state: ServerWire | UnsetType = UNSET


class _RawMaindata(Wire):
    rid: int
    full_update: bool = False
    torrents: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    torrents_removed: list[Any] = msgspec.field(default_factory=list)
    server_state: msgspec.Raw | UnsetType = UNSET


class FileWire(Wire):
    """A file of a torrent; `index` exists since 4.3.5, before that the position counts."""

    name: str
    size: int
    progress: float
    priority: int = 1
    index: int | None = None


class FilesWire(Wire):
    """A torrent of `torrents/info?includeFiles=true`; `files` is absent before metadata and on older servers."""

    hash: str
    total_size: int = -1
    files: list[msgspec.Raw] | UnsetType = UNSET


def maindata(body: bytes) -> tuple[Maindata, int]:
    """Decode a `sync/maindata` answer; return it and how many torrents are damaged.

    A field that cannot be read becomes None (unknown), as does a torrent that is no object. Raises BadAnswer.
    """
    try:
        return decode(body, Maindata), 0
    except BadAnswer:
        raw = decode(body, _RawMaindata)
    torrents: dict[str, TorrentWire | None] = {}
    damaged = 0
    for key, record in raw.torrents.items():
        torrents[key], bad = _tolerant(record, TorrentWire)
        damaged += bad
    server: ServerWire | UnsetType | None = UNSET
    if not isinstance(raw.server_state, UnsetType):
        server, _ = _tolerant(raw.server_state, ServerWire)
    return (
        Maindata(
            rid=raw.rid,
            full_update=raw.full_update,
            torrents=torrents,
            torrents_removed=[one for one in raw.torrents_removed if isinstance(one, str)],
            server_state=UNSET if server is None else server,
        ),
        damaged,
    )


def _tolerant[T: Wire](record: msgspec.Raw, kind: type[T]) -> tuple[T | None, bool]:
    """Decode what can be decoded of one object; return None if it is none, and whether anything was unreadable."""
    try:
        return msgspec.json.decode(record, type=kind), False
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        raws = msgspec.json.decode(record, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, True
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.encode_name in raws:
            try:
                values[field.name] = msgspec.json.decode(raws[field.encode_name], type=field.type)
            except (msgspec.DecodeError, UnicodeDecodeError):
                values[field.name] = None
    return kind(**values), True


def torrent_hash(key: str) -> str | None:
    """Return a hash in lower case, or None for what is none."""
    key = key.lower()
    return key if _HASH.fullmatch(key) else None


def torrent(hash_: str, wire: TorrentWire) -> Torrent:
    """Return the facts of the torrent with the lower-case hash `hash_`."""
    word = _sent(wire.state) or ""
    state = STATES.get(word, TorrentState.UNKNOWN)
    if word == "forcedDL" and _amount(wire.dlspeed) == 0:
        state = TorrentState.STALLED  # for a forced torrent the client has no such word
    total = _amount(wire.total_size)
    known = total is not None and state is not TorrentState.METADATA  # before metadata: size 0, total_size -1
    counted = known and state is not TorrentState.RESUMING  # while resume data is read all numbers are placeholders
    moving_data = state is TorrentState.DOWNLOADING
    with_peers = moving_data or state is TorrentState.STALLED
    return Torrent(
        hash=hash_,
        ids=_ids(hash_, wire),
        name=clean(_sent(wire.name) or hash_),
        state=state,
        state_word=clean(word, 40),
        progress=_fraction(wire.progress) if counted else None,
        size_bytes=_amount(wire.size) if known else None,
        left_bytes=_amount(wire.amount_left) if counted else None,
        completed_bytes=_amount(wire.completed) if counted else None,
        speed_bytes_s=_amount(wire.dlspeed) if moving_data else None,
        eta_s=_eta(wire.eta) if moving_data else None,
        category=clean_or_none(_sent(wire.category)),
        tags=_tags(_sent(wire.tags)),
        save_path=_path(_sent(wire.save_path)),
        content_path=_path(_sent(wire.content_path)),
        added_at=_time(wire.added_on),
        completed_at=_time(wire.completion_on),
        last_activity_at=_time(wire.last_activity),
        seeds=_amount(wire.num_seeds),
        seeds_total=_amount(wire.num_complete),
        peers=_amount(wire.num_leechs),
        availability=_amount(wire.availability) if with_peers else None,
        queue_position=_amount(wire.priority) or None,
    )


def transfer(wire: ServerWire) -> TransferState:
    """Return the facts of `server_state`."""
    return TransferState(
        connection=clean_or_none(_sent(wire.connection_status)),
        free_bytes=_amount(wire.free_space_on_disk),
        queueing=_sent(wire.queueing),
    )


def files(raws: Sequence[msgspec.Raw]) -> tuple[tuple[TorrentFile, ...], int]:
    """Return the readable files of a torrent in the server's order, and how many records were left out."""
    good: list[TorrentFile] = []
    for position, raw in enumerate(raws):
        try:
            wire = msgspec.json.decode(raw, type=FileWire)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        good.append(
            TorrentFile(
                index=position if wire.index is None else wire.index,
                name=clean_path(wire.name),
                size_bytes=max(0, wire.size),
                progress=min(1.0, max(0.0, wire.progress)),
                wanted=wire.priority > 0,
            )
        )
    return tuple(good), len(raws) - len(good)


def _sent[T](value: Sent[T]) -> T | None:
    return None if isinstance(value, UnsetType) else value


def _amount[N: (int, float)](value: Sent[N]) -> N | None:
    """Return what was counted or measured; the client says -1 where it does not know."""
    number = _sent(value)
    return number if number is not None and number >= 0 else None


def _fraction(value: Sent[float]) -> float | None:
    number = _sent(value)
    return None if number is None else min(1.0, max(0.0, number))


def _eta(value: Sent[int]) -> int | None:
    seconds = _amount(value)
    return seconds if seconds is not None and seconds < ETA_UNKNOWN else None


def _time(value: Sent[int]) -> datetime | None:
    seconds = _sent(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and _YEAR_1971 < seconds < _YEAR_9999 else None


def _tags(text: str | None) -> tuple[SafeText, ...]:
    return tuple(tag for part in (text or "").split(",") if (tag := clean_or_none(part)) is not None)


def _path(text: str | None) -> SafeText | None:
    """Return an absolute path; 4.5 sends the bare name in `content_path` while it reads resume data."""
    if not text or not (text[0] in "/\\" or text[1:2] == ":"):
        return None
    return clean_path(text)


def _ids(hash_: str, wire: TorrentWire) -> tuple[str, ...]:
    v2 = torrent_hash(_sent(wire.infohash_v2) or "")
    ids = (hash_, torrent_hash(_sent(wire.infohash_v1) or ""), v2, v2 and v2[:40])
    return tuple(dict.fromkeys(one for one in ids if one))

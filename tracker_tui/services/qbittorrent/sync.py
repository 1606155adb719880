"""The mirror of qBittorrent's torrent list that `sync/maindata` deltas are merged into. Pure: old in, new out."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from tracker_tui.model.observation import TorrentsRead
from tracker_tui.model.torrents import Torrent
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.qbittorrent.wire import Maindata, ServerWire, TorrentWire, torrent, torrent_hash, transfer


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """What the server has told so far: its records and the facts made of them, by lower-case hash."""

    rid: int = 0
    """The last answer's number: what the next question acknowledges; 0 asks for everything."""
    complete: bool = False
    """Whether a full answer has ever arrived."""
    records: Mapping[str, TorrentWire] = {}
    facts: Mapping[str, Torrent] = {}
    server: ServerWire = msgspec.field(default_factory=ServerWire)


class Merged(msgspec.Struct, frozen=True):
    """A mirror after an answer, and what the answer changed."""

    mirror: Mirror
    change: TorrentsRead
    anew: bool = False
    """Everything came where only changes were asked for: the server does not know our session any more."""


def resync(mirror: Mirror) -> Mirror:
    """Return the mirror that asks for everything next time, without forgetting what is known.

    Needed after every answer that did not arrive: qBittorrent 4.6 to 5.2.3 never sends the fields of a lost
    answer again until they change (issue 24845).
    """
    return msgspec.structs.replace(mirror, rid=0)


def merge(mirror: Mirror, answer: Maindata) -> Merged:
    """Merge one answer. The first full answer is reported as full, every later one as the difference to the mirror.

    An unreadable record says only that its torrent exists: what was known of it stays.
    Raises BadAnswer when changes come where everything was asked for.
    """
    if not answer.full_update and not mirror.rid:
        raise BadAnswer("only changes came where the whole torrent list was asked for")
    full = answer.full_update
    records: dict[str, TorrentWire] = {} if full else dict(mirror.records)
    facts: dict[str, Torrent] = {} if full else dict(mirror.facts)
    changed: list[Torrent] = []
    for key, sent in answer.torrents.items():
        hash_ = torrent_hash(key)
        if hash_ is None:
            continue
        known = mirror.records.get(hash_)
        if sent is None:
            if known is None:
                continue
            record = known
        else:
            record = sent if full or known is None else _updated(known, sent)
        fact = torrent(hash_, record)
        records[hash_], facts[hash_] = record, fact
        if fact != mirror.facts.get(hash_):
            changed.append(fact)
    for key in answer.torrents_removed:
        records.pop(key.lower(), None)
        facts.pop(key.lower(), None)
    removed = tuple(hash_ for hash_ in mirror.facts if hash_ not in facts)
    server = mirror.server
    if isinstance(answer.server_state, ServerWire):
        server = answer.server_state if full else _updated(server, answer.server_state)
    merged = Mirror(rid=answer.rid, complete=mirror.complete or full, records=records, facts=facts, server=server)
    change = TorrentsRead(
        full=full and not mirror.complete,
        changed=tuple(one for one in changed if one.hash in facts),
        removed=removed,
        transfer=transfer(server),
    )
    return Merged(merged, change, anew=full and bool(mirror.rid))


def _updated[T: (TorrentWire, ServerWire)](old: T, sent: T) -> T:
    values: dict[str, Any] = {
        name: value for name in sent.__struct_fields__ if (value := getattr(sent, name)) is not UNSET
    }
    return msgspec.structs.replace(old, **values)

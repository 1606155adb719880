"""Between the world's memory and the store's documents."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from tracker_tui.model.ids import RequestId
from tracker_tui.reconcile.memory import CommonMemory, Memory, RequestMemory
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)

_REQUEST = msgspec.json.Decoder(RequestMemory)


def load(store: Store) -> Memory:
    """Return what the store remembers; a document that cannot be read is left out and named in the log."""
    requests: dict[RequestId, RequestMemory] = {}
    for key, document in store.requests().items():
        try:
            requests[key] = _REQUEST.decode(document)
        except msgspec.MsgspecError as fault:
            log.warning("store: the memory of %s cannot be read (%s)", key, fault)
    try:
        common = msgspec.convert(store.meta("common"), CommonMemory)
    except msgspec.ValidationError as fault:
        log.warning("store: common memory cannot be read (%s)", fault)
        common = CommonMemory()
    return Memory(requests=requests, common=common, saved_at=_instant(store.meta("saved").get("at")))


def without_old(memory: Memory, store: Store, now: datetime, keep_days: int) -> Memory:
    """Return memory without the requests settled more than `keep_days` ago, dropped from the store as well."""
    horizon = now - timedelta(days=keep_days)
    old = {key for key, one in memory.requests.items() if one.closed_at is not None and one.closed_at < horizon}
    if not old:
        return memory
    store.put(dict.fromkeys(old))
    return replace(memory, requests={key: one for key, one in memory.requests.items() if key not in old})


def save(
    store: Store, now: datetime, requests: Mapping[RequestId, RequestMemory | None], common: CommonMemory | None
) -> None:
    """Put changed memory into the store (None = forget); flushed later."""
    store.put(requests, {} if common is None else {"common": common})
    if store.dirty:
        store.put(meta={"saved": {"at": now.isoformat()}})


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None

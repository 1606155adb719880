"""Between the world's memory and the store's documents."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tracker_tui.model.ids import RequestId
from tracker_tui.reconcile.memory import CommonMemory, Memory, RequestMemory
from tracker_tui.store.store import Store

log = logging.getLogger(__name__)


def load(store: Store) -> Memory:
    """Return what the store remembers; a document that cannot be read is left out and named in the log."""
    requests: dict[RequestId, RequestMemory] = {}
    for key, document in store.requests().items():
        try:
            requests[key] = msgspec.convert(document, RequestMemory)
        except msgspec.ValidationError as fault:
            log.warning("store: the memory of %s cannot be read (%s)", key, fault)
    try:
        common = msgspec.convert(store.meta("common"), CommonMemory)
    except msgspec.ValidationError as fault:
        log.warning("store: common memory cannot be read (%s)", fault)
        common = CommonMemory()
    return Memory(requests=requests, common=common, saved_at=_instant(store.meta("saved").get("at")))


def forget_old(store: Store, now: datetime, keep_days: int) -> None:
    """Drop requests that were settled more than `keep_days` ago: history is pruned by age."""
    horizon = now - timedelta(days=keep_days)
    closed = {key: _instant(document.get("closed_at")) for key, document in store.requests().items()}
    store.put({key: None for key, at in closed.items() if at is not None and at < horizon})


def save(
    store: Store, now: datetime, requests: Mapping[RequestId, RequestMemory | None], common: CommonMemory | None
) -> None:
    """Put changed memory into the store (None = forget); flushed later."""
    documents = {key: None if memory is None else _document(memory) for key, memory in requests.items()}
    store.put(documents, {} if common is None else {"common": _document(common)})
    if store.dirty:
        store.put(meta={"saved": {"at": now.isoformat()}})


def _document(memory: RequestMemory | CommonMemory) -> dict[str, Any]:
    """Return the document exactly as it will be read back, so that equal memory compares equal."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(memory))
    return document


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None

"""`sync/maindata` of the simulated qBittorrent: one rid history per web session, as each server version keeps it."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_RID_LIMIT = 1_000_000


class SyncSession:
    """Answers `sync/maindata` for one web session.

    Until 4.5 the server compares whole snapshots. Since 4.6 it collects changes that are not acknowledged yet; up to
    5.2.3 a torrent's newer changes replace its unacknowledged ones, so a lost answer loses fields.
    """

    def __init__(self, version: tuple[int, ...]) -> None:
        self._compares = version < (4, 6)
        self._forgets = (4, 6) <= version < (5, 3)
        self._sent_rid = 0
        self._accepted_rid = 0
        self._sent: Json = {}
        self._accepted: Json = {}
        self._pending: Json = {}

    def answer(self, rid: int, data: Json) -> Json:
        """Return the answer to `rid`; `data` has torrents, categories, server_state (maps) and tags (a list)."""
        return self._compared(rid, data) if self._compares else self._collected(rid, data)

    def _compared(self, rid: int, data: Json) -> Json:
        if rid > 0 and rid == self._sent_rid:
            self._accepted, self._accepted_rid = self._sent, rid
        full = rid <= 0 or rid != self._accepted_rid
        if full:
            self._accepted, self._accepted_rid = {}, 0
        self._sent_rid = 1 if rid <= 0 else self._sent_rid % _RID_LIMIT + 1
        changes = data if full else _changes(self._accepted, data)
        self._sent = data
        return _ordered(self._sent_rid, full, changes)

    def _collected(self, rid: int, data: Json) -> Json:
        if rid > 0 and rid == self._sent_rid:
            self._accepted_rid, self._pending = rid, {}
        full = rid <= 0 or rid != self._accepted_rid
        self._sent_rid = self._sent_rid % _RID_LIMIT + 1
        if full:
            self._accepted_rid, self._pending = 0, {}
            answer = {key: value for key, value in data.items() if value}
        else:
            self._collect(_changes(self._sent, data))
            answer = self._pending
        self._sent = data
        return _ordered(self._sent_rid, full, answer)

    def _collect(self, changes: Json) -> None:
        pending: Json = {
            key: dict(value) if isinstance(value, dict) else list(value) for key, value in self._pending.items()
        }
        for part in ("torrents", "categories"):
            for key, fields in changes.get(part, {}).items():
                waiting = {} if self._forgets else pending.get(part, {}).get(key, {})
                pending.setdefault(part, {})[key] = {**waiting, **fields}
                if key in pending.get(f"{part}_removed", []):
                    pending[f"{part}_removed"].remove(key)
            for key in changes.get(f"{part}_removed", []):
                pending.setdefault(f"{part}_removed", []).append(key)
                pending.get(part, {}).pop(key, None)
        if "server_state" in changes:
            waiting = {} if self._forgets else pending.get("server_state", {})
            pending["server_state"] = {**waiting, **changes["server_state"]}
        for part in ("tags", "tags_removed"):
            if part in changes:
                pending[part] = [*pending.get(part, []), *changes[part]]
        self._pending = {key: value for key, value in pending.items() if value}


def _changes(old: Json, new: Json) -> Json:
    """Return the differences of two snapshots; what did not change has no key."""
    found: Json = {}
    for part in ("torrents", "categories"):
        before, after = old.get(part, {}), new[part]
        changed = {
            key: fields if key not in before else _fields(before[key], fields)
            for key, fields in after.items()
            if before.get(key) is not fields and before.get(key) != fields
        }
        found |= {part: changed, f"{part}_removed": [key for key in before if key not in after]}
    before_tags, after_tags = old.get("tags", []), new["tags"]
    found |= {
        "server_state": _fields(old.get("server_state", {}), new["server_state"]),
        "tags": [tag for tag in after_tags if tag not in before_tags],
        "tags_removed": [tag for tag in before_tags if tag not in after_tags],
    }
    return {key: value for key, value in found.items() if value}


def _fields(old: Mapping[str, object], new: Mapping[str, object]) -> Json:
    return {key: value for key, value in new.items() if key not in old or old[key] != value}


def _ordered(rid: int, full: bool, content: Json) -> Json:
    return dict(sorted(({"rid": rid} | ({"full_update": True} if full else {}) | content).items()))

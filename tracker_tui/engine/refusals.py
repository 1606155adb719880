"""Refused qBittorrent logins, remembered across processes: five tries ban the address, Sonarr's too (SPEC 6)."""

from datetime import datetime

from tracker_tui.model.ids import InstanceRef
from tracker_tui.store.store import Store

_META = "refused_logins"


def login_refused(store: Store, ref: InstanceRef, config_mtime_ns: int | None) -> bool:
    """Return whether the login of `ref` was refused with this very configuration file."""
    record = store.meta(_META).get(str(ref))
    return isinstance(record, dict) and record.get("config_mtime_ns") == config_mtime_ns


def note_login(store: Store, ref: InstanceRef, *, refused: bool, config_mtime_ns: int | None, now: datetime) -> None:
    """Remember a refusal, or forget it after a login that worked."""
    known = store.meta(_META)
    if refused and not login_refused(store, ref, config_mtime_ns):
        store.put(meta={_META: {**known, str(ref): {"at": now.isoformat(), "config_mtime_ns": config_mtime_ns}}})
    elif not refused and str(ref) in known:
        store.put(meta={_META: {key: value for key, value in known.items() if key != str(ref)}})

"""The JSON objects of the simulated qBittorrent, with the fields each server version sends."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from tracker_tui.simulate.qbittorrent.torrents import ETA_UNKNOWN, SimTorrent

Version = tuple[int, ...]
Json = dict[str, Any]

WEB_API = {
    "4.5.2": "2.8.19",
    "4.6.7": "2.9.3",
    "5.0.0": "2.11.2",
    "5.1.0": "2.11.4",
    "5.1.4": "2.11.4",
    "5.2.0": "2.15.1",
    "5.3.0": "2.16.2",
}
"""Application version -> Web API version."""


_UNCHANGING: Json = {
    "auto_tmm": False,
    "dl_limit": 0,
    "f_l_piece_prio": False,
    "max_ratio": -1,
    "max_seeding_time": -1,
    "ratio": 0,
    "ratio_limit": -2,
    "seeding_time": 0,
    "seeding_time_limit": -2,
    "super_seeding": False,
    "tracker": "",
    "trackers_count": 0,
    "up_limit": 0,
    "uploaded": 0,
    "uploaded_session": 0,
    "upspeed": 0,
}
"""What nobody limits, and nobody uploads."""


def torrent_json(torrent: SimTorrent, version: Version) -> Json:
    """Return a torrent as `sync/maindata` has it (without `hash`), keys in the server's alphabetical order."""
    known = torrent.metadata_s <= 0
    completed = torrent.completed() if known else 0
    size = torrent.size if known else 0
    rate = torrent.rate
    progress = completed / size if size else 0
    fields: Json = {
        "added_on": _unix(torrent.added_at),
        "amount_left": size - completed,
        "availability": _availability(torrent, progress),
        "category": torrent.category,
        "completed": completed,
        "completion_on": _never(torrent.completed_at, version),
        "content_path": _content_path(torrent) if known else "",
        "dlspeed": torrent.speed if torrent.failure == "error" else rate,  # stale in `error`
        "download_path": torrent.download_path,
        "downloaded": torrent.downloaded,
        "downloaded_session": torrent.downloaded,
        "eta": _eta(torrent, size - completed),
        "force_start": torrent.forced,
        "infohash_v1": torrent.infohash_v1,
        "infohash_v2": torrent.infohash_v2,
        "last_activity": _unix(torrent.last_activity_at or torrent.added_at),
        "magnet_uri": f"magnet:?xt=urn:btih:{torrent.infohash_v1 or torrent.hash}&dn={quote(torrent.name)}",
        "name": torrent.name,
        "num_complete": torrent.seeds,
        "num_incomplete": torrent.peers,
        "num_leechs": torrent.peers if rate else 0,
        "num_seeds": torrent.seeds if rate else 0,
        "priority": 0 if torrent.finished else 1,
        "progress": _number(progress),
        "save_path": torrent.save_path,
        "seen_complete": _never(torrent.seen_complete_at, version),
        "seq_dl": torrent.sequential,
        "size": size,
        "state": torrent.word(version),
        "tags": ", ".join(torrent.tags),
        "time_active": int(torrent.active_s),
        "total_size": torrent.total if known else -1,
    }
    return dict(sorted((_UNCHANGING | fields | _later_fields(torrent, version, progress, known=known)).items()))


def _later_fields(torrent: SimTorrent, version: Version, progress: float, *, known: bool) -> Json:
    """Return what came with 4.6, 5.0 and 5.2; `known` = it has its metadata."""
    fields: Json = {}
    if version >= (4, 6):
        fields |= {"inactive_seeding_time_limit": -2, "max_inactive_seeding_time": -1}
    if version >= (5, 0):
        fields |= {
            "comment": "",
            "has_metadata": known,
            "popularity": 0,
            "private": False if known else None,
            "reannounce" if version >= (5, 1) else "reannounce_in": 0,
            "root_path": _root_path(torrent) if known else "",
        }
    if version >= (5, 2):
        fields |= {
            "connections_count": 0,
            "connections_limit": 100,
            "created_by": "",
            "creation_date": -1,
            "piece_size": torrent.piece_size if known else -1,
            "pieces_have": int(progress * _pieces_number(torrent)) if known else 0,
            "pieces_num": _pieces_number(torrent) if known else -1,
            "share_limit_action": "Default",
            "total_wasted": 0,
        }
    return fields


def maindata_torrent_json(torrent: SimTorrent, version: Version) -> Json:
    """Return a torrent of `sync/maindata`: without null fields, and since 5.2 with three more than elsewhere."""
    fields = {key: value for key, value in torrent_json(torrent, version).items() if value is not None}
    if version >= (5, 2):
        fields |= {"has_other_announce_error": False, "has_tracker_error": False, "has_tracker_warning": False}
    return fields


def files_json(torrent: SimTorrent) -> list[Json]:
    """Return the entries of `torrents/files`; empty before metadata. `is_seed` is only on the first."""
    if torrent.metadata_s > 0:
        return []
    seed = {"is_seed": torrent.completed() >= torrent.size}
    return [
        {
            "availability": 1,
            "index": index,
            **(seed if index == 0 else {}),
            "name": file.name,
            "piece_range": list(torrent.pieces.ranges[index]),
            "priority": file.priority,
            "progress": _number(have / file.size if file.size else 1.0),
            "size": file.size,
        }
        for index, (file, have) in enumerate(zip(torrent.files, torrent.have_bytes(), strict=True))
    ]


def properties_json(torrent: SimTorrent, version: Version) -> Json:
    """Return `torrents/properties`; -1 for what is not known before metadata."""
    known = torrent.metadata_s <= 0
    fields = torrent_json(torrent, version)
    own: Json = {
        "addition_date": fields["added_on"],
        "comment": "",
        "completion_date": _unix(torrent.completed_at) if torrent.completed_at else -1,
        "created_by": "",
        "creation_date": -1,
        "dl_limit": 0,
        "dl_speed": fields["dlspeed"],
        "dl_speed_avg": fields["dlspeed"],
        "download_path": torrent.download_path,
        "eta": fields["eta"],
        "hash": torrent.hash,
        "infohash_v1": torrent.infohash_v1,
        "infohash_v2": torrent.infohash_v2,
        "is_private": False,
        "last_seen": _unix(torrent.seen_complete_at) if torrent.seen_complete_at else -1,
        "name": torrent.name,
        "nb_connections": 0,
        "nb_connections_limit": 100,
        "peers": fields["num_leechs"],
        "peers_total": fields["num_incomplete"],
        "piece_size": torrent.piece_size if known else -1,
        "pieces_have": int(fields["progress"] * _pieces_number(torrent)) if known else 0,
        "pieces_num": _pieces_number(torrent) if known else -1,
        "reannounce": 0,
        "save_path": torrent.save_path,
        "seeding_time": 0,
        "seeds": fields["num_seeds"],
        "seeds_total": fields["num_complete"],
        "share_ratio": 0,
        "time_elapsed": fields["time_active"],
        "total_downloaded": torrent.downloaded,
        "total_downloaded_session": torrent.downloaded,
        "total_size": torrent.total if known else -1,
        "total_uploaded": 0,
        "total_uploaded_session": 0,
        "total_wasted": 0,
        "up_limit": -1,
        "up_speed": 0,
        "up_speed_avg": 0,
    }
    if version >= (5, 0):
        own |= {"has_metadata": known, "popularity": 0, "private": False if known else None}
        own |= {"progress": fields["progress"]}
    return dict(sorted(own.items()))


def server_json(
    version: Version, *, connection: str, speed: int, free_bytes: int, queueing: bool, downloaded: int
) -> Json:
    """Return `server_state`."""
    state: Json = {
        "alltime_dl": downloaded,
        "alltime_ul": 0,
        "average_time_queue": 0,
        "connection_status": connection,
        "dht_nodes": 0,
        "dl_info_data": downloaded,
        "dl_info_speed": speed,
        "dl_rate_limit": 0,
        "free_space_on_disk": free_bytes,
        "global_ratio": "-",
        "queued_io_jobs": 0,
        "queueing": queueing,
        "read_cache_hits": "0",
        "read_cache_overload": "0",
        "refresh_interval": 1500,
        "total_buffers_size": 0,
        "total_peer_connections": 0,
        "total_queued_size": 0,
        "total_wasted_session": 0,
        "up_info_data": 0,
        "up_info_speed": 0,
        "up_rate_limit": 0,
        "use_alt_speed_limits": False,
        "write_cache_overload": "0",
    }
    if version >= (5, 1):
        state |= {"last_external_address_v4": "", "last_external_address_v6": ""}
    if (5, 0) <= version < (5, 2):
        state |= {"use_subcategories": False}
    return dict(sorted(state.items()))


def transfer_json(state: Json) -> Json:
    """Return `transfer/info`, a part of `server_state`."""
    prefixes = ("connection_status", "dht_nodes", "dl_", "up_", "last_external")
    return {key: value for key, value in state.items() if key.startswith(prefixes)}


def _unix(at: datetime) -> int:
    return int(at.timestamp())


def _never(at: datetime | None, version: Version) -> int:
    """4.x sends minus its UTC offset for "never": +18000 in New York."""
    if at is not None:
        return _unix(at)
    return -1 if version >= (5, 0) else 18_000


def _number(value: float) -> float | int:
    return int(value) if value in {0, 1} else value


def _availability(torrent: SimTorrent, progress: float) -> float:
    if torrent.finished and progress >= 1:
        return -1
    return _number(torrent.seeds + progress) if torrent.rate or torrent.stalled else 0


def _eta(torrent: SimTorrent, left: int) -> int:
    if torrent.failure == "error" and torrent.speed:
        return max(1, left // torrent.speed)
    return max(0, left // torrent.rate) if torrent.rate else ETA_UNKNOWN


def _pieces_number(torrent: SimTorrent) -> int:
    return max(1, -(-torrent.total // torrent.piece_size))


def _root(torrent: SimTorrent) -> str | None:
    roots = {file.name.partition("/")[0] for file in torrent.files if "/" in file.name}
    return roots.pop() if len(roots) == 1 and all("/" in file.name for file in torrent.files) else None


def _root_path(torrent: SimTorrent) -> str:
    root = _root(torrent)
    return f"{torrent.download_path or torrent.save_path}/{root}" if root else ""


def _content_path(torrent: SimTorrent) -> str:
    """Return what an importer sees: the root folder, the single file, or the bare folder of a rootless pack."""
    folder = torrent.save_path if torrent.finished or not torrent.download_path else torrent.download_path
    root = _root(torrent)
    if root:
        return f"{folder}/{root}"
    return f"{folder}/{torrent.files[0].name}" if len(torrent.files) == 1 else folder

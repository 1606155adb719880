"""Reads the recordings with the decoders of our clients: how many records, how many skipped."""

from typing import Any, NamedTuple

import msgspec

from tests.contract.recordings import RECORDINGS, Recording, read
from tracker_tui.services.arr import wire as arr_wire
from tracker_tui.services.arr.radarr import MovieWire
from tracker_tui.services.arr.sonarr import EpisodeWire, SeriesWire
from tracker_tui.services.decode import Wire, each
from tracker_tui.services.jellyfin import wire as jellyfin_wire
from tracker_tui.services.qbittorrent import wire as qbittorrent_wire
from tracker_tui.services.seerr import wire as seerr_wire

DECODERS: dict[tuple[str, str], type[Wire]] = {
    ("sonarr", "/api/v3/series"): SeriesWire,
    ("sonarr", "/api/v3/episode"): EpisodeWire,
    ("sonarr", "/api/v3/calendar"): EpisodeWire,
    ("sonarr", "/api/v3/queue"): arr_wire.QueueWire,
    ("sonarr", "/api/v3/command"): arr_wire.CommandWire,
    ("sonarr", "/api/v3/system/status"): arr_wire.StatusWire,
    ("radarr", "/api/v3/movie"): MovieWire,
    ("radarr", "/api/v3/calendar"): MovieWire,
    ("radarr", "/api/v3/queue"): arr_wire.QueueWire,
    ("radarr", "/api/v3/history/movie"): arr_wire.HistoryWire,
    ("radarr", "/api/v3/moviefile"): arr_wire.FileWire,
    ("radarr", "/api/v3/system/status"): arr_wire.StatusWire,
    ("jellyfin", "/Plugins"): jellyfin_wire.PluginWire,
    ("jellyfin", "/ScheduledTasks"): jellyfin_wire.TaskWire,
    ("jellyfin", "/System/Info"): jellyfin_wire.InfoWire,
    ("jellyfin", "/Library/VirtualFolders"): jellyfin_wire.LibraryWire,
    ("qbittorrent", "/api/v2/torrents/info"): qbittorrent_wire.TorrentWire,
    ("qbittorrent", "/api/v2/transfer/info"): qbittorrent_wire.ServerWire,
    ("qbittorrent", "/api/v2/sync/maindata"): qbittorrent_wire.TorrentWire,
    ("seerr", "/api/v1/request"): seerr_wire.RequestWire,
    ("seerr", "/api/v1/request/count"): seerr_wire.CountsWire,
    ("seerr", "/api/v1/status"): seerr_wire.StatusWire,
    ("seerr", "/api/v1/movie/700060"): seerr_wire.TitleWire,
    ("seerr", "/api/v1/tv/154494"): seerr_wire.TitleWire,
}
UNREAD = {
    "/api/v3/rootfolder": "every series and film names its root folder",
    "/api/v2/app/buildInfo": "no rule needs it",
    "/api/v2/torrents/categories": "part of sync/maindata",
}
"""Recorded endpoints that no client reads, and why."""


class Decoded(NamedTuple):
    """What one recording gave; `good` None = no client reads this endpoint."""

    recording: Recording
    good: int | None
    skipped: int = 0


def decoded() -> list[Decoded]:
    """Decode every recording."""
    return [_decoded(one) for one in RECORDINGS]


def _decoded(recording: Recording) -> Decoded:
    wire = DECODERS.get((recording.file.partition("/")[0], recording.path))
    if wire is None:
        return Decoded(recording, None)
    raws = [msgspec.Raw(msgspec.json.encode(one)) for one in _records(read(recording))]
    good, skipped = each(raws, wire)
    return Decoded(recording, len(good), skipped)


def _records(body: Any) -> list[Any]:
    """Return the records of a list, of a page, of qBittorrent's map, or the one record."""
    if isinstance(body, list):
        return body
    for name in ("records", "results"):
        if isinstance(body.get(name), list):
            return list(body[name])
    return list(body["torrents"].values()) if "torrents" in body else [body]

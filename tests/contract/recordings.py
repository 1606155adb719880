"""Which recorded answer belongs to which endpoint of which version."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.contract.shapes import Shape, shape_of

CAPTURES = Path(__file__).parents[2].parent / "shared" / "captures"


class Recording(NamedTuple):
    """A whole answer of a real server, not cut by its author. `of` are the household's names it speaks for.

    `element` = the file holds one element of the list that the endpoint answers.
    """

    file: str
    path: str
    of: tuple[str, ...]
    element: bool = False


SONARR_3, SONARR_4 = ("Sonarr 3",), ("Sonarr 4", "Sonarr 5")
RADARR = ("Radarr 5", "Radarr 6")
JELLYFIN = ("Jellyfin 10.11",)
OVERSEERR, SEERR = ("Overseerr 1.34",), ("Jellyseerr 2.7", "Seerr 3.1", "Seerr 3.2")
ANY_SEERR = OVERSEERR + SEERR

RECORDINGS = (
    Recording("sonarr/arrsync__series", "/api/v3/series", SONARR_3),
    Recording("sonarr/prunerr__queue", "/api/v3/queue", SONARR_3),
    Recording("sonarr/arr-stack__series_2026-05-14", "/api/v3/series", SONARR_4),
    Recording("sonarr/pearlarr__series_anime_subset", "/api/v3/series", SONARR_4),
    Recording("sonarr/arr-stack__system_status", "/api/v3/system/status", SONARR_4),
    Recording("sonarr/pearlarr__commands", "/api/v3/command", SONARR_4),
    Recording("sonarr/ruddarr__episodes_one_series", "/api/v3/episode", SONARR_4),
    Recording("sonarr/pearlarr__episodes_yamada_anime", "/api/v3/episode", SONARR_4),
    Recording("sonarr/ruddarr__queue", "/api/v3/queue", SONARR_4),
    Recording("sonarr/ruddarr__calendar", "/api/v3/calendar", SONARR_4),
    Recording("radarr/arr-stack__system_status", "/api/v3/system/status", RADARR),
    Recording("radarr/flexget__movies_after_add", "/api/v3/movie", RADARR),
    Recording("radarr/python-sonarr__movies_v3", "/api/v3/movie", RADARR),
    Recording("radarr/exportarr__queue", "/api/v3/queue", RADARR),
    Recording("radarr/ruddarr__calendar", "/api/v3/calendar", RADARR),
    Recording("radarr/homarr__calendar_item", "/api/v3/calendar", RADARR, element=True),
    Recording("radarr/ruddarr__movie_history", "/api/v3/history/movie", RADARR),
    Recording("radarr/ruddarr__moviefile", "/api/v3/moviefile", RADARR),
    Recording("radarr/ruddarr__rootfolder", "/api/v3/rootfolder", RADARR),
    Recording("jellyfin/arr-stack__plugins_2026-05-07", "/Plugins", JELLYFIN),
    Recording("jellyfin/arr-stack__scheduled_tasks_2026-05-07_idle", "/ScheduledTasks", JELLYFIN),
    Recording("jellyfin/arr-stack__system_info_2026-05-07", "/System/Info", JELLYFIN),
    Recording("jellyfin/arr-stack__virtualfolders_2026-05-07", "/Library/VirtualFolders", JELLYFIN),
    Recording("qbittorrent/qbit-ops__build_info_v4.6.7", "/api/v2/app/buildInfo", ("qBittorrent 4.6",)),
    Recording("qbittorrent/qbit-ops__transfer_info_v4.6.7", "/api/v2/transfer/info", ("qBittorrent 4.6",)),
    Recording("qbittorrent/qbit-ops__torrents_info_one_v4.6.7", "/api/v2/torrents/info", ("qBittorrent 4.6",), True),
    Recording("qbittorrent/qbit-ops__transfer_info_v5.0.0", "/api/v2/transfer/info", ("qBittorrent 5.0",)),
    Recording("qbittorrent/qbit-ops__torrents_info_one_v5.0.0", "/api/v2/torrents/info", ("qBittorrent 5.0",), True),
    Recording("qbittorrent/arr-stack__torrents_info_2026-05-07_v5.1.4", "/api/v2/torrents/info", ("qBittorrent 5.1",)),
    Recording("qbittorrent/arr-stack__categories_2026-05-07", "/api/v2/torrents/categories", ("qBittorrent 5.1",)),
    Recording("qbittorrent/arr-stack__sync_maindata_full_2026-05-09", "/api/v2/sync/maindata", ("qBittorrent 5.2",)),
    Recording("qbittorrent/arr-stack__transfer_info_2026-05-22", "/api/v2/transfer/info", ("qBittorrent 5.2",)),
    Recording("seerr/python-overseerr__overseerr_request", "/api/v1/request", OVERSEERR),
    Recording("seerr/python-overseerr__overseerr_movie", "/api/v1/movie/700060", OVERSEERR),
    Recording("seerr/arr-stack__requests_2026-05-07", "/api/v1/request", SEERR),
    Recording("seerr/arr-stack__requests_2026-05-27_downloading", "/api/v1/request", SEERR),
    Recording("seerr/python-overseerr__seerr_tv", "/api/v1/tv/154494", SEERR),
    Recording("seerr/python-overseerr__seerr_request_count", "/api/v1/request/count", SEERR),
    Recording("seerr/arr-stack__request_count_2026-05-22", "/api/v1/request/count", SEERR),
    Recording("seerr/arr-stack__status", "/api/v1/status", ANY_SEERR),
)

MAPS = frozenset({".torrents", ".categories", ".trackers", ""})
"""Places in qBittorrent's answers whose keys are data; "" of `/torrents/categories` alone."""


def maps_of(path: str) -> frozenset[str]:
    """Return the places of an endpoint whose keys are data."""
    if not path.startswith("/api/v2/"):
        return frozenset()
    return MAPS if path.endswith("/categories") else MAPS - {""}


def read(recording: Recording) -> Any:
    """Return the answer as the endpoint gives it."""
    body = json.loads((CAPTURES / f"{recording.file}.json").read_text())
    return [body] if recording.element else body


@cache
def recorded_shape(name: str, path: str) -> Shape | None:
    """Return what all recordings of an endpoint have in common for one of the household, None without any."""
    bodies = [read(one) for one in RECORDINGS if name in one.of and one.path == path]
    return shape_of(bodies, maps_of(path)) if bodies else None


@cache
def vocabulary(service: str) -> frozenset[str]:
    """Return every key that any recording of a service holds, wherever it stands."""

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    files = (one for one in RECORDINGS if one.file.startswith(f"{service}/"))
    return frozenset(set().union(*(keys(read(one)) for one in files)))

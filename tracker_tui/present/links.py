"""Addresses of an item in the services' own web pages: shown and copied, never opened by us."""

from collections.abc import Mapping
from typing import NamedTuple

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.world import RequestRow


class Link(NamedTuple):
    """Where an item is found in one service."""

    ref: InstanceRef
    url: str


def links(row: RequestRow, web_urls: Mapping[InstanceRef, str]) -> tuple[Link, ...]:
    """Return a link per instance that knows `row`, in the order of the pipeline; paths as of Seerr 2, Sonarr 4,
    Radarr 6, Shoko 5 and Jellyfin 10.10. Sonarr's pages need a slug that nobody tells us: its search finds the entry.
    """
    found = [Link(ref, base.rstrip("/") + path) for ref, base in web_urls.items() if (path := _path(row, ref))]
    return tuple(sorted(found, key=lambda link: list(Kind).index(link.ref.kind)))


def _path(row: RequestRow, ref: InstanceRef) -> str | None:
    ids = row.ids
    if ref.kind is Kind.SEERR and ids.tmdb is not None and row.id.startswith(f"{ref.kind}:{ref.name}:"):
        return f"/{'movie' if row.is_movie else 'tv'}/{ids.tmdb}"
    if ref.kind is Kind.SONARR and ref.name in dict(ids.sonarr) and ids.tvdb is not None:
        return f"/add/new?term=tvdb:{ids.tvdb}"
    if ref.kind is Kind.RADARR and ref.name in dict(ids.radarr) and ids.tmdb is not None:
        return f"/movie/{ids.tmdb}"
    if ref.kind is Kind.SHOKO and ids.shoko_series:
        return f"/webui/collection/series/{ids.shoko_series[0]}"
    if ref.kind is Kind.JELLYFIN and ids.jellyfin:
        return f"/web/#/details?id={ids.jellyfin[0]}"
    return None

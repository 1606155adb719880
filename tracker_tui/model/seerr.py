"""Facts of Overseerr, Jellyseerr and Seerr (API v1)."""

from datetime import datetime
from enum import IntEnum

from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText


class SeerrStatus(IntEnum):
    """`request.status`; unknown numbers stay plain integers."""

    PENDING = 1
    APPROVED = 2
    DECLINED = 3
    FAILED = 4
    COMPLETED = 5


class SeerrMediaStatus(IntEnum):
    """`media.status` or `status4k` (the code's numbers; the API description's "6 = deleted" is wrong)."""

    UNKNOWN = 1
    PENDING = 2
    PROCESSING = 3
    PARTIALLY_AVAILABLE = 4
    AVAILABLE = 5
    BLOCKLISTED = 6
    DELETED = 7


class SeerrRequest(Fact):
    """One request. The 4K fields of `media` are already chosen when `is_4k`. E-mail addresses are never decoded."""

    id: int
    status: int
    is_movie: bool
    is_4k: bool = False
    media_status: int | None = None
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: SafeText | None = None
    seasons: tuple[int, ...] = ()
    requested_by: SafeText | None = None
    modified_by: SafeText | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    server_id: int | None = None
    """Seerr's own number of the Sonarr/Radarr server."""
    external_id: int | None = None
    """The Sonarr series id or Radarr film id on that server."""
    slug: SafeText | None = None
    failure_reason: SafeText | None = None


class SeerrTitle(Fact):
    """Title data of a request nobody else knows yet (`/movie/{tmdbId}` or `/tv/{tmdbId}`)."""

    tmdb_id: int
    is_movie: bool
    title: SafeText | None = None
    original_title: SafeText | None = None
    year: int | None = None
    tvdb_id: int | None = None
    anime_keyword: bool | None = None
    """TMDB keyword 210024."""


class SeerrCounts(Fact):
    """`request/count`: a cheap change detector."""

    total: int | None = None
    pending: int | None = None
    approved: int | None = None
    declined: int | None = None
    processing: int | None = None
    available: int | None = None
    completed: int | None = None


class SeerrServer(Fact):
    """`service/sonarr` or `service/radarr`: Seerr's number and name for a server."""

    id: int
    name: SafeText | None = None
    is_movie: bool = False
    is_4k: bool | None = None

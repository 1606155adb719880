"""The records of Overseerr, Jellyseerr and Seerr (API v1) as sent, and their way into the model.

Only what is needed is declared: e-mail addresses, avatars and service URLs are never decoded. Statuses are numbers
(`server/constants/media.ts`); numbers of a newer version are kept as they are.
"""

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

from tracker_tui.model.seerr import SeerrCounts, SeerrRequest, SeerrServer, SeerrTitle
from tracker_tui.model.text import SafeText, clean_or_none, quoted_or_none
from tracker_tui.services.decode import Wire

ANIME_KEYWORD = 210024
"""TMDB's keyword "anime": Seerr routes such series to Sonarr's anime settings (`server/api/themoviedb`)."""

_MAIL = re.compile(r"([\w.+-]+)@[\w.-]+")


class ErrorWire(Wire):
    """The body of its errors, except 403 for a refused key (`{"status":403,"error":...}`)."""

    message: str


class StatusWire(Wire):
    """`/status`: a release number, or `develop-<tag>`."""

    version: str | None = None


class PublicSettingsWire(Wire, rename="camel"):
    """`/settings/public`: its fields tell the three apart, also in development builds."""

    media_server_type: int | None = None
    """Absent in Overseerr."""
    hide_blocklisted: bool | None = None
    """Since Seerr 3.0; Jellyseerr 2 has `hideBlacklisted`."""


class CountsWire(Wire):
    """`/request/count`; `completed` since Jellyseerr 2.6."""

    pending: int
    approved: int
    total: int | None = None
    declined: int | None = None
    processing: int | None = None
    available: int | None = None
    completed: int | None = None

    def fact(self) -> SeerrCounts:
        """Return the model's counts."""
        return SeerrCounts(
            total=self.total,
            pending=self.pending,
            approved=self.approved,
            declined=self.declined,
            processing=self.processing,
            available=self.available,
            completed=self.completed,
        )


class PageInfoWire(Wire):
    """`pageInfo`: `results` = the number of all records of this filter."""

    results: int


class PageWire(Wire, rename="camel"):
    """`/request`: one page, its records not yet decoded."""

    page_info: PageInfoWire
    results: list[msgspec.Raw]


class UserWire(Wire, rename="camel"):
    """Whoever asked, approved or declined: `displayName` is what people see of them."""

    display_name: str | None = None


class SeasonWire(Wire, rename="camel"):
    """A season of a request or of a title."""

    season_number: int


class MediaWire(Wire):
    """The film or series of a request; what ends in `4k` is about its 4K version."""

    status: int | None = None
    status4k: int | None = None
    tmdb_id: int | None = msgspec.field(name="tmdbId", default=None)
    tvdb_id: int | None = msgspec.field(name="tvdbId", default=None)
    imdb_id: str | None = msgspec.field(name="imdbId", default=None)
    service_id: int | None = msgspec.field(name="serviceId", default=None)
    service_id4k: int | None = msgspec.field(name="serviceId4k", default=None)
    external_id: int | None = msgspec.field(name="externalServiceId", default=None)
    external_id4k: int | None = msgspec.field(name="externalServiceId4k", default=None)
    slug: str | None = msgspec.field(name="externalServiceSlug", default=None)
    slug4k: str | None = msgspec.field(name="externalServiceSlug4k", default=None)


class RequestWire(Wire, rename="camel"):
    """One request; lists send no title and no seasons of `media`."""

    id: int
    status: int
    type: Literal["movie", "tv"]
    created_at: datetime | None = None
    updated_at: datetime | None = None
    is4k: bool | None = None
    server_id: int | None = None
    media: MediaWire | None = None
    seasons: list[SeasonWire] | None = None
    requested_by: UserWire | None = None
    modified_by: UserWire | None = None
    failure_reason: str | None = None

    def fact(self) -> SeerrRequest:
        """Return the model's request, with the fields of the version (HD or 4K) it asks for."""
        media = self.media or MediaWire()
        is_4k = self.is4k is True
        server = media.service_id4k if is_4k else media.service_id
        return SeerrRequest(
            id=self.id,
            status=self.status,
            is_movie=self.type == "movie",
            is_4k=is_4k,
            media_status=media.status4k if is_4k else media.status,
            tmdb_id=_id(media.tmdb_id),
            tvdb_id=_id(media.tvdb_id),
            imdb_id=clean_or_none(media.imdb_id),
            seasons=tuple(sorted({season.season_number for season in self.seasons or ()})),
            requested_by=_person(self.requested_by),
            modified_by=_person(self.modified_by),
            created_at=_utc(self.created_at),
            updated_at=_utc(self.updated_at),
            server_id=self.server_id if server is None else server,
            external_id=_id(media.external_id4k if is_4k else media.external_id),
            slug=clean_or_none(media.slug4k if is_4k else media.slug),
            failure_reason=quoted_or_none(self.failure_reason),
        )


class KeywordWire(Wire):
    """A TMDB keyword."""

    id: int


class ExternalIdsWire(Wire, rename="camel"):
    """Ids of a title elsewhere."""

    tvdb_id: int | None = None


class TitleWire(Wire, rename="camel"):
    """`/movie/{tmdbId}` and `/tv/{tmdbId}`: what they share under two names each."""

    title: str | None = None
    name: str | None = None
    original_title: str | None = None
    original_name: str | None = None
    release_date: str | None = None
    first_air_date: str | None = None
    keywords: list[KeywordWire] | None = None
    external_ids: ExternalIdsWire | None = None

    def fact(self, tmdb_id: int, *, is_movie: bool) -> SeerrTitle:
        """Return the model's title."""
        keywords = self.keywords
        external = self.external_ids or ExternalIdsWire()
        return SeerrTitle(
            tmdb_id=tmdb_id,
            is_movie=is_movie,
            title=clean_or_none(self.title if is_movie else self.name),
            original_title=clean_or_none(self.original_title if is_movie else self.original_name),
            year=_year(self.release_date if is_movie else self.first_air_date),
            tvdb_id=_id(external.tvdb_id),
            anime_keyword=None if keywords is None else any(keyword.id == ANIME_KEYWORD for keyword in keywords),
        )


class ServerWire(Wire):
    """`/service/sonarr` and `/service/radarr`, one server; no address and no key in it."""

    id: int
    name: str | None = None
    is4k: bool | None = None

    def fact(self, *, is_movie: bool) -> SeerrServer:
        """Return the model's server."""
        return SeerrServer(id=self.id, name=clean_or_none(self.name), is_movie=is_movie, is_4k=self.is4k)


def _id(number: int | None) -> int | None:
    """Return an id of TMDB, TVDB, Sonarr or Radarr; theirs start at 1, 0 means none."""
    return number if number is not None and number > 0 else None


def _person(user: UserWire | None) -> SafeText | None:
    """Return the name people know; users without one are shown by e-mail address, of which only the name is kept."""
    name = clean_or_none(user.display_name if user else None)
    mail = _MAIL.fullmatch(name) if name else None
    return SafeText(mail.group(1)) if mail else name


def _utc(moment: datetime | None) -> datetime | None:
    """Return an aware UTC time; the servers write UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _year(date: str | None) -> int | None:
    """Return the year of `2024-12-26`; TMDB sends "" for an unknown date."""
    return int(date[:4]) if date and re.match(r"\d{4}", date, re.ASCII) else None

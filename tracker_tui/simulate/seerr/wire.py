"""How Overseerr 1.34, Jellyseerr 2.7 and Seerr 3.x write their records, and which query parameters they accept.

Fields by version as in recorded answers (Overseerr 1.33, Seerr 3.2) and the entities of the source; the validator
as express-openapi-validator applies each version's own API description.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker_tui.model.seerr import SeerrMediaStatus, SeerrStatus

Json = dict[str, object]


class Product(StrEnum):
    """The three programs, oldest first; Seerr is the merger of the other two."""

    OVERSEERR = "Overseerr"
    JELLYSEERR = "Jellyseerr"
    SEERR = "Seerr"


@dataclass(frozen=True)
class Release:
    """A version of a product and what distinguishes it."""

    product: Product
    version: str

    @property
    def completes(self) -> bool:
        """Return whether requests end as COMPLETED and media as DELETED (Jellyseerr 2.6+)."""
        return self.product is not Product.OVERSEERR

    @property
    def freezes_updated_at(self) -> bool:
        """Return whether `updatedAt` stays at creation (Jellyseerr 2.6 .. Seerr 3.1)."""
        return self.product is Product.JELLYSEERR or self.version.startswith(("3.0.", "3.1."))

    @property
    def asks_arrs(self) -> bool:
        """Return whether each list asks every Sonarr and Radarr for its profiles."""
        return self.product is not Product.OVERSEERR


OVERSEERR = Release(Product.OVERSEERR, "1.34.0")
JELLYSEERR = Release(Product.JELLYSEERR, "2.7.3")
SEERR_3_1 = Release(Product.SEERR, "3.1.0")
SEERR = Release(Product.SEERR, "3.2.0")
RELEASES = (OVERSEERR, JELLYSEERR, SEERR_3_1, SEERR)


@dataclass
class User:
    """An account; everybody has an e-mail address, which only clients that ask for it should know."""

    id: int
    name: str
    created_at: datetime


@dataclass
class Edition:
    """What is known of a title in HD or in 4K."""

    status: int = SeerrMediaStatus.UNKNOWN
    server_id: int | None = None
    external_id: int | None = None
    slug: str | None = None
    jellyfin_id: str | None = None
    downloads: list[Json] = field(default_factory=list)


@dataclass
class Title:
    """What TMDB says."""

    tmdb_id: int
    is_movie: bool
    name: str
    original_name: str | None = None
    date: str = ""
    seasons: tuple[int, ...] = ()
    tvdb_id: int | None = None
    imdb_id: str | None = None
    anime: bool = False


@dataclass
class Media:
    """A title somebody asked for."""

    id: int
    title: Title
    created_at: datetime
    updated_at: datetime
    added_at: datetime | None = None
    hd: Edition = field(default_factory=Edition)
    uhd: Edition = field(default_factory=Edition)


@dataclass
class Request:
    """One request."""

    id: int
    media: Media
    is_4k: bool
    seasons: tuple[int, ...]
    by: User
    created_at: datetime
    updated_at: datetime
    status: int = SeerrStatus.PENDING
    modified_by: User | None = None
    server_id: int | None = None
    failure: str | None = None

    @property
    def edition(self) -> Edition:
        """Return the edition it asks for."""
        return self.media.uhd if self.is_4k else self.media.hd


@dataclass
class ArrServer:
    """A configured Sonarr or Radarr. `up` False: lists wait for it in vain."""

    id: int
    name: str
    is_movie: bool
    hostname: str
    port: int
    api_key: str
    directory: str
    anime_directory: str | None = None
    is_4k: bool = False
    is_default: bool = True
    up: bool = True


_FILTERS = ("all", "approved", "available", "pending", "processing", "unavailable", "failed")


def query_rules(release: Release) -> dict[str, tuple[str, ...] | None]:
    """Return the query parameters of `/request`: the allowed words, or None for a number."""
    rules: dict[str, tuple[str, ...] | None] = {
        "take": None,
        "skip": None,
        "filter": _FILTERS,
        "sort": ("added", "modified"),
        "requestedBy": None,
    }
    if release.completes:
        rules |= {
            "filter": (*_FILTERS, "deleted", "completed"),
            "sortDirection": ("asc", "desc"),
            "mediaType": ("movie", "tv", "all"),
        }
    return rules


def objection(query: list[tuple[str, str]], rules: dict[str, tuple[str, ...] | None]) -> Json | None:
    """Return the validator's 400 body for a query it refuses, or None."""
    for name, value in query:
        if name not in rules:
            text = f"Unknown query parameter '{name}'"
            return {"message": text, "errors": [{"path": f".query.{name}", "message": text}]}
        words = rules[name]
        if words is None and not value.isdigit():
            text, code = "should be number", "type"
        elif words is not None and value not in words:
            text, code = f"should be equal to one of the allowed values: {', '.join(words)}", "enum"
        else:
            continue
        return {
            "message": f"request.query.{name} {text}",
            "errors": [{"path": f".query.{name}", "message": text, "errorCode": f"{code}.openapi.validation"}],
        }
    return None


def matches(request: Request, which: str, release: Release) -> bool:
    """Return whether `filter=which` shows the request."""
    done = SeerrStatus.COMPLETED if release.completes else SeerrStatus.APPROVED
    unfinished = {1, 2, 3, 4}
    statuses, media = {
        "pending": ({SeerrStatus.PENDING}, None),
        "approved": ({SeerrStatus.APPROVED}, None),
        "processing": ({SeerrStatus.APPROVED}, unfinished),
        "unavailable": ({SeerrStatus.PENDING, SeerrStatus.APPROVED}, unfinished),
        "failed": ({SeerrStatus.FAILED}, None),
        "completed": ({SeerrStatus.COMPLETED}, None),
        "available": ({done}, {SeerrMediaStatus.AVAILABLE}),
        "deleted": ({SeerrStatus.COMPLETED}, {SeerrMediaStatus.DELETED}),
    }.get(which, (set(SeerrStatus), None))
    shown = media or {*unfinished, SeerrMediaStatus.AVAILABLE, SeerrMediaStatus.DELETED}
    return request.status in statuses and request.edition.status in shown


def moment(at: datetime | None) -> str | None:
    """Return a time as the servers write it: UTC with milliseconds."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def user(one: User, release: Release) -> Json:
    """Return a user as embedded in requests."""
    plex = release.product is Product.OVERSEERR
    record: Json = {
        "id": one.id,
        "displayName": one.name,
        "email": f"{one.name}@example.org",
        "username": None,
        "plexUsername": one.name if plex else None,
        "plexId": 321000 + one.id if plex else None,
        "avatar": f"https://plex.tv/users/{one.id}/avatar" if plex else f"/avatarproxy/{one.id:032x}?v=null",
        "permissions": 2 if one.id == 1 else 32,
        "userType": 1 if plex else 3,
        "requestCount": 1,
        "createdAt": moment(one.created_at),
        "updatedAt": moment(one.created_at),
    }
    record |= dict.fromkeys(
        ("recoveryLinkExpirationDate", "movieQuotaDays", "movieQuotaLimit", "tvQuotaDays", "tvQuotaLimit")
    )
    if not plex:
        record |= {
            "jellyfinUsername": one.name,
            "jellyfinUserId": f"{one.id:032x}",
            "avatarETag": None,
            "avatarVersion": None,
            "warnings": [],
        }
    return record


def media(one: Media, release: Release, servers: list[ArrServer]) -> Json:
    """Return a title's state as embedded in requests (lists: without `seasons`)."""
    hd, uhd, title = one.hd, one.uhd, one.title
    record: Json = {
        "id": one.id,
        "mediaType": "movie" if title.is_movie else "tv",
        "tmdbId": title.tmdb_id,
        "tvdbId": title.tvdb_id,
        "imdbId": title.imdb_id,
        "createdAt": moment(one.created_at),
        "updatedAt": moment(one.created_at if release.freezes_updated_at else one.updated_at),
        "lastSeasonChange": moment(one.created_at),
        "mediaAddedAt": moment(one.added_at),
    }
    for edition, suffix in ((hd, ""), (uhd, "4k")):
        record |= {
            f"status{suffix}": edition.status,
            f"serviceId{suffix}": edition.server_id,
            f"externalServiceId{suffix}": edition.external_id,
            f"externalServiceSlug{suffix}": edition.slug,
            f"downloadStatus{suffix}": edition.downloads,
            f"ratingKey{suffix}": None,
        }
        if release.product is not Product.OVERSEERR:
            record[f"jellyfinMediaId{suffix}"] = edition.jellyfin_id
    server = next((s for s in servers if s.id == hd.server_id and s.is_movie == title.is_movie), None)
    if server and hd.slug:
        kind = "movie" if title.is_movie else "series"
        record["serviceUrl"] = f"http://{server.hostname}:{server.port}/{kind}/{hd.slug}"
    if hd.jellyfin_id and release.product is not Product.OVERSEERR:
        record["mediaUrl"] = f"http://jellyfin:8096/web/index.html#!/details?id={hd.jellyfin_id}&context=home"
    return record


def media_seasons(one: Media) -> list[Json]:
    """Return `media.seasons`, which the list leaves out."""
    return [
        {
            "id": one.id * 100 + number,
            "seasonNumber": number,
            "status": one.hd.status,
            "status4k": one.uhd.status,
            "createdAt": moment(one.created_at),
            "updatedAt": moment(one.updated_at),
        }
        for number in one.title.seasons
    ]


def request(one: Request, release: Release, servers: list[ArrServer], *, listed: bool) -> Json:
    """Return a request as in the list, or by itself."""
    embedded = media(one.media, release, servers)
    if not listed:
        embedded["seasons"] = media_seasons(one.media)
    server = next((s for s in servers if s.id == one.server_id and s.is_movie == one.media.title.is_movie), None)
    season_status = SeerrStatus.APPROVED if one.status == SeerrStatus.FAILED else one.status
    updated = moment(one.created_at if release.freezes_updated_at else one.updated_at)
    record: Json = {
        "id": one.id,
        "status": one.status,
        "type": embedded["mediaType"],
        "is4k": one.is_4k,
        "createdAt": moment(one.created_at),
        "updatedAt": updated,
        "serverId": one.server_id,
        "profileId": 6 if server else None,
        "rootFolder": server.directory if server else None,
        "languageProfileId": None,
        "tags": [],
        "isAutoRequest": False,
        "seasonCount": len(one.seasons),
        "seasons": [
            {
                "id": one.id * 100 + number,
                "seasonNumber": number,
                "status": season_status,
                "createdAt": moment(one.created_at),
                "updatedAt": updated,
            }
            for number in one.seasons
        ],
        "media": embedded,
        "requestedBy": user(one.by, release),
        "modifiedBy": user(one.modified_by, release) if one.modified_by else None,
    }
    if listed and release.asks_arrs:
        record["canRemove"] = one.edition.server_id in {s.id for s in servers if s.is_movie == one.media.title.is_movie}
        if server and server.up:
            record["profileName"] = "HD - 720p/1080p"
    if one.failure and release is SEERR:
        record["failureReason"] = one.failure
    return record

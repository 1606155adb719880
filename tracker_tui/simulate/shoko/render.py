"""The JSON a simulated Shoko answers, each version in its own spelling: PascalCase, nulls included.

Sources: ShokoServer v4.2.2, v5.0.0, v5.1.0, v5.2.5, v5.3.0, v5.3.3 and master, Shoko.Server/API/v3/Models.
"""

from collections import Counter
from datetime import datetime, timedelta

from tracker_tui.simulate.shoko.records import (
    ShokoRelease,
    SimFolder,
    SimJob,
    SimLink,
    SimLocation,
    SimShokoEpisode,
    SimShokoFile,
    SimShokoSeries,
    SimUser,
)
from tracker_tui.simulate.shoko.state import THREADS, ShokoState

Json = dict[str, object]

_STATES = {"Starting": 1, "Started": 2, "Failed": 3, "Waiting": 4}
_DROP_TYPES = {"None": 0, "Source": 1, "Destination": 2, "Both": 3}
_OLD_EPISODE_TYPES = {"Episode": "Normal", "Credits": "ThemeSong"}
_TITLES = {
    "Preprocess File": "Preprocessing File",
    "Hash File": "Hashing File",
    "Get Cross-References for File": "Getting Cross-References for File",
    "Get AniDB Anime Data": "Getting AniDB Anime Data",
}
BAN_SPAN = {"UDP": "12:00:00", "HTTP": "1.00:00:00"}
"""How long AniDB's bans last, as .NET time spans."""


def time(moment: datetime | None, release: ShokoRelease) -> str | None:
    """Return a time as the release writes it: 4.2 its local time without a zone, later UTC with up to 7 digits."""
    if moment is None:
        return None
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if not release.has_queue:
        return text
    fraction = f".{moment.microsecond:06d}7".rstrip("0") if moment.microsecond else ""
    return f"{text}{fraction}Z"


def version(release: ShokoRelease) -> Json | list[Json]:
    """`Init/Version`; a list of parts up to 4.1."""
    if release.api < (4, 2, 0):
        return [{"Name": "Server", "Version": release.version}, {"Name": "Commons", "Version": "4.1.0.0"}]
    part: Json = {"Version": release.version, "ReleaseChannel": "Stable", "Commit": "8924611", "Tag": None}
    if release.managed_folders:
        return {"Server": part | {"ReleaseChannel": "Dev"}, "MediaInfo": None, "WebUI": None}
    return {"Server": part, "Commons": {"Version": release.version}, "Models": {}, "MediaInfo": {"Version": None}}


def status(
    release: ShokoRelease, state: str, message: str | None, *, up_for: timedelta, blocked: bool, known_user: bool
) -> Json:
    """`Init/Status`."""
    body: Json = {"StartupMessage": message, "State": _STATES[state] if release.number_enums else state}
    if not release.managed_folders:
        words = "Database migration" if blocked else ""
        return body | {
            "Uptime": _span(up_for) if state == "Started" else None,
            "DatabaseBlocked": {"Progress": None, "Blocked": blocked, "Status": words},
        }
    if known_user:
        body |= {"Uptime": _span(up_for), "CanShutdown": True, "CanRestart": True}
        body["DatabaseBlocked"] = {"Blocked": blocked, "Reason": ""}
    return body


def _span(length: timedelta) -> str:
    """Write a TimeSpan as .NET does."""
    days = f"{length.days}." if length.days else ""
    minutes, seconds = divmod(length.seconds, 60)
    return f"{days}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{length.microseconds:06}0"


def connectivity(shoko: ShokoState) -> Json:
    """`Init/Connectivity`."""
    return {
        "NetworkAvailability": shoko.network,
        "LastChangedAt": "2026-01-20T08:00:00Z",
        "IsAniDBUdpReachable": shoko.network == "Internet",
        "IsAniDBHttpBanned": shoko.http_ban_at is not None,
        "IsAniDBUdpBanned": shoko.udp_ban_at is not None,
    }


def bans(shoko: ShokoState) -> Json:
    """`AniDB/BanStatus`."""
    at = {"UDP": shoko.udp_ban_at, "HTTP": shoko.http_ban_at}
    return {
        name: {
            "Type": f"{name}Ban" if since else "None",
            "IsBanned": since is not None,
            "BanDuration": BAN_SPAN[name] if since else None,
            "LastUpdatedAt": time(since or shoko.clock.now(), shoko.release),
        }
        for name, since in at.items()
    }


def user(one: SimUser) -> Json:
    """`User/Current`."""
    tags = sorted(one.hidden_anime)
    return {"ID": 1, "Username": one.name, "IsAdmin": one.admin, "CommunitySites": ["AniDB"], "RestrictedTags": tags}


def queue(shoko: ShokoState) -> Json:
    """`Queue`: counts and what runs; an item that waits is only counted."""
    running = [one for one in shoko.jobs if one.started_at]
    blocked = sum(shoko.is_blocked(one) for one in shoko.jobs if not one.started_at)
    body: Json = {
        "WaitingCount": len(shoko.jobs) - len(running) - blocked,
        "BlockedCount": blocked,
        "TotalCount": len(shoko.jobs),
        "ThreadCount": THREADS,
        "CurrentlyExecuting": [job(shoko, one) for one in running],
    }
    if shoko.release.managed_folders:
        body |= {"ScheduledCount": 0, "Pools": []}
    return body


def job(shoko: ShokoState, one: SimJob) -> Json:
    """An item of the queue; its file only as parent folder and name."""
    body: Json = {
        "Key": f"Import.{one.type.replace(' ', '')}Job_{one.path or one.anime_id}",
        "Type": one.type,
        "Title": _TITLES.get(one.type, one.type),
        "Details": _details(one),
        "IsRunning": one.started_at is not None,
        "StartTime": time(one.started_at, shoko.release),
        "IsBlocked": one.started_at is None and shoko.is_blocked(one),
    }
    if shoko.release.managed_folders:
        body |= {"IsScheduled": False, "PoolName": "Default", "RetryCount": 0, "ScheduledAt": None, "ParentKey": None}
    return body


def _details(one: SimJob) -> Json:
    if one.path is not None:
        separator = "\\" if "\\" in one.path else "/"
        return {"File Path": separator.join(one.path.split(separator)[-2:]), "Force": True}
    return {} if one.anime_id is None else {"AnimeID": one.anime_id}


def types(shoko: ShokoState) -> dict[str, int]:
    """`Queue/Types`, and `Dashboard/QueueSummary` of 4.2."""
    return dict(Counter(one.type for one in shoko.jobs))


def folder(shoko: ShokoState, one: SimFolder) -> Json:
    """An import or managed folder."""
    inside = [file for file in shoko.files.values() if any(location.folder_id == one.id for location in file.locations)]
    return {
        "ID": one.id,
        "WatchForNewFiles": one.watched,
        "DropFolderType": _DROP_TYPES[one.drop_type] if shoko.release.number_enums else one.drop_type,
        "Path": one.path,
        "FileSize": sum(file.size for file in inside),
        "Name": one.name,
        "Size": len({link.anime_id for file in inside for link in file.links}),
    }


def file(shoko: ShokoState, one: SimShokoFile, *, xrefs: bool, absolute: bool) -> Json:
    """A file; `SeriesIDs` only with `xrefs`, and on 4.2 only with local episodes."""
    release = shoko.release
    body: Json = {
        "ID": one.id,
        "Size": one.size,
        "IsVariation": False,
        "Hashes": _hashes(one, release),
        "Locations": [_location(shoko, one, location, absolute=absolute) for location in one.locations],
        "Resolution": "1080p" if one.ed2k else None,
        "Duration": "00:23:40.0960000",
        "ResumePosition": None,
        "Watched": None,
        "Imported": time(one.imported_at, release),
        "Created": time(one.created_at, release),
        "Updated": time(one.imported_at or one.created_at, release),
    }
    if release.has_queue:
        body |= {"IsIgnored": one.ignored, "Viewed": None}
        body["AVDump"] = {"Status": None, "LastDumpedAt": None, "LastVersion": None}
    if xrefs and (release.has_queue or any(shoko.episode_of(link.episode_id) for link in one.links)):
        body["SeriesIDs"] = _links(shoko, one)
    return body


def _hashes(one: SimShokoFile, release: ShokoRelease) -> Json | list[Json]:
    if release.managed_folders:
        return [{"Type": "ED2K", "Value": one.ed2k or ""}]
    return {"ED2K": one.ed2k or "", "SHA1": None, "CRC32": None, "MD5": None}


def _location(shoko: ShokoState, one: SimShokoFile, location: SimLocation, *, absolute: bool) -> Json:
    release = shoko.release
    body: Json = {
        "ManagedFolderID" if release.managed_folders else "ImportFolderID": location.folder_id,
        "RelativePath": location.relative_path,
        "IsAccessible": location.accessible,
    }
    if release.has_queue:
        body |= {"ID": location.id, "FileID": one.id}
        if absolute:
            body["AbsolutePath"] = shoko.absolute_path(location)
    return body


def _links(shoko: ShokoState, one: SimShokoFile) -> list[Json]:
    links = [link for link in one.links if shoko.release.has_queue or shoko.episode_of(link.episode_id)]
    by_anime = dict.fromkeys(link.anime_id for link in links)
    return [
        {
            "SeriesID": _series_ids(shoko, anime_id),
            "EpisodeIDs": [_episode_ids(shoko, one, link) for link in links if link.anime_id == anime_id],
        }
        for anime_id in by_anime
    ]


def _series_ids(shoko: ShokoState, anime_id: int) -> Json:
    series = shoko.series_of(anime_id)
    ids: Json = {"ID": series.id if series else None, "AniDB": anime_id}
    if not shoko.release.has_queue:
        return ids | {"TvDB": list(series.anime.tvdb) if series else []}
    shows, movies = (series.anime.tmdb_shows, series.anime.tmdb_movies) if series else ((), ())
    return ids | {"TMDB": {"Movie": list(movies), "Show": list(shows)}}


def _episode_ids(shoko: ShokoState, one: SimShokoFile, link: SimLink) -> Json:
    episode = shoko.episode_of(link.episode_id)
    ids: Json = {"ID": episode.id if episode else None, "AniDB": link.episode_id}
    if not shoko.release.has_queue:
        return ids | {"TvDB": list(episode.anidb.tvdb_episodes) if episode else []}
    return ids | {
        "TMDB": _tmdb_of(shoko, episode),
        "ReleaseGroup": 7172 if link.source == "AniDB" else None,
        "ED2K": one.ed2k,
        "FileSize": one.size,
        "Percentage": {"Start": link.start, "End": link.end, "Size": link.end - link.start, "Group": 1},
        "Source": link.source,
    }


def _tmdb_of(shoko: ShokoState, episode: SimShokoEpisode | None) -> Json:
    if episode is None:
        return {"Episode": [], "Movie": [], "Show": []}
    shows = shoko.series[episode.series_id].anime.tmdb_shows
    return {
        "Episode": list(episode.anidb.tmdb_episodes),
        "Movie": list(episode.anidb.tmdb_movies),
        "Show": list(shows) if episode.anidb.tmdb_episodes else [],
    }


def series(shoko: ShokoState, one: SimShokoSeries, *, anidb: bool) -> Json:
    """A series of the collection, `IDs` and sizes as the release writes them."""
    anime = one.anime
    tmdb: object = {"Movie": list(anime.tmdb_movies), "Show": list(anime.tmdb_shows)}
    local = sum(bool(shoko.files_of_episode(episode.id)) for episode in anime.episodes)
    body: Json = {
        "IDs": {
            "ParentGroup": one.id,
            "TopLevelGroup": one.id,
            "AniDB": anime.id,
            "TvDB": list(anime.tvdb),
            "TMDB": tmdb if shoko.release.has_queue else list(anime.tmdb_movies),
            "MAL": [],
            "ID": one.id,
        },
        "HasCustomName": False,
        "AirsOn": [],
        "Sizes": {"Hidden": 0, "Local": {"Episodes": local}, "Total": {"Episodes": len(anime.episodes)}},
        "Created": time(one.created_at, shoko.release),
        "Updated": time(one.created_at, shoko.release),
        "Name": anime.title,
        "Size": local,
    }
    if anidb:
        body["AniDB"] = {"ID": anime.id, "ShokoID": one.id, "Type": anime.type, "Title": anime.title, "AirDate": None}
    return body


def episode(shoko: ShokoState, one: SimShokoEpisode, *, anidb: bool) -> Json:
    """An episode, whether a file of it is there or not."""
    known = one.anidb
    ids: Json = {"ID": one.id, "ParentSeries": one.series_id, "AniDB": known.id, "TvDB": list(known.tvdb_episodes)}
    if shoko.release.has_queue:
        ids |= {"IMDB": [], "TMDB": _tmdb_of(shoko, one)}
    body: Json = {
        "IDs": ids,
        "Duration": "00:24:00",
        "ResumePosition": None,
        "Watched": None,
        "IsHidden": one.hidden,
        "Name": known.title,
        "Size": len(shoko.files_of_episode(known.id)),
    }
    if anidb:
        old = shoko.release.api < (5, 3, 1)
        body["AniDB"] = {
            "ID": known.id,
            "Type": _OLD_EPISODE_TYPES.get(known.type, known.type) if old else known.type,
            "EpisodeNumber": known.number,
            "AirDate": known.air_date,
        }
    return body


def problem(field: str, low: int, high: int) -> Json:
    """The ProblemDetails of a parameter out of its range."""
    return {
        "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "traceId": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "errors": {field: [f"The field {field} must be between {low} and {high}."]},
    }

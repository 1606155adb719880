"""How Sonarr and Radarr write JSON: camelCase, indented, nulls left out, times cut to seconds; and shared records.

Facts: both servers' `STJson`, `STJUtcConverter`, `STJTimeSpanConverter` and API v3 resources.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from tracker_tui.simulate.arr.records import Client, Command, Complaint, Download, Json, MediaFile, Release

SECRET = "5ecre7-0f-5omebody-e15e"  # noqa: S105 - a canary: must never be seen outside these answers
"""Stands in download links and guids where indexers put keys."""

OVERVIEW = (
    "After an accident at the edge of the known system, a small crew finds itself responsible for a station nobody "
    "wanted, a cargo nobody declared and a signal nobody is willing to explain. While the authorities argue about who "
    "is to blame, they learn to rely on each other, and on a navigator who remembers more of the journey than anybody "
    "else aboard cares to admit."
)
"""As long as real ones, so that records have the size of real ones."""

_QUALITIES = {
    "Unknown": (0, "unknown", 0),
    "SDTV": (1, "television", 480),
    "WEBDL-1080p": (3, "web", 1080),
    "HDTV-720p": (4, "television", 720),
    "WEBDL-720p": (5, "web", 720),
    "Bluray-720p": (6, "bluray", 720),
    "Bluray-1080p": (7, "bluray", 1080),
    "WEBDL-480p": (8, "web", 480),
    "HDTV-1080p": (9, "television", 1080),
    "WEBDL-2160p": (18, "web", 2160),
    "Bluray-2160p": (19, "bluray", 2160),
}
INDEXERS = {1: "Nyaa (Prowlarr)", 2: "Rarefind (Prowlarr)"}
_RADARR_SOURCES = {"web": "webdl", "television": "tv"}

CLIENT_WORDS = {
    "stalled": {
        "en": "The download is stalled with no connections",
        "de": "Der Download ist ohne Verbindungen ins Stocken geraten",
        "fr": "Le téléchargement est bloqué sans aucune connexion",
    },
    "metadata": {
        "en": "qBittorrent is downloading metadata",
        "de": "qBittorrent lädt Metadaten herunter",
        "fr": "qBittorrent télécharge les métadonnées",
    },
    "error": {
        "en": "qBittorrent is reporting an error",
        "de": "qBittorrent meldet einen Fehler",
        "fr": "qBittorrent signale une erreur",
    },
    "offline": {
        "en": "All download clients are unavailable due to failures",
        "de": "Alle Download-Clients sind aufgrund von Fehlern nicht verfügbar",
        "fr": "Tous les clients de téléchargement sont indisponibles en raison d'échecs",
    },
}
"""What the server says of its download clients, in its own language: never to be parsed."""


def render(answer: object) -> bytes:
    """Return the body of an answer; None inside objects must already be gone (see `present`)."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2)


def render_element(record: Json) -> bytes:
    """Return a record as it stands inside a rendered array."""
    return render([record])[2:-2]


def join_elements(elements: Sequence[bytes]) -> bytes:
    """Return the array of rendered elements."""
    return b"[\n" + b",\n".join(elements) + b"\n]" if elements else b"[]"


def present(record: Json) -> Json:
    """Return the record without its nulls: the servers never write them (inside `data` they do)."""
    return {name: value for name, value in record.items() if value is not None}


def stamp(at: datetime) -> str:
    """Return a time as the servers write it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def stamp_or_none(at: datetime | None) -> str | None:
    """Return a time, None without one."""
    return stamp(at) if at else None


def span(length: timedelta) -> str:
    """Return a TimeSpan in .NET's constant format: `[d.]hh:mm:ss[.fffffff]`."""
    seconds, fraction = divmod(length, timedelta(seconds=1))
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    text = f"{f'{days}.' if days else ''}{hour:02}:{minute:02}:{second:02}"
    return f"{text}.{fraction.microseconds:06}0" if fraction else text


def quality(name: str, *, radarr: bool) -> Json:
    """Return the `quality` object of a record."""
    number, source, resolution = _QUALITIES[name]
    inner: Json = {"id": number, "name": name, "source": source, "resolution": resolution}
    if radarr:
        inner |= {"source": _RADARR_SOURCES.get(source, source), "modifier": "none"}
    return {"quality": inner, "revision": {"version": 1, "real": 0, "isRepack": False}}


def record_id(*parts: str) -> int:
    """Return the 31-bit hash both servers use as id of a queue record."""
    return int.from_bytes(hashlib.sha1("-".join(parts).encode(), usedforsecurity=False).digest()[:4], "little") >> 1


def queue_record(download: Download, refreshed_at: datetime, *, radarr: bool, decimal: bool) -> Json:
    """Return what a queue record says of its download; ids of episode or film come from the server.

    `decimal`: sizes as Sonarr 3 writes them (`123.0`).
    """
    tracked = download.download_id is not None
    eta = download.eta
    return {
        "quality": quality(download.quality if download.item_ids else "Unknown", radarr=radarr),
        "size": float(download.size) if decimal else download.size,
        "title": download.title,
        "sizeleft": float(download.left) if decimal else download.left,
        "timeleft": span(eta) if eta is not None else None,
        "estimatedCompletionTime": stamp(refreshed_at + eta) if eta is not None else None,
        "status": download.status,
        "trackedDownloadStatus": download.tracked_status if tracked else None,
        "trackedDownloadState": download.tracked_state if tracked else None,
        "statusMessages": [{"title": title, "messages": texts} for title, texts in download.messages],
        "errorMessage": download.error_message,
        "downloadId": download.download_id,
        "protocol": download.protocol,
        "downloadClient": download.client if tracked else None,
        "indexer": download.indexer if download.item_ids else None,
        "outputPath": download.output_path,
    }


def grab_data(download: Download, at: datetime) -> dict[str, str | None]:
    """Return the `data` of a grab, with the secrets of others that real ones hold."""
    page = f"https://tracker.example/download/{record_id(download.title)}.torrent?passkey={SECRET}"
    return {
        "indexer": download.indexer,
        "nzbInfoUrl": f"https://tracker.example/view/{record_id(download.title)}",
        "releaseGroup": download.release_group,
        "age": "0",
        "ageHours": "0.5",
        "ageMinutes": "30.2",
        "publishedDate": stamp(at - timedelta(minutes=30)),
        "downloadClient": "qBittorrent" if download.protocol == "torrent" else download.client,
        "downloadClientName": download.client,
        "size": str(download.size),
        "downloadUrl": f"http://prowlarr:9696/3/download?apikey={SECRET}&link=abc&file=x",
        "guid": page,
        "protocol": "2" if download.protocol == "torrent" else "1",
        "releaseType": "SeasonPack" if len(download.item_ids) > 1 else "SingleEpisode",
        "torrentInfoHash": download.download_id if download.protocol == "torrent" else None,
    }


def command_record(command: Command, now: datetime, *, modern: bool) -> Json:
    """Return a record of `/command`; `modern` servers tell the result."""
    done = now >= command.ends_at
    body = {
        "sendUpdatesToClient": True,
        "updateScheduledTask": True,
        "completionMessage": "Completed",
        "requiresDiskAccess": False,
        "isExclusive": False,
        "isLongRunning": False,
        **command.body,
        "name": command.name,
        "trigger": command.trigger,
        "suppressMessages": False,
    }
    return present(
        {
            "name": command.name,
            "commandName": "".join(f" {c}" if c.isupper() else c for c in command.name).strip() if modern else None,
            "message": (command.message or "Completed") if done else command.message,
            "body": body,
            "priority": "normal",
            "status": ("failed" if command.failed else "completed") if done else "started",
            "result": None if not modern else _result(command) if done else "unknown",
            "queued": stamp(command.queued_at),
            "started": stamp(command.queued_at),
            "ended": stamp(command.ends_at) if done else None,
            "duration": span(command.takes) if done else None,
            "trigger": command.trigger,
            "stateChangeTime": stamp(command.ends_at if done else command.queued_at),
            "sendUpdatesToClient": True,
            "updateScheduledTask": True,
            "id": command.id,
        }
    )


def _result(command: Command) -> str:
    return "unsuccessful" if command.failed else "successful"


def health_record(complaint: Complaint, app: str) -> Json:
    """Return a record of `/health`."""
    return {
        "source": complaint.source,
        "type": complaint.severity,
        "message": complaint.message,
        "wikiUrl": f"https://wiki.servarr.com/{app.lower()}/system#{complaint.source.lower()}",
    }


def client_record(client: Client, *, kind: str) -> Json:
    """Return a record of `/downloadclient`; `kind` is "tv" or "movie". Credentials are masked by the server."""
    settings: dict[str, object] = {
        "host": client.host,
        "port": client.port,
        "useSsl": False,
        "urlBase": "",
        "username": "admin",
        "password": "********",
        f"{kind}Category": client.category,
        f"{kind}ImportedCategory": client.imported_category,
        "initialState": 0,
    }
    return {
        "enable": client.enabled,
        "protocol": client.protocol,
        "priority": 1,
        "removeCompletedDownloads": client.removes_completed,
        "removeFailedDownloads": True,
        "name": client.name,
        "fields": [
            present({"order": order, "name": name, "label": name, "value": value, "type": "textbox"})
            for order, (name, value) in enumerate(settings.items())
        ],
        "implementationName": client.name,
        "implementation": client.implementation,
        "configContract": f"{client.implementation}Settings",
        "infoLink": "https://wiki.servarr.com/",
        "tags": [],
        "id": client.id,
    }


def release_record(release: Release, now: datetime, *, radarr: bool) -> Json:
    """Return a record of `/release`. One of an unknown series or film cannot even be grabbed by hand."""
    return {
        "guid": f"https://tracker.example/{record_id(release.title)}?passkey={SECRET}",
        "quality": quality(release.quality, radarr=radarr),
        "customFormats": [],
        "customFormatScore": 0,
        "age": 3,
        "ageHours": 72.0,
        "ageMinutes": 4320.0,
        "size": release.size,
        "indexerId": release.indexer,
        "indexer": INDEXERS[release.indexer],
        "releaseGroup": release.title.rpartition("-")[2],
        "title": release.title,
        "languages": [{"id": 1, "name": "English"}],
        "approved": not release.rejections,
        "temporarilyRejected": False,
        "rejected": bool(release.rejections),
        "rejections": list(release.rejections),
        "publishDate": stamp(now - timedelta(days=3)),
        "downloadUrl": f"http://prowlarr:9696/3/download?apikey={SECRET}&link=abc",
        "downloadAllowed": not any(reason.startswith("Unknown ") for reason in release.rejections),
        "seeders": release.seeders,
        "leechers": 1,
        "protocol": "torrent",
    }


def indexer_record(number: int) -> Json:
    """Return a record of `/indexer`, with the key that it holds in clear text."""
    return {
        "enableRss": True,
        "enableAutomaticSearch": True,
        "enableInteractiveSearch": True,
        "protocol": "torrent",
        "name": INDEXERS[number],
        "fields": [{"name": "apiKey", "value": SECRET}],
        "implementation": "Torznab",
        "id": number,
    }


def file_record(file: MediaFile, folder: str, *, radarr: bool) -> Json:
    """Return what episode files and film files have in common."""
    return {
        "relativePath": file.path.removeprefix(folder).lstrip("/"),
        "path": file.path,
        "size": file.size,
        "dateAdded": stamp(file.added_at),
        "sceneName": file.scene_name,
        "releaseGroup": file.release_group,
        "quality": quality(file.quality, radarr=radarr),
        "mediaInfo": {
            "audioBitrate": 640000,
            "audioChannels": 5.1,
            "audioCodec": "EAC3",
            "audioLanguages": "jpn/eng",
            "audioStreamCount": 2,
            "videoBitDepth": 10,
            "videoBitrate": 0,
            "videoCodec": "x265",
            "videoFps": 23.976,
            "videoDynamicRange": "",
            "videoDynamicRangeType": "",
            "resolution": "1920x1080",
            "runTime": "23:40",
            "scanType": "Progressive",
            "subtitles": "eng/ger",
        },
        "qualityCutoffNotMet": False,
        "id": file.id,
    }

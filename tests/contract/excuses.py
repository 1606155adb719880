"""Where simulated answers may differ from API descriptions and recordings, and why. Each is used, or it must go."""

from tests.contract.findings import Excuse

_ARR_COMMAND = "the description has only the base of commands; each kind adds its own fields (api: Command* classes)"
_OLD_RADARR = "only Radarr 3 and 4, which these recordings are of, wrote it"
_NOT_YML = "in the source (server/lib/settings, server/routes/service.ts), not in the description"
_NO_SECRETS = "the route hands out a selection without addresses and keys (server/routes/service.ts)"
_OPTIONAL = "null until it is known; the few recordings hold none such"
_ASP = "ASP.NET ignores parameters it does not know; newer versions of the server use this one"
_PROBE = "asked to find out what the version offers; it answers 404"
_SHOKO_4 = "the description is of 4.2 in July 2023, the simulated 4.2.2 of December"
_UNREAD = "not simulated: no rule of the program reads it"
_PLUGIN = "a route of the plugin Shokofin, no part of Jellyfin's description"
_UNKNOWN_ITEM = "records of unknown items have none (includeUnknownSeriesItems)"

EXCUSES = (
    # Sonarr, Radarr
    Excuse("*arr *", "GET /api/v3/command*", "*.body.*: unknown key", _ARR_COMMAND),
    Excuse("*arr *", "GET /api/v3/health", "[[]].wikiUrl: string where*", "sent as text (recorded of Radarr)"),
    Excuse("Sonarr 3", "*", "*language: unknown key", "the description is of Sonarr 4, which has `languages`"),
    Excuse("Sonarr *", "GET /api/v3/queue", ".records[[]].episodeId: every*", _UNKNOWN_ITEM),
    Excuse("Sonarr *", "GET /api/v3/queue", ".records[[]].seriesId: every*", _UNKNOWN_ITEM),
    Excuse("Sonarr *", "GET /api/v3/queue", ".records[[]].seasonNumber: every*", _UNKNOWN_ITEM),
    Excuse("Sonarr *", "GET /api/v3/queue", ".records[[]].indexer: every*", _UNKNOWN_ITEM),
    Excuse("Sonarr *", "GET /api/v3/queue", ".records[[]].customFormat*: every*", _UNREAD),
    Excuse("Sonarr *", "GET /api/v3/calendar", "[[]].series: every*", _UNREAD),
    Excuse("Sonarr 3", "GET /api/v3/queue", ".records[[]].outputPath: every*", "absent until the client tells it"),
    Excuse("Radarr *", "GET /api/v3/movie", "[[]].alternateTitles[[]].*: every*", _OLD_RADARR),
    Excuse("Radarr *", "GET /api/v3/movie", "[[]].ratings.*: every*", _OLD_RADARR),
    Excuse("Radarr *", "GET /api/v3/movie", "[[]].movieFile.mediaInfo.audioAdditionalFeatures: every*", _OLD_RADARR),
    Excuse("Radarr *", "GET /api/v3/movie", "[[]].physicalRelease: every*", "absent without such a release"),
    Excuse("Radarr *", "GET /api/v3/history/movie", "[[]].data.indexerFlags: every*", _UNREAD),
    Excuse("Radarr *", "GET /api/v3/queue", ".records[[]].errorMessage: every*", "absent without an error"),
    Excuse("Radarr *", "GET /api/v3/queue", ".records[[]].outputPath: every*", "absent until the client tells it"),
    # qBittorrent
    Excuse("qBittorrent 5.2", "GET /api/v2/sync/maindata", ".trackers: every*", _UNREAD),
    # Shoko
    Excuse("Shoko *", "GET /File/*", "the description has no parameter include", _ASP),
    Excuse("Shoko *", "GET /Series/*", "the description has no parameter *", _ASP),
    Excuse("Shoko *", "GET /api/v3/*", "the description has no such path", _PROBE),
    Excuse("Shoko *", "GET /Series*", "*HasCustomName: unknown key", _SHOKO_4),
    Excuse("Shoko *", "GET /Series*", "*.Sizes.FileSources: required*", _UNREAD),
    Excuse("Shoko *", "GET /Series*", ".AniDB.*", _UNREAD),
    Excuse("Shoko *", "GET /User/Current", ".CommunitySites[[]]: string*", _UNREAD),
    # Jellyfin
    Excuse("Jellyfin *", "GET *Shokofin/*", "the description has no such path", _PLUGIN),
    Excuse(
        "Jellyfin 10.8",
        "GET /Library/VirtualFolders",
        "*CollectionType: * none of the schema's words",
        "the description has the names of the code, the answer the lower-case words of later ones",
    ),
    # Overseerr, Jellyseerr, Seerr
    Excuse("*eerr *", "GET /settings/public", "*unknown key", _NOT_YML),
    Excuse("*eerr *", "GET /settings/*", "*unknown key", _NOT_YML),
    Excuse("*eerr *", "GET /service/*", "[[]].activeTags: unknown key", _NOT_YML),
    Excuse("*eerr *", "GET /service/*", "*required key is missing", _NO_SECRETS),
    Excuse("*eerr *", "GET *", "*modifiedBy: object where the schema says string", "a user, as recorded"),
    Excuse("Seerr 3.2", "GET *", "*failureReason: unknown key", "newer than the description"),
    Excuse("Jellyseerr *", "GET /api/v1/request", ".serviceErrors: every*", "since Seerr 3.0, which is recorded"),
    Excuse("*eerr *", "GET /api/v1/*", "*.modifiedBy: null where*", "nobody has decided yet"),
    Excuse("*eerr *", "GET /api/v1/*", "*.mediaAddedAt: null where*", _OPTIONAL),
    Excuse("*eerr *", "GET /api/v1/*", "*.jellyfinMediaId: null where*", _OPTIONAL),
    Excuse("*eerr *", "GET /api/v1/*", "*.mediaUrl: every*", "absent until it is in the library"),
    Excuse("*eerr *", "GET /api/v1/*", "*.serverId: null where*", "the default server"),
    Excuse("*eerr *", "GET /api/v1/*", "*.avatar*: null where*", _OPTIONAL),
    Excuse("*eerr *", "GET /api/v1/*", "*.posterPath: null where*", _OPTIONAL),
    Excuse("Overseerr *", "GET /api/v1/movie/*", ".collection: every*", "absent for films of no collection"),
)

"""How Overseerr, Jellyseerr and Seerr write titles and settings."""

from tracker_tui.simulate.seerr.wire import ArrServer, Json, Product, Release, Title

ANIME_KEYWORD: Json = {"id": 210024, "name": "anime"}


def title(one: Title, media_info: Json | None) -> Json:
    """Return `/movie/{tmdbId}` or `/tv/{tmdbId}`."""
    record: Json = {
        "id": one.tmdb_id,
        "backdropPath": "/backdrop.jpg",
        "posterPath": "/poster.jpg",
        "homepage": "",
        "overview": "",
        "tagline": "",
        "genres": [{"id": 16, "name": "Animation"}] if one.anime else [{"id": 18, "name": "Drama"}],
        "originalLanguage": "ja" if one.anime else "en",
        "popularity": 12.5,
        "productionCompanies": [],
        "productionCountries": [],
        "spokenLanguages": [],
        "relatedVideos": [],
        "voteAverage": 7.5,
        "voteCount": 100,
        "credits": {"cast": [], "crew": []},
        "keywords": [ANIME_KEYWORD] if one.anime else [],
        "watchProviders": [],
    }
    record |= _movie(one) if one.is_movie else _series(one)
    if media_info is not None:
        record["mediaInfo"] = media_info
    return record


def _movie(one: Title) -> Json:
    return {
        "title": one.name,
        "originalTitle": one.original_name or one.name,
        "releaseDate": one.date,
        "imdbId": one.imdb_id,
        "status": "Released",
        "adult": False,
        "budget": 0,
        "revenue": 0,
        "runtime": 100,
        "video": False,
        "releases": {"results": []},
        "externalIds": {"imdbId": one.imdb_id, "facebookId": None, "instagramId": None, "twitterId": None},
    }


def _series(one: Title) -> Json:
    return {
        "name": one.name,
        "originalName": one.original_name or one.name,
        "firstAirDate": one.date,
        "lastAirDate": one.date,
        "status": "Returning Series",
        "type": "Scripted",
        "inProduction": True,
        "createdBy": [],
        "episodeRunTime": [24],
        "languages": ["ja" if one.anime else "en"],
        "networks": [],
        "originCountry": [],
        "numberOfEpisodes": 12 * len(one.seasons),
        "numberOfSeasons": len([number for number in one.seasons if number]),
        "contentRatings": {"results": []},
        "lastEpisodeToAir": {
            "id": one.tmdb_id * 1000,
            "name": "Episode 12",
            "overview": "",
            "airDate": one.date,
            "episodeNumber": 12,
            "seasonNumber": max(one.seasons, default=1),
            "productionCode": "",
            "showId": one.tmdb_id,
            "stillPath": "",
            "voteAverage": 0,
            "voteCount": 0,
        },
        "externalIds": {
            "imdbId": one.imdb_id,
            "tvdbId": one.tvdb_id,
            **dict.fromkeys(("facebookId", "freebaseId", "freebaseMid", "instagramId", "tvrageId", "twitterId")),
        },
        "seasons": [
            {
                "id": one.tmdb_id * 100 + number,
                "seasonNumber": number,
                "episodeCount": 12,
                "name": f"Season {number}" if number else "Specials",
                "airDate": one.date or None,
                "overview": "",
                "posterPath": None,
            }
            for number in one.seasons
        ],
        "onUserWatchlist": False,
    }


def public_settings(release: Release, servers: list[ArrServer]) -> Json:
    """Return `/settings/public`, read without a key."""
    record: Json = {
        "initialized": True,
        "applicationTitle": release.product.value,
        "applicationUrl": "",
        "hideAvailable": False,
        "localLogin": True,
        "movie4kEnabled": any(s.is_4k and s.is_default for s in servers if s.is_movie),
        "series4kEnabled": any(s.is_4k and s.is_default for s in servers if not s.is_movie),
        "region": "",
        "originalLanguage": "",
        "partialRequestsEnabled": True,
        "cacheImages": False,
        "vapidPublic": "",
        "enablePushRegistration": False,
        "locale": "en",
        "emailEnabled": False,
        "newPlexLogin": True,
    }
    if release.product is Product.OVERSEERR:
        return record
    del record["region"]
    return record | {
        "hideBlocklisted" if release.product is Product.SEERR else "hideBlacklisted": False,
        "mediaServerType": 2,
        "mediaServerLogin": True,
        "jellyfinExternalHost": "",
        "jellyfinForgotPasswordUrl": "",
        "discoverRegion": "",
        "streamingRegion": "",
        "enableSpecialEpisodes": False,
        "userEmailRequired": False,
        "youtubeUrl": "",
    }


def service(one: ArrServer) -> Json:
    """Return a server as in `/service/sonarr` or `/service/radarr`: without address and key."""
    record: Json = {
        "id": one.id,
        "name": one.name,
        "is4k": one.is_4k,
        "isDefault": one.is_default,
        "activeDirectory": one.directory,
        "activeProfileId": 6,
        "activeTags": [],
    }
    if not one.is_movie:
        record |= {"activeAnimeProfileId": 6, "activeAnimeDirectory": one.anime_directory}
    return record


def settings(one: ArrServer) -> Json:
    """Return a server as in `/settings/sonarr` or `/settings/radarr`: in full, with its key."""
    record = {name: value for name, value in service(one).items() if name != "activeTags"}
    record |= {
        "hostname": one.hostname,
        "port": one.port,
        "apiKey": one.api_key,
        "useSsl": False,
        "baseUrl": "",
        "activeProfileName": "HD - 720p/1080p",
        "tags": [],
        "externalUrl": "",
        "syncEnabled": True,
        "preventSearch": False,
        "tagRequests": False,
        "overrideRule": [],
    }
    if one.is_movie:
        return record | {"minimumAvailability": "released"}
    return record | {
        "enableSeasonFolders": True,
        "seriesType": "standard",
        "animeSeriesType": "anime",
        "activeAnimeProfileName": "HD - 720p/1080p",
        "animeTags": [],
    }

"""What a Jellyfin says beside what matters here: settings at their defaults and its own folders."""

Json = dict[str, object]

SYSTEM: Json = {
    "OperatingSystemDisplayName": "",
    "CanSelfRestart": True,
    "CanLaunchWebBrowser": False,
    "HasUpdateAvailable": False,
    "SystemArchitecture": "X64",
    "EncoderLocation": "System",
    "ProgramDataPath": "/config/data",
    "CachePath": "/config/cache",
    "LogPath": "/config/log",
    "InternalMetadataPath": "/config/data/metadata",
    "ItemsByNamePath": "/config/data/metadata",
    "TranscodingTempPath": "/config/cache/transcodes",
    "WebPath": "/usr/share/jellyfin/web",
}
SYSTEM_10_9: Json = {"CastReceiverApplications": [{"Id": "F007D354", "Name": "Stable"}]}

PLUGIN: Json = {"ConfigurationFileName": "plugin.xml", "Description": "", "HasImage": False}

TYPE_OPTIONS: Json = {"ImageFetchers": [], "ImageFetcherOrder": [], "ImageOptions": []}

LIBRARY: Json = {
    "AllowEmbeddedSubtitles": "AllowAll",
    "AutomaticallyAddToCollection": False,
    "DisabledLocalMetadataReaders": [],
    "DisabledSubtitleFetchers": [],
    "EnableAutomaticSeriesGrouping": False,
    "EnableChapterImageExtraction": False,
    "EnableEmbeddedEpisodeInfos": False,
    "EnableEmbeddedTitles": False,
    "EnableInternetProviders": False,
    "EnablePhotos": True,
    "ExtractChapterImagesDuringLibraryScan": False,
    "LocalMetadataReaderOrder": ["Nfo"],
    "MetadataCountryCode": "",
    "MetadataSavers": [],
    "PreferredMetadataLanguage": "",
    "RequirePerfectSubtitleMatch": True,
    "SaveLocalMetadata": False,
    "SaveSubtitlesWithMedia": True,
    "SeasonZeroDisplayName": "Specials",
    "SkipSubtitlesIfAudioTrackMatches": False,
    "SkipSubtitlesIfEmbeddedSubtitlesPresent": False,
    "SubtitleDownloadLanguages": [],
    "SubtitleFetcherOrder": [],
}
LIBRARY_10_11: Json = {
    "CustomTagDelimiters": ["/", "|", ";", "\\"],
    "DelimiterWhitelist": [],
    "DisabledLyricFetchers": [],
    "DisabledMediaSegmentProviders": [],
    "EnableEmbeddedExtrasTitles": False,
    "EnableLUFSScan": True,
    "EnableTrickplayImageExtraction": False,
    "ExtractTrickplayImagesDuringLibraryScan": False,
    "LyricFetcherOrder": [],
    "MediaSegmentProviderOrder": [],
    "PreferNonstandardArtistsTag": False,
    "SaveLyricsWithMedia": False,
    "SaveTrickplayWithMedia": False,
    "UseCustomTagDelimiters": False,
}
"""Of these some came with 10.9 or 10.10."""

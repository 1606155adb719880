"""The clauses a summary line is made of. Reconcile and diagnose choose them, `present` owns their words."""

from enum import StrEnum


class Clause(StrEnum):
    """`Phrase.code` of every clause; beside each: the phrase fields it uses, and its words."""

    # the label, first in line (after FOUR_K)
    FOUR_K = "four_k"  # "4K"
    REQUESTED = "requested"  # text=who: "Requested by mia"
    DECLINED = "declined"  # text=who: "Declined by adept"
    REMOVED = "removed"  # text=service, at: "Removed from Sonarr at 12:01"
    APPROVED = "approved"  # "Approved"
    SEARCHING = "searching"  # "Searching"
    SEARCHING_FOR = "searching_for"  # n: "Searching for 6 episodes"
    NO_EPISODES = "no_episodes"  # "No episode list yet"
    NOT_RELEASED = "not_released"  # at: "Not released yet"
    PACK_GRABBED = "pack_grabbed"  # n, of: "Season pack grabbed · 6/6"
    GRABBING = "grabbing"  # n, of: "Grabbing 3/12"
    GRABBED = "grabbed"  # "Grabbed"
    DOWNLOADING = "downloading"  # "Downloading"
    DOWNLOADED = "downloaded"  # n, of: "Downloaded 6/6"; without numbers "Downloaded"
    IMPORTING = "importing"  # n, of: "Importing · 5/13 imported"
    IMPORTED = "imported"  # n, of: "Imported 6/6"; without numbers "Imported"
    IMPORTED_AT = "imported_at"  # at: "Imported 70 min ago"
    MATCHING = "matching"  # "Matching"
    MATCHED = "matched"  # n, of: "Matched 13/13"; without numbers "Matched"
    NEEDS_LINK = "needs_link"  # "Needs link in Shoko"
    READY = "ready"  # n, of: "Ready · 6/6"; without numbers "Ready"
    FAILED = "failed"  # text: "Failed · <message>"
    UPCOMING_ONLY = "upcoming_only"  # n, at: "9 upcoming, next 31 Jan", as the whole line

    # counts
    READY_OF = "ready_of"  # n, of: "0/6 ready"
    READY_OF_AIRED = "ready_of_aired"  # n, of: "0/3 aired ready"
    COUNT_OF = "count_of"  # n, of: "0/10"
    DOWNLOADED_READY = "downloaded_ready"  # n downloaded, of, size_bytes unused, seconds unused; text=ready
    STATES = "states"  # text: "1 downloading, 1 queued, 10 searching"
    MATCHED_OF = "matched_of"  # n, of: "3/13 matched"
    STILL_SEARCHING = "still_searching"  # n: "9 searching"
    NEED_LINK = "need_link"  # n: "2 need a link in Shoko"
    FAILED_COUNT = "failed_count"  # n: "2 failed"
    UPCOMING = "upcoming"  # n, at: "9 upcoming, next 31 Jan"
    EXTRA_FILES = "extra_files"  # n: "14 extra files in the torrent"

    # numbers of a transfer
    PROGRESS = "progress"  # fraction, size_bytes: "42 % of 8.4 GB"
    SPEED = "speed"  # speed_bytes_s: "12.4 MB/s"
    ETA = "eta"  # seconds: "ETA 6m 30s"
    QUALITY = "quality"  # text: "WEBDL-1080p"
    ATTEMPT = "attempt"  # n: "2nd attempt"
    INCOMPLETE = "incomplete"  # n: "1 incomplete"; without a number "incomplete"
    UPGRADING = "upgrading"  # n, fraction: "upgrading 1 (30 %)"
    UPGRADE_BLOCKED = "upgrade_blocked"  # "upgrade not imported"

    # what is waited for; a diagnosis that explains the wait takes this clause's place
    AWAITING_APPROVAL = "awaiting_approval"  # "waiting for approval"
    AGE = "age"  # at: "3 h"
    AWAITING_ARR = "awaiting_arr"  # text=service: "waiting for Radarr to add it"
    AWAITING_CLIENT = "awaiting_client"  # "waiting for the download client"
    AWAITING_IMPORT = "awaiting_import"  # "waiting for import"
    AWAITING_JELLYFIN = "awaiting_jellyfin"  # "waiting for Jellyfin"
    AWAITING_RESCAN = "awaiting_rescan"  # "upgraded, waiting for Jellyfin to re-scan"
    MATCHED_AWAITING = "matched_awaiting"  # n: "1 matched, waiting for Jellyfin"
    AWAITING_SHOKO = "awaiting_shoko"  # "waiting for Shoko"
    NOT_IN_JELLYFIN = "not_in_jellyfin"  # "not in Jellyfin"
    NOT_IN_JELLYFIN_SINCE = "not_in_jellyfin_since"  # at: "not in Jellyfin for 20 min"
    SHOKO_COUNTS = "shoko_counts"  # text: "Shoko: 4 matched, 9 hashing"
    SHOKO_HASHING = "shoko_hashing"  # "Shoko hashing"
    SHOKO_BUSY = "shoko_busy"  # n: "Shoko busy (412 jobs)"
    SHOKO_NOT_SEEN = "shoko_not_seen"  # "Shoko has not seen the files"
    SHOKO_LIMBO = "shoko_limbo"  # "Shoko waits for AniDB data"
    SHOKO_IDENTIFYING = "shoko_identifying"  # "Shoko is identifying"
    METADATA = "metadata"  # "fetching metadata"
    QUEUED = "queued"  # "queued in the download client"
    DELAYED = "delayed"  # "held back by a delay profile"
    STALLED = "stalled"  # "stalled"
    CHECKING = "checking"  # "checking"
    MOVING = "moving"  # "moving files"
    PAUSED = "paused"  # fraction: "paused at 40 %"
    CLIENT_ERROR = "client_error"  # "error in qBittorrent"
    MISSING_FILES = "missing_files"  # "files missing in qBittorrent"
    CLIENT_WORD = "client_word"  # text: the client's own state word
    IMPORT_BLOCKED = "import_blocked"  # "import blocked"
    NOT_MONITORED = "not_monitored"  # text=service: "not monitored in Sonarr"
    DOWNLOAD_REMOVED = "download_removed"  # fraction: "download was removed at 40 %"
    FILE_DELETED = "file_deleted"  # "file was deleted"
    DESELECTED = "deselected"  # "not selected in the download client"

    # remarks
    ADDED = "added"  # text=service, at: "added to Radarr today"
    ALREADY_THERE = "already_there"  # "was already in the library"
    REQUESTED_BEFORE = "requested_before"  # at: "requested before (10 Jan)"
    NOT_CHECKED = "not_checked"  # "not checked in Jellyfin"

    # said by diagnoses only
    STALLED_FOR = "stalled_for"  # at, n=seeds: "stalled 40 min · 0 seeds"
    LAST_SEARCH = "last_search"  # at: "last search 20 min ago found nothing to grab"
    JELLYFIN_SCAN = "jellyfin_scan"  # fraction: "Jellyfin scan 38 %"
    SAID = "said"  # text: a diagnosis's own words


REPLACEABLE = frozenset(
    {
        Clause.AWAITING_APPROVAL,
        Clause.AWAITING_ARR,
        Clause.AWAITING_CLIENT,
        Clause.AWAITING_IMPORT,
        Clause.AWAITING_JELLYFIN,
        Clause.AWAITING_RESCAN,
        Clause.AWAITING_SHOKO,
        Clause.NOT_IN_JELLYFIN,
        Clause.NOT_IN_JELLYFIN_SINCE,
        Clause.SHOKO_HASHING,
        Clause.SHOKO_BUSY,
        Clause.SHOKO_NOT_SEEN,
        Clause.SHOKO_LIMBO,
        Clause.SHOKO_IDENTIFYING,
        Clause.METADATA,
        Clause.QUEUED,
        Clause.DELAYED,
        Clause.STALLED,
        Clause.CLIENT_ERROR,
        Clause.MISSING_FILES,
        Clause.IMPORT_BLOCKED,
        Clause.NOT_MONITORED,
        Clause.FILE_DELETED,
    }
)
"""Clauses that say what is waited for: a diagnosis that explains the wait replaces the first of them."""

VOLATILE = frozenset({Clause.PROGRESS, Clause.SPEED, Clause.ETA})
"""Clauses with per-tick numbers: the TUI shows them in cells instead (SPEC 2.1.18)."""

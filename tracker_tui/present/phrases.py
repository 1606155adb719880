"""The words of the summary clauses: `Phrase` in, one clause of text out (R10, SPEC 2.1.18)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from tracker_tui.model import fractions, moments
from tracker_tui.model.clauses import Clause
from tracker_tui.model.world import Phrase
from tracker_tui.present import numbers

SEPARATOR = " · "

Words = Callable[[Phrase, datetime, tzinfo], str]


def summary_line(phrases: Sequence[Phrase], now: datetime, zone: tzinfo = UTC) -> str:
    """Return the whole summary of a request or season, numbers included."""
    return SEPARATOR.join(text for phrase in phrases if (text := clause(phrase, now, zone)))


def clause(phrase: Phrase, now: datetime, zone: tzinfo = UTC) -> str:
    """Return the words of one clause; an unknown code says its own text."""
    words = _WORDS.get(phrase.code)
    return words(phrase, now, zone) if words is not None else phrase.text or ""


def _fixed(text: str) -> Words:
    return lambda _phrase, _now, _zone: text


def _counted(template: str) -> Words:
    return lambda phrase, _now, _zone: template.format(n=phrase.n, of=phrase.of, text=phrase.text)


def _named(template: str, otherwise: str) -> Words:
    return lambda phrase, _now, _zone: template.format(text=phrase.text) if phrase.text else otherwise


def _labelled(word: str, joint: str = " ") -> Words:
    """Return "word n/of", or the word alone where there are no numbers."""
    return lambda phrase, _now, _zone: word if phrase.n is None else f"{word}{joint}{phrase.n}/{phrase.of}"


def _upcoming(phrase: Phrase, now: datetime, zone: tzinfo) -> str:
    text = f"{phrase.n} upcoming"
    return f"{text}, next {moments.date(phrase.at, now, zone)}" if phrase.at is not None else text


def _episodes(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
    return f"Searching for {phrase.n} {'episode' if phrase.n == 1 else 'episodes'}"


def _progress(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
    text = fractions.percent(phrase.fraction or 0.0)
    return f"{text} of {numbers.size(phrase.size_bytes)}" if phrase.size_bytes else text


def _at_percent(words: str) -> Words:
    def told(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
        return words if phrase.fraction is None else f"{words} at {fractions.percent(phrase.fraction)}"

    return told


def _since(template: str) -> Words:
    return lambda phrase, now, _zone: template.format(age=numbers.age(phrase.at or now, now))


def _removed(phrase: Phrase, now: datetime, zone: tzinfo) -> str:
    text = f"Removed from {phrase.text}" if phrase.text else "Removed"
    return f"{text} at {moments.clock(phrase.at, now, zone)}" if phrase.at is not None else text


def _not_released(phrase: Phrase, now: datetime, zone: tzinfo) -> str:
    return "Not released yet" if phrase.at is None else f"Not released yet · {moments.date(phrase.at, now, zone)}"


def _upgrading(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
    text = f"upgrading {phrase.n}"
    return text if phrase.fraction is None else f"{text} ({fractions.percent(phrase.fraction)})"


def _attempt(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
    number = phrase.n or 1
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} attempt"


def _added(phrase: Phrase, now: datetime, zone: tzinfo) -> str:
    when = numbers.day(phrase.at, now, zone) if phrase.at is not None else ""
    return f"added to {phrase.text} {when}".rstrip()


def _before(phrase: Phrase, now: datetime, zone: tzinfo) -> str:
    return "requested before" if phrase.at is None else f"requested before ({moments.date(phrase.at, now, zone)})"


def _stalled(phrase: Phrase, now: datetime, _zone: tzinfo) -> str:
    text = f"stalled {numbers.age(phrase.at or now, now)}"
    return text if phrase.n is None else f"{text}{SEPARATOR}{phrase.n} {'seed' if phrase.n == 1 else 'seeds'}"


def _scan(phrase: Phrase, _now: datetime, _zone: tzinfo) -> str:
    if phrase.fraction is None:
        return "Jellyfin scan running"
    return f"Jellyfin scan {fractions.whole_percent(phrase.fraction)}"


_WORDS: dict[str, Words] = {
    Clause.FOUR_K: _fixed("4K"),
    Clause.REQUESTED: _named("Requested by {text}", "Requested"),
    Clause.DECLINED: _named("Declined by {text}", "Declined"),
    Clause.REMOVED: _removed,
    Clause.APPROVED: _fixed("Approved"),
    Clause.SEARCHING: _fixed("Searching"),
    Clause.SEARCHING_FOR: _episodes,
    Clause.NO_EPISODES: _fixed("No episode list yet"),
    Clause.NOT_RELEASED: _not_released,
    Clause.PACK_GRABBED: _labelled("Season pack grabbed", SEPARATOR),
    Clause.GRABBING: _labelled("Grabbing"),
    Clause.GRABBED: _fixed("Grabbed"),
    Clause.DOWNLOADING: _fixed("Downloading"),
    Clause.DOWNLOADED: _labelled("Downloaded"),
    Clause.IMPORTING: lambda phrase, _now, _zone: (
        "Importing" if phrase.n is None else f"Importing{SEPARATOR}{phrase.n}/{phrase.of} imported"
    ),
    Clause.IMPORTED: _labelled("Imported"),
    Clause.IMPORTED_AT: _since("Imported {age} ago"),
    Clause.MATCHING: _fixed("Matching"),
    Clause.MATCHED: _labelled("Matched"),
    Clause.NEEDS_LINK: _fixed("Needs link in Shoko"),
    Clause.READY: _labelled("Ready", SEPARATOR),
    Clause.FAILED: _named(f"Failed{SEPARATOR}{{text}}", "Failed"),
    Clause.UPCOMING_ONLY: _upcoming,
    Clause.READY_OF: _counted("{n}/{of} ready"),
    Clause.READY_OF_AIRED: _counted("{n}/{of} aired ready"),
    Clause.COUNT_OF: _counted("{n}/{of}"),
    Clause.DOWNLOADED_READY: _counted("{n}/{of} downloaded, {text}/{of} ready"),
    Clause.STATES: _counted("{text}"),
    Clause.MATCHED_OF: _counted("{n}/{of} matched"),
    Clause.STILL_SEARCHING: _counted("{n} searching"),
    Clause.NEED_LINK: lambda phrase, _now, _zone: f"{phrase.n} {'needs' if phrase.n == 1 else 'need'} a link",
    Clause.FAILED_COUNT: _counted("{n} failed"),
    Clause.UPCOMING: _upcoming,
    Clause.EXTRA_FILES: lambda phrase, _now, _zone: (
        f"{phrase.n} extra {'file' if phrase.n == 1 else 'files'} in the torrent"
    ),
    Clause.PROGRESS: _progress,
    Clause.SPEED: lambda phrase, _now, _zone: numbers.speed(phrase.speed_bytes_s or 0),
    Clause.ETA: lambda phrase, _now, _zone: f"ETA {numbers.duration(phrase.seconds or 0)}",
    Clause.QUALITY: _counted("{text}"),
    Clause.ATTEMPT: _attempt,
    Clause.INCOMPLETE: lambda phrase, _now, _zone: "incomplete" if phrase.n is None else f"{phrase.n} incomplete",
    Clause.UPGRADING: _upgrading,
    Clause.UPGRADE_BLOCKED: _fixed("upgrade not imported"),
    Clause.AWAITING_APPROVAL: _fixed("waiting for approval"),
    Clause.AGE: _since("{age}"),
    Clause.AWAITING_ARR: _counted("waiting for {text} to add it"),
    Clause.AWAITING_CLIENT: _fixed("waiting for the download client"),
    Clause.AWAITING_IMPORT: _fixed("waiting for import"),
    Clause.AWAITING_JELLYFIN: _fixed("waiting for Jellyfin"),
    Clause.AWAITING_RESCAN: _fixed("upgraded, waiting for Jellyfin to re-scan"),
    Clause.MATCHED_AWAITING: _counted("{n} matched, waiting for Jellyfin"),
    Clause.AWAITING_SHOKO: _fixed("waiting for Shoko"),
    Clause.NOT_IN_JELLYFIN: _fixed("not in Jellyfin"),
    Clause.NOT_IN_JELLYFIN_SINCE: _since("not in Jellyfin for {age}"),
    Clause.SHOKO_COUNTS: _counted("{text}"),
    Clause.SHOKO_HASHING: _fixed("Shoko hashing"),
    Clause.SHOKO_BUSY: lambda phrase, _now, _zone: f"Shoko busy ({phrase.n} {'job' if phrase.n == 1 else 'jobs'})",
    Clause.SHOKO_NOT_SEEN: _fixed("Shoko has not seen the files"),
    Clause.SHOKO_LIMBO: _fixed("Shoko waits for AniDB data"),
    Clause.SHOKO_IDENTIFYING: _fixed("Shoko is identifying"),
    Clause.METADATA: _fixed("fetching metadata"),
    Clause.QUEUED: _fixed("queued in the download client"),
    Clause.DELAYED: _fixed("held back by a delay profile"),
    Clause.STALLED: _fixed("stalled"),
    Clause.CHECKING: _fixed("checking"),
    Clause.MOVING: _fixed("moving files"),
    Clause.PAUSED: _at_percent("paused"),
    Clause.CLIENT_ERROR: _fixed("error in qBittorrent"),
    Clause.MISSING_FILES: _fixed("files missing in qBittorrent"),
    Clause.CLIENT_WORD: _named("{text}", "state unknown"),
    Clause.IMPORT_BLOCKED: _fixed("import blocked"),
    Clause.NOT_MONITORED: _counted("not monitored in {text}"),
    Clause.DOWNLOAD_REMOVED: _at_percent("download was removed"),
    Clause.FILE_DELETED: _fixed("file was deleted"),
    Clause.DESELECTED: _fixed("not selected in the download client"),
    Clause.ADDED: _added,
    Clause.ALREADY_THERE: _fixed("was already in the library"),
    Clause.REQUESTED_BEFORE: _before,
    Clause.NOT_CHECKED: _fixed("not checked in Jellyfin"),
    Clause.STALLED_FOR: _stalled,
    Clause.LAST_SEARCH: _since("last search {age} ago found nothing to grab"),
    Clause.JELLYFIN_SCAN: _scan,
    Clause.SAID: _counted("{text}"),
}

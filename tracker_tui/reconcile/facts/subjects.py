"""What an observation can be about: the keys by which a change finds the requests that read it."""

from collections.abc import Hashable, Iterable

from tracker_tui.model.ids import InstanceRef, RequestId

Subject = tuple[Hashable, ...]
"""A kind word and what tells this subject from others of its kind; hashable and cheap to make."""

EVERYTHING: Subject = ("everything",)
"""A setting of a service that may concern every request: tags, folders, libraries."""


def entry(ref: InstanceRef, number: int) -> Subject:
    """Return the subject of a series or film with its episodes, files, queue records, history and commands."""
    return ("entry", ref, number)


def external(word: str, number: int) -> Subject:
    """Return the subject of whatever entry has this TVDB or TMDB id: `word` is tvdb or tmdb."""
    return ("external", word, number)


def torrent(any_id: str) -> Subject:
    """Return the subject of a torrent, under one of its ids (lower case)."""
    return ("torrent", any_id)


def only_torrents(changed: Iterable[Subject]) -> set[Subject]:
    """Return those of `changed` that are torrents going on, or their file lists."""
    return {subject for subject in changed if subject[0] == "torrent"}


def torrent_life(any_id: str) -> Subject:
    """Return the subject of a torrent appearing, becoming complete or vanishing, under one of its ids."""
    return ("torrent-life", any_id)


def shoko_name(name: str) -> Subject:
    """Return the subject of Shoko's files of one base name (case-folded)."""
    return ("shoko", name)


def seerr_request(ref: InstanceRef, number: int) -> Subject:
    """Return the subject of a Seerr request."""
    return ("request", ref, number)


def seerr_title(tmdb_id: int, is_movie: bool) -> Subject:
    """Return the subject of a title that Seerr looked up."""
    return ("title", is_movie, tmdb_id)


def service(ref: InstanceRef) -> Subject:
    """Return the subject of an instance going down, coming back, or growing stale."""
    return ("service", ref)


def answer(ref: InstanceRef, question: str) -> Subject:
    """Return the subject of a good answer to `question`, whatever it said: it may confirm an absence."""
    return ("answer", ref, question)


def shoko_work(ref: InstanceRef) -> Subject:
    """Return the subject of Shoko's queue and connectivity."""
    return ("shoko-work", ref)


def jellyfin_work(ref: InstanceRef) -> Subject:
    """Return the subject of Jellyfin's scan state and Shokofin's state."""
    return ("jellyfin-work", ref)


def item_subject(item_id: str) -> Subject:
    """Return the subject of a Jellyfin item."""
    return ("item", item_id)


def jellyfin_key(word: str, value: object) -> Subject:
    """Return the subject of every Jellyfin item found under one key: file name, Shoko file, provider id."""
    return ("jellyfin", word, value)


def emptied(ref: InstanceRef, key: str) -> Subject:
    """Return the subject of a library or service falling to nothing, or filling again."""
    return ("emptied", ref, key)


def closed_title(is_movie: bool, tmdb_id: int) -> Subject:
    """Return the subject of some request for a title being closed or opened."""
    return ("closed", is_movie, tmdb_id)


def shoko_episode(ref: InstanceRef, number: int) -> Subject:
    """Return the subject of the files of a Shoko episode."""
    return ("shoko-episode", ref, number)


def shoko_series(ref: InstanceRef, number: int) -> Subject:
    """Return the subject of a Shoko series."""
    return ("shoko-series", ref, number)


def shoko_kin(ref: InstanceRef, title: str) -> Subject:
    """Return the subject of the Shoko series of a title."""
    return ("shoko-kin", ref, title)


def refreshed(known: RequestId) -> Subject:
    """Return the subject of the refreshes by the user that were for a request."""
    return ("refreshed", known)

"""Give each episode its own files of a torrent, judged over the whole set of files, never file by file."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from tracker_tui.model.arr import Episode
from tracker_tui.model.record import Fact
from tracker_tui.model.torrents import TorrentFile


class ExtraReason(StrEnum):
    """Why a video of the torrent belongs to none of the grabbed episodes."""

    OTHER_SEASON = "other_season"
    OTHER_EPISODE = "other_episode"
    """Of a grabbed season, but not grabbed."""
    SPECIAL = "special"
    EXTRA = "extra"
    SAMPLE = "sample"
    DUPLICATE = "duplicate"
    """Another version of an episode that has a better file here."""
    DESELECTED = "deselected"
    UNKNOWN = "unknown"


class EpisodeFiles(Fact):
    """The files of one episode. `progress` 0..1 over its selected bytes, None when unknown or not selected.

    `selected` False = deselected in the client: neither downloading nor done. `estimate` = the file list does not
    say which file it is; the progress is that of all files it can be.
    """

    episode_id: int
    files: tuple[TorrentFile, ...] = ()
    progress: float | None = None
    size_bytes: int | None = None
    selected: bool = True
    estimate: bool = False


class ExtraFile(Fact):
    """A video outside the grabbed episodes; `season` and `episode_id` where known."""

    file: TorrentFile
    reason: ExtraReason
    season: int | None = None
    episode_id: int | None = None


class PackMap(Fact):
    """What a torrent's file list says: files per episode id, extras, and main videos nobody could place."""

    episodes: Mapping[int, EpisodeFiles] = {}
    extras: tuple[ExtraFile, ...] = ()
    unmapped: tuple[TorrentFile, ...] = ()


def map_pack(
    files: Sequence[TorrentFile],
    episodes: Sequence[Episode],
    *,
    grabbed: Collection[int] | None,
    titles: Collection[str] = (),
) -> PackMap:
    """Return which files hold which episodes.

    `episodes` are all known ones of the series (all seasons: they tell other content apart), `grabbed` the ids
    history gives to this download (None = not known: all may be meant), `titles` every title of the series. An
    episode that is grabbed but has no file is in the answer only as an estimate, or not at all.
    """
    del episodes, grabbed, titles
    return PackMap(unmapped=tuple(files))

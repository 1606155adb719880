"""The maps of torrents to episodes, kept: names place the files once, each poll only brings new progress."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from tracker_tui.model.arr import Episode, Series
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.torrents import TorrentFile
from tracker_tui.reconcile.joins.pack import EpisodeFiles, PackMap, map_pack, weighted


class PackCache:
    """Maps by client and hash, placed anew only when names, sizes, selection, grabs or episodes change."""

    def __init__(self) -> None:
        self._known: dict[tuple[InstanceRef, str], _Kept] = {}

    def prune(self, known: Collection[tuple[InstanceRef, str]]) -> None:
        """Forget the maps of torrents that are gone."""
        for key in self._known.keys() - known:
            del self._known[key]

    def map(
        self,
        ref: InstanceRef,
        torrent_hash: str,
        files: tuple[TorrentFile, ...],
        *,
        grabbed: frozenset[int],
        series: Series,
        episodes: dict[int, Episode],
    ) -> PackMap:
        """Return what `files` hold; `grabbed` = the episodes this download is known to be for."""
        kept = self.kept(ref, torrent_hash, files, grabbed=grabbed, episodes=episodes)
        if kept is not None:
            return kept
        titles = (series.title, *series.titles)
        pack = map_pack(files, tuple(episodes.values()), grabbed=grabbed or None, titles=titles)
        self._known[ref, torrent_hash] = _Kept(files, grabbed, episodes, pack)
        return pack

    def kept(
        self,
        ref: InstanceRef,
        torrent_hash: str,
        files: tuple[TorrentFile, ...],
        *,
        grabbed: frozenset[int],
        episodes: dict[int, Episode],
    ) -> PackMap | None:
        """Return the known map with the progress of `files`; None where they must be placed anew."""
        kept = self._known.get((ref, torrent_hash))
        return kept.refreshed(files) if kept is not None and kept.holds(files, grabbed, episodes) else None


class _Kept:
    """One map with what its placement rests on."""

    def __init__(
        self, files: tuple[TorrentFile, ...], grabbed: frozenset[int], episodes: dict[int, Episode], pack: PackMap
    ) -> None:
        self._files, self._grabbed, self._episodes, self._pack = files, grabbed, episodes, pack

    def holds(self, files: tuple[TorrentFile, ...], grabbed: frozenset[int], episodes: dict[int, Episode]) -> bool:
        """Return whether the placement is still right: `episodes` is replaced as a whole when one of them changes."""
        if files is self._files:
            return self._grabbed == grabbed and self._episodes is episodes
        return (
            self._grabbed == grabbed
            and self._episodes is episodes
            and len(files) == len(self._files)
            and all(map(_same_place, files, self._files))
        )

    def refreshed(self, files: tuple[TorrentFile, ...]) -> PackMap:
        """Return the map with the progress of `files`."""
        if files is not self._files:
            now = {file.index: file for file in files}
            pack = self._pack
            self._pack = PackMap(
                episodes={one: _with(known, now) for one, known in pack.episodes.items()},
                extras=tuple(replace(extra, file=now[extra.file.index]) for extra in pack.extras),
                unmapped=tuple(now[file.index] for file in pack.unmapped),
            )
            self._files = files
        return self._pack


def _same_place(file: TorrentFile, known: TorrentFile) -> bool:
    return file is known or (
        file.index == known.index
        and file.name == known.name
        and file.size_bytes == known.size_bytes
        and file.wanted == known.wanted
    )


def _with(known: EpisodeFiles, now: dict[int, TorrentFile]) -> EpisodeFiles:
    files: Sequence[TorrentFile] = [now[file.index] for file in known.files]
    return replace(known, files=tuple(files), progress=weighted(files))

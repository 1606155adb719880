"""Give each episode its own files of a torrent, judged over the whole set of files, never file by file."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import median

from tracker_tui.model.arr import Episode
from tracker_tui.model.record import Fact
from tracker_tui.model.torrents import TorrentFile
from tracker_tui.reconcile.joins import release_words as words
from tracker_tui.reconcile.joins.filenames import FileKind, NameFacts, read_name
from tracker_tui.reconcile.joins.numbering import Catalogue, Placement, Titles, place


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
    """Another version that is not selected, or an unplaced file that is not."""
    UNKNOWN = "unknown"
    """Named like nothing, or like another show, while every grabbed episode has its file."""


class EpisodeFiles(Fact):
    """The files of one episode. `progress` 0..1 over its selected bytes, None when not selected.

    `selected` False = deselected in the client: neither downloading nor done. `estimate` = the file list does not
    say which file it is; progress is that of all files it can be, and its size is unknown.
    """

    episode_id: int
    files: tuple[TorrentFile, ...]
    progress: float | None
    size_bytes: int | None = None
    selected: bool = True
    estimate: bool = False


class ExtraFile(Fact):
    """A video outside the grabbed episodes; `season` and `episode_ids` where known."""

    file: TorrentFile
    reason: ExtraReason
    season: int | None = None
    episode_ids: tuple[int, ...] = ()


class PackMap(Fact):
    """What a torrent's file list says: files per episode id, extras, and videos nobody could place."""

    episodes: Mapping[int, EpisodeFiles] = {}
    extras: tuple[ExtraFile, ...] = ()
    unmapped: tuple[TorrentFile, ...] = ()


_Named = tuple[TorrentFile, NameFacts]

_SCRAP = 0.05
"""An unplaced video below this share of the median episode is a sample or clip whatever its name."""

_NO_EPISODE = {
    FileKind.SAMPLE: ExtraReason.SAMPLE,
    FileKind.EXTRA: ExtraReason.EXTRA,
    FileKind.SPECIAL: ExtraReason.SPECIAL,
}


def map_pack(
    files: Sequence[TorrentFile],
    episodes: Sequence[Episode],
    *,
    grabbed: Collection[int] | None,
    titles: Collection[str] = (),
) -> PackMap:
    """Return which files hold which episodes.

    `episodes` are all known ones of the series (other seasons too: they tell foreign content apart), `grabbed` the
    ids history gives to this download (None = not known: all may be meant), `titles` every title of the series. A
    grabbed episode without a file is in the answer only as an estimate over unplaced files, or not at all.
    """
    videos = _videos(files)
    only = _only_choice(videos, grabbed)
    if only is not None:
        episode_id, own = only
        rest = [named for named in videos if named[0] not in own]
        return PackMap(episodes={episode_id: _episode(episode_id, own)}, extras=tuple(map(_plain_extra, rest)))
    return _place_all(videos, Catalogue(episodes), grabbed, Titles(titles))


def _videos(files: Iterable[TorrentFile]) -> list[_Named]:
    """Return the videos by name; volumes of packed releases count only where no episode is there unpacked."""
    named = [(file, read_name(file.name)) for file in sorted(files, key=lambda file: (file.name, file.index))]
    named = [(file, facts) for file, facts in named if facts.kind is not FileKind.OTHER]
    unpacked = any(not facts.archive and facts.kind is not FileKind.SAMPLE for _, facts in named)
    return [(file, facts) for file, facts in named if not (facts.archive and unpacked)]


def _only_choice(videos: Sequence[_Named], grabbed: Collection[int] | None) -> tuple[int, list[TorrentFile]] | None:
    """Return the one grabbed episode and the one thing it can be, whatever that is called."""
    if grabbed is None or len(grabbed) != 1:
        return None
    main = [named for named in videos if named[1].kind in {FileKind.EPISODE, FileKind.SPECIAL}]
    main = main or [named for named in videos if named[1].kind is FileKind.EXTRA]
    volumes = {_volume_set(file) for file, facts in main if facts.archive}
    if len(main) == 1 or (len(volumes) == 1 and all(facts.archive for _, facts in main)):
        return next(iter(grabbed)), [file for file, _ in main]
    return None


def _plain_extra(named: _Named) -> ExtraFile:
    file, facts = named
    return ExtraFile(file=file, reason=_NO_EPISODE.get(facts.kind, ExtraReason.UNKNOWN), season=facts.season)


def _volume_set(file: TorrentFile) -> str:
    """Return the name that the volumes of one packed release share."""
    stem = file.name.rpartition(".")[0]
    return words.ARCHIVE_PART.sub("", stem).casefold()


def _folder(file: TorrentFile) -> str:
    """Return the file's folder without quality words: `Show [720p]` and `Show [1080p]` hold the same numbers."""
    return words.NOISE.sub("", file.name.rpartition("/")[0]).casefold()


def weighted(files: Iterable[TorrentFile]) -> float | None:
    """Return the progress over the selected bytes; None if nothing is selected."""
    chosen = [file for file in files if file.wanted]
    if not chosen:
        return None
    size = sum(file.size_bytes for file in chosen)
    if not size:
        return min(file.progress for file in chosen)
    return sum(file.progress * file.size_bytes for file in chosen) / size


def _episode(episode_id: int, files: Sequence[TorrentFile]) -> EpisodeFiles:
    wanted = [file for file in files if file.wanted]
    return EpisodeFiles(
        episode_id=episode_id,
        files=tuple(files),
        progress=weighted(files),
        size_bytes=sum(file.size_bytes for file in wanted or files),
        selected=bool(wanted),
    )


def _place_all(videos: list[_Named], catalogue: Catalogue, grabbed: Collection[int] | None, titles: Titles) -> PackMap:
    candidates = {i: (_folder(file), facts) for i, (file, facts) in enumerate(videos) if _may_be_episode(facts)}
    placed = place(candidates, catalogue, grabbed, titles)
    claims: dict[int, list[int]] = defaultdict(list)
    extras: list[ExtraFile] = []
    unplaced: set[int] = set()
    for index, (file, facts) in enumerate(videos):
        ids = placed[index].episode_ids if index in placed else ()
        own = [one for one in ids if grabbed is None or one in grabbed]
        for one in own:
            claims[one].append(index)
        if not own and (extra := _foreign(file, facts, ids, catalogue, grabbed)) is not None:
            extras.append(extra)
        elif not own:
            unplaced.add(index)
    chosen = {one: kept for one, rivals in claims.items() if (kept := _choose(videos, placed, rivals))}
    if grabbed and not chosen:
        return _contradicted(videos, grabbed)
    used = {index for kept in chosen.values() for index in kept}
    for one, rivals in claims.items():
        for index in rivals:
            if index in used or index in unplaced:
                continue
            if one in chosen:
                extras.append(_passed_over(videos[index], placed[index], placed[chosen[one][0]]))
                used.add(index)
            else:
                unplaced.add(index)
    episodes = {one: _episode(one, [videos[index][0] for index in chosen[one]]) for one in sorted(chosen)}
    return _finish(episodes, extras, [videos[index] for index in sorted(unplaced - used)], grabbed)


def _contradicted(videos: Iterable[_Named], grabbed: Collection[int]) -> PackMap:
    """Return the map when no name fits any grabbed episode: history knows better, so the names are misread."""
    extras = [_plain_extra(named) for named in videos if named[1].kind is not FileKind.EPISODE]
    return _finish({}, extras, [named for named in videos if named[1].kind is FileKind.EPISODE], grabbed)


def _may_be_episode(facts: NameFacts) -> bool:
    """Return whether a name can be placed: specials only under a season 0 label, OVAs count for themselves."""
    return facts.kind is FileKind.EPISODE or (facts.kind is FileKind.SPECIAL and facts.season == 0)


def _foreign(
    file: TorrentFile, facts: NameFacts, ids: tuple[int, ...], catalogue: Catalogue, grabbed: Collection[int] | None
) -> ExtraFile | None:
    """Return the file as an extra if its name says that it is none of the grabbed episodes; None = it does not say."""
    known = catalogue.episodes
    if facts.kind is not FileKind.EPISODE:
        return ExtraFile(file=file, reason=_NO_EPISODE[facts.kind], season=facts.season, episode_ids=ids)
    asked = {known[one].season for one in grabbed or () if one in known}
    if ids:
        season = known[ids[0]].season
        reason = ExtraReason.OTHER_EPISODE if season in asked else ExtraReason.OTHER_SEASON
        return ExtraFile(file=file, reason=reason, season=season, episode_ids=ids)
    named = asked | {known[one].scene_season for one in grabbed or () if one in known}
    if grabbed is not None and facts.season in catalogue.seasons - named:
        return ExtraFile(file=file, reason=ExtraReason.OTHER_SEASON, season=facts.season)
    return None


def _choose(videos: Sequence[_Named], placed: Mapping[int, Placement], rivals: Sequence[int]) -> list[int]:
    """Return the files of one episode: all its parts or volumes, else the best version; [] when names cannot tell.

    A name that fits the series better wins, then one that names its season. Equal names in folders that count on
    their own ("Disc 1/01", "Disc 2/01") are a contradiction, not two versions.
    """
    rank = max(placed[index].rank for index in rivals)
    best = [index for index in rivals if placed[index].rank == rank]
    labelled = [index for index in best if videos[index][1].season is not None]
    best = labelled or best
    if len({placed[index].group for index in best}) > 1:
        return []
    best = [index for index in best if videos[index][0].wanted] or best
    if all(videos[index][1].archive for index in best):
        return _largest_volume_set(videos, best)
    best.sort(key=lambda index: (-videos[index][1].version, -videos[index][0].size_bytes))
    parts: dict[int | None, int] = {}
    for index in best:
        parts.setdefault(videos[index][1].part, index)
    return (
        [best[0]]
        if None in parts or len(parts) == 1
        else [parts[part] for part in sorted(parts, key=lambda part: part or 0)]
    )


def _largest_volume_set(videos: Sequence[_Named], indexes: Iterable[int]) -> list[int]:
    sets: dict[str, list[int]] = defaultdict(list)
    for index in indexes:
        sets[_volume_set(videos[index][0])].append(index)
    return max(sets.values(), key=lambda volumes: sum(videos[index][0].size_bytes for index in volumes))


def _passed_over(named: _Named, placement: Placement, winner: Placement) -> ExtraFile:
    file, facts = named
    reason = ExtraReason.DUPLICATE if placement.rank == winner.rank else ExtraReason.UNKNOWN
    return ExtraFile(
        file=file,
        reason=reason if file.wanted else ExtraReason.DESELECTED,
        season=facts.season,
        episode_ids=placement.episode_ids,
    )


def _finish(
    episodes: dict[int, EpisodeFiles], extras: list[ExtraFile], unplaced: list[_Named], grabbed: Collection[int] | None
) -> PackMap:
    """Return the map: unplaced videos stand for the grabbed episodes without a file, or else are extras."""
    sizes = [one.size_bytes for one in episodes.values() if one.size_bytes]
    scrap = median(sizes) * _SCRAP if sizes else 0.0
    missing = sorted(set(grabbed) - episodes.keys()) if grabbed is not None else []
    unmapped: list[TorrentFile] = []
    for file, _ in unplaced:
        if file.size_bytes < scrap:
            extras.append(ExtraFile(file=file, reason=ExtraReason.EXTRA))
        elif missing or grabbed is None:
            unmapped.append(file)
        else:
            reason = ExtraReason.UNKNOWN if file.wanted else ExtraReason.DESELECTED
            extras.append(ExtraFile(file=file, reason=reason))
    if unmapped:
        guess = weighted(unmapped)
        for one in missing:
            episodes[one] = EpisodeFiles(
                episode_id=one, files=tuple(unmapped), progress=guess, selected=guess is not None, estimate=True
            )
    extras.sort(key=lambda extra: (extra.file.name, extra.file.index))
    return PackMap(episodes=episodes, extras=tuple(extras), unmapped=tuple(unmapped))

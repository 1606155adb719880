"""Which Shoko file an imported file is, which Shoko folder should hold it, and how far Shoko is with it (R5).

Facts of Shoko 4.2 to 6-dev: api/v3 File, FileCrossReference and folder models.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from tracker_tui.model.arr import MediaFile
from tracker_tui.model.record import Fact
from tracker_tui.model.shoko import ShokoFile, ShokoFolder, ShokoLocation
from tracker_tui.reconcile.joins.paths import Match, Segments, best_match, common_suffix, segments, starts_with


class ShokoMatch(Fact):
    """The Shoko file of an imported file, or the equally good ones; neither = Shoko was asked and has none."""

    file: ShokoFile | None = None
    tied: tuple[ShokoFile, ...] = ()


def match_file(
    media: MediaFile,
    hits: Iterable[ShokoFile],
    folders: Sequence[ShokoFolder] = (),
    *,
    series_files: Iterable[ShokoFile] = (),
) -> ShokoMatch:
    """Return the Shoko file that `media` is.

    `hits` are answers of path look-ups, in any order, of any number of them; `series_files` all files of its Shoko
    series, where asked: with no hit by path, the only one of exactly the same size is the file, renamed.
    """
    if media.path is None:
        return ShokoMatch()
    known = {file.id: file for file in hits}
    rest = {file.id: file for file in series_files}
    by_path = _by_path(media, known | rest, folders)
    if by_path.one is not None:
        return ShokoMatch(file=(known | rest)[by_path.one])
    if by_path.tied:
        return ShokoMatch(tied=tuple((known | rest)[file_id] for file_id in sorted(by_path.tied)))
    same_size = [file for file in rest.values() if media.size_bytes and file.size_bytes == media.size_bytes]
    if len(same_size) == 1:
        return ShokoMatch(file=same_size[0])
    return ShokoMatch(tied=tuple(sorted(same_size, key=lambda file: file.id)))


def _by_path(media: MediaFile, files: dict[int, ShokoFile], folders: Sequence[ShokoFolder]) -> Match[int]:
    roots = {folder.id: folder.path for folder in folders}
    candidates = [
        (file.id, path, file.size_bytes)
        for file in files.values()
        for location in file.locations
        if (path := location_path(location, roots)) is not None
    ]
    return best_match(media.path or "", media.size_bytes, candidates)


def location_path(location: ShokoLocation, roots: Mapping[int, str | None]) -> str | None:
    """Return the whole path of `location` in Shoko's view, else its relative path; None if it has neither."""
    if location.absolute_path:
        return location.absolute_path
    root = roots.get(location.folder_id) if location.folder_id is not None else None
    if location.relative_path is None:
        return None
    return f"{root}/{location.relative_path}" if root else location.relative_path


class Inside(StrEnum):
    """Whether some Shoko folder holds a path of Sonarr's or Radarr's."""

    YES = "yes"
    POSSIBLE = "possible"
    """A folder's name occurs in the path; the services see the disk under different roots."""
    NO = "no"
    UNKNOWN = "unknown"
    """The roots have nothing in common and no file of this root was ever seen in both services."""


class FolderVerdict(Fact):
    """The answer for one path, and the Shoko folders it is in or could be in."""

    inside: Inside
    folders: tuple[ShokoFolder, ...] = ()


class FolderMap:
    """Knows which paths of one Sonarr or Radarr lie in which Shoko folder.

    Learns from files known to both: whatever stands before the common tail of their paths are the two services'
    names of one place. `roots` are the instance's root folders: one that equals a Shoko folder proves one view.
    """

    def __init__(
        self,
        folders: Iterable[ShokoFolder],
        *,
        roots: Iterable[str] = (),
        pairs: Iterable[tuple[str, ShokoLocation]] = (),
    ) -> None:
        self._folders = tuple((folder, segments(folder.path)) for folder in folders if folder.path)
        paths = {folder.id: folder.path for folder, _ in self._folders}
        self._places: dict[tuple[Segments, Segments], None] = {}
        for path, location in pairs:
            if (whole := location_path(location, paths)) is not None:
                self._learn(segments(path), segments(whole))
        root_paths = [segments(root) for root in roots]
        self._same_view = any(ours == theirs for ours, theirs in self._places) or any(
            starts_with(root, folder) for root in root_paths for _, folder in self._folders
        )

    def _learn(self, ours: Segments, theirs: Segments) -> None:
        shared = common_suffix(ours[:-1], theirs[:-1])
        if shared:
            ours, theirs = ours[: -1 - shared], theirs[: -1 - shared]
            self._places[ours, theirs] = None

    def where(self, path: str) -> FolderVerdict:
        """Return whether `path` lies in a Shoko folder: learnt places first, then one view, then trailing names."""
        own = segments(path)
        for ours, theirs in self._places:
            if own[: len(ours)] == ours:
                held = self._holding((*theirs, *own[len(ours) :]))
                if held:
                    return FolderVerdict(inside=Inside.YES, folders=held)
        held = self._holding(own)
        if held:
            return FolderVerdict(inside=Inside.YES, folders=held)
        if self._same_view or not self._folders:
            return FolderVerdict(inside=Inside.NO)
        named = self._named_in(own[:-1])
        if named:
            return FolderVerdict(inside=Inside.POSSIBLE, folders=named)
        shares_root = any(folder[:1] == own[:1] for _, folder in self._folders)
        return FolderVerdict(inside=Inside.NO if shares_root else Inside.UNKNOWN)

    def _holding(self, path: Segments) -> tuple[ShokoFolder, ...]:
        return tuple(folder for folder, at in self._folders if starts_with(path, at))

    def _named_in(self, directories: Segments) -> tuple[ShokoFolder, ...]:
        """Return the folders with the longest run of their trailing segments inside `directories`."""
        runs = {
            folder.id: max(
                (common_suffix(directories[:end], at) for end in range(1, len(directories) + 1)),
                default=0,
            )
            for folder, at in self._folders
        }
        longest = max(runs.values(), default=0)
        return tuple(folder for folder, _ in self._folders if longest and runs[folder.id] == longest)


class ShokoStep(StrEnum):
    """How far Shoko is with a file it knows, in the order of its own pipeline."""

    IGNORED = "ignored"
    INACCESSIBLE = "inaccessible"
    """Shoko cannot see the file at any of its locations now."""
    HASHING = "hashing"
    UNRECOGNISED = "unrecognised"
    """Hashed and without any cross-reference. Not yet a verdict: a job or a ban may still hold the answer back."""
    LIMBO = "limbo"
    """AniDB says what it is; Shoko has no local series or episode yet."""
    MATCHED = "matched"


def shoko_step(file: ShokoFile) -> ShokoStep:
    """Return how far Shoko is with `file`; a file of unknown hash state is never called unrecognised."""
    if file.ignored and not file.links:
        return ShokoStep.IGNORED
    if file.locations and all(location.accessible is False for location in file.locations):
        return ShokoStep.INACCESSIBLE
    if file.matched:
        return ShokoStep.MATCHED
    if file.links:
        return ShokoStep.LIMBO
    return ShokoStep.UNRECOGNISED if file.hashed else ShokoStep.HASHING


def series_ids(file: ShokoFile) -> tuple[int, ...]:
    """Return the local series it belongs to; more than one is a reason for Shokofin to leave it out."""
    return tuple(dict.fromkeys(link.series_id for link in file.links if link.series_id is not None))


def episode_ids(file: ShokoFile) -> tuple[int, ...]:
    """Return the local episodes it holds, in Shoko's order."""
    return tuple(
        dict.fromkeys(ep.episode_id for link in file.links for ep in link.episodes if ep.episode_id is not None)
    )


class Coverage(Fact):
    """Which part of one Shoko episode a set of files holds; `spans` are merged percent ranges."""

    episode_id: int
    spans: tuple[tuple[int, int], ...]

    @property
    def complete(self) -> bool:
        """Return whether 0 to 100 % is covered without a gap."""
        return self.spans == ((0, 100),)

    @property
    def text(self) -> str:
        """Return the ranges for people: "0-50 %", "0-33, 67-100 %"."""
        return ", ".join(f"{start}\N{EN DASH}{end}" for start, end in self.spans) + " %"


def coverage(episode_id: int, files: Iterable[ShokoFile]) -> Coverage:
    """Return how much of a Shoko episode `files` hold together; a link without percentages holds all of it.

    A file of several episodes carries each of them whole unless it says otherwise. Parts may overlap or leave up
    to 1 % between them (Shoko rounds thirds to 33, 67).
    """
    spans = sorted(
        (ep.start_percent or 0, 100 if ep.end_percent is None else ep.end_percent)
        for file in files
        for link in file.links
        for ep in link.episodes
        if ep.episode_id == episode_id
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Coverage(episode_id=episode_id, spans=tuple(merged))

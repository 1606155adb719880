"""A title's files that Shoko renamed or moved: found among the files of its Shoko series, by their size (check 2)."""

from collections import Counter
from functools import cached_property

from msgspec.structs import replace

from tracker_tui.model.arr import MediaFile, Movie, Series
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.text import clean_path
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.shoko import ShokoFacts
from tracker_tui.reconcile.facts.subjects import Subject, shoko_kin, shoko_series
from tracker_tui.reconcile.joins.paths import segments
from tracker_tui.reconcile.joins.shokojoin import ShokoMatch, match_file, series_ids


def kin_title(arr: InstanceRef, entry_id: int) -> str:
    """Return the name under which the Shoko series of a series or film are asked for, and answered."""
    return f"{arr}:{entry_id}"


class Kin:
    """The Shoko series of one title and their files; read once per look, and only where some file is missing."""

    def __init__(self, facts: Facts, arr: ArrFacts, shoko: ShokoFacts, one: Series | Movie) -> None:
        self._facts, self._arr, self._shoko, self._one = facts, arr, shoko, one
        self.title = kin_title(arr.ref, one.id)

    @cached_property
    def _known(self) -> dict[int, ShokoFile]:
        """The Shoko files of the title's other files, by id."""
        matches = (self.by_path(file).file for file in self._files)
        return {file.id: file for file in matches if file is not None}

    @cached_property
    def _files(self) -> tuple[MediaFile, ...]:
        if isinstance(self._one, Movie):
            return (self._one.file,) if self._one.file is not None else ()
        return tuple(self._arr.files.get(self._one.id, {}).values())

    @cached_property
    def _sizes(self) -> Counter[int | None]:
        return Counter(file.size_bytes for file in self._files)

    @cached_property
    def series(self) -> tuple[int, ...]:
        """Return the ids of its Shoko series: those of its other files, and what Shoko calls the title's."""
        found = {number for file in self._known.values() for number in series_ids(file)}
        return tuple(sorted(found.union(self._shoko.kin.get(self.title, ()))))

    def subjects(self) -> set[Subject]:
        """Return what would change an answer, beside the title's own look-ups."""
        ours: set[Subject] = {shoko_series(self._shoko.ref, number) for number in self.series}
        return ours | {shoko_kin(self._shoko.ref, self.title)}

    def by_path(self, file: MediaFile) -> ShokoMatch:
        """Return the Shoko file at a file's own path."""
        if file.path is None:
            return ShokoMatch()
        path = self._facts.paths.between(self._arr.ref, self._shoko.ref, file.path)
        media = file if path == file.path else replace(file, path=clean_path(path))
        return match_file(media, self._shoko.hits(segments(path)), self._shoko.folders or ())

    def by_size(self, file: MediaFile) -> ShokoMatch:
        """Return the only file of the title's series that has a file's exact size and is none of its other files.

        Where two files of the title have that size, either could be it: tied.
        """
        if not file.size_bytes:
            return ShokoMatch()
        rest = [one for one in self._shoko.files_in(self.series) if one.id not in self._known]
        match = match_file(file, (), self._shoko.folders or (), series_files=rest)
        if match.file is None or self._sizes[file.size_bytes] == 1:
            return match
        return ShokoMatch(tied=(match.file,))

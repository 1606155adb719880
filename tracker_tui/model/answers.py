"""Answers to the expensive question: what a person had asked about one row, once."""

from datetime import datetime

from tracker_tui.model.arr import ReleaseSearch
from tracker_tui.model.ids import InstanceRef, RequestId
from tracker_tui.model.observation import Previewed
from tracker_tui.model.record import Fact
from tracker_tui.model.text import SafeText


class WouldLink(Fact):
    """Shokofin's dry run of a library, as far as it speaks of the files asked about.

    `wanted` files were looked for: `linked` are in the virtual folder, `would` come with a refresh, `left_out` do not.
    `told` False = the dry run told nothing: a scan runs, or it could not read the library's folders.
    """

    library: str
    told: bool
    wanted: int
    linked: int = 0
    would: int = 0
    left_out: tuple[SafeText, ...] = ()
    """File names."""
    examples: tuple[SafeText, ...] = ()
    """Some of the links, below the virtual root."""
    files: Previewed = Previewed()
    """The same by file, for the rules."""


class FolderSeen(Fact):
    """A folder as Jellyfin's process sees it, and the file that is asked about. None = it may not be asked."""

    folder: SafeText
    file: SafeText
    folder_there: bool | None
    entries: int | None = None
    file_there: bool | None = None


class Answer(Fact):
    """What one question brought. `about` = "S01E03 of The Long Orbit"."""

    request: RequestId
    about: str
    asked: InstanceRef
    at: datetime
    found: ReleaseSearch | WouldLink | FolderSeen

"""What the user asks for that the screen cannot do itself."""

from textual.message import Message

from tracker_tui.model.world import EpisodeRow, RequestRow, SeasonRow
from tracker_tui.present.rows import Row


class Wish(Message):
    """A wish: "vfs-refresh", "ask", "refresh"."""

    def __init__(
        self, name: str, request: RequestRow | None = None, place: tuple[int, int | None] | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.request = request
        self.place = place
        """The season, and number, of the row; None = the whole request."""


def place_of(row: Row) -> tuple[int, int | None] | None:
    """Return the season, and number, that a row is about."""
    match row.item:
        case EpisodeRow(season=season, number=number):
            return season, number
        case SeasonRow(number=number):
            return number, None
    return None

"""A Shoko of a few plain records, for the simulated plugin."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tracker_tui.simulate.jellyfin.shokofin_vfs import LinkedEpisode, LinkedFile, LinkedSeries

MATCHED = datetime(2026, 1, 25, 11, 40, tzinfo=UTC)


def series(
    series_id: int | None,
    *numbers: int,
    name: str = "Lycoris Recoil",
    kind: str = "TV",
    hidden: bool = False,
    tmdb: tuple[int, ...] = (),
) -> LinkedSeries:
    """Return a series with these of its episodes; without id, in limbo."""
    known = series_id or 12
    episodes = tuple(
        LinkedEpisode(None if series_id is None else known * 100 + number, known * 1000 + number, number, hidden=hidden)
        for number in numbers
    )
    return LinkedSeries(series_id, 19000 + known, name, episodes, kind, tmdb)


class StubShoko:
    """Files as given; a series has as many episodes as `length` says."""

    version_text = "5.2.5.0"

    def __init__(self) -> None:
        self.reachable = True
        self.files: list[LinkedFile] = []
        self.length: dict[int, int] = {}

    def add(self, file_id: int, path: str, *linked: LinkedSeries, at: datetime = MATCHED, folder_id: int = 1) -> None:
        """Have a matched file in a folder."""
        self.files.append(LinkedFile(file_id, folder_id, path, linked, at))

    def matched(self) -> dict[int, datetime]:
        return {file.id: file.imported_at for file in self.files}

    def linked_files(self) -> Sequence[LinkedFile]:
        return self.files

    def series_episodes(self, series_id: int) -> Sequence[LinkedEpisode]:
        return series(series_id, *range(1, self.length.get(series_id, 0) + 1)).episodes

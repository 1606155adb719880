"""A simulated Shoko as the simulated Shokofin asks it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from tracker_tui.simulate.jellyfin.shokofin_vfs import LinkedEpisode, LinkedFile, LinkedSeries
from tracker_tui.simulate.shoko.records import SimAnimeEpisode, SimLink, SimShokoFile
from tracker_tui.simulate.shoko.state import ShokoState


class ShokoStateSource:
    """Reads a simulated Shoko's state. `reachable` False = the plugin cannot reach it."""

    def __init__(self, state: ShokoState) -> None:
        self.reachable = True
        self._state = state

    @property
    def version_text(self) -> str:
        """Return the server's version."""
        return self._state.release.version

    def matched(self) -> Mapping[int, datetime]:
        """Return the matched files and since when they are."""
        self._state.settle()
        return {file.id: file.imported_at for file in list(self._state.files.values()) if file.imported_at}

    def linked_files(self) -> Sequence[LinkedFile]:
        """Return the matched files, one record per place."""
        self._state.settle()
        return [
            LinkedFile(
                file.id,
                location.folder_id,
                location.relative_path.replace("\\", "/"),
                self._series(file.links),
                file.imported_at,
                self._ready_at(file),
            )
            for file in list(self._state.files.values())
            if file.imported_at is not None
            for location in file.locations
        ]

    def series_episodes(self, series_id: int) -> Sequence[LinkedEpisode]:
        """Return all episodes of a series of the collection."""
        series = self._state.series.get(series_id)
        return [] if series is None else [self._episode(one) for one in series.anime.episodes]

    def _series(self, links: list[SimLink]) -> tuple[LinkedSeries, ...]:
        found = []
        for anime_id, group in groupby(links, key=lambda link: link.anime_id):
            anime = self._state.anime[anime_id]
            wanted = {link.episode_id for link in group}
            series = self._state.series_of(anime_id)
            found.append(
                LinkedSeries(
                    series.id if series else None,
                    anime_id,
                    anime.title,
                    tuple(self._episode(one) for one in anime.episodes if one.id in wanted),
                    anime.type,
                    anime.tmdb_movies,
                )
            )
        return tuple(found)

    def _episode(self, known: SimAnimeEpisode) -> LinkedEpisode:
        local = self._state.episode_of(known.id)
        return LinkedEpisode(
            local.id if local else None,
            known.id,
            known.number,
            known.type,
            known.title,
            hidden=local is not None and local.hidden,
            tmdb=bool(known.tmdb_episodes or known.tmdb_movies),
        )

    def _ready_at(self, file: SimShokoFile) -> datetime | None:
        created = [series.created_at for link in file.links if (series := self._state.series_of(link.anime_id))]
        return max(created, default=None)

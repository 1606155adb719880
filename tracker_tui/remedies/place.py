"""Which imported files of a request wait for Jellyfin, and what its services say of them: asked on demand."""

import asyncio

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.model.arr import MediaFile
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.record import Fact
from tracker_tui.model.shoko import ShokoFile
from tracker_tui.model.states import State
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.joins.shokojoin import match_file
from tracker_tui.services.http import Sessions
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.shoko.client import ShokoClient
from tracker_tui.services.together import or_none

IMPORTED = frozenset({State.IMPORTING, State.ANIME_MATCHING})
"""States of an episode or film whose file may be in place while Jellyfin lacks it."""

_FILES_ASKED = 50
"""Files of one request that are looked up: enough to know where it belongs."""


class WaitingFile(Fact):
    """An imported file of an episode that is not in Jellyfin; a film is season and number 0."""

    season: int
    number: int
    path: str
    shoko: ShokoFile | None = None
    """As Shoko knows it; None = it does not, or was not asked."""


class Place(Fact):
    """What is known about the waiting files. `files` None = Sonarr or Radarr did not tell.

    `asked_shoko` = Shoko answered about them. `items` = what Jellyfin has below the request's series already.
    """

    files: tuple[WaitingFile, ...] | None = None
    asked_shoko: bool = False
    item_id: str | None = None
    items: tuple[JellyfinItem, ...] = ()


class Locator:
    """Asks Sonarr or Radarr, Shoko and Jellyfin about one request. A service that fails leaves its part unknown."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions

    async def locate(self, row: RequestRow, jellyfin: JellyfinClient) -> Place:
        """Return where the waiting files of `row` are and what they are. Raises nothing of the services'."""
        files = await or_none(self._files(row))
        item_id = row.ids.jellyfin[0] if len(row.ids.jellyfin) == 1 and not row.is_movie else None
        known, read = await asyncio.gather(
            self._known_to_shoko(files or ()),
            or_none(jellyfin.series_items(item_id)) if item_id is not None else _nothing(),
        )
        return Place(
            files=None if files is None else _with_shoko(files, known or {}),
            asked_shoko=known is not None,
            item_id=item_id if read is not None and read.items else None,
            items=read.items if read is not None else (),
        )

    async def _files(self, row: RequestRow) -> "tuple[_Imported, ...] | None":
        waiting = waiting_episodes(row)
        if row.is_movie:
            return await self._film(row) if row.state in IMPORTED else ()
        name, number = next(iter(row.ids.sonarr), (None, 0))
        instance = self._instance(Kind.SONARR, name)
        if instance is None:
            return None
        from tracker_tui.services.arr.sonarr import SonarrClient

        client = SonarrClient(instance, self._sessions)
        try:
            read = await client.read_series(number, with_files=True)
        finally:
            await client.aclose()
        if read.episodes is None or read.files is None:
            return None
        files = {one.id: one for one in read.files}
        return tuple(
            (one.season, one.number, files[one.file_id])
            for one in read.episodes
            if (one.season, one.number) in waiting and one.file_id in files
        )

    async def _film(self, row: RequestRow) -> "tuple[_Imported, ...] | None":
        name, number = next(iter(row.ids.radarr), (None, 0))
        instance = self._instance(Kind.RADARR, name)
        if instance is None:
            return None
        from tracker_tui.services.arr.radarr import RadarrClient

        client = RadarrClient(instance, self._sessions)
        try:
            movie = (await client.read_movie(number)).movie
        finally:
            await client.aclose()
        return ((0, 0, movie.file),) if movie is not None and movie.file is not None else ()

    async def _known_to_shoko(self, files: "tuple[_Imported, ...]") -> dict[str, ShokoFile] | None:
        """Return the Shoko files by path; None where no Shoko answered."""
        media = {file.path: file for _, _, file in files[:_FILES_ASKED] if file.path is not None}
        answered = False
        known: dict[str, ShokoFile] = {}
        for instance in self._settings.of_kind(Kind.SHOKO) if media else ():
            client = ShokoClient(instance, self._sessions)
            try:
                read = await or_none(client.lookup([(path, one.size_bytes) for path, one in media.items()]))
                folders = await or_none(client.folders())
            finally:
                await client.aclose()
            if read is None:
                continue
            answered = True
            hits = [hit for lookup in read.lookups for hit in lookup.hits]
            for path, one in media.items():
                match = match_file(one, hits, folders.folders if folders else ())
                if match.file is not None:
                    known.setdefault(path, match.file)
        return known if answered else None

    def _instance(self, kind: Kind, name: str | None) -> Instance | None:
        return next((one for one in self._settings.of_kind(kind) if one.name == name), None)


_Imported = tuple[int, int, MediaFile]


def waiting_episodes(row: RequestRow) -> frozenset[tuple[int, int]]:
    """Return season and number of the episodes whose state says imported and not in Jellyfin."""
    return frozenset(
        (episode.season, episode.number)
        for season in row.seasons
        for episode in season.episodes
        if episode.state in IMPORTED
    )


def waits_for_shokofin(row: RequestRow) -> bool:
    """Return whether some anime of it is imported and not in Jellyfin."""
    episodes = (episode.state for season in row.seasons for episode in season.episodes)
    return State.ANIME_MATCHING in {row.state, *episodes}


def _with_shoko(files: tuple[_Imported, ...], known: dict[str, ShokoFile]) -> tuple[WaitingFile, ...]:
    return tuple(
        WaitingFile(season=season, number=number, path=file.path, shoko=known.get(file.path))
        for season, number, file in files
        if file.path is not None
    )


async def _nothing() -> None:
    return None

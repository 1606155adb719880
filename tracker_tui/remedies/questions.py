"""The expensive question about one row: asked only on the user's word, once, within a deadline.

What is wanted: Sonarr's or Radarr's search by hand, with the reasons for which it refuses what the indexers offer.
Matched anime that Jellyfin lacks: Shokofin's dry run. Another imported file: the folder as Jellyfin sees it.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from tracker_tui.config.settings import Instance, Settings
from tracker_tui.diagnose.mapping import vfs_root
from tracker_tui.model.answers import Answer, FolderSeen, WouldLink
from tracker_tui.model.arr import ReleaseSearch
from tracker_tui.model.ids import Kind, RequestId
from tracker_tui.model.jellyfin import VfsPreview
from tracker_tui.model.observation import Previewed
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import EpisodeRow, RequestRow
from tracker_tui.remedies.home import anime_home
from tracker_tui.remedies.place import IMPORTED, Locator, WaitingFile
from tracker_tui.remedies.proposal import Refusal, Why
from tracker_tui.remedies.standing import in_motion, no_answer, plugin_out, read_standing
from tracker_tui.services.errors import NotFound, ServiceError
from tracker_tui.services.http import Sessions, quiet_libraries
from tracker_tui.services.jellyfin.client import JellyfinClient
from tracker_tui.services.jellyfin.shokofin import ShokofinClient

WANTED = frozenset({State.APPROVED, State.PENDING, State.FAILED})
_FILE_TAG = re.compile(r"\[Shoko File=([\d,]+)\]")
_EXAMPLES = 3
_NAMED = 5


Meant = tuple[int, int | None] | None
"""The season, and number, that a question is about; None = the whole request."""


class Search(Fact):
    """A search by hand: of a film, of one episode, or of a season of a series."""

    movie_id: int | None = None
    episode_id: int | None = None
    series_id: int | None = None
    season: int | None = None


class DryRun(Fact):
    """Shokofin's preview of a library, read for some Shoko files."""

    library_id: str
    library: str
    root: str | None
    files: tuple[tuple[int, SafeText], ...]
    """Id and name of the Shoko files."""


class FolderLook(Fact):
    """The folder of an imported file."""

    path: str


class Question(Fact):
    """What will be asked if the user agrees: `about` whom, of which instance, and what it costs."""

    request: RequestId
    about: str
    asked: str
    """The instance's name."""
    text: str
    effects: tuple[str, ...]
    what: Search | DryRun | FolderLook


class Questions:
    """Finds the question for a row, and asks it. Close with `aclose`. Changes nothing anywhere."""

    def __init__(self, settings: Settings) -> None:
        quiet_libraries()
        self._settings = settings
        self._sessions = Sessions()
        self._locator = Locator(settings, self._sessions)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._sessions.aclose()

    async def propose(self, row: RequestRow, place: Meant = None) -> Question | Refusal:
        """Return the question for a row, or for an episode or season of it; or why there is none."""
        episodes = _meant(row, place)
        states = {one.state for one in episodes} or {row.state}
        try:
            if states & IMPORTED:
                return await self._of_jellyfin(row)
            if states & WANTED:
                wanted = [one for one in episodes if one.state in WANTED]
                return await self._episodes(row, wanted) if wanted else await self._film(row)
        except ServiceError as fault:
            return no_answer("the service", fault)
        return _nothing_to_ask(row)

    async def ask(self, question: Question) -> Answer | Refusal:
        """Ask it; refused = there was no answer. Cancelling leaves nothing behind but the server's own work."""
        try:
            match question.what:
                case Search():
                    return await self._searched(question, question.what)
                case DryRun():
                    return await self._previewed(question, question.what)
                case FolderLook():
                    return await self._looked(question, question.what)
        except NotFound as fault:
            return Refusal(why=Why.NOTHING_TO_GAIN, message=fault.message, next_step=fault.fix)
        except ServiceError as fault:
            return no_answer(question.asked, fault)

    # ---- wanted

    async def _film(self, row: RequestRow) -> Question | Refusal:
        from tracker_tui.services.arr.radarr import RadarrClient

        name, number = next(iter(row.ids.radarr), (None, 0))
        instance = self._instance(Kind.RADARR, name)
        if instance is None:
            return _not_there(row, Kind.RADARR)
        client = RadarrClient(instance, self._sessions)
        try:
            count = await client.indexers_searched()
        finally:
            await client.aclose()
        about = f"{row.title} ({row.year})" if row.year else row.title
        return _search(row, instance, count, about, Search(movie_id=number))

    async def _episodes(self, row: RequestRow, wanted: list[EpisodeRow]) -> Question | Refusal:
        """Return the search for the first of the wanted seasons, or for the only wanted episode of it."""
        from tracker_tui.services.arr.sonarr import SonarrClient

        name, number = next(iter(row.ids.sonarr), (None, 0))
        instance = self._instance(Kind.SONARR, name)
        if instance is None:
            return _not_there(row, Kind.SONARR)
        season = wanted[0].season
        of_season = [one.number for one in wanted if one.season == season]
        client = SonarrClient(instance, self._sessions)
        try:
            count = await client.indexers_searched()
            read = await client.read_series(number) if len(of_season) == 1 else None
        finally:
            await client.aclose()
        episodes = (read.episodes if read is not None else None) or ()
        found = next((one.id for one in episodes if (one.season, one.number) == (season, of_season[0])), None)
        if found is not None:
            return _search(
                row, instance, count, f"S{season:02}E{of_season[0]:02} of {row.title}", Search(episode_id=found)
            )
        return _search(row, instance, count, f"season {season} of {row.title}", Search(series_id=number, season=season))

    async def _searched(self, question: Question, what: Search) -> Answer:
        if what.movie_id is not None:
            from tracker_tui.services.arr.radarr import RadarrClient

            instance = self._configured(Kind.RADARR, question.asked)
            films = RadarrClient(instance, self._sessions)
            try:
                return _answer(question, instance, await films.release_rejections(movie_id=what.movie_id))
            finally:
                await films.aclose()
        from tracker_tui.services.arr.sonarr import SonarrClient

        instance = self._configured(Kind.SONARR, question.asked)
        series = SonarrClient(instance, self._sessions)
        try:
            found = await series.release_rejections(
                episode_id=what.episode_id, series_id=what.series_id, season=what.season
            )
        finally:
            await series.aclose()
        return _answer(question, instance, found)

    # ---- imported

    async def _of_jellyfin(self, row: RequestRow) -> Question | Refusal:
        refusal: Refusal | None = None
        for instance in self._settings.of_kind(Kind.JELLYFIN):
            client = JellyfinClient(instance, self._sessions)
            try:
                answer = await self._of(client, row)
            except ServiceError as fault:
                answer = no_answer(instance.name, fault)
            if isinstance(answer, Question):
                return answer
            refusal = answer
        return refusal or Refusal(why=Why.NOT_CONFIGURED, message="no Jellyfin is configured")

    async def _of(self, client: JellyfinClient, row: RequestRow) -> Question | Refusal:
        place = await self._locator.locate(row, client)
        files = place.files or ()
        if not files:
            return Refusal(why=Why.NOTHING_TO_GAIN, message=f"where the files of {row.title} are is not known")
        matched = [one for one in files if one.shoko is not None and one.shoko.matched]
        if not matched:
            return _folder_question(client, row, files[0])
        standing = await read_standing(client, ShokofinClient(client.link))
        if plugin_out(standing) is not None:
            return Refusal(why=Why.NOTHING_TO_GAIN, message="no Shokofin is there that could preview anything")
        if in_motion(standing) is not None:
            return Refusal(
                why=Why.RUNNING,
                message="Jellyfin scans or refreshes: Shokofin previews nothing meanwhile",
                next_step="ask again when it has ended",
            )
        home = anime_home(place, standing, is_movie=row.is_movie)
        library = next(iter(home.libraries or home.candidates), None)
        if library is None or library.id is None:
            return Refusal(
                why=Why.NOTHING_TO_GAIN,
                message=f"which library should show {row.title} is not known, so there is nothing to preview",
            )
        return Question(
            request=row.id,
            about=row.title,
            asked=client.link.instance.name,
            text=f"Let Shokofin tell what it would link in {library.name}?",
            effects=(
                "a dry run of the whole library: minutes where it is large, and Shoko is asked for every file",
                "no link is made; empty folders of shows may be left in the virtual folder",
            ),
            what=DryRun(
                library_id=library.id,
                library=library.name,
                root=vfs_root(library),
                files=tuple((one.shoko.id, SafeText(_name(one.path))) for one in matched if one.shoko is not None),
            ),
        )

    async def _previewed(self, question: Question, what: DryRun) -> Answer:
        client = JellyfinClient(self._configured(Kind.JELLYFIN, question.asked), self._sessions)
        try:
            preview = await ShokofinClient(client.link).preview(what.library_id)
        except NotFound as fault:
            raise NotFound("this version of Shokofin offers no preview", "it came with Shokofin 4.2") from fault
        return _answer(question, client.link.instance, would_link(preview, what))

    async def _looked(self, question: Question, what: FolderLook) -> Answer:
        client = JellyfinClient(self._configured(Kind.JELLYFIN, question.asked), self._sessions)
        folder = what.path.replace("\\", "/").rpartition("/")[0] or what.path
        there = await client.environment_exists(folder, is_file=False)
        entries = await client.directory(folder) if there else None
        seen = FolderSeen(
            folder=SafeText(folder),
            file=SafeText(_name(what.path)),
            folder_there=there,
            entries=len(entries) if entries is not None else None,
            file_there=await client.environment_exists(what.path, is_file=True) if there else there,
        )
        return _answer(question, client.link.instance, seen)

    def _configured(self, kind: Kind, name: str) -> Instance:
        found = self._instance(kind, name)
        if found is None:
            raise ServiceError(f"{name} is not configured any more")
        return found

    def _instance(self, kind: Kind, name: str | None) -> Instance | None:
        return next((one for one in self._settings.of_kind(kind) if one.name == name), None)


def would_link(preview: VfsPreview, what: DryRun) -> WouldLink:
    """Return what a dry run says of some files, by the tags in its paths."""
    wanted = {number for number, _ in what.files}
    before, after = _links(preview.before, wanted), _links(preview.after, wanted)
    coming = {number: path for number, path in after.items() if number not in before}
    return WouldLink(
        library=what.library,
        told=preview.conclusive,
        wanted=len(what.files),
        linked=len(before),
        would=len(coming),
        left_out=tuple(name for number, name in what.files if number not in before and number not in after)[:_NAMED],
        examples=tuple((coming or before).values())[:_EXAMPLES],
        files=Previewed(
            linked=frozenset(before), would=frozenset(coming), left_out=frozenset(wanted - before.keys() - after.keys())
        ),
    )


def _links(paths: Sequence[SafeText], wanted: set[int]) -> dict[int, SafeText]:
    """Return the first path that names each file; a path may name several: "[Shoko File=12,13]"."""
    found: dict[int, SafeText] = {}
    for path in paths:
        for numbers in _FILE_TAG.findall(path):
            for number in map(int, filter(None, numbers.split(","))):
                if number in wanted:
                    found.setdefault(number, path)
    return found


def _meant(row: RequestRow, place: Meant) -> list[EpisodeRow]:
    """Return the episodes of a series that the question is about."""
    if place is None:
        return [one for season in row.seasons for one in season.episodes if one.counted]
    season, number = place
    return [
        one for each in row.seasons if each.number == season for one in each.episodes if number in {None, one.number}
    ]


def _folder_question(client: JellyfinClient, row: RequestRow, file: WaitingFile) -> Question:
    name = client.link.instance.name
    return Question(
        request=row.id,
        about=row.title,
        asked=name,
        text=f"Look at the folder of {row.title} as {Kind.JELLYFIN.title if name == Kind.JELLYFIN else name} sees it?",
        effects=("one look at Jellyfin's disks, by the path that Sonarr or Radarr uses", "nothing is changed"),
        what=FolderLook(path=file.path),
    )


def _nothing_to_ask(row: RequestRow) -> Refusal:
    if row.state is State.AVAILABLE:
        return Refusal(why=Why.NOTHING_TO_GAIN, message=f"{row.title} is in Jellyfin: there is nothing to ask")
    if row.state is State.MATCH_FAILED:
        return Refusal(
            why=Why.NOTHING_TO_GAIN,
            message=f"Shoko does not recognise {row.title}: no search and no preview can tell more",
            next_step="Shoko → Utilities → Unrecognized Files → link it",
        )
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"{row.title} neither waits for a release nor for Jellyfin: there is nothing to ask now",
    )


def _not_there(row: RequestRow, kind: Kind) -> Refusal:
    return Refusal(
        why=Why.NOTHING_TO_GAIN,
        message=f"{row.title} is not in {kind.title} yet, so nothing can be searched for",
        next_step=f"wait until {kind.title} has it",
    )


def _search(row: RequestRow, instance: Instance, indexers: int | None, about: str, what: Search) -> Question | Refusal:
    kind = instance.kind
    if indexers == 0:
        return Refusal(
            why=Why.NOTHING_TO_GAIN,
            message=f"{kind.title} has no indexer that a search by hand may ask",
            next_step=f"{kind.title} → Settings → Indexers: enable Interactive Search for one",
        )
    many = "every indexer" if indexers is None else "one indexer" if indexers == 1 else f"{indexers} indexers"
    return Question(
        request=row.id,
        about=about,
        asked=instance.name,
        text=f"Let {kind.title} search for {about} by hand?",
        effects=(f"it asks {many} now and may take a minute or two", "nothing is grabbed"),
        what=what,
    )


def _answer(question: Question, instance: Instance, found: ReleaseSearch | WouldLink | FolderSeen) -> Answer:
    return Answer(request=question.request, about=question.about, asked=instance.ref, at=datetime.now(UTC), found=found)


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]

"""The pure parts: where files belong, what a verdict means for a refresh, what is said in the end."""

from datetime import UTC, datetime

import pytest

from tracker_tui.diagnose.catalogue import CODES
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import JellyfinItem, Library, ScheduledTask, ShokofinConfig, ShokofinFolder
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoFile, ShokoLocation
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import Diagnosis, Phrase, Problem, RequestRow, World
from tracker_tui.remedies.home import anime_home, of_items, regular_home, unmapped
from tracker_tui.remedies.hope import BARRED, HELPED, barred
from tracker_tui.remedies.place import Place, WaitingFile
from tracker_tui.remedies.standing import Standing

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
SHOWS = Library(
    id="84967f82572618ac1e078d3c142b9990",
    name=SafeText("Anime Shows"),
    locations=(SafeText("/config/Shokofin/VFS/84967f82-5726-18ac-1e07-8d3c142b9990"),),
    collection_type=SafeText("tvshows"),
    uses_shoko=True,
)
CLASSICS = Library(id="c" * 32, name=SafeText("Classics"), collection_type=SafeText("tvshows"), uses_shoko=True)
FILMS = Library(id="f" * 32, name=SafeText("Anime Movies"), collection_type=SafeText("movies"), uses_shoko=True)
TV = Library(id="a" * 32, name=SafeText("TV"), locations=(SafeText("/media/tv"),), collection_type=SafeText("tvshows"))
TV4K = Library(
    id="b" * 32, name=SafeText("TV 4K"), locations=(SafeText("/media/tv-4k"),), collection_type=SafeText("tvshows")
)
CINEMA = Library(
    id="d" * 32, name=SafeText("Films"), locations=(SafeText("D:\\Films"),), collection_type=SafeText("movies")
)


def _folder(library: Library, path: str, number: int, inside: str = "") -> ShokofinFolder:
    return ShokofinFolder(
        library_id=library.id, path=SafeText(path), folder_id=number, relative_path=SafeText(inside), mapped=number != 0
    )


def _standing(*folders: ShokofinFolder, libraries: tuple[Library, ...] = (), readable: bool = True) -> Standing:
    config = ShokofinConfig(folders=folders) if readable else None
    return Standing(
        now=NOW,
        libraries=libraries or (SHOWS, CLASSICS, FILMS, TV, TV4K, CINEMA),
        tasks=(ScheduledTask(id="1" * 32, key=SafeText("RefreshLibrary"), state=SafeText("Idle")),),
        shokofin=ShokofinRead(config=config),
    )


def _file(path: str, folder: int | None = None, inside: str = "LR/01.mkv") -> WaitingFile:
    shoko = None
    if folder is not None:
        shoko = ShokoFile(
            id=301,
            hashed=True,
            locations=(ShokoLocation(folder_id=folder, relative_path=SafeText(inside)),),
            links=(SeriesLink(series_id=12, episodes=(EpisodeLink(episode_id=1),)),),
        )
    return WaitingFile(season=1, number=1, path=path, shoko=shoko)


MAPPED = _standing(
    _folder(SHOWS, "/media/anime/shows", 1),
    _folder(CLASSICS, "/media/anime/old", 3),
    _folder(FILMS, "/media/anime/films", 2),
)
PATH = "/data/anime/shows/LR/01.mkv"


@pytest.mark.parametrize(
    ("files", "names", "together"),
    [
        ((_file(PATH, 1),), ["Anime Shows"], True),
        ((_file(PATH, 3),), ["Classics"], True),
        ((_file(PATH, 1), _file(PATH, 1)), ["Anime Shows"], True),
        ((_file(PATH, 1), _file(PATH, 3)), ["Anime Shows", "Classics"], False),
    ],
    ids=["by its folder", "not by its path", "all of one", "of two"],
)
def test_the_mapping_decides(files: tuple[WaitingFile, ...], names: list[str], together: bool) -> None:
    home = anime_home(Place(files=files, asked_shoko=True), MAPPED, is_movie=False)
    assert ([one.name for one in home.libraries], home.together, home.barred) == (names, together, False)


def test_a_folder_that_no_library_maps_is_barred() -> None:
    home = anime_home(Place(files=(_file(PATH, 9),), asked_shoko=True), MAPPED, is_movie=False)
    assert (home.barred, home.libraries) == (True, ())


def test_a_part_of_a_shoko_folder() -> None:
    inside = _standing(_folder(SHOWS, "/m/shows", 1, "/shows"), _folder(CLASSICS, "/m/old", 1, "/old"))
    for at, name in (("shows/LR/01.mkv", "Anime Shows"), ("old/LR/01.mkv", "Classics")):
        home = anime_home(Place(files=(_file(PATH, 1, at),), asked_shoko=True), inside, is_movie=False)
        assert [one.name for one in home.libraries] == [name]


@pytest.mark.parametrize(
    ("place", "standing", "name"),
    [
        (Place(files=(_file(PATH),)), MAPPED, "Anime Shows"),
        (Place(files=(_file("/x/anime/old/LR/01.mkv"),)), MAPPED, "Classics"),
        (Place(files=(_file("/elsewhere/01.mkv"),)), MAPPED, None),
        (Place(files=(_file(PATH, 1),), asked_shoko=True), _standing(readable=False), None),
        (
            Place(
                items=(
                    JellyfinItem(id="1", type=SafeText("Episode"), path=SafeText(f"{SHOWS.locations[0]}/LR/01.mkv")),
                )
            ),
            _standing(readable=False),
            "Anime Shows",
        ),
    ],
    ids=["path", "another path", "no path in common", "mapping not readable", "its items"],
)
def test_what_decides_where_the_mapping_does_not(place: Place, standing: Standing, name: str | None) -> None:
    home = anime_home(place, standing, is_movie=False)
    assert [one.name for one in home.libraries] == ([name] if name else [])
    assert not home.barred


def test_the_only_library_of_its_kind_needs_no_path() -> None:
    home = anime_home(Place(files=(_file("/x/01.mkv"),)), _standing(readable=False), is_movie=True)
    assert [one.name for one in home.libraries] == ["Anime Movies"]


@pytest.mark.parametrize(
    ("path", "is_movie", "name"),
    [
        ("/data/tv/Show/S01E01.mkv", False, "TV"),
        ("/data/tv-4k/Show/S01E01.mkv", False, "TV 4K"),
        ("/srv/other/Show/S01E01.mkv", False, None),
        ("/data/films/Film/Film.mkv", True, "Films"),
    ],
)
def test_a_regular_file_belongs_where_its_folder_does(path: str, is_movie: bool, name: str | None) -> None:
    home = regular_home(Place(files=(_file(path),)), MAPPED, is_movie=is_movie)
    assert [one.name for one in home.libraries] == ([name] if name else [])


def test_an_unattached_virtual_folder_names_its_library() -> None:
    """4.x hides the virtual root: no location of the library leads there, its id in the path does."""
    hidden = Library(id=SHOWS.id, name=SHOWS.name, locations=(SafeText("/media/anime/shows"),), uses_shoko=True)
    item = JellyfinItem(id="1", type=SafeText("Episode"), path=SafeText(f"{SHOWS.locations[0]}/LR/01.mkv"))
    assert of_items([item], [CLASSICS, hidden]) is hidden


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        ((_folder(SHOWS, "/m", 1),), False),
        ((_folder(SHOWS, "/m", 0),), True),
        ((_folder(CLASSICS, "/m", 1),), True),
        ((ShokofinFolder(library_id=SHOWS.id, path=SafeText("/m")),), False),
    ],
    ids=["mapped", "folder 0", "no entry", "a shape not understood"],
)
def test_unmapped_is_only_said_of_what_is_understood(folders: tuple[ShokofinFolder, ...], told: bool) -> None:
    assert unmapped(SHOWS, _standing(*folders)) is told


# ---- verdicts


def test_every_code_is_one_of_the_catalogue() -> None:
    assert CODES.keys() >= HELPED | BARRED
    assert not HELPED & BARRED


def _row(*codes: str, words: str | None = None) -> RequestRow:
    return RequestRow(
        id="seerr:seerr:1",
        title=SafeText("Lycoris Recoil"),
        state=State.ANIME_MATCHING,
        diagnoses=tuple(_verdict(code) for code in codes),
        phrases=(Phrase(code="said", text=words),) if words else (),
    )


def _verdict(code: str, words: str | None = None) -> Diagnosis:
    phrase = Phrase(code="said", text=words) if words else None
    return Diagnosis(code=code, attention=Attention.WARN, message=code, phrase=phrase)


@pytest.mark.parametrize(
    ("codes", "bars"),
    [
        ((), None),
        (("VFS_MISSING_ENTRY",), None),
        (("SHOKO_HASHING",), "SHOKO_HASHING"),
        (("VFS_HIDDEN",), "VFS_HIDDEN"),
        (("VFS_MISSING_ENTRY", "VFS_HIDDEN"), None),
        (("IMPORTED_MANUALLY",), None),
    ],
    ids=["nothing said", "a refresh helps", "not hashed", "hidden", "a part can be helped", "a remark"],
)
def test_a_verdict_bars_only_where_no_part_can_be_helped(codes: tuple[str, ...], bars: str | None) -> None:
    found = barred(_row(*codes), World(generated_at=NOW))
    assert (found.code if found is not None else None) == bars


@pytest.mark.parametrize(("words", "bars"), [("library not mapped", True), ("something else", False), (None, False)])
def test_a_problem_bars_the_rows_that_carry_its_words(words: str | None, bars: bool) -> None:
    problem = Problem(
        diagnosis=_verdict("VFS_UNMAPPED", "library not mapped"),
        kind=Kind.JELLYFIN,
        name="jellyfin",
        scope="Anime Shows",
    )
    found = barred(_row(words=words), World(generated_at=NOW, problems=(problem,)))
    assert (found is not None) is bars

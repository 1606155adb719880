"""Files that Shokofin leaves out on purpose."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House, shokofin
from tests.diagnose.late import matched_film, matched_lycoris, scanned
from tests.reconcile.given import at, shoko_file
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import ShokofinLibrary
from tracker_tui.model.observation import Payload, ShokoSeriesFilesRead, ShokoSeriesRead
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoEpisode, ShokoFile, ShokoSeries
from tracker_tui.model.states import Attention
from tracker_tui.model.text import clean
from tracker_tui.reconcile.joins.shokojoin import series_ids

SPECIAL = ShokoSeries(id=32, anidb_id=19701, type=clean("Web"))


def test_f8_the_movie_filter() -> None:
    house = House()
    matched_film(house, SPECIAL)
    house.shokofin = shokofin(config={"filter_movie_libraries": True})
    house.tick()
    said = house.diagnosis("VFS_FILTERED")
    assert said.attention is Attention.ERROR
    assert said.message == (
        "Shokofin's movie filter in Jellyfin is on, and Shoko series 32 is not recognised as a movie "
        "(AniDB type Web, no TMDB movie link)"
    )
    step = said.next_step or ""
    order = [step.index(word) for word in ("TMDB movie", "AniDB 19701", "switch the filter off", "restart", "refresh")]
    assert order == sorted(order)
    assert house.line() == "Matched · filtered out by Shokofin"
    assert house.codes() == ["VFS_FILTERED"]


NOT_FILTERED: list[tuple[str, dict[str, Any], ShokoSeries | None]] = [
    ("filter off", {"filter_movie_libraries": False}, SPECIAL),
    ("filter unknown", {"filter_movie_libraries": None}, SPECIAL),
    ("a movie", {"filter_movie_libraries": True}, ShokoSeries(id=32, type=clean("Movie"))),
    ("a TMDB link", {"filter_movie_libraries": True}, ShokoSeries(id=32, type=clean("OVA"), tmdb_movie_ids=(5,))),
    ("always included", {"filter_movie_libraries": True, "always_included_anidb_ids": (19701,)}, SPECIAL),
    ("series not known", {"filter_movie_libraries": True}, None),
]


@pytest.mark.parametrize(("config", "series"), [one[1:] for one in NOT_FILTERED], ids=[one[0] for one in NOT_FILTERED])
def test_f8_the_filter_is_not_blamed(config: dict[str, Any], series: ShokoSeries | None) -> None:
    house = House()
    matched_film(house, series or SPECIAL)
    if series is None:
        house.shoko_series = []
    house.shokofin = shokofin(config=config)
    house.tick()
    assert house.codes() == ["VFS_MISSING_ENTRY"]


def test_f8_a_series_library_has_no_movie_filter() -> None:
    house = House()
    matched_lycoris(house)
    house.shoko_series = [ShokoSeries(id=12, type=clean("TV"))]
    house.shokofin = shokofin(config={"filter_movie_libraries": True})
    house.tick()
    assert house.codes() == ["VFS_MISSING_ENTRY"]


def test_films_kept_out_of_a_series_library() -> None:
    house = House()
    matched_lycoris(house)
    house.libraries[2] = msgspec.structs.replace(house.libraries[2], collection_type=clean("tvshows"))
    house.shoko_series = [ShokoSeries(id=12, type=clean("Movie"))]
    house.shokofin = shokofin(config={"separate_movies": True})
    house.tick()
    assert "SeparateMovies" in house.said()[0].message
    assert {one.code for one in house.said()} == {"VFS_FILTERED"}


class HouseWithEpisodes(House):
    """Shoko also tells the episodes of its series."""

    hidden: tuple[int, ...] = ()
    types: dict[int, str] = {}  # noqa: RUF012 - each test gives its own

    def _of(self, ref: Any) -> list[Payload]:
        told = super()._of(ref)
        if ref.kind.value != "shoko":
            return told
        parts = tuple(
            ShokoEpisode(
                id=(300 + n) * 10,
                series_id=12,
                number=n,
                hidden=n in self.hidden,
                type=clean(self.types.get(n, "Episode")),
            )
            for n in range(1, 14)
        )
        return [*told, ShokoSeriesRead(series_id=12, series=ShokoSeries(id=12), episodes=parts)]


def test_hidden_episodes() -> None:
    house = HouseWithEpisodes()
    house.hidden = (3,)
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    house.tick()
    shown = house.verdict().seasons[0].episodes
    assert [one.code for one in shown[2].diagnoses] == ["VFS_HIDDEN"]
    assert [one.code for one in house.verdict().seasons[0].diagnoses] == ["VFS_MISSING_ENTRY"]


@pytest.mark.parametrize(
    ("word", "said"), [("Credits", True), ("Trailer", True), ("Special", False), ("Other", False), ("Episode", False)]
)
def test_what_shoko_takes_for_credits_is_no_episode(word: str, said: bool) -> None:
    house = HouseWithEpisodes()
    house.types = {3: word}
    matched_lycoris(house)
    house.tick()
    shown = house.verdict().seasons[0].episodes
    assert [one.code for one in shown[2].diagnoses] == (["VFS_EXTRAS"] if said else [])


BY_TMDB: list[tuple[str, str | None, bool, str, str]] = [
    ("ordered by AniDB", "AniDB_Anime", False, "11:40", "VFS_MISSING_ENTRY"),
    ("the structure is not told", None, False, "11:40", "VFS_MISSING_ENTRY"),
    ("ordered by TMDB, no link", "TMDB_SeriesAndMovies", False, "11:40", "VFS_NO_TMDB"),
    ("ordered by TMDB, linked", "TMDB_SeriesAndMovies", True, "11:40", "VFS_MISSING_ENTRY"),
    ("ordered by TMDB, matched just now", "TMDB_SeriesAndMovies", False, "11:58", "VFS_MISSING_ENTRY"),
]


@pytest.mark.parametrize(
    ("structure", "linked", "when", "code"), [one[1:] for one in BY_TMDB], ids=[one[0] for one in BY_TMDB]
)
def test_ordered_by_tmdb_an_episode_needs_a_link_there(
    structure: str | None, linked: bool, when: str, code: str
) -> None:
    house = House()
    matched_lycoris(house, when)
    number = (5,) if linked else ()
    house.shoko_files = [
        msgspec.structs.replace(
            file,
            links=(
                SeriesLink(series_id=12, episodes=(EpisodeLink(episode_id=file.id * 10, tmdb_episode_ids=number),)),
            ),
        )
        for file in house.shoko_files
    ]
    house.shokofin = shokofin(config={"library_structure": clean(structure) if structure else None})
    house.tick()
    assert house.codes() == [code]


def test_ordered_by_tmdb_the_type_of_anidb_makes_no_film() -> None:
    house = House()
    matched_film(house, ShokoSeries(id=32, anidb_id=19701, type=clean("Movie")))
    house.shokofin = shokofin(config={"filter_movie_libraries": True})
    assert house.tick().codes() == ["VFS_MISSING_ENTRY"]
    house.shokofin = shokofin(
        config={"filter_movie_libraries": True, "library_structure": clean("TMDB_SeriesAndMovies")}
    )
    assert house.tick().codes() == ["VFS_FILTERED"]


class HouseWithSeriesFiles(House):
    """Shoko also lists all files of these series."""

    listed: tuple[int, ...] = (12, 15)
    elsewhere: tuple[ShokoFile, ...] = ()

    def _of(self, ref: Any) -> list[Payload]:
        told = super()._of(ref)
        if ref.kind is not Kind.SHOKO:
            return told
        files = (*self.shoko_files, *self.elsewhere)
        return told + [
            ShokoSeriesFilesRead(series_id=one, files=tuple(file for file in files if one in series_ids(file)))
            for one in self.listed
        ]


@pytest.mark.parametrize(
    ("shared", "listed", "elsewhere", "always", "code"),
    [
        pytest.param(13, (12, 15), (), (), "VFS_SEVERAL_SERIES", id="no file of its own"),
        pytest.param(12, (12, 15), (), (), "VFS_MISSING_ENTRY", id="one file of its own lets the series in"),
        pytest.param(13, (12,), (), (), "VFS_MISSING_ENTRY", id="not all files are known"),
        pytest.param(
            13,
            (12, 15),
            (shoko_file(900, "/data/anime/shows/Other/1.mkv", series=15),),
            (),
            "VFS_MISSING_ENTRY",
            id="a file of its own in another request",
        ),
        pytest.param(13, (12, 15), (), (17097,), "VFS_MISSING_ENTRY", id="always included"),
    ],
)
def test_files_of_several_series(
    shared: int, listed: tuple[int, ...], elsewhere: tuple[ShokoFile, ...], always: tuple[int, ...], code: str
) -> None:
    house = HouseWithSeriesFiles()
    house.listed, house.elsewhere = listed, elsewhere
    house.shokofin = shokofin(config={"always_included_anidb_ids": always})
    matched_lycoris(house)
    two = (
        SeriesLink(series_id=12, anidb_id=17097, episodes=(EpisodeLink(episode_id=1),)),
        SeriesLink(series_id=15, episodes=(EpisodeLink(episode_id=2),)),
    )
    house.shoko_files = [
        msgspec.structs.replace(one, links=two) if number <= shared else one
        for number, one in enumerate(house.shoko_files, 1)
    ]
    house.tick()
    assert house.codes() == [code]
    if code == "VFS_SEVERAL_SERIES":
        assert "(12, 15)" in house.said()[0].message
    assert house.reconciler.interest().shoko_parts == ((12, 15) if shared else ())


ITERATIVE: list[tuple[str, dict[str, Any], bool]] = [
    ("skipped", {"iterative": True, "last_generated_at": at("11:45")}, True),
    ("off", {"iterative": False, "last_generated_at": at("11:45")}, False),
    ("older than the match", {"iterative": True, "last_generated_at": at("11:30")}, False),
    ("just now", {"iterative": True, "last_generated_at": at("11:58")}, False),
    ("full next time", {"iterative": True, "last_generated_at": at("11:45"), "force_full_next": True}, False),
    ("never", {"iterative": True, "last_generated_at": None}, False),
]


@pytest.mark.parametrize(("change", "skipped"), [one[1:] for one in ITERATIVE], ids=[one[0] for one in ITERATIVE])
def test_iterative_generation(change: dict[str, Any], skipped: bool) -> None:
    house = House()
    matched_lycoris(house)
    house.shokofin = shokofin(config={"libraries": (ShokofinLibrary(library_id="lib-anime", **change),)})
    house.tick()
    assert house.codes() == (["VFS_ITERATIVE"] if skipped else ["VFS_MISSING_ENTRY"])

"""Matched and missing: A4, B16, E10, F6 to F12 and the rest of the decision tree."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import ACTIVE, House, mapped, shokofin
from tests.reconcile.given import JELLYFIN, at, episodes, item, request, shoko_file
from tests.reconcile.test_import_and_match import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import ShokofinLibrary
from tracker_tui.model.observation import Payload, Previewed, ShokofinRead, ShokoSeriesFilesRead, ShokoSeriesRead
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoEpisode, ShokoFile, ShokoSeries
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.reconcile.joins.shokojoin import series_ids

KAGUYA = "/data/anime/movies/Cosmic Princess Kaguya! (2026)/Kaguya.mkv"


def matched_lycoris(house: House, when: str = "11:40", imported: str = "11:30") -> None:
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at(imported))
    known_to_shoko(house, matched=13, hashed=13)
    house.shoko_files = [msgspec.structs.replace(one, imported_at=at(when)) for one in house.shoko_files]


def scanned(house: House, started: str, ended: str, **more: Any) -> None:
    house.task = msgspec.structs.replace(house.task, last_started_at=at(started), last_ended_at=at(ended), **more)


def matched_film(house: House, series: ShokoSeries, when: str = "11:40") -> None:
    house.requests = [request(71, movie=True, tmdb_id=1575337)]
    house.radarr.add_movie(63, "Cosmic Princess Kaguya!", tmdb_id=1575337, root_folder="/data/anime/movies")
    house.radarr.place_movie(63, KAGUYA, added=at("11:30"))
    house.shoko_files = [shoko_file(220, KAGUYA, series=32, imported_at=at(when))]
    house.shoko_series = [series]
    scanned(house, "11:45", "11:50")


def test_f6_phase_1_a_refresh_can_help() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    house.tick()
    said = house.diagnosis("VFS_MISSING_ENTRY")
    assert said.attention is Attention.WARN
    assert said.message == "Shoko matched 13 episodes of season 1 at 11:40; Jellyfin's last scan ended 11:22"
    assert said.next_step == "press v to refresh the VFS of Anime Shows"
    assert house.line() == "Matched 13/13 · not in Jellyfin for 20 min"
    assert house.codes() == ["VFS_MISSING_ENTRY"]
    assert house.problems() == []


def test_f6_phase_2_a_refresh_has_not_helped() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:52", "11:55")
    house.tick()
    said = house.diagnosis("VFS_MISSING_ENTRY")
    assert said.message == (
        "Shoko matched 13 episodes of season 1 at 11:40; Jellyfin scanned again, ended 11:55, and still lacks them"
    )
    assert said.next_step is not None
    assert "preview" in said.next_step
    assert "press v" not in said.next_step
    assert "map" not in said.message, "a mapping that is right is not blamed"


def test_e10_soon_after_the_match_it_only_waits() -> None:
    house = House()
    matched_lycoris(house, "11:59", "11:58")
    house.tick()
    (said,) = house.said()
    assert (said.code, said.attention, said.next_step) == ("VFS_MISSING_ENTRY", Attention.WAIT, None)
    assert house.judged is not None
    assert house.judged.next_at is not None
    house.wait(10 * 60)
    assert house.diagnosis("VFS_MISSING_ENTRY").attention is Attention.WARN


def test_a_late_match_is_calm_though_the_import_is_old() -> None:
    house = House()
    matched_lycoris(house, "11:58", "10:00")
    house.tick()
    assert house.verdict().attention is Attention.WAIT
    assert house.codes() == ["VFS_MISSING_ENTRY"]


def test_f7_an_unmapped_library_is_said_once() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:45", "11:50")
    house.requests.append(request(76, tmdb_id=2, tvdb_id=3, seasons=(1,)))
    house.sonarr.add_series(
        24, "SNAFU", episodes(24, 1, [1, 2], first_id=900), tvdb_id=3, root_folder=clean_path("/data/anime/shows")
    )
    house.sonarr.place(24, [1, 2], "/data/anime/shows/SNAFU/Season 1", added=at("11:00"))
    house.shoko_files += [
        shoko_file(400 + n, f"/data/anime/shows/SNAFU/Season 1/S01E0{n}.mkv", series=14) for n in (1, 2)
    ]
    house.shokofin = shokofin(config={"folders": (mapped("lib-am", 2),)})
    house.tick()
    assert house.problems() == ["VFS_UNMAPPED"]
    problem = house.problem("VFS_UNMAPPED")
    assert problem.scope == "Anime Shows"
    assert problem.diagnosis.attention is Attention.ERROR
    assert problem.diagnosis.message == (
        'Shokofin maps Jellyfin\'s library "Anime Shows" to no Shoko folder (no entry); it should have 1 anime_shows'
    )
    step = problem.diagnosis.next_step or ""
    assert step.startswith("Shokofin → Library settings")
    assert step.index("restart") < step.index("refresh"), "the refresh comes last"
    for key in ("seerr:seerr:75", "seerr:seerr:76"):
        assert house.codes(key) == []
        assert house.line(key).endswith("library not mapped in Shokofin")
        assert house.verdict(key).state is State.ANIME_MATCHING


def test_f7_variant_an_entry_with_folder_0() -> None:
    house = House()
    matched_lycoris(house)
    house.shokofin = shokofin(config={"folders": (mapped("lib-anime", 0), mapped("lib-am", 2))})
    house.tick()
    assert "/data/lib-anime → 0" in house.problem("VFS_UNMAPPED").diagnosis.message


UNREADABLE: list[tuple[str, ShokofinRead | None]] = [
    ("forbidden", shokofin(config=None)),
    ("no folder list", shokofin(config={"folders": None})),
    ("other field names", shokofin(config={"folders": (mapped("lib-anime", None),)})),
    ("nothing at all", None),
]


@pytest.mark.parametrize("read", [one[1] for one in UNREADABLE], ids=[one[0] for one in UNREADABLE])
def test_f7_a_mapping_that_cannot_be_read_is_not_judged(read: ShokofinRead | None) -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:52", "11:55")
    house.shokofin = read
    house.tick()
    assert house.problems() == []
    said = house.diagnosis("VFS_MISSING_ENTRY")
    assert ("folder mapping of Shokofin", "could not be read") in [(one.fact, one.value) for one in said.evidence]


def test_a_file_in_a_folder_that_no_library_maps() -> None:
    house = House()
    matched_lycoris(house)
    drop = msgspec.structs.replace(house.shoko_folders[0], id=3, name=clean("drop"))
    house.shoko_folders += (drop,)
    house.shoko_files = [
        msgspec.structs.replace(one, locations=(msgspec.structs.replace(one.locations[0], folder_id=3),))
        for one in house.shoko_files
    ]
    house.tick()
    problem = house.problem("VFS_OTHER_FOLDER")
    assert problem.diagnosis.attention is Attention.ERROR
    assert "Shoko folder 3 drop" in problem.diagnosis.message
    assert house.codes() == []
    assert "refresh" not in (problem.diagnosis.next_step or "")


@pytest.mark.parametrize(("inside", "covered"), [("Lycoris Recoil", True), ("/Other", False), ("", True)])
def test_a_library_of_a_sub_folder_holds_only_what_lies_in_it(inside: str, covered: bool) -> None:
    house = House()
    matched_lycoris(house)
    folder = mapped("lib-anime", 1, relative_path=clean_path(inside))
    house.shokofin = shokofin(config={"folders": (folder, mapped("lib-am", 2))})
    house.tick()
    assert house.problems() == ([] if covered else ["VFS_OTHER_FOLDER"])


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


def test_f9_a_lost_connection_is_said_once() -> None:
    house = House()
    matched_lycoris(house, "11:50", "11:45")
    scanned(house, "11:20", "11:22")
    house.shokofin = shokofin(signalr="Disconnected")
    house.tick()
    assert house.problems() == ["SIGNALR_DOWN"]
    problem = house.problem("SIGNALR_DOWN")
    assert problem.diagnosis.attention is Attention.ERROR
    assert "press v" in (problem.diagnosis.next_step or "")
    assert "auto-connect" in (problem.diagnosis.next_step or "")
    assert house.codes() == []
    assert house.line() == "Matched 13/13 · Shokofin is not connected to Shoko"


@pytest.mark.parametrize("state", ["Connected", "Connecting", "Reconnecting", None])
def test_f9_nothing_else_is_read_as_disconnected(state: str | None) -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    house.shokofin = shokofin(signalr=state)
    house.tick()
    assert house.problems() == []
    assert house.codes() == ["VFS_MISSING_ENTRY"]


def test_f9_a_scan_that_did_not_help_needs_another_cause() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:52", "11:55")
    house.shokofin = shokofin(signalr="Disconnected")
    house.tick()
    assert house.problems() == ["SIGNALR_DOWN"]
    assert "preview" in (house.diagnosis("VFS_MISSING_ENTRY").next_step or "")


def test_f12_a_running_scan_is_the_only_thing_to_wait_for() -> None:
    house = House()
    matched_lycoris(house, "11:58", "11:57")
    house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=37.5)
    house.tick()
    (said,) = house.said()
    assert (said.code, said.attention, said.next_step) == ("JF_SCAN_RUNNING", Attention.WAIT, None)
    assert house.line() == "Matched 13/13 · Jellyfin scan 38 %"
    house.tick(3600)
    assert house.verdict().attention is Attention.WAIT, "never a warning while it runs"


def test_b16_one_episode_is_named_where_it_stands() -> None:
    house = House()
    matched_lycoris(house)
    house.items = [
        item(f"i{n}", path=f"/vfs/shows/A/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
        if n != 7
    ]
    house.tick()
    shown = house.verdict().seasons[0].episodes
    assert [row.number for row in shown if row.diagnoses] == [7]
    assert "S01E07" in shown[6].diagnoses[0].message


PLUGINS: list[tuple[str, dict[str, Any] | None, str | None]] = [
    ("not installed", None, "SHOKOFIN_MISSING"),
    ("disabled", {"status": clean("Disabled")}, "SHOKOFIN_MISSING"),
    ("faulty 6.0.0", {"version": clean("6.0.0.0")}, "SHOKOFIN_OLD"),
    ("faulty 6.0.1", {"version": clean("6.0.1.0")}, "SHOKOFIN_OLD"),
    ("6.0.2", {"version": clean("6.0.2.0")}, None),
    ("4.2.1", {"version": clean("4.2.1.0")}, None),
    ("no version", {"version": None}, None),
]


@pytest.mark.parametrize(("change", "code"), [one[1:] for one in PLUGINS], ids=[one[0] for one in PLUGINS])
def test_the_plugin_itself(change: dict[str, Any] | None, code: str | None) -> None:
    house = House()
    matched_lycoris(house)
    house.plugins = () if change is None else (msgspec.structs.replace(ACTIVE, **change),)
    house.tick()
    assert house.problems() == ([code] if code else [])
    if code == "SHOKOFIN_MISSING":
        assert house.codes() == []


def test_a_list_of_plugins_that_cannot_be_read_says_nothing() -> None:
    house = House()
    matched_lycoris(house)
    house.plugins = None
    assert house.tick().problems() == []


def test_a_plugin_that_cannot_reach_shoko() -> None:
    house = House()
    matched_lycoris(house)
    house.shokofin = shokofin(host_reachable=False)
    house.tick()
    assert house.problems() == ["SHOKOFIN_NO_SHOKO"]
    assert house.codes() == []
    assert house.line() == "Matched 13/13 · Shokofin cannot reach Shoko"


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


def test_a_folder_that_the_plugin_ignores_is_not_called_unmapped() -> None:
    house = House()
    matched_lycoris(house)
    house.shokofin = shokofin(config={"folders": (mapped("lib-anime", 1, ignored=True), mapped("lib-am", 2))})
    house.tick()
    assert house.problems() == ["VFS_IGNORED"]
    assert ".shoko-ignore" in (house.problem("VFS_IGNORED").diagnosis.next_step or "")
    assert house.line().endswith("in a folder that Shokofin ignores")


@pytest.mark.parametrize(
    ("uses", "problems"),
    [
        pytest.param(False, ["SHOKOFIN_NO_LIBRARY"], id="none uses it"),
        pytest.param(None, [], id="what they use is not told: the plugin's configuration decides"),
    ],
)
def test_a_plugin_that_fills_no_library(uses: bool | None, problems: list[str]) -> None:
    house = House()
    matched_lycoris(house)
    house.libraries = [msgspec.structs.replace(one, uses_shoko=uses) for one in house.libraries]
    house.tick()
    assert house.problems() == problems
    assert house.codes() == ([] if problems else ["VFS_MISSING_ENTRY"])


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


def test_a_library_without_the_vfs_needs_a_plain_scan() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    folders = (mapped("lib-anime", 1, vfs=False), mapped("lib-am", 2, vfs=False))
    house.shokofin = shokofin(config={"folders": folders})
    house.tick()
    said = house.diagnosis("NOT_SCANNED")
    assert said.attention is Attention.WARN
    assert "VFS" not in f"{said.message} {said.next_step}"


def test_a_silent_jellyfin_gives_no_verdict_about_its_library() -> None:
    house = House()
    matched_lycoris(house)
    house.tick()
    house.down[JELLYFIN] = ServiceStatus.UNREACHABLE
    house.tick().tick()
    assert house.codes() == []
    assert house.problems() == ["SERVICE_DOWN"]


def test_a_verdict_that_rests_on_the_mapping_survives_a_scan() -> None:
    house = House()
    matched_lycoris(house)
    house.shokofin = shokofin(config={"folders": (mapped("lib-am", 2),)})
    house.task = msgspec.structs.replace(house.task, state=clean("Running"), percent=37.5)
    house.tick()
    assert house.problems() == ["VFS_UNMAPPED"], "a scan cannot help"
    assert house.codes() == []


# ---- the user's refreshes


def refreshed(started: str, ended: str | None, **more: Any) -> Refreshed:
    facts: dict[str, Any] = {"library_id": "lib-anime", "library": clean("Anime Shows"), "shokofin": True, "new": 0}
    ended_at = at(ended) if ended else None
    return Refreshed(server="http://jellyfin:8096", started_at=at(started), ended_at=ended_at, **facts | more)


OURS = (Beneficiary(id="seerr:seerr:75", state=State.ANIME_MATCHING, total=13),)


@pytest.mark.parametrize(
    ("refresh", "in_vain"),
    [
        (refreshed("11:50", "11:52"), True),
        (refreshed("11:50", "11:52", library_id=None, everything=True), True),
        (refreshed("11:50", "11:52", library_id=None, requests=OURS), True),
        (refreshed("11:50", "11:52", library_id="lib-am"), False),
        (refreshed("11:50", "11:52", library_id=None), False),
        (refreshed("11:35", "11:52"), False),
        (refreshed("11:50", None), False),
        (refreshed("11:50", "11:52", cleared=False), False),
        (refreshed("11:50", "11:52", doubt="Jellyfin went away meanwhile"), False),
    ],
    ids=[
        *("of the library", "of everything", "of the series", "of another library", "of another series"),
        *("begun before the match", "end not seen", "memory not cleared", "doubtful"),
    ],
)
@pytest.mark.parametrize("signalr", ["Connected", "Disconnected"])
def test_a_refresh_is_recommended_until_one_was_in_vain(refresh: Refreshed, in_vain: bool, signalr: str) -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:20", "11:22")
    house.shokofin = shokofin(signalr=signalr)
    house.refreshes = (refresh,)
    house.tick()
    steps = [one.next_step or "" for one in house.said()]
    if signalr == "Disconnected":
        steps.append(house.problem("SIGNALR_DOWN").diagnosis.next_step or "")
    assert any("press v" in step for step in steps) is not in_vain
    if in_vain:
        said = house.diagnosis("VFS_MISSING_ENTRY")
        assert said.message == (
            "Shoko matched 13 episodes of season 1 at 11:40; your refresh that ended 11:52 did not bring them"
        )
        assert said.next_step == "press x for Shokofin's VFS preview, and check its filters and folder mapping"


def test_the_newest_sweep_is_cited() -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:53", "11:55")
    house.refreshes = (refreshed("11:45", "11:46"),)
    house.tick()
    assert "Jellyfin scanned again, ended 11:55" in house.diagnosis("VFS_MISSING_ENTRY").message
    house.refreshes = (*house.refreshes, refreshed("11:56", "11:57"))
    house.tick()
    assert "your refresh that ended 11:57" in house.diagnosis("VFS_MISSING_ENTRY").message


# ---- Shokofin's dry run, as the user had it asked

OF_LYCORIS = frozenset(range(301, 314))
LOGS = "Jellyfin → Dashboard → Logs: look for "


@pytest.mark.parametrize(
    ("told", "words", "step"),
    [
        (Previewed(would=OF_LYCORIS), "would link them: its memory, or the time, kept them out", "press v to refresh"),
        (Previewed(would=OF_LYCORIS - {301}, left_out=frozenset({301})), "would link 12 of 13 files", "press v to"),
        (Previewed(linked=OF_LYCORIS), "has linked them, as its preview at 12:00 says", f"{LOGS}the name of the show"),
        (Previewed(left_out=OF_LYCORIS), "links none of them, though nothing that can be read", f"{LOGS}Shokofin's"),
        (Previewed(would=frozenset({301})), "still lacks them", "press x"),
    ],
    ids=["all would come", "some would", "linked", "left out", "asked about one file only"],
)
def test_a_dry_run_after_a_scan_in_vain_decides(told: Previewed, words: str, step: str) -> None:
    house = House()
    matched_lycoris(house)
    scanned(house, "11:52", "11:55")
    house.previewed = told
    house.tick()
    said = house.diagnosis("VFS_MISSING_ENTRY")
    assert words in said.message
    assert (said.next_step or "").startswith(step)
    assert ("Shokofin's preview" in [one.fact for one in said.evidence]) == ("still lacks" not in words)
    house.previewed = None
    scanned(house, "12:01", "12:02")
    house.tick(5 * 60)
    assert "still lacks them" in house.diagnosis("VFS_MISSING_ENTRY").message, "a scan since outdates it"

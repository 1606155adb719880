"""Matched and missing: A4, B16, E10, F6 to F12 and the rest of the decision tree."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import ACTIVE, House, mapped, shokofin
from tests.diagnose.late import matched_lycoris, scanned
from tests.reconcile.given import JELLYFIN, at, episodes, item, request, shoko_file
from tracker_tui.model.observation import Previewed, ShokofinRead
from tracker_tui.model.refreshed import Beneficiary, Refreshed
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.text import clean, clean_path


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

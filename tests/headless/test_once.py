"""`--once` as a script meets it: exit codes, what goes where, filters, silent services, terminals, libraries loaded."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.endtoend.stage import MIB, Look, Stage
from tests.endtoend.test_packs import STATION_NINE
from tests.endtoend.test_trouble import STATION_PACK
from tests.tui.terminal import Terminal
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.titles import Film
from tracker_tui.simulate.story.titles import (
    FIVE_CENTIMETERS,
    FIVE_CENTIMETERS_RELEASE,
    HARBOR_LIGHTS,
    PANCREAS,
    PANCREAS_RELEASE,
)
from tracker_tui.store.store import Store

ROOT = Path(__file__).parents[2]
ESCAPE = "\x1b"


class Home:
    """A household in the real present (the program reads the machine's clock), and a configuration that reaches it."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder, start=SimClock.at_real_time(0).now())
        self.household = self.stage.household
        self.config = folder / "config.toml"
        self.store = folder / "store.json"
        self.configure()

    def configure(self, only: Iterable[Kind] = tuple(Kind)) -> None:
        tables = []
        for one in self.household.instances():
            if one.kind in set(only):
                lines = [f"[[{one.kind.value}]]", f'url = "{one.url}"']
                if one.username is not None and one.password is not None:
                    lines += [f'username = "{one.username}"', f'password = "{one.password.reveal()}"']
                elif one.api_key is not None:
                    lines.append(f'api_key = "{one.api_key.reveal()}"')
                tables.append("\n".join(lines))
        self.config.write_text("\n\n".join(tables))
        self.config.chmod(0o600)

    def arguments(self, *words: str) -> list[str]:
        return ["-m", "tracker_tui", "--once", "--config", str(self.config), "--store", str(self.store), *words]

    def once(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *self.arguments(*words)],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            cwd=ROOT,
            env={**os.environ, "TZ": "UTC", "PYTHONIOENCODING": "utf-8", **environ},
        )

    def document(self, *words: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.once("--json", *words).stdout)
        return told

    def on_a_terminal(self, width: int, *words: str, no_color: str = "") -> str:
        terminal = Terminal(*self.arguments(*words), width=width, NO_COLOR=no_color)
        try:
            while terminal.process.poll() is None:
                terminal.read()
            terminal.until_quiet()
        finally:
            terminal.process.kill()
            terminal.process.wait()
            os.close(terminal.master)
            os.close(terminal.slave)
        return terminal.out.decode()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found = Home(tmp_path)
    yield found
    found.stage.close()


@pytest.fixture
def busy(home: Home) -> Home:
    """One ready, one downloading, one that needs a person, one that waits for approval."""
    stage = home.stage
    stage.asked(FIVE_CENTIMETERS)
    stage.on_the_shelf(FIVE_CENTIMETERS, FIVE_CENTIMETERS_RELEASE)
    stage.asked(STATION_NINE)
    home.household.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers())
    home.household.flow(STATION_PACK, 0.5, MIB)
    stage.asked(PANCREAS)
    home.household.grab(PANCREAS, PANCREAS_RELEASE, progress=1.0, refusal=("Unable to parse file",))
    home.household.request(HARBOR_LIGHTS, by="mia")
    home.household.tick()
    for arr in (home.household.sonarr, home.household.radarr):
        arr.client_refresh()
    stage.clock.jump(to=SimClock.at_real_time(0).now())
    return home


# --- exit codes ------------------------------------------------------------------------------------------------------


def test_0_all_answered_and_nothing_is_wrong(home: Home) -> None:
    done = home.once()
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing is on its way." in done.stdout


def test_1_something_needs_a_person(busy: Home) -> None:
    assert busy.once().returncode == 1


def test_2_no_configuration(home: Home) -> None:
    done = home.once("--config", str(home.config.with_name("absent.toml")))
    assert (done.returncode, done.stdout) == (2, "")
    assert "absent.toml" in done.stderr


def test_3_beats_1_when_a_service_does_not_answer(busy: Home) -> None:
    busy.household.goes_down(Kind.JELLYFIN)
    done = busy.once("--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert {one["kind"] for one in told["services"] if one["status"] != "ok"} == {"jellyfin"}
    assert "Station Nine" in {one["title"] for one in told["requests"]}, "partial, not empty"


def test_4_when_nobody_answers(home: Home) -> None:
    for kind in Kind:
        home.household.goes_down(kind)
    assert home.once().returncode == 4


def test_the_code_ignores_the_filter(busy: Home) -> None:
    done = busy.once("--json", "--filter", "nothing has this name")
    assert (done.returncode, json.loads(done.stdout)["requests"]) == (1, [])


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["--filter", "centimeters"], {"5 Centimeters per Second"}),
        (["--filter", "BYOUSOKU"], {"5 Centimeters per Second"}),
        (["--state", "downloading,requested"], {"Station Nine", "Harbor Lights"}),
        (["--attention", "warn"], {"I Want to Eat Your Pancreas"}),
        (["--attention", "warn", "--state", "available"], set()),
    ],
    ids=["title", "another title", "states", "attention", "all at once"],
)
def test_filters_choose_rows_and_leave_the_counts(busy: Home, words: list[str], titles: set[str]) -> None:
    told = busy.document(*words)
    assert {one["title"] for one in told["requests"]} == titles
    assert told["counts"] == {"in_progress": 3, "ready": 1, "attention": 1}


# --- what goes where -------------------------------------------------------------------------------------------------


def test_stdout_is_data_and_stderr_is_talk(busy: Home) -> None:
    busy.config.chmod(0o644)
    done = busy.once("--json")
    assert json.loads(done.stdout)["schema"] == 1
    assert "config.toml" in done.stderr


def test_a_configuration_that_others_may_read_is_a_problem_of_this_program(busy: Home) -> None:
    assert "CONFIG_PERMISSIONS" not in [one["code"] for one in busy.document()["problems"]]
    busy.config.chmod(0o644)
    done = busy.once("--json")
    (problem,) = [one for one in json.loads(done.stdout)["problems"] if one["code"] == "CONFIG_PERMISSIONS"]
    assert (problem["kind"], problem["name"], problem["scope"]) == (None, None, "configuration")
    assert (problem["attention"], problem["next_step"]) == ("warn", f"run: chmod 600 {busy.config}")
    assert done.returncode == 1
    assert "configuration: " in busy.once().stdout


def test_the_document_keeps_to_the_schema(busy: Home) -> None:
    look = Look(busy.document(), 1)
    assert {title: row["state"] for title, row in look.rows.items()} == {
        "5 Centimeters per Second": "AVAILABLE",
        "Station Nine": "DOWNLOADING",
        "I Want to Eat Your Pancreas": "DOWNLOADED",
        "Harbor Lights": "REQUESTED",
    }


def test_piped_text_is_plain_and_fits_100_columns(busy: Home) -> None:
    done = busy.once(TERM="xterm-256color", COLUMNS="300")
    assert ESCAPE not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    assert "Station Nine" in done.stdout


def test_two_runs_give_the_same_bytes(busy: Home) -> None:
    busy.once()
    ages = re.compile(r"\d+ ?(s|ms|min|h)\b")
    first, second = (ages.sub("", busy.once().stdout) for _ in range(2))
    assert first == second


def test_ascii_writes_our_own_glyphs_in_ascii(home: Home) -> None:
    home.stage.asked(STATION_NINE)
    home.household.grab(STATION_NINE, STATION_PACK, STATION_NINE.numbers())
    home.household.flow(STATION_PACK, 0.5, MIB)
    assert not home.once().stdout.isascii()
    assert home.once("--ascii").stdout.isascii()


def test_hostile_names_are_text(home: Home) -> None:
    name = "[@click=app.bell]Evil[/] \x1b]0;owned\x07 \u202egnp.exe [red]x"
    home.stage.asked(Film(name, 2024, 700099, 99))
    done = home.once()
    assert "[@click=app.bell]Evil[/]" in done.stdout
    assert "[red]x" in done.stdout
    assert not {ESCAPE, "\x07", "\u202e"} & set(done.stdout)


# --- terminals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "no_color"), [(["--no-color"], ""), ([], "1")], ids=["--no-color", "NO_COLOR"])
def test_a_terminal_without_colour(busy: Home, words: list[str], no_color: str) -> None:
    assert not re.search(r"\x1b\[[0-9;]*3\dm", busy.on_a_terminal(100, *words, no_color=no_color))


def test_a_terminal_has_colour(busy: Home) -> None:
    assert re.search(r"\x1b\[[0-9;]*3\dm", busy.on_a_terminal(100))


@pytest.mark.parametrize("width", [40, 60])
def test_narrow_terminals_cut_nothing_in_the_middle(busy: Home, width: int) -> None:
    lines = busy.on_a_terminal(width, "--no-color").splitlines()
    plain = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line) for line in lines]
    assert max(len(line) for line in plain) <= width
    assert any("Station Nine" in line for line in plain)


# --- services and store ----------------------------------------------------------------------------------------------


def test_a_hanging_service_delays_nobody_beyond_the_deadline(busy: Home) -> None:
    busy.household.goes_down(Kind.SHOKO, Fault.HANG)
    done = busy.once("--json", "--timeout", "3")
    told = json.loads(done.stdout)
    assert {one["kind"]: one["status"] for one in told["services"]} == {
        **dict.fromkeys(("seerr", "sonarr", "radarr", "qbittorrent", "jellyfin"), "ok"),
        "shoko": "unreachable",
    }
    assert done.returncode == 3


def test_no_store_writes_nothing(busy: Home) -> None:
    before = set(busy.config.parent.iterdir())
    busy.once("--no-store")
    assert set(busy.config.parent.iterdir()) == before


def test_beside_a_running_writer_the_store_is_only_read(busy: Home) -> None:
    busy.once()
    written = busy.store.read_bytes()
    writer = Store.open(busy.store)
    try:
        busy.household.approve(HARBOR_LIGHTS)
        done = busy.once("--json")
        assert {one["title"]: one["state"] for one in json.loads(done.stdout)["requests"]}[
            "Harbor Lights"
        ] == "APPROVED"
        assert busy.store.read_bytes() == written
        assert done.stderr
    finally:
        writer.close()


# --- libraries -------------------------------------------------------------------------------------------------------

LOADED = """
import sys
from tracker_tui.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("kinds", "loaded", "spared"),
    [
        (tuple(Kind), {"httpx", "pyarr", "qbittorrentapi"}, {"textual", "aiohttp"}),
        ((Kind.SONARR,), {"pyarr"}, {"textual", "aiohttp", "qbittorrentapi", "requests"}),
        ((Kind.JELLYFIN, Kind.SHOKO), {"httpx"}, {"textual", "aiohttp", "qbittorrentapi", "requests", "pyarr"}),
        ((Kind.QBITTORRENT,), {"qbittorrentapi"}, {"textual", "aiohttp", "pyarr"}),
    ],
    ids=["all", "Sonarr", "Jellyfin and Shoko", "qBittorrent"],
)
def test_only_what_is_configured_is_loaded(
    home: Home, kinds: tuple[Kind, ...], loaded: set[str], spared: set[str]
) -> None:
    home.configure(kinds)
    words = ["--once", "--json", "--config", str(home.config), "--no-store"]
    done = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=False, cwd=ROOT)
    found = set(done.stderr.split())
    assert loaded <= found
    assert not spared & found
    assert json.loads(done.stdout)["schema"] == 1


FIRST_QUESTION = """
import sys
from tracker_tui.cli import main
from tracker_tui.services.http import Link
exchange = Link.exchange
async def noting(link, *words, **more):
    if Link.exchange is noting:
        Link.exchange = exchange
        print(link.instance.kind, *sys.modules, file=sys.stderr)
    return await exchange(link, *words, **more)
Link.exchange = noting
main(sys.argv[1:])
"""


def test_the_first_question_waits_for_no_more_than_it_needs(home: Home) -> None:
    """Sonarr's and Radarr's answers lead to most others: their library comes first, what judges answers last."""
    home.configure(tuple(Kind))
    words = ["--once", "--json", "--config", str(home.config), "--no-store"]
    done = subprocess.run(
        [sys.executable, "-c", FIRST_QUESTION, *words], capture_output=True, text=True, check=False, cwd=ROOT
    )
    asked, *found = done.stderr.split()
    assert asked in {Kind.SONARR, Kind.RADARR}
    assert not set(found) & {"qbittorrentapi", "tracker_tui.engine.worlds", "tracker_tui.diagnose.diagnoser"}
    assert json.loads(done.stdout)["schema"] == 1

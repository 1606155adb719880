"""Everything the program ever puts out, searched for every secret that it can meet: where planted x where searched."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from tests.hardness import plants
from tests.hardness.plants import OWN_KEYS, PLANTS, Plant, basic, sown
from tests.headless.init_dialogue import Dialogue, connect_seerr
from tests.tui.terminal import PATIENCE_S, ROOT, Terminal
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.story.script import LYCORIS_STUCK_S

VARIABLE = "HARDNESS_KEY"
REFUSALS = (Fault.STATUS_401, Fault.STATUS_403, Fault.STATUS_404, Fault.STATUS_500, Fault.REDIRECT, Fault.HTML)
NOTIFIER = "import os, sys; open(sys.argv[1], 'a').write(repr(sys.argv) + repr(dict(os.environ)))"
CRASH = """
import sys
from tracker_tui import cli
from tracker_tui.{module} import {name}
def broken(*args, **kwargs):
    mine, other = open({secrets!r}).read().split()
    raise {error}(f"GET http://u:{{other}}@h/api?apikey={{other}} failed with {{mine}}") from ValueError(mine)
{name}.{method} = broken
sys.exit(cli.main(sys.argv[1:]))
"""
BREAKS: tuple[tuple[str, str, str, str, list[str]], ...] = (
    ("engine.watch", "Watch", "snapshot", "RuntimeError", ["--once", "--no-store"]),
    ("services.http", "Link", "exchange", "__import__('httpx').InvalidURL", ["--once", "--no-store"]),
    ("services.http", "Link", "_send", "__import__('httpx').ConnectError", ["--once", "--no-store"]),
    (
        "services.qbittorrent.session",
        "Session",
        "_received",
        "__import__('requests').RequestException",
        ["--once", "--no-store"],
    ),
    ("headless.check.findings", "Notes", "fine", "RuntimeError", ["check"]),
    ("tui.main_screen", "MainScreen", "show", "RuntimeError", []),
)
"""Module, class and method that break; the exception; the command."""
LEAK, CLEAN, OWN_PLACE = "LEAK", "clean", "-"


class Output(NamedTuple):
    """One kind of what the program puts out. `own` = plants whose place it is."""

    name: str
    proof: str
    """Stands in it for certain: what is empty is clean, and proves nothing."""
    own: tuple[Plant, ...] = ()


OUTPUTS = (
    Output("once", "Recently ready"),
    Output("json", '"requests"'),
    Output("check", "Sonarr"),
    Output("refresh", "Anime"),
    Output("config", "********"),
    Output("debug", "DEBUG tracker_tui.requests: sonarr:sonarr GET /api/v3/"),
    Output("screen", "Lycoris"),
    Output("link", "\x1b]52;"),
    Output("alert", "\x1b]9;"),
    Output("notify", "--token=", (plants.NOTIFY, plants.ENVIRONMENT)),
    Output("log", "tracker_tui.requests"),
    Output("store", "requests"),
    Output("record", '"is":"seen"'),
    Output("replay", '"requests"'),
    Output("crash", "internal error, please report it"),
    Output("init", "not shown"),
    Output("new file", "[[sonarr]]", tuple(OWN_KEYS.values())),
    Output("failing", "DEBUG tracker_tui.requests"),
)


class Cell(NamedTuple):
    """What one search found."""

    plant: Plant
    output: Output
    verdict: str


class Found(NamedTuple):
    """What was put out, by name of the output, and which secrets went between program and services."""

    texts: Mapping[str, str]
    sent: frozenset[Plant]

    def cells(self) -> list[Cell]:
        """Return a verdict for each plant and output."""
        return [Cell(plant, output, self._verdict(plant, output)) for plant in PLANTS for output in OUTPUTS]

    def _verdict(self, plant: Plant, output: Output) -> str:
        if plant in output.own:
            return OWN_PLACE
        return LEAK if plant.is_in(self.texts[output.name]) else CLEAN


class _House:
    """The household with its secrets, the configuration that reaches it, and the program run on both."""

    def __init__(self, demo: Demo, folder: Path) -> None:
        self.demo, self.folder = demo, folder
        self.config = folder / "config.toml"
        self.notified = folder / "notified.txt"
        self.recording = folder / "monitor.rec"
        self.environment = {VARIABLE: plants.JELLYFIN.text, "HTTPS_PROXY": f"http://u:{plants.ENVIRONMENT.text}@p:1"}
        (folder / "key").write_text(plants.RADARR.text)
        (folder / "key").chmod(0o600)
        (folder / "shoko").write_text(plants.SHOKO.text)
        self._write()

    def _write(self) -> None:
        """Write a configuration with a secret in each of its places."""
        notify = [sys.executable, "-c", NOTIFIER, str(self.notified), f"--token={plants.NOTIFY.text}"]
        shoko = ["sh", "-c", 'cat "$0"', str(self.folder / "shoko"), plants.COMMAND.text]
        ways = {
            Kind.RADARR: 'api_key_file = "key"',
            Kind.JELLYFIN: f'api_key_env = "{VARIABLE}"',
            Kind.SHOKO: f"api_key_command = {json.dumps(shoko)}",
            Kind.QBITTORRENT: f'username = "admin"\npassword = {json.dumps(plants.PASSWORD.text)}',
        }
        parts = [
            '[store]\npath = "data/state.json"',
            '[log]\npath = "log/own.log"\nlevel = "debug"',
            f"[ui]\nnotify = {json.dumps(notify)}\nterminal_notify = true",
        ]
        for one in self.demo.settings.instances:
            way = ways.get(one.kind) or f'api_key = "{OWN_KEYS[one.kind].text}"'
            header = f'headers = {{ "X-Proxy-Auth" = "Basic {basic("me", plants.PROXY.text)}" }}'
            web = f'web_url = "{one.web_url}"'
            parts.append(f'[[{one.kind.value}]]\nurl = "{one.url}"\n{way}\n{header}\n{web}')
        self.config.write_text("\n".join(parts))
        self.config.chmod(0o600)

    def run(self, *words: str) -> tuple[str, str]:
        """Run a command; return what it printed and what it said beside."""
        own = () if "--replay" in words else ("--config", str(self.config))
        done = subprocess.run(
            [sys.executable, "-m", "tracker_tui", *words, *own, "--log-level", "debug"],
            cwd=ROOT,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        return done.stdout, done.stderr

    @contextlib.contextmanager
    def terminal(self, *arguments: str) -> Iterator[Terminal]:
        """Run the program on a terminal meanwhile."""
        words = (*arguments, "--config", str(self.config), "--log-level", "debug")
        terminal = Terminal(*words, width=200, height=50, **self.environment)
        try:
            yield terminal
        finally:
            terminal.close()

    def written(self, *names: str) -> str:
        """Return what stands in these files and folders of the configuration's folder."""
        places = [self.folder / name for name in names]
        files = [one for place in places for one in (place.rglob("*") if place.is_dir() else (place,)) if one.is_file()]
        return "\n".join(one.read_bytes().decode(errors="replace") for one in files)


def run(folder: Path) -> Found:
    """Carry out everything the program can do in a household full of secrets."""
    with sown() as traffic, Demo({SPEED_OF: "0"}, at_s=LYCORIS_STUCK_S) as demo:
        plants.in_household(demo.household)
        house = _House(demo, folder)
        texts = _commands(house) | _monitor(house) | _replayed(house) | _crashed(house) | _init(house)
        return Found(texts | _failing(house), frozenset(traffic.seen))


def _commands(house: _House) -> dict[str, str]:
    words = {
        "once": ["--once"],
        "json": ["--once", "--json"],
        "check": ["check"],
        "refresh": ["vfs-refresh", "--request", "lycoris", "--yes"],
    }
    texts, debug = {}, ""
    for name, asked in words.items():
        texts[name], said = house.run(*asked)
        debug += said
        if name == "refresh":
            texts[name] += said
    shown = [text for action in ("show", "validate", "path") for text in house.run("config", action)]
    return texts | {"config": "".join(shown), "debug": debug}


def _monitor(house: _House) -> dict[str, str]:
    """Open every page, let something be told, ask, and end."""
    demo = house.demo
    with house.terminal("-m", "tracker_tui", "--record", str(house.recording)) as terminal:
        terminal.until("Jellyfin")
        log = house.folder / "log" / "own.log"
        while not (log.exists() and "jellyfin:jellyfin GET" in log.read_text()):
            terminal.read(0.1)
        for keys in ("n", "d", "o", "\r", "\x1b", "j", "\r", "l", "L", "G", "\x1b", "H", "\x1b", "u", "\x1b", "S", "j"):
            terminal.until_quiet()
            terminal.send(keys)
        for keys in ("\x1b", "?", "\x1b", "m", "\x1b", "/magnet\r", "\x1b", "x", "y", "\x1b", "v", "\x1b"):
            terminal.until_quiet()
            terminal.send(keys)
        demo.clock.jump(seconds=120)  # the first minute tells nothing
        terminal.send("r")
        terminal.until_quiet()
        demo.household.sonarr.fault = Fault.STATUS_401
        deadline = time.monotonic() + 2 * PATIENCE_S
        while not (house.notified.exists() and b"\x1b]9;" in terminal.out):
            assert time.monotonic() < deadline, "nothing is told"
            terminal.send("r")
            terminal.read(1.0)
        demo.household.sonarr.fault = None
        terminal.until_quiet()
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 143
        shown = terminal.out.decode(errors="replace")
    recorded = zlib.decompressobj(31).decompress(house.recording.read_bytes()).decode()
    return {
        "screen": shown,
        "link": shown,
        "alert": shown,
        "notify": house.written(house.notified.name),
        "log": house.written("log"),
        "store": house.written("data"),
        "record": recorded,
    }


def _replayed(house: _House) -> dict[str, str]:
    return {"replay": "".join(house.run("--replay", str(house.recording), "--once", "--json"))}


def _crashed(house: _House) -> dict[str, str]:
    """Let the program break in several places with an exception that quotes keys, in its text and in its variables."""
    shown = ""
    (house.folder / "secrets").write_text(f"{plants.SONARR.text} {plants.QUERY.text}")
    for module, name, method, error, words in BREAKS:
        places = {"module": module, "name": name, "method": method, "error": error}
        script = CRASH.format(**places, secrets=str(house.folder / "secrets"))
        with house.terminal("-c", script, *words) as terminal:
            terminal.end()
            shown += terminal.out.decode(errors="replace")
    return {"crash": shown + house.written("log")}


def _init(house: _House) -> dict[str, str]:
    """Talk through `init`, with the keys that Seerr knows, and let it write from the environment."""
    home = house.demo.household
    for arr in (home.sonarr, home.radarr):
        arr.complaints = [one for one in arr.complaints if not one.message.startswith(plants.QUOTING)]
    connect_seerr(SimpleNamespace(home=home))  # type: ignore[arg-type]
    home.seerr.jellyfin_key = plants.NEIGHBOUR.text
    talk = Dialogue(house.folder, "init")
    try:
        talk.answer("On which machine", "127.0.0.1")
        talk.answer("Where is Seerr?", home.seerr.url)
        talk.answer("API key, not shown:", plants.SONARR.text)
        talk.answer("Enter it again?")
        talk.answer("API key, not shown:", home.seerr.api_key)
        talk.answer("Use it, with the key that Seerr has?")
        talk.answer("Use it, with the key that Seerr has?")
        talk.answer("Where is Jellyfin?", home.jellyfin.url)
        talk.answer("Enter it again?")
        talk.answer("API key, not shown:", home.jellyfin.api_key)
        talk.answer("Where is qBittorrent?", home.qbittorrent.url)
        talk.answer("User (Enter: admin", home.qbittorrent.username)
        talk.answer("Password, not shown:", home.qbittorrent.password)
        talk.answer("Where is Shoko?", home.shoko.url)
        talk.answer("API key, not shown", plants.SHOKO.text)
        talk.answer("Enter: write and check")
        talk.end()
    finally:
        talk.close()
    start = "TRACKER_TUI_SONARR_"
    given = {f"{start}URL": home.sonarr.url, f"{start}API_KEY": plants.SONARR.text}
    bare = house.folder / "bare.toml"
    done = subprocess.run(
        [sys.executable, "-m", "tracker_tui", "init", "--non-interactive", "--config", str(bare)],
        cwd=ROOT,
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert not plants.SONARR.is_in(bare.read_text()), "the file names the variable"
    return {"init": talk.out + done.stdout + done.stderr, "new file": talk.config.read_text()}


def _failing(house: _House) -> dict[str, str]:
    """Let every service refuse, and quote in its refusal what it was sent."""
    said = ""
    for fault in REFUSALS:
        for service in house.demo.household.services.values():
            service.fault = fault
        for words in (["--once", "--json", "--no-store"], ["check"]):
            said += "".join(house.run(*words))
    return {"failing": said + house.written("log", "data")}


def report(found: Found) -> str:
    """Return the table: a row per plant, a column per output."""
    cells = {(cell.plant, cell.output): cell.verdict for cell in found.cells()}
    width = max(len(plant.place) for plant in PLANTS)
    names = "  ".join(f"{output.name:<8}" for output in OUTPUTS)
    rows = [f"{'planted in':<{width}}  {names}"]
    rows += [
        f"{plant.place:<{width}}  " + "  ".join(f"{cells[plant, output]:<8}" for output in OUTPUTS) for plant in PLANTS
    ]
    leaks = sum(verdict == LEAK for verdict in cells.values())
    return "\n".join([*rows, "", f"{len(PLANTS)} places, {len(OUTPUTS)} outputs, {leaks} leaks"])


def main() -> int:
    """Print the table; return 1 if anything leaks."""
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder))
    sys.stdout.write(f"{report(found)}\n")
    return int(any(cell.verdict == LEAK for cell in found.cells()))

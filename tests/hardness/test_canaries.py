"""Secrets planted wherever they can occur, and everything the program ever puts out searched for them."""

import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.hardness.rig import CANARY, plant
from tests.services.loopback import Exchange, Loopback, Script
from tests.tui.terminal import ROOT, Terminal
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import ServiceError, Unreachable
from tracker_tui.services.http import Link, Sessions
from tracker_tui.services.qbittorrent.client import QbittorrentClient
from tracker_tui.simulate.arr import wire as arr_wire
from tracker_tui.simulate.demo import SPEED_OF, Demo
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.qbittorrent import client as qbittorrent_client
from tracker_tui.simulate.qbittorrent import server as qbittorrent

FOREIGN = "0f9a4c1d2b7e46588d11aa22bb33cc44"
"""A key of somebody else's that a service quotes; this program cannot know it."""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """A household that quotes its keys wherever real services do."""
    monkeypatch.setattr(arr_wire, "SECRET", FOREIGN)
    for module, function in ((qbittorrent, "torrent_json"), (qbittorrent_client, "maindata_torrent_json")):
        monkeypatch.setattr(module, function, partial(_with_tracker, getattr(module, function)))
    demo = Demo({SPEED_OF: "0"})
    household = demo.household
    plant(household)
    household.shokofin.secrets = dict.fromkeys(household.shokofin.secrets, FOREIGN)
    household.seerr.jellyfin_key = FOREIGN
    for arr in (household.sonarr, household.radarr):
        arr.complain("IndexerStatusCheck", "warning", f"Unable to reach http://u:{FOREIGN}@prowlarr/1?apikey={FOREIGN}")
        arr.complain("NotificationStatusCheck", "error", f'Discord answered {{"token": "{FOREIGN}"}}')
        for download in arr.downloads:
            download.error_message = f"udp://tracker.example:80/{FOREIGN}/announce: passkey={FOREIGN} unknown"
    with demo:
        yield demo


def _with_tracker(render: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    tracker = f"https://tracker.example/{FOREIGN}/announce"
    return render(*args) | {"tracker": tracker, "magnet_uri": f"magnet:?xt=urn:btih:0&tr={tracker}"}


@pytest.fixture
def config(home: Demo, tmp_path: Path) -> Path:
    return written(home, tmp_path)


def written(home: Demo, folder: Path, **changed: str) -> Path:
    """Write a configuration with a secret in each of its places."""
    parts = [
        '[store]\npath = "data/state.json"',
        '[log]\npath = "log/own.log"\nlevel = "debug"',
        f'[ui]\nnotify = ["true", "--token={CANARY}-notify"]',
    ]
    for one in home.settings.instances:
        secret = changed.get(one.kind.value) or ((one.password or one.api_key) or Secret("")).reveal()
        login = f'username = "{one.username}"\npassword' if one.password is not None else "api_key"
        header = f'headers = {{ "X-Proxy-Auth" = "Basic {CANARY}-proxy" }}'
        parts.append(f'[[{one.kind.value}]]\nurl = "{one.url}"\n{login} = "{secret}"\n{header}')
    path = folder / "config.toml"
    path.write_text("\n".join(parts))
    path.chmod(0o600)
    return path


def program(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker_tui", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def files(folder: Path) -> str:
    """Return everything the program has written below a folder, but not what was written for it."""
    found = [one for one in folder.rglob("*") if one.is_file() and one.name != "config.toml"]
    return "\n".join(one.read_bytes().decode(errors="replace") for one in found)


def without(text: str) -> bool:
    return CANARY not in text and FOREIGN not in text


def test_no_command_tells_a_secret(home: Demo, config: Path, tmp_path: Path) -> None:
    everything = ""
    for words in (["--once"], ["--once", "--json"], ["check"], ["config", "show"], ["config", "validate"]):
        done = program(*words, "--config", str(config), "--log-level", "debug")
        assert done.returncode in {0, 1}, done.stderr
        everything += done.stdout + done.stderr
    assert "********" in everything
    assert "DEBUG tracker_tui.requests: sonarr:sonarr GET /api/v3/" in everything
    assert "Unable to reach" in everything, "the complaint itself is passed on"
    assert without(everything)
    assert (tmp_path / "data" / "state.json").exists()
    assert without(files(tmp_path))


@pytest.mark.parametrize("fault", [Fault.STATUS_401, Fault.REDIRECT, Fault.HTML, Fault.RESET, Fault.TRUNCATED])
def test_no_failure_tells_a_secret(home: Demo, config: Path, tmp_path: Path, fault: Fault) -> None:
    for service in home.household.services.values():
        service.fault = fault
    done = program("--once", "--config", str(config), "--log-level", "debug")
    assert done.returncode == 4
    assert without(done.stdout + done.stderr + files(tmp_path))


def test_no_refused_login_tells_the_password(home: Demo, tmp_path: Path) -> None:
    config = written(home, tmp_path, **{kind.value: f"{CANARY}-wrong" for kind in Kind})
    done = program("--once", "--config", str(config), "--log-level", "debug")
    assert done.returncode == 4
    assert without(done.stdout + done.stderr + files(tmp_path))


def test_the_interface_its_log_and_its_store_tell_no_secret(home: Demo, config: Path, tmp_path: Path) -> None:
    terminal = Terminal("-m", "tracker_tui", "--config", str(config), "--log-level", "debug", width=200, height=50)
    try:
        terminal.until("Jellyfin")
        log = tmp_path / "log" / "own.log"
        for _ in range(100):
            terminal.read(0.1)
            if log.exists() and "jellyfin:jellyfin GET" in log.read_text():
                break
        for keys in ("d", "jj", "\r", "L", "G", "\x1b", "H", "\x1b", "u", "\x1b", "?", "\x1b"):
            terminal.until_quiet()
            terminal.send(keys)
        terminal.until_quiet()
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 143
    finally:
        terminal.close()
    shown = terminal.out.decode(errors="replace")
    assert "tracker_tui.requests" in shown, "the log page was open"
    assert without(shown)
    stored = files(tmp_path)
    assert "requests" in stored
    assert without(stored)
    assert log.stat().st_mode & 0o777 == 0o600


CRASH = """
import sys
from tracker_tui import cli
from tracker_tui.{module} import {name}
def broken(*args, **kwargs):
    secret = {secret!r}
    raise RuntimeError("GET http://u:" + secret + "@h/api?apikey=" + {foreign!r} + " failed with " + secret)
{name}.{method} = broken
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("words", "module", "name", "method"),
    [
        pytest.param(["--once"], "engine.watch", "Watch", "snapshot", id="once"),
        pytest.param([], "tui.main_screen", "MainScreen", "show", id="interface"),
        pytest.param([], "engine.watch", "Watch", "run", id="engine"),
    ],
)
def test_a_crash_report_tells_no_secret(
    *, home: Demo, config: Path, tmp_path: Path, words: list[str], module: str, name: str, method: str
) -> None:
    secret = f"{CANARY}-sonarr"
    script = CRASH.format(module=module, name=name, method=method, secret=secret, foreign=FOREIGN)
    terminal = Terminal("-c", script, *words, "--config", str(config), "--log-level", "debug")
    try:
        if method == "run":
            terminal.until("Jellyfin")
            terminal.until_quiet()
            terminal.send("L")
            terminal.until("RuntimeError")
            terminal.process.send_signal(signal.SIGTERM)
        code = terminal.end()
        restored = terminal.restored()
    finally:
        terminal.close()
    said = terminal.out.decode(errors="replace")
    written_down = files(tmp_path)
    assert without(said + written_down)
    if method != "run":
        assert code == 70
        assert "internal error, please report it" in said
        assert "RuntimeError" in said
    if not words:
        assert "RuntimeError" in written_down
        assert restored


# ---- keys and TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "home.pem", folder / "home.key"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=home"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def client_of(url: str, **facts: Any) -> QbittorrentClient:
    given = {"username": "admin", "password": Secret(CANARY), "headers": {"X-Proxy": Secret(CANARY)}, **facts}
    return QbittorrentClient(Instance(kind=Kind.QBITTORRENT, name="q", url=url, timeout_s=5, **given))


async def refusal(client: QbittorrentClient) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await client.sync()
    await client.aclose()
    return caught.value


def answering(status: str, **headers: str) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.answer("{}", status, **headers)

    return script


async def test_qbittorrent_refuses_a_foreign_certificate_and_takes_the_users_own(
    certificate: tuple[Path, Path],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with Loopback(answering("500 No"), tls=context) as server:
        refused = await refusal(client_of(server.url))
        assert isinstance(refused, Unreachable)
        assert "certificate was not accepted" in refused.message
        assert refused.fix == "set `ca_file` to your own CA, or `verify_tls = false`"
        assert server.seen == []
        for trusting in ({"ca_file": certificate[0]}, {"verify_tls": False}):
            assert "failed (500)" in (await refusal(client_of(server.url, **trusting))).message


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_key_follows_a_redirect_to_another_place(status: str, certificate: tuple[Path, Path]) -> None:
    """Neither to another port, nor from https to http, nor to another path."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with Loopback(answering("200 OK")) as elsewhere:
        for tls in (None, context):
            moved = answering(status, Location=f"{elsewhere.url}/login?key={CANARY}")
            async with Loopback(moved, tls=tls) as server:
                assert "redirect" in (await refusal(client_of(server.url, verify_tls=False))).message
                sessions = Sessions()
                facts = Instance(kind=Kind.SONARR, name="s", url=server.url, verify_tls=False)
                reply = await Link(facts, sessions, {"X-Api-Key": CANARY}).exchange("GET", "/api")
                await sessions.aclose()
                assert reply.status == int(status[:3])
        assert elsewhere.seen == []

"""The command itself against stand-in services whose clocks stand at noon of another day: what a script relies on."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.endtoend.canned.house import KEY, House
from tests.endtoend.canned.reciter import Reciter
from tests.endtoend.stage import NOON, Look
from tracker_tui.model.ids import Kind

HASH = "ab" * 20
ROOT = Path(__file__).parents[2]
OF_THIS_RUN = re.compile(r'"(generated_at|last_ok_at|observed_at|latency_ms)":[^,}]*|\d+ (s|min|h)\b')
"""What is measured or dated by the run itself, and ages."""


class Command:
    """The program in a process of its own, with a configuration for a house."""

    def __init__(self, house: House, folder: Path) -> None:
        self.config, self.store = folder / "config.toml", folder / "state.json"
        tables = [self._table(one, house) for one in house.services]
        self.config.write_text("\n".join(tables))
        self.config.chmod(0o600)

    @staticmethod
    def _table(one: Reciter, house: House) -> str:
        login = 'username = "admin"\npassword = "adminadmin"' if one.kind is Kind.QBITTORRENT else f'api_key = "{KEY}"'
        more = "".join(f"{key} = {json.dumps(value)}\n" for key, value in house.more.get(one.name, {}).items())
        return f'[[{one.kind.value}]]\nname = "{one.name}"\nurl = "{one.url}"\n{login}\n{more}'

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tracker_tui", "--once", "--config", str(self.config), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TZ": "UTC", "PYTHONIOENCODING": "utf-8"},
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start("--store", str(self.store), *words)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def look(self, *words: str) -> tuple[Look, str]:
        code, out, _ = self.run("--json", *words)
        return Look(json.loads(out), code), out


def two_of_a_kind(house: House) -> None:
    """Let two Sonarrs share episode ids, with a client each, and nothing else."""
    for name, done in (("tv", 0.25), ("tv-4k", 0.75)):
        sonarr, client = house.sonarr(name), house.client(f"qb-{name}")
        sonarr.series(40, f"Station {name}", {1: 1}, tvdbId=1000 + len(name))
        key = f"{len(name):040x}"
        sonarr.grabbed(sonarr.of(40), key.upper())
        sonarr.queued(sonarr.of(40), key.upper())
        client.torrent(key, progress=done)


def test_two_instances_of_a_kind_and_none_of_others(house: House, tmp_path: Path) -> None:
    two_of_a_kind(house)
    command = Command(house, tmp_path)
    look, first = command.look()
    assert look.code == 0
    assert {row["id"]: (row["state"], row["progress"]) for row in look.content["requests"]} == {
        "sonarr:tv:40": ("DOWNLOADING", 0.25),
        "sonarr:tv-4k:40": ("DOWNLOADING", 0.75),
    }
    services = [(one["kind"], one["name"], one["status"]) for one in look.content["services"]]
    assert [one for one in services if one[2] == "ok"] == [
        ("sonarr", "tv", "ok"),
        ("sonarr", "tv-4k", "ok"),
        ("qbittorrent", "qb-tv", "ok"),
        ("qbittorrent", "qb-tv-4k", "ok"),
    ]
    absent = {kind for kind, name, status in services if (name, status) == (None, "not_configured")}
    assert absent == {"seerr", "radarr", "shoko", "jellyfin"}
    assert len(services) == 8
    at = datetime.fromisoformat(look.content["generated_at"])
    assert abs((at - NOON).total_seconds()) < 120, "the services' clocks decide"
    _, second = command.look()
    assert OF_THIS_RUN.sub("", first) == OF_THIS_RUN.sub("", second)
    narrowed, _ = command.look("--filter", "4K", "--state", "PENDING,downloading", "--timeout", "30")
    assert [row["id"] for row in narrowed.content["requests"]] == ["sonarr:tv-4k:40"]
    assert narrowed.content["counts"] == look.content["counts"]


def unauthorized(_: web.Request) -> web.Response:
    return web.Response(status=401)


@pytest.mark.parametrize(
    ("refusing", "starting", "code"),
    [(("radarr",), False, 3), (("radarr", "sonarr"), True, 4), ((), True, 3)],
    ids=["one refuses its key", "two refuse, one starts", "one starts"],
)
def test_refusing_and_starting_services_gave_no_answer(
    house: House, tmp_path: Path, refusing: tuple[str, ...], starting: bool, code: int
) -> None:
    for one in (house.sonarr(), house.radarr()):
        if one.name in refusing:
            one.answers = dict.fromkeys(one.answers, unauthorized)
    if starting:
        shoko = house.shoko()
        shoko.answers["/api/v3/Init/Status"] = {"State": "Starting", "Message": "Migrating"}
    command = Command(house, tmp_path)
    look, _ = command.look()
    assert look.code == code
    told = {one["name"]: one["status"] for one in look.content["services"] if one["name"]}
    assert told == {
        name: "unauthorized" if name in refusing else "starting" if name == "shoko" else "ok" for name in told
    }


def test_an_interrupt_beats_every_other_code_and_prints_no_half(house: House, tmp_path: Path) -> None:
    sonarr = house.sonarr()
    asked = threading.Event()

    def status(_: web.Request) -> Any:
        sonarr.latency_s = 60.0
        asked.set()
        return {"appName": "Sonarr", "version": "4.0.17.2952"}

    sonarr.answers["/api/v3/system/status"] = status
    command = Command(house, tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    process = command.start("--json", "--no-store", "--timeout", "60")
    signal.signal(signal.SIGINT, before)
    try:
        assert asked.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_nothing_is_written_without_a_store(house: House, tmp_path: Path) -> None:
    two_of_a_kind(house)
    command = Command(house, tmp_path)
    before = set(tmp_path.iterdir())
    process = command.start("--json", "--no-store")
    out: Any = json.loads(process.communicate(timeout=120)[0])
    assert len(out["requests"]) == 2
    assert set(tmp_path.iterdir()) == before

"""The demo: starts, answers the program's own commands, ends without leaving anything behind."""

import json
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from tracker_tui.model.ids import Kind
from tracker_tui.simulate.demo import AT, SPEED_OF, Demo
from tracker_tui.simulate.story_titles import TITLES

STILL = {SPEED_OF: "0"}


def test_every_service_is_configured_and_listens_on_loopback_only() -> None:
    with Demo(STILL) as demo:
        assert [one.kind for one in demo.settings.instances] == list(Kind)
        for one in demo.settings.instances:
            url = urlsplit(one.url)
            assert url.hostname == "127.0.0.1"
            socket.create_connection(("127.0.0.1", url.port or 0), timeout=5).close()
            assert (one.api_key is None) == (one.kind is Kind.QBITTORRENT)


def test_it_ends_without_threads_or_ports() -> None:
    before = set(threading.enumerate())
    with Demo(STILL) as demo:
        ports = [urlsplit(one.url).port or 0 for one in demo.settings.instances]
    assert set(threading.enumerate()) == before
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize(
    ("value", "offset_s"), [("600", 600.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0)], ids=["600", "empty", "word", "-5"]
)
def test_it_starts_later_in_the_story_where_the_environment_says_so(value: str, offset_s: float) -> None:
    demo = Demo({AT: value} | STILL)
    assert demo.story.offset.total_seconds() == offset_s
    assert demo.clock.speed == 0


def test_the_program_shows_the_first_instant_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker_tui", "--demo", "--once", "--json", "--no-store"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "simulated" in done.stderr
    shown = json.loads(done.stdout)
    assert shown["simulated"] is True
    assert {one["title"] for one in shown["requests"]} == {one.name for one in TITLES}
    assert {one["status"] for one in shown["services"]} == {"ok"}

"""The demo: starts, answers the program's own commands, ends without leaving anything behind."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from tracker_tui.model.ids import Kind
from tracker_tui.simulate import demo as demo_module
from tracker_tui.simulate.demo import AT, SPEED_OF, Demo
from tracker_tui.simulate.household.household import START
from tracker_tui.simulate.story.titles import LONG_ORBIT_3, TITLES

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


def test_time_rests_first_then_runs_at_the_given_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "REST_S", 0.1)
    with Demo({SPEED_OF: "25"}) as demo:
        start = demo.clock.now()
        assert (demo.clock.speed, start) == (0, START)
        deadline = time.monotonic() + 10
        while len(demo.story.told) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert demo.clock.speed == 25
        assert demo.story.told[-1].text == demo.story.beats[1].text


def test_a_restart_keeps_the_addresses() -> None:
    with Demo(STILL) as demo:
        before = demo.settings
        demo.story.jump(timedelta(seconds=600))
        demo.story.restart()
        assert [one.url for one in demo.settings.instances] == [one.url for one in before.instances]
        (sonarr,) = before.of_kind(Kind.SONARR)
        assert sonarr.api_key is not None
        headers = {"X-Api-Key": sonarr.api_key.reveal()}
        records = httpx.get(f"{sonarr.url}/api/v3/queue/details", headers=headers).json()
        titles = {one["title"] for one in records}
        assert LONG_ORBIT_3.name in titles  # given up at 600 s, and still wanted after the restart
        assert len(demo.household.sonarr.calls) == 1


def test_only_the_last_calls_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "REST_S", 0.0)
    monkeypatch.setattr(demo_module, "CALLS_KEPT", 3)
    with Demo(STILL) as demo:
        (seerr,) = demo.settings.of_kind(Kind.SEERR)
        for _ in range(8):
            httpx.get(f"{seerr.url}/api/v1/settings/public")
        deadline = time.monotonic() + 10
        while len(demo.household.seerr.calls) > 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(demo.household.seerr.calls) == 3


def once(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tracker_tui", "--demo", "--once", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_program_shows_the_first_instant_whole() -> None:
    done = once("--json")
    assert done.returncode == 1, done.stderr
    assert "simulated" in done.stderr
    shown = json.loads(done.stdout)
    assert shown["simulated"] is True
    assert {one["title"] for one in shown["requests"]} == {one.name for one in TITLES}
    assert {one["status"] for one in shown["services"]} == {"ok"}


def test_the_text_names_every_title_and_two_runs_agree() -> None:
    first, second = once(), once()
    assert first.returncode == 1, first.stderr
    for one in TITLES:
        assert one.name in first.stdout
    assert second.stdout == first.stdout


@pytest.fixture
def paused() -> Iterator[Demo]:
    with Demo({SPEED_OF: "10"}) as running:
        running.toggle()
        if running.clock.speed:
            running.toggle()
        yield running


def test_the_line_tells_what_happens_and_how_fast(paused: Demo) -> None:
    assert paused.caption() == f"Demo · {paused.story.beats[0].text} · paused"
    paused.toggle()
    assert paused.caption().endswith(" · 10x")
    paused.faster(1)
    assert paused.caption().endswith(" · 15x")
    for _ in range(9):
        paused.faster(-1)
    assert paused.caption().endswith(" · 1x")


def test_a_step_stands_still_at_the_next_beat(paused: Demo) -> None:
    for beat in paused.story.beats[1:4]:
        paused.step()
        assert paused.caption() == f"Demo · {beat.text} · paused"
    now = paused.clock.now()
    paused.jump(-1)
    assert paused.clock.now() == now, "it cannot go back"
    paused.jump(1)
    assert paused.caption() == f"Demo · {paused.story.beats[4].text} · paused"


def test_again_begins_with_another_household(paused: Demo) -> None:
    before = paused.household
    paused.step()
    paused.again()
    assert paused.household is not before
    assert paused.story.told == [paused.story.beats[0]]
    assert paused.clock.speed == 10

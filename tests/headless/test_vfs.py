"""The vfs-refresh command: what it asks, what it prints where, and its exit codes; beside a running program too."""

import io
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.headless.households import Shell
from tests.remedies.house import PACE, SPEED, House
from tracker_tui.headless import vfs
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.store.store import Store

VERIFIED, NOTHING, USAGE, UNREACHABLE = 0, 1, 2, 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vfs, "command", partial(vfs.command, pace=PACE))


@pytest.fixture
def passing(house: House) -> Iterator[None]:
    """Time passes from the request to the refresh's end: a snapshot before or after it shows one instant."""
    ended = threading.Event()

    def tick() -> None:
        seen = over = False
        while not ended.wait(0.02):
            house.home.tick()
            runs = bool(house.jellyfin.scanner.queue)
            seen, over = seen or runs, over or (seen and not runs)
            house.clock.set_speed(SPEED if house.refreshes() and not over else 0)

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()
    house.clock.set_speed(0)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a person answer."""

    def answers(text: str) -> None:
        monkeypatch.setattr(vfs, "can_ask", lambda: True)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return answers


def test_it_waits_verifies_and_says_so_on_stdout(house: House, shell: Shell, passing: None) -> None:
    assert shell.run("vfs-refresh", "--request", "lycoris", "--yes", "--wait") == VERIFIED, shell.err
    assert shell.out == "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new\n"
    assert "Let Jellyfin rebuild Shokofin's links in the library Anime Shows?" in shell.err
    assert "Clearing Shokofin's memory" in shell.err
    assert "Refreshing · Jellyfin scan" in shell.err
    assert len(house.refreshes()) == 1


def test_without_wait_it_leaves_the_rest_to_jellyfin(house: House, shell: Shell, passing: None) -> None:
    assert shell.run("vfs-refresh", "--yes") == VERIFIED, shell.err
    assert shell.out.startswith("the refresh has begun; it goes on in Jellyfin")
    assert len(house.refreshes()) == 1


def test_a_second_one_is_refused_with_the_seconds_left(house: House, shell: Shell, passing: None) -> None:
    shell.run("vfs-refresh", "--yes", "--wait")
    sent = house.refreshes()
    assert shell.run("vfs-refresh", "--library", ANIME_SHOWS, "--yes") == NOTHING
    assert shell.out.startswith("not refreshed: wait ")
    assert house.refreshes() == sent


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "no\n", "what?\n"])
def test_anything_but_yes_is_no(house: House, shell: Shell, terminal: Callable[[str], None], answer: str) -> None:
    terminal(answer)
    assert shell.run("vfs-refresh") == NOTHING
    assert "[y/N]" in shell.err
    assert (shell.out, house.posts()) == ("", [])


def test_yes_is_yes(house: House, shell: Shell, terminal: Callable[[str], None], passing: None) -> None:
    terminal("y\n")
    assert shell.run("vfs-refresh", "--library", "anime shows", "--wait") == VERIFIED
    assert shell.out == "Lycoris Recoil: 13 of 13 now in Jellyfin · 13 new\n"


def test_without_a_terminal_it_asks_for_yes(house: House, shell: Shell) -> None:
    assert shell.run("vfs-refresh") == USAGE
    assert "--yes" in shell.err
    assert house.jellyfin.calls == []


def _scan(house: House) -> None:
    house.home.scan(lasts_s=160)
    house.wait(60)


def _unmapped(house: House) -> None:
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])


def _unreachable(house: House) -> None:
    house.jellyfin.fault = Fault.RESET


def _wrong_key(house: House) -> None:
    house.jellyfin.api_key = "another"


def _nothing(_: House) -> None:
    """Everything is as it should be."""


@pytest.mark.parametrize(
    ("trouble", "words", "code", "told"),
    [
        (_scan, ("--request", "lycoris"), NOTHING, "a scan is running (38 %)"),
        (_unmapped, ("--request", "lycoris"), NOTHING, "no Shoko folder"),
        (_unreachable, ("--request", "lycoris"), UNREACHABLE, "is unreachable"),
        (_unreachable, (), UNREACHABLE, "is unreachable"),
        (_wrong_key, (), NOTHING, "does not allow it"),
        (_nothing, ("--library", "Anime"), USAGE, "has no library Anime"),
        (_nothing, ("--request", "frieren"), USAGE, "no request has"),
    ],
    ids=["scan", "unmapped", "unreachable", "unreachable, no target", "wrong key", "no library", "no request"],
)
def test_a_refusal_has_its_exit_code_and_sends_nothing(
    house: House, shell: Shell, trouble: Callable[[House], None], *, words: tuple[str, ...], code: int, told: str
) -> None:
    trouble(house)
    assert shell.run("vfs-refresh", *words, "--yes", "--wait") == code
    assert told in shell.out + shell.err
    assert house.posts() == []


def test_nothing_new_is_one_with_the_reason(
    house: House, shell: Shell, passing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.home.shokofin, "_generate", lambda *_: None)  # it fails over every file
    assert shell.run("vfs-refresh", "--yes", "--wait") == NOTHING
    assert shell.out.startswith("nothing new in Jellyfin: Shoko matched 13 episodes of season 1 at ")
    assert "your refresh that ended" in shell.out
    assert "\n  next: in the interface, press x" in shell.out


def test_a_folder_that_jellyfin_does_not_see_refuses_at_once(house: House, shell: Shell) -> None:
    house.jellyfin.disk.remove("/media/anime/shows")
    assert shell.run("vfs-refresh", "--yes", "--wait") == NOTHING
    assert shell.out.startswith("not refreshed: a refresh would change nothing: /media/anime/shows does not exist")
    assert "\n  next: check the mount" in shell.out
    assert house.posts() == []


def test_beside_a_running_program_the_store_is_only_read(house: House, shell: Shell, passing: None) -> None:
    running = Store.open(shell.store)
    running.put({"seerr:seerr:1": None}, {"saved": {"at": "2026-01-25T12:00:00+00:00"}})
    running.flush()
    before = shell.store.read_bytes()
    assert shell.run("vfs-refresh", "--yes", "--wait") == VERIFIED
    assert shell.store.read_bytes() == before
    assert running.writable
    running.close()
    assert shell.store.with_name("state.json.refreshes").exists()


def test_no_secret_is_printed(house: House, shell: Shell, passing: None) -> None:
    shell.run("vfs-refresh", "--yes", "--wait")
    secrets = [house.jellyfin.api_key, *house.home.shokofin.secrets.values(), *house.home.shoko.keys]
    journal = shell.store.with_name("state.json.refreshes").read_text()
    assert not [one for one in secrets if one in shell.out + shell.err + journal]

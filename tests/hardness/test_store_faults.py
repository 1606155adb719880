"""The store under faults of the machine: killed writers, a full or read-only disk, foreign hands, missing locks."""

import errno
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker_tui.store.store import Store

KILLS = 300
WRITER = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    import msgspec
    from tracker_tui.store.store import Store
    path = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            store = Store.open(path)
            assert store.writable, store.notes
            number = max((msgspec.json.decode(one)["n"] for one in store.requests().values()), default=0)
            sys.stdout.write("began\\n"); sys.stdout.flush()
            while True:
                number += 1
                store.put({"first": {"n": number, "text": "a" * (number % 7 * 3000)}, "second": {"n": number}})
                store.flush()
        sys.stdout.write(f"{child}\\n"); sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("dead\\n"); sys.stdout.flush()
""")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.json"


def written(path: Path, number: int = 1) -> Path:
    store = Store.open(path)
    store.put({"first": {"n": number}, "second": {"n": number}})
    store.close()
    return path


def numbers(store: Store) -> set[int]:
    return {msgspec.json.decode(one)["n"] for one in store.requests().values()}


def test_killed_hundreds_of_times_at_any_moment_it_is_always_whole(path: Path) -> None:
    """Each writer goes on from what the one before left; no document is half, none is lost, no rubbish stays."""
    dice = random.Random(7)
    last = 0
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        for _ in range(KILLS):
            parent.stdin.write("go\n")
            parent.stdin.flush()
            lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
            child = int((lines - {"began"}).pop())
            time.sleep(dice.random() * 0.012)
            os.kill(child, signal.SIGKILL)
            assert parent.stdout.readline() == "dead\n"
            store = Store.open(path, write=False)
            assert store.notes == []
            if store.requests():
                (number,) = numbers(store)  # both documents are of the same write
                assert number >= last
                last = number
        parent.stdin.close()
    assert last > KILLS / 10
    Store.open(path).close()
    assert {one.name for one in path.parent.iterdir()} == {
        "state.json", "state.json.previous", "state.json.lock",
    }  # fmt: skip


@pytest.fixture
def disk_full(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Let a system call fail with an error number: name -> errno."""
    failing: dict[str, int] = {}
    for name in ("open", "fsync", "link", "replace", "rename"):
        real = getattr(os, name)

        def call(*args: Any, _real: Any = real, _name: str = name, **named: Any) -> Any:
            writes = _name != "open" or ".tmp" in str(args[0])
            if _name in failing and writes:
                raise OSError(failing[_name], os.strerror(failing[_name]))
            return _real(*args, **named)

        monkeypatch.setattr(os, name, call)
    yield failing
    failing.clear()


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EACCES], ids=errno.errorcode.get
)
@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_failing_step_leaves_the_old_store_and_is_said_once(
    path: Path, disk_full: dict[str, int], step: str, number: int
) -> None:
    written(path)
    store = Store.open(path)
    store.put({"first": {"n": 2}, "second": {"n": 2}})
    disk_full[step] = number
    assert [store.flush(), store.flush()] == [0, 0]
    assert numbers(Store.open(path, write=False)) == {1}
    assert len(store.notes) == 1
    assert os.strerror(number) in store.notes[0]
    assert "kept in memory, tried again later" in store.notes[0]
    assert not list(path.parent.glob("*.tmp"))
    disk_full.clear()
    assert store.flush() > 0
    store.close()
    assert numbers(Store.open(path, write=False)) == {2}


def test_without_hard_links_a_predecessor_is_kept_all_the_same(path: Path, disk_full: dict[str, int]) -> None:
    written(path, 1)
    disk_full["link"] = errno.EPERM
    written(path, 2)
    assert numbers(Store.open(path.with_name("state.json.previous"), write=False)) == {1}


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_a_file_system_without_locks_is_used_and_said(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    store = Store.open(path)
    assert store.writable
    assert "knows no locks: run only one" in store.notes[0]
    store.put({"first": {"n": 1}})
    store.close()
    assert numbers(Store.open(path, write=False)) == {1}


def test_a_lock_file_that_was_removed_does_not_let_two_write_over_each_other_silently(path: Path) -> None:
    first = Store.open(path)
    first.put({"first": {"n": 1}})
    first.flush()
    path.with_name("state.json.lock").unlink()
    first.put({"first": {"n": 2}})
    first.close()
    again = Store.open(path)
    assert again.writable
    assert numbers(again) == {2}
    again.close()


def test_a_file_that_somebody_replaced_or_removed_meanwhile_is_written_whole_again(path: Path) -> None:
    store = Store.open(written(path))
    path.write_text("somebody else's\n")
    store.put({"first": {"n": 2}, "second": {"n": 2}})
    assert store.flush() > 0
    assert numbers(Store.open(path, write=False)) == {2}
    path.unlink()
    store.put({"first": {"n": 3}, "second": {"n": 3}})
    assert store.flush() > 0
    store.close()
    assert numbers(Store.open(path, write=False)) == {3}


def test_a_folder_that_vanished_meanwhile_is_said_and_the_store_goes_on_in_memory(path: Path) -> None:
    store = Store.open(written(path))
    for one in path.parent.iterdir():
        one.unlink()
    path.parent.rmdir()
    store.put({"first": {"n": 2}})
    assert store.flush() == 0
    assert "cannot write" in store.notes[-1]
    path.parent.mkdir()
    assert store.flush() > 0
    store.close()


def test_a_symlinked_store_stays_a_symlink(tmp_path: Path) -> None:
    """People keep it in a synchronised folder; the link must not be replaced by a file."""
    real, link = tmp_path / "real" / "kept.json", tmp_path / "data" / "state.json"
    real.parent.mkdir()
    link.parent.mkdir()
    link.symlink_to(real)
    written(link, 1)
    assert link.is_symlink()
    assert numbers(Store.open(real, write=False)) == {1}
    written(link, 2)
    assert link.is_symlink()
    assert numbers(Store.open(link, write=False)) == {2}
    real.unlink()
    real.with_name("kept.json.previous").unlink()
    written(link, 3)
    assert link.is_symlink()
    assert numbers(Store.open(real, write=False)) == {3}
    first = Store.open(link)
    assert not Store.open(real).writable, "by whatever name, one store has one writer"
    first.close()


@pytest.mark.parametrize("what", ["a folder", "a fifo", "a loop of links"])
def test_what_is_no_file_is_left_alone(path: Path, what: str) -> None:
    path.parent.mkdir()
    if what == "a folder":
        path.mkdir()
    elif what == "a fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    store = Store.open(path)
    store.put({"first": {"n": 1}})
    store.flush()
    assert store.notes, "it is said"
    assert len(store.notes) == len(set(store.notes))
    store.close()
    assert path.is_dir() or path.is_symlink() or path.is_fifo()


def test_a_home_that_does_not_exist_is_made_or_said(tmp_path: Path) -> None:
    deep = tmp_path / "no" / "such" / "home" / "state.json"
    written(deep)
    assert numbers(Store.open(deep, write=False)) == {1}
    nowhere = Store.open(Path("/proc/nowhere/state.json"))
    assert not nowhere.writable
    assert "cannot be written" in nowhere.notes[0]


def test_damage_on_damage_starts_anew_and_keeps_both(path: Path) -> None:
    written(written(path, 1), 2)
    path.write_bytes(b"")
    path.with_name("state.json.previous").write_bytes(b"\x00" * 5000)
    store = Store.open(path)
    assert store.writable
    assert store.requests() == {}
    assert len(list(path.parent.glob("*.damaged-*"))) == 2
    assert sum("damaged" in note for note in store.notes) == 2
    store.put({"first": {"n": 3}})
    store.close()
    assert json.loads(path.read_text())["requests"]["first"] == {"n": 3}

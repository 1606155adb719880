"""The store loses nothing, writes nothing needlessly, and says what it found."""

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker_tui.store.atomic import Tables
from tracker_tui.store.migrations import SCHEMA, lift, migrate
from tracker_tui.store.store import Store

REQUEST = {"title": "Station Nine", "state": "DOWNLOADING"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.json"


def written(path: Path, documents: dict[str, dict[str, Any]]) -> Path:
    store = Store.open(path)
    store.put(documents)
    store.close()
    return path


def documents(store: Store) -> dict[str, Any]:
    return {key: msgspec.json.decode(body) for key, body in store.requests().items()}


def test_what_was_put_is_there_after_a_restart(path: Path) -> None:
    store = Store.open(path)
    store.put({"sonarr:main:40": REQUEST}, {"cursor:sonarr:main": {"since": "2026-01-25T12:00:00Z"}})
    store.close()

    again = Store.open(path)
    assert again.notes == []
    assert documents(again) == {"sonarr:main:40": REQUEST}
    assert again.meta("cursor:sonarr:main") == {"since": "2026-01-25T12:00:00Z"}
    assert path.stat().st_mode & 0o777 == 0o600
    again.close()


def test_nothing_durable_changed_means_not_one_byte_written(path: Path) -> None:
    written(path, {"a": REQUEST})
    before = path.stat()
    store = Store.open(path)
    store.put({"a": dict(REQUEST), "never-there": None})
    assert not store.dirty
    assert store.flush() == 0
    store.close()
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_none_deletes_a_document(path: Path) -> None:
    written(path, {"a": REQUEST, "b": REQUEST})
    store = Store.open(path)
    store.put({"a": None})
    store.close()
    assert set(Store.open(path, write=False).requests()) == {"b"}


def test_a_second_process_reads_and_says_so_and_writes_nothing(path: Path) -> None:
    first = Store.open(path)
    first.put({"a": REQUEST})
    first.flush()
    second = Store.open(path)
    assert not second.writable
    assert "another tracker-tui" in second.notes[0]
    assert documents(second) == {"a": REQUEST}
    second.put({"a": None})
    assert second.flush() == 0
    first.close()
    third = Store.open(path)
    assert third.writable
    third.close()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda body: body[: len(body) // 2], id="truncated"),
        pytest.param(lambda body: b"", id="empty"),
        pytest.param(lambda body: b"\xff\xfe" + body, id="not UTF-8"),
        pytest.param(lambda body: body.replace(b"Nine", b"N\xe9ne"), id="not UTF-8 inside a document"),
        pytest.param(lambda body: body.replace(b'"DOWNLOADING"', b"DOWNLOADING"), id="no JSON inside a document"),
        pytest.param(lambda body: b"[1, 2]", id="other JSON"),
        pytest.param(lambda body: body.replace(b'"schema"', b'"scheme"'), id="no schema"),
        pytest.param(lambda body: b"[" * 100_000, id="recursion bomb"),
    ],
)
def test_a_damaged_file_is_set_aside_and_the_predecessor_takes_over(path: Path, damage: Any) -> None:
    written(path, {"a": REQUEST})
    written(path, {"b": REQUEST})
    path.write_bytes(damage(path.read_bytes()))

    store = Store.open(path)
    assert set(store.requests()) == {"a"}
    assert "damaged" in store.notes[0]
    assert "set aside" in store.notes[0]
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    store.put({"c": REQUEST})
    store.close()
    assert set(Store.open(path, write=False).requests()) == {"a", "c"}


def test_a_reader_leaves_a_damaged_file_where_it_is(path: Path) -> None:
    written(path, {"a": REQUEST})
    path.write_bytes(b"{")
    assert "damaged" in Store.open(path, write=False).notes[0]
    assert path.read_bytes() == b"{"


def test_a_missing_file_with_a_predecessor_goes_on_from_it(path: Path) -> None:
    written(path, {"a": REQUEST})
    written(path, {"b": REQUEST})
    path.unlink()
    store = Store.open(path)
    assert set(store.requests()) == {"a"}
    assert "went on from" in store.notes[0]
    store.close()


def test_a_newer_schema_is_left_untouched(path: Path) -> None:
    path.parent.mkdir()
    body = json.dumps({"meta": {"store": {"schema": SCHEMA + 1}}, "requests": {"a": REQUEST}}).encode()
    path.write_bytes(body)
    store = Store.open(path)
    assert not store.writable
    assert "newer version" in store.notes[0]
    store.put({"b": REQUEST})
    store.close()
    assert path.read_bytes() == body


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_said(path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    store = Store.open(path)
    assert not store.writable
    assert "cannot be written" in store.notes[0]


def test_the_folder_being_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    store = Store.open(tmp_path / "data" / "state.json")
    assert not store.writable
    assert "cannot be written" in store.notes[0]


def test_migrations_climb_from_version_1_and_keep_the_predecessor(path: Path) -> None:
    def rename(tables: Tables) -> Tables:
        return {**tables, "requests": {f"new:{key}": doc for key, doc in tables["requests"].items()}}

    def count(tables: Tables) -> Tables:
        return {**tables, "meta": {**tables["meta"], "count": {"n": len(tables["requests"])}}}

    tables: Tables = {"meta": {"store": {"schema": 1}}, "requests": {"a": REQUEST}}
    lifted = migrate(tables, {1: rename, 2: count})
    assert lifted == {"meta": {"store": {"schema": 3}, "count": {"n": 1}}, "requests": {"new:a": REQUEST}}
    assert tables == {"meta": {"store": {"schema": 1}}, "requests": {"a": REQUEST}}

    bodies = {
        name: {key: msgspec.Raw(msgspec.json.encode(doc)) for key, doc in table.items()}
        for name, table in tables.items()
    }
    assert msgspec.json.decode(msgspec.json.encode(lift(bodies, {1: rename, 2: count}))) == lifted
    assert lift(bodies, {}) is bodies


def test_a_document_that_nobody_changed_stands_in_the_file_byte_for_byte(path: Path) -> None:
    untouched = b'{ "unknown": [1e2, "\\u00e9"] }'
    path.parent.mkdir()
    path.write_bytes(b'{"meta": {"store": {"schema": 1}}, "requests": {"a": %b, "b": {"n": 1}}}' % untouched)
    store = Store.open(path)
    store.put({"b": {"n": 2}})
    store.close()
    assert untouched in path.read_bytes()
    assert documents(Store.open(path, write=False)) == {"a": {"unknown": [100.0, "é"]}, "b": {"n": 2}}


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_full_disk_loses_nothing_and_goes_on(path: Path) -> None:
    written(path, {"a": REQUEST})
    script = """
        import resource, signal, sys
        from pathlib import Path
        from tracker_tui.store.store import Store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = Store.open(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
        store.put({"big": {"text": "x" * 100_000}})
        assert store.flush() == 0 and store.dirty and "cannot write" in store.notes[-1], store.notes
        assert store.flush() == 0 and len(store.notes) == 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert store.flush() > 100_000
        store.close()
    """
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    result = run(script, str(path))
    assert result.returncode == 0, result.stderr
    assert set(Store.open(path, write=False).requests()) == {"a", "big"}
    assert not list(path.parent.glob("*.tmp"))


KILLED_AT = ["open", "write", "fsync", "link", "replace"]


@pytest.mark.parametrize("step", KILLED_AT)
@pytest.mark.parametrize("nth", [1, 2])
def test_killed_at_any_step_of_a_write_the_file_is_whole(path: Path, step: str, nth: int) -> None:
    written(path, {"a": REQUEST})
    script = """
        import os, signal, sys
        from pathlib import Path
        from tracker_tui.store import atomic
        from tracker_tui.store.store import Store
        path, step, nth = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
        store = Store.open(path)
        store.put({"b": {"text": "y" * 300_000}})
        seen = 0
        def trace(event, arguments):
            global seen
            names = {"open": "open", "link": "os.link", "replace": "os.rename", "fsync": "fsync", "write": "write"}
            if event == names[step]:
                seen += 1
                if seen == nth:
                    os.kill(os.getpid(), signal.SIGKILL)
        if step in ("fsync", "write"):
            real = os.fsync
            def fsync(handle):
                trace(step, ()) if step == "fsync" else None
                real(handle)
                trace(step, ()) if step == "write" else None
            os.fsync = fsync
        else:
            sys.addaudithook(trace)
        store.flush()
    """
    result = run(script, str(path), step, str(nth))
    assert result.returncode in {-signal.SIGKILL, 0}, result.stderr
    store = Store.open(path)
    assert store.notes == []
    assert set(store.requests()) in ({"a"}, {"a", "b"})
    assert not list(path.parent.glob("*.tmp"))
    store.close()

"""The house plan, read from the imports: which room may use which."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "tracker_tui"

MAY_IMPORT = {
    "model": set(),
    "config": {"model"},
    "services": {"model", "config"},
    "reconcile": {"model"},
    "diagnose": {"model", "reconcile"},
    "plan": {"model", "reconcile"},
    "store": {"model", "reconcile"},
    "engine": {"model", "config", "services", "reconcile", "diagnose", "plan", "store"},
    "remedies": {"model", "config", "services", "reconcile", "diagnose", "plan", "store"},
    "present": {"model"},
    "headless": {"model", "config", "services", "engine", "store", "remedies", "present", "session"},
    "tui": {"model", "config", "engine", "remedies", "present", "session"},
    "simulate": {"model", "config"},
}
"""Room -> rooms it may import. The files beside the rooms (`cli`, `session`) compose and may import any."""

OUTSIDE = {
    "httpx": {"services"},
    "pyarr": {"services"},
    "qbittorrentapi": {"services"},
    "tinydb": {"store"},
    "rich": {"headless", "tui"},
    "textual": {"tui"},
    "aiohttp": {"simulate"},
    "platformdirs": {"config"},
    "shtab": set(),
}
"""Library -> the only rooms that may import it."""

CLOCK_ROOMS = {"engine", "store", "remedies", "simulate"}
CLOCKS = {
    "time.time",
    "time.monotonic",
    "time.perf_counter",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "date.today",
}

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(file: Path) -> str | None:
    relative = file.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else None


def imports_of(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room they come from"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_scan_sees_the_house() -> None:
    assert len(FILES) > 15
    assert {room_of(file) for file in FILES} - {None} <= set(MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_imports_only_rooms_below_it(file: Path) -> None:
    room = room_of(file)
    imported = imports_of(ast.parse(file.read_text()))
    if room is not None:
        ours = {name.split(".")[1] for name in imported if name.startswith("tracker_tui.")} - {"__version__"}
        assert ours <= MAY_IMPORT[room] | {room}
        for library, rooms in OUTSIDE.items():
            if any(name == library or name.startswith(library + ".") for name in imported):
                assert room in rooms, f"{library} belongs to {sorted(rooms)}"


@pytest.mark.parametrize(
    "file", [f for f in FILES if room_of(f) not in CLOCK_ROOMS | {None}], ids=lambda f: str(f.relative_to(PACKAGE))
)
def test_only_some_rooms_read_a_clock(file: Path) -> None:
    tree = ast.parse(file.read_text())
    read = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & CLOCKS
    assert not read, f"pass `now` in instead of reading {read}"
    assert not {
        name for name in imports_of(tree) if name in {"time", "time.monotonic", "time.time", "time.perf_counter"}
    }

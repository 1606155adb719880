"""Recorded answers of real servers, beside the project; tests that use them skip where they are absent."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3].parent / "shared" / "captures" / "qbittorrent"

needs_captures = pytest.mark.skipif(not FOLDER.is_dir(), reason="the recorded answers are not here")


def names(pattern: str) -> list[str]:
    """Return the recordings whose name matches, without ".json"."""
    return sorted(file.stem for file in FOLDER.glob(f"{pattern}.json")) or ["absent"]


def load(name: str) -> Any:
    """Return a recording as it was kept."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def body(name: str) -> Any:
    """Return what the server sent."""
    kept = load(name)
    return kept["body"] if isinstance(kept, dict) and "body" in kept else kept


def raw(content: object) -> bytes:
    """Return `content` as a server would send it."""
    return json.dumps(content).encode()

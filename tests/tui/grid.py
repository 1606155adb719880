"""The screen as characters: what Pilot tests compare, readable in a diff."""

import os
from pathlib import Path

from rich.cells import cell_len
from textual.app import App

GOLDENS = Path(__file__).parent / "goldens"
WRITE = "WRITE_GOLDENS"
"""Set this variable to write goldens anew."""


def grid(app: App[None]) -> str:
    """Return the lines of the screen, right ends trimmed."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip if not segment.control) for strip in strips]
    assert len(lines) == height
    assert all(cell_len(line) == width for line in lines), [cell_len(line) for line in lines]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def check_golden(app: App[None], name: str) -> None:
    """Compare the screen with `goldens/<name>.txt`."""
    file = GOLDENS / f"{name}.txt"
    seen = grid(app)
    if os.environ.get(WRITE):
        file.parent.mkdir(exist_ok=True)
        file.write_text(seen, encoding="utf-8")
    assert seen == file.read_text(encoding="utf-8"), f"\n{seen}"

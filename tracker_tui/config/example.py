"""The example configuration, which documents every key: beside the project's README, and inside every built wheel."""

from pathlib import Path

_PLACES = (Path(__file__).parent, Path(__file__).parents[2])
"""Of an installed wheel (the build puts it there), and of a checkout."""


def example_text() -> str:
    """Return the text of `config.example.toml`. Raises FileNotFoundError where an installation lost it."""
    for place in _PLACES:
        try:
            return (place / "config.example.toml").read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
    raise FileNotFoundError("config.example.toml")

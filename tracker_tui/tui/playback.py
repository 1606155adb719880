"""The line and the keys of whatever is being played: the demo's story, or a recording."""

from collections.abc import Mapping
from typing import Protocol

from tracker_tui.present.lines import Span
from tracker_tui.tui.keys import KEYS, shown
from tracker_tui.tui.paint import fit, width_of


class Playback(Protocol):
    """Something that plays instead of the present."""

    recorded: bool
    """It is past: it can go back, and nobody can be asked or told to do anything."""

    @property
    def paused(self) -> bool:
        """Return whether it stands still."""

    def caption(self) -> str:
        """Return what is being played, where it is and how fast, in one line."""

    def toggle(self) -> None:
        """Pause, or play on."""

    def step(self) -> None:
        """Go to the next event or change."""

    def jump(self, direction: int) -> None:
        """Go back (-1) or forth (1) by some minutes; what cannot go back stays."""

    def faster(self, direction: int) -> None:
        """Play faster (1) or slower (-1)."""

    def again(self) -> None:
        """Begin again."""


def playback_line(playback: Playback, keys: Mapping[str, str], width: int, *, plain: bool) -> tuple[Span, ...]:
    """Return the line: what happens, then the keys as far as there is room for them."""
    spans = fit([Span(playback.caption(), "heading")], width, plain=plain)
    left = width - sum(width_of(span.text) for span in spans) - 3
    hints: list[Span] = []
    for key in KEYS:
        if key.where == "playback" and key.short and (playback.recorded or key.id != "play-back"):
            first = shown(keys[key.id].split(",")[0])
            word = "play" if key.id == "play" and playback.paused else key.short
            left -= width_of(first) + width_of(word) + 3
            if left < 0:
                break
            hints += [Span(first, "strong"), Span(f" {word}  ", "muted")]
    return (*spans, Span("   "), *hints) if hints else tuple(spans)

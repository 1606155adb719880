"""The line in which a filter is typed: no blinking cursor, and what is pasted is made safe before it is shown."""

from enum import Enum

from textual import events
from textual.message import Message

from tracker_tui.present.lines import Span
from tracker_tui.tui.lines import Text
from tracker_tui.tui.paint import safe

LIMIT = 100
_HINTS = (("Enter", "keep"), ("Esc", "drop"))
"""They cannot be changed: while something is typed every other key is text."""


class Typed(Enum):
    """What a key did to the filter."""

    CHANGED = "changed"
    KEPT = "kept"
    """The user is done."""
    DROPPED = "dropped"
    """The user wants no filter."""


class FilterLine(Text, can_focus=True):
    """The typed text. Its screen hands it every key at once, and every key counts in the order of typing."""

    class Pasted(Message):
        """Text was pasted."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self.text = ""
        self._found = ""

    def tell(self, found: str) -> None:
        """Say how many it finds."""
        self._found = found
        self._set(self.text)

    def begin(self, text: str) -> None:
        """Start typing after `text`."""
        self._set(text)

    def take(self, event: events.Key) -> Typed | None:
        """Take a key; None = it means nothing here."""
        match event.key:
            case "enter" | "tab" | "down":
                return Typed.KEPT
            case "escape":
                return Typed.DROPPED
            case "backspace" | "ctrl+h":
                self._set(self.text[:-1])
            case "ctrl+u":
                self._set("")
            case "ctrl+w":
                self._set(self.text.rstrip().rpartition(" ")[0])
            case _ if event.is_printable and event.character:
                self._set(self.text + event.character)
            case _:
                return None
        return Typed.CHANGED

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text."""
        event.stop()
        self._set(self.text + event.text)
        self.post_message(self.Pasted())

    def _set(self, text: str) -> None:
        self.text = safe(text)[:LIMIT]
        cursor = "_" if self.plain else "▏"
        hints = [Span(one, tone) for key, word in _HINTS for one, tone in ((key, "strong"), (f" {word}  ", "muted"))]
        found = Span(f"  {self._found}   ", "heading" if self.text else "muted")
        self.show([(Span("/ ", "heading"), Span(self.text), Span(cursor, "heading"), found, *hints)])

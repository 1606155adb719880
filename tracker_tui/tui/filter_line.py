"""The line in which a filter is typed: no blinking cursor, and what is pasted is made safe before it is shown."""

from textual import events
from textual.message import Message

from tracker_tui.present.lines import Span
from tracker_tui.tui.lines import Text
from tracker_tui.tui.paint import safe

LIMIT = 100


class FilterLine(Text, can_focus=True):
    """Typed text counts at once; Enter keeps it, Escape drops it."""

    class Typed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The user is done; `kept` False = wants no filter."""

        def __init__(self, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self.text = ""

    def begin(self, text: str) -> None:
        """Start typing after `text`."""
        self._set(text)
        self.focus()

    async def _on_key(self, event: events.Key) -> None:
        if event.key in {"enter", "escape", "tab", "down"}:
            self.post_message(self.Left(kept=event.key != "escape"))
        elif event.key in {"backspace", "ctrl+h"}:
            self._set(self.text[:-1])
        elif event.key in {"ctrl+u", "ctrl+w"}:
            self._set("")
        elif event.is_printable and event.character:
            self._set(self.text + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text."""
        event.stop()
        self._set(self.text + event.text)

    def _set(self, text: str) -> None:
        text = safe(text)[:LIMIT]
        changed = text != self.text
        self.text = text
        cursor = "_" if self.plain else "▏"
        self.show([(Span("/ ", "heading"), Span(text), Span(cursor, "heading"))])
        if changed:
            self.post_message(self.Typed(text))

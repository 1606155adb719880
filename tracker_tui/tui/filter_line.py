"""The line in which a filter is typed: no blinking cursor, and what is pasted is made safe before it is shown."""

from collections.abc import Mapping
from enum import Enum

from textual import events
from textual.message import Message

from tracker_tui.present.lines import Span
from tracker_tui.tui.keys import KEYS
from tracker_tui.tui.lines import Text
from tracker_tui.tui.paint import safe
from tracker_tui.tui.status import first

LIMIT = 100


class Typed(Enum):
    """What a key did to the filter."""

    CHANGED = "changed"
    KEPT = "kept"
    """The user is done."""
    DROPPED = "dropped"
    """The user wants no filter."""
    NOTHING = "nothing"
    """It means something elsewhere, not while a filter is typed."""


class FilterLine(Text, can_focus=True):
    """The typed text. Its screen hands it every key at once, and every key counts in the order of typing."""

    class Pasted(Message):
        """Text was pasted."""

    class Left(Message):
        """The user went elsewhere with the mouse."""

    def __init__(self, keys: Mapping[str, str], *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(plain=plain, id=id)
        self.text = ""
        self._found = ""
        mine = [key for key in KEYS if key.where == "typing"]
        self._elsewhere = {one.strip() for key in KEYS if key.where == "everywhere" for one in keys[key.id].split(",")}
        self._actions = {one.strip(): key.action for key in mine for one in keys[key.id].split(",")}
        self._hints = [(first(keys, key.id), key.short) for key in mine if key.short]

    def tell(self, found: str) -> None:
        """Say how many it finds."""
        self._found = found
        self._set(self.text)

    def begin(self, text: str) -> None:
        """Start typing after `text`."""
        self._set(text)

    def take(self, event: events.Key) -> Typed | None:
        """Take a key; None = it is for the application."""
        if event.is_printable and event.character:
            self._set(self.text + event.character)
            return Typed.CHANGED
        action = next((self._actions[one] for one in event.aliases if one in self._actions), None)
        if action is None:
            return None if self._elsewhere.intersection(event.aliases) else Typed.NOTHING
        done: Typed = getattr(self, f"action_{action}")()
        return done

    def action_keep(self) -> Typed:
        """Leave the filter as it is."""
        return Typed.KEPT

    def action_drop(self) -> Typed:
        """Leave without a filter."""
        return Typed.DROPPED

    def action_erase(self) -> Typed:
        """Erase the last character."""
        return self._changed(self.text[:-1])

    def action_erase_word(self) -> Typed:
        """Erase the last word."""
        return self._changed(self.text.rstrip().rpartition(" ")[0])

    def action_erase_all(self) -> Typed:
        """Erase everything."""
        return self._changed("")

    def _changed(self, text: str) -> Typed:
        self._set(text)
        return Typed.CHANGED

    def on_blur(self) -> None:
        """Tell that somebody else has the keys now."""
        self.post_message(self.Left())

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text; its lines become words of one."""
        event.stop()
        self._set(self.text + " ".join(event.text.split()))
        self.post_message(self.Pasted())

    def _set(self, text: str) -> None:
        self.text = safe(text)[:LIMIT]
        cursor = "_" if self.plain else "▏"
        hints = [
            Span(one, tone) for key, word in self._hints for one, tone in ((key, "strong"), (f" {word}  ", "muted"))
        ]
        found = Span(f"  {self._found}   ", "heading" if self.text else "muted")
        self.show([(Span("/ ", "heading"), Span(self.text), Span(cursor, "heading"), found, *hints)])

"""Every key, declared once: bindings, help, key line, command palette and docs/keys.md are made from this table."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.binding import Binding, BindingType

from tracker_tui.present.lines import Line, Span


class Key(NamedTuple):
    """One action. `id` is stable: `[ui] keymap` names it.

    `where`: list (whatever scrolls), tree, main (the main screen), playback (the main screen over a demo or a
    recording), everywhere, page (what covers the main screen), choice (a page to choose from), or typing (the line in
    which a filter is typed; there every key that is a character is text).
    """

    id: str
    keys: str
    action: str
    words: str
    where: str
    short: str = ""
    """Its word in the line of keys that it stands in."""


KEYS = (
    Key("cursor-down", "down,j", "cursor(1)", "next row", "list"),
    Key("cursor-up", "up,k", "cursor(-1)", "row above", "list"),
    Key("page-down", "pagedown,ctrl+f,ctrl+d", "page(1)", "a page down", "list"),
    Key("page-up", "pageup,ctrl+b,ctrl+u", "page(-1)", "a page up", "list"),
    Key("first", "home,g", "edge(-1)", "first row", "list"),
    Key("last", "end,G", "edge(1)", "last row", "list"),
    Key("expand", "right,l", "expand", "unfold, then into the first row below", "tree"),
    Key("collapse", "left,h", "collapse", "fold, then to the row it belongs to", "tree"),
    Key(
        "toggle",
        "enter,space",
        "fold",
        "fold or unfold; go to the details of a row that has nothing below it",
        "tree",
        "open",
    ),
    Key("next-attention", "n", "next_attention(1)", "next row that needs attention", "main", "attention"),
    Key("previous-attention", "N", "next_attention(-1)", "previous row that needs attention", "main"),
    Key(
        "filter",
        "slash",
        "filter",
        "show only what a text finds: titles, state, service, requester, what is wrong",
        "main",
        "filter",
    ),
    Key("state-filter", "f", "states", "show only some states: choose several", "main", "state"),
    Key("sort", "s", "sort", "change the order within groups", "main", "sort"),
    Key("clear", "escape", "clear", "take messages away; else leave the details; else drop filters", "main"),
    Key("details", "d", "details", "show or hide the details", "main", "details"),
    Key("other-pane", "tab", "other_pane", "go to the details and back", "main"),
    Key(
        "vfs-refresh",
        "v",
        "vfs_refresh",
        "make Jellyfin scan for this row; rebuild Shokofin's VFS for anime",
        "main",
        "VFS",
    ),
    Key("refresh", "r", "refresh_now", "ask every service now", "main", "refresh"),
    Key("ask", "x", "ask", "ask why: rejection reasons, Shokofin's preview (expensive)", "main", "why"),
    Key("link", "o", "links", "show and copy the row's links", "main", "link"),
    Key("unassigned", "u", "unassigned", "downloads that belong to nothing known", "main", "unassigned"),
    Key("history", "H", "history", "what happened lately", "main", "history"),
    Key("services", "S", "services", "the services: versions, what is asked, calls, errors", "main", "services"),
    Key("log", "L", "app.log", "the program's own log", "main", "log"),
    Key("mute", "m", "mute", "mute the row or a warning; what is muted, to hear of it again", "main", "mute"),
    Key("play", "p", "app.play('toggle')", "pause, or play on (demo, recording)", "playback", "pause"),
    Key("play-step", "full_stop", "app.play('step')", "pause at the next change (demo, recording)", "playback", "next"),
    Key("play-back", "less_than_sign", "app.play('jump', -1)", "some minutes back (recording)", "playback", "back"),
    Key("play-on", "greater_than_sign", "app.play('jump', 1)", "some minutes on (demo, recording)", "playback", "on"),
    Key("play-faster", "plus", "app.play('faster', 1)", "faster (demo, recording)", "playback", "faster"),
    Key("play-slower", "minus", "app.play('faster', -1)", "slower (demo, recording)", "playback", "slower"),
    Key("play-again", "0", "app.play('again')", "begin again (demo, recording)", "playback", "again"),
    Key("theme", "t", "theme", "choose a theme", "everywhere", "theme"),
    Key("redraw", "ctrl+l", "redraw", "draw the screen anew", "everywhere"),
    Key("suspend", "ctrl+z", "suspend_process", "back to the shell for a while; its fg returns here", "everywhere"),
    Key("help", "question_mark", "help", "keys of where you are, then all others; glyphs", "everywhere", "help"),
    Key("palette", "ctrl+p", "command_palette", "command palette", "everywhere", "commands"),
    Key("quit", "q,ctrl+q,ctrl+c", "quit", "quit", "everywhere", "quit"),
    Key("close", "escape,q", "close", "close a page (help, log, history, links)", "page"),
    Key("mark", "space", "mark", "mark an entry, where several can be chosen, or take it", "choice"),
    Key("choose", "enter", "choose", "take the entry of a list, or what is marked", "choice"),
    Key("filter-keep", "enter,tab,down", "keep", "keep the filter and go to the rows", "typing", "keep"),
    Key("filter-drop", "escape", "drop", "drop the filter", "typing", "drop"),
    Key("filter-erase", "backspace,ctrl+h", "erase", "erase a character", "typing"),
    Key("filter-erase-word", "ctrl+w", "erase_word", "erase a word", "typing"),
    Key("filter-erase-all", "ctrl+u", "erase_all", "erase everything", "typing"),
)
"""In the order of the help."""

KEY_LINE = (
    *("help", "quit", "toggle", "next-attention", "filter", "details", "vfs-refresh", "ask", "refresh", "state-filter"),
    *("sort", "link", "mute", "unassigned", "history", "services", "log", "theme", "palette"),
)
"""Ids of what stands in the key line, as many as there is room for: the most useful first."""

_PRESS = re.compile(r"\bpress ([a-zA-Z])\b")

_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "down": "Down",
    "up": "Up",
    "left": "Left",
    "right": "Right",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "space": "Space",
    "escape": "Esc",
    "tab": "Tab",
}


def bindings(*wheres: str) -> list[BindingType]:
    """Return the bindings of some places, for `BINDINGS`."""
    return [
        Binding(key.keys, key.action, key.words, show=False, id=key.id, tooltip=key.words)
        for key in KEYS
        if key.where in wheres
    ]


def effective(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of every id, as the user has them."""
    return {key.id: keymap.get(key.id, key.keys) for key in KEYS}


def shown(keys: str) -> str:
    """Return keys as people write them: "Down, j"."""
    return ", ".join(_SHOWN.get(one.strip(), one.strip().replace("ctrl+", "Ctrl+")) for one in keys.split(","))


def reworded(lines: Sequence[Line], keys: Mapping[str, str]) -> Sequence[Line]:
    """Return texts in which a key to press is the one that the user has for it; `keys` as of `effective`."""
    now = {key.keys: shown(keys[key.id].split(",")[0]) for key in KEYS if key.id in keys and len(key.keys) == 1}
    if all(usual == one for usual, one in now.items()):
        return lines

    def told(span: Span) -> Span:
        return Span(_PRESS.sub(lambda found: f"press {now.get(found[1], found[1])}", span.text), span.tone)

    return [one._replace(spans=tuple(map(told, one.spans))) for one in lines]


def complaints(keymap: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a key map: ids that do not exist, keys that mean two things at once."""
    known = {key.id for key in KEYS}
    found = [f"key map: there is no action {name!r}; ? shows the actions" for name in keymap if name not in known]
    now = effective(keymap)
    for together in _TOGETHER:
        taken: dict[str, str] = {}
        for key in KEYS:
            for one in now[key.id].split(",") if key.where in together else ():
                pressed = _normal(one.strip())
                other = taken.setdefault(pressed, key.id)
                if other != key.id:
                    found.append(f"key map: {shown(one)!r} means both {other!r} and {key.id!r}")
                if key.where == "typing" and (len(pressed) == 1 or pressed in _CHARACTERS):
                    found.append(f"key map: {shown(one)!r} is text while a filter is typed, and cannot be {key.id!r}")
    return list(dict.fromkeys(found))


_TOGETHER = (("list", "tree", "main", "playback", "everywhere"), ("list", "page", "choice"), ("typing",))
"""Places whose keys are heard at the same time."""
_CHARACTERS = frozenset({"question_mark", "slash", "full_stop", "less_than_sign", "greater_than_sign", "plus", "minus"})
"""Names of keys that type something; letters and digits are their own names."""


def _normal(key: str) -> str:
    return {"?": "question_mark", "/": "slash"}.get(key, key)


def document() -> str:
    """Return docs/keys.md."""
    head = [
        "# Keys",
        "",
        "Made from `tracker_tui/tui/keys.py` (`python -m tracker_tui.tui.keys > docs/keys.md`); do not edit.",
        "",
        "Every key can be changed: `[ui.keymap]` in the configuration takes the id and its new keys, for example",
        '`quit = "Q"` or `filter = ["slash", "ctrl+s"]`. What is not named there keeps its keys.',
        "",
        "| id | keys | what it does |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *_table(KEYS)]) + "\n"


def _table(keys: Sequence[Key]) -> list[str]:
    return [
        f"| `{key.id}` | {', '.join(f'`{one}`' for one in shown(key.keys).split(', '))} | {key.words} |" for key in keys
    ]


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - it is what this command is for

"""A small terminal: what a stream of bytes leaves on the screen, and which modes it leaves on.

It knows what our program may send and counts everything else in `strange`, so that a test can tell both what the user
sees and whether anything came that nobody meant to send. Widths are those of Unicode's own tables, not of the
libraries the program draws with.
"""

import re
import unicodedata
from collections import Counter

_TOKEN = re.compile(
    r"\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1bP(?P<dcs>[^\x1b]*)\x1b\\"
    r"|\x1b(?P<short>[()][0-9A-Za-z]|[^\[\]P()])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)

OUR_MODES = frozenset({7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004, 2026, 2048})
"""DEC private modes that the interface may switch."""
MOUSE = frozenset({1000, 1002, 1003, 1005, 1006, 1015, 1016})


def width_of(character: str) -> int:
    """Return the cells of a character by Unicode's east Asian width; marks and formats take none."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


class Emulator:
    """A screen of cells. A wide character fills its second cell with ""; a mark joins the character before it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.row = self.column = 0
        self.cells = [[" "] * width for _ in range(height)]
        self.modes: dict[int, bool] = {}
        self.titles: list[str] = []
        self.clipboard: list[str] = []
        self.strange: Counter[str] = Counter()
        self.split = 0
        """How often half of a wide character was overwritten."""
        self.scrolled = 0
        self._rest = ""
        self._undecoded = b""

    def feed(self, data: bytes) -> None:
        """Take what a program has written."""
        whole = self._undecoded + data
        text = whole.decode("utf-8", "ignore") if _complete(whole) else whole[: _last_start(whole)].decode()
        self._undecoded = b"" if _complete(whole) else whole[_last_start(whole) :]
        self._rest += text
        position = 0
        while match := _TOKEN.match(self._rest, position):
            self._take(match)
            position = match.end()
        self._rest = self._rest[position:]

    def resize(self, width: int, height: int) -> None:
        """Become another size; what was there stays, cut or filled."""
        kept = [row[:width] + [" "] * (width - len(row)) for row in self.cells[:height]]
        self.cells = kept + [[" "] * width for _ in range(height - len(kept))]
        self.width, self.height = width, height
        self.row, self.column = min(self.row, height - 1), min(self.column, width - 1)

    def lines(self) -> list[str]:
        """Return the rows as text, right ends trimmed."""
        return ["".join(row).rstrip() for row in self.cells]

    def line_with(self, text: str) -> str:
        """Return the first row that contains `text`; "" if none does."""
        return next((line for line in self.lines() if text in line), "")

    def column_of(self, text: str) -> int:
        """Return in which cell `text` begins in the first row that contains it; -1 if none does."""
        for row in self.cells:
            found = "".join(row).find(text)
            if found >= 0:
                passed = 0
                for column, cell in enumerate(row):
                    if passed == found:
                        return column
                    passed += len(cell)
        return -1

    def _take(self, match: re.Match[str]) -> None:
        if (text := match["text"]) is not None:
            for character in text:
                self._put(character)
        elif (final := match["final"]) is not None:
            self._sequence(match["private"], match["numbers"], match["between"], final)
        elif (osc := match["osc"]) is not None:
            self._command(osc)
        elif match["control"] == "\r":
            self.column = 0
        elif match["control"] == "\n":
            self._down()
        else:
            self.strange[repr(match.group()[:20])] += 1

    def _put(self, character: str) -> None:
        width = width_of(character)
        if width == 0:
            if self.column:
                at = self.column - 1
                while at and self.cells[self.row][at] == "":
                    at -= 1
                self.cells[self.row][at] += character
            return
        if self.column + width > self.width:
            self.column = 0
            self._down()
        row = self.cells[self.row]
        if row[self.column] == "":
            self.split += 1
        row[self.column] = character
        if width == 2:
            row[self.column + 1] = ""
        following = self.column + width
        if following < self.width and row[following] == "":
            row[following] = " "
        self.column = following

    def _down(self) -> None:
        if self.row < self.height - 1:
            self.row += 1
        else:
            self.scrolled += 1
            self.cells = [*self.cells[1:], [" "] * self.width]

    def _sequence(self, private: str, numbers: str, between: str, final: str) -> None:
        values = [int(one) if one else 0 for one in numbers.split(";")]
        if private == "?" and final in "hl":
            for mode in values:
                self.modes[mode] = final == "h"
                if mode not in OUR_MODES | MOUSE:
                    self.strange[f"mode {mode}"] += 1
        elif private or between:
            if final not in "pu":  # asking for a mode; the keyboard protocol
                self.strange[f"CSI {private}{between}{final}"] += 1
        elif final in "Hf":
            self.row = min(max(values[0], 1), self.height) - 1
            self.column = min(max(values[1] if len(values) > 1 else 1, 1), self.width) - 1
        elif final == "J":
            self.cells = [[" "] * self.width for _ in range(self.height)]
        elif final == "K":
            self.cells[self.row][self.column :] = [" "] * (self.width - self.column)
        elif final == "C":
            self.column = min(self.column + max(values[0], 1), self.width - 1)
        elif final != "m":
            self.strange[f"CSI {final}"] += 1

    def _command(self, osc: str) -> None:
        number, _, rest = osc.partition(";")
        if number in {"0", "1", "2"}:
            self.titles.append(rest)
        elif number == "52":
            self.clipboard.append(rest)
        elif number != "22":  # the pointer's shape
            self.strange[f"OSC {number}"] += 1


def _last_start(data: bytes) -> int:
    start = len(data) - 1
    while start > 0 and data[start] & 0xC0 == 0x80:
        start -= 1
    return start


def _complete(data: bytes) -> bool:
    if not data:
        return True
    first = data[_last_start(data)]
    needed = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    return len(data) - _last_start(data) >= needed

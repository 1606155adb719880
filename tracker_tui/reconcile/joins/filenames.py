"""Read what a file name of a release says about its episodes.

Written for anime fansubs, scene and web releases alike: general release parsers read numbers of titles, checksums and
audio channels as episodes, and take milliseconds a name.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from tracker_tui.model.record import Fact
from tracker_tui.reconcile.joins import release_words as words


class FileKind(StrEnum):
    """What sort of content a name announces."""

    EPISODE = "episode"
    SPECIAL = "special"
    """OVA, OAD, special, film, recap with a decimal number."""
    EXTRA = "extra"
    """Credits, trailers, menus, interviews, bonus folders."""
    SAMPLE = "sample"
    OTHER = "other"
    """Neither video nor a volume of a packed release."""


class NameFacts(Fact):
    """What one path inside a release says; () and None mean it says nothing.

    `season` is named in the file or, where `episodes` are none, by a folder above it. `episodes` are numbers within
    that season (`S02E05`, `2x05`, `S2 - 05`); `numbers` are bare ones, season-relative or absolute: only the whole
    set of files can tell. `prefix` is the comparable text before the number: the title as the release writes it.
    """

    kind: FileKind
    season: int | None = None
    episodes: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    air_date: date | None = None
    part: int | None = None
    version: int = 1
    prefix: str = ""
    group: str | None = None
    crc: str | None = None
    archive: bool = False
    """A volume of a packed release instead of a video."""


class _Number(Fact):
    """A number found in a name, where it stands, and the season named with it."""

    start: int
    end: int
    values: tuple[int, ...] = ()
    season: int | None = None
    version: int = 1
    part: int | None = None


class _Found(Fact):
    """What a name or folder holds: a number or a date, the season named in it, and the comparable text before it."""

    number: _Number | None = None
    day: date | None = None
    season: int | None = None
    prefix: str = ""


_LONGEST_RANGE = 30
"""A longer one is a span of years or of a batch, not of one file."""

_TAIL = r"(?:\s?v(?P<v>\d))?(?P<letter>[ab])?(?![^\W_])"
_EXPLICIT = re.compile(
    r"(?<![^\W_])s(?P<season>\d{1,4})[\s._-]{0,3}ep?[\s._]?(?P<first>\d{1,4})"
    r"(?P<more>(?:\s?[-+&~,._]?\s?(?:s\d{1,4}[\s._]?)?ep?\d{1,4}|[-~+]\d{2,4}(?![^\W_]))*)" + _TAIL
    + r"|(?<![^\W_])(?P<season_x>\d{1,2})x(?P<first_x>\d{2,3})"
    r"(?P<more_x>(?:\s?[-+~&]\s?\d{1,2}x\d{2,3}|[-+~x]\d{2,3})*)(?![^\W_])",
    re.IGNORECASE,
)  # fmt: skip
_MORE = re.compile(
    r"(?P<join>[-~]?)(?:[^\d-]*?)(?:s\d{1,4}[\s._]?|\d{1,2}x)?(?:ep?)?(?P<number>\d+)(?!\d*x)", re.IGNORECASE
)

_BARE_NUMBER = r"(?P<first>\d{1,4})(?P<decimal>\.\d(?!\d))?(?P<more>[-~+&](?:ep?)?\d{1,4}|\s[&+]\s\d{2,4})?" + _TAIL
_PADDED_NUMBER = r"(?P<first>\d{2,4})(?P<decimal>(?!))?(?P<more>(?!))?" + _TAIL
_CLOSED = r"(?=\s*(?:$|[\[(|~]|-\s|(?:end|final|fin)(?![^\W_])))"
_PLACES = (
    (
        r"第?(?P<first>\d{1,4})(?P<decimal>\.\d)?(?P<more>[-~]\d{1,4})?(?:v(?P<v>\d))?(?P<letter>(?!))?[話话集回화]",
        True,
    ),
    (
        r"(?:(?<!\S)\#|(?<![^\W_])(?:e(?=\d)|(?:ep|eps|episodes?|épisode|folge|episodio|cap[ií]tulo)[\s.-]{0,2}))"
        + _BARE_NUMBER,
        True,
    ),
    (r"(?:^|[\s\])|])-\s*" + _BARE_NUMBER + _CLOSED, True),
    (r"(?:\[|\((?=\d\d))" + _BARE_NUMBER + r"(?:\s?end|\s?of\s?\d+)?[\])]", False),
    (r"^\s*" + _BARE_NUMBER + r"(?=$|[\s.\-\[(|])", False),
    (r"(?:^|[\s\])|])-\s*" + _BARE_NUMBER + r"(?=\s)", True),
    (
        r"(?<![^\s\[\](|])(?P<first>\d{1,4})(?P<decimal>(?!))?(?P<more>(?!))?(?P<v>(?!))?(?P<letter>(?!))?\s?of\s?\d+",
        False,
    ),
    (r"(?<![^\s\])|])" + _BARE_NUMBER + _CLOSED, False),
    (r"(?<=\w)-" + _PADDED_NUMBER + _CLOSED, False),
    (r"(?<![^\s\])|])" + _PADDED_NUMBER + r"(?=\s)", False),
)
"""Where a bare number may stand, surest place first, and whether 2014 is a number there instead of a year: counted,
worded, last after a dash, bracketed, leading, after a dash, `3 of 12`, trailing, hyphened, and at worst anywhere."""
_BARE = tuple((re.compile(pattern, re.IGNORECASE), years) for pattern, years in _PLACES)
_YEARS = range(1900, 2100)

_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)([-.\s]?)([01]\d)\2([0-3]\d)|([0-3]\d)[-.\s]([01]\d)[-.\s]((?:19|20)\d\d))(?!\d)"
)
_CRC = re.compile(r"[\[(]([0-9A-Fa-f]{8})[\])]")
_LEADING_TAG = re.compile(r"\s*\[(?!\s*(?:ep?\.?\s?)?\d{1,4}(?:\.\d)?(?:v\d)?\s*\])([^\]]*)\]")
_SCENE_GROUP = re.compile(r"-(?!(?:s\d+)?ep?\d)(?=\w*[A-Za-z])(\w+)$", re.IGNORECASE)
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_BRACKET = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_NUMBER_BRACKET = re.compile(
    r"(?:(?:ep?\.?|第)\s?)?\d{1,4}(?:\.\d)?(?:[-~+&]\d{1,4})?(?:\s?v\d)?(?:\s?end|\s?of\s?\d+)?[話话集回]?",
    re.IGNORECASE,
)
_KANJI = re.compile(r"(?<=第)[一二三四五六七八九十]{1,3}(?=[話话集回季期])")
_DIGITS = "〇一二三四五六七八九"
_PUNCTUATION = str.maketrans("【】〔〕「」『』〜～_", "[][]||||~~ ")
_WORD = re.compile(r"[^\W_]+")
_YEAR_LAST = re.compile(r"(?<=\w) (?:19|20)\d\d$")


@lru_cache(maxsize=4096)
def read_name(path: str) -> NameFacts:
    """Return what `path`, as a torrent lists it, says: quality, codecs, years, checksums and groups are no numbers."""
    *folders, name = path.split("/")
    stem, _, extension = name.rpartition(".")
    archive = words.ARCHIVE.fullmatch(extension.lower()) is not None
    if not stem or not (archive or words.VIDEO.fullmatch(extension.lower())):
        return NameFacts(kind=FileKind.OTHER)
    text = _plain(stem)
    above = [_plain(folder) for folder in folders]
    crc = _CRC.search(text)
    tag = _LEADING_TAG.match(text)
    group = tag or _SCENE_GROUP.search(text)
    on_disc = any(words.DISC_FOLDER.fullmatch(folder) for folder in folders)
    found = _Found() if on_disc else _explicit_in(text, tag) or _bare_in(text, tag)
    if found.number is None and found.day is None and above:
        found = _explicit_in(above[-1], None) or found
    number, season = found.number, found.season
    kind, special = _kind(text, above, number)
    in_name = season is not None
    if season is None:
        season = _folder_season(above)
    values = number.values if number is not None else special
    return NameFacts(
        kind=FileKind.SPECIAL if season == 0 and kind is FileKind.EPISODE else kind,
        season=season,
        episodes=values if in_name else (),
        numbers=() if in_name else values,
        air_date=found.day,
        part=_part(text, number),
        version=number.version if number is not None else 1,
        prefix=found.prefix,
        group=group[1].strip() if group else None,
        crc=crc[1].upper() if crc else None,
        archive=archive,
    )


def _explicit_in(text: str, tag: re.Match[str] | None) -> _Found | None:
    """Return the number with its season (`S02E05`), if the text has one."""
    number = _explicit(_untagged(text, tag))
    if number is None:
        return None
    return _Found(number=number, season=number.season, prefix=_join_words(_untagged(text, tag)[: number.start]))


def _bare_in(text: str, tag: re.Match[str] | None) -> _Found:
    """Return the bare number or the date, and the season label that stands somewhere else in the name."""
    titled = _untagged(text, tag)
    season = None
    label = words.season_label(titled)
    if label is not None:
        season, start, end = label
        titled = f"{titled[:start]}{'|' * (end - start)}{titled[end:]}"
    titled = words.NO_NUMBER.sub(_blank, titled)
    bare = _unbracketed(titled)
    day = _day(bare)
    number = _bare_number(bare) if day is None else None
    if number is None and day is None:
        day = _day(text)
    return _Found(
        number=number, day=day, season=season, prefix=_join_words(titled if number is None else titled[: number.start])
    )


def _untagged(text: str, tag: re.Match[str] | None) -> str:
    return text if tag is None else "|" * tag.end() + text[tag.end() :]


def _plain(text: str) -> str:
    """Return the text with one kind of bracket, dash-like range sign, digit and blank."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _KANJI.sub(lambda found: str(_kanji(found[0])), text)
    return text.translate(_PUNCTUATION)


def _kanji(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.find(text[-1])
    return (_DIGITS.find(tens) if tens else 1) * 10 + (_DIGITS.find(ones) if ones else 0)


def _blank(found: re.Match[str]) -> str:
    return "|" * len(found[0])


def _unbracketed(text: str) -> str:
    """Return the text with brackets blanked that hold no number, and with blanks for the dots of a dotted name."""
    text = _BRACKET.sub(lambda found: found[0] if _NUMBER_BRACKET.fullmatch(found[1]) else _blank(found), text)
    return text if " " in text else _DOT.sub(" ", _SCENE_GROUP.sub(_blank, text))


def _explicit(text: str) -> _Number | None:
    found = _EXPLICIT.search(text)
    if found is None:
        return None
    if found["season_x"]:
        return _number(found, int(found["first_x"]), found["more_x"], int(found["season_x"]))
    return _number(found, int(found["first"]), found["more"], int(found["season"]))


def _bare_number(text: str) -> _Number | None:
    for pattern, years in _BARE:
        for found in pattern.finditer(text):
            first = int(found["first"])
            if first in _YEARS and not years:
                continue
            if found["decimal"]:
                return _Number(start=found.start(), end=found.end())
            return _number(found, first, found["more"], None)
    return None


def _number(found: re.Match[str], first: int, more: str | None, season: int | None) -> _Number:
    values = [first]
    for another in _MORE.finditer(more or ""):
        number = int(another["number"])
        if number <= values[-1] or number - first > _LONGEST_RANGE:
            break
        values.extend(range(values[-1] + 1, number + 1) if another["join"] else [number])
    letter = found["letter"]
    return _Number(
        start=found.start(),
        end=found.end(),
        values=tuple(values),
        season=season,
        version=int(found["v"]) if found["v"] else 1,
        part="ab".index(letter.lower()) + 1 if letter else None,
    )


def _day(text: str) -> date | None:
    found = _DATE.search(text)
    if found is None:
        return None
    year, _, month, day, day_first, month_after, year_last = found.groups()
    try:
        return date(int(year or year_last), int(month or month_after), int(day or day_first))
    except ValueError:
        return None


def _part(text: str, number: _Number | None) -> int | None:
    """Return the part of a split episode; before the number it counts cours of a show, not parts of a file."""
    if number is None or number.part is not None:
        return number.part if number is not None else None
    found = words.PART.search(text, number.end)
    return int(found[1]) if found is not None else None


def _kind(text: str, above: Sequence[str], number: _Number | None) -> tuple[FileKind, tuple[int, ...]]:
    """Return the kind of content and, where only its word carries one, its number (`SP02`)."""
    folders = [_folder_words(folder) for folder in above]
    if words.SAMPLE.search(text) or any(words.SAMPLE_FOLDER.fullmatch(folder) for folder in folders):
        return FileKind.SAMPLE, ()
    if words.EXTRA_SUFFIX.search(text) or words.CREDITLESS.search(text):
        return FileKind.EXTRA, ()
    if any(words.EXTRA_FOLDER.fullmatch(folder) for folder in folders):
        return FileKind.EXTRA, ()
    if number is not None and number.season is not None:
        return FileKind.EPISODE, ()
    for pattern in (words.EXTRA_FIELD, words.THEME_SONG):
        if _announces(pattern.search(text), number):
            return FileKind.EXTRA, ()
    special = words.SPECIAL_FIELD.search(text)
    if special is not None and _announces(special, number):
        return FileKind.SPECIAL, (int(special[1]),) if special[1] else ()
    decimal = number is not None and not number.values
    in_folder = any(words.SPECIAL_FOLDER.fullmatch(folder) for folder in folders)
    if decimal or in_folder or words.OVA.search(text):
        return FileKind.SPECIAL, ()
    return FileKind.EPISODE, ()


def _announces(word: re.Match[str] | None, number: _Number | None) -> bool:
    """Return whether a word names this content: its number is the one that was read, or none was."""
    return word is not None and (
        number is None or word.start() <= number.start < word.end() or word.end() > number.end > word.start()
    )


def _folder_words(folder: str) -> str:
    bare = words.NOISE.sub("", _BRACKET.sub("", folder) or folder.strip("[]()"))
    return " ".join(bare.replace(".", " ").split())


def _folder_season(above: Sequence[str]) -> int | None:
    """Return the season of the nearest folder that names one."""
    for folder in reversed(above):
        if words.SEASON_ZERO_FOLDER.fullmatch(_folder_words(folder)):
            return 0
        label = words.season_label(folder, folder=True)
        if label is not None:
            return label[0]
    return None


def comparable(title: str) -> str:
    """Return a title as `NameFacts.prefix` is written: words only, case-folded, without a year behind them."""
    return _join_words(_plain(title))


def _join_words(text: str) -> str:
    return _YEAR_LAST.sub("", " ".join(_WORD.findall(text)).casefold())

"""The safe text boundary: what comes in hostile goes out harmless, what comes in honest goes out as it was."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker_tui.model.text import MARK, PATH_LIMIT, TEXT_LIMIT, clean, clean_or_none, clean_path

SHOWN_FORMATS = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Characters Unicode calls formats although they are drawn (number signs of Arabic, Syriac and Kaithi)."""


def harmful(character: str) -> bool:
    """Return whether Unicode says that a character controls, hides or breaks; apart from the code under test."""
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or (category == "Cf" and character not in SHOWN_FORMATS)


HOSTILE = [
    ("clear the screen", "a\x1b[2Jb", f"a{MARK}[2Jb"),
    ("set the title", "a\x1b]0;owned\x07b", f"a{MARK}]0;owned{MARK}b"),
    ("write the clipboard", "\x1b]52;c;ZXZpbA==\x1b\\", f"{MARK}]52;c;ZXZpbA=={MARK}\\"),
    ("8-bit CSI", "a\x9b2Jb", f"a{MARK}2Jb"),
    ("8-bit OSC", "a\x9d0;x\x9cb", f"a{MARK}0;x{MARK}b"),
    ("device control", "\x90q\x9c", f"{MARK}q{MARK}"),
    ("null, bell, backspace, delete", "a\x00b\x07c\x08d\x7fe", f"a{MARK}b{MARK}c{MARK}d{MARK}e"),
    ("next line in C1", "a\x85b", "a b"),
    ("line breaks become one space", "a\r\n\t\n b\x0bc\x0cd\u2028e\u2029f", "a  b c d e f"),
    ("bidi override", "gpj.\u202eexe", f"gpj.{MARK}exe"),
    ("bidi isolates", "a\u2066b\u2069c", f"a{MARK}b{MARK}c"),
    ("marks of direction", "a\u200eb\u200fc\u061cd", f"a{MARK}b{MARK}c{MARK}d"),
    ("zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", f"a{MARK}b{MARK}c{MARK}d{MARK}e{MARK}f"),
    ("soft hyphen", "a\u00adb", f"a{MARK}b"),
    ("tags", "a\U000e0041\U000e007fb", f"a{MARK}{MARK}b"),
    ("old formats", "a\u206ab\u206fc", f"a{MARK}b{MARK}c"),
    ("annotation", "a\ufff9b\ufffbc", f"a{MARK}b{MARK}c"),
    ("letters that show nothing", "\u3164\u115f\uffa0", MARK * 3),
    ("lone surrogates", "a\ud800b\udfffc", f"a{MARK}b{MARK}c"),
    ("variation selectors vanish", "\u2764\ufe0f\u2603\ufe0e\u845b\U000e0100", "\u2764\u2603\u845b"),
    ("zalgo", "z" + "\u0335\u0321\u034e\u0348\u0359\u0319" * 20, "z" + "\u0335" * 4),
    ("Thai zalgo", "\u0e01" + "\u0e47" * 300, "\u0e01" + "\u0e47" * 4),
    ("marks that NFC reorders into a longer pile", "\u01d6" + "\u0323" * 4, "\u1ee5\u0323\u0323\u0323\u0308"),
    ("decomposed umlaut", "a\u0308", "\u00e4"),
]


@pytest.mark.parametrize(("raw", "safe"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_text_is_made_harmless(raw: str, safe: str) -> None:
    assert clean(raw) == safe


VERBATIM = [
    "[SubsPlease] Show - 01 (1080p) [F00BA4].mkv",
    "[x265] [a] [#100] [@nyaa] [/nope] [@click=app.quit]title[/]",
    "{{ jinja }} ${var} `rm -rf` $(x) %s %n <script>",
    "C:\\Users\\x\\[b]",
    "リコリス・リコイル 第1話「イージー」",
    "秒速5センチメートル",
    "Le Fabuleux Destin d'Amélie Poulain — L'été",
    "Брат 2 • ภาพยนตร์ • फ़िल्म".replace("फ़", "फ\u093c"),  # NFC keeps this letter in two
    "עברית العربية",
    "한국어 조선말",
    "🎬 4K",
    "  two  spaces  ",
    "",
]


@pytest.mark.parametrize("text", VERBATIM)
def test_honest_text_is_kept_to_the_letter(text: str) -> None:
    assert clean(text) == text
    assert clean_path(text) == text


PATHS = [
    ("plain", "/data/tv/Show (2024)/Season 02/x.mkv", None),
    ("Windows", "D:\\Anime\\[Group] Show\\01.mkv", None),
    ("decomposed, as macOS writes", "/data/Ame\u0301lie.mkv", None),
    ("Japanese", "/data/anime/五等分の花嫁∬/01.mkv", None),
    ("emoji with selector", "/data/\u2764\ufe0f.mkv", None),
    ("line break", "/data/a\nb", f"/data/a{MARK}b"),
    ("escape", "/data/\x1b]0;x\x07", f"/data/{MARK}]0;x{MARK}"),
    ("line separator", "/data/a\u2028b", f"/data/a{MARK}b"),
    ("surrogate from a foreign file system", "/data/\udcff.mkv", f"/data/{MARK}.mkv"),
    ("bidi", "/data/\u202egnp.mkv", f"/data/{MARK}gnp.mkv"),
]


@pytest.mark.parametrize(("raw", "safe"), [row[1:] for row in PATHS], ids=[row[0] for row in PATHS])
def test_a_path_stays_comparable(raw: str, safe: str | None) -> None:
    assert clean_path(raw) == (raw if safe is None else safe)


def test_every_harmful_character_of_unicode_is_caught() -> None:
    found = [chr(point) for point in range(sys.maxunicode + 1) if harmful(chr(point))]
    assert len(found) > 2000
    survivors = [f"U+{ord(one):04X}" for one in found if one in clean(f"a{one}b") or one in clean_path(f"a{one}b")]
    assert survivors == []


@pytest.mark.parametrize(
    ("raw", "limit", "safe"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("äbcd", 3, "äb…"),
        ("ab\x1bd", 3, "ab…"),
        ("\n" * 5000 + "x", 3, " "),
    ],
)
def test_length_is_bounded(raw: str, limit: int, safe: str) -> None:
    assert clean(raw, limit) == safe


def test_default_limits() -> None:
    assert len(clean("a" * 10_000)) == len(clean("ä" * 10_000)) == TEXT_LIMIT
    assert len(clean_path("/" + "a" * 10_000)) == len(clean_path("/" + "ä" * 10_000)) == PATH_LIMIT


@pytest.mark.parametrize("raw", [None, "", " ", "\t\n", "\u3000\u2003", "\ufe0f", " \ufe0f \ufe0f "], ids=ascii)
def test_absent_text_has_one_representation(raw: str | None) -> None:
    assert clean_or_none(raw) is None


@pytest.mark.parametrize(("raw", "safe"), [(" a ", "a"), ("\n[b]\n", "[b]"), ("\u200b", MARK), ("0", "0")])
def test_present_text_is_trimmed(raw: str, safe: str) -> None:
    assert clean_or_none(raw) == safe


ANYTHING = st.text(alphabet=st.characters(exclude_categories=[]), max_size=80)
NASTY = st.text(
    alphabet=st.sampled_from(
        "ab \t\n\r\x1b\x9b\x85\u2028\u202e\u200d\ufe0f\u0301\u0323\u0308\u01d6\u0e47\u1100\u1161\ud800\u034f\U000e0041"
    ),
    max_size=60,
)


@given(ANYTHING | NASTY)
@example("\u01d6" + "\u0323" * 4)
@example("e\ufe0f\u0301")
@example("\u1100\ufe0f\u1161")
def test_clean_is_safe_bounded_and_idempotent(raw: str) -> None:
    once = clean(raw)
    assert not any(map(harmful, once))
    assert len(once) <= TEXT_LIMIT
    assert once.encode().decode() == once
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(ANYTHING | NASTY, st.integers(1, 20))
def test_any_limit_is_kept(raw: str, limit: int) -> None:
    assert len(clean(raw, limit)) <= limit
    assert len(clean_path(raw, limit)) <= limit


@given(ANYTHING | NASTY)
def test_a_clean_path_is_safe_and_differs_only_where_it_was_harmful(raw: str) -> None:
    path = clean_path(raw)
    assert not any(map(harmful, path))
    assert len(path) == len(raw)
    assert clean_path(path) == path
    assert all(new in {old, MARK} for new, old in zip(path, raw, strict=True))


@given(ANYTHING | NASTY)
def test_clean_or_none_is_none_or_visible(raw: str) -> None:
    text = clean_or_none(raw)
    assert text is None or text.strip() == text != ""
    assert clean_or_none(text) == text


def test_no_combining_mark_of_unicode_is_piled_up() -> None:
    marks = [mark for mark in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(mark) in {"Mn", "Me"}]
    assert len(marks) > 1000
    assert not [hex(ord(mark)) for mark in marks if clean(f"猫x{mark * 9}").count(mark) > 4]

import codecs

import pytest

from tracker_tui.present.narrow import plain, shows_glyphs, stand_in

codecs.register_error("stand-in under test", stand_in)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        pytest.param("utf-8", True, id="the usual"),
        pytest.param("ascii", False, id="ASCII"),
        pytest.param("iso8859-1", False, id="letters, but no glyphs"),
        pytest.param("cp437", False, id="bars, but no dots"),
        pytest.param(None, True, id="unknown"),
        pytest.param("no-such", False, id="nobody knows it"),
    ],
)
def test_glyphs_are_shown_where_they_can_be(encoding: str | None, shown: bool) -> None:
    assert shows_glyphs(encoding) is shown


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        pytest.param("Radarr → Queue · 3…", "ascii", "Radarr -> Queue - 3...", id="our typography"),
        pytest.param("Amélie, Straße", "ascii", "Amelie, Stra?e", id="letters lose their accents"),
        pytest.param("Amélie, Straße", "iso8859-1", "Amélie, Straße", id="what can be written stays"),
        pytest.param("e\N{COMBINING ACUTE ACCENT}", "ascii", "e", id="marks take no room"),
        pytest.param("君の名は。", "ascii", "??????????", id="wide characters keep their width"),
        pytest.param("\N{FULLWIDTH LATIN CAPITAL LETTER A}", "ascii", "??", id="wide letters too"),
        pytest.param("🎬", "ascii", "??", id="emoji"),
        pytest.param("Матрица", "ascii", "???????", id="another alphabet"),
        pytest.param("\udcff", "utf-8", "?", id="no character at all"),
    ],
)
def test_what_an_encoding_lacks_has_a_stand_in_as_wide(text: str, encoding: str, written: str) -> None:
    assert text.encode(encoding, "stand-in under test").decode(encoding) == written


def test_only_our_own_typography_is_typed_plainly() -> None:
    assert plain("“Amélie” → 5 × 3 – 君") == '"Amélie" -> 5 x 3 - 君'

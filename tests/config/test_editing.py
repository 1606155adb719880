"""Changing a configuration touches what was asked for and not a byte more."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.config.editing import Edit, EditRefused, edited, toml
from tracker_tui.model.ids import Kind

FILE = """\
# mine, by hand
[ui]
theme = "ansi-dark"   # dark

# the big one
[[sonarr]]
  name = "hd"
  url = "http://nas:8989"  # behind nothing
  api_key_file = "/run/secrets/sonarr"
  # timeout = "10s"
  [sonarr.headers]
  X-Proxy = "a # b"

# the 4K one
[[sonarr]]
name = '4k'
url = "http://nas:8990"
api_key = "old"

[unknown]
kept = [ 1,  # even this
  2 ]
"""


def test_a_value_is_replaced_where_it_stands() -> None:
    edit = Edit(kind=Kind.SONARR, index=0, values={"url": "https://nas/sonarr"})
    changed = edited(FILE, [edit])
    assert changed == FILE.replace('"http://nas:8989"  #', '"https://nas/sonarr"  #')


def test_a_secret_given_in_another_way_takes_the_place_of_the_old_one() -> None:
    edit = Edit(kind=Kind.SONARR, index=0, values={"api_key": "new"}, drop=frozenset({"api_key_file"}))
    expected = FILE.replace('  api_key_file = "/run/secrets/sonarr"\n', '  api_key = "new"\n')
    assert edited(FILE, [edit]) == expected


def test_a_new_key_stands_behind_the_last_of_its_table() -> None:
    edit = Edit(kind=Kind.SONARR, index=1, values={"verify_tls": False})
    assert edited(FILE, [edit]) == FILE.replace('api_key = "old"\n', 'api_key = "old"\nverify_tls = false\n')


def test_a_new_table_comes_last() -> None:
    edit = Edit(kind=Kind.RADARR, values={"url": "http://nas:7878", "api_key": "k"})
    assert edited(FILE, [edit]) == FILE + '\n[[radarr]]\nurl = "http://nas:7878"\napi_key = "k"\n'


def test_a_table_goes_with_what_stands_in_it() -> None:
    start = FILE.index("[[sonarr]]")
    end = FILE.index("\n# the 4K one")
    gone = edited(FILE, [Edit(kind=Kind.SONARR, index=0, remove=True)])
    assert gone == FILE[:start] + FILE[end:]
    assert edited(FILE, [Edit(kind=Kind.SONARR, index=index, remove=True) for index in (0, 1)]).count("[[") == 0


def test_an_unfinished_last_line_is_finished() -> None:
    text = '[[seerr]]\nurl = "a"'
    assert edited(text, [Edit(kind=Kind.SEERR, index=0, values={"api_key": "k"})]) == f'{text}\napi_key = "k"\n'
    assert edited(text, [Edit(kind=Kind.RADARR, values={"url": "b"})]) == f'{text}\n\n[[radarr]]\nurl = "b"\n'


def test_a_new_file_says_what_it_is() -> None:
    text = edited("", [Edit(kind=Kind.SEERR, values={"url": "http://nas:5055"})])
    assert text.startswith("# Configuration of tracker-tui.")
    assert tomllib.loads(text) == {"seerr": [{"url": "http://nas:5055"}]}


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ('sonarr = [{ url = "a" }]\n', Edit(kind=Kind.SONARR, index=0, values={"url": "b"})),
        ('sonarr = [{ url = "a" }]\n', Edit(kind=Kind.SONARR, values={"url": "b"})),
        ('sonarr = [{ url = "a" }]\n', Edit(kind=Kind.SONARR, index=0, remove=True)),
        ('[[sonarr]]\nheaders.X-A = "b"\n', Edit(kind=Kind.SONARR, index=4, values={"url": "b"})),
    ],
)
def test_a_notation_that_is_not_mastered_is_refused(text: str, edit: Edit) -> None:
    with pytest.raises(EditRefused):
        edited(text, [edit])


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"x = {toml(text)}")["x"] == text


PIECES = st.sampled_from(
    [
        "# a comment\n",
        "\n",
        '[[sonarr]]\nurl = "a"  # why\n',
        '[[sonarr]]\n# inside\nname = """x\n[[sonarr]]\n"""\n',
        "[[sonarr]]\n[sonarr.headers]\nX-A = 'b'\n",
        '[[radarr]]\r\nurl = "a"\r\n',
        "[[other]]\nlist = [\n  '[[sonarr]]', # no\n]\n",
    ]
)


@given(st.lists(PIECES, min_size=1), st.data())
def test_any_mixture_keeps_what_was_not_meant(pieces: list[str], data: st.DataObject) -> None:
    """Whatever surrounds a table: a change or removal leaves every other table as it was (`edited` proves the rest)."""
    text = "".join(pieces)
    count = sum(piece.startswith("[[sonarr]]") for piece in pieces)
    if count == 0:
        return
    index = data.draw(st.integers(0, count - 1))
    gone = edited(text, [Edit(kind=Kind.SONARR, index=index, remove=True)])
    assert len(tomllib.loads(gone).get("sonarr", [])) == count - 1
    changed = edited(text, [Edit(kind=Kind.SONARR, index=index, values={"url": "changed", "verify_tls": True})])
    assert [line for line in text.splitlines() if "#" in line and "why" not in line] == [
        line for line in changed.splitlines() if "#" in line and "why" not in line
    ]

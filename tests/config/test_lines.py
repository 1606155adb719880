"""Lines of keys, in documents that try to mislead."""
# ruff: noqa: E501 - one case, one row

import tomllib

import pytest

from tracker_tui.config.lines import key_lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("# a = 1\n\na = 1", {"a": 3}, id="comment-first"),
        pytest.param("a = 1\r\nb = 2\r\n", {"a": 1, "b": 2}, id="windows-line-ends"),
        pytest.param("[t]\nx = 1\n[[l]]\nx = 1\n[[l]]\nx = 1", {"t": 1, "t.x": 2, "l[0]": 3, "l[0].x": 4, "l[1]": 5, "l[1].x": 6}, id="tables"),
        pytest.param("[[l]]\n[l.sub]\nx = 1\n[[l]]\n[l.sub]\nx = 1", {"l[0]": 1, "l[0].sub": 2, "l[0].sub.x": 3, "l[1]": 4, "l[1].sub": 5, "l[1].sub.x": 6}, id="table-inside-an-array"),
        pytest.param("[[l]]\n[[l.m]]\n[[l.m]]\n[[l]]\n[[l.m]]", {"l[0]": 1, "l[0].m[0]": 2, "l[0].m[1]": 3, "l[1]": 4, "l[1].m[0]": 5}, id="array-inside-an-array"),
        pytest.param('a = """\n[x]\nb = 1\n"""\nc = 1', {"a": 1, "c": 5}, id="statements-inside-a-text"),
        pytest.param("a = '''\n[x]\nb = 1'''''\nc = 1", {"a": 1, "c": 4}, id="statements-inside-a-literal-text"),
        pytest.param('a = """\n\\"""\nb = 1"""""\nc = 1', {"a": 1, "c": 4}, id="escaped-quotes"),
        pytest.param('a = [ # ]\n "]", # [\n [1], { x = "}" }\n]\nb = 1', {"a": 1, "b": 5}, id="brackets-in-comments-and-texts"),
        pytest.param("a = '\\'\nb = \"#\" # c = 1\nd = 1", {"a": 1, "b": 2, "d": 3}, id="quotes-and-hashes"),
        pytest.param('"a b" . c = 1\n[ "x:y" . z ]\n"/tv" = 1', {'"a b"': 1, '"a b".c': 1, '"x:y".z': 2, '"x:y".z."/tv"': 3}, id="quoted-and-dotted-keys"),
        pytest.param('"\\u0061" = 1', {"a": 1}, id="escapes-in-keys"),
        pytest.param("'a\"b\\'.c = 1", {'"a\\"b\\\\"': 1, '"a\\"b\\\\".c': 1}, id="quotes-in-keys"),
    ],
)  # fmt: skip
def test_every_key_is_found_on_its_line(text: str, expected: dict[str, int]) -> None:
    tomllib.loads(text)  # the scanner promises nothing for anything else
    assert key_lines(text) == expected

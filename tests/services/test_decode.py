"""Decoding loses one bad record, never the rest, and says plainly when nothing can be used."""

import contextlib
import json
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.services.decode import Wire, decode, decode_each, each
from tracker_tui.services.errors import BadAnswer


class Record(Wire):
    id: int
    name: str | None = None
    kind: Literal["movie", "tv"] | None = None


GOOD = b'{"id":1,"name":"a"}'
DEEP = b"[" * 200_000 + b"]" * 200_000

UNUSABLE = [
    ("empty", b"", "the answer is empty"),
    ("blanks", b" \n\t ", "the answer is empty"),
    ("cut", b'[{"id":1,"na', "not complete JSON (12 bytes)"),
    ("not JSON", b"Sonarr", "not complete JSON"),
    ("two documents", b"[][]", "not complete JSON"),
    ("an object", b'{"id":1}', "unexpected shape: Expected `array`"),
    ("a number", b"42", "unexpected shape: Expected `array`"),
    ("null", b"null", "unexpected shape: Expected `array`"),
    ("nothing but nesting", b'[{"id":1,"x":' + DEEP + b"}]", "nested too deeply"),
]


@pytest.mark.parametrize(("body", "says"), [row[1:] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE])
def test_what_is_no_list_is_a_bad_answer(body: bytes, says: str) -> None:
    for read in (lambda: decode_each(body, Record), lambda: decode(body, list[Record])):
        with pytest.raises(BadAnswer) as caught:
            read()
        assert says in caught.value.message
        assert len(caught.value.message) < 200


BAD_RECORDS = [
    b'{"id":"1"}',
    b'{"id":1.5}',
    b'{"id":null}',
    b'{"id":' + b"9" * 5000 + b"}",
    b'{"name":"no id"}',
    b'{"id":1,"kind":"music"}',
    b'{"id":1,"name":["x"]}',
    b"[]",
    b"null",
    b'"text"',
]


@pytest.mark.parametrize("bad", BAD_RECORDS, ids=lambda body: body[:20].decode())
def test_one_bad_record_is_skipped_and_counted(bad: bytes) -> None:
    records, skipped = decode_each(b"[" + GOOD + b"," + bad + b"," + GOOD + b"]", Record)
    assert (records, skipped) == ([Record(1, "a"), Record(1, "a")], 1)


def test_all_bad_is_an_empty_list_that_says_so() -> None:
    assert decode_each(b"[1,2,3]", Record) == ([], 3)
    assert decode_each(b"[]", Record) == ([], 0)


def test_unknown_keys_are_ignored_whatever_they_hold() -> None:
    body = b'[{"id":1,"new":{"deep":[1,{"x":null}]},"name":"a"}]'
    assert decode_each(body, Record) == ([Record(1, "a")], 0)


NOT_UNICODE = [
    ("invalid UTF-8", b"a\xffb", "a\ufffdb"),
    ("overlong slash", b"a\xc0\xafb", "a\ufffd\ufffdb"),
    ("cut character", b"a\xe3\x81", "a\ufffd"),
    ("encoded surrogate", b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
    ("lone high escape", rb"a\ud83db", "a\ufffdb"),
    ("lone high escape at the end", rb"a\uD83D", "a\ufffd"),
    ("lone low escape", rb"a\udc00b", "a\ufffdb"),
    ("two high escapes", rb"\ud83d\ud83d", "\ufffd\ufffd"),
    ("a pair after a lone one", rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
    ("a pair beside bad bytes", b"\xff" + rb"\ud83d\ude00", "\ufffd\U0001f600"),
    ("an escaped backslash before u", b"\xff" + rb"\\ud800", "\ufffd\\ud800"),
]


@pytest.mark.parametrize(("sent", "read"), [row[1:] for row in NOT_UNICODE], ids=[row[0] for row in NOT_UNICODE])
def test_a_name_that_is_not_unicode_loses_only_its_bad_characters(sent: bytes, read: str) -> None:
    body = b'{"id":1,"name":"' + sent + b'"}'
    expected = Record(1, read)
    assert decode(body, Record) == expected
    assert decode_each(b"[" + body + b"," + GOOD + b"]", Record) == ([expected, Record(1, "a")], 0)
    assert each([msgspec.Raw(body)], Record) == ([expected], 0)


def test_a_bad_record_beside_a_bad_character() -> None:
    assert decode_each(b'[{"id":1,"name":"\xff"},{"id":"x"}]', Record) == ([Record(1, "\ufffd")], 1)


@given(st.text(), st.text())
def test_whatever_json_writes_is_read_back(name: str, other: str) -> None:
    """`json.dumps` escapes every surrogate it meets, lone ones as Node's do."""
    body = json.dumps([{"id": 1, "name": name, "other": other}]).encode()
    (record,), skipped = decode_each(body, Record)
    assert skipped == 0
    assert record.name == name


@given(st.text(alphabet=st.characters(categories=["Cs", "Ll", "Po"])))
def test_lone_surrogates_never_lose_a_record(name: str) -> None:
    (record,), _ = decode_each(json.dumps([{"id": 1, "name": name}]).encode(), Record)
    assert record.name is not None
    record.name.encode()


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_bad_answer(body: bytes) -> None:
    for read in (lambda: decode(body, Record), lambda: decode_each(body, Record)):
        with contextlib.suppress(BadAnswer):
            read()


def test_the_quoted_word_of_a_server_is_made_safe() -> None:
    with pytest.raises(BadAnswer) as caught:
        decode(json.dumps({"id": 1, "kind": "\x1b]0;owned\x07"}).encode(), Record)
    assert "\x1b" not in str(caught.value)
    assert "\x1b" not in repr(caught.value)

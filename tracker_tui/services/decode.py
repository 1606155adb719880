"""Typed JSON decoding that loses one bad record, never the rest."""

import re
from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any, Protocol

import msgspec

from tracker_tui.services.errors import BadAnswer


class Wire(msgspec.Struct):
    """Base of wire records: unknown keys are ignored, only the needed fields declared, optional ones default."""


Body = bytes | bytearray
"""An answer as it came. A whole list is a bytearray: it grew in place, and is read once."""
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole surrogate pair
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\."
)


@cache
def _cached_decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _decoder[T](kind: type[T]) -> msgspec.json.Decoder[T]:
    return _cached_decoder(kind)  # type: ignore[arg-type]


def decode[T](body: Body, kind: type[T]) -> T:
    """Decode one JSON document as `kind`. Raises BadAnswer with the place of the first fault."""
    try:
        return _decode(_decoder(kind), body)
    except _MALFORMED as fault:
        raise BadAnswer(_explain(body, fault)) from None


def decode_each[T](body: Body, record: type[T]) -> tuple[list[T], int]:
    """Decode a JSON array record by record where needed; return the good records and how many were skipped.

    Raises BadAnswer when the body is not a complete JSON array.
    """
    try:
        return _decode(_decoder(list[record]), body), 0  # type: ignore[valid-type]
    except msgspec.ValidationError:
        return each(decode(body, list[msgspec.Raw]), record)
    except _MALFORMED as fault:
        raise BadAnswer(_explain(body, fault)) from None


class Telling[F](Protocol):
    """A wire record that becomes a fact."""

    def fact(self) -> F:
        """Return what the record says."""


def facts_each[F](body: Body, record: type[Telling[F]]) -> tuple[tuple[F, ...], int]:
    """Decode a JSON array and make each record a fact at once: a whole list never stands there as both.

    Returns the facts and how many records were skipped. Raises BadAnswer as `decode_each` does.
    """
    raws = decode(body, list[msgspec.Raw])
    facts = tuple(wire.fact() for wire in _good(raws, record))
    return facts, len(raws) - len(facts)


def each[T](raws: list[msgspec.Raw], record: type[T]) -> tuple[list[T], int]:
    """Decode raw records one by one; return the good ones and how many were skipped."""
    good = list(_good(raws, record))
    return good, len(raws) - len(good)


def _good[T](raws: Iterable[msgspec.Raw], record: type[T]) -> Iterator[T]:
    """Yield the records that can be decoded."""
    decoder = _decoder(record)
    for raw in raws:
        try:
            wire = _decode(decoder, raw)
        except _MALFORMED:
            continue
        yield wire


def _decode[T](decoder: msgspec.json.Decoder[T], body: Body | msgspec.Raw) -> T:
    """Decode; a name that is not Unicode (it happens in torrents) costs its bad characters, not the document."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        mended = _unicode(bytes(body))
        if mended == bytes(body):
            raise
        return decoder.decode(mended)


def _unicode(body: Body) -> bytes:
    """Return the document with replacement characters for invalid UTF-8 and for lone surrogate escapes."""
    return _ESCAPE.sub(
        lambda escape: b"\\ufffd" if escape["lone"] else escape[0], body.decode(errors="replace").encode()
    )


def _explain(body: Body, fault: Exception) -> str:
    if not body.strip():
        return "the answer is empty"
    if isinstance(fault, msgspec.ValidationError):
        return f"the answer has an unexpected shape: {fault}"
    if isinstance(fault, RecursionError):
        return "the answer is nested too deeply"
    return f"the answer is not complete JSON ({len(body)} bytes): {fault}"

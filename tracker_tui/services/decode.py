"""Typed JSON decoding that loses one bad record, never the rest."""

from collections.abc import Hashable
from functools import cache
from typing import Any

import msgspec

from tracker_tui.services.errors import BadAnswer


class Wire(msgspec.Struct):
    """Base of wire records: unknown keys are ignored, only the needed fields declared, optional ones default."""


@cache
def _cached_decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _decoder[T](kind: type[T]) -> msgspec.json.Decoder[T]:
    return _cached_decoder(kind)  # type: ignore[arg-type]


def decode[T](body: bytes, kind: type[T]) -> T:
    """Decode one JSON document as `kind`. Raises BadAnswer with the place of the first fault."""
    try:
        return _decoder(kind).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadAnswer(_explain(body, fault)) from None


def decode_each[T](body: bytes, record: type[T]) -> tuple[list[T], int]:
    """Decode a JSON array record by record where needed; return the good records and how many were skipped.

    Raises BadAnswer when the body is not a complete JSON array.
    """
    try:
        return _decoder(list[record]).decode(body), 0  # type: ignore[valid-type]
    except msgspec.ValidationError:
        return each(decode(body, list[msgspec.Raw]), record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadAnswer(_explain(body, fault)) from None


def each[T](raws: list[msgspec.Raw], record: type[T]) -> tuple[list[T], int]:
    """Decode raw records one by one; return the good ones and how many were skipped."""
    decoder = _decoder(record)
    good: list[T] = []
    for raw in raws:
        try:
            good.append(decoder.decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return good, len(raws) - len(good)


def _explain(body: bytes, fault: Exception) -> str:
    if not body.strip():
        return "the answer is empty"
    if isinstance(fault, msgspec.ValidationError):
        return f"the answer has an unexpected shape: {fault}"
    return f"the answer is not complete JSON ({len(body)} bytes): {fault}"

"""The format of a recording: gzip over lines of JSON, one event each, the first line saying what it is.

A recording may come from a stranger: whatever is read back is made safe again, as if a service had sent it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

import msgspec

from tracker_tui import __version__
from tracker_tui.engine.events import Advanced, Began, Event, Paced, ProblemsAdded
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.observation import Observation, Payload
from tracker_tui.model.record import Fact
from tracker_tui.model.text import clean_path

FORMAT = 1
"""Grows with every change that an older program could not read."""

PAYLOADS = {kind.__name__: kind for kind in get_args(Payload)}


class Head(Fact, tag_field="is", tag="tracker-tui recording"):
    """The first line. `program` = the version that wrote it."""

    format: int
    program: str = __version__


class _Began(Fact, tag_field="is", tag="began"):
    start: Began


class _Seen(Fact, tag_field="is", tag="seen"):
    """An observation; `payload` is read by the type that `what` names."""

    ref: InstanceRef
    at: datetime
    what: str
    payload: msgspec.Raw
    latency_ms: float | None = None
    clock_offset_s: int | None = None
    skipped: int = 0
    beside_failure: bool = False


class _Paced(Fact, tag_field="is", tag="paced"):
    paced: Paced


class _Added(Fact, tag_field="is", tag="problems"):
    added: ProblemsAdded


class _Advanced(Fact, tag_field="is", tag="advanced"):
    now: datetime


class Stopped(Fact, tag_field="is", tag="stopped"):
    """The recording ended before the program did."""

    why: str


_Line = Head | _Began | _Seen | _Paced | _Added | _Advanced | Stopped
_LINES: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)


class UnreadableError(ValueError):
    """A line is no event of this format."""


def write_line(event: Event | Head | Stopped) -> bytes:
    """Return an event as a line of a recording, with its line feed."""
    return msgspec.json.encode(_line_of(event)) + b"\n"


def read_line(line: bytes) -> Event | Head | Stopped:
    """Return the event of a line, every text in it safe. Raises UnreadableError."""
    try:
        read = _LINES.decode(line if _harmless(line) else _made_safe(line))
        match read:
            case _Began():
                return read.start
            case _Seen():
                return _observation(read)
            case _Paced():
                return read.paced
            case _Added():
                return read.added
            case _Advanced():
                return Advanced(now=read.now)
            case _:
                return read
    except (msgspec.MsgspecError, KeyError, RecursionError, UnicodeError) as fault:
        raise UnreadableError(type(fault).__name__) from None


def _line_of(event: Event | Head | Stopped) -> _Line:
    match event:
        case Observation():
            return _Seen(
                ref=event.ref,
                at=event.at,
                what=type(event.payload).__name__,
                payload=msgspec.Raw(msgspec.json.encode(event.payload)),
                latency_ms=event.latency_ms,
                clock_offset_s=event.clock_offset_s,
                skipped=event.skipped,
                beside_failure=event.beside_failure,
            )
        case Advanced():
            return _Advanced(now=event.now)
        case Paced():
            return _Paced(paced=event)
        case ProblemsAdded():
            return _Added(added=event)
        case Began():
            return _Began(start=event)
        case _:
            return event


def _observation(seen: _Seen) -> Observation:
    payload: Any = msgspec.json.decode(seen.payload, type=PAYLOADS[seen.what])
    return Observation(
        ref=seen.ref,
        at=seen.at,
        payload=payload,
        latency_ms=seen.latency_ms,
        clock_offset_s=seen.clock_offset_s,
        skipped=seen.skipped,
        beside_failure=seen.beside_failure,
    )


def _harmless(line: bytes) -> bool:
    """Return whether no text in it can be dangerous: printable ASCII without escapes."""
    return b"\\" not in line and line.isascii() and line.rstrip(b"\n").decode("ascii").isprintable()


def _made_safe(line: bytes) -> bytes:
    return msgspec.json.encode(_walk(msgspec.json.decode(line), clean_path))


def _walk(value: Any, safe: Callable[[str], str]) -> Any:
    match value:
        case str():
            return safe(value)
        case list():
            return [_walk(one, safe) for one in value]
        case dict():
            return {safe(key): _walk(one, safe) for key, one in value.items()}
        case _:
            return value

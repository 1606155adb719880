"""Spans of time as .NET writes them."""

import pytest

from tracker_tui.services.timespan import span_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:18:11", 1091),
        ("12:00:00", 43200),
        ("00:41:12.5512345", 2472),
        ("1.02:00:00", 93600),
        ("1.02:03:04.5000000", 93784),
        ("10.00:00:01.5", 864001),
        ("00:00:00", 0),
        ("-00:05:00", None),
        ("-01:00:00", None),
        ("12h", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_span_in_whole_seconds(text: str | None, seconds: int | None) -> None:
    assert span_s(text) == seconds

"""How values of the wire become the model's: one representation per measure, unknown is None."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tracker_tui.model.arr import HistoryKind
from tracker_tui.services.arr.radarr import MovieWire
from tracker_tui.services.arr.setup_wire import DownloadClientWire
from tracker_tui.services.arr.values import folder, instant, other_titles, positive, whole
from tracker_tui.services.arr.wire import HistoryWire, QueueWire


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-06-28T10:01:00Z", datetime(2026, 6, 28, 10, 1, tzinfo=UTC)),
        ("2020-04-06T16:54:06.41945Z", datetime(2020, 4, 6, 16, 54, 6, 419450, tzinfo=UTC)),
        ("2020-04-06T18:54:06.1234567+02:00", datetime(2020, 4, 6, 16, 54, 6, 123456, tzinfo=UTC)),
        ("2026-06-28T10:01:00", datetime(2026, 6, 28, 10, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("28.06.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_times(text: str | None, at: datetime | None) -> None:
    assert instant(text) == at


@pytest.mark.parametrize(
    ("raw", "number", "above_zero"),
    [
        (5, 5, 5),
        (123.0, 123, 123),
        ("1342177280", 1342177280, 1342177280),
        ("12.5", 12, 12),
        (0, 0, None),
        (-1, -1, None),
        ("", None, None),
        ("many", None, None),
        (float("inf"), None, None),
        (None, None, None),
    ],
)
def test_numbers(raw: Any, number: int | None, above_zero: int | None) -> None:
    assert (whole(raw), positive(raw)) == (number, above_zero)


@pytest.mark.parametrize(
    ("raw", "expected"), [("/data/tv/", "/data/tv"), ("F:\\TV\\", "F:\\TV"), ("/", "/"), ("", None), (None, None)]
)
def test_folders_end_without_slash(raw: str | None, expected: str | None) -> None:
    assert folder(raw) == expected


def test_other_titles_are_each_once_and_other() -> None:
    assert other_titles("Show", ["SHOW", "Serie", "serie", "", None, " "]) == ("serie",)


def queue(**fields: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode({"id": 1, **fields}), type=QueueWire).fact()


@pytest.mark.parametrize(
    ("fields", "size", "left"),
    [
        ({"size": 100, "sizeleft": 40}, 100, 40),
        ({"size": 100.0, "sizeleft": 0.0}, 100, 0),
        ({"size": 0, "sizeleft": 0}, None, None),
        ({"size": 100}, 100, None),
        ({"size": 100, "sizeleft": -5}, 100, None),
        ({}, None, None),
    ],
    ids=["plain", "sonarr 3 decimals", "metadata missing", "no rest", "negative rest", "nothing"],
)
def test_sizes_of_a_queue_record(fields: dict[str, object], size: int | None, left: int | None) -> None:
    record = queue(**fields)
    assert (record.size_bytes, record.left_bytes) == (size, left)


def test_words_of_next_year_are_shown_not_dropped() -> None:
    record = queue(status="Teleporting", trackedDownloadState="quantumPending", protocol="ipfs", brandNew={"a": [1]})
    assert (record.status, record.tracked_state, record.protocol) == ("teleporting", "quantumpending", "ipfs")


def test_hostile_text_is_made_safe() -> None:
    record = queue(title="\x1b]0;x\x07Show\u202e", outputPath="/data/\x1b[2J/x", errorMessage="a\nb")
    assert "\x1b" not in (record.title or "") + (record.output_path or "")
    assert "\u202e" not in (record.title or "")
    assert record.error_message == "a b"


def history(**fields: object) -> Any:
    raw = {"id": 1, "eventType": "grabbed", "date": "2026-06-28T10:01:00Z", **fields}
    return msgspec.json.decode(msgspec.json.encode(raw), type=HistoryWire).fact()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("grabbed", HistoryKind.GRABBED),
        ("downloadFolderImported", HistoryKind.IMPORTED),
        ("DownloadFolderImported", HistoryKind.IMPORTED),
        ("downloadFailed", HistoryKind.FAILED),
        ("episodeFileDeleted", HistoryKind.DELETED),
        ("movieFileDeleted", HistoryKind.DELETED),
        ("episodeFileRenamed", HistoryKind.RENAMED),
        ("movieFileRenamed", HistoryKind.RENAMED),
        ("downloadIgnored", HistoryKind.IGNORED),
        ("somethingNew", HistoryKind.UNKNOWN),
    ],
)
def test_history_words_of_both_servers(word: str, kind: HistoryKind) -> None:
    assert history(eventType=word).kind is kind


@pytest.mark.parametrize(("raw", "protocol"), [("1", "usenet"), ("2", "torrent"), ("torrent", "torrent"), (None, None)])
def test_history_writes_the_protocol_as_a_number(raw: str | None, protocol: str | None) -> None:
    assert history(data={"protocol": raw}).protocol == protocol


def test_history_data_may_hold_nulls_and_numbers() -> None:
    record = history(data={"size": 5, "releaseGroup": None, "reason": "Upgrade", "unheardOf": "x"})
    assert (record.size_bytes, record.release_group, record.reason) == (5, None, "Upgrade")


def test_credentials_of_a_download_client_stay_unread() -> None:
    fields = [
        {"name": "host", "value": "qb"},
        {"name": "port", "value": 8080},
        {"name": "password", "value": "CANARY"},
        {"name": "movieCategory", "value": "radarr"},
        {"name": "movieImportedCategory"},
    ]
    raw = {"id": 1, "name": "qBittorrent", "enable": True, "fields": fields}
    client = msgspec.json.decode(msgspec.json.encode(raw), type=DownloadClientWire).fact()
    assert (client.host, client.port, client.category, client.imported_category) == ("qb", 8080, "radarr", None)
    assert "CANARY" not in repr(client)


def movie(**fields: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode({"id": 7, "title": "Film", **fields}), type=MovieWire).fact()


@pytest.mark.parametrize(
    ("fields", "has_file"),
    [
        ({"hasFile": True}, True),
        ({"hasFile": False, "movieFileId": 0}, False),
        ({"movieFileId": 31}, True),
        ({"movieFileId": 0}, False),
        ({"movieFile": {"id": 31}}, True),
        ({}, None),
    ],
)
def test_whether_a_film_has_a_file(fields: dict[str, object], has_file: bool | None) -> None:
    assert movie(**fields).has_file is has_file


CINEMA, DIGITAL, DISC = "2026-01-02T00:00:00Z", "2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("availability", "dates", "release"),
    [
        ("released", {"inCinemas": CINEMA, "digitalRelease": DIGITAL, "physicalRelease": DISC}, "2026-03-01"),
        ("released", {"inCinemas": CINEMA}, "2026-04-02"),
        ("released", {}, None),
        ("inCinemas", {"inCinemas": CINEMA, "digitalRelease": DIGITAL}, "2026-01-02"),
        ("inCinemas", {"digitalRelease": DIGITAL}, "2026-04-01"),
        ("announced", {"inCinemas": CINEMA, "digitalRelease": DIGITAL}, "2026-01-02"),
        ("announced", {}, None),
        ("released", {"releaseDate": "2027-05-05T00:00:00Z", "digitalRelease": DIGITAL}, "2027-05-05"),
    ],
)
def test_release_date_where_radarr_4_does_not_tell_it(
    availability: str, dates: dict[str, object], release: str | None
) -> None:
    at = movie(minimumAvailability=availability, **dates).release_at
    assert (f"{at:%Y-%m-%d}" if at else None) == release

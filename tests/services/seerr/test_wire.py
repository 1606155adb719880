"""The decoders against recorded answers, and against what a hostile or newer server may send."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker_tui.model.seerr import SeerrMediaStatus, SeerrRequest, SeerrStatus
from tracker_tui.services.decode import decode, each
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.seerr.wire import (
    CountsWire,
    ErrorWire,
    PageWire,
    PublicSettingsWire,
    RequestWire,
    ServerWire,
    StatusWire,
    TitleWire,
)

CAPTURES = Path(__file__).parents[3].parent / "shared" / "captures" / "seerr"


def recorded(name: str) -> bytes:
    file = CAPTURES / f"{name}.json"
    if not file.exists():
        pytest.skip("recorded answers are not at hand")
    return file.read_bytes()


def page(name: str) -> list[SeerrRequest]:
    wires, skipped = each(decode(recorded(name), PageWire).results, RequestWire)
    assert skipped == 0
    return [wire.fact() for wire in wires]


PAGES = [
    "arr-stack__requests_2026-05-07",
    "arr-stack__requests_2026-05-27_downloading",
    "python-overseerr__overseerr_request",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_recorded_request_is_read_as_it_stands(name: str) -> None:
    raw = json.loads(recorded(name))["results"]
    facts = page(name)
    assert [fact.id for fact in facts] == [one["id"] for one in raw]
    for fact, one in zip(facts, raw, strict=True):
        media = one["media"]
        assert (fact.status, fact.is_movie, fact.is_4k) == (one["status"], one["type"] == "movie", one["is4k"])
        assert (fact.media_status, fact.tmdb_id, fact.tvdb_id) == (media["status"], media["tmdbId"], media["tvdbId"])
        assert (fact.external_id, fact.server_id) == (media["externalServiceId"], media["serviceId"])
        assert fact.slug == media["externalServiceSlug"]
        assert fact.seasons == tuple(season["seasonNumber"] for season in one["seasons"])
        assert fact.requested_by == one["requestedBy"]["displayName"]
        assert fact.modified_by == one["modifiedBy"]["displayName"]
        assert fact.created_at == datetime.fromisoformat(one["createdAt"])
        assert fact.updated_at == datetime.fromisoformat(one["updatedAt"])


@pytest.mark.parametrize("name", PAGES)
def test_no_mail_address_avatar_or_service_url_is_kept(name: str) -> None:
    kept = repr(page(name))
    assert "example.invalid" not in kept
    assert "avatar" not in kept
    assert "http" not in kept


def test_a_created_request_and_a_movie_are_read() -> None:
    made = decode(recorded("python-overseerr__overseerr_create_tv_request"), RequestWire).fact()
    assert (made.id, made.seasons, made.media_status) == (14, (1,), SeerrMediaStatus.PARTIALLY_AVAILABLE)
    movie = decode(recorded("python-overseerr__overseerr_movie"), TitleWire).fact(1156593, is_movie=True)
    assert (movie.title, movie.original_title, movie.year) == ("Your Fault", "Culpa tuya", 2024)
    assert (movie.anime_keyword, movie.tvdb_id) == (False, None)


def test_a_recorded_series_is_read() -> None:
    series = decode(recorded("python-overseerr__seerr_tv"), TitleWire).fact(89641, is_movie=False)
    assert (series.title, series.original_title, series.year) == ("Love Alarm", "좋아하면 울리는", 2019)
    assert (series.tvdb_id, series.anime_keyword) == (362774, False)


@pytest.mark.parametrize(
    ("name", "total", "approved", "completed"),
    [("arr-stack__request_count_2026-05-22", 17, 11, 6), ("python-overseerr__seerr_request_count", 11, 11, 5)],
)
def test_recorded_counts_are_read(name: str, total: int, approved: int, completed: int) -> None:
    counts = decode(recorded(name), CountsWire).fact()
    assert (counts.total, counts.approved, counts.completed) == (total, approved, completed)


def test_the_recorded_status_names_its_version() -> None:
    assert decode(recorded("arr-stack__status"), StatusWire).version == "3.2.0"


def test_a_refusal_is_no_message_of_the_application() -> None:
    with pytest.raises(BadAnswer):
        decode(recorded("python-overseerr__overseerr_no_access"), ErrorWire)


def read(**changes: Any) -> SeerrRequest:
    record: dict[str, Any] = {"id": 1, "status": 2, "type": "movie", "media": {"status": 3, "tmdbId": 5}} | changes
    return decode(msgspec.json.encode(record), RequestWire).fact()


MINIMAL = SeerrRequest(id=1, status=2, is_movie=True, media_status=3, tmdb_id=5)

SHAPES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("nothing optional", {}, {}),
    ("nulls", dict.fromkeys(("is4k", "seasons", "requestedBy", "modifiedBy", "createdAt", "serverId")), {}),
    ("no media", {"media": None}, {"media_status": None, "tmdb_id": None}),
    ("a new request status", {"status": 9}, {"status": 9}),
    ("a new media status", {"media": {"status": 12, "tmdbId": 5}}, {"media_status": 12}),
    ("ids of zero", {"media": {"status": 3, "tmdbId": 0, "tvdbId": 0, "externalServiceId": 0}}, {"tmdb_id": None}),
    ("server 0 is a server", {"media": {"status": 3, "tmdbId": 5, "serviceId": 0}, "serverId": 2}, {"server_id": 0}),
    ("server of the request", {"serverId": 2}, {"server_id": 2}),
    (
        "4K",
        {"is4k": True, "media": {"status": 5, "status4k": 2, "tmdbId": 5, "serviceId": 0, "externalServiceId": 3}},
        {"is_4k": True, "media_status": 2},
    ),
    (
        "seasons in order",
        {"type": "tv", "seasons": [{"seasonNumber": 2}, {"seasonNumber": 0}]},
        {"is_movie": False, "seasons": (0, 2)},
    ),
    ("shown by mail address", {"requestedBy": {"displayName": "kim@example.org"}}, {"requested_by": "kim"}),
    ("blank name", {"requestedBy": {"displayName": "  "}}, {"requested_by": None}),
    ("an escape in a name", {"requestedBy": {"displayName": "k\x1b]0;x\x07im"}}, {"requested_by": "k�]0;x�im"}),
    ("markup in a name", {"requestedBy": {"displayName": "[@click=x]kim[/]"}}, {"requested_by": "[@click=x]kim[/]"}),
    (
        "a time with offset",
        {"createdAt": "2026-01-25T13:00:00+01:00"},
        {"created_at": datetime(2026, 1, 25, 12, tzinfo=UTC)},
    ),
    (
        "a time without zone",
        {"createdAt": "2026-01-25T12:00:00"},
        {"created_at": datetime(2026, 1, 25, 12, tzinfo=UTC)},
    ),
    ("a reason", {"failureReason": "No root folder"}, {"failure_reason": "No root folder"}),
]


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in SHAPES], ids=[case[0] for case in SHAPES])
def test_a_request_of_another_shape(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(**changes) == msgspec.structs.replace(MINIMAL, **expected)


def test_the_documented_numbers_have_names() -> None:
    assert [status.name for status in SeerrStatus] == ["PENDING", "APPROVED", "DECLINED", "FAILED", "COMPLETED"]
    assert SeerrMediaStatus(7) is SeerrMediaStatus.DELETED


@pytest.mark.parametrize(
    ("raw", "year"),
    [("2024-12-26", 2024), ("", None), (None, None), ("unknown", None), ("٢٠٢٤-01-01", None)],
)
def test_the_year_of_a_title(raw: str | None, year: int | None) -> None:
    assert TitleWire(release_date=raw).fact(1, is_movie=True).year == year


def test_without_keywords_anime_is_unknown() -> None:
    assert TitleWire().fact(1, is_movie=False).anime_keyword is None
    assert (
        decode(b'{"keywords":[{"id":210024,"name":"anime"}]}', TitleWire).fact(1, is_movie=False).anime_keyword is True
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (CountsWire, b'{"status":"ok"}'),
        (CountsWire, b"[]"),
        (PageWire, b'{"results":[]}'),
        (PageWire, b'{"pageInfo":{"results":1},"results":{}}'),
        (RequestWire, b'{"id":1}'),
        (ServerWire, b'{"name":"x"}'),
        (PublicSettingsWire, b'{"mediaServerType":"jellyfin"}'),
    ],
)
def test_an_answer_of_another_application_is_refused(kind: Callable[..., object], body: bytes) -> None:
    with pytest.raises(BadAnswer):
        decode(body, kind)  # type: ignore[arg-type]
